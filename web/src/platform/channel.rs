//! Messages to the app's other tabs.
use callboard_workspace::Announcement;
use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{BroadcastChannel, MessageEvent};

/// A broadcast channel to the other tabs.
#[derive(Clone, Debug)]
pub struct Channel {
    inner: BroadcastChannel,
}

impl Channel {
    /// Opens a named channel and listens for the life of the page; `None` if the browser has no broadcast channels.
    pub fn open(name: &str, on_message: impl Fn(Announcement) + 'static) -> Option<Self> {
        let inner = BroadcastChannel::new(name).ok()?;
        let listen = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            let data = event.data();
            if js_sys::Array::is_array(&data) {
                let ids = js_sys::Array::from(&data);
                on_message(Announcement::Changed(ids.iter().filter_map(|id| id.as_string()).collect()));
            } else if data.is_null() {
                on_message(Announcement::Cleared);
            }
        });
        inner.set_onmessage(Some(listen.as_ref().unchecked_ref()));
        // Leaked on purpose: it listens for the life of the page.
        listen.forget();
        Some(Self { inner })
    }

    /// Sends a message to every other tab.
    pub fn send(&self, announcement: &Announcement) {
        let message = match announcement {
            Announcement::Changed(ids) => ids.iter().map(JsValue::from).collect::<js_sys::Array>().into(),
            Announcement::Cleared => JsValue::NULL,
        };
        // Only a closed channel refuses, and this one is never closed.
        let _ = self.inner.post_message(&message);
    }
}

/// Calls `on_storage` when another tab has changed a preference.
pub fn watch_preferences(on_storage: impl Fn() + 'static) {
    window_event_listener(leptos::ev::Custom::<web_sys::Event>::new("storage"), move |_| on_storage());
}
