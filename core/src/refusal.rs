//! Refusals of events: code, words and the events allowed instead.

use crate::named_enum::named_enum;
use crate::{Agent, EventKind};
use std::fmt;

named_enum! {
/// Code of a refusal. The checks run in this order, and the first that fails gives the code.
///
/// ```
/// use callboard_core::RefusalCode;
/// assert_eq!(RefusalCode::WrongStage.name(), "wrong_stage");
/// assert!(RefusalCode::ALL.is_sorted());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum RefusalCode {
    /// A value of the event is missing, unknown or out of its range.
    InvalidValue = "invalid_value",
    /// The session's file says something about its state that cannot be read.
    UnreadableState = "unreadable_state",
    /// The agent's name is unknown.
    UnknownAgent = "unknown_agent",
    /// The session is complete and accepts no more events.
    SessionComplete = "session_complete",
    /// The agent's stage is complete or skipped.
    AlreadyComplete = "already_complete",
    /// The agent's stage is not the current one.
    WrongStage = "wrong_stage",
    /// The event's attempt is not the one that runs.
    StaleAttempt = "stale_attempt",
    /// A person must decide: send `resume` with `override`.
    Escalated = "escalated",
    /// The same as `Escalated`, in answer to `retry`.
    RetriesExhausted = "retries_exhausted",
    /// The agent failed and must be retried first.
    AgentFailed = "agent_failed",
    /// The agent has not failed.
    NotFailed = "not_failed",
    /// The agent is working and not overdue.
    NotStalled = "not_stalled",
    /// The agent is working.
    AgentBusy = "agent_busy",
    /// The agent has not started.
    NotStarted = "not_started",
    /// The handoff lacks a part, or one of its flags is not true.
    HandoffIncomplete = "handoff_incomplete",
    /// The budget is spent, and the policy blocks further work.
    OverBudget = "over_budget",
}
}

/// Event that would be accepted now, if its other fields are valid.
///
/// ```
/// use callboard_core::{Agent, Event, EventKind, Policy, Session, Timestamp};
/// let session = Session::parse(r#"{"session_id": "ep_1", "pipeline_state": {"current_stage": "writing"}}"#).unwrap();
/// let retry = Event::minimal(EventKind::Retry, Agent::ScriptWriter);
/// let refusal = session.check(&retry, Timestamp::from_unix(0), &Policy::default()).unwrap_err();
/// assert_eq!((refusal.allowed[0].kind, refusal.allowed[0].agent), (EventKind::Start, Agent::ScriptWriter));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Allowed {
    /// Kind of event.
    #[cfg_attr(feature = "serde", serde(rename = "type"))]
    pub kind: EventKind,
    /// Agent of the event.
    pub agent: Agent,
}

/// Refusal of an event, in words. The session is unchanged.
///
/// ```
/// use callboard_core::{Action, Agent, Event, Policy, RefusalCode, Session, Timestamp};
/// let session = Session::parse(r#"{"session_id": "ep_1", "pipeline_state": {"current_stage": "writing"}}"#).unwrap();
/// let event = Event::new(Agent::AudioSynthesizer, Action::Start { estimated_completion: None });
/// let refusal = session.check(&event, Timestamp::from_unix(0), &Policy::default()).unwrap_err();
/// assert_eq!(refusal.code, RefusalCode::WrongStage);
/// assert_eq!(refusal.to_string(), "audio_synthesizer cannot start: its stage is synthesis, and the session is at writing.");
/// assert_eq!(&*refusal.reason, "Its stage is synthesis, and the session is at writing.");
/// assert_eq!(refusal.hint.as_deref(), Some("Complete or skip writing first."));
/// assert_eq!(refusal.field, None);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Refusal {
    /// Stable code.
    pub code: RefusalCode,
    /// One sentence: what is refused, and why.
    pub message: String,
    /// The part of the message that says why, as a sentence of its own.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub reason: Box<str>,
    /// The value or status that the event needs.
    pub expected: String,
    /// The value or status found instead.
    pub actual: String,
    /// The events that would be accepted now.
    pub allowed: Vec<Allowed>,
    /// The way out, if one is known.
    pub hint: Option<Box<str>>,
    /// Path of the field of the event whose value would have to change, such as `cost`, `metrics.brand_consistency`,
    /// `report.scores.overall` or `handoff.data.word_count`.
    ///
    /// A refusal that another value would avoid has one: an amount, a score, a duration, an attempt or a key out of its
    /// range, an empty `error` or `reason`, a `report` without a failed gate, a part of the handoff, and for a flag that is
    /// computed the field it is computed from. None if the session's state refuses the event, if a handoff is missing or
    /// unreadable as a whole, and for text that cannot be read as an event, a policy or a new session.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub field: Option<Box<str>>,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Refusal {}

/// Refusal without the allowed events, as the checks produce it.
#[derive(Debug)]
pub(crate) struct Fault {
    code: RefusalCode,
    /// The refused action, such as `script_writer cannot start`; none if the reason says all.
    action: Option<String>,
    /// The agent that the reason is about: the message calls it "it", the reason by its name.
    subject: Option<Agent>,
    /// The reason without a capital letter and a full stop, or the whole message.
    reason: String,
    expected: String,
    actual: String,
    hint: Option<String>,
    field: Option<String>,
}

impl Fault {
    /// A refusal whose message is one whole sentence.
    pub(crate) fn new(
        code: RefusalCode,
        message: impl AsRef<str>,
        expected: impl AsRef<str>,
        actual: impl AsRef<str>,
    ) -> Fault {
        Fault::of(code, message.as_ref(), expected.as_ref(), actual.as_ref())
    }

    /// Refusals are rare and are built in many places: all share this code.
    #[cold]
    #[inline(never)]
    fn of(code: RefusalCode, message: &str, expected: &str, actual: &str) -> Fault {
        Fault {
            code,
            action: None,
            subject: None,
            reason: message.to_owned(),
            expected: expected.to_owned(),
            actual: actual.to_owned(),
            hint: None,
            field: None,
        }
    }

    /// Names the event's field that is missing or wrong.
    #[cold]
    pub(crate) fn at(self, field: impl Into<String>) -> Fault {
        Fault { field: Some(field.into()), ..self }
    }

    /// Names the refused action, to which the message so far is the reason, without a capital letter and a full stop.
    pub(crate) fn of_action(self, action: String) -> Fault {
        Fault { action: Some(action), ..self }
    }

    /// Makes an agent the subject of the reason, which so far is a predicate, such as `is running`.
    pub(crate) fn about(self, agent: Agent) -> Fault {
        Fault { subject: Some(agent), ..self }
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

    #[inline(never)]
    pub(crate) fn into_refusal(self, allowed: Vec<Allowed>) -> Refusal {
        let (message, reason) = match (self.action, self.subject) {
            (Some(action), Some(agent)) => {
                (format!("{action}: it {}.", self.reason), format!("{agent} {}.", self.reason))
            }
            (Some(action), None) => (format!("{action}: {}.", self.reason), sentence(&self.reason)),
            (None, _) => (self.reason.clone(), self.reason),
        };
        Refusal {
            code: self.code,
            message,
            reason: reason.into(),
            expected: self.expected,
            actual: self.actual,
            allowed,
            hint: self.hint.map(Into::into),
            field: self.field.map(Into::into),
        }
    }
}

/// Adds a capital letter and a full stop.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).chain(['.']).collect()
}

#[cfg(test)]
mod tests {
    use crate::{Event, Policy, Session, Timestamp};

    #[test]
    fn a_refusal_names_the_field_whose_value_would_have_to_change() {
        let session = Session::parse(
            r#"{"session_id": "a", "pipeline_state": {"current_stage": "evaluation"},
            "agent_outputs": {"quality_evaluator": {"status": "in_progress"}}}"#,
        )
        .unwrap();
        let check = |text: &str, expected: Option<&str>| {
            let event = Event::from_json(text).unwrap();
            let refusal = session.check(&event, Timestamp::from_unix(0), &Policy::default()).unwrap_err();
            assert_eq!(refusal.field.as_deref(), expected, "{text}: {refusal}");
        };
        let of = |kind: &str, more: &str| format!(r#"{{"type": "{kind}", "agent": "quality_evaluator", {more}}}"#);
        check(&of("complete", r#""cost": -1"#), Some("cost"));
        check(&of("complete", r#""quality_score": 2"#), Some("quality_score"));
        check(&of("complete", r#""execution_time": -1"#), Some("execution_time"));
        check(&of("complete", r#""metrics": {"brand_consistency": 2}"#), Some("metrics.brand_consistency"));
        check(&of("complete", r#""handoff": {"data": {"quality_report": 1}}"#), Some("handoff.data.quality_report"));
        check(
            &of("complete", r#""handoff": {"data": {"approval_status": "PASS"}}, "quality_score": 0.9"#),
            Some("metrics.brand_consistency"),
        );
        check(&of("complete", r#""handoff": {}"#), Some("quality_score"));
        check(&of("complete", &format!(r#""key": "{}""#, "k".repeat(200))), Some("key"));
        check(&of("skip", r#""reason": " ""#), Some("reason"));
        check(&of("fail", r#""error": """#), Some("error"));
        check(&of("quality_failure", r#""report": {}"#), Some("report"));
        check(&of("quality_failure", r#""report": {"scores": {"overall": 5}}"#), Some("report.scores.overall"));
        // Another value would not be accepted either.
        check(r#"{"type": "retry", "agent": "quality_evaluator"}"#, None);
        check(r#"{"type": "start", "agent": "script_writer"}"#, None);
        let start = Event {
            attempt: Some(1),
            ..Event::from_json(r#"{"type": "retry", "agent": "quality_evaluator"}"#).unwrap()
        };
        let refusal = session.check(&start, Timestamp::from_unix(0), &Policy::default()).unwrap_err();
        assert_eq!(refusal.field.as_deref(), Some("attempt"));
        let refusal = Event::from_json(r#"{"type": "fail", "agent": "script_writer", "error": 1}"#).unwrap_err();
        assert_eq!(refusal.field, None);
    }
}
