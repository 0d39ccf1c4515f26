//! While what is stored is read: how far it is.
use crate::format::count;
use crate::store::workspace::use_workspace;
use leptos::prelude::*;

/// From how many sessions on the reading is worth a word: fewer are there before it is read.
const MANY: usize = 500;

/// A bar, where there is much to read.
#[component]
pub fn Reading() -> impl IntoView {
    let workspace = use_workspace();
    move || {
        let progress = workspace.reading.get();
        (progress.total >= MANY).then(|| {
            view! {
                <div class="page reading">
                    <p role="status">{progress.done} " of " {count(progress.total, "session", "sessions")} " read"</p>
                    <progress
                        aria-label="How many sessions are read"
                        max=progress.total.to_string()
                        value=progress.done.to_string()
                    ></progress>
                </div>
            }
        })
    }
}
