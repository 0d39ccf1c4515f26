//! What is being written by hand, in the tab's own storage: it outlives a reload, and goes with the tab.
use crate::store::drafts::Draft;
use gloo_storage::{SessionStorage, Storage};

const PREFIX: &str = "callboard.draft.";

/// Longer texts than this, in bytes, are not stored: a browser gives a tab some megabytes in all.
const LONGEST: usize = 1 << 20;

/// Everything that is stored.
pub fn read() -> Vec<(String, Draft)> {
    let storage = SessionStorage::raw();
    let keys = (0..storage.length().unwrap_or_default()).filter_map(|at| storage.key(at).ok()?);
    let ids: Vec<String> = keys.filter_map(|key| Some(key.strip_prefix(PREFIX)?.to_owned())).collect();
    ids.into_iter().filter_map(|id| Some((id.clone(), SessionStorage::get(format!("{PREFIX}{id}")).ok()?))).collect()
}

/// Stores one, where there is room: what does not fit lives as long as the page does.
pub fn write(id: &str, draft: &Draft) {
    if draft.over.len() + draft.field.len() <= LONGEST {
        let _ = SessionStorage::set(format!("{PREFIX}{id}"), draft);
    }
}

/// Removes one.
pub fn forget(id: &str) {
    SessionStorage::delete(format!("{PREFIX}{id}"));
}
