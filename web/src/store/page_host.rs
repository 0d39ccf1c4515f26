//! The environment of a store in the page: clock, signals and other tabs.
use crate::platform::channel::Channel;
use crate::platform::clock;
use crate::platform::pace::YieldTimer;
use crate::platform::storage_error::StorageError;
use callboard_core::Timestamp;
use callboard_workspace::{Announcement, Host};
use leptos::prelude::*;
use std::cell::RefCell;
use std::collections::HashSet;

/// Publishes a store's changes through signals and to the other tabs.
#[derive(Debug)]
pub struct PageHost {
    /// Counts changes of the items.
    pub revision: RwSignal<u64>,
    /// The reason why changes are not stored, if they are not.
    pub storage_error: RwSignal<Option<StorageError>>,
    channel: RefCell<Option<Channel>>,
    /// Items of a running import, which publishes them itself from time to time.
    held: RefCell<HashSet<String>>,
    timer: YieldTimer,
}

impl PageHost {
    /// Creates the host of a store that changes these signals.
    pub fn new(revision: RwSignal<u64>, storage_error: RwSignal<Option<StorageError>>) -> Self {
        Self {
            revision,
            storage_error,
            channel: RefCell::default(),
            held: RefCell::default(),
            timer: YieldTimer::start(),
        }
    }

    /// Announces changes on a channel from now on.
    pub fn announce_on(&self, channel: Option<Channel>) {
        self.channel.replace(channel);
    }

    /// Defers publishing changes of these items to [`PageHost::show_all`]; an empty list ends that.
    pub fn hold(&self, ids: impl IntoIterator<Item = String>) {
        self.held.replace(ids.into_iter().collect());
    }

    /// Publishes every change.
    pub fn show_all(&self) {
        self.revision.update(|revision| *revision += 1);
    }

    /// Sets the storage error, notifying subscribers only if it differs.
    pub fn set_storage_error(&self, error: Option<&StorageError>) {
        if self.storage_error.with_untracked(|now| now.as_ref() != error) {
            self.storage_error.set(error.cloned());
        }
    }
}

impl Host<StorageError> for PageHost {
    fn now(&self) -> Timestamp {
        clock::now()
    }

    fn show(&self, ids: &[String]) {
        let held = self.held.borrow();
        if ids.is_empty() || !ids.iter().all(|id| held.contains(id)) {
            drop(held);
            self.show_all();
        }
    }

    fn announce(&self, announcement: &Announcement) {
        if let Some(channel) = &*self.channel.borrow() {
            channel.send(announcement);
        }
    }

    fn report(&self, error: Option<&StorageError>) {
        self.set_storage_error(error);
    }

    async fn yield_if_due(&self) {
        self.timer.yield_if_due().await;
    }
}
