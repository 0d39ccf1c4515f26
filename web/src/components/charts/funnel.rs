//! Funnel of the number of sessions that reached and passed each stage.
use super::chart_source::{Anchor, ChartSource, LegendEntry, Shapes, Table};
use super::duration::{band, line_at};
use super::pen::Pen;
use crate::figures::series::{FunnelStep, funnel};
use crate::format::count as counted;
use crate::store::session_rows::SessionRows;
use callboard_core::Stage;

const LANE: f64 = 40.0;
const HEIGHT: f64 = LANE * 5.0;
const LEFT: f64 = 84.0;
const RIGHT: f64 = 96.0;
const BAR: f64 = 20.0;

/// The funnel: one row per stage, and one for completed sessions.
#[derive(Debug)]
pub struct FunnelChart {
    all: usize,
    steps: [FunnelStep; 4],
    /// Number of sessions of other pipelines, whose stages are others.
    left_out: usize,
}

impl FunnelChart {
    /// Creates the funnel of all sessions.
    pub fn new(rows: &SessionRows) -> Self {
        let all = rows.iter().filter(|row| row.digest().is_some()).count();
        Self { all, left_out: rows.len() - all, steps: funnel(rows) }
    }

    fn complete(&self) -> usize {
        self.steps[3].passed
    }
}

impl ChartSource for FunnelChart {
    fn empty(&self) -> Option<&'static str> {
        (self.steps[0].reached == 0).then_some("No session has started yet.")
    }

    fn count(&self) -> usize {
        5
    }

    fn height(&self, _: f64) -> f64 {
        HEIGHT
    }

    fn draw(&self, width: f64) -> Shapes {
        shapes(self, width)
    }

    fn cursor(&self, at: usize, width: f64) -> Shapes {
        band(at, LANE, width)
    }

    fn locate(&self, (_, y): (f64, f64), _: f64) -> Option<usize> {
        line_at(y, LANE, 5)
    }

    fn summary(&self) -> String {
        let left_out = match self.left_out {
            0 => String::new(),
            number => format!(" Without {} of other pipelines.", counted(number, "session", "sessions")),
        };
        format!("{} of {} complete.{left_out}", self.complete(), counted(self.all, "session", "sessions"))
    }

    fn describe(&self, at: usize) -> String {
        match Stage::ALL.get(at) {
            Some(stage) => {
                let step = self.steps[at];
                format!(
                    "{stage}: {} of {} reached it; {} passed, {} in this stage, {} failed here, {} retry pending",
                    step.reached,
                    counted(self.all, "session", "sessions"),
                    step.passed,
                    step.here,
                    step.failed,
                    step.retry
                )
            }
            None => format!("complete: {} of {}", self.complete(), counted(self.all, "session", "sessions")),
        }
    }

    fn table(&self) -> Table {
        table(self)
    }

    fn legend(&self) -> Vec<LegendEntry> {
        let any = |count: fn(&FunnelStep) -> usize| self.steps.iter().any(|step| count(step) > 0);
        let here = Stage::ALL.into_iter().filter(|stage| self.steps[stage.index()].here > 0);
        let states = here.map(|stage| stage.state().name().to_lowercase()).collect();
        let entries = [
            (LegendEntry::new("", "complete", "Passed"), any(|step| step.passed)),
            (LegendEntry { states, ..LegendEntry::new("key-here", "", "In this stage") }, any(|step| step.here)),
            (LegendEntry::new("", "failed", "Failed here"), any(|step| step.failed)),
            (LegendEntry::new("", "retry", "Retry pending"), any(|step| step.retry)),
        ];
        entries.into_iter().filter(|(_, is_there)| *is_there).map(|(entry, _)| entry).collect()
    }
}

fn table(series: &FunnelChart) -> Table {
    let mut rows: Vec<Vec<String>> = Stage::ALL
        .map(|stage| {
            let step = series.steps[stage.index()];
            let figures = [step.reached, step.passed, step.here, step.failed, step.retry];
            [vec![stage.name().to_owned()], figures.map(|figure| figure.to_string()).into()].concat()
        })
        .into();
    let complete = series.complete().to_string();
    rows.push(vec!["complete".into(), complete.clone(), complete, "0".into(), "0".into(), "0".into()]);
    Table::Figures { head: vec!["Stage", "Reached", "Passed", "In this stage", "Failed here", "Retry pending"], rows }
}

#[allow(clippy::cast_precision_loss)]
fn shapes(series: &FunnelChart, width: f64) -> Shapes {
    let all = series.all.max(1) as f64;
    let inside = (width - LEFT - RIGHT).max(1.0);
    // Even one of ten thousand sessions must be visible.
    let length = |count: usize| if count > 0 { (inside * count as f64 / all).max(2.0) } else { 0.0 };
    let complete = FunnelStep { reached: series.complete(), passed: series.complete(), ..FunnelStep::default() };
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
            ("chart-fill", "complete", step.passed),
            ("chart-half", state, step.here),
            ("chart-fill", "failed", step.failed),
            ("chart-fill", "retry", step.retry),
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
