//! The live source of the workspace: connected, followed, and saved into.
use super::follow::SessionUpdate;
use super::import::Imports;
use super::news::News;
use super::save::Saved;
use super::status::Status;
use super::workspace::Workspace;
use crate::format::count;
use crate::platform::channel::Channel;
use crate::platform::lock;
use crate::platform::pace::pause;
use crate::platform::web_storage::Area;
use crate::source::output::{OpenOutputs, OutputOpener, Outputs};
use crate::source::{self, Abilities, RememberedFolder, Source, SourceError, SourceEvent};
use callboard_workspace::Entry;
use futures::channel::oneshot;
use futures::{StreamExt as _, stream};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};
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
}

/// Key under which the [`LastSource`] is remembered.
const LAST_SOURCE: &str = "callboard-source";

/// The source of the last visit.
#[derive(Serialize, Deserialize)]
struct LastSource {
    /// The source's identity.
    identity: String,
    /// The paths of the sessions that are files of the source.
    sessions: Vec<String>,
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
    /// The paths of the last listing.
    listed: StoredValue<HashSet<String>, LocalStorage>,
    /// The sessions of files that are not their own ones, by path: copies, and files of a folder that is being renamed.
    other_files: StoredValue<HashMap<String, String>, LocalStorage>,
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
            workspace,
            imports,
            news,
            status: workspace.status,
            remembered: StoredValue::new_local(None),
            connection: StoredValue::new(0),
            is_leader: StoredValue::new(false),
            channel: StoredValue::new_local(None),
            watching: StoredValue::new_local(None),
            listed: StoredValue::new_local(HashSet::new()),
            other_files: StoredValue::new_local(HashMap::new()),
        };
        Effect::new(move |_| news.live.set(live.state.with(|state| matches!(state, LiveState::On(_)))));
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
        {
            return self.attach(source, false).await;
        }
        if self.source.with_untracked(Option::is_none) {
            self.state.set(LiveState::Remembered(folder.name()));
        }
    }

    /// Returns true if the source has no file at a path, as far as this tab has listed it.
    fn lacks(self, path: &str) -> bool {
        self.listed.try_with_value(|listed| !listed.is_empty() && !listed.contains(path)).unwrap_or_default()
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
        self.listed.set_value(HashSet::new());
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
        let is_over = move || self.connection.try_get_value() != Some(connection);
        let name = source.name();
        self.source.set(Some(source.clone()));
        self.state.set(LiveState::Opening(name.clone()));
        // Files meet what is stored of their sessions.
        while !untrack(|| self.workspace.is_ready()) {
            pause(Duration::from_millis(20)).await;
        }
        // One tab takes changes over; the others follow it.
        let lock_name = format!("callboard-live {}", source.identity());
        let _lock = loop {
            if let Some(lock) = lock::try_hold(&lock_name).await {
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
        self.list(&source, asked).await;
        if is_over() {
            return;
        }
        if matches!(self.state.get_untracked(), LiveState::Opening(_)) {
            self.state.set(LiveState::On(name.clone()));
        }
        let (watching, ended) = oneshot::channel();
        self.watching.set_value(Some(watching));
        let mut events = source.watch().take_until(ended).ready_chunks(256);
        while let Some(events) = events.next().await {
            if is_over() {
                return;
            }
            let mut paths: Vec<String> = Vec::new();
            let mut is_reset = false;
            for event in events {
                match event {
                    SourceEvent::Changed(changed) => paths.extend(changed),
                    SourceEvent::Reset => is_reset = true,
                    SourceEvent::Lost(error) => self.state.set(LiveState::Lost(name.clone(), error.message)),
                    SourceEvent::Restored => {
                        self.state.set(LiveState::On(name.clone()));
                        // The first listing may have failed.
                        is_reset |= self.listed.with_value(HashSet::is_empty);
                    }
                }
            }
            if is_reset {
                self.list(&source, false).await;
            } else if !paths.is_empty() {
                self.receive(&source, paths).await;
            }
            pause(UPDATE_EVERY).await;
        }
    }

    /// Reads every file.
    async fn list(self, source: &Source, asked: bool) {
        let mut gone = HashSet::new();
        let listing = async {
            match source.list(|| self.imports.is_cancelled()).await {
                Ok(listing) => {
                    let is_whole = listing.closed.is_empty() && !self.imports.is_cancelled();
                    let paths: HashSet<String> = listing.files.iter().map(|file| file.path()).collect();
                    gone = if is_whole { self.gone(source, &paths) } else { HashSet::new() };
                    self.listed.set_value(paths);
                    (listing, gone.clone())
                }
                Err(error) => {
                    self.fail(source, error);
                    Default::default()
                }
            }
        };
        let before = self.workspace.sessions.with_untracked(|sessions| sessions.iter().cloned().collect::<Vec<_>>());
        let other_files = self.imports.import_listing(listing, asked).await;
        self.other_files.set_value(other_files);
        if self.imports.is_cancelled() {
            // What was not read may be where these files are now: the next listing tells.
            self.listed.update_value(|listed| listed.extend(gone));
        } else {
            // The sessions that were moved have another path since.
            self.workspace.follow(self.imports, Vec::new(), gone.into_iter().collect()).await;
            self.remember_sessions(source);
        }
        // Agents may have worked while the page was closed or not connected.
        for before in before {
            let after = self.workspace.entry_now(before.id());
            if let Some(after) = after
                .filter(|after| after.text() != before.text() || after.summary().conflict != before.summary().conflict)
            {
                self.news.note(Some(&before), &after);
            }
        }
        self.changed.update(|changed| *changed += 1);
    }

    /// Returns the paths of files that a source had when it was listed last, in an earlier visit too, and no longer has.
    fn gone(self, source: &Source, paths: &HashSet<String>) -> HashSet<String> {
        if self.listed.with_value(HashSet::is_empty) {
            let last = Area::Local.get::<LastSource>(LAST_SOURCE).filter(|last| last.identity == source.identity());
            let sessions = last.map(|last| last.sessions).unwrap_or_default();
            return sessions.into_iter().filter(|path| !paths.contains(path)).collect();
        }
        self.listed.with_value(|listed| listed.difference(paths).cloned().collect())
    }

    /// Remembers the source's sessions for the next visit, in which some may be gone.
    fn remember_sessions(self, source: &Source) {
        let sessions = self.listed.with_value(|listed| {
            self.workspace.sessions.with_untracked(|sessions| {
                let own = sessions.iter().map(|entry| entry.path());
                own.filter(|path| listed.contains(*path)).map(str::to_owned).collect()
            })
        });
        // Where it cannot be stored, a session that is gone stays until it is removed.
        let _ = Area::Local.set(LAST_SOURCE, &LastSource { identity: source.identity(), sessions });
    }

    fn fail(self, source: &Source, error: SourceError) {
        self.state.set(LiveState::Lost(source.name(), error.message));
    }

    /// Takes over files that changed.
    async fn receive(self, source: &Source, mut paths: Vec<String>) {
        paths.sort_unstable();
        paths.dedup();
        let read = stream::iter(paths).map(|path| async move {
            let bytes = if is_read(&path) { source.read(&path).await } else { Ok(None) };
            (path, bytes)
        });
        let read: Vec<_> = read.buffered(AT_ONCE).collect().await;
        let (mut files, mut gone, mut outputs) = (Vec::new(), Vec::new(), Vec::new());
        for (path, bytes) in read {
            match bytes {
                Ok(Some(bytes)) => files.push((path, bytes)),
                Ok(None) if is_read(&path) => gone.push(path),
                Ok(None) => outputs.push(path),
                // It cannot be read just now: the next event tells more.
                Err(_) => {}
            }
        }
        self.listed.update_value(|listed| {
            for path in &gone {
                listed.remove(path);
            }
            listed.extend(files.iter().map(|(path, _)| path.clone()).chain(outputs));
        });
        // A renamed folder may show its files at the new place before they are gone from the old one.
        for path in self.other_files_of(&gone) {
            if let Ok(Some(bytes)) = source.read(&path).await {
                files.push((path, bytes));
            }
        }
        if !files.is_empty() || !gone.is_empty() {
            let is_another = !gone.is_empty();
            let followed = self.workspace.follow(self.imports, files, gone).await;
            self.other_files.update_value(|others| others.extend(followed.other_files));
            self.report(&followed.updates);
            if is_another || followed.updates.iter().any(|update| update.before.is_none()) {
                self.remember_sessions(source);
            }
        }
        self.changed.update(|changed| *changed += 1);
    }

    /// Returns the paths of other files with the sessions whose own files are gone.
    fn other_files_of(self, gone: &[String]) -> Vec<String> {
        if gone.is_empty() {
            return Vec::new();
        }
        let gone: HashSet<&str> = gone.iter().map(String::as_str).collect();
        self.other_files.update_value(|others| others.retain(|path, _| !gone.contains(path.as_str())));
        let ids: HashSet<String> = self.workspace.sessions.with_untracked(|sessions| {
            let own = sessions.iter().filter(|entry| gone.contains(entry.path()));
            own.map(|entry| entry.id().to_owned()).collect()
        });
        self.other_files.with_value(|others| {
            others.iter().filter(|(_, id)| ids.contains(*id)).map(|(path, _)| path.clone()).collect()
        })
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

    fn save_sessions(self, ids: Vec<String>) {
        let Some(source) = self.source.get_untracked() else { return };
        if self.saving.get_untracked() {
            return;
        }
        self.saving.set(true);
        spawn_local(async move {
            let mut written: Vec<Arc<Entry>> = Vec::new();
            let mut refused: Vec<String> = Vec::new();
            for id in &ids {
                match self.workspace.save_session(&source, id).await {
                    Ok(Saved::Written) => written.extend(self.workspace.entry_now(id)),
                    Ok(Saved::Nothing) => {}
                    Err(why) => refused.push(why),
                }
            }
            self.saving.set(false);
            self.status.set(saved_message(&written, &refused), None);
        });
    }
}

/// Describes the outcome of saving sessions.
fn saved_message(written: &[Arc<Entry>], refused: &[String]) -> String {
    let done = match written {
        [] if refused.is_empty() => "Nothing to save.".to_owned(),
        [] => String::new(),
        [entry] => format!("Saved {}.", entry.file()),
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
