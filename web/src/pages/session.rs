//! One session: what happened, what may happen next.
use super::session_address::{At, Tab};
use super::unknown::Unknown;
use crate::components::action_panel::ActionPanel;
use crate::components::agents::Agents;
use crate::components::compare_with::Choosing;
use crate::components::diagnostics::Diagnostics;
use crate::components::diagram::Diagram;
use crate::components::forms::{AllForms, Forms};
use crate::components::handoffs::Handoffs;
use crate::components::history::History;
use crate::components::json::JsonText;
use crate::components::json::editor::Orphan;
use crate::components::quality::QualityAndCost;
use crate::components::session_head::Head;
use crate::components::tabs::Tabs;
use crate::components::timeline::compare::Compare;
use crate::components::timeline::{Kept, SessionTimeline};
use crate::components::virtual_list::Brought;
use crate::components::waiting::Waiting;
use crate::platform::{dom, focus};
use crate::store::entry::Entry;
use crate::store::workspace::{Same, use_workspace};
use leptos::prelude::*;

/// The page of one session.
#[component]
pub fn SessionPage(
    /// Its id.
    id: String,
) -> impl IntoView {
    let workspace = use_workspace();
    let dom::Address(address) = expect_context();
    let at = Memo::new(move |_| At::parse(&address.get()));
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
    // What stays as it is while the page is drawn anew with each change.
    let (kept, forms, choosing) = (Kept::default(), expect_context::<AllForms>().come_to(&id), Choosing::default());
    provide_context(Brought(StoredValue::new(None)));
    let drawn = StoredValue::new(false);
    move || match entry.get() {
        Some(entry) => {
            if drawn.get_value() {
                // Whatever has the focus goes with the page as it was.
                focus::give_back_soon(focus::held(), ".transition-button:not([aria-disabled=true]), .actions-handle");
            }
            drawn.set_value(true);
            view! { <Loaded entry at settled kept forms choosing/> }.into_any()
        }
        None if workspace.ready.get() => view! {
            <Unknown what=id.clone()/>
            <Orphan id=id.clone()/>
        }
        .into_any(),
        None => ().into_any(),
    }
}

#[component]
fn Loaded(
    /// The session.
    entry: Same<Entry>,
    /// Where the page is.
    at: Memo<At>,
    /// What is seen first has been drawn.
    settled: RwSignal<bool>,
    /// How the timeline is looked at.
    kept: Kept,
    /// The form of an event.
    forms: Forms,
    /// The choice of the session beside this one.
    choosing: Choosing,
) -> impl IntoView {
    let compared = {
        let entry = entry.clone();
        Memo::new(move |_| at.get().compare.filter(|id| id != entry.id()))
    };
    let (beside, shown) = (entry.clone(), entry.clone());
    view! {
        <div class="page session" data-session=entry.id().to_owned()>
            <Head entry=entry.clone() at choosing/>
            <Waiting entry=entry.clone()/>
            <div class="session-body">
                <div class="session-timeline">
                    <SessionTimeline entry=entry.clone() kept/>
                    {move || compared.get().map(|id| view! { <Beside entry=beside.clone() id at/> })}
                </div>
                <div class="session-side">
                    <ActionPanel entry=entry.clone() forms/>
                </div>
                <div class="session-rest">
                    {move || settled.get().then(|| view! {
                        <Agents entry=shown.clone()/>
                        <About entry=shown.clone() at forms/>
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
    entry: Same<Entry>,
    /// Where the page is.
    at: Memo<At>,
    /// The form of an event.
    forms: Forms,
) -> impl IntoView {
    let session = entry.session();
    let counts = vec![(Tab::History, entry.standing().len()), (Tab::Diagnostics, session.diagnostics().len())];
    let tab = Memo::new(move |_| at.get().tab);
    let id = entry.id().to_owned();
    view! {
        <section class="panel" aria-label="About this session">
            <Tabs at id counts/>
            <div
                class="tab-panel"
                id="tab-panel"
                role="tabpanel"
                tabindex="-1"
                aria-labelledby=move || format!("tab-{}", tab.get().name())
            >
                {move || panel(tab.get(), entry.clone(), at, forms)}
            </div>
        </section>
    }
}

fn panel(tab: Tab, entry: Same<Entry>, at: Memo<At>, forms: Forms) -> AnyView {
    match tab {
        Tab::Diagram => view! { <Diagram entry forms/> }.into_any(),
        Tab::Quality => view! { <QualityAndCost entry/> }.into_any(),
        Tab::Handoffs => view! { <Handoffs entry/> }.into_any(),
        Tab::History => view! { <History entry at/> }.into_any(),
        Tab::Json => view! { <JsonText entry at/> }.into_any(),
        Tab::Diagnostics => view! { <Diagnostics entry at/> }.into_any(),
    }
}

/// Another session beside this one.
#[component]
fn Beside(
    /// The session of the page.
    entry: Same<Entry>,
    /// The other one's id.
    id: String,
    /// Where the page is.
    at: Memo<At>,
) -> impl IntoView {
    let other = use_workspace().entry(id.clone());
    move || {
        let close = At { compare: None, ..at.get_untracked() }.href(entry.id());
        match other.get() {
            Some(other) => view! { <Compare one=entry.clone() other close/> }.into_any(),
            None => view! {
                <p class="panel compare-note">
                    "There is no session "<bdi class="mono break" translate="no">{id.clone()}</bdi>" here to set beside this one."
                </p>
            }
            .into_any(),
        }
    }
}
