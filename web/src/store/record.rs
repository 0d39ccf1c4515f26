//! A session as it is stored: texts and local changes, nothing worked out.
use super::edit::Edit;
use super::place::Incoming;
use std::sync::Arc;

/// What the database keeps of one session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The session's id, the record's key.
    pub id: String,
    /// Names the writing it comes from; 0 when it was never stored.
    pub stamp: u64,
    /// The file's own name, for the export.
    pub file: String,
    /// The folders it was dropped with, joined by `/`; empty for a loose file.
    pub folder: String,
    /// The text at the bottom of the undo history.
    pub root: Arc<str>,
    /// The text as the file on the disk has it, as far as is known.
    pub disk: Arc<str>,
    /// Other texts of it that came and were not taken, oldest first; each is kept until someone decides.
    pub waiting: Vec<Incoming>,
    /// Every local change, oldest first; those from `done` on were undone.
    pub edits: Vec<Edit>,
    /// How many of the changes stand.
    pub done: usize,
}
