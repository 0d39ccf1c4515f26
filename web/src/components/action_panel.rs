//! What may happen next: every transition, the allowed ones as buttons, the refused ones with why.
use super::action_form::ActionForm;
use super::icon::{Glyph, Icon};
use crate::keys::use_panels;
use crate::store::entry::Entry;
use crate::store::workspace::{Same, policy, use_workspace};
use callboard_core::{Agent, Choice, EventKind};
use leptos::prelude::*;

/// The transitions of the current stage's agent.
#[component]
pub fn ActionPanel(
    /// The session.
    entry: Same<Entry>,
) -> impl IntoView {
    let clock = use_workspace().clock;
    let open = RwSignal::new(None::<(EventKind, Agent)>);
    let choices = {
        let entry = entry.clone();
        Memo::new(move |_| entry.session().choices(clock.half_minute.get(), &policy()))
    };
    let (panels, id) = (use_panels(), entry.id().to_owned());
    // The palette asks for a form, and leaves it to the page to open it.
    Effect::new(move |_| {
        let Some((_, kind)) = panels.asked.get().filter(|(asked, _)| *asked == id) else { return };
        let choice = choices.with_untracked(|choices| choices.iter().find(|choice| choice.kind == kind).cloned());
        open.set(choice.filter(|choice| choice.refusal.is_none()).map(|choice| (kind, choice.agent)));
        panels.asked.set(None);
        crate::platform::dom::focus_soon(".action-form input, .action-form button[type=submit]");
    });
    let agent = {
        let entry = entry.clone();
        move || entry.session().stage().map(|stage| stage.agent().name())
    };
    let list = move |allowed: bool| {
        let choices = choices.get().into_iter();
        let choices = choices.filter(|choice| choice.refusal.is_none() == allowed);
        let rows: Vec<_> = choices.map(|choice| view! { <Transition entry=entry.clone() choice open/> }).collect();
        rows
    };
    let refused = list.clone();
    view! {
        <section class="panel actions" aria-labelledby="actions-title">
            <div class="panel-head">
                <h2 id="actions-title">"Next"</h2>
                <span class="mono muted">{agent}</span>
            </div>
            {move || {
                let allowed = list(true);
                (!allowed.is_empty()).then(|| view! { <ul class="transitions">{allowed}</ul> })
            }}
            <h3 class="transitions-head">"Not now"</h3>
            <ul class="transitions transitions-refused">{move || refused(false)}</ul>
        </section>
    }
}

/// One transition: a button, and below it the form or the reason why not.
#[component]
fn Transition(
    /// The session.
    entry: Same<Entry>,
    /// The transition, with its refusal when it is not allowed.
    choice: Choice,
    /// Which form is open.
    open: RwSignal<Option<(EventKind, Agent)>>,
) -> impl IntoView {
    let Choice { kind, agent, refusal, .. } = choice;
    let name = crate::format::title_case(kind.name());
    let refused = refusal.is_some();
    let reason_id = format!("why-not-{}", kind.name());
    let is_open = move || !refused && open.get() == Some((kind, agent));
    let press = move |_| {
        if !refused {
            open.update(|open| {
                let this = Some((kind, agent));
                *open = if *open == this { None } else { this };
            });
            crate::platform::dom::focus_soon(".action-form input, .action-form button[type=submit]");
        }
    };
    let close = move || {
        open.set(None);
        crate::platform::dom::focus_soon(".transition-button:not([aria-disabled=true])");
    };
    let reason = refusal.map(|refusal| {
        let hint = refusal.hint.clone();
        view! {
            <p class="refusal" id=reason_id.clone()>
                {refusal.to_string()}
                {hint.map(|hint| view! { <span class="refusal-hint">" " {hint}</span> })}
            </p>
        }
    });
    view! {
        <li class="transition">
            <button
                type="button"
                class="button transition-button"
                aria-disabled=refused.to_string()
                aria-expanded=move || (!refused).then(|| is_open().to_string())
                aria-describedby=refused.then(|| reason_id.clone())
                on:click=press
            >
                <Icon glyph=Glyph::of_event(kind)/>
                <span>{name}</span>
            </button>
            {reason}
            {move || is_open().then(|| view! {
                <ActionForm entry=entry.clone() kind agent on_close=close/>
            })}
        </li>
    }
}
