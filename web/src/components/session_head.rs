//! The head of a session's page: what it is, how it stands, and what is done with it as a whole.
use super::button::{Button, Weight};
use super::compare_with::{Choosing, CompareWith};
use super::facts::{Fact, Spent, TextOr};
use super::icon::{Glyph, Icon};
use super::list::Kept;
use super::moment::Ago;
use super::state_chip::{HealthChip, StateChip};
use super::strip::Strip;
use crate::pages::session_address::At;
use crate::store::workspace::{Same, policy, use_workspace};
use callboard_core::Health;
use callboard_workspace::Entry;
use leptos::prelude::*;

/// The head.
#[component]
pub fn Head(
    /// The session.
    entry: Same<Entry>,
    /// Where the page is.
    at: Memo<At>,
    /// The choice of the session beside this one.
    choosing: Choosing,
) -> impl IntoView {
    // As it was asked last: who came from there finds it again.
    let list: Kept = expect_context();
    let summary = entry.summary().clone();
    let episode = entry.session().episode();
    let audience = episode.target_audience.unwrap_or_else(|| "general".into());
    let number = summary.number.map(|number| number.to_string());
    let unreadable = summary.state.clone().err();
    let created = entry.session().created();
    let (faring, doing) = (entry.clone(), entry);
    view! {
        <div class="session-head">
            <div class="crumbs">
                <a href=list.address>"Sessions"</a>
                <Icon glyph=Glyph::Next/>
                <bdi class="mono break" translate="no">{summary.id.clone()}</bdi>
                {summary.changed.then(|| view! { <span class="edited">"edited"</span> })}
            </div>
            <div class="session-title">
                <h1 tabindex="-1">
                    <TextOr text=summary.topic.clone() missing="The file names no topic."/>
                </h1>
                <Doings entry=doing at choosing/>
            </div>
            {unreadable.map(|why| view! { <p class="refusal"><bdi>{why}</bdi></p> })}
            <dl class="headline">
                <Fact name="State"><StateChip state=summary.state.clone()/></Fact>
                <Fact name="Progress"><Strip marks=summary.marks percent=summary.percent/></Fact>
                <Fact name="Health"><HealthOf entry=faring/></Fact>
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
                <Fact name="Audience"><bdi>{audience}</bdi></Fact>
                <Fact name="Created"><Ago moment=created/></Fact>
                <Fact name="Updated"><Ago moment=summary.updated/></Fact>
            </dl>
        </div>
    }
}

#[component]
fn Doings(
    /// The session.
    entry: Same<Entry>,
    /// Where the page is.
    at: Memo<At>,
    /// The choice of the session beside this one.
    choosing: Choosing,
) -> impl IntoView {
    let workspace = use_workspace();
    let id = || entry.id().to_owned();
    let (export_id, undo_id, redo_id) = (id(), id(), id());
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
    view! {
        <div class="session-doings">
            {undo}
            {redo}
            <CompareWith entry=entry.clone() at choosing/>
            <Button label="Export" glyph=Glyph::Export key_hint="e" on_press=move || workspace.export(&export_id)/>
        </div>
    }
}

/// How the session fares, with every reason.
#[component]
fn HealthOf(
    /// The session.
    entry: Same<Entry>,
) -> impl IntoView {
    let clock = use_workspace().clock;
    let readable = entry.summary().state.is_ok();
    let health = Memo::new(move |_| entry.session().health(clock.half_minute.get(), &policy()));
    move || health.with(|health| chip(health, readable))
}

fn chip(health: &Health, readable: bool) -> impl IntoView + use<> {
    let reasons: Vec<String> = health.reasons.iter().map(|reason| reason.message.clone()).collect();
    let first = reasons.first().cloned();
    view! {
        <HealthChip health=health.health readable/>
        {first.map(|first| view! {
            <bdi class="health-why muted" tabindex="0" data-tip=reasons.join(" ")>{first}</bdi>
        })}
    }
}
