//! One session: what happened, what may happen next.
use super::unknown::Unknown;
use crate::components::action_panel::ActionPanel;
use crate::components::agents::Agents;
use crate::components::button::{Button, Weight};
use crate::components::diff_view::{DiffView, Tally, tally};
use crate::components::facts::{Fact, Spent, TextOr};
use crate::components::icon::{Glyph, Icon};
use crate::components::moment::Ago;
use crate::components::state_chip::StateChip;
use crate::components::strip::Strip;
use crate::components::timeline::SessionTimeline;
use crate::format::count;
use crate::platform::dom;
use crate::route::Route;
use crate::store::edit::Edit;
use crate::store::entry::Entry;
use crate::store::workspace::{Same, use_workspace};
use callboard_core::Diagnostic;
use leptos::prelude::*;

/// The page of one session.
#[component]
pub fn SessionPage(
    /// Its id.
    id: String,
) -> impl IntoView {
    let workspace = use_workspace();
    let entry = workspace.entry(id.clone());
    Effect::new(move |before: Option<bool>| {
        let is_there = entry.with(Option::is_some);
        if before == Some(true) {
            // The page was drawn anew, and whatever had the focus is gone.
            dom::keep_focus_near(".transition-button:not([aria-disabled=true])");
        }
        is_there
    });
    move || match entry.get() {
        Some(entry) => view! { <Loaded entry/> }.into_any(),
        None if workspace.ready.get() => view! { <Unknown what=id.clone()/> }.into_any(),
        None => ().into_any(),
    }
}

#[component]
fn Loaded(
    /// The session.
    entry: Same<Entry>,
) -> impl IntoView {
    view! {
        <div class="page session" data-session=entry.id().to_owned()>
            <Head entry=entry.clone()/>
            <Incoming entry=entry.clone()/>
            <div class="session-body">
                <div class="session-timeline">
                    <SessionTimeline entry=entry.clone()/>
                </div>
                <div class="session-side">
                    <ActionPanel entry=entry.clone()/>
                </div>
                <div class="session-rest">
                    <Agents entry=entry.clone()/>
                    <LocalChanges entry=entry.clone()/>
                    <Diagnostics found=entry.session().diagnostics().to_vec()/>
                </div>
            </div>
        </div>
    }
}

#[component]
fn Head(
    /// The session.
    entry: Same<Entry>,
) -> impl IntoView {
    let workspace = use_workspace();
    let summary = entry.summary().clone();
    let episode = entry.session().episode();
    let audience = episode.target_audience.unwrap_or_else(|| "general".into());
    let number = summary.number.map(|number| number.to_string());
    let id = summary.id.clone();
    let export = move || workspace.export(&id);
    let unreadable = summary.state.clone().err();
    view! {
        <div class="session-head">
            <div class="crumbs">
                <a href=Route::Sessions.href()>"Sessions"</a>
                <Icon glyph=Glyph::Next/>
                <span class="mono break">{summary.id.clone()}</span>
                {summary.changed.then(|| view! { <span class="edited">"edited"</span> })}
            </div>
            <div class="session-title">
                <h1 tabindex="-1">
                    <TextOr text=summary.topic.clone() missing="The file names no topic."/>
                </h1>
                <Button label="Export" glyph=Glyph::Export key_hint="e" on_press=export/>
            </div>
            {unreadable.map(|why| view! { <p class="refusal">{why}</p> })}
            <dl class="headline">
                <Fact name="State"><StateChip state=summary.state.clone()/></Fact>
                <Fact name="Progress"><Strip marks=summary.marks percent=summary.percent/></Fact>
                <Fact name="Cost / budget">
                    <Spent cost=summary.cost budget=summary.budget within=summary.within_budget/>
                </Fact>
                <Fact name="Episode"><TextOr text=number missing="The file has no number."/></Fact>
                <Fact name="Complexity">
                    <TextOr
                        text=episode.complexity_target.map(|level| format!("{level} of 5"))
                        missing="The file has no complexity."
                    />
                </Fact>
                <Fact name="Audience">{audience}</Fact>
                <Fact name="Created"><Ago moment=entry.session().created()/></Fact>
                <Fact name="Updated"><Ago moment=summary.updated/></Fact>
            </dl>
        </div>
    }
}

/// Another text of the same session was dropped while local edits stood.
#[component]
fn Incoming(
    /// The session.
    entry: Same<Entry>,
) -> impl IntoView {
    let workspace = use_workspace();
    let id = entry.id().to_owned();
    entry.incoming().cloned().map(|incoming| {
        let lines = callboard_core::diff::lines(entry.session().text(), &incoming);
        let (added, removed) = tally(&lines);
        let (take, keep) = (id.clone(), id);
        view! {
            <section class="notice notice-loud" aria-label="A dropped text waits">
                <div class="notice-head">
                    <Icon glyph=Glyph::Warning/>
                    <p>
                        "You changed this session here, then another text of it was dropped. "
                        "Yours is shown; the dropped one waits."
                    </p>
                    <Button label="Keep mine" on_press=move || workspace.decide(&keep, false)/>
                    <Button label="Take the dropped one" on_press=move || workspace.decide(&take, true)/>
                </div>
                <details class="fold">
                    <summary>"From yours to the dropped one " <Tally added removed/></summary>
                    <DiffView lines label="From your text to the dropped one"/>
                </details>
            </section>
        }
    })
}

#[component]
fn LocalChanges(
    /// The session.
    entry: Same<Entry>,
) -> impl IntoView {
    let workspace = use_workspace();
    let (undo_id, redo_id) = (entry.id().to_owned(), entry.id().to_owned());
    let steps = entry.standing().iter().rev().map(step).collect_view();
    let redo = entry.next().map(|_| {
        view! {
            <Button label="Redo" glyph=Glyph::Redo weight=Weight::Quiet key_hint="U" on_press=move || workspace.redo(&redo_id)/>
        }
    });
    let undo = entry.last().map(|_| {
        view! {
            <Button label="Undo" glyph=Glyph::Undo weight=Weight::Quiet key_hint="u" on_press=move || workspace.undo(&undo_id)/>
        }
    });
    (undo.is_some() || redo.is_some()).then(|| {
        let lines = entry.diff();
        let (added, removed) = tally(&lines);
        view! {
            <section class="panel" aria-labelledby="changes-title">
                <div class="panel-head">
                    <h2 id="changes-title">"Changed here"</h2>
                    <Tally added removed/>
                    <span class="spacer"></span>
                    {redo}
                    {undo}
                </div>
                <ol class="steps">{steps}</ol>
                {entry.changed().then(|| view! { <DiffView lines label="Lines changed here"/> })}
            </section>
        }
    })
}

fn step(edit: &Edit) -> impl IntoView + use<> {
    view! {
        <li class="step">
            <span>{edit.sentence.clone()}</span>
            <span class="muted"><Ago moment=Some(edit.made)/></span>
        </li>
    }
}

#[component]
fn Diagnostics(
    /// What the core found.
    found: Vec<Diagnostic>,
) -> impl IntoView {
    (!found.is_empty()).then(|| {
        let number = count(found.len(), "remark", "remarks");
        let rows = found.into_iter().map(|diagnostic| {
            view! {
                <li class="remark">
                    <span class="remark-place mono">{diagnostic.line} ":" {diagnostic.column}</span>
                    <span>{diagnostic.message.clone()}</span>
                    <span class="mono muted break">{diagnostic.path.clone()}</span>
                </li>
            }
        });
        view! {
            <section class="panel" aria-labelledby="remarks-title">
                <div class="panel-head">
                    <h2 id="remarks-title">"About the file"</h2>
                    <span class="muted">{number}</span>
                </div>
                <ul class="remarks">{rows.collect_view()}</ul>
            </section>
        }
    })
}
