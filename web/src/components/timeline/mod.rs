//! What happened when: one lane an agent, a bar an attempt, the present as a line.

pub mod layout;
pub mod scale;
pub mod table;

use super::state_chip::StatusChip;
use crate::platform::intl::{Style, offset_at, say, zone};
use crate::platform::width::width_of;
use crate::store::entry::Entry;
use crate::store::workspace::{Same, use_workspace};
use callboard_core::{Bar, BarKind, Lane, State, Timestamp};
use leptos::html;
use leptos::prelude::*;
use scale::Scale;
use table::TimelineTable;

const LANE: f64 = 40.0;
const AXIS: f64 = 28.0;
const BAR: f64 = 24.0;

/// The timeline of a session, with the same as a table below it.
#[component]
pub fn SessionTimeline(
    /// The session.
    entry: Same<Entry>,
) -> impl IntoView {
    let clock = use_workspace().clock;
    let session = entry.session();
    let lanes = StoredValue::new(session.timeline().lanes);
    let derived = lanes.with_value(|lanes| lanes.iter().any(|lane| lane.bars.iter().any(|bar| bar.derived)));
    let complete = session.state() == Ok(State::Complete);
    let moments = StoredValue::new(moments(&entry));
    let node = NodeRef::<html::Div>::new();
    let width = width_of(node, 720.0);
    let drawn = move || {
        let now = clock.half_minute.get();
        let shown = (!complete).then_some(now.unix());
        let scale = moments.with_value(|moments| Scale::fit(moments, shown, width.get()));
        match scale {
            Some(scale) => {
                let running = !complete;
                lanes.with_value(|lanes| picture(lanes, &scale, now, running).into_any())
            }
            None => view! {
                <p class="timeline-empty">"The file does not say when anything happened."</p>
            }
            .into_any(),
        }
    };
    let labels = lanes.with_value(|lanes| lanes.iter().map(label).collect_view());
    view! {
        <section class="panel timeline" aria-labelledby="timeline-title">
            <div class="panel-head">
                <h2 id="timeline-title">"Timeline"</h2>
                <span class="muted">{zone()}</span>
                {derived.then(|| view! {
                    <span class="timeline-legend" title="The file has no history of these: they are worked out from its timestamps.">
                        "Dotted: worked out"
                    </span>
                })}
            </div>
            <div class="timeline-body">
                <div class="timeline-labels">{labels}</div>
                <div class="timeline-track" node_ref=node>{drawn}</div>
            </div>
            <TimelineTable lanes=lanes/>
        </section>
    }
}

fn label(lane: &Lane) -> impl IntoView + use<> {
    view! {
        <div class="timeline-label">
            <span class="timeline-stage">{lane.stage.name()}</span>
            <StatusChip status=lane.status running=lane.stage.state()/>
        </div>
    }
}

fn moments(entry: &Entry) -> Vec<i64> {
    let session = entry.session();
    let timeline = session.timeline();
    let bars = timeline.lanes.iter().flat_map(|lane| &lane.bars);
    bars.flat_map(|bar| [bar.start, bar.end, bar.estimate])
        .chain([session.created()])
        .flatten()
        .map(Timestamp::unix)
        .collect()
}

#[allow(clippy::cast_precision_loss)]
fn picture(lanes: &[Lane], scale: &Scale, now: Timestamp, running: bool) -> impl IntoView + use<> {
    let height = AXIS + LANE * lanes.len() as f64;
    let now_x = (running && scale.shows(now.unix())).then(|| scale.x(now.unix()));
    let rows = lanes.iter().enumerate().map(|(at, lane)| {
        let y = AXIS + LANE * at as f64;
        let ghost = lane.bars.last().and_then(|bar| bar.estimate);
        view! {
            <g>
                <line class="lane-line" x1="0" x2=scale.width y1=y y2=y></line>
                {bars(lane, scale, now, y)}
                {ghost.map(|until| estimate(lane, until, scale, now, y))}
            </g>
        }
    });
    let is_later = running && now.unix() > scale.to;
    let later = is_later.then(|| later(scale, now));
    let label_end = if is_later { scale.width - 140.0 } else { scale.width - 18.0 };
    view! {
        <svg
            class="timeline-svg"
            width=scale.width
            height=height
            role="img"
            aria-label="Timeline of the four agents; the table below says the same."
        >
            <defs>
                <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                    <line class="hatch-line" x1="0" y1="0" x2="0" y2="6"></line>
                </pattern>
            </defs>
            {ticks(scale, height, now_x, label_end)}
            {rows.collect_view()}
            {later}
            {now_x.map(|x| now_line(x, scale.width, height, now))}
        </svg>
    }
}

fn ticks(scale: &Scale, height: f64, now_x: Option<f64>, label_end: f64) -> impl IntoView + use<> {
    let offset = offset_at(Timestamp::from_unix(scale.from));
    let ticks = scale.ticks(88.0, offset).into_iter().map(|tick| {
        let style = if tick.day { Style::Day } else { Style::Time };
        let near_now = now_x.is_some_and(|now| tick.x > now - 64.0 && tick.x < now + 64.0);
        let near_edge = tick.x < 18.0 || tick.x > label_end;
        let label = (!near_now && !near_edge).then(|| say(tick.at, style));
        view! {
            <g>
                <line class="tick" x1=tick.x x2=tick.x y1=AXIS y2=height></line>
                {label.map(|label| view! {
                    <text class="tick-label" class:tick-day=tick.day x=tick.x y="18" text-anchor="middle">{label}</text>
                })}
            </g>
        }
    });
    ticks.collect_view()
}

fn bars(lane: &Lane, scale: &Scale, now: Timestamp, y: f64) -> impl IntoView + use<> {
    // Where the lane is free around a bar: from the end of the one before to the start of the next.
    let start = |bar: &Bar| bar.start.or(bar.end).map(|start| scale.x_inside(start.unix()));
    let end = |bar: &Bar| bar.end.or(bar.start).map(|end| scale.x_inside(end.unix()));
    let drawn = lane.bars.iter().enumerate().filter_map(|(at, bar)| {
        let before = lane.bars[..at].iter().filter_map(end).fold(0.0, f64::max);
        let after = lane.bars[at + 1..].iter().find_map(start).unwrap_or(scale.width);
        // What is written before a bar must not lie on what is written after the last one.
        let before = if at > 0 { start(bar)?.max(before) } else { before };
        let drawn = layout::draw(bar, scale, now, before, after)?;
        let colour = colour(bar, lane);
        let top = y + (LANE - BAR) / 2.0;
        let label = drawn.label.map(|label| {
            view! { <text class="bar-label" x=label.x y=y + LANE / 2.0 + 4.0>{label.text}</text> }
        });
        Some(view! {
            <g class="bar" class:bar-derived=bar.derived class:bar-open=drawn.open data-state=colour>
                <title>{title(bar, lane, now)}</title>
                <rect class="bar-body" x=drawn.x y=top width=drawn.width height=BAR rx="3"></rect>
                <rect class="bar-edge" x=drawn.x y=top width="3" height=BAR rx="1.5"></rect>
                {label}
            </g>
        })
    });
    drawn.collect_view()
}

fn colour(bar: &Bar, lane: &Lane) -> String {
    match bar.kind {
        BarKind::Running => lane.stage.state().name().to_lowercase(),
        BarKind::Complete => "complete".into(),
        BarKind::Failed | BarKind::GateFailed => "failed".into(),
        BarKind::Retried => "retry".into(),
        BarKind::Skipped => "skipped".into(),
        _ => "initialized".into(),
    }
}

fn title(bar: &Bar, lane: &Lane, now: Timestamp) -> String {
    let mut title = format!("{}, attempt {}: {}", lane.agent.name(), bar.attempt, layout::word(bar.kind));
    for (word, moment) in [("from", bar.start), ("to", bar.end)] {
        if let Some(moment) = moment {
            title.push_str(&format!("\n{word} {}", say(moment, Style::Stamp)));
        }
    }
    let words = layout::words(bar, now);
    if !words.is_empty() {
        title.push_str(&format!("\n{words}"));
    }
    if let Some(error) = &bar.error {
        title.push_str(&format!("\n{error}"));
    }
    if bar.derived {
        title.push_str("\nWorked out from the file's other times.");
    }
    title
}

/// What is still to come of a running bar, or the moment it was due.
fn estimate(lane: &Lane, until: Timestamp, scale: &Scale, now: Timestamp, y: f64) -> impl IntoView + use<> {
    let top = y + (LANE - BAR) / 2.0;
    let to = scale.x_inside(until.unix());
    let colour = lane.stage.state().name().to_lowercase();
    let due = format!("due {}", say(until, Style::Stamp));
    if until > now {
        let from = scale.x_inside(now.unix());
        view! {
            <g class="ghost" data-state=colour>
                <title>{due}</title>
                <rect x=from y=top + 0.5 width=(to - from).max(0.0) height=BAR - 1.0 rx="3"></rect>
            </g>
        }
        .into_any()
    } else {
        view! {
            <g class="due" data-state=colour>
                <title>{due}</title>
                <line x1=to x2=to y1=top - 4.0 y2=top + BAR + 4.0></line>
            </g>
        }
        .into_any()
    }
}

fn now_line(x: f64, width: f64, height: f64, now: Timestamp) -> impl IntoView {
    let label = x.min(width - 40.0).max(40.0);
    view! {
        <g class="now">
            <line x1=x x2=x y1="24" y2=height></line>
            <rect x=label - 38.0 y="4" width="76" height="20" rx="4"></rect>
            <text x=label y="18" text-anchor="middle">"now " {say(now, Style::Time)}</text>
        </g>
    }
}

fn later(scale: &Scale, now: Timestamp) -> impl IntoView + use<> {
    let after = crate::format::duration(now.unix() - scale.to);
    view! {
        <text class="later" x=scale.width - 4.0 y="18" text-anchor="end">
            "now: " {after} " later \u{203a}"
        </text>
    }
}
