//! The page for an unknown address.
use crate::route::Route;
use leptos::prelude::*;

/// An error with a link to the sessions.
#[component]
pub fn Unknown(
    /// The page or session that was requested.
    what: String,
) -> impl IntoView {
    view! {
        <div class="page page-narrow">
            <h1 tabindex="-1">"Page not found"</h1>
            <p class="empty">"No such page or session: " <span class="mono break" translate="no">{what}</span></p>
            <p><a class="button" href=Route::Sessions.href()>"Go to sessions"</a></p>
        </div>
    }
}
