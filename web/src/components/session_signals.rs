//! The session of a page, in signals that live as long as the page.
use crate::arc_eq::ArcEq;
use callboard_core::Session;
use callboard_workspace::Entry;
use leptos::prelude::*;
use std::sync::Arc;

/// One session in signals. A page is made once for them; each of its parts follows the part of the session that it shows.
#[derive(Clone, Copy, Debug)]
pub struct SessionSignals {
    id: StoredValue<String>,
    /// The session with all that is stored of it: its changes, its conflicts, its file.
    pub entry: Memo<ArcEq<Entry>>,
    /// The session as far as its text goes. It stays the same, and read, while only the rest changes.
    pub text: Memo<ArcEq<Entry>>,
}

impl SessionSignals {
    /// Follows a session, if it is loaded. One that is taken out of the workspace stays until its page is gone.
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

    /// The session's id.
    pub fn id(self) -> String {
        self.id.get_value()
    }

    /// Follows a part of the session: it changes only when the part does. It also follows what `read` asks for.
    pub fn part<T: PartialEq + Send + Sync + 'static>(
        self,
        read: impl Fn(&Session) -> T + Send + Sync + 'static,
    ) -> Memo<T> {
        Memo::new(move |_| self.text.with(|entry| read(entry.session())))
    }

    /// Follows a part of what is stored of the session: it changes only when the part does.
    pub fn part_of_entry<T: PartialEq + Send + Sync + 'static>(
        self,
        read: impl Fn(&Entry) -> T + Send + Sync + 'static,
    ) -> Memo<T> {
        Memo::new(move |_| self.entry.with(|entry| read(entry)))
    }

    /// Follows a part that is large: it counts as changed whenever the text does, and is shared instead of compared.
    pub fn large_part<T: Send + Sync + 'static>(
        self,
        read: impl Fn(&Entry) -> T + Send + Sync + 'static,
    ) -> Memo<ArcEq<T>> {
        Memo::new(move |_| self.text.with(|entry| ArcEq(Arc::new(read(entry)))))
    }
}

/// True if two texts are the same. A shared text is not read for that.
pub fn is_same_text(one: &Arc<str>, other: &Arc<str>) -> bool {
    Arc::ptr_eq(one, other) || one == other
}
