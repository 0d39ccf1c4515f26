//! What an overview of many sessions needs of each: read once, when the session changes.

use crate::health::Vitals;
use crate::session::Place;
use crate::{CostTracking, Health, Policy, QualityMetrics, Session, Stage, Standing, State, Timestamp};

/// What an overview needs of a session. It holds for any moment and any policy: what depends on these is
/// asked with them, and asking is cheap enough for ten thousand sessions at once. See the example at [`Session::digest`].
#[derive(Debug, Clone)]
pub struct Digest {
    vitals: Vitals,
    /// When the session was created.
    pub created: Option<Timestamp>,
    /// When it was completed.
    pub completed: Option<Timestamp>,
    /// When it last changed.
    pub last_updated: Option<Timestamp>,
    /// When anything in it failed, as far as the file tells.
    pub failures: Vec<Timestamp>,
    /// The quality metrics.
    pub quality: QualityMetrics,
    /// How long each complete stage took, in seconds, in the order of the pipeline.
    pub durations: [Option<i64>; 4],
}

impl Session {
    /// What an overview of many sessions needs of this one.
    ///
    /// ```
    /// use callboard_core::{HealthLevel, Policy, Session, State, Timestamp};
    /// let session = Session::parse(r#"{"session_id": "a", "pipeline_state": {"current_stage": "writing"}}"#).unwrap();
    /// let digest = session.digest();
    /// let standing = digest.standing(Timestamp::from_unix(0), &Policy::default());
    /// assert_eq!((digest.state(), standing.health, standing.urgency), (Some(State::Writing), HealthLevel::Healthy, 0));
    /// assert_eq!(digest.health(Timestamp::from_unix(0), &Policy::default()).reasons, []);
    /// ```
    pub fn digest(&self) -> Digest {
        let vitals = self.vitals();
        Digest {
            created: self.created(),
            completed: self.completed(),
            last_updated: self.last_updated(),
            failures: self.failures(),
            quality: self.quality(),
            durations: Stage::ALL.map(|stage| self.duration_in(&vitals.situation, stage)),
            vitals,
        }
    }
}

impl Digest {
    /// The state; none where it cannot be read.
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
        let situation = &self.vitals.situation;
        (self.readable() || situation.unknown).then(|| situation.state())
    }

    /// The current stage; none before the first and after the last, and where the state cannot be read. See the
    /// example at [`Digest::state`].
    pub fn stage(&self) -> Option<Stage> {
        match self.vitals.situation.place {
            Place::At(stage) if self.readable() => Some(stage),
            _ => None,
        }
    }

    /// Whether the session is at its end. See the example at [`Digest::state`].
    pub fn is_complete(&self) -> bool {
        self.readable() && self.vitals.situation.place == Place::Complete
    }

    /// Which stages are behind: complete or skipped. None where the state cannot be read. See the
    /// example at [`Digest::state`].
    pub fn done(&self) -> [bool; 4] {
        Stage::ALL.map(|stage| self.readable() && self.vitals.situation.done(stage))
    }

    /// Complete and skipped stages of the four, in percent, as [`Session::progress`] has it. See the example at
    /// [`Digest::state`].
    pub fn progress_percentage(&self) -> Option<u8> {
        self.readable().then(|| self.done().into_iter().map(|done| if done { 25 } else { 0 }).sum())
    }

    /// True if the session is being worked on: it is not complete, and its state is not unknown.
    ///
    /// ```
    /// use callboard_core::Session;
    /// let active = |text: &str| Session::parse(text).unwrap().digest().is_active();
    /// assert!(active(r#"{"session_id": "a", "pipeline_state": {"current_stage": "writing"}}"#));
    /// assert!(!active(r#"{"session_id": "a", "status": "completed"}"#));
    /// ```
    pub fn is_active(&self) -> bool {
        !self.is_complete() && !self.vitals.situation.unknown
    }

    /// The costs. See the example at [`Digest::state`].
    pub fn costs(&self) -> &CostTracking {
        &self.vitals.costs
    }

    /// Minutes from created to completed. A session that ends before it begins tells nothing of how long one takes.
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

    /// How the session stands at `now`: as [`Session::health`] says, without the words. See the example at
    /// [`Session::digest`].
    pub fn standing(&self, now: Timestamp, policy: &Policy) -> Standing {
        self.vitals.standing(now, policy)
    }

    /// The session's health at `now`, as [`Session::health`] gives it. See the example at [`Session::digest`].
    pub fn health(&self, now: Timestamp, policy: &Policy) -> Health {
        self.vitals.health(now, policy)
    }

    /// `initialized`, the current stage's noun, or `complete`; none where the state cannot be read.
    pub(crate) fn stage_name(&self) -> Option<&'static str> {
        self.readable().then(|| match self.vitals.situation.place {
            Place::Initialized => "initialized",
            Place::At(stage) => stage.name(),
            Place::Complete => "complete",
        })
    }

    fn readable(&self) -> bool {
        self.vitals.situation.unreadable.is_none()
    }
}
