//! The present on a time axis: a line with its date and time, or a label at the edge.
use super::axis_marks::DATES;
use super::axis_view::AxisView;
use super::layout::length;
use crate::components::time::format_time;
use crate::format::duration_in_words;
use crate::platform::intl::Style;
use crate::store::workspace::use_workspace;
use callboard_core::Timestamp;
use leptos::prelude::*;

/// Width of the view from which the label has the weekday.
const ROOMY: f64 = 560.0;
/// Height of the label.
const NOW_HEIGHT: f64 = 18.0;

/// Formats the label of the present.
pub fn now_label(now: Timestamp) -> String {
    format!("now {} {}", format_time(now, Style::Weekday), format_time(now, Style::Time))
}

/// The present on an axis.
#[derive(Clone, Copy)]
pub struct Present {
    /// The axis.
    pub axis: AxisView,
    /// The present.
    pub now: Memo<Timestamp>,
    /// False for a session that is complete.
    pub matters: Memo<bool>,
}

impl Present {
    /// Returns the position of the present and the width of the view.
    fn place(self) -> Option<(f64, f64)> {
        let now = self.now.get().unix();
        self.axis.view.with(|view| view.as_ref().map(|view| (view.x(now), view.width)))
    }

    fn is_shown(self) -> bool {
        self.place().is_some_and(|(x, width)| (0.0..=width).contains(&x))
    }

    /// Returns the label: the date and time, or how far away it is.
    fn words(self) -> String {
        let Some((x, width)) = self.place() else { return String::new() };
        let now = self.now.get();
        if self.is_shown() {
            return if width < ROOMY {
                format!("now {} {}", format_time(now, Style::Day), format_time(now, Style::Time))
            } else {
                now_label(now)
            };
        }
        #[allow(clippy::cast_possible_truncation)]
        let away = self.axis.view.with(|view| {
            view.as_ref()
                .map_or(0, |view| if x < 0.0 { view.from as i64 - now.unix() } else { now.unix() - view.to() as i64 })
        });
        let away = duration_in_words(away);
        if x < 0.0 { format!("\u{2039} now is {away} earlier") } else { format!("now is {away} later \u{203a}") }
    }

    /// Returns the left and right edge of the label; `None` if the present does not matter.
    pub fn extent(self) -> Option<(f64, f64)> {
        if !self.matters.get() {
            return None;
        }
        let (x, width) = self.place()?;
        let half = length(&self.words()) / 2.0 + 10.0;
        let middle = x.min(width - half).max(half);
        Some((middle - half, middle + half))
    }
}

/// The line of the present, which moves every second, and its label.
#[component]
pub fn Now(
    /// The present.
    present: Present,
    /// Height of the drawing.
    height: f64,
) -> impl IntoView {
    move || present.matters.get().then(|| view! { <NowLine present height/> })
}

#[component]
fn NowLine(
    /// The present.
    present: Present,
    /// Height of the drawing.
    height: f64,
) -> impl IntoView {
    let second = use_workspace().clock.second;
    let x = move || {
        let now = second.get().unix();
        let x = present.axis.view.with(|view| view.as_ref().map_or(0.0, |view| view.x(now)));
        (x * 2.0).round() / 2.0
    };
    let extent = move || present.extent().unwrap_or_default();
    let class = move || if present.is_shown() { "now" } else { "now later" };
    view! {
        <g class=class>
            <line class:now-hidden=move || !present.is_shown() x1=x x2=x y1=NOW_HEIGHT + 2.0 y2=height></line>
            <rect x=move || extent().0 y="2" width=move || extent().1 - extent().0 height=NOW_HEIGHT rx="4"></rect>
            <text x=move || f64::midpoint(extent().0, extent().1) y=DATES text-anchor="middle">
                {move || present.words()}
            </text>
        </g>
    }
}
