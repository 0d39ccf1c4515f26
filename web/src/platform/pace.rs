//! Long work in slices, and work with pauses: the page stays free for whoever uses it.
use futures::channel::oneshot;
use js_sys::{Function, Promise, Reflect};
use leptos::prelude::set_timeout;
use std::cell::Cell;
use std::time::Duration;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// The time that a slice of work may hold the page up, in milliseconds. A frame lasts 16: the rest is left to what the
/// slice brings about.
const SLICE: f64 = 8.0;

/// Measures slices of work.
#[derive(Debug)]
pub struct YieldTimer {
    began: Cell<f64>,
}

impl YieldTimer {
    /// Begins a slice.
    pub fn start() -> Self {
        Self { began: Cell::new(super::clock::millis()) }
    }

    /// Lets the page do what waits, when this slice has lasted long enough.
    pub async fn yield_if_due(&self) {
        if super::clock::millis() - self.began.get() >= SLICE {
            yield_task().await;
            self.began.set(super::clock::millis());
        }
    }
}

/// Goes on after this time, at the earliest.
pub async fn pause(time: Duration) {
    let (then, later) = oneshot::channel();
    // Nobody may be waiting any more.
    let wake = move || {
        let _ = then.send(());
    };
    set_timeout(wake, time);
    let _ = later.await;
}

/// Lets tasks that are already queued go first; no more than that.
pub async fn yield_microtask() {
    let _ = JsFuture::from(Promise::resolve(&JsValue::UNDEFINED)).await;
}

/// Goes on in a task of its own, after whatever the page has to do.
pub async fn yield_task() {
    let turn = scheduler_yield().unwrap_or_else(next_turn);
    // Neither promise is ever rejected.
    let _ = JsFuture::from(turn).await;
}

/// Calls `scheduler.yield()`, where the browser has it: unlike a timer it is not held back.
fn scheduler_yield() -> Option<Promise> {
    let scheduler = Reflect::get(&js_sys::global(), &JsValue::from("scheduler")).ok()?;
    let method = Reflect::get(&scheduler, &JsValue::from("yield")).ok()?.dyn_into::<Function>().ok()?;
    method.call0(&scheduler).ok()?.dyn_into().ok()
}

fn next_turn() -> Promise {
    Promise::new(&mut |resolve, _| {
        let Some(window) = web_sys::window() else { return };
        // Refused only for an illegal handler.
        let _ = window.set_timeout_with_callback(&resolve);
    })
}
