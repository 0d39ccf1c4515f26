//! Telling whether what something was made from has changed since.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use crate::{Failure, Outcome, paths};

/// Folders that nothing is made of: the fuzzers keep gigabytes in theirs, and never the same for long.
const NOT_MADE_OF: [&str; 2] = ["node_modules", "fuzz"];

/// What a set of inputs was, in short. Files are told apart by name and contents, not by time:
/// a fresh checkout of the same commit is the same.
pub(crate) struct Stamp(String);

impl Stamp {
    /// The stamp of these files and of everything in these folders, and of `also`.
    pub(crate) fn of(inputs: &[PathBuf], also: &str) -> Outcome<Self> {
        let mut hasher = DefaultHasher::new();
        also.hash(&mut hasher);
        for input in inputs {
            let files = if input.is_dir() { paths::files_below(input, &NOT_MADE_OF)? } else { vec![input.clone()] };
            for file in files {
                file.hash(&mut hasher);
                // One that is not there is told apart from an empty one.
                file.exists().hash(&mut hasher);
                if file.exists() {
                    let bytes = std::fs::read(&file).map_err(Failure::io(format!("read {}", file.display())))?;
                    bytes.hash(&mut hasher);
                }
            }
        }
        Ok(Self(format!("{:016x}", hasher.finish())))
    }

    /// Whether this stamp is the one in the file.
    pub(crate) fn is_kept_in(&self, file: &Path) -> bool {
        std::fs::read_to_string(file).is_ok_and(|kept| kept == self.0)
    }

    /// Keeps it in the file.
    pub(crate) fn keep_in(&self, file: &Path) -> Outcome<()> {
        paths::write(file, &self.0)
    }
}

/// A short name for these bytes, for a file's name.
pub(crate) fn short(bytes: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}
