//! The report of an import: its progress and the result of every file.
use crate::format::count;
use callboard_core::Timestamp;
use callboard_workspace::{ImportResult, ImportedFile};

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
    /// The way it ended; `None` while it runs.
    ending: Option<Ending>,
    /// The time when it ended, if known.
    ended: Option<Timestamp>,
}

impl Report {
    /// Creates a report of `total` files. Each import needs its own `run`.
    pub fn of(run: u64, total: usize) -> Self {
        Self { run, total, kept: 0, items: Vec::new(), ending: None, ended: None }
    }

    /// Returns the unique number of the import.
    pub fn run(&self) -> u64 {
        self.run
    }

    /// Adds files to a running import; nothing after its end.
    pub fn expect(&mut self, more: usize) {
        if !self.finished() {
            self.total += more;
        }
    }

    /// Adds sessions of a backup to those that a running import expects; nothing after its end.
    pub fn expect_kept(&mut self, kept: usize) {
        if !self.finished() {
            self.kept += kept;
        }
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

    /// Adds the results of files, which may also come after the end.
    pub fn add(&mut self, items: Vec<ImportedFile>) {
        self.items.extend(items);
        if self.finished() {
            self.total = self.total.max(self.items.len());
        }
    }

    /// Replaces the result of a file; returns false if the path is unknown.
    pub fn amend(&mut self, item: ImportedFile) -> bool {
        let Some(known) = self.items.iter_mut().rev().find(|known| known.path == item.path) else { return false };
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
        self.items.iter().filter(|item| item.result != ImportResult::NotRead).count()
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
    fn files_that_were_not_read_do_not_count_as_read() {
        let item = |path: &str, result| ImportedFile { path: path.into(), id: None, result };
        let mut report = Report::of(1, 3);
        report.add(vec![item("a.json", ImportResult::Added)]);
        assert!(!report.finished());
        report.add(vec![item("b.json", ImportResult::File), item("c.json", ImportResult::NotRead)]);
        report.finish(Ending::Stopped, None);
        assert_eq!((report.read(), report.total(), report.ending()), (2, 3, Some(Ending::Stopped)));
        assert!(report.amend(item("a.json", ImportResult::NotRead)));
        assert!(!report.amend(item("d.json", ImportResult::NotRead)));
        assert_eq!(report.read(), 1);
        report.expect(5);
        report.add(vec![item("d.json", ImportResult::Added)]);
        assert_eq!((report.total(), report.finished()), (4, true));
    }
}
