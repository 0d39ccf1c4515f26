//! Arrivals: each relation of a file, a backup and another tab's record to the loaded session.

use crate::support::*;
use callboard_core::Timestamp;
use callboard_workspace::plan::Resolution;
use callboard_workspace::{Entry, ImportResult, Origin, Record, Source, absorb, meet, plan};

/// The file of this path and text, imported over a session: the result, then path, text, changed and conflicts.
#[test]
fn files() {
    let clean = || loaded(&text("one"));
    let edited = || edit(&clean(), &text("two"));
    let undone = || undo(&edited());
    let exported = || imported(&edited(), "a.json", &text("two"), "caught up");
    let dismissed = || {
        let entry = imported(&edited(), "a.json", &text("three"), "conflict");
        resolve(&entry, &text("three"), Resolution::KeepCurrent)
    };
    type Row<'a> = (&'a str, Entry, (&'a str, &'a str), &'a str, (&'a str, &'a str, bool), &'a [&'a str]);
    let rows: [Row<'_>; 19] = [
        ("same, clean", clean(), ("a.json", "one"), "unchanged", ("a.json", "one", false), &[]),
        ("same, edited", edited(), ("a.json", "two"), "caught up", ("a.json", "two", false), &[]),
        ("same elsewhere", clean(), ("b.json", "one"), "unchanged", ("a.json", "one", false), &[]),
        ("same elsewhere, edited", edited(), ("b.json", "two"), "unchanged", ("a.json", "two", true), &[]),
        ("ahead", clean(), ("a.json", "two"), "updated", ("a.json", "two", false), &[]),
        ("ahead, with folders", clean(), ("s/a.json", "two"), "updated", ("s/a.json", "two", false), &[]),
        ("ahead elsewhere", clean(), ("b.json", "two"), "from another path", ("b.json", "two", false), &[]),
        ("ahead, with redo", undone(), ("a.json", "three"), "updated", ("a.json", "three", false), &[]),
        ("ahead of an export", exported(), ("a.json", "three"), "updated", ("a.json", "three", false), &[]),
        ("behind, the known file", edited(), ("a.json", "one"), "unchanged", ("a.json", "two", true), &[]),
        ("behind, an older file", exported(), ("a.json", "one"), "unchanged", ("a.json", "two", true), &[]),
        ("behind, elsewhere, edited", edited(), ("b.json", "one"), "unchanged", ("a.json", "two", true), &[]),
        ("older, elsewhere, clean", exported(), ("b.json", "one"), "from another path", ("b.json", "one", false), &[]),
        ("behind, dismissed", dismissed(), ("a.json", "three"), "unchanged", ("a.json", "two", true), &[]),
        ("diverged", edited(), ("a.json", "three"), "conflict", ("a.json", "two", true), &["three"]),
        ("diverged elsewhere", edited(), ("b.json", "three"), "conflict", ("a.json", "two", true), &["three"]),
        ("diverged again", dismissed(), ("a.json", "four"), "conflict", ("a.json", "two", true), &["four"]),
        ("created", created("a.json", &text("new")), ("a.json", "x"), "conflict", ("a.json", "new", true), &["x"]),
        (
            "created, found",
            created("s/a.json", &text("new")),
            ("t/b.json", "new"),
            "caught up",
            ("t/b.json", "new", false),
            &[],
        ),
    ];
    for (name, entry, (path, topic), expected, (at, shown, changed), waiting) in rows {
        let (after, result) = import(&entry, path, &text(topic));
        assert_eq!(result.label(), expected, "{name}");
        assert_eq!((after.path(), &**after.text(), after.changed()), (at, text(shown).as_str(), changed), "{name}");
        let waiting: Vec<_> = waiting.iter().map(|topic| (Source::File, text(topic))).collect();
        assert_eq!(conflicts(&after), waiting, "{name}");
        // Local versions can be restored.
        for version in &entry.record().versions {
            let is_kept = after.record().version(version.id).is_some();
            assert!(is_kept || version.origin == Origin::File, "{name}");
        }
        // A second time, nothing changes.
        let (again, result) = import(&after, path, &text(topic));
        assert_eq!(again.record(), after.record(), "{name}");
        assert_eq!(result == ImportResult::Conflict, !waiting.is_empty(), "{name}");
    }
}

#[test]
fn a_files_newer_text_takes_the_older_ones_place() {
    let entry = edit(&loaded(&both("one", "all")), &both("mine", "all"));
    let entry = imported(&entry, "a.json", &both("one", "few"), "conflict");
    let entry = imported(&entry, "season/a.json", &both("two", "few"), "conflict");
    assert_eq!(conflicts(&entry), [(Source::File, both("two", "few"))]);
    // Both still started from the first text.
    let base = entry.conflicts()[0].base.clone();
    assert_eq!(base.as_deref(), Some(both("one", "all").as_str()));
    // A file at another path says nothing of it.
    let entry = imported(&entry, "other/b.json", &both("else", "all"), "conflict");
    assert_eq!(entry.conflicts().len(), 2);
    // The older text again: local changes were made from it.
    let entry = imported(&entry, "a.json", &both("one", "all"), "unchanged");
    assert_eq!(conflicts(&entry), [(Source::File, both("else", "all"))]);
    assert!(!entry.record().overwrites());
}

#[test]
fn a_file_that_has_caught_up_is_unchanged_and_can_still_be_undone() {
    let entry = imported(&edit(&loaded(&text("one")), &text("two")), "a.json", &text("two"), "caught up");
    let entry = imported(&entry, "a.json", &text("three"), "updated");
    let back = undo(&undo(&entry));
    is(&back, "a.json", &text("one"), true);
    is(&redo(&redo(&back)), "a.json", &text("three"), false);
}

#[test]
fn undo_restores_the_path_of_a_text() {
    let mut entry = edit(&loaded_at("s/05.json", &text("five")), &text("edited"));
    entry = imported(&entry, "s/05.json", &text("edited"), "caught up");
    entry = imported(&entry, "s/06.json", &text("six"), "from another path");
    is(&entry, "s/06.json", &text("six"), false);
    entry = undo(&entry);
    is(&entry, "s/05.json", &text("edited"), false);
    entry = undo(&entry);
    is(&entry, "s/05.json", &text("five"), true);
    entry = redo(&redo(&entry));
    is(&entry, "s/06.json", &text("six"), false);
}

#[test]
fn a_file_that_is_dropped_loose_keeps_its_folders() {
    let mut entry = imported(&loaded(&text("one")), "season/a.json", &text("two"), "updated");
    is(&entry, "season/a.json", &text("two"), false);
    entry = imported(&entry, "a.json", &text("three"), "updated");
    entry = imported(&entry, "repo/season/a.json", &text("four"), "updated");
    is(&entry, "season/a.json", &text("four"), false);
    entry = imported(&edit(&entry, &text("mine")), "a.json", &text("five"), "conflict");
    entry = resolve(&entry, &text("five"), Resolution::TakeIncoming);
    is(&entry, "season/a.json", &text("five"), false);
}

#[test]
fn without_local_changes_nothing_is_kept_of_an_older_file() {
    let entry = imported(&loaded(&text("one")), "a.json", &text("two"), "updated");
    assert_eq!(entry.record(), loaded(&text("two")).record());
}

#[test]
fn undone_versions_survive_an_import() {
    let undone = undo(&edit(&loaded(&text("one")), &text("mine")));
    let entry = imported(&undone, "a.json", &text("two"), "updated");
    is(&entry, "a.json", &text("two"), false);
    let mine = entry.record().versions.iter().find(|version| version.origin == Origin::Local).unwrap().id;
    is(&done(plan::go_to(&entry, mine)), "a.json", &text("mine"), true);
}

/// A backup restored over a session: the result, the text, whether it is changed, and the conflicts.
#[test]
fn backups() {
    let clean = || loaded(&text("one"));
    let edited = || edit(&clean(), &text("two"));
    let further = || edit(&edited(), &text("three"));
    let beside = || imported(&edited(), "a.json", &text("waits"), "conflict");
    let other = || edit(&clean(), &text("other"));
    type Row<'a> = (&'a str, Entry, Entry, &'a str, (&'a str, bool), &'a [(Source, &'a str)]);
    let rows: [Row<'_>; 10] = [
        ("same", clean(), clean(), "unchanged", ("one", false), &[]),
        ("ahead", clean(), edited(), "updated", ("two", true), &[]),
        ("ahead of edits", edited(), further(), "updated", ("three", true), &[]),
        ("ahead, with its conflict", clean(), beside(), "updated", ("two", true), &[(Source::File, "waits")]),
        (
            "same, with its conflict",
            edited(),
            beside(),
            "conflict with backup",
            ("two", true),
            &[(Source::File, "waits")],
        ),
        ("behind", edited(), clean(), "unchanged", ("two", true), &[]),
        ("behind, undone here", undo(&edited()), edited(), "unchanged", ("one", false), &[]),
        ("diverged", other(), edited(), "conflict with backup", ("other", true), &[(Source::Backup, "two")]),
        (
            "another file",
            loaded(&text("new")),
            edited(),
            "conflict with backup",
            ("new", false),
            &[(Source::Backup, "two")],
        ),
        ("another file, clean", loaded(&text("new")), clean(), "unchanged", ("new", false), &[]),
    ];
    for (name, here, backup, expected, (shown, changed), waiting) in rows {
        let after = restored(&here, &backup, expected);
        assert_eq!((&**after.text(), after.changed()), (text(shown).as_str(), changed), "{name}");
        let waiting: Vec<_> = waiting.iter().map(|(source, topic)| (*source, text(topic))).collect();
        assert_eq!(conflicts(&after), waiting, "{name}");
        for version in here.record().versions.iter().chain(&backup.record().versions) {
            assert!(after.record().version(version.id).is_some(), "{name}");
        }
        // A second time, nothing changes, and what is undecided is said again.
        let is_open = waiting.iter().any(|(source, _)| *source == Source::Backup);
        let again = restored(&after, &backup, if is_open { "conflict with backup" } else { "unchanged" });
        assert_eq!(again.record(), after.record(), "{name}");
    }
}

#[test]
fn a_backups_text_that_is_taken_is_changed_as_it_was_there() {
    let backup = edit(&loaded_at("05.json", &text("five")), &text("mine"));
    let here = edit(&loaded_at("03.json", &text("three")), &text("other"));
    let here = resolve(&restored(&here, &backup, "conflict with backup"), &text("mine"), Resolution::TakeIncoming);
    is(&here, "05.json", &text("mine"), true);
    is(&undo(&here), "03.json", &text("other"), true);
}

#[test]
fn a_backup_never_says_that_the_disk_has_an_older_file() {
    let backup = edit(&loaded(&text("older")), &text("old"));
    let mut later =
        Record::of_file("ep_1".into(), "a.json".into(), text("new").into(), Timestamp::from_unix(1_900_000_000));
    later.stamp = 7;
    let here = Entry::restore(later).unwrap();
    let after = restored(&here, &backup, "conflict with backup");
    assert_eq!((after.changed(), after.record().stamp), (false, 7));
    let taken = resolve(&after, &text("old"), Resolution::TakeIncoming);
    is(&taken, "a.json", &text("old"), true);
}

#[test]
fn a_session_that_is_not_here_comes_with_its_edits() {
    let backup = edit(&loaded(&text("one")), &text("two"));
    let stamped = Record { stamp: 9, ..backup.record().clone() };
    let received = callboard_workspace::receive_backup(None, &stamped, NOW);
    assert_eq!(received.result, ImportResult::Added);
    let callboard_workspace::Change::Put(entry) = received.change else { panic!("nothing came") };
    assert_eq!(entry.record(), backup.record());
    let mut damaged = backup.record().clone();
    damaged.versions.remove(0);
    let received = callboard_workspace::receive_backup(None, &damaged, NOW);
    assert_eq!(received.result.label(), "not a session");
}

/// A session that could not be stored and the stored one: the text, whether that is as it is stored, and the conflicts.
#[test]
fn tabs() {
    let clean = || loaded(&text("one"));
    let edited = || edit(&clean(), &text("two"));
    let further = || edit(&edited(), &text("three"));
    let other = || edit(&clean(), &text("other"));
    let backup = || restored(&loaded(&text("new")), &edited(), "conflict with backup");
    type Row<'a> = (&'a str, Entry, Entry, (&'a str, bool), &'a [(Source, &'a str)]);
    let rows: [Row<'_>; 10] = [
        ("same", edited(), edited(), ("two", true), &[]),
        ("ahead", edited(), further(), ("three", true), &[]),
        ("behind", further(), edited(), ("three", false), &[]),
        ("diverged", edited(), other(), ("two", false), &[(Source::Tab, "other")]),
        ("another file", edited(), loaded(&text("new")), ("two", false), &[(Source::Tab, "new")]),
        ("only a file here, the same", clean(), edited(), ("two", true), &[]),
        ("only a file here, newer", loaded(&text("new")), edited(), ("two", false), &[(Source::File, "new")]),
        ("only files", loaded(&text("new")), clean(), ("new", false), &[]),
        (
            "a conflict beside a file",
            backup(),
            loaded(&text("x")),
            ("new", false),
            &[(Source::Backup, "two"), (Source::Tab, "x")],
        ),
        ("undone here", undo(&edited()), further(), ("three", true), &[]),
    ];
    for (name, here, stored, (shown, is_stored), waiting) in rows {
        let stored = stored.stamped(7);
        let met = meet(&here, &stored, NOW);
        assert_eq!(&**met.text(), text(shown).as_str(), "{name}");
        assert_eq!((met.record().stamp, met.record() == stored.record()), (7, is_stored), "{name}");
        let waiting: Vec<_> = waiting.iter().map(|(source, topic)| (*source, text(topic))).collect();
        assert_eq!(conflicts(&met), waiting, "{name}");
        let local = here.record().versions.iter().filter(|version| version.origin == Origin::Local);
        for version in local.chain(stored.record().versions.iter().filter(|version| version.origin == Origin::Local)) {
            assert!(met.record().version(version.id).is_some(), "{name}");
        }
        // Met again, nothing changes.
        let again = meet(&met, &met.clone(), NOW);
        assert_eq!(again.record(), met.record(), "{name}");
    }
}

#[test]
fn of_a_file_that_two_records_know_the_later_sight_counts() {
    let one = loaded(&text("one"));
    let mut later = one.record().clone();
    later.set_file("a.json", Some(text("two").into()), Timestamp::from_unix(1_900_000_000));
    let content = |record: &Record| record.files[0].content.as_deref().map(str::to_owned);
    assert_eq!(content(&absorb(one.record(), &later)), Some(text("two")));
    assert_eq!(content(&absorb(&later, one.record())), Some(text("two")));
}

#[test]
fn a_resolution_is_kept_where_two_records_meet() {
    let edited = edit(&loaded(&text("one")), &text("two"));
    let open = imported(&edited, "a.json", &text("three"), "conflict");
    let resolved = resolve(&open, &text("three"), Resolution::KeepCurrent);
    for met in [absorb(open.record(), resolved.record()), absorb(resolved.record(), open.record())] {
        assert_eq!(met.inbox[0].resolved_by, Some(resolved.record().current));
    }
}
