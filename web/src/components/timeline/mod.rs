//! Timeline of a session: one lane per agent, one bar per attempt, the present as a line.

pub mod axis;
pub mod axis_marks;
pub mod axis_view;
pub mod bar_text;
pub mod compare;
pub mod copies;
pub mod details;
pub mod drawing;
pub mod export;
pub mod hatches;
pub mod layout;
pub mod present;
pub mod search;
pub mod table;
pub mod timeline_view;

use super::button::IconButton;
use super::icon::{Glyph, Icon};
use super::session_signals::SessionSignals;
use super::state_chip::StatusChip;
use super::time::zone_name;
use crate::platform::pointer::{Gesture, Pointers, modified, number_at, wheel};
use crate::platform::width::width_of;
use axis_view::{AxisView, ZOOM};
use callboard_core::{AgentStatus, Stage};
use copies::CopyButtons;
use details::Details;
use drawing::Drawing;
use hatches::Hatches;
use layout::BarRange;
use leptos::prelude::*;
use leptos::{ev, html};
use search::TimelineSearch;
use table::TimelineTable;
use timeline_view::TimelineView;

/// The timeline of a session, followed by its table.
#[component]
pub fn SessionTimeline(
    /// The session.
    session: SessionSignals,
) -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    let view_state = TimelineView::new(session, width_of(node, 0.0));
    let (axis, timeline) = (view_state.axis, view_state.timeline);
    let derived = Memo::new(move |_| {
        timeline.with(|timeline| timeline.lanes.iter().any(|lane| lane.bars.iter().any(|bar| bar.derived)))
    });
    let statuses = Memo::new(move |_| {
        timeline.with(|timeline| timeline.lanes.iter().map(|lane| (lane.stage, lane.status)).collect::<Vec<_>>())
    });
    let labels =
        move || statuses.with(|lanes| lanes.iter().map(|(stage, status)| label(*stage, *status)).collect_view());
    let pointers = Pointers::default();
    let at = |event: &ev::Event| {
        let number = |name| number_at(event, name);
        Some(BarRange { lane: number("lane")?, bar: number("bar")?, count: number("count")? })
    };
    view! {
        <section class="panel timeline" aria-labelledby="timeline-title">
            <div class="panel-head">
                <h2 id="timeline-title">"Timeline"</h2>
                <span class="muted">{zone_name}</span>
                {move || derived.get().then(|| view! {
                    <span
                        class="timeline-legend derived"
                        tabindex="0"
                        data-tip="The file's history has no times for these."
                    >
                        "Dotted: estimated from timestamps"
                    </span>
                })}
                <span class="spacer"></span>
                <TimelineSearch
                    search=view_state.search
                    placeholder="Find"
                    number=Signal::derive(move || view_state.found.with(|found| found.as_ref().map_or(0, Vec::len)))
                    at=Signal::derive(move || view_state.found_at())
                    on_step=Callback::new(move |step| view_state.step_found(step))
                />
                <div class="timeline-tools">
                    <AxisTools axis/>
                    <CopyButtons view_state title=session.id()/>
                </div>
            </div>
            <div class="timeline-body">
                <div class="timeline-labels">{labels}</div>
                <div
                    id="timeline-track"
                    class="timeline-track"
                    class:timeline-dragged=move || pointers.dragging.get()
                    node_ref=node
                    tabindex="0"
                    role="group"
                    aria-label="Timeline of the four agents. Plus and minus zoom, arrows pan, 0 fits, comma and full stop select a bar, slash searches; the table below has the same data."
                    on:wheel=move |event| {
                        let wheel = wheel(&event);
                        if wheel.zooms {
                            event.prevent_default();
                            axis.zoom_by_wheel(wheel.down, wheel.x);
                        } else if wheel.right != 0.0 {
                            event.prevent_default();
                            axis.pan(wheel.right);
                        }
                    }
                    on:pointerdown=move |event| pointers.press(&event)
                    on:pointermove=move |event| match pointers.move_to(&event) {
                        Some(Gesture::Drag(right)) => axis.pan(-right),
                        Some(Gesture::Pinch(factor, around)) => axis.zoom(factor, Some(around)),
                        None => view_state.hovered.set(at(&event)),
                    }
                    on:pointerleave=move |_| view_state.hovered.set(None)
                    on:pointercancel=move |event| {
                        pointers.release(&event);
                    }
                    on:pointerup=move |event| {
                        if pointers.release(&event) {
                            view_state.select(at(&event));
                        }
                    }
                    on:keydown=move |event| if !modified(&event) && view_state.key(&event.key()) {
                        event.prevent_default();
                        event.stop_propagation();
                    }
                >
                    <Hatches/>
                    <Drawing view_state/>
                </div>
            </div>
            <Details view_state/>
            <TimelineTable timeline/>
        </section>
    }
}

/// The buttons that fold, zoom and fit an axis.
#[component]
pub fn AxisTools(
    /// The axis.
    axis: AxisView,
) -> impl IntoView {
    // Absent without a gap to fold.
    let fold = move || {
        axis.can_fold.get().then(|| {
            view! {
                <button
                    type="button"
                    class="button button-quiet fold-gaps"
                    class:filter-on=move || axis.folds.get()
                    aria-pressed=move || axis.folds.get().to_string()
                    data-tip="Shorten long gaps"
                    on:click=move |_| axis.toggle_folds()
                >
                    <Icon glyph=Glyph::Fold/>
                    <span>"Fold gaps"</span>
                </button>
            }
        })
    };
    view! {
        {fold}
        <IconButton label="Zoom out" glyph=Glyph::ZoomOut on_press=move || axis.zoom(1.0 / ZOOM, None)/>
        <IconButton label="Zoom in" glyph=Glyph::ZoomIn on_press=move || axis.zoom(ZOOM, None)/>
        <IconButton label="Zoom to fit" glyph=Glyph::Fit on_press=move || axis.fit()/>
    }
}

fn label(stage: Stage, status: Option<AgentStatus>) -> impl IntoView {
    view! {
        <div class="timeline-label">
            <span class="timeline-stage">{stage.name()}</span>
            <StatusChip status running=stage.state()/>
        </div>
    }
}
