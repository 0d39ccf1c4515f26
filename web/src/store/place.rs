//! Where a session's file lies, and what it holds there.
use std::sync::Arc;

/// A file's place, and its text as far as is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file's own name.
    pub file: String,
    /// The folders it was dropped with, joined by `/`; empty for a loose file.
    pub folder: String,
    /// The text that the file holds; empty where there is no file yet.
    pub disk: Arc<str>,
}

impl Place {
    /// The folder and the name.
    pub fn path(&self) -> String {
        joined(&self.folder, &self.file)
    }
}

/// From where a text came that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A file that was dropped: its text is what the disk has, as far as is known.
    File,
    /// A file that was dropped and has been written over since.
    Overwritten,
    /// A backup.
    Backup,
    /// Another tab, which stored it while this one could not store its own.
    Tab,
}

impl Source {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::File, Self::Overwritten, Self::Backup, Self::Tab];

    /// Its name where it is stored.
    pub fn name(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Overwritten => "overwritten",
            Self::Backup => "backup",
            Self::Tab => "tab",
        }
    }

    /// What a text of it is called, as the beginning of a sentence.
    pub fn noun(self) -> &'static str {
        match self {
            Self::File | Self::Overwritten => "The dropped text",
            Self::Backup => "The backup's text",
            Self::Tab => "The other tab's text",
        }
    }
}

/// Another text of a session that waits beside the one that is shown, until someone decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incoming {
    /// The text.
    pub text: Arc<str>,
    /// Its file, and what that holds: the very text where the file was dropped, another one where the text has edits
    /// of its own or was written over.
    pub place: Place,
    /// From where it came.
    pub source: Source,
}

impl Incoming {
    /// Whether the disk has it, as far as is known.
    pub fn is_file(&self) -> bool {
        self.source == Source::File
    }
}

/// A folder and a name as one path.
pub fn joined(folder: &str, file: &str) -> String {
    if folder.is_empty() { file.to_owned() } else { format!("{folder}/{file}") }
}

/// Whether two paths may be those of one file: they are the same, or one says more of the folders above. A file
/// that was dropped loose, or with fewer of its folders, is not another one for that.
pub fn same_file(one: &str, other: &str) -> bool {
    let (long, short) = if one.len() >= other.len() { (one, other) } else { (other, one) };
    long.strip_suffix(short).is_some_and(|above| above.is_empty() || above.ends_with('/'))
}

#[cfg(test)]
mod tests {
    use super::same_file;

    #[test]
    fn a_path_that_says_less_is_of_the_same_file() {
        for (one, other, expected) in [
            ("a.json", "a.json", true),
            ("a.json", "season/a.json", true),
            ("repo/season/a.json", "season/a.json", true),
            ("other/a.json", "season/a.json", false),
            ("season/a.json", "a/season/b.json", false),
            ("a.json", "aa.json", false),
            ("a.json", "b.json", false),
        ] {
            assert_eq!(same_file(one, other), expected, "{one} {other}");
            assert_eq!(same_file(other, one), expected, "{other} {one}");
        }
    }
}
