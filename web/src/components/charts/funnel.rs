//! How many sessions have come how far, and where they stand or fall.
use super::drawing::{Anchor, Drawing, Key, Shapes, Table};
use super::duration::{band, line_at};
use super::pen::Pen;
use crate::figures::Rows;
use crate::figures::series::{Step, funnel};
use crate::format::count as counted;
use callboard_core::Stage;

const LANE: f64 = 40.0;
const HEIGHT: f64 = LANE * 5.0;
const LEFT: f64 = 84.0;
const RIGHT: f64 = 96.0;
const BAR: f64 = 20.0;

/// The pipeline's funnel: a line for each stage, and one for the end.
#[derive(Debug)]
pub struct FunnelChart {
    all: usize,
    steps: [Step; 4],
}

impl FunnelChart {
    /// The funnel of all sessions.
    pub fn new(rows: &Rows) -> Self {
        Self { all: rows.len(), steps: funnel(rows) }
    }

    fn complete(&self) -> usize {
        self.steps[3].passed
    }
}

impl Drawing for FunnelChart {
    fn empty(&self) -> Option<&'static str> {
        (self.steps[0].reached == 0).then_some("No session has begun yet.")
    }

    fn count(&self) -> usize {
        5
    }

    fn height(&self, _: f64) -> f64 {
        HEIGHT
    }

    fn draw(&self, width: f64) -> Shapes {
        picture(self, width)
    }

    fn cursor(&self, at: usize, width: f64) -> Shapes {
        band(at, LANE, width)
    }

    fn locate(&self, (_, y): (f64, f64), _: f64) -> Option<usize> {
        line_at(y, LANE, 5)
    }

    fn whole(&self) -> String {
        format!("{} of {} complete.", self.complete(), counted(self.all, "session is", "sessions are"))
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

    fn table(&self) -> Table {
        table(self)
    }

    fn keys(&self) -> Vec<Key> {
        vec![
            Key::new("key-passed", "complete", "went on"),
            Key::new("key-here", "researching", "at it now"),
            Key::new("", "failed", "failed there"),
        ]
    }
}

fn table(series: &FunnelChart) -> Table {
    let mut rows: Vec<Vec<String>> = Stage::ALL
        .map(|stage| {
            let step = series.steps[stage.index()];
            let figures = [step.reached, step.passed, step.here, step.failed];
            [vec![stage.name().to_owned()], figures.map(|figure| figure.to_string()).into()].concat()
        })
        .into();
    let complete = series.complete().to_string();
    rows.push(vec!["complete".into(), complete.clone(), complete, "0".into(), "0".into()]);
    Table::Figures { head: vec!["Stage", "Reached", "Went on", "At it", "Failed"], rows }
}

#[allow(clippy::cast_precision_loss)]
fn picture(series: &FunnelChart, width: f64) -> Shapes {
    let all = series.all.max(1) as f64;
    let inside = (width - LEFT - RIGHT).max(1.0);
    // What is there is seen, however few of ten thousand.
    let length = |count: usize| if count > 0 { (inside * count as f64 / all).max(2.0) } else { 0.0 };
    let complete = Step { reached: series.complete(), passed: series.complete(), ..Step::default() };
    let stages = Stage::ALL.map(|stage| (stage.name(), stage.state().name(), series.steps[stage.index()]));
    let lines = stages.into_iter().chain([("complete", "complete", complete)]);
    let mut shapes = Shapes::default();
    for (at, (name, state, step)) in lines.enumerate() {
        let y = LANE * at as f64 + (LANE - BAR) / 2.0;
        let mut track = Pen::default();
        track.rect(LEFT, y, inside, BAR);
        shapes.path("chart-track", track);
        shapes.text("chart-name", Anchor::Start, (4.0, y + BAR / 2.0 + 4.0), name);
        let mut x = LEFT;
        let parts = [
            ("chart-passed", state, step.passed),
            ("chart-half", state, step.here),
            ("chart-fill", "failed", step.failed),
        ];
        for (class, state, count) in parts {
            let mut pen = Pen::default();
            pen.rect(x, y, (length(count) - 1.0).max(0.0), BAR);
            shapes.state(class, state, pen);
            x += length(count);
        }
        let share = format!("{} \u{b7} {:.0}\u{202f}%", step.reached, step.reached as f64 / all * 100.0);
        let place = (width - RIGHT + 10.0, y + BAR / 2.0 + 4.0);
        shapes.text("chart-value", Anchor::Start, place, share);
    }
    shapes
}
