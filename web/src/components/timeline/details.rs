//! Details of the hovered or selected bar.
use super::bar_text::{NO_COST, NO_LENGTH, NO_SCORE, bar_duration, no_end, word};
use super::layout::{BarRange, colour};
use super::timeline_view::TimelineView;
use crate::components::icon::{Glyph, Icon};
use crate::components::labelled_value::{TextOrUnknown, ValueOrUnknown};
use crate::components::time::ExactTime;
use crate::format::{count, duration, money, score};
use crate::store::workspace::use_workspace;
use callboard_core::{Bar, BarKind, Lane, Timestamp};
use leptos::prelude::*;

/// The line below the lanes, of fixed height so that nothing moves while hovering.
#[component]
pub fn Details(
    /// The state of the timeline.
    view_state: TimelineView,
) -> impl IntoView {
    let shown = Memo::new(move |_| view_state.hovered.get().or(view_state.selected()));
    view! {
        <div class="timeline-details" aria-live="polite">
            {move || match shown.get() {
                None => view! {
                    <span class="muted for-mouse">
                        "Hover a bar for details. Ctrl+scroll to zoom, drag to pan."
                    </span>
                    <span class="muted for-touch">"Tap a bar for details. Pinch to zoom, drag to pan."</span>
                }
                .into_any(),
                Some(selected) => view_state.timeline.with(|timeline| {
                    let lane = timeline.lanes.get(selected.lane);
                    let due = view_state.expected.with(|expected| expected.due);
                    match lane.and_then(|lane| Some((lane, lane.bars.get(selected.bar)?))) {
                        Some((lane, bar)) if selected.count == 1 => one(lane, bar, due).into_any(),
                        Some((lane, _)) => several(lane, selected).into_any(),
                        None => ().into_any(),
                    }
                }),
            }}
        </div>
    }
}

fn several(lane: &Lane, selected: BarRange) -> impl IntoView + use<> {
    let bars = lane.bars.get(selected.bar..selected.bar + selected.count).unwrap_or_default();
    let spent = bars.iter().filter_map(|bar| bar.cost).sum();
    let known = bars.iter().any(|bar| bar.cost.is_some());
    view! {
        <span class="details-what">{lane.agent.name()}</span>
        <span>{count(selected.count, "attempt", "attempts")}" here: zoom in"</span>
        <span>
            <ValueOrUnknown value=known.then(|| money(Some(spent))) missing="No cost in the file."/>
        </span>
    }
}

fn one(lane: &Lane, bar: &Bar, due: Option<Timestamp>) -> impl IntoView + use<> {
    let clock = use_workspace().clock;
    let timed = bar.clone();
    let length = move || {
        view! { <ValueOrUnknown value=bar_duration(&timed, clock.half_minute.get()).map(duration) missing=NO_LENGTH/> }
    };
    let (cost, quality) = (bar.cost.map(|cost| money(Some(cost))), bar.quality.map(|quality| score(Some(quality))));
    let due = bar.estimate.or(due).filter(|_| bar.kind == BarKind::Running);
    let estimate = due.map(|due| {
        let late = move || {
            let late = clock.half_minute.get().unix() - due.unix();
            (late > 0).then(|| {
                view! {
                    <span class="state" data-state="retry">
                        <Icon glyph=Glyph::Warning/>
                        <span class="state-word">{format!("{} late", duration(late))}</span>
                    </span>
                }
            })
        };
        view! { <span><span class="details-name">"expected "</span><ExactTime moment=Some(due)/></span>{late} }
    });
    let error = bar.error.clone().map(|error| {
        view! { <span class="details-error"><TextOrUnknown text=Some(error) missing=""/></span> }
    });
    view! {
        <span class="details-what mono" translate="no">{lane.agent.name()}</span>
        <span class="state" data-state=colour(bar, lane)>
            <span class="state-word">"attempt "{bar.attempt}", "{word(bar.kind)}</span>
        </span>
        <span class:derived=bar.derived>
            <ExactTime moment=bar.start missing="No start time in the file."/>
            " to "
            <ExactTime moment=bar.end missing=no_end(bar)/>
        </span>
        <span>{length}</span>
        {estimate}
        <span><span class="details-name">"cost "</span><ValueOrUnknown value=cost missing=NO_COST/></span>
        <span><span class="details-name">"quality "</span><ValueOrUnknown value=quality missing=NO_SCORE/></span>
        {bar.derived.then(|| view! { <span class="muted">"estimated from timestamps"</span> })}
        {error}
    }
}
