//! A producer's commands in a tab, as the app runs them.

use crate::database::{Coded, Connection, TabHost, Table};
use crate::disk::{self, event, with_topic};
use crate::op::{Op, Verb};
use crate::state::State;
use callboard_core::{Agent, Event, EventKind, Policy, Session, Timestamp};
use callboard_workspace::plan::{self, Export, Resolution, SessionPlan};
use callboard_workspace::{
    Arrivals, Change, Draft, Durability, Entry, ImportResult, Origin, PlanResult, Planned, Received, Record,
    SessionFile, Store, Stored, TextHash, VersionId, receive_backup,
};
use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::rc::Rc;
use std::sync::Arc;

pub(crate) type Sessions = Store<Entry, Connection<Entry>, TabHost>;
pub(crate) type Drafts = Store<Draft, Connection<Draft>, TabHost>;

/// An export that can be taken back, and its text.
type LastExport = (Export, Arc<str>);

/// The last planning of a file's import.
struct Planning {
    received: Received,
    before: Option<Arc<Entry>>,
    was_unsaved: bool,
}

/// One open tab.
#[derive(Clone)]
pub(crate) struct Tab {
    pub(crate) name: usize,
    pub(crate) state: Rc<RefCell<State>>,
    pub(crate) sessions: Rc<Sessions>,
    pub(crate) drafts: Rc<Drafts>,
    pub(crate) is_connected: Rc<Cell<bool>>,
    /// Counts the connections, and their ends.
    connections: Rc<Cell<usize>>,
    last_export: Rc<RefCell<Option<LastExport>>>,
    draft: Rc<RefCell<Option<String>>>,
    /// Changes that are in this tab only, with the number of the session's removals by then.
    held: Rc<RefCell<Vec<(String, u64, VersionId)>>>,
}

impl Tab {
    pub(crate) fn new(name: usize, state: &Rc<RefCell<State>>) -> Self {
        let host = |table| TabHost { state: state.clone(), tab: name, table, calls: Cell::new(0) };
        Self {
            name,
            state: state.clone(),
            sessions: Rc::new(Store::new(host(Table::Sessions), "not connected")),
            drafts: Rc::new(Store::new(host(Table::Drafts), "not connected")),
            is_connected: Rc::default(),
            connections: Rc::default(),
            last_export: Rc::default(),
            draft: Rc::default(),
            held: Rc::default(),
        }
    }

    fn fail(&self, invariant: &'static str, detail: String) {
        self.state.borrow_mut().fail(invariant, detail);
    }

    fn tick(&self) -> Timestamp {
        self.state.borrow_mut().tick()
    }

    /// The `number`-th session.
    fn session(&self, number: usize) -> Option<Arc<Entry>> {
        let items = self.sessions.items();
        items.at(number % items.len().max(1)).cloned()
    }

    /// Carries a command out.
    pub(crate) async fn run(self, op: Op) {
        let now = self.tick();
        match op.verb {
            Verb::Connect => self.connect(op.b % 2 == 1).await,
            Verb::Import => self.import(op.a, op.b, now).await,
            Verb::ApplyToAll => self.apply_to_all(op.b, now).await,
            Verb::Unmark => self.unmark(now).await,
            Verb::Create => self.create(op.a, now).await,
            Verb::BackUp => self.back_up(),
            Verb::Restore => self.restore(op.a, now).await,
            Verb::Clear => self.clear().await,
            Verb::Draft => self.write_draft(op.a, op.b).await,
            Verb::EndDraft => self.end_draft().await,
            Verb::ContinueDraft => self.continue_draft(op.a).await,
            _ => {
                if let Some(entry) = self.session(op.a) {
                    self.run_on(&entry, op, now).await;
                }
            }
        }
    }

    /// Carries a command on one session out, as it is shown.
    async fn run_on(&self, shown: &Arc<Entry>, op: Op, now: Timestamp) {
        let policy = Policy::default();
        match op.verb {
            Verb::Apply => {
                let Some(event) = event(shown.session(), op.b, now) else { return };
                self.change(shown, |entry| plan::apply(entry, &event, now, &policy)).await;
            }
            Verb::Edit => {
                let text = with_topic(shown.text(), op.b);
                self.change(shown, |entry| plan::edit(entry, shown.text(), &text, now)).await;
            }
            Verb::Fix => {
                let fix = shown.session().diagnostics().into_iter().find_map(|diagnostic| diagnostic.fix);
                let Some(fix) = fix else { return };
                self.change(shown, |entry| plan::fix(entry, &fix, now)).await;
            }
            Verb::Undo => match (op.b % 2, shown.last()) {
                (0, Some(last)) => self.change(shown, |entry| plan::undo_version(entry, last.id)).await,
                _ => self.change(shown, plan::undo).await,
            },
            Verb::Redo => self.change(shown, plan::redo).await,
            Verb::GoTo => {
                let versions = &shown.record().versions;
                let target = versions[op.b % versions.len()].id;
                self.change(shown, |entry| plan::go_to(entry, target)).await;
            }
            Verb::Keep | Verb::Take | Verb::Merge => {
                let conflicts = shown.conflicts();
                let Some(incoming) = conflicts.get(op.b % conflicts.len().max(1)) else { return };
                let resolution = match op.verb {
                    Verb::Keep => Resolution::KeepCurrent,
                    Verb::Take => Resolution::TakeIncoming,
                    _ => Resolution::Merge(vec![]),
                };
                let plan = |entry: &Entry| {
                    let planned = plan::resolve(entry, &incoming.text, &resolution, now)?;
                    if let Change::Put(decided) = &planned.change {
                        self.check_decided(entry, decided);
                    }
                    Ok(planned)
                };
                self.change(shown, plan).await;
            }
            Verb::Export => self.export(shown, op.b, now).await,
            Verb::Discard => self.discard(shown).await,
            _ => {}
        }
    }

    /// A change that is in one tab only stays there until it is saved.
    pub(crate) fn check_held(&self) {
        let mut held = self.held.borrow_mut();
        held.retain(|(id, removals, _)| self.sessions.is_unsaved(id) || self.state.borrow().removals(id) == *removals);
        held.sort_unstable();
        held.dedup();
        for (id, _, version) in held.iter() {
            let here = self.sessions.get(id);
            let is_here = here.is_some_and(|here| here.record().version(*version).is_some());
            let stored = self.state.borrow().records.get(id).cloned();
            if !is_here && stored.is_none_or(|stored| stored.version(*version).is_none()) {
                self.fail("what is in one tab only stays there until it is saved", format!("{id}: {version}"));
            }
        }
        held.retain(|(id, ..)| self.sessions.is_unsaved(id));
    }

    async fn change(&self, shown: &Entry, plan: impl Fn(&Entry) -> SessionPlan) {
        self.commit(&[shown.id().to_owned()], |_, here| {
            let here = here.ok_or("This session is no longer here.")?;
            plan(here)
        })
        .await;
    }

    /// Commits, and remembers what is promised by that.
    async fn commit(
        &self,
        ids: &[String],
        mut plan: impl FnMut(&str, Option<&Arc<Entry>>) -> PlanResult<Entry>,
    ) -> Vec<PlanResult<Entry>> {
        let seen: RefCell<Vec<(String, Option<Arc<Entry>>)>> = RefCell::default();
        let planned = |id: &str, here: Option<&Arc<Entry>>| {
            let mut seen = seen.borrow_mut();
            seen.retain(|(known, _)| known != id);
            seen.push((id.to_owned(), here.cloned()));
            plan(id, here)
        };
        let results = self.sessions.commit(ids, Durability::Strict, planned).await;
        let seen = seen.take();
        for (id, result) in ids.iter().zip(&results) {
            let here = self.sessions.get(id);
            match result {
                Ok(Planned { change: Change::Put(changed), .. }) if !self.sessions.is_unsaved(id) => {
                    let Some(here) = here else {
                        self.fail("a change that is saved is shown", id.clone());
                        continue;
                    };
                    if here.record().version(changed.record().current).is_none() {
                        self.fail("a change that is saved is shown", format!("{id}: {}", changed.record().current));
                    }
                    self.state.borrow_mut().promise(changed, here.record().stamp);
                }
                Ok(Planned { change: Change::Put(changed), .. }) => {
                    let removals = self.state.borrow().removals(id);
                    let local = changed.record().versions.iter().filter(|version| version.origin == Origin::Local);
                    let held = local.map(|version| (id.clone(), removals, version.id));
                    self.held.borrow_mut().extend(held);
                }
                Err(why) if !why.contains("Other tabs") => {
                    let before = seen.iter().find(|(known, _)| known == id).and_then(|(_, here)| here.clone());
                    let as_before = |here: &Entry| {
                        let before = before.as_ref().map(|before| Record { stamp: 0, ..before.record().clone() });
                        before.as_ref() == Some(&Record { stamp: 0, ..here.record().clone() })
                    };
                    // An unsaved session may have been stored since, together with another tab's version.
                    let was_unsaved = before.as_ref().is_some_and(|before| {
                        here.as_ref().is_some_and(|here| here.record().stamp != before.record().stamp)
                    });
                    if !was_unsaved && here.as_ref().map_or(before.is_some(), |here| !as_before(here)) {
                        self.fail("a refusal leaves the session as it was", format!("{id}: {why}"));
                    }
                }
                _ => {}
            }
        }
        results
    }

    async fn connect(&self, restore: bool) {
        self.is_connected.set(false);
        self.connections.set(self.connections.get() + 1);
        let connection = self.connections.get();
        let storage = Rc::new(Connection::new(self.state.clone(), self.name));
        let lock = self.sessions.lock().await;
        let sessions = self.sessions.connect(&lock, storage, restore, |_| {}).await;
        drop(lock);
        let storage = Rc::new(Connection::new(self.state.clone(), self.name));
        let lock = self.drafts.lock().await;
        let drafts = self.drafts.connect(&lock, storage, restore, |_| {}).await;
        drop(lock);
        let is_lost = self.connections.get() != connection;
        self.is_connected.set(sessions.is_ok() && drafts.is_ok() && !is_lost);
    }

    pub(crate) fn disconnect(&self) {
        self.is_connected.set(false);
        self.connections.set(self.connections.get() + 1);
        drop(self.sessions.disconnect("connection lost"));
        drop(self.drafts.disconnect("connection lost"));
    }

    async fn apply_to_all(&self, number: usize, now: Timestamp) {
        let ids: Vec<String> = self.sessions.items().iter().map(|entry| entry.id().to_owned()).collect();
        let kind = EventKind::ALL[number % EventKind::ALL.len()];
        self.commit(&ids, |_, here| {
            let here = here.ok_or("This session is no longer here.")?;
            let agent = here.session().stage().map_or(Agent::ScriptWriter, callboard_core::Stage::agent);
            plan::apply(here, &Event::minimal(kind, agent), now, &Policy::default())
        })
        .await;
    }

    /// Imports files of the disk in one go, as they are now.
    async fn import(&self, mask: usize, manner: usize, now: Timestamp) {
        let files: Vec<(String, SessionFile)> = {
            let mut state = self.state.borrow_mut();
            let wanted = state.disk.files.iter().enumerate().filter(|(at, _)| mask >> (at % 5) & 1 == 1);
            let mut files: Vec<_> = wanted
                .filter_map(|(_, file)| {
                    let read = SessionFile::new(file.dropped(manner), Session::parse(file.text()).ok()?)?;
                    Some((file.path.clone(), read))
                })
                .collect();
            if manner / 4 % 2 == 1 {
                files.reverse();
            }
            for (path, _) in &files {
                state.begin_moving(path);
            }
            files
        };
        let paths: Vec<String> = files.iter().map(|(path, _)| path.clone()).collect();
        let mut arrivals = Arrivals::default();
        let mut read: Vec<(String, String, String)> = Vec::new();
        let mut deferred = Vec::new();
        let mut first = files;
        for round in [false, true] {
            for (path, file) in std::mem::take(if round { &mut deferred } else { &mut first }) {
                if !round && arrivals.is_deferred(self.sessions.get(&file.id).as_ref(), &file) {
                    deferred.push((path, file));
                    continue;
                }
                let last: RefCell<Option<Planning>> = RefCell::default();
                let ids = [file.id.clone()];
                let results = self
                    .commit(&ids, |_, here| {
                        let received = arrivals.receive(here, &file, now);
                        let change = received.change.clone();
                        let was_unsaved = self.sessions.is_unsaved(&file.id);
                        last.replace(Some(Planning { received, before: here.cloned(), was_unsaved }));
                        Ok(Planned { change, message: String::new(), undo: None })
                    })
                    .await;
                let Some(Planning { received, before, was_unsaved }) = last.take() else { continue };
                if results[0].is_err() {
                    continue;
                }
                let after = self.sessions.get(&file.id);
                if let (Change::Put(put), Some(before)) = (&received.change, &before)
                    && before.changed()
                    && put.text() != before.text()
                    && read.iter().all(|(session, ..)| *session != file.id)
                {
                    self.fail("an import leaves a changed session's text", format!("{}: {}", file.path, put.text()));
                }
                // A session that is removed during an import is missing after it.
                match &after {
                    // An unsaved session may have been reconciled with another tab's version by now.
                    Some(_) if was_unsaved => {}
                    Some(after) => self.check_file(&file, &received.result, after),
                    None if matches!(received.change, Change::Nothing) => {}
                    None => {
                        self.fail("an imported file is shown as its result says", format!("{} is not here", file.path))
                    }
                }
                // Of the several files of a session, only the one that stands is known to be looked at.
                let is_first = read.iter().all(|(session, ..)| *session != file.id);
                read.retain(|(session, ..)| *session != file.id);
                let is_read = is_first || matches!(received.change, Change::Put(_));
                let path = if is_read { path } else { String::new() };
                read.push((file.id.clone(), path, file.session.text().to_owned()));
                arrivals.note(&file, &received, before, after);
            }
        }
        let mut state = self.state.borrow_mut();
        for path in paths {
            let text = read.iter().find(|(_, of, _)| *of == path).map(|(_, _, text)| text.as_str());
            state.end_moving(self.name, &path, text);
        }
    }

    /// A conflict that is decided is gone, and is there again with undo; no other is touched.
    fn check_decided(&self, open: &Entry, decided: &Entry) {
        let texts =
            |entry: &Entry| -> Vec<Arc<str>> { entry.conflicts().into_iter().map(|of| of.text.clone()).collect() };
        let Ok(Planned { change: Change::Put(undone), .. }) = plan::undo(decided) else {
            return self.fail("a decision can be undone", decided.id().to_owned());
        };
        if texts(decided).len() + 1 != texts(open).len() && **decided.text() == **open.text() {
            self.fail("a decision ends one conflict", format!("{:?} of {:?}", texts(decided), texts(open)));
        }
        if texts(decided).len() >= texts(open).len() || texts(&undone) != texts(open) {
            self.fail("a decision ends one conflict", format!("{:?} of {:?}", texts(decided), texts(open)));
        }
    }

    /// A file that is imported is shown, or known, as the result says.
    fn check_file(&self, file: &SessionFile, result: &ImportResult, after: &Entry) {
        let text = file.session.text();
        let is_shown = **after.text() == *text;
        let is_conflict = after.conflicts().iter().any(|incoming| *incoming.text == *text);
        let is_right = match result {
            ImportResult::Added | ImportResult::Updated | ImportResult::CaughtUp => is_shown && !after.changed(),
            ImportResult::Moved { .. } => is_shown && !after.changed() && after.record().is_at(&file.path),
            ImportResult::Conflict => is_conflict && !is_shown,
            ImportResult::Unchanged => !is_conflict,
            _ => true,
        };
        if !is_right && !self.sessions.is_unsaved(after.id()) {
            let detail = format!(
                "{}: {result:?} of {text}, shown {is_shown}, changed {}, conflict {is_conflict}: {:?}",
                file.path,
                after.changed(),
                after.record()
            );
            self.fail("an imported file is shown as its result says", detail);
        }
    }

    async fn export(&self, shown: &Arc<Entry>, manner: usize, now: Timestamp) {
        let (is_heeded, is_placed) = (manner.is_multiple_of(2), manner % 8 < 6);
        let record = shown.record();
        if (is_heeded && record.overwrites()) || !(shown.changed() || record.overwrites()) {
            return;
        }
        let (id, text) = (shown.id().to_owned(), shown.text().clone());
        let export = Export::of([&**shown]);
        let path = {
            let mut state = self.state.borrow_mut();
            let file = state.disk.file_at(&id, shown.path()).map(|at| state.disk.files[at].clone());
            let path = file.as_ref().map_or(shown.path(), |file| &file.path).to_owned();
            if let Some(file) = file.filter(|_| is_placed)
                && state.seen(self.name, &path) == Some(file.text())
                && let Err(why) = is_seen(shown, file.text(), &state)
            {
                state.fail("no text of a file is overwritten unseen", format!("{path}: {why}: {}", file.text()));
            }
            state.begin_moving(&path);
            state.exported.insert(text.to_string());
            if is_placed {
                state.disk.put(&id, shown.path(), &text);
            }
            path
        };
        let results = self
            .commit(&[id], |_, here| {
                let here = here.ok_or("This session is no longer here.")?;
                export.mark(here, now)
            })
            .await;
        if let Ok(Planned { change: Change::Put(marked), .. }) = &results[0] {
            let content = marked.record().file_at(shown.path()).and_then(|file| file.content.clone());
            if content.as_ref() != Some(&text) {
                self.fail("an export holds what was shown", format!("{path}: {content:?}"));
            }
        }
        self.state.borrow_mut().end_moving(self.name, &path, None);
        self.last_export.replace(Some((export, text)));
    }

    async fn unmark(&self, now: Timestamp) {
        let Some((export, text)) = self.last_export.take() else { return };
        let ids = export.ids();
        self.state.borrow_mut().taken_back.insert(text.to_string());
        self.state.borrow_mut().release_files(&ids);
        self.state.borrow_mut().forget_seen(|_, _| true);
        self.commit(&ids, |_, here| {
            let here = here.ok_or("This session is no longer here.")?;
            export.unmark(here, now)
        })
        .await;
        self.state.borrow_mut().forget_seen(|_, _| true);
    }

    async fn create(&self, number: usize, now: Timestamp) {
        let id = format!("ep_{}", 8 + number % 2);
        let text = disk::text(&id, "new");
        let path = format!("sessions/{id}.json");
        self.commit(&[id], |id, here| match here {
            Some(_) => Err("It is here already.".into()),
            None => {
                let record = Record::created(id.to_owned(), path.clone(), text.as_str().into(), now);
                Ok(Planned::put(Entry::restore(record).ok_or("no session")?))
            }
        })
        .await;
    }

    /// Discards a session that was created here, as it is shown.
    async fn discard(&self, shown: &Arc<Entry>) {
        if shown.record().files.iter().any(|file| file.content.is_some()) {
            return;
        }
        let id = shown.id().to_owned();
        let generation = self.state.borrow().removals(&id);
        let results = self
            .commit(std::slice::from_ref(&id), |_, here| match here {
                Some(here) if here.revision() == shown.revision() => Ok(Planned::remove("Discarded.")),
                _ => Err("It was changed in another tab, and stays.".into()),
            })
            .await;
        if results[0].is_ok() {
            self.held.borrow_mut().retain(|(held, ..)| *held != id);
        }
        let state = self.state.borrow();
        let is_removed_here = state.removed_by.get(&id) == Some(&self.name);
        if results[0].is_ok() && is_removed_here && state.removals(&id) == generation + 1 {
            let is_unseen = |version: &_| shown.record().version(*version).is_none();
            if let Some(unseen) = state.promised(&id, generation).into_iter().find(is_unseen) {
                drop(state);
                self.fail("only what was seen is discarded", format!("{id}: {unseen}"));
            }
        }
    }

    fn back_up(&self) {
        let backup = self.sessions.items().iter().map(|entry| entry.encode()).collect();
        let mut state = self.state.borrow_mut();
        state.backups.push(backup);
        if state.backups.len() > 4 {
            state.backups.remove(0);
        }
    }

    async fn restore(&self, number: usize, now: Timestamp) {
        let backup = {
            let state = self.state.borrow();
            state.backups.get(number % state.backups.len().max(1)).cloned()
        };
        let Some(backup) = backup else { return };
        let entries: Vec<Entry> = backup.iter().filter_map(|json| Entry::decode(json)).collect();
        let ids: Vec<String> = entries.iter().map(|entry| entry.id().to_owned()).collect();
        let record = |id: &str| entries.iter().find(|entry| entry.id() == id).map(Entry::record);
        // The backup may know files as they were before or after.
        self.state.borrow_mut().forget_seen(|_, _| true);
        let results = self
            .commit(&ids, |id, here| {
                let record = record(id).ok_or("It is not in the backup.")?;
                let change = receive_backup(here, record, now).change;
                Ok(Planned { change, message: String::new(), undo: None })
            })
            .await;
        self.state.borrow_mut().forget_seen(|_, _| true);
        for (id, result) in ids.iter().zip(results) {
            let (Ok(_), Some(record), Some(here)) = (result, record(id), self.sessions.get(id)) else { continue };
            let missing = record.versions.iter().find(|version| here.record().version(version.id).is_none());
            if let Some(missing) = missing.filter(|_| !self.sessions.is_unsaved(id)) {
                self.fail("a restored backup is here with all its versions", format!("{id}: {}", missing.id));
            }
        }
    }

    async fn clear(&self) {
        self.state.borrow_mut().forget_seen(|_, _| true);
        if self.sessions.clear(|_| true).await.is_ok() {
            self.held.borrow_mut().clear();
        }
        self.state.borrow_mut().forget_seen(|_, _| true);
    }

    /// Types in the tab's draft, which is begun where there is none.
    async fn write_draft(&self, session: usize, number: usize) {
        let known = self.draft.borrow().clone();
        let id = match known {
            Some(id) => id,
            None => {
                let id = format!("draft-{}-{}", self.name, self.tick().unix());
                self.draft.replace(Some(id.clone()));
                self.state.borrow_mut().locks.insert(id.clone(), self.name);
                id
            }
        };
        let Some(entry) = self.session(session) else { return };
        let now = self.tick();
        let typed = format!("{number} at {}", now.unix());
        let begin = || Draft {
            id: id.clone(),
            stamp: 0,
            session: entry.id().to_owned(),
            base: entry.text().clone(),
            text: String::new(),
            at: 0,
        };
        self.type_draft(&id, typed, now, begin).await;
    }

    async fn type_draft(&self, id: &str, typed: String, now: Timestamp, begin: impl Fn() -> Draft) {
        self.state.borrow_mut().typed.entry(id.to_owned()).or_default().push(typed.clone());
        let ids = [id.to_owned()];
        let results = self
            .drafts
            .commit(&ids, Durability::Relaxed, |_, here| {
                let draft = here.map_or_else(&begin, |here| Draft::clone(here));
                Ok(Planned::put(Draft { text: typed.clone(), at: now.unix(), ..draft }))
            })
            .await;
        if results[0].is_ok() && !self.drafts.is_unsaved(id) {
            let mut state = self.state.borrow_mut();
            let texts = state.typed.entry(id.to_owned()).or_default();
            let at = texts.iter().position(|text| *text == typed).unwrap_or_default();
            texts.drain(..at);
            if !state.ended.contains(id) {
                state.acknowledged.insert(id.to_owned());
            }
        }
    }

    async fn end_draft(&self) {
        let Some(id) = self.draft.take() else { return };
        {
            let mut state = self.state.borrow_mut();
            state.acknowledged.remove(&id);
            state.ended.insert(id.clone());
        }
        self.drafts.commit(std::slice::from_ref(&id), Durability::Relaxed, |_, _| Ok(Planned::remove(""))).await;
        self.state.borrow_mut().locks.remove(&id);
    }

    /// Goes on with a draft that no open tab holds.
    async fn continue_draft(&self, number: usize) {
        if self.draft.borrow().is_some() {
            return;
        }
        let (id, now) = {
            let items = self.drafts.items();
            let mut state = self.state.borrow_mut();
            let free = |draft: &&Arc<Draft>| !state.locks.contains_key(&draft.id) && !state.ended.contains(&draft.id);
            let free: Vec<String> = items.iter().filter(free).map(|draft| draft.id.clone()).collect();
            let Some(id) = free.get(number % free.len().max(1)) else { return };
            state.locks.insert(id.clone(), self.name);
            (id.clone(), state.tick())
        };
        self.draft.replace(Some(id.clone()));
        let begin =
            || Draft { id: id.clone(), stamp: 0, session: String::new(), base: "".into(), text: String::new(), at: 0 };
        self.type_draft(&id, format!("continued at {}", now.unix()), now, begin).await;
    }
}

/// Marks a file's content as seen by the producer: as the file's text, and where that never was the session's, as a
/// conflict, of which an export warns while nobody has decided.
fn is_seen(shown: &Entry, text: &str, state: &State) -> Result<(), String> {
    let record = shown.record();
    let content = record.file().and_then(|file| file.content.as_deref());
    let hash = TextHash::of(text);
    let is_version = record.versions.iter().any(|version| version.hash == hash);
    // The producer took an export back although its file is on the disk: it holds one of the session's own texts.
    let is_taken_back = state.taken_back.contains(text) && is_version;
    if content != Some(text) && !is_taken_back {
        return Err(format!("the file is said to hold {content:?}"));
    }
    let conflict = record.conflicts().find(|incoming| *incoming.text == *text);
    if conflict.is_some() && !record.overwrites() {
        return Err("its conflict gives no warning".into());
    }
    let is_known = is_version || record.inbox.iter().any(|incoming| *incoming.text == *text);
    if is_known || state.exported.contains(text) { Ok(()) } else { Err("it was never shown".into()) }
}

/// The ids of the items of a store.
pub(crate) fn ids<T: Stored>(items: &callboard_workspace::Collection<T>) -> HashSet<String> {
    items.iter().map(|item| item.id().to_owned()).collect()
}
