//! A folder of this computer as a source, through the File System Access API.
mod errors;
mod lock_file;
mod swap;
mod watch;

use super::error::SourceError;
use super::output::{Output, OutputUrl, media_type};
use super::settle::read_settled;
use super::snapshot::Snapshot;
use super::{Source, SourceEvent, SourceListing, Swapped};
use crate::platform::blob_url::BlobUrl;
use crate::platform::clock::millis;
use crate::platform::directory::{Directory, DirectoryHandle};
use crate::platform::file_version::{FileVersion, ReadVersion};
use crate::platform::files::walk_folder;
use crate::platform::{folder_picker, remembered_folder};
use errors::explain;
use futures::stream::LocalBoxStream;
use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

/// A folder that was opened in the browser. Clones share it.
#[derive(Clone, Debug)]
pub struct FolderSource {
    shared: Rc<FolderState>,
}

struct FolderState {
    directory: Directory,
    /// Id that distinguishes folders of the same name.
    id: String,
    /// The versions of the files that the app knows.
    snapshot: RefCell<Snapshot>,
    /// Listed files that may be read later, and the version that they then have.
    reads: RefCell<Vec<(String, ReadVersion)>>,
}

impl fmt::Debug for FolderState {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("FolderState").field("name", &self.directory.name()).finish_non_exhaustive()
    }
}

/// The folder that was opened last. Opening it again may need a click.
#[derive(Clone, Debug)]
pub struct RememberedFolder {
    handle: DirectoryHandle,
    id: String,
}

impl RememberedFolder {
    /// Returns the folder's name.
    pub fn name(&self) -> String {
        self.handle.name()
    }

    /// Returns true if the page may read and write the folder without asking.
    pub async fn is_granted(&self) -> bool {
        folder_picker::is_granted(&self.handle).await
    }

    /// Opens the folder; asks for permission if need be, for which it must be called during a click.
    ///
    /// # Errors
    /// The permission was refused, or the folder is gone.
    pub async fn reconnect(&self) -> Result<Source, SourceError> {
        let name = self.name();
        // Asking first whether it is granted might take the click's time.
        if !folder_picker::request(&self.handle).await.map_err(|error| explain(error, &name))? {
            return Err(refused(&name));
        }
        let source = FolderSource::of(self.handle.clone(), self.id.clone());
        source.shared.directory.check().await.map_err(|error| explain(error, &name))?;
        Ok(Source::Folder(source))
    }
}

fn refused(name: &str) -> SourceError {
    let message = format!(
        "{name} was not opened: the browser asked for permission, and it was not given. Open it again and allow changes."
    );
    SourceError::new(message)
}

/// Returns the folder that was opened last; `None` if there is none.
pub async fn remembered() -> Option<RememberedFolder> {
    // Without storage nothing is remembered.
    let known = if can_open_folder() { remembered_folder::get().await.ok().flatten() } else { None };
    known.map(|(handle, id)| RememberedFolder { handle, id })
}

/// Returns true if the browser can open folders.
pub fn can_open_folder() -> bool {
    folder_picker::can_pick()
}

/// Asks the user for a folder, opens and remembers it; `None` if the user cancels. Must be called during a click.
///
/// # Errors
/// The permission was refused, or the browser cannot open the folder.
pub async fn open_folder() -> Result<Option<Source>, SourceError> {
    let picked = folder_picker::pick().await.map_err(|error| explain(error, "The folder"))?;
    let Some(handle) = picked else { return Ok(None) };
    if !folder_picker::is_granted(&handle).await {
        return Err(refused(&handle.name()));
    }
    // A browser that does not store it asks for the folder the next time.
    let id = remembered_folder::set(&handle).await;
    Ok(Some(Source::Folder(FolderSource::of(handle, id))))
}

/// Forgets the folder that was opened last.
pub async fn forget_folder() {
    // Without storage nothing is remembered.
    let _ = remembered_folder::remove().await;
}

impl FolderSource {
    /// Returns the source of a folder, which the page may read and write. The id tells it from other folders.
    pub fn of(handle: DirectoryHandle, id: String) -> Self {
        let (snapshot, reads) = Default::default();
        Self { shared: Rc::new(FolderState { directory: Directory::new(handle), id, snapshot, reads }) }
    }

    /// Returns the folder's name.
    pub fn name(&self) -> String {
        self.shared.directory.name()
    }

    pub(super) fn id(&self) -> &str {
        &self.shared.id
    }

    pub(super) async fn list(&self, stop: impl Fn() -> bool) -> Result<SourceListing, SourceError> {
        let shared = &self.shared;
        shared.directory.forget_folders();
        let walked = walk_folder(shared.directory.handle(), stop).await;
        let (files, closed) = walked.map_err(|error| explain(error, &self.name()))?;
        shared.take_reads();
        shared.snapshot.borrow_mut().list(files.iter().map(|file| file.path()));
        let versions = files.iter().filter_map(|file| Some((file.path(), file.read_version()?)));
        *shared.reads.borrow_mut() = versions.collect();
        Ok(SourceListing { files, closed })
    }

    pub(super) async fn read(&self, path: &str) -> Result<Option<Vec<u8>>, SourceError> {
        read_settled(path, async || self.shared.read(path).await).await
    }

    pub(super) async fn swap(&self, path: &str, expected: Option<&[u8]>, bytes: &[u8]) -> Result<Swapped, SourceError> {
        swap::swap(&self.shared, path, expected, bytes).await
    }

    pub(super) fn watch(&self) -> LocalBoxStream<'static, SourceEvent> {
        watch::watch(Rc::clone(&self.shared))
    }

    pub(super) async fn output(&self, path: &str) -> Result<Option<Output>, SourceError> {
        let file = match self.shared.directory.open(path).await {
            Ok(file) => file,
            Err(error) if error.is_missing() => return Ok(None),
            Err(error) => return Err(explain(error, path)),
        };
        self.shared.snapshot.borrow_mut().show(path, FileVersion::of(&file), millis());
        let blob = BlobUrl::new(&file, media_type(path));
        let blob = blob.map_err(|why| SourceError::new(format!("{path} cannot be shown. {why}")))?;
        Ok(Some(Output {
            path: path.to_owned(),
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            size: file.size() as u64,
            version: format!("{}-{}", file.last_modified(), file.size()),
            url: OutputUrl::Blob(blob),
        }))
    }
}

impl FolderState {
    /// Reads a file, whose version is then known.
    async fn read(&self, path: &str) -> Result<Option<Vec<u8>>, SourceError> {
        let read = self.directory.read(path).await.map_err(|error| explain(error, path))?;
        let version = read.as_ref().map(|(_, version)| *version);
        self.snapshot.borrow_mut().set(path, version, millis());
        Ok(read.map(|(bytes, _)| bytes))
    }

    /// Takes over the versions of listed files that were read meanwhile.
    fn take_reads(&self) {
        let mut snapshot = self.snapshot.borrow_mut();
        let now = millis();
        self.reads.borrow_mut().retain(|(path, version)| match version.take() {
            Some(version) => {
                snapshot.set(path, Some(version), now);
                false
            }
            // Files that nobody holds any more are never read.
            None => Rc::strong_count(version) > 1,
        });
    }
}
