//! Outcome of an applied event, with the host's next step.

use crate::named_enum::named_enum;
use crate::{Agent, EventKind, HistoryEntry, Stage, State};

/// Outcome of an applied event.
///
/// See the example at [`crate::Session::apply`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Outcome {
    /// Kind of event.
    pub event: EventKind,
    /// Agent of the event.
    pub agent: Agent,
    /// State before the event.
    pub from: State,
    /// State after the event.
    pub to: State,
    /// Number of the attempt that the event started or belongs to.
    pub attempt: u64,
    /// The host's next step.
    pub next: Next,
    /// Warnings about the accepted event.
    pub warnings: Vec<Warning>,
    /// Names of the gates that failed.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub failed_gates: Vec<String>,
    /// The history entry of an event that was applied before; the session is unchanged then.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub duplicate: Option<Box<HistoryEntry>>,
}

/// The host's next step.
///
/// See the example at [`crate::Session::apply`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Next {
    /// The step.
    pub step: NextStep,
    /// Agent of the step; none if the session is done.
    pub agent: Option<Agent>,
}

named_enum! {
/// Kind of the next step.
///
/// ```
/// assert_eq!(callboard_core::NextStep::Escalate.name(), "escalate");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NextStep {
    /// Start the agent.
    Start = "start",
    /// Wait for the working agent's result.
    Work = "work",
    /// Retry the failed agent.
    Retry = "retry",
    /// A person must decide: the retries, or the returns to earlier stages, are used up.
    Escalate = "escalate",
    /// The session is complete.
    Done = "done",
}
}

/// Warning about an accepted event.
///
/// See the example at [`Outcome::sentence`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Warning {
    /// Stable code: `clock_backwards`, `handoff_missing`, `over_budget` or `stale_attempt`.
    pub code: &'static str,
    /// Description in one sentence.
    pub message: String,
}

impl Outcome {
    /// Describes the event and the next step in one or two sentences.
    ///
    /// ```
    /// use callboard_core::{Agent, Event, EventKind, Policy, Session, Timestamp};
    /// let mut session = Session::parse(r#"{"session_id": "ep_1", "pipeline_state": {"current_stage": "writing"}}"#).unwrap();
    /// let done = Event::minimal(EventKind::Complete, Agent::ScriptWriter);
    /// let outcome = session.apply(&done, Timestamp::from_unix(0), &Policy::default()).unwrap();
    /// assert_eq!(outcome.sentence(), "script_writer is complete. Next: start quality_evaluator.");
    /// assert_eq!(outcome.warnings[0].code, "handoff_missing");
    /// ```
    pub fn sentence(&self) -> String {
        let agent = self.agent;
        let done = match self.event {
            _ if self.duplicate.is_some() => format!("Already recorded: {} of {agent}.", self.event),
            EventKind::Start => format!("{agent} is in progress."),
            EventKind::Progress => format!("Recorded: progress of {agent}."),
            EventKind::Complete => format!("{agent} is complete."),
            EventKind::Fail => format!("Recorded: {agent} failed."),
            EventKind::Retry | EventKind::Resume if self.to == State::Retry => format!("{agent} will be retried."),
            EventKind::Retry | EventKind::Resume => format!("{agent} is out of retries."),
            EventKind::QualityFailure => match Stage::ALL.into_iter().find(|stage| stage.state() == self.to) {
                Some(stage) => format!("Sent back to {stage}{}.", self.gates_in_brackets()),
                None => format!("Quality gates failed{}.", self.gates_in_brackets()),
            },
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

    fn gates_in_brackets(&self) -> String {
        match self.failed_gates.as_slice() {
            [] => String::new(),
            gates => format!(" ({})", crate::names::shorten(&gates.join(", "))),
        }
    }
}
