//! The timeline of another pipeline's stages: one lane per stage that states a time. The table below has the same data.
use crate::components::time::format_time;
use crate::components::timeline::axis::{Axis, Gaps};
use crate::components::timeline::axis_marks::{axis_labels, band_label, marks, place_dates, ticks};
use crate::components::timeline::layout::AXIS;
use crate::format::duration;
use crate::platform::intl::Style;
use crate::platform::width::width_of;
use crate::store::workspace::use_workspace;
use callboard_core::import::{ForeignSession, ForeignStage, ForeignStatus};
use callboard_core::{Stage, Timestamp};
use leptos::html;
use leptos::prelude::*;

/// Height of a lane.
const LANE: f64 = 28.0;
/// Height of a bar.
const BAR: f64 = 16.0;
/// Minimum width of a bar, so that it can be seen and hovered.
const NARROWEST: f64 = 4.0;

/// A stage with its times.
#[derive(Clone, Debug, PartialEq)]
struct StageLane {
    label: String,
    colour: &'static str,
    started: Option<Timestamp>,
    ended: Option<Timestamp>,
}

impl StageLane {
    fn of(stage: &ForeignStage) -> Self {
        let status = stage.status.as_ref().map(|status| status.value);
        Self {
            label: stage.label.clone(),
            colour: status_colour(status, stage.maps_to),
            started: stage.started.as_ref().map(|time| time.value),
            ended: stage.ended.as_ref().map(|time| time.value),
        }
    }

    fn times(&self) -> impl Iterator<Item = i64> {
        [self.started, self.ended].into_iter().flatten().map(Timestamp::unix)
    }

    /// Returns the first and last second.
    fn period(&self) -> Option<(i64, i64)> {
        self.times().min().zip(self.times().max())
    }

    /// Describes the lane: `Research, 4 Oct 09:01 to 09:31, 30 min`.
    fn words(&self) -> String {
        let at = |moment| format!("{} {}", format_time(moment, Style::Day), format_time(moment, Style::Time));
        match (self.started, self.ended) {
            (Some(from), Some(to)) if to > from => {
                format!("{}: {} to {}, {}", self.label, at(from), at(to), duration(to.unix() - from.unix()))
            }
            (Some(from), None) => format!("{}: started {}, no end in the files", self.label, at(from)),
            (_, Some(to)) => format!("{}: ended {}", self.label, at(to)),
            (None, None) => self.label.clone(),
        }
    }
}

/// Returns the state that colours a stage: its own outcome, or the framework's stage that it is while it runs.
pub fn status_colour(status: Option<ForeignStatus>, maps_to: Option<Stage>) -> &'static str {
    match status {
        None => "unknown",
        Some(ForeignStatus::NotStarted) => "initialized",
        Some(ForeignStatus::InProgress) => maps_to.map_or("in_progress", crate::components::state_chip::stage_colour),
        Some(ForeignStatus::Failed) => "failed",
        Some(ForeignStatus::Complete) => "complete",
        Some(ForeignStatus::Skipped) => "skipped",
    }
}

/// The timeline; absent unless the files state two times.
#[component]
pub fn StageTimeline(
    /// The session.
    session: ForeignSession,
) -> impl IntoView {
    let lanes: Vec<StageLane> =
        session.stages.iter().map(StageLane::of).filter(|lane| lane.times().next().is_some()).collect();
    let mut times: Vec<i64> = lanes.iter().flat_map(StageLane::times).collect();
    times.sort_unstable();
    times.dedup();
    if times.len() < 2 {
        return ().into_any();
    }
    let node = NodeRef::<html::Div>::new();
    let width = width_of(node, 0.0);
    #[allow(clippy::cast_precision_loss)]
    let height = AXIS + LANE * lanes.len() as f64;
    let labels = lanes
        .iter()
        .map(|lane| view! { <div class="stage-lane"><bdi data-cut="stage">{lane.label.clone()}</bdi></div> });
    let labels = labels.collect_view();
    let now = use_workspace().clock.half_minute.get_untracked();
    let drawing = move || {
        let periods: Vec<(i64, i64)> = lanes.iter().filter_map(StageLane::period).collect();
        let gaps = Some(Gaps::between(&periods, width.get())).filter(|gaps| gaps.helps).unwrap_or_default();
        let axis = Axis::fit(&times, &[], width.get(), &gaps).filter(|axis| axis.width > 0.0)?;
        let ticks = ticks(&axis);
        Some(view! {
            <svg class="timeline-svg" width=axis.width height=height aria-hidden="true">
                {marks(&ticks, height)}
                {axis_labels(&ticks, place_dates(&ticks.bands, |band| band_label(band, now), None), axis.width)}
                {lanes.iter().enumerate().map(|(at, lane)| bar(at, lane, &axis)).collect_view()}
            </svg>
        })
    };
    view! {
        <div class="timeline-body stage-timeline">
            <div class="timeline-labels">{labels}</div>
            <div class="stage-track" node_ref=node>{drawing}</div>
        </div>
    }
    .into_any()
}

fn bar(at: usize, lane: &StageLane, axis: &Axis) -> impl IntoView + use<> {
    #[allow(clippy::cast_precision_loss)]
    let line = AXIS + LANE * at as f64;
    let y = line + (LANE - BAR) / 2.0;
    let (from, to) = (lane.started.or(lane.ended), lane.ended.or(lane.started));
    let (from, to) = (from.map_or(0.0, |from| axis.x(from.unix())), to.map_or(0.0, |to| axis.x(to.unix())));
    let is_span = to - from >= 1.0;
    // One time alone is a mark, not a length.
    let body = is_span.then(|| {
        view! {
            <rect class="bar-body" x=from y=y width=(to - from).max(NARROWEST) height=BAR rx="3"></rect>
        }
    });
    view! {
        <line class="lane-line" x1="0" x2=axis.width y1=line y2=line></line>
        <g class="bar" data-state=lane.colour data-tip=lane.words()>
            <rect class="stage-hit" x=from - 6.0 y=line width=(to - from).max(0.0) + 12.0 height=LANE></rect>
            {body}
            <rect class="bar-edge" x=from y=y width="3" height=BAR rx="1.5"></rect>
        </g>
    }
}
