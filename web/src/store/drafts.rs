//! Texts that are being written by hand, before they are applied. They live here and not in their field: a
//! page that is drawn anew, left or reloaded, and a text that is refused, take nothing away from them.
use crate::platform::drafts as kept;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// A text somebody is writing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The session's text that it is written over.
    pub over: String,
    /// What is in the field.
    pub field: String,
}

/// What is being written, by the session's id.
#[derive(Clone, Copy, Debug)]
pub struct Drafts {
    all: RwSignal<HashMap<String, Draft>>,
    begun: RwSignal<HashMap<String, u64>>,
}

impl Drafts {
    /// Those that this tab had before it was loaded anew.
    pub fn restore() -> Self {
        let all: HashMap<_, _> = kept::read().into_iter().collect();
        let begun = all.keys().map(|id| (id.clone(), 0)).collect();
        Self { all: RwSignal::new(all), begun: RwSignal::new(begun) }
    }

    /// How often a session's text was begun to be written, while it is. Followed: it stays the same from key
    /// to key.
    pub fn begun(self, id: &str) -> Option<u64> {
        self.begun.with(|begun| begun.get(id).copied())
    }

    /// What is being written of a session. Not followed: it changes with every key.
    pub fn get(self, id: &str) -> Option<Draft> {
        self.all.with_untracked(|all| all.get(id).cloned())
    }

    /// Begins, or begins anew.
    pub fn begin(self, id: &str, draft: Draft) {
        kept::write(id, &draft);
        self.all.update_untracked(|all| {
            all.insert(id.to_owned(), draft);
        });
        self.begun.update(|begun| *begun.entry(id.to_owned()).or_default() += 1);
    }

    /// Goes on: what is in the field now.
    pub fn go_on(self, id: &str, field: String) {
        self.all.update_untracked(|all| {
            if let Some(draft) = all.get_mut(id) {
                draft.field = field;
            }
        });
    }

    /// Keeps what is written so far for when the tab is loaded anew: to be called when the keys rest.
    pub fn keep(self, id: &str) {
        self.all.with_untracked(|all| {
            if let Some(draft) = all.get(id) {
                kept::write(id, draft);
            }
        });
    }

    /// Ends: it was applied, or given up.
    pub fn end(self, id: &str) {
        kept::forget(id);
        self.all.update_untracked(|all| {
            all.remove(id);
        });
        self.begun.update(|begun| {
            begun.remove(id);
        });
    }
}
