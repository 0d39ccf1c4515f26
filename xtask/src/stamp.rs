//! Detecting whether the inputs of a build have changed.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use crate::{Failure, Outcome, paths};

/// Folders that are no build inputs: an edit of tests or benchmarks must rebuild nothing, and the fuzzers' folder holds
/// gigabytes that change often.
const EXCLUDED: [&str; 5] = ["node_modules", "fuzz", "test", "tests", "bench"];

/// A hash of a set of inputs. It depends on names and contents, not on times, so a fresh checkout
/// of the same commit has the same stamp.
pub(crate) struct Stamp(String);

impl Stamp {
    /// Hashes these files, all files in these folders except tests and benchmarks, and `also`.
    pub(crate) fn of(inputs: &[PathBuf], also: &str) -> Outcome<Self> {
        let mut hasher = DefaultHasher::new();
        also.hash(&mut hasher);
        for input in inputs {
            let files = if input.is_dir() { paths::files_below(input, &EXCLUDED)? } else { vec![input.clone()] };
            for file in files {
                file.hash(&mut hasher);
                // Distinguishes a missing file from an empty one.
                file.exists().hash(&mut hasher);
                if file.exists() {
                    let bytes = std::fs::read(&file).map_err(Failure::io(format!("read {}", file.display())))?;
                    bytes.hash(&mut hasher);
                }
            }
        }
        Ok(Self(format!("{:016x}", hasher.finish())))
    }

    /// True if the file holds this stamp.
    pub(crate) fn matches(&self, file: &Path) -> bool {
        std::fs::read_to_string(file).is_ok_and(|written| written == self.0)
    }

    /// Writes the stamp to a file.
    pub(crate) fn write_to(&self, file: &Path) -> Outcome<()> {
        paths::write(file, &self.0)
    }
}

/// A short hash of these bytes, for use in a file's name.
pub(crate) fn content_hash(bytes: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edit_of_a_test_keeps_the_stamp() {
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
