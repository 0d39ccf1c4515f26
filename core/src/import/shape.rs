//! Shapes: how files of another pipeline are read, as data.

use super::path::ValuePath;
use super::pattern::Pattern;
use crate::Stage;
use crate::named_enum::named_enum;
use std::sync::Arc;

/// A shape: what recognises a kind of foreign file, and where its values are.
///
/// A shape is data: a JSON object, whose keys the published schema describes. StatusWords and names mean what the shape says, in
/// its files alone.
///
/// ```
/// use callboard_core::import::{Shape, ShapeKind};
/// let shape = Shape::parse(r#"{
///     "name": "radio", "title": "Radio plays", "version": 1, "kind": "session",
///     "recognise": {"has": {"/play": "text", "/acts": "object"}},
///     "id": "/play",
///     "stages": [{"each": "/acts/*", "status": {"at": "done", "words": {"true": "complete", "false": "not_started"}}}]
/// }"#).unwrap();
/// assert_eq!((shape.name(), shape.kind()), ("radio", ShapeKind::Session));
/// let error = Shape::parse("{\n  \"nmae\": \"radio\"}").unwrap_err();
/// assert_eq!((error.code().name(), error.line(), error.column()), ("invalid_shape", 2, 3));
/// assert_eq!(error.message(), "Unknown key \"nmae\" in the shape. Did you mean \"name\"?");
/// ```
#[derive(Debug, Clone)]
pub struct Shape {
    pub(crate) name: Arc<str>,
    pub(crate) title: String,
    pub(crate) version: u64,
    pub(crate) kind: ShapeKind,
    pub(crate) recognise: Recognise,
    /// Specificity: of two shapes that recognise a file, the more specific one reads it.
    pub(crate) weight: u32,
    /// The path of the elements, each a session of its own.
    pub(crate) split: Option<ValuePath>,
    /// The one stage of the framework that the whole pipeline is.
    pub(crate) covers: Option<Stage>,
    pub(crate) fields: ShapeFields,
    pub(crate) stages: Vec<StageGroup>,
    /// Stage names in the order of the pipeline.
    pub(crate) order: Vec<String>,
    pub(crate) labels: Vec<(String, String)>,
    pub(crate) maps_to: Vec<(String, Stage)>,
    /// True if a file and the order together tell every stage of the pipeline.
    pub(crate) whole: bool,
    /// The stages that end the pipeline.
    pub(crate) last: Vec<String>,
    pub(crate) scores: Vec<ScoreField>,
    pub(crate) marks: Vec<(String, FieldSources)>,
    /// Number of paths from the root that are looked up once a file.
    pub(crate) slots: u32,
    pub(crate) text: String,
}

/// The fields of a shape.
#[derive(Debug, Clone, Default)]
pub(crate) struct ShapeFields {
    pub(crate) id: FieldSources,
    pub(crate) episode: FieldSources,
    pub(crate) topic: FieldSources,
    pub(crate) state: FieldSources,
    pub(crate) current_stage: FieldSources,
    pub(crate) created: FieldSources,
    pub(crate) updated: FieldSources,
    pub(crate) completed: FieldSources,
    pub(crate) cost: FieldSources,
    pub(crate) stages_cost: FieldSources,
    pub(crate) budget: FieldSources,
    pub(crate) remaining: FieldSources,
    pub(crate) percent: FieldSources,
    pub(crate) stages_completed: FieldSources,
    pub(crate) stages_total: FieldSources,
    pub(crate) errors: FieldSources,
    pub(crate) outputs: FieldSources,
}

/// Stages of one kind: one that is named, or each that a path leads to.
#[derive(Debug, Clone, Default)]
pub(crate) struct StageGroup {
    pub(crate) each: Option<ValuePath>,
    pub(crate) except: Vec<String>,
    /// True if a stage itself is a value, or nothing is read below it.
    pub(crate) reads_scalars: bool,
    pub(crate) name: FieldSources,
    pub(crate) order: FieldSources,
    pub(crate) status: FieldSources,
    pub(crate) started: FieldSources,
    pub(crate) ended: FieldSources,
    pub(crate) duration: FieldSources,
    pub(crate) cost: FieldSources,
    pub(crate) budget: FieldSources,
    pub(crate) attempts: FieldSources,
    pub(crate) agent: FieldSources,
    pub(crate) error: FieldSources,
    pub(crate) outputs: FieldSources,
    pub(crate) scores: Vec<ScoreField>,
}

impl StageGroup {
    /// The sources of all values.
    pub(crate) fn sources(&self) -> impl Iterator<Item = &FieldSource> {
        let fields = [
            &self.name,
            &self.order,
            &self.status,
            &self.started,
            &self.ended,
            &self.duration,
            &self.cost,
            &self.budget,
            &self.attempts,
            &self.agent,
            &self.error,
            &self.outputs,
        ];
        fields.into_iter().flatten().chain(self.scores.iter().flat_map(|score| &score.from))
    }
}

/// A named score, or each that a path leads to under its own name.
#[derive(Debug, Clone)]
pub(crate) struct ScoreField {
    /// None for the name of the member.
    pub(crate) name: Option<String>,
    pub(crate) from: FieldSources,
}

/// Sources of a value: the first that exists and can be read counts.
pub(crate) type FieldSources = Vec<FieldSource>;

/// One source of a value.
#[derive(Debug, Clone)]
pub(crate) struct FieldSource {
    pub(crate) from: ValueFrom,
    /// Pattern that captures the value in a text.
    pub(crate) pattern: Option<Pattern>,
    /// The texts that mean that the value is not set.
    pub(crate) unset: Vec<String>,
    /// Upper end of a score's scale.
    pub(crate) scale: Option<u8>,
    pub(crate) unit: Unit,
    pub(crate) words: Arc<StatusWords>,
    /// Why the value is not certain.
    pub(crate) assumed: Option<String>,
}

#[derive(Debug, Clone)]
pub(crate) enum ValueFrom {
    /// A path; from the root without a wildcard it has a slot, and is looked up once a file.
    At(ValuePath, Option<u32>),
    /// The key of the stage or element.
    Key,
    /// The name of the nearest folder that matches.
    Folder,
    /// The file's name.
    File,
    Constant(String),
}

/// Unit of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Unit {
    #[default]
    Plain,
    Cents,
    Fraction,
    Seconds,
    Minutes,
    Milliseconds,
}

/// The words of a pipeline for how a stage or session stands.
pub(crate) type StatusWords = Vec<(String, ForeignStatus)>;

/// Conditions that recognise a file.
#[derive(Debug, Clone, Default)]
pub(crate) struct Recognise {
    /// Any of these; none for any name.
    pub(crate) files: Vec<Pattern>,
    pub(crate) has: Vec<(ValuePath, ValueKind)>,
    pub(crate) lacks: Vec<ValuePath>,
    pub(crate) is: Vec<(ValuePath, Vec<String>)>,
}

/// The kind of value that a path must lead to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ValueKind {
    Any,
    Set,
    Object,
    List,
    Text,
    Number,
    Flag,
}

named_enum! {
/// Kind of the files of a shape.
///
/// ```
/// assert_eq!(callboard_core::import::ShapeKind::Report.name(), "report");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ShapeKind {
    /// A session's state.
    Session = "session",
    /// A part of a session, such as a stage's checkpoint.
    Part = "part",
    /// Several sessions, with their states.
    Index = "index",
    /// Several sessions that are worked on together.
    Batch = "batch",
    /// A report on a session: costs, quality.
    Report = "report",
    /// A plan of a session that says nothing of its state.
    Plan = "plan",
    /// A configuration, of a pipeline or of a tool.
    Configuration = "configuration",
}
}

impl ShapeKind {
    /// True if a file of the kind alone makes a session.
    pub(crate) const fn makes_a_session(self) -> bool {
        matches!(self, ShapeKind::Session | ShapeKind::Part | ShapeKind::Index | ShapeKind::Batch)
    }
}

named_enum! {
/// Status of a foreign session or stage.
///
/// ```
/// assert_eq!(callboard_core::import::ForeignStatus::NotStarted.name(), "not_started");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ForeignStatus {
    /// Nothing has begun.
    NotStarted = "not_started",
    /// Somebody is at work, or about to go on.
    InProgress = "in_progress",
    /// It has failed.
    Failed = "failed",
    /// It is done.
    Complete = "complete",
    /// It was left out.
    Skipped = "skipped",
}
}

impl ForeignStatus {
    /// True if nothing is left to do.
    pub(crate) const fn is_done(self) -> bool {
        matches!(self, ForeignStatus::Complete | ForeignStatus::Skipped)
    }
}

impl Shape {
    /// The end of the name of a file that holds a definition.
    ///
    /// ```
    /// assert_eq!(callboard_core::import::Shape::FILE_END, ".callboard-shape.json");
    /// ```
    pub const FILE_END: &str = ".callboard-shape.json";

    /// The folder whose files are definitions, beside a production's configuration.
    ///
    /// ```
    /// assert_eq!(callboard_core::import::Shape::FOLDER, "callboard.shapes");
    /// ```
    pub const FOLDER: &str = "callboard.shapes";

    /// True for the path of a definition: by its name's end, or in the folder of definitions.
    ///
    /// ```
    /// use callboard_core::import::{Importer, Shape, Shapes};
    /// assert!(Shape::is_definition("a/radio.callboard-shape.json") && Shape::is_definition("callboard.shapes/radio.json"));
    /// let mut importer = Importer::new(Shapes::built_in());
    /// importer.add("callboard.shapes/radio.json", br#"{"name": "radio", "title": "Radio plays", "version": 1,
    ///     "kind": "session", "recognise": {"has": {"/play": "text"}}}"#);
    /// assert_eq!(importer.shapes().iter().next().unwrap().name(), "radio");
    /// ```
    pub fn is_definition(path: &str) -> bool {
        let mut parts = path.rsplit(['/', '\\']);
        let name = parts.next().unwrap_or_default();
        name.ends_with(Shape::FILE_END) || name.ends_with(".json") && parts.next() == Some(Shape::FOLDER)
    }

    /// The name by which a shape is known. See the example at [`Shape`].
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The title for a person. See the example at [`Shape`].
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The version of the definition. See the example at [`Shape`].
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Kind of its files. See the example at [`Shape`].
    pub fn kind(&self) -> ShapeKind {
        self.kind
    }

    /// The definition's text, as it was read. See the example at [`Shape`].
    pub fn text(&self) -> &str {
        &self.text
    }
}
