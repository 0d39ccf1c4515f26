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
        LABELS[self.index()]
    }

    fn index(&self) -> usize {
        match self {
            Self::Added => 0,
            Self::Updated => 1,
            Self::Unchanged => 2,
            Self::CaughtUp => 3,
            Self::KeptEdits => 4,
            Self::NotASession(_) => 5,
            Self::Broken { .. } => 6,
            Self::Unread(_) => 7,
        }
    }

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

/// Every word, in the order of a report's counts.
pub const LABELS: [&str; 8] =
    ["added", "updated", "unchanged", "caught up", "kept your edits", "not a session", "broken", "could not be read"];

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

/// An import: how far it is, and what became of each file so far.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// How many files there are.
    total: usize,
    /// Those that are through, in their order.
    items: Vec<Item>,
    counts: [usize; LABELS.len()],
    /// Nothing more will come.
    finished: bool,
    /// Someone has stopped it.
    cancelled: bool,
}

impl Report {
    /// A report of so many files.
    pub fn of(total: usize) -> Self {
        Self { total, ..Self::default() }
    }

    /// More files come to an import that is going on.
    pub fn expect(&mut self, more: usize) {
        self.total += more;
    }

    /// Files that are through.
    pub fn add(&mut self, items: Vec<Item>) {
        for item in &items {
            self.counts[item.fate.index()] += 1;
        }
        self.items.extend(items);
    }

    /// Nothing more will come.
    pub fn finish(&mut self, cancelled: bool) {
        self.finished = true;
        self.cancelled = cancelled;
    }

    /// How many files there are.
    pub fn total(&self) -> usize {
        self.total
    }

    /// Those that are through, in their order.
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// Whether nothing more will come.
    pub fn finished(&self) -> bool {
        self.finished
    }

    /// How many files were left when it was stopped; `None` when it was not.
    pub fn left_out(&self) -> Option<usize> {
        self.cancelled.then(|| self.total.saturating_sub(self.items.len()))
    }

    /// `3 added, 1 broken`: the counts that are not zero.
    pub fn counts(&self) -> Vec<(&'static str, usize)> {
        LABELS.into_iter().zip(self.counts).filter(|(_, count)| *count > 0).collect()
    }

    /// The files with this word (all without one) whose path or reason holds every word of a search in
    /// small letters, those that need a look first, else in their order.
    pub fn chosen(&self, label: Option<&str>, search: &str) -> Vec<Item> {
        let words: Vec<&str> = search.split_whitespace().collect();
        let holds = |item: &&Item| {
            let text = format!("{}\n{}", item.path, item.fate.detail()).to_lowercase();
            words.iter().all(|word| text.contains(word))
        };
        let mut items: Vec<Item> = self
            .items
            .iter()
            .filter(|item| label.is_none_or(|label| item.fate.label() == label))
            .filter(|item| words.is_empty() || holds(item))
            .cloned()
            .collect();
        items.sort_by_key(|item| !item.fate.needs_a_look());
        items
    }

    /// The first `most` files, those that need a look before the others.
    pub fn first(&self, most: usize) -> impl Iterator<Item = &Item> {
        let those = |wanted: bool| self.items.iter().filter(move |item| item.fate.needs_a_look() == wanted);
        those(true).chain(those(false)).take(most)
    }

    /// Whether any file needs a look.
    pub fn needs_a_look(&self) -> bool {
        self.items.iter().any(|item| item.fate.needs_a_look())
    }

    /// The report as plain text: a line a file.
    pub fn text(&self) -> String {
        let counts: Vec<String> = self.counts().into_iter().map(|(label, count)| format!("{count} {label}")).collect();
        let mut text = format!("{} of {} files: {}\n", self.items.len(), self.total, counts.join(", "));
        for item in self.chosen(None, "") {
            let parts = [item.path.clone(), item.fate.label().to_owned(), item.place(), item.fate.detail()];
            let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
            text.push_str(&parts.join("\t"));
            text.push('\n');
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_what_is_there_and_puts_trouble_first() {
        let item = |path: &str, fate| Item { path: path.into(), id: None, fate };
        let broken = Fate::Broken { line: 3, column: 1, message: "A value is missing.".into() };
        let mut report = Report::of(4);
        report.add(vec![item("a.json", Fate::Added), item("b.json", broken), item("c.json", Fate::Added)]);
        report.finish(true);
        assert_eq!(report.counts(), [("added", 2), ("broken", 1)]);
        assert_eq!(report.left_out(), Some(1));
        let order = |label, search: &str| -> Vec<_> {
            report.chosen(label, search).into_iter().map(|item| item.path).collect()
        };
        assert_eq!(order(None, ""), ["b.json", "a.json", "c.json"]);
        assert_eq!(report.first(2).map(|item| item.path.as_str()).collect::<Vec<_>>(), ["b.json", "a.json"]);
        assert_eq!(order(Some("added"), ""), ["a.json", "c.json"]);
        assert_eq!(order(None, "missing"), ["b.json"]);
        assert!(report.needs_a_look());
        let text = "3 of 4 files: 2 added, 1 broken\nb.json\tbroken\tline 3, column 1\tA value is missing.\n\
                    a.json\tadded\nc.json\tadded\n";
        assert_eq!(report.text(), text);
    }

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
        ];
        assert_eq!(fates.each_ref().map(Fate::label), LABELS);
    }
}
