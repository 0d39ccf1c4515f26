//! What each episode cost, by stage, against what it might.
use super::pen::Pen;
use super::plot::Plot;
use super::scale::{Linear, round_up};
use super::{ChartPanel, Table};
use crate::figures::Rows;
use crate::figures::series::{Cost, Range, Window, costs};
use crate::format::{UNKNOWN, dollars};
use crate::platform::dom;
use crate::platform::width::width_of;
use crate::route::Route;
use callboard_core::Stage;
use leptos::html;
use leptos::prelude::*;

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
#[component]
pub fn CostChart(
    /// Every session.
    rows: Signal<Rows>,
    /// How much of the past is shown.
    range: Signal<Range>,
) -> impl IntoView {
    let series = Memo::new(move |_| rows.with(|rows| costs(rows, range.get())));
    let count = Signal::derive(move || series.with(|(_, bars)| bars.len()));
    let at = RwSignal::new(None);
    let node = NodeRef::<html::Div>::new();
    let width = width_of(node, 560.0);
    let layout = Memo::new(move |_| series.with(|(_, bars)| Layout::new(bars, width.get())));
    let readout = Signal::derive(move || {
        series.with(|(window, bars)| at.get().and_then(|at| bars.get(at)).map_or_else(|| whole(window, bars), says))
    });
    let locate = Callback::new(move |(x, _)| layout.get_untracked().locate(x, count.get_untracked()));
    let on_open = Callback::new(move |at: usize| {
        let id = series.with_untracked(|(_, bars)| bars.get(at).and_then(|bar| bar.mark.id.clone()));
        if let Some(id) = id {
            dom::go(&Route::Session(id).href());
        }
    });
    let cursor = move || {
        let (at, layout) = (at.get().filter(|at| *at < count.get())?, layout.get());
        let x = layout.x(at) - 2.0;
        Some(
            view! { <rect class="cursor-bar" x=x y=TOP width=layout.bar + 4.0 height=HEIGHT - FOOT - TOP rx="2"></rect> },
        )
    };
    view! {
        <ChartPanel
            title="Cost per episode"
            name="cost"
            readout
            empty=Signal::derive(move || (count.get() == 0).then_some("No session states a cost yet."))
            table=Signal::derive(move || series.with(|(_, bars)| table(bars)))
            keys=stage_keys
        >
            <Plot label="Cost per episode" count columns=Signal::from(1) at words=readout locate on_open>
                <div node_ref=node class="plot-inner">
                    <svg width=move || width.get() height=HEIGHT aria-hidden="true">
                        {cursor}
                        {move || series.with(|(_, bars)| picture(bars, &layout.get()))}
                    </svg>
                </div>
            </Plot>
        </ChartPanel>
    }
}

/// The stages with their colours.
pub fn stage_keys() -> impl IntoView {
    let keys = Stage::ALL.map(|stage| {
        view! {
            <span class="chart-key" data-state=stage.state().name().to_lowercase()><i></i>{stage.name()}</span>
        }
    });
    keys.into_iter().collect_view()
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
    Table {
        head: vec!["Episode", "Research", "Writing", "Evaluation", "Synthesis", "Total", "Budget"],
        rows: rows.collect(),
    }
}

fn picture(bars: &[Cost], layout: &Layout) -> impl IntoView + use<> {
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
    let stages = Stage::ALL.into_iter().zip(stages).map(|(stage, pen)| {
        view! { <path class="chart-fill" data-state=stage.state().name().to_lowercase() d=pen.data()></path> }
    });
    let last = bars.iter().rev().find_map(|bar| bar.budget);
    let budget_label = last.map(|limit| {
        let y = layout.y.at(limit) - 5.0;
        view! {
            <text class="chart-label chart-halo" x=LEFT + 4.0 y=y>"budget " {dollars(limit)}</text>
        }
    });
    view! {
        {money_axis(layout)}
        {stages.collect_view()}
        <path class="chart-rest" d=beyond.data()></path>
        <path class="chart-over" data-state="failed" d=over.data()></path>
        <path class="chart-limit" d=budget.data()></path>
        {budget_label}
        {episode_axis(bars, layout)}
    }
}

fn money_axis(layout: &Layout) -> impl IntoView + use<> {
    let mut grid = Pen::default();
    let labels: Vec<_> = layout
        .y
        .ticks(4.0)
        .into_iter()
        .map(|value| {
            let y = layout.y.at(value);
            grid.line(LEFT, y, layout.width - RIGHT, y);
            view! { <text class="chart-tick" x=LEFT - 6.0 y=y + 4.0 text-anchor="end">{short_dollars(value)}</text> }
        })
        .collect();
    view! { <path class="chart-grid" d=grid.data()></path>{labels} }
}

/// `$3`, and cents only where there are some.
fn short_dollars(value: f64) -> String {
    if value.fract().abs() < 1e-9 { format!("${value:.0}") } else { dollars(value) }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn episode_axis(bars: &[Cost], layout: &Layout) -> impl IntoView + use<> {
    let every = ((40.0 / layout.slot).ceil() as usize).max(1);
    let labels = bars.iter().enumerate().step_by(every).map(|(at, bar)| {
        let x = layout.x(at) + layout.bar / 2.0;
        view! { <text class="chart-tick" x=x y=HEIGHT - 7.0 text-anchor="middle">{bar.mark.short.clone()}</text> }
    });
    view! {
        {labels.collect_view()}
        <text class="chart-tick" x=LEFT - 6.0 y=HEIGHT - 7.0 text-anchor="end">"ep"</text>
    }
}
