//! Events: what agents and people report to a session.

mod json;

pub(crate) use json::{Fields, kind_name, shorten};

use crate::document::Document;
use crate::stage::named;
use crate::{Agent, Money, Timestamp};

/// The kind of an event on an existing session.
///
/// See the example at [`crate::Session::choices`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EventKind {
    /// The agent begins.
    Start,
    /// The agent is at work (a heartbeat), or has cost something more (also late, as a bill).
    Progress,
    /// The agent is done.
    Complete,
    /// The agent has failed.
    Fail,
    /// The failed agent is to try again.
    Retry,
    /// A failed, escalated or stalled agent is to try again, on a person's word.
    Resume,
    /// The quality gates failed: the session goes back.
    QualityFailure,
    /// The stage is left out.
    Skip,
}

impl EventKind {
    /// Every kind.
    ///
    /// ```
    /// use callboard_core::{Agent, Event, EventKind};
    /// assert!(EventKind::ALL.into_iter().all(|kind| Event::least(kind, Agent::ScriptWriter).kind() == kind));
    /// ```
    pub const ALL: [EventKind; 8] = [
        EventKind::Start,
        EventKind::Progress,
        EventKind::Complete,
        EventKind::Fail,
        EventKind::Retry,
        EventKind::Resume,
        EventKind::QualityFailure,
        EventKind::Skip,
    ];

    /// The event's name in the session's `history` and on the wire.
    ///
    /// ```
    /// assert_eq!(callboard_core::EventKind::QualityFailure.name(), "quality_failure");
    /// ```
    pub const fn name(self) -> &'static str {
        match self {
            EventKind::Start => "start",
            EventKind::Progress => "progress",
            EventKind::Complete => "complete",
            EventKind::Fail => "fail",
            EventKind::Retry => "retry",
            EventKind::Resume => "resume",
            EventKind::QualityFailure => "quality_failure",
            EventKind::Skip => "skip",
        }
    }

    /// The kind of this name, exactly.
    ///
    /// ```
    /// use callboard_core::EventKind;
    /// assert_eq!((EventKind::parse("skip"), EventKind::parse("Skip")), (Some(EventKind::Skip), None));
    /// ```
    pub fn parse(name: &str) -> Option<EventKind> {
        EventKind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

named!(EventKind);

/// Something that happened to one agent of a session.
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

/// An agent as an event names it: one nobody knows is refused only once the session has been read.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum AgentName {
    Known(Agent),
    Unknown(String),
}

/// What happened.
///
/// See the example at [`Event`].
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// The agent begins.
    Start {
        /// When it expects to be done; a typical duration from now if not given.
        estimated_completion: Option<Timestamp>,
    },
    /// The agent is still at work, or a late bill of a completed stage has come.
    Progress {
        /// What to add to the stage's cost.
        cost: Option<Money>,
        /// When the agent now expects to be done.
        estimated_completion: Option<Timestamp>,
    },
    /// The agent is done.
    Complete(Completion),
    /// The agent has failed.
    Fail {
        /// What went wrong; not empty.
        error: String,
        /// What the attempt cost.
        cost: Option<Money>,
    },
    /// The failed agent is to try again.
    Retry,
    /// A failed, escalated or stalled agent is to try again, on a person's word.
    Resume {
        /// Whether an escalation is overridden.
        override_escalation: bool,
        /// Why; kept in `history`.
        reason: Option<String>,
    },
    /// The quality gates failed.
    QualityFailure {
        /// What the evaluation found.
        report: GateReport,
        /// What the attempt cost.
        cost: Option<Money>,
        /// How long it took, in seconds.
        execution_time: Option<f64>,
    },
    /// The stage is left out.
    Skip {
        /// Why; kept in `history`, not empty.
        reason: String,
    },
}

/// What a completed agent reports; what is not given is not written.
///
/// See the example at [`crate::Session::apply`].
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Completion {
    /// The path of what it made.
    pub output_file: Option<String>,
    /// What the attempt cost.
    pub cost: Option<Money>,
    /// How good it is, 0 to 1; also the stage's quality metric.
    pub quality_score: Option<f64>,
    /// How long it took, in seconds.
    pub execution_time: Option<f64>,
    /// What it hands over to the next agent.
    pub handoff: Option<Json>,
    /// Quality metrics by name, 0 to 1 each.
    pub metrics: Vec<(Metric, f64)>,
}

/// What an evaluation found where its gates failed.
///
/// See the example at [`GateReport::failed`].
#[derive(Debug, Clone, PartialEq, Default)]
pub struct GateReport {
    /// The gates that failed, by name.
    pub failures: Vec<String>,
    /// The score of each gate, 0 to 1.
    pub scores: Vec<(String, f64)>,
    /// What the writer or researcher is to do, verbatim.
    pub recommendations: Option<Json>,
    /// What is to be mended in the script's form, verbatim.
    pub technical_fixes: Option<Json>,
}

/// A quality metric of the session.
///
/// See the example at [`Metric::ALL`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is the metric of its name in the file")]
pub enum Metric {
    ResearchQuality,
    ScriptQuality,
    OverallQuality,
    BrandConsistency,
}

impl Metric {
    /// Every metric, in the order of the file.
    ///
    /// ```
    /// use callboard_core::Metric;
    /// assert_eq!(Metric::ALL.map(Metric::name), ["research_quality", "script_quality", "overall_quality", "brand_consistency"]);
    /// ```
    pub const ALL: [Metric; 4] =
        [Metric::ResearchQuality, Metric::ScriptQuality, Metric::OverallQuality, Metric::BrandConsistency];

    /// The metric's key in `quality_metrics`.
    ///
    /// See the example at [`Metric::ALL`].
    pub const fn name(self) -> &'static str {
        match self {
            Metric::ResearchQuality => "research_quality",
            Metric::ScriptQuality => "script_quality",
            Metric::OverallQuality => "overall_quality",
            Metric::BrandConsistency => "brand_consistency",
        }
    }

    /// The metric that an agent's `quality_score` sets; the audio has none.
    ///
    /// ```
    /// use callboard_core::{Agent, Metric};
    /// assert_eq!(Metric::of(Agent::ScriptWriter), Some(Metric::ScriptQuality));
    /// assert_eq!(Metric::of(Agent::AudioSynthesizer), None);
    /// ```
    pub const fn of(agent: Agent) -> Option<Metric> {
        match agent {
            Agent::ResearchCoordinator => Some(Metric::ResearchQuality),
            Agent::ScriptWriter => Some(Metric::ScriptQuality),
            Agent::QualityEvaluator => Some(Metric::OverallQuality),
            Agent::AudioSynthesizer => None,
        }
    }
}

named!(Metric);

/// A JSON value carried as its text, so that nothing in it is respelt.
///
/// ```
/// use callboard_core::Json;
/// assert_eq!(Json::parse("[1e3, \"a\"]").unwrap().text(), "[1e3, \"a\"]");
/// assert!(Json::parse("[1e3,").is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Json(String);

impl Json {
    /// Takes a text that is one JSON value.
    ///
    /// # Errors
    /// Where it is not: what is wrong, with line and column.
    ///
    /// See the example at [`Json`].
    pub fn parse(text: impl Into<String>) -> Result<Json, crate::ParseError> {
        Document::parse(text.into()).map(|document| Json(document.into_text()))
    }

    /// A string as a JSON value.
    ///
    /// ```
    /// assert_eq!(callboard_core::Json::string("two\nlines").text(), r#""two\nlines""#);
    /// ```
    pub fn string(text: &str) -> Json {
        Json(crate::document::quote(text))
    }

    /// A number as a JSON value, in the fewest digits that are read as the same; null for one that is not finite.
    ///
    /// ```
    /// assert_eq!(callboard_core::Json::number(0.9).text(), "0.9");
    /// ```
    pub fn number(value: f64) -> Json {
        Json(if value.is_finite() { crate::number::spell(value) } else { "null".to_owned() })
    }

    /// The value's text.
    ///
    /// See the example at [`Json`].
    pub fn text(&self) -> &str {
        &self.0
    }

    /// The text of a value of a document that is parsed already.
    pub(crate) fn of(raw: &str) -> Json {
        Json(raw.to_owned())
    }
}

impl Event {
    /// An event for an agent.
    ///
    /// See the example at [`Event`].
    pub fn new(agent: Agent, action: Action) -> Event {
        Event { agent: AgentName::Known(agent), action, attempt: None, key: None }
    }

    /// The same event with the attempt that it is the result of: refused where another attempt runs.
    ///
    /// Only `progress`, `complete`, `fail` and `quality_failure` may carry one.
    ///
    /// ```
    /// use callboard_core::{Agent, Event, EventKind, Policy, RefusalCode, Session, Timestamp};
    /// let now = Timestamp::from_unix(0);
    /// let mut session = Session::parse(r#"{"session_id": "ep_1", "pipeline_state": {"current_stage": "writing"}}"#).unwrap();
    /// let start = Event::least(EventKind::Start, Agent::ScriptWriter);
    /// let attempt = session.apply(&start, now, &Policy::default()).unwrap().attempt;
    /// let done = |attempt| Event::least(EventKind::Complete, Agent::ScriptWriter).with_attempt(attempt);
    /// let refusal = session.check(&done(attempt + 1), now, &Policy::default()).unwrap_err();
    /// assert_eq!(refusal.code, RefusalCode::StaleAttempt);
    /// assert!(session.check(&done(attempt), now, &Policy::default()).is_ok());
    /// ```
    #[must_use]
    pub fn with_attempt(self, attempt: u64) -> Event {
        Event { attempt: Some(attempt), ..self }
    }

    /// The same event with a key of its own: however often it is delivered, it is applied once.
    ///
    /// The key has 1 to 128 characters and is kept in the event's history entry.
    ///
    /// ```
    /// use callboard_core::{Agent, Event, EventKind, Policy, Session, Timestamp};
    /// let now = Timestamp::from_unix(0);
    /// let mut session = Session::parse(r#"{"session_id": "ep_1", "pipeline_state": {"current_stage": "writing"}}"#).unwrap();
    /// let done = Event::least(EventKind::Complete, Agent::ScriptWriter).with_key("job-17");
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

    /// The attempt that the event carries.
    ///
    /// ```
    /// use callboard_core::{Agent, Event, EventKind};
    /// let event = Event::least(EventKind::Progress, Agent::ScriptWriter);
    /// assert_eq!((event.attempt(), event.clone().with_attempt(2).attempt()), (None, Some(2)));
    /// ```
    pub fn attempt(&self) -> Option<u64> {
        self.attempt
    }

    /// The key that the event carries.
    ///
    /// ```
    /// use callboard_core::Event;
    /// let event = Event::from_json(r#"{"type": "retry", "agent": "script_writer", "key": "job-17"}"#).unwrap();
    /// assert_eq!(event.key(), Some("job-17"));
    /// ```
    pub fn key(&self) -> Option<&str> {
        self.key.as_deref()
    }

    /// True for a heartbeat: progress that says no more than that the agent is at work.
    ///
    /// It changes `last_updated` only and leaves no history entry.
    ///
    /// ```
    /// use callboard_core::{Agent, Event, EventKind};
    /// assert!(Event::least(EventKind::Progress, Agent::ScriptWriter).is_heartbeat());
    /// ```
    pub fn is_heartbeat(&self) -> bool {
        matches!(self.action, Action::Progress { cost: None, estimated_completion: None })
    }

    /// The agent it is for; none where its name is unknown.
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

    /// What happened.
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

    /// What the event adds to its stage's cost.
    pub(crate) fn cost(&self) -> Option<Money> {
        match &self.action {
            Action::Progress { cost, .. } | Action::Fail { cost, .. } | Action::QualityFailure { cost, .. } => *cost,
            Action::Complete(completion) => completion.cost,
            Action::Start { .. } | Action::Retry | Action::Resume { .. } | Action::Skip { .. } => None,
        }
    }
}
