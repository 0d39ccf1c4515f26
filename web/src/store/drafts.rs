//! Unfinished edits of session texts. Each is stored as it is typed, and its editor holds a browser lock named by
//! the draft's id. If the lock is free because the tab was closed, the draft is offered to resume or discard. Text that
//! a page has not stored when it is left is in a copy, which the next page or another tab stores.
use super::page_host::PageHost;
use crate::order;
use crate::platform::channel::Channel;
use crate::platform::clock;
use crate::platform::draft_copies;
use crate::platform::indexed_db::IndexedDb;
use crate::platform::lock::{self, LockGuard};
use crate::platform::object_store::ObjectStore;
use crate::platform::old_databases;
use crate::platform::record_codec::new_stamp;
use crate::platform::storage_error::StorageError;
use callboard_core::Timestamp;
use callboard_workspace::{Announcement, Draft, Durability, PlanResult, Planned, Store};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;

/// Name of the channel on which tabs announce changed drafts.
const CHANNEL: &str = "callboard-drafts";

type DraftStore = Store<Draft, ObjectStore<Draft>, PageHost>;

/// The unfinished edits, provided as context.
#[derive(Clone, Copy)]
pub struct Drafts {
    /// The reason why drafts are not stored, if they are not.
    pub storage_error: RwSignal<Option<StorageError>>,
    store: StoredValue<Rc<DraftStore>, LocalStorage>,
    revision: RwSignal<u64>,
    /// Drafts with an open editor in this tab, by session. They change with every keystroke and are not reactive.
    open: StoredValue<HashMap<String, Draft>>,
    /// Number of times a session's draft was begun, while its editor is open.
    begun: RwSignal<HashMap<String, u64>>,
    locks: StoredValue<HashMap<String, LockGuard>, LocalStorage>,
    /// Drafts that were resumed here and not edited since.
    untouched: StoredValue<HashSet<String>>,
    /// Drafts without an editor in any tab.
    free: RwSignal<HashSet<String>>,
    /// Drafts of which the end of another tab's editor is awaited; true if one was seen since the last look.
    watched: StoredValue<HashMap<String, bool>>,
    /// The stamps with which drafts were last seen.
    seen: StoredValue<HashMap<String, u64>>,
    /// Drafts that were applied before the browser stored the change; kept until it does.
    applied: StoredValue<HashSet<String>>,
}

/// Returns the unfinished edits.
pub fn use_drafts() -> Drafts {
    expect_context()
}

impl Default for Drafts {
    fn default() -> Self {
        let (revision, storage_error) = (RwSignal::new(0), RwSignal::new(None));
        let store = Rc::new(Store::new(PageHost::new(revision, storage_error), StorageError::Unresponsive));
        let drafts = Self {
            storage_error,
            store: StoredValue::new_local(store),
            revision,
            open: StoredValue::default(),
            begun: RwSignal::default(),
            locks: StoredValue::new_local(HashMap::new()),
            untouched: StoredValue::default(),
            free: RwSignal::default(),
            watched: StoredValue::default(),
            seen: StoredValue::default(),
            applied: StoredValue::default(),
        };
        let channel = Channel::open(CHANNEL, move |announcement| {
            let store = drafts.store();
            spawn_local(async move { store.follow(&announcement).await });
        });
        drafts.store().host().announce_on(channel);
        draft_copies::on_written(move |id| {
            if drafts.locks.with_value(|locks| locks.contains_key(&id)) {
                drafts.take_late_copy(&id);
            } else {
                drafts.adopt_copy(id);
            }
        });
        window_event_listener(leptos::ev::pagehide, move |_| {
            // If the copy does not fit, the browser has already asked the user.
            let _ = drafts.copy_unstored();
            let open: Vec<String> = drafts.open.with_value(|open| open.keys().cloned().collect());
            open.iter().for_each(|session| drafts.save(session));
        });
        Effect::new(move |_| {
            revision.track();
            drafts.watch_others();
        });
        drafts
    }
}

impl Drafts {
    fn store(self) -> Rc<DraftStore> {
        self.store.get_value()
    }

    /// Loads the stored drafts, and stores those begun before the database was open.
    pub async fn connect(self, database: &IndexedDb) {
        let store = self.store();
        let guard = store.lock().await;
        // Drafts that cannot be moved now are moved on the next visit.
        let _ = old_databases::migrate(database).await;
        if let Err(why) = store.connect(&guard, Rc::new(ObjectStore::of(database)), true, |_| {}).await {
            store.host().set_storage_error(Some(&why));
        }
        store.host().show_all();
        drop(guard);
        draft_copies::ids().into_iter().for_each(|id| self.adopt_copy(id));
    }

    /// Keeps drafts in this tab only, for the given reason.
    pub fn disconnect(self, why: StorageError) {
        self.store().host().set_storage_error(Some(&why));
        self.store().disconnect(why);
    }

    /// Stores the copy that a closed page left, once no editor holds its draft.
    fn adopt_copy(self, id: String) {
        spawn_local(async move {
            lock::wait_until_free(&id).await;
            let plan = |id: &str, _: Option<&Arc<Draft>>| match draft_copies::read(id) {
                Some(copy) if !self.locks.with_value(|locks| locks.contains_key(id)) => Ok(Planned::put(copy)),
                _ => Ok(Planned::nothing("")),
            };
            let store = self.store();
            // If it is not stored, the copy remains for the next visit.
            let _ = store.commit(std::slice::from_ref(&id), Durability::Strict, plan).await;
            if let Some(stored) = store.get(&id).filter(|_| !store.is_unsaved(&id))
                && draft_copies::read(&id).is_some_and(|copy| copy.text == stored.text)
            {
                draft_copies::remove(&id);
            }
        });
    }

    /// Uses a copy that became visible only after its draft was resumed here. If the draft was edited since, the copy
    /// becomes a draft of its own.
    fn take_late_copy(self, id: &str) {
        let Some(copy) = draft_copies::read(id) else { return };
        let session = copy.session.clone();
        if self.untouched.with_value(|untouched| untouched.contains(id)) {
            self.show(copy);
            return self.save(&session);
        }
        let copy = Draft { id: new_id(&session), stamp: 0, ..copy };
        let id = id.to_owned();
        spawn_local(async move {
            let own = copy.id.clone();
            let plan = move |_: &str, _: Option<&Arc<Draft>>| Ok(Planned::put(copy.clone()));
            self.commit(&own, &id, plan).await;
        });
    }

    /// Commits a draft, then removes the copy of `copied` unless the draft is not stored.
    async fn commit(self, id: &String, copied: &str, plan: impl FnMut(&str, Option<&Arc<Draft>>) -> PlanResult<Draft>) {
        let store = self.store();
        // The store reports why it is not stored; the copy remains for the next visit.
        let _ = store.commit(std::slice::from_ref(id), Durability::Strict, plan).await;
        if !store.is_unsaved(id) {
            draft_copies::remove(copied);
        }
    }

    /// Copies each open draft whose latest text is not stored yet. Returns false if one of them does not fit.
    fn copy_unstored(self) -> bool {
        let store = self.store();
        let is_stored = |draft: &Draft| {
            let stored = store.get(&draft.id).filter(|_| !store.is_unsaved(&draft.id));
            stored.is_some_and(|stored| stored.text == draft.text && stored.base == draft.base)
        };
        self.open.with_value(|open| {
            // Copies all of them, even after one did not fit.
            let refused = open.values().filter(|draft| !is_stored(draft)).filter(|draft| !draft_copies::write(draft));
            refused.count() == 0
        })
    }

    /// Waits for each draft of another tab until its editor closes.
    fn watch_others(self) {
        let store = self.store();
        let mut changed = Vec::new();
        self.seen.update_value(|seen| {
            let items = store.items();
            seen.retain(|id, _| items.get(id).is_some());
            for draft in items.iter() {
                if seen.insert(draft.id.clone(), draft.stamp) != Some(draft.stamp) {
                    changed.push(draft.id.clone());
                }
            }
        });
        // Another tab's editor has written it.
        changed.into_iter().filter(|id| !self.is_held(id)).for_each(|id| self.watch(id));
    }

    /// Offers a draft while no tab has an editor for it; called when one was seen.
    fn watch(self, id: String) {
        let is_watched = self.watched.try_update_value(|watched| watched.insert(id.clone(), true).is_some());
        if is_watched != Some(false) {
            return;
        }
        spawn_local(async move {
            let was_seen = || {
                let seen = self.watched.try_update_value(|watched| watched.get_mut(&id).map(std::mem::take));
                seen.flatten() == Some(true)
            };
            // Another editor may have begun while the end of one was awaited.
            while was_seen() {
                // A draft that is still free stays offered meanwhile, so that its buttons can be pressed.
                if !lock::is_free(&id).await {
                    self.set_free(&id, false);
                    lock::wait_until_free(&id).await;
                }
            }
            self.watched.update_value(|watched| {
                watched.remove(&id);
            });
            self.set_free(&id, !self.is_held(&id));
        });
    }

    /// Returns true if this tab has an editor for the draft.
    fn is_held(self, id: &str) -> bool {
        self.locks.with_value(|locks| locks.contains_key(id))
            || self.open.with_value(|open| open.values().any(|draft| draft.id == id))
    }

    fn set_free(self, id: &str, is_free: bool) {
        if self.free.with_untracked(|free| free.contains(id) != is_free) {
            self.free.update(|free| {
                if is_free {
                    free.insert(id.to_owned())
                } else {
                    free.remove(id)
                };
            });
        }
    }

    /// Returns a session's drafts that no editor holds, latest first; reactive.
    pub fn offered(self, session: &str) -> Vec<Arc<Draft>> {
        self.revision.track();
        let free = self.free.get();
        let is_offered = |draft: &&Arc<Draft>| {
            draft.session == session
                && free.contains(&draft.id)
                && !self.applied.with_value(|applied| applied.contains(&draft.id))
        };
        let offered: Vec<_> = self.store().items().iter().filter(is_offered).cloned().collect();
        let latest_first = order::descending(offered.iter().map(|draft| (draft.at, 0)));
        latest_first.into_iter().map(|at| offered[at].clone()).collect()
    }

    /// Resumes an offered draft in an editor; `taken` is called if another tab holds it.
    pub fn resume(self, draft: Arc<Draft>, taken: impl FnOnce() + 'static) {
        spawn_local(async move {
            self.set_free(&draft.id, false);
            let Some(held) = lock::try_hold(&draft.id).await else {
                self.watch(draft.id.clone());
                return taken();
            };
            self.locks.update_value(|locks| {
                locks.insert(draft.id.clone(), held);
            });
            // A look at it may have ended since.
            self.set_free(&draft.id, false);
            // The tab that was closed may not have announced its last write, or not have stored it.
            let store = self.store();
            store.follow(&Announcement::Changed(vec![draft.id.clone()])).await;
            let stored = store.get(&draft.id).unwrap_or(draft);
            let draft = draft_copies::read(&stored.id).unwrap_or_else(|| Arc::unwrap_or_clone(stored));
            let session = draft.session.clone();
            self.untouched.update_value(|untouched| {
                untouched.insert(draft.id.clone());
            });
            self.show(draft);
            self.save(&session);
        });
    }

    /// Discards an offered draft; `taken` is called if another tab holds it.
    pub fn discard(self, draft: Arc<Draft>, taken: impl FnOnce() + 'static) {
        spawn_local(async move {
            self.set_free(&draft.id, false);
            let Some(_held) = lock::try_hold(&draft.id).await else {
                self.watch(draft.id.clone());
                return taken();
            };
            self.remove(&draft.id).await;
        });
    }

    /// Returns the time at which a stored draft was last written; reactive.
    pub fn written_at(self, id: &str) -> Option<Timestamp> {
        self.revision.track();
        self.store().get(id).map(|draft| Timestamp::from_unix(draft.at))
    }

    /// Returns the number of times that a session's draft was begun while its editor is open in this tab. Reactive;
    /// unchanged by keystrokes.
    pub fn begun(self, session: &str) -> Option<u64> {
        self.begun.with(|begun| begun.get(session).copied())
    }

    /// Returns the draft of a session whose editor is open in this tab. Not reactive, as it changes with every
    /// keystroke.
    pub fn get(self, session: &str) -> Option<Draft> {
        self.open.with_value(|open| open.get(session).cloned())
    }

    /// Begins a draft of a session's text over `base`, or rebases the open one.
    pub fn begin(self, session: &str, base: Arc<str>, text: String) {
        let id = self.get(session).map(|draft| draft.id).unwrap_or_else(|| {
            let id = new_id(session);
            let name = id.clone();
            spawn_local(async move {
                if let Some(held) = lock::try_hold(&name).await
                    && self.open.with_value(|open| open.values().any(|draft| draft.id == name))
                {
                    self.locks.update_value(|locks| {
                        locks.insert(name, held);
                    });
                }
            });
            id
        });
        self.show(Draft { id, stamp: 0, session: session.to_owned(), base, text, at: clock::now().unix() });
        self.save(session);
    }

    fn show(self, draft: Draft) {
        let session = draft.session.clone();
        self.open.update_value(|open| {
            open.insert(session.clone(), draft);
        });
        self.begun.update(|begun| *begun.entry(session).or_default() += 1);
    }

    /// Sets the text of the open draft.
    pub fn set_text(self, session: &str, text: String) {
        self.open.update_value(|open| {
            if let Some(draft) = open.get_mut(session) {
                self.untouched.update_value(|untouched| {
                    untouched.remove(&draft.id);
                });
                draft.text = text;
            }
        });
    }

    /// Stores the open draft as it is now; called when typing pauses.
    pub fn save(self, session: &str) {
        let session = session.to_owned();
        spawn_local(async move { self.store_open(&session).await });
    }

    /// Stores every open draft as it is now, and waits for it.
    pub async fn save_all(self) {
        let open: Vec<String> = self.open.with_value(|open| open.keys().cloned().collect());
        for session in open {
            self.store_open(&session).await;
        }
    }

    async fn store_open(self, session: &str) {
        let Some(id) = self.get(session).map(|draft| draft.id) else { return };
        let plan = |_: &str, _: Option<&Arc<Draft>>| match self.get(session) {
            // Its content at the time this commit runs.
            Some(draft) if draft.id == id => Ok(Planned::put(Draft { at: clock::now().unix(), ..draft })),
            _ => Ok(Planned::nothing("")),
        };
        self.commit(&id, &id, plan).await;
    }

    /// Cancels the open draft.
    pub fn end(self, session: &str) {
        if let Some(id) = self.close(session) {
            spawn_local(async move { self.remove(&id).await });
        }
    }

    /// Ends the open draft after `field` was applied and led to the text `now`. Text typed meanwhile continues over
    /// the new text. If the change is not stored, the draft is kept until [`Drafts::changes_are_stored`].
    pub fn applied(self, session: &str, field: &str, now: Arc<str>, is_stored: bool) {
        match self.get(session) {
            Some(draft) if draft.text != field => self.begin(session, now, draft.text),
            Some(draft) if !is_stored => {
                self.applied.update_value(|applied| {
                    applied.insert(draft.id);
                });
                self.close(session);
            }
            _ => self.end(session),
        }
    }

    /// Removes the drafts whose changes are now stored.
    pub fn changes_are_stored(self) {
        let applied = self.applied.try_update_value(std::mem::take).unwrap_or_default();
        for id in applied {
            spawn_local(async move { self.remove(&id).await });
        }
    }

    /// Closes a session's editor. Returns the draft's id.
    fn close(self, session: &str) -> Option<String> {
        let draft = self.open.try_update_value(|open| open.remove(session)).flatten()?;
        self.begun.update(|begun| {
            begun.remove(session);
        });
        Some(draft.id)
    }

    async fn remove(self, id: &str) {
        let remove = |_: &str, here: Option<&Arc<Draft>>| {
            Ok(if here.is_some() { Planned::remove("") } else { Planned::nothing("") })
        };
        let _ = self.store().commit(&[id.to_owned()], Durability::Strict, remove).await;
        draft_copies::remove(id);
        self.locks.update_value(|locks| {
            locks.remove(id);
        });
    }

    /// Returns true if an open editor holds text that closing the page would lose. Text that is not stored yet is copied
    /// if it fits.
    pub fn are_unsaved(self) -> bool {
        // A text field drops byte order marks and normalises line ends.
        let letters =
            |text: &str| text.chars().filter(|letter| !matches!(letter, '\r' | '\u{feff}')).collect::<String>();
        let is_written = |draft: &Draft| letters(&draft.text) != letters(&draft.base);
        let is_any_written = self.open.with_value(|open| open.values().any(is_written));
        is_any_written && (!self.copy_unstored() || self.storage_error.with_untracked(Option::is_some))
    }
}

/// Returns a new draft's id.
fn new_id(session: &str) -> String {
    format!("{session}\n{}", new_stamp())
}
