//! The dashboard's charts: plain SVG, each with a cursor for pointer and keys, and with a table that says
//! the same.

pub mod cost;
pub mod duration;
pub mod episodes;
pub mod funnel;
pub mod pen;
pub mod plot;
pub mod quality;
pub mod scale;

use leptos::prelude::*;

/// A chart's table: its columns and its rows, the first cell naming the row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// The columns' names.
    pub head: Vec<&'static str>,
    /// The cells, row by row.
    pub rows: Vec<Vec<String>>,
}

/// A panel with a title, what is read at the cursor, and either the chart or its table.
#[component]
pub fn ChartPanel(
    /// What the chart shows.
    title: &'static str,
    /// A word that no other chart of the page has.
    name: &'static str,
    /// What stands at the cursor; a sentence about the whole where there is none.
    #[prop(into)]
    readout: Signal<String>,
    /// Why there is nothing to draw, where it is so.
    #[prop(into)]
    empty: Signal<Option<&'static str>>,
    /// The same as figures.
    #[prop(into)]
    table: Signal<Table>,
    /// What the colours mean.
    #[prop(optional, into)]
    keys: Option<ViewFn>,
    /// The chart.
    children: ChildrenFn,
) -> impl IntoView {
    let as_table = RwSignal::new(false);
    let title_id = format!("chart-{name}");
    let labelled = title_id.clone();
    let body = move || {
        if let Some(why) = empty.get() {
            return view! { <p class="chart-empty">{why}</p> }.into_any();
        }
        if as_table.get() {
            return view! { <TableView title table/> }.into_any();
        }
        let keys = keys.clone().map(|keys| view! { <div class="chart-keys">{keys.run()}</div> });
        view! {
            <p class="chart-readout" aria-hidden="true"><bdi>{readout}</bdi></p>
            {children()}
            {keys}
        }
        .into_any()
    };
    view! {
        <section class=format!("panel chart chart-{name}") aria-labelledby=labelled>
            <div class="panel-head">
                <h2 id=title_id>{title}</h2>
                <span class="spacer"></span>
                <Show when=move || empty.get().is_none()>
                    <button
                        type="button"
                        class="button button-quiet"
                        aria-pressed=move || as_table.get().to_string()
                        aria-label=format!("{title} as a table")
                        on:click=move |_| as_table.update(|as_table| *as_table = !*as_table)
                    >
                        "Table"
                    </button>
                </Show>
            </div>
            <div class="chart-body">{body}</div>
        </section>
    }
}

#[component]
fn TableView(
    /// What the table shows.
    title: &'static str,
    /// Its cells.
    table: Signal<Table>,
) -> impl IntoView {
    let head =
        move || table.with(|table| table.head.iter().map(|name| view! { <th scope="col">{*name}</th> }).collect_view());
    let row = |cells: &Vec<String>| {
        let mut cells = cells.iter().cloned();
        let first = cells.next();
        view! {
            <tr>
                <th scope="row"><bdi>{first}</bdi></th>
                {cells.map(|cell| view! { <td class="num">{cell}</td> }).collect_view()}
            </tr>
        }
    };
    view! {
        <div class="chart-table" tabindex="0" role="region" aria-label=format!("{title}, figures")>
            <table class="plain">
                <caption class="sr-only">{title}</caption>
                <thead><tr>{head}</tr></thead>
                <tbody>{move || table.with(|table| table.rows.iter().map(row).collect_view())}</tbody>
            </table>
        </div>
    }
}
