//! Requests to the page's own origin.
use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, ReadableStreamDefaultReader, RequestCache, RequestInit, RequestRedirect, Response};

/// The reason why there was no answer, in the browser's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoAnswer(pub String);

impl From<JsValue> for NoAnswer {
    fn from(value: JsValue) -> Self {
        Self(super::error_text(&value))
    }
}

/// A request.
#[derive(Clone, Copy, Debug)]
pub struct HttpRequest<'a> {
    /// The method, such as `GET`.
    pub method: &'a str,
    /// The address, beginning with `/`.
    pub url: &'a str,
    /// The names and values of its headers.
    pub headers: &'a [(&'a str, &'a str)],
    /// The body; `None` without one.
    pub body: Option<&'a [u8]>,
}

impl<'a> HttpRequest<'a> {
    /// Returns a request to read an address.
    pub fn get(url: &'a str) -> Self {
        Self { method: "GET", url, headers: &[], body: None }
    }

    /// Sends the request, past the browser's cache.
    ///
    /// # Errors
    /// There is no server, or it broke the connection.
    pub async fn send(self) -> Result<Answer, NoAnswer> {
        let window = web_sys::window().ok_or_else(|| NoAnswer("There is no window.".into()))?;
        let headers = Headers::new()?;
        for (name, value) in self.headers {
            headers.set(name, value)?;
        }
        let init = RequestInit::new();
        init.set_method(self.method);
        init.set_headers_headers(&headers);
        init.set_cache(RequestCache::NoStore);
        init.set_redirect(RequestRedirect::Error);
        // A copy, as the memory of these may move while they are sent.
        let body = self.body.map(Uint8Array::from);
        init.set_body_opt_u8_array(body.as_ref());
        let answer = JsFuture::from(window.fetch_with_str_and_init(self.url, &init)).await?;
        Ok(Answer { inner: answer.dyn_into()? })
    }
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    inner: Response,
}

impl Answer {
    /// Returns the status code.
    pub fn status(&self) -> u16 {
        self.inner.status()
    }

    /// Returns a header's value.
    pub fn header(&self, name: &str) -> Option<String> {
        // Fails only for an invalid name.
        self.inner.headers().get(name).ok().flatten()
    }

    /// Reads the body.
    ///
    /// # Errors
    /// The connection broke.
    pub async fn bytes(self) -> Result<Vec<u8>, NoAnswer> {
        let buffer = JsFuture::from(self.inner.array_buffer()?).await?;
        Ok(Uint8Array::new(&buffer).to_vec())
    }

    /// Reads the body in chunks, as they arrive.
    ///
    /// # Errors
    /// The body was read already.
    pub fn chunks(self) -> Result<Chunks, NoAnswer> {
        let reader = self.inner.body().map(|body| ReadableStreamDefaultReader::new(&body)).transpose()?;
        Ok(Chunks { reader })
    }
}

/// The body of an answer, in chunks. The request ends when this is dropped.
#[derive(Debug)]
pub struct Chunks {
    /// `None` for an answer without a body.
    reader: Option<ReadableStreamDefaultReader>,
}

impl Chunks {
    /// Waits for the next chunk, and adds it to `bytes`; returns false at the end.
    ///
    /// # Errors
    /// The connection broke.
    pub async fn read_into(&self, bytes: &mut Vec<u8>) -> Result<bool, NoAnswer> {
        let Some(reader) = &self.reader else { return Ok(false) };
        let next = JsFuture::from(reader.read()).await?;
        if Reflect::get(&next, &JsValue::from("done"))?.is_truthy() {
            return Ok(false);
        }
        let chunk: Uint8Array = Reflect::get(&next, &JsValue::from("value"))?.dyn_into()?;
        let start = bytes.len();
        bytes.resize(start + chunk.length() as usize, 0);
        if let Some(end) = bytes.get_mut(start..) {
            chunk.copy_to(end);
        }
        Ok(true)
    }
}

impl Drop for Chunks {
    fn drop(&mut self) {
        if let Some(reader) = &self.reader {
            // After the end this does nothing.
            drop(reader.cancel());
        }
    }
}
