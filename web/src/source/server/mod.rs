//! Callboard's local server as a source.
mod git;

pub use git::{Commit, GitError, GitState, Push};

use super::output::Output;
use super::{Abilities, Listing, Source, SourceError, SourceEvent, Swapped};
use futures::stream::LocalBoxStream;
use std::rc::Rc;

/// Callboard's local server, which served the page. Clones share it.
#[derive(Clone, Debug)]
pub struct ServerSource {
    shared: Rc<()>,
}

/// Connects to the server that served the page; `None` if another one did.
pub async fn served() -> Option<Result<Source, SourceError>> {
    todo!()
}

#[allow(unused_variables, clippy::unused_async)]
impl ServerSource {
    /// Returns the folder's name.
    pub fn name(&self) -> String {
        todo!()
    }

    /// Returns the folder's absolute path, for display.
    pub fn folder(&self) -> &str {
        todo!()
    }

    /// Returns the supported operations.
    pub fn abilities(&self) -> Abilities {
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

    /// Returns the state of the work tree.
    ///
    /// # Errors
    /// The server does not answer, or the folder is in no work tree.
    pub async fn git(&self) -> Result<GitState, SourceError> {
        todo!()
    }

    /// Returns a file as it was last committed; `None` if it never was.
    ///
    /// # Errors
    /// The server does not answer, or the folder is in no work tree.
    pub async fn head(&self, path: &str) -> Result<Option<Vec<u8>>, SourceError> {
        todo!()
    }

    /// Commits the content of these files alone.
    ///
    /// # Errors
    /// Git or a hook refused.
    pub async fn commit(&self, paths: &[String], message: &str) -> Result<Commit, GitError> {
        todo!()
    }

    /// Pushes the current branch.
    ///
    /// # Errors
    /// Git refused.
    pub async fn push(&self) -> Result<Push, GitError> {
        todo!()
    }
}
