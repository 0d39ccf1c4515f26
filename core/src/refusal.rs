//! Refusals: why an event does not apply, and what would.

use crate::stage::named;
use crate::{Agent, EventKind};
use std::fmt;

/// The kind of a refusal, in the order in which they are looked for: the first that holds is given.
///
/// See the example at [`Refusal`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum RefusalCode {
    /// A value of the event is missing, unknown or out of its range.
    InvalidValue,
    /// The session's file says something about its state that cannot be read.
    UnreadableState,
    /// No agent of this name.
    UnknownAgent,
    /// The session is complete: nothing more can happen in it.
    SessionComplete,
    /// The agent's stage is complete or skipped.
    AlreadyComplete,
    /// The agent's stage is not the current one.
    WrongStage,
    /// The event's attempt is not the one that runs.
    StaleAttempt,
    /// A person must decide: `resume` with `override`.
    Escalated,
    /// As `Escalated`, for `retry`.
    RetriesExhausted,
    /// The agent has failed: `retry` comes first.
    AgentFailed,
    /// The agent has not failed.
    NotFailed,
    /// The agent is at work and not overdue.
    NotStalled,
    /// The agent is at work.
    AgentBusy,
    /// The agent has not started.
    NotStarted,
    /// The handoff lacks something, or a flag of it is not true.
    HandoffIncomplete,
    /// The budget is spent and the policy says to stop.
    OverBudget,
}

impl RefusalCode {
    /// Every code, in the order in which they are looked for.
    ///
    /// ```
    /// use callboard_core::RefusalCode;
    /// assert!(RefusalCode::ALL.is_sorted());
    /// ```
    pub const ALL: [RefusalCode; 16] = [
        RefusalCode::InvalidValue,
        RefusalCode::UnreadableState,
        RefusalCode::UnknownAgent,
        RefusalCode::SessionComplete,
        RefusalCode::AlreadyComplete,
        RefusalCode::WrongStage,
        RefusalCode::StaleAttempt,
        RefusalCode::Escalated,
        RefusalCode::RetriesExhausted,
        RefusalCode::AgentFailed,
        RefusalCode::NotFailed,
        RefusalCode::NotStalled,
        RefusalCode::AgentBusy,
        RefusalCode::NotStarted,
        RefusalCode::HandoffIncomplete,
        RefusalCode::OverBudget,
    ];

    /// The code's stable name.
    ///
    /// ```
    /// assert_eq!(callboard_core::RefusalCode::WrongStage.name(), "wrong_stage");
    /// ```
    pub const fn name(self) -> &'static str {
        match self {
            RefusalCode::InvalidValue => "invalid_value",
            RefusalCode::UnreadableState => "unreadable_state",
            RefusalCode::UnknownAgent => "unknown_agent",
            RefusalCode::SessionComplete => "session_complete",
            RefusalCode::AlreadyComplete => "already_complete",
            RefusalCode::WrongStage => "wrong_stage",
            RefusalCode::StaleAttempt => "stale_attempt",
            RefusalCode::Escalated => "escalated",
            RefusalCode::RetriesExhausted => "retries_exhausted",
            RefusalCode::AgentFailed => "agent_failed",
            RefusalCode::NotFailed => "not_failed",
            RefusalCode::NotStalled => "not_stalled",
            RefusalCode::AgentBusy => "agent_busy",
            RefusalCode::NotStarted => "not_started",
            RefusalCode::HandoffIncomplete => "handoff_incomplete",
            RefusalCode::OverBudget => "over_budget",
        }
    }
}

named!(RefusalCode);

/// An event that would be accepted now, its other fields being valid.
///
/// ```
/// use callboard_core::{Agent, Event, EventKind, Policy, Session, Timestamp};
/// let session = Session::parse(r#"{"session_id": "ep_1", "pipeline_state": {"current_stage": "writing"}}"#).unwrap();
/// let retry = Event::least(EventKind::Retry, Agent::ScriptWriter);
/// let refusal = session.check(&retry, Timestamp::from_unix(0), &Policy::default()).unwrap_err();
/// assert_eq!((refusal.allowed[0].kind, refusal.allowed[0].agent), (EventKind::Start, Agent::ScriptWriter));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Allowed {
    /// The kind of event.
    #[cfg_attr(feature = "serde", serde(rename = "type"))]
    pub kind: EventKind,
    /// The agent it would be for.
    pub agent: Agent,
}

/// Why an event was refused. The session is as it was.
///
/// ```
/// use callboard_core::{Action, Agent, Event, Policy, RefusalCode, Session, Timestamp};
/// let session = Session::parse(r#"{"session_id": "ep_1", "pipeline_state": {"current_stage": "writing"}}"#).unwrap();
/// let event = Event::new(Agent::AudioSynthesizer, Action::Start { estimated_completion: None });
/// let refusal = session.check(&event, Timestamp::from_unix(0), &Policy::default()).unwrap_err();
/// assert_eq!(refusal.code, RefusalCode::WrongStage);
/// assert_eq!(refusal.to_string(), "audio_synthesizer cannot start: its stage is synthesis, and the session is at writing.");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Refusal {
    /// The stable code.
    pub code: RefusalCode,
    /// One plain sentence: what was refused, and why.
    pub message: String,
    /// What the event needs.
    pub expected: String,
    /// What there is instead.
    pub actual: String,
    /// The events that would be accepted now.
    pub allowed: Vec<Allowed>,
    /// What to do, where that is known.
    pub hint: Option<String>,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Refusal {}

/// A refusal without the allowed events, as the rules find it.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) code: RefusalCode,
    pub(crate) message: String,
    pub(crate) expected: String,
    pub(crate) actual: String,
    pub(crate) hint: Option<String>,
}

impl Fault {
    pub(crate) fn new(
        code: RefusalCode,
        message: impl AsRef<str>,
        expected: impl AsRef<str>,
        actual: impl AsRef<str>,
    ) -> Fault {
        Fault::of(code, message.as_ref(), expected.as_ref(), actual.as_ref())
    }

    /// Refusals are rare, and spelt in many places: these share one piece of code.
    #[cold]
    #[inline(never)]
    fn of(code: RefusalCode, message: &str, expected: &str, actual: &str) -> Fault {
        Fault {
            code,
            message: message.to_owned(),
            expected: expected.to_owned(),
            actual: actual.to_owned(),
            hint: None,
        }
    }

    pub(crate) fn invalid(message: impl AsRef<str>, expected: impl AsRef<str>, actual: impl AsRef<str>) -> Fault {
        Fault::new(RefusalCode::InvalidValue, message, expected, actual)
    }

    pub(crate) fn hint(self, hint: impl AsRef<str>) -> Fault {
        self.hinted(hint.as_ref())
    }

    #[cold]
    #[inline(never)]
    fn hinted(mut self, hint: &str) -> Fault {
        self.hint = Some(hint.to_owned());
        self
    }

    pub(crate) fn into_refusal(self, allowed: Vec<Allowed>) -> Refusal {
        Refusal {
            code: self.code,
            message: self.message,
            expected: self.expected,
            actual: self.actual,
            allowed,
            hint: self.hint,
        }
    }
}
