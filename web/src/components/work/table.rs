//! The common axis as a table: one row for each period, in the order of the rows.
use super::details::happened;
use super::overview::OverviewRow;
use super::period::{Period, PeriodContext, each_period};
use super::work_view::WorkView;
use crate::components::show_more::ShowMore;
use crate::components::time::DayAndTime;
use crate::format::{duration, session_title};
use crate::route::Route;
use callboard_core::{BarKind, Timestamp};
use callboard_workspace::Listed;
use leptos::prelude::*;

/// Number of rows shown at once.
const ROWS: usize = 200;

/// The content of a row.
#[derive(Clone, Debug, PartialEq)]
struct WorkTableRow {
    title: String,
    href: String,
    who: String,
    event: String,
    attempt: Option<u64>,
    from: i64,
    to: Option<i64>,
    seconds: i64,
    error: Option<String>,
}

/// Returns the first rows of the table.
fn rows(
    sessions: &[Listed],
    order: &[OverviewRow],
    from: i64,
    context: &PeriodContext,
    most: usize,
) -> Vec<WorkTableRow> {
    let mut rows = Vec::new();
    for row in order {
        if rows.len() >= most {
            break;
        }
        match row {
            OverviewRow::Session(at) => add(sessions, *at, context, &mut rows, |it| it.to >= from),
            OverviewRow::Lane { spans, .. } => {
                for id in spans.iter().take(most - rows.len()).map(|span| span.id) {
                    add(sessions, id.session, context, &mut rows, |it| it.index == id.period);
                }
            }
        }
    }
    rows.truncate(most);
    rows
}

fn add(
    sessions: &[Listed],
    at: usize,
    context: &PeriodContext,
    rows: &mut Vec<WorkTableRow>,
    is_wanted: impl Fn(&Period<'_>) -> bool,
) {
    let Some(session) = sessions.get(at) else { return };
    each_period(session, context, &mut |period| {
        if !is_wanted(&period) {
            return;
        }
        let is_running = period.kind == Some(BarKind::Running) && !period.stalled;
        rows.push(WorkTableRow {
            title: session_title(session.summary()),
            href: Route::of(session).href(),
            who: period.who.to_owned(),
            event: happened(&period),
            attempt: period.attempt,
            from: period.from,
            to: (!is_running).then_some(period.to),
            seconds: period.to - period.from,
            error: period.error.map(str::to_owned),
        });
    });
}

/// The table. Its rows are rendered once it is opened.
#[component]
pub fn WorkTable(
    /// The state of the page.
    work: WorkView,
) -> impl IntoView {
    let (open, asked) = (RwSignal::new(false), RwSignal::new(ROWS));
    let shown = move || {
        if !open.get() {
            return Vec::new();
        }
        let (context, most) = (work.context(), asked.get());
        let from = work.range.get().from(context.now).unwrap_or(i64::MIN);
        let rows = |order: &[OverviewRow]| work.sessions.with(|all| rows(all, order, from, &context, most));
        work.overview.with(|overview| rows(&overview.rows))
    };
    let total = move || work.overview.with(|overview| overview.periods);
    view! {
        <details class="fold" on:toggle:target=move |event| open.set(event.target().open())>
            <summary>"Show as table"</summary>
            <div class="scroll-x timeline-table" role="region" aria-label="Timeline table" tabindex="0">
                <table class="plain">
                    <thead>
                        <tr>
                            <th scope="col">"Session"</th>
                            <th scope="col">"Agent"</th>
                            <th scope="col">"Event"</th>
                            <th scope="col" class="num">"Attempt"</th>
                            <th scope="col">"From"</th>
                            <th scope="col">"To"</th>
                            <th scope="col" class="num">"Duration"</th>
                            <th scope="col">"Error"</th>
                        </tr>
                    </thead>
                    <tbody>{move || shown().into_iter().map(row).collect_view()}</tbody>
                </table>
            </div>
            <ShowMore asked step=ROWS total=Signal::derive(total) names=("row", "rows")/>
        </details>
    }
}

fn row(row: WorkTableRow) -> impl IntoView {
    let at = |at| Some(Timestamp::from_unix(at));
    view! {
        <tr>
            <th scope="row"><a href=row.href><bdi>{row.title}</bdi></a></th>
            <td class="mono" translate="no">{row.who}</td>
            <td class="timeline-what">{row.event}</td>
            <td class="num">{row.attempt}</td>
            <td class="nowrap"><DayAndTime moment=at(row.from) missing=""/></td>
            <td class="nowrap"><DayAndTime moment=row.to.and_then(at) missing="Not ended yet."/></td>
            <td class="nowrap num">{duration(row.seconds)}</td>
            <td class="timeline-error"><bdi>{row.error}</bdi></td>
        </tr>
    }
}
