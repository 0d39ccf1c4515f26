//! Parts of the settings page: policy, backup.
use super::button::{Button, ChooseFiles, Weight};
use super::glossary::{Help, Term};
use crate::store::preferences::{
    base, config_path, limits, monthly_budget, set_config, set_monthly_budget, set_policy,
};
use crate::store::workspace::use_workspace;
use callboard_core::{Gate, Money, OverBudget, Policy};
use leptos::prelude::*;

/// A policy value that can be set.
#[derive(Clone, Copy)]
enum PolicyField {
    /// A gate's threshold.
    Threshold(Gate),
    /// The default budget of a session.
    Budget,
    /// The number of retries per stage.
    Retries,
}

impl PolicyField {
    fn label(self) -> &'static str {
        match self {
            Self::Threshold(gate) => gate.label(),
            Self::Budget => "Default budget",
            Self::Retries => "Retries per stage",
        }
    }

    /// Returns the term that explains it; the gates are explained together.
    fn term(self) -> Option<Term> {
        match self {
            Self::Threshold(_) => None,
            Self::Budget => Some(Term::BudgetShare),
            Self::Retries => Some(Term::Retry),
        }
    }

    fn hint(self) -> &'static str {
        match self {
            Self::Threshold(_) => "0 to 1",
            Self::Budget => "US dollars",
            Self::Retries => "0 or more",
        }
    }

    fn format(self, policy: &Policy) -> String {
        match self {
            Self::Threshold(gate) => policy.thresholds.of(gate).to_string(),
            Self::Budget => policy.budget.to_string(),
            Self::Retries => policy.retry_limit.to_string(),
        }
    }

    /// Parses and sets the value; `None` if the text is invalid.
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

/// The form of the policy in force.
#[component]
pub fn Limits() -> impl IntoView {
    let fields = Gate::ALL.map(PolicyField::Threshold).into_iter().chain([PolicyField::Budget, PolicyField::Retries]);
    let fields = fields.map(|field| view! { <PolicyInput field/> });
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
                <Help term=Term::Policy/>
                <span class="spacer"></span>
                {move || (!is_base()).then(|| {
                    let label = if config_path().is_some() { "Reset to callboard.json" } else { "Reset to defaults" };
                    view! { <Button label weight=Weight::Quiet on_press=|| set_policy(&base())/> }
                })}
            </div>
            <div class="panel-body">
                <p class="muted">
                    "Quality gates" <Help term=Term::Gate/> ", budget and retries. Applies in this browser only."
                </p>
                {move || config_path().map(|path| view! {
                    <div class="policy-source">
                        <p>
                            "Policy from " <bdi class="mono break">{path}</bdi>
                            {move || if is_base() { "." } else { ", with your changes below." }}
                        </p>
                        <Button label="Stop using this file" weight=Weight::Quiet on_press=|| set_config(None)/>
                    </div>
                })}
                <div class="limits">{fields.collect_view()} <MonthlyBudget/></div>
                <label class="field field-check">
                    <input
                        type="checkbox"
                        prop:checked=|| limits().over_budget == OverBudget::Block
                        on:change=change(|policy, on| {
                            policy.over_budget = if on { OverBudget::Block } else { OverBudget::Warn };
                        })
                    />
                    <span>"Block start and retry when over budget (otherwise just warn)"</span>
                </label>
                <label class="field field-check">
                    <input
                        type="checkbox"
                        prop:checked=|| limits().require_handoff
                        on:change=change(|policy, on| policy.require_handoff = on)
                    />
                    <span>"Require a handoff to complete a stage"</span>
                    <Help term=Term::Handoff/>
                </label>
            </div>
        </section>
    }
}

#[component]
fn PolicyInput(
    /// The value.
    field: PolicyField,
) -> impl IntoView {
    let wrong = RwSignal::new(false);
    let id = format!("policy-{}", field.label().to_lowercase().replace(' ', "-"));
    let on_change = move |text: String| {
        let mut next = limits();
        let is_right = field.set(&mut next, text.trim()).is_some();
        wrong.set(!is_right);
        if is_right {
            set_policy(&next);
        }
    };
    view! {
        <div class="field">
            <div class="field-head">
                <span class="field-label">
                    <label for=id.clone()>{field.label()}</label>
                    {field.term().map(|term| view! { <Help term/> })}
                </span>
                <span class="field-unit">{field.hint()}</span>
            </div>
            <span class="field-box">
                <input
                    id=id
                    type="text"
                    inputmode="decimal"
                    aria-invalid=move || wrong.get().to_string()
                    prop:value=move || field.format(&limits())
                    on:change:target=move |event| on_change(event.target().value())
                />
            </span>
            {move || wrong.get().then(|| view! {
                <p class="refusal" role="alert">"Enter " {field.hint()} ". The previous value is still in use."</p>
            })}
        </div>
    }
}

/// The budget of a month, which may be left empty.
#[component]
fn MonthlyBudget() -> impl IntoView {
    let wrong = RwSignal::new(false);
    let on_change = move |text: String| {
        let text = text.trim().trim_start_matches('$');
        let budget = Money::parse(text).filter(|budget| *budget > Money::ZERO);
        let is_right = text.is_empty() || budget.is_some();
        wrong.set(!is_right);
        if is_right {
            set_monthly_budget(budget);
        }
    };
    view! {
        <div class="field">
            <div class="field-head">
                <label for="monthly-budget">"Monthly budget"</label>
                <span class="field-unit">"US dollars, optional"</span>
            </div>
            <span class="field-box">
                <input
                    id="monthly-budget"
                    type="text"
                    inputmode="decimal"
                    aria-invalid=move || wrong.get().to_string()
                    prop:value=move || monthly_budget().map(|budget| budget.to_string()).unwrap_or_default()
                    on:change:target=move |event| on_change(event.target().value())
                />
            </span>
            {move || wrong.get().then(|| view! {
                <p class="refusal" role="alert">"Enter US dollars, such as 250, or leave it empty. The previous value is still in use."</p>
            })}
        </div>
    }
}

/// Backup to one file, and restore.
#[component]
pub fn Backup() -> impl IntoView {
    let workspace = use_workspace();
    let any = Memo::new(move |_| {
        !workspace.imported.stored_shapes().is_empty() || workspace.sessions.with(|sessions| !sessions.is_empty())
    });
    view! {
        <div class="backup">
            {move || any.get().then(|| view! {
                <Button label="Download backup" on_press=move || workspace.back_up()/>
            })}
            <ChooseFiles label="Restore a backup"/>
            <p class="muted">
                "One JSON file with all sessions, edits, undo history and shapes. Restoring never overwrites an edit: differing edits become conflicts."
            </p>
        </div>
    }
}
