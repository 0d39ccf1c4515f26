//! The platform's parts that only a browser can run.
#![allow(missing_docs, clippy::unwrap_used)]

use callboard_core::Timestamp;
use callboard_web::platform::intl::{Style, day_start, format_time, offset_at, use_zone, zone};
use callboard_web::platform::preferences::{Theme, set_theme, theme};
use callboard_web::platform::web_storage::Area;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn times_use_the_chosen_zone() {
    let moment = Timestamp::parse("2024-08-11T14:30:00Z").unwrap();
    use_zone("Asia/Kolkata");
    assert_eq!(format_time(moment, Style::Time), "20:00");
    assert_eq!(offset_at(moment), 5 * 3_600 + 1_800);
    use_zone("America/New_York");
    assert_eq!(offset_at(moment), -4 * 3_600);
    assert_eq!(day_start("2024-08-11", 0), Timestamp::parse("2024-08-11T04:00:00Z").map(Timestamp::unix));
    use_zone("Nowhere/At_All");
    assert!(!format_time(moment, Style::Stamp).is_empty());
    use_zone("");
}

#[wasm_bindgen_test]
fn preferences_are_stored() {
    set_theme(Theme::Dark);
    assert_eq!(theme(), Theme::Dark);
    set_theme(Theme::System);
    assert_eq!(theme(), Theme::System);
}

#[wasm_bindgen_test]
fn times_use_the_browsers_zone() {
    let moment = Timestamp::parse("2024-08-11T14:30:00Z").unwrap();
    let local = moment.unix() + offset_at(moment);
    let expected = format!("{:02}:{:02}", local.rem_euclid(86_400) / 3_600, local.rem_euclid(3_600) / 60);
    assert_eq!(format_time(moment, Style::Time), expected);
    assert!(format_time(moment, Style::Stamp).contains("Aug 2024"));
    assert!(!zone().is_empty());
}

#[wasm_bindgen_test]
fn a_value_that_cannot_be_stored_is_kept_in_memory() {
    let value = "x".repeat(12_000_000);
    assert_eq!(Area::Session.set("test-large", &value), Err("The browser's storage is full.".into()));
    assert_eq!(Area::Session.get::<String>("test-large"), Some(value));
    Area::Session.set("test-large", "small").unwrap();
    assert_eq!(Area::Session.get::<String>("test-large").as_deref(), Some("small"));
    Area::Session.remove("test-large");
    assert_eq!(Area::Session.get::<String>("test-large"), None);
}
