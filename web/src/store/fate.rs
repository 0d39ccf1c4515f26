//! What became of each file that was dropped.

/// What became of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// A session that was not here before.
    Added,
    /// A session that was here, with another text; no local edit stood in its way.
    Updated,
    /// The very bytes that were here.
    Unchanged,
    /// The bytes that the local edits had led to: the file has caught up.
    CaughtUp,
    /// Local edits stand; the dropped text waits beside them.
    KeptEdits,
    /// Not a session, and why.
    NotASession(String),
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
}

impl Fate {
    /// The word for it.
    pub fn label(&self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Updated => "updated",
            Self::Unchanged | Self::CaughtUp => "unchanged",
            Self::KeptEdits => "kept your edits",
            Self::NotASession(_) => "not a session",
            Self::Broken { .. } => "broken",
            Self::Unread(_) => "could not be read",
        }
    }

    /// Every word, in the order of a report's counts.
    pub const LABELS: [&'static str; 7] =
        ["added", "updated", "unchanged", "kept your edits", "not a session", "broken", "could not be read"];

    /// What there is to say beyond the word; empty when there is nothing.
    pub fn detail(&self) -> String {
        match self {
            Self::Added | Self::Updated | Self::Unchanged => String::new(),
            Self::CaughtUp => "The file now holds your edits.".into(),
            Self::KeptEdits => "You have changed this session here. Both texts are kept: open it to choose.".into(),
            Self::NotASession(why) | Self::Unread(why) => why.clone(),
            Self::Broken { message, .. } => message.clone(),
        }
    }

    /// Whether someone should look at it.
    pub fn needs_a_look(&self) -> bool {
        matches!(self, Self::KeptEdits | Self::Broken { .. } | Self::Unread(_))
    }

    /// Whether a session can be opened from it.
    pub fn is_loaded(&self) -> bool {
        matches!(self, Self::Added | Self::Updated | Self::Unchanged | Self::CaughtUp | Self::KeptEdits)
    }
}

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

/// An import: how far it is, and what became of each file so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// How many files there are.
    pub total: usize,
    /// Those that are through.
    pub items: Vec<Item>,
    /// Nothing more will come.
    pub finished: bool,
}

impl Report {
    /// `3 added, 1 broken`: the counts that are not zero.
    pub fn counts(&self) -> Vec<(&'static str, usize)> {
        Fate::LABELS
            .into_iter()
            .map(|label| {
                let count = self.items.iter().filter(|item| item.fate.label() == label);
                (label, count.count())
            })
            .filter(|(_, count)| *count > 0)
            .collect()
    }

    /// The files, those that need a look first, else in their order.
    pub fn sorted(&self) -> Vec<Item> {
        let mut items = self.items.clone();
        items.sort_by_key(|item| !item.fate.needs_a_look());
        items
    }

    /// Whether any file needs a look.
    pub fn needs_a_look(&self) -> bool {
        self.items.iter().any(|item| item.fate.needs_a_look())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_what_is_there_and_puts_trouble_first() {
        let item = |path: &str, fate| Item { path: path.into(), id: None, fate };
        let broken = Fate::Broken { line: 3, column: 1, message: "A value is missing.".into() };
        let report = Report {
            total: 3,
            items: vec![item("a.json", Fate::Added), item("b.json", broken), item("c.json", Fate::Added)],
            finished: true,
        };
        assert_eq!(report.counts(), [("added", 2), ("broken", 1)]);
        let order: Vec<_> = report.sorted().into_iter().map(|item| item.path).collect();
        assert_eq!(order, ["b.json", "a.json", "c.json"]);
        assert!(report.needs_a_look());
    }
}
