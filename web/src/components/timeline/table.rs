//! The timeline as a table, for those who read rather than look: all that is drawn, a row each.
use super::layout::{took, word};
use crate::arc_eq::ArcEq;
use crate::components::facts::{Known, TextOr};
use crate::components::moment::Clock;
use crate::components::more::More;
use crate::format::{duration, money, score};
use crate::order::ascending;
use crate::store::workspace::use_workspace;
use callboard_core::{Bar, BarKind, Lane, RouteBack, Timeline, Timestamp, Wait};
use leptos::prelude::*;

/// Why a bar's duration may be unknown.
pub const NO_LENGTH: &str = "The file does not say both when it began and when it ended.";
/// Why a bar's cost may be unknown.
pub const NO_COST: &str = "The file states no cost of this attempt.";
/// Why a bar's quality may be unknown.
pub const NO_SCORE: &str = "The file holds no score of this attempt.";
/// Why a bar's end may be unknown.
pub fn no_end(bar: &Bar) -> &'static str {
    if bar.kind == BarKind::Running { "It has not ended yet." } else { "The file does not say when it ended." }
}
/// Why something is underlined with dots.
pub const DERIVED: &str = "Worked out from the file's other times.";

/// What a row tells.
#[derive(Clone, Debug, PartialEq)]
enum Told {
    Bar(Bar),
    Wait(Wait),
    Back(RouteBack),
    Estimate(Timestamp),
}

impl Told {
    fn at(&self) -> Option<Timestamp> {
        match self {
            Self::Bar(bar) => bar.start.or(bar.end),
            Self::Wait(wait) => Some(wait.from),
            Self::Back(back) => back.at,
            Self::Estimate(due) => Some(*due),
        }
    }
}

/// What there is to tell of a lane, in the order in which it happened; what has no time comes last.
fn told(timeline: &Timeline, lane: &Lane) -> Vec<Told> {
    let bars = lane.bars.iter().cloned().map(Told::Bar);
    let waits = timeline.waits.iter().filter(|wait| wait.agent == lane.agent).cloned().map(Told::Wait);
    let backs = timeline.route_backs.iter().filter(|back| back.from == lane.stage).cloned().map(Told::Back);
    let estimate = lane.bars.last().and_then(|bar| bar.estimate).map(Told::Estimate);
    let all: Vec<Told> = bars.chain(waits).chain(backs).chain(estimate).collect();
    let key = |told: &Told| (told.at().map_or(i64::MAX, Timestamp::unix), 0);
    ascending(all.iter().map(key)).into_iter().map(|at| all[at].clone()).collect()
}

/// Number of rows shown at once.
const ROWS: usize = 400;

/// Everything as a row. The rows are made when somebody opens it: there may be a thousand.
#[component]
pub fn TimelineTable(
    /// What happened.
    timeline: Memo<ArcEq<Timeline>>,
) -> impl IntoView {
    let (open, asked) = (RwSignal::new(false), RwSignal::new(ROWS));
    let all = Memo::new(move |_| {
        let lanes = |timeline: &Timeline| timeline.lanes.iter().map(|lane| told(timeline, lane)).collect::<Vec<_>>();
        if open.get() { timeline.with(|timeline| lanes(timeline)) } else { Vec::new() }
    });
    let places = move || {
        let counts = all.with(|lanes| lanes.iter().map(Vec::len).collect::<Vec<_>>());
        let all = counts.into_iter().enumerate().flat_map(|(lane, count)| (0..count).map(move |at| (lane, at)));
        all.take(asked.get())
    };
    let total = move || all.with(|lanes| lanes.iter().map(Vec::len).sum::<usize>());
    // Each row changes with what it tells.
    let each = move |(lane, at): (usize, usize)| {
        let stage = timeline.with_untracked(|timeline| timeline.lanes.get(lane).map_or("", |lane| lane.stage.name()));
        let told = Memo::new(move |_| all.with(|lanes| lanes.get(lane)?.get(at).cloned()));
        move || told.get().map(|told| row(stage, told))
    };
    view! {
        <details class="fold" on:toggle:target=move |event| open.set(event.target().open())>
            <summary>"As a table"</summary>
            <div class="scroll-x timeline-table" role="region" aria-label="The timeline as a table" tabindex="0">
                <table class="plain">
                    <thead>
                        <tr>
                            <th scope="col">"Stage"</th>
                            <th scope="col">"What"</th>
                            <th scope="col" class="num">"Attempt"</th>
                            <th scope="col">"From"</th>
                            <th scope="col">"To"</th>
                            <th scope="col" class="num">"Took"</th>
                            <th scope="col" class="num">"Cost"</th>
                            <th scope="col" class="num">"Quality"</th>
                            <th scope="col">"Error"</th>
                        </tr>
                    </thead>
                    <tbody><For each=places key=|place| *place children=each/></tbody>
                </table>
            </div>
            {move || view! { <More asked step=ROWS total=total() names=("row", "rows")/> }}
        </details>
    }
}

fn row(stage: &'static str, told: Told) -> impl IntoView {
    let cells = match told {
        Told::Bar(bar) => bar_cells(&bar).into_any(),
        Told::Wait(wait) => wait_cells(wait).into_any(),
        Told::Back(back) => back_cells(back).into_any(),
        Told::Estimate(due) => view! {
            <td>"due"</td>
            <td></td>
            <td></td>
            <td class="nowrap"><Clock moment=Some(due) missing=""/></td>
            <td colspan="4"></td>
        }
        .into_any(),
    };
    view! { <tr><th scope="row">{stage}</th>{cells}</tr> }
}

/// What happened, underlined where it is worked out.
fn what(word: impl Into<String>, derived: bool) -> impl IntoView {
    let (tip, stop) = (derived.then_some(DERIVED), derived.then_some("0"));
    view! { <td class="timeline-what"><span class:derived=derived data-tip=tip tabindex=stop>{word.into()}</span></td> }
}

fn bar_cells(bar: &Bar) -> impl IntoView + use<> {
    let clock = use_workspace().clock;
    let timed = bar.clone();
    let length = move || {
        view! { <Known value=took(&timed, clock.half_minute.get()).map(duration) missing=NO_LENGTH/> }
    };
    view! {
        {what(word(bar.kind), bar.derived)}
        <td class="num">{bar.attempt}</td>
        <td class="nowrap"><Clock moment=bar.start missing="The file does not say when it began."/></td>
        <td class="nowrap"><Clock moment=bar.end missing=no_end(bar)/></td>
        <td class="nowrap num">{length}</td>
        <td class="num"><Known value=bar.cost.map(|cost| money(Some(cost))) missing=NO_COST/></td>
        <td class="num"><Known value=bar.quality.map(|quality| score(Some(quality))) missing=NO_SCORE/></td>
        // What did not fail has no error, which is nothing unknown.
        <td class="timeline-error"><bdi>{bar.error.clone()}</bdi></td>
    }
}

fn wait_cells(wait: Wait) -> impl IntoView + use<> {
    let clock = use_workspace().clock;
    let length = move || duration(wait.to.unwrap_or_else(|| clock.half_minute.get()).unix() - wait.from.unix());
    view! {
        {what(if wait.to.is_some() { "waited" } else { "waiting" }, wait.derived)}
        <td></td>
        <td class="nowrap"><Clock moment=Some(wait.from) missing=""/></td>
        <td class="nowrap"><Clock moment=wait.to missing="It is still waited for."/></td>
        <td class="nowrap num">{length}</td>
        <td colspan="3"></td>
    }
}

fn back_cells(back: RouteBack) -> impl IntoView + use<> {
    let words = match back.to {
        Some(stage) => format!("sent back to {}", stage.name()),
        None => "escalated: gates failed once too often".to_owned(),
    };
    view! {
        {what(words, false)}
        <td></td>
        <td class="nowrap"><Clock moment=back.at missing="The file does not say when."/></td>
        <td colspan="4"></td>
        <td class="timeline-error">
            <TextOr text=back.error missing="The file does not say which gates failed."/>
        </td>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use callboard_core::Session;

    #[test]
    fn all_that_is_drawn_is_told_in_its_order() {
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
        let told: Vec<Told> = timeline.lanes.iter().flat_map(|lane| told(&timeline, lane)).collect();
        let bars = timeline.lanes.iter().map(|lane| lane.bars.len()).sum::<usize>();
        assert_eq!(told.len(), bars + timeline.waits.len() + timeline.route_backs.len());
        assert!(told.iter().any(|told| matches!(told, Told::Back(_))), "{told:?}");
        assert!(told.iter().any(|told| matches!(told, Told::Wait(_))), "{told:?}");
    }
}
