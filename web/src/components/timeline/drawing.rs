//! The timeline on the screen. What is drawn reaches beyond what is shown on both sides; moving it is
//! one attribute.
use super::Looking;
use super::layout::{AXIS, BAR, Back, LANE, Scene, Span, as_f64, extent_of, scene, top};
use super::scale::{Scale, Tick};
use crate::components::moment::{offset_at, say};
use crate::format::duration;
use crate::platform::intl::Style;
use crate::platform::row_pool::show_rows;
use crate::store::workspace::use_workspace;
use callboard_core::Timestamp;
use leptos::prelude::*;
use leptos::svg::G as Bars;

/// How far apart the axis' labels are at least.
const APART: f64 = 92.0;

/// How near to the present's own label another would run into it: half of both.
const BESIDE_NOW: f64 = 58.0;

/// How far the axis' labels fade at its ends.
const FADE: f64 = 12.0;

/// The bars, the axis and the present.
#[component]
pub fn Drawing(
    /// The timeline as it is looked at.
    looking: Looking,
) -> impl IntoView {
    move || {
        if looking.dated.get() {
            view! { <Dated looking/> }.into_any()
        } else {
            view! { <p class="timeline-empty">"The file does not say when anything happened."</p> }.into_any()
        }
    }
}

#[component]
fn Dated(
    /// The timeline as it is looked at.
    looking: Looking,
) -> impl IntoView {
    // A lane a stage, whatever happened.
    let lanes = looking.timeline.with_untracked(|timeline| timeline.lanes.len());
    let height = AXIS + LANE * as_f64(lanes);
    let width = move || looking.view.get().map_or(0.0, |view| view.width);
    let seen_at = move || seen_at(looking);
    let scene = Memo::new(move |_| {
        let window = looking.window.get()?;
        let now = looking.now.get();
        let from = untrack(seen_at).unwrap_or_default();
        let seen = (from, from + looking.view.get_untracked()?.width);
        looking.timeline.with(|timeline| Some(scene(timeline, &window, seen, now)))
    });
    let ticks = move || {
        let window = looking.window.get()?;
        let now = looking.goes_on.get().then(|| looking.now.get());
        Some(axis(&window, height, now.map(|now| (looking, window.x(now.unix())))))
    };
    let behind = move || scene.with(|scene| scene.as_ref().map(behind));
    let before = move || scene.with(|scene| scene.as_ref().map(|it| it.backs.iter().map(back).collect_view()));
    let bars = NodeRef::<Bars>::new();
    show_rows(bars, move || {
        (0, scene.with(|scene| scene.as_ref().map_or_else(Vec::new, |scene| scene.blocks.clone())))
    });
    // One frame around what is chosen: a class on each bar would be a thing to follow for each.
    let frame = move || {
        let (chosen, window) = (looking.chosen()?, looking.window.get()?);
        let now = looking.now.get();
        let (x, width) = looking.timeline.with(|timeline| extent_of(timeline, chosen, &window, now))?;
        let y = top(chosen.lane);
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
            {move || looking.goes_on.get().then(|| view! { <Now looking height/> })}
        </svg>
    }
}

/// Where what is seen begins, in what is drawn.
fn seen_at(looking: Looking) -> Option<f64> {
    let (view, window) = (looking.view.get()?, looking.window.get()?);
    Some((view.from - window.from) / window.span() * window.width)
}

/// Where the middle of the present's label is: at the present, but within what is seen.
fn now_label(x: f64, width: f64) -> f64 {
    x.min(width - 40.0).max(40.0)
}

/// What the axis says at a tick.
pub fn tick_label(tick: &Tick) -> String {
    let style = match () {
        () if tick.month => Style::Month,
        () if tick.day => Style::Day,
        () if tick.second => Style::Seconds,
        () => Style::Time,
    };
    say(tick.at, style)
}

/// The ticks of a span, in the viewer's zone.
#[allow(clippy::cast_possible_truncation)]
pub fn ticks(scale: &Scale) -> Vec<Tick> {
    scale.ticks(APART, offset_at(Timestamp::from_unix(scale.from as i64)))
}

/// The lines and their labels. A label that the present's would cover is not shown; only those near it follow
/// where that is, for it keeps within what is seen while the axis is moved.
fn axis(window: &Scale, height: f64, now: Option<(Looking, f64)>) -> impl IntoView + use<> {
    let ticks = ticks(window).into_iter().map(|tick| {
        let (at, label) = (tick.x, tick_label(&tick));
        let near = now.filter(|(_, x)| (at - x).abs() < 2.0 * BESIDE_NOW);
        let covered = move || {
            let Some((looking, x)) = near else { return false };
            let Some((seen, width)) = seen_at(looking).zip(looking.view.get().map(|view| view.width)) else {
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
        {scene.ghosts.iter().map(ghost).collect_view()}
    }
}

fn wait(wait: &Span) -> impl IntoView + use<> {
    let y = top(wait.lane) + BAR / 2.0;
    let words = format!(
        "{} {}{}",
        if wait.until.is_some() { "waited" } else { "has waited" },
        wait.length.map(duration).unwrap_or_default(),
        if wait.derived { ", worked out from the file's times" } else { "" }
    );
    view! {
        <g class="wait">
            <title>{words}</title>
            <line class="wait-hit" x1=wait.x x2=wait.x + wait.width y1=y y2=y></line>
            <line class="wait-line" x1=wait.x x2=wait.x + wait.width y1=y y2=y></line>
        </g>
    }
}

fn ghost(ghost: &Span) -> impl IntoView + use<> {
    let y = top(ghost.lane);
    let due = ghost.until.map(|until| format!("due {}", say(until, Style::Stamp)));
    view! {
        <g class="ghost" data-state=ghost.colour>
            <title>{due}</title>
            {if ghost.width > 0.0 {
                view! { <rect x=ghost.x y=y + 0.5 width=ghost.width height=BAR - 1.0 rx="3"></rect> }.into_any()
            } else {
                view! { <line x1=ghost.x x2=ghost.x y1=y - 4.0 y2=y + BAR + 4.0></line> }.into_any()
            }}
        </g>
    }
}

/// From the lane whose gates failed up to the one that it went back to.
fn back(back: &Back) -> impl IntoView + use<> {
    let from = top(back.from) + BAR / 2.0;
    let path = match back.to {
        Some(to) => {
            let to = top(to) + BAR / 2.0;
            format!("M{x:.1} {from} h6 V{to} h-5 m5 -4 l-5 4 l5 4", x = back.x)
        }
        None => format!("M{x:.1} {y} l8 8 m0 -8 l-8 8", x = back.x + 2.0, y = from - 4.0),
    };
    let words = match (&back.to, &back.error) {
        (None, _) => "Gates failed once too often: escalated.".to_owned(),
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

/// The present: a line that moves every second, or a word at the edge that it lies beyond.
#[component]
fn Now(
    /// The timeline as it is looked at.
    looking: Looking,
    /// How high the drawing is.
    height: f64,
) -> impl IntoView {
    let clock = use_workspace().clock;
    let now = clock.second;
    let place = move || {
        let view = looking.view.get()?;
        let x = view.x(now.get().unix());
        Some((x, view.width))
    };
    let x = move || place().map_or(0.0, |(x, _)| (x * 2.0).round() / 2.0);
    let shown = move || place().is_some_and(|(x, width)| (0.0..=width).contains(&x));
    let label = move || place().map_or(0.0, |(x, width)| now_label(x, width));
    let edge = move || place().map_or(0.0, |(x, width)| if x < 0.0 { 4.0 } else { width - 4.0 });
    let anchor = move || if place().is_some_and(|(x, _)| x < 0.0) { "start" } else { "end" };
    let beyond = move || {
        let away = looking.view.get().map_or(0.0, |view| {
            let now = as_f64_signed(now.get().unix());
            if now < view.from { view.from - now } else { now - view.to }
        });
        #[allow(clippy::cast_possible_truncation)]
        let away = duration(away as i64);
        if anchor() == "start" {
            format!("\u{2039} now: {away} earlier")
        } else {
            format!("now: {away} later \u{203a}")
        }
    };
    view! {
        <g class="now" class:now-hidden=move || !shown()>
            <line x1=x x2=x y1="24" y2=height></line>
            <rect x=move || label() - 38.0 y="4" width="76" height="20" rx="4"></rect>
            <text x=label y="18" text-anchor="middle">{move || format!("now {}", say(now.get(), Style::Time))}</text>
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
