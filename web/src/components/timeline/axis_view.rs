//! The state of a time axis: what is visible, zoomed, panned and folded.
use super::axis::{Axis, Gaps};
use leptos::prelude::*;

/// Zoom factor of a key press or click.
pub const ZOOM: f64 = 1.5;
/// Pixels of wheel movement that zoom by a factor of 2.
const WHEEL: f64 = 240.0;

/// The times that an axis shows.
#[derive(Clone, Copy)]
pub struct AxisTimes {
    /// The width in pixels; 0 until it is measured.
    pub width: Signal<f64>,
    /// The times that are always shown.
    pub moments: Memo<Vec<i64>>,
    /// The times that are shown if they are near, or if the gap before them is folded.
    pub lesser: Memo<Vec<i64>>,
    /// The periods of work, between which gaps are folded.
    pub periods: Memo<Vec<(i64, i64)>>,
}

/// The state of a time axis.
#[derive(Clone, Copy)]
pub struct AxisView {
    /// The axis that shows everything.
    pub all: Memo<Option<Axis>>,
    /// The visible axis.
    pub view: Memo<Option<Axis>>,
    /// The rendered axis, wider than the visible one so that panning renders nothing.
    pub window: Memo<Option<Axis>>,
    /// True if there are gaps that can be folded.
    pub can_fold: Memo<bool>,
    /// True if gaps are folded.
    pub folds: Memo<bool>,
    /// The folded gaps.
    pub gaps: Memo<Gaps>,
    /// The user's choice whether gaps are folded.
    user_folds: RwSignal<Option<bool>>,
    /// The axis chosen by the user; `None` shows everything.
    user_axis: RwSignal<Option<Axis>>,
}

impl AxisView {
    /// Creates the state, which shows everything, with long gaps folded if that helps.
    pub fn new(times: AxisTimes) -> Self {
        let AxisTimes { width, moments, lesser, periods } = times;
        let user_axis = RwSignal::new(None::<Axis>);
        let user_folds = RwSignal::new(None::<bool>);
        // Nothing is rendered before the width is measured.
        let width = move || Some(width.get()).filter(|width| *width > 0.0);
        let long_gaps = Memo::new(move |_| {
            let width = width().unwrap_or_default();
            periods.with(|periods| Gaps::between(periods, width))
        });
        let can_fold = Memo::new(move |_| long_gaps.with(|gaps| !gaps.is_empty()));
        let folds = Memo::new(move |_| user_folds.get().unwrap_or_else(|| long_gaps.with(|gaps| gaps.helps)));
        let gaps = Memo::new(move |_| if folds.get() { long_gaps.get() } else { Gaps::default() });
        let all = Memo::new(move |_| {
            let width = width()?;
            moments.with(|moments| lesser.with(|lesser| gaps.with(|gaps| Axis::fit(moments, lesser, width, gaps))))
        });
        let view = Memo::new(move |_| match user_axis.get() {
            Some(axis) => width().map(|width| gaps.with(|gaps| axis.over(width, gaps))),
            None => all.get(),
        });
        let window = Memo::new(move |before: Option<&Option<Axis>>| {
            let view = view.get()?;
            match before {
                Some(Some(window)) if window.holds(&view) => Some(window.clone()),
                _ => Some(view.window()),
            }
        });
        Self { all, view, window, can_fold, folds, gaps, user_folds, user_axis }
    }

    fn change(self, next: impl FnOnce(Axis, &Axis) -> Axis) {
        if let (Some(view), Some(all)) = (self.view.get_untracked(), self.all.get_untracked()) {
            self.user_axis.set(Some(next(view, &all)));
        }
    }

    /// Zooms around a position, or around the middle.
    pub fn zoom(self, factor: f64, around: Option<f64>) {
        self.change(|view, all| view.zoomed(factor, around.unwrap_or(view.width / 2.0), all));
    }

    /// Zooms by a movement of the wheel.
    pub fn zoom_by_wheel(self, down: f64, around: f64) {
        self.zoom((-down / WHEEL).exp2(), Some(around));
    }

    /// Pans by pixels, positive to later times.
    pub fn pan(self, pixels: f64) {
        self.change(|view, all| view.panned(pixels, all));
    }

    /// Shows everything.
    pub fn fit(self) {
        self.user_axis.set(None);
    }

    /// Folds the gaps or not, and shows everything.
    pub fn toggle_folds(self) {
        self.user_folds.set(Some(!self.folds.get_untracked()));
        self.fit();
    }

    /// Pans to a period unless a part of it is visible.
    pub fn reveal(self, from: i64, to: i64) {
        if let Some(view) = self.view.get_untracked()
            && (view.x(from) > view.width || view.x(to) < 0.0)
        {
            self.pan(view.x(from) - view.width / 2.0);
        }
    }

    /// Handles a key; returns false for keys without a meaning.
    pub fn key(self, key: &str) -> bool {
        let step = self.view.with_untracked(|view| view.as_ref().map_or(0.0, |view| view.width / 8.0));
        match key {
            "+" | "=" => self.zoom(ZOOM, None),
            "-" | "_" => self.zoom(1.0 / ZOOM, None),
            "ArrowLeft" => self.pan(-step),
            "ArrowRight" => self.pan(step),
            "0" | "f" => self.fit(),
            _ => return false,
        }
        true
    }

    /// Returns the offset of the visible part in the rendered part.
    pub fn seen_at(self) -> Option<f64> {
        self.view.with(|view| {
            let from = view.as_ref()?.from;
            self.window.with(|window| Some(window.as_ref()?.at(from)))
        })
    }
}
