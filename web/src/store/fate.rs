//! What became of one file that was dropped.

/// What became of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// A session that was not here before.
    Added,
    /// A session that was here, with another text; no local edit stood in its way.
    Updated,
    /// A session that was here, with the text and the path of a file at another path than this one, where it was
    /// before; no local edit stood in its way.
    Moved(String),
    /// The very bytes that were here.
    Unchanged,
    /// The bytes that the local edits had led to: the file has caught up.
    CaughtUp,
    /// Local edits stand; the dropped text waits beside them.
    KeptEdits,
    /// A session of a backup that has another text of its file than is here; it waits beside that.
    KeptBoth,
    /// A second file of a session, which came with another file, at this path, in the same import.
    Another {
        /// The session's id.
        id: String,
        /// The path of the file that was taken.
        at: String,
    },
    /// Not a session, and why.
    NotASession(String),
    /// A session's template, and by which placeholder that is known.
    Template(String),
    /// A configuration file whose policy is in force from now on.
    Policy,
    /// A configuration file beside the one in force, which is at this path.
    PolicyUnused(String),
    /// A session file that cannot be read: where, and what is wrong.
    Broken {
        /// The line, from 1.
        line: u32,
        /// The column in characters, from 1.
        column: u32,
        /// One sentence.
        message: String,
    },
    /// The browser could not read the file.
    Unread(String),
    /// The import was stopped before it came to this one.
    NotRead,
}

impl Fate {
    /// The word for it.
    pub fn label(&self) -> &'static str {
        LABELS[self.index()]
    }

    pub(super) fn index(&self) -> usize {
        match self {
            Self::Added => 0,
            Self::Updated => 1,
            Self::Unchanged => 2,
            Self::CaughtUp => 3,
            Self::KeptEdits => 4,
            Self::NotASession(_) => 5,
            Self::Broken { .. } => 6,
            Self::Unread(_) => 7,
            Self::NotRead => 8,
            Self::Moved(_) => 9,
            Self::Another { .. } => 10,
            Self::KeptBoth => 11,
            Self::Template(_) => 12,
            Self::Policy => 13,
            Self::PolicyUnused(_) => 14,
        }
    }

    /// What there is to say beyond the word; empty when there is nothing.
    pub fn detail(&self) -> String {
        match self {
            Self::Added | Self::Updated | Self::Unchanged => String::new(),
            Self::CaughtUp => "The file now holds your edits.".into(),
            Self::KeptEdits => "You have changed this session. Both texts are kept: open it to choose.".into(),
            Self::KeptBoth => {
                "The backup has another text of its file than is here. Both are kept: open it to choose.".into()
            }
            Self::NotASession(why) | Self::Unread(why) | Self::Template(why) => why.clone(),
            Self::Policy => "Its policy applies here now. Your own settings still win.".into(),
            Self::PolicyUnused(used) => format!("The policy of {used} is used: it is nearer the top."),
            Self::Broken { message, .. } => message.clone(),
            Self::Moved(from) => {
                format!("The session was at {from} before. Its text and its path are now this file's.")
            }
            Self::Another { at, .. } => {
                format!("Same session as {at}, so not loaded. Drop it alone to use it instead.")
            }
            Self::NotRead => "The import was stopped before it came to this one.".into(),
        }
    }

    /// The reason that files of the same kind may share; empty where each has its own place or session.
    pub fn shared_reason(&self) -> &str {
        match self {
            Self::NotASession(why) | Self::Unread(why) => why,
            _ => "",
        }
    }

    /// Whether someone should look at it.
    pub fn needs_a_look(&self) -> bool {
        matches!(
            self,
            Self::Moved(_)
                | Self::KeptEdits
                | Self::KeptBoth
                | Self::Another { .. }
                | Self::Broken { .. }
                | Self::Unread(_)
                | Self::PolicyUnused(_)
        )
    }

    /// Whether a session can be opened from it.
    pub fn is_loaded(&self) -> bool {
        matches!(
            self,
            Self::Added
                | Self::Updated
                | Self::Moved(_)
                | Self::Unchanged
                | Self::CaughtUp
                | Self::KeptEdits
                | Self::KeptBoth
        )
    }
}

/// Every word, in the order of a report's counts.
pub const LABELS: [&str; 15] = [
    "added",
    "updated",
    "unchanged",
    "caught up",
    "kept your edits",
    "not a session",
    "broken",
    "could not be read",
    "not read",
    "from another path",
    "not taken",
    "kept both",
    "template",
    "policy",
    "policy not used",
];

/// One file of an import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The folder and the name.
    pub path: String,
    /// The session's id, where there is one.
    pub id: Option<String>,
    /// What became of it.
    pub fate: Fate,
}

impl Item {
    /// Where the file is broken, in words; empty where it is not.
    pub fn place(&self) -> String {
        match &self.fate {
            Fate::Broken { line, column, .. } => format!("line {line}, column {column}"),
            _ => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fate_has_its_own_word() {
        let fates = [
            Fate::Added,
            Fate::Updated,
            Fate::Unchanged,
            Fate::CaughtUp,
            Fate::KeptEdits,
            Fate::NotASession(String::new()),
            Fate::Broken { line: 1, column: 1, message: String::new() },
            Fate::Unread(String::new()),
            Fate::NotRead,
            Fate::Moved(String::new()),
            Fate::Another { id: String::new(), at: String::new() },
            Fate::KeptBoth,
            Fate::Template(String::new()),
            Fate::Policy,
            Fate::PolicyUnused(String::new()),
        ];
        assert_eq!(fates.each_ref().map(Fate::label), LABELS);
    }
}
