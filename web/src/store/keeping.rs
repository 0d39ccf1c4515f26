//! Changes, one after another: worked out on what is stored, stored, and only then shown and said.
use super::entry::Entry;
use super::storage_error::StorageError;
use super::workspace::{WayBack, Workspace};
use crate::platform::channel::News;
use crate::platform::database::{Durability, Written};
use crate::platform::pace::Pace;
use crate::platform::storage;
use leptos::prelude::*;
use std::sync::Arc;
use std::time::Duration;

/// How often a change is worked out again because another tab was first.
pub(super) const TRIES: usize = 8;

/// How long a change waits for its turn without a word.
const PATIENCE: Duration = Duration::from_millis(200);

/// What a change leads to.
#[derive(Debug)]
pub struct Step {
    /// The session as it is afterwards.
    pub entry: Entry,
    /// What happened, in one sentence.
    pub said: String,
    /// Whether it can be undone from the status line.
    pub undo: bool,
}

impl Step {
    /// The way back from it, where it can be undone from the status line.
    pub fn way_back(&self) -> Option<WayBack> {
        let edit = Box::new(self.entry.last().filter(|_| self.undo)?.clone());
        Some(WayBack::Change { id: self.entry.id().to_owned(), edit })
    }

    /// A change that says what its last edit says, and can be undone.
    pub fn of(entry: Entry) -> Self {
        let said = entry.last().map(|edit| edit.sentence.clone()).unwrap_or_default();
        Self { entry, said, undo: true }
    }
}

impl Workspace {
    /// Changes a session. `step` is asked for the change of the session as it is stored, again when
    /// another tab was first; its `Err` is a sentence that says why there is none.
    ///
    /// # Errors
    /// That sentence; nothing is changed then.
    pub(super) async fn change(self, id: &str, step: impl Fn(&Entry) -> Result<Step, String>) -> Result<Step, String> {
        let turn = self.turn.get_value();
        let waits = StoredValue::new(true);
        set_timeout(
            move || {
                if waits.try_get_value() == Some(true) {
                    self.say("What you did waits until what came before it is stored\u{2026}", None);
                }
            },
            PATIENCE,
        );
        let _guard = turn.lock().await;
        waits.set_value(false);
        self.change_in_turn(id, step).await
    }

    async fn change_in_turn(self, id: &str, step: impl Fn(&Entry) -> Result<Step, String>) -> Result<Step, String> {
        self.ask_to_persist();
        for _ in 0..TRIES {
            let entry = self.entry_now(id).ok_or("This session is no longer in the workspace.")?;
            let mut next = step(&entry)?;
            match self.store(std::slice::from_ref(&next.entry), Durability::Strict).await {
                Ok(written) => match written.into_iter().next() {
                    Some(Written::Behind(theirs)) => self.adopt(id, *theirs),
                    Some(Written::Stored(stamp)) => {
                        next.entry = next.entry.stamped(stamp);
                        self.put(next.entry.clone());
                        self.tell(vec![id.to_owned()]);
                        self.catch_up(&[id.to_owned()]).await;
                        return Ok(next);
                    }
                    None => return Ok(next),
                },
                Err(why) => {
                    self.put_unstored(next.entry.clone(), why);
                    return Ok(next);
                }
            }
        }
        Err("Other tabs keep changing this session; nothing was done here.".into())
    }

    /// Changes several sessions together: what can be stored is stored in one transaction. Those in which another
    /// tab was first, and all where that failed, are then changed one by one, as [`Workspace::change`] does.
    ///
    /// Returns each session as it was before, with the sentence that says what was done to it, or why nothing was.
    pub(super) async fn change_together(
        self,
        ids: &[String],
        step: impl Fn(&Entry) -> Result<Step, String>,
    ) -> Vec<(Arc<Entry>, Result<String, String>)> {
        let turn = self.turn.get_value();
        let _guard = turn.lock().await;
        let mut pace = Pace::begin();
        let (mut outcomes, mut next, mut places) = (Vec::with_capacity(ids.len()), Vec::new(), Vec::new());
        for entry in ids.iter().filter_map(|id| self.entry_now(id)) {
            let outcome = step(&entry).map(|step| {
                next.push(step.entry);
                places.push(outcomes.len());
                step.said
            });
            outcomes.push((entry, outcome));
            pace.rest().await;
        }
        if next.is_empty() {
            return outcomes;
        }
        self.ask_to_persist();
        let mut alone = Vec::new();
        match self.store(&next, Durability::Strict).await {
            Ok(written) => {
                let mut stored = Vec::with_capacity(next.len());
                for ((entry, place), written) in next.into_iter().zip(places).zip(written) {
                    match written {
                        Written::Stored(stamp) => {
                            stored.push(entry.id().to_owned());
                            self.shelf.update_untracked(|shelf| shelf.put(entry.stamped(stamp)));
                        }
                        Written::Behind(theirs) => {
                            self.adopt(entry.id(), *theirs);
                            alone.push(place);
                        }
                    }
                }
                self.shelf.notify();
                self.tell(stored.clone());
                if !stored.is_empty() {
                    self.catch_up(&stored).await;
                }
            }
            // One by one, each says for itself what became of it.
            Err(_) => alone = places,
        }
        for place in alone {
            if let Some((entry, outcome)) = outcomes.get_mut(place) {
                *outcome = self.change_in_turn(entry.id(), &step).await.map(|step| step.said);
            }
        }
        outcomes
    }

    /// Another tab was first: its text is taken, and the change made on top of it. Where a change of
    /// ours could not be stored before, both texts are kept until someone decides; that is not stored yet.
    pub(super) fn adopt(self, id: &str, theirs: super::record::Record) {
        let ours = self.unsaved.with_value(|unsaved| unsaved.contains(id)).then(|| self.entry_now(id)).flatten();
        let Some(theirs) = Entry::restore(theirs) else { return };
        self.put(match ours {
            Some(ours) => ours.beside(&theirs),
            None => theirs,
        });
    }

    /// The browser stores again, these sessions to begin with: what could not be stored before is stored now,
    /// and the warning goes.
    pub(super) async fn catch_up(self, stored: &[String]) {
        for id in stored {
            self.is_stored(id);
        }
        let waiting: Vec<String> = self.unsaved.with_value(|unsaved| unsaved.iter().cloned().collect());
        for id in waiting {
            if let Err(why) = self.store_again(&id).await {
                return self.set_storage_error(why);
            }
            self.is_stored(&id);
        }
        if self.storage_error.with_untracked(Option::is_some) {
            self.storage_error.set(None);
        }
    }

    /// Stores a session as it is here, beside what another tab may have stored meanwhile.
    ///
    /// # Errors
    /// Why it is not stored.
    async fn store_again(self, id: &str) -> Result<(), StorageError> {
        for _ in 0..TRIES {
            let Some(entry) = self.entry_now(id) else { return Ok(()) };
            match self.store(&[(*entry).clone()], Durability::Strict).await.map(|mut written| written.pop()) {
                Ok(Some(Written::Stored(stamp))) => {
                    self.put((*entry).clone().stamped(stamp));
                    self.tell(vec![id.to_owned()]);
                    return Ok(());
                }
                Ok(Some(Written::Behind(theirs))) => self.adopt(id, *theirs),
                Ok(None) => return Ok(()),
                Err(why) => return Err(why),
            }
        }
        Err(StorageError::contended())
    }

    /// Nothing of a session is in this tab alone any more.
    fn is_stored(self, id: &str) {
        let was_unsaved = self.unsaved.try_update_value(|unsaved| unsaved.remove(id));
        if was_unsaved == Some(true) {
            self.drafts.applied_is_stored(id);
        }
    }

    /// Shows an entry that the browser did not store, and says why as long as it is so.
    pub(super) fn put_unstored(self, entry: Entry, why: StorageError) {
        self.unsaved.update_value(|unsaved| {
            unsaved.insert(entry.id().to_owned());
        });
        self.put(entry);
        self.set_storage_error(why);
    }

    pub(super) fn put(self, entry: Entry) {
        self.shelf.update(|shelf| shelf.put(entry));
    }

    /// Writes entries.
    ///
    /// # Errors
    /// Why none was written.
    pub(super) async fn store(self, entries: &[Entry], durability: Durability) -> Result<Vec<Written>, StorageError> {
        let Some(database) = self.database.get_value() else {
            // It says why there is none.
            return Err(self.storage_error.get_untracked().unwrap_or(StorageError::Unresponsive));
        };
        let records: Vec<_> = entries.iter().map(|entry| entry.record().clone()).collect();
        database.put(&records, durability).await
    }

    /// Tells the other tabs that sessions are stored anew.
    pub(super) fn tell(self, ids: Vec<String>) {
        self.channel.with_value(|channel| {
            if let Some(channel) = channel {
                channel.tell(&News::Changed(ids));
            }
        });
    }

    /// Asks the browser, once, to keep what is stored: from the first edit on there is something that
    /// cannot be had again.
    pub(super) fn ask_to_persist(self) {
        if !self.asked_to_persist.get_value() {
            self.asked_to_persist.set_value(true);
            storage::ask_to_persist();
        }
    }
}
