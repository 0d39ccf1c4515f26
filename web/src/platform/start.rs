//! Hand-over from `static/start.js`, which serves the page before the app has started and after it has panicked.
use super::files::{Dropped, take_held};
use js_sys::Array;
use std::sync::atomic::{AtomicBool, Ordering};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    // Missing where the app runs in another page, as in tests.
    #[wasm_bindgen(js_name = callboardStarted, catch)]
    fn callboard_started() -> Result<Array, JsValue>;
    #[wasm_bindgen(js_name = callboardStopped, catch)]
    fn callboard_stopped(why: &str) -> Result<(), JsValue>;
}

/// Returns everything dropped before the app started: files and folders, and texts with their address lists.
pub fn take_early_drops() -> (Dropped, Vec<(String, String)>) {
    let Ok(held) = callboard_started() else { return Default::default() };
    let (mut files, mut texts) = (Array::new(), Vec::new());
    for one in held.iter() {
        match one.dyn_into::<Array>() {
            Ok(pair) => {
                texts.push((pair.get(0).as_string().unwrap_or_default(), pair.get(1).as_string().unwrap_or_default()))
            }
            Err(file) => files.extend([file]),
        }
    }
    (take_held(&files), texts)
}

/// Makes the page report a panic, after which no part of the app works: those that follow from it are no news.
pub fn report_panics() {
    let stopped = AtomicBool::new(false);
    std::panic::set_hook(Box::new(move |panic| {
        if stopped.swap(true, Ordering::Relaxed) {
            return;
        }
        console_error_panic_hook::hook(panic);
        // Without `start.js`, as in tests, nothing reports it.
        let _ = callboard_stopped(&panic.to_string());
    }));
}
