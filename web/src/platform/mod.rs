//! All browser APIs. No other module uses web-sys.

pub mod attention;
pub mod blob_url;
pub mod channel;
pub mod clipboard;
pub mod clock;
mod connection;
pub mod directory;
pub mod dom;
pub mod download;
pub mod draft_copies;
pub mod file_error;
pub mod file_version;
pub mod files;
pub mod focus;
pub mod folder_observer;
pub mod folder_picker;
pub mod http;
pub mod import_log;
pub mod indexed_db;
pub mod intl;
pub mod launch;
pub mod lock;
pub mod media;
pub mod notify;
pub mod object_store;
pub mod old_databases;
pub mod pace;
pub mod page;
pub mod picture;
pub mod pointer;
pub mod preferences;
pub mod random;
pub mod record_codec;
pub mod remembered_folder;
pub mod row_pool;
pub mod row_template;
pub mod scroll_memory;
pub mod scroll_restoration;
pub mod server_events;
pub mod start;
pub mod storage;
pub mod storage_error;
pub mod tips;
pub mod updates;
pub mod viewport;
pub mod web_storage;
pub mod width;

use wasm_bindgen::{JsCast, JsValue};

/// Returns the message of a thrown JavaScript value.
pub(crate) fn error_text(value: &JsValue) -> String {
    if let Some(error) = value.dyn_ref::<js_sys::Error>() {
        return String::from(error.message());
    }
    if let Some(error) = value.dyn_ref::<web_sys::DomException>() {
        return error.message();
    }
    value.as_string().unwrap_or_else(|| "no reason given".into())
}
