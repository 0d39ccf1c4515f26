//! Decisions about conflicts, and their undo and redo.

use crate::support::*;
use callboard_workspace::plan::{self, Resolution};
use callboard_workspace::{Entry, Source};

/// A session whose topic was changed here, and a text beside it from a file of this path.
fn waiting(beside: &str, path: &str) -> Entry {
    let edited = edit(&loaded(&both("Tides", "all")), &both("Ebb", "all"));
    imported(&edited, path, beside, "conflict")
}

#[test]
fn each_decision_is_a_step_that_undo_takes_back() {
    let dropped = both("Tides", "few");
    let rows = [
        (Resolution::KeepCurrent, both("Ebb", "all"), true),
        (Resolution::TakeIncoming, dropped.clone(), false),
        (Resolution::Merge(vec![]), both("Ebb", "few"), true),
    ];
    for (resolution, expected, changed) in rows {
        let open = waiting(&dropped, "a.json");
        assert!(open.record().overwrites() && open.summary().conflict);
        let decided = resolve(&open, &dropped, resolution.clone());
        is(&decided, "a.json", &expected, changed);
        assert_eq!(conflicts(&decided), [], "{resolution:?}");
        assert!(!decided.record().overwrites() && !decided.summary().conflict);
        // The file holds the dropped text, which is what the current one is compared with.
        assert_eq!(decided.record().compared_with().as_deref(), Some(dropped.as_str()));
        let undone = undo(&decided);
        is(&undone, "a.json", &both("Ebb", "all"), true);
        assert_eq!(conflicts(&undone), [(Source::File, dropped.clone())], "{resolution:?}");
        assert!(undone.record().overwrites());
        assert_eq!(redo(&undone).record(), decided.record(), "{resolution:?}");
        assert!(plan::resolve(&decided, &dropped, &resolution, NOW).is_err());
        // Another step in place of what was undone leaves the conflict.
        assert_eq!(conflicts(&edit(&undone, &both("Flood", "all"))), [(Source::File, dropped.clone())]);
        // Decided once more, in whichever way.
        for again in [Resolution::KeepCurrent, Resolution::TakeIncoming, Resolution::Merge(vec![])] {
            assert_eq!(conflicts(&resolve(&undone, &dropped, again)), []);
        }
    }
}

#[test]
fn in_a_conflict_with_the_file_the_common_text_is_compared_with() {
    let open = waiting(&both("Tides", "few"), "a.json");
    assert_eq!(open.record().compared_with().as_deref(), Some(both("Tides", "all").as_str()));
    assert!(open.changed());
}

#[test]
fn a_merge_reports_differing_changes() {
    let open = waiting(&both("Flood", "few"), "a.json");
    let merged = plan::resolve(&open, &both("Flood", "few"), &Resolution::Merge(vec![]), NOW).unwrap();
    assert!(merged.message.contains("Both changed episode.topic"), "{}", merged.message);
    is(&done(Ok(merged)), "a.json", &both("Ebb", "few"), true);
}

#[test]
fn only_the_sessions_own_file_is_merged() {
    let open = waiting(&both("Flood", "few"), "b.json");
    assert!(plan::merge_with(&open, open.conflicts()[0], &[]).is_none());
    assert!(plan::resolve(&open, &both("Flood", "few"), &Resolution::Merge(vec![]), NOW).is_err());
    assert!(!open.record().overwrites());
    let taken = resolve(&open, &both("Flood", "few"), Resolution::TakeIncoming);
    is(&taken, "b.json", &both("Flood", "few"), false);
    let undone = undo(&taken);
    is(&undone, "a.json", &both("Ebb", "all"), true);
    is(&redo(&undone), "b.json", &both("Flood", "few"), false);
    // A created session has no text in common with the file that is there.
    let made = imported(&created("a.json", &text("new")), "a.json", &text("there"), "conflict");
    assert!(plan::merge_with(&made, made.conflicts()[0], &[]).is_none());
}

#[test]
fn every_text_waits_for_its_own_decision() {
    let backup = |topic: &str| edit(&loaded(&both("Other", "all")), &both(topic, "all"));
    let mut entry = waiting(&both("One", "all"), "a.json");
    entry = restored(&entry, &backup("Copy"), "conflict with backup");
    let (one, copy) = ((Source::File, both("One", "all")), (Source::Backup, both("Copy", "all")));
    assert_eq!(conflicts(&entry), [one.clone(), copy.clone()]);
    // A text waits once; found on the disk, it is more than a copy.
    assert_eq!(restored(&entry, &backup("Copy"), "conflict with backup").record(), entry.record());
    let found = imported(&entry, "b.json", &copy.1, "conflict");
    assert_eq!(conflicts(&found), [one.clone(), (Source::File, copy.1.clone())]);
    for resolution in [Resolution::KeepCurrent, Resolution::TakeIncoming, Resolution::Merge(vec![])] {
        let decided = resolve(&entry, &one.1, resolution);
        assert_eq!(conflicts(&decided), std::slice::from_ref(&copy));
        assert!(!decided.record().overwrites());
        let both = resolve(&decided, &copy.1, Resolution::TakeIncoming);
        is(&both, "a.json", &copy.1, true);
        assert_eq!(conflicts(&both), []);
        assert_eq!(conflicts(&undo(&undo(&both))).len(), 2);
    }
    // Two dismissals at one version are two steps.
    let one_away = resolve(&entry, &one.1, Resolution::KeepCurrent);
    let both_away = resolve(&one_away, &copy.1, Resolution::KeepCurrent);
    assert_eq!(conflicts(&both_away), []);
    let other_order = resolve(&undo(&one_away), &copy.1, Resolution::KeepCurrent);
    assert_eq!(conflicts(&other_order), [one]);
}

#[test]
fn an_edit_to_the_very_text_resolves_the_conflict() {
    let open = waiting(&both("Flood", "few"), "a.json");
    let edited = edit(&open, &both("Flood", "few"));
    is(&edited, "a.json", &both("Flood", "few"), false);
    assert_eq!((conflicts(&edited), conflicts(&undo(&edited)).len()), (vec![], 1));
}
