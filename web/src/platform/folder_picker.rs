//! Folders that the user opens, and the page's permission for them.
use super::file_error::FileError;
use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::FileSystemDirectoryHandle;

/// Name under which the browser remembers the place of the last folder.
const PICKER_ID: &str = "callboard";

// All are called by name, as web-sys lacks them or marks them unstable.

fn picker() -> Option<(web_sys::Window, Function)> {
    let window = web_sys::window()?;
    let picker = Reflect::get(&window, &JsValue::from("showDirectoryPicker")).ok()?.dyn_into::<Function>().ok()?;
    Some((window, picker))
}

/// Returns true if the browser has a dialog for folders.
pub fn can_pick() -> bool {
    picker().is_some()
}

fn options(members: &[(&str, &str)]) -> Object {
    let options = Object::new();
    for (name, value) in members {
        // Setting a member of a new object cannot fail.
        let _ = Reflect::set(&options, &JsValue::from(*name), &JsValue::from(*value));
    }
    options
}

/// Asks for a folder to read and write; `None` if the user cancels. Must be called during a click.
///
/// # Errors
/// The browser's error.
pub async fn pick() -> Result<Option<FileSystemDirectoryHandle>, FileError> {
    let (window, picker) = picker().ok_or_else(|| JsValue::from("The browser cannot open folders."))?;
    let options = options(&[("id", PICKER_ID), ("mode", "readwrite")]);
    match JsFuture::from(picker.call1(&window, &options)?.dyn_into::<Promise>()?).await {
        Ok(handle) => Ok(Some(handle.unchecked_into())),
        Err(error) => {
            let error = FileError::from(error);
            if error.name == "AbortError" { Ok(None) } else { Err(error) }
        }
    }
}

/// Returns true if the page may read and write a folder without asking.
pub async fn is_granted(folder: &FileSystemDirectoryHandle) -> bool {
    ask("queryPermission", "readwrite", folder).await == Ok(true)
}

/// Returns true if the page may read a folder without asking.
pub async fn can_read(folder: &FileSystemDirectoryHandle) -> bool {
    ask("queryPermission", "read", folder).await == Ok(true)
}

/// Asks for the permission to read and write a folder, during a click; returns true if it is granted.
///
/// # Errors
/// The browser's error, as for a call that does not belong to a click.
pub async fn request(folder: &FileSystemDirectoryHandle) -> Result<bool, FileError> {
    ask("requestPermission", "readwrite", folder).await
}

async fn ask(method: &str, mode: &str, folder: &FileSystemDirectoryHandle) -> Result<bool, FileError> {
    // Browsers without this method only have folders of the page's own.
    let Ok(method) = Reflect::get(folder, &JsValue::from(method))?.dyn_into::<Function>() else { return Ok(true) };
    let answer = method.call1(folder, &options(&[("mode", mode)]))?.dyn_into::<Promise>()?;
    Ok(JsFuture::from(answer).await?.as_string().as_deref() == Some("granted"))
}
