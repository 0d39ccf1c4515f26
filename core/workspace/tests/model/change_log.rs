//! The changes made here, merged over all sessions.

use crate::support::*;
use callboard_core::{Planning, Session, Timestamp};
use callboard_workspace::{
    Announcement, ChangeLog, Durability, Entry, Host, Page, Planned, SessionStorage, Store, VersionId, VersionState,
    Write, Written, last_change, next_change, plan,
};
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

fn at(second: i64) -> Timestamp {
    NOW.plus(second)
}

fn session(id: &str) -> Entry {
    let text = format!(r#"{{"session_id": "{id}", "pipeline_state": {{"current_stage": "writing"}}}}"#);
    Entry::of_file(id.into(), format!("{id}.json"), &Session::parse(text).unwrap(), NOW)
}

fn owned(entry: &Entry, owner: &str, second: i64) -> Entry {
    let planning = Planning { owner: Some(owner.into()), ..Planning::default() };
    done(plan::set_planning(entry, &planning, at(second)))
}

fn shared(entries: &[&Entry]) -> Vec<Arc<Entry>> {
    entries.iter().map(|entry| Arc::new((*entry).clone())).collect()
}

fn shown(log: &ChangeLog) -> Vec<(&str, &str, VersionState)> {
    assert!(log.changes.len() <= log.total);
    log.changes.iter().map(|change| (change.entry.id(), change.version.label.as_str(), change.state)).collect()
}

fn named(found: Option<(&Arc<Entry>, &callboard_workspace::Version)>) -> Option<(String, VersionId)> {
    found.map(|(entry, version)| (entry.id().to_owned(), version.id))
}

#[test]
fn changes_of_all_sessions_are_merged_newest_first() {
    use VersionState::{Current, Done, Undone};
    let a = owned(&owned(&session("a"), "Mira", 10), "Jo", 30);
    let b = undo(&owned(&owned(&session("b"), "Mira", 20), "Jo", 40));
    let untouched = session("c");
    let sessions = shared(&[&a, &b, &untouched]);
    let log = ChangeLog::of(&sessions, 10);
    let expected = [
        ("b", "Owner: Jo.", Undone),
        ("a", "Owner: Jo.", Current),
        ("b", "Owner: Mira.", Current),
        ("a", "Owner: Mira.", Done),
    ];
    assert_eq!(shown(&log), expected);
    assert_eq!(log.changes.iter().map(|change| change.is_redo).collect::<Vec<_>>(), [true, false, false, false]);
    let first = ChangeLog::of(&sessions, 1);
    assert_eq!((first.total, shown(&first).len()), (4, 1));
}

#[test]
fn a_replaced_change_is_listed_as_such() {
    let entry = owned(&undo(&owned(&session("a"), "Mira", 10)), "Jo", 20);
    let log = ChangeLog::of(&shared(&[&entry]), 10);
    let states: Vec<VersionState> = log.changes.iter().map(|change| change.state).collect();
    assert_eq!(states, [VersionState::Current, VersionState::Replaced]);
}

#[test]
fn undo_and_redo_walk_through_the_changes_in_order_of_time() {
    let mut a = owned(&owned(&session("a"), "Mira", 10), "Jo", 30);
    let mut b = owned(&session("b"), "Mira", 20);
    let mut walked = Vec::new();
    while let Some((id, version)) = named(last_change(&shared(&[&a, &b]))) {
        let entry = if id == "a" { &mut a } else { &mut b };
        *entry = done(plan::undo_version(entry, version));
        walked.push((id, version));
    }
    assert_eq!(walked.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>(), ["a", "b", "a"]);
    while let Some((id, version)) = named(next_change(&shared(&[&a, &b]))) {
        let entry = if id == "a" { &mut a } else { &mut b };
        *entry = redo(entry);
        assert_eq!(walked.pop(), Some((id, version)));
    }
    assert!(walked.is_empty());
}

#[test]
fn a_change_after_an_undo_ends_redo_over_all_sessions() {
    let a = undo(&owned(&session("a"), "Mira", 10));
    let before = shared(&[&a, &session("b")]);
    assert_eq!(named(next_change(&before)).unwrap().0, "a");
    let b = owned(&session("b"), "Mira", 20);
    let sessions = shared(&[&a, &b]);
    assert_eq!(named(next_change(&sessions)), None);
    // The session by itself can still be redone.
    assert!(a.next().is_some());
}

#[test]
fn texts_of_files_and_sessions_without_changes_are_no_changes() {
    let loaded = session("a");
    let made = created("b.json", &text("Tides"));
    let sessions = shared(&[&loaded, &made]);
    assert_eq!(ChangeLog::of(&sessions, 10).total, 0);
    assert_eq!(named(last_change(&sessions)), None);
    assert_eq!(named(next_change(&sessions)), None);
}

/// A storage that is not there: the store keeps all changes itself.
struct Nowhere;

impl SessionStorage<Entry> for Nowhere {
    type Error = &'static str;

    async fn read(&self, _: &[String]) -> Result<Vec<Option<Entry>>, Self::Error> {
        Err("offline")
    }

    async fn page(&self, _: Option<&str>) -> Result<Page<Entry>, Self::Error> {
        Err("offline")
    }

    async fn write(&self, _: &[Write<Entry>], _: Durability) -> Result<Vec<Written<Entry>>, Self::Error> {
        Err("offline")
    }

    async fn clear(&self) -> Result<(), Self::Error> {
        Err("offline")
    }
}

struct Quiet;

impl Host<&'static str> for Quiet {
    fn now(&self) -> Timestamp {
        NOW
    }

    fn show(&self, _: &[String]) {}

    fn announce(&self, _: &Announcement) {}

    fn report(&self, _: Option<&&'static str>) {}

    async fn yield_if_due(&self) {}
}

fn finish<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("it waits"),
    }
}

#[test]
fn changes_of_one_second_are_undone_and_redone_in_the_order_of_their_commits() {
    let store: Store<Entry, Nowhere, Quiet> = Store::new(Quiet, "offline");
    let commit = |id: &str, plan: &dyn Fn(&Entry) -> plan::SessionPlan| {
        let plan = |id: &str, here: Option<&Arc<Entry>>| match here {
            Some(here) => plan(here),
            None => Ok(Planned::put(session(id))),
        };
        finish(store.commit(&[id.to_owned()], Durability::Strict, plan)).remove(0).unwrap();
    };
    let owner = |id: &str, owner: &str| {
        let planning = Planning { owner: Some(owner.into()), ..Planning::default() };
        commit(id, &|here| plan::set_planning(here, &planning, at(10)));
    };
    ["c", "b", "a"].iter().for_each(|id| commit(id, &|_| unreachable!()));
    for (id, name) in [("b", "1"), ("a", "2"), ("c", "3"), ("b", "4"), ("a", "5")] {
        owner(id, name);
    }
    let entries = || -> Vec<Arc<Entry>> { store.items().iter().cloned().collect() };
    let labels = |entries: &[Arc<Entry>]| -> Vec<String> {
        ChangeLog::of(entries, 10).changes.iter().map(|change| change.version.label.clone()).collect()
    };
    let expected = ["5", "4", "3", "2", "1"].map(|name| format!("Owner: {name}."));
    assert_eq!(labels(&entries()), expected);
    let mut undone = Vec::new();
    while let Some((entry, version)) = last_change(&entries()) {
        undone.push(version.label.clone());
        let version = version.id;
        commit(entry.id(), &|here| plan::undo_version(here, version));
    }
    assert_eq!(undone, expected);
    while let Some((entry, version)) = next_change(&entries()) {
        assert_eq!(undone.pop().as_ref(), Some(&version.label));
        commit(entry.id(), &plan::redo);
    }
    assert!(undone.is_empty());
    // The order outlasts a reload, and a change of the same second ends what can be redone.
    let reloaded: Vec<Arc<Entry>> = entries().iter().map(|entry| Arc::new(reloaded(entry))).collect();
    assert_eq!(labels(&reloaded), expected);
    commit("b", &plan::undo);
    owner("c", "6");
    assert!(next_change(&entries()).is_none());
}
