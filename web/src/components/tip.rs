//! One word of explanation for the whole page, at what the pointer or the focus is on.
use super::moment::say;
use crate::platform::intl::Style;
use crate::platform::tips::{self, Found};
use callboard_core::Timestamp;
use leptos::prelude::*;

/// The tip: the exact stamp of a moment in the viewer's zone, or what an element has to say.
#[component]
pub fn Tip() -> impl IntoView {
    let tip = RwSignal::new(None::<Found>);
    tips::watch(move |found| {
        if tip.with_untracked(|tip| *tip != found) {
            tip.set(found);
        }
    });
    let words = move || {
        tip.with(|tip| {
            let tip = tip.as_ref()?;
            let moment = tip.moment.as_deref().and_then(Timestamp::parse).map(|moment| say(moment, Style::Stamp));
            match (tip.words.clone(), moment) {
                (Some(words), Some(moment)) => Some(format!("{words} \u{b7} {moment}")),
                (words, moment) => moment.or(words),
            }
        })
    };
    let place = move |read: fn(&Found) -> Option<f64>| {
        move || tip.with(|tip| tip.as_ref().and_then(read).map(|place| format!("{place}px")))
    };
    view! {
        <div
            class="tip"
            id=tips::TIP
            role="tooltip"
            hidden=move || words().is_none()
            // From the side with more room, it is as wide as its words.
            style:left=place(|tip| (!tip.flip).then_some(tip.x))
            style:right=place(|tip| tip.flip.then_some(tip.x))
            style:top=place(|tip| Some(tip.y))
        >
            {words}
        </div>
    }
}
