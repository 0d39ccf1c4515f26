//! Parts of the settings page: policy, backup.
use super::button::{Button, ChooseFiles, Weight};
use super::glossary::{Help, Term};
use crate::store::preferences::{
    base, config_path, limits, monthly_budget, set_config, set_monthly_budget, set_policy,
};
use crate::store::workspace::use_workspace;
use crate::typed;
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

    fn unit(self) -> &'static str {
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

    /// Reads the value and sets it in a policy.
    ///
    /// # Errors
    /// The sentence that says what to enter.
    fn set(self, policy: &mut Policy, text: &str) -> Result<(), String> {
        match self {
            Self::Threshold(gate) => policy.thresholds.set(gate, typed::score(text)?),
            Self::Budget => policy.budget = typed::money(text)?,
            Self::Retries => {
                let most = u32::MAX;
                policy.retry_limit =
                    typed::count(text)?.try_into().map_err(|_| format!("Enter a number of at most {most}."))?;
            }
        }
        Ok(())
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
    let set = move |text: &str| {
        let mut next = limits();
        field.set(&mut next, text)?;
        set_policy(&next);
        Ok(())
    };
    view! {
        <SettingInput
            id=format!("policy-{}", field.label().to_lowercase().replace(' ', "-"))
            label=field.label()
            term=field.term()
            unit=field.unit()
            value=Signal::derive(move || field.format(&limits()))
            set
        />
    }
}

/// The budget of a month, which may be left empty.
#[component]
fn MonthlyBudget() -> impl IntoView {
    let set = |text: &str| {
        if text.is_empty() {
            set_monthly_budget(None);
            return Ok(());
        }
        let budget = typed::money(text).map_err(|message| format!("{message} Or leave it empty."))?;
        if budget == Money::ZERO {
            return Err("Enter an amount, such as 250. Or leave it empty.".to_owned());
        }
        set_monthly_budget(Some(budget));
        Ok(())
    };
    view! {
        <SettingInput
            id="monthly-budget".to_owned()
            label="Monthly budget"
            unit="US dollars, optional"
            value=Signal::derive(|| monthly_budget().map(|budget| budget.to_string()).unwrap_or_default())
            set
        />
    }
}

/// A text input that stores its value when it is left, or says at the field why it did not.
#[component]
fn SettingInput(
    /// The id of the control.
    id: String,
    /// The label.
    label: &'static str,
    /// The term that explains it.
    #[prop(optional_no_strip)]
    term: Option<Term>,
    /// The unit or range, shown beside the label.
    unit: &'static str,
    /// The stored value.
    value: Signal<String>,
    /// Reads a text and stores its value; the error says what to enter.
    set: impl Fn(&str) -> Result<(), String> + 'static,
) -> impl IntoView {
    let error = RwSignal::new(None::<String>);
    // A value from elsewhere (a reset, another tab) replaces an invalid text.
    Effect::watch(move || value.get(), move |_, _, _| error.set(None), false);
    let error_id = format!("{id}-error");
    let described = {
        let error_id = error_id.clone();
        move || error.with(Option::is_some).then(|| error_id.clone())
    };
    let on_change = move |input: web_sys::HtmlInputElement| match set(input.value().trim()) {
        Ok(()) => {
            error.set(None);
            // The text may be another spelling of the same value, such as 90 % of 0.9.
            input.set_value(&value.get_untracked());
        }
        Err(message) => error.set(Some(message)),
    };
    view! {
        <div class="field" class:field-invalid=move || error.with(Option::is_some)>
            <div class="field-head">
                <span class="field-label">
                    <label for=id.clone()>{label}</label>
                    {term.map(|term| view! { <Help term/> })}
                </span>
                <span class="field-unit">{unit}</span>
            </div>
            <span class="field-box">
                <input
                    id=id
                    type="text"
                    inputmode="decimal"
                    autocomplete="off"
                    aria-invalid=move || error.with(Option::is_some).then_some("true")
                    aria-describedby=described
                    prop:value=value
                    on:change:target=move |event| on_change(event.target())
                />
            </span>
            {move || error.get().map(|message| view! {
                <p class="field-error" id=error_id.clone() role="alert">
                    <bdi>{message}</bdi> " The previous value is still in use."
                </p>
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
