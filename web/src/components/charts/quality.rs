//! Chart of episode quality over time, against the gates.
use super::chart_source::{Anchor, ChartSource, LegendEntry, Shapes, Table};
use super::cost::episode_axis;
use super::pen::Pen;
use super::scale::{Linear, spread_labels};
use crate::figures::series::{ChartWindow, QualityPoint, Range, qualities};
use crate::format::score;
use crate::store::session_rows::SessionRows;
use callboard_core::{Gate, Thresholds};

const HEIGHT: f64 = 230.0;
const TOP: f64 = 14.0;
const FOOT: f64 = 38.0;
const LEFT: f64 = 38.0;
const RIGHT: f64 = 106.0;

#[derive(Clone, Copy, Debug, PartialEq)]
struct PointLayout {
    width: f64,
    step: f64,
    y: Linear,
}

impl PointLayout {
    #[allow(clippy::cast_precision_loss)]
    fn new(points: &[QualityPoint], gates: Thresholds, width: f64) -> Self {
        let least = points.iter().flat_map(|point| [Some(point.range.0), point.brand]).flatten();
        let least = least.fold(gates.of(Gate::Overall).min(gates.of(Gate::BrandConsistency)), f64::min);
        let from = ((least - 0.03) * 10.0).floor().max(0.0) / 10.0;
        let inside = width - LEFT - RIGHT;
        let step = inside / points.len().max(2) as f64;
        Self { width, step: step.min(48.0), y: Linear { from, to: 1.0, start: HEIGHT - FOOT, end: TOP } }
    }

    #[allow(clippy::cast_precision_loss)]
    fn x(&self, at: usize) -> f64 {
        LEFT + self.step * (at as f64 + 0.5)
    }

    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
    fn locate(&self, x: f64, count: usize) -> Option<usize> {
        let at = ((x - LEFT) / self.step).floor();
        (at >= 0.0 && at < count as f64).then_some(at as usize)
    }
}

/// The quality chart.
#[derive(Debug)]
pub struct QualityChart {
    window: ChartWindow,
    points: Vec<QualityPoint>,
    gates: Thresholds,
}

impl QualityChart {
    /// Creates the chart for a range of sessions and these gates.
    pub fn new(rows: &SessionRows, range: Range, gates: Thresholds) -> Self {
        let (window, points) = qualities(rows, range);
        Self { window, points, gates }
    }

    fn layout(&self, width: f64) -> PointLayout {
        PointLayout::new(&self.points, self.gates, width)
    }
}

impl ChartSource for QualityChart {
    fn empty(&self) -> Option<&'static str> {
        self.points.is_empty().then_some("No evaluated episodes yet.")
    }

    fn count(&self) -> usize {
        self.points.len()
    }

    fn height(&self, _: f64) -> f64 {
        HEIGHT
    }

    fn draw(&self, width: f64) -> Shapes {
        shapes(&self.points, &self.layout(width), self.gates)
    }

    fn cursor(&self, at: usize, width: f64) -> Shapes {
        let layout = self.layout(width);
        let (mut line, mut ring) = (Pen::default(), Pen::default());
        if let Some(point) = self.points.get(at) {
            let x = layout.x(at);
            line.line(x, TOP, x, HEIGHT - FOOT);
            ring.disc(x, layout.y.at(point.overall), 6.0);
        }
        let mut shapes = Shapes::default();
        shapes.path("cursor-line", line);
        shapes.path("cursor-ring", ring);
        shapes
    }

    fn locate(&self, (x, _): (f64, f64), width: f64) -> Option<usize> {
        self.layout(width).locate(x, self.points.len())
    }

    fn summary(&self) -> String {
        summary(&self.window, &self.points, self.gates)
    }

    fn describe(&self, at: usize) -> String {
        self.points.get(at).map(describe).unwrap_or_default()
    }

    fn href(&self, at: usize) -> Option<String> {
        self.points.get(at)?.mark.href.clone()
    }

    fn table(&self) -> Table {
        table(&self.points)
    }

    fn legend(&self) -> Vec<LegendEntry> {
        let is_below = |point: &QualityPoint| point.overall < self.gates.of(Gate::Overall);
        let entries = [
            (LegendEntry::new("key-dot", "", "overall"), !self.points.iter().all(is_below)),
            (LegendEntry::new("key-dot", "failed", "below the gate"), self.points.iter().any(is_below)),
            (LegendEntry::new("key-line", "", "running median"), self.points.len() > 1),
            (LegendEntry::new("key-range", "", "lowest to highest"), self.window.each > 1),
            (LegendEntry::new("key-hollow", "", "brand"), self.points.iter().any(|point| point.brand.is_some())),
        ];
        entries.into_iter().filter(|(_, is_there)| *is_there).map(|(entry, _)| entry).collect()
    }
}

fn summary(window: &ChartWindow, points: &[QualityPoint], gates: Thresholds) -> String {
    let below = points.iter().filter(|point| point.overall < gates.of(Gate::Overall)).count();
    let below = match below {
        0 => String::new(),
        below => format!("; {below} below the overall gate"),
    };
    let noun = if window.of == 1 { "evaluated episode" } else { "evaluated episodes" };
    format!("{}{below}.", window.words(noun))
}

fn describe(point: &QualityPoint) -> String {
    let range = match point.range {
        (least, most) if point.mark.href.is_none() => format!(" ({least:.2} to {most:.2})"),
        _ => String::new(),
    };
    let brand = score(point.brand);
    format!("{}: overall {:.2}{range}, brand {brand}, trend {:.2}", point.mark.title, point.overall, point.trend)
}

fn table(points: &[QualityPoint]) -> Table {
    let row = |point: &QualityPoint| {
        vec![point.mark.title.clone(), score(Some(point.overall)), score(point.brand), score(Some(point.trend))]
    };
    Table::Figures {
        head: vec!["Episode", "Overall", "Brand", "Running median"],
        rows: points.iter().map(row).collect(),
    }
}

fn shapes(points: &[QualityPoint], layout: &PointLayout, gates: Thresholds) -> Shapes {
    let end = layout.width - RIGHT;
    let (mut passed, mut failed, mut brand, mut ranges, mut trend) =
        (Pen::default(), Pen::default(), Pen::default(), Pen::default(), Pen::default());
    let radius = if layout.step > 10.0 { 3.0 } else { 2.2 };
    for (at, point) in points.iter().enumerate() {
        let x = layout.x(at);
        if let Some(score) = point.brand {
            brand.disc(x, layout.y.at(score), radius - 0.5);
        }
        if point.mark.href.is_none() {
            ranges.line(x, layout.y.at(point.range.0), x, layout.y.at(point.range.1));
        }
        let pen = if point.overall < gates.of(Gate::Overall) { &mut failed } else { &mut passed };
        pen.disc(x, layout.y.at(point.overall), radius);
    }
    if points.len() > 1 {
        trend.through(points.iter().enumerate().map(|(at, point)| (layout.x(at), layout.y.at(point.trend))));
    }
    let mut lines = Pen::default();
    let mut grid = Pen::default();
    for gate in [gates.of(Gate::Overall), gates.of(Gate::BrandConsistency)] {
        lines.line(LEFT, layout.y.at(gate), end, layout.y.at(gate));
    }
    let mut shapes = Shapes::default();
    for value in layout.y.ticks(4.0) {
        let y = layout.y.at(value);
        grid.line(LEFT, y, end, y);
        shapes.text("chart-tick", Anchor::End, (LEFT - 6.0, y + 4.0), score(Some(value)));
    }
    shapes.path("chart-grid", grid);
    shapes.path("chart-limit", lines);
    let mut names = [("brand gate", gates.of(Gate::BrandConsistency)), ("overall gate", gates.of(Gate::Overall))];
    if gates.of(Gate::Overall) > gates.of(Gate::BrandConsistency) {
        names.reverse();
    }
    let mut positions = names.map(|(_, gate)| layout.y.at(gate));
    spread_labels(&mut positions, 15.0, TOP, HEIGHT - FOOT);
    for ((name, gate), y) in names.into_iter().zip(positions) {
        shapes.text("chart-label", Anchor::Start, (end + 6.0, y + 4.0), format!("{name} {gate:.2}"));
    }
    shapes.path("chart-range", ranges);
    shapes.path("chart-trend", trend);
    shapes.path("chart-hollow", brand);
    shapes.path("chart-dots", passed);
    shapes.state("chart-dots", "failed", failed);
    episode_axis(&mut shapes, points.iter().map(|point| &point.mark), layout.step, layout.width, |at| layout.x(at));
    shapes
}
