//! The dashboard's figures over all loaded sessions.

use crate::order::by_number;
use crate::session::Situation;
use crate::{Digest, HealthLevel, Policy, Reason, Session, Stage, State, Timestamp};

/// How production stands, over all loaded sessions.
///
/// See the example at [`Dashboard::of`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Dashboard {
    /// Every session that is not complete, in the order given.
    pub active_sessions: Vec<ActiveSession>,
    /// Sessions that were completed on the viewer's day.
    pub completed_today: usize,
    /// Sessions with a failure on the viewer's day.
    pub failed_today: usize,
    /// Minutes from created to completed, over completed sessions that say both.
    pub average_time: Average,
    /// US dollars, over completed sessions whose cost is known.
    pub average_cost: Average,
    /// Overall quality, 0 to 1, over all sessions where it is known.
    pub quality_average: Average,
}

/// A session that is not complete.
///
/// See the example at [`Dashboard::of`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ActiveSession {
    /// The session's id.
    pub session_id: Option<String>,
    /// The episode's number.
    pub episode: Option<u64>,
    /// `initialized`, or the current stage's noun; none where the state cannot be read.
    pub stage: Option<&'static str>,
    /// The state; none where it cannot be read.
    pub state: Option<State>,
    /// Complete and skipped stages of the four, in percent.
    pub progress: u8,
    /// How it fares.
    pub health: HealthLevel,
    /// Why.
    pub reasons: Vec<Reason>,
}

/// A mean, and over how many values.
///
/// See the example at [`Dashboard::of`].
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Average {
    /// The mean; none over no values.
    pub value: Option<f64>,
    /// Over how many values.
    pub n: usize,
}

impl Average {
    fn of(values: impl Iterator<Item = f64>) -> Average {
        let (sum, n) = values.fold((0.0, 0), |(sum, n), value| (sum + value, n + 1));
        Average { value: (n > 0).then(|| sum / n as f64), n }
    }
}

impl Dashboard {
    /// The figures at `now`, the viewer's days being `time_zone_offset` minutes ahead of UTC.
    ///
    /// ```
    /// use callboard_core::{Dashboard, Initialize, Policy, Session, Timestamp};
    /// let now = Timestamp::parse("2024-08-11T14:30:00Z").unwrap();
    /// let session = Session::initialize(&Initialize::new(1, "tides"), now, &Policy::default()).unwrap();
    /// let figures = Dashboard::of(&[&session], now, 0, &Policy::default());
    /// assert_eq!((figures.active_sessions.len(), figures.average_time.value, figures.average_time.n), (1, None, 0));
    /// ```
    pub fn of(sessions: &[&Session], now: Timestamp, time_zone_offset: i32, policy: &Policy) -> Dashboard {
        let digests: Vec<Digest> = sessions.iter().map(|session| session.digest()).collect();
        let policy = &policy.with_typical_durations(&digests);
        let figures = Figures::of(&digests, now, time_zone_offset);
        let active = |session: &&&Session| !session.is_complete();
        Dashboard {
            active_sessions: sessions.iter().filter(active).map(|session| session.active(now, policy)).collect(),
            completed_today: figures.completed_today,
            failed_today: figures.failed_today,
            average_time: figures.average_time,
            average_cost: figures.average_cost,
            quality_average: figures.quality_average,
        }
    }
}

/// The dashboard's figures without its list: what thousands of sessions come to, from their digests.
/// See the example at [`Figures::of`].
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Figures {
    /// How many sessions are not complete.
    pub active: usize,
    /// Sessions that were completed on the viewer's day.
    pub completed_today: usize,
    /// Sessions with a failure on the viewer's day.
    pub failed_today: usize,
    /// Minutes from created to completed, over completed sessions that say both.
    pub average_time: Average,
    /// US dollars, over completed sessions whose cost is known.
    pub average_cost: Average,
    /// Overall quality, 0 to 1, over all sessions where it is known.
    pub quality_average: Average,
}

impl Figures {
    /// The figures at `now`, the viewer's days being `time_zone_offset` minutes ahead of UTC.
    ///
    /// ```
    /// use callboard_core::{Figures, Session, Timestamp};
    /// let session = Session::parse(r#"{"session_id": "a", "pipeline_state": {"current_stage": "complete"},
    ///     "quality_metrics": {"overall_quality": 0.9}}"#).unwrap();
    /// let figures = Figures::of(&[session.digest()], Timestamp::from_unix(0), 0);
    /// assert_eq!((figures.active, figures.quality_average.value), (0, Some(0.9)));
    /// ```
    pub fn of<'a>(
        digests: impl IntoIterator<Item = &'a Digest, IntoIter: Clone>,
        now: Timestamp,
        time_zone_offset: i32,
    ) -> Figures {
        let digests = digests.into_iter();
        let day = |at: Timestamp| (at.unix() + i64::from(time_zone_offset) * 60).div_euclid(86_400);
        let today = |at: Timestamp| day(at) == day(now);
        let complete = || digests.clone().filter(|digest| digest.is_complete());
        Figures {
            active: digests.clone().filter(|digest| !digest.is_complete()).count(),
            completed_today: complete().filter(|digest| digest.completed.is_some_and(today)).count(),
            failed_today: digests.clone().filter(|digest| digest.failures.iter().copied().any(today)).count(),
            average_time: Average::of(complete().filter_map(Digest::minutes)),
            average_cost: Average::of(
                complete().filter_map(|digest| digest.costs().total).map(|total| total.dollars()),
            ),
            quality_average: Average::of(digests.filter_map(|digest| digest.quality.overall_quality)),
        }
    }
}

impl Session {
    fn active(&self, now: Timestamp, policy: &Policy) -> ActiveSession {
        let progress = self.progress(now, policy);
        let health = self.health(now, policy);
        ActiveSession {
            session_id: self.id(),
            episode: self.episode().number,
            stage: progress.current_stage,
            state: progress.state,
            progress: progress.progress_percentage,
            health: health.health,
            reasons: health.reasons,
        }
    }

    /// When the session was completed; none where it is not, or the file does not say.
    ///
    /// ```
    /// use callboard_core::Session;
    /// let session = Session::parse(r#"{"session_id": "a", "timestamps": {"completed": "2024-08-11T16:00:00Z"}}"#).unwrap();
    /// assert_eq!(session.completed().unwrap().to_string(), "2024-08-11T16:00:00Z");
    /// ```
    pub fn completed(&self) -> Option<Timestamp> {
        self.time_at(&["timestamps", "completed"])
            .or_else(|| self.time_at(&["timestamps", Stage::Synthesis.completed_key()]))
    }

    /// When anything in the session failed, as far as the file tells.
    pub(crate) fn failures(&self) -> Vec<Timestamp> {
        let document = self.document();
        let mut failures: Vec<Timestamp> =
            Stage::ALL.iter().filter_map(|stage| self.time_at(&["timestamps", stage.failed_key()])).collect();
        failures.extend(self.time_at(&["pipeline_state", "escalation", "at"]));
        if let Some(history) = self.at(&["history"]) {
            for entry in document.elements(history) {
                let text = |key| document.find_set(entry, key).and_then(|value| document.string(value));
                // A stalled agent that is resumed has failed: its entry carries the error.
                let failed =
                    text("event").is_some_and(|event| event == "fail" || event == "resume") && text("error").is_some();
                if failed && let Some(at) = text("at").and_then(|at| Timestamp::parse(&at)) {
                    failures.push(at);
                }
            }
        }
        failures
    }

    /// How long the session's stage took, in seconds: as its agent says, else from start to completion.
    /// None where it is not complete or nothing says so.
    ///
    /// ```
    /// use callboard_core::{Session, Stage};
    /// let session = Session::parse(r#"{"session_id": "a", "pipeline_state": {"current_stage": "writing", "completed_stages": ["research"]},
    ///     "timestamps": {"research_started": "2024-08-11T14:30:00Z", "research_completed": "2024-08-11T14:58:00Z"}}"#).unwrap();
    /// assert_eq!((session.stage_duration(Stage::Research), session.stage_duration(Stage::Writing)), (Some(1680), None));
    /// ```
    pub fn stage_duration(&self, stage: Stage) -> Option<i64> {
        self.duration_in(&self.situation(), stage)
    }

    /// How long each stage took, as [`Session::stage_duration`] has it, in the order of the pipeline.
    ///
    /// ```
    /// use callboard_core::Session;
    /// let session = Session::parse(r#"{"session_id": "a", "pipeline_state": {"current_stage": "writing", "completed_stages": ["research"]},
    ///     "agent_outputs": {"research_coordinator": {"execution_time": 900}}}"#).unwrap();
    /// assert_eq!(session.stage_durations(), [Some(900), None, None, None]);
    /// ```
    pub fn stage_durations(&self) -> [Option<i64>; 4] {
        let situation = self.situation();
        Stage::ALL.map(|stage| self.duration_in(&situation, stage))
    }

    /// As [`Session::stage_duration`], for who has read the situation.
    pub(crate) fn duration_in(&self, situation: &Situation, stage: Stage) -> Option<i64> {
        if situation.unreadable.is_some() || !situation.completed[stage.index()] {
            return None;
        }
        let agent = stage.agent().name();
        let stated = self.number_at(&["agent_outputs", agent, "execution_time"]);
        if let Some(seconds) = stated.filter(|seconds| *seconds > 0.0 && *seconds < 1e9) {
            return Some(seconds.round() as i64);
        }
        let start = self
            .time_at(&["agent_outputs", agent, "start_time"])
            .or_else(|| self.time_at(&["timestamps", stage.started_key()]))?;
        let end = self.time_at(&["timestamps", stage.completed_key()])?;
        (end > start).then(|| end.unix() - start.unix())
    }
}

/// How many durations of a stage make a median worth more than the default.
const ENOUGH: usize = 3;

impl Policy {
    /// This policy with the typical durations of the sessions' own stages: the median where there are at
    /// least three, else as they were.
    ///
    /// ```
    /// use callboard_core::{Policy, Session, Stage};
    /// let took = |seconds: u32| Session::parse(format!(r#"{{"session_id": "a", "pipeline_state": {{"current_stage": "writing",
    ///     "completed_stages": ["research"]}}, "agent_outputs": {{"research_coordinator": {{"execution_time": {seconds}}}}}}}"#)).unwrap();
    /// let sessions = [took(900), took(1000), took(5000)];
    /// let policy = Policy::default().with_typical_durations_of(&[&sessions[0], &sessions[1], &sessions[2]]);
    /// assert_eq!(policy.typical_duration(Stage::Research), 1000);
    /// ```
    #[must_use]
    pub fn with_typical_durations_of(&self, sessions: &[&Session]) -> Policy {
        let of = |stage: Stage| sessions.iter().filter_map(|session| session.stage_duration(stage)).collect();
        self.with_medians(Stage::ALL.map(of))
    }

    /// As [`Policy::with_typical_durations_of`], from digests. See the example there.
    #[must_use]
    pub fn with_typical_durations<'a>(&self, digests: impl IntoIterator<Item = &'a Digest>) -> Policy {
        let mut durations = [const { Vec::new() }; 4];
        for digest in digests {
            for (known, duration) in durations.iter_mut().zip(digest.durations) {
                known.extend(duration);
            }
        }
        self.with_medians(durations)
    }

    /// As [`Policy::with_typical_durations_of`], from the durations of each stage in the order of the pipeline.
    ///
    /// ```
    /// use callboard_core::{Policy, Stage};
    /// let policy = Policy::default().with_medians([vec![900, 5000, 1000], vec![60], vec![], vec![]]);
    /// assert_eq!((policy.typical_duration(Stage::Research), policy.typical_duration(Stage::Writing)), (1000, 1200));
    /// ```
    #[must_use]
    pub fn with_medians(&self, durations: [Vec<i64>; 4]) -> Policy {
        let mut policy = self.clone();
        for (typical, mut durations) in policy.typical_durations.iter_mut().zip(durations) {
            if durations.len() < ENOUGH {
                continue;
            }
            // With the sign turned round, a negative one comes first.
            by_number(&mut durations, |seconds| seconds.cast_unsigned() ^ (1 << 63));
            let middle = durations.len() / 2;
            *typical = if durations.len() % 2 == 1 {
                durations[middle]
            } else {
                (durations[middle - 1] + durations[middle]) / 2
            };
        }
        policy
    }
}
