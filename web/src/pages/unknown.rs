//! An address that leads nowhere.
use crate::route::Route;
use leptos::prelude::*;

/// Says so, and shows the way back.
#[component]
pub fn Unknown(
    /// What was asked for.
    what: String,
) -> impl IntoView {
    view! {
        <div class="page page-narrow">
            <h1 tabindex="-1">"Nothing here"</h1>
            <p class="empty">"There is no such place or session: " <span class="mono break" translate="no">{what}</span></p>
            <p><a class="button" href=Route::Sessions.href()>"To the sessions"</a></p>
        </div>
    }
}
