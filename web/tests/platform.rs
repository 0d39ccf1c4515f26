//! The platform's parts that only a browser can run.
#![cfg(target_arch = "wasm32")]
#![allow(missing_docs, clippy::unwrap_used)]

use callboard_core::Timestamp;
use callboard_web::platform::database::Database;
use callboard_web::platform::intl::{Style, offset_at, say, zone};
use callboard_web::platform::preferences::{Theme, set_theme, theme};
use callboard_web::store::edit::{Edit, Patch};
use callboard_web::store::record::Record;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

fn record(id: &str) -> Record {
    // A byte order mark, a carriage return and a character beyond the first plane must all survive.
    let root = "\u{feff}{\r\n  \"topic\": \"\u{1f3a7}\"\n}";
    Record {
        id: id.into(),
        file: "a.json".into(),
        folder: "folder/of it".into(),
        root: root.into(),
        disk: "another".into(),
        incoming: Some("third".into()),
        edits: vec![Edit {
            sentence: "It happened.".into(),
            made: Timestamp::from_unix(1_800_000_000),
            patch: Patch::between(root, "\u{feff}{\r\n  \"topic\": \"\u{1f3a8}\"\n}"),
        }],
        done: 0,
    }
}

#[wasm_bindgen_test]
async fn records_come_back_as_they_went() {
    let database = Database::open("test-round-trip").await.unwrap();
    database.clear().await.unwrap();
    let plain = Record { disk: "r".into(), root: "r".into(), incoming: None, edits: Vec::new(), ..record("b/\u{e9}") };
    let records = [record("a"), plain];
    database.put(&records).await.unwrap();
    // Another handle sees what the first has written.
    let other = Database::open("test-round-trip").await.unwrap();
    assert_eq!(other.load().await.unwrap(), records);
    let changed = Record { done: 1, ..record("a") };
    other.put(std::slice::from_ref(&changed)).await.unwrap();
    assert_eq!(database.load().await.unwrap()[0], changed);
    database.clear().await.unwrap();
    assert!(other.load().await.unwrap().is_empty());
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
