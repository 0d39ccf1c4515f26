//! What an applied event did, and what the host must do next.

use crate::stage::named;
use crate::{Agent, EventKind, HistoryEntry, State};

/// What an applied event did.
///
/// See the example at [`crate::Session::apply`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Outcome {
    /// The kind of event.
    pub event: EventKind,
    /// The agent it was for.
    pub agent: Agent,
    /// The state before.
    pub from: State,
    /// The state after.
    pub to: State,
    /// The agent's attempt that the event began or that runs; of a duplicate, that of its entry.
    pub attempt: u64,
    /// What the host must do next.
    pub next: Next,
    /// What was accepted and should be looked at.
    pub warnings: Vec<Warning>,
    /// The history entry of the event, where it had been applied before: nothing has changed.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub duplicate: Option<Box<HistoryEntry>>,
}

/// What the host must do next.
///
/// See the example at [`crate::Session::apply`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Next {
    /// The step.
    pub step: NextStep,
    /// The agent it is for; none when the session is done.
    pub agent: Option<Agent>,
}

/// A kind of next step.
///
/// See the example at [`crate::Session::apply`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NextStep {
    /// Start the agent.
    Start,
    /// The agent is at work: its result is awaited.
    Work,
    /// The agent has failed: retry it.
    Retry,
    /// The agent is out of retries, or the gates of routes back: a person must decide.
    Escalate,
    /// The session is complete.
    Done,
}

impl NextStep {
    /// Every step, in order. See the example at [`NextStep::name`].
    pub const ALL: [NextStep; 5] =
        [NextStep::Start, NextStep::Work, NextStep::Retry, NextStep::Escalate, NextStep::Done];

    /// The step's stable name.
    ///
    /// ```
    /// assert_eq!(callboard_core::NextStep::Escalate.name(), "escalate");
    /// ```
    pub const fn name(self) -> &'static str {
        match self {
            NextStep::Start => "start",
            NextStep::Work => "work",
            NextStep::Retry => "retry",
            NextStep::Escalate => "escalate",
            NextStep::Done => "done",
        }
    }
}

named!(NextStep);

/// Something that was accepted and should be looked at.
///
/// See the example at [`Outcome::sentence`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Warning {
    /// A stable code: `clock_backwards`, `handoff_missing`, `over_budget`, `stale_attempt`.
    pub code: &'static str,
    /// One plain sentence.
    pub message: String,
}

impl Outcome {
    /// What happened and what comes next, in one or two plain sentences.
    ///
    /// ```
    /// use callboard_core::{Agent, Event, EventKind, Policy, Session, Timestamp};
    /// let mut session = Session::parse(r#"{"session_id": "ep_1", "pipeline_state": {"current_stage": "writing"}}"#).unwrap();
    /// let done = Event::least(EventKind::Complete, Agent::ScriptWriter);
    /// let outcome = session.apply(&done, Timestamp::from_unix(0), &Policy::default()).unwrap();
    /// assert_eq!(outcome.sentence(), "script_writer is complete. Next: start quality_evaluator.");
    /// assert_eq!(outcome.warnings[0].code, "handoff_missing");
    /// ```
    pub fn sentence(&self) -> String {
        let agent = self.agent;
        let done = match self.event {
            _ if self.duplicate.is_some() => format!("Already recorded: {} of {agent}.", self.event),
            EventKind::Start => format!("{agent} is in progress."),
            EventKind::Progress => format!("Progress of {agent} is recorded."),
            EventKind::Complete => format!("{agent} is complete."),
            EventKind::Fail => format!("The failure of {agent} is recorded."),
            EventKind::Retry | EventKind::Resume if self.to == State::Retry => format!("{agent} is to be tried again."),
            EventKind::Retry | EventKind::Resume => format!("{agent} is out of retries."),
            EventKind::QualityFailure => "The failed quality gates are recorded.".to_owned(),
            EventKind::Skip => format!("{agent} is skipped."),
        };
        let next = match (self.next.step, self.next.agent) {
            (NextStep::Done, _) => " The session is complete.".to_owned(),
            (NextStep::Start, Some(next)) => format!(" Next: start {next}."),
            (NextStep::Retry, Some(next)) => format!(" Next: retry {next}."),
            (NextStep::Escalate, Some(next)) => format!(" {next} needs a decision: resume it with an override."),
            _ => String::new(),
        };
        done + &next
    }
}
