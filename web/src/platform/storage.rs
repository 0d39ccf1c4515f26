//! Whether the browser keeps what it stores.
use leptos::task::spawn_local;
use wasm_bindgen_futures::JsFuture;

/// Asks the browser to keep what is stored here even when the disk is short.
pub fn ask_to_persist() {
    let Some(window) = web_sys::window() else { return };
    let Ok(answer) = window.navigator().storage().persist() else { return };
    spawn_local(async move {
        // Either answer is the browser's own business: what is stored stays stored for now.
        let _ = JsFuture::from(answer).await;
    });
}
