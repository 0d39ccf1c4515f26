//! Pages that need sessions: until there are any, the welcome page or the progress of loading them.
use super::welcome::Welcome;
use crate::components::reading::Reading;
use crate::store::workspace::use_workspace;
use leptos::prelude::*;

/// A page that is shown while sessions are loaded, of the workspace or only read.
#[component]
pub fn WhenLoaded(
    /// The page.
    children: ChildrenFn,
) -> impl IntoView {
    let workspace = use_workspace();
    let empty = Memo::new(move |_| workspace.listed.with(|sessions| sessions.is_empty()));
    move || {
        if !empty.get() {
            return children().into_any();
        }
        if workspace.is_ready() { view! { <Welcome/> }.into_any() } else { view! { <Reading/> }.into_any() }
    }
}
