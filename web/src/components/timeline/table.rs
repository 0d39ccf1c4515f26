//! The timeline as a table: one row for everything that is drawn.
use super::bar_text::{DERIVED, NO_COST, NO_LENGTH, NO_SCORE, bar_duration, no_end, word};
use crate::arc_eq::ArcEq;
use crate::components::labelled_value::{TextOrUnknown, ValueOrUnknown};
use crate::components::show_more::ShowMore;
use crate::components::time::DayAndTime;
use crate::format::{duration, money, score};
use crate::order::ascending;
use crate::store::workspace::use_workspace;
use callboard_core::{Bar, Lane, RouteBack, Timeline, Timestamp, Wait};
use leptos::prelude::*;

/// The content of a row.
#[derive(Clone, Debug, PartialEq)]
enum TableRow {
    Bar(Bar),
    Wait(Wait),
    SentBack(RouteBack),
    Estimate(Timestamp),
}

impl TableRow {
    fn at(&self) -> Option<Timestamp> {
        match self {
            Self::Bar(bar) => bar.start.or(bar.end),
            Self::Wait(wait) => Some(wait.from),
            Self::SentBack(back) => back.at,
            Self::Estimate(due) => Some(*due),
        }
    }
}

/// Returns the rows of a lane in order of time; those without a time come last.
fn lane_rows(timeline: &Timeline, lane: &Lane) -> Vec<TableRow> {
    let bars = lane.bars.iter().cloned().map(TableRow::Bar);
    let waits = timeline.waits.iter().filter(|wait| wait.agent == lane.agent).cloned().map(TableRow::Wait);
    let backs = timeline.route_backs.iter().filter(|back| back.from == lane.stage).cloned().map(TableRow::SentBack);
    let estimate = lane.bars.last().and_then(|bar| bar.estimate).map(TableRow::Estimate);
    let all: Vec<TableRow> = bars.chain(waits).chain(backs).chain(estimate).collect();
    let key = |row: &TableRow| (row.at().map_or(i64::MAX, Timestamp::unix), 0);
    ascending(all.iter().map(key)).into_iter().map(|at| all[at].clone()).collect()
}

/// Number of rows shown at once.
const ROWS: usize = 400;

/// The table. Its rows are rendered once it is opened, as there may be a thousand.
#[component]
pub fn TimelineTable(
    /// The timeline.
    timeline: Memo<ArcEq<Timeline>>,
) -> impl IntoView {
    let (open, asked) = (RwSignal::new(false), RwSignal::new(ROWS));
    let all = Memo::new(move |_| {
        let lanes =
            |timeline: &Timeline| timeline.lanes.iter().map(|lane| lane_rows(timeline, lane)).collect::<Vec<_>>();
        if open.get() { timeline.with(|timeline| lanes(timeline)) } else { Vec::new() }
    });
    let indices = move || {
        let counts = all.with(|lanes| lanes.iter().map(Vec::len).collect::<Vec<_>>());
        let all = counts.into_iter().enumerate().flat_map(|(lane, count)| (0..count).map(move |at| (lane, at)));
        all.take(asked.get())
    };
    let total = move || all.with(|lanes| lanes.iter().map(Vec::len).sum::<usize>());
    // Each row follows its own content.
    let each = move |(lane, at): (usize, usize)| {
        let stage = timeline.with_untracked(|timeline| timeline.lanes.get(lane).map_or("", |lane| lane.stage.name()));
        let content = Memo::new(move |_| all.with(|lanes| lanes.get(lane)?.get(at).cloned()));
        move || content.get().map(|content| row(stage, content))
    };
    view! {
        <details class="fold" on:toggle:target=move |event| open.set(event.target().open())>
            <summary>"Show as table"</summary>
            <div class="scroll-x timeline-table" role="region" aria-label="Timeline table" tabindex="0">
                <table class="plain">
                    <thead>
                        <tr>
                            <th scope="col">"Stage"</th>
                            <th scope="col">"Event"</th>
                            <th scope="col" class="num">"Attempt"</th>
                            <th scope="col">"From"</th>
                            <th scope="col">"To"</th>
                            <th scope="col" class="num">"Duration"</th>
                            <th scope="col" class="num">"Cost"</th>
                            <th scope="col" class="num">"Quality"</th>
                            <th scope="col">"Error"</th>
                        </tr>
                    </thead>
                    <tbody><For each=indices key=|place| *place children=each/></tbody>
                </table>
            </div>
            {move || view! { <ShowMore asked step=ROWS total=total() names=("row", "rows")/> }}
        </details>
    }
}

fn row(stage: &'static str, row: TableRow) -> impl IntoView {
    let cells = match row {
        TableRow::Bar(bar) => bar_cells(&bar).into_any(),
        TableRow::Wait(wait) => wait_cells(wait).into_any(),
        TableRow::SentBack(back) => back_cells(back).into_any(),
        TableRow::Estimate(due) => view! {
            <td>"expected"</td>
            <td></td>
            <td></td>
            <td class="nowrap"><DayAndTime moment=Some(due) missing=""/></td>
            <td colspan="4"></td>
        }
        .into_any(),
    };
    view! { <tr><th scope="row">{stage}</th>{cells}</tr> }
}

/// Renders an event's name, with a tip if it is estimated.
fn event_cell(word: impl Into<String>, derived: bool) -> impl IntoView {
    let (tip, stop) = (derived.then_some(DERIVED), derived.then_some("0"));
    view! { <td class="timeline-what"><span class:derived=derived data-tip=tip tabindex=stop>{word.into()}</span></td> }
}

fn bar_cells(bar: &Bar) -> impl IntoView + use<> {
    let clock = use_workspace().clock;
    let timed = bar.clone();
    let length = move || {
        view! { <ValueOrUnknown value=bar_duration(&timed, clock.half_minute.get()).map(duration) missing=NO_LENGTH/> }
    };
    view! {
        {event_cell(word(bar.kind), bar.derived)}
        <td class="num">{bar.attempt}</td>
        <td class="nowrap"><DayAndTime moment=bar.start missing="No start time in the file."/></td>
        <td class="nowrap"><DayAndTime moment=bar.end missing=no_end(bar)/></td>
        <td class="nowrap num">{length}</td>
        <td class="num"><ValueOrUnknown value=bar.cost.map(|cost| money(Some(cost))) missing=NO_COST/></td>
        <td class="num"><ValueOrUnknown value=bar.quality.map(|quality| score(Some(quality))) missing=NO_SCORE/></td>
        // Attempts that did not fail have no error, so the cell is empty instead of unknown.
        <td class="timeline-error"><bdi>{bar.error.clone()}</bdi></td>
    }
}

fn wait_cells(wait: Wait) -> impl IntoView + use<> {
    let clock = use_workspace().clock;
    let length = move || duration(wait.to.unwrap_or_else(|| clock.half_minute.get()).unix() - wait.from.unix());
    view! {
        {event_cell(if wait.to.is_some() { "waited" } else { "waiting" }, wait.derived)}
        <td></td>
        <td class="nowrap"><DayAndTime moment=Some(wait.from) missing=""/></td>
        <td class="nowrap"><DayAndTime moment=wait.to missing="Still waiting."/></td>
        <td class="nowrap num">{length}</td>
        <td colspan="3"></td>
    }
}

fn back_cells(back: RouteBack) -> impl IntoView + use<> {
    let words = match back.to {
        Some(stage) => format!("sent back to {}", stage.name()),
        None => "escalated: quality gates failed four times".to_owned(),
    };
    view! {
        {event_cell(words, false)}
        <td></td>
        <td class="nowrap"><DayAndTime moment=back.at missing="No time in the file."/></td>
        <td colspan="4"></td>
        <td class="timeline-error">
            <TextOrUnknown text=back.error missing="No failed gates in the file."/>
        </td>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use callboard_core::Session;

    #[test]
    fn the_table_has_everything_in_order_of_time() {
        let entry = |at: i64, event: &str, agent: &str, to: &str| {
            let at = Timestamp::from_unix(at);
            format!(r#"{{"at": "{at}", "event": "{event}", "agent": "{agent}", "to": "{to}", "error": "brand"}}"#)
        };
        let history = [
            entry(0, "start", "quality_evaluator", "EVALUATING"),
            entry(600, "quality_failure", "quality_evaluator", "WRITING"),
            entry(900, "start", "script_writer", "WRITING"),
        ];
        let text = format!(r#"{{"session_id": "a", "history": [{}]}}"#, history.join(","));
        let timeline = Session::parse(text).unwrap().timeline();
        let rows: Vec<TableRow> = timeline.lanes.iter().flat_map(|lane| lane_rows(&timeline, lane)).collect();
        let bars = timeline.lanes.iter().map(|lane| lane.bars.len()).sum::<usize>();
        assert_eq!(rows.len(), bars + timeline.waits.len() + timeline.route_backs.len());
        assert!(rows.iter().any(|row| matches!(row, TableRow::SentBack(_))), "{rows:?}");
        assert!(rows.iter().any(|row| matches!(row, TableRow::Wait(_))), "{rows:?}");
    }
}
