//! How good the episodes are, one after the other, against the gates.
use super::pen::Pen;
use super::plot::Plot;
use super::scale::{Linear, spread_labels};
use super::{ChartPanel, Table};
use crate::figures::Rows;
use crate::figures::series::{Quality, Range, Window, qualities};
use crate::format::score;
use crate::platform::dom;
use crate::platform::width::width_of;
use crate::route::Route;
use crate::store::workspace::policy;
use callboard_core::Thresholds;
use leptos::html;
use leptos::prelude::*;

const HEIGHT: f64 = 216.0;
const TOP: f64 = 14.0;
const FOOT: f64 = 24.0;
const LEFT: f64 = 38.0;
const RIGHT: f64 = 92.0;

#[derive(Clone, Copy, Debug, PartialEq)]
struct Layout {
    width: f64,
    step: f64,
    y: Linear,
}

impl Layout {
    #[allow(clippy::cast_precision_loss)]
    fn new(points: &[Quality], gates: Thresholds, width: f64) -> Self {
        let least = points.iter().flat_map(|point| [Some(point.range.0), point.brand]).flatten();
        let least = least.fold(gates.overall.min(gates.brand_consistency), f64::min);
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

/// The quality trend.
#[component]
pub fn QualityChart(
    /// Every session.
    rows: Signal<Rows>,
    /// How much of the past is shown.
    range: Signal<Range>,
) -> impl IntoView {
    let gates = policy().thresholds;
    let series = Memo::new(move |_| rows.with(|rows| qualities(rows, range.get())));
    let count = Signal::derive(move || series.with(|(_, points)| points.len()));
    let at = RwSignal::new(None);
    let node = NodeRef::<html::Div>::new();
    let width = width_of(node, 560.0);
    let layout = Memo::new(move |_| series.with(|(_, points)| Layout::new(points, gates, width.get())));
    let readout = Signal::derive(move || {
        series.with(|(window, points)| {
            let point = at.get().and_then(|at| points.get(at));
            point.map_or_else(|| whole(window, points, gates), says)
        })
    });
    let locate = Callback::new(move |(x, _)| layout.get_untracked().locate(x, count.get_untracked()));
    let on_open = Callback::new(move |at: usize| {
        let id = series.with_untracked(|(_, points)| points.get(at).and_then(|point| point.mark.id.clone()));
        if let Some(id) = id {
            dom::go(&Route::Session(id).href());
        }
    });
    let cursor = move || {
        let at = at.get()?;
        let layout = layout.get();
        let overall = series.with(|(_, points)| points.get(at).map(|point: &Quality| point.overall))?;
        let y = layout.y.at(overall);
        let x = layout.x(at);
        Some(view! {
            <line class="cursor-line" x1=x x2=x y1=TOP y2=HEIGHT - FOOT></line>
            <circle class="cursor-ring" cx=x cy=y r="6"></circle>
        })
    };
    view! {
        <ChartPanel
            title="Quality trend"
            name="quality"
            readout
            empty=Signal::derive(move || (count.get() == 0).then_some("No episode has been evaluated yet."))
            table=Signal::derive(move || series.with(|(_, points)| table(points)))
            keys=keys
        >
            <Plot label="Quality trend" count columns=Signal::from(1) at words=readout locate on_open>
                <div node_ref=node class="plot-inner">
                    <svg width=move || width.get() height=HEIGHT aria-hidden="true">
                        {move || series.with(|(_, points)| picture(points, &layout.get(), gates))}
                        {cursor}
                    </svg>
                </div>
            </Plot>
        </ChartPanel>
    }
}

fn keys() -> impl IntoView {
    view! {
        <span class="chart-key"><i class="key-dot"></i>"overall"</span>
        <span class="chart-key"><i class="key-dot" data-state="failed"></i>"below its gate"</span>
        <span class="chart-key"><i class="key-line"></i>"median of the last 7"</span>
        <span class="chart-key"><i class="key-hollow"></i>"brand"</span>
    }
}

fn whole(window: &Window, points: &[Quality], gates: Thresholds) -> String {
    let below = points.iter().filter(|point| point.overall < gates.overall).count();
    let below = match below {
        0 => String::new(),
        below => format!("; {below} below the overall gate"),
    };
    let what = if window.of == 1 { "evaluated episode" } else { "evaluated episodes" };
    format!("{}{below}.", window.words(what))
}

fn says(point: &Quality) -> String {
    let range = match point.range {
        (least, most) if point.mark.id.is_none() => format!(" ({least:.2} to {most:.2})"),
        _ => String::new(),
    };
    let brand = score(point.brand);
    format!("{}: overall {:.2}{range}, brand {brand}, trend {:.2}", point.mark.title, point.overall, point.trend)
}

fn table(points: &[Quality]) -> Table {
    let row = |point: &Quality| {
        vec![point.mark.title.clone(), score(Some(point.overall)), score(point.brand), score(Some(point.trend))]
    };
    Table { head: vec!["Episode", "Overall", "Brand", "Median of 7"], rows: points.iter().map(row).collect() }
}

fn picture(points: &[Quality], layout: &Layout, gates: Thresholds) -> impl IntoView + use<> {
    let end = layout.width - RIGHT;
    let (mut passed, mut failed, mut brand, mut ranges, mut trend) =
        (Pen::default(), Pen::default(), Pen::default(), Pen::default(), Pen::default());
    let radius = if layout.step > 10.0 { 3.0 } else { 2.2 };
    for (at, point) in points.iter().enumerate() {
        let x = layout.x(at);
        if let Some(score) = point.brand {
            brand.disc(x, layout.y.at(score), radius - 0.5);
        }
        if point.mark.id.is_none() {
            ranges.line(x, layout.y.at(point.range.0), x, layout.y.at(point.range.1));
        }
        let pen = if point.overall < gates.overall { &mut failed } else { &mut passed };
        pen.disc(x, layout.y.at(point.overall), radius);
    }
    trend.through(points.iter().enumerate().map(|(at, point)| (layout.x(at), layout.y.at(point.trend))));
    let mut lines = Pen::default();
    let mut grid = Pen::default();
    for gate in [gates.overall, gates.brand_consistency] {
        lines.line(LEFT, layout.y.at(gate), end, layout.y.at(gate));
    }
    let ticks: Vec<_> = layout
        .y
        .ticks(4.0)
        .into_iter()
        .map(|value| {
            let y = layout.y.at(value);
            grid.line(LEFT, y, end, y);
            view! { <text class="chart-tick" x=LEFT - 6.0 y=y + 4.0 text-anchor="end">{format!("{value:.2}")}</text> }
        })
        .collect();
    let mut places = [layout.y.at(gates.brand_consistency), layout.y.at(gates.overall)];
    spread_labels(&mut places, 15.0, TOP, HEIGHT - FOOT);
    let names = [("brand gate", gates.brand_consistency), ("overall gate", gates.overall)];
    let labels = names.into_iter().zip(places).map(|((name, gate), y)| {
        view! { <text class="chart-label" x=end + 6.0 y=y + 4.0>{name} " " {score(Some(gate))}</text> }
    });
    view! {
        <path class="chart-grid" d=grid.data()></path>
        {ticks}
        <path class="chart-limit" d=lines.data()></path>
        {labels.collect_view()}
        <path class="chart-range" d=ranges.data()></path>
        <path class="chart-trend" d=trend.data()></path>
        <path class="chart-hollow" d=brand.data()></path>
        <path class="chart-dots" d=passed.data()></path>
        <path class="chart-dots" data-state="failed" d=failed.data()></path>
        {axis(points, layout)}
    }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn axis(points: &[Quality], layout: &Layout) -> impl IntoView + use<> {
    let every = ((40.0 / layout.step).ceil() as usize).max(1);
    let labels = points.iter().enumerate().step_by(every).map(|(at, point)| {
        view! { <text class="chart-tick" x=layout.x(at) y=HEIGHT - 7.0 text-anchor="middle">{point.mark.short.clone()}</text> }
    });
    view! {
        {labels.collect_view()}
        <text class="chart-tick" x=LEFT - 6.0 y=HEIGHT - 7.0 text-anchor="end">"ep"</text>
    }
}
