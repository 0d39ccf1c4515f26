//! Dashboard figures over all loaded sessions.

use crate::import::ForeignSession;
use crate::order::by_number;
use crate::session::Situation;
use crate::{Digest, HealthLevel, Money, Policy, Reason, Session, Stage, State, Timestamp};
use std::borrow::Cow;

/// Dashboard of all loaded sessions.
///
/// See the example at [`Dashboard::of`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Dashboard {
    /// Sessions with a known state that are not complete, in the order given.
    pub active_sessions: Vec<ActiveSession>,
    /// Number of sessions completed on the viewer's day.
    pub completed_today: usize,
    /// Number of sessions with a failure on the viewer's day.
    pub failed_today: usize,
    /// Average minutes from creation to completion of completed sessions.
    pub average_time: Average,
    /// Average cost of completed sessions in US dollars.
    pub average_cost: Average,
    /// Average overall quality, 0 to 1.
    pub quality_average: Average,
}

/// Session of the dashboard's list, which is not complete.
///
/// See the example at [`Dashboard::of`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ActiveSession {
    /// Id of the session.
    pub session_id: Option<String>,
    /// Number of the episode.
    pub episode: Option<u64>,
    /// `initialized` or the current stage; none if the state cannot be read.
    pub stage: Option<&'static str>,
    /// The state; none if it cannot be read.
    pub state: Option<State>,
    /// Percentage of stages that are complete or skipped; none if the state cannot be read.
    pub progress: Option<u8>,
    /// Health level.
    pub health: HealthLevel,
    /// Reasons for the level.
    pub reasons: Vec<Reason>,
}

/// Mean of some values.
///
/// See the example at [`Dashboard::of`].
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Average {
    /// The mean; none of no values.
    pub value: Option<f64>,
    /// Number of values.
    pub n: usize,
}

impl Average {
    /// Mean of `n` values from their sum in units of a fraction of a millionth, rounded half-even to a millionth.
    fn ratio(sum: i128, units_per_millionth: i128, n: usize) -> Average {
        let Some(count) = i128::try_from(n).ok().filter(|count| *count > 0) else { return Average::default() };
        let micros = divided(sum, units_per_millionth.saturating_mul(count));
        Average { value: Some(micros as f64 / MILLION as f64), n }
    }
}

const MILLION: i128 = 1_000_000;

/// Scale in which scores are added: enough decimals for any score of 17 digits.
const SCALE: i128 = 10i128.pow(DECIMALS as u32);
const DECIMALS: usize = 30;

/// Converts a number to units of the scale by its shortest decimal spelling.
fn exact(value: f64) -> i128 {
    let text = value.to_string();
    let (negative, text) = text.strip_prefix('-').map_or((false, text.as_str()), |rest| (true, rest));
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = whole.bytes().chain(fraction.bytes().chain(std::iter::repeat(b'0')).take(DECIMALS));
    let units = digits
        .filter(u8::is_ascii_digit)
        .fold(0i128, |units, digit| units.saturating_mul(10).saturating_add(i128::from(digit - b'0')));
    if negative { -units } else { units }
}

/// Divides by a positive number and rounds half-even.
fn divided(sum: i128, by: i128) -> i128 {
    let (quotient, rest) = (sum.div_euclid(by), sum.rem_euclid(by));
    let up = match rest.cmp(&(by - rest)) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Equal => quotient % 2 != 0,
        std::cmp::Ordering::Greater => true,
    };
    quotient + i128::from(up)
}

impl Dashboard {
    /// Computes the figures at `now`. The viewer's time zone is `time_zone_offset` minutes ahead of UTC.
    ///
    /// ```
    /// use callboard_core::{Dashboard, Initialize, Policy, Session, Timestamp};
    /// let now = Timestamp::parse("2024-08-11T14:30:00Z").unwrap();
    /// let session = Session::initialize(&Initialize::new(1, "tides"), now, &Policy::default()).unwrap();
    /// let figures = Dashboard::of(&[&session], now, 0, &Policy::default());
    /// assert_eq!((figures.active_sessions.len(), figures.average_time.value, figures.average_time.n), (1, None, 0));
    /// ```
    pub fn of(sessions: &[&Session], now: Timestamp, time_zone_offset: i32, policy: &Policy) -> Dashboard {
        let rows: Vec<DashboardRow> = sessions.iter().map(|session| session.dashboard_row()).collect();
        Dashboard::of_rows(&rows, now, time_zone_offset, policy)
    }

    /// Computes the dashboard from rows, for sessions whose texts are no longer loaded.
    ///
    /// See the example at [`DashboardRow`].
    pub fn of_rows(rows: &[DashboardRow], now: Timestamp, time_zone_offset: i32, policy: &Policy) -> Dashboard {
        let digests = rows.iter().map(|row| &row.digest);
        let policy = &policy.with_typical_durations(digests.clone());
        let figures = Figures::of(digests, now, time_zone_offset);
        let active = rows.iter().filter(|row| row.digest.is_active());
        Dashboard {
            active_sessions: active.map(|row| row.active(now, policy)).collect(),
            completed_today: figures.completed_today,
            failed_today: figures.failed_today,
            average_time: figures.average_time,
            average_cost: figures.average_cost,
            quality_average: figures.quality_average,
        }
    }
}

/// Part of a session that the dashboard needs: a few hundred bytes for a text of any length.
///
/// ```
/// use callboard_core::{Dashboard, DashboardRow, Policy, Session, Timestamp};
/// let text = r#"{"session_id": "a", "pipeline_state": {"current_stage": "writing"}}"#;
/// let row: DashboardRow = Session::parse(text).unwrap().dashboard_row();
/// let figures = Dashboard::of_rows(&[row], Timestamp::from_unix(0), 0, &Policy::default());
/// assert_eq!(figures.active_sessions[0].session_id.as_deref(), Some("a"));
/// ```
#[derive(Debug, Clone)]
pub struct DashboardRow {
    session_id: Option<String>,
    episode: Option<u64>,
    digest: Digest,
}

impl DashboardRow {
    fn active(&self, now: Timestamp, policy: &Policy) -> ActiveSession {
        let health = self.digest.health(now, policy);
        ActiveSession {
            session_id: self.session_id.clone(),
            episode: self.episode,
            stage: self.digest.stage_name(),
            state: self.digest.state(),
            progress: self.digest.progress_percentage(),
            health: health.health,
            reasons: health.reasons,
        }
    }
}

/// Figures of the dashboard without its list, from the digests of thousands of sessions. See the example at
/// [`Figures::of`].
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Figures {
    /// Number of sessions with a known state that are not complete.
    pub active: usize,
    /// Number of sessions completed on the viewer's day.
    pub completed_today: usize,
    /// Number of sessions with a failure on the viewer's day.
    pub failed_today: usize,
    /// Average minutes from creation to completion of completed sessions.
    pub average_time: Average,
    /// Average cost of completed sessions in US dollars.
    pub average_cost: Average,
    /// Average overall quality, 0 to 1.
    pub quality_average: Average,
    /// Number of sessions that each figure leaves out.
    pub left_out: LeftOut,
}

/// Number of sessions that each figure leaves out, because the value that it counts is not known of them.
///
/// See the example at [`Figures::of_all`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LeftOut {
    /// Sessions whose state is not known.
    pub active: usize,
    /// Completed sessions whose time of completion is not known.
    pub completed_today: usize,
    /// Failed sessions whose time of failure is not known.
    pub failed_today: usize,
    /// Completed sessions whose duration is not known.
    pub average_time: usize,
    /// Completed sessions whose cost is not known.
    pub average_cost: usize,
    /// Sessions whose overall quality is not known.
    pub quality_average: usize,
}

/// Values of one session that the figures count.
struct Counted<'a> {
    is_active: bool,
    is_complete: bool,
    /// True if the state is none of the two because it is not known.
    is_unknown: bool,
    /// True if the session stands at a failure.
    has_failed: bool,
    completed: Option<Timestamp>,
    failures: Cow<'a, [Timestamp]>,
    seconds: Option<i64>,
    cost: Option<Money>,
    quality: Option<f64>,
}

impl<'a> From<&'a Digest> for Counted<'a> {
    fn from(digest: &'a Digest) -> Self {
        Counted {
            is_active: digest.is_active(),
            is_complete: digest.is_complete(),
            is_unknown: digest.state() == Some(State::Unknown),
            has_failed: digest.state() == Some(State::Failed),
            completed: digest.completed,
            failures: Cow::Borrowed(&digest.failures),
            seconds: digest.seconds(),
            cost: digest.costs().total,
            quality: digest.quality.overall_quality,
        }
    }
}

impl<'a> From<&'a ForeignSession> for Counted<'a> {
    fn from(session: &'a ForeignSession) -> Self {
        let created = session.created.as_ref().map(|created| created.value);
        let completed = session.completed.as_ref().map(|completed| completed.value);
        let in_order = created.zip(completed).filter(|(created, completed)| completed >= created);
        // Time, cost and scores of a dry run are those of no production.
        let is_real = !session.is_dry_run();
        Counted {
            is_active: session.is_active(),
            is_complete: session.is_complete(),
            is_unknown: session.state.is_none(),
            has_failed: session.framework_state() == Some(State::Failed),
            completed,
            failures: Cow::Owned(session.failures()),
            seconds: in_order.filter(|_| is_real).map(|(created, completed)| completed.unix() - created.unix()),
            cost: session.cost.as_ref().filter(|_| is_real).map(|cost| cost.value),
            quality: session.quality().filter(|_| is_real).and_then(|score| score.normalised),
        }
    }
}

impl Figures {
    /// Computes the figures at `now`. The viewer's time zone is `time_zone_offset` minutes ahead of UTC.
    ///
    /// ```
    /// use callboard_core::{Figures, Session, Timestamp};
    /// let session = Session::parse(r#"{"session_id": "a", "pipeline_state": {"current_stage": "complete"},
    ///     "quality_metrics": {"overall_quality": 0.9}}"#).unwrap();
    /// let figures = Figures::of(&[session.digest()], Timestamp::from_unix(0), 0);
    /// assert_eq!((figures.active, figures.quality_average.value), (0, Some(0.9)));
    /// ```
    pub fn of<'a>(digests: impl IntoIterator<Item = &'a Digest>, now: Timestamp, time_zone_offset: i32) -> Figures {
        Figures::of_all(digests, [], now, time_zone_offset)
    }

    /// Computes the figures of the framework's sessions and of those of other pipelines. A session counts in a figure
    /// where its value is known; [`Figures::left_out`] counts the others.
    ///
    /// ```
    /// use callboard_core::{Figures, Session, Timestamp, import::{Shapes, import}};
    /// let own = Session::parse(r#"{"session_id": "a", "pipeline_state": {"current_stage": "complete"},
    ///     "cost_tracking": {"total": 4}}"#).unwrap();
    /// let others = import(&Shapes::built_in(), &[
    ///     ("b.json", &br#"{"session_id": "b", "status": "completed", "total_cost": 6, "phases": {"research": {"status": "completed"}}}"#[..]),
    ///     ("c.json", br#"{"session_id": "c", "status": "completed", "phases": {"research": {"status": "completed"}}}"#),
    ///     ("d.json", br#"{"session_id": "d", "status": "marinating"}"#),
    /// ]);
    /// let figures = Figures::of_all(&[own.digest()], &others.sessions, Timestamp::from_unix(0), 0);
    /// assert_eq!((figures.average_cost.value, figures.average_cost.n), (Some(5.0), 2));
    /// assert_eq!((figures.left_out.average_cost, figures.left_out.active), (1, 1));
    /// ```
    pub fn of_all<'a>(
        digests: impl IntoIterator<Item = &'a Digest>,
        foreign: impl IntoIterator<Item = &'a ForeignSession>,
        now: Timestamp,
        time_zone_offset: i32,
    ) -> Figures {
        let day = |at: Timestamp| (at.unix() + i64::from(time_zone_offset) * 60).div_euclid(86_400);
        let today = |at: Timestamp| day(at) == day(now);
        let mut figures = Figures::default();
        let (mut time, mut cost, mut quality) = (Sum::default(), Sum::default(), Sum::default());
        let own = digests.into_iter().map(Counted::from);
        for session in own.chain(foreign.into_iter().map(Counted::from)) {
            figures.active += usize::from(session.is_active);
            figures.left_out.active += usize::from(session.is_unknown);
            figures.failed_today += usize::from(session.failures.iter().copied().any(today));
            figures.left_out.failed_today += usize::from(session.has_failed && session.failures.is_empty());
            quality.add(session.quality.map(exact), &mut figures.left_out.quality_average);
            if session.is_complete {
                figures.completed_today += usize::from(session.completed.is_some_and(today));
                figures.left_out.completed_today += usize::from(session.completed.is_none());
                time.add(session.seconds.map(i128::from), &mut figures.left_out.average_time);
                cost.add(session.cost.map(|cost| i128::from(cost.micros())), &mut figures.left_out.average_cost);
            }
        }
        figures.average_time = Average::ratio(time.sum.saturating_mul(MILLION), 60, time.n);
        figures.average_cost = Average::ratio(cost.sum, 1, cost.n);
        figures.quality_average = Average::ratio(quality.sum, SCALE / MILLION, quality.n);
        figures
    }
}

/// Sum of known values.
#[derive(Default)]
struct Sum {
    sum: i128,
    n: usize,
}

impl Sum {
    /// Adds a value, or counts it among those that are left out.
    fn add(&mut self, value: Option<i128>, left_out: &mut usize) {
        match value {
            Some(value) => (self.sum, self.n) = (self.sum.saturating_add(value), self.n + 1),
            None => *left_out += 1,
        }
    }
}

impl Session {
    /// Reads the part of the session that the dashboard needs. See the example at [`DashboardRow`].
    pub fn dashboard_row(&self) -> DashboardRow {
        DashboardRow { session_id: self.id(), episode: self.episode().number, digest: self.dashboard_digest() }
    }

    /// Time of completion; none if the session is not complete or the file does not say.
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

    /// Times of all failures that the file records.
    pub(crate) fn failures(&self) -> Vec<Timestamp> {
        let document = self.document();
        let mut failures: Vec<Timestamp> =
            Stage::ALL.iter().filter_map(|stage| self.time_at(&["timestamps", stage.failed_key()])).collect();
        failures.extend(self.time_at(&["pipeline_state", "escalation", "at"]));
        if let Some(history) = self.at(&["history"]) {
            for entry in document.elements(history) {
                let text = |key| document.find_set(entry, key).and_then(|value| document.string(value));
                // Resuming a stalled agent records its failure: the entry has an error.
                let failed =
                    text("event").is_some_and(|event| event == "fail" || event == "resume") && text("error").is_some();
                if failed && let Some(at) = text("at").and_then(|at| Timestamp::parse(&at)) {
                    failures.push(at);
                }
            }
        }
        failures
    }

    /// Duration of a complete stage in seconds: from `_started` to `_completed` if both are readable and in order, else
    /// the agent's `execution_time`. None if the stage is not complete or neither is known.
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

    /// Duration of each stage by [`Session::stage_duration`], in pipeline order.
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

    /// Duration of a stage in a situation that was read before. See [`Session::stage_duration`].
    pub(crate) fn duration_in(&self, situation: &Situation, stage: Stage) -> Option<i64> {
        if situation.unreadable.is_some() || !situation.completed[stage.index()] {
            return None;
        }
        let time = |key| self.time_at(&["timestamps", key]);
        if let (Some(start), Some(end)) = (time(stage.started_key()), time(stage.completed_key()))
            // Equal times were reported afterwards and say nothing about the duration.
            && end > start
        {
            return Some(end.unix() - start.unix());
        }
        let stated = self.number_at(&["agent_outputs", stage.agent().name(), "execution_time"]);
        stated.filter(|seconds| *seconds > 0.0 && *seconds < 1e9).map(|seconds| seconds.round() as i64)
    }
}

/// Number of durations from which the median replaces the default.
pub(crate) const ENOUGH: usize = 3;

impl Policy {
    /// Sets the typical duration of each stage to the sessions' median if there are at least three.
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

    /// Sets typical durations from digests. See the example at [`Policy::with_typical_durations_of`].
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

    /// Sets typical durations from the durations of each stage, in pipeline order.
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
            // Flipping the sign bit sorts negative numbers first.
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
