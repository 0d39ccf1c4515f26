//! Data of each chart, computed from the sessions. Pure; a chart of many sessions says how it aggregates them.

use super::spread::{Spread, mean};
use crate::format::{OTHER, UNREADABLE, session_label, session_title, state_name};
use crate::order;
use crate::route::Route;
use callboard_core::{Money, Stage, State, TypicalCosts};
use callboard_workspace::Listed;

/// The range of recent sessions that a chart shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Range {
    /// The last 20 sessions.
    Last20,
    /// The last 60 sessions.
    #[default]
    Last60,
    /// All sessions.
    All,
}

impl Range {
    /// All ranges in display order.
    pub const ALL: [Self; 3] = [Self::Last20, Self::Last60, Self::All];

    /// Returns its label.
    pub fn label(self) -> &'static str {
        match self {
            Self::Last20 => "Last 20",
            Self::Last60 => "Last 60",
            Self::All => "All",
        }
    }

    /// Returns its name in the address.
    pub fn name(self) -> &'static str {
        match self {
            Self::Last20 => "20",
            Self::Last60 => "60",
            Self::All => "all",
        }
    }

    /// Returns the range with a name in the address.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|range| range.name() == word)
    }

    fn most(self) -> usize {
        match self {
            Self::Last20 => 20,
            Self::Last60 => 60,
            Self::All => usize::MAX,
        }
    }
}

/// Largest number of marks that can be told apart side by side.
const MOST_MARKS: usize = 80;

/// The rows that a chart shows, and the number of rows per mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChartWindow {
    /// Total number of rows.
    pub of: usize,
    /// Index of the first row that is shown.
    pub from: usize,
    /// Number of rows per mark.
    pub each: usize,
}

impl ChartWindow {
    /// Returns the window of a range over `of` rows.
    pub fn new(of: usize, range: Range) -> Self {
        let shown = of.min(range.most());
        Self { of, from: of - shown, each: shown.div_ceil(MOST_MARKS).max(1) }
    }

    /// Describes the rows that are shown.
    pub fn words(&self, what: &str) -> String {
        let shown = self.of - self.from;
        let which =
            if shown == self.of { format!("{shown} {what}") } else { format!("Last {shown} of {} {what}", self.of) };
        if self.each > 1 { format!("{which}, each mark the mean of {}", self.each) } else { which }
    }

    fn marks<T>(self, rows: &[T]) -> impl Iterator<Item = (usize, &[T])> {
        let each = self.each;
        rows[self.from..].chunks(each).enumerate().map(move |(at, chunk)| (at * each, chunk))
    }
}

/// The sessions that a mark of a chart represents.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// `ep 42`, or `ep 42 to ep 57`.
    pub label: String,
    /// Label on the axis: `42`.
    pub short: String,
    /// The topic, if it is one session.
    pub title: String,
    /// The session's address, if it is one session.
    pub href: Option<String>,
}

impl Mark {
    fn of(rows: &[Listed]) -> Option<Self> {
        let (first, last) = (rows.first()?.summary(), rows.last()?.summary());
        let short = first.number.map(|number| number.to_string()).unwrap_or_default();
        Some(if rows.len() == 1 {
            let href = rows.first().map(|row| Route::of(row).href());
            Self { label: session_label(first), short, title: session_title(first), href }
        } else {
            let label = format!("{} to {}", session_label(first), session_label(last));
            Self { title: format!("{label} (mean of {})", rows.len()), label, short, href: None }
        })
    }
}

/// A bar of the cost chart, in dollars.
#[derive(Clone, Debug, PartialEq)]
pub struct CostBar {
    /// The sessions it represents.
    pub mark: Mark,
    /// Cost of each stage, in the order of the pipeline.
    pub stages: [Option<f64>; 4],
    /// Cost of the stated total beyond the stages.
    pub beyond: f64,
    /// The total cost.
    pub total: f64,
    /// The budget.
    pub budget: Option<f64>,
    /// The expected total, if work is left.
    pub expected: Option<f64>,
    /// Number of sessions over their budget.
    pub over: usize,
}

/// Returns the costs of the sessions that state any, by episode.
pub fn costs(rows: &[Listed], range: Range, typical: &TypicalCosts) -> (ChartWindow, Vec<CostBar>) {
    let known: Vec<_> = in_episode_order(rows).into_iter().filter(|row| row.summary().cost.is_some()).collect();
    let window = ChartWindow::new(known.len(), range);
    let bars = window.marks(&known).filter_map(|(_, rows)| {
        let all = || rows.iter().map(Listed::summary);
        let each: Vec<_> = rows.iter().map(Listed::stage_costs).collect();
        let dollars = |money: Option<Money>| money.map(Money::dollars);
        let stages = Stage::ALL.map(|stage| mean(each.iter().filter_map(|costs| dollars(costs[stage.index()]))));
        let total = mean(all().filter_map(|summary| dollars(summary.cost)))?;
        Some(CostBar {
            mark: Mark::of(rows)?,
            stages,
            beyond: (total - stages.iter().flatten().sum::<f64>()).max(0.0),
            total,
            budget: mean(all().filter_map(|summary| dollars(summary.budget))),
            expected: expected(rows, typical).filter(|expected| *expected > total + 0.005),
            over: all().filter(|summary| summary.within_budget == Some(false)).count(),
        })
    });
    (window, bars.collect())
}

/// Returns the mean of the expected totals; the total of a session for which none is known.
fn expected(rows: &[Listed], typical: &TypicalCosts) -> Option<f64> {
    let of = |row: &Listed| row.digest().and_then(|digest| digest.expected_total(typical)).or(row.summary().cost);
    mean(rows.iter().filter_map(of).map(Money::dollars))
}

/// A point of the quality chart.
#[derive(Clone, Debug, PartialEq)]
pub struct QualityPoint {
    /// The sessions it represents.
    pub mark: Mark,
    /// The overall quality, 0 to 1.
    pub overall: f64,
    /// The lowest and highest quality of its sessions.
    pub range: (f64, f64),
    /// The brand consistency.
    pub brand: Option<f64>,
    /// The median of this point and the six before it.
    pub trend: f64,
}

const TREND: usize = 7;

/// Returns the quality of the sessions that state it, by episode.
pub fn qualities(rows: &[Listed], range: Range) -> (ChartWindow, Vec<QualityPoint>) {
    let overall = Listed::overall_quality;
    let known: Vec<_> = in_episode_order(rows).into_iter().filter(|row| overall(row).is_some()).collect();
    let window = ChartWindow::new(known.len(), range);
    let points = window.marks(&known).filter_map(|(at, rows)| {
        let scores = || rows.iter().filter_map(overall);
        let end = window.from + at + rows.len();
        let recent = known[end.saturating_sub(TREND.max(rows.len()))..end].iter().filter_map(overall);
        Some(QualityPoint {
            mark: Mark::of(rows)?,
            overall: mean(scores())?,
            range: (scores().fold(1.0, f64::min), scores().fold(0.0, f64::max)),
            brand: mean(rows.iter().filter_map(|row| row.digest()?.quality.brand_consistency)),
            trend: Spread::of(&recent.collect::<Vec<_>>())?.median,
        })
    });
    (window, points.collect())
}

/// Returns the spread of each stage's duration in seconds; `None` without samples.
pub fn durations(rows: &[Listed]) -> [Option<Spread>; 4] {
    #[allow(clippy::cast_precision_loss)]
    Stage::ALL.map(|stage| {
        let known = rows.iter().filter_map(|row| row.digest()?.durations[stage.index()]);
        Spread::of(&known.map(|seconds| seconds as f64).collect::<Vec<_>>())
    })
}

/// A stage of the funnel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FunnelStep {
    /// Number of sessions that reached it.
    pub reached: usize,
    /// Number of sessions that passed it.
    pub passed: usize,
    /// Number of sessions in it.
    pub here: usize,
    /// Number of sessions that failed in it.
    pub failed: usize,
    /// Number of sessions that wait for a retry of it.
    pub retry: usize,
}

/// Returns the number of sessions of the framework's shape that reached each stage.
pub fn funnel(rows: &[Listed]) -> [FunnelStep; 4] {
    let mut steps = [FunnelStep::default(); 4];
    for digest in rows.iter().filter_map(Listed::digest) {
        let stage = digest.stage();
        for (at, step) in steps.iter_mut().enumerate() {
            let here = stage.is_some_and(|stage| stage.index() == at);
            let passed = digest.is_complete() || stage.is_some_and(|stage| stage.index() > at);
            let (failed, retry) = match digest.state().filter(|_| here) {
                Some(State::Failed) => (true, false),
                Some(State::Retry) => (false, true),
                _ => (false, false),
            };
            step.reached += usize::from(here || passed);
            step.passed += usize::from(passed);
            step.here += usize::from(here && !failed && !retry);
            step.failed += usize::from(failed);
            step.retry += usize::from(retry);
        }
    }
    steps
}

/// State names in the order of the pipeline, then the exceptional ones.
pub const STATES: [&str; 11] = [
    "INITIALIZED",
    "RESEARCHING",
    "WRITING",
    "EVALUATING",
    "SYNTHESIZING",
    OTHER,
    "COMPLETE",
    "RETRY",
    "FAILED",
    "UNKNOWN",
    UNREADABLE,
];

/// Returns the index of a session's state in [`STATES`].
pub fn state_index(session: &Listed) -> usize {
    let name = state_name(session.summary());
    STATES.iter().position(|known| *known == name).unwrap_or_default()
}

/// Returns the rows by episode; within an episode, the first created comes first. Sessions without a number come
/// first, so that the last ones are always the latest episodes.
fn in_episode_order(rows: &[Listed]) -> Vec<Listed> {
    let keys = rows.iter().map(|row| (row.summary().number.map_or(-1, |n| i64::try_from(n).unwrap_or(i64::MAX)), 0));
    order::ascending(keys).into_iter().map(|at| rows[at].clone()).collect()
}

/// Returns the rows by episode, and the number of rows in each of [`STATES`].
pub fn by_episode(rows: &[Listed]) -> (Vec<Listed>, [usize; STATES.len()]) {
    let sorted = in_episode_order(rows);
    let mut counts = [0; STATES.len()];
    for row in rows {
        counts[state_index(row)] += 1;
    }
    (sorted, counts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use callboard_core::Session;
    use callboard_workspace::Entry;
    use std::sync::Arc;

    fn row(number: u64, stage: &str, more: &str) -> Listed {
        let text = format!(
            r#"{{"session_id": "s{number}", "episode": {{"number": {number}}},
                "pipeline_state": {{"current_stage": "{stage}"}}{more}}}"#
        );
        let entry = Entry::of_file(
            format!("s{number}"),
            "a.json".into(),
            &Session::parse(text).unwrap(),
            callboard_core::Timestamp::from_unix(0),
        );
        Listed::Own(Arc::new(entry))
    }

    fn typical() -> TypicalCosts {
        TypicalCosts::of([], &callboard_core::Policy::default())
    }

    fn costing(number: u64, research: f64, total: f64) -> Listed {
        let more = format!(r#", "cost_tracking": {{"research": {research}, "total": {total}, "budget": 9.00}}"#);
        row(number, "writing", &more)
    }

    #[test]
    fn a_window_describes_its_aggregation() {
        let words = |of, range| ChartWindow::new(of, range).words("sessions");
        assert_eq!(words(12, Range::Last60), "12 sessions");
        assert_eq!(words(100, Range::Last20), "Last 20 of 100 sessions");
        assert_eq!(words(10_000, Range::All), "10000 sessions, each mark the mean of 125");
        assert_eq!(ChartWindow::new(0, Range::All).each, 1);
        assert!(
            (80..10_000).all(|n| (n as usize).div_ceil(ChartWindow::new(n as usize, Range::All).each) <= MOST_MARKS)
        );
    }

    #[test]
    fn costs_beyond_the_stages_are_separate() {
        let rows = [costing(1, 1.5, 2.0), costing(2, 3.0, 10.0), row(3, "writing", "")];
        let (window, bars) = costs(&rows, Range::Last60, &typical());
        assert_eq!((window.of, bars.len()), (2, 2), "the third states no cost");
        assert_eq!((bars[0].total, bars[0].beyond, bars[0].over), (2.0, 0.5, 0));
        assert_eq!((bars[1].over, bars[1].budget), (1, Some(9.0)));
        assert_eq!(bars[0].expected, Some(8.0), "writing, evaluation and synthesis at their shares");
        assert_eq!(bars[0].stages, [Some(1.5), None, None, None]);
        assert_eq!((bars[1].mark.label.as_str(), bars[1].mark.href.as_deref()), ("ep 2", Some("#/sessions/s2")));
    }

    #[test]
    fn charts_are_in_the_order_of_the_episodes() {
        let rows = [costing(3, 1.0, 1.0), costing(1, 1.0, 1.0), costing(10, 1.0, 1.0), costing(2, 1.0, 1.0)];
        let (_, bars) = costs(&rows, Range::All, &typical());
        assert_eq!(bars.iter().map(|bar| bar.mark.short.as_str()).collect::<Vec<_>>(), ["1", "2", "3", "10"]);
        let unnumbered = Session::parse(r#"{"session_id": "x", "cost_tracking": {"total": 1}}"#).unwrap();
        let now = callboard_core::Timestamp::from_unix(0);
        let unnumbered = Listed::Own(Arc::new(Entry::of_file("x".into(), "x.json".into(), &unnumbered, now)));
        let (_, bars) = costs(&[rows[0].clone(), unnumbered], Range::All, &typical());
        assert_eq!(bars.iter().map(|bar| bar.mark.short.as_str()).collect::<Vec<_>>(), ["", "3"]);
    }

    #[test]
    fn many_sessions_share_a_mark() {
        let rows: Vec<_> = (1..=200).map(|number| costing(number, 1.0, 1.0)).collect();
        let (window, bars) = costs(&rows, Range::All, &typical());
        assert_eq!((window.each, bars.len()), (3, 67));
        assert_eq!(bars[0].mark.label, "ep 1 to ep 3");
        assert_eq!(bars[0].mark.href, None);
        assert!((bars[0].total - 1.0).abs() < 1e-9);
    }

    #[test]
    fn the_trend_is_the_median_of_the_last_seven() {
        let score = |number: u64| {
            let score = if number == 4 { 0.1 } else { 0.9 };
            row(number, "complete", &format!(r#", "quality_metrics": {{"overall_quality": {score}}}"#))
        };
        let rows: Vec<_> = (1..=9).map(score).collect();
        let (_, points) = qualities(&rows, Range::All);
        assert_eq!(points[3].overall, 0.1);
        assert!(points.iter().all(|point| point.trend == 0.9));
    }

    #[test]
    fn a_session_of_unknown_state_is_in_no_stage() {
        let text = r#"{"session_id": "a", "status": "completed"}"#;
        let entry = Entry::of_file(
            "a".into(),
            "a.json".into(),
            &Session::parse(text).unwrap(),
            callboard_core::Timestamp::from_unix(0),
        );
        let rows = [Listed::Own(Arc::new(entry))];
        assert_eq!(funnel(&rows), [FunnelStep::default(); 4]);
        assert_eq!(
            (state_name(rows[0].summary()), by_episode(&rows).1),
            ("UNKNOWN", [0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0])
        );
        assert_eq!(rows[0].summary().percent, None);
    }

    #[test]
    fn the_funnel_counts_sessions_per_stage() {
        let failed = r#", "agent_outputs": {"script_writer": {"status": "failed"}}"#;
        let rows = [row(1, "initialized", ""), row(2, "writing", failed), row(3, "complete", ""), row(4, "mixing", "")];
        let steps = funnel(&rows);
        assert_eq!(steps[0], FunnelStep { reached: 2, passed: 2, ..FunnelStep::default() });
        assert_eq!(steps[1], FunnelStep { reached: 2, passed: 1, failed: 1, ..FunnelStep::default() });
        assert_eq!(steps[3].passed, 1);
        let (sorted, counts) = by_episode(&rows);
        assert_eq!(sorted.len(), 4);
        assert_eq!(counts, [1, 0, 0, 0, 0, 0, 1, 0, 1, 0, 1]);
    }
}
