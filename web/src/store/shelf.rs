//! Every loaded session, as plain data: what an import, an edit and an undo do to it.
use super::entry::Entry;
use super::fate::Fate;
use super::record::Record;
use callboard_core::{ParseError, ParseErrorCode, Session, Timestamp};
use std::collections::HashMap;
use std::sync::Arc;

/// The loaded sessions by id, in the order they came.
#[derive(Clone, Debug, Default)]
pub struct Shelf {
    entries: Vec<Arc<Entry>>,
    places: HashMap<Box<str>, usize>,
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
        Self { id, fate, entry: None }
    }
}

impl Shelf {
    /// Nothing is loaded.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// How many sessions are loaded.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// A session by its id.
    pub fn get(&self, id: &str) -> Option<&Arc<Entry>> {
        self.places.get(id).map(|place| &self.entries[*place])
    }

    /// The session at a place, from 0, in the order they came.
    pub fn at(&self, place: usize) -> Option<&Arc<Entry>> {
        self.entries.get(place)
    }

    /// Every session, in the order they came.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Entry>> {
        self.entries.iter()
    }

    /// The sessions whose text differs from their file's.
    pub fn changed(&self) -> impl Iterator<Item = &Arc<Entry>> {
        self.iter().filter(|entry| entry.changed())
    }

    /// Puts an entry in, in place of the one with its id.
    pub fn put(&mut self, entry: Entry) {
        self.share(Arc::new(entry));
    }

    /// As [`Shelf::put`], of an entry that others hold too.
    pub fn share(&mut self, entry: Arc<Entry>) {
        if let Some(place) = self.places.get(entry.id()) {
            self.entries[*place] = entry;
        } else {
            self.places.insert(entry.id().into(), self.entries.len());
            self.entries.push(entry);
        }
    }

    /// Takes a session out.
    pub fn remove(&mut self, id: &str) {
        if let Some(place) = self.places.remove(id) {
            self.entries.remove(place);
            for later in self.places.values_mut().filter(|later| **later > place) {
                *later -= 1;
            }
        }
    }

    /// What becomes of a session of a backup: as of a file, but that it brings its local edits along.
    pub fn receive_kept(&self, record: Record) -> Received {
        let id = record.id.clone();
        let Some(kept) = Entry::restore(Record { stamp: 0, ..record }) else {
            let why = "Its text in the backup is not a session.".to_owned();
            return Received::without_entry(Some(id), Fate::NotASession(why));
        };
        let (fate, entry) = match self.get(&id) {
            None => (Fate::Added, Some(kept)),
            Some(here) if here.text() == kept.text() => (Fate::Unchanged, None),
            Some(here) if here.changed() || here.last().is_some() => {
                (Fate::KeptEdits, Some(here.with_incoming(Some(kept.text().clone()))))
            }
            Some(here) => (Fate::Updated, Some(kept.stamped(here.record().stamp))),
        };
        Received { id: Some(id), fate, entry }
    }

    /// What becomes of a file with these bytes. Nothing is put in yet: it is to be stored first.
    pub fn receive(&self, file: &str, folder: &str, bytes: &[u8], now: Timestamp) -> Received {
        let session = match Session::from_bytes(bytes) {
            Ok(session) => session,
            Err(error) => return Received::without_entry(None, refused(&error)),
        };
        let Some(id) = session.id().filter(|id| !id.is_empty()) else {
            let why = "It has no session_id, by which sessions are told apart.".to_owned();
            return Received::without_entry(None, Fate::NotASession(why));
        };
        let Some(here) = self.get(&id) else {
            let entry = Entry::new(id.clone(), file.into(), folder.into(), &session);
            return Received { id: Some(id), fate: Fate::Added, entry: Some(entry) };
        };
        let text = session.text();
        let (fate, entry) = if text == &**here.text() {
            if here.changed() { (Fate::CaughtUp, Some(here.caught_up())) } else { (Fate::Unchanged, None) }
        } else if *text == *here.record().disk {
            (Fate::Unchanged, None)
        } else if here.changed() {
            (Fate::KeptEdits, Some(here.with_incoming(Some(text.into()))))
        } else {
            (Fate::Updated, Some(here.updated(&session, now)))
        };
        Received { id: Some(id), fate, entry }
    }
}

fn refused(error: &ParseError) -> Fate {
    match error.code() {
        ParseErrorCode::NotASession => Fate::NotASession(error.message().to_owned()),
        _ => Fate::Broken { line: error.line(), column: error.column(), message: error.message().to_owned() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use callboard_core::{Action, Agent, Completion, Event, Policy, State};

    const NOW: Timestamp = Timestamp::from_unix(1_800_000_000);

    fn text(topic: &str) -> String {
        format!(
            r#"{{"session_id": "ep_1", "episode": {{"topic": "{topic}"}}, "pipeline_state": {{"current_stage": "writing"}}}}"#
        )
    }

    #[track_caller]
    fn receive(shelf: &mut Shelf, text: &str, expected: &Fate) {
        let received = shelf.receive("a.json", "", text.as_bytes(), NOW);
        assert_eq!(&received.fate, expected);
        if let Some(entry) = received.entry {
            // What is stored is what is shown, after a reload too.
            let restored = Entry::restore(entry.record().clone()).unwrap();
            assert_eq!(restored.session().text(), entry.session().text());
            assert_eq!(restored.record(), entry.record());
            shelf.put(entry);
        }
    }

    fn edit(shelf: &mut Shelf) {
        let entry = shelf.get("ep_1").unwrap();
        let mut session = entry.session().clone();
        let event = Event::new(Agent::ScriptWriter, Action::Complete(Completion::default()));
        let outcome = session.apply(&event, NOW, &Policy::default()).unwrap();
        let edited = entry.edited(&session, outcome.sentence(), NOW);
        shelf.put(edited);
    }

    #[track_caller]
    fn shows(shelf: &Shelf, text: &str) {
        assert_eq!(shelf.get("ep_1").unwrap().session().text(), text);
    }

    #[test]
    fn a_file_is_added_then_unchanged_then_updated() {
        let mut shelf = Shelf::default();
        receive(&mut shelf, &text("one"), &Fate::Added);
        receive(&mut shelf, &text("one"), &Fate::Unchanged);
        receive(&mut shelf, &text("two"), &Fate::Updated);
        shows(&shelf, &text("two"));
        assert_eq!((shelf.len(), shelf.changed().count()), (1, 0));
    }

    #[test]
    fn edits_are_never_overwritten() {
        let mut shelf = Shelf::default();
        receive(&mut shelf, &text("one"), &Fate::Added);
        edit(&mut shelf);
        let edited = shelf.get("ep_1").unwrap().session().text().to_owned();
        receive(&mut shelf, &text("one"), &Fate::Unchanged);
        receive(&mut shelf, &text("two"), &Fate::KeptEdits);
        shows(&shelf, &edited);
        // Taking the dropped text is a step like any other: undo brings the edits back.
        let taken = shelf.get("ep_1").unwrap().with_incoming_taken(NOW).unwrap();
        assert!(!taken.changed());
        shelf.put(taken);
        shows(&shelf, &text("two"));
        let undone = shelf.get("ep_1").unwrap().undone().unwrap();
        assert_eq!(undone.session().text(), edited);
        assert!(undone.changed());
    }

    #[test]
    fn a_file_that_has_caught_up_is_unchanged_and_can_still_be_undone() {
        let mut shelf = Shelf::default();
        receive(&mut shelf, &text("one"), &Fate::Added);
        edit(&mut shelf);
        let edited = shelf.get("ep_1").unwrap().session().text().to_owned();
        receive(&mut shelf, &edited, &Fate::CaughtUp);
        assert_eq!(shelf.changed().count(), 0);
        receive(&mut shelf, &text("two"), &Fate::Updated);
        let back = shelf.get("ep_1").unwrap().undone().unwrap().undone().unwrap();
        assert_eq!(back.session().text(), text("one"));
        let again = back.redone().unwrap().redone().unwrap();
        assert_eq!(again.session().text(), text("two"));
        assert!(again.redone().is_none());
    }

    #[test]
    fn undo_goes_back_byte_for_byte_and_redo_forward() {
        let mut shelf = Shelf::default();
        receive(&mut shelf, &text("one"), &Fate::Added);
        edit(&mut shelf);
        let edited = shelf.get("ep_1").unwrap();
        assert_eq!(edited.session().state(), Ok(State::Evaluating));
        let undone = edited.undone().unwrap();
        assert_eq!(undone.session().text(), text("one"));
        assert!(!undone.changed() && undone.undone().is_none());
        assert_eq!(undone.redone().unwrap().session().text(), edited.session().text());
    }

    #[test]
    fn what_is_no_session_says_why() {
        let shelf = Shelf::default();
        let fate = |bytes: &[u8]| shelf.receive("a.json", "", bytes, NOW).fate;
        assert!(matches!(fate(b"[]"), Fate::NotASession(_)));
        assert!(matches!(fate(b"{}"), Fate::NotASession(_)));
        assert!(matches!(fate(br#"{"session_id": ""}"#), Fate::NotASession(_)));
        assert!(matches!(fate(b"{"), Fate::Broken { line: 1, .. }));
        assert!(matches!(fate(b"\n\n{\"session_id\": \xff}"), Fate::Broken { line: 3, .. }));
    }
}
