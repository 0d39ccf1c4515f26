//! The sessions that lists and figures show: those of the workspace, and those that are only read.

use crate::{Entry, ReadOnlySession, Summary};
use callboard_core::Digest;
use callboard_core::import::ForeignSession;
use std::sync::Arc;

/// A session of a list.
#[derive(Clone, Debug)]
pub enum Listed {
    /// A session of the workspace.
    Own(Arc<Entry>),
    /// A session that is only read.
    ReadOnly(Arc<ReadOnlySession>),
}

/// Compared by identity.
impl PartialEq for Listed {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Own(one), Self::Own(other)) => Arc::ptr_eq(one, other),
            (Self::ReadOnly(one), Self::ReadOnly(other)) => Arc::ptr_eq(one, other),
            _ => false,
        }
    }
}

impl Listed {
    /// Returns the figures that lists show.
    pub fn summary(&self) -> &Summary {
        match self {
            Self::Own(entry) => entry.summary(),
            Self::ReadOnly(session) => session.summary(),
        }
    }

    /// Returns the figures of a session of the framework's shape.
    pub fn digest(&self) -> Option<&Digest> {
        match self {
            Self::Own(entry) => Some(entry.digest()),
            Self::ReadOnly(session) => session.digest(),
        }
    }

    /// Returns the session of the workspace.
    pub fn entry(&self) -> Option<&Arc<Entry>> {
        match self {
            Self::Own(entry) => Some(entry),
            Self::ReadOnly(_) => None,
        }
    }

    /// Returns the session of another pipeline.
    pub fn foreign(&self) -> Option<&ForeignSession> {
        match self {
            Self::Own(_) => None,
            Self::ReadOnly(session) => session.foreign_session(),
        }
    }

    /// Returns the key: the id of a session of the workspace, or the key of one that is only read.
    pub fn key(&self) -> &str {
        match self {
            Self::Own(entry) => entry.id(),
            Self::ReadOnly(session) => &session.key,
        }
    }
}
