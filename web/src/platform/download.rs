//! Downloads of generated files.
use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

/// Downloads text as UTF-8 under a file name.
///
/// # Errors
/// The browser's message.
pub fn download(name: &str, text: &str) -> Result<(), String> {
    blob(text).and_then(|blob| save(name, &blob)).map_err(|error| super::error_text(&error))
}

/// Downloads bytes under a file name.
///
/// # Errors
/// See [`download`].
pub fn download_bytes(name: &str, bytes: &[u8]) -> Result<(), String> {
    let parts = Array::of1(&js_sys::Uint8Array::from(bytes));
    whole(&parts).and_then(|blob| save(name, &blob)).map_err(|error| super::error_text(&error))
}

/// Downloads the concatenation of texts under a file name.
///
/// # Errors
/// See [`download`].
pub fn download_parts(name: &str, parts: &[String]) -> Result<(), String> {
    let parts: Array = parts.iter().map(|part| js_sys::Uint8Array::from(part.as_bytes())).collect();
    whole(&parts).and_then(|blob| save(name, &blob)).map_err(|error| super::error_text(&error))
}

/// Downloads a blob, such as a picture, under a file name.
///
/// # Errors
/// The browser's message.
pub fn download_blob(name: &str, blob: &Blob) -> Result<(), String> {
    save(name, blob).map_err(|error| super::error_text(&error))
}

/// Downloads the file at an address of the page's own origin.
///
/// # Errors
/// The browser's message.
pub fn download_url(name: &str, url: &str) -> Result<(), String> {
    follow(name, url).map_err(|error| super::error_text(&error))
}

fn save(name: &str, blob: &Blob) -> Result<(), JsValue> {
    let url = Url::create_object_url_with_blob(blob)?;
    follow(name, &url)?;
    // The browser reads the address asynchronously; a minute is more than enough.
    leptos::prelude::set_timeout(
        move || {
            let _ = Url::revoke_object_url(&url);
        },
        std::time::Duration::from_secs(60),
    );
    Ok(())
}

fn follow(name: &str, url: &str) -> Result<(), JsValue> {
    let document = super::dom::document().ok_or("There is no document.")?;
    let anchor: HtmlAnchorElement = document.create_element("a")?.dyn_into()?;
    anchor.set_href(url);
    anchor.set_download(name);
    anchor.set_hidden(true);
    if let Some(body) = document.body() {
        body.append_child(&anchor)?;
    }
    anchor.click();
    anchor.remove();
    Ok(())
}

/// Creates a blob from bytes, as the browser may normalise text parts.
pub(crate) fn blob(text: &str) -> Result<Blob, JsValue> {
    whole(&Array::of1(&js_sys::Uint8Array::from(text.as_bytes())))
}

fn whole(parts: &Array) -> Result<Blob, JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type("application/json");
    Blob::new_with_u8_array_sequence_and_options(parts, &options)
}
