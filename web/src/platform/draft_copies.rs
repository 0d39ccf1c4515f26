//! Copies of unfinished edits in the browser's local storage, written while a page is being left: the database drops
//! writes that a closed page has not begun, but local storage writes synchronously.
use super::web_storage::Area;
use callboard_workspace::Draft;
use gloo_storage::{LocalStorage, Storage};
use leptos::ev;
use leptos::prelude::window_event_listener;

const PREFIX: &str = "callboard.draft.";

fn key(id: &str) -> String {
    format!("{PREFIX}{id}")
}

/// Writes a draft's copy. Returns false if it does not fit.
pub fn write(draft: &Draft) -> bool {
    let key = key(&draft.id);
    let is_written = Area::Local.set(&key, draft).is_ok();
    if !is_written {
        // A copy in memory would end with the page.
        Area::Local.remove(&key);
    }
    is_written
}

/// Returns a draft's copy; `None` if it is missing or this version cannot read it.
pub fn read(id: &str) -> Option<Draft> {
    Area::Local.get(&key(id))
}

/// Removes a draft's copy.
pub fn remove(id: &str) {
    Area::Local.remove(&key(id));
}

/// Returns the ids of the drafts that have a copy.
pub fn ids() -> Vec<String> {
    if !Area::Local.is_available() {
        return Vec::new();
    }
    let storage = LocalStorage::raw();
    let keys = (0..LocalStorage::length()).filter_map(|at| storage.key(at).ok().flatten());
    keys.filter_map(|key| key.strip_prefix(PREFIX).map(str::to_owned)).collect()
}

/// Calls `then` with the draft's id when another tab has written a copy, for the life of the page.
pub fn on_written(then: impl Fn(String) + 'static) {
    window_event_listener(ev::storage, move |event| {
        let key = event.key().filter(|_| event.new_value().is_some());
        if let Some(id) = key.as_deref().and_then(|key| key.strip_prefix(PREFIX)) {
            then(id.to_owned());
        }
    });
}
