//! Changes below a folder, reported by the browser (`FileSystemObserver`).
use futures::StreamExt as _;
use futures::channel::mpsc::{UnboundedReceiver, unbounded};
use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{FileSystemDirectoryHandle, FileSystemHandle, FileSystemHandleKind};

/// A change below an observed folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ObservedChange {
    /// The content of a folder with this path may be another one; empty for the observed folder itself.
    Folder(String),
    /// A file with this path appeared or changed.
    File(String),
    /// A file or folder with this path is gone.
    Gone(String),
    /// Changes were missed.
    Unknown,
    /// The browser no longer observes the folder.
    Ended,
}

/// An observer of a folder and all folders below it, until it is dropped.
#[derive(Debug)]
pub struct FolderObserver {
    inner: JsValue,
    changes: UnboundedReceiver<ObservedChange>,
    _on_change: Closure<dyn Fn(Array)>,
}

impl Drop for FolderObserver {
    fn drop(&mut self) {
        // It never throws.
        let _ = method(&self.inner, "disconnect").and_then(|disconnect| disconnect.call0(&self.inner).ok());
    }
}

fn method(value: &JsValue, name: &str) -> Option<Function> {
    Reflect::get(value, &JsValue::from(name)).ok()?.dyn_into().ok()
}

impl FolderObserver {
    /// Observes a folder; `None` if the browser cannot.
    pub async fn start(folder: &FileSystemDirectoryHandle) -> Option<Self> {
        let class = method(&js_sys::global(), "FileSystemObserver")?;
        let (sender, changes) = unbounded();
        let on_change = Closure::<dyn Fn(Array)>::new(move |records: Array| {
            for record in records.iter() {
                for change in changes_of(&record) {
                    // The receiver is gone together with this observer.
                    let _ = sender.unbounded_send(change);
                }
            }
        });
        let inner = Reflect::construct(&class, &Array::of1(on_change.as_ref())).ok()?;
        let options = Object::new();
        Reflect::set(&options, &JsValue::from("recursive"), &JsValue::TRUE).ok()?;
        let observer = Self { inner, changes, _on_change: on_change };
        let observing = method(&observer.inner, "observe")?.call2(&observer.inner, folder, &options).ok()?;
        JsFuture::from(observing.dyn_into::<Promise>().ok()?).await.ok()?;
        Some(observer)
    }

    /// Waits for the next change.
    pub async fn next(&mut self) -> ObservedChange {
        self.changes.next().await.unwrap_or(ObservedChange::Ended)
    }

    /// Returns a change that was reported already.
    pub fn try_next(&mut self) -> Option<ObservedChange> {
        self.changes.try_recv().ok()
    }
}

/// Converts a `FileSystemChangeRecord`.
fn changes_of(record: &JsValue) -> Vec<ObservedChange> {
    let get = |name: &str| Reflect::get(record, &JsValue::from(name)).unwrap_or_default();
    let path = |name: &str| {
        let parts = get(name).dyn_into::<Array>().ok()?;
        Some(parts.iter().filter_map(|part| part.as_string()).collect::<Vec<_>>().join("/"))
    };
    let handle = get("changedHandle").dyn_into::<FileSystemHandle>().ok();
    let is_folder = handle.is_some_and(|handle| handle.kind() == FileSystemHandleKind::Directory);
    let here = path("relativePathComponents").unwrap_or_default();
    let appeared = |path| if is_folder { ObservedChange::Folder(path) } else { ObservedChange::File(path) };
    match get("type").as_string().as_deref() {
        Some("appeared") => vec![appeared(here)],
        // Its entries are reported by themselves.
        Some("modified") if is_folder => Vec::new(),
        Some("modified") => vec![ObservedChange::File(here)],
        Some("disappeared") => vec![ObservedChange::Gone(here)],
        Some("moved") => {
            let before = path("relativePathMovedFrom").map(ObservedChange::Gone);
            before.into_iter().chain([appeared(here)]).collect()
        }
        Some("errored") => vec![ObservedChange::Ended],
        _ => vec![ObservedChange::Unknown],
    }
}
