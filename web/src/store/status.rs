//! The status line: the last message, and the undo that it offers.
use crate::arc_eq::ArcEq;
use callboard_workspace::{Entry, VersionId};
use leptos::prelude::*;

/// A message of the status line.
#[derive(Clone, Debug, PartialEq)]
pub struct StatusMessage {
    /// One sentence.
    pub text: String,
    /// The undo that is offered beside it.
    pub undo: Option<UndoAction>,
}

/// An undo of the last action.
#[derive(Clone, Debug, PartialEq)]
pub enum UndoAction {
    /// Takes a version back, as long as it is the current one.
    Version {
        /// The session's id.
        id: String,
        /// The version.
        version: VersionId,
    },
    /// Restores a discarded session as it was.
    Restore(ArcEq<Entry>),
}

/// The status line, part of the workspace.
#[derive(Clone, Copy, Debug)]
pub struct Status(RwSignal<Option<StatusMessage>>);

impl Default for Status {
    fn default() -> Self {
        Self(RwSignal::new(None))
    }
}

impl Status {
    /// Shows a message in place of the one before.
    pub fn set(self, text: impl Into<String>, undo: Option<UndoAction>) {
        self.0.set(Some(StatusMessage { text: text.into(), undo }));
    }

    /// Shows nothing.
    pub fn clear(self) {
        self.0.set(None);
    }

    /// Returns the message; followed in a view.
    pub fn get(self) -> Option<StatusMessage> {
        self.0.get()
    }

    /// Returns the message without following it.
    pub fn get_untracked(self) -> Option<StatusMessage> {
        self.0.get_untracked()
    }
}
