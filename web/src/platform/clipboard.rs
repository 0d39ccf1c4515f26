//! Writes to the clipboard.
use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;

/// Copies text to the clipboard.
///
/// # Errors
/// The browser's message.
pub async fn copy_text(text: &str) -> Result<(), String> {
    call("writeText", &JsValue::from(text)).await.map_err(|error| super::error_text(&error))
}

/// Copies a PNG image to the clipboard.
///
/// # Errors
/// The browser's message.
pub async fn copy_png(blob: &Blob) -> Result<(), String> {
    let item = || -> Result<JsValue, JsValue> {
        let parts = Object::new();
        Reflect::set(&parts, &JsValue::from("image/png"), blob)?;
        // Looked up by name, as web-sys marks it unstable.
        let class: Function = Reflect::get(&js_sys::global(), &JsValue::from("ClipboardItem"))?.dyn_into()?;
        Reflect::construct(&class, &Array::of1(&parts))
    };
    let copied = async { call("write", &Array::of1(&item()?)).await };
    copied.await.map_err(|error: JsValue| super::error_text(&error))
}

/// Returns the sentence for a refused copy, with an alternative.
pub fn refusal(why: &str) -> String {
    // The name of the called function means nothing to the user.
    let why = why.rsplit_once("': ").map_or(why, |(_, why)| why).trim_end_matches('.');
    format!("The browser blocked the clipboard ({why}). Export a file instead.")
}

async fn call(name: &str, argument: &JsValue) -> Result<(), JsValue> {
    let window = web_sys::window().ok_or("there is no window")?;
    let clipboard = Reflect::get(&window.navigator(), &JsValue::from("clipboard"))?;
    // Only secure contexts have a clipboard.
    if clipboard.is_undefined() {
        return Err("not available here".into());
    }
    let function: Function = Reflect::get(&clipboard, &JsValue::from(name))?.dyn_into()?;
    let promise: Promise = function.call1(&clipboard, argument)?.dyn_into()?;
    JsFuture::from(promise).await?;
    Ok(())
}
