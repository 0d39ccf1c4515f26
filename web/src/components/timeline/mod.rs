//! What happened when: one lane an agent, a bar an attempt, the present as a line.

pub mod bars;
pub mod compare;
pub mod copies;
pub mod details;
pub mod drawing;
pub mod export;
pub mod layout;
pub mod scale;
pub mod table;

use super::button::IconButton;
use super::icon::Glyph;
use super::moment::zone_name;
use super::session_signals::SessionSignals;
use super::state_chip::StatusChip;
use crate::arc_eq::ArcEq;
use crate::platform::pointer::{Gesture, Pointers, modified, number_at, wheel};
use crate::platform::width::width_of;
use crate::store::workspace::use_workspace;
use callboard_core::{AgentStatus, Stage, State, Timeline, Timestamp};
use copies::Copies;
use details::Details;
use drawing::Drawing;
use layout::Chosen;
use leptos::prelude::*;
use leptos::{ev, html};
use scale::Scale;
use table::TimelineTable;

/// How much a press of a key or a button zooms.
const ZOOM: f64 = 1.5;
/// How many pixels of wheel double or halve what is shown.
const WHEEL: f64 = 240.0;

/// A bar by what it is known by in every timeline of its session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Picked {
    lane: usize,
    start: Option<Timestamp>,
    attempt: u64,
    /// Number of bars that are drawn as one, this one first.
    count: usize,
}

impl Picked {
    fn of(chosen: Chosen, timeline: &Timeline) -> Option<Self> {
        let Chosen { lane, bar, count } = chosen;
        let bar = timeline.lanes.get(lane)?.bars.get(bar)?;
        Some(Self { lane, start: bar.start, attempt: bar.attempt, count })
    }

    /// Its place in a timeline; it may have gone.
    fn find(self, timeline: &Timeline) -> Option<Chosen> {
        let Self { lane, start, attempt, count } = self;
        let bars = &timeline.lanes.get(lane)?.bars;
        let bar = bars.iter().position(|bar| (bar.start, bar.attempt) == (start, attempt))?;
        Some(Chosen { lane, bar, count: count.min(bars.len() - bar) })
    }
}

/// A timeline as it is looked at.
#[derive(Clone, Copy)]
pub struct Looking {
    /// What happened.
    pub timeline: Memo<ArcEq<Timeline>>,
    /// What fits, from the first moment to the last.
    pub all: Memo<Option<Scale>>,
    /// What is shown.
    pub view: Memo<Option<Scale>>,
    /// What is drawn: more than is shown, so that panning moves it and draws nothing.
    pub window: Memo<Option<Scale>>,
    /// Part that is shown, once chosen by hand; none while all is shown.
    moved: RwSignal<Option<Scale>>,
    /// The bar that was chosen, by what stays the same when the session changes.
    picked: RwSignal<Option<Picked>>,
    /// The place of the bar that was chosen.
    chosen: Memo<Option<Chosen>>,
    /// The present while the session goes on; the moment it was looked at first once it is over.
    pub now: Memo<Timestamp>,
    /// The bar that is looked at, pointed at before chosen.
    pub pointed: RwSignal<Option<Chosen>>,
    /// Whether the session goes on, so that the present matters.
    pub goes_on: Memo<bool>,
    /// Whether the file says when anything happened.
    pub dated: Memo<bool>,
}

impl Looking {
    fn new(session: SessionSignals, width: ReadSignal<f64>) -> Self {
        let clock = use_workspace().clock;
        let goes_on = session.part(|session| session.state() != Ok(State::Complete));
        let timeline = session.large_part(|entry| entry.session().timeline());
        let moments = Memo::new(move |_| {
            let created = session.text.with(|entry| entry.session().created());
            timeline.with(|timeline| moments(timeline, created))
        });
        let dated = Memo::new(move |_| moments.with(|moments| !moments.is_empty()));
        let moved = RwSignal::new(None::<Scale>);
        // Before it is measured there is none: to draw then would be to draw twice.
        let width = move || Some(width.get()).filter(|width| *width > 0.0);
        let all = Memo::new(move |_| {
            let now = goes_on.get().then(|| clock.half_minute.get().unix());
            let width = width()?;
            moments.with(|moments| Scale::fit(moments, now, width))
        });
        let view = Memo::new(move |_| match moved.get() {
            Some(moved) => width().map(|width| moved.over(width)),
            None => all.get(),
        });
        let window = Memo::new(move |before: Option<&Option<Scale>>| {
            let view = view.get()?;
            match before {
                Some(Some(window)) if window.holds(&view) => Some(*window),
                _ => Some(view.window()),
            }
        });
        let picked = RwSignal::new(None::<Picked>);
        let chosen = Memo::new(move |_| timeline.with(|timeline| picked.get()?.find(timeline)));
        let now = Memo::new(move |_| match goes_on.get() {
            true => clock.half_minute.get(),
            false => clock.half_minute.get_untracked(),
        });
        let pointed = RwSignal::new(None);
        Self { timeline, all, view, window, moved, picked, chosen, now, pointed, goes_on, dated }
    }

    /// The bar that was chosen.
    pub fn chosen(self) -> Option<Chosen> {
        self.chosen.get()
    }

    fn choose(self, chosen: Option<Chosen>) {
        let picked = self.timeline.with_untracked(|timeline| Picked::of(chosen?, timeline));
        self.picked.set(picked);
    }

    fn change(self, next: impl FnOnce(Scale, &Scale) -> Scale) {
        if let (Some(view), Some(all)) = (self.view.get_untracked(), self.all.get_untracked()) {
            self.moved.set(Some(next(view, &all)));
        }
    }

    fn zoom(self, factor: f64, around: Option<f64>) {
        self.change(|view, all| view.zoomed(factor, around.unwrap_or(view.width / 2.0), all));
    }

    fn pan(self, pixels: f64) {
        self.change(|view, all| view.panned(pixels, all));
    }

    fn fit(self) {
        self.moved.set(None);
    }

    /// The key's meaning over the timeline. `true` when it has one.
    fn key(self, key: &str) -> bool {
        let step = self.view.get_untracked().map_or(0.0, |view| view.width / 8.0);
        match key {
            "+" | "=" => self.zoom(ZOOM, None),
            "-" | "_" => self.zoom(1.0 / ZOOM, None),
            "ArrowLeft" => self.pan(-step),
            "ArrowRight" => self.pan(step),
            "0" | "f" => self.fit(),
            "," => self.choose_next(-1),
            "." => self.choose_next(1),
            "Escape" if self.chosen.get_untracked().is_some() => self.choose(None),
            _ => return false,
        }
        true
    }

    /// Chooses the bar before or after the chosen one, in the order of the lanes, and brings it into view.
    fn choose_next(self, step: isize) {
        let places: Vec<Chosen> = self.timeline.with_untracked(|timeline| {
            let lanes = timeline.lanes.iter().enumerate();
            lanes.flat_map(|(lane, it)| (0..it.bars.len()).map(move |bar| Chosen { lane, bar, count: 1 })).collect()
        });
        let chosen = self.chosen.get_untracked();
        let at = chosen.and_then(|chosen| places.iter().position(|place| place.same_bar(chosen)));
        let next = match at {
            Some(at) => at.saturating_add_signed(step).min(places.len().saturating_sub(1)),
            None => 0,
        };
        let Some(place) = places.get(next).copied() else { return };
        self.choose(Some(place));
        let start = self.timeline.with_untracked(|timeline| {
            let bar = &timeline.lanes[place.lane].bars[place.bar];
            bar.start.or(bar.end).map(Timestamp::unix)
        });
        if let (Some(start), Some(view)) = (start, self.view.get_untracked())
            && !view.shows(start)
        {
            self.pan(view.x(start) - view.width / 2.0);
        }
    }
}

/// The timeline of a session, with the same as a table below it.
#[component]
pub fn SessionTimeline(
    /// The session.
    session: SessionSignals,
) -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    let looking = Looking::new(session, width_of(node, 0.0));
    let timeline = looking.timeline;
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
        Some(Chosen { lane: number("lane")?, bar: number("bar")?, count: number("count")? })
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
                        data-tip="The file has no history of these: they are worked out from its timestamps."
                    >
                        "Dotted: worked out"
                    </span>
                })}
                <span class="spacer"></span>
                <div class="timeline-tools">
                    <IconButton label="Zoom out" glyph=Glyph::ZoomOut on_press=move || looking.zoom(1.0 / ZOOM, None)/>
                    <IconButton label="Zoom in" glyph=Glyph::ZoomIn on_press=move || looking.zoom(ZOOM, None)/>
                    <IconButton label="Show all of it" glyph=Glyph::Fit on_press=move || looking.fit()/>
                    <Copies looking title=session.id()/>
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
                    aria-label="Timeline of the four agents. Plus and minus zoom, the arrows move, 0 shows all, comma and full stop choose a bar; the table below says the same."
                    on:wheel=move |event| {
                        let wheel = wheel(&event);
                        if wheel.zooms {
                            event.prevent_default();
                            looking.zoom((-wheel.down / WHEEL).exp2(), Some(wheel.x));
                        } else if wheel.right != 0.0 {
                            event.prevent_default();
                            looking.pan(wheel.right);
                        }
                    }
                    on:pointerdown=move |event| pointers.press(&event)
                    on:pointermove=move |event| match pointers.travel(&event) {
                        Some(Gesture::Drag(right)) => looking.pan(-right),
                        Some(Gesture::Pinch(factor, around)) => looking.zoom(factor, Some(around)),
                        None => looking.pointed.set(at(&event)),
                    }
                    on:pointerleave=move |_| looking.pointed.set(None)
                    on:pointercancel=move |event| {
                        pointers.release(&event);
                    }
                    on:pointerup=move |event| {
                        if pointers.release(&event) {
                            looking.choose(at(&event));
                        }
                    }
                    on:keydown=move |event| if !modified(&event) && looking.key(&event.key()) {
                        event.prevent_default();
                        event.stop_propagation();
                    }
                >
                    <Drawing looking/>
                </div>
            </div>
            <Details looking/>
            <TimelineTable timeline/>
        </section>
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

fn moments(timeline: &Timeline, created: Option<Timestamp>) -> Vec<i64> {
    let bars = timeline.lanes.iter().flat_map(|lane| &lane.bars);
    bars.flat_map(|bar| [bar.start, bar.end, bar.estimate]).chain([created]).flatten().map(Timestamp::unix).collect()
}
