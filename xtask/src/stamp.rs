//! Telling whether what something was made from has changed since.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use crate::{Failure, Outcome, paths};

/// Folders that nothing is made of: tests and benchmarks, whose edit must rebuild nothing; the fuzzers keep gigabytes in
/// theirs, and never the same for long.
const NOT_MADE_OF: [&str; 5] = ["node_modules", "fuzz", "test", "tests", "bench"];

/// What a set of inputs was, in short. Files are told apart by name and contents, not by time:
/// a fresh checkout of the same commit is the same.
pub(crate) struct Stamp(String);

impl Stamp {
    /// The stamp of these files and of everything in these folders but tests and benchmarks, and of `also`.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edit_of_a_test_makes_no_other_stamp() {
        let dir = std::env::temp_dir().join(format!("callboard-stamp-{}", std::process::id()));
        let stamp = || Stamp::of(std::slice::from_ref(&dir), "").unwrap().0;
        let write = |name: &str, text: &str| paths::write(&dir.join(name), text).unwrap();
        write("src/lib.rs", "1");
        write("tests/all.rs", "1");
        let before = stamp();
        write("tests/all.rs", "2");
        write("npm/test/a.test.mjs", "2");
        assert_eq!(stamp(), before);
        write("src/lib.rs", "2");
        assert_ne!(stamp(), before);
        paths::remove_dir(&dir).unwrap();
    }
}
