//! The choice between several files of one session: by content, then by path, never by the order of reading.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says what went wrong by panicking")]

use callboard_core::{Candidate, Session};

const ID: &str = "ep_001_20240811_1430";

fn candidate(path: &str, rest: &str) -> Candidate {
    Candidate::of(&Session::parse(format!("{{\"session_id\": \"{ID}\"{rest}}}")).unwrap(), path)
}

fn state(history: usize, updated: &str) -> String {
    let entries = vec!["{\"event\": \"progress\"}"; history].join(", ");
    format!(
        ", \"pipeline_state\": {{\"current_stage\": \"writing\"}}, \"history\": [{entries}], \"timestamps\": {{\"last_updated\": {updated}}}"
    )
}

/// The candidates in order, the preferred one first.
fn ordered() -> Vec<Candidate> {
    let (early, late) = ("\"2024-08-11T14:00:00Z\"", "\"2024-08-11T15:00:00Z\"");
    vec![
        candidate("z/archive.json", &state(3, early)),
        candidate("a.json", &state(2, late)),
        candidate("z/ep001_session_20240811.json", &state(2, early)),
        candidate("z\\ep001_session_20240811_1430.json", &state(2, early)),
        candidate("a.json", &state(2, early)),
        candidate("b.json", &state(2, early)),
        candidate("b/c.json", &state(2, early)),
        candidate("a.json", &state(2, "null")),
        candidate("a.json", &state(0, late)),
        candidate("a.json", ", \"pipeline_state\": {\"current_stage\": \"lunch\"}, \"history\": [{}, {}, {}, {}]"),
        candidate("a.json", ", \"status\": \"complete\", \"history\": [{}, {}, {}, {}, {}]"),
        candidate("b.json", ", \"status\": \"complete\", \"history\": [{}, {}, {}, {}, {}]"),
    ]
}

#[test]
fn the_order_is_total_and_any_order_of_reading_gives_the_same() {
    let ordered = ordered();
    for (at, one) in ordered.iter().enumerate() {
        for (other_at, other) in ordered.iter().enumerate() {
            assert_eq!(one.cmp(other), at.cmp(&other_at), "{one:?} {other:?}");
        }
    }
    for turn in 0..ordered.len() {
        let mut read = ordered.clone();
        read.rotate_left(turn);
        assert_eq!(read.iter().min(), ordered.first());
        read.reverse();
        assert_eq!(read.iter().min(), ordered.first());
    }
}

#[test]
fn a_file_that_continues_another_is_preferred() {
    let entry = |event: &str| format!("{{\"event\": \"{event}\", \"agent\": \"script_writer\"}}");
    let with = |entries: &[String], updated: &str| {
        format!(
            ", \"pipeline_state\": {{\"current_stage\": \"writing\"}}, \"history\": [{}], \"timestamps\": {{\"last_updated\": \"{updated}\"}}",
            entries.join(", ")
        )
    };
    let before = candidate("a.json", &with(&[entry("start")], "2024-08-12T00:00:00Z"));
    let after = candidate("b.json", &with(&[entry("start"), entry("fail")], "2024-08-11T00:00:00Z"));
    assert!(after < before, "although the other says that it is newer");
}
