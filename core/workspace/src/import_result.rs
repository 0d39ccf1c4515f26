//! The result of importing one file.

use serde::{Deserialize, Serialize};

/// The result of importing one file, or one session of a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "result", rename_all = "snake_case")]
pub enum ImportResult {
    /// A session that was not loaded before.
    Added,
    /// Another text of a loaded session, which had no local changes.
    Updated,
    /// Another text at another path of a loaded session, which had no local changes.
    Moved {
        /// The path before.
        from: String,
    },
    /// The text that is loaded, or one it was made from.
    Unchanged,
    /// The text that the local changes had led to.
    CaughtUp,
    /// A conflict with local changes: both texts are kept.
    Conflict,
    /// A conflict between a backup and the loaded session: both texts are kept.
    BackupConflict,
    /// Another file of a session that came in the same import.
    Another {
        /// The path of the file that was loaded.
        at: String,
    },
    /// A backup, or a part of one, that is no session.
    NotASession {
        /// The reason, in one sentence.
        why: String,
    },
    /// A file that is no session file of the framework's own shape. Its place is worked out from all files:
    /// [`Assembled::file`](crate::Assembled::file) has it.
    File,
    /// The definition of a shape, which reads files from now on.
    Shape {
        /// The shape's title.
        title: String,
    },
    /// An archive whose files were imported.
    Unpacked {
        /// The number of files that were imported.
        files: usize,
        /// The number of files that were not: of folders of tools.
        skipped: usize,
        /// The entries that could not be read, with the reasons.
        refused: Vec<(String, String)>,
    },
    /// A configuration file whose policy is in force now.
    Policy,
    /// A configuration file beside the one in force.
    PolicyUnused {
        /// The path of the one in force.
        used: String,
    },
    /// A shape of a backup whose name a differing shape has here, which is kept.
    ShapeUnused {
        /// The title of the shape that is kept.
        title: String,
    },
    /// A configuration, backup or archive that cannot be read.
    Broken {
        /// The line, from 1; 0 for an archive.
        line: u32,
        /// The column in characters, from 1.
        column: u32,
        /// One sentence.
        message: String,
    },
    /// A folder of a tool, such as `.git`, which was not opened.
    SkippedFolder,
    /// A file that the browser could not read.
    Unread {
        /// The reason, in one sentence.
        why: String,
    },
    /// A file that was left when the import was stopped.
    NotRead,
}

impl ImportResult {
    /// Every label, in the order of a report's counts.
    pub const LABELS: [&'static str; 19] = [
        "added",
        "updated",
        "unchanged",
        "caught up",
        "conflict",
        "not a session",
        "broken",
        "unreadable",
        "not read",
        "from another path",
        "duplicate",
        "conflict with backup",
        "file",
        "shape",
        "unpacked",
        "skipped",
        "policy",
        "policy not used",
        "shape not used",
    ];

    /// Returns the label.
    pub fn label(&self) -> &'static str {
        Self::LABELS[self.index()]
    }

    /// Returns the label's place in [`ImportResult::LABELS`].
    pub fn index(&self) -> usize {
        match self {
            Self::Added => 0,
            Self::Updated => 1,
            Self::Unchanged => 2,
            Self::CaughtUp => 3,
            Self::Conflict => 4,
            Self::NotASession { .. } => 5,
            Self::Broken { .. } => 6,
            Self::Unread { .. } => 7,
            Self::NotRead => 8,
            Self::Moved { .. } => 9,
            Self::Another { .. } => 10,
            Self::BackupConflict => 11,
            Self::File => 12,
            Self::Shape { .. } => 13,
            Self::Unpacked { .. } => 14,
            Self::SkippedFolder => 15,
            Self::Policy => 16,
            Self::PolicyUnused { .. } => 17,
            Self::ShapeUnused { .. } => 18,
        }
    }

    /// Returns the explanation of the label; empty where there is none.
    pub fn detail(&self) -> String {
        match self {
            Self::Added | Self::Updated | Self::Unchanged | Self::File => String::new(),
            Self::Shape { title } => format!("Callboard now reads files of the shape {title}."),
            Self::Unpacked { files, skipped, refused } => {
                let (noun, verb) = if *files == 1 { ("file", "is") } else { ("files", "are") };
                let mut sentences = vec![format!("{files} {noun} in the archive {verb} listed too.")];
                if *skipped > 0 {
                    sentences.push(format!("{skipped} in folders of tools, such as .git, were skipped."));
                }
                sentences.extend(refused.iter().map(|(path, why)| format!("{path}: {why}")));
                sentences.join(" ")
            }
            Self::CaughtUp => "The file now holds your edits.".into(),
            Self::Conflict => {
                "You have edits in this session, so both versions are kept. Open the session to choose.".into()
            }
            Self::BackupConflict => {
                "The backup has a different version of this session. Both are kept. Open the session to choose.".into()
            }
            Self::NotASession { why } | Self::Unread { why } => why.clone(),
            Self::SkippedFolder => "Folder of a tool: its files are not read.".into(),
            Self::Policy => "Its policy applies now. Your own settings take precedence.".into(),
            Self::PolicyUnused { used } => format!("Not used: the policy of {used} is closer to the top folder."),
            Self::ShapeUnused { title } => format!(
                "Your shape {title} has this name and differs, so it was kept. Remove it, then restore again, to use the backup's."
            ),
            Self::Broken { message, .. } => message.clone(),
            Self::Moved { from } => {
                format!("Moved from {from}. The session now has this file's version and path.")
            }
            Self::Another { at, .. } => {
                format!("Same session as {at}, so not loaded. Drop it alone to use it instead.")
            }
            Self::NotRead => "The import was stopped before this file.".into(),
        }
    }

    /// Returns the reason that files with this label may share; empty where each has its own place or session.
    pub fn shared_reason(&self) -> &str {
        match self {
            Self::NotASession { why } | Self::Unread { why } => why,
            Self::Added | Self::Updated | Self::Unchanged => "Sessions of Callboard's own shape.",
            Self::Another { .. } => "Duplicates of sessions in other files, so not loaded.",
            Self::Conflict | Self::BackupConflict => "Conflicts with your edits: both versions are kept.",
            Self::Moved { .. } => "Sessions moved from another path.",
            Self::SkippedFolder => "Folders of tools: their files are not read.",
            _ => "",
        }
    }

    /// Returns true if someone should look at the file.
    pub fn needs_a_look(&self) -> bool {
        matches!(
            self,
            Self::Moved { .. }
                | Self::Conflict
                | Self::BackupConflict
                | Self::Another { .. }
                | Self::NotASession { .. }
                | Self::Broken { .. }
                | Self::Unread { .. }
                | Self::PolicyUnused { .. }
                | Self::ShapeUnused { .. }
        ) || matches!(self, Self::Unpacked { refused, .. } if !refused.is_empty())
    }

    /// Returns true if a session can be opened from it.
    pub fn is_loaded(&self) -> bool {
        matches!(
            self,
            Self::Added
                | Self::Updated
                | Self::Moved { .. }
                | Self::Unchanged
                | Self::CaughtUp
                | Self::Conflict
                | Self::BackupConflict
        )
    }
}

/// One file of an import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportedFile {
    /// The folder and the name.
    pub path: String,
    /// The session's id, where there is one.
    pub id: Option<String>,
    /// The result.
    #[serde(flatten)]
    pub result: ImportResult,
}

impl ImportedFile {
    /// Returns the line and the column of what cannot be read, in words; empty where there is none.
    pub fn place(&self) -> String {
        match &self.result {
            ImportResult::Broken { line: 0, .. } => String::new(),
            ImportResult::Broken { line, column, .. } => format!("line {line}, column {column}"),
            _ => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_result_has_its_own_label_and_is_written_and_read() {
        let text = || "x".to_owned();
        let results = [
            ImportResult::Added,
            ImportResult::Updated,
            ImportResult::Unchanged,
            ImportResult::CaughtUp,
            ImportResult::Conflict,
            ImportResult::NotASession { why: text() },
            ImportResult::Broken { line: 1, column: 2, message: text() },
            ImportResult::Unread { why: text() },
            ImportResult::NotRead,
            ImportResult::Moved { from: text() },
            ImportResult::Another { at: text() },
            ImportResult::BackupConflict,
            ImportResult::File,
            ImportResult::Shape { title: text() },
            ImportResult::Unpacked { files: 1, skipped: 2, refused: vec![(text(), text())] },
            ImportResult::SkippedFolder,
            ImportResult::Policy,
            ImportResult::PolicyUnused { used: text() },
            ImportResult::ShapeUnused { title: text() },
        ];
        assert_eq!(results.each_ref().map(ImportResult::label), ImportResult::LABELS);
        for result in results {
            let file = ImportedFile { path: "a\n\t.json".into(), id: None, result };
            let json = serde_json::to_string(&file).unwrap();
            assert_eq!(serde_json::from_str::<ImportedFile>(&json).unwrap(), file);
        }
    }
}
