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
use super::state_chip::StatusChip;
use crate::platform::intl::zone;
use crate::platform::pointer::{Gesture, Pointers, modified, number_at, wheel};
use crate::platform::width::width_of;
use crate::store::workspace::{Same, use_workspace};
use callboard_core::{Lane, State, Timeline, Timestamp};
use callboard_workspace::Entry;
use copies::Copies;
use details::{Chosen, Details};
use drawing::Drawing;
use leptos::prelude::*;
use leptos::{ev, html};
use scale::Scale;
use table::TimelineTable;

/// How much a press of a key or a button zooms.
const ZOOM: f64 = 1.5;
/// How many pixels of wheel double or halve what is shown.
const WHEEL: f64 = 240.0;

/// What of a look at a timeline stays when the session changes.
#[derive(Clone, Copy, Debug)]
pub struct Kept {
    /// What is shown, where that was chosen by hand; none while all is shown.
    moved: RwSignal<Option<Scale>>,
    /// The bar that was chosen.
    chosen: RwSignal<Option<Chosen>>,
    /// When the chosen bar began and which attempt it is, to know it again.
    bar: StoredValue<Option<(Option<Timestamp>, u64)>>,
}

impl Default for Kept {
    fn default() -> Self {
        Self { moved: RwSignal::new(None), chosen: RwSignal::new(None), bar: StoredValue::new(None) }
    }
}

impl Kept {
    /// Finds the chosen bar among those of another timeline of the same session; it may have gone.
    fn find(self, timeline: &Timeline) {
        let Some(chosen) = self.chosen.get_untracked() else { return };
        let bar = self.bar.get_value();
        let bars = timeline.lanes.get(chosen.lane).map_or(&[][..], |lane| &lane.bars);
        let same = bars.iter().position(|it| Some((it.start, it.attempt)) == bar);
        self.chosen.set(same.map(|bar| Chosen { bar, count: chosen.count.min(bars.len() - bar), ..chosen }));
    }
}

/// A timeline as it is looked at.
#[derive(Clone, Copy)]
pub struct Looking {
    /// What happened.
    pub timeline: StoredValue<Timeline>,
    /// What fits, from the first moment to the last.
    pub all: Memo<Option<Scale>>,
    /// What is shown.
    pub view: Memo<Option<Scale>>,
    /// What is drawn: more than is shown, so that panning moves it and draws nothing.
    pub window: Memo<Option<Scale>>,
    kept: Kept,
    /// The bar that is looked at, pointed at before chosen.
    pub pointed: RwSignal<Option<Chosen>>,
    /// Whether the session goes on, so that the present matters.
    pub goes_on: bool,
    /// Whether the file says when anything happened.
    pub dated: bool,
}

impl Looking {
    fn new(entry: &Entry, width: ReadSignal<f64>, kept: Kept) -> Self {
        let clock = use_workspace().clock;
        let session = entry.session();
        let goes_on = session.state() != Ok(State::Complete);
        let timeline = session.timeline();
        kept.find(&timeline);
        let moments = moments(entry, &timeline);
        let dated = !moments.is_empty();
        let moments = StoredValue::new(moments);
        // Before it is measured there is none: to draw then would be to draw twice.
        let width = move || Some(width.get()).filter(|width| *width > 0.0);
        let all = Memo::new(move |_| {
            let now = goes_on.then(|| clock.half_minute.get().unix());
            let width = width()?;
            moments.with_value(|moments| Scale::fit(moments, now, width))
        });
        let view = Memo::new(move |_| match kept.moved.get() {
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
        let (timeline, pointed) = (StoredValue::new(timeline), RwSignal::new(None));
        Self { timeline, all, view, window, kept, pointed, goes_on, dated }
    }

    /// The bar that was chosen.
    pub fn chosen(self) -> Option<Chosen> {
        self.kept.chosen.get()
    }

    fn choose(self, chosen: Option<Chosen>) {
        let bar = chosen.and_then(|chosen| {
            self.timeline.with_value(|timeline| {
                let bar = timeline.lanes.get(chosen.lane)?.bars.get(chosen.bar)?;
                Some((bar.start, bar.attempt))
            })
        });
        self.kept.bar.set_value(bar);
        self.kept.chosen.set(chosen);
    }

    fn change(self, next: impl FnOnce(Scale, &Scale) -> Scale) {
        if let (Some(view), Some(all)) = (self.view.get_untracked(), self.all.get_untracked()) {
            self.kept.moved.set(Some(next(view, &all)));
        }
    }

    fn zoom(self, factor: f64, around: Option<f64>) {
        self.change(|view, all| view.zoomed(factor, around.unwrap_or(view.width / 2.0), all));
    }

    fn pan(self, pixels: f64) {
        self.change(|view, all| view.panned(pixels, all));
    }

    fn fit(self) {
        self.kept.moved.set(None);
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
            "Escape" if self.kept.chosen.get_untracked().is_some() => self.choose(None),
            _ => return false,
        }
        true
    }

    /// Chooses the bar before or after the chosen one, in the order of the lanes, and brings it into view.
    fn choose_next(self, step: isize) {
        let places: Vec<Chosen> = self.timeline.with_value(|timeline| {
            let lanes = timeline.lanes.iter().enumerate();
            lanes.flat_map(|(lane, it)| (0..it.bars.len()).map(move |bar| Chosen { lane, bar, count: 1 })).collect()
        });
        let chosen = self.kept.chosen.get_untracked();
        let at = chosen.and_then(|chosen| places.iter().position(|place| place.same_bar(chosen)));
        let next = match at {
            Some(at) => at.saturating_add_signed(step).min(places.len().saturating_sub(1)),
            None => 0,
        };
        let Some(place) = places.get(next).copied() else { return };
        self.choose(Some(place));
        let start = self.timeline.with_value(|timeline| {
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
    entry: Same<Entry>,
    /// What was chosen to look at before the session changed.
    kept: Kept,
) -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    let looking = Looking::new(&entry, width_of(node, 0.0), kept);
    let timeline = looking.timeline;
    let derived =
        timeline.with_value(|timeline| timeline.lanes.iter().any(|lane| lane.bars.iter().any(|bar| bar.derived)));
    let labels = timeline.with_value(|timeline| timeline.lanes.iter().map(label).collect_view());
    let pointers = Pointers::default();
    let at = |event: &ev::Event| {
        let number = |name| number_at(event, name);
        Some(Chosen { lane: number("lane")?, bar: number("bar")?, count: number("count")? })
    };
    view! {
        <section class="panel timeline" aria-labelledby="timeline-title">
            <div class="panel-head">
                <h2 id="timeline-title">"Timeline"</h2>
                <span class="muted">{zone()}</span>
                {derived.then(|| view! {
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
                    <Copies looking title=entry.id().to_owned()/>
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

fn label(lane: &Lane) -> impl IntoView + use<> {
    view! {
        <div class="timeline-label">
            <span class="timeline-stage">{lane.stage.name()}</span>
            <StatusChip status=lane.status running=lane.stage.state()/>
        </div>
    }
}

fn moments(entry: &Entry, timeline: &Timeline) -> Vec<i64> {
    let bars = timeline.lanes.iter().flat_map(|lane| &lane.bars);
    bars.flat_map(|bar| [bar.start, bar.end, bar.estimate])
        .chain([entry.session().created()])
        .flatten()
        .map(Timestamp::unix)
        .collect()
}
