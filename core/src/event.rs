//! Events that agents and people send to a session.

use crate::document::{Document, ParseError, quote};
use crate::event_kind::EventKind;
use crate::quality::Metric;
use crate::{Agent, Money, Timestamp};

/// Event of one agent of a session.
///
/// ```
/// use callboard_core::{Action, Agent, Event};
/// let event = Event::from_json(r#"{"type": "fail", "agent": "script_writer", "error": "timeout"}"#).unwrap();
/// assert_eq!(event, Event::new(Agent::ScriptWriter, Action::Fail { error: "timeout".into(), cost: None }));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    pub(crate) agent: AgentName,
    pub(crate) action: Action,
    pub(crate) attempt: Option<u64>,
    pub(crate) key: Option<String>,
}

/// Agent named by an event. An unknown name is refused only after the session's state was read.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum AgentName {
    Known(Agent),
    Unknown(String),
}

/// Action of an event.
///
/// See the example at [`Event`].
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// The agent starts.
    Start {
        /// Time at which it expects to be done; by default the typical duration from now.
        estimated_completion: Option<Timestamp>,
    },
    /// The agent is still working, or reports a late cost of a completed stage.
    Progress {
        /// Amount to add to the stage's cost.
        cost: Option<Money>,
        /// New estimate of the completion.
        estimated_completion: Option<Timestamp>,
    },
    /// The agent is done.
    Complete(Completion),
    /// The agent failed.
    Fail {
        /// Error message, not empty.
        error: String,
        /// Cost of the attempt.
        cost: Option<Money>,
    },
    /// The failed agent is retried.
    Retry,
    /// A failed, escalated or stalled agent is retried on a person's decision.
    Resume {
        /// True to override an escalation.
        override_escalation: bool,
        /// Reason, kept in `history`.
        reason: Option<String>,
    },
    /// Quality gates failed.
    QualityFailure {
        /// Report of the evaluation.
        report: GateReport,
        /// Cost of the attempt.
        cost: Option<Money>,
        /// Duration in seconds.
        execution_time: Option<f64>,
    },
    /// The stage is skipped.
    Skip {
        /// Reason, not empty, kept in `history`.
        reason: String,
    },
}

/// Result of a completed agent. Fields that are not given are not written.
///
/// See the example at [`crate::Session::apply`].
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Completion {
    /// Path of the output.
    pub output_file: Option<String>,
    /// Cost of the attempt.
    pub cost: Option<Money>,
    /// Quality score, 0 to 1, also written as the stage's quality metric.
    pub quality_score: Option<f64>,
    /// Duration in seconds.
    pub execution_time: Option<f64>,
    /// Handoff to the next agent.
    pub handoff: Option<Json>,
    /// Quality metrics, 0 to 1 each.
    pub metrics: Vec<(Metric, f64)>,
}

/// Report of an evaluation with failed gates.
///
/// See the example at [`GateReport::failed`].
#[derive(Debug, Clone, PartialEq, Default)]
pub struct GateReport {
    /// Names of failed gates.
    pub failures: Vec<String>,
    /// Score of each gate, 0 to 1.
    pub scores: Vec<(String, f64)>,
    /// Recommendations for the writer or researcher, verbatim.
    pub recommendations: Option<Json>,
    /// Technical corrections of the script, verbatim.
    pub technical_fixes: Option<Json>,
}

/// JSON value kept as its text, so that its spelling survives.
///
/// ```
/// use callboard_core::Json;
/// assert_eq!(Json::parse("[1e3, \"a\"]").unwrap().text(), "[1e3, \"a\"]");
/// assert!(Json::parse("[1e3,").is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Json(String);

impl Json {
    /// Parses a text that is one JSON value.
    ///
    /// # Errors
    /// The syntax error, with line and column.
    ///
    /// See the example at [`Json`].
    pub fn parse(text: impl Into<String>) -> Result<Json, ParseError> {
        Document::parse(text.into()).map(|document| Json(document.into_text()))
    }

    /// Creates a JSON string.
    ///
    /// ```
    /// assert_eq!(callboard_core::Json::string("two\nlines").text(), r#""two\nlines""#);
    /// ```
    pub fn string(text: &str) -> Json {
        Json(quote(text))
    }

    /// Creates a JSON number in its shortest spelling; null for a number that is not finite.
    ///
    /// ```
    /// assert_eq!(callboard_core::Json::number(0.9).text(), "0.9");
    /// ```
    pub fn number(value: f64) -> Json {
        Json(if value.is_finite() { value.to_string() } else { "null".to_owned() })
    }

    /// The JSON text.
    ///
    /// See the example at [`Json`].
    pub fn text(&self) -> &str {
        &self.0
    }

    /// Takes the text of a value that was parsed before.
    pub(crate) fn of(raw: &str) -> Json {
        Json(raw.to_owned())
    }
}

impl Event {
    /// Creates an event for an agent.
    ///
    /// See the example at [`Event`].
    pub fn new(agent: Agent, action: Action) -> Event {
        Event { agent: AgentName::Known(agent), action, attempt: None, key: None }
    }

    /// Adds the attempt that the event belongs to; it is refused if another attempt runs.
    ///
    /// Only `progress`, `complete`, `fail` and `quality_failure` may have one.
    ///
    /// ```
    /// use callboard_core::{Agent, Event, EventKind, Policy, RefusalCode, Session, Timestamp};
    /// let now = Timestamp::from_unix(0);
    /// let mut session = Session::parse(r#"{"session_id": "ep_1", "pipeline_state": {"current_stage": "writing"}}"#).unwrap();
    /// let start = Event::minimal(EventKind::Start, Agent::ScriptWriter);
    /// let attempt = session.apply(&start, now, &Policy::default()).unwrap().attempt;
    /// let done = |attempt| Event::minimal(EventKind::Complete, Agent::ScriptWriter).with_attempt(attempt);
    /// let refusal = session.check(&done(attempt + 1), now, &Policy::default()).unwrap_err();
    /// assert_eq!(refusal.code, RefusalCode::StaleAttempt);
    /// assert!(session.check(&done(attempt), now, &Policy::default()).is_ok());
    /// ```
    #[must_use]
    pub fn with_attempt(self, attempt: u64) -> Event {
        Event { attempt: Some(attempt), ..self }
    }

    /// Adds a unique key, by which repeated deliveries of the event are applied once.
    ///
    /// The key has 1 to 128 characters and is kept in the event's history entry.
    ///
    /// ```
    /// use callboard_core::{Agent, Event, EventKind, Policy, Session, Timestamp};
    /// let now = Timestamp::from_unix(0);
    /// let mut session = Session::parse(r#"{"session_id": "ep_1", "pipeline_state": {"current_stage": "writing"}}"#).unwrap();
    /// let done = Event::minimal(EventKind::Complete, Agent::ScriptWriter).with_key("job-17");
    /// assert!(session.apply(&done, now, &Policy::default()).unwrap().duplicate.is_none());
    /// let after = session.text().to_owned();
    /// let again = session.apply(&done, now.plus(60), &Policy::default()).unwrap();
    /// assert_eq!(again.duplicate.unwrap().key.as_deref(), Some("job-17"));
    /// assert_eq!(session.text(), after);
    /// ```
    #[must_use]
    pub fn with_key(self, key: impl Into<String>) -> Event {
        Event { key: Some(key.into()), ..self }
    }

    /// The attempt of the event, if given.
    ///
    /// ```
    /// use callboard_core::{Agent, Event, EventKind};
    /// let event = Event::minimal(EventKind::Progress, Agent::ScriptWriter);
    /// assert_eq!((event.attempt(), event.clone().with_attempt(2).attempt()), (None, Some(2)));
    /// ```
    pub fn attempt(&self) -> Option<u64> {
        self.attempt
    }

    /// The key of the event, if given.
    ///
    /// ```
    /// use callboard_core::Event;
    /// let event = Event::from_json(r#"{"type": "retry", "agent": "script_writer", "key": "job-17"}"#).unwrap();
    /// assert_eq!(event.key(), Some("job-17"));
    /// ```
    pub fn key(&self) -> Option<&str> {
        self.key.as_deref()
    }

    /// True for a heartbeat: progress without cost and estimate.
    ///
    /// It changes `last_updated` only and leaves no history entry.
    ///
    /// ```
    /// use callboard_core::{Agent, Event, EventKind};
    /// assert!(Event::minimal(EventKind::Progress, Agent::ScriptWriter).is_heartbeat());
    /// ```
    pub fn is_heartbeat(&self) -> bool {
        matches!(self.action, Action::Progress { cost: None, estimated_completion: None })
    }

    /// The agent of the event; none if its name is unknown.
    ///
    /// ```
    /// use callboard_core::{Agent, Event};
    /// let agent = |name| Event::from_json(&format!(r#"{{"type": "retry", "agent": "{name}"}}"#)).unwrap().agent();
    /// assert_eq!((agent("script_writer"), agent("nobody")), (Some(Agent::ScriptWriter), None));
    /// ```
    pub fn agent(&self) -> Option<Agent> {
        match self.agent {
            AgentName::Known(agent) => Some(agent),
            AgentName::Unknown(_) => None,
        }
    }

    /// Action of an event.
    ///
    /// ```
    /// use callboard_core::{Action, Event};
    /// let event = Event::from_json(r#"{"type": "skip", "agent": "audio_synthesizer", "reason": "text only"}"#).unwrap();
    /// assert!(matches!(event.action(), Action::Skip { reason } if reason == "text only"));
    /// ```
    pub fn action(&self) -> &Action {
        &self.action
    }

    /// The kind of event.
    ///
    /// See the example at [`EventKind::ALL`].
    pub fn kind(&self) -> EventKind {
        match self.action {
            Action::Start { .. } => EventKind::Start,
            Action::Progress { .. } => EventKind::Progress,
            Action::Complete(_) => EventKind::Complete,
            Action::Fail { .. } => EventKind::Fail,
            Action::Retry => EventKind::Retry,
            Action::Resume { .. } => EventKind::Resume,
            Action::QualityFailure { .. } => EventKind::QualityFailure,
            Action::Skip { .. } => EventKind::Skip,
        }
    }

    /// The cost that the event adds to its stage.
    pub(crate) fn cost(&self) -> Option<Money> {
        match &self.action {
            Action::Progress { cost, .. } | Action::Fail { cost, .. } | Action::QualityFailure { cost, .. } => *cost,
            Action::Complete(completion) => completion.cost,
            Action::Start { .. } | Action::Retry | Action::Resume { .. } | Action::Skip { .. } => None,
        }
    }
}
