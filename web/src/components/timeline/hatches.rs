//! The hatches of skipped stages and of overdue time.
use leptos::prelude::*;

/// The hatches that bars refer to.
#[component]
pub fn Hatches() -> impl IntoView {
    view! {
        <svg class="hatches" aria-hidden="true">
            <defs>
                <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                    <line class="hatch-line" x1="0" y1="0" x2="0" y2="6"></line>
                </pattern>
                <pattern id="overdue" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                    <line class="overdue-hatch" x1="0" y1="0" x2="0" y2="6"></line>
                </pattern>
            </defs>
        </svg>
    }
}
