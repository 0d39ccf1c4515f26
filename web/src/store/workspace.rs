//! The shelf in a signal, and every action: done in memory, stored, then said.
use super::entry::Entry;
use super::fate::{Fate, Item, Report};
use super::hand_back::{Handed, Parcel};
use super::shelf::Shelf;
use crate::platform::clock::{self, Clock};
use crate::platform::database::Database;
use crate::platform::files::{self, Dropped, Found};
use callboard_core::{Event, Policy, Timestamp};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;

const DATABASE: &str = "callboard";

/// How many files of an import are stored and shown together: each time waits for the disk.
const STORED_AT_ONCE: usize = 256;

/// What the status line says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// One sentence.
    pub text: String,
    /// The session whose last step can be undone from here.
    pub undo: Option<String>,
}

/// The workspace: one value, handed down as context.
#[derive(Clone, Copy)]
pub struct Workspace {
    /// The loaded sessions.
    pub shelf: RwSignal<Shelf>,
    /// What was stored last time has been read.
    pub ready: RwSignal<bool>,
    /// The last import.
    pub report: RwSignal<Option<Report>>,
    /// What the status line says.
    pub said: RwSignal<Option<Said>>,
    /// What was handed back last, as long as it can be put back.
    pub handed: RwSignal<Option<Handed>>,
    /// The browser does not store: a lasting sentence.
    pub trouble: RwSignal<Option<String>>,
    /// The time.
    pub clock: Clock,
    pub(super) database: StoredValue<Option<Database>, LocalStorage>,
}

/// The workspace of this page.
pub fn use_workspace() -> Workspace {
    expect_context()
}

/// The limits and thresholds in force.
pub fn policy() -> Policy {
    Policy::default()
}

impl Workspace {
    /// An empty workspace that begins to read what was stored.
    pub fn open(clock: Clock) -> Self {
        let workspace = Self {
            shelf: RwSignal::new(Shelf::default()),
            ready: RwSignal::new(false),
            report: RwSignal::new(None),
            said: RwSignal::new(None),
            handed: RwSignal::new(None),
            trouble: RwSignal::new(None),
            clock,
            database: StoredValue::new_local(None),
        };
        spawn_local(async move {
            if let Err(why) = workspace.restore().await {
                workspace.warn(&why);
            }
            workspace.ready.set(true);
        });
        workspace
    }

    async fn restore(self) -> Result<(), String> {
        let database = Database::open(DATABASE).await?;
        self.database.set_value(Some(database.clone()));
        let records = database.load().await?;
        let stored = records.len();
        self.shelf.update(|shelf| {
            for entry in records.into_iter().filter_map(Entry::restore) {
                shelf.put(entry);
            }
        });
        let lost = stored - self.shelf.with_untracked(Shelf::len);
        if lost > 0 {
            self.say(format!("{lost} of {stored} stored sessions could not be read; they are left as they are."), None);
        }
        Ok(())
    }

    fn warn(self, why: &str) {
        self.trouble.set(Some(format!(
            "Nothing is being stored. {why} What you change lives in this tab only: \
             export it before you close the tab."
        )));
    }

    async fn keep(self, entries: &[Entry]) {
        let Some(database) = self.database.get_value() else {
            return;
        };
        let records: Vec<_> = entries.iter().map(|entry| entry.record().clone()).collect();
        if let Err(why) = database.put(&records).await {
            self.warn(&why);
        }
    }

    /// Says something in the status line.
    pub fn say(self, text: impl Into<String>, undo: Option<String>) {
        let text = text.into();
        self.said.set(Some(Said { text, undo }));
    }

    /// A session, followed as it changes.
    pub fn entry(self, id: String) -> Memo<Option<Same<Entry>>> {
        Memo::new(move |_| self.shelf.with(|shelf| shelf.get(&id).cloned().map(Same)))
    }

    fn entry_now(self, id: &str) -> Option<Arc<Entry>> {
        self.shelf.with_untracked(|shelf| shelf.get(id).cloned())
    }

    /// Puts an entry in, stores it, and only then shows it and says what happened.
    fn commit(self, entry: Entry, said: String, undo: bool) {
        let undo = undo.then(|| entry.id().to_owned());
        self.shelf.update_untracked(|shelf| shelf.put(entry.clone()));
        spawn_local(async move {
            self.keep(&[entry]).await;
            self.shelf.notify();
            self.say(said, undo);
        });
    }

    /// Applies an event to a session. `true` when the core accepted it.
    pub fn apply(self, id: &str, event: &Event, now: Timestamp) -> bool {
        let Some(entry) = self.entry_now(id) else {
            return false;
        };
        let mut session = entry.session().clone();
        match session.apply(event, now, &policy()) {
            Ok(outcome) => {
                let sentence = outcome.sentence();
                self.commit(entry.edited(session, sentence.clone(), now), sentence, true);
                true
            }
            Err(refusal) => {
                self.say(refusal.to_string(), None);
                false
            }
        }
    }

    /// Takes the last local change of a session back.
    pub fn undo(self, id: &str) {
        let Some(entry) = self.entry_now(id) else { return };
        match (entry.last(), entry.undone()) {
            (Some(edit), Some(undone)) => {
                self.commit(undone, format!("Undone: {}", edit.sentence), false);
            }
            _ => self.say("There is nothing to undo in this session.", None),
        }
    }

    /// Makes the change that was undone last again.
    pub fn redo(self, id: &str) {
        let Some(entry) = self.entry_now(id) else { return };
        match (entry.next(), entry.redone()) {
            (Some(edit), Some(redone)) => {
                self.commit(redone, format!("Done again: {}", edit.sentence), true);
            }
            _ => self.say("There is nothing to redo in this session.", None),
        }
    }

    /// Decides about a dropped text that waits beside local edits.
    pub fn decide(self, id: &str, take_dropped: bool) {
        let Some(entry) = self.entry_now(id) else { return };
        if take_dropped {
            if let Some(next) = entry.with_incoming_taken(clock::now()) {
                let said = "The dropped file was taken. Your edits are one undo away.";
                self.commit(next, said.into(), true);
            }
        } else {
            let said = "Your edits stay. The dropped text was put away.";
            self.commit(entry.with_incoming(None), said.into(), false);
        }
    }

    /// Puts entries in, stores them, and only then shows them and says what happened.
    pub(super) fn commit_all(self, entries: Vec<Entry>, said: String) {
        self.shelf.update_untracked(|shelf| entries.iter().for_each(|entry| shelf.put(entry.clone())));
        spawn_local(async move {
            self.keep(&entries).await;
            self.shelf.notify();
            self.say(said, None);
        });
    }

    /// Downloads a session's file under its own name.
    pub fn export(self, id: &str) {
        if let Some(entry) = self.entry_now(id) {
            self.hand_back(&[entry], Parcel::Files);
        }
    }

    /// Downloads every changed session's file.
    pub fn export_changed(self) {
        self.hand_back(&self.tray(), Parcel::Files);
    }

    /// Forgets every session, here and on the disk.
    pub fn clear(self) {
        spawn_local(async move {
            if let Some(database) = self.database.get_value()
                && let Err(why) = database.clear().await
            {
                self.say(format!("The workspace was not cleared. {why}"), None);
                return;
            }
            self.shelf.set(Shelf::default());
            self.report.set(None);
            self.handed.set(None);
            self.say("The workspace is empty.", None);
        });
    }

    /// Loads what was dropped or chosen.
    pub fn import(self, dropped: Dropped) {
        spawn_local(async move {
            let (found, closed) = dropped.walk().await;
            self.begin_report(found.len() + closed.len());
            let closed = closed.into_iter().map(|(path, why)| Item { path, id: None, fate: Fate::Unread(why) });
            self.add_to_report(closed.collect());
            for batch in found.chunks(STORED_AT_ONCE) {
                self.receive_files(batch).await;
            }
        });
    }

    async fn receive_files(self, found: &[Found]) {
        let (sessions, others): (Vec<Found>, Vec<Found>) = found.iter().cloned().partition(|file| is_json(&file.name));
        let others = others.iter().map(|file| Item {
            path: file.path(),
            id: None,
            fate: Fate::NotASession("Its name does not end in .json.".into()),
        });
        self.add_to_report(others.collect());
        let contents = files::read_all(&sessions).await;
        let files = sessions.into_iter().zip(contents);
        let files = files.map(|(file, bytes)| (file.name, file.folder, bytes));
        self.receive(files.collect()).await;
    }

    /// Loads texts that are already in memory, as if they had been dropped.
    pub fn import_texts(self, texts: Vec<(String, String)>) {
        spawn_local(async move {
            self.begin_report(texts.len());
            let files = texts.into_iter();
            let files = files.map(|(name, text)| (name, String::new(), Ok(text.into_bytes())));
            self.receive(files.collect()).await;
        });
    }

    async fn receive(self, files: Vec<(String, String, Result<Vec<u8>, String>)>) {
        let now = clock::now();
        let mut items = Vec::new();
        let mut entries = Vec::new();
        for (name, folder, bytes) in files {
            let path = match folder.as_str() {
                "" => name.clone(),
                folder => format!("{folder}/{name}"),
            };
            let (id, fate) = match bytes {
                Ok(bytes) => {
                    let received = self.shelf.with_untracked(|shelf| shelf.receive(&name, &folder, &bytes, now));
                    if let Some(entry) = received.entry {
                        self.shelf.update_untracked(|shelf| shelf.put(entry.clone()));
                        entries.push(entry);
                    }
                    (received.id, received.fate)
                }
                Err(why) => (None, Fate::Unread(why)),
            };
            items.push(Item { path, id, fate });
        }
        self.keep(&entries).await;
        self.shelf.notify();
        self.add_to_report(items);
    }

    fn begin_report(self, total: usize) {
        self.report.update(|report| match report {
            Some(report) if !report.finished => report.total += total,
            _ => {
                *report = Some(Report { total, ..Report::default() });
            }
        });
    }

    fn add_to_report(self, items: Vec<Item>) {
        self.report.update(|report| {
            if let Some(report) = report {
                report.items.extend(items);
                report.finished = report.items.len() >= report.total;
            }
        });
    }
}

fn is_json(name: &str) -> bool {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension);
    extension.is_some_and(|extension| extension.eq_ignore_ascii_case("json"))
}

/// A shared value that counts as equal only to itself: entries are replaced, never changed.
#[derive(Debug)]
pub struct Same<T>(pub Arc<T>);

impl<T> Clone for Same<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> PartialEq for Same<T> {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> std::ops::Deref for Same<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}
