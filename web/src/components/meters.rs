//! Bars that show a value against a limit.
use leptos::prelude::*;

/// A bar of a value against a limit. The numbers beside it say the same to screen readers.
#[component]
pub fn Meter(
    /// The share, 0 to 1; more than 1 fills the bar. `None` for unknown.
    part: Option<f64>,
    /// The position of the limit, 0 to 1; the end by default.
    #[prop(optional_no_strip)]
    mark: Option<f64>,
    /// The state that sets the colour.
    state: &'static str,
) -> impl IntoView {
    let fill = part.map(|part| {
        let width = format!("{:.2}%", part.clamp(0.0, 1.0) * 100.0);
        view! { <span class="meter-fill" style:width=width></span> }
    });
    let mark = mark.map(|mark| {
        let left = format!("{:.2}%", mark.clamp(0.0, 1.0) * 100.0);
        view! { <span class="meter-mark" style:left=left></span> }
    });
    view! {
        <span class="meter" class:meter-unknown=part.is_none() data-state=state aria-hidden="true">
            {fill}
            {mark}
        </span>
    }
}
