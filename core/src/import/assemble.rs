//! The sessions that the files of one import make.

use super::damage::{BrokenCode, Encoding, Repair};
use super::derive::{Stated, status_words};
use super::facts::{Facts, ForeignStage, add_scores};
use super::found::Found;
use super::read::name;
use super::session::{Disagreement, FileRole, ForeignSession, LinkedOutput, SessionFile};
use super::shape::{Shape, ShapeKind};
use super::shapes::{Content, Reading};
use crate::named_enum::named_enum;
use crate::{Money, order};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The sessions of one import, and the place of each file.
///
/// See the example at [`assemble`].
#[derive(Debug, Clone, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Import {
    /// The sessions of other pipelines, in the order of their keys. The framework's own are not among them.
    pub sessions: Vec<ForeignSession>,
    /// The framework's own sessions, in the order of the readings.
    pub own: Vec<OwnSession>,
    /// Each file, in the order of the readings.
    pub files: Vec<FilePlace>,
    /// Number of files in folders of tools, such as `.git`, that were not read.
    pub skipped: usize,
}

/// Session of the framework's own shape in a file of an import.
///
/// ```
/// use callboard_core::import::{Shapes, import};
/// let text = br#"[{"session_id": "a", "pipeline_state": {"current_stage": "writing"}}]"#;
/// let own = &import(&Shapes::built_in(), &[("all.json", text)]).own[0];
/// assert_eq!((own.id.as_str(), own.file, own.index, own.read_only), ("a", 0, Some(0), true));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct OwnSession {
    /// Its id.
    pub id: String,
    /// Its file, as an index of [`Import::files`].
    pub file: usize,
    /// Number of the document in a file of several, from 0.
    pub index: Option<u64>,
    /// Line at which it begins, from 1.
    pub line: u32,
    /// Text of the session if it is not the whole text of its file: repaired, one of several, or of another encoding. For
    /// none, the bytes that the host added under the file's path are its text; of a packed file these are the entry's, as
    /// [`unpack`](crate::import::unpack) gives them.
    pub text: Option<String>,
    /// True if the text must not be written back as the file: it lacks something, or is one of several.
    pub read_only: bool,
}

/// The place of a file in an import.
///
/// See the example at [`assemble`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct FilePlace {
    /// The file's path.
    pub path: Arc<str>,
    /// Its group.
    pub group: FileGroup,
    /// Why, in one sentence.
    pub why: String,
    /// The names of the shapes that read it.
    pub shapes: Vec<Arc<str>>,
    /// The sessions that it tells of, as indices of [`Import::sessions`].
    pub sessions: Vec<usize>,
    /// Repairs that were needed to read it; the file itself stays as it is.
    pub repairs: Vec<Repair>,
    /// Reason why it is not read. [`mend`](crate::import::mend) gives the choices, and both sides of a merge.
    pub broken: Option<BrokenCode>,
    /// Line of the damage, from 1; 0 for a file that is read. A repaired one has a line for each repair.
    pub line: u32,
    /// Column of the damage, from 1, in characters; 0 for a file that is read.
    pub column: u32,
    /// Encoding of its bytes, in which an export writes it.
    pub encoding: Encoding,
}

named_enum! {
/// Group of a file in the report of an import.
///
/// ```
/// assert_eq!(callboard_core::import::FileGroup::NotOurs.name(), "not_ours");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileGroup {
    /// A session, or several.
    Session = "session",
    /// A part of a session.
    Part = "part",
    /// A report on a session.
    Report = "report",
    /// A plan of a session.
    Plan = "plan",
    /// A configuration or template.
    Configuration = "configuration",
    /// Nothing that a shape knows.
    NotOurs = "not_ours",
    /// It cannot be read as it is.
    Damaged = "damaged",
}
}

/// Values of one session in one file, with the file.
struct FileFacts {
    reading: usize,
    shape: Arc<Shape>,
    path: Arc<str>,
    /// Boxed: sources are moved and sorted.
    facts: Box<Facts>,
    fingerprint: u64,
    role: FileRole,
}

impl FileFacts {
    fn folder(&self) -> &str {
        folder(&self.path)
    }

    fn kind(&self) -> ShapeKind {
        self.shape.kind
    }

    fn series(&self) -> Series {
        (self.folder().to_owned(), self.shape.name.clone())
    }

    /// The name that a file of a whole session gives it itself: its episode, else its topic.
    fn name(&self) -> Option<String> {
        if self.kind() != ShapeKind::Session || self.facts.index.is_some() {
            return None;
        }
        // A number in the folder's name is that of every file in it.
        let episode = self.facts.episode.as_ref().filter(|episode| !episode.origin.pointer.is_empty());
        let topic = || self.facts.topic.as_ref().map(|topic| topic.value.clone());
        episode.map(|episode| episode.value.to_string()).or_else(topic)
    }

    /// The stages that are done: of two versions of a file the one with more is the later one, whatever its times say.
    fn done(&self) -> usize {
        let counted = self.facts.stages_completed.as_ref().map_or(0, |count| count.value as usize);
        self.facts.stages.iter().filter(|stage| stage.is_done()).count().max(counted)
    }

    /// The latest time that the file states.
    fn time(&self) -> Option<i64> {
        let facts = &self.facts;
        let own = [&facts.updated, &facts.completed, &facts.created].into_iter().flatten();
        let stages = facts.stages.iter().flat_map(|stage| [&stage.ended, &stage.started]).flatten();
        own.chain(stages).map(|time| time.value.unix()).max()
    }

    /// Number of stages of the pipeline: those of the file, and those that the shape knows.
    fn pipeline(&self) -> u64 {
        let named = |name: &&String| !self.facts.stages.iter().any(|stage| stage.name == **name);
        (self.facts.stages.len() + self.shape.order.iter().filter(named).count()) as u64
    }

    /// Key that two versions of one file have in common.
    fn version_key(&self) -> (Arc<str>, String) {
        let what = match self.kind() {
            ShapeKind::Part => self.facts.stages.first().map(|stage| stage.name.clone()),
            ShapeKind::Report | ShapeKind::Plan => Some(name(&self.path).to_owned()),
            _ => None,
        };
        (self.shape.name.clone(), what.unwrap_or_default())
    }
}

fn folder(path: &str) -> &str {
    path.rfind(['/', '\\']).map_or("", |at| &path[..at])
}

/// Makes sessions of the files of one import.
///
/// Files of one id are one session; a file without an id belongs to the one session of its folder or of the nearest
/// folder above that has one and no other below it, else to a session of that folder. Of what several files state, the state file's counts
/// before a part's or a report's, then the file that has more stages done, then the later one; no time is trusted alone.
/// Disagreements are listed.
///
/// ```
/// use callboard_core::import::{FileGroup, How, FileRole, Shapes, assemble};
/// let shapes = Shapes::built_in();
/// let counts = r#"{"session_id": "ep_2", "topic": "Tides", "completed_stages": 2, "total_stages": 7,
///     "completion_percentage": 28.5}"#;
/// let import = assemble(vec![
///     shapes.read("ep_2/pipeline_status.json", counts.as_bytes()),
///     shapes.read("old/ep_2/pipeline_status.json", counts.as_bytes()),
///     shapes.read("notes.json", b"{\"shopping\": [\"milk\"]}"),
/// ]);
/// let progress = import.sessions[0].progress.as_ref().unwrap();
/// assert_eq!((progress.value.percent, progress.how), (Some(28.5), How::Stated));
/// let roles: Vec<FileRole> = import.sessions[0].files.iter().map(|file| file.role).collect();
/// assert_eq!(roles, [FileRole::State, FileRole::Copy]);
/// assert_eq!((import.files[2].group, import.files[2].sessions.len()), (FileGroup::NotOurs, 0));
/// ```
pub fn assemble(readings: Vec<Reading>) -> Import {
    let mut files: Vec<FilePlace> = readings.iter().map(place).collect();
    let mut sources = Vec::new();
    let mut own = Vec::new();
    for (at, reading) in readings.into_iter().enumerate() {
        let in_several = reading.documents.len() > 1;
        let read_only = reading.repairs.iter().any(|repair| repair.code.is_read_only());
        for piece in reading.documents {
            let (shape, facts) = match piece.content {
                Content::Foreign { shape, facts } => (shape, facts),
                Content::Session { id } => {
                    let (index, line, text) = (piece.index, piece.line, piece.text);
                    own.push(OwnSession { id, file: at, index, line, text, read_only });
                    continue;
                }
                _ => continue,
            };
            let several = facts.len() > 1;
            for mut facts in facts {
                let mut fingerprint = piece.fingerprint;
                if let Some(index) = &facts.index
                    && several
                {
                    fingerprint ^= order::hash(index);
                }
                if let Some(index) = piece.index.filter(|_| in_several) {
                    let own = facts.index.take().map(|own| format!(".{own}")).unwrap_or_default();
                    facts.index = Some(format!("{index}{own}"));
                }
                let role = match shape.kind {
                    ShapeKind::Session | ShapeKind::Index | ShapeKind::Batch => FileRole::State,
                    ShapeKind::Part => FileRole::Part,
                    ShapeKind::Report => FileRole::Report,
                    ShapeKind::Plan => FileRole::Plan,
                    ShapeKind::Configuration => continue,
                };
                let (shape, path) = (shape.clone(), reading.path.clone());
                let facts = Box::new(facts);
                sources.push(FileFacts { reading: at, shape, path, facts, fingerprint, role });
            }
        }
    }
    let mut sessions = Vec::new();
    for (key, group) in grouped(sources) {
        let at = sessions.len();
        let session = session(key, group, &mut |reading, role, of| {
            let Some(file) = files.get_mut(reading) else { return };
            // A session is made after the other: an index of thousands is not searched for each.
            if file.sessions.last() != Some(&at) {
                file.sessions.push(at);
            }
            match role {
                FileRole::Copy => file.why = format!("A copy of {of}."),
                FileRole::Older => file.why = format!("An older version of {of}."),
                _ => {}
            }
        });
        sessions.push(session);
    }
    link(&mut sessions, &mut files);
    Import { sessions, own, files, skipped: 0 }
}

/// True if a file's name says that it holds JSON.
fn is_named_json(path: &str) -> bool {
    let extension = name(path).rsplit_once('.').map(|(_, extension)| extension);
    let is = |known: &str| extension.is_some_and(|extension| extension.eq_ignore_ascii_case(known));
    ["json", "jsonl", "ndjson"].into_iter().any(is)
}

/// The place of a file by what it is alone.
fn place(reading: &Reading) -> FilePlace {
    let mut place = FilePlace {
        path: reading.path.clone(),
        group: FileGroup::NotOurs,
        why: "No JSON object in this file.".to_owned(),
        shapes: Vec::new(),
        sessions: Vec::new(),
        repairs: reading.repairs.clone(),
        broken: None,
        line: 0,
        column: 0,
        encoding: reading.encoding,
    };
    if let Some(broken) = &reading.broken {
        place.broken = Some(broken.code);
        (place.line, place.column) = (broken.line, broken.column);
        // A picture or a note is damaged only where its name says that it is JSON.
        let is_other =
            matches!(broken.code, BrokenCode::OtherFormat | BrokenCode::Empty) && !is_named_json(&reading.path);
        place.group = if is_other { FileGroup::NotOurs } else { FileGroup::Damaged };
        place.why = broken.message.clone();
        return place;
    }
    let mut best: Option<FileGroup> = None;
    for piece in &reading.documents {
        let (group, why) = match &piece.content {
            Content::Session { .. } => (FileGroup::Session, "A session of Callboard's own shape.".to_owned()),
            Content::Foreign { shape, .. } => {
                if !place.shapes.contains(&shape.name) {
                    place.shapes.push(shape.name.clone());
                }
                let group = match shape.kind {
                    ShapeKind::Session | ShapeKind::Index | ShapeKind::Batch => FileGroup::Session,
                    ShapeKind::Part => FileGroup::Part,
                    ShapeKind::Report => FileGroup::Report,
                    ShapeKind::Plan => FileGroup::Plan,
                    ShapeKind::Configuration => FileGroup::Configuration,
                };
                (group, format!("{}.", shape.title))
            }
            Content::Template { placeholder } => {
                (FileGroup::Configuration, format!("A template: its session_id has the placeholder {placeholder}."))
            }
            Content::Definition(shape) => {
                (FileGroup::Configuration, format!("The definition of a shape: {}.", shape.title))
            }
            Content::Unknown { why } => (FileGroup::NotOurs, why.clone()),
        };
        if best.is_none_or(|best| group < best) {
            best = Some(group);
            place.group = group;
            place.why = why;
        }
    }
    if let Some(repair) = reading.repairs.first() {
        place.why = format!("{} {repair}", place.why);
    }
    place
}

/// Most folders above a session's file that are told of it.
const DEEPEST_FOLDER: usize = 8;

/// A folder and those above it, without the import's own.
fn upwards(folder: &str) -> impl Iterator<Item = &str> {
    let above = std::iter::successors(Some(folder), |folder| Some(self::folder(folder)));
    above.take_while(|folder| !folder.is_empty())
}

/// The sources of each session, by their keys.
fn grouped(sources: Vec<FileFacts>) -> BTreeMap<String, Vec<FileFacts>> {
    let mut groups: BTreeMap<String, Vec<FileFacts>> = BTreeMap::new();
    // The ids of each folder, and those without one.
    let mut ids: BTreeMap<String, Vec<String>> = BTreeMap::new();
    // Those of each folder and of what it holds.
    let mut below: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut others = Vec::new();
    let note = |ids: &mut BTreeMap<String, Vec<String>>, folder: &str, key: &str| {
        let known = ids.entry(folder.to_owned()).or_default();
        if known.len() < 2 && !known.iter().any(|known| known == key) {
            known.push(key.to_owned());
        }
    };
    for source in sources {
        match own_key(&source) {
            Some(key) => {
                note(&mut ids, source.folder(), &key);
                upwards(source.folder()).take(DEEPEST_FOLDER).for_each(|folder| note(&mut below, folder, &key));
                groups.entry(key).or_default().push(source);
            }
            None => others.push(source),
        }
    }
    let named = named_apart(&others);
    for source in others {
        if let Some(path) = source.name().and_then(|name| named.get(&(source.series(), name))) {
            groups.entry(path.to_string()).or_default().push(source);
            continue;
        }
        // A folder that holds other sessions too, such as the import's own, says nothing of a file deep in it.
        let one = |folder: &str| match (ids.get(folder).map(Vec::as_slice), below.get(folder).map(Vec::as_slice)) {
            (Some([key]), _) if folder == source.folder() => Some(key.clone()),
            (Some([key]), Some([_])) => Some(key.clone()),
            _ => None,
        };
        let key = upwards(source.folder()).take(3).find_map(one);
        let index = source.facts.index.as_ref().map(|index| format!("#{index}"));
        let key = match (key, index) {
            (_, Some(index)) => format!("{}{index}", source.path),
            (Some(key), None) => key,
            (None, None) if source.folder().is_empty() => source.path.to_string(),
            (None, None) => source.folder().to_owned(),
        };
        groups.entry(key).or_default().push(source);
    }
    // A report or a plan alone says nothing of a session's state.
    groups.retain(|_, group| group.iter().any(|source| source.kind().makes_a_session()));
    groups
}

/// Series of files: their folder and shape.
type Series = (String, Arc<str>);

/// The files without an id that tell of a session each, as those of their shape in one folder name different episodes or
/// topics: the first path of each name.
fn named_apart(sources: &[FileFacts]) -> BTreeMap<(Series, String), Arc<str>> {
    let mut series: BTreeMap<Series, BTreeMap<String, Arc<str>>> = BTreeMap::new();
    for source in sources {
        if let Some(name) = source.name() {
            series.entry(source.series()).or_default().entry(name).or_insert_with(|| source.path.clone());
        }
    }
    let several = series.into_iter().filter(|(_, names)| names.len() > 1);
    several
        .flat_map(|(series, names)| names.into_iter().map(move |(name, path)| ((series.clone(), name), path)))
        .collect()
}

/// The key that a source says itself: its id. An id that is a folder's name is one within what holds the folder.
fn own_key(source: &FileFacts) -> Option<String> {
    let id = source.facts.id.as_ref()?;
    if id.origin.line > 0 {
        return Some(id.value.clone());
    }
    let path = source.path.as_ref();
    let mut end = 0;
    for part in folder(path).split(['/', '\\']) {
        end += part.len();
        if part == id.value || part == id.raw {
            return Some(path.get(..end).unwrap_or(path).to_owned());
        }
        end += 1;
    }
    Some(id.value.clone())
}

/// Takes, of several values, the one of the most trusted source: a certain one before an assumed one.
fn first<T>(sources: &mut [FileFacts], value: fn(&mut Facts) -> &mut Option<Found<T>>) -> Option<Found<T>> {
    let mut assumed = None;
    for (at, source) in sources.iter_mut().enumerate() {
        match value(&mut source.facts) {
            Some(found) if found.assumed.is_none() => return value(&mut source.facts).take(),
            Some(_) if assumed.is_none() => assumed = Some(at),
            _ => {}
        }
    }
    value(&mut sources.get_mut(assumed?)?.facts).take()
}

/// Makes a session of its sources. `tell` learns what each file is to it.
fn session(key: String, mut sources: Vec<FileFacts>, tell: &mut dyn FnMut(usize, FileRole, &str)) -> ForeignSession {
    sources.sort_by(|a, b| {
        let key = |source: &FileFacts| (source.role, Reverse(source.done()), Reverse(source.time()));
        key(a).cmp(&key(b)).then_with(|| (a.path.len(), &a.path).cmp(&(b.path.len(), &b.path)))
    });
    let mut session = ForeignSession::empty(key);
    session.missing = missing(&sources);
    let mut kept: Vec<FileFacts> = Vec::new();
    let mut known: BTreeMap<(Arc<str>, String), usize> = BTreeMap::new();
    let mut add_file = |source: &FileFacts, role: FileRole, of: &str, files: &mut Vec<SessionFile>| {
        tell(source.reading, role, of);
        files.push(SessionFile { path: source.path.clone(), index: source.facts.index.clone(), role });
    };
    for source in sources {
        match known.get(&source.version_key()).and_then(|at| kept.get(*at)) {
            Some(first) => {
                let role = if first.fingerprint == source.fingerprint { FileRole::Copy } else { FileRole::Older };
                add_file(&source, role, &first.path, &mut session.files);
            }
            None => {
                add_file(&source, source.role, "", &mut session.files);
                known.insert(source.version_key(), kept.len());
                if !session.shapes.contains(&source.shape.name) {
                    session.shapes.push(source.shape.name.clone());
                }
                kept.push(source);
            }
        }
    }
    session.files.sort_by(|a, b| (a.role, &a.path).cmp(&(b.role, &b.path)));
    fill(&mut session, kept);
    session
}

fn fill(session: &mut ForeignSession, mut sources: Vec<FileFacts>) {
    let disagreements = &mut session.disagreements;
    differences(&sources, disagreements, "episode", |facts| &facts.episode, |number| number.to_string());
    differences(&sources, disagreements, "state", |facts| &facts.state, |state| status_words(*state).to_owned());
    differences(&sources, disagreements, "cost", |facts| &facts.cost, |cost: &Money| cost.usd());
    differences(&sources, disagreements, "budget", |facts| &facts.budget, |budget: &Money| budget.usd());

    // Counts of stages are lower bounds: the file with the largest count is the newest.
    let counted =
        |source: &&FileFacts| source.facts.stages_completed.as_ref().map(|count| (count.value, source.time()));
    let counts = sources.iter().filter(|source| counted(source).is_some()).max_by_key(counted);
    let counts = counts.map(|source| &source.facts);
    let counted_percent = counts.and_then(|facts| facts.percent.clone());
    let counted_total = counts.and_then(|facts| facts.stages_total.clone());
    let counted_remaining = counts.and_then(|facts| facts.remaining.clone());
    let completed = counts.and_then(|facts| facts.stages_completed.clone());
    if let Some(most) = &completed {
        let stated = sources.iter().filter_map(|source| source.facts.stages_completed.as_ref());
        let fewer: Vec<&Found<u64>> = stated.filter(|count| count.value != most.value).take(MOST_DIFFERENCES).collect();
        if !fewer.is_empty() {
            let in_file = |count: &Found<u64>| format!("{} in {}", count.value, name(&count.origin.file));
            let others: Vec<String> = fewer.iter().map(|count| in_file(count)).collect();
            let message =
                format!("Complete stages: {}, {}. The larger number is used.", in_file(most), others.join(", "));
            let at = std::iter::once(most).chain(fewer).map(|count| count.origin.clone()).collect();
            disagreements.push(Disagreement { code: "progress", message, at });
        }
    }
    // A pipeline covers a part only if every state file's does.
    let states = || sources.iter().filter(|source| source.role == FileRole::State);
    session.covers = match states().next() {
        Some(first) if states().all(|source| source.shape.covers == first.shape.covers) => first.shape.covers,
        _ => None,
    };
    let updated = sources.iter().filter_map(|source| source.facts.updated.as_ref());
    session.updated = updated.max_by_key(|updated| updated.value.unix()).cloned();

    session.id = first(&mut sources, |facts| &mut facts.id);
    session.episode = first(&mut sources, |facts| &mut facts.episode);
    session.topic = first(&mut sources, |facts| &mut facts.topic);
    session.current_stage = first(&mut sources, |facts| &mut facts.current_stage);
    session.budget = first(&mut sources, |facts| &mut facts.budget);
    session.remaining = counted_remaining.or_else(|| first(&mut sources, |facts| &mut facts.remaining));
    session.created = first(&mut sources, |facts| &mut facts.created);
    session.completed = first(&mut sources, |facts| &mut facts.completed);
    let state = first(&mut sources, |facts| &mut facts.state);
    let cost = first(&mut sources, |facts| &mut facts.cost);
    let stages_cost = first(&mut sources, |facts| &mut facts.stages_cost);
    let percent = counted_percent.or_else(|| first(&mut sources, |facts| &mut facts.percent));
    let total = counted_total.or_else(|| first(&mut sources, |facts| &mut facts.stages_total));
    let pipelines = sources.iter().filter(|source| source.role == FileRole::State && source.shape.whole);
    let pipeline = pipelines.map(FileFacts::pipeline).max();
    let last: Vec<String> = sources.iter().flat_map(|source| source.shape.last.iter().cloned()).collect();
    session.stages = stages(&mut sources, disagreements);

    let stated = Stated {
        state: state.as_ref(),
        stages: &session.stages,
        cost: cost.as_ref(),
        stages_cost: stages_cost.as_ref(),
        percent: percent.as_ref(),
        completed: completed.as_ref(),
        total: total.as_ref(),
        current: session.current_stage.as_ref(),
        pipeline: pipeline.map(|pipeline| pipeline.max(session.stages.len() as u64)),
        last: &last,
    };
    session.state = stated.state(disagreements);
    let value = session.state.as_ref().map(|state| state.value);
    session.progress = stated.progress(value, disagreements);
    session.cost = stated.cost(disagreements);
    session.resume = stated.resume(value, session.cost.as_ref().map(|cost| cost.value));

    for source in sources {
        add_scores(&mut session.scores, source.facts.scores);
        session.errors.extend(source.facts.errors);
        session.outputs.extend(source.facts.outputs);
        session.marks.extend(source.facts.marks);
        session.unread.extend(source.facts.unread);
    }
}

/// Most different values of one thing that are listed.
const MOST_DIFFERENCES: usize = 8;

/// Lists a value in which files differ.
fn differences<T: PartialEq>(
    sources: &[FileFacts],
    disagreements: &mut Vec<Disagreement>,
    code: &'static str,
    value: fn(&Facts) -> &Option<Found<T>>,
    spell: fn(&T) -> String,
) {
    let mut found: Vec<&Found<T>> = Vec::new();
    for other in sources.iter().filter_map(|source| value(&source.facts).as_ref()) {
        if found.len() < MOST_DIFFERENCES && !found.iter().any(|known| known.value == other.value) {
            found.push(other);
        }
    }
    if let [first, others @ ..] = found.as_slice()
        && !others.is_empty()
    {
        let file = |found: &Found<T>| name(&found.origin.file).to_owned();
        let others: Vec<String> =
            others.iter().map(|other| format!("{} says {}", file(other), spell(&other.value))).collect();
        let message =
            format!("The {code} is {} in {}, which is used; {}.", spell(&first.value), file(first), others.join(", "));
        let at = found.iter().map(|found| found.origin.clone()).collect();
        disagreements.push(Disagreement { code, message, at });
    }
}

/// The largest number of a checkpoint: a larger one, such as a date, is no place in a series.
const LAST_CHECKPOINT: u64 = 99;

/// The numbers below the largest that no checkpoint has.
fn missing(sources: &[FileFacts]) -> Vec<u64> {
    let parts = sources.iter().filter(|source| source.role == FileRole::Part);
    let numbers: BTreeSet<u64> =
        parts.flat_map(|source| &source.facts.stages).filter_map(|stage| stage.order).collect();
    let last = numbers.last().copied().filter(|last| *last <= LAST_CHECKPOINT).unwrap_or_default();
    (1..last).filter(|number| !numbers.contains(number)).collect()
}

/// The stages of all sources, by their names.
fn stages(sources: &mut [FileFacts], disagreements: &mut Vec<Disagreement>) -> Vec<ForeignStage> {
    let mut stages: Vec<ForeignStage> = Vec::new();
    let mut by_name: BTreeMap<String, usize> = BTreeMap::new();
    for source in sources.iter_mut() {
        for stage in std::mem::take(&mut source.facts.stages) {
            let known = by_name.get(&stage.name).copied().and_then(|at| stages.get_mut(at));
            let Some(known) = known else {
                // A report or plan has names of its own: what it says of others is counted nowhere.
                if matches!(source.role, FileRole::Report | FileRole::Plan) {
                    continue;
                }
                by_name.insert(stage.name.clone(), stages.len());
                stages.push(stage);
                continue;
            };
            if let (Some(one), Some(other)) = (&known.status, &stage.status)
                && one.value != other.value
            {
                // What is done was done, whatever a file says that was written before.
                let later = other.value.is_done() && !one.value.is_done();
                let counts = if later { other.value } else { one.value };
                let message = format!(
                    "{} is {} in {} and {} in {}: {} is used.",
                    known.label,
                    status_words(one.value),
                    name(&one.origin.file),
                    status_words(other.value),
                    name(&other.origin.file),
                    status_words(counts)
                );
                let at = vec![one.origin.clone(), other.origin.clone()];
                disagreements.push(Disagreement { code: "stage", message, at });
                if later {
                    known.status = stage.status.clone();
                }
            }
            known.fill(stage);
        }
    }
    // Checkpoints are numbered, or at least have times; what a state file lists stands in its order.
    if stages.iter().all(|stage| stage.order.is_some()) {
        stages.sort_by_key(|stage| stage.order);
    } else if sources.iter().all(|source| source.role != FileRole::State) {
        let time = |stage: &ForeignStage| {
            let time = stage.ended.as_ref().or(stage.started.as_ref());
            time.map_or(i64::MAX, |time| time.value.unix())
        };
        stages.sort_by_key(time);
    }
    stages
}

/// Links the outputs that sessions name to the files of the import.
fn link(sessions: &mut [ForeignSession], files: &mut [FilePlace]) {
    let mut by_name: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, file) in files.iter().enumerate() {
        by_name.entry(name(&file.path).to_owned()).or_default().push(at);
    }
    for (index, session) in sessions.iter_mut().enumerate() {
        let mut seen: BTreeSet<usize> = BTreeSet::new();
        let of_stages = session.stages.iter().flat_map(|stage| &stage.outputs);
        let outputs: Vec<Found<String>> = of_stages.chain(&session.outputs).cloned().collect();
        for output in outputs {
            let path = output.value.trim_start_matches("./").trim_start_matches('/').to_owned();
            let Some(candidates) = by_name.get(name(&path)) else { continue };
            let beside = format!("{}/{path}", folder(&output.origin.file));
            let ends = |at: &&usize| {
                let file = files.get(**at).map(|file| file.path.as_ref()).unwrap_or_default();
                file == beside || file == path || file.ends_with(&format!("/{path}")) && path.contains('/')
            };
            let Some(&at) = candidates.iter().take(64).find(ends) else { continue };
            let Some(file) = files.get_mut(at).filter(|_| seen.insert(at)) else { continue };
            session.linked.push(LinkedOutput { output, file: file.path.clone() });
            if file.sessions.is_empty()
                && matches!(file.group, FileGroup::NotOurs | FileGroup::Report | FileGroup::Plan)
            {
                if file.group == FileGroup::NotOurs {
                    file.group = FileGroup::Part;
                    file.why = format!("Output of {}.", session.key);
                }
                file.sessions.push(index);
                let path = file.path.clone();
                session.files.push(SessionFile { path, index: None, role: FileRole::Output });
            }
        }
    }
}

impl ForeignSession {
    fn empty(key: String) -> ForeignSession {
        ForeignSession {
            key,
            shapes: Vec::new(),
            files: Vec::new(),
            id: None,
            episode: None,
            topic: None,
            covers: None,
            state: None,
            current_stage: None,
            progress: None,
            cost: None,
            budget: None,
            remaining: None,
            stages: Vec::new(),
            scores: Vec::new(),
            errors: Vec::new(),
            outputs: Vec::new(),
            linked: Vec::new(),
            marks: Vec::new(),
            created: None,
            updated: None,
            completed: None,
            missing: Vec::new(),
            disagreements: Vec::new(),
            unread: Vec::new(),
            resume: None,
        }
    }
}
