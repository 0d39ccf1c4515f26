//! Chart of each episode's cost by stage, against its budget.
use super::chart_source::{Anchor, ChartSource, LegendEntry, Shapes, Table};
use super::pen::Pen;
use super::scale::{Linear, round_up};
use crate::figures::series::{ChartWindow, CostBar, Mark, Range, costs};
use crate::format::{UNKNOWN, dollars, priced};
use crate::store::session_rows::SessionRows;
use callboard_core::{Stage, TypicalCosts};

const HEIGHT: f64 = 230.0;
const TOP: f64 = 14.0;
const FOOT: f64 = 38.0;
const LEFT: f64 = 38.0;
const RIGHT: f64 = 8.0;

/// The positions of the bars.
#[derive(Clone, Copy, Debug, PartialEq)]
struct BarLayout {
    width: f64,
    slot: f64,
    bar: f64,
    y: Linear,
}

impl BarLayout {
    #[allow(clippy::cast_precision_loss)]
    fn new(bars: &[CostBar], width: f64) -> Self {
        let of = |bar: &CostBar| bar.total.max(bar.budget.unwrap_or_default()).max(bar.expected.unwrap_or_default());
        let most = bars.iter().map(of).fold(0.0, f64::max);
        // A few bars are left-aligned with a maximum width, instead of being stretched.
        let slot = ((width - LEFT - RIGHT) / bars.len().max(1) as f64).min(56.0);
        let bar = if slot > 12.0 { (slot * 0.68).min(30.0) } else { (slot - 1.5).max(1.0) };
        let y = Linear { from: 0.0, to: round_up(most), start: HEIGHT - FOOT, end: TOP };
        Self { width, slot, bar, y }
    }

    #[allow(clippy::cast_precision_loss)]
    fn x(&self, at: usize) -> f64 {
        LEFT + self.slot * at as f64 + (self.slot - self.bar) / 2.0
    }

    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    fn locate(&self, x: f64, count: usize) -> Option<usize> {
        let at = ((x - LEFT) / self.slot).floor();
        (at >= 0.0 && at < count as f64).then_some(at as usize)
    }
}

/// The cost chart.
#[derive(Debug)]
pub struct CostChart {
    window: ChartWindow,
    bars: Vec<CostBar>,
}

impl CostChart {
    /// Creates the chart for a range of sessions, with their expected totals by typical costs.
    pub fn new(rows: &SessionRows, range: Range, typical: &TypicalCosts) -> Self {
        let (window, bars) = costs(rows, range, typical);
        Self { window, bars }
    }

    fn layout(&self, width: f64) -> BarLayout {
        BarLayout::new(&self.bars, width)
    }
}

impl ChartSource for CostChart {
    fn empty(&self) -> Option<&'static str> {
        self.bars.is_empty().then_some("No costs yet.")
    }

    fn count(&self) -> usize {
        self.bars.len()
    }

    fn height(&self, _: f64) -> f64 {
        HEIGHT
    }

    fn draw(&self, width: f64) -> Shapes {
        shapes(&self.bars, &self.layout(width))
    }

    fn cursor(&self, at: usize, width: f64) -> Shapes {
        let layout = self.layout(width);
        let mut pen = Pen::default();
        pen.rect(layout.x(at) - 2.0, HEIGHT - FOOT + 2.0, layout.bar + 4.0, 3.0);
        pen.rect(layout.x(at) - 2.0, TOP, layout.bar + 4.0, HEIGHT - FOOT - TOP);
        let mut shapes = Shapes::default();
        shapes.path("cursor-veil", pen);
        shapes
    }

    fn locate(&self, (x, _): (f64, f64), width: f64) -> Option<usize> {
        self.layout(width).locate(x, self.bars.len())
    }

    fn summary(&self) -> String {
        summary(&self.window, &self.bars)
    }

    fn describe(&self, at: usize) -> String {
        self.bars.get(at).map(describe).unwrap_or_default()
    }

    fn href(&self, at: usize) -> Option<String> {
        self.bars.get(at)?.mark.href.clone()
    }

    fn table(&self) -> Table {
        table(&self.bars)
    }

    fn legend(&self) -> Vec<LegendEntry> {
        let has_mark = |stage: &Stage| self.bars.iter().any(|bar| bar.stages[stage.index()] > Some(0.0));
        let stages = Stage::ALL.into_iter().filter(has_mark);
        let mut legend: Vec<LegendEntry> =
            stages.map(|stage| LegendEntry::new("", stage.state().name(), stage.name())).collect();
        if self.bars.iter().any(|bar| bar.beyond > 0.005) {
            legend.push(LegendEntry::new("key-rest", "", "other costs"));
        }
        if self.bars.iter().any(|bar| bar.over > 0) {
            legend.push(LegendEntry::new("key-over", "failed", "over budget"));
        }
        if self.bars.iter().any(|bar| bar.expected.is_some()) {
            legend.push(LegendEntry::new("key-expected", "", "expected"));
        }
        if budget_label(&self.bars).is_some_and(|(label, _)| label.is_none()) {
            let is_mean = self.window.each > 1;
            legend.push(LegendEntry::new("key-limit", "", if is_mean { "mean budget" } else { "budget" }));
        }
        legend
    }
}

/// Returns the label of the budget's line with the budget; no label where the budgets differ.
fn budget_label(bars: &[CostBar]) -> Option<(Option<String>, f64)> {
    let mut budgets = bars.iter().filter_map(|bar| bar.budget);
    let first = budgets.next()?;
    let mean = if bars.iter().any(|bar| bar.mark.href.is_none()) { "mean " } else { "" };
    let is_one = budgets.all(|budget| (budget - first).abs() < 0.005);
    Some((is_one.then(|| format!("{mean}budget {}", dollars(first))), first))
}

fn summary(window: &ChartWindow, bars: &[CostBar]) -> String {
    let over: usize = bars.iter().map(|bar| bar.over).sum();
    let over = if over > 0 { format!("; {over} over budget") } else { String::new() };
    format!("{}{over}.", window.words(if window.of == 1 { "session" } else { "sessions" }))
}

fn describe(bar: &CostBar) -> String {
    let stages = Stage::ALL.map(|stage| format!("{} {}", stage.name(), amount(bar.stages[stage.index()])));
    let of = bar.budget.map(|budget| format!(" of {}", dollars(budget))).unwrap_or_default();
    let expected = bar.expected.map(|expected| format!(", expected {}", dollars(expected))).unwrap_or_default();
    format!("{}: {}{of}{expected} \u{b7} {}", bar.mark.title, dollars(bar.total), stages.join(", "))
}

fn amount(known: Option<f64>) -> String {
    known.map_or_else(|| UNKNOWN.to_owned(), dollars)
}

fn table(bars: &[CostBar]) -> Table {
    let rows = bars.iter().map(|bar| {
        let mut cells = vec![bar.mark.title.clone()];
        cells.extend(bar.stages.map(amount));
        cells.extend([dollars(bar.total), amount(bar.expected), amount(bar.budget)]);
        cells
    });
    Table::Figures {
        head: vec!["Episode", "Research", "Writing", "Evaluation", "Synthesis", "Total", "Expected", "Budget"],
        rows: rows.collect(),
    }
}

fn shapes(bars: &[CostBar], layout: &BarLayout) -> Shapes {
    let mut stages: [Pen; 4] = Default::default();
    let (mut beyond, mut over, mut budget, mut expected) =
        (Pen::default(), Pen::default(), Pen::default(), Pen::default());
    for (at, bar) in bars.iter().enumerate() {
        let (x, mut below) = (layout.x(at), 0.0);
        let mut stack = |pen: &mut Pen, amount: f64| {
            let (top, bottom) = (layout.y.at(below + amount), layout.y.at(below));
            // A gap between two colours, if the bars are high enough.
            pen.rect(x, top, layout.bar, if bottom - top > 2.0 { bottom - top - 0.8 } else { bottom - top });
            below += amount;
        };
        for (pen, amount) in stages.iter_mut().zip(bar.stages) {
            stack(pen, amount.unwrap_or_default());
        }
        stack(&mut beyond, bar.beyond);
        if let Some(total) = bar.expected {
            let (top, bottom) = (layout.y.at(total), layout.y.at(bar.total));
            expected.rect(x + 0.5, top, (layout.bar - 1.0).max(0.5), bottom - top - 1.0);
        }
        if bar.over > 0 {
            let (x, y) = (x + layout.bar / 2.0, layout.y.at(bar.total) - 5.0);
            over.through([(x - 3.5, y), (x, y - 6.0), (x + 3.5, y), (x - 3.5, y)]);
        }
        if let Some(limit) = bar.budget {
            let (y, gap) = (layout.y.at(limit), (layout.slot - layout.bar) / 2.0);
            budget.line(x - gap, y, x + layout.bar + gap, y);
        }
    }
    let mut shapes = Shapes::default();
    let mut grid = Pen::default();
    for value in layout.y.ticks(4.0) {
        let y = layout.y.at(value);
        grid.line(LEFT, y, layout.width - RIGHT, y);
        shapes.text("chart-tick", Anchor::End, (LEFT - 6.0, y + 4.0), short_dollars(value));
    }
    shapes.path("chart-grid", grid);
    for (stage, pen) in Stage::ALL.into_iter().zip(stages) {
        shapes.state("chart-fill", stage.state().name(), pen);
    }
    shapes.path("chart-rest", beyond);
    shapes.path("chart-expected", expected);
    shapes.state("chart-fill", "failed", over);
    shapes.path("chart-limit", budget);
    if let Some((Some(label), limit)) = budget_label(bars) {
        let place = (LEFT + 4.0, layout.y.at(limit) - 5.0);
        shapes.text("chart-label chart-halo", Anchor::Start, place, label);
    }
    let x = |at| layout.x(at) + layout.bar / 2.0;
    episode_axis(&mut shapes, bars.iter().map(|bar| &bar.mark), layout.slot, layout.width, x);
    shapes
}

/// Formats a tick as `$3`, with cents only if there are any, or as `$15k` to fit beside the chart.
fn short_dollars(value: f64) -> String {
    if value.abs() >= 10_000.0 {
        return priced(&format!("{}k", value / 1_000.0));
    }
    if value.fract().abs() < 1e-9 { priced(&format!("{value:.0}")) } else { dollars(value) }
}

/// Half the width of a digit of an axis.
const HALF_DIGIT: f64 = 3.4;

/// Adds the episodes' numbers below a chart of `HEIGHT`, without those that would overlap or be cut, and the axis's
/// name.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
pub fn episode_axis<'a>(
    shapes: &mut Shapes,
    marks: impl Iterator<Item = &'a Mark>,
    apart: f64,
    width: f64,
    x: impl Fn(usize) -> f64,
) {
    let every = ((44.0 / apart).ceil() as usize).max(1);
    for (at, mark) in marks.enumerate().step_by(every) {
        if x(at) + mark.short.len() as f64 * HALF_DIGIT <= width {
            shapes.text("chart-tick", Anchor::Middle, (x(at), HEIGHT - 22.0), mark.short.clone());
        }
    }
    shapes.text("chart-tick", Anchor::Start, (LEFT, HEIGHT - 5.0), "Episode");
}
