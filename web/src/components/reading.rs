//! Progress of loading the stored sessions.
use crate::format::count;
use crate::store::workspace::use_workspace;
use leptos::prelude::*;

/// Number of sessions from which loading takes long enough to show progress.
const MANY: usize = 500;

/// The progress bar, shown for many sessions.
#[component]
pub fn Reading() -> impl IntoView {
    let workspace = use_workspace();
    move || {
        let progress = workspace.reading.get();
        (progress.total >= MANY).then(|| {
            view! {
                <div class="page reading">
                    <p role="status">{progress.done} " of " {count(progress.total, "session", "sessions")} " loaded"</p>
                    <progress
                        aria-label="Sessions loaded"
                        max=progress.total.to_string()
                        value=progress.done.to_string()
                    ></progress>
                </div>
            }
        })
    }
}
