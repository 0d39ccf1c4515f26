//! A long list, shown a part at a time.
use crate::format::count;
use leptos::prelude::*;

/// The button that shows the next part of a list; nothing where all of it is shown.
#[component]
pub fn More(
    /// Number of items asked for.
    asked: RwSignal<usize>,
    /// Number of items that each press adds.
    step: usize,
    /// Number of items in the list.
    total: usize,
    /// The word for one item, and for several.
    names: (&'static str, &'static str),
) -> impl IntoView {
    let left = move || total.saturating_sub(asked.get());
    move || {
        (left() > 0).then(|| {
            view! {
                <button type="button" class="diff-more" on:click=move |_| asked.update(|asked| *asked += step)>
                    {move || format!("Show {} more of {}", left().min(step), count(left(), names.0, names.1))}
                </button>
            }
        })
    }
}
