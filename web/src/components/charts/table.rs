//! A chart as its table: figures in columns, or a session a row, of which only those in view are on the page.
use super::drawing::Table;
use super::{Drawn, key};
use crate::components::facts::unstated;
use crate::components::icon::Glyph;
use crate::components::virtual_list::{Holder, VirtualList};
use crate::figures::{self, Rows};
use crate::format::money;
use crate::platform::row_template::Slot::{Attribute, Text};
use crate::platform::row_template::{Node, Row, icon_node, node};
use crate::route::Route;
use leptos::prelude::*;
use std::borrow::Cow;
use std::ops::Range;

/// The chart as its table.
#[component]
pub fn AsTable(
    /// What it shows.
    title: &'static str,
    /// The chart.
    drawn: Memo<Drawn>,
) -> impl IntoView {
    // The kind of a chart's table never changes; what is in it does.
    let table = Memo::new(move |_| drawn.with(|drawn| drawn.0.table()));
    if let Table::Sessions(_) = table.get_untracked() {
        let rows = Signal::derive(move || match table.get() {
            Table::Sessions(rows) => rows,
            Table::Figures { .. } => Rows::default(),
        });
        return view! {
            <Sessions title rows/>
            // How many there are of each kind, which the drawing says below it too.
            <div class="chart-keys">{move || drawn.with(|drawn| drawn.0.keys().into_iter().map(key).collect_view())}</div>
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
            let href = drawn.with(|drawn| drawn.0.session(at)).map(|id| Route::Session(id).href());
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

/// A session with its state and its cost.
#[derive(Debug, PartialEq)]
struct SessionRow {
    /// Position in the table, from 1; the column heads are the first row.
    index: usize,
    id: String,
    title: String,
    state: &'static str,
    glyph: Glyph,
    cost: String,
    /// The reason why a cost is unknown, where one is.
    unstated: Option<&'static str>,
}

impl SessionRow {
    fn of(at: usize, row: &figures::Row) -> Self {
        let costs = row.digest.costs();
        Self {
            index: at + 2,
            id: row.id.clone(),
            title: row.title(),
            state: row.state(),
            glyph: row.digest.state().map_or(Glyph::Warning, Glyph::of_state),
            cost: format!("{} / {}", money(costs.total), money(costs.budget)),
            unstated: unstated(costs.total, costs.budget),
        }
    }
}

// A cell says that it is one: a row that is laid out as a grid is no table's row by itself.
impl Row for SessionRow {
    const TEMPLATE: Node<Self> = node!("tr" ("role" = "row", "class" = "row chart-row")
        [
            Attribute("aria-rowindex", |row| Some(row.index.to_string().into())),
            Attribute("data-session", |row| Some(row.id.as_str().into())),
        ]
        {
            node!("td" ("role" = "rowheader", "class" = "chart-name") {
                node!("a" ("class" = "row-link")
                    [Attribute("href", |row| Some(Route::Session(row.id.clone()).href().into()))]
                    { node!("bdi" ("data-cut" = "title") [Text(|row| row.title.as_str().into())]) }
                ),
            }),
            node!("td" ("role" = "cell") {
                node!("span" ("class" = "state")
                    [Attribute("data-state", |row| Some(row.state.to_lowercase().into()))]
                    {
                        icon_node!(|row| Some(row.glyph.path().into())),
                        node!("span" ("class" = "state-word") [Text(|row| row.state.into())]),
                    }
                ),
            }),
            node!("td" ("role" = "cell", "class" = "num") {
                node!("span" [
                    Attribute("data-tip", |row| row.unstated.map(Cow::from)),
                    Text(|row| row.cost.as_str().into()),
                ]),
            }),
        }
    );

    fn key(&self) -> Cow<'_, str> {
        self.id.as_str().into()
    }
}

/// A session a row.
#[component]
fn Sessions(
    /// What the table shows.
    title: &'static str,
    /// The sessions.
    rows: Signal<Rows>,
) -> impl IntoView {
    let count = Signal::derive(move || rows.with(|rows| rows.len()));
    let shown = move |range: Range<usize>| {
        rows.with(|rows| range.filter_map(|at| Some(SessionRow::of(at, rows.get(at)?))).collect())
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
                <VirtualList holder=Holder::TableBody count rows=shown/>
            </table>
        </div>
    }
}
