//! The review of the changed files: those that were viewed, and those that are folded.
use super::workspace::Workspace;
use crate::export::prepared::change_key;
use crate::platform::dom;
use crate::platform::pace::yield_task;
use crate::platform::web_storage::Area;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::{BTreeMap, HashMap};

/// Key under which the viewed files are stored.
const VIEWED: &str = "callboard.viewed";

/// The state of the review, provided as context.
#[derive(Clone, Copy)]
pub struct Review {
    /// The ids of viewed files, each with the key of the change that was viewed: another change is not.
    viewed: RwSignal<BTreeMap<String, String>>,
    /// The files that were folded or unfolded by themselves.
    folded: RwSignal<HashMap<String, bool>>,
    /// The state of all others; none for the page's own choice.
    all: RwSignal<Option<bool>>,
    /// The page's own choice.
    is_folded: RwSignal<bool>,
    /// True while the page takes the files away to bring them back unfolded, a few per task.
    pub is_restarting: RwSignal<bool>,
}

/// Returns the review of this page.
pub fn use_review() -> Review {
    expect_context()
}

impl Review {
    /// Opens the stored review.
    pub fn open() -> Self {
        Self {
            viewed: RwSignal::new(Area::Local.get(VIEWED).unwrap_or_default()),
            folded: RwSignal::default(),
            all: RwSignal::new(None),
            is_folded: RwSignal::new(false),
            is_restarting: RwSignal::new(false),
        }
    }

    /// Sets whether files are folded that nobody folded or unfolded.
    pub fn fold_by_default(self, is_folded: bool) {
        if self.is_folded.get_untracked() != is_folded {
            self.is_folded.set(is_folded);
        }
    }

    /// Returns true if this change of a file was viewed; reactive.
    pub fn is_viewed(self, id: &str, key: &str) -> bool {
        self.viewed.with(|viewed| viewed.get(id).is_some_and(|known| known == key))
    }

    /// Marks a change of a file as viewed and folds it, or undoes both. `is_changed` tells which files still are.
    pub fn set_viewed(self, id: &str, key: String, is_viewed: bool, is_changed: impl Fn(&str) -> bool) {
        self.viewed.update(|viewed| {
            viewed.retain(|id, _| is_changed(id));
            if is_viewed {
                viewed.insert(id.to_owned(), key);
            } else {
                viewed.remove(id);
            }
        });
        // Without storage the marks last until the page is closed.
        let _ = self.viewed.with_untracked(|viewed| Area::Local.set(VIEWED, viewed));
        self.set_folded(id, is_viewed);
    }

    /// Marks the file of a session as viewed, or not, by a key.
    pub fn toggle_viewed(self, id: &str, workspace: Workspace) {
        let Some(entry) = workspace.entry_now(id).filter(|entry| entry.changed()) else { return };
        let key = change_key(&entry);
        let is_viewed = untrack(|| self.is_viewed(id, &key));
        self.set_viewed(id, key, !is_viewed, |id| workspace.entry_now(id).is_some_and(|entry| entry.changed()));
        dom::focus_data("session", id);
    }

    /// Returns true if the lines of a file are hidden; reactive.
    pub fn is_folded(self, id: &str, key: &str) -> bool {
        let own = self.folded.with(|folded| folded.get(id).copied());
        own.or_else(|| self.all.get()).unwrap_or_else(|| self.is_viewed(id, key) || self.is_folded.get())
    }

    /// Folds or unfolds a file.
    pub fn set_folded(self, id: &str, is_folded: bool) {
        self.folded.update(|folded| {
            folded.insert(id.to_owned(), is_folded);
        });
    }

    /// Folds or unfolds the file of a session, by a key.
    pub fn toggle_folded(self, id: &str, workspace: Workspace) {
        let Some(entry) = workspace.entry_now(id) else { return };
        self.set_folded(id, untrack(|| !self.is_folded(id, &change_key(&entry))));
        // The focus may have been in the lines that are gone.
        dom::focus_data("session", id);
    }

    /// Returns true if all files are folded by one action; reactive.
    pub fn are_all_folded(self) -> bool {
        self.all.get().unwrap_or_else(|| self.is_folded.get())
            && self.folded.with(|folded| folded.values().all(|folded| *folded))
    }

    /// Folds or unfolds all files.
    pub fn toggle_all(self) {
        let is_folded = untrack(|| !self.are_all_folded());
        let fold = move || {
            self.folded.update(HashMap::clear);
            self.all.set(Some(is_folded));
        };
        if is_folded {
            return fold();
        }
        // The lines of all files in one task would block the page.
        self.is_restarting.set(true);
        spawn_local(async move {
            yield_task().await;
            fold();
            self.is_restarting.set(false);
        });
    }
}
