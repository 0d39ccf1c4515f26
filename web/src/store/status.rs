//! The status line: the last message and its undo.
use crate::arc_eq::ArcEq;
use callboard_workspace::{Entry, ForeignFile, StoredShape, VersionId};
use leptos::prelude::*;

/// A message of the status line.
#[derive(Clone, Debug, PartialEq)]
pub struct StatusMessage {
    /// The message, one sentence.
    pub text: String,
    /// The undo offered with it.
    pub undo: Option<UndoAction>,
}

/// An undo of the last action.
#[derive(Clone, Debug, PartialEq)]
pub enum UndoAction {
    /// Undoes a version while it is the current one.
    Version {
        /// The session's id.
        id: String,
        /// The version.
        version: VersionId,
    },
    /// Restores a discarded session.
    Restore(ArcEq<Entry>),
    /// Discards sessions that were created together, unless they changed since.
    Discard(Vec<ArcEq<Entry>>),
    /// Adds files again that were removed.
    RestoreFiles(ArcEq<Vec<ForeignFile>>),
    /// Stores a shape again that was removed.
    RestoreShape(StoredShape),
}

/// The status line of the workspace.
#[derive(Clone, Copy, Debug)]
pub struct Status(RwSignal<Option<StatusMessage>>);

impl Default for Status {
    fn default() -> Self {
        Self(RwSignal::new(None))
    }
}

impl Status {
    /// Shows a message, replacing the one before.
    pub fn set(self, text: impl Into<String>, undo: Option<UndoAction>) {
        self.0.set(Some(StatusMessage { text: text.into(), undo }));
    }

    /// Hides the message.
    pub fn clear(self) {
        self.0.set(None);
    }

    /// Returns the message; reactive.
    pub fn get(self) -> Option<StatusMessage> {
        self.0.get()
    }

    /// Returns the message without subscribing to it.
    pub fn get_untracked(self) -> Option<StatusMessage> {
        self.0.get_untracked()
    }
}
