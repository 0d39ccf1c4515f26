//! Outlook of a session: who has it, since when, and when it should be complete.

use crate::health::HealthInputs;
use crate::named_enum::named_enum;
use crate::progress::expected_completion;
use crate::session::PipelinePosition;
use crate::{Agent, AgentStatus, Date, Policy, Session, Stage, State, Timestamp};

named_enum! {
/// Activity of a session's current stage.
///
/// ```
/// assert_eq!(callboard_core::Phase::Ready.name(), "ready");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Phase {
    /// The stage waits for somebody to start its agent.
    Ready = "ready",
    /// The agent is at work.
    Running = "running",
    /// The agent has failed and can be retried.
    Failed = "failed",
    /// The agent waits to be started again.
    Retry = "retry",
    /// The retries are used up: a person must decide.
    Escalated = "escalated",
    /// All stages are complete or skipped.
    Complete = "complete",
    /// The state is not known or cannot be read.
    Unknown = "unknown",
}
}

named_enum! {
/// Completion of a session against its due date.
///
/// See the example at [`Outlook::due_status`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DueStatus {
    /// Expected before its due date, or due on a later day.
    OnTime = "on_time",
    /// Due on the viewer's day.
    DueToday = "due_today",
    /// Past its due date, expected after it, or without one and past the running agent's estimate.
    Late = "late",
}
}

/// Outlook of a session at a moment.
///
/// See the example at [`Session::outlook`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Outlook {
    /// Activity of the current stage.
    pub phase: Phase,
    /// Agent of the current stage, before the first stage its agent; none if the session is complete or unknown.
    pub agent: Option<Agent>,
    /// Agent of the stage after it; none if there is none.
    pub next_agent: Option<Agent>,
    /// Beginning of the phase; none if the file does not say.
    pub since: Option<Timestamp>,
    /// Time at which the session came to its current stage, in all phases and attempts; none if the file does not say.
    pub in_stage_since: Option<Timestamp>,
    /// Time at which the running agent should be done: its own estimate, or its start plus the typical duration. In the
    /// past if it is overdue. None if no agent runs.
    pub stage_estimate: Option<Timestamp>,
    /// Expected completion of the session, never before `now`; none if it is complete, has failed, or is unknown.
    pub estimate: Option<Timestamp>,
    /// Planned due date.
    pub due: Option<Date>,
    now: Timestamp,
}

impl Outlook {
    /// Seconds by which the running agent is past its estimate; none if it is not.
    ///
    /// See the example at [`Session::outlook`].
    pub fn overdue(&self) -> Option<i64> {
        let estimate = self.stage_estimate?;
        (self.now > estimate).then(|| self.now.unix() - estimate.unix())
    }

    /// The day on which the session should be complete, in a time zone `offset` minutes ahead of UTC: its due date, or
    /// else the day of the estimate while an agent runs. None if it is complete or unknown.
    ///
    /// See the example at [`Outlook::due_status`].
    pub fn due_day(&self, offset: i32) -> Option<Date> {
        if matches!(self.phase, Phase::Complete | Phase::Unknown) {
            return None;
        }
        // Work that nobody has started is expected only formally.
        let estimate = self.estimate.filter(|_| self.phase == Phase::Running);
        self.due.or_else(|| estimate.map(|estimate| Date::of(estimate, offset)))
    }

    /// True if the session should be complete today or on one of the days after it, `days` in all, in a time zone
    /// `offset` minutes ahead of UTC.
    ///
    /// ```
    /// use callboard_core::{Policy, Session, Timestamp};
    /// let session = Session::parse(r#"{"session_id": "a", "pipeline_state": {"current_stage": "synthesis"},
    ///     "planning": {"due": "2026-12-05"}}"#).unwrap();
    /// let within_week = |now| session.outlook(Timestamp::parse(now).unwrap(), &Policy::default()).is_due_within(7, 0);
    /// assert!(within_week("2026-12-05T23:00:00Z") && within_week("2026-11-29T00:00:00Z"));
    /// assert!(!within_week("2026-11-28T23:00:00Z") && !within_week("2026-12-06T00:00:00Z"));
    /// ```
    pub fn is_due_within(&self, days: i32, offset: i32) -> bool {
        let today = Date::of(self.now, offset);
        self.due_day(offset).is_some_and(|day| (0..days).contains(&day.days_since(today)))
    }

    /// Completion against the due date, with days in a time zone `offset` minutes ahead of UTC. None if the session is
    /// complete or unknown, and if neither a due date nor a running agent's estimate is known.
    ///
    /// ```
    /// use callboard_core::{DueStatus, Policy, Session, Timestamp};
    /// let session = Session::parse(r#"{"session_id": "a", "pipeline_state": {"current_stage": "synthesis"},
    ///     "planning": {"due": "2026-12-05"}}"#).unwrap();
    /// let status = |now| session.outlook(Timestamp::parse(now).unwrap(), &Policy::default()).due_status(0);
    /// assert_eq!(status("2026-12-04T12:00:00Z"), Some(DueStatus::OnTime));
    /// assert_eq!(status("2026-12-05T12:00:00Z"), Some(DueStatus::DueToday));
    /// assert_eq!(status("2026-12-05T23:55:00Z"), Some(DueStatus::Late));
    /// assert_eq!(status("2026-12-06T00:00:00Z"), Some(DueStatus::Late));
    /// ```
    pub fn due_status(&self, offset: i32) -> Option<DueStatus> {
        let day = self.due_day(offset)?;
        let today = Date::of(self.now, offset);
        let is_expected_after = || self.estimate.is_some_and(|estimate| Date::of(estimate, offset) > day);
        let is_late = match self.due {
            Some(_) => day < today || is_expected_after(),
            None => self.overdue().is_some(),
        };
        Some(match () {
            () if is_late => DueStatus::Late,
            () if day == today => DueStatus::DueToday,
            () => DueStatus::OnTime,
        })
    }
}

impl HealthInputs {
    /// The outlook at `now`.
    pub(crate) fn outlook(&self, due: Option<Date>, now: Timestamp, policy: &Policy) -> Outlook {
        let situation = &self.situation;
        let position = situation.position;
        let stage = match position {
            _ if situation.unreadable.is_some() => None,
            PipelinePosition::Complete => None,
            PipelinePosition::Initialized => Some(Stage::Research),
            PipelinePosition::At(stage) => Some(stage),
        };
        let phase = match stage {
            None if situation.unreadable.is_none() => Phase::Complete,
            None => Phase::Unknown,
            Some(_) if situation.escalated(policy.retry_limit) => Phase::Escalated,
            Some(stage) => match situation.state() {
                State::Failed => Phase::Failed,
                State::Retry => Phase::Retry,
                _ if situation.status(stage.agent()) == AgentStatus::InProgress => Phase::Running,
                _ => Phase::Ready,
            },
        };
        let stage_estimate = self.working().and_then(|(agent, heartbeat)| heartbeat.estimate(agent, policy));
        let estimate = expected_completion(situation, || stage_estimate, now, policy);
        let next = stage.and_then(|stage| Stage::ALL.get(stage.index() + 1));
        let times = self.stage_times();
        Outlook {
            phase,
            agent: stage.map(Stage::agent),
            next_agent: next.map(|next| next.agent()),
            since: times.since,
            in_stage_since: times.in_stage_since,
            stage_estimate,
            estimate,
            due,
            now,
        }
    }
}

impl Session {
    /// Computes the outlook at `now`.
    ///
    /// ```
    /// use callboard_core::{Agent, Phase, Policy, Session, Timestamp};
    /// let session = Session::parse(r#"{"session_id": "a", "pipeline_state": {"current_stage": "evaluation"},
    ///     "agent_outputs": {"quality_evaluator": {"status": "in_progress", "start_time": "2024-08-11T14:30:00Z"}}}"#).unwrap();
    /// let now = Timestamp::parse("2024-08-11T14:45:00Z").unwrap();
    /// let outlook = session.outlook(now, &Policy::default());
    /// assert_eq!((outlook.phase, outlook.agent, outlook.next_agent),
    ///     (Phase::Running, Some(Agent::QualityEvaluator), Some(Agent::AudioSynthesizer)));
    /// assert_eq!(outlook.stage_estimate.unwrap().to_string(), "2024-08-11T14:40:00Z");
    /// assert_eq!((outlook.overdue(), outlook.estimate.unwrap().to_string()), (Some(300), "2024-08-11T15:00:00Z".into()));
    /// ```
    pub fn outlook(&self, now: Timestamp, policy: &Policy) -> Outlook {
        let due = self.planning().due;
        self.health_inputs().outlook(due, now, policy)
    }
}
