//! Changes of a session's file in a live source, and what was changed here on top.

use crate::support::*;
use callboard_core::{Event, MergeSide, Policy, merge};
use callboard_workspace::plan::{self, Resolution};
use callboard_workspace::{Entry, ImportResult, LivePaths, LiveRelation, SessionFile, Source, rebase, receive_live};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The session after its file was found to hold a text.
#[track_caller]
fn followed(entry: &Entry, text: &str, expected: &ImportResult) -> Entry {
    let file = SessionFile::new("a.json".into(), parsed(text)).unwrap();
    let reconciled = rebase(entry, &file, NOW);
    assert_eq!(reconciled.result, *expected);
    reloaded(&reconciled.entry.unwrap_or_else(|| entry.clone()))
}

#[track_caller]
fn updated(entry: &Entry, text: &str) -> Entry {
    followed(entry, text, &ImportResult::Updated)
}

fn saved(entry: &Entry) -> Entry {
    let before = entry.record().file().and_then(|file| file.content.clone());
    done(plan::saved(entry, entry.path(), before.as_deref(), entry.text(), NOW))
}

#[test]
fn a_change_stays_on_top_of_what_an_agent_writes() {
    let edited = edit(&loaded(&both("Tides", "all")), &both("Ebb", "all"));
    let after = updated(&edited, &both("Tides", "few"));
    is(&after, "a.json", &both("Ebb", "few"), true);
    assert_eq!(after.record().compared_with().as_deref(), Some(both("Tides", "few").as_str()));
    // Undo takes back the edit, and never what the agent wrote.
    let undone = undo(&after);
    is(&undone, "a.json", &both("Tides", "few"), false);
    assert!(plan::undo(&undone).is_err());
    is(&redo(&undone), "a.json", &both("Ebb", "few"), true);
    // The next update comes below it again.
    is(&updated(&after, &both("Tides", "some")), "a.json", &both("Ebb", "some"), true);
}

#[test]
fn each_change_is_made_again() {
    let one = edit(&loaded(&both("Tides", "all")), &both("Ebb", "all"));
    let two = edit(&one, &both("Flood", "all"));
    let after = updated(&two, &both("Tides", "few"));
    is(&after, "a.json", &both("Flood", "few"), true);
    is(&undo(&after), "a.json", &both("Ebb", "few"), true);
    is(&undo(&undo(&after)), "a.json", &both("Tides", "few"), false);
}

#[test]
fn a_change_that_the_file_has_is_one_no_more() {
    let edited = edit(&loaded(&both("Tides", "all")), &both("Ebb", "all"));
    let after = updated(&edited, &both("Ebb", "few"));
    is(&after, "a.json", &both("Ebb", "few"), false);
    let same = followed(&edited, &both("Ebb", "all"), &ImportResult::CaughtUp);
    is(&same, "a.json", &both("Ebb", "all"), false);
}

#[test]
fn both_changed_one_value() {
    let edited = edit(&loaded(&both("Tides", "all")), &both("Ebb", "all"));
    let open = followed(&edited, &both("Flood", "few"), &ImportResult::Conflict);
    is(&open, "a.json", &both("Ebb", "all"), true);
    assert_eq!(conflicts(&open), [(Source::File, both("Flood", "few"))]);
    // A newer text of the file takes its place, and is merged over the text that both started from.
    is(&updated(&open, &both("Tides", "few")), "a.json", &both("Ebb", "few"), true);
    let newer = followed(&open, &both("Flood", "some"), &ImportResult::Conflict);
    assert_eq!(conflicts(&newer), [(Source::File, both("Flood", "some"))]);
    for (side, topic) in [(MergeSide::Ours, "Ebb"), (MergeSide::Theirs, "Flood")] {
        let choice = vec![("episode.topic".to_owned(), side)];
        let decided = resolve(&newer, &both("Flood", "some"), Resolution::Merge(choice));
        is(&decided, "a.json", &both(topic, "some"), side == MergeSide::Ours);
        assert_eq!(conflicts(&decided), []);
        // The decision stands when the file changes again.
        let later = updated(&decided, &both("Flood", "none"));
        is(&later, "a.json", &both(topic, "none"), side == MergeSide::Ours);
        assert_eq!(conflicts(&later), []);
    }
}

#[test]
fn a_saved_change_that_was_written_over_is_a_change_again() {
    for mark in ["", "\u{feff}"] {
        let both = |topic: &str, audience: &str| format!("{mark}{}", both(topic, audience));
        let edited = saved(&edit(&loaded(&both("Tides", "all")), &both("Ebb", "all")));
        is(&edited, "a.json", &both("Ebb", "all"), false);
        // Somebody who had read the file before wrote it whole.
        let after = updated(&edited, &both("Tides", "few"));
        is(&after, "a.json", &both("Ebb", "few"), true);
        // Somebody who had read the saved text changed it.
        let after = updated(&edited, &both("Flood", "all"));
        is(&after, "a.json", &both("Flood", "all"), false);
        // A checkout of the older text: both the older text and the change are there to choose from.
        let after = updated(&edited, &both("Tides", "all"));
        is(&after, "a.json", &both("Ebb", "all"), true);
        is(&undo(&after), "a.json", &both("Tides", "all"), false);
    }
}

#[test]
fn a_change_that_the_file_once_had_may_be_reverted_by_others() {
    let edited = saved(&edit(&loaded(&both("Tides", "all")), &both("Ebb", "all")));
    let seen = updated(&edited, &both("Ebb", "few"));
    is(&updated(&seen, &both("Tides", "few")), "a.json", &both("Tides", "few"), false);
}

#[test]
fn the_record_does_not_grow_with_the_file() {
    let mut entry = edit(&loaded(&both("Tides", "all")), &both("Ebb", "all"));
    for round in 0..50 {
        entry = updated(&entry, &both("Tides", &round.to_string()));
    }
    is(&entry, "a.json", &both("Ebb", "49"), true);
    assert!(entry.record().versions.len() <= 4, "{:?}", entry.record().versions);
    // The first version of the edit is still there.
    let first = entry.record().versions.iter().find(|version| !version.label.is_empty()).unwrap();
    assert_eq!(entry.record().text_of(first.id).as_deref(), Some(both("Ebb", "all").as_str()));
}

#[test]
fn a_file_that_is_gone() {
    let plain = loaded(&both("Tides", "all"));
    assert!(matches!(
        plan::file_gone(&plain, "a.json", false, NOW).unwrap().change,
        callboard_workspace::Change::Remove
    ));
    is(&done(plan::file_gone(&plain, "a.json", true, NOW)), "a.json", &both("Tides", "all"), true);
    let edited = edit(&plain, &both("Ebb", "all"));
    let gone = done(plan::file_gone(&edited, "a.json", false, NOW));
    is(&gone, "a.json", &both("Ebb", "all"), true);
    assert!(plan::file_gone(&gone, "a.json", false, NOW).is_err());
    assert!(plan::file_gone(&edited, "b.json", false, NOW).is_err());
    // It comes back as it was, or renamed.
    let back = followed(&gone, &both("Tides", "all"), &ImportResult::Unchanged);
    is(&back, "a.json", &both("Ebb", "all"), true);
    assert_eq!(back.record().compared_with().as_deref(), Some(both("Tides", "all").as_str()));
    let renamed =
        imported(&done(plan::file_gone(&plain, "a.json", true, NOW)), "b.json", &both("Tides", "all"), "caught up");
    is(&renamed, "b.json", &both("Tides", "all"), false);
}

fn live(present: &[&str], gone: &[&str]) -> LivePaths {
    let paths = |paths: &[&str]| Arc::new(paths.iter().map(|path| ((*path).to_owned(), None)).collect());
    LivePaths { present: paths(present), before: paths(gone) }
}

#[test]
fn a_copy_of_a_file_is_another_file() {
    let (mine, copied) = (both("Tides", "all"), both("Flood", "few"));
    let edited = edit(&loaded(&mine), &both("Ebb", "all"));
    let relation = |entry: &Entry, path: &str, is_packed: bool, paths: &LivePaths| {
        let mut file = SessionFile::new(path.into(), parsed(&copied)).unwrap();
        file.is_packed = is_packed;
        let (received, result) = receive_live(Some(entry), &file, paths, NOW);
        let relation = paths.relation(entry, &file);
        if relation == LiveRelation::Copy {
            assert!(received.is_none());
            assert_eq!(result, ImportResult::Another { at: "a.json".into() });
        }
        relation
    };
    // Its path may end in that of the session's own file.
    for entry in [&loaded(&mine), &edited] {
        let both = live(&["a.json", "old/a.json"], &[]);
        assert_eq!(relation(entry, "old/a.json", false, &both), LiveRelation::Copy);
        assert_eq!(relation(entry, "a.json", false, &both), LiveRelation::Own);
        assert_eq!(relation(entry, "a.json", true, &both), LiveRelation::Copy, "unpacked from an archive");
        let moved = live(&["old/a.json"], &["a.json"]);
        assert_eq!(relation(entry, "old/a.json", false, &moved), LiveRelation::Moved);
        assert_eq!(relation(entry, "all.zip/a.json", true, &moved), LiveRelation::Foreign);
        // The session was dropped without its folders before.
        let dropped = live(&["old/a.json"], &[]);
        assert_eq!(relation(entry, "old/a.json", false, &dropped), LiveRelation::Own);
        assert_eq!(relation(entry, "b.json", false, &dropped), LiveRelation::Foreign);
    }
    // The file that was the session's own holds another one.
    let present = [("a.json".to_owned(), Some("other".to_owned())), ("b.json".to_owned(), None)];
    let replaced = LivePaths { present: Arc::new(present.into()), ..LivePaths::default() };
    assert_eq!(relation(&edited, "b.json", false, &replaced), LiveRelation::Moved);
    let gone = done(plan::file_gone(&edited, "a.json", false, NOW));
    assert_eq!(relation(&gone, "new/b.json", false, &live(&["new/b.json"], &[])), LiveRelation::Moved);
}

#[test]
fn a_saved_change_outlives_a_branch_without_the_file() {
    let edited = saved(&edit(&loaded(&both("Tides", "all")), &both("Ebb", "all")));
    let gone = done(plan::file_gone(&edited, "a.json", false, NOW));
    is(&updated(&gone, &both("Ebb", "few")), "a.json", &both("Ebb", "few"), false);
    is(&updated(&gone, &both("Tides", "few")), "a.json", &both("Ebb", "few"), true);
}

#[test]
fn a_file_that_is_moved() {
    let moved = |entry: &Entry, text: &str| {
        let file = SessionFile::new("new/b.json".into(), parsed(text)).unwrap();
        let paths = live(&["new/b.json"], &["a.json"]);
        assert_eq!(paths.relation(entry, &file), LiveRelation::Moved);
        reloaded(&receive_live(Some(entry), &file, &paths, NOW).0.unwrap())
    };
    let plain = loaded(&both("Tides", "all"));
    is(&moved(&plain, &both("Tides", "all")), "new/b.json", &both("Tides", "all"), false);
    is(&moved(&plain, &both("Tides", "few")), "new/b.json", &both("Tides", "few"), false);
    // A change that was made here stays on top, and is taken back to what the moved file holds.
    let edited = edit(&plain, &both("Ebb", "all"));
    for (text, merged) in [(both("Tides", "all"), both("Ebb", "all")), (both("Tides", "few"), both("Ebb", "few"))] {
        let after = moved(&edited, &text);
        is(&after, "new/b.json", &merged, true);
        is(&undo(&after), "new/b.json", &text, false);
    }
    let conflict = moved(&edited, &both("Flood", "all"));
    is(&conflict, "new/b.json", &both("Ebb", "all"), true);
    assert_eq!(conflict.record().conflicts().count(), 1);
}

#[test]
fn the_source_says_at_which_path_a_file_is() {
    let (plain, lost) = (both("Tides", "all"), both("Ebb", "all"));
    // Dropped with the name of the opened folder, from a folder above it, or without any; changed here or not.
    for (known, path) in [("sessions/a.json", "a.json"), ("a.json", "old/a.json"), ("show/old/a.json", "old/a.json")] {
        let loaded = loaded_at(known, &plain);
        for entry in [&loaded, &edit(&loaded, &lost)] {
            let changed = entry.changed();
            let receive = |entry: &Entry, text: &str| {
                let file = SessionFile::new(path.into(), parsed(text)).unwrap();
                let paths = live(&[path], &[]);
                assert_eq!(paths.relation(entry, &file), LiveRelation::Own);
                reloaded(&receive_live(Some(entry), &file, &paths, NOW).0.unwrap_or_else(|| entry.clone()))
            };
            let received = receive(entry, &plain);
            is(&received, path, if changed { &lost } else { &plain }, changed);
            assert_eq!(received.record().compared_with().as_deref(), Some(plain.as_str()));
            let merged = if changed { both("Ebb", "few") } else { both("Tides", "few") };
            is(&receive(&received, &both("Tides", "few")), path, &merged, changed);
            is(&receive(entry, &both("Tides", "few")), path, &merged, changed);
        }
    }
}

#[test]
fn the_removal_of_another_sessions_file_is_not_its_own() {
    let dropped = loaded(&both("Tides", "all"));
    let paths = |present: Option<&str>, before: Option<&str>| {
        let of =
            |id: Option<&str>| Arc::new(id.map(|id| ("a.json".to_owned(), Some(id.to_owned()))).into_iter().collect());
        LivePaths { present: of(present), before: of(before) }
    };
    let id = dropped.id().to_owned();
    assert!(paths(None, Some(&id)).is_gone(&dropped));
    assert!(paths(Some("other"), Some(&id)).is_gone(&dropped));
    assert!(!paths(Some(&id), Some(&id)).is_gone(&dropped));
    assert!(!paths(None, Some("other")).is_gone(&dropped));
    assert!(!paths(Some("other"), None).is_gone(&dropped));
    assert!(!paths(Some("other"), Some("other")).is_gone(&dropped));
}

/// A producer and agents who work on one file at a time, in every order: each event of theirs is in the file in the end,
/// or visibly in conflict with it.
#[test]
fn no_event_is_lost() {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(400);
    for seed in 0..cases {
        race(seed);
    }
}

fn race(seed: u64) {
    let mut random = fastrand::Rng::with_seed(seed);
    let sample = include_str!("../../../../tests/fixtures/sessions/ep001_session_20240811.json");
    let id = parsed(sample).id().unwrap();
    let record = callboard_workspace::Record::of_file(id, "a.json".into(), sample.into(), NOW);
    let mut here = Entry::new(record, &parsed(sample));
    let mut disk: String = sample.to_owned();
    // The text that an agent has read who does not look again before it writes.
    let mut stale = disk.clone();
    // Keys of events that were acknowledged, and of those that the producer took back.
    let (mut keys, mut undone) = (BTreeSet::new(), BTreeSet::new());
    // True if another agent wrote since.
    let mut is_stale = false;
    let mut clock = 0;
    for step in 0..random.usize(5..30) {
        clock += 60;
        let now = NOW.plus(clock);
        let key = format!("key-{step:02}");
        let event = |session: &callboard_core::Session, random: &mut fastrand::Rng| -> Option<Event> {
            let open: Vec<_> = session
                .choices(now, &Policy::default())
                .into_iter()
                .filter(|choice| choice.refusal.is_none())
                .collect();
            let choice = open.get(random.usize(..open.len().max(1)))?;
            Some(Event::minimal(choice.kind, choice.agent).with_key(key.clone()))
        };
        match random.u8(..10) {
            0..=2 => {
                let Some(event) = event(here.session(), &mut random) else { continue };
                if let Ok(plan) = plan::apply(&here, &event, now, &Policy::default()) {
                    here = done(Ok(plan));
                    note(&mut keys, key, here.text());
                }
            }
            3 => {
                if let (Some(last), Ok(plan)) = (here.last().cloned(), plan::undo(&here)) {
                    let before = here.clone();
                    here = done(Ok(plan));
                    let gone = |key: &&String| before.text().contains(*key) && !here.text().contains(*key);
                    undone.extend(keys.iter().filter(gone).cloned());
                    assert_eq!(last.origin, callboard_workspace::Origin::Local, "seed {seed}");
                }
            }
            4 | 5 => {
                // An agent that compares and swaps.
                let mut session = parsed(&disk);
                let Some(event) = event(&session, &mut random) else { continue };
                if session.apply(&event, now, &Policy::default()).is_ok() {
                    disk = session.text().to_owned();
                    is_stale = true;
                    note(&mut keys, key, &disk);
                }
            }
            6 => (stale, is_stale) = (disk.clone(), false),
            7 => {
                // An agent that writes the whole file over what it has read earlier, if no other agent was there since:
                // what it loses is the producer's.
                if is_stale {
                    continue;
                }
                let mut session = parsed(&stale);
                let Some(event) = event(&session, &mut random) else { continue };
                if session.apply(&event, now, &Policy::default()).is_ok() {
                    disk = session.text().to_owned();
                    stale = disk.clone();
                    note(&mut keys, key, &disk);
                }
            }
            8 => {
                let file = SessionFile::new("a.json".into(), parsed(&disk)).unwrap();
                here = rebase(&here, &file, now).entry.map_or(here.clone(), |entry| reloaded(&entry));
            }
            _ => (here, disk) = save(&here, disk, now),
        }
    }
    let file = SessionFile::new("a.json".into(), parsed(&disk)).unwrap();
    here = rebase(&here, &file, NOW).entry.unwrap_or(here);
    (here, disk) = save(&here, disk, NOW);
    let conflicts: Vec<Arc<str>> = here.conflicts().into_iter().map(|incoming| incoming.text.clone()).collect();
    for key in keys.difference(&undone) {
        let is_there = disk.contains(key.as_str()) || here.text().contains(key.as_str());
        let is_in_conflict = conflicts.iter().any(|text| text.contains(key.as_str()));
        assert!(is_there || is_in_conflict, "seed {seed} lost {key}\n{disk}\n{}", here.text());
        if conflicts.is_empty() {
            assert!(disk.contains(key.as_str()), "seed {seed} did not save {key}");
        }
    }
    assert!(merge(sample, &disk, here.text()).is_ok(), "seed {seed}");
}

/// Notes the key of an event that is in the history: a progress update is not.
fn note(keys: &mut BTreeSet<String>, key: String, text: &str) {
    if text.contains(&key) {
        keys.insert(key);
    }
}

/// Saves as the app does: the file is read again, and what others wrote comes first.
fn save(here: &Entry, disk: String, now: callboard_core::Timestamp) -> (Entry, String) {
    let file = SessionFile::new("a.json".into(), parsed(&disk)).unwrap();
    let here = rebase(here, &file, now).entry.unwrap_or_else(|| here.clone());
    if here.summary().conflict || !here.changed() {
        return (here, disk);
    }
    let text = here.text().to_string();
    (done(plan::saved(&here, "a.json", Some(&disk), here.text(), now)), text)
}
