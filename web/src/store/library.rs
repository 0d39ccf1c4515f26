//! The imported files that are no session files of the framework's own shape, the sessions that they make, and the
//! shapes by which they are read.
use super::page_host::PageHost;
use super::status::{Status, UndoAction};
use crate::arc_eq::ArcEq;
use crate::format::count;
use crate::platform::channel::Channel;
use crate::platform::indexed_db::IndexedDb;
use crate::platform::object_store::ObjectStore;
use crate::platform::pace::YieldTimer;
use crate::platform::storage_error::StorageError;
use callboard_core::import::{FileGroup, FilePlace, Reading, Shape, Shapes};
use callboard_workspace::{
    Assembled, Durability, ForeignFile, ImportedFiles, Planned, ReadOnlySession, Store, StoredShape, unread,
};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;
use tokio::sync::Mutex;

/// Names of the channels on which tabs announce changed files and shapes.
const FILES_CHANNEL: &str = "callboard-files";
const SHAPES_CHANNEL: &str = "callboard-shapes";

type FileStore = Store<ForeignFile, ObjectStore<ForeignFile>, PageHost>;
type ShapeStore = Store<StoredShape, ObjectStore<StoredShape>, PageHost>;

/// The bytes of a file; none for one that was not opened.
type FileBytes = Option<Arc<[u8]>>;

/// The sessions and places of the imported files, compared by identity.
#[derive(Clone, Debug, Default)]
pub struct AssembledFiles(Arc<Assembled>);

impl PartialEq for AssembledFiles {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl std::ops::Deref for AssembledFiles {
    type Target = Assembled;

    fn deref(&self) -> &Assembled {
        &self.0
    }
}

/// The imported files and shapes, provided as context.
#[derive(Clone, Copy)]
pub struct Library {
    /// The sessions of the files, and the place of each file.
    pub assembled: RwSignal<AssembledFiles>,
    /// True once the stored files are read.
    pub ready: RwSignal<bool>,
    files: StoredValue<Rc<FileStore>, LocalStorage>,
    shapes: StoredValue<Rc<ShapeStore>, LocalStorage>,
    /// Counts changes of the stored files, and of the shapes.
    files_changed: RwSignal<u64>,
    shapes_changed: RwSignal<u64>,
    model: StoredValue<ImportedFiles, LocalStorage>,
    /// The bytes of the files that the model has read, by path.
    read: StoredValue<HashMap<String, FileBytes>, LocalStorage>,
    /// True if a reading has changed since the sessions were made.
    is_stale: StoredValue<bool>,
    /// Held while files are read, so that two updates do not mix.
    updating: StoredValue<Rc<Mutex<()>>, LocalStorage>,
    status: Status,
}

/// Returns the library of this page.
pub fn use_library() -> Library {
    expect_context()
}

/// A file of an import, read.
#[derive(Debug)]
pub struct NewFile {
    /// The file's bytes; none for a file that was not opened.
    pub bytes: Option<Vec<u8>>,
    /// Its reading.
    pub reading: Reading,
}

impl Library {
    /// Creates an empty library, which follows the other tabs for the life of the page.
    pub fn new(status: Status) -> Self {
        let (files_changed, shapes_changed) = (RwSignal::new(0), RwSignal::new(0));
        let host = |changed| PageHost::new(changed, RwSignal::new(None));
        let library = Self {
            assembled: RwSignal::default(),
            ready: RwSignal::new(false),
            files: StoredValue::new_local(Rc::new(Store::new(host(files_changed), StorageError::Unresponsive))),
            shapes: StoredValue::new_local(Rc::new(Store::new(host(shapes_changed), StorageError::Unresponsive))),
            files_changed,
            shapes_changed,
            model: StoredValue::new_local(ImportedFiles::default()),
            read: StoredValue::new_local(HashMap::new()),
            is_stale: StoredValue::new(false),
            updating: StoredValue::new_local(Rc::default()),
            status,
        };
        let (files, shapes) = (library.files(), library.shape_store());
        files.host().announce_on(Channel::open(FILES_CHANNEL, move |announcement| {
            spawn_local(async move {
                library.files().follow(&announcement).await;
                library.update().await;
            });
        }));
        shapes.host().announce_on(Channel::open(SHAPES_CHANNEL, move |announcement| {
            spawn_local(async move {
                library.shape_store().follow(&announcement).await;
                library.read_again().await;
            });
        }));
        library
    }

    fn files(self) -> Rc<FileStore> {
        self.files.get_value()
    }

    fn shape_store(self) -> Rc<ShapeStore> {
        self.shapes.get_value()
    }

    /// Loads the stored shapes and files, and makes the sessions of the files.
    pub async fn connect(self, database: &IndexedDb) {
        let (files, shapes) = (self.files(), self.shape_store());
        let guard = shapes.lock().await;
        if let Err(why) = shapes.connect(&guard, Rc::new(ObjectStore::of(database)), true, |_| {}).await {
            shapes.host().set_storage_error(Some(&why));
        }
        drop(guard);
        let guard = files.lock().await;
        if let Err(why) = files.connect(&guard, Rc::new(ObjectStore::of(database)), true, |_| {}).await {
            files.host().set_storage_error(Some(&why));
        }
        drop(guard);
        shapes.host().show_all();
        self.read_again().await;
        self.ready.set(true);
    }

    /// Keeps files and shapes in this tab only, for the given reason.
    pub fn disconnect(self, why: &StorageError) {
        self.files().disconnect(why.clone());
        self.shape_store().disconnect(why.clone());
        self.ready.set(true);
    }

    /// Returns the reason why files and shapes are not stored, if they are not.
    pub fn storage_error(self) -> Option<StorageError> {
        let (files, shapes) = (self.files(), self.shape_store());
        files.host().storage_error.get().or_else(|| shapes.host().storage_error.get())
    }

    /// Returns true if closing the page would lose a shape.
    pub fn has_unsaved_shapes(self) -> bool {
        !self.shape_store().unsaved().is_empty()
    }

    /// Removes every file and shape.
    ///
    /// # Errors
    /// The storage removed nothing, or what it may hold is out of reach.
    pub async fn clear(self) -> Result<(), StorageError> {
        self.shape_store().clear(StorageError::hides_stored).await?;
        self.files().clear(StorageError::hides_stored).await?;
        self.read_again().await;
        Ok(())
    }

    /// Returns the shapes by which files are read: the person's own before those that come with the app.
    pub fn shapes(self) -> Shapes {
        Shapes::built_in().with(self.own_shapes())
    }

    fn own_shapes(self) -> Vec<Shape> {
        // A definition is parsed before it is stored.
        self.shape_store().items().iter().filter_map(|shape| Shape::parse(shape.text.clone()).ok()).collect()
    }

    /// Returns the person's own shapes; reactive.
    pub fn stored_shapes(self) -> Vec<Arc<StoredShape>> {
        self.shapes_changed.track();
        self.shape_store().items().iter().cloned().collect()
    }

    /// Returns the number of imported files; reactive.
    pub fn file_count(self) -> usize {
        self.files_changed.track();
        self.files().items().len()
    }

    /// Returns a file's bytes; none for a file that is not known or was not opened.
    pub fn bytes(self, path: &str) -> Option<Arc<[u8]>> {
        self.files().get(path)?.bytes.clone()
    }

    /// Returns the paths of all files that were opened.
    pub fn opened_paths(self) -> Vec<String> {
        let files = self.files();
        let items = files.items();
        items.iter().filter(|file| file.bytes.is_some()).map(|file| file.path.clone()).collect()
    }

    /// Returns a session by its key as a memo.
    pub fn session(self, key: String) -> Memo<Option<ArcEq<ReadOnlySession>>> {
        Memo::new(move |_| self.assembled.with(|assembled| assembled.session(&key).cloned().map(ArcEq)))
    }

    /// Adds files of a running import; their sessions are made at its end. Returns the path under which each is kept.
    pub async fn add(self, new: Vec<NewFile>) -> Vec<String> {
        let (mut paths, mut files) = (Vec::new(), HashMap::new());
        for NewFile { bytes, mut reading } in new {
            let path = self.model.with_value(|model| model.path_for(&reading));
            if path != *reading.path {
                // Its values say where they are from: they are read again under its own path.
                reading = bytes.as_ref().map_or_else(|| unread(&path), |bytes| self.shapes().read(&path, bytes));
            }
            let bytes: Option<Arc<[u8]>> = bytes.map(Into::into);
            self.read.update_value(|read| drop(read.insert(path.clone(), bytes.clone())));
            self.put(reading);
            files.insert(path.clone(), bytes);
            paths.push(path);
        }
        let mut ids: Vec<String> = files.keys().cloned().collect();
        ids.sort_unstable();
        let store = self.files();
        let plan = |path: &str, here: Option<&Arc<ForeignFile>>| {
            let bytes = files.get(path).cloned().flatten();
            let stamp = here.map_or(0, |here| here.stamp);
            let is_known = here.is_some_and(|here| here.bytes == bytes);
            if is_known {
                return Ok(Planned::nothing(""));
            }
            Ok(Planned::put(ForeignFile { path: path.to_owned(), stamp, bytes }))
        };
        // What cannot be stored stays in this tab: the store says so.
        let _ = store.commit(&ids, Durability::Relaxed, plan).await;
        paths
    }

    /// Removes damaged files, and files with a copy of a session, whose paths now hold session files of the workspace.
    pub async fn supersede(self, mut paths: Vec<String>) {
        self.assembled.with_untracked(|assembled| {
            let is_old = |file: &FilePlace| {
                file.group == FileGroup::Damaged || (file.group == FileGroup::Session && file.shapes.is_empty())
            };
            paths.retain(|path| assembled.file(path).is_some_and(is_old));
        });
        if !paths.is_empty() {
            let _ = self.files().commit(&paths, Durability::Relaxed, |_, _| Ok(Planned::remove(""))).await;
        }
    }

    /// Makes the sessions of all files after an import. `shapes_changed` reads all of them again by the new shapes.
    pub async fn finish_import(self, shapes_changed: bool) {
        if shapes_changed { self.read_again().await } else { self.update().await }
    }

    /// Stores a shape, in place of the one with its name, and reads all files again.
    pub async fn keep_shape(self, shape: &Shape) {
        self.store_shape(shape).await;
        self.read_again().await;
    }

    /// Stores a shape of an import, whose files are read again at its end.
    pub async fn store_shape(self, shape: &Shape) {
        let (name, text) = (shape.name().to_owned(), shape.text().to_owned());
        let plan = |name: &str, here: Option<&Arc<StoredShape>>| {
            let stamp = here.map_or(0, |here| here.stamp);
            Ok(Planned::put(StoredShape { name: name.to_owned(), stamp, text: text.clone() }))
        };
        let _ = self.shape_store().commit(&[name], Durability::Strict, plan).await;
    }

    /// Removes a shape, and reads all files again without it.
    pub fn remove_shape(self, name: &str) {
        let store = self.shape_store();
        let Some(shape) = store.get(name) else { return };
        spawn_local(async move {
            let _ = store
                .commit(std::slice::from_ref(&shape.name), Durability::Strict, |_, _| Ok(Planned::remove("")))
                .await;
            self.read_again().await;
            let message = format!("Removed the shape {}.", shape.name);
            self.status.set(message, Some(UndoAction::RestoreShape(StoredShape::clone(&shape))));
        });
    }

    /// Stores a shape again that was removed.
    pub fn restore_shape(self, shape: &StoredShape) {
        let Ok(shape) = Shape::parse(shape.text.clone()) else { return };
        spawn_local(async move {
            self.keep_shape(&shape).await;
            self.status.set(format!("Restored the shape {}.", shape.name()), None);
        });
    }

    /// Takes over files of a live source: `changed` in place of those at their paths, and without those that are `gone`.
    pub async fn follow(self, changed: Vec<NewFile>, mut gone: Vec<String>) {
        gone.retain(|path| self.files().get(path).is_some());
        if !changed.is_empty() {
            self.add(changed).await;
        }
        if !gone.is_empty() {
            let _ = self.files().commit(&gone, Durability::Relaxed, |_, _| Ok(Planned::remove(""))).await;
        }
        self.update().await;
    }

    /// Removes files from the workspace; the files themselves stay where they are.
    pub fn remove(self, paths: Vec<String>) {
        let store = self.files();
        let files: Vec<ForeignFile> =
            paths.iter().filter_map(|path| store.get(path)).map(|file| ForeignFile::clone(&file)).collect();
        spawn_local(async move {
            let _ = store.commit(&paths, Durability::Strict, |_, _| Ok(Planned::remove(""))).await;
            self.update().await;
            let message = format!("Removed {} from the workspace.", count(files.len(), "file", "files"));
            self.status.set(message, Some(UndoAction::RestoreFiles(ArcEq(Arc::new(files)))));
        });
    }

    /// Adds files again that were removed.
    pub fn restore(self, files: ArcEq<Vec<ForeignFile>>) {
        spawn_local(async move {
            let shapes = self.shapes();
            let new = files
                .0
                .iter()
                .map(|file| NewFile { bytes: file.bytes.as_deref().map(<[u8]>::to_vec), reading: file.read(&shapes) });
            let new: Vec<NewFile> = new.collect();
            self.status.set(format!("Restored {}.", count(new.len(), "file", "files")), None);
            self.add(new).await;
            self.update().await;
        });
    }

    /// Adds a file's reading to the model.
    fn put(self, reading: Reading) {
        self.model.update_value(|model| model.put(reading));
        self.is_stale.set_value(true);
    }

    /// Reads every file again by the current shapes.
    async fn read_again(self) {
        let updating = self.updating.get_value();
        let guard = updating.lock().await;
        self.model.update_value(|model| {
            *model = ImportedFiles::default();
            model.set_shapes(self.own_shapes());
        });
        let had_files = self.read.try_update_value(|read| !std::mem::take(read).is_empty());
        if had_files == Some(true) {
            self.is_stale.set_value(true);
        }
        drop(guard);
        self.update().await;
    }

    /// Reads the files that changed, and makes the sessions of all.
    async fn update(self) {
        let updating = self.updating.get_value();
        let _guard = updating.lock().await;
        let timer = YieldTimer::start();
        let files: Vec<Arc<ForeignFile>> = self.files().items().iter().cloned().collect();
        let shapes = self.model.with_value(|model| model.shapes().clone());
        for file in &files {
            let is_same = |known: &Option<Arc<[u8]>>| match (known, &file.bytes) {
                (Some(known), Some(bytes)) => Arc::ptr_eq(known, bytes),
                (None, None) => true,
                _ => false,
            };
            if !self.read.with_value(|read| read.get(&file.path).is_some_and(is_same)) {
                let reading = file.read(&shapes);
                self.put(reading);
                self.read.update_value(|read| drop(read.insert(file.path.clone(), file.bytes.clone())));
                timer.yield_if_due().await;
            }
        }
        if self.read.with_value(|read| read.len() > files.len()) {
            let paths: HashSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
            let gone: Vec<String> = self
                .read
                .with_value(|read| read.keys().filter(|path| !paths.contains(path.as_str())).cloned().collect());
            self.is_stale.set_value(true);
            self.model.update_value(|model| gone.iter().for_each(|path| model.remove(path)));
            self.read.update_value(|read| gone.iter().for_each(|path| drop(read.remove(path))));
        }
        // Lists follow the sessions: nothing is made again where no file has changed, as at a start without any.
        if !self.is_stale.get_value() {
            return;
        }
        self.is_stale.set_value(false);
        let assembled = self.model.with_value(ImportedFiles::assemble);
        self.assembled.set(AssembledFiles(Arc::new(assembled)));
    }
}
