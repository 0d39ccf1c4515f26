//! The outcome of an import in a producer's words: every file in a group, with the reason and the sessions it tells of.
//!
//! Files that are no session files of the framework's own shape are looked up by their paths in what the library knows
//! of them now, so the outcome follows the shapes that a person teaches.
use super::report::{Ending, Report};
use crate::format::count;
use crate::route::Route;
use callboard_core::import::{BrokenCode, FileGroup, FilePlace};
use callboard_workspace::{Assembled, ImportResult, ImportedFile, ReadOnlySession};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// A group of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReportGroup {
    /// Files of the framework's own that a person should look at, such as a conflict.
    Look,
    /// Files that cannot be read as they are.
    Damaged,
    /// Files with a session or several.
    Sessions,
    /// Parts of a session.
    Parts,
    /// Reports on sessions and plans of them.
    Reports,
    /// Configurations and templates.
    Configuration,
    /// Anything else.
    NotOurs,
    /// Archives, whose files are listed themselves.
    Archives,
    /// Files that were left when the import was stopped.
    NotRead,
    /// Folders of tools.
    Skipped,
}

impl ReportGroup {
    /// Every group, in the order of a report's files: those that need attention first.
    pub const ALL: [Self; 10] = [
        Self::Look,
        Self::Damaged,
        Self::Sessions,
        Self::Parts,
        Self::Reports,
        Self::Configuration,
        Self::NotOurs,
        Self::Archives,
        Self::NotRead,
        Self::Skipped,
    ];

    /// The groups in the order of a report's counts.
    pub const COUNTED: [Self; 10] = [
        Self::Sessions,
        Self::Parts,
        Self::Reports,
        Self::Configuration,
        Self::NotOurs,
        Self::Damaged,
        Self::Look,
        Self::NotRead,
        Self::Skipped,
        Self::Archives,
    ];

    /// Returns the key in addresses. It is never changed.
    pub fn key(self) -> &'static str {
        match self {
            Self::Look => "look",
            Self::Damaged => "damaged",
            Self::Sessions => "sessions",
            Self::Parts => "parts",
            Self::Reports => "reports",
            Self::Configuration => "configuration",
            Self::NotOurs => "not-ours",
            Self::Archives => "archives",
            Self::NotRead => "not-read",
            Self::Skipped => "skipped",
        }
    }

    /// Returns the title.
    pub fn title(self) -> &'static str {
        match self {
            Self::Look => "Needs attention",
            Self::Damaged => "Unreadable",
            Self::Sessions => "Sessions",
            Self::Parts => "Parts of sessions",
            Self::Reports => "Reports and plans",
            Self::Configuration => "Configuration",
            Self::NotOurs => "Not session files",
            Self::Archives => "Archives",
            Self::NotRead => "Not read",
            Self::Skipped => "Skipped",
        }
    }

    /// Returns the group of a result; none for a file whose place the library knows.
    fn of(result: &ImportResult) -> Option<Self> {
        match result {
            ImportResult::File => None,
            ImportResult::Added | ImportResult::Updated | ImportResult::Unchanged | ImportResult::CaughtUp => {
                Some(Self::Sessions)
            }
            ImportResult::Broken { .. } => Some(Self::Damaged),
            ImportResult::Shape { .. } | ImportResult::Policy => Some(Self::Configuration),
            ImportResult::SkippedFolder => Some(Self::Skipped),
            ImportResult::NotRead => Some(Self::NotRead),
            ImportResult::Unpacked { refused, .. } if refused.is_empty() => Some(Self::Archives),
            ImportResult::Moved { .. }
            | ImportResult::Conflict
            | ImportResult::BackupConflict
            | ImportResult::Another { .. }
            | ImportResult::NotASession { .. }
            | ImportResult::Unpacked { .. }
            | ImportResult::Unread { .. }
            | ImportResult::PolicyUnused { .. }
            | ImportResult::ShapeUnused { .. } => Some(Self::Look),
        }
    }
}

impl From<FileGroup> for ReportGroup {
    fn from(group: FileGroup) -> Self {
        match group {
            FileGroup::Session => Self::Sessions,
            FileGroup::Part => Self::Parts,
            FileGroup::Report | FileGroup::Plan => Self::Reports,
            FileGroup::Configuration => Self::Configuration,
            FileGroup::NotOurs => Self::NotOurs,
            FileGroup::Damaged => Self::Damaged,
        }
    }
}

/// A link to a session that a file tells of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionLink {
    /// The session's topic, or its id.
    pub label: String,
    /// Its address.
    pub href: String,
}

impl SessionLink {
    fn of(session: &ReadOnlySession) -> Self {
        let label = session.foreign_session().map(callboard_core::import::ForeignSession::label);
        let topic = || session.summary().topic.clone().unwrap_or_else(|| session.key.clone());
        Self { label: label.unwrap_or_else(topic), href: Route::Imported(session.key.clone()).href() }
    }
}

/// A decision about a damaged file that a person can make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// To choose one of several documents.
    Choose,
    /// To load both sides of an unresolved merge.
    Merge,
}

/// A file of an import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportedFile {
    /// The folders and the name.
    pub path: String,
    /// The id of the workspace's session in it.
    pub id: Option<String>,
    /// The group.
    pub group: ReportGroup,
    /// The result in a word or two.
    pub word: &'static str,
    /// The line and the column of what cannot be read; empty without one.
    pub position: String,
    /// The reason in one sentence; empty where the word says all.
    pub reason: String,
    /// The reason that other files of the group may share; empty where each has its own.
    pub shared: String,
    /// The sessions that it tells of.
    pub sessions: Vec<SessionLink>,
    /// True if someone should look at it.
    pub needs_a_look: bool,
    /// True if it could be read by a shape.
    pub is_readable: bool,
    /// A decision that would make it readable.
    pub decision: Option<Decision>,
}

impl ReportedFile {
    fn of(item: &ImportedFile, assembled: &Assembled) -> Self {
        let ImportedFile { path, id, result } = item;
        let file = Self {
            path: path.clone(),
            id: id.clone().filter(|_| result.is_loaded()),
            group: ReportGroup::of(result).unwrap_or(ReportGroup::NotOurs),
            word: word_of(result),
            position: item.place(),
            reason: result.detail(),
            shared: result.shared_reason().to_owned(),
            sessions: Vec::new(),
            needs_a_look: result.needs_a_look(),
            is_readable: false,
            decision: None,
        };
        if *result != ImportResult::File {
            return file;
        }
        let Some(place) = assembled.file(path) else {
            let reason = "Removed from the workspace.".to_owned();
            return Self { word: "removed", shared: reason.clone(), reason, ..file };
        };
        let reason = sentence(place);
        Self {
            group: place.group.into(),
            word: word(place),
            position: position(place),
            shared: reason.clone(),
            reason,
            sessions: assembled.sessions_of(path).map(|session| SessionLink::of(session)).collect(),
            needs_a_look: place.group == FileGroup::Damaged,
            is_readable: place.broken.is_none(),
            decision: match place.broken {
                Some(BrokenCode::Several) => Some(Decision::Choose),
                Some(BrokenCode::Conflict) => Some(Decision::Merge),
                _ => None,
            },
            ..file
        }
    }
}

/// Returns the word for a file by its result.
fn word_of(result: &ImportResult) -> &'static str {
    match result {
        ImportResult::Broken { .. } => "unreadable",
        ImportResult::Shape { .. } => "shape loaded",
        ImportResult::Policy => "policy in use",
        result => result.label(),
    }
}

/// Returns the word for a file that shapes read.
fn word(place: &FilePlace) -> &'static str {
    match place.group {
        FileGroup::NotOurs => "not a session file",
        FileGroup::Damaged => "unreadable",
        _ if !place.repairs.is_empty() => "repaired",
        group => group.name(),
    }
}

/// Returns the line and the column at which a damaged file cannot be read; empty where they say nothing, as of an image.
fn position(place: &FilePlace) -> String {
    match (place.line, place.column) {
        (0, _) => String::new(),
        (1, 1) if place.broken != Some(BrokenCode::NotJson) => String::new(),
        (line, column) => format!("line {line}, column {column}"),
    }
}

/// Returns the reason for a file's group, with every repair.
fn sentence(place: &FilePlace) -> String {
    let more = place.repairs.iter().map(ToString::to_string).filter(|repair| !place.why.contains(repair.as_str()));
    std::iter::once(place.why.clone()).chain(more).collect::<Vec<_>>().join(" ")
}

/// A row of the report's list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReportRow {
    /// The heading of files of one group.
    Heading {
        /// The group.
        group: ReportGroup,
        /// The reason that all of them share; empty if they differ or have none.
        reason: String,
        /// The number of files.
        files: usize,
        /// False if the files are hidden.
        is_open: bool,
    },
    /// The heading of those files of a group that share a reason, where others do not.
    Reason {
        /// The group.
        group: ReportGroup,
        /// The reason.
        reason: String,
        /// The number of files.
        files: usize,
        /// False if the files are hidden.
        is_open: bool,
    },
    /// A file.
    File {
        /// The file.
        file: ReportedFile,
        /// True if the heading above gives its reason.
        explained: bool,
    },
}

/// Number of files above which a report is long.
const LONG: usize = 200;

/// Number of files up to which a group of a long report is open.
const SHORT: usize = 50;

/// Returns the key of a heading in the set of those that were folded.
pub fn fold_key(group: ReportGroup, reason: &str) -> String {
    format!("{}\n{reason}", group.key())
}

/// Files of one group that share a reason, or have one each.
struct Section<'a> {
    group: ReportGroup,
    reason: String,
    files: Vec<&'a ReportedFile>,
}

/// The outcome of an import that has ended.
#[derive(Clone, Debug)]
pub struct Outcome {
    files: Vec<ReportedFile>,
    ending: Option<Ending>,
    /// Number of files that were read before the import ended, and of those expected.
    read: usize,
    total: usize,
    /// Number of sessions in a backup among them.
    kept: usize,
    results: Vec<(&'static str, usize)>,
    /// Number of different sessions.
    sessions: usize,
    /// Number of those of other pipelines.
    foreign: usize,
    /// Number of those of the framework's own shape that can only be looked at.
    read_only: usize,
}

impl Outcome {
    /// Works out the outcome of a report with what is known of the files.
    pub fn of(report: &Report, assembled: &Assembled) -> Self {
        let items = report.items();
        let own: HashSet<&str> =
            items.iter().filter(|item| item.result.is_loaded()).filter_map(|item| item.id.as_deref()).collect();
        let read = items.iter().filter(|item| item.result == ImportResult::File);
        let told: HashMap<&str, &Arc<ReadOnlySession>> = read
            .flat_map(|item| assembled.sessions_of(&item.path))
            .map(|session| (session.key.as_str(), session))
            .collect();
        let foreign = told.values().filter(|session| session.foreign_session().is_some()).count();
        let mut results: Vec<(&'static str, usize)> = ImportResult::LABELS.map(|label| (label, 0)).to_vec();
        for item in items {
            results[item.result.index()].1 += 1;
        }
        Self {
            files: items.iter().map(|item| ReportedFile::of(item, assembled)).collect(),
            ending: report.ending(),
            read: report.read(),
            total: report.total(),
            kept: report.kept(),
            results,
            sessions: own.len() + told.len(),
            foreign,
            read_only: told.len() - foreign,
        }
    }

    /// Returns the files in import order.
    pub fn files(&self) -> &[ReportedFile] {
        &self.files
    }

    /// Returns the number of files in a group.
    pub fn count(&self, group: ReportGroup) -> usize {
        self.files.iter().filter(|file| file.group == group).count()
    }

    /// Returns the counts that are not zero.
    pub fn counts(&self) -> Vec<(ReportGroup, usize)> {
        let counts = ReportGroup::COUNTED.into_iter().map(|group| (group, self.count(group)));
        counts.filter(|(_, count)| *count > 0).collect()
    }

    /// Returns the number of results with a label.
    fn results(&self, label: &str) -> usize {
        self.results.iter().find(|(known, _)| *known == label).map_or(0, |(_, count)| *count)
    }

    /// Returns true if any file needs attention.
    pub fn needs_a_look(&self) -> bool {
        self.files.iter().any(|file| file.needs_a_look)
    }

    /// Returns true if nothing came of it: no session, policy or shape.
    pub fn loaded_nothing(&self) -> bool {
        self.sessions == 0 && self.results("policy") == 0 && self.results("shape") == 0
    }

    /// Returns true if all files were read, something was loaded and no file needs attention.
    pub fn went_well(&self) -> bool {
        self.ending == Some(Ending::Through) && !self.loaded_nothing() && !self.needs_a_look()
    }

    /// Returns true if files could be read by a shape that somebody teaches.
    fn is_teachable(&self) -> bool {
        self.files.iter().any(|file| file.is_readable && file.reason.contains("known shape"))
    }

    /// Returns what to do about an import of which nothing came.
    pub fn advice(&self) -> Option<&'static str> {
        let is_over = self.loaded_nothing() && self.ending == Some(Ending::Through);
        is_over.then(|| match () {
            () if self.is_teachable() => "Open the report to teach Callboard their shape.",
            () if self.needs_a_look() => "Open the report to see why.",
            () => "Drop session files (.json) or their folder.",
        })
    }

    /// Returns the summary in one line: `12 sessions, 3 from other pipelines, in 96 files; 6 unreadable`.
    pub fn headline(&self) -> String {
        if self.total == 0 {
            return "No files found".into();
        }
        let mut words = match self.ending {
            Some(Ending::Stopped) if self.read < self.total => {
                format!("Stopped after {} of {}: {}", self.read, count(self.total, "file", "files"), self.loaded())
            }
            Some(Ending::CutShort) => format!(
                "Interrupted when the page was closed, after {} of {}: {}",
                self.read,
                count(self.total, "file", "files"),
                self.loaded()
            ),
            _ => {
                let loaded = self.loaded();
                let comma = if loaded.contains(", ") { "," } else { "" };
                format!("{loaded}{comma} in {}", self.source())
            }
        };
        let problems = self.problems();
        if !problems.is_empty() {
            words.push_str("; ");
            words.push_str(&problems.join(", "));
        }
        words
    }

    /// Names what was loaded: `12 sessions, 3 from other pipelines`.
    fn loaded(&self) -> String {
        let mut parts = Vec::new();
        if self.sessions > 0 || self.loaded_nothing() {
            let own = self.sessions - self.foreign;
            let sessions = count(self.sessions, "session", "sessions");
            parts.push(match (self.sessions, own) {
                (0, _) => "No sessions".to_owned(),
                (_, 0) => format!("{sessions} from other pipelines"),
                _ => sessions,
            });
            if own > 0 && self.foreign > 0 {
                parts.push(format!("{} from other pipelines", self.foreign));
            }
        }
        let words = [
            ("updated", "updated"),
            ("unchanged", "unchanged"),
            ("caught up", "caught up"),
            ("from another path", "from another path"),
            ("conflict", "in conflict"),
            ("conflict with backup", "in conflict with the backup"),
        ];
        let results = words.into_iter().map(|(label, word)| (self.results(label), word));
        parts.extend(results.filter(|(number, _)| *number > 0).map(|(number, word)| format!("{number} {word}")));
        if self.read_only > 0 {
            parts.push(format!("{} read-only", self.read_only));
        }
        for (label, one, many) in [("policy", "policy", "policies"), ("shape", "shape", "shapes")] {
            if self.results(label) > 0 {
                parts.push(count(self.results(label), one, many));
            }
        }
        parts.join(", ")
    }

    /// Names what was imported: `96 files`, `a backup of 40 sessions`, or both.
    fn source(&self) -> String {
        let archives = self.results("unpacked");
        let files = self.total.saturating_sub(self.kept + archives);
        let parts = [
            (files > 0).then(|| count(files, "file", "files")),
            (archives > 0).then(|| count(archives, "archive", "archives")),
            (self.kept > 0).then(|| format!("a backup of {}", count(self.kept, "session", "sessions"))),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" and ")
    }

    /// Names what went wrong, each in a few words.
    fn problems(&self) -> Vec<String> {
        let counted = |number: usize, one: &str, many: &str| {
            (number > 0).then(|| format!("{number} {}", if number == 1 { one } else { many }))
        };
        let not_ours = if self.loaded_nothing() { self.count(ReportGroup::NotOurs) } else { 0 };
        let problems = [
            counted(self.results("duplicate"), "duplicate", "duplicates"),
            counted(self.count(ReportGroup::Damaged) + self.results("unreadable"), "unreadable", "unreadable"),
            counted(self.results("not a session"), "cannot be restored", "cannot be restored"),
            counted(self.results("policy not used"), "policy not used", "policies not used"),
            counted(self.results("not read"), "not read", "not read"),
            counted(not_ours, "not a session file", "not session files"),
        ];
        problems.into_iter().flatten().collect()
    }

    /// Returns the files of a group (any if `None`) whose path, reason or session matches every word of a lower-case
    /// search.
    fn matching(&self, group: Option<ReportGroup>, search: &str) -> impl Iterator<Item = &ReportedFile> {
        let words: Vec<String> = search.split_whitespace().map(str::to_owned).collect();
        let holds = move |file: &&ReportedFile| {
            if words.is_empty() {
                return true;
            }
            let sessions = file.sessions.iter().map(|session| session.label.as_str());
            let parts = [file.path.as_str(), file.reason.as_str()].into_iter().chain(sessions);
            let text = parts.collect::<Vec<_>>().join("\n").to_lowercase();
            words.iter().all(|word| text.contains(word.as_str()))
        };
        self.files.iter().filter(move |file| group.is_none_or(|group| file.group == group)).filter(holds)
    }

    /// Returns the files of a group that match a search, by group and reason, with headings if there are several. The
    /// order is stable. `folded` has the headings that were folded or unfolded, by [`fold_key`].
    pub fn rows(&self, group: Option<ReportGroup>, search: &str, folded: &HashMap<String, bool>) -> Vec<ReportRow> {
        let files: Vec<&ReportedFile> = self.matching(group, search).collect();
        let mut sharing: HashMap<(ReportGroup, &str), usize> = HashMap::new();
        for file in &files {
            *sharing.entry((file.group, file.shared.as_str())).or_default() += 1;
        }
        // A reason that one file alone has stays on its row.
        let reason = |file: &ReportedFile| {
            let is_shared = sharing.get(&(file.group, file.shared.as_str())).is_some_and(|files| *files > 1);
            if is_shared { file.shared.clone() } else { String::new() }
        };
        let mut sections: Vec<Section<'_>> = Vec::new();
        let mut places: HashMap<(ReportGroup, String), usize> = HashMap::new();
        for file in files {
            let (group, reason) = (file.group, reason(file));
            let at = *places.entry((group, reason.clone())).or_insert(sections.len());
            match sections.get_mut(at) {
                Some(section) => section.files.push(file),
                None => sections.push(Section { group, reason, files: vec![file] }),
            }
        }
        sections.sort_by_key(|section| (section.group, !section.reason.is_empty()));
        let has_headings = sections.len() > 1;
        let all: usize = sections.iter().map(|section| section.files.len()).sum();
        // Of a long report, only what needs attention is open.
        let is_open = |group: ReportGroup, reason: &str, files: usize| {
            let is_long = all > LONG && files > SHORT && !matches!(group, ReportGroup::Look | ReportGroup::Damaged);
            !folded.get(&fold_key(group, reason)).copied().unwrap_or(is_long && search.is_empty())
        };
        let mut rows = Vec::new();
        for sections in sections.chunk_by(|one, next| one.group == next.group) {
            let Some(first) = sections.first() else { continue };
            let is_one = sections.len() == 1;
            let mut is_group_open = true;
            if has_headings {
                let reason = if is_one { first.reason.clone() } else { String::new() };
                let files = sections.iter().map(|section| section.files.len()).sum();
                is_group_open = is_open(first.group, "", files);
                rows.push(ReportRow::Heading { group: first.group, reason, files, is_open: is_group_open });
            }
            for Section { group, reason, files } in sections.iter().filter(|_| is_group_open) {
                let mut is_part_open = true;
                if !is_one && !reason.is_empty() {
                    let number = files.len();
                    is_part_open = is_open(*group, reason, number);
                    rows.push(ReportRow::Reason {
                        group: *group,
                        reason: reason.clone(),
                        files: number,
                        is_open: is_part_open,
                    });
                }
                // A heading may name the kind of the reason alone.
                let is_said = |file: &ReportedFile| file.reason.is_empty() || file.reason == *reason;
                let row = |file: &&ReportedFile| ReportRow::File {
                    explained: has_headings && !reason.is_empty() && is_said(file),
                    file: (*file).clone(),
                };
                rows.extend(files.iter().filter(|_| is_part_open).map(row));
            }
        }
        rows
    }

    /// Formats the outcome as plain text, one line per file.
    pub fn text(&self) -> String {
        let mut text = format!("{}\n", self.headline());
        let is_open = HashMap::from_iter(ReportGroup::ALL.map(|group| (fold_key(group, ""), false)));
        for row in self.rows(None, "", &is_open) {
            let ReportRow::File { file, .. } = row else { continue };
            let sessions: Vec<&str> = file.sessions.iter().map(|session| session.label.as_str()).collect();
            let parts = [&file.path, file.group.title(), file.word, &file.position, &file.reason, &sessions.join(", ")];
            let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
            text.push_str(&parts.join("\t"));
            text.push('\n');
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use callboard_core::import::Shapes;
    use callboard_workspace::ImportedFiles;

    /// A session of another pipeline.
    const PHASES: &str = r#"{"session_id": "ep_9", "topic": "Tides", "phases": {"research": {"status": "completed"}}}"#;
    const CHECKPOINT: &str =
        r#"{"checkpoint_type": "script", "session_id": "ep_9", "status": "completed", "cost_invested": 1.50}"#;

    fn item(path: &str, result: ImportResult) -> ImportedFile {
        let id = result.is_loaded().then(|| path.to_owned());
        ImportedFile { path: path.into(), id, result }
    }

    /// The outcome of an import of these results, and of these files that shapes read.
    fn outcome(results: Vec<ImportedFile>, files: &[(&str, &[u8])], ending: Ending) -> Outcome {
        let mut library = ImportedFiles::default();
        let mut report = Report::of(1, results.len() + files.len());
        report.add(results);
        for (path, bytes) in files {
            library.put(Shapes::built_in().read(path, bytes));
            report.add(vec![item(path, ImportResult::File)]);
        }
        report.finish(ending, None);
        Outcome::of(&report, &library.assemble())
    }

    fn broken() -> ImportResult {
        ImportResult::Broken { line: 3, column: 1, message: "A value is missing.".into() }
    }

    #[test]
    fn every_file_is_in_one_group_and_the_counts_add_up() {
        let results = vec![
            item("a.json", ImportResult::Added),
            item("b.json", ImportResult::Conflict),
            item("callboard.json", ImportResult::Policy),
            item(".git", ImportResult::SkippedFolder),
            item("z.json", ImportResult::NotRead),
            item("all.zip", ImportResult::Unpacked { files: 6, skipped: 0, refused: Vec::new() }),
        ];
        let files: [(&str, &[u8]); 6] = [
            ("ep_9/state.json", PHASES.as_bytes()),
            ("ep_9/05_script_complete.json", CHECKPOINT.as_bytes()),
            ("notes.json", b"{\"shopping\": [\"milk\"]}"),
            ("notes.txt", b"milk"),
            ("cover.json", b"\x89PNG\r\n\x1A\n"),
            ("torn.json", &[0; 512]),
        ];
        let outcome = outcome(results, &files, Ending::Stopped);
        let counts: Vec<(&str, usize)> =
            outcome.counts().into_iter().map(|(group, count)| (group.key(), count)).collect();
        let expected = [
            ("sessions", 2),
            ("parts", 1),
            ("configuration", 1),
            ("not-ours", 2),
            ("damaged", 2),
            ("look", 1),
            ("not-read", 1),
            ("skipped", 1),
            ("archives", 1),
        ];
        assert_eq!(counts, expected);
        assert_eq!(counts.iter().map(|(_, count)| count).sum::<usize>(), outcome.files().len());
        let file = |path: &str| outcome.files().iter().find(|file| file.path == path).unwrap();
        let links = [SessionLink { label: "Tides".into(), href: "#/imported/ep_9".into() }];
        assert_eq!(file("ep_9/state.json").sessions, links);
        assert_eq!(file("ep_9/05_script_complete.json").sessions, links);
        assert_eq!((file("cover.json").word, file("cover.json").needs_a_look), ("unreadable", true));
        assert_eq!(file("cover.json").reason, "This is a PNG image, not JSON.");
        assert_eq!((file("notes.txt").word, file("notes.txt").needs_a_look), ("not a session file", false));
    }

    #[test]
    fn a_repair_is_said_with_its_place() {
        let text = format!("// exported\n{},\n", PHASES.trim_end_matches('}').to_owned() + ",}}}");
        let outcome = outcome(Vec::new(), &[("ep_9/state.json", text.as_bytes())], Ending::Through);
        let file = &outcome.files()[0];
        assert_eq!((file.group, file.word), (ReportGroup::Sessions, "repaired"));
        assert!(file.reason.contains("Ignored the comma before \"}\" (line 2, column"), "{}", file.reason);
        assert!(file.reason.contains("(line 1, column 1)"), "{}", file.reason);
    }

    #[test]
    fn the_headline_is_a_producers_sentence() {
        let added = |path: &str| item(path, ImportResult::Added);
        let foreign: (&str, &[u8]) = ("ep_9/state.json", PHASES.as_bytes());
        let part: (&str, &[u8]) = ("ep_9/05_script_complete.json", CHECKPOINT.as_bytes());
        let torn: (&str, &[u8]) = ("torn.json", &[0; 512]);
        let check = |results: Vec<ImportedFile>, files: &[(&str, &[u8])], ending, expected: &str, (well, nothing)| {
            let outcome = outcome(results, files, ending);
            assert_eq!(outcome.headline(), expected);
            assert_eq!((outcome.went_well(), outcome.loaded_nothing()), (well, nothing), "{expected}");
        };
        let through = Ending::Through;
        check(vec![], &[], through, "No files found", (false, true));
        check(vec![added("a")], &[], through, "1 session in 1 file", (true, false));
        check(
            vec![added("a"), item("b", ImportResult::Updated)],
            &[],
            through,
            "2 sessions, 1 updated, in 2 files",
            (true, false),
        );
        check(
            vec![added("a")],
            &[foreign, part, torn],
            through,
            "2 sessions, 1 from other pipelines, in 4 files; 1 unreadable",
            (false, false),
        );
        check(vec![], &[foreign, part], through, "1 session from other pipelines in 2 files", (true, false));
        check(vec![item("callboard.json", ImportResult::Policy)], &[], through, "1 policy in 1 file", (true, false));
        check(
            vec![added("a"), item("b", ImportResult::Another { at: "a".into() })],
            &[],
            through,
            "1 session in 2 files; 1 duplicate",
            (false, false),
        );
        check(
            vec![added("a"), item("b", ImportResult::NotRead)],
            &[],
            Ending::Stopped,
            "Stopped after 1 of 2 files: 1 session; 1 not read",
            (false, false),
        );
        check(
            vec![broken()].into_iter().map(|result| item("a", result)).collect(),
            &[],
            through,
            "No sessions in 1 file; 1 unreadable",
            (false, true),
        );
        check(vec![], &[("a.json", b"{}")], through, "No sessions in 1 file; 1 not a session file", (false, true));
    }

    #[test]
    fn an_import_of_which_nothing_came_gives_advice() {
        let advice = |files: &[(&str, &[u8])]| outcome(Vec::new(), files, Ending::Through).advice();
        assert_eq!(advice(&[]), Some("Drop session files (.json) or their folder."));
        assert_eq!(advice(&[("notes.txt", b"milk")]), Some("Drop session files (.json) or their folder."));
        assert_eq!(advice(&[("a.json", b"{}")]), Some("Open the report to teach Callboard their shape."));
        assert_eq!(advice(&[("torn.json", &[0; 512])]), Some("Open the report to see why."));
        assert_eq!(advice(&[("ep_9/state.json", PHASES.as_bytes())]), None);
    }

    #[test]
    fn files_that_share_a_reason_are_headed_once() {
        let results =
            vec![item("a.json", ImportResult::Added), item("b.json", broken()), item("c.json", ImportResult::Added)];
        let files: [(&str, &[u8]); 4] =
            [("d.json", b"{}"), ("e.json", b"[1]"), ("f.json", b"{}"), ("torn.json", &[0; 512])];
        let outcome = outcome(results, &files, Ending::Through);
        let rows = |group, search: &str| -> Vec<String> {
            let word = |row| match row {
                ReportRow::Heading { group, reason, files, .. } => format!("{}/{reason}/{files}", group.title()),
                ReportRow::Reason { reason, files, .. } => format!("{reason}/{files}"),
                ReportRow::File { file, explained } => file.path + if explained { " explained" } else { "" },
            };
            outcome.rows(group, search, &HashMap::new()).into_iter().map(word).collect()
        };
        let expected = [
            "Unreadable//2",
            "b.json",
            "torn.json",
            "Sessions/Sessions of Callboard's own shape./2",
            "a.json explained",
            "c.json explained",
            "Not session files//3",
            "e.json",
            "No known shape reads this file./2",
            "d.json explained",
            "f.json explained",
        ];
        assert_eq!(rows(None, ""), expected);
        // A heading above all files would be useless.
        assert_eq!(rows(Some(ReportGroup::Sessions), ""), ["a.json", "c.json"]);
        assert_eq!(rows(Some(ReportGroup::Parts), ""), Vec::<String>::new());
        assert_eq!(rows(None, "zero bytes"), ["torn.json"]);
        let text = outcome.text();
        assert!(text.starts_with("2 sessions in 7 files; 2 unreadable\nb.json\tUnreadable\tunreadable\tline 3, column 1\tA value is missing.\n"), "{text}");
        assert_eq!(text.lines().count(), 8);
    }

    #[test]
    fn headings_fold_and_long_groups_are_folded() {
        let added = |at: usize| item(&format!("{at:03}.json"), ImportResult::Added);
        let duplicate = |at: usize| item(&format!("copy {at}.json"), ImportResult::Another { at: "a.json".into() });
        let results: Vec<_> = (0..201).map(added).chain((0..60).map(duplicate)).collect();
        let outcome = outcome(results, &[], Ending::Through);
        let rows = |folded: &HashMap<String, bool>, search: &str| outcome.rows(None, search, folded).len();
        let none = HashMap::new();
        // Two headings and the duplicates, which need attention.
        assert_eq!(rows(&none, ""), 2 + 60);
        assert_eq!(rows(&none, "json"), 2 + 261, "a search shows what it finds");
        let unfolded = HashMap::from([(fold_key(ReportGroup::Sessions, ""), false)]);
        assert_eq!(rows(&unfolded, ""), 2 + 261);
        let folded = HashMap::from([(fold_key(ReportGroup::Look, ""), true)]);
        assert_eq!(rows(&folded, ""), 2);
        assert_eq!(outcome.text().lines().count(), 1 + 261, "the text has every file");
        let [ReportRow::Heading { reason, files, .. }, ReportRow::File { file, explained }, ..] =
            &outcome.rows(None, "", &none)[..]
        else {
            panic!("no heading")
        };
        assert_eq!((reason.as_str(), *files), ("Duplicates of sessions in other files, so not loaded.", 60));
        assert_eq!((file.word, *explained), ("duplicate", false));
    }

    #[test]
    fn a_file_that_was_removed_stays_in_the_report() {
        let outcome = outcome(vec![item("a.json", ImportResult::File)], &[], Ending::Through);
        assert_eq!(
            (outcome.files()[0].word, outcome.files()[0].reason.as_str()),
            ("removed", "Removed from the workspace.")
        );
    }
}
