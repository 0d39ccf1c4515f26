//! The timeline's SVG. It is rendered beyond both edges of the view, so that panning changes only one attribute.
use super::axis_marks::{axis_labels, band_label, marks, place_dates, ticks};
use super::layout::{AXIS, BAR, BackArrow, LANE, Scene, TimelineBar, TimelineSpan, as_f64, extent_of, scene, top};
use super::present::{Now, Present};
use super::timeline_view::TimelineView;
use crate::components::time::format_time;
use crate::format::duration;
use crate::platform::intl::Style;
use crate::platform::row_pool::show_rows;
use crate::platform::row_template::Slot::{Attribute, Content};
use crate::platform::row_template::{Node, Row, node};
use leptos::prelude::*;
use leptos::svg::G as Bars;
use std::borrow::Cow;

/// The bars, the axis and the present.
#[component]
pub fn Drawing(
    /// The state of the timeline.
    view_state: TimelineView,
) -> impl IntoView {
    move || {
        if view_state.has_times.get() {
            view! { <Dated view_state/> }.into_any()
        } else {
            view! { <p class="timeline-empty">"No times in this file."</p> }.into_any()
        }
    }
}

#[component]
fn Dated(
    /// The state of the timeline.
    view_state: TimelineView,
) -> impl IntoView {
    // One lane per stage, whatever happened.
    let lanes = view_state.timeline.with_untracked(|timeline| timeline.lanes.len());
    let height = AXIS + LANE * as_f64(lanes);
    let width = move || view_state.axis.view.with(|view| view.as_ref().map_or(0.0, |view| view.width));
    let axis = view_state.axis;
    let seen_at = move || axis.seen_at();
    let scene = Memo::new(move |_| {
        let window = axis.window.get()?;
        let now = view_state.now.get();
        let from = untrack(seen_at).unwrap_or_default();
        let seen = (from, from + axis.view.with_untracked(|view| view.as_ref().map(|view| view.width))?);
        let mut scene = view_state
            .timeline
            .with(|timeline| view_state.expected.with(|expected| scene(timeline, expected, &window, seen, now)));
        view_state.found.with(|found| {
            let Some(found) = found else { return };
            for bar in &mut scene.bars {
                bar.dim = !(bar.bar..bar.bar + bar.count).any(|at| found.contains(&(bar.lane, at)));
            }
        });
        Some(scene)
    });
    let marks = move || axis.window.with(|window| Some(marks(&ticks(window.as_ref()?), height)));
    let present = Present { axis, now: view_state.now, matters: view_state.is_active };
    let placed = move || {
        let now = view_state.now.get();
        axis.view.with(|view| {
            let view = view.as_ref()?;
            let ticks = ticks(view);
            let dates = place_dates(&ticks.bands, |band| band_label(band, now), present.extent());
            Some(axis_labels(&ticks, dates, view.width))
        })
    };
    let behind = move || scene.with(|scene| scene.as_ref().map(behind));
    let before = move || {
        scene.with(|scene| {
            let scene = scene.as_ref()?;
            Some((scene.overdue.iter().map(overdue).collect_view(), scene.backs.iter().map(back).collect_view()))
        })
    };
    let bars = NodeRef::<Bars>::new();
    show_rows(bars, move || (0, scene.with(|scene| scene.as_ref().map_or_else(Vec::new, |scene| scene.bars.clone()))));
    // One frame around the selection, as a class on each bar would need a subscription for each.
    let frame = move || {
        let (selected, window) = (view_state.selected()?, axis.window.get()?);
        let now = view_state.now.get();
        let (x, width) = view_state.timeline.with(|timeline| extent_of(timeline, selected, &window, now))?;
        let y = top(selected.lane);
        Some(view! { <rect class="bar-chosen" x=x - 2.0 y=y - 2.0 width=width + 4.0 height=BAR + 4.0 rx="5"></rect> })
    };
    let lines = (0..lanes).map(|at| {
        let y = AXIS + LANE * as_f64(at);
        view! { <line class="lane-line" x1="0" x2=width y1=y y2=y></line> }
    });
    let lines = lines.collect_view();
    view! {
        <svg class="timeline-svg" width=width height=height aria-hidden="true">
            {lines}
            <g
                class="timeline-moved"
                transform=move || format!("translate({:.2} 0)", -seen_at().unwrap_or_default())
            >
                {marks}
                {behind}
                <g node_ref=bars></g>
                {before}
                {frame}
            </g>
            {placed}
            <Now present height/>
        </svg>
    }
}

fn behind(scene: &Scene) -> impl IntoView + use<> {
    view! {
        {scene.waits.iter().map(wait).collect_view()}
        {scene.forecasts.iter().map(expected).collect_view()}
    }
}

fn wait(wait: &TimelineSpan) -> impl IntoView + use<> {
    let y = top(wait.lane) + BAR / 2.0;
    let words = format!(
        "{} {}{}",
        if wait.until.is_some() { "waited" } else { "waiting" },
        wait.length.map(duration).unwrap_or_default(),
        if wait.derived { ", estimated from timestamps" } else { "" }
    );
    view! {
        <g class="wait" data-tip=words>
            <line class="wait-hit" x1=wait.x x2=wait.x + wait.width y1=y y2=y></line>
            <line class="wait-line" x1=wait.x x2=wait.x + wait.width y1=y y2=y></line>
            <line class="wait-end" x1=wait.x x2=wait.x y1=y - 5.0 y2=y + 5.0></line>
        </g>
    }
}

/// Renders the outline of expected work.
fn expected(work: &TimelineSpan) -> impl IntoView + use<> {
    let y = top(work.lane);
    let words = format!(
        "expected to take {}, until {}",
        work.length.map(duration).unwrap_or_default(),
        work.until.map(|until| format_time(until, Style::Stamp)).unwrap_or_default()
    );
    view! {
        <g class="ghost" data-state=work.colour data-tip=words>
            <rect x=work.x y=y + 0.5 width=work.width height=BAR - 1.0 rx="3"></rect>
        </g>
    }
}

/// Renders the part of a bar after its expected completion, which a line marks.
fn overdue(part: &TimelineSpan) -> impl IntoView + use<> {
    let y = top(part.lane);
    view! {
        <g class="overdue" data-state=part.colour>
            <rect x=part.x y=y width=part.width.max(1.0) height=BAR fill="url(#overdue)"></rect>
            <line x1=part.x x2=part.x y1=y - 3.0 y2=y + BAR + 3.0></line>
        </g>
    }
}

/// Renders the arrow from a lane with failed gates to the lane that it returns to.
fn back(back: &BackArrow) -> impl IntoView + use<> {
    let from = top(back.from) + BAR / 2.0;
    let path = match back.to {
        Some(to) => {
            let to = top(to) + BAR / 2.0;
            format!("M{x:.1} {from} h8 V{to} h-7 m5 -4 l-5 4 l5 4", x = back.x)
        }
        None => format!("M{x:.1} {y} l8 8 m0 -8 l-8 8", x = back.x + 2.0, y = from - 4.0),
    };
    let words = match (&back.to, &back.error) {
        (None, _) => "Quality gates failed four times: needs your decision.".to_owned(),
        (Some(to), Some(error)) => format!("Sent back to {}: {error}", callboard_core::Stage::ALL[*to].name()),
        (Some(to), None) => format!("Sent back to {}", callboard_core::Stage::ALL[*to].name()),
    };
    view! {
        <g class="back" data-tip=words>
            <path class="back-hit" d=path.clone()></path>
            <path class="back-line" d=path></path>
            <circle class="back-from" cx=back.x cy=from r="3.5"></circle>
        </g>
    }
}

/// Formats a length in pixels to the hundredth.
#[allow(clippy::unnecessary_wraps)]
fn pixels(number: f64) -> Option<Cow<'static, str>> {
    Some(((number * 100.0).round() / 100.0).to_string().into())
}

#[allow(clippy::unnecessary_wraps)]
fn count(number: usize) -> Option<Cow<'static, str>> {
    Some(number.to_string().into())
}

impl Row for TimelineBar {
    const TEMPLATE: Node<Self> = node!("g"
        [
            Attribute("class", |bar| Some(bar_class(bar.derived, bar.dim).into())),
            Attribute("data-state", |bar| Some(bar.colour.into())),
            Attribute("data-lane", |bar| count(bar.lane)),
            Attribute("data-bar", |bar| count(bar.bar)),
            Attribute("data-count", |bar| count(bar.count)),
            Content(label),
        ]
        {
            node!("rect" ("class" = "bar-body", "height" = "24", "rx" = "3") [
                Attribute("x", |bar| pixels(bar.x)),
                Attribute("y", |bar| pixels(top(bar.lane))),
                Attribute("width", |bar| pixels(bar.width)),
            ]),
            node!("rect" ("class" = "bar-edge", "width" = "3", "height" = "24", "rx" = "1.5") [
                Attribute("x", |bar| pixels(bar.x)),
                Attribute("y", |bar| pixels(top(bar.lane))),
            ]),
        }
    );

    fn key(&self) -> Cow<'_, str> {
        format!("{} {}", self.lane, self.bar).into()
    }
}

/// Returns the class of a bar.
pub fn bar_class(derived: bool, dim: bool) -> &'static str {
    match (derived, dim) {
        (false, false) => "bar",
        (true, false) => "bar bar-derived",
        (false, true) => "bar bar-dim",
        (true, true) => "bar bar-derived bar-dim",
    }
}

/// Renders the label on a bar, or beside it on a background.
fn label(bar: &TimelineBar) -> AnyView {
    let Some(label) = &bar.label else { return ().into_any() };
    let y = top(bar.lane);
    let beside = bar.beside();
    let class = if beside.is_some() { "bar-label bar-label-beside" } else { "bar-label" };
    let ground = beside.map(|(x, width)| {
        view! { <rect class="bar-ground" height="20" x=pixels(x) y=pixels(y + 2.0) width=pixels(width)></rect> }
    });
    view! {
        {ground}
        <text class=class x=pixels(label.x) y=pixels(y + BAR / 2.0 + 4.0)>{label.text.clone()}</text>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_has_the_height_of_a_bar() {
        for part in TimelineBar::TEMPLATE.children {
            assert!(part.attributes.contains(&("height", BAR.to_string().as_str())));
        }
    }
}
