//! The clipboard, written to on a person's word only.
use wasm_bindgen_futures::JsFuture;

/// Puts a text on the clipboard.
///
/// # Errors
/// What the browser said, when it would not.
pub async fn copy(text: &str) -> Result<(), String> {
    let window = web_sys::window().ok_or("There is no window.")?;
    let written = JsFuture::from(window.navigator().clipboard().write_text(text)).await;
    written.map(drop).map_err(|error| super::error_text(&error))
}
