//! The header of a session's page: title, figures and actions.
use super::button::{Button, SaveButton, Weight};
use super::compare_with::CompareWith;
use super::glossary::{Help, Term};
use super::head_outlook::HeadOutlook;
use super::icon::{Glyph, Icon};
use super::labelled_value::{CostOfBudget, LabelledValue, TextOrUnknown};
use super::list::ListState;
use super::neighbours::Neighbours;
use super::news_mark::SinceLastLook;
use super::sent_back::SentBackNotes;
use super::session_signals::SessionSignals;
use super::state_chip::{HealthChip, StateChip};
use super::strip::Strip;
use super::time::RelativeTime;
use crate::session_address::SessionAddress;
use crate::store::live::use_live;
use crate::store::workspace::{policy, use_workspace};
use callboard_core::{Health, Session, State};
use callboard_workspace::{Entry, Summary};
use leptos::prelude::*;

/// The header.
#[component]
pub fn Head(
    /// The session.
    session: SessionSignals,
    /// The parameters of the page's address.
    at: Memo<SessionAddress>,
) -> impl IntoView {
    // The list with its last filters.
    let list: ListState = expect_context();
    let clock = use_workspace().clock;
    let is_changed = session.entry_part(Entry::changed);
    let topic = summary_part(session, |summary| summary.topic.clone());
    let state = session.entry_part(|entry| entry.session().state().map_err(|why| why.to_string()));
    let progress = summary_part(session, |summary| (summary.marks.clone(), summary.percent));
    let spent = summary_part(session, |summary| (summary.cost, summary.budget, summary.within_budget));
    let number = summary_part(session, |summary| summary.number);
    let updated = summary_part(session, |summary| summary.updated);
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
                <Neighbours id=session.id() at/>
            </div>
            <div class="session-title">
                <h1 tabindex="-1">
                    {move || view! { <TextOrUnknown text=topic.get() missing="No topic in the file."/> }}
                </h1>
                <HeadActions session at/>
            </div>
            <SinceLastLook id=session.id()/>
            {move || unreadable().map(|why| view! { <p class="refusal"><bdi>{why}</bdi></p> })}
            <dl class="headline">
                <LabelledValue name="State">{move || view! { <StateChip state=state.get()/> }}</LabelledValue>
                <LabelledValue name="Progress">
                    {move || {
                        let (marks, percent) = progress.get();
                        view! { <Strip marks percent/> }
                    }}
                </LabelledValue>
                <LabelledValue name="Health"><HealthWithReasons health state/></LabelledValue>
                <HeadOutlook session/>
                <LabelledValue name="Cost / budget">
                    {move || {
                        let (cost, budget, within) = spent.get();
                        view! { <CostOfBudget cost budget within/> }
                    }}
                </LabelledValue>
                <LabelledValue name="Episode">
                    {move || {
                        let text = number.get().map(|number| number.to_string());
                        view! { <TextOrUnknown text missing="No episode number in the file."/> }
                    }}
                </LabelledValue>
                <LabelledValue name="Complexity">
                    {move || {
                        let text = complexity.get().map(|level| format!("{level} of 5"));
                        view! { <TextOrUnknown text missing="No complexity in the file."/> }
                    }}
                </LabelledValue>
                <LabelledValue name="Audience"><bdi>{move || audience.get().unwrap_or_else(|| "general".into())}</bdi></LabelledValue>
                <LabelledValue name="Created"><RelativeTime moment=created/></LabelledValue>
                <LabelledValue name="Updated"><RelativeTime moment=updated/></LabelledValue>
            </dl>
            <SentBackNotes session label="Feedback from evaluation"/>
        </div>
    }
}

/// Follows a part of the session's summary.
fn summary_part<T: PartialEq + Send + Sync + 'static>(session: SessionSignals, read: fn(&Summary) -> T) -> Memo<T> {
    Memo::new(move |_| session.text.with(|entry| read(entry.summary())))
}

#[component]
fn HeadActions(
    /// The session.
    session: SessionSignals,
    /// The parameters of the page's address.
    at: Memo<SessionAddress>,
) -> impl IntoView {
    let (workspace, live) = (use_workspace(), use_live());
    let can_redo = session.entry_part(|entry| entry.next().is_some());
    let can_undo = session.entry_part(|entry| entry.last().is_some());
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
    let is_changed = session.entry_part(Entry::changed);
    let can_save = Memo::new(move |_| live.abilities().write && is_changed.get());
    let save = move || {
        can_save.get().then(|| {
            view! {
                <SaveButton
                    label="Save"
                    key_hint="Ctrl S"
                    on_press=move || live.save(&session.id())
                />
            }
        })
    };
    view! {
        <div class="session-actions">
            {undo}
            {redo}
            <CompareWith session at/>
            {save}
            <Button label="Export" glyph=Glyph::Export key_hint="e" on_press=move || workspace.export(&session.id())/>
        </div>
    }
}

/// The session's health, with all its reasons as a tip.
#[component]
fn HealthWithReasons(
    /// The health.
    health: Memo<Health>,
    /// The state, or the reason why it is unreadable.
    state: Memo<Result<State, String>>,
) -> impl IntoView {
    let level = Memo::new(move |_| (health.with(|health| health.health), state.with(Result::is_ok)));
    let chip = move || {
        let (health, readable) = level.get();
        view! { <HealthChip health readable/> }
    };
    // Failed gates are shown in full below.
    let shown =
        |health: &Health| health.reasons.iter().find(|it| it.code != "gates_failed").map(|it| it.message.clone());
    let first = Memo::new(move |_| health.with(shown));
    let is_explained = Memo::new(move |_| first.with(Option::is_some));
    let term = Memo::new(move |_| health.with(|health| Term::of_reason(health.reasons.first()?.code)));
    let all = move || {
        let messages = |health: &Health| health.reasons.iter().map(|it| it.message.clone()).collect::<Vec<_>>();
        health.with(messages).join(" ")
    };
    view! {
        {chip}
        {move || term.get().map(|term| view! { <Help term/> })}
        {move || is_explained.get().then(|| view! {
            <bdi class="health-why muted" tabindex="0" data-tip=all>{first}</bdi>
        })}
    }
}
