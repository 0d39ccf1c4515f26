//! What becomes of a session that comes, in a file or in a backup, beside those that are on the shelf.
use super::entry::Entry;
use super::fate::Fate;
use super::place::{Incoming, Place, Source, joined};
use super::record::Record;
use super::shelf::Shelf;
use callboard_core::{Candidate, ParseError, ParseErrorCode, Session, Timestamp};
use std::sync::Arc;

/// A file that was read: what becomes of it, and the entry to store, if one came of it.
#[derive(Debug)]
pub struct Received {
    /// The session's id, where there is one.
    pub id: Option<String>,
    /// What became of the file.
    pub fate: Fate,
    /// The entry as it is to be stored and shown; `None` when nothing changed.
    pub entry: Option<Entry>,
    /// The texts that came with it, as they wait where the entry cannot be stored: another tab was first.
    pub texts: Vec<Incoming>,
    /// Its text came from another path than the session's file has: where that one comes in the same import, it
    /// goes first.
    pub elsewhere: bool,
    /// The file beside others of its session: which of them stands for it. None for a session of a backup.
    pub candidate: Option<Candidate>,
}

impl Received {
    fn without_entry(id: Option<String>, fate: Fate) -> Self {
        Self { id, fate, entry: None, texts: Vec::new(), elsewhere: false, candidate: None }
    }
}

impl Shelf {
    /// What becomes of a session of a backup: as of a file, but that it brings its local edits along.
    pub fn receive_kept(&self, record: Record, now: Timestamp) -> Received {
        let id = record.id.clone();
        let Some(kept) = Entry::restore(Record { stamp: 0, ..record }) else {
            let why = "Its text in the backup is not a session.".to_owned();
            return Received::without_entry(Some(id), Fate::NotASession(why));
        };
        let texts = kept.of_backup();
        let (fate, entry) = match self.get(&id) {
            None => (Fate::Added, Some(kept)),
            Some(here) => {
                let (fate, entry) = restored(here, &kept, now);
                (fate, Some(entry).filter(|entry| entry.record() != here.record()))
            }
        };
        Received { id: Some(id), fate, entry, texts, elsewhere: false, candidate: None }
    }

    /// What becomes of a file with these bytes. Nothing is put in yet: it is to be stored first.
    ///
    /// `earlier` says which file of a session came before this one in the same import: two files are never one
    /// session, and a text is never taken under another file's path.
    pub fn receive<'a>(
        &self,
        (file, folder): (&str, &str),
        bytes: &[u8],
        now: Timestamp,
        earlier: impl FnOnce(&str) -> Option<&'a str>,
    ) -> Received {
        let session = match Session::from_bytes(bytes) {
            Ok(session) => session,
            Err(error) => return Received::without_entry(None, refused(&error)),
        };
        let Some(id) = session.id().filter(|id| !id.is_empty()) else {
            let why = "No session_id.".to_owned();
            return Received::without_entry(None, Fate::NotASession(why));
        };
        let candidate = Some(Candidate::of(&session, &joined(folder, file)));
        let Some(here) = self.get(&id) else {
            let entry = Entry::new(id.clone(), file.into(), folder.into(), &session);
            let texts = vec![dropped(entry.text().clone(), entry.place())];
            return Received {
                id: Some(id),
                fate: Fate::Added,
                entry: Some(entry),
                texts,
                elsewhere: false,
                candidate,
            };
        };
        let text: Arc<str> = session.text().into();
        let place = Place { file: file.into(), folder: folder.into(), disk: text.clone() };
        let texts = vec![dropped(text.clone(), place.clone())];
        let earlier = earlier(&id);
        let elsewhere = !here.is_at(&place.path());
        // A session that was made here has no file yet: wherever its text is found, there it is.
        let is_its_file = earlier.is_none() && (!elsewhere || here.record().disk.is_empty());
        // What waits as the file's text was written over, where the file holds what it held before.
        let seen = || (is_its_file && here.overwrites()).then(|| here.with_disk(text.clone()));
        let waits = here.waiting().iter().any(|waits| waits.text == text);
        let (fate, entry) = if text == *here.text() {
            let caught_up = here.changed() && is_its_file;
            if caught_up { (Fate::CaughtUp, Some(here.caught_up(place))) } else { (Fate::Unchanged, seen()) }
        } else if text == here.record().disk {
            (Fate::Unchanged, seen())
        } else if earlier.is_some() && waits {
            (Fate::KeptEdits, None)
        } else if let Some(earlier) = earlier {
            (Fate::Another { id: id.clone(), at: earlier.to_owned() }, None)
        } else if here.changed() {
            (Fate::KeptEdits, Some(here.waits_too(texts.clone())))
        } else if elsewhere {
            (Fate::Moved(here.path()), Some(here.updated(place, &session, now)))
        } else {
            (Fate::Updated, Some(here.updated(place, &session, now)))
        };
        let elsewhere = elsewhere && earlier.is_none();
        Received { id: Some(id), fate, entry, texts, elsewhere, candidate }
    }
}

/// The text of a file that was dropped, as it waits.
fn dropped(text: Arc<str>, place: Place) -> Incoming {
    Incoming { text, place, source: Source::File }
}

/// What becomes of a session where a backup of it is restored.
///
/// What is known here of its file stands: the backup may be older, and its text is not to be handed back over a newer
/// one unasked.
fn restored(here: &Entry, kept: &Entry, now: Timestamp) -> (Fate, Entry) {
    let has_edits = |entry: &Entry| entry.changed() || !entry.record().edits.is_empty();
    let is_same = here.text() == kept.text();
    let (stamp, place) = (here.record().stamp, here.place());
    if has_edits(here) {
        let entry = here.waits_too(kept.of_backup());
        let is_news = !is_same || entry.waiting() != here.waiting();
        return (if is_news { Fate::KeptEdits } else { Fate::Unchanged }, entry);
    }
    // What waited when the backup was made may have been written over since.
    let waited = kept.waiting().iter().map(|waits| Incoming { source: Source::Backup, ..waits.clone() });
    let kept = kept.with_waiting(waited.collect());
    // Nothing is lost where the backup's changes come in place of none.
    let instead = |kept: Entry| kept.waits_too(here.waiting().to_vec()).stamped(stamp);
    if is_same {
        return (Fate::Unchanged, instead(kept.put_where(place)));
    }
    if place.disk == kept.record().disk {
        return (Fate::Updated, instead(kept.put_where(place)));
    }
    if has_edits(&kept) && here.is_at(&kept.path()) {
        // As if the file had come after the edits: those that were all handed back before are what went before.
        if !kept.changed() {
            return (Fate::Unchanged, instead(kept.updated(place, here.session(), now)));
        }
        let file = dropped(place.disk.clone(), place.clone());
        let edited = kept.put_where(Place { disk: kept.record().disk.clone(), ..place });
        return (Fate::KeptEdits, instead(edited.waits_too([file])));
    }
    (Fate::KeptBoth, here.waits_too(kept.of_backup()))
}

fn refused(error: &ParseError) -> Fate {
    match error.code() {
        ParseErrorCode::NotASession | ParseErrorCode::NotJson => Fate::NotASession(error.message().to_owned()),
        ParseErrorCode::Template => Fate::Template(error.message().to_owned()),
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
        receive_at(shelf, "a.json", text, None, expected);
    }

    /// A file of this path, after another one of the same import.
    #[track_caller]
    fn receive_at(shelf: &mut Shelf, path: &str, text: &str, earlier: Option<&str>, expected: &Fate) {
        let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
        let received = shelf.receive((file, folder), text.as_bytes(), NOW, |_| earlier);
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
        let taken = decided(&shelf);
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

    /// The one text that waits taken.
    #[track_caller]
    fn decided(shelf: &Shelf) -> Entry {
        let entry = shelf.get("ep_1").unwrap();
        let [waits] = entry.waiting() else { panic!("{} texts wait", entry.waiting().len()) };
        entry.with_taken(waits, NOW).unwrap()
    }

    /// Where the session is, what it would be exported as, and whether it differs from the file there.
    #[track_caller]
    fn is(shelf: &Shelf, path: &str, text: &str, changed: bool) {
        let entry = shelf.get("ep_1").unwrap();
        assert_eq!((entry.path().as_str(), &**entry.text(), entry.changed()), (path, text, changed));
        assert_eq!(entry.summary().file, entry.file());
    }

    #[test]
    fn a_second_file_of_the_same_import_is_not_taken() {
        let mut shelf = Shelf::default();
        let files = [("03.json", text("three")), ("04.json", text("four")), ("05.json", text("five"))];
        // Again and again, with the same outcome.
        for first in [Fate::Added, Fate::Unchanged] {
            receive_at(&mut shelf, "03.json", &files[0].1, None, &first);
            for (path, text) in &files[1..] {
                let another = Fate::Another { id: "ep_1".into(), at: "03.json".into() };
                receive_at(&mut shelf, path, text, Some("03.json"), &another);
            }
            is(&shelf, "03.json", &text("three"), false);
        }
        // The same text somewhere else is nothing new.
        receive_at(&mut shelf, "copy/05.json", &text("three"), Some("03.json"), &Fate::Unchanged);
        receive_at(&mut shelf, "copy/05.json", &text("three"), None, &Fate::Unchanged);
        is(&shelf, "03.json", &text("three"), false);
    }

    #[test]
    fn another_file_in_a_later_import_is_taken_with_its_path() {
        let mut shelf = Shelf::default();
        receive_at(&mut shelf, "03.json", &text("three"), None, &Fate::Added);
        receive_at(&mut shelf, "s/05.json", &text("five"), None, &Fate::Moved("03.json".into()));
        is(&shelf, "s/05.json", &text("five"), false);
        // Edits that were handed back: what undo brings back belongs to the path that it came from.
        edit(&mut shelf);
        let edited = shelf.get("ep_1").unwrap().text().to_string();
        receive_at(&mut shelf, "s/05.json", &edited, None, &Fate::CaughtUp);
        receive_at(&mut shelf, "s/06.json", &text("six"), None, &Fate::Moved("s/05.json".into()));
        is(&shelf, "s/06.json", &text("six"), false);
        let mut step = |step: fn(&Entry) -> Option<Entry>, path: &str, text: &str, changed: bool| {
            let next = step(shelf.get("ep_1").unwrap()).unwrap();
            shelf.put(Entry::restore(next.record().clone()).unwrap());
            is(&shelf, path, text, changed);
        };
        step(Entry::undone, "s/05.json", &edited, false);
        step(Entry::undone, "s/05.json", &text("five"), true);
        step(Entry::redone, "s/05.json", &edited, false);
        step(Entry::redone, "s/06.json", &text("six"), false);
    }

    #[test]
    fn a_text_from_another_path_that_waits_is_taken_with_its_path() {
        let mut shelf = Shelf::default();
        receive_at(&mut shelf, "03.json", &text("three"), None, &Fate::Added);
        edit(&mut shelf);
        let edited = shelf.get("ep_1").unwrap().text().to_string();
        receive_at(&mut shelf, "05.json", &text("five"), None, &Fate::KeptEdits);
        is(&shelf, "03.json", &edited, true);
        // The edited text at another path is not the session's file that has caught up.
        receive_at(&mut shelf, "05.json", &edited, None, &Fate::Unchanged);
        shelf.put(decided(&shelf));
        is(&shelf, "05.json", &text("five"), false);
        shelf.put(shelf.get("ep_1").unwrap().undone().unwrap());
        is(&shelf, "03.json", &edited, true);
        shelf.put(shelf.get("ep_1").unwrap().redone().unwrap());
        is(&shelf, "05.json", &text("five"), false);
    }

    #[test]
    fn a_file_that_is_dropped_loose_keeps_its_folders() {
        let mut shelf = Shelf::default();
        receive_at(&mut shelf, "a.json", &text("one"), None, &Fate::Added);
        receive_at(&mut shelf, "season/a.json", &text("two"), None, &Fate::Updated);
        is(&shelf, "season/a.json", &text("two"), false);
        receive_at(&mut shelf, "a.json", &text("three"), None, &Fate::Updated);
        receive_at(&mut shelf, "repo/season/a.json", &text("four"), None, &Fate::Updated);
        is(&shelf, "season/a.json", &text("four"), false);
        edit(&mut shelf);
        receive_at(&mut shelf, "a.json", &text("five"), None, &Fate::KeptEdits);
        shelf.put(decided(&shelf));
        is(&shelf, "season/a.json", &text("five"), false);
    }

    #[test]
    fn a_session_that_was_made_here_is_where_its_file_is_found() {
        let mut shelf = Shelf::default();
        let session = Session::parse(text("new")).unwrap();
        shelf.put(Entry::new("ep_1".into(), "a.json".into(), "sessions".into(), &session).with_disk("".into()));
        receive_at(&mut shelf, "season/b.json", &text("new"), None, &Fate::CaughtUp);
        is(&shelf, "season/b.json", &text("new"), false);
    }

    #[test]
    fn a_backups_text_that_is_taken_is_changed_as_it_was_there() {
        let mut there = Shelf::default();
        receive_at(&mut there, "05.json", &text("five"), None, &Fate::Added);
        edit(&mut there);
        let kept = there.get("ep_1").unwrap();
        let mut here = Shelf::default();
        receive_at(&mut here, "03.json", &text("three"), None, &Fate::Added);
        edit(&mut here);
        let received = here.receive_kept(kept.record().clone(), NOW);
        assert_eq!(received.fate, Fate::KeptEdits);
        here.put(received.entry.unwrap());
        here.put(decided(&here));
        is(&here, "05.json", kept.text(), true);
    }

    /// A backup restored: what became of it, what the session is then, and what waits.
    #[track_caller]
    fn restores(here: &mut Shelf, kept: &Entry, fate: &Fate, text: &str, waits: &[&str]) {
        let received = here.receive_kept(kept.record().clone(), NOW);
        assert_eq!(received.fate, *fate);
        if let Some(entry) = received.entry {
            here.put(entry);
        }
        let entry = here.get("ep_1").unwrap();
        let waiting: Vec<&str> = entry.waiting().iter().map(|waits| &*waits.text).collect();
        assert_eq!((&**entry.text(), waiting.as_slice()), (text, waits));
        assert_eq!(entry.record().stamp, 0);
    }

    /// A shelf with a file, and its session, edited where asked.
    fn with(text: &str, edited: bool) -> (Shelf, Arc<Entry>) {
        let mut shelf = Shelf::default();
        receive(&mut shelf, text, &Fate::Added);
        if edited {
            edit(&mut shelf);
        }
        let entry = shelf.get("ep_1").unwrap().clone();
        (shelf, entry)
    }

    #[test]
    fn a_backup_over_edits_brings_all_its_texts() {
        let (mut there, _) = with(&text("one"), true);
        receive(&mut there, &text("waits"), &Fate::KeptEdits);
        let kept = there.get("ep_1").unwrap().clone();
        let (mut here, entry) = with(&text("two"), true);
        let both = [&**kept.text(), &text("waits")];
        restores(&mut here, &kept, &Fate::KeptEdits, entry.text(), &both);
        restores(&mut here, &kept, &Fate::KeptEdits, entry.text(), &both);
        // A file that is dropped after it puts none of them away.
        receive(&mut here, &text("three"), &Fate::KeptEdits);
        assert_eq!(here.get("ep_1").unwrap().waiting().len(), 3);
        // Of the same edits, what waits beside them is news all the same.
        let (mut here, entry) = with(&text("one"), true);
        restores(&mut here, &kept, &Fate::KeptEdits, entry.text(), &[&text("waits")]);
        restores(&mut here, &kept, &Fate::Unchanged, entry.text(), &[&text("waits")]);
    }

    #[test]
    fn a_backup_never_says_that_the_disk_has_an_older_file() {
        // The same file: the backup's edits come back, and undo with them.
        let (_, kept) = with(&text("old"), true);
        let (mut here, _) = with(&text("old"), false);
        restores(&mut here, &kept, &Fate::Updated, kept.text(), &[]);
        assert_eq!(here.get("ep_1").unwrap().record(), kept.record());
        // A newer one waits beside the edits, as if it had come after them.
        let (mut here, _) = with(&text("new"), false);
        restores(&mut here, &kept, &Fate::KeptEdits, kept.text(), &[&text("new")]);
        let entry = here.get("ep_1").unwrap();
        assert!(entry.overwrites() && entry.undone().is_some());
        assert!(entry.put_together(&entry.waiting()[0]).is_some());
        // Without edits, the backup's text waits.
        let (_, kept) = with(&text("old"), false);
        let (mut here, _) = with(&text("new"), false);
        restores(&mut here, &kept, &Fate::KeptBoth, &text("new"), &[&text("old")]);
        here.put(decided(&here));
        is(&here, "a.json", &text("old"), true);
    }

    #[test]
    fn a_backup_brings_its_undo_steps_where_there_are_none() {
        let (there, edited) = with(&text("one"), true);
        let mut there = there;
        receive(&mut there, edited.text(), &Fate::CaughtUp);
        let kept = there.get("ep_1").unwrap().clone();
        let (mut here, _) = with(edited.text(), false);
        restores(&mut here, &kept, &Fate::Unchanged, edited.text(), &[]);
        assert_eq!(&**here.get("ep_1").unwrap().undone().unwrap().text(), text("one"));
    }

    #[test]
    fn edits_that_were_handed_back_come_before_a_newer_file() {
        let (mut there, edited) = with(&text("one"), true);
        receive(&mut there, edited.text(), &Fate::CaughtUp);
        let kept = there.get("ep_1").unwrap().clone();
        let (mut here, _) = with(&text("newer"), false);
        restores(&mut here, &kept, &Fate::Unchanged, &text("newer"), &[]);
        is(&here, "a.json", &text("newer"), false);
        let back = here.get("ep_1").unwrap().undone().unwrap();
        assert_eq!((back.text(), back.undone().unwrap().text().as_ref()), (edited.text(), text("one").as_str()));
    }

    #[test]
    fn a_dropped_text_that_its_file_no_longer_holds_is_kept() {
        let sources = |shelf: &Shelf| -> Vec<_> {
            shelf.get("ep_1").unwrap().waiting().iter().map(|waits| (waits.source, waits.text.to_string())).collect()
        };
        let (mut shelf, edited) = with(&text("one"), true);
        receive(&mut shelf, &text("two"), &Fate::KeptEdits);
        // Of another path, it says nothing of this one.
        receive_at(&mut shelf, "copy/b.json", &text("one"), None, &Fate::Unchanged);
        assert!(shelf.get("ep_1").unwrap().overwrites());
        receive(&mut shelf, &text("one"), &Fate::Unchanged);
        let two = (Source::Overwritten, text("two"));
        assert_eq!(sources(&shelf), std::slice::from_ref(&two));
        assert!(!shelf.get("ep_1").unwrap().overwrites());
        receive(&mut shelf, &text("three"), &Fate::KeptEdits);
        assert_eq!(sources(&shelf), [two.clone(), (Source::File, text("three"))]);
        // Also where the edits are undone.
        shelf.put(shelf.get("ep_1").unwrap().undone().unwrap());
        receive(&mut shelf, &text("one"), &Fate::Unchanged);
        assert_eq!(sources(&shelf), [two, (Source::Overwritten, text("three"))]);
        assert_eq!(shelf.get("ep_1").unwrap().next().unwrap().patch, edited.last().unwrap().patch);
    }

    #[test]
    fn what_was_undone_outlives_an_import() {
        let (mut shelf, edited) = with(&text("one"), true);
        shelf.put(edited.undone().unwrap());
        // A backup of another text does not replace it.
        let (_, kept) = with(&text("backup"), false);
        assert_eq!(shelf.receive_kept(kept.record().clone(), NOW).fate, Fate::KeptEdits);
        receive(&mut shelf, &text("two"), &Fate::Updated);
        is(&shelf, "a.json", &text("two"), false);
        let mut entry = (**shelf.get("ep_1").unwrap()).clone();
        let mut texts = Vec::new();
        while let Some(before) = entry.undone() {
            entry = Entry::restore(before.record().clone()).unwrap();
            texts.push(entry.text().to_string());
        }
        assert_eq!(texts, [text("one"), edited.text().to_string(), text("one")]);
        let sentences: Vec<_> = entry.record().edits.iter().map(|edit| edit.sentence.as_str()).collect();
        assert_eq!(sentences[1..], ["Stepped back over the change that had been undone.", "The file was updated."]);
    }

    #[test]
    fn what_was_undone_over_a_move_comes_back_with_its_path() {
        let mut shelf = Shelf::default();
        receive_at(&mut shelf, "03.json", &text("three"), None, &Fate::Added);
        edit(&mut shelf);
        let edited = shelf.get("ep_1").unwrap().text().to_string();
        receive_at(&mut shelf, "03.json", &edited, None, &Fate::CaughtUp);
        receive_at(&mut shelf, "05.json", &text("five"), None, &Fate::Moved("03.json".into()));
        shelf.put(shelf.get("ep_1").unwrap().undone().unwrap());
        is(&shelf, "03.json", &edited, false);
        receive_at(&mut shelf, "03.json", &text("six"), None, &Fate::Updated);
        is(&shelf, "03.json", &text("six"), false);
        let mut step = |path: &str, text: &str, changed: bool| {
            shelf.put(shelf.get("ep_1").unwrap().undone().unwrap());
            is(&shelf, path, text, changed);
        };
        // The file holds the sixth text now, on every way back to it.
        step("03.json", &edited, true);
        step("05.json", &text("five"), false);
        step("03.json", &edited, true);
    }

    #[test]
    fn what_is_no_session_says_why() {
        let shelf = Shelf::default();
        let fate = |bytes: &[u8]| shelf.receive(("a.json", ""), bytes, NOW, |_| None).fate;
        assert!(matches!(fate(b"[]"), Fate::NotASession(_)));
        assert!(matches!(fate(b"{}"), Fate::NotASession(_)));
        assert!(matches!(fate(br#"{"session_id": ""}"#), Fate::NotASession(_)));
        assert!(matches!(fate(br#"{"session_id": "ep_{number}"}"#), Fate::Template(_)));
        assert!(matches!(fate(b"{"), Fate::Broken { line: 1, .. }));
        assert!(matches!(fate(b"\n\n{\"session_id\": \xff}"), Fate::Broken { line: 3, .. }));
    }
}
