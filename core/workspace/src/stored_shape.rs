//! Shapes of other pipelines' files that a person taught, or that came with a folder.

use crate::stored::Stored;
use callboard_core::Timestamp;
use serde::{Deserialize, Serialize};

/// A shape's definition as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredShape {
    /// The shape's name, the record's key.
    pub name: String,
    /// The name of the write that it comes from; 0 before the first.
    pub stamp: u64,
    /// The definition as JSON.
    pub text: String,
}

impl Stored for StoredShape {
    fn id(&self) -> &str {
        &self.name
    }

    fn stamp(&self) -> u64 {
        self.stamp
    }

    fn stamped(self, stamp: u64) -> Self {
        Self { stamp, ..self }
    }

    /// The definition here stands: it was written last.
    fn meet(here: &Self, stored: &Self, _now: Timestamp) -> Self {
        here.clone().stamped(stored.stamp)
    }

    fn is_stored_as(&self, stored: &Self) -> bool {
        self.text == stored.text
    }
}
