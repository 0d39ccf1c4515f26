//! The table of a chart: columns of numbers, or a virtual list of sessions.
use super::chart_source::{SharedChart, Table};
use super::legend::Legend;
use crate::components::icon::Glyph;
use crate::components::labelled_value::unknown_cost_reason;
use crate::components::virtual_list::{ListContainer, VirtualList};
use crate::format::{money, session_title, state_label, state_name};
use crate::platform::row_template::Slot::{Attribute, Text};
use crate::platform::row_template::{Node, Row, icon_node, node};
use crate::route::Route;
use crate::store::session_rows::SessionRows;
use callboard_workspace::Listed;
use leptos::prelude::*;
use std::borrow::Cow;
use std::ops::Range;

/// The table of a chart.
#[component]
pub fn ChartTable(
    /// The title.
    title: &'static str,
    /// The chart.
    chart: Memo<SharedChart>,
) -> impl IntoView {
    // The kind of table never changes, only its data.
    let table = Memo::new(move |_| chart.with(|chart| chart.0.table()));
    if let Table::Sessions(_) = table.get_untracked() {
        let rows = Signal::derive(move || match table.get() {
            Table::Sessions(rows) => rows,
            Table::Figures { .. } => SessionRows::default(),
        });
        return view! {
            <Sessions title rows/>
            // The legend has the counts, as below the chart.
            <Legend chart/>
        }
        .into_any();
    }
    let body = move || {
        let (head, rows) = match table.get() {
            Table::Figures { head, rows } => (head, rows),
            Table::Sessions(_) => Default::default(),
        };
        let head = head.into_iter().map(|name| view! { <th scope="col">{name}</th> });
        let rows = rows.into_iter().enumerate().map(|(at, cells)| {
            let href = chart.with(|chart| chart.0.href(at));
            figures(cells, href)
        });
        view! {
            <thead><tr>{head.collect_view()}</tr></thead>
            <tbody>{rows.collect_view()}</tbody>
        }
    };
    view! {
        <div class="chart-table" tabindex="0" role="region" aria-label=format!("{title}, figures")>
            <table class="plain">
                <caption class="sr-only">{title}</caption>
                {body}
            </table>
        </div>
    }
    .into_any()
}

fn figures(cells: Vec<String>, href: Option<String>) -> impl IntoView {
    let mut cells = cells.into_iter();
    let name = view! { <bdi>{cells.next()}</bdi> };
    let name = match href {
        Some(href) => view! { <a href=href>{name}</a> }.into_any(),
        None => name.into_any(),
    };
    let cells = cells.map(|cell| view! { <td class="num">{cell}</td> });
    view! { <tr><th scope="row">{name}</th>{cells.collect_view()}</tr> }
}

/// A session with its state and cost.
#[derive(Debug, PartialEq)]
struct ChartSessionRow {
    /// Row number in the table, from 1; the headings are the first row.
    index: usize,
    id: String,
    title: String,
    /// The state's name, which sets the colour.
    state: &'static str,
    label: String,
    href: String,
    glyph: Glyph,
    cost: String,
    /// The reason why a cost is unknown, if one is.
    unknown_cost_reason: Option<&'static str>,
}

impl ChartSessionRow {
    fn of(at: usize, session: &Listed) -> Self {
        let summary = session.summary();
        Self {
            index: at + 2,
            id: summary.id.clone(),
            title: session_title(summary),
            state: state_name(summary),
            label: state_label(summary).into_owned(),
            glyph: Glyph::of_list_state(&summary.state),
            href: Route::of(session).href(),
            cost: format!("{} / {}", money(summary.cost), money(summary.budget)),
            unknown_cost_reason: unknown_cost_reason(summary.cost, summary.budget),
        }
    }
}

// Explicit roles, as rows with a grid layout lose their implicit ones.
impl Row for ChartSessionRow {
    const TEMPLATE: Node<Self> = node!("tr" ("role" = "row", "class" = "row chart-row")
        [
            Attribute("aria-rowindex", |row| Some(row.index.to_string().into())),
            Attribute("data-session", |row| Some(row.id.as_str().into())),
        ]
        {
            node!("td" ("role" = "rowheader", "class" = "chart-name") {
                node!("a" ("class" = "row-link")
                    [Attribute("href", |row| Some(row.href.as_str().into()))]
                    { node!("bdi" ("data-cut" = "title") [Text(|row| row.title.as_str().into())]) }
                ),
            }),
            node!("td" ("role" = "cell") {
                node!("span" ("class" = "state")
                    [Attribute("data-state", |row| Some(row.state.to_lowercase().into()))]
                    {
                        icon_node!(|row| Some(row.glyph.path().into())),
                        node!("span" ("class" = "state-word") [Text(|row| row.label.as_str().into())]),
                    }
                ),
            }),
            node!("td" ("role" = "cell", "class" = "num") {
                node!("span" [
                    Attribute("data-tip", |row| row.unknown_cost_reason.map(Cow::from)),
                    Text(|row| row.cost.as_str().into()),
                ]),
            }),
        }
    );

    fn key(&self) -> Cow<'_, str> {
        self.id.as_str().into()
    }
}

/// A table with one session per row.
#[component]
fn Sessions(
    /// The title of the table.
    title: &'static str,
    /// The sessions.
    rows: Signal<SessionRows>,
) -> impl IntoView {
    let count = Signal::derive(move || rows.with(|rows| rows.len()));
    let shown = move |range: Range<usize>| {
        rows.with(|rows| range.filter_map(|at| Some(ChartSessionRow::of(at, rows.get(at)?))).collect())
    };
    view! {
        <div class="chart-table chart-list" data-scroller tabindex="0" role="region" aria-label=format!("{title}, figures")>
            <table class="chart-sessions" role="table" aria-rowcount=move || (count.get() + 1).to_string()>
                <caption class="sr-only">{title}</caption>
                <thead role="rowgroup" class="sr-only">
                    <tr role="row" aria-rowindex="1">
                        <th role="columnheader" scope="col">"Episode"</th>
                        <th role="columnheader" scope="col">"State"</th>
                        <th role="columnheader" scope="col">"Cost / budget"</th>
                    </tr>
                </thead>
                <VirtualList container=ListContainer::TableBody count rows=shown/>
            </table>
        </div>
    }
}
