//! Planning by people: kept in the file, lossless, merged by value, and no part of the state machine.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says what went wrong by panicking")]

use crate::support::SAMPLE;
use callboard_core::diff::{LineKind, lines};
use callboard_core::{Date, Planning, Policy, RefusalCode, Session, Timestamp, merge};

fn session(planning: &str) -> Session {
    Session::parse(format!(r#"{{"session_id": "a", "pipeline_state": {{"current_stage": "writing"}}{planning}}}"#))
        .unwrap()
}

fn planning(owner: &str, due: &str, labels: &[&str], notes: &str) -> Planning {
    Planning {
        owner: (!owner.is_empty()).then(|| owner.to_owned()),
        due: Date::parse(due),
        labels: labels.iter().map(|&label| label.to_owned()).collect(),
        notes: (!notes.is_empty()).then(|| notes.to_owned()),
    }
}

/// The lines that differ between two texts.
fn changed(before: &str, after: &str) -> Vec<String> {
    let lines = lines(before, after);
    let of = |kind: LineKind| if kind == LineKind::Added { '+' } else { '-' };
    let changed = lines.iter().filter(|line| line.kind != LineKind::Same);
    changed.map(|line| format!("{}{}", of(line.kind), line.text.trim_end())).collect()
}

#[test]
fn planning_is_read_as_it_is_found() {
    let check = |text: &str, expected: Planning| assert_eq!(session(text).planning(), expected, "{text}");
    check("", Planning::default());
    check(r#", "planning": null"#, Planning::default());
    check(r#", "planning": []"#, Planning::default());
    check(r#", "planning": {"owner": "Mira", "due": "2026-12-05"}"#, planning("Mira", "2026-12-05", &[], ""));
    check(r#", "Planning": {"Owner": " Mira ", "DUE": "2026-12-05"}"#, planning("Mira", "2026-12-05", &[], ""));
    check(r#", "planning": {"owner": 4, "due": "tomorrow", "labels": "a", "notes": ""}"#, Planning::default());
    check(
        r#", "planning": {"labels": ["b", " a", 3, "b", ""], "notes": "x\ny"}"#,
        planning("", "", &["b", "a"], "x\ny"),
    );
}

#[test]
fn only_the_lines_of_changed_values_differ() {
    let check = |start: Planning, wanted: Planning, expected: &[&str]| {
        let mut session = Session::parse(SAMPLE).unwrap();
        session.set_planning(&start).unwrap();
        let before = session.text().to_owned();
        session.set_planning(&wanted).unwrap();
        assert_eq!(session.planning(), wanted);
        assert_eq!(changed(&before, session.text()), expected);
        // Nothing but the planning may change.
        assert_eq!(session.last_updated(), Session::parse(SAMPLE).unwrap().last_updated());
        assert!(!expected.is_empty() && session.undo());
        assert_eq!(session.text(), before);
    };
    let none = Planning::default();
    let all = planning("Mira", "2026-12-05", &["pilot", "season 2"], "Ask \"Jo\"\nfor the rights");
    check(
        none.clone(),
        all.clone(),
        &[
            "+  },",
            "+",
            "+  \"planning\": {",
            "+    \"owner\": \"Mira\",",
            "+    \"due\": \"2026-12-05\",",
            "+    \"labels\": [\"pilot\", \"season 2\"],",
            "+    \"notes\": \"Ask \\\"Jo\\\"\\nfor the rights\"",
        ],
    );
    check(
        all.clone(),
        Planning { due: Date::parse("2026-12-12"), ..all.clone() },
        &["-    \"due\": \"2026-12-05\",", "+    \"due\": \"2026-12-12\","],
    );
    check(
        all.clone(),
        Planning { labels: vec!["season 2".into(), "urgent".into()], ..all.clone() },
        &["-    \"labels\": [\"pilot\", \"season 2\"],", "+    \"labels\": [\"season 2\", \"urgent\"],"],
    );
    let mut session = Session::parse(SAMPLE).unwrap();
    session.set_planning(&all).unwrap();
    session.set_planning(&none).unwrap();
    assert_eq!(session.text(), SAMPLE, "planning that is removed leaves nothing");
}

#[test]
fn an_equal_planning_changes_nothing() {
    let mut session = session(r#", "planning": {"owner": " Mira", "labels": ["a", "a"]}"#);
    let before = session.text().to_owned();
    session.set_planning(&planning("Mira ", "", &["a"], " ")).unwrap();
    assert_eq!((session.text(), session.undo_depth()), (before.as_str(), 0));
}

#[test]
fn values_that_are_not_read_stay() {
    let check = |text: &str, expected: &str| {
        let mut session = session(text);
        session.set_planning(&Planning::default()).unwrap();
        assert!(session.text().contains(expected), "{}", session.text());
    };
    check(
        r#", "planning": {"owner": "Mira", "studio": "B", "labels": ["a", 3]}"#,
        r#""planning": {"studio": "B", "labels": [3]}"#,
    );
    check(r#", "planning": {"owner": "Mira", "due": "next week"}"#, r#""planning": {"due": "next week"}"#);
    check(r#", "planning": {"labels": ["a", 7]}"#, r#""planning": {"labels": [7]}"#);
}

#[test]
fn labels_have_the_order_that_was_set() {
    let check = |before: &[&str], after: &[&str]| {
        let mut session = session("");
        session.set_planning(&planning("", "", before, "")).unwrap();
        session.set_planning(&planning("", "", after, "")).unwrap();
        assert_eq!(session.planning().labels, after);
    };
    check(&["a", "b"], &["b", "a"]);
    check(&["a", "b"], &["a", "c", "b"]);
    check(&["a", "b"], &["b", "c"]);
    check(&["a", "b", "c"], &["c"]);
    check(&["a"], &["b", "a"]);
}

#[test]
fn a_planning_of_another_type_is_refused_and_kept() {
    for text in [r#", "planning": "soon""#, r#", "planning": [1]"#, r#", "planning": {"labels": "a"}"#] {
        let mut session = session(text);
        let before = session.text().to_owned();
        let refusal = session.set_planning(&planning("Mira", "", &["b"], "")).unwrap_err();
        assert_eq!(refusal.code, RefusalCode::InvalidValue, "{text}");
        assert_eq!(session.text(), before);
        assert!(session.diagnostics().iter().any(|found| found.code == "planning_unreadable"), "{text}");
    }
}

#[test]
fn unreadable_values_are_reported() {
    let check = |text: &str, expected: &[&str]| {
        let found = session(text).diagnostics();
        let messages: Vec<&str> = found
            .iter()
            .filter(|found| found.path.starts_with("planning"))
            .map(|found| found.message.as_str())
            .collect();
        assert_eq!(messages, expected, "{text}");
    };
    check(r#", "planning": {"owner": "Mira", "due": "2026-12-05", "labels": [], "notes": "", "studio": 1}"#, &[]);
    check(r#", "planning": {"due": "5 Dec"}"#, &["planning.due is not a date such as 2026-12-05 and is ignored."]);
    check(
        r#", "planning": {"owner": 1, "labels": [2]}"#,
        &[
            "planning.owner is not a string and is ignored.",
            "planning.labels is not a list of strings and is read without the others.",
        ],
    );
    check(r#", "planning": {"ower": "Mira"}"#, &["Unknown key \"ower\": did you mean \"owner\"?"]);
}

#[test]
fn both_sides_of_a_merge_plan() {
    let plan = |text: &str, planning: &Planning| {
        let mut session = Session::parse(text).unwrap();
        session.set_planning(planning).unwrap();
        session.text().to_owned()
    };
    let base = plan(SAMPLE, &planning("Mira", "2026-12-05", &["a", "b"], ""));
    let ours = plan(&base, &planning("Mira", "2026-12-12", &["a", "b", "ours"], ""));
    let theirs = plan(&base, &planning("Jo", "2026-12-05", &["b", "theirs"], "late"));
    let merged = merge(&base, &ours, &theirs).unwrap();
    assert_eq!(merged.conflicts, []);
    let result = Session::parse(merged.text).unwrap().planning();
    assert_eq!((result.owner.as_deref(), result.notes.as_deref()), (Some("Jo"), Some("late")));
    assert_eq!(result.due, Date::parse("2026-12-12"));
    let mut labels = result.labels;
    labels.sort();
    assert_eq!(labels, ["b", "ours", "theirs"]);

    let theirs = plan(&base, &planning("Mira", "2026-12-19", &["a", "b"], ""));
    let conflicts = merge(&base, &ours, &theirs).unwrap().conflicts;
    assert_eq!(conflicts.iter().map(|conflict| conflict.path.as_str()).collect::<Vec<_>>(), ["planning.due"]);
}

#[test]
fn planning_changes_no_state_and_no_health() {
    let mut planned = Session::parse(SAMPLE).unwrap();
    planned.set_planning(&planning("Mira", "2020-01-01", &["a"], "")).unwrap();
    let plain = Session::parse(SAMPLE).unwrap();
    let now = Timestamp::parse("2024-08-11T15:00:00Z").unwrap();
    let policy = Policy::default();
    assert_eq!(planned.state(), plain.state());
    assert_eq!(planned.health(now, &policy), plain.health(now, &policy));
    assert_eq!(planned.choices(now, &policy), plain.choices(now, &policy));
}
