//! All sessions on one time axis: who works when.
use super::when_loaded::WhenLoaded;
use crate::components::timeline::AxisTools;
use crate::components::timeline::axis_marks::{axis_labels, band_label, marks, place_dates, ticks};
use crate::components::timeline::hatches::Hatches;
use crate::components::timeline::layout::AXIS;
use crate::components::timeline::present::{Now, Present};
use crate::components::timeline::search::TimelineSearch;
use crate::components::virtual_list::{ListContainer, VirtualList};
use crate::components::work::details::Details;
use crate::components::work::legend::Legend;
use crate::components::work::overview::{GroupBy, PeriodId, TimeRange};
use crate::components::work::row::{Shared, rows};
use crate::components::work::table::WorkTable;
use crate::components::work::work_view::{PeriodRange, WorkView};
use crate::format::count;
use crate::platform::dom::{self, Address};
use crate::platform::pointer::{Gesture, Pointers, modified, number_at, wheel};
use crate::platform::viewport::scroll_to_row;
use crate::platform::width::width_of;
use crate::route::Route;
use crate::timeline_address::TimelineAddress;
use leptos::prelude::*;
use leptos::{ev, html};

/// The page, or the welcome page while no session is loaded.
#[component]
pub fn Timeline() -> impl IntoView {
    view! { <WhenLoaded><Loaded/></WhenLoaded> }
}

#[component]
fn Loaded() -> impl IntoView {
    let Address(hash) = expect_context();
    let address = Memo::new(move |_| TimelineAddress::parse(&hash.get()));
    // The columns of the axis are those of the rows, whose width it tells.
    let (axis_node, body) = (NodeRef::<html::Div>::new(), NodeRef::<html::Div>::new());
    let width = width_of(axis_node, 0.0);
    let whole = width_of(body, 0.0);
    let work = WorkView::new(address, width);
    follow_search(address, work);
    let number = move || {
        work.overview.with(|overview| {
            let total = work.sessions.with(|sessions| sessions.len());
            if overview.sessions == total { total.to_string() } else { format!("{} of {total}", overview.sessions) }
        })
    };
    view! {
        <div class="page">
            <div class="page-head">
                <h1 tabindex="-1">"Timeline"</h1>
                <span class="page-count" role="status">{number}</span>
                <span class="muted work-lead">"Work by session or agent"</span>
            </div>
            <Tools address work/>
            <section class="panel timeline work" aria-label="Sessions over time">
                <Hatches/>
                <Legend work/>
                <Chart work axis_node body offset=Signal::derive(move || (whole.get() - width.get()).max(0.0))/>
                <Details work/>
                <WorkTable work/>
            </section>
        </div>
    }
}

/// Keeps the search in the address, without a history entry for each letter.
fn follow_search(address: Memo<TimelineAddress>, work: WorkView) {
    Effect::new(move |_| {
        let asked = address.with(|address| address.search.clone());
        if work.search.with_untracked(|search| *search != asked) {
            work.search.set(asked);
        }
    });
    Effect::new(move |before: Option<()>| {
        let search = work.search.get();
        let now = address.get_untracked();
        if before.is_some() && now.search != search {
            dom::replace_address(&TimelineAddress { search, ..now }.href());
        }
    });
}

#[component]
fn Tools(
    /// The parameters of the page's address.
    address: Memo<TimelineAddress>,
    /// The state of the page.
    work: WorkView,
) -> impl IntoView {
    let go = move |change: &dyn Fn(&mut TimelineAddress)| {
        let mut next = address.get_untracked();
        change(&mut next);
        dom::navigate(&next.href());
        work.axis.fit();
    };
    let groups = GroupBy::ALL
        .map(|by| segment("work-by", by.label(), move || work.by.get() == by, move || go(&|address| address.by = by)));
    let ranges = TimeRange::ALL.map(|range| {
        let choose = move || go(&|address| address.range = Some(range));
        segment("work-range", range.label(), move || work.range.get() == range, choose)
    });
    view! {
        <div class="work-tools">
            <fieldset class="segments">
                <legend class="sr-only">"Rows"</legend>
                {groups.into_iter().collect_view()}
            </fieldset>
            <fieldset class="segments">
                <legend class="sr-only">"Range of time"</legend>
                {ranges.into_iter().collect_view()}
            </fieldset>
            <span class="spacer"></span>
            <TimelineSearch
                search=work.search
                placeholder="Topic, agent, error"
                number=Signal::derive(move || {
                    work.found.with(|found| found.as_ref().map_or(0, |found| found.matches.len()))
                })
                at=Signal::derive(move || work.found_at())
                on_step=Callback::new(move |step| work.step_found(step))
            />
            <div class="timeline-tools"><AxisTools axis=work.axis/></div>
        </div>
    }
}

fn segment(
    name: &'static str,
    label: &'static str,
    is_on: impl Fn() -> bool + Send + 'static,
    choose: impl Fn() + 'static,
) -> impl IntoView {
    view! {
        <label class="segment segment-small">
            <input type="radio" name=name class="sr-only" prop:checked=is_on on:change=move |_| choose()/>
            <span>{label}</span>
        </label>
    }
}

/// The axis and the rows.
#[component]
fn Chart(
    /// The state of the page.
    work: WorkView,
    /// The element of the axis.
    axis_node: NodeRef<html::Div>,
    /// The element of axis and rows.
    body: NodeRef<html::Div>,
    /// The width of the column before the axis.
    offset: Signal<f64>,
) -> impl IntoView {
    let axis = work.axis;
    let shared = Shared::of(work);
    let count_of_rows = Signal::derive(move || work.overview.with(|overview| overview.rows.len()));
    let pointers = Pointers::default();
    let at = |event: &ev::Event| {
        let number = |name| number_at(event, name);
        let id = PeriodId { session: number("listed")?, period: number("period")? };
        Some(PeriodRange { id, count: number("count")? })
    };
    let press = move |event: ev::PointerEvent| {
        if !pointers.release(&event) {
            return;
        }
        if let Some(row) = number_at(&event, "beyond") {
            work.step_period(1, Some(row));
        } else if let Some(range) = at(&event) {
            // A finger cannot hover: its tap shows the details, with a link to the session.
            let hovers = event.pointer_type() == "mouse";
            work.select(Some(range.id));
            if hovers && range.count == 1 {
                let session = work.sessions.with_untracked(|all| all.get(range.id.session).cloned());
                if let Some(session) = session {
                    dom::navigate(&Route::of(&session).href());
                }
            } else if range.count > 1 {
                axis.zoom(4.0, None);
            }
        } else {
            work.select(None);
        }
    };
    let on_key = move |event: ev::KeyboardEvent| {
        let row = || number_at(&event, "row");
        let is_known = match event.key().as_str() {
            _ if modified(&event) => false,
            "," => {
                work.step_period(-1, row());
                true
            }
            "." => {
                work.step_period(1, row());
                true
            }
            "/" => dom::focus("#timeline-search"),
            "Enter" if row().is_none() && work.selected.get_untracked().is_some() => {
                let session = work.selected.get_untracked().and_then(|id| {
                    work.sessions.with_untracked(|all| all.get(id.session).map(|session| Route::of(session).href()))
                });
                session.map(|href| dom::navigate(&href)).is_some()
            }
            "Escape" if work.selected.get_untracked().is_some() => {
                work.select(None);
                true
            }
            key => axis.key(key),
        };
        if is_known {
            event.prevent_default();
            event.stop_propagation();
        }
    };
    // The row of the selected bar gets the focus, so that Enter opens its session.
    Effect::new(move |_| {
        let Some(row) = work.target.get() else { return };
        let is_searching = dom::is_typing();
        let list = body.get_untracked().and_then(|body| body.query_selector(".work-list").ok().flatten());
        let selector = format!(".work-row[data-row=\"{row}\"] .row-link");
        if !dom::is_in_view(&selector)
            && let Some(list) = list
        {
            scroll_to_row(&list, row);
        }
        if !is_searching {
            // The rows are rendered in the frame after the list has scrolled.
            request_animation_frame(move || {
                request_animation_frame(move || {
                    dom::focus(&selector);
                });
            });
        }
        work.target.set(None);
    });
    let present = Present { axis, now: work.now, matters: Memo::new(|_| true) };
    let moved = move || format!("{:.2}px", -axis.seen_at().unwrap_or_default());
    let svg_width = move || axis.view.with(|view| view.as_ref().map_or(0.0, |view| view.width));
    let head = move || {
        axis.window.with(|window| {
            let ticks = ticks(window.as_ref()?);
            Some(view! { <g class="work-moved">{marks(&ticks, AXIS)}</g> })
        })
    };
    let placed = move || {
        let now = work.now.get();
        axis.view.with(|view| {
            let view = view.as_ref()?;
            let ticks = ticks(view);
            let dates = place_dates(&ticks.bands, |band| band_label(band, now), present.extent());
            Some(axis_labels(&ticks, dates, view.width))
        })
    };
    let nothing = move || count_of_rows.get() == 0;
    view! {
        <div
            class="work-body"
            class:timeline-dragged=move || pointers.dragging.get()
            node_ref=body
            style:--pan=moved
            on:wheel=move |event| {
                let wheel = wheel(&event);
                if wheel.zooms {
                    event.prevent_default();
                    axis.zoom_by_wheel(wheel.down, (wheel.x - offset.get_untracked()).max(0.0));
                } else if wheel.right != 0.0 && wheel.down == 0.0 {
                    event.prevent_default();
                    axis.pan(wheel.right);
                }
            }
            on:pointerdown=move |event| {
                if dom::is_inside(&event, ".work-track, .work-axis") {
                    pointers.press(&event);
                }
            }
            on:pointermove=move |event| match pointers.move_to(&event) {
                Some(Gesture::Drag(right)) => axis.pan(-right),
                Some(Gesture::Pinch(factor, around)) => axis.zoom(factor, Some((around - offset.get_untracked()).max(0.0))),
                None => {
                    let at = at(&event);
                    if work.hovered.with_untracked(|hovered| *hovered != at) {
                        work.hovered.set(at);
                    }
                }
            }
            on:pointerleave=move |_| work.hovered.set(None)
            on:pointercancel=move |event| {
                pointers.release(&event);
            }
            on:pointerup=move |event| {
                if dom::is_inside(&event, ".work-track, .work-axis") {
                    press(event);
                } else {
                    pointers.release(&event);
                }
            }
            on:focusin=move |event| {
                if let Some(row) = number_at(&event, "row") {
                    work.reveal_row(row);
                }
            }
            on:keydown=on_key
        >
            <div class="work-top">
                <span class="work-corner muted">
                    {move || if work.by.get() == GroupBy::Agent { "Agent" } else { "Session" }}
                </span>
                <div
                    class="work-axis"
                    node_ref=axis_node
                    tabindex="0"
                    role="group"
                    aria-label="Time axis. Plus and minus zoom, arrows pan, 0 fits, comma and full stop select a bar, Enter opens its session, slash searches; the table below has the same data."
                >
                    <svg class="timeline-svg" width=svg_width height=AXIS aria-hidden="true">
                        {head}
                        {placed}
                        <Now present height=AXIS/>
                    </svg>
                </div>
            </div>
            <VirtualList
                container=ListContainer::List { class: "work-list", label: "Rows" }
                count=count_of_rows
                rows=move |range| rows(work, shared, range)
            />
            <Show when=nothing><Nothing work/></Show>
        </div>
    }
}

/// The reason why there are no rows, with a way out.
#[component]
fn Nothing(
    /// The state of the page.
    work: WorkView,
) -> impl IntoView {
    let Address(hash) = expect_context();
    let words = move || match work.range.get() {
        TimeRange::Day => "No work in the last 24 hours.",
        TimeRange::Week => "No work in the last 7 days.",
        TimeRange::Month => "No work in the last 30 days.",
        TimeRange::All => "No times in these files.",
    };
    let all = move || TimelineAddress { range: Some(TimeRange::All), ..TimelineAddress::parse(&hash.get()) }.href();
    view! {
        <p class="timeline-empty">
            {words}" "
            {move || (work.range.get() != TimeRange::All).then(|| {
                let sessions = work.sessions.with(|sessions| sessions.len());
                view! { <a href=all>{format!("Show all of {}", count(sessions, "session", "sessions"))}</a> }
            })}
        </p>
    }
}
