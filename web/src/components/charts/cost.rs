//! What each episode cost, by stage, against what it might.
use super::drawing::{Anchor, Drawing, Key, Shapes, Table};
use super::pen::Pen;
use super::scale::{Linear, round_up};
use crate::figures::Rows;
use crate::figures::series::{Cost, Mark, Range, Window, costs};
use crate::format::{UNKNOWN, dollars};
use callboard_core::Stage;

const HEIGHT: f64 = 216.0;
const TOP: f64 = 14.0;
const FOOT: f64 = 24.0;
const LEFT: f64 = 38.0;
const RIGHT: f64 = 8.0;

/// Where each bar stands.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Layout {
    width: f64,
    slot: f64,
    bar: f64,
    y: Linear,
}

impl Layout {
    #[allow(clippy::cast_precision_loss)]
    fn new(bars: &[Cost], width: f64) -> Self {
        let most = bars.iter().map(|bar| bar.total.max(bar.budget.unwrap_or_default())).fold(0.0, f64::max);
        // A few bars are no broad slabs: they stand at the left, as the first of many.
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

/// The chart of costs.
#[derive(Debug)]
pub struct CostChart {
    window: Window,
    bars: Vec<Cost>,
}

impl CostChart {
    /// The costs of a range of sessions.
    pub fn new(rows: &Rows, range: Range) -> Self {
        let (window, bars) = costs(rows, range);
        Self { window, bars }
    }

    fn layout(&self, width: f64) -> Layout {
        Layout::new(&self.bars, width)
    }
}

impl Drawing for CostChart {
    fn empty(&self) -> Option<&'static str> {
        self.bars.is_empty().then_some("No session states a cost yet.")
    }

    fn count(&self) -> usize {
        self.bars.len()
    }

    fn height(&self, _: f64) -> f64 {
        HEIGHT
    }

    fn draw(&self, width: f64) -> Shapes {
        picture(&self.bars, &self.layout(width))
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

    fn whole(&self) -> String {
        whole(&self.window, &self.bars)
    }

    fn says(&self, at: usize) -> String {
        self.bars.get(at).map(says).unwrap_or_default()
    }

    fn session(&self, at: usize) -> Option<String> {
        self.bars.get(at)?.mark.id.clone()
    }

    fn table(&self) -> Table {
        table(&self.bars)
    }

    fn keys(&self) -> Vec<Key> {
        let mut keys: Vec<Key> =
            Stage::ALL.into_iter().map(|stage| Key::new("", stage.state().name(), stage.name())).collect();
        if self.bars.iter().any(|bar| bar.beyond > 0.005) {
            keys.push(Key::new("key-rest", "", "beyond the stages"));
        }
        if self.bars.iter().any(|bar| bar.over > 0) {
            keys.push(Key::new("key-over", "failed", "over budget"));
        }
        keys
    }
}

fn whole(window: &Window, bars: &[Cost]) -> String {
    let over: usize = bars.iter().map(|bar| bar.over).sum();
    let over = if over > 0 { format!("; {over} over budget") } else { String::new() };
    format!("{}{over}.", window.words(if window.of == 1 { "session" } else { "sessions" }))
}

fn says(bar: &Cost) -> String {
    let stages = Stage::ALL.map(|stage| format!("{} {}", stage.name(), amount(bar.stages[stage.index()])));
    let of = bar.budget.map(|budget| format!(" of {}", dollars(budget))).unwrap_or_default();
    format!("{}: {}{of} \u{b7} {}", bar.mark.title, dollars(bar.total), stages.join(", "))
}

fn amount(known: Option<f64>) -> String {
    known.map_or_else(|| UNKNOWN.to_owned(), dollars)
}

fn table(bars: &[Cost]) -> Table {
    let rows = bars.iter().map(|bar| {
        let mut cells = vec![bar.mark.title.clone()];
        cells.extend(bar.stages.map(amount));
        cells.extend([dollars(bar.total), amount(bar.budget)]);
        cells
    });
    Table::Figures {
        head: vec!["Episode", "Research", "Writing", "Evaluation", "Synthesis", "Total", "Budget"],
        rows: rows.collect(),
    }
}

fn picture(bars: &[Cost], layout: &Layout) -> Shapes {
    let mut stages: [Pen; 4] = Default::default();
    let (mut beyond, mut over, mut budget) = (Pen::default(), Pen::default(), Pen::default());
    for (at, bar) in bars.iter().enumerate() {
        let (x, mut below) = (layout.x(at), 0.0);
        let mut stack = |pen: &mut Pen, amount: f64| {
            let (top, bottom) = (layout.y.at(below + amount), layout.y.at(below));
            // A hair of the ground between two colours, where there is room for it.
            pen.rect(x, top, layout.bar, if bottom - top > 2.0 { bottom - top - 0.8 } else { bottom - top });
            below += amount;
        };
        for (pen, amount) in stages.iter_mut().zip(bar.stages) {
            stack(pen, amount.unwrap_or_default());
        }
        stack(&mut beyond, bar.beyond);
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
    shapes.state("chart-fill", "failed", over);
    shapes.path("chart-limit", budget);
    if let Some(limit) = bars.iter().find_map(|bar| bar.budget) {
        let of = if bars.iter().any(|bar| bar.mark.id.is_none()) { "mean " } else { "" };
        let place = (LEFT + 4.0, layout.y.at(limit) - 5.0);
        shapes.text("chart-label chart-halo", Anchor::Start, place, format!("{of}budget {}", dollars(limit)));
    }
    episode_axis(&mut shapes, bars.iter().map(|bar| &bar.mark), layout.slot, |at| layout.x(at) + layout.bar / 2.0);
    shapes
}

/// `$3`, and cents only where there are some; `$15k` where more would not fit beside the chart.
fn short_dollars(value: f64) -> String {
    if value >= 10_000.0 {
        return format!("${}k", value / 1_000.0);
    }
    if value.fract().abs() < 1e-9 { dollars(value).trim_end_matches(".00").to_owned() } else { dollars(value) }
}

/// The episodes' numbers below a chart, as many as there is room for.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub fn episode_axis<'a>(
    shapes: &mut Shapes,
    marks: impl Iterator<Item = &'a Mark>,
    apart: f64,
    x: impl Fn(usize) -> f64,
) {
    let every = ((44.0 / apart).ceil() as usize).max(1);
    for (at, mark) in marks.enumerate().step_by(every) {
        shapes.text("chart-tick", Anchor::Middle, (x(at), HEIGHT - 7.0), mark.short.clone());
    }
    shapes.text("chart-tick", Anchor::Start, (0.0, HEIGHT - 7.0), "ep");
}
