//! The session that the shape makes of the file, and the other files that it reads.
use super::{OtherFiles, Teaching, Trial, Tried};
use crate::components::icon::{Glyph, Icon};
use crate::components::labelled_value::{CostOfBudget, LabelledValue, TextOrUnknown, ValueOrUnknown};
use crate::components::strip::{Strip, lamp};
use crate::components::time::RelativeTime;
use crate::format::{UNKNOWN, count, session_title, state_label, state_name};
use callboard_core::import::ForeignSession;
use callboard_workspace::{Marks, ReadOnlySession, ShapeTrial};
use leptos::prelude::*;

/// Number of paths that are listed.
const MOST_PATHS: usize = 100;

/// The preview, which follows the draft.
#[component]
pub fn Preview(
    /// The state of the page.
    teaching: Teaching,
) -> impl IntoView {
    let content = move || match teaching.trial.get() {
        Trial::Pending => ().into_any(),
        Trial::Missing(why) => view! { <p class="teach-missing">{why}</p> }.into_any(),
        Trial::Tried(tried) => tried_view(teaching, &tried.0).into_any(),
    };
    view! {
        <section class="panel teach-panel" aria-labelledby="teach-preview">
            <div class="panel-head"><h2 id="teach-preview">"The session as it will be listed"</h2></div>
            <div class="panel-body" aria-live="polite">{content}</div>
            <Others teaching/>
        </section>
    }
}

fn tried_view(teaching: Teaching, tried: &Tried) -> AnyView {
    match &tried.trial {
        ShapeTrial::Unread(why) => view! { <p class="teach-missing">{why.clone()}</p> }.into_any(),
        ShapeTrial::Other { name, title } => {
            let name = name.clone();
            let replace = move |_| teaching.draft.update(|draft| draft.name = Some(name.clone()));
            view! {
                <p class="teach-missing">
                    "Your shape \u{201c}"{title.clone()}"\u{201d} already reads this file: it matches more of its values."
                </p>
                <button type="button" class="button" on:click=replace>"Replace \u{201c}"{title.clone()}"\u{201d}"</button>
            }
            .into_any()
        }
        ShapeTrial::Sessions(sessions) => {
            let more = sessions.len().saturating_sub(1);
            let session = sessions.first().map(|session| session_view(session));
            view! {
                {session}
                {(more > 0).then(|| view! { <p class="muted">"And " {count(more, "more session", "more sessions")} " in this file."</p> })}
            }
            .into_any()
        }
    }
}

fn session_view(session: &ReadOnlySession) -> AnyView {
    let summary = session.summary().clone();
    let (title, state, label) =
        (session_title(&summary), state_name(&summary).to_lowercase(), state_label(&summary).to_string());
    let glyph = Glyph::of_list_state(&summary.state);
    let foreign = session.foreign_session();
    let current = foreign.and_then(|session| session.current_stage.as_ref()).map(|stage| stage.value.clone());
    let stages = stages_view(&summary.marks, foreign);
    view! {
        <div class="teach-session">
            <span class="state" data-state=state><Icon glyph/><span class="state-word">{label}</span></span>
            <strong class="teach-title"><bdi>{title}</bdi></strong>
            <Strip marks=summary.marks.clone() percent=summary.percent/>
        </div>
        {stages}
        <dl class="facts">
            <LabelledValue name="Topic">
                <TextOrUnknown text=summary.topic.clone() missing="No value selected as the topic."/>
            </LabelledValue>
            <LabelledValue name="Episode">
                <ValueOrUnknown value=summary.number.map(|number| number.to_string()) missing="No value selected as the episode number."/>
            </LabelledValue>
            <LabelledValue name="Id"><bdi class="path">{summary.id.clone()}</bdi></LabelledValue>
            <LabelledValue name="Cost">
                <CostOfBudget cost=summary.cost budget=summary.budget within=summary.within_budget/>
            </LabelledValue>
            <LabelledValue name="Updated"><RelativeTime moment=summary.updated/></LabelledValue>
            {current.map(|stage| view! { <LabelledValue name="At"><bdi>{stage}</bdi></LabelledValue> })}
        </dl>
    }
    .into_any()
}

fn stages_view(marks: &Marks, session: Option<&ForeignSession>) -> Option<AnyView> {
    let (Marks::Foreign(marks), Some(session)) = (marks, session) else { return None };
    if marks.is_empty() {
        return None;
    }
    let stages = marks.iter().zip(&session.stages).map(|((label, mark), stage)| {
        let (class, colour) = lamp(*mark);
        let status = stage.status.as_ref().map_or(UNKNOWN, |status| status.value.label());
        let cost = stage.cost.as_ref().map(|cost| crate::format::money(Some(cost.value)));
        view! {
            <li>
                <i class=class data-state=colour></i>
                <bdi>{label.to_string()}</bdi>
                <span class="muted">{status}</span>
                <span class="num">{cost}</span>
            </li>
        }
    });
    Some(view! { <ol class="teach-stages" aria-label="Stages">{stages.collect_view()}</ol> }.into_any())
}

/// The other files that the shape reads.
#[component]
fn Others(
    /// The state of the page.
    teaching: Teaching,
) -> impl IntoView {
    let line = move || {
        let is_tried = teaching.trial.with(|trial| matches!(trial, Trial::Tried(_)));
        teaching.others.with(|OtherFiles { paths, checked, of }| {
            if !is_tried {
                "The other files that the shape reads appear here.".to_owned()
            } else if checked < of {
                format!(
                    "Reads {} so far: {checked} of {of} checked\u{2026}",
                    count(paths.len(), "other file", "other files")
                )
            } else {
                format!("Reads {} of the import.", count(paths.len(), "other file", "other files"))
            }
        })
    };
    let list = move || {
        teaching.others.with(|others| {
            let more = others.paths.len().saturating_sub(MOST_PATHS);
            let paths = others.paths.iter().take(MOST_PATHS).map(|path| view! { <li class="path">{path.clone()}</li> });
            (!others.paths.is_empty()).then(|| {
                view! {
                    <ul class="teach-files" aria-label="Files that the shape reads" tabindex="0">
                        {paths.collect_view()}
                        {(more > 0).then(|| view! { <li class="muted">"and " {more} " more"</li> })}
                    </ul>
                }
            })
        })
    };
    view! {
        <div class="teach-others">
            <p role="status">{line}</p>
            {list}
        </div>
    }
}
