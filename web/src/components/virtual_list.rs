//! Virtual list: only the rows in view are rendered.
use crate::platform::dom;
use crate::platform::row_pool::{ListRow, show_rows};
use crate::platform::viewport::{self, VisibleRows, rows_in_view};
use leptos::html;
use leptos::prelude::*;
use std::ops::Range;
use wasm_bindgen::JsCast;

/// The element that contains the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListContainer {
    /// The `tbody` of a table with `tr` rows.
    TableBody,
    /// A list with `li` rows.
    List {
        /// The class of the list.
        class: &'static str,
        /// The accessible name of the list.
        label: &'static str,
    },
    /// A plain element with any rows.
    Lines,
}

/// The position of a row in its list, for screen readers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListPosition {
    /// Index, from 0.
    pub at: usize,
    /// Number of rows in the list.
    pub of: usize,
}

/// A virtual list. The container's `--list-row` sets the row height; the nearest `data-scroller` ancestor scrolls.
#[component]
pub fn VirtualList<R: ListRow>(
    /// The element that contains the rows.
    container: ListContainer,
    /// Number of rows.
    #[prop(into)]
    count: Signal<usize>,
    /// The row to scroll to, for [`ListContainer::Lines`].
    #[prop(optional, into)]
    target: Signal<Option<usize>>,
    /// Returns the rows of a range; called again when a signal changes that it reads.
    rows: impl Fn(Range<usize>) -> Vec<R> + 'static,
) -> impl IntoView {
    match container {
        ListContainer::TableBody => {
            let body = NodeRef::<html::Tbody>::new();
            let window = render_rows(body, count, rows);
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
        ListContainer::List { class, label } => {
            let body = NodeRef::<html::Ul>::new();
            let window = render_rows(body, count, rows);
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
        ListContainer::Lines => {
            let body = NodeRef::<html::Div>::new();
            let window = render_rows(body, count, rows);
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

/// Scrolls to the target whenever it changes.
fn bring_into_view(body: NodeRef<html::Div>, target: Signal<Option<usize>>) {
    Effect::new(move |_| {
        let (Some(body), target) = (body.get(), target.get()) else { return };
        let Some(target) = target else { return };
        if let Ok(Some(scroller)) = body.closest(".virtual") {
            request_animation_frame(move || dom::show(&scroller));
        }
        viewport::scroll_to_row(&body, target);
    });
}

/// Renders the rows in view.
fn render_rows<E, R>(
    body: NodeRef<E>,
    count: Signal<usize>,
    rows: impl Fn(Range<usize>) -> Vec<R> + 'static,
) -> VisibleRows
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
