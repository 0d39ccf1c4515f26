//! Bytes of an address of the page's own origin.
use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

/// Fetches the bytes of an address, unless there are more than `limit`: then the result is `None`.
///
/// # Errors
/// A sentence with the server's status or the browser's message.
pub async fn fetch_bytes(url: &str, limit: u64) -> Result<Option<Vec<u8>>, String> {
    fetch(url, limit).await.map_err(|error| super::error_text(&error))
}

#[allow(clippy::cast_precision_loss)]
async fn fetch(url: &str, limit: u64) -> Result<Option<Vec<u8>>, JsValue> {
    let window = web_sys::window().ok_or("There is no window.")?;
    let response: Response = JsFuture::from(window.fetch_with_str(url)).await?.dyn_into()?;
    if !response.ok() {
        return Err(format!("The server answered {} {}.", response.status(), response.status_text()).into());
    }
    let length = response.headers().get("Content-Length")?.and_then(|length| length.parse::<u64>().ok());
    if length.is_some_and(|length| length > limit) {
        return Ok(None);
    }
    let bytes = Uint8Array::new(&JsFuture::from(response.array_buffer()?).await?);
    Ok((f64::from(bytes.length()) <= limit as f64).then(|| bytes.to_vec()))
}
