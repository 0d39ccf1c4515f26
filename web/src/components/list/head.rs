//! The column headings, which sort the list.
use super::Listing;
use crate::store::columns::Column;
use leptos::prelude::*;

fn class(column: Column) -> &'static str {
    match column {
        Column::State => "col-state",
        Column::Health => "col-health",
        Column::Episode => "col-episode num",
        Column::Topic => "col-topic",
        Column::Id => "col-id",
        Column::InStage => "col-in-stage",
        Column::Next => "col-next",
        Column::Due => "col-due",
        Column::Progress => "col-progress",
        Column::Quality => "col-quality num",
        Column::Cost => "col-cost num",
        Column::ExpectedCost => "col-expected-cost num",
        Column::Attempts => "col-attempts num",
        Column::Owner => "col-owner",
        Column::Labels => "col-labels",
        Column::Created => "col-created",
        Column::Updated => "col-updated",
    }
}

/// The row of headings.
#[component]
pub fn Heads(
    /// The list.
    list: Listing,
) -> impl IntoView {
    let heads = Column::ALL.map(|column| {
        let sort = move || list.query.with(|query| query.sort);
        let order = move || match sort() {
            sort if sort.column != column => None,
            sort if sort.descending => Some("descending"),
            _ => Some("ascending"),
        };
        let press = move |_| list.update_query(|query| query.sort = query.sort.clicked(column));
        view! {
            <th role="columnheader" scope="col" class=class(column) aria-sort=order>
                <button type="button" class="sort" on:click=press>{column.label()}</button>
            </th>
        }
    });
    view! {
        <tr role="row" aria-rowindex="1">
            <th role="columnheader" scope="col" class="col-select">
                <input
                    type="checkbox"
                    aria-label="Select all shown"
                    title="Select all shown"
                    prop:checked=move || list.all_selected()
                    prop:indeterminate=move || list.some_selected()
                    on:change=move |_| list.toggle_all()
                />
            </th>
            {heads.into_iter().collect_view()}
        </tr>
    }
}
