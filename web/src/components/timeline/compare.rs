//! Two sessions side by side, each stage beginning at the same place.
use super::layout::{colour, words};
use super::scale::Scale;
use super::table::DERIVED;
use crate::components::facts::{Known, TextOr};
use crate::format::{UNKNOWN, count, duration, money, score};
use crate::platform::width::width_of;
use crate::store::workspace::{Same, use_workspace};
use callboard_core::{Lane, Session, Stage, Timestamp};
use callboard_workspace::Entry;
use leptos::html;
use leptos::prelude::*;

/// How high a session's lane is here.
const HEIGHT: f64 = 20.0;

/// Where a lane's work begins, and how long it goes on, in seconds.
pub fn extent(lane: &Lane, now: Timestamp) -> Option<(i64, i64)> {
    let starts = lane.bars.iter().filter_map(|bar| bar.start.or(bar.end));
    let ends = lane.bars.iter().filter_map(|bar| match bar.kind {
        callboard_core::BarKind::Running => Some(bar.end.unwrap_or(now)),
        _ => bar.end.or(bar.start),
    });
    let (start, end) = (starts.min()?.unix(), ends.max()?.unix());
    Some((start, (end - start).max(0)))
}

/// Two sessions, stage by stage, on one scale.
#[component]
pub fn Compare(
    /// The session of the page.
    one: Same<Entry>,
    /// The other one.
    other: Same<Entry>,
    /// Leads back to the one session alone.
    close: String,
) -> impl IntoView {
    let now = use_workspace().clock.half_minute.get_untracked();
    let lanes = [one.session().timeline().lanes, other.session().timeline().lanes];
    let longest = lanes.iter().flatten().filter_map(|lane| extent(lane, now)).map(|(_, length)| length).max();
    let node = NodeRef::<html::Div>::new();
    let width = width_of(node, 480.0);
    let sessions = [one.session().clone(), other.session().clone()];
    let rows = Stage::ALL.map(|stage| {
        let pair = [0, 1].map(|at| {
            let lane = lanes[at][stage.index()].clone();
            row(&sessions[at], stage, lane, ["this", "other"][at], longest.unwrap_or(0).max(60), width, now)
        });
        view! {
            <tbody>
                <tr><th scope="rowgroup" colspan="6" class="compare-stage">{stage.name()}</th></tr>
                {pair.into_iter().collect_view()}
            </tbody>
        }
    });
    let name = |entry: &Entry| entry.summary().topic.clone().unwrap_or_else(|| entry.id().to_owned());
    let (this_name, other_name) = (name(&one), name(&other));
    view! {
        <section class="panel compare" aria-labelledby="compare-title">
            <div class="panel-head">
                <h2 id="compare-title">"Side by side"</h2>
                <span class="muted compare-names">
                    "this: "<TextOr text=Some(this_name) missing=""/>" \u{b7} other: "<TextOr text=Some(other_name) missing=""/>
                </span>
                <span class="spacer"></span>
                <a class="button button-quiet" href=close>"Close"</a>
            </div>
            <p class="compare-note muted">
                "Each stage begins at the left edge; all are on one scale of "
                {longest.map_or_else(|| UNKNOWN.to_owned(), duration)} "."
            </p>
            <div class="compare-measure" node_ref=node></div>
            <div class="scroll-x" role="region" aria-label="The stages of both sessions" tabindex="0">
                <table class="plain compare-table">
                    <thead>
                        <tr>
                            <th scope="col">"Session"</th>
                            <th scope="col">"From its first start"</th>
                            <th scope="col">"Attempts"</th>
                            <th scope="col" class="num">"Took"</th>
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
fn row(
    session: &Session,
    stage: Stage,
    lane: Lane,
    who: &'static str,
    longest: i64,
    width: ReadSignal<f64>,
    now: Timestamp,
) -> impl IntoView + use<> {
    let extent = extent(&lane, now);
    let attempts = lane.bars.len();
    let derived = extent.is_some() && lane.bars.iter().any(|bar| bar.derived);
    let no_length =
        if attempts == 0 { "This stage has not begun." } else { "The file does not say when this stage began." };
    let spent = session.costs().stages[stage.index()];
    let quality = session.agent(stage.agent()).quality_score;
    let drawn = move || {
        let (start, _) = extent?;
        // What is left of the table when its other columns have had theirs.
        let scale = Scale { from: 0.0, to: longest as f64, width: (width.get() - 440.0).max(140.0) };
        let bars = lane.bars.iter().filter_map(|bar| {
            let from = bar.start.or(bar.end)?.unix() - start;
            let to = bar.end.map_or(now.unix(), Timestamp::unix) - start;
            let (x, end) = (scale.x_near(from), scale.x_near(to));
            Some(view! {
                <g class="bar" class:bar-derived=bar.derived data-state=colour(bar, &lane)>
                    <title>{words(bar, now)}</title>
                    <rect class="bar-body" x=x y="1" width=(end - x).max(3.0) height=HEIGHT - 2.0 rx="3"></rect>
                    <rect class="bar-edge" x=x y="1" width="3" height=HEIGHT - 2.0 rx="1.5"></rect>
                </g>
            })
        });
        Some(view! {
            <svg class="compare-svg" width=scale.width height=HEIGHT aria-hidden="true">{bars.collect_view()}</svg>
        })
    };
    view! {
        <tr>
            <th scope="row" class="muted">{who}</th>
            <td>{drawn}</td>
            <td class="nowrap">{count(attempts, "attempt", "attempts")}</td>
            <td class="num nowrap">
                <span class:derived=derived data-tip=derived.then_some(DERIVED) tabindex=derived.then_some("0")>
                    <Known value=extent.map(|(_, length)| duration(length)) missing=no_length/>
                </span>
            </td>
            <td class="num">
                <Known value=spent.map(|spent| money(Some(spent))) missing="The file states no cost of this stage."/>
            </td>
            <td class="num">
                <Known
                    value=quality.map(|quality| score(Some(quality)))
                    missing="The file holds no score of this agent."
                />
            </td>
        </tr>
    }
}
