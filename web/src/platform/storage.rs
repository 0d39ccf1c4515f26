//! Whether the browser keeps what it stores.
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Asks the browser to keep what is stored here even when the disk is short.
pub fn ask_to_persist() {
    let Some(window) = web_sys::window() else { return };
    // It is missing where the page came over a plain line, and may throw where storage is blocked.
    let storage = js_sys::Reflect::get(&window.navigator(), &JsValue::from("storage"));
    let Some(storage) = storage.ok().filter(JsValue::is_object) else { return };
    let Ok(answer) = storage.unchecked_into::<web_sys::StorageManager>().persist() else { return };
    spawn_local(async move {
        // Either answer is the browser's own business: what is stored stays stored for now.
        let _ = JsFuture::from(answer).await;
    });
}
