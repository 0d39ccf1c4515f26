//! Drop or paste anywhere, at any time: the whole window answers while files hover over it.
use super::icon::{Glyph, Icon};
use crate::platform::dom;
use crate::platform::files::{carries_files, offer_copy, pasted_text, take_dropped, take_pasted};
use crate::platform::start;
use crate::store::workspace::use_workspace;
use leptos::ev;
use leptos::prelude::*;

/// Listens on the window, and shows itself while files hover.
#[component]
pub fn DropLayer() -> impl IntoView {
    let workspace = use_workspace();
    // Entering a child comes before leaving its parent: only the last leave is one.
    let depth = RwSignal::new(0_i32);
    window_event_listener(ev::dragenter, move |event| {
        if carries_files(&event) {
            event.prevent_default();
            depth.update(|depth| *depth += 1);
        }
    });
    window_event_listener(ev::dragover, move |event| {
        if carries_files(&event) {
            event.prevent_default();
            offer_copy(&event);
        }
    });
    window_event_listener(ev::dragleave, move |event| {
        if carries_files(&event) {
            depth.update(|depth| *depth = (*depth - 1).max(0));
        }
    });
    window_event_listener(ev::drop, move |event| {
        if carries_files(&event) {
            event.prevent_default();
            depth.set(0);
            workspace.import(take_dropped(&event));
        }
    });
    window_event_listener(ev::paste, move |event| {
        if dom::is_typing() {
            return;
        }
        let files = take_pasted(&event);
        if !files.is_empty() {
            workspace.import(files);
        } else if let Some(text) = pasted_text(&event) {
            workspace.import_pasted(text);
        }
    });
    let early = start::take_over();
    if !early.is_empty() {
        workspace.import(early);
    }
    view! {
        <div class="drop-layer" hidden=move || depth.get() == 0 aria-hidden="true">
            <div class="drop-card">
                <Icon glyph=Glyph::Add/>
                <p class="drop-title">"Drop to load"</p>
                <p class="muted">"Session files and folders of them. They stay on this machine."</p>
            </div>
        </div>
    }
}
