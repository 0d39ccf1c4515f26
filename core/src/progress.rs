//! How far a session has come, and when it should be done.

use crate::session::Place;
use crate::{Agent, AgentStatus, Money, Policy, Session, Stage, State, Timestamp};

/// How far a session has come.
///
/// See the example at [`Session::progress`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Progress {
    /// Complete and skipped stages of the four, in percent: 0, 25, 50, 75 or 100; none where the state is unknown or
    /// cannot be read.
    pub progress_percentage: Option<u8>,
    /// `initialized`, the current stage's noun, or `complete`; none where the state is unknown or cannot be read.
    pub current_stage: Option<&'static str>,
    /// The state; none where it cannot be read.
    pub state: Option<State>,
    /// When the last stage should be done: the running estimate, plus typical durations of what is left.
    /// None at the end, and while the session has failed.
    pub estimated_completion: Option<Timestamp>,
    /// The total cost so far; none where unknown.
    pub cost_so_far: Option<Money>,
    /// The overall quality, 0 to 1; none where unknown.
    pub quality_status: Option<f64>,
}

impl Session {
    /// How far the session has come at `now`.
    ///
    /// ```
    /// use callboard_core::{Policy, Session, Timestamp};
    /// let session = Session::parse(r#"{"session_id": "a", "pipeline_state": {"current_stage": "evaluation",
    ///     "completed_stages": ["research", "writing"]}}"#).unwrap();
    /// let progress = session.progress(Timestamp::from_unix(0), &Policy::default());
    /// assert_eq!((progress.progress_percentage, progress.current_stage), (Some(50), Some("evaluation")));
    /// ```
    pub fn progress(&self, now: Timestamp, policy: &Policy) -> Progress {
        let situation = self.situation();
        let readable = situation.unreadable.is_none();
        let done = Stage::ALL.into_iter().filter(|&stage| situation.done(stage)).count();
        let current_stage = match situation.place {
            Place::Initialized => "initialized",
            Place::At(stage) => stage.name(),
            Place::Complete => "complete",
        };
        let state = situation.state();
        let estimate = match situation.place {
            _ if !readable || state == State::Failed => None,
            Place::Complete => None,
            Place::Initialized => Some(now.plus(typical_from(0, policy))),
            Place::At(stage) => {
                let agent = stage.agent();
                Some(
                    self.current_estimate(agent, situation.status(agent), now, policy)
                        .plus(typical_from(stage.index() + 1, policy)),
                )
            }
        };
        Progress {
            progress_percentage: readable.then_some((done * 25) as u8),
            current_stage: readable.then_some(current_stage),
            state: (readable || situation.unknown).then_some(state),
            estimated_completion: estimate,
            cost_so_far: self.costs().total,
            quality_status: self.quality().overall_quality,
        }
    }

    /// When the current stage should be done: a running agent's estimate, but never before now.
    fn current_estimate(&self, agent: Agent, status: AgentStatus, now: Timestamp, policy: &Policy) -> Timestamp {
        let typical = policy.typical_duration(agent.stage());
        if status != AgentStatus::InProgress {
            return now.plus(typical);
        }
        self.estimate(agent, policy).unwrap_or_else(|| now.plus(typical)).max(now)
    }
}

/// The typical duration of the stages from an index on, in seconds.
fn typical_from(index: usize, policy: &Policy) -> i64 {
    policy.typical_durations.iter().skip(index).sum()
}
