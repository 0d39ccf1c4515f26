//! Progress of a session and its estimated completion.

use crate::session::{PipelinePosition, Situation};
use crate::{AgentStatus, Money, Policy, Session, Stage, State, Timestamp};

/// Progress of a session.
///
/// See the example at [`Session::progress`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Progress {
    /// Percentage of stages that are complete or skipped; none if the state is unknown or cannot be read.
    pub progress_percentage: Option<u8>,
    /// `initialized`, the current stage, or `complete`; none if the state is unknown or cannot be read.
    pub current_stage: Option<&'static str>,
    /// The state; none if it cannot be read.
    pub state: Option<State>,
    /// Estimated completion of the last stage: the running estimate plus the typical durations of the remaining stages.
    /// None if the session is complete or has failed.
    pub estimated_completion: Option<Timestamp>,
    /// Total cost so far, if known.
    pub cost_so_far: Option<Money>,
    /// Overall quality from 0 to 1, if known.
    pub quality_status: Option<f64>,
}

impl Session {
    /// Computes the progress at `now`.
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
        let state = situation.state();
        let running = || match situation.position {
            PipelinePosition::At(stage) if situation.status(stage.agent()) == AgentStatus::InProgress => {
                self.estimate(stage.agent(), policy)
            }
            _ => None,
        };
        let estimate = expected_completion(&situation, running, now, policy);
        Progress {
            progress_percentage: readable.then_some((done * 25) as u8),
            current_stage: readable.then_some(situation.position.name()),
            state: (readable || situation.unknown).then_some(state),
            estimated_completion: estimate,
            cost_so_far: self.costs().total,
            quality_status: self.quality().overall_quality,
        }
    }
}

/// Expected completion of a session: of the current stage, never before `now`, and of those after it. `running` is the
/// estimate of the current agent, if it works. None if the session is complete, has failed, or is unknown.
pub(crate) fn expected_completion(
    situation: &Situation,
    running: impl FnOnce() -> Option<Timestamp>,
    now: Timestamp,
    policy: &Policy,
) -> Option<Timestamp> {
    let stage = match situation.position {
        _ if situation.unreadable.is_some() || situation.state() == State::Failed => return None,
        PipelinePosition::Complete => return None,
        PipelinePosition::Initialized => Stage::Research,
        PipelinePosition::At(stage) => stage,
    };
    let done = running().unwrap_or_else(|| now.plus(policy.typical_duration(stage))).max(now);
    Some(done.plus(typical_from(stage.index() + 1, policy)))
}

/// Expected work on a stage that is not done.
///
/// See the example at [`Session::forecast`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Forecast {
    /// The stage.
    pub stage: Stage,
    /// Expected start; now for the current stage.
    pub from: Timestamp,
    /// Expected end.
    pub to: Timestamp,
}

impl Session {
    /// Expects the rest of the pipeline, one stage after the other. The last one ends at
    /// [`Progress::estimated_completion`]; empty if that is none.
    ///
    /// ```
    /// use callboard_core::{Policy, Session, Stage, Timestamp};
    /// let session = Session::parse(r#"{"session_id": "a", "pipeline_state": {"current_stage": "evaluation",
    ///     "completed_stages": ["research", "writing"]}}"#).unwrap();
    /// let (now, policy) = (Timestamp::from_unix(0), Policy::default());
    /// let forecast = session.forecast(now, &policy);
    /// assert_eq!(forecast.iter().map(|work| work.stage).collect::<Vec<_>>(), [Stage::Evaluation, Stage::Synthesis]);
    /// assert_eq!((forecast[0].from, forecast[0].to.unix(), forecast[1].from.unix()), (now, 600, 600));
    /// assert_eq!(forecast.last().map(|work| work.to), session.progress(now, &policy).estimated_completion);
    /// ```
    pub fn forecast(&self, now: Timestamp, policy: &Policy) -> Vec<Forecast> {
        let Some(end) = self.progress(now, policy).estimated_completion else { return Vec::new() };
        let first = match self.situation().position {
            PipelinePosition::At(stage) => stage.index(),
            _ => 0,
        };
        let mut from = now;
        let work = Stage::ALL.into_iter().skip(first).map(|stage| {
            let to = end.plus(-typical_from(stage.index() + 1, policy));
            Forecast { stage, from: std::mem::replace(&mut from, to), to }
        });
        work.collect()
    }
}

/// Typical duration of the stages from an index on, in seconds.
fn typical_from(index: usize, policy: &Policy) -> i64 {
    policy.typical_durations.iter().skip(index).sum()
}
