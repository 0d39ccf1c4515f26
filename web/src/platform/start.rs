//! The page before the app and after it: `static/start.js` stands in for it until it is there, and once it has
//! panicked.
use super::files::{Dropped, take_held};
use js_sys::Array;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    // Where the app runs in another page, as in tests, nothing stands in for it.
    #[wasm_bindgen(js_name = callboardStarted, catch)]
    fn callboard_started() -> Result<Array, JsValue>;
    #[wasm_bindgen(js_name = callboardStopped, catch)]
    fn callboard_stopped(why: &str) -> Result<(), JsValue>;
}

/// The app is there, and listens: takes what was dropped before it came.
pub fn take_over() -> Dropped {
    callboard_started().map_or_else(|_| Dropped::default(), |held| take_held(&held))
}

/// Has the page say that the app has stopped when it panics: no part of it works from then on.
pub fn report_panics() {
    std::panic::set_hook(Box::new(|panic| {
        console_error_panic_hook::hook(panic);
        // Where nothing stands in for the app there is nobody to say it.
        let _ = callboard_stopped(&panic.to_string());
    }));
}
