//! Labelled values, with placeholders for unknown ones.
use crate::format::{UNKNOWN, money};
use callboard_core::Money;
use leptos::prelude::*;

/// A label with its value.
#[component]
pub fn LabelledValue(
    /// The label.
    name: &'static str,
    /// The value.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="fact">
            <dt>{name}</dt>
            <dd>{children()}</dd>
        </div>
    }
}

/// Returns the reason why a cost or its budget is unknown.
pub fn unknown_cost_reason(cost: Option<Money>, budget: Option<Money>) -> Option<&'static str> {
    match (cost, budget) {
        (None, None) => Some("No cost or budget in the file."),
        (None, _) => Some("No cost in the file."),
        (_, None) => Some("No budget in the file."),
        _ => None,
    }
}

/// A cost and its budget.
#[component]
pub fn CostOfBudget(
    /// The cost.
    cost: Option<Money>,
    /// The budget.
    budget: Option<Money>,
    /// True if the cost is within the budget; `None` if either is unknown.
    within: Option<bool>,
) -> impl IntoView {
    let why = unknown_cost_reason(cost, budget);
    view! {
        <span class="spent" class:spent-over=within == Some(false) data-tip=why tabindex=why.map(|_| "0")>
            <span>{money(cost)}</span>
            <span class="spent-of">" / "{money(budget)}</span>
            {(within == Some(false)).then(|| view! { <span class="spent-word">"over"</span> })}
        </span>
    }
}

/// A value, or the placeholder with the reason as a tip.
#[component]
pub fn ValueOrUnknown(
    /// The formatted value.
    value: Option<String>,
    /// The reason why it may be unknown.
    missing: &'static str,
) -> impl IntoView {
    match value {
        Some(value) => value.into_any(),
        None => view! { <span class="muted" data-tip=missing tabindex="0">{UNKNOWN}</span> }.into_any(),
    }
}

/// Text from a file, or the placeholder with the reason as a tip.
#[component]
pub fn TextOrUnknown(
    /// The text.
    text: Option<String>,
    /// The reason why it may be unknown.
    missing: &'static str,
) -> impl IntoView {
    match text {
        // Isolated, so that right-to-left text does not affect its surroundings.
        Some(text) => view! { <bdi>{text}</bdi> }.into_any(),
        None => view! { <ValueOrUnknown value=None missing/> }.into_any(),
    }
}
