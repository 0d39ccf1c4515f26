//! Addresses of files in the browser's memory or on its disk.
use std::rc::Rc;
use wasm_bindgen::JsValue;
use web_sys::{Blob, Url};

/// An address of a blob, revoked with its last clone.
#[derive(Clone, Debug)]
pub struct ObjectUrl {
    inner: Rc<Revoked>,
}

#[derive(Debug)]
struct Revoked(String);

impl Drop for Revoked {
    fn drop(&mut self) {
        // Fails only for an address that was never given out.
        let _ = Url::revoke_object_url(&self.0);
    }
}

impl ObjectUrl {
    /// Creates an address of a blob.
    pub fn of(blob: &Blob) -> Result<Self, JsValue> {
        Url::create_object_url_with_blob(blob).map(|url| Self { inner: Rc::new(Revoked(url)) })
    }

    /// Returns the address.
    pub fn as_str(&self) -> &str {
        &self.inner.0
    }
}
