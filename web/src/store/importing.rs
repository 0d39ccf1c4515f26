//! An import: files read a few at a time, taken in in slices, stored in batches. The page stays free
//! all along, and whoever waits sees how far it is and can stop it.
use super::backup;
use super::entry::Entry;
use super::fate::{Fate, Item, Report};
use super::workspace::Workspace;
use crate::platform::clock::{self, millis};
use crate::platform::database::{Durability, Written};
use crate::platform::files::{self, AT_ONCE, Dropped, Found};
use crate::platform::pace::Pace;
use callboard_core::{Session, ids};
use futures::future::join;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// How often what is taken in is shown while more comes, in milliseconds: showing ten thousand rows
/// sorted costs more than taking one in.
const SHOWN_EVERY: f64 = 1_500.0;

/// The part of the time an import has taken that must pass before more is shown: what is shown grows, and so
/// does what showing it costs.
const SHOWN_AFTER: f64 = 1.0 / 3.0;

/// How often it is said how far an import is, in milliseconds.
const SAID_EVERY: f64 = 150.0;

/// A file in memory: its name, its folder, its bytes or why there are none.
struct Read {
    name: String,
    folder: String,
    bytes: Result<Vec<u8>, String>,
}

impl Read {
    fn path(&self) -> String {
        match self.folder.as_str() {
            "" => self.name.clone(),
            folder => format!("{folder}/{}", self.name),
        }
    }
}

/// What an import has taken in and not yet shown.
struct Intake {
    workspace: Workspace,
    items: Vec<Item>,
    began: f64,
    shown: f64,
    said: f64,
    pace: Pace,
}

impl Workspace {
    /// Loads what was dropped or chosen.
    pub fn import(self, dropped: Dropped) {
        self.begin_report(0);
        spawn_local(async move {
            let (found, closed) = dropped.walk().await;
            self.begin_report(found.len() + closed.len());
            let mut intake = Intake::begin(self);
            let unread = |(path, why)| Item { path, id: None, fate: Fate::Unread(why) };
            intake.items.extend(closed.into_iter().map(unread));
            let mut batches = found.chunks(AT_ONCE);
            let mut files = Vec::new();
            loop {
                let next = batches.next().filter(|_| !self.cancelled.get_value());
                // The disk reads the next ones while these are taken in and stored.
                let ((), read) = join(intake.take(files), read(next.unwrap_or_default())).await;
                if next.is_none() {
                    break;
                }
                files = read;
            }
            intake.end();
        });
    }

    /// Loads texts that are already in memory, as if they had been dropped.
    pub fn import_texts(self, texts: Vec<(String, String)>) {
        self.begin_report(texts.len());
        spawn_local(async move {
            let mut intake = Intake::begin(self);
            let read =
                |(name, text): (String, String)| Read { name, folder: String::new(), bytes: Ok(text.into_bytes()) };
            intake.take(texts.into_iter().map(read).collect()).await;
            intake.end();
        });
    }

    /// Loads a text that was pasted, under the name that its session's file would have.
    pub fn import_pasted(self, text: String) {
        if !text.trim_start_matches('\u{feff}').trim_start().starts_with(['{', '[']) {
            self.say("What was pasted is not JSON; nothing was loaded.", None);
            return;
        }
        let session = Session::parse(text.as_str()).ok();
        let name = session.and_then(|session| Some(ids::file_name(session.episode().number?, session.created()?)));
        self.import_texts(vec![(name.unwrap_or_else(|| "pasted.json".into()), text)]);
    }

    /// Stops the import that is going on. What it has taken in stays.
    pub fn cancel_import(self) {
        self.cancelled.set_value(true);
    }

    fn begin_report(self, total: usize) {
        self.report.update(|report| match report {
            Some(report) if !report.finished() => report.expect(total),
            _ => {
                self.cancelled.set_value(false);
                *report = Some(Report::of(total));
            }
        });
    }
}

async fn read(found: &[Found]) -> Vec<Read> {
    let (sessions, others): (Vec<Found>, Vec<Found>) = found.iter().cloned().partition(|file| is_json(&file.name));
    let contents = files::read_all(&sessions).await;
    let read = |(file, bytes): (Found, _)| Read { name: file.name, folder: file.folder, bytes };
    let others = others.into_iter().map(|file| read((file, Ok(Vec::new()))));
    sessions.into_iter().zip(contents).map(read).chain(others).collect()
}

impl Intake {
    fn begin(workspace: Workspace) -> Self {
        Self { workspace, items: Vec::new(), began: millis(), shown: millis(), said: 0.0, pace: Pace::begin() }
    }

    /// Takes files in, stores them, and shows them now and then.
    async fn take(&mut self, files: Vec<Read>) {
        let turn = self.workspace.turn.get_value();
        let guard = turn.lock().await;
        let mut entries = Vec::new();
        for file in files {
            let path = file.path();
            let (id, fate) = match &file.bytes {
                _ if !is_json(&file.name) => (None, Fate::NotASession("Its name does not end in .json.".into())),
                Err(why) => (None, Fate::Unread(why.clone())),
                Ok(bytes) if backup::is_one(bytes) => {
                    let items = self.restore_backup(bytes, &path).await;
                    self.workspace.report.update(|report| {
                        if let Some(report) = report {
                            report.expect(items.len().saturating_sub(1));
                        }
                    });
                    self.items.extend(items);
                    continue;
                }
                Ok(bytes) => {
                    let now = clock::now();
                    let received = self
                        .workspace
                        .shelf
                        .with_untracked(|shelf| shelf.receive(&file.name, &file.folder, bytes, now));
                    if let Some(entry) = received.entry {
                        // The next file may be of the same session: it is held against this one.
                        self.workspace.shelf.update_untracked(|shelf| shelf.put(entry.clone()));
                        entries.push(entry);
                    }
                    (received.id, received.fate)
                }
            };
            self.items.push(Item { path, id, fate });
            self.pace.rest().await;
        }
        self.keep(entries).await;
        drop(guard);
        self.show();
    }

    /// Restores a backup: a record at a time, each as a file that brings its edits along.
    async fn restore_backup(&mut self, bytes: &[u8], path: &str) -> Vec<Item> {
        let records = match backup::read(bytes, &mut self.pace).await {
            Ok(records) => records,
            Err(why) => return vec![Item { path: path.to_owned(), id: None, fate: Fate::NotASession(why) }],
        };
        let mut items = Vec::with_capacity(records.len());
        for batch in records.chunks(AT_ONCE) {
            let mut entries = Vec::new();
            for record in batch {
                let received = self.workspace.shelf.with_untracked(|shelf| shelf.receive_kept(record.clone()));
                if let Some(entry) = received.entry {
                    self.workspace.shelf.update_untracked(|shelf| shelf.put(entry.clone()));
                    entries.push(entry);
                }
                let path = format!("{path}: {}", record.file);
                items.push(Item { path, id: received.id, fate: received.fate });
                self.pace.rest().await;
            }
            self.keep(entries).await;
        }
        items
    }

    /// Stores what was taken in. Where another tab was first, its text stays and ours waits beside it.
    async fn keep(&mut self, entries: Vec<Entry>) {
        if entries.is_empty() {
            return;
        }
        let workspace = self.workspace;
        match workspace.store(&entries, Durability::Relaxed).await {
            Ok(written) => {
                let mut ids = Vec::with_capacity(entries.len());
                for (entry, written) in entries.into_iter().zip(written) {
                    ids.push(entry.id().to_owned());
                    match written {
                        Written::Stored(stamp) => {
                            workspace.shelf.update_untracked(|shelf| shelf.put(entry.stamped(stamp)));
                        }
                        Written::Behind(theirs) => workspace.adopt_dropped(&entry, *theirs).await,
                    }
                }
                workspace.tell(ids);
            }
            Err(why) => {
                workspace.unsaved.update_value(|unsaved| {
                    unsaved.extend(entries.iter().map(|entry| entry.id().to_owned()));
                });
                workspace.warn(&why);
            }
        }
    }

    /// Shows what has come, now and then.
    fn show(&mut self) {
        let now = millis();
        if now - self.shown >= SHOWN_EVERY.max((now - self.began) * SHOWN_AFTER) {
            self.workspace.shelf.notify();
            // What showing took counts: on a slow machine it is shown less often.
            self.shown = millis();
        }
        if now - self.said >= SAID_EVERY {
            self.say();
            self.said = now;
        }
    }

    fn say(&mut self) {
        let items = std::mem::take(&mut self.items);
        self.workspace.report.update(|report| {
            if let Some(report) = report {
                report.add(items);
            }
        });
    }

    fn end(mut self) {
        self.say();
        self.workspace.shelf.notify();
        let cancelled = self.workspace.cancelled.get_value();
        self.workspace.report.update(|report| {
            if let Some(report) = report
                && (cancelled || report.items().len() >= report.total())
            {
                report.finish(cancelled);
            }
        });
    }
}

impl Workspace {
    /// A dropped text of a session that another tab has stored in the meantime.
    async fn adopt_dropped(self, dropped: &Entry, theirs: super::record::Record) {
        let Some(theirs) = Entry::restore(theirs) else { return };
        let same = theirs.text() == dropped.text() || theirs.record().disk == *dropped.text();
        let entry = if same { theirs } else { theirs.with_incoming(Some(dropped.text().clone())) };
        if !same && self.store(std::slice::from_ref(&entry), Durability::Strict).await.is_err() {
            // The dropped text can be dropped again; the other tab's edits stay what is stored.
            return;
        }
        self.shelf.update_untracked(|shelf| shelf.put(entry));
    }
}

fn is_json(name: &str) -> bool {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension);
    extension.is_some_and(|extension| extension.eq_ignore_ascii_case("json"))
}
