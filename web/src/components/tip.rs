//! The tooltip, one for the whole page.
use super::time::format_time;
use crate::platform::intl::Style;
use crate::platform::tips::{self, TipContent};
use callboard_core::Timestamp;
use leptos::prelude::*;

/// The tooltip: an explanation, or the exact time in the zone in force.
#[component]
pub fn Tip() -> impl IntoView {
    let tip = RwSignal::new(None::<TipContent>);
    tips::watch(move |found| {
        if tip.with_untracked(|tip| *tip != found) {
            tip.set(found);
        }
    });
    let words = move || {
        tip.with(|tip| {
            let tip = tip.as_ref()?;
            let exact = |(before, moment): &(String, String)| {
                let moment = format_time(Timestamp::parse(moment)?, Style::Stamp);
                Some(if before.is_empty() { moment } else { format!("{before} {moment}") })
            };
            let parts: Vec<String> = tip.words.iter().cloned().chain(tip.moments.iter().filter_map(exact)).collect();
            (!parts.is_empty()).then(|| parts.join(" \u{b7} "))
        })
    };
    let place = move |read: fn(&TipContent) -> Option<f64>| {
        move || tip.with(|tip| tip.as_ref().and_then(read).map(|place| format!("{place}px")))
    };
    view! {
        <div
            class="tip"
            id=tips::TIP
            role="tooltip"
            hidden=move || words().is_none()
            // Anchored at the side with more space, so that it can be as wide as its text.
            style:left=place(|tip| (!tip.flip).then_some(tip.x))
            style:right=place(|tip| tip.flip.then_some(tip.x))
            style:top=place(|tip| (!tip.above).then_some(tip.y))
            style:bottom=place(|tip| tip.above.then_some(tip.y))
        >
            {words}
        </div>
    }
}
