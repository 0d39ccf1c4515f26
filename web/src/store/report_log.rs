//! The last import's report as texts that are kept one after another while it goes on, so that a reload,
//! or a page that is closed in the middle of it, does not lose what became of each file.
//!
//! The first text says that an import has begun, the next ones say what became of some files each, the last
//! one that it ended. Each names its import: another tab may have begun one in the meantime.
use super::fate::{Fate, Item, LABELS};
use super::report::{Ending, Report};
use super::workspace::Workspace;
use crate::platform::texts::Texts;
use callboard_core::Timestamp;
use leptos::prelude::*;
use leptos::task::spawn_local;

const BEGUN: &str = "begun";
const FILES: &str = "files";
const AMENDED: &str = "amended";
const ENDED: &str = "ended";
const STOPPED: &str = "stopped";

/// Where the texts are kept.
const NAME: &str = "callboard-import";

/// An import has begun.
pub fn begun(report: &Report) -> String {
    format!("{BEGUN}\t{}\t{}", report.run(), report.total())
}

/// These files are through.
pub fn files(report: &Report, items: &[Item]) -> String {
    // How many there are may not have been known when it began.
    let mut text = format!("{FILES}\t{}\t{}\t{}", report.run(), report.total(), report.kept());
    for item in items {
        let (place, why) = match &item.fate {
            Fate::Broken { line, column, message } => (format!("{line}:{column}"), message.as_str()),
            Fate::NotASession(why)
            | Fate::Unread(why)
            | Fate::Moved(why)
            | Fate::Template(why)
            | Fate::PolicyUnused(why) => (String::new(), why.as_str()),
            Fate::Another { at, .. } => (String::new(), at.as_str()),
            _ => Default::default(),
        };
        let id = item.id.as_deref().unwrap_or_default();
        let parts = [item.fate.label(), item.path.as_str(), id, place.as_str(), why];
        text.push('\n');
        text.push_str(&parts.map(escaped).join("\t"));
    }
    text
}

/// These files, which were told of before, have another outcome.
pub fn amended(report: &Report, items: &[Item]) -> String {
    let text = files(report, items);
    format!("{AMENDED}{}", text.strip_prefix(FILES).unwrap_or(&text))
}

/// The import has ended.
pub fn ended(report: &Report) -> String {
    let how = if report.ending() == Some(Ending::Stopped) { STOPPED } else { "" };
    let when = report.ended().map(|ended| ended.unix().to_string()).unwrap_or_default();
    format!("{ENDED}\t{}\t{}\t{how}\t{when}", report.run(), report.total())
}

/// The report of the import that the texts tell of; `None` where they tell of none.
pub fn read(texts: &[String]) -> Option<Report> {
    let mut report = None::<Report>;
    for text in texts {
        let (head, lines) = text.split_once('\n').unwrap_or((text, ""));
        let mut parts = head.split('\t');
        let (kind, run) = (parts.next()?, parts.next()?.parse().ok()?);
        match (kind, report.as_mut().filter(|report| report.run() == run)) {
            (BEGUN, _) => report = Some(Report::of(run, parts.next()?.parse().ok()?)),
            (FILES, Some(report)) => {
                grow(report, parts.next()?.parse().ok()?);
                let kept: usize = parts.next().and_then(|kept| kept.parse().ok()).unwrap_or_default();
                report.expect_kept(kept.saturating_sub(report.kept()));
                report.add(lines.split('\n').filter_map(item).collect());
            }
            (AMENDED, Some(report)) => lines.split('\n').filter_map(item).for_each(|item| {
                report.amend(item);
            }),
            (ENDED, Some(report)) => {
                grow(report, parts.next()?.parse().ok()?);
                let ending = if parts.next() == Some(STOPPED) { Ending::Stopped } else { Ending::Through };
                report.finish(ending, parts.next().and_then(|when| when.parse().ok()).map(Timestamp::from_unix));
            }
            _ => {}
        }
    }
    let mut report = report?;
    if !report.finished() {
        report.finish(Ending::CutShort, None);
    }
    Some(report)
}

fn grow(report: &mut Report, total: usize) {
    report.expect(total.saturating_sub(report.total()));
}

fn item(line: &str) -> Option<Item> {
    let parts: Vec<String> = line.split('\t').map(unescaped).collect();
    let [label, path, id, place, why] = parts.try_into().ok()?;
    let place = place.split_once(':').and_then(|(line, column)| Some((line.parse().ok()?, column.parse().ok()?)));
    let (line, column) = place.unwrap_or_default();
    let fates = [
        Fate::Added,
        Fate::Updated,
        Fate::Unchanged,
        Fate::CaughtUp,
        Fate::KeptEdits,
        Fate::NotASession(why.clone()),
        Fate::Broken { line, column, message: why.clone() },
        Fate::Unread(why.clone()),
        Fate::NotRead,
        Fate::Moved(why.clone()),
        Fate::Another { id: id.clone(), at: why.clone() },
        Fate::KeptBoth,
        Fate::Template(why.clone()),
        Fate::Policy,
        Fate::PolicyUnused(why),
    ];
    let at = LABELS.iter().position(|known| *known == label)?;
    Some(Item { path, id: Some(id).filter(|id| !id.is_empty()), fate: fates.into_iter().nth(at)? })
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n")
}

fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => out.extend(match letters.next() {
                Some('t') => Some('\t'),
                Some('n') => Some('\n'),
                other => other,
            }),
            letter => out.push(letter),
        }
    }
    out
}

impl Workspace {
    /// Opens what is kept of the last import, and shows it where no other has begun. A browser that keeps
    /// nothing still shows the report until the page is closed.
    pub(super) async fn recall_report(self) {
        let lost = move |_| self.log.set_value(None);
        let Ok(log) = Texts::open(NAME, |_| {}, lost).await else { return };
        let texts = log.read().await.unwrap_or_default();
        self.log.set_value(Some(log));
        match self.report.with_untracked(|report| report.as_ref().map(begun)) {
            // An import was quicker than the browser's storage.
            Some(begun) => self.log_report(begun, true),
            None => self.report.set(read(&texts)),
        }
    }

    /// Keeps one more text of the import's report; with `anew`, in place of all that were kept.
    pub(super) fn log_report(self, text: String, anew: bool) {
        let Some(log) = self.log.get_value() else { return };
        // Begun in their order, they are written in their order.
        spawn_local(async move {
            let _ = log.add(&text, anew).await;
        });
    }

    /// Forgets what is kept of the last import.
    pub(super) fn forget_report(self) {
        self.report.set(None);
        if let Some(log) = self.log.get_value() {
            spawn_local(async move {
                let _ = log.clear().await;
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(path: &str, fate: Fate) -> Item {
        let id = Some(path.to_owned()).filter(|_| fate.is_loaded());
        Item { path: path.into(), id, fate }
    }

    fn every() -> Vec<Item> {
        let words = "a\tb\nc\\t \u{1f3a7}";
        vec![
            item("season\\1/\u{e9}\t.json", Fate::Added),
            item("b", Fate::Updated),
            item("c", Fate::Unchanged),
            item("d", Fate::CaughtUp),
            item("e", Fate::KeptEdits),
            item("", Fate::NotASession(words.into())),
            item("g", Fate::Broken { line: 3, column: 14, message: words.into() }),
            item("h", Fate::Unread(words.into())),
            item("i", Fate::NotRead),
            item("j", Fate::Moved("season\\1/a\tb.json".into())),
            Item { id: Some("ep_1".into()), ..item("k", Fate::Another { id: "ep_1".into(), at: words.into() }) },
            item("l", Fate::Template(words.into())),
            item("m/callboard.json", Fate::Policy),
            item("callboard.json", Fate::PolicyUnused(words.into())),
        ]
    }

    #[test]
    fn an_outcome_that_changed_is_read_as_it_is_at_the_end() {
        let report = Report::of(7, 1);
        let first = Item { id: Some("ep_1".into()), ..item("a", Fate::Added) };
        let last = Item { fate: Fate::Another { id: "ep_1".into(), at: "b".into() }, ..first.clone() };
        let texts = [begun(&report), files(&report, &[first]), amended(&report, std::slice::from_ref(&last))];
        let back = read(&texts).unwrap();
        assert_eq!((back.items(), back.counts()), (&[last][..], vec![("not taken", 1)]));
    }

    #[test]
    fn a_report_comes_back_as_it_went() {
        let items = every();
        let mut report = Report::of(7, 4);
        let mut texts = vec!["files\t3\t1\nadded\tof another\t\t\t".to_owned(), begun(&report)];
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
        assert_eq!((back.counts(), back.kept()), (report.counts(), 3));
    }

    #[test]
    fn an_import_that_was_cut_short_says_what_it_had_done() {
        let report = Report::of(7, 40);
        let back = read(&[begun(&report), files(&report, &every())]).unwrap();
        assert_eq!((back.items().len(), back.total(), back.ending()), (14, 40, Some(Ending::CutShort)));
    }

    #[test]
    fn what_tells_of_no_import_is_none() {
        assert!(read(&[]).is_none());
        assert!(read(&["something else".into()]).is_none());
        assert!(read(&["begun\tx\ty".into()]).is_none());
    }
}
