//! Changed files with what lists and messages say of them, worked out once per change.
use super::export_file::ExportFile;
use super::file_change::FileChange;
use callboard_core::Policy;
use callboard_core::diff::Numstat;
use callboard_workspace::{Entry, TextHash};

/// A changed file with its line counts and its change in words.
#[derive(Clone, Debug, PartialEq)]
pub struct PreparedFile {
    /// The file.
    pub file: ExportFile,
    /// The numbers of added and removed lines.
    pub lines: Numstat,
    /// The change, for a commit message.
    pub change: FileChange,
    /// The name of the change: see [`change_key`].
    pub key: String,
}

impl PreparedFile {
    /// Works out the file of a changed session.
    pub fn of(entry: &Entry, policy: &Policy) -> Self {
        let file = ExportFile::of(entry);
        let (lines, change) = (file.numstat(), file.change(policy));
        Self { lines, change, key: change_key(entry), file }
    }
}

/// Returns a name of what a session's file would change from and to: another one for any other change.
pub fn change_key(entry: &Entry) -> String {
    let before = entry.record().compared_with();
    let before = before.map_or_else(|| "new".to_owned(), |text| TextHash::of(&text).to_string());
    format!("{before} {}", TextHash::of(entry.text()))
}
