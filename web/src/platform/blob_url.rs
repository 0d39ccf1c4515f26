//! Addresses of blobs, which pictures and players load.
use js_sys::Uint8Array;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, Url};

/// Reads the bytes of a blob or a file.
pub(super) async fn read_blob(blob: &Blob) -> Result<Vec<u8>, String> {
    let buffer = JsFuture::from(blob.array_buffer()).await;
    buffer.map(|buffer| Uint8Array::new(&buffer).to_vec()).map_err(|error| super::error_text(&error))
}

/// A blob and its address, which is revoked when this is dropped.
#[derive(Debug)]
pub struct BlobUrl {
    blob: Blob,
    url: String,
}

impl BlobUrl {
    /// Creates an address for a blob, which gets this media type: a browser guesses it by the name otherwise.
    ///
    /// # Errors
    /// The browser's message.
    pub fn new(blob: &Blob, media_type: &str) -> Result<Self, String> {
        let typed = blob.slice_with_f64_and_f64_and_content_type(0.0, blob.size(), media_type);
        let made = typed.and_then(|blob| Url::create_object_url_with_blob(&blob).map(|url| Self { blob, url }));
        made.map_err(|error| super::error_text(&error))
    }

    /// Returns the address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns the blob.
    pub fn blob(&self) -> &Blob {
        &self.blob
    }

    /// Reads the bytes. They are not fetched from the address: the content security policy allows no such request.
    ///
    /// # Errors
    /// The browser's message, as for a file that has changed since.
    pub async fn bytes(&self) -> Result<Vec<u8>, String> {
        read_blob(&self.blob).await
    }
}

impl Drop for BlobUrl {
    fn drop(&mut self) {
        // Fails only for an invalid address.
        let _ = Url::revoke_object_url(&self.url);
    }
}
