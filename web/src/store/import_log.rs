//! The last import's report as log entries that are stored while the import runs, so that a reload or a closed page
//! loses no file's result.
use super::report::{Ending, Report};
use callboard_core::Timestamp;
use callboard_workspace::ImportedFile;
use serde::{Deserialize, Serialize};

/// A log entry. Each names its import, as another tab may have begun one meanwhile.
#[derive(Debug, Serialize, Deserialize)]
struct LogEntry {
    run: u64,
    /// Number of files; it may grow after the import began.
    total: usize,
    /// Number of sessions in a backup among them.
    kept: usize,
    #[serde(flatten)]
    event: LogEvent,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
enum LogEvent {
    Begun,
    Files { files: Vec<ImportedFile> },
    Amended { files: Vec<ImportedFile> },
    Ended { stopped: bool, at: Option<i64> },
}

fn written(report: &Report, event: LogEvent) -> String {
    let entry = LogEntry { run: report.run(), total: report.total(), kept: report.kept(), event };
    // Plain data always serialises.
    serde_json::to_string(&entry).unwrap_or_default()
}

/// Returns the entry for the beginning of an import.
pub fn begun(report: &Report) -> String {
    written(report, LogEvent::Begun)
}

/// Returns the entry for imported files.
pub fn files(report: &Report, files: &[ImportedFile]) -> String {
    written(report, LogEvent::Files { files: files.to_vec() })
}

/// Returns the entry for files whose result changed.
pub fn amended(report: &Report, files: &[ImportedFile]) -> String {
    written(report, LogEvent::Amended { files: files.to_vec() })
}

/// Returns the entry for the end of an import.
pub fn ended(report: &Report) -> String {
    let stopped = report.ending() == Some(Ending::Stopped);
    written(report, LogEvent::Ended { stopped, at: report.ended().map(Timestamp::unix) })
}

/// Rebuilds the report from log entries; `None` if they hold none.
pub fn read(entries: &[String]) -> Option<Report> {
    let mut report = None::<Report>;
    for entry in entries {
        let Ok(LogEntry { run, total, kept, event }) = serde_json::from_str(entry) else { continue };
        if let LogEvent::Begun = event {
            report = Some(Report::of(run, total));
            continue;
        }
        let Some(report) = report.as_mut().filter(|report| report.run() == run) else { continue };
        report.expect(total.saturating_sub(report.total()));
        report.expect_kept(kept.saturating_sub(report.kept()));
        match event {
            LogEvent::Begun => {}
            LogEvent::Files { files } => report.add(files),
            LogEvent::Amended { files } => files.into_iter().for_each(|file| {
                report.amend(file);
            }),
            LogEvent::Ended { stopped, at } => {
                let ending = if stopped { Ending::Stopped } else { Ending::Through };
                report.finish(ending, at.map(Timestamp::from_unix));
            }
        }
    }
    let mut report = report?;
    if !report.finished() {
        report.finish(Ending::CutShort, None);
    }
    Some(report)
}

#[cfg(test)]
mod tests {
    use super::*;
    use callboard_workspace::ImportResult;

    fn item(path: &str, result: ImportResult) -> ImportedFile {
        let id = Some(path.to_owned()).filter(|_| result.is_loaded());
        ImportedFile { path: path.into(), id, result }
    }

    fn every() -> Vec<ImportedFile> {
        let words = "a\tb\nc\\t \u{1f3a7}";
        vec![
            item("season\\1/\u{e9}\t.json", ImportResult::Added),
            item("b", ImportResult::Updated),
            item("c", ImportResult::Unchanged),
            item("d", ImportResult::CaughtUp),
            item("e", ImportResult::Conflict),
            item("", ImportResult::NotASession { why: words.into() }),
            item("g", ImportResult::Broken { line: 3, column: 14, message: words.into() }),
            item("h", ImportResult::Unread { why: words.into() }),
            item("i", ImportResult::NotRead),
            item("j", ImportResult::Moved { from: "season\\1/a\tb.json".into() }),
            ImportedFile { id: Some("ep_1".into()), ..item("k", ImportResult::Another { at: words.into() }) },
            item("l", ImportResult::File),
            item("m/callboard.json", ImportResult::Policy),
            item("callboard.json", ImportResult::PolicyUnused { used: words.into() }),
        ]
    }

    #[test]
    fn an_amended_result_is_read_back() {
        let report = Report::of(7, 1);
        let first = ImportedFile { id: Some("ep_1".into()), ..item("a", ImportResult::Added) };
        let last = ImportedFile { result: ImportResult::Another { at: "b".into() }, ..first.clone() };
        let texts = [begun(&report), files(&report, &[first]), amended(&report, std::slice::from_ref(&last))];
        let back = read(&texts).unwrap();
        assert_eq!(back.items(), &[last][..]);
    }

    #[test]
    fn a_report_survives_a_round_trip() {
        let items = every();
        let mut report = Report::of(7, 4);
        let mut texts = vec![files(&Report::of(3, 1), &items), begun(&report)];
        for items in items.chunks(4) {
            texts.push(files(&report, items));
            report.add(items.to_vec());
        }
        texts.insert(2, files(&Report::of(8, 1), &items));
        report.expect(10);
        report.expect_kept(3);
        texts.push(files(&report, &[]));
        report.finish(Ending::Stopped, Some(Timestamp::from_unix(1_800_000_000)));
        texts.push(ended(&report));
        let back = read(&texts).unwrap();
        assert_eq!(back.items(), items);
        assert_eq!((back.total(), back.ending(), back.ended()), (14, Some(Ending::Stopped), report.ended()));
        assert_eq!((back.read(), back.kept()), (report.read(), 3));
    }

    #[test]
    fn an_interrupted_import_keeps_its_results() {
        let report = Report::of(7, 40);
        let back = read(&[begun(&report), files(&report, &every())]).unwrap();
        assert_eq!((back.items().len(), back.total(), back.ending()), (14, 40, Some(Ending::CutShort)));
    }

    #[test]
    fn entries_without_an_import_are_no_report() {
        assert!(read(&[]).is_none());
        assert!(read(&["something else".into()]).is_none());
        assert!(read(&["{\"run\": 1}".into()]).is_none());
    }
}
