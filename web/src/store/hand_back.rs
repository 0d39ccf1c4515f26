//! Handing back: what is downloaded leaves the tray, and can be put back into it.
use super::entry::Entry;
use super::keeping::Step;
use super::place::Incoming;
use super::shelf::Shelf;
use super::workspace::{Workspace, policy};
use crate::export::outgoing::{Outgoing, patch};
use crate::export::path::home;
use crate::export::report::Report;
use crate::export::zip::archive;
use crate::format::count;
use crate::order::by_text;
use crate::platform::database::{Durability, Written};
use crate::platform::download::{download, download_bytes};
use crate::platform::{clipboard, clock, intl};
use callboard_core::{Initialize, Refusal, Session, Timestamp, ids};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::HashMap;
use std::sync::Arc;

/// A way to hand changed files back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parcel {
    /// Each under its own name; several in an archive that keeps their folders.
    Files,
    /// A patch that `git apply` takes.
    Patch,
}

/// What there is to do where a session of the same id is here.
const NEXT_MINUTE: &str = "An id holds its minute: in the next one another can be made.";

/// What was handed back last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handed {
    /// What was said of it.
    pub said: String,
    /// Of each session: its id, what its file held and what waited beside it before, and the text that was handed
    /// back.
    files: Vec<(String, Held, Arc<str>)>,
}

/// What a session's file holds, and the texts that wait beside it.
type Held = (Arc<str>, Vec<Incoming>);

/// A new session as it would be made now.
#[derive(Clone, Debug)]
pub struct Proposed {
    /// The session.
    pub session: Session,
    /// Its id.
    pub id: String,
    /// Where its file belongs.
    pub folder: String,
    /// The name of its file.
    pub file: String,
}

/// `callboard-20240811-1430`: what is handed back at a moment is called.
pub fn parcel_name(now: Timestamp) -> String {
    let (year, month, day, hour, minute, _) = now.civil();
    format!("callboard-{year:04}{month:02}{day:02}-{hour:02}{minute:02}")
}

impl Workspace {
    /// The files in the tray, in the order of their paths.
    pub fn tray(self) -> Vec<Arc<Entry>> {
        let changed: Vec<_> = self.shelf.with_untracked(|shelf| shelf.changed().cloned().collect());
        let paths: Vec<String> = changed.iter().map(|entry| entry.path()).collect();
        let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
        by_text(&paths).into_iter().map(|at| changed[at].clone()).collect()
    }

    /// Hands these sessions' files to the browser; only then are they out of the tray. What came of it is said.
    ///
    /// # Errors
    /// Why nothing was handed back, in one sentence.
    pub fn hand_back(self, entries: &[Arc<Entry>], parcel: Parcel) -> Result<(), String> {
        let files: Vec<Outgoing> = entries.iter().map(|entry| Outgoing::of(entry)).collect();
        let name = parcel_name(clock::now());
        let (name, handed) = match (parcel, files.as_slice(), entries) {
            (_, [], _) => {
                self.say("Nothing is changed.", None);
                return Err("Nothing is changed.".into());
            }
            (Parcel::Patch, ..) => {
                let name = format!("{name}.patch");
                let handed = download(&name, &patch(&files));
                (name, handed)
            }
            (Parcel::Files, [file], [entry]) => (entry.file().to_owned(), download(entry.file(), &file.text)),
            (Parcel::Files, ..) => {
                let name = format!("{name}.zip");
                let contents = files.iter().map(|file| (file.path.as_str(), file.text.as_bytes()));
                let handed = archive(contents, clock::now())
                    .ok_or_else(|| "These are more files than one archive holds.".to_owned())
                    .and_then(|bytes| download_bytes(&name, &bytes));
                (name, handed)
            }
        };
        if let Err(why) = handed {
            let why = format!("{name} was not exported: {why}");
            self.say(why.clone(), None);
            return Err(why);
        }
        let what = if files.len() == 1 && parcel == Parcel::Files {
            format!("Exported {name}.")
        } else {
            format!("Exported {} as {name}.", count(files.len(), "file", "files"))
        };
        let changed = entries.iter().filter(|entry| entry.changed());
        let next: Vec<_> =
            changed.clone().map(|entry| (entry.id().to_owned(), (entry.text().clone(), Vec::new()))).collect();
        if next.is_empty() {
            self.say(what, None);
            return Ok(());
        }
        let before = |entry: &Arc<Entry>| {
            let held = (entry.record().disk.clone(), entry.waiting().to_vec());
            (entry.id().to_owned(), held, entry.text().clone())
        };
        let handed = Handed { said: what.clone(), files: changed.map(before).collect() };
        self.handed.set(Some(handed));
        self.take_as_files(next, what);
        Ok(())
    }

    /// Puts back into the tray what was handed back last: the files are as they were before.
    pub fn put_back(self) {
        let Some(handed) = self.handed.get_untracked() else { return };
        let back = handed.files.iter().filter_map(|(id, before, text)| {
            let entry = self.shelf.with_untracked(|shelf| shelf.get(id).cloned())?;
            // A file that came again in the meantime says itself what it holds.
            (entry.record().disk == *text).then(|| (id.clone(), before.clone()))
        });
        let back: Vec<_> = back.collect();
        self.handed.set(None);
        self.take_as_files(back, "It is back in the tray: nothing was handed back.".into());
    }

    /// Takes these texts as what the sessions' files hold, stores that, and then says what happened.
    fn take_as_files(self, files: Vec<(String, Held)>, said: String) {
        spawn_local(async move {
            let ids: Vec<String> = files.iter().map(|(id, _)| id.clone()).collect();
            let held: HashMap<String, Held> = files.into_iter().collect();
            let step = |entry: &Entry| {
                let (text, waited) = held.get(entry.id()).ok_or("This session was not handed back.")?;
                Ok(Step { entry: with_held(entry, text, waited), said: String::new(), undo: false })
            };
            let outcomes = self.change_together(&ids, step).await;
            let refused = outcomes.into_iter().find_map(|(_, outcome)| outcome.err());
            self.say(refused.unwrap_or(said), None);
        });
    }

    /// Puts a text on the clipboard, and says so.
    pub fn copy(self, what: &'static str, text: String) {
        spawn_local(async move {
            match clipboard::copy_text(&text).await {
                Ok(()) => self.say(format!("Copied {what}."), None),
                Err(why) => self.say(format!("{} was not copied. {}", capital(what), clipboard::refusal(&why)), None),
            }
        });
    }

    /// How production stands now, to be taken elsewhere.
    pub fn production(self) -> Report {
        let now = clock::now();
        let offset = i32::try_from(intl::offset_at(now) / 60).unwrap_or_default();
        let entries: Vec<_> = self.shelf.with_untracked(|shelf| shelf.iter().cloned().collect());
        let sessions: Vec<_> = entries.iter().map(|entry| (entry.path(), entry.session())).collect();
        Report::of(&sessions, now, offset, &policy())
    }

    /// Downloads a report under this ending.
    pub fn download_report(self, ending: &str, text: &str) {
        let name = format!("{}-report.{ending}", parcel_name(clock::now()));
        match download(&name, text) {
            Ok(()) => self.say(format!("Exported {name}."), None),
            Err(why) => self.say(format!("{name} was not exported: {why}"), None),
        }
    }

    /// The session that would be made at `now`, or why none would. Nothing is made.
    ///
    /// # Errors
    /// The core's refusal as a sentence, or that a session of its id is here.
    pub fn propose(self, new: &Initialize, now: Timestamp) -> Result<Proposed, String> {
        let session = Session::initialize(new, now, &policy()).map_err(|refusal: Refusal| refusal.to_string())?;
        self.shelf.with_untracked(|shelf| proposed(shelf, session, new.episode, now))
    }

    /// Makes a session; its file waits in the tray. Then, when it is here, `made` is called.
    pub fn create(self, proposed: Proposed, made: impl FnOnce() + 'static) {
        let Proposed { session, id, folder, file } = proposed;
        let said = format!("{id} is made. Its file {file} waits in the tray.");
        let entry = Entry::new(id.clone(), file, folder, &session).with_disk("".into());
        self.ask_to_persist();
        spawn_local(async move {
            let turn = self.turn.get_value();
            let _guard = turn.lock().await;
            let written = self.store(std::slice::from_ref(&entry), Durability::Strict).await;
            match written.map(|mut written| written.pop()) {
                Ok(Some(Written::Behind(theirs))) => {
                    self.adopt(&id, *theirs);
                    return self.say(format!("{id} was not made: another tab has just made it. {NEXT_MINUTE}"), None);
                }
                Ok(Some(Written::Stored(stamp))) => {
                    self.shelf.update(|shelf| shelf.put(entry.stamped(stamp)));
                    self.catch_up(std::slice::from_ref(&id)).await;
                }
                Ok(None) => self.shelf.update(|shelf| shelf.put(entry)),
                Err(why) => {
                    self.unsaved.update_value(|unsaved| {
                        unsaved.insert(id.clone());
                    });
                    self.shelf.update(|shelf| shelf.put(entry));
                    self.warn(&why);
                }
            }
            made();
            self.tell(vec![id]);
            self.say(said, None);
        });
    }

    /// Takes a session that was made here, and handed back to nobody, out of the workspace.
    ///
    /// Where another tab has moved it on in the meantime, it stays, and is shown as it is.
    pub fn discard(self, id: &str) {
        let id = id.to_owned();
        spawn_local(async move {
            let turn = self.turn.get_value();
            let _guard = turn.lock().await;
            let Some(entry) = self.entry_now(&id) else { return };
            if let Some(database) = self.database.get_value() {
                match database.remove(&id, entry.record().stamp).await {
                    Ok(None) => {}
                    Ok(Some(theirs)) => {
                        self.adopt(&id, *theirs);
                        let why = "It was changed in another tab in the meantime, and stays: look at it again.";
                        return self.say(format!("{id} was not taken out. {why}"), None);
                    }
                    Err(why) => return self.say(format!("{id} was not taken out. {why}"), None),
                }
            }
            self.shelf.update(|shelf| shelf.remove(&id));
            self.tell(vec![id.clone()]);
            self.say(format!("{id} is taken out; it was never handed back."), None);
        });
    }
}

/// With this text as the file's; what waits still, and waited before, is what it was then.
fn with_held(entry: &Entry, text: &Arc<str>, waited: &[Incoming]) -> Entry {
    let next = entry.with_disk(text.clone());
    let as_before = |waits: &Incoming| waited.iter().find(|waited| waited.text == waits.text).unwrap_or(waits).clone();
    next.with_waiting(next.waiting().iter().map(as_before).collect())
}

/// Where a session that is made at `now` belongs beside those that are here.
fn proposed(shelf: &Shelf, session: Session, episode: u64, now: Timestamp) -> Result<Proposed, String> {
    let id = ids::session_id(episode, now);
    if shelf.get(&id).is_some() {
        return Err(format!("{id} is here already. {NEXT_MINUTE}"));
    }
    let taken = |name: &str| shelf.iter().any(|entry| entry.file().eq_ignore_ascii_case(name));
    let names = [ids::file_name(episode, now), ids::second_file_name(episode, now)];
    let [first, second] = &names;
    let file = [first, second].into_iter().find(|name| !taken(name));
    let Some(file) = file else {
        return Err(format!("Files named {first} and {second} are here already: in the next minute there is a name."));
    };
    let folder = home(shelf.iter().map(|entry| entry.record().folder.as_str()));
    Ok(Proposed { session, id, folder, file: file.clone() })
}

/// With a capital letter: for the beginning of a sentence.
fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::super::place::Source;
    use super::*;
    use callboard_core::Policy;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    /// Puts a session of this episode, made at this moment, where it is proposed to be; its id, folder and file.
    #[track_caller]
    fn made(shelf: &mut Shelf, episode: u64, now: &str) -> (String, String, String) {
        let session = Session::initialize(&Initialize::new(episode, "Tides"), at(now), &Policy::default()).unwrap();
        let Proposed { session, id, folder, file } = proposed(shelf, session, episode, at(now)).unwrap();
        shelf.put(Entry::new(id.clone(), file.clone(), folder.clone(), &session));
        (id, folder, file)
    }

    #[test]
    fn the_second_session_of_an_episodes_day_has_the_time_in_its_name() {
        let mut shelf = Shelf::default();
        let expected = |id: &str, file: &str| (id.to_owned(), ids::FOLDER.to_owned(), file.to_owned());
        let mut check = |episode, now, id, file| assert_eq!(made(&mut shelf, episode, now), expected(id, file));
        check(1, "2024-08-11T00:00:00Z", "ep_001_20240811_0000", "ep001_session_20240811.json");
        check(1, "2024-08-11T14:30:59Z", "ep_001_20240811_1430", "ep001_session_20240811_1430.json");
        check(1, "2024-08-11T14:31:00Z", "ep_001_20240811_1431", "ep001_session_20240811_1431.json");
        // Another episode, and another day of UTC, begin anew.
        check(2, "2024-08-11T14:31:00Z", "ep_002_20240811_1431", "ep002_session_20240811.json");
        check(1, "2024-08-12T00:00:00Z", "ep_001_20240812_0000", "ep001_session_20240812.json");
        check(1_234, "2024-08-11T14:31:00Z", "ep_1234_20240811_1431", "ep1234_session_20240811.json");
    }

    #[test]
    fn what_is_put_back_is_as_it_was_before() {
        let session = |topic: &str| {
            Session::parse(format!(r#"{{"session_id": "a", "episode": {{"topic": "{topic}"}}}}"#)).unwrap()
        };
        let entry = Entry::new("a".into(), "a.json".into(), String::new(), &session("Tides"));
        let edited = entry.edited(&session("Ebb"), "Edited.".into(), at("2024-08-11T14:30:00Z"));
        let dropped: Arc<str> = session("Flood").text().into();
        let place = crate::store::place::Place { disk: dropped.clone(), ..entry.place() };
        let waiting = edited.waits_too([Incoming { text: dropped, place, source: Source::File }]);
        let handed = with_held(&waiting, waiting.text(), &[]);
        assert!(!handed.changed() && !handed.overwrites());
        let back = with_held(&handed, &waiting.record().disk, waiting.waiting());
        assert_eq!(back.record(), waiting.record());
        // What was decided in the meantime stays decided.
        let decided = with_held(&handed.with_waiting(Vec::new()), &waiting.record().disk, waiting.waiting());
        assert_eq!(decided.waiting(), []);
    }

    #[test]
    fn no_name_and_no_id_is_given_twice() {
        let session = |now| Session::initialize(&Initialize::new(1, "Tides"), now, &Policy::default()).unwrap();
        let mut shelf = Shelf::default();
        let now = at("2024-08-11T14:30:00Z");
        // A file of that name, in other letters and of another session, is one too.
        shelf.put(Entry::new("other".into(), "EP001_Session_20240811.JSON".into(), String::new(), &session(now)));
        assert_eq!(proposed(&shelf, session(now), 1, now).unwrap().file, "ep001_session_20240811_1430.json");
        let second = "ep001_session_20240811_1430.json";
        shelf.put(Entry::new("another".into(), second.into(), String::new(), &session(now)));
        assert!(proposed(&shelf, session(now), 1, now).unwrap_err().contains("are here already"));
        made(&mut shelf, 1, "2024-08-11T14:31:00Z");
        let same_minute = at("2024-08-11T14:31:59Z");
        let why = proposed(&shelf, session(same_minute), 1, same_minute).unwrap_err();
        assert!(why.starts_with("ep_001_20240811_1431 is here already."), "{why}");
    }
}
