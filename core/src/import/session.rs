//! A session of another pipeline, as the files of one import tell it.

use super::facts::{ForeignStage, Score};
use super::found::{Found, Origin};
use super::shape::ForeignStatus;
use crate::stage::named;
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
    /// What tells it from the others of the import: its id, else the folder or file that it is in.
    pub key: String,
    /// The names of the shapes that its files have.
    pub shapes: Vec<Arc<str>>,
    /// Its files.
    pub files: Vec<SessionFile>,
    /// The id.
    pub id: Option<Found<String>>,
    /// The episode's number.
    pub episode: Option<Found<u64>>,
    /// What the episode is about.
    pub topic: Option<Found<String>>,
    /// The one stage of the framework that the whole pipeline is: a complete one is that stage complete.
    pub covers: Option<Stage>,
    /// How it stands.
    pub state: Option<Derived<ForeignStatus>>,
    /// The name of the current stage, as a file states it.
    pub current_stage: Option<Found<String>>,
    /// How far it is.
    pub progress: Option<Derived<ForeignProgress>>,
    /// What it has cost.
    pub cost: Option<Derived<Money>>,
    /// What may be spent.
    pub budget: Option<Found<Money>>,
    /// The stated cost of what is left.
    pub remaining: Option<Found<Money>>,
    /// The stages, with their own names, in their own order.
    pub stages: Vec<ForeignStage>,
    /// The scores of the session.
    pub scores: Vec<Score>,
    /// What went wrong.
    pub errors: Vec<Found<String>>,
    /// The files that were made.
    pub outputs: Vec<Found<String>>,
    /// The outputs that are files of the import.
    pub linked: Vec<LinkedOutput>,
    /// What else is marked, such as a dry run.
    pub marks: Vec<Found<String>>,
    /// When it was made.
    pub created: Option<Found<Timestamp>>,
    /// When it last changed.
    pub updated: Option<Found<Timestamp>>,
    /// When it was completed.
    pub completed: Option<Found<Timestamp>>,
    /// Where the files say different things.
    pub disagreements: Vec<Disagreement>,
    /// Values that no shape can read.
    pub unread: Vec<Found<String>>,
    /// Where to go on; none where nothing is known of the stages.
    pub resume: Option<ResumePoint>,
}

/// A value with how it is known.
///
/// See the example at [`ForeignSession`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Derived<T> {
    /// The value.
    pub value: T,
    /// How it is known.
    pub how: How,
    /// The places that it is from.
    pub from: Vec<Origin>,
    /// How it was worked out, in one sentence; for a stated value what is assumed of it, or nothing.
    pub note: String,
}

/// How a value is known.
///
/// ```
/// assert_eq!(callboard_core::import::How::Computed.name(), "computed");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum How {
    /// A file states it.
    Stated,
    /// It follows from what the files state.
    Computed,
}

impl How {
    /// The name. See the example at [`How`].
    pub const fn name(self) -> &'static str {
        match self {
            How::Stated => "stated",
            How::Computed => "computed",
        }
    }
}

named!(How);

/// How far a foreign session is.
///
/// See the example at [`crate::import::assemble`].
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ForeignProgress {
    /// How many stages are done.
    pub completed: Option<u64>,
    /// How many stages there are.
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
    /// What it is to the session.
    pub role: Role,
}

/// What a file is to a session.
///
/// ```
/// assert_eq!(callboard_core::import::Role::Older.name(), "older");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// It tells the state.
    State,
    /// It tells a part.
    Part,
    /// It reports on it.
    Report,
    /// It plans it.
    Plan,
    /// The session made it.
    Output,
    /// It is a copy of another file of the session.
    Copy,
    /// It is an older version of another file of the session.
    Older,
}

impl Role {
    /// The name. See the example at [`Role`].
    pub const fn name(self) -> &'static str {
        match self {
            Role::State => "state",
            Role::Part => "part",
            Role::Report => "report",
            Role::Plan => "plan",
            Role::Output => "output",
            Role::Copy => "copy",
            Role::Older => "older",
        }
    }
}

named!(Role);

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

/// Where a session can be resumed.
///
/// See the example at [`ForeignSession`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ResumePoint {
    /// The name of the last stage that is done and that every stage before it is done as well.
    pub last_trusted: Option<String>,
    /// The name of the next stage; none where it is not known.
    pub next: Option<String>,
    /// What has been spent.
    pub spent: Option<Money>,
    /// What was spent on stages that would be done again.
    pub spent_again: Option<Money>,
}
