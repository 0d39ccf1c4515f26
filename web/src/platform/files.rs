//! Files that were dropped on the window or chosen: found, then read as bytes.
use super::pace::YieldTimer;
use futures::future::join_all;
use js_sys::{Array, Function, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    ClipboardEvent, DataTransferItemList, DragEvent, Event, File, FileSystemDirectoryEntry, FileSystemEntry,
    FileSystemFileEntry, HtmlInputElement,
};

/// How many files are read at a time: thousands at once stall a browser.
pub const AT_ONCE: usize = 32;

/// A file that was found, not yet read.
#[derive(Clone, Debug)]
pub struct Found {
    /// Its own name.
    pub name: String,
    /// The folders it lies in, joined by `/`; empty for a loose file.
    pub folder: String,
    handle: File,
}

/// What a drop held, taken while its event was live; folders are walked later.
#[derive(Debug, Default)]
pub struct Dropped {
    entries: Vec<FileSystemEntry>,
    files: Array,
}

/// The kinds of data that a drag over the window can carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carried {
    /// Files or folders.
    Files,
    /// Text: a session's, a path or a link. Which of them is known once it is dropped.
    Text,
}

/// The kind of data of a drag; none where the browser does not reveal it.
pub fn carried(event: &DragEvent) -> Option<Carried> {
    let types = event.data_transfer()?.types();
    if types.includes(&JsValue::from("Files"), 0) {
        return Some(Carried::Files);
    }
    (types.length() > 0).then_some(Carried::Text)
}

/// The address list and the text of a drop; each is empty where there is none.
pub fn dropped_text(event: &DragEvent) -> (String, String) {
    let data = event.data_transfer();
    let get = |kind| data.as_ref().and_then(|data| data.get_data(kind).ok()).unwrap_or_default();
    (get("text/uri-list"), get("text/plain"))
}

/// Says that a drop here is a copy.
pub fn offer_copy(event: &DragEvent) {
    if let Some(data) = event.data_transfer() {
        data.set_drop_effect("copy");
    }
}

/// Takes the files and folders out of a drop.
///
/// Asking whether one of them is a folder takes a browser a fifth of a millisecond, and can only be done
/// while the event is live: for ten thousand loose files that would be seconds. So it is asked only of those
/// whose name the browser knows no type for. A folder called `a.json` is then told of as a file that could
/// not be read.
pub fn take_dropped(event: &DragEvent) -> Dropped {
    let mut dropped = Dropped::default();
    let Some(data) = event.data_transfer() else {
        return dropped;
    };
    let (items, files) = (data.items(), data.files());
    let Some(files) = files.filter(|files| files.length() == items.length()) else {
        // Something else is dragged along: which item is which file is not known.
        return each_asked(&items);
    };
    dropped.files = Array::from(&files);
    for at in (0..items.length()).filter(|at| files.get(*at).is_some_and(|file| file.type_().is_empty())) {
        let entry = items.get(at).and_then(|item| item.webkit_get_as_entry().ok()).flatten();
        if let Some(folder) = entry.filter(FileSystemEntry::is_directory) {
            dropped.entries.push(folder);
            dropped.files.set(at, JsValue::UNDEFINED);
        }
    }
    dropped
}

fn each_asked(items: &DataTransferItemList) -> Dropped {
    let mut dropped = Dropped::default();
    for item in (0..items.length()).filter_map(|at| items.get(at)).filter(|item| item.kind() == "file") {
        if let Ok(Some(entry)) = item.webkit_get_as_entry() {
            dropped.entries.push(entry);
        } else if let Ok(Some(file)) = item.get_as_file() {
            dropped.files.push(&file);
        }
    }
    dropped
}

/// Takes files and folders that somebody else took out of a drop.
pub fn take_held(held: &Array) -> Dropped {
    let mut dropped = Dropped::default();
    for one in held.iter() {
        match one.dyn_into::<File>() {
            Ok(file) => {
                dropped.files.push(&file);
            }
            Err(entry) => dropped.entries.push(entry.unchecked_into()),
        }
    }
    dropped
}

/// Takes the files out of a file input, and empties it so that the same file can be chosen again.
pub fn take_chosen(event: &Event) -> Dropped {
    let mut dropped = Dropped::default();
    let target = event.target();
    let Some(input) = target.and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) else {
        return dropped;
    };
    if let Some(list) = input.files() {
        // A list of its own: emptying the input empties the browser's.
        dropped.files = Array::from(&list);
    }
    input.set_value("");
    dropped
}

/// Takes files out of what is pasted.
pub fn take_pasted(event: &ClipboardEvent) -> Dropped {
    let mut dropped = Dropped::default();
    if let Some(list) = event.clipboard_data().and_then(|data| data.files()) {
        dropped.files = Array::from(&list);
    }
    dropped
}

/// The text that is pasted.
pub fn pasted_text(event: &ClipboardEvent) -> Option<String> {
    let text = event.clipboard_data()?.get_data("text/plain").ok()?;
    Some(text).filter(|text| !text.trim().is_empty())
}

/// The folder that a file was chosen with; empty where it was chosen alone.
fn folder_of(file: &File) -> String {
    let path = Reflect::get(file, &JsValue::from("webkitRelativePath")).ok().and_then(|path| path.as_string());
    let path = path.unwrap_or_default();
    path.rsplit_once('/').map(|(folder, _)| folder.to_owned()).unwrap_or_default()
}

fn found(file: File, folder: String) -> Found {
    Found { name: file.name(), folder, handle: file }
}

impl Dropped {
    /// Whether there is no file and no folder in it.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.files.length() == 0
    }

    /// Walks the folders and gives every file in them, with what was not opened: its path, and why it could
    /// not be; without a why, it is what was left when `stop` said so.
    pub async fn walk(self, stop: impl Fn() -> bool) -> (Vec<Found>, Vec<(String, Option<String>)>) {
        let mut files = Vec::new();
        let timer = YieldTimer::start();
        for file in self.files.iter().filter_map(|file| file.dyn_into::<File>().ok()) {
            let folder = folder_of(&file);
            files.push(found(file, folder));
            timer.yield_if_due().await;
        }
        let mut closed = Vec::new();
        let mut waiting: Vec<(Vec<FileSystemEntry>, String)> = vec![(self.entries, String::new())];
        while let Some((entries, folder)) = waiting.pop() {
            let (folders, loose): (Vec<_>, Vec<_>) = entries.into_iter().partition(FileSystemEntry::is_directory);
            for batch in loose.chunks(AT_ONCE) {
                let handles = batch.iter().map(|entry| file_of(entry.clone().unchecked_into()));
                for (entry, handle) in batch.iter().zip(join_all(handles).await) {
                    match handle {
                        Ok(file) => files.push(found(file, folder.clone())),
                        Err(error) => closed.push((join(&folder, &entry.name()), Some(super::error_text(&error)))),
                    }
                }
                timer.yield_if_due().await;
            }
            for entry in folders.into_iter().rev() {
                let path = join(&folder, &entry.name());
                if stop() {
                    closed.push((path, None));
                    continue;
                }
                match children(entry.unchecked_into(), &timer).await {
                    Ok(inside) => waiting.push((inside, path)),
                    Err(error) => closed.push((path, Some(super::error_text(&error)))),
                }
            }
        }
        (files, closed)
    }
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

async fn called(mut start: impl FnMut(&Function, &Function)) -> Result<JsValue, JsValue> {
    let promise = Promise::new(&mut |resolve, reject| start(&resolve, &reject));
    JsFuture::from(promise).await
}

async fn file_of(entry: FileSystemFileEntry) -> Result<File, JsValue> {
    let file = called(|resolve, reject| {
        entry.file_with_callback_and_callback(resolve, reject);
    });
    file.await?.dyn_into()
}

async fn children(folder: FileSystemDirectoryEntry, timer: &YieldTimer) -> Result<Vec<FileSystemEntry>, JsValue> {
    let reader = folder.create_reader();
    let mut inside = Vec::new();
    // A reader gives at most a hundred entries a call, and none when it is through.
    loop {
        let mut refused = None;
        let batch = called(|resolve, reject| {
            refused = reader.read_entries_with_callback_and_callback(resolve, reject).err();
        })
        .await?;
        if let Some(error) = refused {
            return Err(error);
        }
        let batch: Array = batch.dyn_into()?;
        if batch.length() == 0 {
            return Ok(inside);
        }
        inside.extend(batch.iter().map(JsCast::unchecked_into::<FileSystemEntry>));
        timer.yield_if_due().await;
    }
}

impl Found {
    /// The folder and the name.
    pub fn path(&self) -> String {
        join(&self.folder, &self.name)
    }

    /// The file's bytes, exactly as they are on the disk.
    ///
    /// # Errors
    /// What the browser said, when it could not read them.
    pub async fn bytes(&self) -> Result<Vec<u8>, String> {
        JsFuture::from(self.handle.array_buffer())
            .await
            .map(|buffer| Uint8Array::new(&buffer).to_vec())
            .map_err(|error| super::error_text(&error))
    }
}

/// Reads files side by side: no more than [`AT_ONCE`].
pub async fn read_all(files: &[Found]) -> Vec<Result<Vec<u8>, String>> {
    join_all(files.iter().map(Found::bytes)).await
}
