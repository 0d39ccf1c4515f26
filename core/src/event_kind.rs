//! Kinds of events: the fields that each takes, and the members of a file that each may write.

use crate::named_enum::named_enum;
use crate::names::same_name;
use crate::quality::Metric;
use crate::{Agent, Stage};

named_enum! {
/// Kind of an event on an existing session.
///
/// ```
/// use callboard_core::{EventField, EventKind};
/// assert_eq!(EventKind::QualityFailure.name(), "quality_failure");
/// assert_eq!(EventKind::Fail.fields()[0], EventField::Error);
/// assert_eq!((EventKind::parse("skip"), EventKind::parse("Skip")), (Some(EventKind::Skip), None));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EventKind {
    /// The agent starts.
    Start = "start",
    /// The agent is still working (a heartbeat), or reports a cost, also after its stage is complete.
    Progress = "progress",
    /// The agent is done.
    Complete = "complete",
    /// The agent failed.
    Fail = "fail",
    /// Requests another attempt of a failed agent.
    Retry = "retry",
    /// Requests another attempt of a failed, escalated or stalled agent, on a person's decision.
    Resume = "resume",
    /// The evaluation failed quality gates: the session goes back to an earlier stage.
    QualityFailure = "quality_failure",
    /// The stage is left out.
    Skip = "skip",
}
}

named_enum! {
/// Field of an event's JSON, besides `type` and `agent`.
///
/// ```
/// use callboard_core::{EventField, EventKind};
/// assert_eq!(EventField::ExecutionTime.name(), "execution_time");
/// assert!(EventField::ALL.into_iter().all(|field| EventKind::ALL.iter().any(|kind| kind.fields().contains(&field))));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EventField {
    /// Path of the agent's output.
    OutputFile = "output_file",
    /// Cost in US dollars.
    Cost = "cost",
    /// Quality score, 0 to 1.
    QualityScore = "quality_score",
    /// Duration in seconds.
    ExecutionTime = "execution_time",
    /// Handoff to the next agent.
    Handoff = "handoff",
    /// Quality metrics by name, 0 to 1 each.
    Metrics = "metrics",
    /// Error message of a failure.
    Error = "error",
    /// Reason of a skip or a resume.
    Reason = "reason",
    /// Overrides an escalation.
    Override = "override",
    /// Report of the failed quality gates.
    Report = "report",
    /// Time at which the agent expects to be done.
    EstimatedCompletion = "estimated_completion",
    /// Attempt that the event belongs to.
    Attempt = "attempt",
    /// Key by which a repeated delivery is recognised.
    Key = "key",
}
}

impl EventKind {
    /// The kind with exactly this name. See the example at [`EventKind`].
    pub fn parse(name: &str) -> Option<EventKind> {
        EventKind::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The fields that an event of this kind may have, besides `type` and `agent`.
    ///
    /// See the example at [`EventKind`].
    pub const fn fields(self) -> &'static [EventField] {
        use EventField::*;
        match self {
            EventKind::Start => &[EstimatedCompletion, Key],
            EventKind::Progress => &[Cost, EstimatedCompletion, Attempt, Key],
            EventKind::Complete => {
                &[OutputFile, Cost, QualityScore, ExecutionTime, EventField::Handoff, Metrics, Attempt, Key]
            }
            EventKind::Fail => &[Error, Cost, Attempt, Key],
            EventKind::Retry => &[Key],
            EventKind::Resume => &[Override, Reason, Key],
            EventKind::QualityFailure => &[Report, Cost, ExecutionTime, Attempt, Key],
            EventKind::Skip => &[Reason, Key],
        }
    }

    /// True if an event of this kind must have a field.
    ///
    /// ```
    /// use callboard_core::{EventField, EventKind};
    /// assert!(EventKind::Skip.requires(EventField::Reason) && !EventKind::Resume.requires(EventField::Reason));
    /// ```
    pub const fn requires(self, field: EventField) -> bool {
        matches!(
            (self, field),
            (EventKind::Fail, EventField::Error)
                | (EventKind::Skip, EventField::Reason)
                | (EventKind::QualityFailure, EventField::Report)
        )
    }

    /// True if an event of this kind has a field that must be filled in, or that nearly always is: a person is asked
    /// before it is sent.
    ///
    /// ```
    /// use callboard_core::EventKind;
    /// let at_once = [EventKind::Start, EventKind::Retry, EventKind::Resume];
    /// assert!(EventKind::ALL.into_iter().all(|kind| kind.needs_input() != at_once.contains(&kind)));
    /// ```
    pub const fn needs_input(self) -> bool {
        !matches!(self, EventKind::Start | EventKind::Retry | EventKind::Resume)
    }

    /// The paths in a session file that an event of this kind may write, as patterns.
    ///
    /// `{agent}` and `{stage}` stand for the event's own, `{redone}` for each agent that failed gates may send the
    /// session back to, and `{metric}` for any quality metric.
    ///
    /// ```
    /// use callboard_core::EventKind;
    /// assert!(EventKind::Retry.writes().contains(&"agent_outputs.{agent}.status"));
    /// ```
    pub const fn writes(self) -> &'static [&'static str] {
        match self {
            EventKind::Start => &[
                "pipeline_state.current_stage",
                "pipeline_state.pending_stages",
                "agent_outputs.{agent}.status",
                "agent_outputs.{agent}.start_time",
                "agent_outputs.{agent}.estimated_completion",
                "timestamps.last_updated",
                "timestamps.{stage}_started",
                "history",
            ],
            EventKind::Progress => &[
                "agent_outputs.{agent}.estimated_completion",
                "cost_tracking.{stage}",
                "cost_tracking.total",
                "cost_tracking.within_budget",
                "timestamps.last_updated",
                "history",
            ],
            EventKind::Complete => &[
                "pipeline_state.current_stage",
                "pipeline_state.completed_stages",
                "pipeline_state.pending_stages",
                "pipeline_state.skipped_stages",
                "pipeline_state.retry_count",
                "agent_outputs.{agent}.status",
                "agent_outputs.{agent}.output_file",
                "agent_outputs.{agent}.execution_time",
                "agent_outputs.{agent}.cost",
                "agent_outputs.{agent}.quality_score",
                "agent_outputs.{agent}.error",
                "agent_outputs.{agent}.handoff",
                "quality_metrics.{metric}",
                "cost_tracking.{stage}",
                "cost_tracking.total",
                "cost_tracking.within_budget",
                "timestamps.last_updated",
                "timestamps.{stage}_completed",
                "timestamps.completed",
                "feedback",
                "adjustments_needed",
                "history",
            ],
            EventKind::Fail => &[
                "pipeline_state.failed_attempts",
                "pipeline_state.escalation",
                "agent_outputs.{agent}.status",
                "agent_outputs.{agent}.cost",
                "agent_outputs.{agent}.error",
                "cost_tracking.{stage}",
                "cost_tracking.total",
                "cost_tracking.within_budget",
                "timestamps.last_updated",
                "timestamps.{stage}_failed",
                "history",
            ],
            EventKind::Retry => {
                &["pipeline_state.retry_count", "agent_outputs.{agent}.status", "timestamps.last_updated", "history"]
            }
            EventKind::Resume => &[
                "pipeline_state.failed_attempts",
                "pipeline_state.retry_count",
                "pipeline_state.gate_failures",
                "pipeline_state.escalation",
                "agent_outputs.{agent}.status",
                "agent_outputs.{agent}.error",
                "timestamps.last_updated",
                "timestamps.{stage}_failed",
                "history",
            ],
            EventKind::QualityFailure => &[
                "pipeline_state.current_stage",
                "pipeline_state.completed_stages",
                "pipeline_state.pending_stages",
                "pipeline_state.skipped_stages",
                "pipeline_state.retry_count",
                "pipeline_state.gate_failures",
                "pipeline_state.escalation",
                "agent_outputs.{redone}.status",
                "agent_outputs.{agent}.status",
                "agent_outputs.{agent}.execution_time",
                "agent_outputs.{agent}.cost",
                "agent_outputs.{agent}.error",
                "quality_metrics.{metric}",
                "cost_tracking.{stage}",
                "cost_tracking.total",
                "cost_tracking.within_budget",
                "timestamps.last_updated",
                "feedback",
                "adjustments_needed",
                "history",
            ],
            EventKind::Skip => &[
                "pipeline_state.current_stage",
                "pipeline_state.completed_stages",
                "pipeline_state.pending_stages",
                "pipeline_state.skipped_stages",
                "pipeline_state.retry_count",
                "agent_outputs.{agent}.status",
                "agent_outputs.{agent}.error",
                "timestamps.last_updated",
                "timestamps.completed",
                "history",
            ],
        }
    }

    /// True if an event of this kind for an agent may write the member at a path.
    pub(crate) fn may_write(self, agent: Agent, path: &[&str]) -> bool {
        self.writes().iter().any(|pattern| {
            let mut names = path.iter();
            pattern.split('.').all(|part| names.next().is_some_and(|name| matches(part, agent, name)))
                && names.next().is_none()
        })
    }
}

/// True if a part of a pattern of [`EventKind::writes`] stands for a key of the file.
fn matches(part: &str, agent: Agent, name: &str) -> bool {
    let stage = agent.stage();
    match part {
        "{agent}" => Agent::parse(name) == Some(agent),
        "{redone}" => Agent::parse(name).is_some_and(|agent| agent.stage() <= Stage::Evaluation),
        "{stage}" => Stage::parse(name) == Some(stage),
        "{metric}" => Metric::ALL.iter().any(|metric| same_name(metric.name(), name)),
        "{stage}_started" => same_name(stage.started_key(), name),
        "{stage}_completed" => same_name(stage.completed_key(), name),
        "{stage}_failed" => same_name(stage.failed_key(), name),
        part => same_name(part, name),
    }
}
