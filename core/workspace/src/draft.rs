//! A text that somebody writes over a session's, before it is applied.

use crate::stored::Stored;
use callboard_core::Timestamp;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// An unfinished edit of a session's text. Its editor holds a lock under the draft's id while it is open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The draft's id, the record's key.
    pub id: String,
    /// The name of the write that it comes from; 0 before the first.
    pub stamp: u64,
    /// The session's id.
    pub session: String,
    /// The session's text that the draft was begun over.
    pub base: Arc<str>,
    /// The text in the editor.
    pub text: String,
    /// The time of the last write, in seconds since the epoch.
    pub at: i64,
}

impl Stored for Draft {
    fn id(&self) -> &str {
        &self.id
    }

    fn stamp(&self) -> u64 {
        self.stamp
    }

    fn stamped(self, stamp: u64) -> Self {
        Self { stamp, ..self }
    }

    /// The text here stands: only the tab that holds the draft's lock writes it.
    fn meet(here: &Self, stored: &Self, _now: Timestamp) -> Self {
        here.clone().stamped(stored.stamp)
    }

    fn is_stored_as(&self, stored: &Self) -> bool {
        self.base == stored.base && self.text == stored.text
    }
}
