//! What may happen next: every transition, the allowed ones as buttons, the refused ones below them.
use super::action_form::ActionForm;
use super::forms::Forms;
use super::icon::{Glyph, Icon};
use super::refusals::Refusals;
use crate::keys::use_panels;
use crate::store::workspace::{Same, policy, use_workspace};
use callboard_core::Choice;
use callboard_workspace::Entry;
use leptos::prelude::*;

/// The transitions of the current stage's agent.
#[component]
pub fn ActionPanel(
    /// The session.
    entry: Same<Entry>,
    /// The page's form; the diagram opens it too.
    forms: Forms,
) -> impl IntoView {
    let clock = use_workspace().clock;
    let choices = {
        let entry = entry.clone();
        Memo::new(move |_| entry.session().choices(clock.half_minute.get(), &policy()))
    };
    let (panels, id) = (use_panels(), entry.id().to_owned());
    // The palette asks for a form, and leaves it to the page to open it.
    Effect::new(move |_| {
        let Some((_, kind)) = panels.asked.get().filter(|(asked, _)| *asked == id) else { return };
        let choice = choices.with_untracked(|choices| choices.iter().find(|choice| choice.kind == kind).cloned());
        forms.open(choice.filter(|choice| choice.refusal.is_none()).map(|choice| (kind, choice.agent)));
        panels.asked.set(None);
    });
    let agent = {
        let entry = entry.clone();
        move || entry.session().stage().map(|stage| stage.agent().name())
    };
    let (kept, stranded_entry) = (entry.clone(), entry.clone());
    let list = move || {
        let choices = choices.get().into_iter().filter(|choice| choice.refusal.is_none());
        let rows: Vec<_> = choices.map(|choice| view! { <Transition entry=entry.clone() choice forms/> }).collect();
        rows
    };
    // Every refusal names all that would be accepted: a late bill, or gates that fail while the audio waits.
    let others = {
        let entry = kept;
        move || {
            let choices = choices.get();
            let own = choices.first().map(|choice| choice.agent);
            let allowed =
                choices.iter().find_map(|choice| choice.refusal.as_ref()).map(|refusal| refusal.allowed.clone());
            let others = allowed.unwrap_or_default().into_iter().filter(move |allowed| Some(allowed.agent) != own);
            let rows = others.map(|allowed| {
                let choice = Choice { kind: allowed.kind, agent: allowed.agent, refusal: None };
                view! { <Transition entry=entry.clone() choice forms other=true/> }
            });
            rows.collect::<Vec<_>>()
        }
    };
    // What was typed for an event that another tab has made impossible is nothing to be taken away.
    let stranded = Memo::new(move |_| {
        let (kind, agent) = forms.begun()?;
        let is_possible = |choice: &Choice| match &choice.refusal {
            None => (choice.kind, choice.agent) == (kind, agent),
            Some(refusal) => refusal.allowed.iter().any(|other| (other.kind, other.agent) == (kind, agent)),
        };
        choices.with(|choices| !choices.iter().any(is_possible)).then_some((kind, agent))
    });
    let possible = move || {
        choices.with(|choices| {
            let names = choices.iter().filter(|choice| choice.refusal.is_none());
            let names: Vec<_> = names.map(|choice| crate::format::title_case(choice.kind.name())).collect();
            if names.is_empty() { "Nothing now".to_owned() } else { names.join(", ") }
        })
    };
    let up = forms.up;
    view! {
        <section
            class="panel actions"
            class:actions-up=move || up.get()
            aria-labelledby="actions-title"
            on:keydown=move |event| if event.key() == "Escape" && up.get_untracked() {
                event.stop_propagation();
                up.set(false);
                crate::platform::dom::focus_soon(".actions-handle");
            }
        >
            <div class="panel-head">
                <h2 id="actions-title">"Next"</h2>
                <span class="mono muted" translate="no">{agent.clone()}</span>
            </div>
            // On a narrow page the panel is a sheet at its foot, and this is all of it that always shows.
            <button
                type="button"
                class="actions-handle"
                aria-expanded=move || up.get().to_string()
                aria-controls="actions-body"
                on:click=move |_| up.update(|up| *up = !*up)
            >
                <span class="actions-handle-words">
                    <span><span class="actions-title">"Next"</span>" "<span class="mono muted" translate="no">{agent}</span></span>
                    <span class="muted">{possible}</span>
                </span>
                <span class="chevron" aria-hidden="true"></span>
            </button>
            <div class="actions-body" id="actions-body">
            {move || {
                let allowed = list();
                (!allowed.is_empty()).then(|| view! { <ul class="transitions">{allowed}</ul> })
            }}
            {move || {
                let others = others();
                (!others.is_empty()).then(|| view! {
                    <h3 class="transitions-head">"For other agents"</h3>
                    <ul class="transitions">{others}</ul>
                })
            }}
            {move || stranded.get().map(|(kind, agent)| {
                let choice = Choice { kind, agent, refusal: None };
                view! {
                    <h3 class="transitions-head">"No longer possible"</h3>
                    <ul class="transitions">
                        <Transition entry=stranded_entry.clone() choice forms other=true/>
                    </ul>
                }
            })}
            <Refusals choices/>
            </div>
        </section>
    }
}

/// A transition that is allowed: a button, and below it its form.
#[component]
fn Transition(
    /// The session.
    entry: Same<Entry>,
    /// The transition.
    choice: Choice,
    /// The page's form.
    forms: Forms,
    /// It is for another agent than the current one, so the agent is named.
    #[prop(optional)]
    other: bool,
) -> impl IntoView {
    let Choice { kind, agent, .. } = choice;
    let name = crate::format::title_case(kind.name());
    let is_open = move || forms.is_open(kind, agent);
    let close = move || {
        forms.close();
        crate::platform::dom::focus_soon(".transition-button:not([aria-disabled=true])");
    };
    view! {
        <li class="transition">
            <button
                type="button"
                class="button transition-button"
                aria-expanded=move || is_open().to_string()
                on:click=move |_| forms.turn(kind, agent)
            >
                <Icon glyph=Glyph::of_event(kind)/>
                <span>{name}</span>
                {other.then(|| view! { <span class="mono muted" translate="no">{agent.name()}</span> })}
            </button>
            {move || is_open().then(|| view! {
                <ActionForm entry=entry.clone() kind agent forms on_close=close/>
            })}
        </li>
    }
}
