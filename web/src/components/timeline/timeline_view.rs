//! The state of a timeline's view: zoom, hovered and selected bars.

use super::layout::BarRange;
use super::scale::Scale;
use crate::arc_eq::ArcEq;
use crate::components::session_signals::SessionSignals;
use crate::store::workspace::use_workspace;
use callboard_core::{State, Timeline, Timestamp};
use leptos::prelude::*;

/// Zoom factor of a key press or click.
pub(super) const ZOOM: f64 = 1.5;
/// Pixels of wheel movement that zoom by a factor of 2.
pub(super) const WHEEL: f64 = 240.0;

/// The identity of a bar in every version of its session's timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct BarKey {
    lane: usize,
    start: Option<Timestamp>,
    attempt: u64,
    /// Number of bars drawn as one, starting with this one.
    count: usize,
}

impl BarKey {
    fn of(selected: BarRange, timeline: &Timeline) -> Option<Self> {
        let BarRange { lane, bar, count } = selected;
        let bar = timeline.lanes.get(lane)?.bars.get(bar)?;
        Some(Self { lane, start: bar.start, attempt: bar.attempt, count })
    }

    /// Returns its position in a timeline; `None` if it no longer exists.
    fn find(self, timeline: &Timeline) -> Option<BarRange> {
        let Self { lane, start, attempt, count } = self;
        let bars = &timeline.lanes.get(lane)?.bars;
        let bar = bars.iter().position(|bar| (bar.start, bar.attempt) == (start, attempt))?;
        Some(BarRange { lane, bar, count: count.min(bars.len() - bar) })
    }
}

/// The state of a timeline's view.
#[derive(Clone, Copy)]
pub struct TimelineView {
    /// The timeline.
    pub timeline: Memo<ArcEq<Timeline>>,
    /// The scale that shows everything.
    pub all: Memo<Option<Scale>>,
    /// The visible scale.
    pub view: Memo<Option<Scale>>,
    /// The rendered scale, wider than the visible one so that panning renders nothing.
    pub window: Memo<Option<Scale>>,
    /// The scale chosen by the user; `None` shows everything.
    user_scale: RwSignal<Option<Scale>>,
    /// The selected bar, by its identity.
    selected_key: RwSignal<Option<BarKey>>,
    /// The selected bar, by its position.
    selected: Memo<Option<BarRange>>,
    /// The present, or the time of the first rendering for a complete session.
    pub now: Memo<Timestamp>,
    /// The hovered bar, which takes precedence over the selected one.
    pub hovered: RwSignal<Option<BarRange>>,
    /// True while the session is not complete, so that the present matters.
    pub is_active: Memo<bool>,
    /// True if the file has any times.
    pub has_times: Memo<bool>,
}

impl TimelineView {
    pub(super) fn new(session: SessionSignals, width: ReadSignal<f64>) -> Self {
        let clock = use_workspace().clock;
        let is_active = session.part(|session| session.state() != Ok(State::Complete));
        let timeline = session.large_part(|entry| entry.session().timeline());
        let moments = Memo::new(move |_| {
            let created = session.text.with(|entry| entry.session().created());
            timeline.with(|timeline| moments(timeline, created))
        });
        let has_times = Memo::new(move |_| moments.with(|moments| !moments.is_empty()));
        let user_scale = RwSignal::new(None::<Scale>);
        // Nothing is rendered before the width is measured.
        let width = move || Some(width.get()).filter(|width| *width > 0.0);
        let all = Memo::new(move |_| {
            let now = is_active.get().then(|| clock.half_minute.get().unix());
            let width = width()?;
            moments.with(|moments| Scale::fit(moments, now, width))
        });
        let view = Memo::new(move |_| match user_scale.get() {
            Some(user_scale) => width().map(|width| user_scale.over(width)),
            None => all.get(),
        });
        let window = Memo::new(move |before: Option<&Option<Scale>>| {
            let view = view.get()?;
            match before {
                Some(Some(window)) if window.holds(&view) => Some(*window),
                _ => Some(view.window()),
            }
        });
        let selected_key = RwSignal::new(None::<BarKey>);
        let selected = Memo::new(move |_| timeline.with(|timeline| selected_key.get()?.find(timeline)));
        let now = Memo::new(move |_| match is_active.get() {
            true => clock.half_minute.get(),
            false => clock.half_minute.get_untracked(),
        });
        let hovered = RwSignal::new(None);
        Self { timeline, all, view, window, user_scale, selected_key, selected, now, hovered, is_active, has_times }
    }

    /// Returns the selected bar.
    pub fn selected(self) -> Option<BarRange> {
        self.selected.get()
    }

    pub(super) fn select(self, selected: Option<BarRange>) {
        let selected_key = self.timeline.with_untracked(|timeline| BarKey::of(selected?, timeline));
        self.selected_key.set(selected_key);
    }

    fn change(self, next: impl FnOnce(Scale, &Scale) -> Scale) {
        if let (Some(view), Some(all)) = (self.view.get_untracked(), self.all.get_untracked()) {
            self.user_scale.set(Some(next(view, &all)));
        }
    }

    pub(super) fn zoom(self, factor: f64, around: Option<f64>) {
        self.change(|view, all| view.zoomed(factor, around.unwrap_or(view.width / 2.0), all));
    }

    pub(super) fn pan(self, pixels: f64) {
        self.change(|view, all| view.panned(pixels, all));
    }

    pub(super) fn fit(self) {
        self.user_scale.set(None);
    }

    /// Handles a key; returns false for keys without a meaning.
    pub(super) fn key(self, key: &str) -> bool {
        let step = self.view.get_untracked().map_or(0.0, |view| view.width / 8.0);
        match key {
            "+" | "=" => self.zoom(ZOOM, None),
            "-" | "_" => self.zoom(1.0 / ZOOM, None),
            "ArrowLeft" => self.pan(-step),
            "ArrowRight" => self.pan(step),
            "0" | "f" => self.fit(),
            "," => self.select_next(-1),
            "." => self.select_next(1),
            "Escape" if self.selected.get_untracked().is_some() => self.select(None),
            _ => return false,
        }
        true
    }

    /// Selects the bar `step` after the selected one, in the order of the lanes, and scrolls to it.
    fn select_next(self, step: isize) {
        let bars: Vec<BarRange> = self.timeline.with_untracked(|timeline| {
            let lanes = timeline.lanes.iter().enumerate();
            lanes.flat_map(|(lane, it)| (0..it.bars.len()).map(move |bar| BarRange { lane, bar, count: 1 })).collect()
        });
        let selected = self.selected.get_untracked();
        let at = selected.and_then(|selected| bars.iter().position(|place| place.same_bar(selected)));
        let next = match at {
            Some(at) => at.saturating_add_signed(step).min(bars.len().saturating_sub(1)),
            None => 0,
        };
        let Some(place) = bars.get(next).copied() else { return };
        self.select(Some(place));
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

fn moments(timeline: &Timeline, created: Option<Timestamp>) -> Vec<i64> {
    let bars = timeline.lanes.iter().flat_map(|lane| &lane.bars);
    bars.flat_map(|bar| [bar.start, bar.end, bar.estimate]).chain([created]).flatten().map(Timestamp::unix).collect()
}
