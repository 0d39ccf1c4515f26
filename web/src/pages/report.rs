//! The production report, to print or to send.
use super::when_loaded::WhenLoaded;
use crate::arc_eq::ArcEq;
use crate::components::button::{Button, Weight};
use crate::components::icon::Glyph;
use crate::components::time::{format_time, zone_name};
use crate::export::report::ProductionReport;
use crate::export::report::table::{Cell, ReportColumn, ReportTable};
use crate::figures::use_overview;
use crate::format::count;
use crate::platform::intl::Style;
use crate::platform::pace::{next_frame, yield_task};
use crate::platform::page;
use crate::route::Route;
use crate::store::production_report::ReportFormat;
use crate::store::session_rows::SessionRows;
use crate::store::workspace::use_workspace;
use callboard_core::Timestamp;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;

/// Number of rows of a table that are shown before all are asked for.
const ROWS: usize = 200;

/// Number of rows that are rendered in one task.
const AT_ONCE: usize = 25;

/// The report page, or the welcome page while no session is loaded.
#[component]
pub fn Report() -> impl IntoView {
    view! { <WhenLoaded><Loaded/></WhenLoaded> }
}

/// The number of rows to render, of each table: it grows task by task.
#[derive(Clone, Copy, Debug)]
struct RenderedRows {
    /// The rows rendered.
    number: RwSignal<usize>,
    /// The rows wanted.
    wanted: RwSignal<usize>,
}

impl RenderedRows {
    fn begin() -> Self {
        let rows = Self { number: RwSignal::new(AT_ONCE), wanted: RwSignal::new(ROWS) };
        Effect::new(move |_| {
            let (number, wanted) = (rows.number.get(), rows.wanted.get());
            if number < wanted {
                spawn_local(async move {
                    yield_task().await;
                    // The page may have been left meanwhile.
                    let _ = rows.number.try_set(wanted.min(number + AT_ONCE));
                });
            }
        });
        rows
    }

    /// Renders all of this many rows. Returns false if the page was left meanwhile.
    async fn render_all(self, all: usize) -> bool {
        let _ = self.wanted.try_update(|wanted| *wanted = (*wanted).max(all));
        while let Some(number) = self.number.try_get_untracked() {
            if number >= all {
                return true;
            }
            yield_task().await;
        }
        false
    }
}

#[component]
fn Loaded() -> impl IntoView {
    let (workspace, overview) = (use_workspace(), use_overview());
    let report = RwSignal::new(None::<ArcEq<ProductionReport>>);
    let building = StoredValue::new(0_u32);
    Effect::new(move |_| {
        let rows: SessionRows = overview.rows.get();
        if rows.is_empty() {
            return;
        }
        building.update_value(|building| *building += 1);
        let own = building.get_value();
        spawn_local(async move {
            let built = workspace.production_report(rows).await;
            if building.try_get_value() == Some(own) {
                report.set(Some(ArcEq(Arc::new(built))));
            }
        });
    });
    let rendered = RenderedRows::begin();
    let export = move |format| move || workspace.export_report(format);
    let print = move || {
        let all = report.with_untracked(|report| report.as_ref().map_or(0, |report| report.sessions.rows.len()));
        spawn_local(async move {
            if rendered.render_all(all).await {
                next_frame().await;
                page::print();
            }
        });
    };
    let scope = move || {
        report.with(|report| {
            let report = report.as_ref()?;
            Some(format!("{} \u{b7} {}", format_time(report.at, Style::Stamp), report.scope()))
        })
    };
    view! {
        <div class="page report-page">
            <div class="page-head">
                <h1 tabindex="-1">"Production report"</h1>
                <span class="page-count" title=zone_name>{scope}</span>
                <span class="spacer"></span>
                <span class="report-tools">
                    <Button label="CSV" glyph=Glyph::Export on_press=export(ReportFormat::Csv)/>
                    <Button label="HTML" glyph=Glyph::Export on_press=export(ReportFormat::Html)/>
                    <Button label="Markdown" glyph=Glyph::Export on_press=export(ReportFormat::Markdown)/>
                    <Button label="Copy as Markdown" glyph=Glyph::Copy on_press=move || workspace.copy_report()/>
                    <Button label="Print" weight=Weight::Primary on_press=print/>
                </span>
            </div>
            {move || report.get().map(|report| view! { <Sheet report rendered/> })}
        </div>
    }
}

/// The content of a report.
#[component]
fn Sheet(
    /// The report.
    report: ArcEq<ProductionReport>,
    /// The rows to render.
    rendered: RenderedRows,
) -> impl IntoView {
    let time = |moment: Timestamp| format_time(moment, Style::Stamp);
    let tiles = report.tiles(time).into_iter().map(|(name, value, note)| {
        view! {
            <div class="figure">
                <dt>{name}</dt>
                <dd class="figure-value">{value}</dd>
                <dd class="figure-of">{note}</dd>
            </div>
        }
    });
    let number = report.tables().len();
    let tables = (0..number).map(|at| view! { <ReportSection report=report.clone() at rendered/> });
    view! {
        <dl class="figures">{tiles.collect_view()}</dl>
        {tables.collect_view()}
    }
}

/// A table of the report with its heading.
#[component]
fn ReportSection(
    /// The report.
    report: ArcEq<ProductionReport>,
    /// The index of the table.
    at: usize,
    /// The rows to render.
    rendered: RenderedRows,
) -> impl IntoView {
    let workspace = use_workspace();
    let table = {
        let report = report.clone();
        move || report.tables()[at].clone()
    };
    let shown = Arc::new(table());
    let (name, title, total) = (shown.name, shown.title, shown.rows.len());
    let heading = format!("report-{name}");
    let label = heading.clone();
    let content = if total == 0 {
        view! { <p class="report-none">{report.nothing_in(&shown)}</p> }.into_any()
    } else {
        view! { <ReportTable table=shown.clone() rendered/> }.into_any()
    };
    let is_more = move || rendered.wanted.get() < total;
    view! {
        <section class="report-section" aria-labelledby=label>
            <div class="report-head">
                <h2 id=heading class="section-title">{title}</h2>
                {report.sessions_in(&shown).map(|number| view! { <span class="page-count">{number}</span> })}
                <button
                    type="button"
                    class="button button-quiet report-csv"
                    aria-label=format!("CSV: {name}.csv")
                    on:click=move |_| workspace.export_table(&shown)
                >
                    "CSV"
                </button>
            </div>
            {content}
            <Show when=is_more>
                <p class="report-more">
                    <span>{format!("First {ROWS} of {}.", count(total, "row", "rows"))}</span>
                    <Button label="Show all" weight=Weight::Quiet on_press=move || rendered.wanted.set(total)/>
                </p>
            </Show>
        </section>
    }
}

#[component]
fn ReportTable(
    /// The table.
    table: Arc<ReportTable>,
    /// The rows to render.
    rendered: RenderedRows,
) -> impl IntoView {
    let columns = Arc::new(table.for_people());
    let head = |(_, column): &(usize, &'static ReportColumn)| {
        view! { <th scope="col" class:num=column.is_figure>{column.label}</th> }
    };
    let total = table.rows.len();
    let chunks = Memo::new(move |_| rendered.number.get().min(total).div_ceil(AT_ONCE));
    let class = format!("plain report-table report-{}", table.name);
    let label = format!("Table: {}", table.title);
    let heads = columns.iter().map(head).collect_view();
    view! {
        <div class="scroll-x" role="region" aria-label=label tabindex="0">
            <table class=class>
                <thead><tr>{heads}</tr></thead>
                <For
                    each=move || 0..chunks.get()
                    key=|chunk| *chunk
                    children=move |chunk| view! { <tbody>{rows_of(&table, &columns, chunk)}</tbody> }
                />
            </table>
        </div>
    }
}

fn rows_of(table: &ReportTable, columns: &[(usize, &'static ReportColumn)], chunk: usize) -> Vec<AnyView> {
    let rows = table.rows.iter().skip(chunk * AT_ONCE).take(AT_ONCE);
    rows.map(|row| {
        let cells = columns.iter().map(|(at, column)| {
            let cell = row.cells.get(*at).unwrap_or(&Cell::Unknown);
            let text = shown(cell);
            let is_name = column.is_name;
            let content = match &row.session {
                Some(key) if is_name => {
                    view! { <a class="report-row-link" href=Route::Session(key.clone()).href()><bdi>{text}</bdi></a> }
                        .into_any()
                }
                _ if matches!(cell, Cell::Text(_)) => view! { <bdi>{text}</bdi> }.into_any(),
                _ => text.into_any(),
            };
            view! { <td class:num=column.is_figure class:wraps=column.wraps()>{content}</td> }
        });
        view! { <tr>{cells.collect_view()}</tr> }.into_any()
    })
    .collect()
}

/// Formats a value for the page: times without seconds, so that a row stays on one line.
fn shown(cell: &Cell) -> String {
    cell.shown(|moment| format!("{} {}", format_time(moment, Style::Day), format_time(moment, Style::Time)))
}
