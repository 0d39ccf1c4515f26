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
use crate::session_address::At;
use crate::store::workspace::{policy, use_workspace};
use callboard_core::{Health, Session, State};
use callboard_workspace::{Entry, Summary};
use leptos::prelude::*;

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
    let topic = of_summary(session, |summary| summary.topic.clone());
    let state = of_summary(session, |summary| summary.state.clone());
    let progress = of_summary(session, |summary| (summary.marks, summary.percent));
    let spent = of_summary(session, |summary| (summary.cost, summary.budget, summary.within_budget));
    let number = of_summary(session, |summary| summary.number);
    let updated = of_summary(session, |summary| summary.updated);
    let complexity = session.part(|session| session.episode().complexity_target);
    let audience = session.part(|session| session.episode().target_audience);
    let created = session.part(Session::created);
    let health = session.part(move |session| session.health(clock.half_minute.get(), &policy()));
    let unreadable = move || state.get().err();
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
            <dl class="headline">
                <Fact name="State">{move || view! { <StateChip state=state.get()/> }}</Fact>
                <Fact name="Progress">
                    {move || {
                        let (marks, percent) = progress.get();
                        view! { <Strip marks percent/> }
                    }}
                </Fact>
                <Fact name="Health"><HealthOf health state/></Fact>
                <Fact name="Cost / budget">
                    {move || {
                        let (cost, budget, within) = spent.get();
                        view! { <Spent cost budget within/> }
                    }}
                </Fact>
                <Fact name="Episode">
                    {move || {
                        let text = number.get().map(|number| number.to_string());
                        view! { <TextOr text missing="The file has no number."/> }
                    }}
                </Fact>
                <Fact name="Complexity">
                    {move || {
                        let text = complexity.get().map(|level| format!("{level} of 5"));
                        view! { <TextOr text missing="The file has no complexity."/> }
                    }}
                </Fact>
                <Fact name="Audience"><bdi>{move || audience.get().unwrap_or_else(|| "general".into())}</bdi></Fact>
                <Fact name="Created"><Ago moment=created/></Fact>
                <Fact name="Updated"><Ago moment=updated/></Fact>
            </dl>
        </div>
    }
}

/// Follows a part of what a list shows of the session.
fn of_summary<T: PartialEq + Send + Sync + 'static>(session: SessionSignals, read: fn(&Summary) -> T) -> Memo<T> {
    Memo::new(move |_| session.text.with(|entry| read(entry.summary())))
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

/// How the session fares, with every reason.
#[component]
fn HealthOf(
    /// Its health.
    health: Memo<Health>,
    /// Its state, or why that cannot be read.
    state: Memo<Result<State, String>>,
) -> impl IntoView {
    let level = Memo::new(move |_| (health.with(|health| health.health), state.with(Result::is_ok)));
    let chip = move || {
        let (health, readable) = level.get();
        view! { <HealthChip health readable/> }
    };
    let first = Memo::new(move |_| health.with(|health| Some(health.reasons.first()?.message.clone())));
    let is_explained = Memo::new(move |_| first.with(Option::is_some));
    let all = move || {
        let messages = |health: &Health| health.reasons.iter().map(|it| it.message.clone()).collect::<Vec<_>>();
        health.with(messages).join(" ")
    };
    view! {
        {chip}
        {move || is_explained.get().then(|| view! {
            <bdi class="health-why muted" tabindex="0" data-tip=all>{first}</bdi>
        })}
    }
}
