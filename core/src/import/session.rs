//! A session of another pipeline, as the files of one import tell it.

use super::facts::{ForeignStage, Score};
use super::found::{Derived, Found, Origin};
use super::shape::ForeignStatus;
use crate::named_enum::named_enum;
use crate::{Money, Stage, Timestamp};
use std::sync::Arc;

/// A session of another pipeline. What no file says is none.
///
/// ```
/// use callboard_core::import::{ForeignStatus, Shapes, assemble};
/// let text = r#"{"session_id": "ep_9", "status": "initialized", "total_cost": 6.92, "phases": {
///     "research": {"status": "completed", "cost": 4.5}, "script": {"status": "failed", "cost": 2.3},
///     "audio": {"status": "completed", "cost": 0.12}}}"#;
/// let import = assemble(vec![Shapes::built_in().read("ep_9/state.json", text.as_bytes())]);
/// let session = &import.sessions[0];
/// let state = session.state.as_ref().unwrap();
/// assert_eq!((state.value, state.note.as_str()), (ForeignStatus::Failed, "Script failed."));
/// assert_eq!(session.disagreements[0].code, "state");
/// let resume = session.resume.as_ref().unwrap();
/// assert_eq!((resume.last_trusted.as_deref(), resume.next.as_deref()), (Some("research"), Some("script")));
/// assert_eq!(resume.spent_again.unwrap().to_string(), "2.42");
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ForeignSession {
    /// Key that is unique in the import: its id, else its folder or file.
    pub key: String,
    /// The names of the shapes that its files have.
    pub shapes: Vec<Arc<str>>,
    /// Its files.
    pub files: Vec<SessionFile>,
    /// The id.
    pub id: Option<Found<String>>,
    /// The episode's number.
    pub episode: Option<Found<u64>>,
    /// Topic of the episode.
    pub topic: Option<Found<String>>,
    /// The one stage of the framework that the whole pipeline is: a complete one is that stage complete.
    pub covers: Option<Stage>,
    /// The state.
    pub state: Option<Derived<ForeignStatus>>,
    /// The name of the current stage, as a file states it.
    pub current_stage: Option<Found<String>>,
    /// The progress.
    pub progress: Option<Derived<ForeignProgress>>,
    /// The cost.
    pub cost: Option<Derived<Money>>,
    /// The budget.
    pub budget: Option<Found<Money>>,
    /// The stated cost of what is left.
    pub remaining: Option<Found<Money>>,
    /// The stages, with their own names, in their own order.
    pub stages: Vec<ForeignStage>,
    /// The scores of the session.
    pub scores: Vec<Score>,
    /// Errors.
    pub errors: Vec<Found<String>>,
    /// The files that were made.
    pub outputs: Vec<Found<String>>,
    /// The outputs that are files of the import.
    pub linked: Vec<LinkedOutput>,
    /// Other marks, such as a dry run.
    pub marks: Vec<Found<String>>,
    /// Time of creation.
    pub created: Option<Found<Timestamp>>,
    /// Time of the last change.
    pub updated: Option<Found<Timestamp>>,
    /// Time of completion.
    pub completed: Option<Found<Timestamp>>,
    /// The numbers that are missing in the series of its checkpoints.
    pub missing: Vec<u64>,
    /// Disagreements between its files.
    pub disagreements: Vec<Disagreement>,
    /// Values that no shape can read.
    pub unread: Vec<Found<String>>,
    /// The resume point; none for a complete session, and if nothing is known of the stages.
    pub resume: Option<ResumePoint>,
}

/// Progress of a foreign session.
///
/// See the example at [`crate::import::assemble`].
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ForeignProgress {
    /// Number of stages that are done.
    pub completed: Option<u64>,
    /// Number of stages.
    pub total: Option<u64>,
    /// 0 to 100.
    pub percent: Option<f64>,
}

/// A file of a session.
///
/// See the example at [`crate::import::assemble`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct SessionFile {
    /// Its path.
    pub path: Arc<str>,
    /// The key or index of the session in it, in a file of several.
    pub index: Option<String>,
    /// Its role for the session.
    pub role: FileRole,
}

named_enum! {
/// FileRole of a file for a session.
///
/// ```
/// assert_eq!(callboard_core::import::FileRole::Older.name(), "older");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileRole {
    /// It tells the state.
    State = "state",
    /// It tells a part.
    Part = "part",
    /// It reports on it.
    Report = "report",
    /// It plans it.
    Plan = "plan",
    /// The session made it.
    Output = "output",
    /// It is a copy of another file of the session.
    Copy = "copy",
    /// It is an older version of another file of the session.
    Older = "older",
}
}

/// An output that a session names and that is a file of the import.
///
/// See the example at [`crate::import::assemble`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct LinkedOutput {
    /// The path as the session names it.
    pub output: Found<String>,
    /// The file's path in the import.
    pub file: Arc<str>,
}

/// Two places that say different things.
///
/// See the example at [`ForeignSession`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Disagreement {
    /// A stable code: `state`, `progress`, `cost`, `budget`, `episode`, `stage`.
    pub code: &'static str,
    /// One or two plain sentences: what the places say, and which counts.
    pub message: String,
    /// The places.
    pub at: Vec<Origin>,
}

/// Point at which a session can be resumed.
///
/// See the example at [`ForeignSession`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ResumePoint {
    /// The name of the last stage that is done and that every stage before it is done as well.
    pub last_trusted: Option<String>,
    /// The name of the next stage; none where it is not known.
    pub next: Option<String>,
    /// Money spent.
    pub spent: Option<Money>,
    /// Money spent on stages that would be done again.
    pub spent_again: Option<Money>,
}
