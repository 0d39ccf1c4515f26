//! Times: relative to the eye, exact on hover and focus.
use super::facts::Known;
use crate::format::{UNKNOWN, relative};
use crate::platform::intl::{self, Style};
use crate::store::preferences::zone;
use crate::store::workspace::use_workspace;
use callboard_core::Timestamp;
use leptos::prelude::*;

/// Writes a moment in the zone in force, which is followed.
pub fn say(moment: Timestamp, style: Style) -> String {
    let _follows = zone();
    intl::say(moment, style)
}

/// Seconds that the zone in force, which is followed, is ahead of UTC at a moment.
pub fn offset_at(moment: Timestamp) -> i64 {
    let _follows = zone();
    intl::offset_at(moment)
}

/// The first second of a day (`2024-08-11`), or of one so many days later, in the zone in force, which is followed.
pub fn day_begins(day: &str, later: i64) -> Option<i64> {
    let _follows = zone();
    intl::day_begins(day, later)
}

/// The name of the zone in force, which is followed.
pub fn zone_name() -> String {
    let _follows = zone();
    intl::zone()
}

/// A moment as `12 min ago`; the page's tip says its exact stamp in the viewer's zone on hover and on focus.
#[component]
pub fn Ago(
    /// The moment.
    #[prop(into)]
    moment: Signal<Option<Timestamp>>,
    /// It stands in a row of a list: the row's focus is enough, and Tab does not stop at every moment.
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
                <span class="muted moment" data-tip="The file does not say when." tabindex=stop>{UNKNOWN}</span>
            }
            .into_any()
        }
    }
}

/// A moment as its exact stamp; the tip says it in UTC, as the file does.
#[component]
pub fn Stamp(
    /// The moment.
    moment: Option<Timestamp>,
    /// Why it may be missing.
    #[prop(default = "The file does not say when.")]
    missing: &'static str,
) -> impl IntoView {
    match moment {
        Some(moment) => view! {
            <span class="moment" data-tip=moment.to_string() tabindex="0">
                {move || say(moment, Style::Stamp)}
            </span>
        }
        .into_any(),
        None => view! { <Known value=None missing/> }.into_any(),
    }
}

/// A moment as its day and minute, where many stand together; the page's tip says its exact stamp.
#[component]
pub fn Clock(
    /// The moment.
    moment: Option<Timestamp>,
    /// Why it may be missing.
    missing: &'static str,
) -> impl IntoView {
    match moment {
        Some(moment) => view! {
            <time class="moment" datetime=moment.to_string() tabindex="0">
                {move || format!("{} {}", say(moment, Style::Day), say(moment, Style::Time))}
            </time>
        }
        .into_any(),
        None => view! { <Known value=None missing/> }.into_any(),
    }
}
