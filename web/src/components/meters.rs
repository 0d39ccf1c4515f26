//! Bars of a figure against a limit.
use leptos::prelude::*;

/// How much of a limit a figure is, as a bar; the figures beside it say the same in words.
#[component]
pub fn Meter(
    /// The part, 0 to 1; more than 1 fills it and says so by its colour. None is drawn as not known.
    part: Option<f64>,
    /// Where the limit lies within it, 0 to 1; at the end where not given.
    #[prop(optional_no_strip)]
    mark: Option<f64>,
    /// What its colour says, as the style sheet knows it.
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
