//! Identification record of a session, derived from its file.

use crate::named_enum::named_enum;
use crate::{Session, State, Timestamp, ids};

/// Identification record of a session.
///
/// See the example at [`Session::identification`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Identification {
    /// Id of the session, opaque.
    pub session_id: Option<String>,
    /// Episode number from 1: the file's, or else the id's.
    pub episode_number: Option<u64>,
    /// Topic as a slug, for display only.
    pub topic: Option<String>,
    /// Complexity from 1 to 5.
    pub complexity_level: Option<u64>,
    /// Target audience; `general` if the file does not say.
    pub target_audience: String,
    /// Time of creation: the file's, or else the id's.
    pub created_at: Option<Timestamp>,
    /// Status of the session; none if its state is unknown or cannot be read.
    pub status: Option<SessionStatus>,
}

named_enum! {
/// Status of a session in its identification record.
///
/// ```
/// use callboard_core::{SessionStatus, State};
/// assert_eq!(SessionStatus::of(State::Retry), Some(SessionStatus::InProgress));
/// assert_eq!(SessionStatus::InProgress.name(), "in_progress");
/// assert_eq!(SessionStatus::of(State::Unknown), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SessionStatus {
    /// Created; no agent has started.
    Initialized = "initialized",
    /// A stage is in progress, or waits for a retry.
    InProgress = "in_progress",
    /// The current stage failed.
    Failed = "failed",
    /// Every stage is complete or skipped.
    Complete = "complete",
}
}

impl SessionStatus {
    /// The status of a session in a state; none if the state is unknown.
    ///
    /// ```
    /// use callboard_core::{SessionStatus, State};
    /// assert_eq!(SessionStatus::of(State::Retry), Some(SessionStatus::InProgress));
    /// assert_eq!(SessionStatus::of(State::Unknown), None);
    /// ```
    pub const fn of(state: State) -> Option<SessionStatus> {
        Some(match state {
            State::Initialized => SessionStatus::Initialized,
            State::Failed => SessionStatus::Failed,
            State::Complete => SessionStatus::Complete,
            State::Unknown => return None,
            _ => SessionStatus::InProgress,
        })
    }
}

impl Session {
    /// Builds the identification record. The episode's number and the time of creation come from the id if the file does
    /// not have them and the id has the framework's form.
    ///
    /// ```
    /// use callboard_core::{Session, SessionStatus};
    /// let session = Session::parse(r#"{"session_id": "ep_001_20240811_1430", "episode": {"number": 1,
    ///     "topic": "The Hard Problem of Consciousness"}, "pipeline_state": {"current_stage": "writing"}}"#).unwrap();
    /// let record = session.identification();
    /// assert_eq!(record.topic.as_deref(), Some("the_hard_problem_of_consciousness"));
    /// assert_eq!((record.status, record.target_audience.as_str()), (Some(SessionStatus::InProgress), "general"));
    /// assert_eq!(record.created_at.unwrap().to_string(), "2024-08-11T14:30:00Z");
    /// ```
    pub fn identification(&self) -> Identification {
        let episode = self.episode();
        let session_id = self.id();
        let parsed = session_id.as_deref().and_then(ids::parse);
        Identification {
            episode_number: episode.number.or(parsed.map(|parsed| parsed.episode).filter(|number| *number > 0)),
            topic: episode.topic.as_deref().map(slug),
            complexity_level: episode.complexity_target,
            target_audience: episode.target_audience.unwrap_or_else(|| "general".to_owned()),
            created_at: self.created().or(parsed.map(|parsed| parsed.created)),
            status: self.state().ok().and_then(SessionStatus::of),
            session_id,
        }
    }
}

/// Converts a text to lower-case letters and digits, joined by `_`.
fn slug(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_alphanumeric() {
            out.extend(c.to_lowercase());
        } else if !out.is_empty() && !out.ends_with('_') {
            out.push('_');
        }
    }
    out.truncate(out.trim_end_matches('_').len());
    out
}
