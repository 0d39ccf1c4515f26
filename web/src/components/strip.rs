//! The pipeline as a strip of lamps, one per stage.
use crate::format::UNKNOWN;
use callboard_core::Stage;
use callboard_workspace::{Mark, Marks};
use leptos::prelude::*;

/// Returns the class and colour of a lamp.
pub fn lamp(mark: Mark) -> (&'static str, String) {
    match mark {
        Mark::Pending => ("lamp", "pending".into()),
        Mark::Complete => ("lamp lamp-on", "complete".into()),
        Mark::Skipped => ("lamp lamp-skipped", "skipped".into()),
        Mark::Current(state) => ("lamp lamp-current", state.name().to_lowercase()),
        Mark::InProgress => ("lamp lamp-current", "in_progress".into()),
        Mark::Failed => ("lamp lamp-current", "failed".into()),
        Mark::Unknown => ("lamp lamp-unknown", "unknown".into()),
    }
}

/// Returns the mark of a stage by its place; `None` for a pipeline that has fewer.
pub fn mark_at(marks: &Marks, at: usize) -> Option<Mark> {
    match marks {
        Marks::Framework(marks) => marks.get(at).copied(),
        Marks::Foreign(marks) => marks.get(at).map(|(_, mark)| *mark),
    }
}

/// Describes the strip.
pub fn words(marks: &Marks) -> String {
    let stage = |(name, mark): (&str, Mark)| {
        let how = match mark {
            Mark::Pending => "pending".to_owned(),
            Mark::Complete => "complete".to_owned(),
            Mark::Skipped => "skipped".to_owned(),
            Mark::Current(state) => state.name().to_lowercase(),
            Mark::InProgress => "in progress".to_owned(),
            Mark::Failed => "failed".to_owned(),
            Mark::Unknown => "unknown".to_owned(),
        };
        format!("{name} {how}")
    };
    let stages: Vec<String> = match marks {
        Marks::Framework(marks) => Stage::ALL.into_iter().map(Stage::name).zip(marks.iter().copied()).map(stage).collect(),
        Marks::Foreign(marks) => marks.iter().map(|(name, mark)| (&**name, *mark)).map(stage).collect(),
    };
    stages.join(", ")
}

/// Formats a percentage as `25 %`, or the placeholder if unknown.
pub fn percentage(percent: Option<u8>) -> String {
    percent.map_or_else(|| UNKNOWN.to_owned(), |percent| format!("{percent}\u{202f}%"))
}

/// The lamps and the percentage.
#[component]
pub fn Strip(
    /// The mark of each stage.
    marks: Marks,
    /// The percentage of the pipeline that is done.
    percent: Option<u8>,
) -> impl IntoView {
    let all: Vec<Mark> = (0..).map_while(|at| mark_at(&marks, at)).collect();
    let words = words(&marks);
    let lamps = all.into_iter().map(|mark| {
        let (class, colour) = lamp(mark);
        view! { <i class=class data-state=colour></i> }
    });
    view! {
        <span class="strip">
            <span class="lamps" role="img" aria-label=words.clone() title=words>
                {lamps.collect_view()}
            </span>
            <span class="strip-percent">{percentage(percent)}</span>
        </span>
    }
}
