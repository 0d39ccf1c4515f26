//! The browser's errors about files.
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::DomException;

/// The browser's error about a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileError {
    /// The name of its kind, such as `NotFoundError`.
    pub name: String,
    /// The browser's words.
    pub message: String,
}

impl FileError {
    /// Returns true if the file or a folder of its path does not exist.
    pub fn is_missing(&self) -> bool {
        // A file or folder of the same name is not the other one.
        matches!(self.name.as_str(), "NotFoundError" | "TypeMismatchError")
    }
}

impl From<JsValue> for FileError {
    fn from(value: JsValue) -> Self {
        let name = match value.dyn_ref::<DomException>() {
            Some(error) => error.name(),
            None => value.dyn_ref::<js_sys::Error>().map(|error| error.name().into()).unwrap_or_default(),
        };
        Self { name, message: super::error_text(&value) }
    }
}
