//! The sessions in order of their creation, for the dashboard and the palette.

pub mod series;
pub mod spread;

use crate::order;
use crate::store::preferences::learn;
use crate::store::workspace::Workspace;
use callboard_core::{Figures, Timestamp};
use callboard_workspace::{Listed, Summary};
use leptos::prelude::*;
use std::sync::Arc;
use std::time::Duration;

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

/// Returns the time of a session's last change as a sort key; unknown times are the oldest.
pub fn last_updated(summary: &Summary) -> i64 {
    summary.updated.map_or(i64::MIN, Timestamp::unix)
}

/// The sessions of the workspace in order of their creation, provided as context.
#[derive(Clone, Copy)]
pub struct Overview {
    /// All sessions.
    pub rows: RwSignal<SessionRows>,
}

/// Returns the overview of this page's workspace.
pub fn use_overview() -> Overview {
    expect_context()
}

impl Overview {
    /// Creates an overview that follows the workspace.
    pub fn follow(workspace: Workspace) -> Self {
        let rows = RwSignal::new(SessionRows::default());
        let is_queued = StoredValue::new(false);
        let update = move || {
            is_queued.set_value(false);
            let sessions = workspace.listed.get_untracked();
            learn(sessions.iter().filter_map(Listed::entry).map(|entry| entry.digest()));
            rows.set(SessionRows::sorted(&sessions));
        };
        Effect::new(move |_| {
            workspace.listed.track();
            // A task of its own, so that the changed session itself is rendered first.
            if !is_queued.get_value() {
                is_queued.set_value(true);
                set_timeout(update, Duration::ZERO);
            }
        });
        Self { rows }
    }
}
