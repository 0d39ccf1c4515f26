//! The report of an import: its progress, and the result of every file.
use crate::format::count;
use crate::order;
use callboard_core::Timestamp;
use callboard_workspace::{ImportResult, ImportedFile};
use std::collections::HashMap;

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

/// A row of the report's list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReportRow {
    /// The heading of a group of files.
    Heading {
        /// The word for what became of them.
        label: &'static str,
        /// The reason that all of them share; empty where each has its own, or none.
        reason: String,
        /// Their number.
        files: usize,
    },
    /// A file.
    File {
        /// Its path and its result.
        item: ImportedFile,
        /// Whether the heading above it gives its reason.
        explained: bool,
    },
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
    items: Vec<ImportedFile>,
    counts: [usize; ImportResult::LABELS.len()],
    /// How it ended; `None` while it goes on.
    ending: Option<Ending>,
    /// When it ended, where that is known.
    ended: Option<Timestamp>,
}

impl Report {
    /// A report of so many files. No two imports have the same `run`.
    pub fn of(run: u64, total: usize) -> Self {
        Self {
            run,
            total,
            kept: 0,
            items: Vec::new(),
            counts: [0; ImportResult::LABELS.len()],
            ending: None,
            ended: None,
        }
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
    pub fn add(&mut self, items: Vec<ImportedFile>) {
        for item in &items {
            self.counts[item.result.index()] += 1;
        }
        self.items.extend(items);
    }

    /// Changes what became of a file that is through; false where there is none at this path.
    pub fn amend(&mut self, item: ImportedFile) -> bool {
        let Some(known) = self.items.iter_mut().rev().find(|known| known.path == item.path) else { return false };
        self.counts[known.result.index()] -= 1;
        self.counts[item.result.index()] += 1;
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
    pub fn items(&self) -> &[ImportedFile] {
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
        self.items.len() - self.counts[ImportResult::NotRead.index()]
    }

    /// `3 added, 1 broken`: the counts that are not zero.
    pub fn counts(&self) -> Vec<(&'static str, usize)> {
        ImportResult::LABELS.into_iter().zip(self.counts).filter(|(_, count)| *count > 0).collect()
    }

    /// The files with this word (all without one) whose path or reason holds every word of a search in
    /// small letters, those that need a look first, else in their order.
    pub fn chosen(&self, label: Option<&str>, search: &str) -> Vec<ImportedFile> {
        let words: Vec<&str> = search.split_whitespace().collect();
        let holds = |item: &&ImportedFile| {
            let text = format!("{}\n{}", item.path, item.result.detail()).to_lowercase();
            words.iter().all(|word| text.contains(word))
        };
        let items: Vec<ImportedFile> = self
            .items
            .iter()
            .filter(|item| label.is_none_or(|label| item.result.label() == label))
            .filter(|item| words.is_empty() || holds(item))
            .cloned()
            .collect();
        order::first(&items, |item| item.result.needs_a_look())
    }

    /// Whether any file needs a look.
    pub fn needs_a_look(&self) -> bool {
        self.items.iter().any(|item| item.result.needs_a_look())
    }

    /// True if neither a session nor a policy came of it.
    pub fn loaded_nothing(&self) -> bool {
        !self.items.iter().any(|item| item.result.is_loaded() || item.result == ImportResult::Policy)
    }

    /// Whether it went well: a session or a policy came of it, every file was read, and none needs a look.
    pub fn went_well(&self) -> bool {
        self.ending == Some(Ending::Through) && !self.loaded_nothing() && !self.needs_a_look()
    }

    /// The files that [`Report::chosen`] gives, those of one word and one reason together, each group under its
    /// heading where there are several. Within a group, and among groups, the order stays.
    pub fn grouped(&self, label: Option<&str>, search: &str) -> Vec<ReportRow> {
        let mut groups: Vec<Vec<ImportedFile>> = Vec::new();
        let mut places = HashMap::new();
        for item in self.chosen(label, search) {
            let key = format!("{}\n{}", item.result.label(), item.result.shared_reason());
            let at = *places.entry(key).or_insert(groups.len());
            match groups.get_mut(at) {
                Some(group) => group.push(item),
                None => groups.push(vec![item]),
            }
        }
        if groups.len() < 2 {
            return groups.into_iter().flatten().map(|item| ReportRow::File { item, explained: false }).collect();
        }
        // What was not loaded comes after what needs a look, and before what is well.
        let rank = |result: &ImportResult| if result.needs_a_look() { 0 } else { 1 + i64::from(result.is_loaded()) };
        let order =
            order::ascending(groups.iter().map(|group| (group.first().map_or(2, |item| rank(&item.result)), 0)));
        let mut rows = Vec::new();
        for at in order {
            let group = std::mem::take(&mut groups[at]);
            let Some(result) = group.first().map(|item| item.result.clone()) else { continue };
            let (reason, files) = (result.shared_reason().to_owned(), group.len());
            let explained = !reason.is_empty();
            rows.push(ReportRow::Heading { label: result.label(), reason, files });
            rows.extend(group.into_iter().map(|item| ReportRow::File { item, explained }));
        }
        rows
    }

    /// The report as plain text: a line a file.
    pub fn text(&self) -> String {
        let counts: Vec<String> = self.counts().into_iter().map(|(label, count)| format!("{count} {label}")).collect();
        let mut text = format!("{} of {}: {}\n", self.read(), self.what(), counts.join(", "));
        for item in self.chosen(None, "") {
            let parts = [item.path.clone(), item.result.label().to_owned(), item.place(), item.result.detail()];
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
        let item = |path: &str, result| ImportedFile { path: path.into(), id: None, result };
        let broken = ImportResult::Broken { line: 3, column: 1, message: "A value is missing.".into() };
        let mut report = Report::of(1, 4);
        report.add(vec![
            item("a.json", ImportResult::Added),
            item("b.json", broken),
            item("c.json", ImportResult::Added),
        ]);
        assert!(!report.finished());
        report.add(vec![item("d.json", ImportResult::NotRead)]);
        report.finish(Ending::Stopped, None);
        assert_eq!(report.counts(), [("added", 2), ("broken", 1), ("not read", 1)]);
        assert_eq!((report.read(), report.total()), (3, 4));
        let order = |label, search: &str| -> Vec<_> {
            report.chosen(label, search).into_iter().map(|item| item.path).collect()
        };
        assert_eq!(order(None, ""), ["b.json", "a.json", "c.json", "d.json"]);
        assert_eq!(order(Some("added"), ""), ["a.json", "c.json"]);
        assert_eq!(order(None, "missing"), ["b.json"]);
        assert!(report.needs_a_look());
        let text = "3 of 4 files: 2 added, 1 broken, 1 not read\nb.json\tbroken\tline 3, column 1\tA value is missing.\n\
                    a.json\tadded\nc.json\tadded\nd.json\tnot read\tThe import was stopped before it came to this one.\n";
        assert_eq!(report.text(), text);
    }

    #[test]
    fn only_an_import_that_loaded_every_session_went_well() {
        let check = |fates: &[ImportResult], ending, expected: (bool, bool)| {
            let mut report = Report::of(1, fates.len());
            report.add(
                fates
                    .iter()
                    .map(|result| ImportedFile { path: "a.json".into(), id: None, result: result.clone() })
                    .collect(),
            );
            report.finish(ending, None);
            assert_eq!((report.went_well(), report.loaded_nothing()), expected, "{fates:?}");
        };
        let not_a_session = ImportResult::NotASession { why: "No session_id.".into() };
        check(&[ImportResult::Added, ImportResult::Unchanged], Ending::Through, (true, false));
        check(&[ImportResult::Added, not_a_session.clone()], Ending::Through, (true, false));
        check(&[not_a_session.clone(), not_a_session], Ending::Through, (false, true));
        check(&[], Ending::Through, (false, true));
        check(&[ImportResult::Added, ImportResult::Conflict], Ending::Through, (false, false));
        check(
            &[ImportResult::Added, ImportResult::Unread { why: "It is gone.".into() }],
            Ending::Through,
            (false, false),
        );
        check(&[ImportResult::Added, ImportResult::NotRead], Ending::Stopped, (false, false));
        check(&[ImportResult::Policy], Ending::Through, (true, false));
    }

    #[test]
    fn files_of_one_reason_stand_together() {
        let item = |path: &str, result| ImportedFile { path: path.into(), id: None, result };
        let broken = |message: &str| ImportResult::Broken { line: 1, column: 1, message: message.into() };
        let not = |why: &str| ImportResult::NotASession { why: why.into() };
        let mut report = Report::of(1, 7);
        report.add(vec![
            item("a.json", ImportResult::Added),
            item("b.md", not("No .json.")),
            item("c.json", broken("One.")),
            item("d.json", not("No session_id.")),
            item("e.md", not("No .json.")),
            item("f.json", broken("Two.")),
            item("g.json", ImportResult::Added),
        ]);
        let rows = |label| -> Vec<String> {
            let word = |row| match row {
                ReportRow::Heading { label, reason, files } => format!("{label}/{reason}/{files}"),
                ReportRow::File { item, explained } => item.path + if explained { " explained" } else { "" },
            };
            report.grouped(label, "").into_iter().map(word).collect()
        };
        assert_eq!(
            rows(None),
            [
                "broken//2",
                "c.json",
                "f.json",
                "not a session/No .json./2",
                "b.md explained",
                "e.md explained",
                "not a session/No session_id./1",
                "d.json explained",
                "added//2",
                "a.json",
                "g.json",
            ]
        );
        // A heading that would stand over everything says nothing.
        assert_eq!(rows(Some("added")), ["a.json", "g.json"]);
        assert_eq!(rows(Some("updated")), Vec::<String>::new());
    }
}
