//! The one place that writes: a change is planned on what is stored, stored, and only then shown and announced.

use crate::collection::Collection;
use crate::record::VersionId;
use crate::stored::Stored;
use callboard_core::Timestamp;
use std::cell::{Cell, Ref, RefCell};
use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::future::Future;
use std::rc::Rc;
use std::sync::Arc;
use tokio::sync::{Mutex, MutexGuard};

/// The number of times a change is planned again because another tab was first.
const TRIES: usize = 8;

/// The number of items read together when another tab has changed them.
const READ_TOGETHER: usize = 64;

/// A write, done only where the stored item still has the expected stamp.
#[derive(Clone, Debug)]
pub enum Write<T> {
    /// Stores an item in place of the one with its stamp; stamp 0 expects none.
    Put(Arc<T>),
    /// Removes an item.
    Remove {
        /// Its id.
        id: String,
        /// The stamp that is expected.
        stamp: u64,
    },
}

/// The outcome of a write.
#[derive(Clone, Debug)]
pub enum Written<T> {
    /// The item is stored under this stamp.
    Stored(u64),
    /// The item is removed.
    Removed,
    /// Another writer was first: this is what is stored.
    Behind(Box<T>),
}

/// The point at which a write counts as done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// The disk has it.
    Strict,
    /// The system has it: for what can be read again from the user's own files.
    Relaxed,
}

/// A part of the stored items.
#[derive(Debug)]
pub struct Page<T> {
    /// The items that can be read.
    pub items: Vec<T>,
    /// The number of items in the page, readable or not.
    pub found: usize,
    /// The id after which the next page begins; none after the last.
    pub next: Option<String>,
}

/// A place where items are stored. Writes of several tabs are done one after another.
pub trait SessionStorage<T> {
    /// The reason why nothing was read or written.
    type Error: Clone + PartialEq + fmt::Display;

    /// Reads items, in the order of their ids; none for one that is not stored or cannot be read.
    ///
    /// # Errors
    /// Nothing could be read.
    fn read(&self, ids: &[String]) -> impl Future<Output = Result<Vec<Option<T>>, Self::Error>>;

    /// Reads the items after an id, some at a time.
    ///
    /// # Errors
    /// Nothing could be read.
    fn page(&self, after: Option<&str>) -> impl Future<Output = Result<Page<T>, Self::Error>>;

    /// Writes in one transaction. Each write is compared with what is stored, and done or answered by that.
    ///
    /// # Errors
    /// Nothing was written.
    fn write(
        &self,
        writes: &[Write<T>],
        durability: Durability,
    ) -> impl Future<Output = Result<Vec<Written<T>>, Self::Error>>;

    /// Removes every item.
    ///
    /// # Errors
    /// Nothing was removed.
    fn clear(&self) -> impl Future<Output = Result<(), Self::Error>>;
}

/// A message to the other tabs.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Announcement {
    /// Items were stored or removed.
    Changed(Vec<String>),
    /// Every item was removed.
    Cleared,
}

/// The surroundings of a store: the clock, the page and the other tabs.
pub trait Host<E> {
    /// Returns the time.
    fn now(&self) -> Timestamp;
    /// Shows items that changed.
    fn show(&self, ids: &[String]);
    /// Sends a message to the other tabs.
    fn announce(&self, announcement: &Announcement);
    /// Reports why changes are kept in this tab only; none once all are stored.
    fn report(&self, error: Option<&E>);
    /// Lets other work go first, when enough was done.
    fn yield_if_due(&self) -> impl Future<Output = ()>;
}

/// The change that a plan makes.
#[derive(Clone, Debug)]
pub enum Change<T> {
    /// The item is stored as this.
    Put(Arc<T>),
    /// The item is removed.
    Remove,
    /// Nothing changes.
    Nothing,
}

/// The outcome of a plan.
#[derive(Clone, Debug)]
pub struct Planned<T> {
    /// The change.
    pub change: Change<T>,
    /// One sentence about it.
    pub message: String,
    /// The version that undoing it takes back, where the status line offers that.
    pub undo: Option<VersionId>,
}

impl<T> Planned<T> {
    /// Stores an item.
    pub fn put(item: T) -> Self {
        Self { change: Change::Put(Arc::new(item)), message: String::new(), undo: None }
    }

    /// Removes the item.
    pub fn remove(message: impl Into<String>) -> Self {
        Self { change: Change::Remove, message: message.into(), undo: None }
    }

    /// Leaves the item as it is.
    pub fn nothing(message: impl Into<String>) -> Self {
        Self { change: Change::Nothing, message: message.into(), undo: None }
    }

    /// Returns the same change with a sentence about it.
    #[must_use]
    pub fn saying(self, message: impl Into<String>) -> Self {
        Self { message: message.into(), ..self }
    }
}

/// A plan's outcome, or one sentence about why nothing changes.
pub type PlanResult<T> = Result<Planned<T>, String>;

/// The outcome of reading everything that is stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Loaded {
    /// The number of stored items.
    pub found: usize,
    /// The number of those that cannot be read.
    pub unreadable: usize,
    /// Items here that were stored before and no longer are.
    pub missing: Vec<String>,
}

/// A write whose outcome was not reported: it may have been done.
#[derive(Debug)]
struct Unreported<T> {
    /// The item before.
    before: Option<Arc<T>>,
    /// The item that was written.
    after: Arc<T>,
}

/// The items of a workspace, in memory and in storage.
#[derive(Debug)]
pub struct Store<T, S: SessionStorage<T>, H> {
    items: RefCell<Collection<T>>,
    /// Items whose last change is in this tab only.
    unsaved: RefCell<HashSet<String>>,
    storage: RefCell<Result<Rc<S>, S::Error>>,
    /// Held for a whole change: changes are done one after another, in the order in which they were asked for.
    write_lock: Mutex<()>,
    /// The number of the last step of any item: a logical clock, which follows those of other tabs.
    order: Cell<u64>,
    host: H,
}

impl<T: Stored, S: SessionStorage<T>, H: Host<S::Error>> Store<T, S, H> {
    /// Creates an empty store that is not connected yet, for this reason.
    pub fn new(host: H, offline: S::Error) -> Self {
        Self {
            items: RefCell::default(),
            unsaved: RefCell::default(),
            storage: RefCell::new(Err(offline)),
            write_lock: Mutex::new(()),
            order: Cell::new(0),
            host,
        }
    }

    /// Returns the items in memory. The borrow must end before the next change.
    pub fn items(&self) -> Ref<'_, Collection<T>> {
        self.items.borrow()
    }

    /// Returns an item by its id.
    pub fn get(&self, id: &str) -> Option<Arc<T>> {
        self.items.borrow().get(id).cloned()
    }

    /// Returns the surroundings.
    pub fn host(&self) -> &H {
        &self.host
    }

    /// Returns the ids of items whose last change is in this tab only.
    pub fn unsaved(&self) -> Vec<String> {
        let mut ids: Vec<String> = self.unsaved.borrow().iter().cloned().collect();
        ids.sort_unstable();
        ids
    }

    /// Returns true if an item's last change is in this tab only.
    pub fn is_unsaved(&self, id: &str) -> bool {
        self.unsaved.borrow().contains(id)
    }

    /// Waits until no change is going on, and keeps others from beginning.
    pub async fn lock(&self) -> MutexGuard<'_, ()> {
        self.write_lock.lock().await
    }

    /// Ends the connection to the storage, for this reason, and returns it. Changes stay in this tab from now on.
    pub fn disconnect(&self, why: S::Error) -> Option<Rc<S>> {
        self.storage.replace(Err(why)).ok()
    }

    /// Connects to a storage and reads what it holds, in pages, each shown as it comes. Changes that are in this tab
    /// only are stored beside it, unless items here are no longer stored and `restore` is not asked for.
    ///
    /// # Errors
    /// Reading failed; the storage stays connected.
    pub async fn connect(
        &self,
        _lock: &MutexGuard<'_, ()>,
        storage: Rc<S>,
        restore: bool,
        progress: impl Fn(usize),
    ) -> Result<Loaded, S::Error> {
        drop(self.storage.replace(Ok(storage.clone())));
        let mut missing: HashSet<String> =
            self.items.borrow().iter().filter(|item| item.stamp() != 0).map(|item| item.id().to_owned()).collect();
        let mut loaded = Loaded::default();
        let mut after = None;
        loop {
            let page = storage.page(after.as_deref()).await?;
            loaded.found += page.found;
            loaded.unreadable += page.found - page.items.len();
            for item in page.items {
                missing.remove(item.id());
                self.adopt(item);
                self.host.yield_if_due().await;
            }
            progress(loaded.found);
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        self.unsaved.borrow_mut().extend(missing.iter().cloned());
        loaded.missing = missing.into_iter().collect();
        loaded.missing.sort_unstable();
        if loaded.missing.is_empty() || restore {
            self.store_unsaved().await;
        }
        Ok(loaded)
    }

    /// Commits a change of items: plans it on what is stored, stores it in one transaction, combines it with what
    /// another tab stored first and plans again, then shows and announces it. What cannot be stored is shown all the
    /// same and stored with the next change that can be.
    ///
    /// `plan` is asked for each id, again when another tab was first; none stands for an item that does not exist.
    /// Returns each plan's outcome, in the order of the ids.
    pub async fn commit(
        &self,
        ids: &[String],
        durability: Durability,
        mut plan: impl FnMut(&str, Option<&Arc<T>>) -> PlanResult<T>,
    ) -> Vec<PlanResult<T>> {
        let _guard = self.write_lock.lock().await;
        let (results, error) = self.run(ids, durability, &mut plan).await;
        match error {
            Some(error) => self.host.report(Some(&error)),
            None => self.store_unsaved().await,
        }
        results
    }

    /// Stores what is in this tab only; reports why it stays so, or that all is stored.
    async fn store_unsaved(&self) {
        let unsaved = self.unsaved();
        if unsaved.is_empty() {
            if self.storage.borrow().is_ok() {
                self.host.report(None);
            }
            return;
        }
        let mut as_it_is = |_: &str, item: Option<&Arc<T>>| {
            Ok(Planned {
                change: item.map_or(Change::Nothing, |item| Change::Put(item.clone())),
                message: String::new(),
                undo: None,
            })
        };
        let (_, error) = self.run(&unsaved, Durability::Strict, &mut as_it_is).await;
        if error.is_some() || self.unsaved.borrow().is_empty() {
            self.host.report(error.as_ref());
        }
    }

    /// Runs a commit. The lock is held.
    async fn run(
        &self,
        ids: &[String],
        durability: Durability,
        plan: &mut impl FnMut(&str, Option<&Arc<T>>) -> PlanResult<T>,
    ) -> (Vec<PlanResult<T>>, Option<S::Error>) {
        const CONTENDED: &str = "Other tabs keep changing this session, so nothing was changed here. Try again.";
        let mut results: Vec<PlanResult<T>> = ids.iter().map(|_| Err(CONTENDED.to_owned())).collect();
        let mut tries = vec![0; ids.len()];
        let mut unreported: Vec<Option<Unreported<T>>> = ids.iter().map(|_| None).collect();
        let (mut shown, mut stored, mut error) = (Vec::new(), Vec::new(), None);
        let mut batches = VecDeque::from([(0..ids.len()).collect::<Vec<usize>>()]);
        while let Some(batch) = batches.pop_front() {
            let (mut writes, mut places) = (Vec::new(), Vec::new());
            for at in batch {
                let here = self.get(&ids[at]);
                let mut planned = plan(&ids[at], here.as_ref());
                if let Ok(planned) = &mut planned {
                    self.number(planned, here.as_deref());
                    let stamp = here.as_ref().map_or(0, |here| here.stamp());
                    if let Some(write) = self.write_of(&ids[at], planned, stamp, &mut shown) {
                        writes.push(write);
                        places.push(at);
                    }
                }
                results[at] = planned;
                // A change of one item is written before a page that is being closed is gone.
                if ids.len() > 1 {
                    self.host.yield_if_due().await;
                }
            }
            if writes.is_empty() {
                continue;
            }
            let storage = self.storage.borrow().clone();
            let written = match &storage {
                Ok(storage) => storage.write(&writes, durability).await,
                Err(why) => Err(why.clone()),
            };
            match written {
                Ok(written) => {
                    let mut again = Vec::new();
                    for ((at, write), written) in places.into_iter().zip(writes).zip(written) {
                        let id = &ids[at];
                        shown.push(id.clone());
                        match (written, write) {
                            (Written::Behind(theirs), _) => {
                                let is_done = unreported[at].take().is_some_and(|Unreported { before, after }| {
                                    let is_same = T::clone(&after).stamped(theirs.stamp()).is_stored_as(&theirs);
                                    is_same || theirs.has_change(before.as_deref(), &after)
                                });
                                self.adopt(*theirs);
                                if is_done {
                                    if let (Ok(planned), Some(here)) = (&mut results[at], self.get(id)) {
                                        planned.change = Change::Put(here);
                                    }
                                    stored.push(id.clone());
                                    continue;
                                }
                                tries[at] += 1;
                                if tries[at] < TRIES {
                                    again.push(at);
                                } else {
                                    results[at] = Err(CONTENDED.to_owned());
                                }
                                continue;
                            }
                            (Written::Stored(stamp), Write::Put(item)) => {
                                let item = Arc::new(Arc::unwrap_or_clone(item).stamped(stamp));
                                if let Ok(planned) = &mut results[at] {
                                    planned.change = Change::Put(item.clone());
                                }
                                self.items.borrow_mut().put(item);
                            }
                            _ => self.items.borrow_mut().remove([id.as_str()]),
                        }
                        self.unsaved.borrow_mut().remove(id);
                        stored.push(id.clone());
                    }
                    if !again.is_empty() {
                        batches.push_back(again);
                    }
                }
                // One write may be too large where the others are not.
                Err(_) if writes.len() > 1 && storage.is_ok() => {
                    for (at, write) in places.into_iter().zip(writes) {
                        if let Write::Put(item) = write {
                            unreported[at] = Some(Unreported { before: self.get(&ids[at]), after: item });
                        }
                        batches.push_back(vec![at]);
                    }
                }
                Err(why) => {
                    for (at, write) in places.into_iter().zip(writes) {
                        match write {
                            Write::Put(item) => {
                                self.unsaved.borrow_mut().insert(ids[at].clone());
                                self.items.borrow_mut().put(item);
                                shown.push(ids[at].clone());
                            }
                            // It would be here again with the next visit.
                            Write::Remove { .. } => results[at] = Err(why.to_string()),
                        }
                    }
                    error = Some(why);
                }
            }
        }
        if !shown.is_empty() {
            self.host.show(&shown);
        }
        if !stored.is_empty() {
            self.host.announce(&Announcement::Changed(stored));
        }
        (results, error)
    }

    /// Numbers the steps that a planned change adds.
    fn number(&self, planned: &mut Planned<T>, here: Option<&T>) {
        let order = self.order.get() + 1;
        if let Change::Put(item) = &mut planned.change
            && let Some(numbered) = item.numbered(here, order)
        {
            *item = Arc::new(numbered);
            self.order.set(order);
        }
    }

    /// Returns the write that a planned change needs, expecting a stamp. An item that was never stored is removed here
    /// and now.
    fn write_of(&self, id: &str, planned: &mut Planned<T>, stamp: u64, shown: &mut Vec<String>) -> Option<Write<T>> {
        match &planned.change {
            Change::Put(item) if item.stamp() == stamp => Some(Write::Put(item.clone())),
            Change::Put(item) => {
                let item = Arc::new(T::clone(item).stamped(stamp));
                planned.change = Change::Put(item.clone());
                Some(Write::Put(item))
            }
            Change::Remove if stamp != 0 => Some(Write::Remove { id: id.to_owned(), stamp }),
            Change::Remove => {
                self.items.borrow_mut().remove([id]);
                self.unsaved.borrow_mut().remove(id);
                shown.push(id.to_owned());
                None
            }
            Change::Nothing => None,
        }
    }

    /// Takes a stored item in. A change that is in this tab only is combined with it, and stays unsaved unless the
    /// stored item has it.
    fn adopt(&self, stored: T) {
        self.order.set(self.order.get().max(stored.last_order()));
        let id = stored.id().to_owned();
        let here = self.get(&id);
        if here.as_ref().is_some_and(|here| here.stamp() == stored.stamp()) {
            return;
        }
        let item = match here.filter(|_| self.is_unsaved(&id)) {
            Some(here) => {
                let met = T::meet(&here, &stored, self.host.now());
                if met.is_stored_as(&stored) {
                    self.unsaved.borrow_mut().remove(&id);
                }
                met
            }
            None => stored,
        };
        self.items.borrow_mut().put(Arc::new(item));
    }

    /// Reads what another tab has announced. A change that is in this tab only is not replaced: it meets the other when
    /// it is stored.
    pub async fn follow(&self, announcement: &Announcement) {
        let _guard = self.write_lock.lock().await;
        let all;
        let ids = match announcement {
            Announcement::Changed(ids) => ids,
            Announcement::Cleared => {
                all = self.items.borrow().iter().map(|item| item.id().to_owned()).collect::<Vec<_>>();
                &all
            }
        };
        let Ok(storage) = self.storage.borrow().clone() else { return };
        for ids in ids.chunks(READ_TOGETHER) {
            // Unreadable items are read with the next change here or the next announcement.
            let Ok(items) = storage.read(ids).await else { return };
            let mut gone = Vec::new();
            for (id, item) in ids.iter().zip(items) {
                match item {
                    _ if self.is_unsaved(id) => {}
                    Some(item) => self.adopt(item),
                    None => gone.push(id.as_str()),
                }
                self.host.yield_if_due().await;
            }
            self.items.borrow_mut().remove(gone);
        }
        self.host.show(ids);
    }

    /// Removes every item, here and in the storage; items of this tab only too. `offline` says why nothing may be
    /// removed while the storage is not connected.
    ///
    /// # Errors
    /// The storage removed nothing, or items that it may hold are out of reach.
    pub async fn clear(&self, offline: impl FnOnce(&S::Error) -> bool) -> Result<(), S::Error> {
        let _guard = self.write_lock.lock().await;
        let storage = self.storage.borrow().clone();
        match storage {
            Ok(storage) => storage.clear().await?,
            Err(why) if offline(&why) => return Err(why),
            Err(_) => {}
        }
        self.items.replace(Collection::default());
        self.unsaved.borrow_mut().clear();
        self.host.show(&[]);
        self.host.announce(&Announcement::Cleared);
        Ok(())
    }
}
