//! The platform's parts that only a browser can run.
#![cfg(target_arch = "wasm32")]
#![allow(missing_docs, clippy::unwrap_used)]

use callboard_core::Timestamp;
use callboard_web::platform::database::{Database, Durability, Written};
use callboard_web::platform::intl::{Style, day_begins, offset_at, say, use_zone, zone};
use callboard_web::platform::preferences::{Theme, set_theme, theme};
use callboard_web::platform::storage_error::StorageError;
use callboard_web::platform::stored::{from_json, to_json};
use callboard_web::platform::web_storage::Area;
use callboard_web::store::edit::{Edit, Patch};
use callboard_web::store::place::{Incoming, Place, Source};
use callboard_web::store::record::Record;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

fn record(id: &str) -> Record {
    // A byte order mark, a carriage return and a character beyond the first plane must all survive.
    let root = "\u{feff}{\r\n  \"topic\": \"\u{1f3a7}\"\n}";
    Record {
        id: id.into(),
        stamp: 0,
        file: "a.json".into(),
        folder: "folder/of it".into(),
        root: root.into(),
        disk: "another".into(),
        waiting: vec![waits("third", "fourth", Source::Backup), waits("sixth", "sixth", Source::File)],
        edits: vec![Edit {
            sentence: "It happened.".into(),
            made: Timestamp::from_unix(1_800_000_000),
            patch: Patch::between(root, "\u{feff}{\r\n  \"topic\": \"\u{1f3a8}\"\n}"),
            left: Some(waits("", "fifth", Source::File).place),
            took: Some(waits("seventh", "eighth", Source::Tab)),
        }],
        done: 0,
    }
}

fn waits(text: &str, disk: &str, source: Source) -> Incoming {
    let place = Place { file: "\u{1f3a7}.json".into(), folder: "elsewhere".into(), disk: disk.into() };
    Incoming { text: text.into(), place, source }
}

async fn open(name: &str) -> Database {
    Database::open(name, |_| {}, |_| {}).await.unwrap()
}

async fn stored(database: &Database) -> Vec<Record> {
    let mut records = Vec::new();
    let mut place = None;
    loop {
        let page = database.page(place.as_ref()).await.unwrap();
        records.extend(page.records);
        place = page.next;
        if place.is_none() {
            return records;
        }
    }
}

async fn put(database: &Database, record: &Record) -> Written {
    database.put(std::slice::from_ref(record), Durability::Strict).await.unwrap().remove(0)
}

fn stamp_of(written: Written) -> Option<u64> {
    match written {
        Written::Stored(stamp) => Some(stamp),
        Written::Behind(_) => None,
    }
}

#[wasm_bindgen_test]
async fn records_come_back_as_they_went() {
    let database = open("test-round-trip").await;
    database.clear().await.unwrap();
    let plain =
        Record { disk: "r".into(), root: "r".into(), waiting: Vec::new(), edits: Vec::new(), ..record("b/\u{e9}") };
    // One beside which a text of every source waits, and whose change took nothing along.
    let sources = Source::ALL.into_iter().map(|source| waits(source.name(), "disk", source)).collect();
    let file = Record { waiting: sources, ..record("c") };
    let edits = file.edits.iter().map(|edit| Edit { left: None, took: None, ..edit.clone() }).collect();
    let records = [record("a"), plain, Record { edits, ..file }];
    database.put(&records, Durability::Relaxed).await.unwrap();
    // Another handle sees what the first has written.
    let other = open("test-round-trip").await;
    let unstamped: Vec<Record> = stored(&other).await.into_iter().map(|record| Record { stamp: 0, ..record }).collect();
    assert_eq!(unstamped, records);
    assert_eq!(other.count().await.unwrap(), 3);
    let found = other.get(&["b/\u{e9}".into(), "d".into()]).await.unwrap();
    assert!(found[0].is_some() && found[1].is_none());
    database.clear().await.unwrap();
    assert!(stored(&other).await.is_empty());
}

#[wasm_bindgen_test]
fn a_record_from_before_several_texts_could_wait_is_read() {
    let plain = Record { waiting: Vec::new(), ..record("a") };
    let json = to_json(&plain).unwrap();
    let with = |members: &str| from_json(&json.replacen('{', &format!("{{{members},"), 1));
    let from = r#""from":{"file":"\ud83c\udfa7.json","folder":"elsewhere""#;
    let copy = with(&format!(r#""incoming":"third",{from},"disk":"fourth","copy":true}}"#));
    assert_eq!(copy.unwrap().waiting, [waits("third", "fourth", Source::Overwritten)]);
    let file = with(&format!(r#""incoming":"third",{from},"copy":false}}"#));
    assert_eq!(file.unwrap().waiting, [waits("third", "third", Source::File)]);
    // Without a word on where it came from, it was the session's own file.
    let own = with(r#""incoming":"third""#).unwrap().waiting.remove(0);
    assert_eq!((own.place.path(), &*own.place.disk, own.source), ("folder/of it/a.json".into(), "third", Source::File));
    // What cannot be understood is left as it is, rather than read in part.
    assert_eq!(with(r#""waiting":[{"text":"third","file":"a.json","source":"elsewhere"}]"#), None);
    let took = json.replace(r#""source":"tab""#, r#""source":"elsewhere""#);
    assert!(took != json && from_json(&took).is_none());
}

#[wasm_bindgen_test]
async fn a_record_replaces_only_the_one_it_comes_from() {
    let database = open("test-stamps").await;
    database.clear().await.unwrap();
    let first = stamp_of(put(&database, &record("a")).await).unwrap();
    // One tab is quicker than the other; both come from the first writing.
    let quick = Record { stamp: first, done: 1, ..record("a") };
    let second = stamp_of(put(&database, &quick).await).unwrap();
    let slow = Record { stamp: first, file: "b.json".into(), ..record("a") };
    let theirs = Record { stamp: second, ..quick };
    assert_eq!(put(&database, &slow).await, Written::Behind(Box::new(theirs.clone())));
    assert_eq!(stored(&database).await, [theirs]);
    // What was removed is written anew: an edit is not lost because another tab was cleared.
    database.clear().await.unwrap();
    assert!(matches!(put(&database, &slow).await, Written::Stored(_)));
}

#[wasm_bindgen_test]
async fn many_records_come_in_pages() {
    let database = open("test-pages").await;
    database.clear().await.unwrap();
    let records: Vec<Record> = (0..150).map(|at| record(&format!("{at:03}"))).collect();
    database.put(&records, Durability::Relaxed).await.unwrap();
    let ids: Vec<String> = stored(&database).await.into_iter().map(|record| record.id).collect();
    assert_eq!(ids, records.iter().map(|record| record.id.clone()).collect::<Vec<_>>());
    database.clear().await.unwrap();
}

#[wasm_bindgen_test]
fn a_zone_that_is_chosen_says_moments() {
    let moment = Timestamp::parse("2024-08-11T14:30:00Z").unwrap();
    use_zone("Asia/Kolkata");
    assert_eq!(say(moment, Style::Time), "20:00");
    assert_eq!(offset_at(moment), 5 * 3_600 + 1_800);
    use_zone("America/New_York");
    assert_eq!(offset_at(moment), -4 * 3_600);
    assert_eq!(day_begins("2024-08-11", 0), Timestamp::parse("2024-08-11T04:00:00Z").map(Timestamp::unix));
    use_zone("Nowhere/At_All");
    assert!(!say(moment, Style::Stamp).is_empty());
    use_zone("");
}

#[wasm_bindgen_test]
fn preferences_are_remembered() {
    set_theme(Theme::Dark);
    assert_eq!(theme(), Theme::Dark);
    set_theme(Theme::System);
    assert_eq!(theme(), Theme::System);
}

#[wasm_bindgen_test]
fn moments_are_said_in_the_viewers_zone() {
    let moment = Timestamp::parse("2024-08-11T14:30:00Z").unwrap();
    let local = moment.unix() + offset_at(moment);
    let expected = format!("{:02}:{:02}", local.rem_euclid(86_400) / 3_600, local.rem_euclid(3_600) / 60);
    assert_eq!(say(moment, Style::Time), expected);
    assert!(say(moment, Style::Stamp).contains("Aug 2024"));
    assert!(!zone().is_empty());
}

#[wasm_bindgen_test]
async fn a_database_of_a_newer_version_is_not_opened() {
    let factory = idb::Factory::new().unwrap();
    factory.open("test-newer", Some(9)).unwrap().await.unwrap().close();
    let opened = Database::open("test-newer", |_| {}, |_| {}).await;
    assert_eq!(opened.err(), Some(StorageError::Newer));
    // It is as it was.
    assert_eq!(factory.open("test-newer", None).unwrap().await.unwrap().version(), Ok(9));
}

#[wasm_bindgen_test]
async fn a_connection_makes_way_for_a_newer_version_and_for_a_deletion() {
    let factory = idb::Factory::new().unwrap();
    factory.delete("test-way").unwrap().await.unwrap();
    let ends = Rc::<RefCell<Vec<StorageError>>>::default();
    let note = {
        let ends = ends.clone();
        move |why| ends.borrow_mut().push(why)
    };
    let database = Database::open("test-way", |_| {}, note.clone()).await.unwrap();
    put(&database, &record("a")).await;
    factory.open("test-way", Some(9)).unwrap().await.unwrap().close();
    assert_eq!(*ends.borrow(), [StorageError::Outdated]);
    assert!(database.count().await.is_err());
    factory.delete("test-way").unwrap().await.unwrap();
    let _database = Database::open("test-way", |_| {}, note).await.unwrap();
    factory.delete("test-way").unwrap().await.unwrap();
    assert_eq!(*ends.borrow(), [StorageError::Outdated, StorageError::Deleted]);
}

#[wasm_bindgen_test]
fn a_value_that_does_not_fit_is_remembered() {
    let value = "x".repeat(12_000_000);
    assert_eq!(Area::Session.set("test-large", &value), Err("The browser's storage is full.".into()));
    assert_eq!(Area::Session.get::<String>("test-large"), Some(value));
    Area::Session.set("test-large", "small").unwrap();
    assert_eq!(Area::Session.get::<String>("test-large").as_deref(), Some("small"));
    Area::Session.remove("test-large");
    assert_eq!(Area::Session.get::<String>("test-large"), None);
}
