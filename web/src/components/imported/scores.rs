//! The scores of another pipeline's session: on their own scale, and from 0 to 1.
use super::source::{Sourced, SourcedOrUnknown, ValueSource};
use crate::components::meters::Meter;
use crate::format::{score as from_0_to_1, title_case};
use callboard_core::import::{ForeignSession, Score};
use leptos::prelude::*;

/// Formats a score on its own scale: `9.3 of 10`.
pub fn of_scale(score: &Score) -> String {
    match score.scale {
        Some(scale) => format!("{} of {scale}", score.raw.value),
        None => score.raw.value.to_string(),
    }
}

/// The panel of scores; absent if no file has one.
#[component]
pub fn Scores(
    /// The session.
    session: ForeignSession,
) -> impl IntoView {
    let whole = session.scores.iter().map(|score| (None, score));
    let stages = session
        .stages
        .iter()
        .flat_map(|stage| stage.scores.iter().map(move |score| (Some(stage.label.clone()), score)));
    let scores: Vec<(Option<String>, &Score)> = whole.chain(stages).collect();
    if scores.is_empty() {
        return ().into_any();
    }
    let rows = scores.into_iter().map(|(stage, score)| row(stage, score)).collect_view();
    view! {
        <section class="panel" aria-labelledby="scores-title">
            <div class="panel-head"><h2 id="scores-title">"Scores"</h2></div>
            <div class="panel-body scroll-x">
                <table class="plain limits-table">
                    <thead>
                        <tr>
                            <th scope="col">"Score"</th>
                            <th scope="col">"Of"</th>
                            <th scope="col" class="limits-bar"><span class="sr-only">"Bar"</span></th>
                            <th scope="col" class="num">"In the file"</th>
                            <th scope="col" class="num">"0 to 1"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}

fn row(stage: Option<String>, score: &Score) -> impl IntoView + use<> {
    let source = ValueSource::figure(&score.raw);
    let words = of_scale(score);
    let normalised = score.normalised.map(|score| (from_0_to_1(Some(score)), source.clone()));
    view! {
        <tr>
            <th scope="row">{title_case(&score.name)}</th>
            <td class="muted">{stage.unwrap_or_else(|| "Episode".to_owned())}</td>
            <td><Meter part=score.normalised state="initialized"/></td>
            <td class="num"><Sourced source>{words}</Sourced></td>
            <td class="num">
                <SourcedOrUnknown value=normalised missing="Unknown scale: it may be out of 1, 10 or 100."/>
            </td>
        </tr>
    }
}
