//! The live source of the workspace: connected, followed, and saved into.
use super::follow::{ChangedFiles, SessionUpdate};
use super::import::{Imports, ListReason};
use super::last_export::WrittenFile;
use super::news::News;
use super::preferences::limits;
use super::save::Saved;
use super::status::Status;
use super::workspace::Workspace;
use crate::format::count;
use crate::platform::channel::Channel;
use crate::platform::files::ClosedFolder;
use crate::platform::lock;
use crate::platform::pace::pause;
use crate::platform::web_storage::Area;
use crate::source::output::{OpenOutputs, OutputOpener, Outputs};
use crate::source::{self, Abilities, RememberedFolder, Source, SourceError, SourceEvent, SourceListing};
use callboard_workspace::{Entry, LivePaths, may_hold};
use futures::channel::oneshot;
use futures::future::{Either, select};
use futures::{StreamExt as _, stream};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

/// The most files that are read at a time when several change.
const AT_ONCE: usize = 16;

/// The shortest time between two updates of the workspace: an agent's writes are shown together.
const UPDATE_EVERY: Duration = Duration::from_millis(120);

/// Name of the channel on which the tab that follows a source tells the others of its connection.
const CHANNEL: &str = "callboard-connection";

/// A message between the tabs of one source, which its identity names.
#[derive(Serialize, Deserialize)]
enum ConnectionMessage {
    /// A tab asks for the state of the connection.
    Asked(String),
    /// The source can be reached.
    On(String),
    /// The source cannot be reached, for this reason.
    Lost(String, String),
    /// Files of the source changed.
    Changed(String),
}

/// Time after which files that could not be read are tried again, and the number of attempts.
const RETRY_EVERY: Duration = Duration::from_secs(1);
const ATTEMPTS: usize = 10;

/// Time after which a source is listed again that answers but could not be listed.
const LIST_AGAIN: Duration = Duration::from_secs(3);

/// Key under which the [`LastSource`] is remembered.
const LAST_SOURCE: &str = "callboard-source";

/// The source of the last visit.
#[derive(Serialize, Deserialize)]
struct LastSource {
    /// The source's identity.
    identity: String,
    /// The paths of the sessions that are files of the source, with their ids.
    sessions: HashMap<String, String>,
}

/// The state of the connection to a source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum LiveState {
    /// There is no source: sessions come from dropped files.
    #[default]
    Off,
    /// The folder of the last visit, with its name: one click opens it again.
    Remembered(String),
    /// The source is being read for the first time.
    Opening(String),
    /// Changes are followed.
    On(String),
    /// The source cannot be reached: its name, and why.
    Lost(String, String),
}

/// The live source, provided as context.
#[derive(Clone, Copy)]
pub struct Live {
    /// The source; `None` for dropped files.
    pub source: RwSignal<Option<Source>, LocalStorage>,
    /// The state of the connection.
    pub state: RwSignal<LiveState>,
    /// Counts changes of the source's files, outputs included.
    pub changed: RwSignal<u64>,
    /// True while sessions are saved.
    pub saving: RwSignal<bool>,
    /// The sessions that are to be saved once the present save is through, in the order asked for.
    pub queued: RwSignal<Vec<String>>,
    workspace: Workspace,
    imports: Imports,
    news: News,
    status: Status,
    remembered: StoredValue<Option<RememberedFolder>, LocalStorage>,
    /// Counts the sources: what belongs to an older one ends.
    connection: StoredValue<u64>,
    /// True while this tab follows the source; others follow this tab.
    is_leader: StoredValue<bool>,
    channel: StoredValue<Option<Channel<ConnectionMessage>>, LocalStorage>,
    /// Ends the watch of the source before when it is dropped.
    watching: StoredValue<Option<oneshot::Sender<()>>, LocalStorage>,
    /// The paths of the source's files as they are known, each with the id of the session that it holds. Empty before the
    /// first listing.
    listed: StoredValue<Arc<HashMap<String, Option<String>>>, LocalStorage>,
}

/// Returns the live source of this page.
pub fn use_live() -> Live {
    expect_context()
}

impl Live {
    /// Connects to the server that served the page, or to the folder of the last visit where the browser allows that
    /// without a click.
    pub fn begin(workspace: Workspace, imports: Imports, outputs: OpenOutputs, news: News) -> Self {
        let live = Self {
            source: RwSignal::new_local(None),
            state: RwSignal::default(),
            changed: RwSignal::new(0),
            saving: RwSignal::new(false),
            queued: RwSignal::default(),
            workspace,
            imports,
            news,
            status: workspace.status,
            remembered: StoredValue::new_local(None),
            connection: StoredValue::new(0),
            is_leader: StoredValue::new(false),
            channel: StoredValue::new_local(None),
            watching: StoredValue::new_local(None),
            listed: StoredValue::new_local(Arc::default()),
        };
        Effect::new(move |_| {
            let is_on = live.state.with(|state| matches!(state, LiveState::On(_)));
            news.live.set(is_on && live.is_leader.get_value());
        });
        Effect::new(move |_| {
            let source = live.source.get().filter(|source| source.abilities().outputs);
            outputs.0.set(source.map(|source| {
                let opener: OutputOpener = Rc::new(move |path| {
                    let source = source.clone();
                    Box::pin(async move {
                        // A browser reports every request for a file that is not there.
                        if live.lacks(&path) {
                            return Ok(None);
                        }
                        source.output(&path).await.map_err(|error| error.message)
                    })
                });
                Outputs::new(opener, live.changed.into())
            }));
        });
        live.channel.set_value(Channel::open(CHANNEL, move |message| live.receive_message(&message)));
        Effect::new(move |_| {
            live.state.track();
            live.broadcast_state();
        });
        spawn_local(live.find());
        live
    }

    /// Takes over the state of the connection from the tab that follows the source, or tells it to one that asks.
    fn receive_message(self, message: &ConnectionMessage) {
        let Some(source) = self.source.try_get_untracked().flatten() else { return };
        let is_follower = !self.is_leader.get_value() && !matches!(self.state.get_untracked(), LiveState::Opening(_));
        match message {
            ConnectionMessage::Asked(identity) if *identity == source.identity() => self.broadcast_state(),
            ConnectionMessage::On(identity) if is_follower && *identity == source.identity() => {
                self.state.set(LiveState::On(source.name()));
            }
            ConnectionMessage::Changed(identity) if is_follower && *identity == source.identity() => {
                self.changed.update(|changed| *changed += 1);
            }
            ConnectionMessage::Lost(identity, why) if is_follower && *identity == source.identity() => {
                self.state.set(LiveState::Lost(source.name(), why.clone()));
            }
            _ => {}
        }
    }

    /// Tells the other tabs the state of the connection, if this tab follows the source.
    fn broadcast_state(self) {
        let Some(source) = self.source.get_untracked().filter(|_| self.is_leader.get_value()) else { return };
        match self.state.get_untracked() {
            LiveState::On(_) => self.send(&ConnectionMessage::On(source.identity())),
            LiveState::Lost(_, why) => self.send(&ConnectionMessage::Lost(source.identity(), why)),
            LiveState::Off | LiveState::Remembered(_) | LiveState::Opening(_) => {}
        }
    }

    fn send(self, message: &ConnectionMessage) {
        self.channel.with_value(|channel| {
            if let Some(channel) = channel {
                channel.send(message);
            }
        });
    }

    async fn find(self) {
        match source::served().await {
            Some(Ok(source)) => return self.attach(source, false).await,
            Some(Err(error)) => return self.state.set(LiveState::Lost("The server".into(), error.message)),
            None => {}
        }
        let Some(folder) = source::remembered().await else { return };
        // Another source may have been opened meanwhile.
        if self.source.with_untracked(Option::is_some) {
            return;
        }
        self.remembered.set_value(Some(folder.clone()));
        if folder.is_granted().await
            && let Ok(source) = folder.reconnect().await
            && self.source.with_untracked(Option::is_none)
        {
            return self.attach(source, false).await;
        }
        if self.source.with_untracked(Option::is_none) {
            self.state.set(LiveState::Remembered(folder.name()));
        }
    }

    /// Returns true if the source has no file at a path, as far as this tab has listed it.
    fn lacks(self, path: &str) -> bool {
        self.listed.try_with_value(|listed| !listed.is_empty() && !listed.contains_key(path)).unwrap_or_default()
    }

    /// Returns true if the source may have a session's file at a path, as far as it was listed.
    fn may_hold(self, source: &Source, path: &str, id: &str) -> bool {
        let listed = self.listed.get_value();
        if !listed.is_empty() {
            return may_hold(&listed, path, id) == Some(true);
        }
        // Another tab follows the source.
        let last = Area::Local.get::<LastSource>(LAST_SOURCE).filter(|last| last.identity == source.identity());
        last.is_some_and(|last| last.sessions.get(path).is_some_and(|held| held == id))
    }

    /// Returns true if this browser can open a folder.
    pub fn can_open_folder(self) -> bool {
        source::can_open_folder()
    }

    /// Asks for a folder and follows it. Must be called during a click.
    pub fn open_folder(self) {
        spawn_local(async move {
            match source::open_folder().await {
                Ok(Some(source)) => self.attach(source, true).await,
                Ok(None) => {}
                Err(error) => self.status.set(error.message, None),
            }
        });
    }

    /// Opens the folder of the last visit again. Must be called during a click.
    pub fn reconnect(self) {
        let Some(folder) = self.remembered.get_value() else { return };
        spawn_local(async move {
            match folder.reconnect().await {
                Ok(source) => self.attach(source, false).await,
                Err(error) => self.status.set(error.message, None),
            }
        });
    }

    /// Ends the connection. The sessions stay in the workspace.
    pub fn close(self) {
        self.detach();
        self.source.set(None);
        self.state.set(LiveState::Off);
        self.remembered.set_value(None);
        spawn_local(source::forget_folder());
    }

    /// Ends what belongs to the present source.
    fn detach(self) {
        self.connection.update_value(|connection| *connection += 1);
        self.is_leader.set_value(false);
        self.watching.set_value(None);
        self.listed.set_value(Arc::default());
    }

    /// Returns what the source can do; reactive. Without a source, nothing.
    pub fn abilities(self) -> Abilities {
        let none = Abilities { write: false, outputs: false, commit: false };
        self.source.with(|source| source.as_ref().map_or(none, Source::abilities))
    }

    /// Follows a source until another one is opened.
    async fn attach(self, source: Source, asked: bool) {
        self.detach();
        let connection = self.connection.get_value();
        let is_over = move || self.is_over(connection);
        let name = source.name();
        self.source.set(Some(source.clone()));
        self.state.set(LiveState::Opening(name.clone()));
        // Files meet what is stored of their sessions.
        while !untrack(|| self.workspace.is_ready()) {
            pause(Duration::from_millis(20)).await;
        }
        if is_over() {
            return;
        }
        // One tab takes changes over; the others follow it.
        let lock_name = format!("callboard-live {}", source.identity());
        let _lock = loop {
            let lock = lock::try_hold(&lock_name).await;
            if is_over() {
                return;
            }
            if let Some(lock) = lock {
                break lock;
            }
            self.state.set(LiveState::On(name.clone()));
            self.send(&ConnectionMessage::Asked(source.identity()));
            lock::wait_until_free(&lock_name).await;
            if is_over() {
                return;
            }
        };
        self.is_leader.set_value(true);
        let reason = if asked { ListReason::Opened } else { ListReason::Followed };
        let mut is_unlisted = !self.list(&source, reason, connection).await;
        if is_over() {
            return;
        }
        let (watching, ended) = oneshot::channel();
        self.watching.set_value(Some(watching));
        let mut events = source.watch().take_until(ended).ready_chunks(256);
        // Files that could not be read, each with the number of attempts so far.
        let mut failed: HashMap<String, usize> = HashMap::new();
        // While the source is lost, it is neither read nor listed: it says when it is back.
        let mut is_lost = false;
        loop {
            let wait = match () {
                () if is_lost => None,
                () if !failed.is_empty() => Some(RETRY_EVERY),
                () if is_unlisted => Some(LIST_AGAIN),
                () => None,
            };
            let (events, is_due) = match wait {
                None => (events.next().await, false),
                Some(time) => match select(events.next(), pin!(pause(time))).await {
                    Either::Left((events, _)) => (events, false),
                    Either::Right(_) => (Some(Vec::new()), true),
                },
            };
            let Some(events) = events.filter(|_| !is_over()) else { return };
            let mut paths: Vec<String> = failed.keys().cloned().collect();
            let mut is_reset = is_unlisted && is_due;
            for event in events {
                match event {
                    SourceEvent::Changed(changed) => paths.extend(changed),
                    SourceEvent::Reset => is_reset = true,
                    SourceEvent::Lost(error) => {
                        is_lost = true;
                        self.state.set(LiveState::Lost(name.clone(), error.message));
                    }
                    SourceEvent::Restored => {
                        is_lost = false;
                        is_reset |= is_unlisted;
                        self.state.set(LiveState::On(name.clone()));
                    }
                }
            }
            if is_reset {
                failed.clear();
                let reason = if is_unlisted { ListReason::Retried } else { ListReason::Followed };
                is_unlisted = !self.list(&source, reason, connection).await;
            } else if !paths.is_empty() {
                let unread = self.receive(&source, paths, connection).await;
                let counted = unread.into_iter().map(|path| {
                    let attempts = failed.get(&path).copied().unwrap_or_default() + 1;
                    (path, attempts)
                });
                failed = counted.filter(|(_, attempts)| *attempts < ATTEMPTS).collect();
            }
            pause(UPDATE_EVERY).await;
        }
    }

    /// Returns true if another source was opened since, or this one closed.
    fn is_over(self, connection: u64) -> bool {
        self.connection.try_get_value() != Some(connection)
    }

    /// Reads every file. Returns false if they could not be listed.
    async fn list(self, source: &Source, reason: ListReason, connection: u64) -> bool {
        let listing = async {
            let listing = source.list(|| self.imports.is_cancelled()).await;
            if self.is_over(connection) {
                return None;
            }
            match listing {
                Ok(listing) => {
                    let paths = self.paths_of(source, &listing);
                    self.listed.set_value(paths.present.clone());
                    Some((listing, paths))
                }
                Err(error) => {
                    self.state.set(LiveState::Lost(source.name(), error.message));
                    None
                }
            }
        };
        let before = self.workspace.sessions.with_untracked(|sessions| sessions.iter().cloned().collect::<Vec<_>>());
        let paths = self.imports.import_listing(listing, reason).await;
        let Some(paths) = paths.filter(|_| !self.is_over(connection)) else { return false };
        self.listed.set_value(paths.present.clone());
        if self.imports.is_cancelled() {
            // What was not read may be where these files are now: the next listing tells.
            let gone = paths.gone().map(|path| (path.clone(), paths.before[path].clone()));
            self.listed.update_value(|listed| Arc::make_mut(listed).extend(gone));
        } else {
            // The sessions that were moved have another path since.
            self.workspace.follow_gone(&paths, &[]).await;
            self.workspace.imported.follow(Vec::new(), paths.gone().cloned().collect()).await;
            self.remember_sessions(source);
        }
        self.state.set(LiveState::On(source.name()));
        // Agents may have worked while the page was closed or not connected.
        for before in before {
            let after = self.workspace.entry_now(before.id());
            if let Some(after) = after
                .filter(|after| after.text() != before.text() || after.summary().conflict != before.summary().conflict)
            {
                self.news.note(Some(&before), &after);
            }
        }
        self.note_change(source);
        true
    }

    /// Returns the paths of a listing, and those of files that the source had when it was listed last, in an earlier
    /// visit too, and no longer has.
    fn paths_of(self, source: &Source, listing: &SourceListing) -> LivePaths {
        let mut present: HashMap<String, Option<String>> =
            listing.files.iter().map(|file| (file.path(), None)).collect();
        let is_stopped =
            self.imports.is_cancelled() || listing.closed.iter().any(|(_, why)| matches!(why, ClosedFolder::Stopped));
        let mut before = self.listed.get_value();
        if before.is_empty() {
            let last = Area::Local.get::<LastSource>(LAST_SOURCE).filter(|last| last.identity == source.identity());
            let sessions = last.map(|last| last.sessions).unwrap_or_default();
            before = Arc::new(sessions.into_iter().map(|(path, id)| (path, Some(id))).collect());
        }
        let unread: Vec<String> = listing
            .closed
            .iter()
            .filter(|(_, why)| matches!(why, ClosedFolder::Failed(_)))
            .map(|(folder, _)| format!("{folder}/"))
            .collect();
        // Nothing is known of files in folders that were not read.
        let is_unread = |path: &str| is_stopped || unread.iter().any(|folder| path.starts_with(folder));
        for path in before.keys().filter(|path| is_unread(path)) {
            present.entry(path.clone()).or_default();
        }
        LivePaths { present: Arc::new(present), before }
    }

    /// Remembers the source's sessions for the next visit, in which some may be gone.
    fn remember_sessions(self, source: &Source) {
        let sessions = self.listed.with_value(|listed| {
            self.workspace.sessions.with_untracked(|sessions| {
                let own = sessions.iter().filter(|entry| may_hold(listed, entry.path(), entry.id()) == Some(true));
                own.map(|entry| (entry.path().to_owned(), entry.id().to_owned())).collect()
            })
        });
        // Where it cannot be stored, a session that is gone stays until it is removed.
        let _ = Area::Local.set(LAST_SOURCE, &LastSource { identity: source.identity(), sessions });
    }

    /// Notes that a session's file was written from here: it may be new, and the source does not report it.
    fn note_written(self, source: &Source, entry: &Entry) {
        let is_new = self.listed.with_value(|listed| !listed.is_empty() && !listed.contains_key(entry.path()));
        if is_new {
            let id = Some(entry.id().to_owned());
            self.listed.update_value(|listed| drop(Arc::make_mut(listed).insert(entry.path().to_owned(), id)));
            self.remember_sessions(source);
        }
    }

    /// Notes that files of the source changed, for this tab and those that follow it.
    fn note_change(self, source: &Source) {
        self.changed.update(|changed| *changed += 1);
        self.send(&ConnectionMessage::Changed(source.identity()));
    }

    /// Takes over files that changed. Returns the paths of those that cannot be read just now.
    async fn receive(self, source: &Source, mut paths: Vec<String>, connection: u64) -> Vec<String> {
        paths.sort_unstable();
        paths.dedup();
        let (mut files, mut gone, mut outputs, mut unread) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (path, bytes) in read_all(source, paths).await {
            match bytes {
                Ok(Some(bytes)) => files.push((path, bytes)),
                Ok(None) if is_read(&path) => gone.push(path),
                Ok(None) => outputs.push(path),
                Err(_) => unread.push(path),
            }
        }
        if self.is_over(connection) {
            return Vec::new();
        }
        let mut changed = ChangedFiles::read(self.workspace, self.imports, files).await;
        let mut before = HashMap::new();
        self.listed.update_value(|listed| {
            let listed = Arc::make_mut(listed);
            before.extend(gone.into_iter().map(|path| {
                let held = listed.remove(&path).flatten();
                (path, held)
            }));
            listed.extend(outputs.into_iter().map(|path| (path, None)));
            for (path, id) in changed.paths() {
                let held = listed.insert(path.to_owned(), id.map(str::to_owned)).flatten();
                // The session that was there before is gone from there.
                if id.is_some() && held.is_some() && held.as_deref() != id {
                    before.insert(path.to_owned(), held);
                }
            }
        });
        let paths = LivePaths { present: self.listed.get_value(), before: Arc::new(before) };
        // A renamed folder may show its files at the new place before they are gone from the old one.
        let copies = read_all(source, self.copies_of(&paths)).await;
        let copies = copies.into_iter().filter_map(|(path, bytes)| Some((path, bytes.ok()??))).collect();
        changed.extend(ChangedFiles::read(self.workspace, self.imports, copies).await);
        if self.is_over(connection) {
            return Vec::new();
        }
        let has_gone = !paths.before.is_empty();
        let updates = self.workspace.follow(self.imports, changed, paths).await;
        self.report(&updates);
        if has_gone || updates.iter().any(|update| update.before.is_none()) {
            self.remember_sessions(source);
        }
        self.note_change(source);
        unread
    }

    /// Returns the paths of other files with the sessions whose own files are gone.
    fn copies_of(self, paths: &LivePaths) -> Vec<String> {
        if paths.before.is_empty() {
            return Vec::new();
        }
        let ids: HashSet<String> = self.workspace.sessions.with_untracked(|sessions| {
            let gone = sessions.iter().filter(|entry| paths.is_gone(entry));
            gone.map(|entry| entry.id().to_owned()).collect()
        });
        let copies = paths.present.iter().filter(|(_, id)| id.as_ref().is_some_and(|id| ids.contains(id)));
        copies.map(|(path, _)| path.clone()).collect()
    }

    /// Reports the changes that others made.
    fn report(self, updates: &[SessionUpdate]) {
        for SessionUpdate { before, after } in updates {
            self.news.note(before.as_deref(), after);
        }
    }

    /// Saves a session into its file.
    pub fn save(self, id: &str) {
        self.save_sessions(vec![id.to_owned()]);
    }

    /// Saves every changed session into its file.
    pub fn save_all(self) {
        self.save_sessions(self.workspace.changed().iter().map(|entry| entry.id().to_owned()).collect());
    }

    /// Returns the label of a button that saves: what it does, or that a save runs and how many more wait; reactive.
    pub fn save_label(self, label: &'static str) -> String {
        match (self.saving.get(), self.queued.with(Vec::len)) {
            (false, _) => label.to_owned(),
            (true, 0) => "Saving\u{2026}".to_owned(),
            (true, queued) => format!("Saving\u{2026} {queued} queued"),
        }
    }

    fn save_sessions(self, ids: Vec<String>) {
        let Some(source) = self.source.get_untracked() else { return };
        if self.saving.get_untracked() {
            // A session may have changed since the save that runs has read it.
            self.queued.update(|queued| {
                for id in ids {
                    if !queued.contains(&id) {
                        queued.push(id);
                    }
                }
            });
            return;
        }
        self.saving.set(true);
        spawn_local(async move {
            let mut ids = ids;
            let mut is_first = true;
            loop {
                let (written, refused) = self.save_each(&source, &ids).await;
                ids = self.queued.try_update(std::mem::take).unwrap_or_default();
                // A save that was queued says nothing if the one before it has saved all.
                if is_first || !written.is_empty() || !refused.is_empty() {
                    let message = saved_message(&written, &refused);
                    self.note_saved(&message, written);
                    self.status.set(message, None);
                }
                is_first = false;
                if ids.is_empty() {
                    break;
                }
            }
            self.saving.set(false);
        });
    }

    /// Saves sessions one after another. Returns those that were written, each with its file's text before, and the
    /// reasons why others were not.
    async fn save_each(self, source: &Source, ids: &[String]) -> (Vec<SavedEntry>, Vec<String>) {
        let (mut written, mut refused) = (Vec::new(), Vec::new());
        for id in ids {
            let may_hold = |path: &str| self.may_hold(source, path, id);
            let before = self.workspace.entry_now(id).and_then(|entry| entry.record().compared_with());
            match self.workspace.save_session(source, id, may_hold).await {
                Ok(Saved::Written) => {
                    if let Some(entry) = self.workspace.entry_now(id) {
                        self.note_written(source, &entry);
                        written.push(SavedEntry { entry, before });
                    }
                }
                Ok(Saved::Nothing) => {}
                Err(why) => refused.push(why),
            }
        }
        (written, refused)
    }

    /// Keeps what was saved for a commit by hand, where the source cannot commit.
    fn note_saved(self, message: &str, written: Vec<SavedEntry>) {
        if written.is_empty() || untrack(|| self.abilities().commit) {
            return;
        }
        let last_export = self.workspace.last_export;
        let known = self.workspace.changed().iter().map(|entry| entry.revision()).collect();
        last_export.show(message.to_owned(), None, None, known);
        let typed = last_export.typed.get_untracked().filter(|_| self.workspace.changed().is_empty());
        if typed.is_some() {
            last_export.set_typed(None);
        }
        let files = written.into_iter().map(|SavedEntry { entry, before }| WrittenFile {
            path: entry.path().to_owned(),
            before,
            after: entry.text().clone(),
        });
        let files = last_export.add_saved(files.collect());
        spawn_local(last_export.note(files, typed, None, untrack(limits)));
    }
}

/// A session that was saved, with its file's text before.
struct SavedEntry {
    entry: Arc<Entry>,
    before: Option<Arc<str>>,
}

/// Reads files of a source, several at a time. One that is not opened counts as missing.
async fn read_all(source: &Source, paths: Vec<String>) -> Vec<(String, Result<Option<Vec<u8>>, SourceError>)> {
    let read = stream::iter(paths).map(|path| async move {
        let bytes = if is_read(&path) { source.read(&path).await } else { Ok(None) };
        (path, bytes)
    });
    read.buffered(AT_ONCE).collect().await
}

/// Describes the outcome of saving sessions.
fn saved_message(written: &[SavedEntry], refused: &[String]) -> String {
    let done = match written {
        [] if refused.is_empty() => "Nothing to save.".to_owned(),
        [] => String::new(),
        [SavedEntry { entry, .. }] => format!("Saved {}.", entry.file()),
        all => format!("Saved {}.", count(all.len(), "file", "files")),
    };
    let failed = match refused {
        [] => String::new(),
        [why] => why.clone(),
        [why, rest @ ..] => {
            format!("{} not saved. {why} And {} more.", count(refused.len(), "file was", "files were"), rest.len())
        }
    };
    [done, failed].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Returns true for a file that an import opens, by its name.
fn is_read(path: &str) -> bool {
    super::import::is_read(callboard_workspace::split(path).1)
}
