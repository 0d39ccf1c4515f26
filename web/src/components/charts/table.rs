//! A chart as its table: figures in columns, or a session a row, of which only those in view are on the page.
use super::drawing::Table;
use super::{Drawn, key};
use crate::components::facts::unstated;
use crate::components::icon::Glyph;
use crate::components::list::row::ICON;
use crate::figures::{Row, Rows};
use crate::format::money;
use crate::platform::pattern::Place::{Attribute, Text};
use crate::platform::pattern::{Rows as Patterns, Tag, Value, draw_into, own, plain};
use crate::platform::viewport::rows_in_view;
use crate::route::Route;
use leptos::html;
use leptos::prelude::*;

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

/// A cell, which says that it is one: a row that is laid out as a grid is no table's row by itself.
macro_rules! cell {
    ($role:literal $class:literal [$($values:expr),*] $inside:expr) => {
        Tag { name: "td", fixed: &[("role", $role), ("class", $class)], values: &[$($values),*], inside: $inside }
    };
}

const PATTERNS: &[Tag] = &[Tag {
    name: "tr",
    fixed: &[("role", "row"), ("class", "row chart-row")],
    values: &[Attribute("aria-rowindex"), Attribute("data-session")],
    inside: &[
        cell!("rowheader" "chart-name" [] &[Tag {
            name: "a",
            fixed: &[("class", "row-link")],
            values: &[Attribute("href")],
            inside: &[Tag { name: "bdi", fixed: &[("data-cut", "title")], values: &[Text], inside: &[] }],
        }]),
        cell!("cell" "" [] &[Tag {
            name: "span",
            fixed: &[("class", "state")],
            values: &[Attribute("data-state")],
            inside: &[ICON, Tag { name: "span", fixed: &[("class", "state-word")], values: &[Text], inside: &[] }],
        }]),
        cell!("cell" "num" [] &[Tag {
            name: "span",
            fixed: &[],
            values: &[Attribute("data-tip"), Text],
            inside: &[],
        }]),
    ],
}];

fn session(at: usize, row: &Row) -> (usize, Vec<Value>) {
    let costs = row.digest.costs();
    let values = vec![
        // The heads are the first row.
        own((at + 2).to_string()),
        own(&row.id),
        own(Route::Session(row.id.clone()).href()),
        own(row.title()),
        own(row.state().to_lowercase()),
        plain(row.digest.state().map_or(Glyph::Warning, Glyph::of_state).path()),
        plain(row.state()),
        unstated(costs.total, costs.budget).and_then(plain),
        own(format!("{} / {}", money(costs.total), money(costs.budget))),
    ];
    (0, values)
}

/// A session a row.
#[component]
fn Sessions(
    /// What the table shows.
    title: &'static str,
    /// The sessions.
    rows: Signal<Rows>,
) -> impl IntoView {
    let body = NodeRef::<html::Tbody>::new();
    let count = Signal::derive(move || rows.with(|rows| rows.len()));
    let window = rows_in_view(body, count);
    draw_into(body, Patterns::focusable(PATTERNS, "data-session"), move |draw| {
        let range = window.range.get();
        rows.with(|rows| {
            draw(range.start.min(rows.len())..range.end.min(rows.len()), &mut |at| session(at, &rows[at]));
        });
    });
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
                <tbody
                    node_ref=body
                    role="rowgroup"
                    style:padding-top=move || window.before()
                    style:padding-bottom=move || window.after()
                ></tbody>
            </table>
        </div>
    }
}
