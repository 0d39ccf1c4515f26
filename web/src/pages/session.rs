//! One session: what happened, what may happen next.
use super::unknown::Unknown;
use crate::components::action_panel::ActionPanel;
use crate::components::agents::Agents;
use crate::components::conflicts::Conflicts;
use crate::components::diagnostics::Diagnostics;
use crate::components::diagram::Diagram;
use crate::components::forms::{AllForms, Forms};
use crate::components::handoffs::Handoffs;
use crate::components::history::History;
use crate::components::json::JsonText;
use crate::components::json::editor::Orphan;
use crate::components::quality::QualityAndCost;
use crate::components::session_head::Head;
use crate::components::session_signals::SessionSignals;
use crate::components::tabs::Tabs;
use crate::components::timeline::SessionTimeline;
use crate::components::timeline::compare::Compare;
use crate::platform::{dom, focus};
use crate::session_address::{At, Tab};
use crate::store::workspace::use_workspace;
use leptos::prelude::*;

/// Result of looking a session up in the workspace.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Found {
    /// It is loaded.
    Loaded,
    /// The workspace has no such session.
    Missing,
    /// The stored sessions are still being read.
    Reading,
}

/// The page of one session.
#[component]
pub fn SessionPage(
    /// Its id.
    id: String,
) -> impl IntoView {
    let workspace = use_workspace();
    let entry = workspace.entry(id.clone());
    // What lies below what is seen first is drawn a frame later, once: afterwards nothing may jump.
    let settled = RwSignal::new(false);
    request_animation_frame(move || {
        set_timeout(
            move || {
                // The page may have been left by then.
                let _ = settled.try_set(true);
            },
            std::time::Duration::ZERO,
        );
    });
    let forms = expect_context::<AllForms>().come_to(&id);
    let found = Memo::new(move |_| match entry.with(Option::is_some) {
        true => Found::Loaded,
        false if workspace.ready.get() => Found::Missing,
        false => Found::Reading,
    });
    move || match found.get() {
        Found::Loaded => {
            SessionSignals::follow(entry).map(|session| view! { <Loaded session settled forms/> }).into_any()
        }
        Found::Missing => view! {
            <Unknown what=id.clone()/>
            <Orphan id=id.clone()/>
        }
        .into_any(),
        Found::Reading => ().into_any(),
    }
}

/// The page, made once: its parts follow the session by themselves.
#[component]
fn Loaded(
    /// The session.
    session: SessionSignals,
    /// What is seen first has been drawn.
    settled: RwSignal<bool>,
    /// The form of an event.
    forms: Forms,
) -> impl IntoView {
    let dom::Address(address) = expect_context();
    let at = Memo::new(move |_| At::parse(&address.get()));
    let compared = Memo::new(move |_| at.get().compare.filter(|id| *id != session.id()));
    Effect::new(move |before: Option<()>| {
        session.entry.track();
        if before.is_some() {
            // What was pressed may be gone with what it did: a conflict that is resolved, an undo that was the last.
            focus::give_soon(".transition-button:not([aria-disabled=true]), .actions-handle");
        }
    });
    view! {
        <div class="page session" data-session=session.id()>
            <Head session at/>
            <Conflicts session/>
            <div class="session-body">
                <div class="session-timeline">
                    <SessionTimeline session/>
                    {move || compared.get().map(|id| view! { <Beside session id at/> })}
                </div>
                <div class="session-side">
                    <ActionPanel session forms/>
                </div>
                <div class="session-rest">
                    {move || settled.get().then(|| view! {
                        <Agents session/>
                        <About session at forms/>
                    })}
                </div>
            </div>
        </div>
    }
}

/// The tabs and the one panel that is open.
#[component]
fn About(
    /// The session.
    session: SessionSignals,
    /// Where the page is.
    at: Memo<At>,
    /// The form of an event.
    forms: Forms,
) -> impl IntoView {
    let changes =
        session.part_of_entry(|entry| entry.record().ancestors(entry.record().current).count().saturating_sub(1));
    let remarks = session.part(|session| session.diagnostics().len());
    let count = move |tab: Tab| match tab {
        Tab::History => changes.get(),
        Tab::Diagnostics => remarks.get(),
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
                {move || panel(tab.get(), session, at, forms)}
            </div>
        </section>
    }
}

fn panel(tab: Tab, session: SessionSignals, at: Memo<At>, forms: Forms) -> AnyView {
    match tab {
        Tab::Diagram => view! { <Diagram session forms/> }.into_any(),
        Tab::Quality => view! { <QualityAndCost session/> }.into_any(),
        Tab::Handoffs => view! { <Handoffs session/> }.into_any(),
        Tab::History => view! { <History session at/> }.into_any(),
        Tab::Json => view! { <JsonText session at/> }.into_any(),
        Tab::Diagnostics => view! { <Diagnostics session at/> }.into_any(),
    }
}

/// Another session beside this one.
#[component]
fn Beside(
    /// The session of the page.
    session: SessionSignals,
    /// The other one's id.
    id: String,
    /// Where the page is.
    at: Memo<At>,
) -> impl IntoView {
    let other = use_workspace().entry(id.clone());
    let is_loaded = Memo::new(move |_| other.with(Option::is_some));
    move || {
        let other = is_loaded.get().then(|| SessionSignals::follow(other)).flatten();
        let close = At { compare: None, ..at.get_untracked() }.href(&session.id());
        match other {
            Some(other) => view! { <Compare one=session other close/> }.into_any(),
            None => view! {
                <p class="panel compare-note">
                    "There is no session "<bdi class="mono break" translate="no">{id.clone()}</bdi>" here to set beside this one."
                </p>
            }
            .into_any(),
        }
    }
}
