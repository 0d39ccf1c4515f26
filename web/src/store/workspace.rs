//! The loaded sessions as signals, and their connection to the browser's storage and other tabs.
use super::drafts::Drafts;
use super::last_export::LastExportSignal;
use super::library::Library;
use super::page_host::PageHost;
use super::status::Status;
use crate::arc_eq::ArcEq;
use crate::platform::channel::{Channel, watch_preferences};
use crate::platform::clock::Clock;
use crate::platform::dom;
use crate::platform::indexed_db::IndexedDb;
use crate::platform::object_store::ObjectStore;
use crate::platform::storage;
use crate::platform::storage_error::StorageError;
use callboard_core::TypicalCosts;
use callboard_workspace::{Durability, Entry, Listed, PlanResult, Planned, Sessions, Store};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

pub use super::preferences::policy;

/// Name of the database.
const DATABASE: &str = "callboard";

/// Name of the channel on which tabs announce changed sessions.
const CHANNEL: &str = "callboard";

/// Delay after which a queued change is reported.
const PATIENCE: Duration = Duration::from_millis(200);

/// The message for a session that is gone.
pub(super) const GONE: &str = "This session is no longer in the workspace.";

/// The store of the sessions.
pub type SessionStore = Store<Entry, ObjectStore<Entry>, PageHost>;

/// The progress of a long operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Number of items done.
    pub done: usize,
    /// Total number of items.
    pub total: usize,
}

/// The loaded sessions, reactive.
#[derive(Clone, Copy, Debug)]
pub struct SessionsSignal {
    revision: RwSignal<u64>,
    store: StoredValue<Rc<SessionStore>, LocalStorage>,
}

impl SessionsSignal {
    /// Reads the sessions and subscribes to them.
    pub fn with<R>(self, read: impl FnOnce(&Sessions) -> R) -> R {
        self.track();
        self.with_untracked(read)
    }

    /// Reads the sessions without subscribing.
    pub fn with_untracked<R>(self, read: impl FnOnce(&Sessions) -> R) -> R {
        self.store.with_value(|store| read(&store.items()))
    }

    /// Subscribes to the sessions.
    pub fn track(self) {
        self.revision.track();
    }
}

/// The sessions that lists and figures show, compared by identity.
#[derive(Clone, Debug, Default)]
pub struct ListedSessions(pub Arc<Vec<Listed>>);

impl PartialEq for ListedSessions {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl std::ops::Deref for ListedSessions {
    type Target = [Listed];

    fn deref(&self) -> &[Listed] {
        &self.0
    }
}

/// The workspace, provided as context.
#[derive(Clone, Copy)]
pub struct Workspace {
    /// The loaded sessions.
    pub sessions: SessionsSignal,
    /// True once the stored sessions are loaded.
    pub ready: RwSignal<bool>,
    /// Progress of loading the stored sessions.
    pub reading: RwSignal<Progress>,
    /// The reason why the browser does not store changes, if it does not.
    pub storage_error: RwSignal<Option<StorageError>>,
    /// The current time.
    pub clock: Clock,
    pub(super) store: StoredValue<Rc<SessionStore>, LocalStorage>,
    /// The status line.
    pub status: Status,
    pub(super) last_export: LastExportSignal,
    drafts: Drafts,
    /// The imported files that are no session files, and their sessions.
    pub imported: Library,
    /// The sessions of the workspace, then those that are only read.
    pub listed: Memo<ListedSessions>,
    /// The typical cost of each stage in these sessions.
    pub typical_costs: Memo<TypicalCosts>,
    /// The connection to the browser's database.
    pub(super) database: RwSignal<Option<IndexedDb>, LocalStorage>,
    asked_to_persist: StoredValue<bool>,
    /// True while the user has asked to store everything again, including deleted records.
    asked_to_save: StoredValue<bool>,
}

/// Returns the workspace of this page.
pub fn use_workspace() -> Workspace {
    expect_context()
}

impl Workspace {
    /// Creates an empty workspace and begins to load the stored sessions.
    pub fn open(clock: Clock, status: Status, last_export: LastExportSignal, drafts: Drafts, library: Library) -> Self {
        let (revision, storage_error) = (RwSignal::new(0), RwSignal::new(None));
        let host = PageHost::new(revision, storage_error);
        let store = StoredValue::new_local(Rc::new(Store::new(host, StorageError::Unresponsive)));
        let sessions = SessionsSignal { revision, store };
        let listed = Memo::new(move |_| {
            let own = sessions.with(|sessions| sessions.iter().cloned().map(Listed::Own).collect::<Vec<_>>());
            let read_only = library.assembled.get();
            let read_only = read_only.sessions.iter().cloned().map(Listed::ReadOnly);
            ListedSessions(Arc::new(own.into_iter().chain(read_only).collect()))
        });
        let typical_costs = Memo::new(move |_| {
            let policy = policy();
            listed.with(|sessions| TypicalCosts::of(sessions.iter().filter_map(Listed::digest), &policy))
        });
        let workspace = Self {
            sessions,
            ready: RwSignal::new(false),
            reading: RwSignal::new(Progress { done: 0, total: 0 }),
            storage_error,
            clock,
            store,
            status,
            last_export,
            drafts,
            imported: library,
            listed,
            typical_costs,
            database: RwSignal::new_local(None),
            asked_to_persist: StoredValue::new(false),
            asked_to_save: StoredValue::new(false),
        };
        workspace.listen();
        spawn_local(workspace.connect());
        dom::warn_before_leaving(move || workspace.has_unsaved_edits());
        workspace
    }

    pub(super) fn store(self) -> Rc<SessionStore> {
        self.store.get_value()
    }

    /// Follows the other tabs for the life of the page.
    fn listen(self) {
        let channel = Channel::open(CHANNEL, move |announcement| {
            let store = self.store();
            spawn_local(async move { store.follow(&announcement).await });
        });
        self.store().host().announce_on(channel);
        watch_preferences(super::preferences::reread);
    }

    /// Opens the database and loads its content. Changes wait for that; if it cannot be opened yet, they proceed
    /// without it and are stored once it is open.
    async fn connect(self) {
        let store = self.store();
        let guard = RefCell::new(Some(store.lock().await));
        let wait = |why| {
            store.host().set_storage_error(Some(&why));
            self.ready.set(true);
            self.imported.ready.set(true);
            guard.take();
        };
        let lost = move |why: StorageError| {
            self.store().disconnect(why.clone());
            self.drafts.disconnect(why.clone());
            self.imported.disconnect(&why);
            // If the data may be deleted too, check what is still stored.
            if why == StorageError::Deleted {
                spawn_local(self.connect());
            } else {
                self.store().host().set_storage_error(Some(&why));
            }
        };
        let opened = IndexedDb::open(DATABASE, wait, lost).await;
        let held = guard.take();
        let held = match held {
            Some(held) => held,
            None => store.lock().await,
        };
        match opened {
            Ok(database) => {
                self.database.set(Some(database.clone()));
                // Drafts come first: no text may be edited before its unfinished edit is offered.
                self.drafts.connect(&database).await;
                let total = ObjectStore::<Entry>::of(&database).count().await.unwrap_or_default();
                let restore = self.asked_to_save.get_value();
                let progress = |done| self.reading.set(Progress { done, total });
                let loaded = store.connect(&held, Rc::new(ObjectStore::of(&database)), restore, progress).await;
                store.host().show_all();
                match loaded {
                    Err(why) => store.host().set_storage_error(Some(&why)),
                    Ok(loaded) => {
                        if loaded.unreadable > 0 {
                            let (unreadable, found) = (loaded.unreadable, loaded.found);
                            self.status.set(
                                format!(
                                    "{unreadable} of {found} stored sessions could not be read. They were not modified."
                                ),
                                None,
                            );
                        }
                        if !loaded.missing.is_empty() && !restore {
                            store.host().set_storage_error(Some(&StorageError::Deleted));
                        }
                    }
                }
            }
            Err(why) => {
                store.disconnect(why.clone());
                self.drafts.disconnect(why.clone());
                self.imported.disconnect(&why);
                store.host().set_storage_error(Some(&why));
            }
        }
        drop(held);
        self.ready.set(true);
        if let Some(database) = self.database.get_untracked() {
            self.imported.connect(&database).await;
        }
    }

    /// Stores everything that could not be stored, over a new connection.
    pub fn save_again(self) {
        spawn_local(async move {
            if let Some(database) = self.database.try_update(Option::take).flatten() {
                database.close();
            }
            self.store().disconnect(StorageError::Unresponsive);
            self.asked_to_save.set_value(true);
            self.connect().await;
            self.asked_to_save.set_value(false);
            let message = match self.storage_error.get_untracked() {
                None => "Everything is saved in this browser.".to_owned(),
                Some(why) => format!("Still not saved. {why}"),
            };
            self.status.set(message, None);
        });
    }

    /// Returns true once everything that is stored is loaded; reactive.
    pub fn is_ready(self) -> bool {
        self.ready.get() && self.imported.ready.get()
    }

    /// Returns true if closing the page would lose an edit.
    pub fn has_unsaved_edits(self) -> bool {
        let is_edited = |id: &String| self.entry_now(id).is_some_and(|entry| entry.changed());
        self.store().unsaved().iter().any(is_edited) || self.drafts.are_unsaved() || self.imported.has_unsaved_shapes()
    }

    /// Commits a change to one session.
    ///
    /// # Errors
    /// The reason why nothing changed, as one sentence.
    pub(super) async fn commit(
        self,
        id: &str,
        plan: impl Fn(Option<&Arc<Entry>>) -> PlanResult<Entry>,
    ) -> PlanResult<Entry> {
        self.ask_to_persist();
        let is_waiting = StoredValue::new(true);
        set_timeout(
            move || {
                if is_waiting.try_get_value() == Some(true) {
                    self.status.set("Saving\u{2026} your change is queued.", None);
                }
            },
            PATIENCE,
        );
        let results = self
            .store()
            .commit(&[id.to_owned()], Durability::Strict, |_, here| {
                is_waiting.set_value(false);
                plan(here)
            })
            .await;
        results.into_iter().next().unwrap_or_else(|| Ok(Planned::nothing("")))
    }

    /// Asks the browser once for persistent storage: from the first edit on, data here cannot be loaded again from
    /// files.
    pub(super) fn ask_to_persist(self) {
        if !self.asked_to_persist.get_value() {
            self.asked_to_persist.set_value(true);
            storage::ask_to_persist();
        }
    }

    /// Returns a session as a memo.
    pub fn entry(self, id: String) -> Memo<Option<ArcEq<Entry>>> {
        Memo::new(move |_| self.sessions.with(|sessions| sessions.get(&id).cloned().map(ArcEq)))
    }

    /// Returns the current version of a session.
    pub fn entry_now(self, id: &str) -> Option<Arc<Entry>> {
        self.sessions.with_untracked(|sessions| sessions.get(id).cloned())
    }
}
