//! A list of any length of which only the rows in view are on the page.
use crate::platform::pattern::{Place, Rows, Tag, Value, draw_into};
use crate::platform::viewport::rows_in_view;
use leptos::html::Ul;
use leptos::prelude::*;
use std::sync::Arc;

/// What differs in the `li` of every pattern of a list, before all that is in it: how many rows there are, which of
/// them it is, and what it is about.
pub const IN_LIST: &[Place] =
    &[Place::Attribute("aria-setsize"), Place::Attribute("aria-posinset"), Place::Attribute(ABOUT)];

const ABOUT: &str = "data-about";

/// What is written into a row.
#[derive(Debug)]
pub struct Line {
    /// Its pattern.
    pub pattern: usize,
    /// What it is about: the focus stays with it.
    pub about: String,
    /// The values of what is in it.
    pub values: Vec<Value>,
}

/// The list. Each row is as high as `--list-row` says; the nearest `data-scroller` around it scrolls.
#[component]
pub fn VirtualList<T>(
    /// What there is.
    #[prop(into)]
    items: Signal<Arc<Vec<T>>>,
    /// The rows' patterns, each an `li` with the values [`IN_LIST`].
    patterns: &'static [Tag],
    /// What is written into a row.
    row: fn(&T) -> Line,
    /// The list's class.
    class: &'static str,
    /// What it is a list of.
    label: &'static str,
) -> impl IntoView
where
    T: Send + Sync + 'static,
{
    let body = NodeRef::<Ul>::new();
    let count = Signal::derive(move || items.with(|items| items.len()));
    let window = rows_in_view(body, count);
    draw_into(body, Rows::focusable(patterns, ABOUT), move |draw| {
        let range = window.range.get();
        items.with(|items| {
            draw(range.start.min(items.len())..range.end.min(items.len()), &mut |at| {
                let Line { pattern, about, values } = row(&items[at]);
                let own = [items.len().to_string(), (at + 1).to_string(), about].map(|text| Some(text.into()));
                (pattern, own.into_iter().chain(values).collect())
            });
        });
    });
    view! {
        <ul
            node_ref=body
            class=class
            aria-label=label
            style:padding-top=move || window.before()
            style:padding-bottom=move || window.after()
        ></ul>
    }
}
