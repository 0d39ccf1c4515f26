//! The bar that is pointed at or chosen, in words.
use super::Looking;
use super::layout::{Chosen, colour, took, word};
use super::table::{NO_COST, NO_LENGTH, NO_SCORE, no_end};
use crate::components::facts::{Known, TextOr};
use crate::components::moment::Stamp;
use crate::format::{count, duration, money, score};
use crate::store::workspace::use_workspace;
use callboard_core::{Bar, Lane};
use leptos::prelude::*;

/// The line below the lanes. It keeps its height, so that nothing moves while the pointer does.
#[component]
pub fn Details(
    /// The timeline as it is looked at.
    looking: Looking,
) -> impl IntoView {
    let shown = Memo::new(move |_| looking.pointed.get().or(looking.chosen()));
    view! {
        <div class="timeline-details" aria-live="polite">
            {move || match shown.get() {
                None => view! {
                    <span class="muted for-mouse">
                        "Point at a bar for its figures. Ctrl and the wheel zoom, Shift and the wheel or a drag move."
                    </span>
                    <span class="muted for-touch">"Tap a bar for its figures. Two fingers zoom, one moves."</span>
                }
                .into_any(),
                Some(chosen) => looking.timeline.with(|timeline| {
                    let lane = timeline.lanes.get(chosen.lane);
                    match lane.and_then(|lane| Some((lane, lane.bars.get(chosen.bar)?))) {
                        Some((lane, bar)) if chosen.count == 1 => one(lane, bar).into_any(),
                        Some((lane, _)) => several(lane, chosen).into_any(),
                        None => ().into_any(),
                    }
                }),
            }}
        </div>
    }
}

fn several(lane: &Lane, chosen: Chosen) -> impl IntoView + use<> {
    let bars = lane.bars.get(chosen.bar..chosen.bar + chosen.count).unwrap_or_default();
    let spent = bars.iter().filter_map(|bar| bar.cost).sum();
    let known = bars.iter().any(|bar| bar.cost.is_some());
    view! {
        <span class="details-what">{lane.agent.name()}</span>
        <span>{count(chosen.count, "attempt", "attempts")}" too close to tell apart: zoom in"</span>
        <span>
            <Known value=known.then(|| money(Some(spent))) missing="The file states no cost of these attempts."/>
        </span>
    }
}

fn one(lane: &Lane, bar: &Bar) -> impl IntoView + use<> {
    let clock = use_workspace().clock;
    let timed = bar.clone();
    let length = move || {
        view! { <Known value=took(&timed, clock.half_minute.get()).map(duration) missing=NO_LENGTH/> }
    };
    let (cost, quality) = (bar.cost.map(|cost| money(Some(cost))), bar.quality.map(|quality| score(Some(quality))));
    let error = bar.error.clone().map(|error| {
        view! { <span class="details-error"><TextOr text=Some(error) missing=""/></span> }
    });
    view! {
        <span class="details-what mono" translate="no">{lane.agent.name()}</span>
        <span class="state" data-state=colour(bar, lane)>
            <span class="state-word">"attempt "{bar.attempt}", "{word(bar.kind)}</span>
        </span>
        <span class:derived=bar.derived>
            <Stamp moment=bar.start missing="The file does not say when it began."/>
            " to "
            <Stamp moment=bar.end missing=no_end(bar)/>
        </span>
        <span>{length}</span>
        <span><span class="details-name">"cost "</span><Known value=cost missing=NO_COST/></span>
        <span><span class="details-name">"quality "</span><Known value=quality missing=NO_SCORE/></span>
        {bar.derived.then(|| view! { <span class="muted">"worked out from the file's other times"</span> })}
        {error}
    }
}
