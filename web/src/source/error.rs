//! Errors of a source, in sentences for a producer.
use std::fmt;

/// The reason why a source refused an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceError {
    /// Sentences for a producer: what failed, why, and what to do.
    pub message: String,
}

impl SourceError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into() }
    }
}

impl fmt::Display for SourceError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message)
    }
}

impl std::error::Error for SourceError {}
