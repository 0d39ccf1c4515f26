//! An import: how far it is, and what became of every file of it.
use super::fate::{Item, LABELS};
use crate::format::count;
use crate::order;
use callboard_core::Timestamp;

/// How an import came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Every file is through.
    Through,
    /// Someone has stopped it: those that were left are listed as not read.
    Stopped,
    /// The page was closed while it went on: what was left is not known.
    CutShort,
}

/// An import: how far it is, and what became of each file so far.
#[derive(Clone, Debug)]
pub struct Report {
    /// Tells it from every other import.
    run: u64,
    /// How many files there are.
    total: usize,
    /// How many of them are sessions of a backup, and no files of their own.
    kept: usize,
    /// Those that are through, in their order.
    items: Vec<Item>,
    counts: [usize; LABELS.len()],
    /// How it ended; `None` while it goes on.
    ending: Option<Ending>,
    /// When it ended, where that is known.
    ended: Option<Timestamp>,
}

impl Report {
    /// A report of so many files. No two imports have the same `run`.
    pub fn of(run: u64, total: usize) -> Self {
        Self { run, total, kept: 0, items: Vec::new(), counts: [0; LABELS.len()], ending: None, ended: None }
    }

    /// What tells it from every other import.
    pub fn run(&self) -> u64 {
        self.run
    }

    /// More files come to an import that is going on.
    pub fn expect(&mut self, more: usize) {
        self.total += more;
    }

    /// So many of those that are expected are sessions of a backup.
    pub fn expect_kept(&mut self, kept: usize) {
        self.kept += kept;
    }

    /// How many are sessions of a backup.
    pub fn kept(&self) -> usize {
        self.kept
    }

    /// `3 files`, `40 sessions of a backup`, or both.
    pub fn what(&self) -> String {
        let files = self.total.saturating_sub(self.kept);
        let kept = count(self.kept, "session of a backup", "sessions of a backup");
        match (files, self.kept) {
            (_, 0) => count(files, "file", "files"),
            (0, _) => kept,
            _ => format!("{kept} and {}", count(files, "file", "files")),
        }
    }

    /// Files that are through.
    pub fn add(&mut self, items: Vec<Item>) {
        for item in &items {
            self.counts[item.fate.index()] += 1;
        }
        self.items.extend(items);
    }

    /// Changes what became of a file that is through; false where there is none at this path.
    pub fn amend(&mut self, item: Item) -> bool {
        let Some(known) = self.items.iter_mut().rev().find(|known| known.path == item.path) else { return false };
        self.counts[known.fate.index()] -= 1;
        self.counts[item.fate.index()] += 1;
        *known = item;
        true
    }

    /// Nothing more will come.
    pub fn finish(&mut self, ending: Ending, ended: Option<Timestamp>) {
        self.ending = Some(ending);
        self.ended = ended;
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
        self.ending.is_some()
    }

    /// How it ended; `None` while it goes on.
    pub fn ending(&self) -> Option<Ending> {
        self.ending
    }

    /// When it ended, where that is known.
    pub fn ended(&self) -> Option<Timestamp> {
        self.ended
    }

    /// How many files were read: those that someone stopped it before are not.
    pub fn read(&self) -> usize {
        self.items.len() - self.counts[super::fate::Fate::NotRead.index()]
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
        let items: Vec<Item> = self
            .items
            .iter()
            .filter(|item| label.is_none_or(|label| item.fate.label() == label))
            .filter(|item| words.is_empty() || holds(item))
            .cloned()
            .collect();
        order::first(&items, |item| item.fate.needs_a_look())
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
        let mut text = format!("{} of {}: {}\n", self.read(), self.what(), counts.join(", "));
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
    use crate::store::fate::Fate;

    #[test]
    fn what_came_is_called_what_it_is() {
        let mut report = Report::of(1, 1);
        assert_eq!(report.what(), "1 file");
        report.expect(39);
        report.expect_kept(40);
        assert_eq!(report.what(), "40 sessions of a backup");
        report.expect(1);
        assert_eq!(report.what(), "40 sessions of a backup and 1 file");
    }

    #[test]
    fn counts_what_is_there_and_puts_trouble_first() {
        let item = |path: &str, fate| Item { path: path.into(), id: None, fate };
        let broken = Fate::Broken { line: 3, column: 1, message: "A value is missing.".into() };
        let mut report = Report::of(1, 4);
        report.add(vec![item("a.json", Fate::Added), item("b.json", broken), item("c.json", Fate::Added)]);
        assert!(!report.finished());
        report.add(vec![item("d.json", Fate::NotRead)]);
        report.finish(Ending::Stopped, None);
        assert_eq!(report.counts(), [("added", 2), ("broken", 1), ("not read", 1)]);
        assert_eq!((report.read(), report.total()), (3, 4));
        let order = |label, search: &str| -> Vec<_> {
            report.chosen(label, search).into_iter().map(|item| item.path).collect()
        };
        assert_eq!(order(None, ""), ["b.json", "a.json", "c.json", "d.json"]);
        assert_eq!(report.first(2).map(|item| item.path.as_str()).collect::<Vec<_>>(), ["b.json", "a.json"]);
        assert_eq!(order(Some("added"), ""), ["a.json", "c.json"]);
        assert_eq!(order(None, "missing"), ["b.json"]);
        assert!(report.needs_a_look());
        let text = "3 of 4 files: 2 added, 1 broken, 1 not read\nb.json\tbroken\tline 3, column 1\tA value is missing.\n\
                    a.json\tadded\nc.json\tadded\nd.json\tnot read\tThe import was stopped before it came to this one.\n";
        assert_eq!(report.text(), text);
    }
}
