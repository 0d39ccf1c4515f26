//! The sessions in order of their creation, for the dashboard and the palette.

pub mod series;
pub mod spread;

use crate::order;
use crate::store::preferences::learn;
use crate::store::workspace::Workspace;
use callboard_core::{Figures, HealthSummary, Policy, Timestamp};
use callboard_workspace::Entry;
use leptos::prelude::*;
use std::sync::Arc;
use std::time::Duration;

/// All sessions, the first created first; compared by identity.
#[derive(Clone, Debug, Default)]
pub struct SessionRows(pub Arc<Vec<Arc<Entry>>>);

impl PartialEq for SessionRows {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl std::ops::Deref for SessionRows {
    type Target = [Arc<Entry>];

    fn deref(&self) -> &[Arc<Entry>] {
        &self.0
    }
}

impl SessionRows {
    /// Sorts sessions by their creation, those of unknown time last, then by episode.
    pub fn sorted(entries: &[Arc<Entry>]) -> Self {
        let keys = entries.iter().map(|entry| {
            let summary = entry.summary();
            let created = summary.digest.created.map_or(i64::MAX, Timestamp::unix);
            (created, summary.number.and_then(|number| i64::try_from(number).ok()).unwrap_or(i64::MAX))
        });
        Self(Arc::new(order::ascending(keys).into_iter().map(|at| entries[at].clone()).collect()))
    }

    /// Returns the framework's figures at a time, with days in a zone `offset` minutes ahead of UTC.
    pub fn figures(&self, now: Timestamp, offset: i32) -> Figures {
        Figures::of(self.iter().map(|row| &row.summary().digest), now, offset)
    }

    /// Returns the sessions that need attention, including those with a conflict, most urgent first, then last changed
    /// first.
    pub fn needing_attention(&self, now: Timestamp, policy: &Policy) -> Vec<(HealthSummary, Arc<Entry>)> {
        let with_health = |row: &Arc<Entry>| (row.summary().digest.health_summary(now, policy), row.clone());
        let rows: Vec<_> =
            self.iter().map(with_health).filter(|(health, row)| health.urgency > 0 || row.summary().conflict).collect();
        let keys = rows.iter().map(|(health, row)| (i64::from(health.urgency), last_updated(row)));
        order::descending(keys).into_iter().map(|at| rows[at].clone()).collect()
    }
}

/// Returns the time of a session's last change as a sort key; unknown times are the oldest.
pub fn last_updated(entry: &Entry) -> i64 {
    entry.summary().updated.map_or(i64::MIN, Timestamp::unix)
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
            let entries: Vec<Arc<Entry>> =
                workspace.sessions.with_untracked(|sessions| sessions.iter().cloned().collect());
            learn(entries.iter().map(|entry| &entry.summary().digest));
            rows.set(SessionRows::sorted(&entries));
        };
        Effect::new(move |_| {
            workspace.sessions.track();
            // A task of its own, so that the changed session itself is rendered first.
            if !is_queued.get_value() {
                is_queued.set_value(true);
                set_timeout(update, Duration::ZERO);
            }
        });
        Self { rows }
    }
}
