//! What each chart draws, worked out from the rows. Pure; a chart of many sessions says how it is reduced.

use super::Row;
use super::spread::{Spread, mean};
use crate::format::UNREADABLE;
use crate::order;
use callboard_core::{Money, Stage, State};
use std::sync::Arc;

/// How much of the past a chart shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Range {
    /// The last 20 sessions.
    Last20,
    /// The last 60.
    #[default]
    Last60,
    /// All of them.
    All,
}

impl Range {
    /// Every range, in the order they are offered.
    pub const ALL: [Self; 3] = [Self::Last20, Self::Last60, Self::All];

    /// The word on its control.
    pub fn label(self) -> &'static str {
        match self {
            Self::Last20 => "Last 20",
            Self::Last60 => "Last 60",
            Self::All => "All",
        }
    }

    /// The word in the address.
    pub fn name(self) -> &'static str {
        match self {
            Self::Last20 => "20",
            Self::Last60 => "60",
            Self::All => "all",
        }
    }

    /// The range of a word in the address.
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

/// More marks than this side by side cannot be told apart.
const MOST_MARKS: usize = 80;

/// Which of some rows a chart shows, and how many stand for one mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// How many there are.
    pub of: usize,
    /// The first that is shown.
    pub from: usize,
    /// How many one mark stands for.
    pub each: usize,
}

impl Window {
    /// The window of a range over this many rows.
    pub fn new(of: usize, range: Range) -> Self {
        let shown = of.min(range.most());
        Self { of, from: of - shown, each: shown.div_ceil(MOST_MARKS).max(1) }
    }

    /// What is shown, in plain words.
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

/// What a mark of a chart stands for.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// `ep 42`, or `ep 42 to ep 57`.
    pub label: String,
    /// `42`: what stands below it on the axis.
    pub short: String,
    /// What it is about, where it is one session.
    pub title: String,
    /// The session, where it is one.
    pub id: Option<String>,
}

impl Mark {
    fn of(rows: &[Arc<Row>]) -> Option<Self> {
        let (first, last) = (rows.first()?, rows.last()?);
        let short = first.number.map(|number| number.to_string()).unwrap_or_default();
        Some(if rows.len() == 1 {
            Self { label: first.label(), short, title: first.title(), id: Some(first.id.clone()) }
        } else {
            let label = format!("{} to {}", first.label(), last.label());
            Self { title: format!("{label} (mean of {})", rows.len()), label, short, id: None }
        })
    }
}

/// A bar of the chart of costs, in dollars.
#[derive(Clone, Debug, PartialEq)]
pub struct Cost {
    /// What it stands for.
    pub mark: Mark,
    /// Each stage's cost, in the order of the pipeline; none where unknown.
    pub stages: [Option<f64>; 4],
    /// What the stated total has beyond the stages.
    pub beyond: f64,
    /// The total.
    pub total: f64,
    /// What might be spent.
    pub budget: Option<f64>,
    /// How many of its sessions have spent more than their budget.
    pub over: usize,
}

/// The costs of the sessions that state any.
pub fn costs(rows: &[Arc<Row>], range: Range) -> (Window, Vec<Cost>) {
    let known: Vec<_> = rows.iter().filter(|row| row.digest.costs().total.is_some()).cloned().collect();
    let window = Window::new(known.len(), range);
    let bars = window.marks(&known).filter_map(|(_, rows)| {
        let all = || rows.iter().map(|row| row.digest.costs());
        let dollars = |money: Option<Money>| money.map(Money::dollars);
        let stages = Stage::ALL.map(|stage| mean(all().filter_map(|costs| dollars(costs.stages[stage.index()]))));
        let total = mean(all().filter_map(|costs| dollars(costs.total)))?;
        Some(Cost {
            mark: Mark::of(rows)?,
            stages,
            beyond: (total - stages.iter().flatten().sum::<f64>()).max(0.0),
            total,
            budget: mean(all().filter_map(|costs| dollars(costs.budget))),
            over: all().filter(|costs| costs.within_budget == Some(false)).count(),
        })
    });
    (window, bars.collect())
}

/// A point of the quality trend.
#[derive(Clone, Debug, PartialEq)]
pub struct Quality {
    /// What it stands for.
    pub mark: Mark,
    /// The overall quality, 0 to 1.
    pub overall: f64,
    /// The least and the most of the sessions it stands for.
    pub range: (f64, f64),
    /// How well it keeps to the brand.
    pub brand: Option<f64>,
    /// The median of this and the six before it.
    pub trend: f64,
}

const TREND: usize = 7;

/// The quality of the sessions where it is known.
pub fn qualities(rows: &[Arc<Row>], range: Range) -> (Window, Vec<Quality>) {
    let overall = |row: &Arc<Row>| row.digest.quality.overall_quality;
    let known: Vec<_> = rows.iter().filter(|row| overall(row).is_some()).cloned().collect();
    let window = Window::new(known.len(), range);
    let points = window.marks(&known).filter_map(|(at, rows)| {
        let scores = || rows.iter().filter_map(overall);
        let end = window.from + at + rows.len();
        let recent = known[end.saturating_sub(TREND.max(rows.len()))..end].iter().filter_map(overall);
        Some(Quality {
            mark: Mark::of(rows)?,
            overall: mean(scores())?,
            range: (scores().fold(1.0, f64::min), scores().fold(0.0, f64::max)),
            brand: mean(rows.iter().filter_map(|row| row.digest.quality.brand_consistency)),
            trend: Spread::of(&recent.collect::<Vec<_>>())?.median,
        })
    });
    (window, points.collect())
}

/// How long each stage takes, in seconds; none where no session tells.
pub fn durations(rows: &[Arc<Row>]) -> [Option<Spread>; 4] {
    #[allow(clippy::cast_precision_loss)]
    Stage::ALL.map(|stage| {
        let known = rows.iter().filter_map(|row| row.digest.durations[stage.index()]);
        Spread::of(&known.map(|seconds| seconds as f64).collect::<Vec<_>>())
    })
}

/// A step of the funnel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Step {
    /// Sessions that have come as far as this.
    pub reached: usize,
    /// Those of them that have gone on.
    pub passed: usize,
    /// Those that are at it.
    pub here: usize,
    /// Those that have failed at it, or are to be tried again.
    pub failed: usize,
}

/// How many sessions have come how far: the four stages.
pub fn funnel(rows: &[Arc<Row>]) -> [Step; 4] {
    let mut steps = [Step::default(); 4];
    for digest in rows.iter().map(|row| &row.digest) {
        let stage = digest.stage();
        for (at, step) in steps.iter_mut().enumerate() {
            let here = stage.is_some_and(|stage| stage.index() == at);
            let passed = digest.is_complete() || stage.is_some_and(|stage| stage.index() > at);
            let failed = here && matches!(digest.state(), Some(State::Failed | State::Retry));
            step.reached += usize::from(here || passed);
            step.passed += usize::from(passed);
            step.here += usize::from(here && !failed);
            step.failed += usize::from(failed);
        }
    }
    steps
}

/// The states in the order of the pipeline, then what has gone wrong.
pub const STATES: [&str; 10] = [
    "INITIALIZED",
    "RESEARCHING",
    "WRITING",
    "EVALUATING",
    "SYNTHESIZING",
    "COMPLETE",
    "RETRY",
    "FAILED",
    "UNKNOWN",
    UNREADABLE,
];

/// The rows by episode, and how many are in each of [`STATES`].
pub fn by_episode(rows: &[Arc<Row>]) -> (Vec<Arc<Row>>, [usize; STATES.len()]) {
    // Sessions without a number come last; of one episode, the first created comes first.
    let keys = rows.iter().map(|row| (row.number.and_then(|n| i64::try_from(n).ok()).unwrap_or(i64::MAX), 0));
    let sorted = order::ascending(keys).into_iter().map(|at| rows[at].clone()).collect();
    let mut counts = [0; STATES.len()];
    for row in rows {
        counts[row.place] += 1;
    }
    (sorted, counts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use callboard_core::Session;
    use callboard_workspace::Entry;

    fn row(number: u64, stage: &str, more: &str) -> Arc<Row> {
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
        Arc::new(Row::of(&entry))
    }

    fn costing(number: u64, research: f64, total: f64) -> Arc<Row> {
        let more = format!(r#", "cost_tracking": {{"research": {research}, "total": {total}, "budget": 9.00}}"#);
        row(number, "writing", &more)
    }

    #[test]
    fn a_window_says_how_it_is_reduced() {
        let words = |of, range| Window::new(of, range).words("sessions");
        assert_eq!(words(12, Range::Last60), "12 sessions");
        assert_eq!(words(100, Range::Last20), "Last 20 of 100 sessions");
        assert_eq!(words(10_000, Range::All), "10000 sessions, each mark the mean of 125");
        assert_eq!(Window::new(0, Range::All).each, 1);
        assert!((80..10_000).all(|n| (n as usize).div_ceil(Window::new(n as usize, Range::All).each) <= MOST_MARKS));
    }

    #[test]
    fn a_cost_beyond_the_stages_is_kept_apart() {
        let rows = [costing(1, 1.5, 2.0), costing(2, 3.0, 10.0), row(3, "writing", "")];
        let (window, bars) = costs(&rows, Range::Last60);
        assert_eq!((window.of, bars.len()), (2, 2), "the third states no cost");
        assert_eq!((bars[0].total, bars[0].beyond, bars[0].over), (2.0, 0.5, 0));
        assert_eq!((bars[1].over, bars[1].budget), (1, Some(9.0)));
        assert_eq!(bars[0].stages, [Some(1.5), None, None, None]);
        assert_eq!((bars[1].mark.label.as_str(), bars[1].mark.id.as_deref()), ("ep 2", Some("s2")));
    }

    #[test]
    fn many_sessions_are_one_mark() {
        let rows: Vec<_> = (1..=200).map(|number| costing(number, 1.0, 1.0)).collect();
        let (window, bars) = costs(&rows, Range::All);
        assert_eq!((window.each, bars.len()), (3, 67));
        assert_eq!(bars[0].mark.label, "ep 1 to ep 3");
        assert_eq!(bars[0].mark.id, None);
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
        let rows = [Arc::new(Row::of(&entry))];
        assert_eq!(funnel(&rows), [Step::default(); 4]);
        assert_eq!((rows[0].state(), by_episode(&rows).1), ("UNKNOWN", [0, 0, 0, 0, 0, 0, 0, 0, 1, 0]));
        assert_eq!(entry.summary().percent, None);
    }

    #[test]
    fn the_funnel_counts_who_came_how_far() {
        let failed = r#", "agent_outputs": {"script_writer": {"status": "failed"}}"#;
        let rows = [row(1, "initialized", ""), row(2, "writing", failed), row(3, "complete", ""), row(4, "mixing", "")];
        let steps = funnel(&rows);
        assert_eq!(steps[0], Step { reached: 2, passed: 2, here: 0, failed: 0 });
        assert_eq!(steps[1], Step { reached: 2, passed: 1, here: 0, failed: 1 });
        assert_eq!(steps[3].passed, 1);
        let (sorted, counts) = by_episode(&rows);
        assert_eq!(sorted.len(), 4);
        assert_eq!(counts, [1, 0, 0, 0, 0, 1, 0, 1, 0, 1]);
    }
}
