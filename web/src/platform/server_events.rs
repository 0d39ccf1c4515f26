//! Server-sent events of the page's own origin (`EventSource`).
use futures::StreamExt as _;
use futures::channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, EventSource, MessageEvent};

/// An event of a connection, or of its state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ServerEvent {
    /// The connection is there.
    Open,
    /// The server sent an event.
    Message {
        /// The event's name.
        name: &'static str,
        /// The event's id, from which the server can go on.
        id: String,
        /// The event's data.
        data: String,
    },
    /// The connection broke. The browser is connecting again.
    Broken,
    /// The server refused the connection, or the browser gave it up.
    Closed,
}

/// A connection for server-sent events, until it is dropped.
#[derive(Debug)]
pub struct ServerEvents {
    inner: EventSource,
    events: UnboundedReceiver<ServerEvent>,
    _listeners: Vec<Closure<dyn Fn(Event)>>,
}

impl Drop for ServerEvents {
    fn drop(&mut self) {
        self.inner.close();
    }
}

impl ServerEvents {
    /// Connects to an address, and listens for events with these names.
    ///
    /// # Errors
    /// The browser's message.
    pub fn connect(url: &str, names: &[&'static str]) -> Result<Self, String> {
        let inner = EventSource::new(url).map_err(|error: JsValue| super::error_text(&error))?;
        let (sender, events) = unbounded();
        let mut listeners = Vec::new();
        let mut listen = |kind: &str, listener: Closure<dyn Fn(Event)>| {
            // Fails only for a listener that is no function.
            let _ = inner.add_event_listener_with_callback(kind, listener.as_ref().unchecked_ref());
            listeners.push(listener);
        };
        listen("open", sending(&sender, |_| ServerEvent::Open));
        let source = inner.clone();
        let broken = move |_: &Event| match source.ready_state() {
            EventSource::CLOSED => ServerEvent::Closed,
            _ => ServerEvent::Broken,
        };
        listen("error", sending(&sender, broken));
        for name in names {
            listen(name, sending(&sender, |event| message(name, event)));
        }
        Ok(Self { inner, events, _listeners: listeners })
    }

    /// Waits for the next event.
    pub async fn next(&mut self) -> ServerEvent {
        self.events.next().await.unwrap_or(ServerEvent::Closed)
    }
}

fn sending(
    sender: &UnboundedSender<ServerEvent>,
    convert: impl Fn(&Event) -> ServerEvent + 'static,
) -> Closure<dyn Fn(Event)> {
    let sender = sender.clone();
    // The receiver is gone together with the connection.
    Closure::new(move |event: Event| drop(sender.unbounded_send(convert(&event))))
}

fn message(name: &'static str, event: &Event) -> ServerEvent {
    let message = event.unchecked_ref::<MessageEvent>();
    ServerEvent::Message { name, id: message.last_event_id(), data: message.data().as_string().unwrap_or_default() }
}
