//! A list of any length of which only the rows in view are on the page.
use crate::platform::viewport::rows_in_view;
use leptos::html::Ul;
use leptos::prelude::*;
use std::sync::Arc;

/// The list. Each row is as high as `--list-row` says; the nearest `data-scroller` around it scrolls.
#[component]
pub fn VirtualList<T>(
    /// What there is.
    #[prop(into)]
    items: Signal<Arc<Vec<T>>>,
    /// A row's contents.
    row: fn(&T) -> AnyView,
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
    let shown = move || {
        let range = window.range.get();
        items.with(|items| {
            let rows = items.get(range.clone()).unwrap_or_default();
            let rows = range.zip(rows).map(|(at, item)| {
                view! {
                    <li class="virtual-row" aria-setsize=items.len().to_string() aria-posinset=(at + 1).to_string()>
                        {row(item)}
                    </li>
                }
            });
            rows.collect_view()
        })
    };
    view! {
        <ul node_ref=body class=class aria-label=label>
            <li class="virtual-room" aria-hidden="true" style:height=move || window.before()></li>
            {shown}
            <li class="virtual-room" aria-hidden="true" style:height=move || window.after()></li>
        </ul>
    }
}
