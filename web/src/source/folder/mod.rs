//! A folder of this computer as a source, through the File System Access API.
use super::output::Output;
use super::{Listing, Source, SourceError, SourceEvent, Swapped};
use futures::stream::LocalBoxStream;
use std::rc::Rc;

/// A folder that was opened in the browser. Clones share it.
#[derive(Clone, Debug)]
pub struct FolderSource {
    shared: Rc<()>,
}

/// The folder that was opened last. Opening it again may need a click.
#[derive(Clone, Debug)]
pub struct RememberedFolder {
    name: String,
}

impl RememberedFolder {
    /// Returns the folder's name.
    pub fn name(&self) -> String {
        self.name.clone()
    }

    /// Returns true if the page may read and write the folder without asking.
    pub async fn is_granted(&self) -> bool {
        todo!()
    }

    /// Opens the folder; asks for permission if need be, for which it must be called during a click.
    ///
    /// # Errors
    /// The permission was refused, or the folder is gone.
    pub async fn reconnect(&self) -> Result<Source, SourceError> {
        todo!()
    }
}

/// Returns the folder that was opened last; `None` if there is none.
pub async fn remembered() -> Option<RememberedFolder> {
    todo!()
}

/// Returns true if the browser can open folders.
pub fn can_open_folder() -> bool {
    todo!()
}

/// Asks the user for a folder, opens and remembers it; `None` if the user cancels. Must be called during a click.
///
/// # Errors
/// The permission was refused, or the browser cannot open the folder.
pub async fn open_folder() -> Result<Option<Source>, SourceError> {
    todo!()
}

/// Forgets the folder that was opened last.
pub async fn forget_folder() {
    todo!()
}

#[allow(unused_variables, clippy::unused_async)]
impl FolderSource {
    /// Returns the folder's name.
    pub fn name(&self) -> String {
        todo!()
    }

    pub(super) async fn list(&self, stop: impl Fn() -> bool) -> Result<Listing, SourceError> {
        todo!()
    }

    pub(super) async fn read(&self, path: &str) -> Result<Option<Vec<u8>>, SourceError> {
        todo!()
    }

    pub(super) async fn swap(&self, path: &str, expected: Option<&[u8]>, bytes: &[u8]) -> Result<Swapped, SourceError> {
        todo!()
    }

    pub(super) fn watch(&self) -> LocalBoxStream<'static, SourceEvent> {
        todo!()
    }

    pub(super) async fn output(&self, path: &str) -> Result<Option<Output>, SourceError> {
        todo!()
    }
}
