//! The changes made here, merged over all sessions: the history of undo, and the next steps of undo and redo.

use crate::entry::Entry;
use crate::record::{Origin, Record, Version, VersionId};
use callboard_core::Timestamp;
use std::cmp::Reverse;
use std::sync::Arc;

/// The relation of a version to its session's current one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum VersionState {
    /// Undone; redo leads to it.
    Undone,
    /// The current version.
    Current,
    /// An ancestor of the current version.
    Done,
    /// Undone and then replaced by another change.
    Replaced,
}

impl Record {
    /// Returns the relation of a version to the current one.
    pub fn state_of(&self, version: VersionId) -> VersionState {
        if version == self.current {
            VersionState::Current
        } else if self.is_ancestor(version, self.current) {
            VersionState::Done
        } else if self.is_ancestor(version, self.tip) {
            VersionState::Undone
        } else {
            VersionState::Replaced
        }
    }

    /// Iterates over the changes made here that can be undone, oldest first.
    fn local_changes(&self) -> impl Iterator<Item = &Version> {
        // Changes that were made again on a newer file are listed once, by their newest version.
        let has_copies = self.versions.iter().filter(|version| version.parent.is_none()).count() > 1;
        let is_local = |version: &&Version| is_undoable(version);
        self.versions
            .iter()
            .enumerate()
            .filter(move |(at, version)| {
                let is_copied =
                    |later: &Version| is_undoable(later) && later.label == version.label && later.at == version.at;
                is_local(version) && !(has_copies && self.versions[at + 1..].iter().any(is_copied))
            })
            .map(|(_, version)| version)
    }
}

/// The place of a version in time: by the clock, and within its second by the number of its commit.
fn moment(version: &Version) -> (Timestamp, u64) {
    (version.at, version.order)
}

fn is_undoable(version: &Version) -> bool {
    version.origin == Origin::Local && version.parent.is_some()
}

/// A change of a session, made here.
#[derive(Clone, Debug)]
pub struct LoggedChange {
    /// The session.
    pub entry: Arc<Entry>,
    /// The version that the change led to.
    pub version: Version,
    /// The relation of that version to the session's current one.
    pub state: VersionState,
    /// True if redo of the session leads to it.
    pub is_redo: bool,
}

/// The changes made here, newest first.
#[derive(Clone, Debug, Default)]
pub struct ChangeLog {
    /// The newest changes.
    pub changes: Vec<LoggedChange>,
    /// The number of all changes.
    pub total: usize,
}

impl ChangeLog {
    /// Merges the changes of sessions, and keeps the newest `limit`. Changes of the same second keep the order in which
    /// they were committed; those of releases that did not number them, the order in which undo takes them back.
    ///
    /// ```
    /// use callboard_core::{Planning, Session, Timestamp};
    /// use callboard_workspace::{ChangeLog, Entry, VersionState, plan};
    /// use std::sync::Arc;
    /// let now = Timestamp::from_unix(1_800_000_000);
    /// let session = Session::parse(r#"{"session_id": "ep_1", "pipeline_state": {"current_stage": "writing"}}"#).unwrap();
    /// let entry = Entry::of_file("ep_1".into(), "ep_1.json".into(), &session, now);
    /// assert_eq!(ChangeLog::of([&Arc::new(entry.clone())], 10).total, 0);
    /// let planning = Planning { owner: Some("Mira".into()), ..Planning::default() };
    /// let planned = plan::set_planning(&entry, &planning, now).unwrap();
    /// let callboard_workspace::Change::Put(entry) = planned.change else { unreachable!() };
    /// let log = ChangeLog::of([&entry], 10);
    /// assert_eq!((log.total, log.changes[0].state), (1, VersionState::Current));
    /// ```
    pub fn of<'a>(sessions: impl IntoIterator<Item = &'a Arc<Entry>>, limit: usize) -> Self {
        let mut found: Vec<(&Arc<Entry>, usize, &Version)> = Vec::new();
        for entry in changed_here(sessions) {
            let before = found.len();
            let changes = entry.record().local_changes().enumerate();
            found.extend(changes.map(|(at, version)| (entry, before + at, version)));
        }
        found.sort_by_key(|(_, at, version)| Reverse((moment(version), *at)));
        let total = found.len();
        let change = |(entry, _, version): (&Arc<Entry>, usize, &Version)| LoggedChange {
            entry: entry.clone(),
            version: version.clone(),
            state: entry.record().state_of(version.id),
            is_redo: entry.record().redo_target() == Some(version.id),
        };
        Self { changes: found.into_iter().take(limit).map(change).collect(), total }
    }
}

/// Sessions with more than the version they were loaded with: of many, only these cost time.
fn changed_here<'a>(sessions: impl IntoIterator<Item = &'a Arc<Entry>>) -> impl Iterator<Item = &'a Arc<Entry>> {
    sessions.into_iter().filter(|entry| entry.record().versions.len() > 1)
}

/// Returns the session and the version that undo takes back next: the latest change made here that is the current
/// version of its session.
pub fn last_change<'a>(sessions: impl IntoIterator<Item = &'a Arc<Entry>>) -> Option<(&'a Arc<Entry>, &'a Version)> {
    let current = changed_here(sessions).filter_map(|entry| Some((entry, entry.last()?)));
    current.filter(|(_, version)| is_undoable(version)).max_by_key(|(_, version)| moment(version))
}

/// Returns the session and the version that redo leads to next: the earliest undone change that is not older than any
/// change in force. A change made after an undo ends what can be redone over all sessions, as in a text editor; each
/// session can still be redone by itself.
pub fn next_change<'a>(sessions: impl IntoIterator<Item = &'a Arc<Entry>>) -> Option<(&'a Arc<Entry>, &'a Version)> {
    let changed: Vec<&Arc<Entry>> = changed_here(sessions).collect();
    let last = last_change(changed.iter().copied()).map(|(_, version)| moment(version));
    let undone = changed.into_iter().filter_map(|entry| Some((entry, entry.next()?)));
    undone
        .filter(|(_, version)| is_undoable(version) && last.is_none_or(|last| moment(version) >= last))
        .min_by_key(|(_, version)| moment(version))
}
