//! Parts of the settings: limits and thresholds, the time zone, the workspace as one file.
use super::button::{Button, ChooseFiles, Weight};
use crate::order;
use crate::platform::intl;
use crate::store::preferences::{base, config_path, limits, set_config, set_policy, set_zone, zone};
use crate::store::workspace::use_workspace;
use callboard_core::{Gate, Money, OverBudget, Policy};
use leptos::prelude::*;

/// A figure of the policy that can be set.
#[derive(Clone, Copy)]
enum Figure {
    /// Threshold of a gate.
    Threshold(Gate),
    /// What a new session may cost.
    Budget,
    /// How often a stage is tried again.
    Retries,
}

impl Figure {
    fn label(self) -> &'static str {
        match self {
            Self::Threshold(gate) => gate.label(),
            Self::Budget => "Budget of a new session",
            Self::Retries => "Retries of a stage",
        }
    }

    fn hint(self) -> &'static str {
        match self {
            Self::Threshold(_) => "0 to 1",
            Self::Budget => "US dollars",
            Self::Retries => "0 or more",
        }
    }

    fn say(self, policy: &Policy) -> String {
        match self {
            Self::Threshold(gate) => policy.thresholds.of(gate).to_string(),
            Self::Budget => policy.budget.to_string(),
            Self::Retries => policy.retry_limit.to_string(),
        }
    }

    /// `None` when the text is no such figure.
    fn set(self, policy: &mut Policy, text: &str) -> Option<()> {
        match self {
            Self::Threshold(gate) => {
                let score = text.parse().ok().filter(|score| (0.0..=1.0).contains(score))?;
                policy.thresholds.set(gate, score);
            }
            Self::Budget => {
                let money = Money::parse(text.trim_start_matches('$'))?;
                policy.budget = Some(money).filter(|money| *money >= Money::ZERO)?;
            }
            Self::Retries => policy.retry_limit = text.parse().ok()?,
        }
        Some(())
    }
}

/// The limits and thresholds in force, to be changed.
#[component]
pub fn Limits() -> impl IntoView {
    let figures = Gate::ALL.map(Figure::Threshold).into_iter().chain([Figure::Budget, Figure::Retries]);
    let fields = figures.map(|figure| view! { <Field figure/> });
    let change = |change: fn(&mut Policy, bool)| {
        move |event: leptos::ev::Event| {
            let mut next = limits();
            change(&mut next, event_target_checked(&event));
            set_policy(&next);
        }
    };
    let is_base = || limits() == base();
    view! {
        <section class="panel" aria-labelledby="policy-title">
            <div class="panel-head">
                <h2 id="policy-title">"Policy"</h2>
                <span class="spacer"></span>
                {move || (!is_base()).then(|| {
                    let label = if config_path().is_some() { "Back to callboard.json" } else { "Back to the framework's figures" };
                    view! { <Button label weight=Weight::Quiet on_press=|| set_policy(&base())/> }
                })}
            </div>
            <div class="panel-body">
                <p class="muted">"What the gates ask for and what may be spent. It holds for what you do here, and changes no file by itself."</p>
                {move || config_path().map(|path| view! {
                    <div class="policy-source">
                        <p>
                            "Policy from " <bdi class="mono break">{path}</bdi>
                            {move || if is_base() { "." } else { ", with your changes below." }}
                        </p>
                        <Button label="Stop using this file" weight=Weight::Quiet on_press=|| set_config(None)/>
                    </div>
                })}
                <div class="limits">{fields.collect_view()}</div>
                <label class="field field-check">
                    <input
                        type="checkbox"
                        prop:checked=|| limits().over_budget == OverBudget::Block
                        on:change=change(|policy, on| {
                            policy.over_budget = if on { OverBudget::Block } else { OverBudget::Warn };
                        })
                    />
                    <span>"Refuse to start or retry a session that is over its budget (else it is only said)"</span>
                </label>
                <label class="field field-check">
                    <input
                        type="checkbox"
                        prop:checked=|| limits().require_handoff
                        on:change=change(|policy, on| policy.require_handoff = on)
                    />
                    <span>"Refuse to complete a stage without a handoff"</span>
                </label>
            </div>
        </section>
    }
}

#[component]
fn Field(
    /// What it sets.
    figure: Figure,
) -> impl IntoView {
    let wrong = RwSignal::new(false);
    let id = format!("policy-{}", figure.label().to_lowercase().replace(' ', "-"));
    let on_change = move |text: String| {
        let mut next = limits();
        let is_right = figure.set(&mut next, text.trim()).is_some();
        wrong.set(!is_right);
        if is_right {
            set_policy(&next);
        }
    };
    view! {
        <div class="field">
            <div class="field-head">
                <label for=id.clone()>{figure.label()}</label>
                <span class="field-unit">{figure.hint()}</span>
            </div>
            <span class="field-box">
                <input
                    id=id
                    type="text"
                    inputmode="decimal"
                    aria-invalid=move || wrong.get().to_string()
                    prop:value=move || figure.say(&limits())
                    on:change:target=move |event| on_change(event.target().value())
                />
            </span>
            {move || wrong.get().then(|| view! {
                <p class="refusal" role="alert">"This is not " {figure.hint()} ": what was set before still holds."</p>
            })}
        </div>
    }
}

/// In which zone moments are said.
#[component]
pub fn Zone() -> impl IntoView {
    let own = intl::own_zone();
    let listed = intl::zones();
    // The chosen one may be taken without being listed: Asia/Kolkata, where the browser lists Asia/Calcutta.
    let names = Memo::new(move |_| {
        let names = listed.iter().cloned().chain([zone(), "UTC".into()]);
        let names: Vec<String> = names.filter(|name| !name.is_empty()).collect();
        let mut names = order::first(&order::arranged(&names, |name| name), |name| name == "UTC");
        names.dedup();
        names
    });
    let option = |name: String| {
        let (value, words) = (name.clone(), name.clone());
        view! { <option value=value prop:selected=move || zone() == name>{words}</option> }
    };
    view! {
        <div class="field zone">
            <label for="zone">"Time zone"</label>
            <span class="field-box">
                <select id="zone" on:change:target=|event| set_zone(&event.target().value())>
                    <option value="" prop:selected=move || zone().is_empty()>{format!("As on this machine ({own})")}</option>
                    <For each=move || names.get() key=Clone::clone children=option/>
                </select>
            </span>
        </div>
    }
}

/// The workspace as one file, and back.
#[component]
pub fn Backup() -> impl IntoView {
    let workspace = use_workspace();
    let any = Memo::new(move |_| workspace.sessions.with(|shelf| !shelf.is_empty()));
    view! {
        <div class="backup">
            {move || any.get().then(|| view! {
                <Button label="Back up to one file" on_press=move || workspace.back_up()/>
            })}
            <ChooseFiles label="Restore a backup"/>
            <p class="muted">
                "One JSON file with every session, its edits and its undo history. Restoring never overwrites an edit: where both have one, it asks."
            </p>
        </div>
    }
}
