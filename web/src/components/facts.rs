//! Names and values side by side.
use crate::format::{UNKNOWN, money};
use callboard_core::Money;
use leptos::prelude::*;

/// One name with its value.
#[component]
pub fn Fact(
    /// The name.
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

/// Why a cost or its budget is unknown, where one is.
pub fn unstated(cost: Option<Money>, budget: Option<Money>) -> Option<&'static str> {
    match (cost, budget) {
        (None, None) => Some("The file states no cost and no budget."),
        (None, _) => Some("The file states no cost."),
        (_, None) => Some("The file states no budget."),
        _ => None,
    }
}

/// What was spent of what may be spent.
#[component]
pub fn Spent(
    /// The cost.
    cost: Option<Money>,
    /// The budget.
    budget: Option<Money>,
    /// Whether the cost is within the budget, where both are known.
    within: Option<bool>,
) -> impl IntoView {
    let why = unstated(cost, budget);
    view! {
        <span class="spent" class:spent-over=within == Some(false) data-tip=why tabindex=why.map(|_| "0")>
            <span>{money(cost)}</span>
            <span class="spent-of">" / "{money(budget)}</span>
            {(within == Some(false)).then(|| view! { <span class="spent-word">"over"</span> })}
        </span>
    }
}

/// A figure, or the sign for unknown; why it is unknown is said on hover and on focus.
#[component]
pub fn Known(
    /// The figure, as it is written.
    value: Option<String>,
    /// Why it may be missing.
    missing: &'static str,
) -> impl IntoView {
    match value {
        Some(value) => value.into_any(),
        None => view! { <span class="muted" data-tip=missing tabindex="0">{UNKNOWN}</span> }.into_any(),
    }
}

/// A text of the file, or the sign for unknown.
#[component]
pub fn TextOr(
    /// The text.
    text: Option<String>,
    /// Why it may be missing.
    missing: &'static str,
) -> impl IntoView {
    match text {
        // Isolated: a text that runs from right to left turns nothing around it.
        Some(text) => view! { <bdi>{text}</bdi> }.into_any(),
        None => view! { <Known value=None missing/> }.into_any(),
    }
}
