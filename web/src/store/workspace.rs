//! The shelf in a signal, with all that pages follow.
use super::drafts::Drafts;
use super::edit::Edit;
use super::entry::Entry;
use super::hand_back::Handed;
use super::report::Report;
use super::shelf::Shelf;
use super::storage_error::StorageError;
use crate::platform::channel::Channel;
use crate::platform::clock::Clock;
use crate::platform::database::Database;
use crate::platform::dom;
use crate::platform::texts::Texts;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::HashSet;
use std::rc::Rc;
use std::sync::Arc;
use tokio::sync::Mutex;

pub use super::preferences::policy;

/// What the status line says.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// One sentence.
    pub text: String,
    /// What can be undone from here.
    pub undo: Option<WayBack>,
}

/// The way back from what was just done.
#[derive(Clone, Debug, PartialEq)]
pub enum WayBack {
    /// From a change.
    Change {
        /// The session's id.
        id: String,
        /// The change, as long as it is the session's last one.
        edit: Box<Edit>,
    },
    /// To a session that was taken out, as it was.
    Session(Same<Entry>),
}

/// How far something long is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// How much is done.
    pub done: usize,
    /// How much there is.
    pub total: usize,
}

/// The workspace: one value, handed down as context.
#[derive(Clone, Copy)]
pub struct Workspace {
    /// The loaded sessions.
    pub shelf: RwSignal<Shelf>,
    /// What was stored last time has been read.
    pub ready: RwSignal<bool>,
    /// How far the reading of what is stored is.
    pub reading: RwSignal<Progress>,
    /// The last import, of an earlier visit too.
    pub report: RwSignal<Option<Report>>,
    /// Whether its outcome is told over whatever page is open, until somebody puts it away.
    pub report_open: RwSignal<bool>,
    /// What the status line says.
    pub said: RwSignal<Option<Said>>,
    /// What was handed back last, as long as it can be put back.
    pub handed: RwSignal<Option<Handed>>,
    /// What is being written by hand.
    pub drafts: Drafts,
    /// Why the browser does not store changes, for as long as it is so.
    pub storage_error: RwSignal<Option<StorageError>>,
    /// The time.
    pub clock: Clock,
    pub(super) database: StoredValue<Option<Database>, LocalStorage>,
    pub(super) channel: StoredValue<Option<Channel>, LocalStorage>,
    /// What is kept of the last import.
    pub(super) log: StoredValue<Option<Texts>, LocalStorage>,
    /// Held by whoever changes the shelf: one change after another, in the order in which they were asked for, each on
    /// the last one's result.
    pub(super) turn: StoredValue<Rc<Mutex<()>>, LocalStorage>,
    /// Sessions whose last change could not be stored.
    pub(super) unsaved: StoredValue<HashSet<String>, LocalStorage>,
    /// Someone has stopped the import that is going on.
    pub(super) cancelled: StoredValue<bool>,
    pub(super) asked_to_persist: StoredValue<bool>,
    /// Somebody has asked for everything here to be stored again.
    pub(super) asked_to_save: StoredValue<bool>,
}

/// The workspace of this page.
pub fn use_workspace() -> Workspace {
    expect_context()
}

impl Workspace {
    /// An empty workspace that begins to read what was stored.
    pub fn open(clock: Clock) -> Self {
        let workspace = Self {
            shelf: RwSignal::new(Shelf::default()),
            ready: RwSignal::new(false),
            reading: RwSignal::new(Progress { done: 0, total: 0 }),
            report: RwSignal::new(None),
            report_open: RwSignal::new(false),
            said: RwSignal::new(None),
            handed: RwSignal::new(None),
            drafts: Drafts::default(),
            storage_error: RwSignal::new(None),
            clock,
            database: StoredValue::new_local(None),
            channel: StoredValue::new_local(None),
            log: StoredValue::new_local(None),
            turn: StoredValue::new_local(Rc::default()),
            unsaved: StoredValue::new_local(HashSet::new()),
            cancelled: StoredValue::new(false),
            asked_to_persist: StoredValue::new(false),
            asked_to_save: StoredValue::new(false),
        };
        workspace.listen();
        spawn_local(workspace.recall_report());
        spawn_local(workspace.connect());
        dom::warn_before_leaving(move || workspace.has_unsaved_edits());
        workspace
    }

    /// Says something in the status line, in place of what it said before: an import that went well too.
    pub fn say(self, text: impl Into<String>, undo: Option<WayBack>) {
        let text = text.into();
        if self.report.with_untracked(|report| report.as_ref().is_some_and(Report::went_well)) {
            self.report_open.set(false);
        }
        self.said.set(Some(Said { text, undo }));
    }

    /// A session, followed as it changes.
    pub fn entry(self, id: String) -> Memo<Option<Same<Entry>>> {
        Memo::new(move |_| self.shelf.with(|shelf| shelf.get(&id).cloned().map(Same)))
    }

    /// A session as it is now.
    pub fn entry_now(self, id: &str) -> Option<Arc<Entry>> {
        self.shelf.with_untracked(|shelf| shelf.get(id).cloned())
    }
}

/// A shared value that counts as equal only to itself: entries are replaced, never changed.
#[derive(Debug)]
pub struct Same<T>(pub Arc<T>);

impl<T> Clone for Same<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> PartialEq for Same<T> {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> std::ops::Deref for Same<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}
