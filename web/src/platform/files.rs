//! Files that were dropped on the window or chosen: found, then read as bytes.
use super::blob_url::read_blob;
use super::directory::READS;
use super::file_error::FileError;
use super::file_version::{FileVersion, ReadVersion};
use super::pace::YieldTimer;
use callboard_core::import::is_tool_folder;
use js_sys::{Array, Function, Promise, Reflect};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    ClipboardEvent, DataTransferItem, DataTransferItemList, DragEvent, Event, File, FileSystemDirectoryEntry,
    FileSystemDirectoryHandle, FileSystemEntry, FileSystemFileEntry, FileSystemFileHandle, FileSystemHandle,
    FileSystemHandleKind, HtmlInputElement,
};

/// The most files that are opened and read at a time: thousands at once stall a browser.
pub const AT_ONCE: usize = 32;

/// A file that was found, not yet opened.
#[derive(Clone, Debug)]
pub struct Found {
    /// Its own name.
    pub name: String,
    /// The folders it lies in, joined by `/`; empty for a loose file.
    pub folder: String,
    source: FileSource,
}

/// A way to a file.
#[derive(Clone, Debug)]
enum FileSource {
    /// A file as it was dropped or chosen.
    File(File),
    /// An entry of a folder. The browser takes a while to open each.
    Entry(FileSystemFileEntry),
    /// A handle in a folder, in a browser that has them: opened in a twentieth of the time.
    Handle(FileSystemFileHandle, ReadVersion),
    /// Bytes in memory, until they are taken.
    Memory(Rc<RefCell<Option<Vec<u8>>>>),
    /// A file that its source lists without opening it.
    Unopened,
    /// A file that its source could not read, for this reason.
    Unreadable(String),
}

/// The reason why a folder was not opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClosedFolder {
    /// It is a tool's, such as `.git`.
    OfTool,
    /// The import was stopped before it.
    Stopped,
    /// The browser could not open it, for this reason.
    Failed(String),
}

/// A file or a folder on the way through folders.
#[derive(Clone, Debug)]
enum Item {
    Entry(FileSystemEntry),
    Handle(FileSystemHandle),
}

impl Item {
    fn name(&self) -> String {
        match self {
            Self::Entry(entry) => entry.name(),
            Self::Handle(handle) => handle.name(),
        }
    }

    fn is_folder(&self) -> bool {
        match self {
            Self::Entry(entry) => entry.is_directory(),
            Self::Handle(handle) => handle.kind() == FileSystemHandleKind::Directory,
        }
    }

    /// Returns the way to a file.
    fn into_file(self) -> FileSource {
        match self {
            Self::Entry(entry) => FileSource::Entry(entry.unchecked_into()),
            Self::Handle(handle) => FileSource::Handle(handle.unchecked_into(), ReadVersion::default()),
        }
    }

    /// Returns the items in a folder.
    async fn children(self, timer: &YieldTimer) -> Result<Vec<Self>, JsValue> {
        match self {
            Self::Entry(entry) => entries_in(entry.unchecked_into(), timer).await,
            Self::Handle(handle) => handles_in(handle.unchecked_into(), timer).await,
        }
    }
}

/// The content of a drop, read during its event. Folders are walked later.
#[derive(Debug, Default)]
pub struct Dropped {
    entries: Vec<DroppedEntry>,
    files: Array,
    handles: Vec<FileSystemHandle>,
}

/// A file or a folder that was dropped.
#[derive(Debug)]
struct DroppedEntry {
    entry: FileSystemEntry,
    /// The handle of a folder, in a browser that has them.
    handle: Option<Promise>,
}

impl DroppedEntry {
    fn of(entry: FileSystemEntry, item: &DataTransferItem) -> Self {
        let handle = if entry.is_directory() { handle_of(item) } else { None };
        Self { entry, handle }
    }

    /// Returns the handle; the entry where there is none, or where the browser does not hand it out for this folder.
    async fn into_item(self) -> Item {
        let Some(promise) = self.handle else { return Item::Entry(self.entry) };
        let handle = JsFuture::from(promise).await.and_then(JsCast::dyn_into::<FileSystemHandle>);
        handle.map_or(Item::Entry(self.entry), Item::Handle)
    }
}

/// Asks for the handle of a dropped folder. Called by name, because web-sys counts it among its unstable parts.
fn handle_of(item: &DataTransferItem) -> Option<Promise> {
    let method = Reflect::get(item, &JsValue::from("getAsFileSystemHandle")).ok()?.dyn_into::<Function>().ok()?;
    method.call0(item).ok()?.dyn_into().ok()
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
        let Some(item) = items.get(at) else { continue };
        let entry = item.webkit_get_as_entry().ok().flatten();
        if let Some(folder) = entry.filter(FileSystemEntry::is_directory) {
            dropped.entries.push(DroppedEntry::of(folder, &item));
            dropped.files.set(at, JsValue::UNDEFINED);
        }
    }
    dropped
}

fn each_asked(items: &DataTransferItemList) -> Dropped {
    let mut dropped = Dropped::default();
    for item in (0..items.length()).filter_map(|at| items.get(at)).filter(|item| item.kind() == "file") {
        if let Ok(Some(entry)) = item.webkit_get_as_entry() {
            dropped.entries.push(DroppedEntry::of(entry, &item));
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
            Err(entry) => dropped.entries.push(DroppedEntry { entry: entry.unchecked_into(), handle: None }),
        }
    }
    dropped
}

/// Takes files and folders by their handles.
pub fn take_handles(handles: &Array) -> Dropped {
    let handles = handles.iter().filter(JsValue::is_object).map(JsCast::unchecked_into).collect();
    Dropped { handles, ..Dropped::default() }
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
    Found { name: file.name(), folder, source: FileSource::File(file) }
}

impl Dropped {
    /// True if the drop has no files and no folders.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.files.length() == 0 && self.handles.is_empty()
    }

    /// Walks the folders and gives every file in them, with the folders that were not opened.
    pub async fn walk(self, stop: impl Fn() -> bool) -> (Vec<Found>, Vec<(String, ClosedFolder)>) {
        let (mut files, mut closed) = (Vec::new(), Vec::new());
        let timer = YieldTimer::start();
        for file in self.files.iter().filter_map(|file| file.dyn_into::<File>().ok()) {
            let folder = folder_of(&file);
            // A chosen folder comes as all of its files.
            match tool_folder_of(&folder) {
                Some(tool) => {
                    if closed.last().is_none_or(|(path, _)| *path != tool) {
                        closed.push((tool.to_owned(), ClosedFolder::OfTool));
                    }
                }
                None => files.push(found(file, folder)),
            }
            timer.yield_if_due().await;
        }
        let mut dropped: Vec<Item> = self.handles.into_iter().map(Item::Handle).collect();
        for entry in self.entries {
            dropped.push(entry.into_item().await);
        }
        walk_items(dropped, stop, &timer, &mut files, &mut closed).await;
        (files, closed)
    }
}

/// Walks a folder and gives every file in it, with the folders that were not opened. Paths are relative to it.
///
/// # Errors
/// The folder itself cannot be opened.
pub async fn walk_folder(
    folder: &FileSystemDirectoryHandle,
    stop: impl Fn() -> bool,
) -> Result<(Vec<Found>, Vec<(String, ClosedFolder)>), FileError> {
    let (mut files, mut closed) = (Vec::new(), Vec::new());
    let timer = YieldTimer::start();
    let items = handles_in(folder.clone(), &timer).await?;
    walk_items(items, stop, &timer, &mut files, &mut closed).await;
    Ok((files, closed))
}

/// Collects the files in and below a folder with these items.
async fn walk_items(
    items: Vec<Item>,
    stop: impl Fn() -> bool,
    timer: &YieldTimer,
    files: &mut Vec<Found>,
    closed: &mut Vec<(String, ClosedFolder)>,
) {
    let mut waiting: Vec<(Vec<Item>, String)> = vec![(items, String::new())];
    while let Some((items, folder)) = waiting.pop() {
        let (folders, loose): (Vec<_>, Vec<_>) = items.into_iter().partition(Item::is_folder);
        for item in loose {
            files.push(Found { name: item.name(), folder: folder.clone(), source: item.into_file() });
            timer.yield_if_due().await;
        }
        for item in folders.into_iter().rev() {
            let path = join(&folder, &item.name());
            if is_tool_folder(&item.name()) {
                closed.push((path, ClosedFolder::OfTool));
                continue;
            }
            if stop() {
                closed.push((path, ClosedFolder::Stopped));
                continue;
            }
            match item.children(timer).await {
                Ok(inside) => waiting.push((inside, path)),
                Err(error) => closed.push((path, ClosedFolder::Failed(super::error_text(&error)))),
            }
        }
    }
}

/// The path of the tool's folder that a folder is in, or is.
fn tool_folder_of(folder: &str) -> Option<&str> {
    let mut end = 0;
    for part in folder.split('/') {
        end += part.len();
        if is_tool_folder(part) {
            return folder.get(..end);
        }
        end += 1;
    }
    None
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

async fn called(mut start: impl FnMut(&Function, &Function)) -> Result<JsValue, JsValue> {
    let promise = Promise::new(&mut |resolve, reject| start(&resolve, &reject));
    JsFuture::from(promise).await
}

async fn file_of(entry: &FileSystemFileEntry) -> Result<File, JsValue> {
    let file = called(|resolve, reject| {
        entry.file_with_callback_and_callback(resolve, reject);
    });
    file.await?.dyn_into()
}

async fn handles_in(folder: FileSystemDirectoryHandle, timer: &YieldTimer) -> Result<Vec<Item>, JsValue> {
    let values = folder.values();
    let mut inside = Vec::new();
    loop {
        let next = JsFuture::from(values.next()?).await?;
        if Reflect::get(&next, &JsValue::from("done"))?.is_truthy() {
            return Ok(inside);
        }
        inside.push(Item::Handle(Reflect::get(&next, &JsValue::from("value"))?.unchecked_into()));
        timer.yield_if_due().await;
    }
}

async fn entries_in(folder: FileSystemDirectoryEntry, timer: &YieldTimer) -> Result<Vec<Item>, JsValue> {
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
        inside.extend(batch.iter().map(|entry| Item::Entry(entry.unchecked_into())));
        timer.yield_if_due().await;
    }
}

impl Found {
    /// Returns a file whose bytes are in memory. They are handed out once.
    pub fn in_memory(path: &str, bytes: Vec<u8>) -> Self {
        Self::at(path, FileSource::Memory(Rc::new(RefCell::new(Some(bytes)))))
    }

    /// Returns a file that its source lists without opening it.
    pub fn unopened(path: &str) -> Self {
        Self::at(path, FileSource::Unopened)
    }

    /// Returns a file that its source could not read, with the reason.
    pub fn unreadable(path: &str, why: String) -> Self {
        Self::at(path, FileSource::Unreadable(why))
    }

    fn at(path: &str, source: FileSource) -> Self {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        Self { name: name.to_owned(), folder: folder.to_owned(), source }
    }

    /// Returns true if the source does not open the file: it has no bytes.
    pub fn is_unopened(&self) -> bool {
        matches!(self.source, FileSource::Unopened)
    }

    /// Returns the version as it is when the file is read; `None` for a file that has none.
    pub fn read_version(&self) -> Option<ReadVersion> {
        match &self.source {
            FileSource::Handle(_, version) => Some(Rc::clone(version)),
            _ => None,
        }
    }

    /// Returns the file's version as it is now; `None` for a file that is in no folder.
    ///
    /// # Errors
    /// The browser's error, also for a file that is missing by now.
    pub async fn version(&self) -> Result<Option<FileVersion>, FileError> {
        let FileSource::Handle(handle, _) = &self.source else { return Ok(None) };
        let file: File = JsFuture::from(handle.get_file()).await?.dyn_into()?;
        Ok(Some(FileVersion::of(&file)))
    }

    /// The folder and the name.
    pub fn path(&self) -> String {
        join(&self.folder, &self.name)
    }

    /// The file's bytes, exactly as they are on the disk.
    ///
    /// # Errors
    /// The reason, in the browser's or the source's words, if it could not open or read the file.
    pub async fn bytes(&self) -> Result<Vec<u8>, String> {
        match &self.source {
            FileSource::Memory(bytes) => {
                bytes.borrow_mut().take().ok_or_else(|| "The file was read already.".to_owned())
            }
            FileSource::Unopened => Err("The file was not opened.".to_owned()),
            FileSource::Unreadable(why) => Err(why.clone()),
            FileSource::File(file) => read_blob(file).await,
            FileSource::Entry(entry) => read_opened(file_of(entry).await).await,
            FileSource::Handle(handle, version) => {
                let mut left = READS;
                loop {
                    let file = JsFuture::from(handle.get_file()).await.and_then(JsCast::dyn_into::<File>);
                    let opened = file.as_ref().ok().map(FileVersion::of);
                    let bytes = read_opened(file).await;
                    // A file that changed since it was opened cannot be read: bytes are of the version that was opened.
                    version.set(opened.filter(|_| bytes.is_ok()));
                    left -= 1;
                    if bytes.is_ok() || opened.is_none() || left == 0 {
                        break bytes;
                    }
                }
            }
        }
    }
}

async fn read_opened(file: Result<File, JsValue>) -> Result<Vec<u8>, String> {
    match file {
        Ok(file) => read_blob(&file).await,
        Err(error) => Err(super::error_text(&error)),
    }
}
