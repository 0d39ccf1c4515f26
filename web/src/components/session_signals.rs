//! The session of a page as signals.
use crate::arc_eq::ArcEq;
use callboard_core::Session;
use callboard_workspace::Entry;
use leptos::prelude::*;
use std::sync::Arc;

/// A session as signals. The page is rendered once; each part subscribes to the part of the session that it shows.
#[derive(Clone, Copy, Debug)]
pub struct SessionSignals {
    id: StoredValue<String>,
    /// The session with its record: versions, conflicts, file.
    pub entry: Memo<ArcEq<Entry>>,
    /// The session by its text. Unchanged, and parsed once, while only the record changes.
    pub text: Memo<ArcEq<Entry>>,
}

impl SessionSignals {
    /// Follows a session if it is loaded. A removed session keeps its last value until its page is left.
    pub fn follow(entry: Memo<Option<ArcEq<Entry>>>) -> Option<Self> {
        let first = entry.get_untracked()?;
        let id = StoredValue::new(first.id().to_owned());
        let entry = Memo::new(move |before: Option<&ArcEq<Entry>>| {
            entry.get().or_else(|| before.cloned()).unwrap_or_else(|| first.clone())
        });
        let text = Memo::new_owning(move |before: Option<ArcEq<Entry>>| {
            let now = entry.get();
            match before {
                Some(before) if is_same_text(before.text(), now.text()) => (before, false),
                _ => (now, true),
            }
        });
        Some(Self { id, entry, text })
    }

    /// Returns the session's id.
    pub fn id(self) -> String {
        self.id.get_value()
    }

    /// Follows a part of the session, notifying only if it changes. Signals that `read` accesses are followed too.
    pub fn part<T: PartialEq + Send + Sync + 'static>(
        self,
        read: impl Fn(&Session) -> T + Send + Sync + 'static,
    ) -> Memo<T> {
        Memo::new(move |_| self.text.with(|entry| read(entry.session())))
    }

    /// Follows a part of the entry, notifying only if it changes.
    pub fn entry_part<T: PartialEq + Send + Sync + 'static>(
        self,
        read: impl Fn(&Entry) -> T + Send + Sync + 'static,
    ) -> Memo<T> {
        Memo::new(move |_| self.entry.with(|entry| read(entry)))
    }

    /// Follows a large part, which is shared and counts as changed whenever the text changes.
    pub fn large_part<T: Send + Sync + 'static>(
        self,
        read: impl Fn(&Entry) -> T + Send + Sync + 'static,
    ) -> Memo<ArcEq<T>> {
        Memo::new(move |_| self.text.with(|entry| ArcEq(Arc::new(read(entry)))))
    }
}

/// Returns true if two texts are equal, without reading shared ones.
pub fn is_same_text(one: &Arc<str>, other: &Arc<str>) -> bool {
    Arc::ptr_eq(one, other) || one == other
}
