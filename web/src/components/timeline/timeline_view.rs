//! The state of a timeline's view: zoom, hovered and selected bars.

use super::axis_view::{AxisTimes, AxisView};
use super::layout::{BarRange, Expected, extent, periods};
use super::search::{self, Words};
use crate::arc_eq::ArcEq;
use crate::components::session_signals::SessionSignals;
use crate::platform::dom;
use crate::store::workspace::{policy, use_workspace};
use callboard_core::{State, Timeline, Timestamp};
use leptos::prelude::*;

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
    /// The expected rest of the session.
    pub expected: Memo<Expected>,
    /// The visible stretch of time.
    pub axis: AxisView,
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
    /// The text of the search.
    pub search: RwSignal<String>,
    /// The bars that match the search, as lane and index; `None` without a search.
    pub found: Memo<Option<Vec<(usize, usize)>>>,
}

impl TimelineView {
    pub(super) fn new(session: SessionSignals, width: ReadSignal<f64>) -> Self {
        let clock = use_workspace().clock;
        let is_active = session.part(|session| session.state() != Ok(State::Complete));
        let timeline = Memo::new(move |_| session.text.with(|entry| ArcEq(entry.digest().timeline.clone())));
        let now = Memo::new(move |_| match is_active.get() {
            true => clock.half_minute.get(),
            false => clock.half_minute.get_untracked(),
        });
        let expected = session.part(move |session| {
            let (now, policy) = (now.get(), policy());
            Expected { due: session.outlook(now, &policy).stage_estimate, rest: session.forecast(now, &policy) }
        });
        let created = session.part(callboard_core::Session::created);
        let moments = Memo::new(move |_| timeline.with(|timeline| moments(timeline, created.get())));
        let has_times = Memo::new(move |_| moments.with(|moments| !moments.is_empty()));
        // Now and the end that is expected.
        let lesser = Memo::new(move |_| {
            let end = expected.with(|expected| expected.rest.last().map(|work| work.to));
            let now = is_active.get().then(|| now.get());
            now.into_iter().chain(end).map(Timestamp::unix).collect::<Vec<_>>()
        });
        let periods = Memo::new(move |_| {
            let mut periods = timeline.with(|timeline| periods(timeline, now.get()));
            periods.extend(created.get().map(|created| (created.unix(), created.unix())));
            lesser.with(|lesser| periods.extend(lesser.first().zip(lesser.last()).map(|(from, to)| (*from, *to))));
            periods
        });
        let axis = AxisView::new(AxisTimes { width: width.into(), moments, lesser, periods });
        let selected_key = RwSignal::new(None::<BarKey>);
        let selected = Memo::new(move |_| timeline.with(|timeline| selected_key.get()?.find(timeline)));
        let hovered = RwSignal::new(None);
        let search = RwSignal::new(String::new());
        let found = Memo::new(move |_| {
            let words = search.with(|search| Words::of(search));
            (!words.is_empty()).then(|| timeline.with(|timeline| search::found(&words, timeline)))
        });
        Self { timeline, expected, axis, selected_key, selected, now, hovered, is_active, has_times, search, found }
    }

    /// Returns the index of the selected bar among the matches of the search.
    pub fn found_at(self) -> Option<usize> {
        let selected = self.selected.get()?;
        self.found.with(|found| found.as_ref()?.iter().position(|place| *place == (selected.lane, selected.bar)))
    }

    /// Selects the next or previous match of the search, and scrolls to it.
    pub(super) fn step_found(self, step: isize) {
        let count = self.found.with_untracked(|found| found.as_ref().map_or(0, Vec::len));
        let at = untrack(|| self.found_at());
        let next = search::step(at, count, step);
        let place = next.and_then(|at| self.found.with_untracked(|found| found.as_ref()?.get(at).copied()));
        if let Some((lane, bar)) = place {
            self.select_and_show(BarRange { lane, bar, count: 1 });
        }
    }

    /// Returns the selected bar.
    pub fn selected(self) -> Option<BarRange> {
        self.selected.get()
    }

    pub(super) fn select(self, selected: Option<BarRange>) {
        let selected_key = self.timeline.with_untracked(|timeline| BarKey::of(selected?, timeline));
        self.selected_key.set(selected_key);
    }

    /// Handles a key; returns false for keys without a meaning.
    pub(super) fn key(self, key: &str) -> bool {
        match key {
            "/" => return dom::focus("#timeline-search"),
            "," => self.select_next(-1),
            "." => self.select_next(1),
            "Escape" if self.selected.get_untracked().is_some() => self.select(None),
            _ => return self.axis.key(key),
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
        if let Some(place) = bars.get(next).copied() {
            self.select_and_show(place);
        }
    }

    /// Selects a bar and scrolls to it.
    fn select_and_show(self, place: BarRange) {
        self.select(Some(place));
        let now = self.now.get_untracked();
        let extent = self.timeline.with_untracked(|timeline| extent(&timeline.lanes[place.lane].bars[place.bar], now));
        if let Some((from, to)) = extent {
            self.axis.reveal(from, to);
        }
    }
}

fn moments(timeline: &Timeline, created: Option<Timestamp>) -> Vec<i64> {
    let bars = timeline.lanes.iter().flat_map(|lane| &lane.bars);
    bars.flat_map(|bar| [bar.start, bar.end, bar.estimate]).chain([created]).flatten().map(Timestamp::unix).collect()
}
