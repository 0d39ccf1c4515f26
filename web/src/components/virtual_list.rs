//! A list of any length: only the rows in view are on the page.
use crate::platform::dom;
use crate::platform::row_pool::{ListRow, show_rows};
use crate::platform::viewport::{self, Window, rows_in_view};
use leptos::html;
use leptos::prelude::*;
use std::ops::Range;
use wasm_bindgen::JsCast;

/// The element that holds the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// The `tbody` of a table, whose rows are `tr`s.
    TableBody,
    /// A list of `li`s.
    List {
        /// The list's class.
        class: &'static str,
        /// The list's name for screen readers.
        label: &'static str,
    },
    /// Lines of a text, or whatever else is neither of the two.
    Lines,
}

/// Place of a row in its list, for the attributes that tell a screen reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InList {
    /// Index, from 0.
    pub at: usize,
    /// Number of rows in the list.
    pub of: usize,
}

/// The rows of a list. Each is as high as the holder's `--list-row` says; the nearest `data-scroller` around it scrolls.
#[component]
pub fn VirtualList<R: ListRow>(
    /// The element that holds the rows.
    holder: Holder,
    /// Number of rows.
    #[prop(into)]
    count: Signal<usize>,
    /// Row to bring into view; only among lines.
    #[prop(optional, into)]
    target: Signal<Option<usize>>,
    /// Makes the rows of a stretch; called again whenever a signal changes that it has read.
    rows: impl Fn(Range<usize>) -> Vec<R> + 'static,
) -> impl IntoView {
    match holder {
        Holder::TableBody => {
            let body = NodeRef::<html::Tbody>::new();
            let window = fill(body, count, rows);
            view! {
                <tbody
                    node_ref=body
                    role="rowgroup"
                    style:padding-top=move || window.before()
                    style:padding-bottom=move || window.after()
                ></tbody>
            }
            .into_any()
        }
        Holder::List { class, label } => {
            let body = NodeRef::<html::Ul>::new();
            let window = fill(body, count, rows);
            view! {
                <ul
                    node_ref=body
                    class=class
                    aria-label=label
                    style:padding-top=move || window.before()
                    style:padding-bottom=move || window.after()
                ></ul>
            }
            .into_any()
        }
        Holder::Lines => {
            let body = NodeRef::<html::Div>::new();
            let window = fill(body, count, rows);
            bring_into_view(body, target);
            view! {
                <div
                    node_ref=body
                    class="lines"
                    style:padding-top=move || window.before()
                    style:padding-bottom=move || window.after()
                ></div>
            }
            .into_any()
        }
    }
}

/// Scrolls to the target, whenever it changes.
fn bring_into_view(body: NodeRef<html::Div>, target: Signal<Option<usize>>) {
    Effect::new(move |_| {
        let (Some(body), target) = (body.get(), target.get()) else { return };
        let Some(target) = target else { return };
        dom::show_soon(".virtual");
        viewport::scroll_to_row(&body, target);
    });
}

/// Keeps the rows in view on the page.
fn fill<E, R>(body: NodeRef<E>, count: Signal<usize>, rows: impl Fn(Range<usize>) -> Vec<R> + 'static) -> Window
where
    E: html::ElementType,
    E::Output: JsCast + Clone + 'static,
    R: ListRow,
{
    let window = rows_in_view(body, count);
    show_rows(body, move || {
        let (range, count) = (window.range.get(), count.get());
        let range = range.start.min(count)..range.end.min(count);
        (range.start, rows(range))
    });
    window
}
