//! Persistent storage.
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Asks the browser not to evict stored data when the disk is full.
pub fn ask_to_persist() {
    let Some(window) = web_sys::window() else { return };
    // Missing in insecure contexts, and may throw where storage is blocked.
    let storage = js_sys::Reflect::get(&window.navigator(), &JsValue::from("storage"));
    let Some(storage) = storage.ok().filter(JsValue::is_object) else { return };
    let Ok(answer) = storage.unchecked_into::<web_sys::StorageManager>().persist() else { return };
    spawn_local(async move {
        // A refusal changes nothing: the data stays stored for now.
        let _ = JsFuture::from(answer).await;
    });
}
