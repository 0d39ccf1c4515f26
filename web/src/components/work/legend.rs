//! The legend of the common axis: the marks that occur, and no others.
use super::overview::{Marks, colour};
use super::work_view::WorkView;
use callboard_core::Stage;
use leptos::prelude::*;

/// The legend.
#[component]
pub fn Legend(
    /// The state of the page.
    work: WorkView,
) -> impl IntoView {
    let marks = Memo::new(move |_| work.overview.with(|overview| overview.marks));
    move || {
        let entries = entries(marks.get()).into_iter().map(|(mark, state, words)| {
            view! { <span class="work-key" data-state=state><i class=mark></i>{words}</span> }
        });
        view! { <div class="work-legend">{entries.collect_view()}</div> }
    }
}

/// Returns the class, the state and the word of each mark that occurs.
fn entries(marks: Marks) -> Vec<(&'static str, Option<&'static str>, &'static str)> {
    let stages = Stage::ALL.into_iter().filter(|stage| marks.stages[stage.index()]);
    let mut entries: Vec<_> = stages.map(|stage| ("work-key-bar", Some(colour(Some(stage))), stage.name())).collect();
    let others = [
        (marks.other, "work-key-bar", Some(colour(None)), "other stages"),
        (marks.skipped, "work-key-bar work-key-skipped", Some("skipped"), "skipped"),
        (marks.failed, "work-key-mark", Some("failed"), "\u{d7} failed"),
        (marks.sent_back, "work-key-mark", Some("failed"), "\u{2190} sent back"),
        (marks.overdue, "work-key-bar work-key-overdue", Some("retry"), "late"),
        (marks.waits, "work-key-wait", None, "waiting"),
        (marks.derived, "work-key-bar work-key-derived", Some("skipped"), "dotted: estimated from timestamps"),
    ];
    entries.extend(
        others.into_iter().filter(|(is_shown, ..)| *is_shown).map(|(_, mark, state, word)| (mark, state, word)),
    );
    entries
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_marks_that_occur_have_an_entry() {
        assert!(entries(Marks::default()).is_empty());
        let marks = Marks { stages: [true, false, false, true], failed: true, ..Marks::default() };
        let words: Vec<&str> = entries(marks).into_iter().map(|(.., words)| words).collect();
        assert_eq!(words, ["research", "synthesis", "\u{d7} failed"]);
    }
}
