//! How many sessions have come how far, and where they stand or fall.
use super::pen::Pen;
use super::plot::Plot;
use super::{ChartPanel, Table};
use crate::figures::Rows;
use crate::figures::series::{Step, funnel};
use crate::format::count as counted;
use crate::platform::width::width_of;
use callboard_core::Stage;
use leptos::html;
use leptos::prelude::*;

const LANE: f64 = 40.0;
const HEIGHT: f64 = LANE * 5.0;
const LEFT: f64 = 84.0;
const RIGHT: f64 = 108.0;
const BAR: f64 = 20.0;

/// The five lines of the funnel: the stages, and the end.
#[derive(Clone, Debug, Default, PartialEq)]
struct Funnel {
    all: usize,
    steps: [Step; 4],
}

impl Funnel {
    fn complete(&self) -> usize {
        self.steps[3].passed
    }

    fn says(&self, at: usize) -> String {
        match Stage::ALL.get(at) {
            Some(stage) => {
                let step = self.steps[at];
                format!(
                    "{stage}: {} of {} reached it; {} went on, {} at it, {} failed or to be tried again",
                    step.reached,
                    counted(self.all, "session", "sessions"),
                    step.passed,
                    step.here,
                    step.failed
                )
            }
            None => format!("complete: {} of {}", self.complete(), counted(self.all, "session", "sessions")),
        }
    }
}

/// The pipeline's funnel.
#[component]
pub fn FunnelChart(
    /// Every session.
    rows: Signal<Rows>,
) -> impl IntoView {
    let series = Memo::new(move |_| rows.with(|rows| Funnel { all: rows.len(), steps: funnel(rows) }));
    let at = RwSignal::new(None);
    let node = NodeRef::<html::Div>::new();
    let width = width_of(node, 560.0);
    let readout = Signal::derive(move || {
        series.with(|series| match at.get() {
            Some(at) => series.says(at),
            None => {
                let all = counted(series.all, "session", "sessions");
                format!("{} of {all} are complete.", series.complete())
            }
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
        (0.0..5.0).contains(&at).then_some(at as usize)
    });
    view! {
        <ChartPanel
            title="Pipeline funnel"
            name="funnel"
            readout
            empty=Signal::derive(move || {
                series.with(|series| series.steps[0].reached == 0).then_some("No session has begun yet.")
            })
            table=Signal::derive(move || series.with(table))
            keys=keys
        >
            <Plot
                label="Pipeline funnel"
                count=Signal::from(5)
                columns=Signal::from(1)
                at
                words=readout
                locate
                on_open=Callback::new(|_| ())
            >
                <div node_ref=node class="plot-inner">
                    <svg width=move || width.get() height=HEIGHT aria-hidden="true">
                        {cursor}
                        {move || series.with(|series| picture(series, width.get()))}
                    </svg>
                </div>
            </Plot>
        </ChartPanel>
    }
}

fn keys() -> impl IntoView {
    view! {
        <span class="chart-key" data-state="complete"><i></i>"went on"</span>
        <span class="chart-key" data-state="researching"><i class="key-here"></i>"at it now"</span>
        <span class="chart-key" data-state="failed"><i></i>"failed there"</span>
    }
}

fn table(series: &Funnel) -> Table {
    let mut rows: Vec<Vec<String>> = Stage::ALL
        .map(|stage| {
            let step = series.steps[stage.index()];
            let figures = [step.reached, step.passed, step.here, step.failed];
            [vec![stage.name().to_owned()], figures.map(|figure| figure.to_string()).into()].concat()
        })
        .into();
    let complete = series.complete().to_string();
    rows.push(vec!["complete".into(), complete.clone(), complete, "0".into(), "0".into()]);
    Table { head: vec!["Stage", "Reached", "Went on", "At it", "Failed"], rows }
}

#[allow(clippy::cast_precision_loss)]
fn picture(series: &Funnel, width: f64) -> impl IntoView + use<> {
    let all = series.all.max(1) as f64;
    let inside = (width - LEFT - RIGHT).max(1.0);
    let length = move |count: usize| inside * count as f64 / all;
    let line = |at: usize, name: &'static str, colour: String, step: Step| {
        let y = LANE * at as f64 + (LANE - BAR) / 2.0;
        let (mut passed, mut here, mut failed, mut track) =
            (Pen::default(), Pen::default(), Pen::default(), Pen::default());
        // What is there is seen, however few of ten thousand.
        let least = |count: usize| if count > 0 { length(count).max(2.0) } else { 0.0 };
        track.rect(LEFT, y, inside, BAR);
        let mut x = LEFT;
        for (pen, count) in [(&mut passed, step.passed), (&mut here, step.here), (&mut failed, step.failed)] {
            pen.rect(x, y, (least(count) - 1.0).max(0.0), BAR);
            x += least(count);
        }
        let share = format!("{} \u{b7} {:.0}\u{202f}%", step.reached, step.reached as f64 / all * 100.0);
        view! {
            <g data-state=colour>
                <text class="chart-name" x="4" y=y + BAR / 2.0 + 4.0>{name}</text>
                <path class="chart-track" d=track.data()></path>
                <path class="chart-passed" d=passed.data()></path>
                <path class="chart-here" d=here.data()></path>
                <path class="chart-fill" data-state="failed" d=failed.data()></path>
                <text class="chart-value" x=width - RIGHT + 10.0 y=y + BAR / 2.0 + 4.0>{share}</text>
            </g>
        }
    };
    let stages = Stage::ALL.map(|stage| {
        line(stage.index(), stage.name(), stage.state().name().to_lowercase(), series.steps[stage.index()])
    });
    let complete = Step { reached: series.complete(), passed: series.complete(), ..Step::default() };
    view! {
        {stages.into_iter().collect_view()}
        {line(4, "complete", "complete".into(), complete)}
    }
}
