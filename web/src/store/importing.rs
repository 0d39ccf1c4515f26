//! An import: files read a few at a time, taken in in slices, stored in batches. The page stays free
//! all along, and whoever waits sees how far it is and can stop it.
use super::arrivals::Arrivals;
use super::entry::Entry;
use super::fate::{Fate, Item};
use super::keeping::TRIES;
use super::place::{Incoming, joined};
use super::preferences::{self, Config};
use super::receiving::Received;
use super::record::Record;
use super::report::{Ending, Report};
use super::storage_error::StorageError;
use super::transfer::{TextKind, Transfer};
use super::workspace::Workspace;
use super::{backup, report_log};
use crate::platform::clock::{self, millis};
use crate::platform::database::{Durability, Written};
use crate::platform::files::{self, AT_ONCE, Dropped, Found};
use crate::platform::pace::{Pace, pass};
use crate::platform::stored::new_stamp;
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
        joined(&self.folder, &self.name)
    }
}

/// A session as an import leaves it, and the texts that came with it.
pub(super) struct Taken {
    entry: Entry,
    texts: Vec<Incoming>,
}

/// What became of a session that another tab was first with.
struct Adopted {
    /// It is stored as it is here.
    stored: bool,
    /// A text that was not there waits.
    waits: bool,
}

/// What an import has taken in and not yet shown.
pub(super) struct Intake {
    pub(super) workspace: Workspace,
    pub(super) items: Vec<Item>,
    began: f64,
    shown: f64,
    said: f64,
    pub(super) pace: Pace,
    /// The sessions that came in this import.
    came: Arrivals,
    /// The configuration files of this import, path and text.
    configs: Vec<(String, String)>,
    /// Files of sessions that are known at another path: looked at when all others are through, for the session's
    /// own file may be among them.
    aside: Vec<Read>,
    /// All others are through.
    last: bool,
}

impl Workspace {
    /// Loads what was dropped or chosen.
    pub fn import(self, dropped: Dropped) {
        self.begin_report(0);
        spawn_local(async move {
            let (found, closed) = dropped.walk(|| self.cancelled.get_value()).await;
            self.expect(found.len() + closed.len());
            let mut intake = Intake::begin(self);
            let unread = |(path, why): (String, Option<String>)| {
                let fate = why.map_or(Fate::NotRead, Fate::Unread);
                Item { path, id: None, fate }
            };
            intake.items.extend(closed.into_iter().map(unread));
            let mut left = found.chunks(AT_ONCE);
            let mut files = Vec::new();
            loop {
                let next = if self.cancelled.get_value() { None } else { left.next() };
                // The disk reads the next ones while these are taken in and stored.
                let ((), read) = join(intake.take(files), read(next.unwrap_or_default())).await;
                if next.is_none() {
                    break;
                }
                files = read;
            }
            intake.take_aside().await;
            intake.pass_over(left.flatten().map(Found::path));
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
            intake.take_aside().await;
            intake.end();
        });
    }

    /// Loads a text that was dropped or pasted, under the name that its session's file would have; says what a text is
    /// that cannot be loaded. Returns whether it is a session.
    pub fn import_text(self, uris: &str, text: String, transfer: Transfer) -> bool {
        let kind = TextKind::of(uris, &text);
        if kind != TextKind::Json {
            self.say(kind.refusal(transfer), None);
            return false;
        }
        let session = Session::parse(text.as_str()).ok();
        let is_session = session.is_some();
        let name = session.and_then(|session| Some(ids::file_name(session.episode().number?, session.created()?)));
        let unnamed = match transfer {
            Transfer::Dropped => "dropped.json",
            Transfer::Pasted => "pasted.json",
        };
        self.import_texts(vec![(name.unwrap_or_else(|| unnamed.into()), text)]);
        is_session
    }

    /// Stops the import that is going on. What it has taken in stays.
    pub fn cancel_import(self) {
        self.cancelled.set_value(true);
    }

    /// Begins a report; an import that comes while another goes on is told of in the same one.
    fn begin_report(self, total: usize) {
        if self.report.with_untracked(|report| report.as_ref().is_some_and(|report| !report.finished())) {
            return self.expect(total);
        }
        let report = Report::of(new_stamp(), total);
        self.log_report(report_log::begun(&report), true);
        self.cancelled.set_value(false);
        self.said.set(None);
        self.report_open.set(true);
        self.report.set(Some(report));
    }

    /// So many files more come.
    pub(super) fn expect(self, more: usize) {
        self.report.update(|report| {
            if let Some(report) = report {
                report.expect(more);
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
        Self {
            workspace,
            items: Vec::new(),
            began: millis(),
            shown: millis(),
            said: 0.0,
            pace: Pace::begin(),
            came: Arrivals::default(),
            configs: Vec::new(),
            aside: Vec::new(),
            last: false,
        }
    }

    /// Takes in what was put aside.
    async fn take_aside(&mut self) {
        self.last = true;
        let mut files = std::mem::take(&mut self.aside).into_iter();
        loop {
            let next: Vec<_> = files.by_ref().take(AT_ONCE).collect();
            if next.is_empty() {
                break;
            }
            self.take_sessions(next).await;
        }
        self.take_policy();
    }

    /// Puts the policy of a configuration file in force: of several, the one nearest the top, by path among those.
    fn take_policy(&mut self) {
        let mut configs = std::mem::take(&mut self.configs);
        let depth = |path: &str| path.matches('/').count();
        let paths = configs.iter().map(|(path, _)| (depth(path), path)).enumerate();
        let Some(first) = paths.min_by(|(_, one), (_, other)| one.cmp(other)).map(|(at, _)| at) else { return };
        let (used, text) = configs.swap_remove(first);
        preferences::set_config(Some(Config { path: used.clone(), text }));
        let unused =
            configs.into_iter().map(|(path, _)| Item { path, id: None, fate: Fate::PolicyUnused(used.clone()) });
        self.items.extend(unused);
        self.items.push(Item { path: used, id: None, fate: Fate::Policy });
    }

    /// Takes files in, stores them, and shows them now and then.
    async fn take(&mut self, files: Vec<Read>) {
        let mut sessions = Vec::with_capacity(files.len());
        for file in files {
            match &file.bytes {
                Ok(bytes) if is_json(&file.name) && backup::is_one(bytes) => {
                    self.take_sessions(std::mem::take(&mut sessions)).await;
                    self.restore(bytes, &file.path()).await;
                }
                _ => sessions.push(file),
            }
        }
        self.take_sessions(sessions).await;
    }

    async fn take_sessions(&mut self, files: Vec<Read>) {
        // Whoever has been waiting to change a session does so first.
        pass().await;
        let turn = self.workspace.turn.get_value();
        let guard = turn.lock().await;
        let mut entries = Vec::new();
        for file in files {
            let path = file.path();
            let (id, fate) = match &file.bytes {
                _ if !is_json(&file.name) => (None, Fate::NotASession("Its name does not end in .json.".into())),
                Err(why) => (None, Fate::Unread(why.clone())),
                Ok(bytes) if file.name == callboard_core::Config::FILE => match self.read_config(&path, bytes) {
                    Some(fate) => (None, fate),
                    None => continue,
                },
                Ok(bytes) => {
                    let now = clock::now();
                    let (came, aside) = (&mut self.came, !self.last);
                    let (received, amended) = self
                        .workspace
                        .shelf
                        .with_untracked(|shelf| came.receive(shelf, (&file.name, &file.folder), bytes, now, aside));
                    if received.elsewhere && aside {
                        self.aside.push(file);
                        continue;
                    }
                    self.amend(amended);
                    self.put(received, &mut entries)
                }
            };
            self.items.push(Item { path, id, fate });
            self.pace.rest().await;
        }
        self.keep(entries).await;
        drop(guard);
        self.show();
    }

    /// Puts what was received on the shelf, where the next file of the same session is held against it, and among
    /// what is to be stored. Returns the session's id and what became of the file.
    pub(super) fn put(&self, received: Received, taken: &mut Vec<Taken>) -> (Option<String>, Fate) {
        let Received { id, fate, entry, texts, .. } = received;
        if let Some(entry) = entry {
            // Of a session's files in one batch, the one that stands for it is stored alone.
            taken.retain(|taken| taken.entry.id() != entry.id());
            self.workspace.shelf.update_untracked(|shelf| shelf.put(entry.clone()));
            taken.push(Taken { entry, texts });
        }
        (id, fate)
    }

    /// Reads a configuration file, to be chosen from at the end; what is wrong in it, if anything is.
    fn read_config(&mut self, path: &str, bytes: &[u8]) -> Option<Fate> {
        match callboard_core::Config::from_bytes(bytes) {
            Ok(_) => {
                self.configs.push((path.to_owned(), String::from_utf8_lossy(bytes).into_owned()));
                None
            }
            Err(error) => {
                Some(Fate::Broken { line: error.line(), column: error.column(), message: error.message().to_owned() })
            }
        }
    }

    /// Changes the outcome of files that are through already.
    fn amend(&mut self, amended: Vec<Item>) {
        let mut told = Vec::new();
        for item in amended {
            match self.items.iter_mut().find(|known| known.path == item.path) {
                Some(known) => *known = item,
                None => told.push(item),
            }
        }
        let workspace = self.workspace;
        let text = workspace.report.with_untracked(|report| {
            report.as_ref().filter(|_| !told.is_empty()).map(|report| report_log::amended(report, &told))
        });
        let Some(text) = text else { return };
        workspace.log_report(text, false);
        workspace.report.update(|report| {
            if let Some(report) = report {
                told.into_iter().for_each(|item| {
                    report.amend(item);
                });
            }
        });
    }

    /// These were left when somebody stopped the import.
    pub(super) fn pass_over(&mut self, paths: impl Iterator<Item = String>) {
        self.items.extend(paths.map(|path| Item { path, id: None, fate: Fate::NotRead }));
    }

    /// Stores what was taken in. Where another tab was first, its text stays and ours waits beside it.
    pub(super) async fn keep(&mut self, taken: Vec<Taken>) {
        if taken.is_empty() {
            return;
        }
        let workspace = self.workspace;
        let entries: Vec<Entry> = taken.iter().map(|taken| taken.entry.clone()).collect();
        match workspace.store(&entries, Durability::Relaxed).await {
            Ok(written) => {
                let mut ids = Vec::with_capacity(taken.len());
                for (taken, written) in taken.into_iter().zip(written) {
                    let id = taken.entry.id().to_owned();
                    match written {
                        Written::Stored(stamp) => {
                            workspace.shelf.update_untracked(|shelf| shelf.put(taken.entry.stamped(stamp)));
                            ids.push(id);
                        }
                        Written::Behind(theirs) => {
                            let adopted = workspace.adopt_dropped(taken, *theirs).await;
                            if adopted.waits {
                                self.say_both(&id);
                            }
                            if adopted.stored {
                                ids.push(id);
                            }
                        }
                    }
                }
                workspace.tell(ids.clone());
                workspace.catch_up(&ids).await;
            }
            Err(why) => {
                workspace.unsaved.update_value(|unsaved| {
                    unsaved.extend(entries.iter().map(|entry| entry.id().to_owned()));
                });
                workspace.set_storage_error(why);
            }
        }
    }

    /// A text that was taken waits after all: another tab was first.
    fn say_both(&mut self, id: &str) {
        let of_it = |item: &&mut Item| item.id.as_deref() == Some(id);
        for item in self.items.iter_mut().filter(of_it) {
            if matches!(item.fate, Fate::Added | Fate::Updated | Fate::Moved(_)) {
                item.fate = Fate::KeptEdits;
            }
        }
    }

    /// Shows what has come, now and then.
    pub(super) fn show(&mut self) {
        let now = millis();
        if now - self.shown >= SHOWN_EVERY.max((now - self.began) * SHOWN_AFTER) {
            self.workspace.shelf.notify();
            // What showing took counts: on a slow machine it is shown less often.
            self.shown = millis();
        }
        if !self.items.is_empty() && now - self.said >= SAID_EVERY {
            self.say();
            self.said = now;
        }
    }

    fn say(&mut self) {
        let items = std::mem::take(&mut self.items);
        let workspace = self.workspace;
        if let Some(text) =
            workspace.report.with_untracked(|report| report.as_ref().map(|report| report_log::files(report, &items)))
        {
            workspace.log_report(text, false);
        }
        workspace.report.update(|report| {
            if let Some(report) = report {
                report.add(items);
            }
        });
    }

    fn end(mut self) {
        self.say();
        let workspace = self.workspace;
        workspace.shelf.notify();
        let ending = if workspace.cancelled.get_value() { Ending::Stopped } else { Ending::Through };
        workspace.report.update(|report| {
            if let Some(report) = report
                && report.items().len() >= report.total()
            {
                report.finish(ending, Some(clock::now()));
                workspace.log_report(report_log::ended(report), false);
            }
        });
    }
}

impl Workspace {
    /// Something dropped of a session that another tab has stored in the meantime: that tab's stays what is shown, and
    /// what was dropped waits beside it. Where edits of ours were never stored, they stay, and that tab's text waits.
    async fn adopt_dropped(self, taken: Taken, mut theirs: Record) -> Adopted {
        let put = |entry| self.shelf.update_untracked(|shelf| shelf.put(entry));
        let id = taken.entry.id().to_owned();
        let is_ours = self.unsaved.with_value(|unsaved| unsaved.contains(&id));
        let mut tries = 0..TRIES;
        loop {
            let Some(there) = Entry::restore(theirs) else { return Adopted { stored: false, waits: false } };
            let entry = if is_ours {
                taken.entry.beside(&there)
            } else {
                there.waits_too(taken.texts.iter().filter(|text| text.text != there.record().disk).cloned())
            };
            if entry.record() == there.record() {
                put(there);
                return Adopted { stored: true, waits: false };
            }
            let written = self.store(std::slice::from_ref(&entry), Durability::Strict).await;
            match written.map(|mut written| written.pop()) {
                Ok(Some(Written::Stored(stamp))) => {
                    put(entry.stamped(stamp));
                    return Adopted { stored: true, waits: true };
                }
                // Another tab was first again.
                Ok(Some(Written::Behind(newer))) if tries.next().is_some() => theirs = *newer,
                not_stored => {
                    put(entry);
                    self.unsaved.update_value(|unsaved| {
                        unsaved.insert(id);
                    });
                    self.set_storage_error(not_stored.err().unwrap_or_else(StorageError::contended));
                    return Adopted { stored: false, waits: true };
                }
            }
        }
    }
}

fn is_json(name: &str) -> bool {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension);
    extension.is_some_and(|extension| extension.eq_ignore_ascii_case("json"))
}
