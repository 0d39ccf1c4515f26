//! The sessions that lists and figures show: those of the workspace, and those that are only read.

use crate::{Entry, ReadOnlySession, Summary};
use callboard_core::import::{ForeignSession, ForeignStatus};
use callboard_core::{Digest, Money, Stage};
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

    /// Returns the framework's stage that is worked on.
    pub fn stage(&self) -> Option<Stage> {
        match self.foreign() {
            Some(session) => {
                let is_current =
                    |status: ForeignStatus| matches!(status, ForeignStatus::InProgress | ForeignStatus::Failed);
                let current = session
                    .stages
                    .iter()
                    .find(|stage| stage.status.as_ref().is_some_and(|status| is_current(status.value)));
                current?.maps_to
            }
            None => self.digest()?.stage(),
        }
    }

    /// Returns the cost of each of the framework's stages; a stage of another pipeline counts where its shape maps it.
    pub fn stage_costs(&self) -> [Option<Money>; 4] {
        let Some(session) = self.foreign() else {
            return self.digest().map(|digest| digest.costs().stages).unwrap_or_default();
        };
        Stage::ALL.map(|stage| {
            let costs =
                session.stages.iter().filter(|part| part.maps_to == Some(stage)).filter_map(|part| part.cost.as_ref());
            costs.map(|cost| cost.value).reduce(Money::saturating_add)
        })
    }

    /// Returns the overall quality, 0 to 1.
    pub fn overall_quality(&self) -> Option<f64> {
        match self.foreign() {
            Some(session) => session.quality()?.normalised,
            None => self.digest()?.quality.overall_quality,
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
