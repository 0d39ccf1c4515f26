//! Sessions of one id, and steps on them.

use callboard_core::{Action, Agent, Completion, Event, Money, Policy, Session, Timestamp};
use callboard_workspace::plan::{self, SessionPlan};
use callboard_workspace::{
    Arrival, Change, Entry, ImportResult, Record, Source, StoredRecord, receive_backup, reconcile,
};
use std::sync::Arc;

pub(crate) const NOW: Timestamp = Timestamp::from_unix(1_800_000_000);

pub(crate) fn text(topic: &str) -> String {
    both(topic, "all")
}

pub(crate) fn both(topic: &str, audience: &str) -> String {
    format!(
        r#"{{"session_id": "ep_1", "episode": {{"topic": "{topic}", "audience": "{audience}"}}, "pipeline_state": {{"current_stage": "writing"}}}}"#
    )
}

pub(crate) fn parsed(text: &str) -> Session {
    Session::parse(text).unwrap()
}

/// A session as its file was loaded.
pub(crate) fn loaded_at(path: &str, text: &str) -> Entry {
    let record = Record::of_file("ep_1".into(), path.into(), text.into(), NOW);
    Entry::new(record, &parsed(text))
}

pub(crate) fn loaded(text: &str) -> Entry {
    loaded_at("a.json", text)
}

/// A session that was made here.
pub(crate) fn created(path: &str, text: &str) -> Entry {
    Entry::new(Record::created("ep_1".into(), path.into(), text.into(), NOW), &parsed(text))
}

/// The entry that a plan puts, as it is after a reload.
#[track_caller]
pub(crate) fn done(plan: SessionPlan) -> Entry {
    match plan.unwrap().change {
        Change::Put(entry) => reloaded(&entry),
        change => panic!("{change:?}"),
    }
}

/// The entry as it is after it was stored and read again.
#[track_caller]
pub(crate) fn reloaded(entry: &Entry) -> Entry {
    let json = serde_json::to_string(&StoredRecord::from(entry.record())).unwrap();
    let record = serde_json::from_str::<StoredRecord>(&json).unwrap().into_record().unwrap();
    assert_eq!(record, *entry.record());
    let restored = Entry::restore(record).unwrap();
    assert_eq!(restored.text(), entry.text());
    let shown = |entry: &Entry| {
        let summary = entry.summary();
        (summary.file.clone(), summary.changed, summary.conflict, summary.topic.clone())
    };
    assert_eq!(shown(&restored), shown(entry));
    restored
}

#[track_caller]
pub(crate) fn edit(entry: &Entry, text: &str) -> Entry {
    done(plan::edit(entry, entry.text(), text, NOW))
}

#[track_caller]
pub(crate) fn undo(entry: &Entry) -> Entry {
    done(plan::undo(entry))
}

#[track_caller]
pub(crate) fn redo(entry: &Entry) -> Entry {
    done(plan::redo(entry))
}

#[track_caller]
pub(crate) fn resolve(entry: &Entry, text: &str, resolution: plan::Resolution) -> Entry {
    done(plan::resolve(entry, text, &resolution, NOW))
}

pub(crate) fn complete() -> Event {
    let done = Completion { cost: Money::parse("1.2"), ..Completion::default() };
    Event::new(Agent::ScriptWriter, Action::Complete(done))
}

#[track_caller]
pub(crate) fn apply(entry: &Entry) -> Entry {
    done(plan::apply(entry, &complete(), NOW, &Policy::default()))
}

/// The session after a file was imported, and the result.
#[track_caller]
pub(crate) fn import(entry: &Entry, path: &str, text: &str) -> (Entry, ImportResult) {
    let session = parsed(text);
    let reconciled = reconcile(entry, &Arrival::File { path, session: &session }, NOW);
    if let Some(after) = &reconciled.entry {
        assert_ne!(after.record(), entry.record(), "a change that is none");
    }
    (reloaded(&reconciled.entry.unwrap_or_else(|| entry.clone())), reconciled.result)
}

/// Imports like [`import`], and asserts the result.
#[track_caller]
pub(crate) fn imported(entry: &Entry, path: &str, text: &str, expected: &str) -> Entry {
    let (entry, result) = import(entry, path, text);
    assert_eq!(result.label(), expected);
    entry
}

/// The session after a backup was restored, and the result's label.
#[track_caller]
pub(crate) fn restored(entry: &Entry, backup: &Entry, expected: &str) -> Entry {
    let received = receive_backup(Some(&Arc::new(entry.clone())), backup.record(), NOW);
    assert_eq!(received.result.label(), expected);
    match received.change {
        Change::Put(entry) => reloaded(&entry),
        _ => entry.clone(),
    }
}

pub(crate) fn conflicts(entry: &Entry) -> Vec<(Source, String)> {
    entry.conflicts().into_iter().map(|incoming| (incoming.source, incoming.text.to_string())).collect()
}

/// Asserts the session's path, its text, and whether that differs from the file's.
#[track_caller]
pub(crate) fn is(entry: &Entry, path: &str, text: &str, changed: bool) {
    assert_eq!((entry.path(), &**entry.text(), entry.changed()), (path, text, changed));
    assert_eq!(entry.summary().file, entry.file());
}
