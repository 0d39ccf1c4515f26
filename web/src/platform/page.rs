//! The state of the page and what its document says about itself.
use super::dom::document;
use leptos::prelude::*;

/// Returns true if the page is in the background.
pub fn is_hidden() -> bool {
    document().is_some_and(|document| document.hidden())
}

/// Returns true if the page is visible and has the focus, so that the user sees what it shows.
pub fn is_attended() -> bool {
    document().is_some_and(|document| !document.hidden() && document.has_focus().unwrap_or_default())
}

/// Returns true while the page is visible, as a signal for the life of the page.
pub fn watch_visible() -> ReadSignal<bool> {
    let (visible, set_visible) = signal(!is_hidden());
    window_event_listener(leptos::ev::Custom::<web_sys::Event>::new("visibilitychange"), move |_| {
        set_visible.set(!is_hidden());
    });
    visible
}

/// Returns the content of a `meta` element by its name.
pub fn meta(name: &str) -> Option<String> {
    document()?.query_selector(&format!("meta[name=\"{name}\"]")).ok()??.get_attribute("content")
}

/// Opens the browser's dialog to print the page.
pub fn print() {
    if let Some(window) = web_sys::window() {
        // A browser that forbids it does nothing.
        let _ = window.print();
    }
}
