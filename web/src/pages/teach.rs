//! The shape of an imported file, taught by pointing at its values.
use leptos::prelude::*;

/// The page on which the shape of a file is taught.
#[component]
pub fn Teach(
    /// The file's path.
    path: String,
) -> impl IntoView {
    view! { <h1 tabindex="-1">{path}</h1> }
}
