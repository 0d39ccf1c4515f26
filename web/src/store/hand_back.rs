//! Handing back: what is downloaded leaves the tray, and can be put back into it.
use super::entry::Entry;
use super::keeping::Step;
use super::place::Incoming;
use super::workspace::{Workspace, policy};
use crate::export::outgoing::{Outgoing, patch};
use crate::export::report::Report;
use crate::export::zip::archive;
use crate::format::count;
use crate::order::by_text;
use crate::platform::download::{download, download_bytes};
use crate::platform::{clipboard, clock, intl};
use callboard_core::Timestamp;
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
        // One that is as its file was, where another text of that waits, goes out over it all the same.
        let changed = entries.iter().filter(|entry| entry.changed() || entry.overwrites());
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
        if back.is_empty() {
            return self.say("Nothing is put back: the files have come again since.", None);
        }
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
}

/// With this text as the file's; what waits still, and waited before, is what it was then.
fn with_held(entry: &Entry, text: &Arc<str>, waited: &[Incoming]) -> Entry {
    let next = entry.with_disk(text.clone());
    let as_before = |waits: &Incoming| waited.iter().find(|waited| waited.text == waits.text).unwrap_or(waits).clone();
    next.with_waiting(next.waiting().iter().map(as_before).collect())
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
    use callboard_core::Session;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
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
}
