//! The page before the app: `static/start.js` stands in for it until it is there.
use super::files::{Dropped, take_held};
use js_sys::Array;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    // Where the app runs in another page, as in tests, nothing stands in for it.
    #[wasm_bindgen(js_name = callboardStarted, catch)]
    fn callboard_started() -> Result<Array, JsValue>;
}

/// The app is there, and listens: takes what was dropped before it came.
pub fn take_over() -> Dropped {
    callboard_started().map_or_else(|_| Dropped::default(), |held| take_held(&held))
}
