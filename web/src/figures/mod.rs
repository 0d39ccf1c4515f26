//! The sessions in order of their creation, for the dashboard and the palette.

pub mod series;
pub mod spread;

use crate::store::preferences::learn;
use crate::store::session_rows::SessionRows;
use crate::store::workspace::Workspace;
use callboard_core::Timestamp;
use callboard_workspace::{Listed, Summary};
use leptos::prelude::*;
use std::time::Duration;

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
