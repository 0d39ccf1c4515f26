//! The rows of the common axis: sessions, or the lanes of each agent. Pure.
use super::period::{GROUPS, Period, PeriodContext, each_period, group};
use crate::order::{ascending, descending};
use callboard_core::{BarKind, Stage, Timestamp};
use callboard_workspace::Listed;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

/// The grouping of rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GroupBy {
    /// One row for each session, newest activity first.
    #[default]
    Session,
    /// Lanes for each agent, with overlapping work stacked.
    Agent,
}

impl GroupBy {
    /// All, in display order.
    pub const ALL: [Self; 2] = [Self::Session, Self::Agent];

    /// Returns its label.
    pub fn label(self) -> &'static str {
        match self {
            Self::Session => "Sessions",
            Self::Agent => "Agents",
        }
    }

    /// Returns its name in the address.
    pub fn name(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Agent => "agent",
        }
    }
}

/// A range of time up to now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeRange {
    /// The last 24 hours.
    Day,
    /// The last 7 days.
    Week,
    /// The last 30 days.
    Month,
    /// Everything.
    All,
}

impl TimeRange {
    /// All, in display order.
    pub const ALL: [Self; 4] = [Self::Day, Self::Week, Self::Month, Self::All];

    /// Returns its label.
    pub fn label(self) -> &'static str {
        match self {
            Self::Day => "24 h",
            Self::Week => "7 days",
            Self::Month => "30 days",
            Self::All => "All",
        }
    }

    /// Returns its name in the address.
    pub fn name(self) -> &'static str {
        match self {
            Self::Day => "24h",
            Self::Week => "7d",
            Self::Month => "30d",
            Self::All => "all",
        }
    }

    /// Returns its first second.
    pub fn from(self, now: Timestamp) -> Option<i64> {
        let days = match self {
            Self::Day => 1,
            Self::Week => 7,
            Self::Month => 30,
            Self::All => return None,
        };
        Some(now.unix() - days * DAY)
    }
}

/// A row.
#[derive(Clone, Debug, PartialEq)]
pub enum OverviewRow {
    /// A session, by its index in the list.
    Session(usize),
    /// A lane of an agent.
    Lane {
        /// The group, by [`group`].
        group: usize,
        /// The number of the lane in its group, from 0.
        lane: usize,
        /// The periods in order of time.
        spans: Arc<[Span]>,
    },
}

/// A period, by the index of its session in the list and its own in the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PeriodId {
    /// The session's index.
    pub session: usize,
    /// The period's index.
    pub period: usize,
}

/// A period as a lane keeps it: what its bar looks like, without its words.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span {
    /// The period.
    pub id: PeriodId,
    /// First second.
    pub from: i64,
    /// Last second.
    pub to: i64,
    /// The framework's stage, if the work is on one.
    pub stage: Option<Stage>,
    /// The mark at its end.
    pub end: EndMark,
    /// First second of its overdue part.
    pub overdue: Option<i64>,
    /// True if it is estimated, as the file has no history.
    pub derived: bool,
    /// True if the stage was skipped.
    pub skipped: bool,
}

impl Span {
    /// Takes the look of a session's period.
    pub fn of(session: usize, period: &Period<'_>) -> Self {
        let end = match () {
            () if period.sent_back.is_some() => EndMark::SentBack,
            () if period.failed() => EndMark::Failed,
            () => EndMark::Nothing,
        };
        Self {
            id: PeriodId { session, period: period.index },
            from: period.from,
            to: period.to,
            stage: period.stage,
            end,
            overdue: period.overdue(),
            derived: period.derived,
            skipped: period.kind == Some(BarKind::Skipped),
        }
    }
}

/// The mark at the end of a bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EndMark {
    /// None.
    Nothing,
    /// The session was sent back to an earlier stage.
    SentBack,
    /// The agent failed.
    Failed,
}

/// The marks that occur, for the legend.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// The stages, in pipeline order.
    pub stages: [bool; 4],
    /// Stages of other pipelines.
    pub other: bool,
    /// Failures.
    pub failed: bool,
    /// Returns to earlier stages.
    pub sent_back: bool,
    /// Overdue time.
    pub overdue: bool,
    /// Skipped stages.
    pub skipped: bool,
    /// Waits of ready agents.
    pub waits: bool,
    /// Periods that are estimated from timestamps.
    pub derived: bool,
}

impl Marks {
    fn add(&mut self, period: &Period<'_>) {
        match period.stage {
            Some(stage) => self.stages[stage.index()] = true,
            None => self.other = true,
        }
        self.failed |= period.failed() && period.sent_back.is_none();
        self.sent_back |= period.sent_back.is_some();
        self.overdue |= period.overdue().is_some();
        self.skipped |= period.kind == Some(BarKind::Skipped);
        self.derived |= period.derived;
    }
}

/// The rows of the common axis, and the times that they cover.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WorkOverview {
    /// The rows.
    pub rows: Vec<OverviewRow>,
    /// Number of sessions with work in the range.
    pub sessions: usize,
    /// Number of periods in the range.
    pub periods: usize,
    /// The times of all periods in the range.
    pub busy: Vec<(i64, i64)>,
    /// The marks that occur.
    pub marks: Marks,
}

impl WorkOverview {
    /// Collects the work on sessions in a range of time.
    pub fn of(sessions: &[Listed], by: GroupBy, range: TimeRange, context: &PeriodContext) -> Self {
        let from = range.from(context.now).unwrap_or(i64::MIN);
        let mut overview = Self::default();
        let mut latest: Vec<(i64, i64, usize)> = Vec::new();
        let mut lanes: [Vec<Span>; GROUPS] = Default::default();
        for (at, session) in sessions.iter().enumerate() {
            let (mut last, mut first) = (i64::MIN, i64::MAX);
            each_period(session, context, &mut |period| {
                if period.to < from {
                    return;
                }
                last = last.max(period.to);
                first = first.min(period.from);
                overview.busy.push((period.from.max(from), period.to));
                overview.marks.add(&period);
                if by == GroupBy::Agent {
                    lanes[group(&period)].push(Span::of(at, &period));
                }
            });
            if last > i64::MIN {
                latest.push((last, first, at));
                overview.marks.waits |= session.digest().is_some_and(|digest| !digest.timeline.waits.is_empty());
            }
        }
        overview.sessions = latest.len();
        overview.periods = overview.busy.len();
        match by {
            GroupBy::Session => {
                let order = descending(latest.iter().map(|(last, first, _)| (*last, *first)));
                overview.rows = order.into_iter().map(|at| OverviewRow::Session(latest[at].2)).collect();
            }
            GroupBy::Agent => {
                // Only sessions have waits: an agent's lane shows what it works on.
                overview.marks.waits = false;
                for (group, spans) in lanes.into_iter().enumerate() {
                    let lanes = stacked(&spans).into_iter().enumerate();
                    overview.rows.extend(lanes.map(|(lane, spans)| OverviewRow::Lane { group, lane, spans }));
                }
            }
        }
        overview
    }

    /// Returns the index of the row with a period.
    pub fn row_of(&self, id: PeriodId) -> Option<usize> {
        self.rows.iter().position(|row| match row {
            OverviewRow::Session(session) => *session == id.session,
            OverviewRow::Lane { spans, .. } => spans.iter().any(|span| span.id == id),
        })
    }
}

/// Stacks periods in as few lanes as they need, so that none overlaps another.
fn stacked(spans: &[Span]) -> Vec<Arc<[Span]>> {
    let mut lanes: Vec<Vec<Span>> = Vec::new();
    // Lanes by the end of their last period; of the free ones, the first is taken.
    let mut busy: BinaryHeap<Reverse<(i64, usize)>> = BinaryHeap::new();
    let mut free: BinaryHeap<Reverse<usize>> = BinaryHeap::new();
    for at in ascending(spans.iter().map(|span| (span.from, span.to))) {
        let span = spans[at];
        while let Some(Reverse((_, lane))) = busy.peek().copied().filter(|Reverse((end, _))| *end <= span.from) {
            busy.pop();
            free.push(Reverse(lane));
        }
        let lane = free.pop().map_or(lanes.len(), |Reverse(lane)| lane);
        if lane == lanes.len() {
            lanes.push(Vec::new());
        }
        lanes[lane].push(span);
        busy.push(Reverse((span.to.max(span.from + 1), lane)));
    }
    lanes.into_iter().map(Arc::from).collect()
}

/// Returns the colour of a stage's work in the style sheet; of a stage of another pipeline without one.
pub fn colour(stage: Option<Stage>) -> &'static str {
    stage.map_or("in_progress", crate::components::state_chip::stage_colour)
}

#[cfg(test)]
mod tests {
    use super::super::period::tests::{at, context, listed};
    use super::*;

    fn sessions() -> Vec<Listed> {
        vec![
            listed("a", "Old", &[("01T10:00", "start", "script_writer"), ("01T11:00", "complete", "script_writer")]),
            listed("b", "New", &[("11T10:00", "start", "script_writer"), ("11T11:00", "fail", "script_writer")]),
            listed("c", "Beside", &[("11T10:30", "start", "script_writer"), ("11T10:45", "complete", "script_writer")]),
        ]
    }

    #[test]
    fn sessions_are_in_order_of_their_last_work() {
        let rows = |range| WorkOverview::of(&sessions(), GroupBy::Session, range, &context("11T12:00")).rows;
        let session = OverviewRow::Session;
        assert_eq!(rows(TimeRange::All), [session(1), session(2), session(0)]);
        assert_eq!(rows(TimeRange::Week), [session(1), session(2)]);
        assert!(WorkOverview::of(&sessions(), GroupBy::Session, TimeRange::Day, &context("30T12:00")).rows.is_empty());
    }

    #[test]
    fn overlapping_work_of_an_agent_is_stacked() {
        let overview = WorkOverview::of(&sessions(), GroupBy::Agent, TimeRange::All, &context("11T12:00"));
        let lanes: Vec<(usize, usize, Vec<usize>)> = overview
            .rows
            .iter()
            .map(|row| match row {
                OverviewRow::Lane { group, lane, spans } => {
                    (*group, *lane, spans.iter().map(|span| span.id.session).collect())
                }
                OverviewRow::Session(_) => panic!("a session among the lanes"),
            })
            .collect();
        assert_eq!(lanes, [(1, 0, vec![0, 1]), (1, 1, vec![2])]);
        assert_eq!(overview.row_of(PeriodId { session: 2, period: 0 }), Some(1));
    }

    #[test]
    fn the_legend_has_only_marks_that_occur() {
        let marks = WorkOverview::of(&sessions(), GroupBy::Session, TimeRange::All, &context("11T12:00")).marks;
        assert_eq!(marks.stages, [false, true, false, false]);
        assert!(marks.failed && !marks.sent_back && !marks.overdue && !marks.other);
        let old = WorkOverview::of(&sessions()[..1], GroupBy::Session, TimeRange::All, &context("11T12:00"));
        assert!(!old.marks.failed);
        assert_eq!(old.busy, [(at("01T10:00"), at("01T11:00"))]);
    }

    #[test]
    fn ten_thousand_overlapping_periods_are_stacked_quickly() {
        let span = |session: usize, from: i64, to: i64| Span {
            id: PeriodId { session, period: 0 },
            from,
            to,
            stage: None,
            end: EndMark::Nothing,
            overdue: None,
            derived: false,
            skipped: false,
        };
        let all: Vec<Span> = (0..10_000).map(|at| span(at, at as i64, 20_000)).collect();
        assert_eq!(stacked(&all).len(), 10_000);
        let apart: Vec<Span> = (0..10_000).map(|at| span(at, at as i64 * 10, at as i64 * 10 + 10)).collect();
        assert_eq!(stacked(&apart).len(), 1);
    }
}
