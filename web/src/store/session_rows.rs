//! The sessions in order of their creation.
use crate::order;
use callboard_core::{Figures, Timestamp};
use callboard_workspace::Listed;
use std::sync::Arc;

/// All sessions, the first created first; compared by identity.
#[derive(Clone, Debug, Default)]
pub struct SessionRows(pub Arc<Vec<Listed>>);

impl PartialEq for SessionRows {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl std::ops::Deref for SessionRows {
    type Target = [Listed];

    fn deref(&self) -> &[Listed] {
        &self.0
    }
}

impl SessionRows {
    /// Sorts sessions by their creation, those of unknown time last, then by episode.
    pub fn sorted(sessions: &[Listed]) -> Self {
        let keys = sessions.iter().map(|session| {
            let summary = session.summary();
            let created = summary.created.map_or(i64::MAX, Timestamp::unix);
            (created, summary.number.and_then(|number| i64::try_from(number).ok()).unwrap_or(i64::MAX))
        });
        Self(Arc::new(order::ascending(keys).into_iter().map(|at| sessions[at].clone()).collect()))
    }

    /// Returns the framework's figures at a time, with days in a zone `offset` minutes ahead of UTC.
    pub fn figures(&self, now: Timestamp, offset: i32) -> Figures {
        Figures::of_all(self.iter().filter_map(Listed::digest), self.iter().filter_map(Listed::foreign), now, offset)
    }
}
