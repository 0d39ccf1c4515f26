//! The stored form, and the records of earlier releases.

use crate::support::*;
use callboard_workspace::plan::Resolution;
use callboard_workspace::{Entry, LegacyRecord, Record, Source, StoredRecord, TextHash};
use serde_json::{Value, json};

fn open() -> Entry {
    let edited = edit(&loaded(&text("one")), &text("two"));
    let open = imported(&edited, "s/a.json", &text("three"), "conflict");
    undo(&resolve(&open, &text("three"), Resolution::KeepCurrent))
}

#[test]
fn a_record_is_read_as_it_was_written_and_holds_each_text_once() {
    let entry = open();
    let stored = serde_json::to_value(StoredRecord::from(entry.record())).unwrap();
    let mut texts: Vec<&str> = stored["texts"].as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect();
    let count = texts.len();
    texts.sort_unstable();
    texts.dedup();
    assert_eq!((texts.len(), count), (2, 2));
    reloaded(&entry);
    for version in &entry.record().versions {
        let whole = entry.record().text_of(version.id).unwrap();
        assert_eq!(TextHash::of(&whole), version.hash);
    }
}

#[test]
fn the_stored_form_stays() {
    let stored = serde_json::to_value(StoredRecord::from(
        edit(&loaded("{\"session_id\": \"ep_1\"}"), "{\"session_id\":  \"ep_1\"}").record(),
    ))
    .unwrap();
    let ids: Vec<&Value> = stored["versions"].as_array().unwrap().iter().map(|version| &version["id"]).collect();
    let expected = json!({
        "id": "ep_1",
        "stamp": 0,
        "texts": ["{\"session_id\": \"ep_1\"}"],
        "versions": [
            {"id": ids[0], "text": 0, "hash": stored["versions"][0]["hash"], "path": "a.json", "at": 1_800_000_000, "origin": "file"},
            {
                "id": ids[1], "parent": ids[0], "edits": [{"at": 15, "removed": "", "added": " "}],
                "hash": stored["versions"][1]["hash"], "path": "a.json", "label": "Text edited by hand.",
                "at": 1_800_000_000, "origin": "local",
            },
        ],
        "current": ids[1],
        "files": [{"path": "a.json", "text": 0, "seen_at": 1_800_000_000}],
    });
    assert_eq!(stored, expected);
}

#[test]
fn a_damaged_record_is_none() {
    let whole = serde_json::to_value(StoredRecord::from(open().record())).unwrap();
    let read = |stored: Value| serde_json::from_value::<StoredRecord>(stored).ok()?.into_record();
    assert!(read(whole.clone()).is_some());
    type Damage = fn(&mut Value);
    let damages: [(&str, Damage); 8] = [
        ("no text of a root", |stored| stored["versions"][0]["text"] = json!(9)),
        ("neither text nor edits", |stored| stored["versions"][0]["text"] = Value::Null),
        ("no text of a file", |stored| stored["files"][0]["text"] = json!(9)),
        ("no text of a conflict", |stored| stored["inbox"][0]["text"] = json!(9)),
        ("no current version", |stored| stored["current"] = json!("0123456789abcdef")),
        ("a current version that is no id", |stored| stored["current"] = json!("x")),
        ("no parent", |stored| stored["versions"][1]["parent"] = json!("0123456789abcdef")),
        ("edits of another text", |stored| stored["versions"][1]["edits"][0]["removed"] = json!("nothing like it")),
    ];
    for (name, damage) in damages {
        let mut stored = whole.clone();
        damage(&mut stored);
        assert!(read(stored).is_none(), "{name}");
    }
    // A line for redo that is none is left out.
    let mut stored = whole;
    stored["tip"] = json!("0123456789abcdef");
    let record = read(stored).unwrap();
    assert_eq!((record.tip, record.redo_target()), (record.current, None));
    // A text that is no session.
    let record = Record::of_file("ep_1".into(), "a.json".into(), "[]".into(), NOW);
    assert!(Entry::restore(record).is_none());
}

#[track_caller]
fn legacy(stored: Value) -> Entry {
    let record = serde_json::from_value::<LegacyRecord>(stored).unwrap().into_record().unwrap();
    for version in &record.versions {
        assert_eq!(record.text_of(version.id).map(|text| TextHash::of(&text)), Some(version.hash));
    }
    reloaded(&Entry::restore(record).unwrap())
}

/// An edit as it was stored: one stretch of the text replaced.
fn edit_of(before: &str, after: &str) -> Value {
    let edits = callboard_core::TextEdits::between(before, after);
    let edit = edits.iter().next().cloned();
    let (at, removed, added) =
        edit.map_or((0, String::new(), String::new()), |edit| (edit.at, edit.removed, edit.added));
    json!({"sentence": format!("To {}.", after.len()), "made": 1_769_860_800, "at": at, "removed": removed, "added": added})
}

fn with(mut edit: Value, name: &str, value: Value) -> Value {
    edit[name] = value;
    edit
}

#[test]
fn a_legacy_session_without_changes() {
    let entry = legacy(json!({"id": "ep_1", "stamp": 7, "file": "a.json", "folder": "s", "root": text("one")}));
    is(&entry, "s/a.json", &text("one"), false);
    assert_eq!((entry.record().stamp, entry.record().has_local_versions()), (7, false));
    assert!(entry.last().is_none() && entry.next().is_none());
}

#[test]
fn a_legacy_session_with_edits_of_which_one_is_undone() {
    let edits = [edit_of(&text("one"), &text("two")), edit_of(&text("two"), &text("three"))];
    let record = |done: Value| json!({"id": "ep_1", "file": "a.json", "folder": "", "root": text("one"), "edits": edits, "done": done});
    let entry = legacy(record(json!(1)));
    is(&entry, "a.json", &text("two"), true);
    is(&undo(&entry), "a.json", &text("one"), false);
    is(&redo(&entry), "a.json", &text("three"), true);
    // More than there are, or none said, are all.
    is(&legacy(record(json!(9))), "a.json", &text("three"), true);
    is(&legacy(record(Value::Null)), "a.json", &text("three"), true);
    // An edit that does not apply to the text before it ends the list.
    let damaged = [edits[0].clone(), edit_of(&text("else"), &text("three"))];
    let entry = legacy(json!({"id": "ep_1", "file": "a.json", "root": text("one"), "edits": damaged, "done": 2}));
    is(&entry, "a.json", &text("two"), true);
}

#[test]
fn a_legacy_created_session_has_no_file() {
    let entry = legacy(json!({"id": "ep_1", "file": "a.json", "folder": "", "root": text("one"), "disk": ""}));
    is(&entry, "a.json", &text("one"), true);
    assert!(entry.record().compared_with().is_none() && entry.record().has_local_versions());
}

#[test]
fn a_legacy_session_whose_file_was_updated() {
    let update = with(edit_of(&text("two"), &text("three")), "sentence", json!("The file was updated."));
    let edits = [edit_of(&text("one"), &text("two")), update];
    let entry = legacy(
        json!({"id": "ep_1", "file": "a.json", "root": text("one"), "disk": text("three"), "edits": edits, "done": 2}),
    );
    is(&entry, "a.json", &text("three"), false);
    is(&undo(&entry), "a.json", &text("two"), true);
}

#[test]
fn a_legacy_session_that_moved_twice() {
    let left = |file: &str, disk: &str| json!({"file": file, "folder": "", "disk": disk});
    let edits = |done: usize| {
        // Once undone, an edit says where the other file is.
        let first = if done > 0 { left("1.json", &text("one")) } else { left("2.json", &text("two")) };
        let second = if done > 2 { left("2.json", &text("two")) } else { left("3.json", &text("four")) };
        [
            with(edit_of(&text("one"), &text("two")), "left", first),
            edit_of(&text("two"), &text("three")),
            with(edit_of(&text("three"), &text("four")), "left", second),
        ]
    };
    for (done, file, disk) in [(3, "3.json", "four"), (2, "2.json", "two"), (1, "2.json", "two"), (0, "1.json", "one")]
    {
        let stored = json!({"id": "ep_1", "file": file, "root": text("one"), "disk": text(disk), "edits": edits(done), "done": done});
        let mut entry = legacy(stored);
        while let Ok(plan) = callboard_workspace::plan::redo(&entry) {
            entry = done_plan(plan);
        }
        is(&entry, "3.json", &text("four"), false);
        entry = undo(&entry);
        is(&entry, "2.json", &text("three"), true);
        entry = undo(&entry);
        is(&entry, "2.json", &text("two"), false);
        is(&undo(&entry), "1.json", &text("one"), false);
    }
}

fn done_plan(plan: callboard_workspace::Planned<Entry>) -> Entry {
    done(Ok(plan))
}

#[test]
fn legacy_texts_that_wait() {
    let record = |waiting: Value| {
        json!({"id": "ep_1", "file": "a.json", "folder": "s", "root": text("one"), "waiting": waiting,
               "edits": [edit_of(&text("one"), &text("mine"))], "done": 1})
    };
    let waits = |source: &str, file: &str, topic: &str| json!({"text": text(topic), "source": source, "file": file, "folder": "s"});
    let entry = legacy(record(json!([
        waits("file", "a.json", "two"),
        waits("file", "b.json", "three"),
        waits("backup", "a.json", "four"),
        waits("tab", "a.json", "five"),
    ])));
    is(&entry, "s/a.json", &text("mine"), true);
    let expected = [(Source::File, "two"), (Source::File, "three"), (Source::Backup, "four"), (Source::Tab, "five")];
    assert_eq!(conflicts(&entry), expected.map(|(source, topic)| (source, text(topic))));
    // The disk holds the first, an export overwrites it, and it can be merged.
    assert!(entry.record().overwrites());
    assert_eq!(entry.record().compared_with().as_deref(), Some(text("one").as_str()));
    assert!(callboard_workspace::plan::merge_with(&entry, entry.conflicts()[0], &[]).is_some());
    let kept = resolve(&entry, &text("two"), Resolution::KeepCurrent);
    assert_eq!(kept.record().compared_with().as_deref(), Some(text("two").as_str()));
    let taken = resolve(&entry, &text("three"), Resolution::TakeIncoming);
    is(&taken, "s/b.json", &text("three"), false);
}

#[test]
fn a_legacy_text_that_was_overwritten_waits_without_a_base() {
    let mine =
        json!({"text": text("two"), "source": "overwritten", "file": "a.json", "folder": "", "disk": text("mine")});
    let stored = json!({"id": "ep_1", "file": "a.json", "root": text("one"), "disk": text("mine"), "waiting": [mine],
                        "edits": [edit_of(&text("one"), &text("mine"))], "done": 1});
    let entry = legacy(stored);
    is(&entry, "a.json", &text("mine"), false);
    assert_eq!(conflicts(&entry), [(Source::File, text("two"))]);
    assert!(!entry.record().overwrites() && entry.conflicts()[0].base.is_none());
    // One at another path, whose file holds the very text: that is left out.
    let other = json!({"text": text("two"), "source": "overwritten", "file": "b.json", "folder": ""});
    let entry = legacy(json!({"id": "ep_1", "file": "a.json", "root": text("one"), "waiting": [other]}));
    assert_eq!(entry.record().file_at("b.json").and_then(|file| file.content.as_deref()), Some(text("two").as_str()));
}

#[test]
fn a_legacy_text_that_was_taken_is_a_conflict_again_once_that_is_undone() {
    let took = json!({"text": text("copy"), "source": "backup", "file": "a.json", "folder": "", "disk": text("one")});
    let edits = [edit_of(&text("one"), &text("mine")), with(edit_of(&text("mine"), &text("copy")), "took", took)];
    let entry = legacy(json!({"id": "ep_1", "file": "a.json", "root": text("one"), "edits": edits, "done": 2}));
    assert_eq!(conflicts(&entry), []);
    let undone = undo(&entry);
    assert_eq!(conflicts(&undone), [(Source::Backup, text("copy"))]);
    assert_eq!(redo(&undone).record(), entry.record());
}

#[test]
fn the_only_legacy_text_that_could_wait() {
    let record = |from: Value| {
        json!({"id": "ep_1", "file": "a.json", "folder": "s", "root": text("one"), "incoming": text("two"), "from": from,
                                      "edits": [edit_of(&text("one"), &text("mine"))]})
    };
    let content = |entry: &Entry, path: &str| {
        entry.record().file_at(path).and_then(|file| file.content.as_deref()).map(str::to_owned)
    };
    let entry = legacy(record(Value::Null));
    assert_eq!((conflicts(&entry), entry.record().overwrites()), (vec![(Source::File, text("two"))], true));
    let entry = legacy(record(json!({"file": "b.json", "folder": "s"})));
    assert_eq!((conflicts(&entry), entry.record().overwrites()), (vec![(Source::File, text("two"))], false));
    assert_eq!(content(&entry, "s/b.json"), Some(text("two")));
    let entry = legacy(record(json!({"file": "b.json", "folder": "s", "disk": text("three"), "copy": true})));
    assert_eq!(conflicts(&entry), [(Source::File, text("two"))]);
    assert_eq!(content(&entry, "s/b.json"), Some(text("three")));
}
