//! Several files of one session in one import.

use crate::support::*;
use callboard_core::import::{FileGroup, Opened};
use callboard_workspace::{Arrivals, Change, Entry, ImportResult, ImportedFiles, LivePaths, Record, SessionFile};
use std::collections::HashMap;
use std::sync::Arc;

fn episode(topic: &str, entries: usize) -> String {
    let history = vec!["{}"; entries].join(", ");
    format!(
        r#"{{"session_id": "ep_1", "episode": {{"topic": "{topic}"}}, "pipeline_state": {{"current_stage": "writing"}}, "history": [{history}]}}"#
    )
}

/// An import: every file's path and result, and the session after it.
fn import(before: Option<&Entry>, files: &[(&str, String)]) -> (Vec<(String, &'static str)>, Entry) {
    let mut arrivals = Arrivals::default();
    let mut here = before.map(|entry| Arc::new(entry.clone()));
    let mut results: Vec<(String, ImportResult)> = Vec::new();
    let read = |(path, text): &(&str, String)| SessionFile::new((*path).to_owned(), parsed(text)).unwrap();
    let (mut now, mut later) = (files.iter().map(read).collect::<Vec<_>>(), Vec::new());
    for round in [false, true] {
        for file in std::mem::take(if round { &mut later } else { &mut now }) {
            if !round && arrivals.is_deferred(here.as_ref(), &file) {
                later.push(file);
                continue;
            }
            let received = arrivals.receive(here.as_ref(), &file, NOW);
            let was = here.clone();
            if let Change::Put(entry) = &received.change {
                here = Some(entry.clone());
            }
            for amended in arrivals.note(&file, &received, was, here.clone()) {
                let known = results.iter_mut().find(|(path, _)| *path == amended.path).unwrap();
                known.1 = amended.result;
            }
            results.push((file.path, received.result));
        }
    }
    let mut labels: Vec<_> = results.into_iter().map(|(path, result)| (path, result.label())).collect();
    labels.sort_unstable();
    (labels, reloaded(&here.unwrap()))
}

/// Every order of these files.
fn orders(files: &[(&'static str, String)]) -> Vec<Vec<(&'static str, String)>> {
    let Some((last, rest)) = files.split_last() else { return vec![Vec::new()] };
    let put = |order: &[(&'static str, String)], at| [&order[..at], std::slice::from_ref(last), &order[at..]].concat();
    orders(rest).iter().flat_map(|order| (0..=order.len()).map(|at| put(order, at)).collect::<Vec<_>>()).collect()
}

/// In whichever order these files come: the path and the text that stand, and each one's result.
#[track_caller]
fn check(
    before: Option<&Entry>,
    files: &[(&'static str, String)],
    (path, text): (&str, &str),
    results: &[(&str, &str)],
) {
    let results: Vec<_> = results.iter().map(|(path, label)| ((*path).to_owned(), *label)).collect();
    for order in orders(files) {
        let (labels, entry) = import(before, &order);
        let paths: Vec<_> = order.iter().map(|(path, _)| *path).collect();
        assert_eq!(labels, results, "{paths:?}");
        assert_eq!((entry.path(), &**entry.text()), (path, text), "{paths:?}");
    }
}

#[test]
fn the_file_that_went_on_stands_in_any_order() {
    let files = [
        ("a.json", episode("a", 1)),
        ("b/z.json", episode("z", 3)),
        ("c.json", episode("c", 2)),
        ("d.json", episode("a", 1)),
    ];
    let results = [("a.json", "duplicate"), ("b/z.json", "added"), ("c.json", "duplicate"), ("d.json", "duplicate")];
    check(None, &files, ("b/z.json", &episode("z", 3)), &results);
}

#[test]
fn of_equal_files_the_path_decides_in_any_order() {
    let files = [("b.json", episode("x", 1)), ("a.json", episode("x", 1)), ("c.json", episode("y", 1))];
    let results = [("a.json", "added"), ("b.json", "unchanged"), ("c.json", "duplicate")];
    check(None, &files, ("a.json", &episode("x", 1)), &results);
}

#[test]
fn a_file_that_is_dropped_twice_keeps_its_folders() {
    let files = [("x.json", episode("x", 1)), ("season/x.json", episode("x", 1))];
    check(None, &files, ("season/x.json", &episode("x", 1)), &[("season/x.json", "added"), ("x.json", "unchanged")]);
}

#[test]
fn a_file_that_says_no_state_stands_for_nothing_beside_one_that_does() {
    let silent = r#"{"session_id": "ep_1", "status": "completed", "history": [{}, {}, {}]}"#.to_owned();
    let files = [("a.json", silent), ("b.json", episode("b", 0))];
    check(None, &files, ("b.json", &episode("b", 0)), &[("a.json", "duplicate"), ("b.json", "added")]);
}

#[test]
fn a_known_session_ends_the_same_in_any_order() {
    let known = loaded_at("a.json", &episode("old", 1));
    let files = [("a.json", episode("old", 1)), ("b.json", episode("new", 2))];
    let results = [("a.json", "duplicate"), ("b.json", "from another path")];
    check(Some(&known), &files, ("b.json", &episode("new", 2)), &results);
}

#[test]
fn a_session_that_was_made_here_takes_no_file_for_its_own() {
    let made = created("a.json", &episode("mine", 0));
    let files = [("a.json", episode("a", 1)), ("b.json", episode("b", 2))];
    for order in orders(&files) {
        let (labels, entry) = import(Some(&made), &order);
        is(&entry, "a.json", &episode("mine", 0), true);
        assert_eq!(labels[1], ("b.json".to_owned(), "conflict"));
        assert!(entry.conflicts().iter().any(|incoming| *incoming.text == *episode("b", 2)));
    }
}

#[test]
fn a_decision_between_two_files_of_an_import_stays() {
    let edited = Arc::new(edit(&loaded(&episode("a", 0)), &episode("mine", 0)));
    let mut arrivals = Arrivals::default();
    let read = |path: &str, text: String| SessionFile::new(path.into(), parsed(&text)).unwrap();
    let first = read("a.json", episode("b", 1));
    let received = arrivals.receive(Some(&edited), &first, NOW);
    let Change::Put(after) = &received.change else { panic!("nothing came") };
    let after = after.clone();
    assert!(arrivals.note(&first, &received, Some(edited.clone()), Some(after.clone())).is_empty());
    let decided = Arc::new(resolve(&after, &episode("b", 1), callboard_workspace::plan::Resolution::KeepCurrent));
    let second = read("x.json", episode("c", 2));
    let received = arrivals.receive(Some(&decided), &second, NOW);
    assert!(matches!(received.change, Change::Nothing));
    assert_eq!(received.result.label(), "duplicate");
    // The session as the first file left it takes the better one instead.
    let received = arrivals.receive(Some(&after), &second, NOW);
    let Change::Put(instead) = &received.change else { panic!("nothing came") };
    assert_eq!(conflicts(instead), [(callboard_workspace::Source::File, episode("c", 2))]);
}

#[test]
fn a_session_without_an_id_is_no_session_file() {
    for text in [r#"{"session_id": "", "pipeline_state": {}}"#, r#"{"session_id": 7, "pipeline_state": {}}"#] {
        let session = callboard_core::Session::parse(text);
        assert!(session.ok().and_then(|session| SessionFile::new("a.json".into(), session)).is_none(), "{text}");
    }
}

#[test]
fn files_that_are_no_sessions_have_a_group_and_a_reason() {
    let place = |bytes: &[u8]| {
        let mut files = ImportedFiles::default();
        let Opened::Other(reading) = files.shapes().open("a.json", bytes) else { panic!("a session") };
        let line = reading.broken.as_ref().map(|broken| broken.line);
        files.put(reading);
        let assembled = files.assemble();
        assert_eq!(assembled.sessions.len(), 0);
        let place = assembled.file("a.json").unwrap();
        (place.group, place.why.clone(), line)
    };
    let not_ours = |why: &str| (FileGroup::NotOurs, why.to_owned(), None);
    assert_eq!(place(b"[]"), not_ours("No JSON object in this file."));
    assert_eq!(place(b"{}"), not_ours("No known shape reads this file."));
    assert_eq!(place(br#"{"session_id": ""}"#), not_ours("It has a session_id, but no known shape reads its state."));
    let (group, why, _) = place(br#"{"session_id": "ep_{number}"}"#);
    assert_eq!(
        (group, why.as_str()),
        (FileGroup::Configuration, "A template: its session_id has the placeholder {number}.")
    );
    let damaged = |bytes: &[u8]| {
        let (group, why, line) = place(bytes);
        assert_eq!((group, why.is_empty()), (FileGroup::Damaged, false));
        line
    };
    assert_eq!(damaged(b"{"), Some(1));
    assert_eq!(damaged(b"\n\n{\"session_id\": \xff}"), Some(3));
}

/// Files of a live source that held these sessions before and hold others now: each session has its file again, with the
/// changes that were made here.
#[track_caller]
fn renamed(before: &[(&str, &str)], now: &[(&str, &str)]) {
    let text = |id: &str, topic: &str| both(topic, "all").replace("ep_1", id);
    let held =
        |files: &[(&str, &str)]| files.iter().map(|(path, id)| ((*path).to_owned(), Some((*id).to_owned()))).collect();
    let present = now.iter().map(|(path, _)| ((*path).to_owned(), None)).collect();
    let paths = LivePaths { present: Arc::new(present), before: Arc::new(held(before)) };
    for is_edited in [false, true] {
        let loaded = |(path, id): &(&str, &str)| {
            let record = Record::of_file((*id).into(), (*path).into(), text(id, "Tides").into(), NOW);
            let entry = Entry::new(record, &parsed(&text(id, "Tides")));
            ((*id).to_owned(), Arc::new(if is_edited { edit(&entry, &text(id, "Ebb")) } else { entry }))
        };
        let mut here: HashMap<String, Arc<Entry>> = before.iter().map(loaded).collect();
        let mut arrivals = Arrivals::live(paths.clone());
        let read = |(path, id): &(&str, &str)| SessionFile::new((*path).into(), parsed(&text(id, "Tides"))).unwrap();
        let (deferred, first): (Vec<_>, Vec<_>) =
            now.iter().map(read).partition(|file| arrivals.is_deferred(here.get(&file.id), file));
        assert!(first.is_empty());
        arrivals.expect(deferred.iter());
        for file in deferred {
            let was = here.get(&file.id).cloned();
            let received = arrivals.receive(was.as_ref(), &file, NOW);
            if let Change::Put(entry) = &received.change {
                here.insert(file.id.clone(), entry.clone());
            }
            arrivals.note(&file, &received, was, here.get(&file.id).cloned());
        }
        let paths = arrivals.into_live_paths().unwrap();
        for (path, id) in now {
            is(&here[*id], path, &text(id, if is_edited { "Ebb" } else { "Tides" }), is_edited);
            assert!(!paths.is_gone(&here[*id]), "{id}");
        }
        for (_, id) in before.iter().filter(|(_, id)| now.iter().all(|(_, other)| other != id)) {
            assert!(paths.is_gone(&here[*id]), "{id}");
        }
    }
}

#[test]
fn files_that_changed_their_names_in_a_chain_keep_their_sessions() {
    let before = [("1.json", "a"), ("2.json", "b"), ("3.json", "c"), ("4.json", "d")];
    // The first was removed, and the others renumbered.
    renamed(&before, &[("1.json", "b"), ("2.json", "c"), ("3.json", "d")]);
    renamed(&before[..3], &[("2.json", "a"), ("3.json", "b"), ("4.json", "c")]);
    renamed(&before[..2], &[("1.json", "b"), ("2.json", "a")]);
}
