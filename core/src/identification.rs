//! The identification record: a session in seven fields, derived from its file.

use crate::stage::named;
use crate::{Session, State, Timestamp, ids};

/// A session in seven fields.
///
/// See the example at [`Session::identification`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Identification {
    /// The session's id, opaque.
    pub session_id: Option<String>,
    /// The episode's number, from 1: the file's, else the id's.
    pub episode_number: Option<u64>,
    /// The topic as a slug, for display only.
    pub topic: Option<String>,
    /// How demanding it is, 1 to 5.
    pub complexity_level: Option<u64>,
    /// Whom it is for; `general` where the file does not say.
    pub target_audience: String,
    /// When it was made: as the file says, else the id.
    pub created_at: Option<Timestamp>,
    /// How it stands; none where its state is unknown or cannot be read.
    pub status: Option<SessionStatus>,
}

/// How a session stands, in one word.
///
/// See the example at [`Session::identification`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SessionStatus {
    /// Made, and no agent has begun.
    Initialized,
    /// A stage is being done, or is about to be tried again.
    InProgress,
    /// The current stage has failed.
    Failed,
    /// Every stage is complete or skipped.
    Complete,
}

impl SessionStatus {
    /// The status as it stands in an identification record.
    ///
    /// ```
    /// assert_eq!(callboard_core::SessionStatus::InProgress.name(), "in_progress");
    /// ```
    pub const fn name(self) -> &'static str {
        match self {
            SessionStatus::Initialized => "initialized",
            SessionStatus::InProgress => "in_progress",
            SessionStatus::Failed => "failed",
            SessionStatus::Complete => "complete",
        }
    }

    /// The status of a session in a state; none for an unknown one.
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

named!(SessionStatus);

impl Session {
    /// The identification record. What the file does not say of the episode's number and of when the session was
    /// made is taken from its id, where that is of the framework's form.
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
        let said = session_id.as_deref().and_then(ids::parse);
        Identification {
            episode_number: episode.number.or(said.map(|said| said.episode).filter(|number| *number > 0)),
            topic: episode.topic.as_deref().map(slug),
            complexity_level: episode.complexity_target,
            target_audience: episode.target_audience.unwrap_or_else(|| "general".to_owned()),
            created_at: self.created().or(said.map(|said| said.created)),
            status: self.state().ok().and_then(SessionStatus::of),
            session_id,
        }
    }
}

/// Letters and digits in lower case, whatever stands between them as one `_`.
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
