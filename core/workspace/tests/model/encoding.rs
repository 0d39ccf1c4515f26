//! The encoding of a session's file, which an export keeps.

use crate::support::*;
use callboard_core::import::{Encoding, Opened, Shapes};
use callboard_workspace::plan::Export;
use callboard_workspace::{Entry, Record, SessionFile, receive_file};
use serde_json::{Value, json};

/// A session's file in an encoding, as it is read.
fn file(path: &str, topic: &str, encoding: Encoding) -> SessionFile {
    match Shapes::built_in().open(path, &encoding.encode(&text(topic))) {
        Opened::Session { session, encoding } => {
            SessionFile::new(path.to_owned(), *session).unwrap().in_encoding(encoding)
        }
        Opened::Other(reading) => panic!("{reading:?}"),
    }
}

fn received(here: Option<&Entry>, file: &SessionFile) -> (Entry, &'static str) {
    let (entry, result) = receive_file(here, file, NOW);
    (reloaded(&entry.unwrap_or_else(|| here.unwrap().clone())), result.label())
}

#[test]
fn a_session_keeps_the_encoding_of_its_file() {
    for encoding in Encoding::ALL {
        let (entry, result) = received(None, &file("a.json", "Tides", encoding));
        assert_eq!((result, entry.record().encoding()), ("added", encoding));
        is(&entry, "a.json", &text("Tides"), false);
        // An edit, its export and a newer text of the file leave it.
        let edited = edit(&entry, &text("Ebb"));
        assert_eq!(edited.record().encoding(), encoding);
        let exported = done(Export::of([&edited]).mark(&edited, NOW));
        assert_eq!((exported.changed(), exported.record().encoding()), (false, encoding));
        let (updated, result) = received(Some(&entry), &file("a.json", "Flood", encoding));
        assert_eq!((result, updated.record().encoding()), ("updated", encoding));
        let (conflict, result) = received(Some(&edited), &file("a.json", "Flood", encoding));
        assert_eq!((result, conflict.record().encoding()), ("conflict", encoding));
    }
}

#[test]
fn a_file_that_was_saved_in_another_encoding_is_exported_in_that() {
    let (entry, _) = received(None, &file("a.json", "Tides", Encoding::Utf16Le));
    let (saved, result) = received(Some(&entry), &file("a.json", "Tides", Encoding::Utf8));
    assert_eq!((result, saved.record().encoding()), ("unchanged", Encoding::Utf8));
    let (moved, result) = received(Some(&entry), &file("season/b.json", "Flood", Encoding::Utf16Be));
    assert_eq!(
        (result, moved.path(), moved.record().encoding()),
        ("from another path", "season/b.json", Encoding::Utf16Be)
    );
}

#[test]
fn a_backup_has_the_encoding_and_older_records_are_utf_8() {
    let (entry, _) = received(None, &file("a.json", "Tides", Encoding::Utf16Le));
    let mut stored = serde_json::to_value(callboard_workspace::StoredRecord::from(entry.record())).unwrap();
    assert_eq!(stored["files"][0]["encoding"], json!("UTF-16 LE"));
    let read = |stored: Value| -> Option<Record> {
        serde_json::from_value::<callboard_workspace::StoredRecord>(stored).unwrap().into_record()
    };
    assert_eq!(read(stored.clone()).unwrap(), *entry.record());
    stored["files"][0]["encoding"] = json!("EBCDIC");
    assert!(read(stored.clone()).is_none());
    stored["files"][0].as_object_mut().unwrap().remove("encoding");
    assert_eq!(read(stored).unwrap().encoding(), Encoding::Utf8);
}

#[test]
fn a_text_that_its_encoding_cannot_give_back_is_no_session_file() {
    // Half of a surrogate pair, as an editor that cuts a letter in two leaves it.
    let mut bytes = Encoding::Utf16Le.encode(&text("Tides"));
    let at = bytes.len() / 4 * 2;
    bytes.splice(at..at, [0x3C, 0xD8]);
    assert!(matches!(Shapes::built_in().open("a.json", &bytes), Opened::Other(_)));
}
