//! The menu of the list's columns.
use super::Listing;
use crate::components::button::{Button, Weight};
use crate::store::columns::{Column, ColumnSet, FittedColumns};
use leptos::prelude::*;

/// The menu of columns.
#[component]
pub fn ColumnMenu(
    /// The list.
    list: Listing,
    /// The columns that fit.
    fitted: Memo<FittedColumns>,
) -> impl IntoView {
    let columns = list.columns;
    let boxes = Column::ALL.into_iter().filter(|column| *column != Column::Topic).map(|column| {
        let is_chosen = move || columns.get().has(column);
        let has_no_room = move || is_chosen() && !fitted.get().columns.has(column);
        view! {
            <label class="menu-item">
                <input
                    type="checkbox"
                    prop:checked=is_chosen
                    aria-description=move || has_no_room().then_some("no room")
                    on:change=move |_| list.set_columns(columns.get_untracked().toggled(column))
                />
                <span>{column.long_label()}</span>
                {move || has_no_room().then(|| view! { <span class="option-count" aria-hidden="true">"no room"</span> })}
            </label>
        }
    });
    let reset = move || {
        (columns.get() != ColumnSet::default()).then(|| {
            let reset = move || list.set_columns(ColumnSet::default());
            view! { <Button label="Reset columns" weight=Weight::Quiet on_press=reset/> }
        })
    };
    view! {
        <details class="menu menu-end">
            <summary class="button filter"><span>"Columns"</span></summary>
            <div class="menu-panel menu-columns" role="group" aria-label="Columns">
                {boxes.collect_view()}
                {reset}
            </div>
        </details>
    }
}
