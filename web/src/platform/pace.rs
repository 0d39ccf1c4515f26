//! Slices and pauses for long work, so that the page stays responsive.
use futures::channel::oneshot;
use js_sys::{Function, Promise, Reflect};
use leptos::prelude::{request_animation_frame, set_timeout};
use std::cell::Cell;
use std::time::Duration;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Time in milliseconds that a slice may block the page: half a frame, leaving the rest for the work it causes.
const SLICE: f64 = 8.0;

/// Measures slices of work.
#[derive(Debug)]
pub struct YieldTimer {
    began: Cell<f64>,
}

impl YieldTimer {
    /// Starts a slice.
    pub fn start() -> Self {
        Self { began: Cell::new(super::clock::millis()) }
    }

    /// Yields to the page if this slice has lasted long enough.
    pub async fn yield_if_due(&self) {
        if super::clock::millis() - self.began.get() >= SLICE {
            yield_task().await;
            self.began.set(super::clock::millis());
        }
    }
}

/// Waits for a duration.
pub async fn pause(time: Duration) {
    let (then, later) = oneshot::channel();
    // The receiver may be gone.
    let wake = move || {
        let _ = then.send(());
    };
    set_timeout(wake, time);
    let _ = later.await;
}

/// Waits for a number of milliseconds; a negative one counts as none.
pub async fn pause_millis(time: f64) {
    pause(Duration::from_secs_f64(time.max(0.0) / 1000.0)).await;
}

/// Waits until the browser is about to draw; a page in the background waits until it is seen.
pub async fn next_frame() {
    let (then, later) = oneshot::channel();
    // The receiver may be gone.
    request_animation_frame(move || {
        let _ = then.send(());
    });
    let _ = later.await;
}

/// Yields to queued microtasks only.
pub async fn yield_microtask() {
    let _ = JsFuture::from(Promise::resolve(&JsValue::UNDEFINED)).await;
}

/// Yields to the page and continues in a new task.
pub async fn yield_task() {
    let turn = scheduler_yield().unwrap_or_else(next_turn);
    // Neither promise is ever rejected.
    let _ = JsFuture::from(turn).await;
}

/// Calls `scheduler.yield()` if the browser has it: it is not throttled like timers.
fn scheduler_yield() -> Option<Promise> {
    let scheduler = Reflect::get(&js_sys::global(), &JsValue::from("scheduler")).ok()?;
    let method = Reflect::get(&scheduler, &JsValue::from("yield")).ok()?.dyn_into::<Function>().ok()?;
    method.call0(&scheduler).ok()?.dyn_into().ok()
}

fn next_turn() -> Promise {
    Promise::new(&mut |resolve, _| {
        let Some(window) = web_sys::window() else { return };
        // Fails only for an invalid handler.
        let _ = window.set_timeout_with_callback(&resolve);
    })
}
