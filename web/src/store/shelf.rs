//! Every loaded session, as plain data: what an import, an edit and an undo do to it.
use super::entry::Entry;
use super::fate::Fate;
use callboard_core::{ParseError, ParseErrorCode, Session, Timestamp};
use std::collections::HashMap;
use std::sync::Arc;

/// The loaded sessions by id, in the order they came.
#[derive(Clone, Debug, Default)]
pub struct Shelf {
    order: Vec<Arc<str>>,
    entries: HashMap<Arc<str>, Arc<Entry>>,
}

/// A file that was read: what becomes of it, and the entry to store, if one came of it.
#[derive(Debug)]
pub struct Received {
    /// The session's id, where there is one.
    pub id: Option<String>,
    /// What became of the file.
    pub fate: Fate,
    /// The entry as it is to be stored and shown; `None` when nothing changed.
    pub entry: Option<Entry>,
}

impl Received {
    fn without_entry(id: Option<String>, fate: Fate) -> Self {
        Self {
            id,
            fate,
            entry: None,
        }
    }
}

impl Shelf {
    /// Nothing is loaded.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// How many sessions are loaded.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// A session by its id.
    pub fn get(&self, id: &str) -> Option<&Arc<Entry>> {
        self.entries.get(id)
    }

    /// Every session, in the order they came.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Entry>> {
        self.order.iter().filter_map(|id| self.entries.get(id))
    }

    /// The sessions whose text differs from their file's.
    pub fn changed(&self) -> impl Iterator<Item = &Arc<Entry>> {
        self.iter().filter(|entry| entry.changed())
    }

    /// Puts an entry in, in place of the one with its id.
    pub fn put(&mut self, entry: Entry) {
        let id: Arc<str> = entry.id().into();
        if self.entries.insert(id.clone(), Arc::new(entry)).is_none() {
            self.order.push(id);
        }
    }

    /// What becomes of a file with these bytes. Nothing is put in yet: it is to be stored first.
    pub fn receive(&self, file: &str, folder: &str, bytes: &[u8], now: Timestamp) -> Received {
        let session = match Session::from_bytes(bytes) {
            Ok(session) => session,
            Err(error) => return Received::without_entry(None, refused(&error)),
        };
        let Some(id) = session.id() else {
            let why = "It has no session_id.".to_owned();
            return Received::without_entry(None, Fate::NotASession(why));
        };
        let Some(here) = self.get(&id) else {
            let entry = Entry::new(id.clone(), file.into(), folder.into(), session);
            return Received {
                id: Some(id),
                fate: Fate::Added,
                entry: Some(entry),
            };
        };
        let text = session.text();
        let (fate, entry) = if text == here.session().text() {
            if here.changed() {
                (Fate::CaughtUp, Some(here.caught_up()))
            } else {
                (Fate::Unchanged, None)
            }
        } else if *text == *here.record().disk {
            (Fate::Unchanged, None)
        } else if here.changed() {
            (Fate::KeptEdits, Some(here.with_incoming(Some(text.into()))))
        } else {
            (Fate::Updated, Some(here.updated(session, now)))
        };
        Received {
            id: Some(id),
            fate,
            entry,
        }
    }
}

fn refused(error: &ParseError) -> Fate {
    match error.code() {
        ParseErrorCode::NotASession => Fate::NotASession(error.message().to_owned()),
        _ => Fate::Broken {
            line: error.line(),
            column: error.column(),
            message: error.message().to_owned(),
        },
    }
}
