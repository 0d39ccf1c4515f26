//! Errors of a source, in sentences for a producer.
use std::fmt;

/// The reason why a source refused an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceError {
    /// The kind of obstacle, to choose what is offered.
    pub kind: SourceErrorKind,
    /// Sentences for a producer: what failed, why, and what to do.
    pub message: String,
}

/// The kind of obstacle in a [`SourceError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceErrorKind {
    /// The page has no permission, or no longer has it.
    Permission,
    /// The folder, the file or the server is gone.
    Gone,
    /// The source or the file must not be written to.
    ReadOnly,
    /// The path leads out of the folder.
    Outside,
    /// An agent or another page holds the file.
    Locked,
    /// The disk or the quota is full.
    Full,
    /// Any other obstacle.
    Other,
}

impl SourceError {
    /// Returns an error of a kind.
    pub(crate) fn new(kind: SourceErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }
}

impl fmt::Display for SourceError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message)
    }
}

impl std::error::Error for SourceError {}
