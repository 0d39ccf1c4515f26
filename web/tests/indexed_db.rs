//! The database and the locks of a browser.
#![allow(missing_docs, clippy::panic, clippy::unwrap_used)]

use callboard_core::Timestamp;
use callboard_web::platform::import_log::ImportLog;
use callboard_web::platform::indexed_db::IndexedDb;
use callboard_web::platform::lock::{try_hold, wait_until_free};
use callboard_web::platform::object_store::ObjectStore;
use callboard_web::platform::old_databases;
use callboard_web::platform::storage_error::StorageError;
use callboard_workspace::{
    Draft, Durability, Entry, Incoming, Origin, Record, SessionStorage as _, Source, Step, Stored, Write, Written,
};
use futures::future::join;
use futures::future::{Either, select};
use idb::{Database, Factory, ObjectStoreParams, TransactionMode};
use js_sys::JSON;
use std::cell::RefCell;
use std::fmt::Debug;
use std::rc::Rc;
use std::sync::Arc;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

const SESSION: &str = include_str!("../../tests/fixtures/sessions/ep001_session_20240811.json");

/// A text with a byte order mark, carriage returns and a character outside of the basic plane.
fn text(topic: &str) -> String {
    format!(
        "\u{feff}{}",
        SESSION.replace('\n', "\r\n").replace("\"topic\": \"", &format!("\"topic\": \"{topic}\u{1f3a7}"))
    )
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_unix(1_800_000_000 + second)
}

/// A session imported from a file.
fn plain(id: &str) -> Entry {
    Entry::restore(Record::of_file(id.into(), "folder/of it/a.json".into(), text("").into(), at(0))).unwrap()
}

/// A session with everything that a record can have.
fn full(id: &str) -> Entry {
    let mut record = plain(id).record().clone();
    for topic in ["first", "second"] {
        let before = record.text_of(record.current).unwrap();
        let step = Step {
            text: text(topic).into(),
            edits: None,
            path: None,
            label: format!("Changed to {topic}."),
            at: at(1),
            origin: Origin::Local,
        };
        record.append(&before, step, "");
    }
    record.go_to(record.undo_target().unwrap());
    record.set_file("\u{1f3a7}.json", None, at(2));
    record.set_file("b.json", Some(text("third").into()), at(3));
    for (source, resolved_by) in [(Source::File, None), (Source::Backup, Some(record.current)), (Source::Tab, None)] {
        let base = resolved_by.map(|_| text("base").into());
        let text = text(source.noun()).into();
        record.inbox.push(Incoming { text, path: "b.json".into(), source, base, resolved_by });
    }
    Entry::restore(record).unwrap()
}

async fn open(name: &str) -> IndexedDb {
    IndexedDb::open(name, |_| {}, |_| {}).await.unwrap()
}

async fn emptied(name: &str) -> ObjectStore<Entry> {
    let sessions = ObjectStore::<Entry>::of(&open(name).await);
    sessions.clear().await.unwrap();
    sessions
}

/// Returns all readable stored records, and the number of unreadable ones.
async fn stored(sessions: &ObjectStore<Entry>) -> (Vec<Record>, usize) {
    let (mut records, mut unreadable, mut after) = (Vec::new(), 0, None);
    loop {
        let page = sessions.page(after.as_deref()).await.unwrap();
        unreadable += page.found - page.items.len();
        records.extend(page.items.iter().map(|entry| entry.record().clone()));
        after = page.next;
        if after.is_none() {
            return (records, unreadable);
        }
    }
}

async fn write(sessions: &ObjectStore<Entry>, write: Write<Entry>) -> Written<Entry> {
    sessions.write(&[write], Durability::Strict).await.unwrap().remove(0)
}

fn put(entry: Entry) -> Write<Entry> {
    Write::Put(Arc::new(entry))
}

fn stamp_of<T: Debug>(written: &Written<T>) -> u64 {
    match written {
        Written::Stored(stamp) => *stamp,
        other => panic!("not stored: {other:?}"),
    }
}

fn behind<T: Debug>(written: Written<T>) -> T {
    match written {
        Written::Behind(stored) => *stored,
        other => panic!("not behind: {other:?}"),
    }
}

fn unstamped(records: Vec<Record>) -> Vec<Record> {
    records.into_iter().map(|record| Record { stamp: 0, ..record }).collect()
}

/// Puts an object into an object store unchanged.
async fn put_raw(name: &str, store: &str, key: &str, value: &JsValue) {
    let database = Factory::new().unwrap().open(name, None).unwrap().await.unwrap();
    let transaction = database.transaction(&[store], TransactionMode::ReadWrite).unwrap();
    transaction.object_store(store).unwrap().put(value, Some(&JsValue::from(key))).unwrap().await.unwrap();
    transaction.await.unwrap();
    database.close();
}

async fn raw_keys(name: &str, store: &str) -> Vec<String> {
    let database = Factory::new().unwrap().open(name, None).unwrap().await.unwrap();
    let transaction = database.transaction(&[store], TransactionMode::ReadOnly).unwrap();
    let keys = transaction.object_store(store).unwrap().get_all_keys(None, None).unwrap().await.unwrap();
    database.close();
    keys.into_iter().filter_map(|key| key.as_string()).collect()
}

/// Creates a database of an earlier release, with texts under their keys.
async fn make_old(name: &str, store: &'static str, values: &[(&str, JsValue)]) {
    let factory = Factory::new().unwrap();
    factory.delete(name).unwrap().await.unwrap();
    let mut request = factory.open(name, Some(1)).unwrap();
    request.on_upgrade_needed(move |event| {
        let database = idb::DatabaseEvent::database(&event).unwrap();
        database.create_object_store(store, ObjectStoreParams::new()).unwrap();
    });
    let database: Database = request.await.unwrap();
    database.close();
    for (key, value) in values {
        put_raw(name, store, key, value).await;
    }
}

#[wasm_bindgen_test]
async fn sessions_survive_storage() {
    let sessions = emptied("test-round-trip").await;
    let entries = [full("a"), plain("b/\u{e9}"), full("c")];
    let writes: Vec<_> = entries.iter().cloned().map(put).collect();
    let written = sessions.write(&writes, Durability::Relaxed).await.unwrap();
    // Another handle reads the first one's records with the reported stamps.
    let other = ObjectStore::<Entry>::of(&open("test-round-trip").await);
    let (records, unreadable) = stored(&other).await;
    let stamps: Vec<u64> = records.iter().map(|record| record.stamp).collect();
    assert_eq!(stamps, written.iter().map(stamp_of).collect::<Vec<_>>());
    let expected: Vec<Record> = entries.iter().map(|entry| entry.record().clone()).collect();
    assert_eq!((unstamped(records), unreadable), (expected, 0));
    assert_eq!(other.count().await.unwrap(), 3);
    let found = other.read(&["b/\u{e9}".into(), "d".into(), "a".into()]).await.unwrap();
    let ids: Vec<_> = found.iter().map(|found| found.as_ref().map(|entry| entry.id().to_owned())).collect();
    assert_eq!(ids, [Some("b/\u{e9}".to_owned()), None, Some("a".to_owned())]);
    sessions.clear().await.unwrap();
    assert_eq!(stored(&other).await, (vec![], 0));
}

#[wasm_bindgen_test]
async fn many_sessions_are_read_in_pages() {
    let sessions = emptied("test-pages").await;
    // More than two pages; then exactly two.
    for count in [150, 128] {
        sessions.clear().await.unwrap();
        let ids: Vec<String> = (0..count).map(|at| format!("{at:03}")).collect();
        let writes: Vec<_> = ids.iter().map(|id| put(plain(id))).collect();
        sessions.write(&writes, Durability::Relaxed).await.unwrap();
        let found: Vec<String> = stored(&sessions).await.0.into_iter().map(|record| record.id).collect();
        assert_eq!(found, ids);
    }
    sessions.clear().await.unwrap();
}

#[wasm_bindgen_test]
async fn a_session_replaces_only_its_base() {
    let sessions = emptied("test-stamps").await;
    let first = stamp_of(&write(&sessions, put(plain("a"))).await);
    // One tab is quicker than the other; both come from the first write.
    let second = stamp_of(&write(&sessions, put(full("a").stamped(first))).await);
    let theirs = full("a").stamped(second);
    for slow in [put(plain("a").stamped(first)), put(plain("a")), Write::Remove { id: "a".into(), stamp: first }] {
        assert_eq!(behind(write(&sessions, slow).await).record(), theirs.record());
    }
    assert_eq!(stored(&sessions).await.0, [theirs.record().clone()]);
    // A conflicting record does not block the others of its transaction, in any order.
    let writes = [put(plain("a")), put(plain("b")), Write::Remove { id: "a".into(), stamp: second }];
    let written = sessions.write(&writes[..2], Durability::Strict).await.unwrap();
    assert!(matches!(written[..], [Written::Behind(_), Written::Stored(_)]));
    let others = [put(plain("c")), put(plain("d")), put(plain("a"))];
    let written = sessions.write(&others, Durability::Relaxed).await.unwrap();
    assert!(matches!(written[..], [Written::Stored(_), Written::Stored(_), Written::Behind(_)]));
    assert!(matches!(write(&sessions, writes[2].clone()).await, Written::Removed));
    let left: Vec<String> = stored(&sessions).await.0.into_iter().map(|record| record.id).collect();
    assert_eq!(left, ["b", "c", "d"]);
    // A removed record is written again: an edit survives when another tab removes its session.
    sessions.clear().await.unwrap();
    stamp_of(&write(&sessions, put(full("a").stamped(first))).await);
    assert_eq!(unstamped(stored(&sessions).await.0), [full("a").record().clone()]);
    // Removing it twice is no conflict.
    assert!(matches!(write(&sessions, Write::Remove { id: "b".into(), stamp: first }).await, Written::Removed));
    sessions.clear().await.unwrap();
}

#[wasm_bindgen_test]
async fn concurrent_writes_of_two_tabs_are_serialised() {
    let here = emptied("test-race").await;
    let there = ObjectStore::<Entry>::of(&open("test-race").await);
    let mut stamp = 0;
    // The first round is for a free key, the others for a record.
    for round in 0..10 {
        let entries = [plain("a").stamped(stamp), full("a").stamped(stamp)];
        let [ours, theirs] = entries.clone().map(|entry| [put(entry)]);
        let (ours, theirs) =
            join(here.write(&ours, Durability::Strict), there.write(&theirs, Durability::Strict)).await;
        let (ours, theirs) = (ours.unwrap().remove(0), theirs.unwrap().remove(0));
        let (winner, stored, loser) = match (ours, theirs) {
            (Written::Stored(stamp), loser) => (&entries[0], stamp, loser),
            (loser, Written::Stored(stamp)) => (&entries[1], stamp, loser),
            other => panic!("round {round}: {other:?}"),
        };
        stamp = stored;
        assert_eq!(behind(loser).record(), winner.clone().stamped(stamp).record());
    }
    here.clear().await.unwrap();
}

#[wasm_bindgen_test]
async fn a_record_that_cannot_be_read_is_kept_under_another_key() {
    let name = "test-set-aside";
    let sessions = emptied(name).await;
    let unreadable = JSON::parse(r#"{ "id": "a", "stamp": 7, "versions": "of a later release" }"#).unwrap();
    for at in 1..=3 {
        put_raw(name, "sessions", "a", &unreadable).await;
        let there = stored(&sessions).await;
        assert_eq!((there.0.len(), there.1), (0, at));
        assert!(sessions.read(&["a".into()]).await.unwrap()[0].is_none());
        let (change, is_there) = match at {
            1 => (put(plain("a")), true),
            2 => (put(plain("a").stamped(5)), true),
            _ => (Write::Remove { id: "a".into(), stamp: 5 }, false),
        };
        match write(&sessions, change).await {
            Written::Stored(_) => assert!(is_there),
            Written::Removed => assert!(!is_there),
            Written::Behind(_) => panic!("it cannot be read"),
        }
        let mut keys = raw_keys(name, "sessions").await;
        assert_eq!(keys.iter().any(|key| key == "a"), is_there);
        keys.retain(|key| key.starts_with("a (unreadable, "));
        assert_eq!(keys.len(), at);
    }
    sessions.clear().await.unwrap();
}

#[wasm_bindgen_test]
async fn sessions_of_the_first_release_are_read_and_replaced() {
    let name = "test-legacy";
    Factory::new().unwrap().delete(name).unwrap().await.unwrap();
    let old = |id: &str, rest: &str| {
        let root = JSON::stringify(&JsValue::from(text(""))).unwrap();
        JSON::parse(&format!(r#"{{"id":"{id}","stamp":7,"file":"a.json","folder":"folder","root":{root}{rest}}}"#))
            .unwrap()
    };
    let edits =
        r#","done":0,"edits":[{"sentence":"It happened.","made":1800000000,"at":3,"removed":"{","added":"{ "}]"#;
    let records = [
        ("a", old("a", "")),
        ("b", old("b", edits)),
        ("c", old("c", r#","waiting":[{"text":"third","file":"b.json","source":"backup"}]"#)),
        ("d", old("d", r#","incoming":"third""#)),
        // Unknown formats stay unchanged instead of being read in part.
        ("e", old("e", r#","waiting":[{"text":"third","file":"b.json","source":"elsewhere"}]"#)),
    ];
    make_old(name, "sessions", &records).await;
    let sessions = ObjectStore::<Entry>::of(&open(name).await);
    let (read, unreadable) = stored(&sessions).await;
    let seen: Vec<_> =
        read.iter().map(|it| (&*it.id, it.stamp, it.path(), it.versions.len(), it.inbox.len())).collect();
    let path = "folder/a.json";
    assert_eq!(seen, [("a", 7, path, 1, 0), ("b", 7, path, 2, 0), ("c", 7, path, 1, 1), ("d", 7, path, 1, 1)]);
    assert_eq!(unreadable, 1);
    let entry = Entry::restore(read[1].clone()).unwrap();
    assert_eq!(**entry.text(), *text(""));
    assert_eq!(entry.next().map(|next| (next.label.as_str(), next.at)), Some(("It happened.", at(0))));
    // The next change is stored in the new format.
    let stamp = stamp_of(&write(&sessions, put(entry.clone())).await);
    let found = sessions.read(&["b".into()]).await.unwrap().remove(0).unwrap();
    assert_eq!(found.record(), entry.stamped(stamp).record());
    sessions.clear().await.unwrap();
}

#[wasm_bindgen_test]
async fn drafts_of_the_first_release_are_moved_once() {
    let name = "test-adopt";
    let [old_drafts, old_report] = ["test-adopt-drafts", "test-adopt-import"];
    let factory = Factory::new().unwrap();
    let database = open(name).await;
    let drafts = ObjectStore::<Draft>::of(&database);
    drafts.clear().await.unwrap();
    let texts =
        [("7\nover\nep", "before"), ("7\nfield\nep", "after"), ("8\nover\nep", "before"), ("8\nfield\nep", "later")];
    let values = texts.map(|(key, text)| (key, JsValue::from(text)));
    make_old(old_drafts, "texts", &values).await;
    make_old(old_report, "texts", &[("1", JsValue::from("begun"))]).await;
    // A tab of the old release has it open, and does not close it.
    let held = factory.open(old_drafts, None).unwrap().await.unwrap();
    assert_eq!(old_databases::migrate(&database).await, Ok(2));
    let moved = drafts.page(None).await.unwrap().items;
    let seen: Vec<_> = moved.iter().map(|it| (&*it.id, &*it.session, &*it.base, &*it.text)).collect();
    assert_eq!(seen, [("ep 7", "ep", "before", "after"), ("ep 8", "ep", "before", "later")]);
    assert!(moved.iter().all(|draft| draft.stamp != 0 && draft.at > 1_700_000_000));
    // A discarded session does not reappear, although the old database still exists.
    let discard = Write::Remove { id: "ep 7".into(), stamp: moved[0].stamp };
    drafts.write(&[discard], Durability::Strict).await.unwrap();
    held.close();
    assert_eq!(old_databases::migrate(&database).await, Ok(0));
    assert_eq!(drafts.count().await, Ok(1));
    for old in [old_drafts, old_report] {
        // It was created again, so it had been deleted.
        let anew = factory.open(old, Some(1)).unwrap().await.unwrap();
        assert!(anew.store_names().is_empty(), "{old}");
        anew.close();
        factory.delete(old).unwrap().await.unwrap();
    }
    drafts.clear().await.unwrap();
}

#[wasm_bindgen_test]
async fn drafts_survive_storage() {
    let drafts = ObjectStore::<Draft>::of(&open("test-drafts").await);
    drafts.clear().await.unwrap();
    let draft = Draft {
        id: "ep 1".into(),
        stamp: 0,
        session: "ep".into(),
        base: text("").into(),
        text: "{ \"topic\": \"\u{1f3a7}".into(),
        at: 1_800_000_000,
    };
    let written = drafts.write(&[Write::Put(Arc::new(draft.clone()))], Durability::Strict).await.unwrap().remove(0);
    let stored = drafts.read(std::slice::from_ref(&draft.id)).await.unwrap().remove(0).unwrap();
    assert_eq!(stored, draft.stamped(stamp_of(&written)));
    drafts.clear().await.unwrap();
}

#[wasm_bindgen_test]
async fn an_import_report_is_stored_in_order() {
    let log = ImportLog::of(&open("test-log").await);
    log.clear().await.unwrap();
    let texts: Vec<String> = (0..12).map(|at| format!("{at}\t\u{1f3a7}")).collect();
    for text in &texts {
        log.append(text).await.unwrap();
    }
    assert_eq!(ImportLog::of(&open("test-log").await).read().await.unwrap(), texts);
    log.replace("begun").await.unwrap();
    log.append("ended").await.unwrap();
    assert_eq!(log.read().await.unwrap(), ["begun", "ended"]);
    log.clear().await.unwrap();
    assert!(log.read().await.unwrap().is_empty());
}

#[wasm_bindgen_test]
async fn a_database_of_a_newer_version_is_not_opened() {
    let factory = Factory::new().unwrap();
    factory.open("test-newer", Some(9)).unwrap().await.unwrap().close();
    let opened = IndexedDb::open("test-newer", |_| {}, |_| {}).await;
    assert_eq!(opened.err(), Some(StorageError::Newer));
    // It is unchanged.
    assert_eq!(factory.open("test-newer", None).unwrap().await.unwrap().version(), Ok(9));
}

#[wasm_bindgen_test]
async fn opening_waits_for_a_tab_of_the_first_release() {
    let name = "test-old-tab";
    make_old(name, "sessions", &[]).await;
    let old = RefCell::new(Some(Factory::new().unwrap().open(name, None).unwrap().await.unwrap()));
    let waits = RefCell::new(Vec::new());
    let wait = |why| {
        waits.borrow_mut().push(why);
        // Its tab is closed then.
        old.take().unwrap().close();
    };
    let database = IndexedDb::open(name, wait, |_| {}).await.unwrap();
    assert_eq!(*waits.borrow(), [StorageError::OldTab]);
    assert_eq!(ObjectStore::<Entry>::of(&database).count().await, Ok(0));
}

#[wasm_bindgen_test]
async fn a_connection_closes_for_a_newer_version_or_a_deletion() {
    let name = "test-way";
    let factory = Factory::new().unwrap();
    factory.delete(name).unwrap().await.unwrap();
    let ends = Rc::<RefCell<Vec<StorageError>>>::default();
    let note = {
        let ends = ends.clone();
        move |why| ends.borrow_mut().push(why)
    };
    let database = IndexedDb::open(name, |_| {}, note.clone()).await.unwrap();
    write(&ObjectStore::<Entry>::of(&database), put(plain("a"))).await;
    factory.open(name, Some(9)).unwrap().await.unwrap().close();
    assert_eq!(*ends.borrow(), [StorageError::Outdated]);
    assert!(ObjectStore::<Entry>::of(&database).write(&[put(plain("a"))], Durability::Strict).await.is_err());
    factory.delete(name).unwrap().await.unwrap();
    let _database = IndexedDb::open(name, |_| {}, note).await.unwrap();
    factory.delete(name).unwrap().await.unwrap();
    assert_eq!(*ends.borrow(), [StorageError::Outdated, StorageError::Deleted]);
}

#[wasm_bindgen_test]
async fn a_lock_has_one_holder_until_it_is_released() {
    let [name, other] = ["test-lock ep 1", "test-lock ep 2"];
    let held = try_hold(name).await;
    assert!(held.is_some());
    assert!(try_hold(name).await.is_none());
    assert!(try_hold(other).await.is_some());
    // The second was dropped at once.
    wait_until_free(other).await;
    let mut freed = std::pin::pin!(wait_until_free(name));
    let soon = std::pin::pin!(callboard_web::platform::pace::pause(std::time::Duration::from_millis(100)));
    assert!(matches!(select(freed.as_mut(), soon).await, Either::Right(_)), "it is held");
    drop(held);
    freed.await;
    assert!(try_hold(name).await.is_some());
}
