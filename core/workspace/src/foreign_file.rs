//! Files that are no session file of the framework's own shape, as they were imported.

use crate::stored::Stored;
use callboard_core::Timestamp;
use callboard_core::import::{Content, Encoding, FileDocument, Reading, Shapes};
use std::sync::Arc;

/// An imported file by its path, with its bytes as they were read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignFile {
    /// The folders and the name: the record's key.
    pub path: String,
    /// The name of the write that it comes from; 0 before the first.
    pub stamp: u64,
    /// The file's bytes; none for a file whose name alone is known, such as an episode's audio.
    pub bytes: Option<Arc<[u8]>>,
}

impl ForeignFile {
    /// Reads the file by shapes.
    pub fn read(&self, shapes: &Shapes) -> Reading {
        match &self.bytes {
            Some(bytes) => shapes.read(&self.path, bytes),
            None => unread(&self.path),
        }
    }
}

/// Returns the reading of a file that was not opened.
pub fn unread(path: &str) -> Reading {
    let content = Content::Unknown { why: "Not JSON by its name, so not opened.".to_owned() };
    let document = FileDocument { index: None, line: 1, content, fingerprint: 0, text: None };
    let (documents, repairs, encoding) = (vec![document], Vec::new(), Encoding::Utf8);
    Reading { path: path.into(), documents, repairs, encoding, broken: None }
}

impl Stored for ForeignFile {
    fn id(&self) -> &str {
        &self.path
    }

    fn stamp(&self) -> u64 {
        self.stamp
    }

    fn stamped(self, stamp: u64) -> Self {
        Self { stamp, ..self }
    }

    /// The bytes here stand: they were imported last.
    fn meet(here: &Self, stored: &Self, _now: Timestamp) -> Self {
        here.clone().stamped(stored.stamp)
    }

    fn is_stored_as(&self, stored: &Self) -> bool {
        self.bytes == stored.bytes
    }
}
