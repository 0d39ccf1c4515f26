//! The pipeline as a strip of four lamps, one per stage.
use crate::format::UNKNOWN;
use callboard_core::Stage;
use callboard_workspace::Mark;
use leptos::prelude::*;

/// Returns the class and colour of a lamp.
pub fn lamp(mark: Mark) -> (&'static str, String) {
    match mark {
        Mark::Pending => ("lamp", "pending".into()),
        Mark::Complete => ("lamp lamp-on", "complete".into()),
        Mark::Skipped => ("lamp lamp-skipped", "skipped".into()),
        Mark::Current(state) => ("lamp lamp-current", state.name().to_lowercase()),
        Mark::Unknown => ("lamp lamp-unknown", "unknown".into()),
    }
}

/// Describes the strip.
pub fn words(marks: [Mark; 4]) -> String {
    let stages = Stage::ALL.map(|stage| {
        let how = match marks[stage.index()] {
            Mark::Pending => "pending".to_owned(),
            Mark::Complete => "complete".to_owned(),
            Mark::Skipped => "skipped".to_owned(),
            Mark::Current(state) => state.name().to_lowercase(),
            Mark::Unknown => "unknown".to_owned(),
        };
        format!("{} {how}", stage.name())
    });
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
    marks: [Mark; 4],
    /// The percentage of the pipeline that is done.
    percent: Option<u8>,
) -> impl IntoView {
    let lamps = marks.map(|mark| {
        let (class, colour) = lamp(mark);
        view! { <i class=class data-state=colour></i> }
    });
    view! {
        <span class="strip">
            <span class="lamps" role="img" aria-label=words(marks) title=words(marks)>
                {lamps.into_iter().collect_view()}
            </span>
            <span class="strip-percent">{percentage(percent)}</span>
        </span>
    }
}
