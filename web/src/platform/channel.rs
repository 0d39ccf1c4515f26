//! Messages to the app's other tabs.
use callboard_workspace::Announcement;
use leptos::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt;
use std::marker::PhantomData;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{BroadcastChannel, MessageEvent};

/// A broadcast channel to the other tabs.
pub struct Channel<M = Announcement> {
    inner: BroadcastChannel,
    messages: PhantomData<M>,
}

impl<M> Clone for Channel<M> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone(), messages: PhantomData }
    }
}

impl<M> fmt::Debug for Channel<M> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Channel").field("name", &self.inner.name()).finish()
    }
}

impl<M: Serialize + DeserializeOwned + 'static> Channel<M> {
    /// Opens a named channel and listens for the life of the page; `None` if the browser has no broadcast channels.
    pub fn open(name: &str, on_message: impl Fn(M) + 'static) -> Option<Self> {
        let inner = BroadcastChannel::new(name).ok()?;
        let listen = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            // A tab with another version of the app may send others.
            if let Ok(message) = serde_wasm_bindgen::from_value(event.data()) {
                on_message(message);
            }
        });
        inner.set_onmessage(Some(listen.as_ref().unchecked_ref()));
        // Leaked on purpose: it listens for the life of the page.
        listen.forget();
        Some(Self { inner, messages: PhantomData })
    }

    /// Sends a message to every other tab.
    pub fn send(&self, message: &M) {
        // Only a closed channel refuses, and this one is never closed.
        if let Ok(message) = serde_wasm_bindgen::to_value(message) {
            let _ = self.inner.post_message(&message);
        }
    }
}

/// Calls `on_storage` when another tab has changed a preference.
pub fn watch_preferences(on_storage: impl Fn() + 'static) {
    window_event_listener(leptos::ev::Custom::<web_sys::Event>::new("storage"), move |_| on_storage());
}
