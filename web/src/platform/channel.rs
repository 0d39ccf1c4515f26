//! The app's other tabs: told what has changed, and heard when they change something.
use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{BroadcastChannel, MessageEvent};

const NAME: &str = "callboard";

/// What a tab tells the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// These sessions are stored anew.
    Changed(Vec<String>),
    /// The workspace was cleared.
    Cleared,
}

/// The way to the other tabs.
#[derive(Clone, Debug)]
pub struct Channel {
    inner: BroadcastChannel,
}

impl Channel {
    /// Listens as long as the page lives. `None` where the browser has no such channel.
    pub fn open(on_news: impl Fn(News) + 'static) -> Option<Self> {
        let inner = BroadcastChannel::new(NAME).ok()?;
        let listen = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            let data = event.data();
            if js_sys::Array::is_array(&data) {
                let ids = js_sys::Array::from(&data);
                on_news(News::Changed(ids.iter().filter_map(|id| id.as_string()).collect()));
            } else if data.is_null() {
                on_news(News::Cleared);
            }
        });
        inner.set_onmessage(Some(listen.as_ref().unchecked_ref()));
        // It listens until the page is gone.
        listen.forget();
        Some(Self { inner })
    }

    /// Tells every other tab.
    pub fn tell(&self, news: &News) {
        let message = match news {
            News::Changed(ids) => ids.iter().map(JsValue::from).collect::<js_sys::Array>().into(),
            News::Cleared => JsValue::NULL,
        };
        // Refused only by a closed channel; this one is never closed.
        let _ = self.inner.post_message(&message);
    }
}

/// Calls `on_storage` when another tab has changed a preference.
pub fn watch_preferences(on_storage: impl Fn() + 'static) {
    window_event_listener(leptos::ev::Custom::<web_sys::Event>::new("storage"), move |_| on_storage());
}
