//! The handoffs between agents, with their flags.
use super::glossary::{Help, Term};
use super::icon::{Glyph, Icon};
use super::labelled_value::ValueOrUnknown;
use super::session_signals::SessionSignals;
use crate::format::title_case;
use crate::store::workspace::policy;
use callboard_core::{HandoffFlag, HandoffRecord};
use leptos::prelude::*;

/// Maximum length of a value in characters; the JSON tab shows all of it.
const SHOWN: usize = 400;

/// Tip of a computed flag.
const COMPUTED: &str = "Not in the file: computed from the other fields.";

/// The tab of handoffs.
#[component]
pub fn Handoffs(
    /// The session.
    session: SessionSignals,
) -> impl IntoView {
    let handoffs = session.part(|session| session.handoffs(&policy()));
    let count = Memo::new(move |_| handoffs.with(|handoffs| handoffs.len()));
    // Each card follows its own handoff.
    let each = move |at: usize| {
        let handoff = Memo::new(move |_| handoffs.with(|handoffs| handoffs.get(at).cloned()));
        move || handoff.with(|handoff| handoff.as_ref().map(card))
    };
    view! { <p class="help-head muted">"Passed from stage to stage" <Help term=Term::Handoff/></p> <div class="handoffs"><For each=move || 0..count.get() key=|at| *at children=each/></div> }
}

fn card(handoff: &HandoffRecord) -> impl IntoView + use<> {
    let title = format!("{} to {}", handoff.from, handoff.to);
    let data = handoff.data.iter().map(|(name, value)| {
        let value = match value.as_deref().map(clipped) {
            Some(value) => view! { <bdi class="path">{value}</bdi> }.into_any(),
            None => view! { <ValueOrUnknown value=None missing="Not in this handoff."/> }.into_any(),
        };
        view! {
            <div class="fact">
                <dt class="mono" translate="no">{*name}</dt>
                <dd>{value}</dd>
            </div>
        }
    });
    let data = data.collect_view();
    let flags = handoff.flags.iter().map(flag).collect_view();
    view! {
        <section class="handoff" aria-label=title>
            <div class="handoff-head">
                <h3 class="mono" translate="no">{handoff.from.name()}</h3>
                <Icon glyph=Glyph::Next/>
                <span class="mono" translate="no">{handoff.to.name()}</span>
            </div>
            {if handoff.given {
                view! {
                    <dl class="facts">{data}</dl>
                    <ul class="flags">{flags}</ul>
                }
                .into_any()
            } else {
                view! { <p class="muted">"No handoff in this file."</p> }.into_any()
            }}
        </section>
    }
}

fn clipped(raw: &str) -> String {
    let shown: String = raw.chars().take(SHOWN).collect();
    if shown.len() < raw.len() { format!("{shown}\u{2026}") } else { shown }
}

fn flag(flag: &HandoffFlag) -> impl IntoView + use<> {
    let (state, glyph, word) = match flag.value {
        Some(true) => ("complete", Glyph::Complete, "true"),
        Some(false) => ("failed", Glyph::Failed, "false"),
        None => ("initialized", Glyph::Pending, "not stated"),
    };
    let computed = !flag.stated && flag.value.is_some();
    let title_of_flag = title_case(flag.name);
    view! {
        <li class="flag">
            <span class="state" data-state=state><Icon glyph/><span class="sr-only">{word}</span></span>
            <span class:derived=computed data-tip=computed.then_some(COMPUTED) tabindex=computed.then_some("0")>
                {title_of_flag}
            </span>
            {flag.why.clone().map(|why| view! { <span class="muted"><bdi>{why}</bdi></span> })}
            {flag.value.is_none().then(|| view! { <span class="muted">"not stated"</span> })}
        </li>
    }
}
