//! How long each stage takes: the middle, and how far it is spread.
use super::pen::Pen;
use super::plot::Plot;
use super::scale::Linear;
use super::{ChartPanel, Table};
use crate::figures::Rows;
use crate::figures::series::durations;
use crate::figures::spread::Spread;
use crate::format::{UNKNOWN, duration};
use crate::platform::width::width_of;
use crate::store::workspace::policy;
use callboard_core::Stage;
use leptos::html;
use leptos::prelude::*;

const LANE: f64 = 44.0;
const HEIGHT: f64 = LANE * 4.0 + 24.0;
const LEFT: f64 = 84.0;
const RIGHT: f64 = 20.0;

type Spreads = [Option<Spread>; 4];

/// The chart of durations.
#[component]
pub fn DurationChart(
    /// Every session.
    rows: Signal<Rows>,
) -> impl IntoView {
    let typical = policy().typical_durations;
    let series = Memo::new(move |_| rows.with(|rows| durations(rows)));
    let at = RwSignal::new(None);
    let node = NodeRef::<html::Div>::new();
    let width = width_of(node, 560.0);
    let readout = Signal::derive(move || {
        let stage = at.get().and_then(|at: usize| Stage::ALL.get(at).copied());
        series.with(|series| match stage {
            Some(stage) => says(stage, series[stage.index()], typical[stage.index()]),
            None => "Median, the middle half, and the span without the shortest and the longest tenth.".to_owned(),
        })
    });
    let cursor = move || {
        let at = at.get().and_then(|at| u32::try_from(at).ok())?;
        Some(
            view! { <rect class="cursor-bar" x="0" y=LANE * f64::from(at) width=width.get() height=LANE rx="4"></rect> },
        )
    };
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let locate = Callback::new(|(_, y): (f64, f64)| {
        let at = (y / LANE).floor();
        (0.0..4.0).contains(&at).then_some(at as usize)
    });
    view! {
        <ChartPanel
            title="Duration by stage"
            name="duration"
            readout
            empty=Signal::derive(move || {
                series.with(|series| series.iter().all(Option::is_none)).then_some("No stage has been completed yet.")
            })
            table=Signal::derive(move || series.with(|series| table(series, typical)))
            keys=keys
        >
            <Plot
                label="Duration by stage"
                count=Signal::from(4)
                columns=Signal::from(1)
                at
                words=readout
                locate
                on_open=Callback::new(|_| ())
            >
                <div node_ref=node class="plot-inner">
                    <svg width=move || width.get() height=HEIGHT aria-hidden="true">
                        {cursor}
                        {move || series.with(|series| picture(series, typical, width.get()))}
                    </svg>
                </div>
            </Plot>
        </ChartPanel>
    }
}

fn keys() -> impl IntoView {
    view! { <span class="chart-key"><i class="key-tick"></i>"what the policy takes for typical"</span> }
}

fn seconds(value: f64) -> String {
    #[allow(clippy::cast_possible_truncation)]
    duration(value.round() as i64)
}

fn says(stage: Stage, spread: Option<Spread>, typical: i64) -> String {
    let typical = duration(typical);
    match spread {
        None => format!("{stage}: not completed yet; typical {typical}"),
        Some(spread) => format!(
            "{stage}: median {}, half of them {} to {}, most {} to {} (n {}); typical {typical}",
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
    Table { head: vec!["Stage", "n", "10 %", "25 %", "Median", "75 %", "90 %", "Typical"], rows: rows.into() }
}

#[allow(clippy::cast_precision_loss)]
fn picture(series: &Spreads, typical: [i64; 4], width: f64) -> impl IntoView + use<> {
    let known = series.iter().flatten().map(|spread| spread.high);
    let most = known.chain(typical.map(|typical| typical as f64)).fold(0.0, f64::max);
    let x = Linear { from: 0.0, to: most * 1.12, start: LEFT, end: width - RIGHT };
    let mut grid = Pen::default();
    let ticks: Vec<_> = x
        .duration_ticks(((width - LEFT - RIGHT) / 90.0).max(2.0))
        .into_iter()
        .map(|value| {
            grid.line(x.at(value), 0.0, x.at(value), LANE * 4.0);
            let label = if value == 0.0 { "0".to_owned() } else { seconds(value) };
            view! { <text class="chart-tick" x=x.at(value) y=HEIGHT - 7.0 text-anchor="middle">{label}</text> }
        })
        .collect();
    let lanes = Stage::ALL.map(|stage| {
        let middle = LANE * (stage.index() as f64 + 0.5) + 5.0;
        let mut tick = Pen::default();
        let at = x.at(typical[stage.index()] as f64);
        tick.line(at, middle - 11.0, at, middle + 11.0);
        let drawn = series[stage.index()].map(|spread| {
            let (mut span, mut half, mut median) = (Pen::default(), Pen::default(), Pen::default());
            span.line(x.at(spread.low), middle, x.at(spread.high), middle);
            half.rect(x.at(spread.lower), middle - 7.0, (x.at(spread.upper) - x.at(spread.lower)).max(1.0), 14.0);
            median.rect(x.at(spread.median) - 1.5, middle - 9.0, 3.0, 18.0);
            // Near the right edge the label would leave the drawing.
            let label = x.at(spread.median).min(width - RIGHT - 34.0).max(LEFT + 24.0);
            view! {
                <path class="chart-span" d=span.data()></path>
                <path class="chart-half" d=half.data()></path>
                <path class="chart-fill" d=median.data()></path>
                <text class="chart-value chart-halo" x=label y=middle - 13.0 text-anchor="middle">
                    {seconds(spread.median)}
                </text>
            }
        });
        view! {
            <g data-state=stage.state().name().to_lowercase()>
                <text class="chart-name" x="4" y=middle + 1.0>{stage.name()}</text>
                <text class="chart-tick" x="4" y=middle + 15.0>
                    {series[stage.index()].map_or_else(|| "n 0".to_owned(), |spread| format!("n {}", spread.n))}
                </text>
                <path class="chart-typical" d=tick.data()></path>
                {drawn}
            </g>
        }
    });
    view! {
        <path class="chart-grid" d=grid.data()></path>
        {ticks}
        {lanes.into_iter().collect_view()}
    }
}
