//! Times, relative on the page and exact in a tip.
use super::labelled_value::ValueOrUnknown;
use crate::format::{UNKNOWN, relative};
use crate::platform::intl::{self, Style};
use crate::store::preferences::zone;
use crate::store::workspace::use_workspace;
use callboard_core::Timestamp;
use leptos::prelude::*;

/// Formats a time in the zone in force; reactive.
pub fn format_time(moment: Timestamp, style: Style) -> String {
    let _follows = zone();
    intl::format_time(moment, style)
}

/// Returns the seconds by which the zone in force is ahead of UTC at a time; reactive.
pub fn offset_at(moment: Timestamp) -> i64 {
    let _follows = zone();
    intl::offset_at(moment)
}

/// Returns the minutes by which the zone in force is ahead of UTC at a time; reactive.
pub fn offset_minutes(moment: Timestamp) -> i32 {
    i32::try_from(offset_at(moment) / 60).unwrap_or_default()
}

/// Returns the first second of a day (`2024-08-11`), plus `later` days, in the zone in force; reactive.
pub fn day_start(day: &str, later: i64) -> Option<i64> {
    let _follows = zone();
    intl::day_start(day, later)
}

/// Returns the name of the zone in force; reactive.
pub fn zone_name() -> String {
    let _follows = zone();
    intl::zone()
}

/// A relative time, such as `12 min ago`, with its exact time as a tip.
#[component]
pub fn RelativeTime(
    /// The time.
    #[prop(into)]
    moment: Signal<Option<Timestamp>>,
    /// True in a row of a list, whose own focus shows the tip, so that Tab does not stop at every time.
    #[prop(optional)]
    in_row: bool,
) -> impl IntoView {
    let now = use_workspace().clock.half_minute;
    let stop = (!in_row).then_some("0");
    let is_known = Memo::new(move |_| moment.with(Option::is_some));
    move || {
        if is_known.get() {
            let datetime = move || moment.get().map(|moment| moment.to_string());
            let words = move || moment.get().map(|moment| relative(moment, now.get()));
            view! { <time class="moment" datetime=datetime tabindex=stop>{words}</time> }.into_any()
        } else {
            view! {
                <span class="muted moment" data-tip="No time in the file." tabindex=stop>{UNKNOWN}</span>
            }
            .into_any()
        }
    }
}

/// An exact time, with the file's UTC timestamp as a tip.
#[component]
pub fn ExactTime(
    /// The time.
    moment: Option<Timestamp>,
    /// The reason why it may be unknown.
    #[prop(default = "No time in the file.")]
    missing: &'static str,
) -> impl IntoView {
    match moment {
        Some(moment) => view! {
            <span class="moment" data-tip=moment.to_string() tabindex="0">
                {move || format_time(moment, Style::Stamp)}
            </span>
        }
        .into_any(),
        None => view! { <ValueOrUnknown value=None missing/> }.into_any(),
    }
}

/// A short day and time for dense tables, with its exact time as a tip.
#[component]
pub fn DayAndTime(
    /// The time.
    moment: Option<Timestamp>,
    /// The reason why it may be unknown.
    missing: &'static str,
) -> impl IntoView {
    match moment {
        Some(moment) => view! {
            <time class="moment" datetime=moment.to_string() tabindex="0">
                {move || format!("{} {}", format_time(moment, Style::Day), format_time(moment, Style::Time))}
            </time>
        }
        .into_any(),
        None => view! { <ValueOrUnknown value=None missing/> }.into_any(),
    }
}
