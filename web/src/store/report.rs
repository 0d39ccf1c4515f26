//! The report of an import: its progress and the result of every file.
use crate::format::count;
use crate::order;
use callboard_core::Timestamp;
use callboard_workspace::{ImportResult, ImportedFile};
use std::collections::HashMap;

/// The way an import ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// All files were read.
    Through,
    /// The user stopped it: the remaining files are listed as not read.
    Stopped,
    /// The page was closed while it ran: the remaining files are unknown.
    CutShort,
}

/// A row of the report's list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReportRow {
    /// The heading of a group of files with the same result.
    Heading {
        /// The result's label.
        label: &'static str,
        /// The reason that all of them share; empty if they differ or have none.
        reason: String,
        /// The number of files.
        files: usize,
    },
    /// A file.
    File {
        /// Its path and result.
        item: ImportedFile,
        /// True if the heading above gives its reason.
        explained: bool,
    },
}

/// An import's progress and the results so far.
#[derive(Clone, Debug)]
pub struct Report {
    /// Unique number of the import.
    run: u64,
    /// Number of files and sessions to import.
    total: usize,
    /// Number of sessions in a backup among them.
    kept: usize,
    /// Processed files in import order.
    items: Vec<ImportedFile>,
    counts: [usize; ImportResult::LABELS.len()],
    /// The way it ended; `None` while it runs.
    ending: Option<Ending>,
    /// The time when it ended, if known.
    ended: Option<Timestamp>,
}

impl Report {
    /// Creates a report of `total` files. Each import needs its own `run`.
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

    /// Returns the unique number of the import.
    pub fn run(&self) -> u64 {
        self.run
    }

    /// Adds files to a running import.
    pub fn expect(&mut self, more: usize) {
        self.total += more;
    }

    /// Adds sessions of a backup to the expected ones.
    pub fn expect_kept(&mut self, kept: usize) {
        self.kept += kept;
    }

    /// Returns the number of sessions in a backup.
    pub fn kept(&self) -> usize {
        self.kept
    }

    /// Describes its content: `3 files`, `40 sessions of a backup`, or both.
    pub fn description(&self) -> String {
        let files = self.total.saturating_sub(self.kept);
        let kept = count(self.kept, "session of a backup", "sessions of a backup");
        match (files, self.kept) {
            (_, 0) => count(files, "file", "files"),
            (0, _) => kept,
            _ => format!("{kept} and {}", count(files, "file", "files")),
        }
    }

    /// Adds the results of files.
    pub fn add(&mut self, items: Vec<ImportedFile>) {
        for item in &items {
            self.counts[item.result.index()] += 1;
        }
        self.items.extend(items);
    }

    /// Replaces the result of a file; returns false if the path is unknown.
    pub fn amend(&mut self, item: ImportedFile) -> bool {
        let Some(known) = self.items.iter_mut().rev().find(|known| known.path == item.path) else { return false };
        self.counts[known.result.index()] -= 1;
        self.counts[item.result.index()] += 1;
        *known = item;
        true
    }

    /// Marks the import as ended.
    pub fn finish(&mut self, ending: Ending, ended: Option<Timestamp>) {
        self.ending = Some(ending);
        self.ended = ended;
    }

    /// Returns the number of files.
    pub fn total(&self) -> usize {
        self.total
    }

    /// Returns the processed files in import order.
    pub fn items(&self) -> &[ImportedFile] {
        &self.items
    }

    /// Returns true if the import has ended.
    pub fn finished(&self) -> bool {
        self.ending.is_some()
    }

    /// Returns the way it ended; `None` while it runs.
    pub fn ending(&self) -> Option<Ending> {
        self.ending
    }

    /// Returns the time when it ended, if known.
    pub fn ended(&self) -> Option<Timestamp> {
        self.ended
    }

    /// Returns the number of files that were read before the import ended.
    pub fn read(&self) -> usize {
        self.items.len() - self.counts[ImportResult::NotRead.index()]
    }

    /// Returns the counts that are not zero: `3 added, 1 broken`.
    pub fn counts(&self) -> Vec<(&'static str, usize)> {
        ImportResult::LABELS.into_iter().zip(self.counts).filter(|(_, count)| *count > 0).collect()
    }

    /// Returns the files with this label (any if `None`) whose path or reason matches every word of a lower-case
    /// search, those that need attention first.
    pub fn matching(&self, label: Option<&str>, search: &str) -> Vec<ImportedFile> {
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
        order::partition_first(&items, |item| item.result.needs_a_look())
    }

    /// Returns true if any file needs attention.
    pub fn needs_a_look(&self) -> bool {
        self.items.iter().any(|item| item.result.needs_a_look())
    }

    /// Returns true if no file led to a session or a policy.
    pub fn loaded_nothing(&self) -> bool {
        !self.items.iter().any(|item| item.result.is_loaded() || item.result == ImportResult::Policy)
    }

    /// Returns true if all files were read, something was loaded and no file needs attention.
    pub fn went_well(&self) -> bool {
        self.ending == Some(Ending::Through) && !self.loaded_nothing() && !self.needs_a_look()
    }

    /// Returns the files of [`Report::matching`] grouped by result and reason, with headings if there are several
    /// groups. The grouping is stable.
    pub fn grouped(&self, label: Option<&str>, search: &str) -> Vec<ReportRow> {
        let mut groups: Vec<Vec<ImportedFile>> = Vec::new();
        let mut groups_by_key = HashMap::new();
        for item in self.matching(label, search) {
            let key = format!("{}\n{}", item.result.label(), item.result.shared_reason());
            let at = *groups_by_key.entry(key).or_insert(groups.len());
            match groups.get_mut(at) {
                Some(group) => group.push(item),
                None => groups.push(vec![item]),
            }
        }
        if groups.len() < 2 {
            return groups.into_iter().flatten().map(|item| ReportRow::File { item, explained: false }).collect();
        }
        // Skipped files come after those that need attention and before those that were loaded.
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

    /// Formats the report as plain text, one line per file.
    pub fn text(&self) -> String {
        let counts: Vec<String> = self.counts().into_iter().map(|(label, count)| format!("{count} {label}")).collect();
        let mut text = format!("{} of {}: {}\n", self.read(), self.description(), counts.join(", "));
        for item in self.matching(None, "") {
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
    fn an_import_describes_its_content() {
        let mut report = Report::of(1, 1);
        assert_eq!(report.description(), "1 file");
        report.expect(39);
        report.expect_kept(40);
        assert_eq!(report.description(), "40 sessions of a backup");
        report.expect(1);
        assert_eq!(report.description(), "40 sessions of a backup and 1 file");
    }

    #[test]
    fn results_are_counted_and_problems_come_first() {
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
            report.matching(label, search).into_iter().map(|item| item.path).collect()
        };
        assert_eq!(order(None, ""), ["b.json", "a.json", "c.json", "d.json"]);
        assert_eq!(order(Some("added"), ""), ["a.json", "c.json"]);
        assert_eq!(order(None, "missing"), ["b.json"]);
        assert!(report.needs_a_look());
        let text = "3 of 4 files: 2 added, 1 broken, 1 not read\nb.json\tbroken\tline 3, column 1\tA value is missing.\n\
                    a.json\tadded\nc.json\tadded\nd.json\tnot read\tThe import was stopped before this file.\n";
        assert_eq!(report.text(), text);
    }

    #[test]
    fn an_import_with_problems_did_not_go_well() {
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
    fn files_are_grouped_by_reason() {
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
        // A heading above all files would be useless.
        assert_eq!(rows(Some("added")), ["a.json", "g.json"]);
        assert_eq!(rows(Some("updated")), Vec::<String>::new());
    }
}
