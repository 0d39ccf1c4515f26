//! Comparison of two sessions, with each stage aligned at its start.
use super::bar_text::{DERIVED, words};
use super::layout::colour;
use crate::components::labelled_value::ValueOrUnknown;
use crate::components::session_signals::SessionSignals;
use crate::format::{UNKNOWN, count, duration, money, score};
use crate::platform::width::width_of;
use crate::store::workspace::use_workspace;
use callboard_core::{Lane, Money, Session, Stage, Timestamp};
use leptos::html;
use leptos::prelude::*;

/// Height of a lane.
const HEIGHT: f64 = 20.0;

/// Returns the start and duration of a lane in seconds.
pub fn extent(lane: &Lane, now: Timestamp) -> Option<(i64, i64)> {
    let starts = lane.bars.iter().filter_map(|bar| bar.start.or(bar.end));
    let ends = lane.bars.iter().filter_map(|bar| match bar.kind {
        callboard_core::BarKind::Running => Some(bar.end.unwrap_or(now)),
        _ => bar.end.or(bar.start),
    });
    let (start, end) = (starts.min()?.unix(), ends.max()?.unix());
    Some((start, (end - start).max(0)))
}

/// One stage of a session.
#[derive(Clone, PartialEq)]
struct StageWork {
    lane: Lane,
    spent: Option<Money>,
    quality: Option<f64>,
}

impl StageWork {
    fn all(session: &Session) -> Vec<Self> {
        let (lanes, costs) = (session.timeline().lanes, session.costs());
        let work = Stage::ALL.into_iter().zip(lanes).map(|(stage, lane)| Self {
            lane,
            spent: costs.stages[stage.index()],
            quality: session.agent(stage.agent()).quality_score,
        });
        work.collect()
    }
}

/// Two sessions, stage by stage, on one scale.
#[component]
pub fn Compare(
    /// The session of the page.
    one: SessionSignals,
    /// The other session.
    other: SessionSignals,
    /// Address of the page without the comparison.
    close: String,
) -> impl IntoView {
    let now = use_workspace().clock.half_minute.get_untracked();
    let sides = [one, other].map(|session| session.large_part(|entry| StageWork::all(entry.session())));
    let longest = Memo::new(move |_| {
        let longest =
            |side: &[StageWork]| side.iter().filter_map(|work| extent(&work.lane, now)).map(|(_, it)| it).max();
        sides.map(|side| side.with(|side| longest(side))).into_iter().flatten().max()
    });
    let node = NodeRef::<html::Div>::new();
    let width = width_of(node, 480.0);
    let names = Memo::new(move |_| {
        let name = |session: SessionSignals, by_id: bool| {
            session.text.with(|entry| {
                let topic = entry.summary().topic.clone().filter(|_| !by_id);
                topic.unwrap_or_else(|| entry.id().to_owned())
            })
        };
        let names = [name(one, false), name(other, false)];
        // Two sessions of one episode are told apart by their ids.
        if names[0] == names[1] { [name(one, true), name(other, true)] } else { names }
    });
    let rows = Stage::ALL.map(|stage| {
        // Each row follows its own values.
        let [this, other] = [0, 1].map(|side| {
            let work = Memo::new(move |_| sides[side].with(|side| side.get(stage.index()).cloned()));
            let name = Memo::new(move |_| names.with(|names| names[side].clone()));
            move || {
                let longest = longest.get().unwrap_or(0).max(60);
                work.get().map(|work| row(work, name, longest, width, now))
            }
        });
        view! {
            <tbody>
                <tr><th scope="rowgroup" colspan="6" class="compare-stage">{stage.name()}</th></tr>
                {this}
                {other}
            </tbody>
        }
    });
    view! {
        <section class="panel compare" aria-labelledby="compare-title">
            <div class="panel-head">
                <h2 id="compare-title">"Side by side"</h2>
                <span class="spacer"></span>
                <a class="button button-quiet" href=close>"Close"</a>
            </div>
            <p class="compare-note muted">
                "Stages aligned at their start, scale "
                {move || longest.get().map_or_else(|| UNKNOWN.to_owned(), duration)} "."
            </p>
            <div class="compare-measure" node_ref=node></div>
            <div class="scroll-x" role="region" aria-label="The stages of both sessions" tabindex="0">
                <table class="plain compare-table">
                    <thead>
                        <tr>
                            <th scope="col">"Session"</th>
                            <th scope="col">"From first start"</th>
                            <th scope="col">"Attempts"</th>
                            <th scope="col" class="num">"Duration"</th>
                            <th scope="col" class="num">"Stage cost"</th>
                            <th scope="col" class="num">"Quality"</th>
                        </tr>
                    </thead>
                    {rows.into_iter().collect_view()}
                </table>
            </div>
        </section>
    }
}

#[allow(clippy::cast_precision_loss)]
fn row(work: StageWork, name: Memo<String>, longest: i64, width: ReadSignal<f64>, now: Timestamp) -> impl IntoView {
    let StageWork { lane, spent, quality } = work;
    let extent = extent(&lane, now);
    let attempts = lane.bars.len();
    let derived = extent.is_some() && lane.bars.iter().any(|bar| bar.derived);
    let no_length = if attempts == 0 { "Not started." } else { "No start time in the file." };
    let drawn = move || {
        let (start, _) = extent?;
        // The remaining width beside the other columns.
        let width = (width.get() - 440.0).max(140.0);
        let x = |seconds: i64| seconds as f64 / longest as f64 * width;
        let bars = lane.bars.iter().filter_map(|bar| {
            let from = bar.start.or(bar.end)?.unix() - start;
            let to = bar.end.map_or(now.unix(), Timestamp::unix) - start;
            let (x, end) = (x(from), x(to));
            Some(view! {
                <g class="bar" class:bar-derived=bar.derived data-state=colour(bar, &lane)>
                    <title>{words(bar, now)}</title>
                    <rect class="bar-body" x=x y="1" width=(end - x).max(3.0) height=HEIGHT - 2.0 rx="3"></rect>
                    <rect class="bar-edge" x=x y="1" width="3" height=HEIGHT - 2.0 rx="1.5"></rect>
                </g>
            })
        });
        Some(view! {
            <svg class="compare-svg" width=width height=HEIGHT aria-hidden="true">{bars.collect_view()}</svg>
        })
    };
    view! {
        <tr>
            <th scope="row" class="compare-name"><bdi>{name}</bdi></th>
            <td>{drawn}</td>
            <td class="nowrap">{count(attempts, "attempt", "attempts")}</td>
            <td class="num nowrap">
                <span class:derived=derived data-tip=derived.then_some(DERIVED) tabindex=derived.then_some("0")>
                    <ValueOrUnknown value=extent.map(|(_, length)| duration(length)) missing=no_length/>
                </span>
            </td>
            <td class="num">
                <ValueOrUnknown value=spent.map(|spent| money(Some(spent))) missing="No cost in the file."/>
            </td>
            <td class="num">
                <ValueOrUnknown
                    value=quality.map(|quality| score(Some(quality)))
                    missing="No score in the file."
                />
            </td>
        </tr>
    }
}
