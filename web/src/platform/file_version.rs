//! Versions of files, to notice changes.
use std::cell::Cell;
use std::rc::Rc;
use web_sys::File;

/// The version of a file: it differs after a change.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FileVersion {
    /// The time of the last change, in milliseconds since 1970.
    pub modified: f64,
    /// The size in bytes.
    pub size: f64,
}

impl FileVersion {
    /// Returns the version of an opened file.
    pub fn of(file: &File) -> Self {
        Self { modified: file.last_modified(), size: file.size() }
    }

    /// Returns the version as bits, which can be hashed.
    pub fn bits(self) -> (u64, u64) {
        (self.modified.to_bits(), self.size.to_bits())
    }
}

/// The version that a found file had when it was read; `None` before.
pub type ReadVersion = Rc<Cell<Option<FileVersion>>>;
