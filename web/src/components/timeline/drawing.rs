//! The timeline's SVG. It is rendered beyond both edges of the view, so that panning changes only one attribute.
use super::layout::{AXIS, BAR, BackArrow, LANE, Scene, TimelineBar, TimelineSpan, as_f64, extent_of, scene, top};
use super::scale::{Scale, Tick};
use super::timeline_view::TimelineView;
use crate::components::time::{format_time, offset_at};
use crate::format::duration;
use crate::platform::intl::Style;
use crate::platform::row_pool::show_rows;
use crate::platform::row_template::Slot::{Attribute, Content};
use crate::platform::row_template::{Node, Row, node};
use crate::store::workspace::use_workspace;
use callboard_core::Timestamp;
use leptos::prelude::*;
use leptos::svg::G as Bars;
use std::borrow::Cow;

/// Minimum distance between labels of the axis.
const APART: f64 = 92.0;

/// Distance within which a label would overlap the label of the present.
const BESIDE_NOW: f64 = 58.0;

/// Width of the fade at the ends of the axis.
const FADE: f64 = 12.0;

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
    let width = move || view_state.view.get().map_or(0.0, |view| view.width);
    let seen_at = move || seen_at(view_state);
    let scene = Memo::new(move |_| {
        let window = view_state.window.get()?;
        let now = view_state.now.get();
        let from = untrack(seen_at).unwrap_or_default();
        let seen = (from, from + view_state.view.get_untracked()?.width);
        view_state.timeline.with(|timeline| Some(scene(timeline, &window, seen, now)))
    });
    let ticks = move || {
        let window = view_state.window.get()?;
        let now = view_state.is_active.get().then(|| view_state.now.get());
        Some(axis(&window, height, now.map(|now| (view_state, window.x(now.unix())))))
    };
    let behind = move || scene.with(|scene| scene.as_ref().map(behind));
    let before = move || scene.with(|scene| scene.as_ref().map(|it| it.backs.iter().map(back).collect_view()));
    let bars = NodeRef::<Bars>::new();
    show_rows(bars, move || (0, scene.with(|scene| scene.as_ref().map_or_else(Vec::new, |scene| scene.bars.clone()))));
    // One frame around the selection, as a class on each bar would need a subscription for each.
    let frame = move || {
        let (selected, window) = (view_state.selected()?, view_state.window.get()?);
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
            <defs>
                <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                    <line class="hatch-line" x1="0" y1="0" x2="0" y2="6"></line>
                </pattern>
                <linearGradient id="fade">
                    <stop class="fade-stop" offset="0.3"></stop>
                    <stop class="fade-stop" offset="1" stop-opacity="0"></stop>
                </linearGradient>
            </defs>
            {lines}
            <g
                class="timeline-moved"
                transform=move || format!("translate({:.2} 0)", -seen_at().unwrap_or_default())
            >
                {ticks}
                {behind}
                <g node_ref=bars></g>
                {before}
                {frame}
            </g>
            <rect x="0" y="0" width=FADE height=AXIS - 1.0 fill="url(#fade)"></rect>
            <rect
                x=move || -width()
                y="0"
                width=FADE
                height=AXIS - 1.0
                fill="url(#fade)"
                transform="scale(-1 1)"
            ></rect>
            {move || view_state.is_active.get().then(|| view! { <Now view_state height/> })}
        </svg>
    }
}

/// Returns the offset of the visible part in the rendered part.
fn seen_at(view_state: TimelineView) -> Option<f64> {
    let (view, window) = (view_state.view.get()?, view_state.window.get()?);
    Some((view.from - window.from) / window.span() * window.width)
}

/// Returns the centre of the present's label, kept within the visible part.
fn now_label(x: f64, width: f64) -> f64 {
    x.min(width - 40.0).max(40.0)
}

/// Formats the label of a tick.
pub fn tick_label(tick: &Tick) -> String {
    let style = match () {
        () if tick.month => Style::Month,
        () if tick.day => Style::Day,
        () if tick.second => Style::Seconds,
        () => Style::Time,
    };
    format_time(tick.at, style)
}

/// Returns the ticks of a scale in the zone in force.
#[allow(clippy::cast_possible_truncation)]
pub fn ticks(scale: &Scale) -> Vec<Tick> {
    scale.ticks(APART, offset_at(Timestamp::from_unix(scale.from as i64)))
}

/// Renders ticks and labels. Labels that the present's label would cover are hidden; only those near it follow its
/// position.
fn axis(window: &Scale, height: f64, now: Option<(TimelineView, f64)>) -> impl IntoView + use<> {
    let ticks = ticks(window).into_iter().map(|tick| {
        let (at, label) = (tick.x, tick_label(&tick));
        let near = now.filter(|(_, x)| (at - x).abs() < 2.0 * BESIDE_NOW);
        let covered = move || {
            let Some((view_state, x)) = near else { return false };
            let Some((seen, width)) = seen_at(view_state).zip(view_state.view.get().map(|view| view.width)) else {
                return false;
            };
            (at - seen - now_label(x - seen, width)).abs() < BESIDE_NOW
        };
        view! {
            <line class="tick" x1=at x2=at y1=AXIS y2=height></line>
            <text class="tick-label" class:tick-day=tick.day class:now-hidden=covered x=at y="18" text-anchor="middle">
                {label}
            </text>
        }
    });
    ticks.collect_view()
}

fn behind(scene: &Scene) -> impl IntoView + use<> {
    view! {
        {scene.waits.iter().map(wait).collect_view()}
        {scene.estimates.iter().map(estimate).collect_view()}
    }
}

fn wait(wait: &TimelineSpan) -> impl IntoView + use<> {
    let y = top(wait.lane) + BAR / 2.0;
    let words = format!(
        "{} {}{}",
        if wait.until.is_some() { "waited" } else { "has waited" },
        wait.length.map(duration).unwrap_or_default(),
        if wait.derived { ", estimated from timestamps" } else { "" }
    );
    view! {
        <g class="wait">
            <title>{words}</title>
            <line class="wait-hit" x1=wait.x x2=wait.x + wait.width y1=y y2=y></line>
            <line class="wait-line" x1=wait.x x2=wait.x + wait.width y1=y y2=y></line>
        </g>
    }
}

fn estimate(estimate: &TimelineSpan) -> impl IntoView + use<> {
    let y = top(estimate.lane);
    let due = estimate.until.map(|until| format!("due {}", format_time(until, Style::Stamp)));
    view! {
        <g class="ghost" data-state=estimate.colour>
            <title>{due}</title>
            {if estimate.width > 0.0 {
                view! { <rect x=estimate.x y=y + 0.5 width=estimate.width height=BAR - 1.0 rx="3"></rect> }.into_any()
            } else {
                view! { <line x1=estimate.x x2=estimate.x y1=y - 4.0 y2=y + BAR + 4.0></line> }.into_any()
            }}
        </g>
    }
}

/// Renders the arrow from a lane with failed gates to the lane that it returns to.
fn back(back: &BackArrow) -> impl IntoView + use<> {
    let from = top(back.from) + BAR / 2.0;
    let path = match back.to {
        Some(to) => {
            let to = top(to) + BAR / 2.0;
            format!("M{x:.1} {from} h6 V{to} h-5 m5 -4 l-5 4 l5 4", x = back.x)
        }
        None => format!("M{x:.1} {y} l8 8 m0 -8 l-8 8", x = back.x + 2.0, y = from - 4.0),
    };
    let words = match (&back.to, &back.error) {
        (None, _) => "Quality gates failed too often: escalated.".to_owned(),
        (Some(_), Some(error)) => format!("Sent back: {error}"),
        (Some(_), None) => "Sent back: gates failed.".to_owned(),
    };
    view! {
        <g class="back">
            <title>{words}</title>
            <path class="back-hit" d=path.clone()></path>
            <path class="back-line" d=path></path>
        </g>
    }
}

/// The present: a line that moves every second, or a label at the edge if it is out of view.
#[component]
fn Now(
    /// The state of the timeline.
    view_state: TimelineView,
    /// Height of the drawing.
    height: f64,
) -> impl IntoView {
    let clock = use_workspace().clock;
    let now = clock.second;
    let place = move || {
        let view = view_state.view.get()?;
        let x = view.x(now.get().unix());
        Some((x, view.width))
    };
    let x = move || place().map_or(0.0, |(x, _)| (x * 2.0).round() / 2.0);
    let shown = move || place().is_some_and(|(x, width)| (0.0..=width).contains(&x));
    let label = move || place().map_or(0.0, |(x, width)| now_label(x, width));
    let edge = move || place().map_or(0.0, |(x, width)| if x < 0.0 { 4.0 } else { width - 4.0 });
    let anchor = move || if place().is_some_and(|(x, _)| x < 0.0) { "start" } else { "end" };
    let beyond = move || {
        let away = view_state.view.get().map_or(0.0, |view| {
            let now = as_f64_signed(now.get().unix());
            if now < view.from { view.from - now } else { now - view.to }
        });
        #[allow(clippy::cast_possible_truncation)]
        let away = duration(away as i64);
        if anchor() == "start" {
            format!("\u{2039} now is {away} earlier")
        } else {
            format!("now is {away} later \u{203a}")
        }
    };
    view! {
        <g class="now" class:now-hidden=move || !shown()>
            <line x1=x x2=x y1="24" y2=height></line>
            <rect x=move || label() - 38.0 y="4" width="76" height="20" rx="4"></rect>
            <text x=label y="18" text-anchor="middle">{move || format!("now {}", format_time(now.get(), Style::Time))}</text>
        </g>
        <g class="later" class:now-hidden=shown>
            <rect x=move || edge() - if anchor() == "start" { 4.0 } else { 146.0 } y="2" width="150" height="24"></rect>
            <text x=edge y="18" text-anchor=anchor>{beyond}</text>
        </g>
    }
}

#[allow(clippy::cast_precision_loss)]
fn as_f64_signed(seconds: i64) -> f64 {
    seconds as f64
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
            Attribute("class", |bar| Some(if bar.derived { "bar bar-derived" } else { "bar" }.into())),
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
