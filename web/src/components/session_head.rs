//! The head of a session's page: what it is, how it stands, and what is done with it as a whole.
use super::button::{Button, Weight};
use super::compare_with::CompareWith;
use super::facts::{Fact, Spent, TextOr};
use super::icon::{Glyph, Icon};
use super::list::Kept;
use super::moment::Ago;
use super::session_signals::SessionSignals;
use super::state_chip::{HealthChip, StateChip};
use super::strip::Strip;
use crate::pages::session_address::At;
use crate::store::workspace::{policy, use_workspace};
use callboard_core::{Health, Money, State, Timestamp};
use callboard_workspace::Entry;
use callboard_workspace::Mark;
use leptos::prelude::*;

/// What the head says of the session.
#[derive(Clone, PartialEq)]
struct Facts {
    state: Result<State, String>,
    marks: [Mark; 4],
    percent: Option<u8>,
    cost: Option<Money>,
    budget: Option<Money>,
    within_budget: Option<bool>,
    number: Option<u64>,
    complexity: Option<u64>,
    audience: String,
    created: Option<Timestamp>,
    updated: Option<Timestamp>,
}

impl Facts {
    fn of(entry: &Entry) -> Self {
        let (summary, episode) = (entry.summary(), entry.session().episode());
        Self {
            state: summary.state.clone(),
            marks: summary.marks,
            percent: summary.percent,
            cost: summary.cost,
            budget: summary.budget,
            within_budget: summary.within_budget,
            number: summary.number,
            complexity: episode.complexity_target,
            audience: episode.target_audience.unwrap_or_else(|| "general".into()),
            created: entry.session().created(),
            updated: summary.updated,
        }
    }
}

/// The head.
#[component]
pub fn Head(
    /// The session.
    session: SessionSignals,
    /// Where the page is.
    at: Memo<At>,
) -> impl IntoView {
    // As it was asked last: who came from there finds it again.
    let list: Kept = expect_context();
    let clock = use_workspace().clock;
    let is_changed = session.part_of_entry(Entry::changed);
    let topic = Memo::new(move |_| session.text.with(|entry| entry.summary().topic.clone()));
    let facts = Memo::new(move |_| session.text.with(|entry| Facts::of(entry)));
    let health = session.part(move |session| session.health(clock.half_minute.get(), &policy()));
    let unreadable = move || facts.with(|facts| facts.state.clone().err());
    view! {
        <div class="session-head">
            <div class="crumbs">
                <a href=list.address>"Sessions"</a>
                <Icon glyph=Glyph::Next/>
                <bdi class="mono break" translate="no">{session.id()}</bdi>
                {move || is_changed.get().then(|| view! { <span class="edited">"edited"</span> })}
            </div>
            <div class="session-title">
                <h1 tabindex="-1">
                    {move || view! { <TextOr text=topic.get() missing="The file names no topic."/> }}
                </h1>
                <Doings session at/>
            </div>
            {move || unreadable().map(|why| view! { <p class="refusal"><bdi>{why}</bdi></p> })}
            <dl class="headline">{move || facts.with(|facts| health.with(|health| headline(facts, health)))}</dl>
        </div>
    }
}

fn headline(facts: &Facts, health: &Health) -> impl IntoView + use<> {
    let Facts { marks, percent, cost, budget, within_budget, created, updated, .. } = *facts;
    let (state, audience) = (facts.state.clone(), facts.audience.clone());
    let health = chip(health, facts.state.is_ok());
    let number = facts.number.map(|number| number.to_string());
    let complexity = facts.complexity.map(|level| format!("{level} of 5"));
    view! {
        <Fact name="State"><StateChip state/></Fact>
        <Fact name="Progress"><Strip marks percent/></Fact>
        <Fact name="Health">{health}</Fact>
        <Fact name="Cost / budget"><Spent cost budget within=within_budget/></Fact>
        <Fact name="Episode"><TextOr text=number missing="The file has no number."/></Fact>
        <Fact name="Complexity"><TextOr text=complexity missing="The file has no complexity."/></Fact>
        <Fact name="Audience"><bdi>{audience}</bdi></Fact>
        <Fact name="Created"><Ago moment=created/></Fact>
        <Fact name="Updated"><Ago moment=updated/></Fact>
    }
}

#[component]
fn Doings(
    /// The session.
    session: SessionSignals,
    /// Where the page is.
    at: Memo<At>,
) -> impl IntoView {
    let workspace = use_workspace();
    let can_redo = session.part_of_entry(|entry| entry.next().is_some());
    let can_undo = session.part_of_entry(|entry| entry.last().is_some());
    let redo = move || {
        can_redo.get().then(|| {
            view! {
                <Button
                    label="Redo"
                    glyph=Glyph::Redo
                    weight=Weight::Quiet
                    key_hint="U"
                    on_press=move || workspace.redo(&session.id())
                />
            }
        })
    };
    let undo = move || {
        can_undo.get().then(|| {
            view! {
                <Button
                    label="Undo"
                    glyph=Glyph::Undo
                    weight=Weight::Quiet
                    key_hint="u"
                    on_press=move || workspace.undo(&session.id())
                />
            }
        })
    };
    view! {
        <div class="session-doings">
            {undo}
            {redo}
            <CompareWith session at/>
            <Button label="Export" glyph=Glyph::Export key_hint="e" on_press=move || workspace.export(&session.id())/>
        </div>
    }
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
