//! The resume point of another pipeline's session, and what it costs.
use crate::components::labelled_value::ValueOrUnknown;
use crate::format::money;
use callboard_core::import::{ForeignSession, ForeignStage, ResumePoint};
use leptos::prelude::*;

/// Returns the resume point in one sentence: `Resume at Script: $6.92 spent, $2.42 would be spent again.`
fn sentence(resume: &ResumePoint, next: Option<&str>) -> String {
    let start = match next {
        Some(next) => format!("Resume at {next}"),
        None => "Next stage unknown".to_owned(),
    };
    let spent = resume.spent.map(|spent| format!("{} spent", money(Some(spent))));
    let again = resume.spent_again.map(|again| format!("{} would be spent again", money(Some(again))));
    let costs: Vec<String> = spent.into_iter().chain(again).collect();
    if costs.is_empty() { format!("{start}.") } else { format!("{start}: {}.", costs.join(", ")) }
}

/// The panel.
#[component]
pub fn Resume(
    /// The session.
    session: ForeignSession,
) -> impl IntoView {
    let label = |name: &str| {
        let of_name = |stage: &&ForeignStage| stage.name == name;
        session.stages.iter().find(of_name).map_or_else(|| name.to_owned(), |stage| stage.label.clone())
    };
    let content = match &session.resume {
        Some(resume) => {
            let next = resume.next.as_deref().map(label);
            let words = sentence(resume, next.as_deref());
            let last = resume.last_trusted.as_deref().map(label);
            view! {
                <p class="resume-words"><bdi>{words}</bdi></p>
                <dl class="facts">
                    <div class="fact">
                        <dt>"Complete up to"</dt>
                        <dd><ValueOrUnknown value=last missing="The first stage is not known to be complete."/></dd>
                    </div>
                    <div class="fact">
                        <dt>"Next"</dt>
                        <dd><ValueOrUnknown value=next missing="No next stage in the files."/></dd>
                    </div>
                    <div class="fact">
                        <dt>"Spent"</dt>
                        <dd><ValueOrUnknown value=resume.spent.map(|it| money(Some(it))) missing="No cost in the files."/></dd>
                    </div>
                    <div class="fact">
                        <dt>"Spent again"</dt>
                        <dd>
                            <ValueOrUnknown
                                value=resume.spent_again.map(|it| money(Some(it)))
                                missing="Unknown cost of the stages to redo."
                            />
                        </dd>
                    </div>
                </dl>
            }
            .into_any()
        }
        None if session.is_complete()
            || session.state.as_ref().is_some_and(|state| state.value.name() == "complete") =>
        {
            view! { <p class="muted">"Complete: nothing is left to resume."</p> }.into_any()
        }
        None => view! { <p class="muted">"No stage statuses in the files."</p> }.into_any(),
    };
    view! {
        <section class="panel" aria-labelledby="resume-title">
            <div class="panel-head"><h2 id="resume-title">"Resume point"</h2></div>
            <div class="panel-body resume">{content}</div>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use callboard_core::Money;

    #[test]
    fn the_sentence_has_what_is_known() {
        let check = |spent: &str, again: &str, next, expected: &str| {
            let resume =
                ResumePoint { spent: Money::parse(spent), spent_again: Money::parse(again), ..Default::default() };
            assert_eq!(sentence(&resume, next), expected);
        };
        check("6.92", "2.42", Some("Script"), "Resume at Script: $6.92 spent, $2.42 would be spent again.");
        check("6.92", "", None, "Next stage unknown: $6.92 spent.");
        check("", "", Some("Script"), "Resume at Script.");
    }
}
