//! Digest of a session for overviews of many, read once per change.

use crate::health::HealthInputs;
use crate::history::LazyHistory;
use crate::session::PipelinePosition;
use crate::{
    Agent, Attention, CostTracking, Health, HealthSummary, Outlook, Payment, Planning, Policy, QualityMetrics, Reason,
    Remedy, Session, Stage, State, Timeline, Timestamp,
};
use std::sync::Arc;

/// Facts of a session that an overview needs, independent of time and policy.
///
/// Methods that depend on them take them as arguments and are cheap enough for ten thousand sessions at once. See the
/// example at [`Session::digest`].
#[derive(Debug, Clone)]
pub struct Digest {
    inputs: HealthInputs,
    /// Time of creation.
    pub created: Option<Timestamp>,
    /// Time of completion.
    pub completed: Option<Timestamp>,
    /// Time of the last change.
    pub last_updated: Option<Timestamp>,
    /// Times of all failures that the file records.
    pub failures: Vec<Timestamp>,
    /// The quality metrics.
    pub quality: QualityMetrics,
    /// Duration of each complete stage in seconds, in pipeline order.
    pub durations: [Option<i64>; 4],
    /// The payments, as [`Session::payments`] has them.
    pub payments: Vec<Payment>,
    /// The attempts, waits and returns, as [`Session::timeline`] has them. Shared by the digest's clones.
    pub timeline: Arc<Timeline>,
    /// The planning.
    pub planning: Planning,
}

impl Session {
    /// Reads the facts that an overview of many sessions needs.
    ///
    /// ```
    /// use callboard_core::{HealthLevel, Policy, Session, State, Timestamp};
    /// let session = Session::parse(r#"{"session_id": "a", "pipeline_state": {"current_stage": "writing"}}"#).unwrap();
    /// let digest = session.digest();
    /// let summary = digest.health_summary(Timestamp::from_unix(0), &Policy::default());
    /// assert_eq!((digest.state(), summary.health, summary.attention), (Some(State::Writing), HealthLevel::Healthy, None));
    /// assert_eq!(digest.health(Timestamp::from_unix(0), &Policy::default()).reasons, []);
    /// assert_eq!(*digest.timeline, session.timeline());
    /// ```
    pub fn digest(&self) -> Digest {
        let history = LazyHistory::of(self);
        let facts = self.facts(&history);
        let inputs = &facts.inputs;
        Digest {
            payments: self.payments_in(&inputs.situation, &inputs.costs, &history),
            timeline: Arc::new(self.timeline_in(&inputs.situation, &history)),
            planning: self.planning(),
            ..facts
        }
    }

    /// Reads the part of the digest that the dashboard needs, whose size does not grow with the file: without payments,
    /// timeline and planning.
    pub(crate) fn dashboard_digest(&self) -> Digest {
        self.facts(&LazyHistory::of(self))
    }

    fn facts(&self, history: &LazyHistory<'_>) -> Digest {
        let inputs = self.health_inputs_in(self.situation(), history);
        Digest {
            created: self.created(),
            completed: self.completed(),
            last_updated: self.last_updated(),
            failures: self.failures(),
            quality: self.quality(),
            durations: Stage::ALL.map(|stage| self.duration_in(&inputs.situation, stage)),
            payments: Vec::new(),
            timeline: Arc::default(),
            planning: Planning::default(),
            inputs,
        }
    }
}

impl Digest {
    /// The state; none if it cannot be read.
    ///
    /// ```
    /// use callboard_core::{Session, Stage, State};
    /// let text = r#"{"session_id": "a", "pipeline_state": {"current_stage": "writing", "completed_stages": ["research"]},
    ///     "cost_tracking": {"total": 3.5}}"#;
    /// let digest = Session::parse(text).unwrap().digest();
    /// assert_eq!((digest.state(), digest.stage()), (Some(State::Writing), Some(Stage::Writing)));
    /// assert_eq!((digest.is_complete(), digest.done()), (false, [true, false, false, false]));
    /// assert_eq!(digest.progress_percentage(), Some(25));
    /// assert_eq!(digest.costs().total.unwrap().to_string(), "3.50");
    /// ```
    pub fn state(&self) -> Option<State> {
        let situation = &self.inputs.situation;
        (self.readable() || situation.unknown).then(|| situation.state())
    }

    /// The current stage; none before the first, after the last, and if the state cannot be read. See the example at
    /// [`Digest::state`].
    pub fn stage(&self) -> Option<Stage> {
        match self.inputs.situation.position {
            PipelinePosition::At(stage) if self.readable() => Some(stage),
            _ => None,
        }
    }

    /// True if the session is complete. See the example at [`Digest::state`].
    pub fn is_complete(&self) -> bool {
        self.readable() && self.inputs.situation.position == PipelinePosition::Complete
    }

    /// The complete or skipped stages, in pipeline order; all false if the state cannot be read. See the example at
    /// [`Digest::state`].
    pub fn done(&self) -> [bool; 4] {
        Stage::ALL.map(|stage| self.readable() && self.inputs.situation.done(stage))
    }

    /// Complete and skipped stages of the four, in percent, as [`Session::progress`] has it. See the example at
    /// [`Digest::state`].
    pub fn progress_percentage(&self) -> Option<u8> {
        self.readable().then(|| self.done().into_iter().map(|done| if done { 25 } else { 0 }).sum())
    }

    /// True if the session is not complete and its state is not unknown.
    ///
    /// ```
    /// use callboard_core::Session;
    /// let active = |text: &str| Session::parse(text).unwrap().digest().is_active();
    /// assert!(active(r#"{"session_id": "a", "pipeline_state": {"current_stage": "writing"}}"#));
    /// assert!(!active(r#"{"session_id": "a", "status": "completed"}"#));
    /// ```
    pub fn is_active(&self) -> bool {
        !self.is_complete() && !self.inputs.situation.unknown
    }

    /// The costs. See the example at [`Digest::state`].
    pub fn costs(&self) -> &CostTracking {
        &self.inputs.costs
    }

    /// Minutes from creation to completion; none if they are out of order.
    ///
    /// ```
    /// let text = r#"{"session_id": "a", "timestamps":
    ///     {"created": "2024-08-11T14:30:00Z", "completed": "2024-08-11T16:00:00Z"}}"#;
    /// assert_eq!(callboard_core::Session::parse(text).unwrap().digest().minutes(), Some(90.0));
    /// ```
    pub fn minutes(&self) -> Option<f64> {
        self.seconds().map(|seconds| seconds as f64 / 60.0)
    }

    /// Seconds from created to completed: see [`Digest::minutes`].
    pub(crate) fn seconds(&self) -> Option<i64> {
        let (created, completed) = (self.created?, self.completed?);
        (completed >= created).then(|| completed.unix() - created.unix())
    }

    /// Health at `now` as [`Session::health`] gives it, without the words. See the example at [`Session::digest`].
    pub fn health_summary(&self, now: Timestamp, policy: &Policy) -> HealthSummary {
        self.inputs.summary(now, policy)
    }

    /// The session's health at `now`, as [`Session::health`] gives it. See the example at [`Session::digest`].
    pub fn health(&self, now: Timestamp, policy: &Policy) -> Health {
        self.inputs.health(now, policy)
    }

    /// The attention that the session needs first; none if it needs none. See the example at [`Attention`].
    pub fn attention(&self, now: Timestamp, policy: &Policy) -> Option<Attention> {
        self.inputs.attention(now, policy)
    }

    /// The event that gets a stopped session going again, as [`Session::remedy`] has it, but whether it would be refused
    /// or not.
    ///
    /// ```
    /// use callboard_core::{EventKind, Policy, Session, Timestamp};
    /// let digest = Session::parse(r#"{"session_id": "a", "pipeline_state": {"current_stage": "writing"},
    ///     "agent_outputs": {"script_writer": {"status": "retry"}}}"#).unwrap().digest();
    /// assert_eq!(digest.remedy(Timestamp::from_unix(0), &Policy::default()).unwrap().kind, EventKind::Start);
    /// ```
    pub fn remedy(&self, now: Timestamp, policy: &Policy) -> Option<Remedy> {
        self.inputs.remedy(now, policy)
    }

    /// Agent of the next event: that of the current stage, before the first stage and after the last one theirs.
    ///
    /// ```
    /// use callboard_core::{Agent, Session};
    /// let of = |stage: &str| Session::parse(format!(r#"{{"session_id": "a", "pipeline_state": {{"current_stage": "{stage}"}}}}"#))
    ///     .unwrap().digest().agent();
    /// assert_eq!(["initialized", "writing", "complete"].map(of),
    ///     [Agent::ResearchCoordinator, Agent::ScriptWriter, Agent::AudioSynthesizer]);
    /// ```
    pub fn agent(&self) -> Agent {
        self.inputs.situation.position.agent()
    }

    /// Reasons of the health level, the one that needs attention first, with times as `clock` formats them.
    ///
    /// ```
    /// use callboard_core::{Policy, Session, Timestamp};
    /// let session = Session::parse(r#"{"session_id": "a", "pipeline_state": {"current_stage": "writing"},
    ///     "agent_outputs": {"script_writer": {"status": "in_progress", "estimated_completion": "2024-08-11T05:19:00Z"}},
    ///     "timestamps": {"last_updated": "2024-08-11T05:00:00Z"}}"#).unwrap();
    /// let now = Timestamp::parse("2024-08-11T08:00:00Z").unwrap();
    /// let clock = |at: Timestamp| at.to_string()[11..16].to_owned();
    /// let reasons = session.digest().reasons(now, &Policy::default(), &clock);
    /// assert_eq!(reasons[0].message, "script_writer: no update for 3 h (expected 05:19, 2 h 41 min ago).");
    /// ```
    pub fn reasons(&self, now: Timestamp, policy: &Policy, clock: &dyn Fn(Timestamp) -> String) -> Vec<Reason> {
        self.inputs.reasons_by_attention(now, policy, Some(clock))
    }

    /// The outlook at `now`, as [`Session::outlook`] gives it.
    ///
    /// ```
    /// use callboard_core::{Phase, Policy, Session, Timestamp};
    /// let digest = Session::parse(r#"{"session_id": "a", "pipeline_state": {"current_stage": "writing"}}"#).unwrap().digest();
    /// assert_eq!(digest.outlook(Timestamp::from_unix(0), &Policy::default()).phase, Phase::Ready);
    /// ```
    pub fn outlook(&self, now: Timestamp, policy: &Policy) -> Outlook {
        self.inputs.outlook(self.planning.due, now, policy)
    }

    /// The current stage, if failed quality gates sent the session back to it and it has not completed since.
    ///
    /// ```
    /// use callboard_core::{Session, Stage};
    /// let sent_back = |text: &str| Session::parse(text).unwrap().digest().sent_back();
    /// assert_eq!(sent_back(r#"{"session_id": "a", "pipeline_state": {"current_stage": "writing", "gate_failures": 1},
    ///     "feedback": ["Shorter"]}"#), Some(Stage::Writing));
    /// assert_eq!(sent_back(r#"{"session_id": "a", "pipeline_state": {"current_stage": "writing"}}"#), None);
    /// ```
    pub fn sent_back(&self) -> Option<Stage> {
        self.inputs.sent_back().filter(|_| self.readable())
    }

    /// Number of failed attempts over the session's life.
    ///
    /// ```
    /// let text = r#"{"session_id": "a", "pipeline_state": {"current_stage": "writing", "failed_attempts": 2}}"#;
    /// assert_eq!(callboard_core::Session::parse(text).unwrap().digest().failed_attempts(), 2);
    /// ```
    pub fn failed_attempts(&self) -> u64 {
        self.inputs.situation.failed_attempts
    }

    /// `initialized`, the current stage, or `complete`; none if the state cannot be read.
    pub(crate) fn stage_name(&self) -> Option<&'static str> {
        self.readable().then(|| self.inputs.situation.position.name())
    }

    /// True if the stage is complete and was not skipped.
    pub(crate) fn has_completed(&self, stage: Stage) -> bool {
        self.readable() && self.inputs.situation.completed[stage.index()]
    }

    /// The facts that health is computed from.
    pub(crate) fn inputs(&self) -> &HealthInputs {
        &self.inputs
    }

    fn readable(&self) -> bool {
        self.inputs.situation.unreadable.is_none()
    }
}
