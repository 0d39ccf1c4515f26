//! A folder of this computer: its files by their paths, through the File System Access API.
use super::file_error::FileError;
use super::file_version::FileVersion;
use callboard_workspace::split;
use js_sys::Uint8Array;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    File, FileSystemDirectoryHandle, FileSystemFileHandle, FileSystemGetDirectoryOptions, FileSystemGetFileOptions,
    FileSystemWritableFileStream,
};

/// Number of times that a file is opened again if it changes while it is read.
pub(super) const READS: usize = 5;

pub use web_sys::FileSystemDirectoryHandle as DirectoryHandle;

/// A folder, and the folders below it that were opened so far. Clones share them.
#[derive(Clone, Debug)]
pub struct Directory {
    root: FileSystemDirectoryHandle,
    folders: Rc<RefCell<HashMap<String, FileSystemDirectoryHandle>>>,
}

impl Directory {
    /// Returns the files of a folder.
    pub fn new(root: FileSystemDirectoryHandle) -> Self {
        Self { root, folders: Rc::default() }
    }

    /// Returns the folder's handle.
    pub fn handle(&self) -> &FileSystemDirectoryHandle {
        &self.root
    }

    /// Returns the folder's name.
    pub fn name(&self) -> String {
        self.root.name()
    }

    /// Forgets the folders that were opened so far.
    pub fn forget_folders(&self) {
        self.folders.borrow_mut().clear();
    }

    /// Checks that the folder itself can be opened.
    ///
    /// # Errors
    /// The browser's error.
    pub async fn check(&self) -> Result<(), FileError> {
        JsFuture::from(self.root.values().next()?).await?;
        Ok(())
    }

    /// Opens a file.
    ///
    /// # Errors
    /// The browser's error, also for a missing file.
    pub async fn open(&self, path: &str) -> Result<File, FileError> {
        Ok(JsFuture::from(self.file_handle(path, Missing::Fail).await?.get_file()).await?.dyn_into()?)
    }

    /// Returns a file's version; `None` if it is missing.
    ///
    /// # Errors
    /// The browser's error.
    pub async fn version(&self, path: &str) -> Result<Option<FileVersion>, FileError> {
        found(self.open(path).await.map(|file| FileVersion::of(&file)))
    }

    /// Reads a file with its version; `None` if it is missing.
    ///
    /// # Errors
    /// The browser's error.
    pub async fn read(&self, path: &str) -> Result<Option<(Vec<u8>, FileVersion)>, FileError> {
        for left in (0..READS).rev() {
            let Some(file) = found(self.open(path).await)? else { return Ok(None) };
            match JsFuture::from(file.array_buffer()).await {
                Ok(buffer) => return Ok(Some((Uint8Array::new(&buffer).to_vec(), FileVersion::of(&file)))),
                // It has changed since it was opened, or is gone.
                Err(error) => {
                    let error = FileError::from(error);
                    if left == 0 || !(error.name == "NotReadableError" || error.is_missing()) {
                        return Err(error);
                    }
                }
            }
        }
        Ok(None)
    }

    /// Creates an empty file and the folders of its path, unless it exists.
    ///
    /// # Errors
    /// The browser's error.
    pub async fn create(&self, path: &str) -> Result<(), FileError> {
        self.file_handle(path, Missing::Create).await.map(drop)
    }

    /// Begins to replace an existing file.
    ///
    /// # Errors
    /// The browser's error.
    pub async fn writer(&self, path: &str) -> Result<FileWriter, FileError> {
        let handle = self.file_handle(path, Missing::Fail).await?;
        Ok(FileWriter { inner: JsFuture::from(handle.create_writable()).await?.unchecked_into() })
    }

    /// Removes a file.
    ///
    /// # Errors
    /// The browser's error.
    pub async fn remove(&self, path: &str) -> Result<(), FileError> {
        let (folder, name) = split(path);
        let folder = self.folder(folder, Missing::Fail).await?;
        JsFuture::from(folder.remove_entry(name)).await?;
        Ok(())
    }

    async fn file_handle(&self, path: &str, missing: Missing) -> Result<FileSystemFileHandle, FileError> {
        let (folder, name) = split(path);
        let options = FileSystemGetFileOptions::new();
        options.set_create(missing == Missing::Create);
        let parent = self.folder(folder, missing).await?;
        match JsFuture::from(parent.get_file_handle_with_options(name, &options)).await {
            Ok(handle) => Ok(handle.unchecked_into()),
            Err(error) => {
                let error = FileError::from(error);
                if !error.is_missing() || self.folders.borrow_mut().remove(folder).is_none() {
                    return Err(error);
                }
                // The folder may be another one by now.
                let parent = self.folder(folder, missing).await?;
                Ok(JsFuture::from(parent.get_file_handle_with_options(name, &options)).await?.unchecked_into())
            }
        }
    }

    async fn folder(&self, path: &str, missing: Missing) -> Result<FileSystemDirectoryHandle, FileError> {
        if path.is_empty() {
            return Ok(self.root.clone());
        }
        if let Some(folder) = self.folders.borrow().get(path) {
            return Ok(folder.clone());
        }
        let options = FileSystemGetDirectoryOptions::new();
        options.set_create(missing == Missing::Create);
        let mut folder = self.root.clone();
        for name in path.split('/') {
            folder = JsFuture::from(folder.get_directory_handle_with_options(name, &options)).await?.unchecked_into();
        }
        self.folders.borrow_mut().insert(path.to_owned(), folder.clone());
        Ok(folder)
    }
}

/// The treatment of a missing file or folder.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Missing {
    Fail,
    Create,
}

fn found<T>(result: Result<T, FileError>) -> Result<Option<T>, FileError> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.is_missing() => Ok(None),
        Err(error) => Err(error),
    }
}

/// New content of a file. The file has its old content until [`FileWriter::commit`].
#[derive(Debug)]
pub struct FileWriter {
    inner: FileSystemWritableFileStream,
}

impl FileWriter {
    /// Adds bytes.
    ///
    /// # Errors
    /// The browser's error.
    pub async fn write(&self, bytes: &[u8]) -> Result<(), FileError> {
        // A copy, as the memory of these may move while they are written.
        let copy = Uint8Array::from(bytes);
        JsFuture::from(self.inner.write_with_js_u8_array(&copy)?).await?;
        Ok(())
    }

    /// Puts the content in the file's place in one step.
    ///
    /// # Errors
    /// The browser's error. The file has its old content.
    pub async fn commit(self) -> Result<(), FileError> {
        JsFuture::from(self.inner.close()).await?;
        Ok(())
    }

    /// Drops the content.
    pub async fn discard(self) {
        // A file of the browser may stay behind, which it removes itself.
        let _ = JsFuture::from(self.inner.abort()).await;
    }
}
