//! The page before the app and after it: `static/start.js` stands in for it until it is there, and once it has
//! panicked.
use super::files::{Dropped, take_held};
use js_sys::Array;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    // Where the app runs in another page, as in tests, nothing stands in for it.
    #[wasm_bindgen(js_name = callboardStarted, catch)]
    fn callboard_started() -> Result<Array, JsValue>;
    #[wasm_bindgen(js_name = callboardStopped, catch)]
    fn callboard_stopped(why: &str) -> Result<(), JsValue>;
}

/// Takes what was dropped before the app came: files and folders, and texts, each with its address list.
pub fn take_over() -> (Dropped, Vec<(String, String)>) {
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

/// Has the page say that the app has stopped when it panics: no part of it works from then on.
pub fn report_panics() {
    std::panic::set_hook(Box::new(|panic| {
        console_error_panic_hook::hook(panic);
        // Where nothing stands in for the app there is nobody to say it.
        let _ = callboard_stopped(&panic.to_string());
    }));
}
