//! Chart of each stage's duration: median and spread.
use super::chart_source::{Anchor, ChartSource, LegendEntry, Shapes, Table};
use super::pen::Pen;
use super::scale::Linear;
use crate::figures::series::durations;
use crate::figures::spread::Spread;
use crate::format::{UNKNOWN, duration};
use crate::store::session_rows::SessionRows;
use callboard_core::Stage;

const LANE: f64 = 44.0;
const HEIGHT: f64 = LANE * 4.0 + 24.0;
const LEFT: f64 = 84.0;
const RIGHT: f64 = 20.0;

type Spreads = [Option<Spread>; 4];

/// The duration chart.
#[derive(Debug)]
pub struct DurationChart {
    spreads: Spreads,
    typical: [i64; 4],
}

impl DurationChart {
    /// Creates the chart of all sessions, with the policy's typical durations in seconds.
    pub fn new(rows: &SessionRows, typical: [i64; 4]) -> Self {
        Self { spreads: durations(rows), typical }
    }
}

/// Returns a band that highlights a row of a chart.
#[allow(clippy::cast_precision_loss)]
pub fn band(at: usize, lane: f64, width: f64) -> Shapes {
    let (mut pen, mut shapes) = (Pen::default(), Shapes::default());
    pen.rect(0.0, lane * at as f64, width, lane);
    shapes.path("cursor-veil", pen);
    shapes
}

/// Returns the row of a chart at a height.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
pub fn line_at(y: f64, lane: f64, count: usize) -> Option<usize> {
    let at = (y / lane).floor();
    (at >= 0.0 && at < count as f64).then_some(at as usize)
}

impl ChartSource for DurationChart {
    fn empty(&self) -> Option<&'static str> {
        self.spreads.iter().all(Option::is_none).then_some("No completed stages yet.")
    }

    fn count(&self) -> usize {
        4
    }

    fn height(&self, _: f64) -> f64 {
        HEIGHT
    }

    fn draw(&self, width: f64) -> Shapes {
        shapes(&self.spreads, self.typical, width)
    }

    fn cursor(&self, at: usize, width: f64) -> Shapes {
        band(at, LANE, width)
    }

    fn locate(&self, (_, y): (f64, f64), _: f64) -> Option<usize> {
        line_at(y, LANE, 4)
    }

    fn summary(&self) -> String {
        "Median, 25\u{2013}75 %, 10\u{2013}90 %.".into()
    }

    fn describe(&self, at: usize) -> String {
        let stage = Stage::ALL.get(at);
        stage.map(|stage| describe(*stage, self.spreads[at], self.typical[at])).unwrap_or_default()
    }

    fn table(&self) -> Table {
        table(&self.spreads, self.typical)
    }

    fn legend(&self) -> Vec<LegendEntry> {
        vec![LegendEntry::new("key-tick", "", "policy default")]
    }
}

fn seconds(value: f64) -> String {
    #[allow(clippy::cast_possible_truncation)]
    duration(value.round() as i64)
}

fn describe(stage: Stage, spread: Option<Spread>, typical: i64) -> String {
    let typical = duration(typical);
    match spread {
        None => format!("{stage}: no completed run; policy default {typical}"),
        Some(spread) => format!(
            "{stage}: median {}, 25\u{2013}75 % {} to {}, 10\u{2013}90 % {} to {} (n {}); policy default {typical}",
            seconds(spread.median),
            seconds(spread.lower),
            seconds(spread.upper),
            seconds(spread.low),
            seconds(spread.high),
            spread.n
        ),
    }
}

fn table(series: &Spreads, typical: [i64; 4]) -> Table {
    let rows = Stage::ALL.map(|stage| {
        let cells = match series[stage.index()] {
            Some(spread) => {
                let of = [spread.low, spread.lower, spread.median, spread.upper, spread.high];
                let mut cells = vec![spread.n.to_string()];
                cells.extend(of.map(seconds));
                cells
            }
            None => {
                vec!["0".to_owned(), UNKNOWN.into(), UNKNOWN.into(), UNKNOWN.into(), UNKNOWN.into(), UNKNOWN.into()]
            }
        };
        let mut row = vec![stage.name().to_owned()];
        row.extend(cells);
        row.push(duration(typical[stage.index()]));
        row
    });
    Table::Figures { head: vec!["Stage", "n", "10 %", "25 %", "Median", "75 %", "90 %", "Default"], rows: rows.into() }
}

#[allow(clippy::cast_precision_loss)]
fn shapes(series: &Spreads, typical: [i64; 4], width: f64) -> Shapes {
    let known = series.iter().flatten().map(|spread| spread.high);
    let most = known.chain(typical.map(|typical| typical as f64)).fold(0.0, f64::max);
    let x = Linear { from: 0.0, to: most * 1.12, start: LEFT, end: width - RIGHT };
    let (mut grid, mut shapes) = (Pen::default(), Shapes::default());
    for value in x.duration_ticks(((width - LEFT - RIGHT) / 90.0).max(2.0)) {
        grid.line(x.at(value), 0.0, x.at(value), LANE * 4.0);
        let label = if value == 0.0 { "0".to_owned() } else { seconds(value) };
        shapes.text("chart-tick", Anchor::Middle, (x.at(value), HEIGHT - 7.0), label);
    }
    shapes.path("chart-grid", grid);
    for stage in Stage::ALL {
        let spread = series[stage.index()];
        let state = stage.state().name();
        let middle = LANE * (stage.index() as f64 + 0.5) + 5.0;
        let n = spread.map_or(0, |spread| spread.n);
        shapes.text("chart-name", Anchor::Start, (4.0, middle + 1.0), stage.name());
        shapes.text("chart-tick", Anchor::Start, (4.0, middle + 15.0), format!("n {n}"));
        let (mut tick, mut span, mut half, mut median) =
            (Pen::default(), Pen::default(), Pen::default(), Pen::default());
        let at = x.at(typical[stage.index()] as f64);
        tick.line(at, middle - 11.0, at, middle + 11.0);
        shapes.path("chart-typical", tick);
        let Some(spread) = spread else { continue };
        span.line(x.at(spread.low), middle, x.at(spread.high), middle);
        half.rect(x.at(spread.lower), middle - 7.0, (x.at(spread.upper) - x.at(spread.lower)).max(1.0), 14.0);
        median.rect(x.at(spread.median) - 1.5, middle - 9.0, 3.0, 18.0);
        shapes.state("chart-span", state, span);
        shapes.state("chart-half", state, half);
        shapes.state("chart-fill", state, median);
        // Labels must not leave the chart at its edges.
        let label = x.at(spread.median).min(width - RIGHT - 34.0).max(LEFT + 24.0);
        let place = (label, middle - 13.0);
        shapes.text("chart-value chart-halo", Anchor::Middle, place, seconds(spread.median));
    }
    shapes
}
