//! Replacement for the column headings on narrow pages: select all, and sort.
use super::Listing;
use crate::store::columns::Column;
use leptos::prelude::*;

/// The toolbar above a narrow list.
#[component]
pub fn NarrowHeads(
    /// The list.
    list: Listing,
) -> impl IntoView {
    let sort = Memo::new(move |_| list.query.with(|query| query.sort));
    let options = Column::ALL.map(|column| {
        let chosen = move || sort.get().column == column;
        view! { <option value=column.name() prop:selected=chosen>{column.long_label()}</option> }
    });
    let choose = move |value: String| {
        if let Some(column) = Column::ALL.into_iter().find(|column| column.name() == value) {
            list.update_query(|query| query.sort = query.sort.clicked(column));
        }
    };
    let reverse = move |_| list.update_query(|query| query.sort = query.sort.clicked(query.sort.column));
    let all = move || list.all_selected();
    view! {
        <div class="narrow-heads" role="group" aria-label="Select and sort">
            <label class="narrow-all">
                <input
                    type="checkbox"
                    prop:checked=all
                    prop:indeterminate=move || list.some_selected()
                    on:change=move |_| list.toggle_all()
                />
                <span>"Select all"</span>
            </label>
            <span class="spacer"></span>
            <span class="sort-label" aria-hidden="true">"Sort"</span>
            <select
                class="button sort-select"
                aria-label="Sort by"
                on:change:target=move |event| choose(event.target().value())
            >
                {options.into_iter().collect_view()}
            </select>
            <button
                type="button"
                class="button sort-turn"
                aria-label=move || {
                    if sort.get().descending { "Descending, reverse" } else { "Ascending, reverse" }
                }
                on:click=reverse
            >
                {move || if sort.get().descending { "\u{2193}" } else { "\u{2191}" }}
            </button>
        </div>
    }
}
