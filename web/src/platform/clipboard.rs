//! The clipboard, written to on a person's word only.
use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;

/// Puts a text on the clipboard.
///
/// # Errors
/// What the browser said, when it would not.
pub async fn copy_text(text: &str) -> Result<(), String> {
    call("writeText", &JsValue::from(text)).await.map_err(|error| super::error_text(&error))
}

/// Puts a picture on the clipboard.
///
/// # Errors
/// What the browser said, when it would not.
pub async fn copy_png(blob: &Blob) -> Result<(), String> {
    let item = || -> Result<JsValue, JsValue> {
        let parts = Object::new();
        Reflect::set(&parts, &JsValue::from("image/png"), blob)?;
        // By name: web-sys counts it among its unstable parts.
        let class: Function = Reflect::get(&js_sys::global(), &JsValue::from("ClipboardItem"))?.dyn_into()?;
        Reflect::construct(&class, &Array::of1(&parts))
    };
    let copied = async { call("write", &Array::of1(&item()?)).await };
    copied.await.map_err(|error: JsValue| super::error_text(&error))
}

/// A sentence for what the browser said: that it lets nobody write there, and what to do instead.
pub fn refusal(why: &str) -> String {
    // Which function of the page's was called is no reason.
    let why = why.rsplit_once("': ").map_or(why, |(_, why)| why).trim_end_matches('.');
    format!("The browser does not let this page write to the clipboard ({why}). Export it as a file instead.")
}

async fn call(name: &str, argument: &JsValue) -> Result<(), JsValue> {
    let window = web_sys::window().ok_or("there is no window")?;
    let clipboard = Reflect::get(&window.navigator(), &JsValue::from("clipboard"))?;
    // Only a page of a safe origin has one.
    if clipboard.is_undefined() {
        return Err("it has none here".into());
    }
    let function: Function = Reflect::get(&clipboard, &JsValue::from(name))?.dyn_into()?;
    let promise: Promise = function.call1(&clipboard, argument)?.dyn_into()?;
    JsFuture::from(promise).await?;
    Ok(())
}
