//! Live sources of sessions: a folder of this computer, or Callboard's own local server.
//!
//! Both list, read and watch files, and write one by comparing and swapping. Neither decides anything about sessions.

mod error;
mod folder;
pub mod output;
mod server;
mod settle;
mod sha256;
mod snapshot;
mod watching;

pub use error::SourceError;
pub use folder::{FolderSource, RememberedFolder, can_open_folder, forget_folder, open_folder, remembered};

pub use server::{Commit, GitError, GitState, Push, ServerSource, served};

use crate::platform::files::{ClosedFolder, Found};
use futures::stream::LocalBoxStream;
use output::Output;

/// A live source. Clones share it.
#[derive(Clone, Debug)]
pub enum Source {
    /// A folder that was opened in the browser.
    Folder(FolderSource),
    /// Callboard's local server, which served the page.
    Server(ServerSource),
}

/// The operations that a source supports besides listing, reading and watching.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Abilities {
    /// Files can be written in place.
    pub write: bool,
    /// Outputs of sessions can be opened.
    pub outputs: bool,
    /// Changes can be committed to git.
    pub commit: bool,
}

/// The files of a source. Paths are relative to its folder.
#[derive(Debug, Default)]
pub struct SourceListing {
    /// The files.
    pub files: Vec<Found>,
    /// The folders that were not opened, with the reason.
    pub closed: Vec<(String, ClosedFolder)>,
}

/// The result of writing by comparing and swapping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Swapped {
    /// The file holds the given bytes.
    Written,
    /// The file holds these bytes instead of the expected ones, and was left as it is; `None` if it is gone.
    Changed(Option<Vec<u8>>),
}

/// An event of a watched source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SourceEvent {
    /// Files with these paths appeared, changed or are gone.
    Changed(Vec<String>),
    /// Any file may have changed: the source must be listed again.
    Reset,
    /// The source cannot be reached, for this reason. It is tried again.
    Lost(SourceError),
    /// The source can be reached again. Changes since [`SourceEvent::Lost`] are reported after it.
    Restored,
}

impl Source {
    /// Returns the folder's name.
    pub fn name(&self) -> String {
        match self {
            Self::Folder(source) => source.name(),
            Self::Server(source) => source.name(),
        }
    }

    /// Returns a text that tells this source from others, on later visits too.
    pub fn identity(&self) -> String {
        match self {
            Self::Folder(source) => format!("folder {}", source.id()),
            Self::Server(source) => format!("server {}", source.folder()),
        }
    }

    /// Returns the supported operations.
    pub fn abilities(&self) -> Abilities {
        match self {
            Self::Folder(_) => Abilities { write: true, outputs: true, commit: false },
            Self::Server(source) => source.abilities(),
        }
    }

    /// Lists all files, until `stop` returns true: the rest is then missing.
    ///
    /// # Errors
    /// The folder or the server cannot be read.
    pub async fn list(&self, stop: impl Fn() -> bool) -> Result<SourceListing, SourceError> {
        match self {
            Self::Folder(source) => source.list(stop).await,
            Self::Server(source) => source.list(stop).await,
        }
    }

    /// Reads a file; `None` if there is none. A file that is being written is read again for up to a second.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn read(&self, path: &str) -> Result<Option<Vec<u8>>, SourceError> {
        match self {
            Self::Folder(source) => source.read(path).await,
            Self::Server(source) => source.read(path).await,
        }
    }

    /// Replaces a file's content if it is the expected one; `None` expects that there is no file. A file that has the
    /// new content already counts as written.
    ///
    /// # Errors
    /// The file cannot be written. It then has its old content.
    pub async fn swap(&self, path: &str, expected: Option<&[u8]>, bytes: &[u8]) -> Result<Swapped, SourceError> {
        match self {
            Self::Folder(source) => source.swap(path, expected, bytes).await,
            Self::Server(source) => source.swap(path, expected, bytes).await,
        }
    }

    /// Watches for changes since the files were listed and read, until the stream is dropped.
    pub fn watch(&self) -> LocalBoxStream<'static, SourceEvent> {
        match self {
            Self::Folder(source) => source.watch(),
            Self::Server(source) => source.watch(),
        }
    }

    /// Opens an output; `None` if there is no such file.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn output(&self, path: &str) -> Result<Option<Output>, SourceError> {
        match self {
            Self::Folder(source) => source.output(path).await,
            Self::Server(source) => source.output(path).await,
        }
    }
}
