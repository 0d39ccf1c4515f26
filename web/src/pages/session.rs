//! The page of one session.
use super::unknown::Unknown;
use crate::components::action_panel::ActionPanel;
use crate::components::agents::Agents;
use crate::components::conflicts::Conflicts;
use crate::components::diagnostics::Diagnostics;
use crate::components::diagram::Diagram;
use crate::components::event_forms::{EventForm, FormRegistry};
use crate::components::handoffs::Handoffs;
use crate::components::history::History;
use crate::components::json::JsonText;
use crate::components::json::editor::OrphanedDraft;
use crate::components::outputs::list::OutputList;
use crate::components::outputs::reader::OutputReader;
use crate::components::planning::PlanningPanel;
use crate::components::quality::QualityAndCost;
use crate::components::session_head::Head;
use crate::components::session_signals::SessionSignals;
use crate::components::tabs::Tabs;
use crate::components::timeline::SessionTimeline;
use crate::components::timeline::compare::Compare;
use crate::keys::use_panels;
use crate::platform::pace::{next_frame, yield_task};
use crate::platform::{dom, focus};
use crate::session_address::{SessionAddress, Tab};
use crate::store::workspace::use_workspace;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::cell::Cell;

/// The result of looking up a session in the workspace.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lookup {
    /// The session is loaded.
    Loaded,
    /// The workspace has no such session.
    Missing,
    /// Stored sessions are still loading.
    Reading,
}

/// The last part of the page that is rendered so far.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Head,
    Timeline,
    Actions,
    All,
}

thread_local! {
    /// True once a session was shown: the browser compiles code at its first use.
    static IS_COMPILED: Cell<bool> = const { Cell::new(false) };
}

/// Returns the parts to render, which grow until all are: the part below the fold comes one frame later, once, so that
/// nothing jumps afterwards. The first time, the others are a task each, so that none blocks the page.
fn follow_stages() -> RwSignal<Stage> {
    let stage = RwSignal::new(if IS_COMPILED.get() { Stage::Actions } else { Stage::Head });
    spawn_local(async move {
        for part in [Stage::Timeline, Stage::Actions] {
            if stage.try_get_untracked().is_some_and(|stage| stage < part) {
                yield_task().await;
                // The page may have been left meanwhile.
                let _ = stage.try_set(part);
            }
        }
        IS_COMPILED.set(true);
        next_frame().await;
        yield_task().await;
        let _ = stage.try_set(Stage::All);
    });
    stage
}

/// The page of one session.
#[component]
pub fn SessionPage(
    /// Its id.
    id: String,
) -> impl IntoView {
    let workspace = use_workspace();
    let entry = workspace.entry(id.clone());
    let stage = follow_stages();
    let form = expect_context::<FormRegistry>().reopen(&id);
    let found = Memo::new(move |_| match entry.with(Option::is_some) {
        true => Lookup::Loaded,
        false if workspace.ready.get() => Lookup::Missing,
        false => Lookup::Reading,
    });
    move || match found.get() {
        Lookup::Loaded => {
            SessionSignals::follow(entry).map(|session| view! { <Loaded session stage form/> }).into_any()
        }
        Lookup::Missing => view! {
            <Unknown what=id.clone()/>
            <OrphanedDraft id=id.clone()/>
        }
        .into_any(),
        Lookup::Reading => ().into_any(),
    }
}

/// The content of the page, rendered once; its parts follow the session.
#[component]
fn Loaded(
    /// The session.
    session: SessionSignals,
    /// The parts that are rendered so far.
    stage: RwSignal<Stage>,
    /// The session's event form.
    form: EventForm,
) -> impl IntoView {
    let dom::Address(address) = expect_context();
    let at = Memo::new(move |_| SessionAddress::parse(&address.get()));
    let compared = Memo::new(move |_| at.get().compare.filter(|id| *id != session.id()));
    Effect::new(move |before: Option<()>| {
        session.entry.track();
        if before.is_some() {
            // The pressed button may be gone: a resolved conflict, or the last undo.
            focus::focus_if_lost(".transition-button:not([aria-disabled=true]), .actions-handle");
        }
    });
    let has = move |part: Stage| Memo::new(move |_| stage.get() >= part);
    let (has_timeline, has_all) = (has(Stage::Timeline), has(Stage::All));
    // A form takes what is typed next, so it waits for no task.
    let panels = use_panels();
    let has_actions = Memo::new(move |before| {
        let has_form = || form.current().is_some() || panels.requested_form.with(Option::is_some);
        before == Some(&true) || stage.get() >= Stage::Actions || has_form()
    });
    view! {
        <div class="page session" data-session=session.id()>
            <Head session at/>
            <Conflicts session/>
            <div class="session-body">
                <div class="session-timeline">
                    {move || has_timeline.get().then(|| view! {
                        <SessionTimeline session/>
                        <OutputList session at/>
                    })}
                    {move || compared.get().map(|id| view! { <Comparison session id at/> })}
                </div>
                <OutputReader session at/>
                <div class="session-side">
                    {move || has_actions.get().then(|| view! { <ActionPanel session form/> })}
                    {move || has_all.get().then(|| view! { <PlanningPanel session/> })}
                </div>
                <div class="session-rest">
                    {move || has_all.get().then(|| view! {
                        <Agents session at/>
                        <SessionTabs session at form/>
                    })}
                </div>
            </div>
        </div>
    }
}

/// The tabs and the open panel.
#[component]
fn SessionTabs(
    /// The session.
    session: SessionSignals,
    /// The parameters of the page's address.
    at: Memo<SessionAddress>,
    /// The session's event form.
    form: EventForm,
) -> impl IntoView {
    let changes =
        session.entry_part(|entry| entry.record().ancestors(entry.record().current).count().saturating_sub(1));
    let problems = session.part(|session| session.diagnostics().len());
    let count = move |tab: Tab| match tab {
        Tab::History => changes.get(),
        Tab::Diagnostics => problems.get(),
        _ => 0,
    };
    let tab = Memo::new(move |_| at.get().tab);
    view! {
        <section class="panel" aria-label="About this session">
            <Tabs at id=session.id() count/>
            <div
                class="tab-panel"
                id="tab-panel"
                role="tabpanel"
                tabindex="-1"
                aria-labelledby=move || format!("tab-{}", tab.get().name())
            >
                {move || panel(tab.get(), session, at, form)}
            </div>
        </section>
    }
}

fn panel(tab: Tab, session: SessionSignals, at: Memo<SessionAddress>, form: EventForm) -> AnyView {
    match tab {
        Tab::Diagram => view! { <Diagram session form/> }.into_any(),
        Tab::Quality => view! { <QualityAndCost session/> }.into_any(),
        Tab::Handoffs => view! { <Handoffs session/> }.into_any(),
        Tab::History => view! { <History session at/> }.into_any(),
        Tab::Json => view! { <JsonText session at/> }.into_any(),
        Tab::Diagnostics => view! { <Diagnostics session at/> }.into_any(),
    }
}

/// A comparison with another session.
#[component]
fn Comparison(
    /// The session of the page.
    session: SessionSignals,
    /// The other session's id.
    id: String,
    /// The parameters of the page's address.
    at: Memo<SessionAddress>,
) -> impl IntoView {
    let other = use_workspace().entry(id.clone());
    let is_loaded = Memo::new(move |_| other.with(Option::is_some));
    move || {
        let other = is_loaded.get().then(|| SessionSignals::follow(other)).flatten();
        let close = SessionAddress { compare: None, ..at.get_untracked() }.href(&session.id());
        match other {
            Some(other) => view! { <Compare one=session other close/> }.into_any(),
            None => view! {
                <p class="panel compare-note">
                    "Session "<bdi class="mono break" translate="no">{id.clone()}</bdi>" is not loaded."
                </p>
            }
            .into_any(),
        }
    }
}
