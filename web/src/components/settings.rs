//! Parts of the settings: limits and thresholds, the time zone, the workspace as one file.
use super::button::{Button, ChooseFiles, Weight};
use crate::platform::intl;
use crate::store::preferences::{set_policy, set_zone, zone};
use crate::store::workspace::{policy, use_workspace};
use callboard_core::{Money, OverBudget, Policy};
use leptos::prelude::*;

/// A figure of the policy, as text and back.
#[derive(Clone, Copy)]
struct Figure {
    label: &'static str,
    hint: &'static str,
    say: fn(&Policy) -> String,
    /// `false` when the text is no such figure; the policy is as it was then.
    set: fn(&mut Policy, &str) -> bool,
}

/// A threshold from its text: 0 to 1.
fn score(text: &str) -> Option<f64> {
    text.parse().ok().filter(|score| (0.0..=1.0).contains(score))
}

fn put<T>(place: &mut T, value: Option<T>) -> bool {
    value.map(|value| *place = value).is_some()
}

const FIGURES: [Figure; 7] = [
    Figure {
        label: "Comprehension",
        hint: "0 to 1",
        say: |policy| policy.thresholds.comprehension.to_string(),
        set: |policy, text| put(&mut policy.thresholds.comprehension, score(text)),
    },
    Figure {
        label: "Brand consistency",
        hint: "0 to 1",
        say: |policy| policy.thresholds.brand_consistency.to_string(),
        set: |policy, text| put(&mut policy.thresholds.brand_consistency, score(text)),
    },
    Figure {
        label: "Engagement",
        hint: "0 to 1",
        say: |policy| policy.thresholds.engagement.to_string(),
        set: |policy, text| put(&mut policy.thresholds.engagement, score(text)),
    },
    Figure {
        label: "Technical",
        hint: "0 to 1",
        say: |policy| policy.thresholds.technical.to_string(),
        set: |policy, text| put(&mut policy.thresholds.technical, score(text)),
    },
    Figure {
        label: "Overall",
        hint: "0 to 1",
        say: |policy| policy.thresholds.overall.to_string(),
        set: |policy, text| put(&mut policy.thresholds.overall, score(text)),
    },
    Figure {
        label: "Budget of a new session",
        hint: "US dollars",
        say: |policy| policy.budget.to_string(),
        set: |policy, text| {
            let money = Money::parse(text.trim_start_matches('$')).filter(|money| *money >= Money::ZERO);
            put(&mut policy.budget, money)
        },
    },
    Figure {
        label: "Retries of a stage",
        hint: "0 or more",
        say: |policy| policy.retry_limit.to_string(),
        set: |policy, text| put(&mut policy.retry_limit, text.parse().ok()),
    },
];

/// The limits and thresholds in force, to be changed.
#[component]
pub fn Limits() -> impl IntoView {
    let fields = FIGURES.map(|figure| view! { <Field figure/> });
    let change = |change: fn(&mut Policy, bool)| {
        move |event: leptos::ev::Event| {
            let mut next = policy();
            change(&mut next, event_target_checked(&event));
            set_policy(&next);
        }
    };
    let is_default = || policy() == Policy::default();
    view! {
        <section class="panel" aria-labelledby="policy-title">
            <div class="panel-head">
                <h2 id="policy-title">"Policy"</h2>
                <span class="spacer"></span>
                {move || (!is_default()).then(|| view! {
                    <Button
                        label="Back to the framework's figures"
                        weight=Weight::Quiet
                        on_press=|| set_policy(&Policy::default())
                    />
                })}
            </div>
            <div class="panel-body">
                <p class="muted">"What the gates ask for and what may be spent. It holds for what you do here, and changes no file by itself."</p>
                <div class="limits">{fields.into_iter().collect_view()}</div>
                <label class="field field-check">
                    <input
                        type="checkbox"
                        prop:checked=|| policy().over_budget == OverBudget::Block
                        on:change=change(|policy, on| {
                            policy.over_budget = if on { OverBudget::Block } else { OverBudget::Warn };
                        })
                    />
                    <span>"Refuse to start or retry a session that is over its budget (else it is only said)"</span>
                </label>
                <label class="field field-check">
                    <input
                        type="checkbox"
                        prop:checked=|| policy().require_handoff
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
    let id = format!("policy-{}", figure.label.to_lowercase().replace(' ', "-"));
    let on_change = move |text: String| {
        let mut next = policy();
        let is_right = (figure.set)(&mut next, text.trim());
        wrong.set(!is_right);
        if is_right {
            set_policy(&next);
        }
    };
    view! {
        <div class="field">
            <div class="field-head">
                <label for=id.clone()>{figure.label}</label>
                <span class="field-unit">{figure.hint}</span>
            </div>
            <span class="field-box">
                <input
                    id=id
                    type="text"
                    inputmode="decimal"
                    aria-invalid=move || wrong.get().to_string()
                    prop:value=move || (figure.say)(&policy())
                    on:change:target=move |event| on_change(event.target().value())
                />
            </span>
            {move || wrong.get().then(|| view! {
                <p class="refusal" role="alert">"This is not " {figure.hint} ": what was set before still holds."</p>
            })}
        </div>
    }
}

/// In which zone moments are said.
#[component]
pub fn Zone() -> impl IntoView {
    let own = intl::own_zone();
    let zones = intl::zones().into_iter().filter(|name| name != "UTC");
    let options = ["UTC".to_owned()].into_iter().chain(zones);
    let chosen = zone();
    let options = options.map(|name| {
        let is_chosen = name == chosen;
        view! { <option value=name.clone() selected=is_chosen>{name.clone()}</option> }
    });
    view! {
        <div class="field zone">
            <label for="zone">"Time zone"</label>
            <span class="field-box">
                <select id="zone" on:change:target=|event| set_zone(&event.target().value())>
                    <option value="" selected=chosen.is_empty()>{format!("As on this machine ({own})")}</option>
                    {options.collect_view()}
                </select>
            </span>
        </div>
    }
}

/// The workspace as one file, and back.
#[component]
pub fn Backup() -> impl IntoView {
    let workspace = use_workspace();
    let any = Memo::new(move |_| workspace.shelf.with(|shelf| !shelf.is_empty()));
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
