//! Times: relative to the eye, exact on hover and focus.
use crate::format::{UNKNOWN, relative};
use crate::platform::intl::{Style, say};
use crate::store::workspace::use_workspace;
use callboard_core::Timestamp;
use leptos::prelude::*;

/// A moment as `12 min ago`, with the exact stamp in the viewer's zone.
#[component]
pub fn Ago(
    /// The moment.
    moment: Option<Timestamp>,
) -> impl IntoView {
    let now = use_workspace().clock.half_minute;
    match moment {
        Some(moment) => view! {
            <time datetime=moment.to_string() title=say(moment, Style::Stamp)>
                {move || relative(moment, now.get())}
            </time>
        }
        .into_any(),
        None => view! { <span class="muted" title="The file does not say when.">{UNKNOWN}</span> }.into_any(),
    }
}

/// A moment as its exact stamp.
#[component]
pub fn Stamp(
    /// The moment.
    moment: Option<Timestamp>,
) -> impl IntoView {
    match moment {
        Some(moment) => view! {
            <time datetime=moment.to_string() title=moment.to_string()>
                {say(moment, Style::Stamp)}
            </time>
        }
        .into_any(),
        None => view! { <span class="muted">{UNKNOWN}</span> }.into_any(),
    }
}
