//! Button that shows the next part of a long list.
use crate::format::count;
use leptos::prelude::*;

/// The button, absent once all items are shown.
#[component]
pub fn ShowMore(
    /// Number of items shown.
    asked: RwSignal<usize>,
    /// Number of items added per click.
    step: usize,
    /// Total number of items.
    #[prop(into)]
    total: Signal<usize>,
    /// The word for one item and for several.
    names: (&'static str, &'static str),
) -> impl IntoView {
    let left = move || total.get().saturating_sub(asked.get());
    let is_more = move || left() > 0;
    view! {
        <Show when=is_more>
            <button type="button" class="diff-more" on:click=move |_| asked.update(|asked| *asked += step)>
                {move || format!("Show {} more of {}", left().min(step), count(left(), names.0, names.1))}
            </button>
        </Show>
    }
}
