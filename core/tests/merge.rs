//! Three-way merge of changes that two agents made to one session at the same time.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says what went wrong by panicking")]

use callboard_core::{Event, Merged, Policy, Session, State, Timestamp, merge};
use proptest::prelude::*;

const SAMPLE: &str = include_str!("../../tests/fixtures/sessions/ep001_session_20240811.json");

/// `text` after events, one a minute from `minute` on.
fn after(text: &str, minute: i64, events: &[&str]) -> String {
    let mut session = Session::parse(text).unwrap();
    for (at, event) in events.iter().enumerate() {
        let now = Timestamp::parse("2024-08-11T15:00:00Z").unwrap().plus((minute + at as i64) * 60);
        let event = session.event(event, now, &Policy::default()).unwrap();
        session.apply(&event, now, &Policy::default()).unwrap_or_else(|refusal| panic!("{event:?}: {refusal}"));
    }
    session.text().to_owned()
}

fn merged(base: &str, ours: &str, theirs: &str) -> Merged {
    let merged = merge(base, ours, theirs).unwrap();
    Session::parse(merged.text.as_str()).unwrap();
    merged
}

fn cost(text: &str, stage: &str) -> String {
    let line = text.lines().find(|line| line.trim_start().starts_with(&format!("\"{stage}\": ")) && line.contains('.'));
    line.unwrap().trim().trim_end_matches(',').split(": ").nth(1).unwrap().to_owned()
}

fn count(text: &str, counter: &str) -> u64 {
    let file: serde_json::Value = serde_json::from_str(text).unwrap();
    file["pipeline_state"][counter].as_u64().unwrap_or(0)
}

const PROGRESS_A: &str = r#"{"type": "progress", "agent": "script_writer", "cost": 0.5}"#;
const PROGRESS_B: &str = r#"{"type": "progress", "agent": "script_writer", "cost": 0.25}"#;
const FAIL: &str = r#"{"type": "fail", "agent": "script_writer", "error": "timeout"}"#;
const RETRY: &str = r#"{"type": "retry", "agent": "script_writer"}"#;
const COMPLETE: &str = r#"{"type": "complete", "agent": "script_writer", "cost": 1.2, "quality_score": 0.9}"#;

#[test]
fn two_evaluators_that_finish_at_once_both_keep_their_cost() {
    let base = after(SAMPLE, 0, &[COMPLETE, r#"{"type": "start", "agent": "quality_evaluator"}"#]);
    let done = |cost: &str| {
        format!(r#"{{"type": "complete", "agent": "quality_evaluator", "cost": {cost}, "quality_score": 0.91}}"#)
    };
    // Equal times and costs: only the history distinguishes the two.
    for (ours, theirs, sum) in [("0.15", "0.001", "0.151"), ("0.15", "0.15", "0.30")] {
        let report = r#"{"type": "complete", "agent": "quality_evaluator", "cost": 0.15, "quality_score": 0.91, "metrics": {"brand_consistency": 0.95}}"#;
        let a = after(&base, 5, &[&done(ours)]);
        let theirs_event = if theirs == "0.15" { report.to_owned() } else { done(theirs) };
        let b = after(&base, 6, &[&theirs_event]);
        let result = merged(&base, &a, &b);
        assert_eq!(cost(&result.text, "evaluation"), sum, "{result:?}");
        let session = Session::parse(result.text.as_str()).unwrap();
        assert_eq!(session.state(), Ok(State::Synthesizing));
        assert!(session.costs().total_matches);
        assert_eq!(result.text.matches("\"event\": \"complete\", \"agent\": \"quality_evaluator\"").count(), 2);
        let paths: Vec<&str> = result.conflicts.iter().map(|conflict| conflict.path.as_str()).collect();
        assert_eq!(paths, if theirs == "0.15" { vec![] } else { vec!["agent_outputs.quality_evaluator.cost"] });
        assert!(result.diagnostics.is_empty(), "{:?}", result.diagnostics);
    }
}

#[test]
fn a_retry_and_a_cost_update_both_stand() {
    let base = after(SAMPLE, 0, &[FAIL]);
    let ours = after(&base, 2, &[RETRY]);
    let theirs = after(&base, 3, &[r#"{"type": "progress", "agent": "research_coordinator", "cost": 0.4}"#]);
    let result = merged(&base, &ours, &theirs);
    assert!(result.conflicts.is_empty(), "{:?}", result.conflicts);
    let session = Session::parse(result.text.as_str()).unwrap();
    assert_eq!(session.state(), Ok(State::Retry));
    assert_eq!(cost(&result.text, "research"), "0.40");
    assert_eq!(session.last_updated().unwrap().to_string(), "2024-08-11T15:03:00Z");
    let events: Vec<&str> = result.text.lines().filter(|line| line.contains("\"event\"")).collect();
    assert!(events[1].contains("retry") && events[2].contains("progress"), "by time: {events:?}");
}

#[test]
fn the_same_edit_on_both_sides_counts_once() {
    let ours = after(SAMPLE, 1, &[PROGRESS_A]);
    let theirs = after(&after(SAMPLE, 1, &[PROGRESS_A]), 5, &[PROGRESS_B]);
    let result = merged(SAMPLE, &ours, &theirs);
    assert_eq!(cost(&result.text, "writing"), "0.75");
    assert_eq!(result.text, theirs);
}

#[test]
fn a_history_is_kept_in_the_order_of_its_times() {
    let ours = after(&after(SAMPLE, 1, &[PROGRESS_A]), 7, &[PROGRESS_A]);
    let theirs = after(&after(SAMPLE, 4, &[PROGRESS_B]), 9, &[PROGRESS_B]);
    for result in [merged(SAMPLE, &ours, &theirs), merged(SAMPLE, &theirs, &ours)] {
        let times: Vec<&str> = result
            .text
            .lines()
            .filter_map(|line| line.trim().strip_prefix("{\"at\": \"2024-08-11T15:"))
            .map(|rest| &rest[..2])
            .collect();
        assert_eq!(times, ["01", "04", "07", "09"]);
        assert_eq!(cost(&result.text, "writing"), "1.50");
        assert!(result.conflicts.is_empty());
    }
}

#[test]
fn a_real_conflict_is_listed_with_both_values() {
    let base = r#"{"session_id": "a", "notes": {"x": 1, "gone": 1}, "tags": ["a", "b"]}"#;
    let ours = r#"{"session_id": "a", "notes": {"x": 2, "gone": 2}, "tags": ["a", "b", "c"], "new": 1}"#;
    let theirs = r#"{"session_id": "a", "notes": {"x": 3}, "tags": ["b", "d"], "new": 1.0, "__proto__": {"a": 1}}"#;
    let result = merged(base, ours, theirs);
    let listed: Vec<(&str, Option<&str>, Option<&str>)> =
        result.conflicts.iter().map(|c| (c.path.as_str(), c.ours.as_deref(), c.theirs.as_deref())).collect();
    assert_eq!(listed, [("notes.x", Some("2"), Some("3")), ("notes.gone", Some("2"), None)]);
    let wanted = r#"{"session_id": "a", "notes": {"x": 2, "gone": 2}, "tags": ["b", "c", "d"], "new": 1, "__proto__": {"a": 1}}"#;
    assert_eq!(result.text, wanted);
}

#[test]
fn keys_that_only_look_alike_are_two() {
    let base = r#"{"session_id": "a", "A": 1, "x": 1}"#;
    let ours = r#"{"session_id": "a", "A": 1, "x": 2}"#;
    let theirs = r#"{"session_id": "a", "A": 1, "x": 1, "a": 2}"#;
    assert_eq!(merged(base, ours, theirs).text, r#"{"session_id": "a", "A": 1, "x": 2, "a": 2}"#);
}

#[test]
fn the_budget_flag_follows_the_merged_total() {
    let bill = |cost: &str| format!(r#"{{"type": "progress", "agent": "script_writer", "cost": {cost}}}"#);
    let ours = after(SAMPLE, 1, &[&bill("5")]);
    let theirs = after(SAMPLE, 2, &[&bill("6")]);
    assert!(ours.contains("\"within_budget\": true") && theirs.contains("\"within_budget\": true"));
    assert!(
        merged(SAMPLE, &ours, &theirs)
            .text
            .contains("\"total\": 11.00,\n    \"budget\": 9.00,\n    \"within_budget\": false")
    );
}

#[test]
fn failures_of_both_sides_are_counted() {
    const START: &str = r#"{"type": "start", "agent": "script_writer"}"#;
    const STALLED: &str = r#"{"type": "resume", "agent": "script_writer"}"#;
    const GATES: &str =
        r#"{"type": "quality_failure", "agent": "quality_evaluator", "report": {"failures": ["technical"]}}"#;
    let check = |base: &str, ours: &str, theirs: &str, expected: (u64, u64)| {
        for result in [merged(base, ours, theirs), merged(base, theirs, ours)] {
            let counters = (count(&result.text, "failed_attempts"), count(&result.text, "gate_failures"));
            assert_eq!(counters, expected, "{}", result.text);
            assert!(result.conflicts.iter().all(|conflict| !conflict.path.starts_with("pipeline_state.")));
        }
    };
    let once = after(SAMPLE, 1, &[FAIL]);
    check(SAMPLE, &once, &after(SAMPLE, 2, &[FAIL]), (2, 0));
    check(SAMPLE, &after(SAMPLE, 1, &[FAIL, RETRY]), &after(SAMPLE, 3, &[FAIL, RETRY, START]), (2, 0));
    check(SAMPLE, &once, &after(SAMPLE, 2, &[FAIL, RETRY, START, FAIL]), (3, 0));
    check(SAMPLE, &once, &after(SAMPLE, 200, &[STALLED]), (2, 0));
    // A failure that both sides know counts once, and so does each addition.
    check(SAMPLE, &after(&once, 9, &[RETRY]), &after(&once, 2, &[RETRY, START, FAIL]), (2, 0));
    check(SAMPLE, &after(&once, 12, &[RETRY, START, FAIL]), &after(&once, 2, &[RETRY, START, FAIL]), (3, 0));
    let evaluating = after(SAMPLE, 0, &[COMPLETE, r#"{"type": "start", "agent": "quality_evaluator"}"#]);
    let back = after(&evaluating, 5, &[GATES]);
    check(&evaluating, &back, &after(&evaluating, 6, &[GATES]), (0, 2));
    check(&evaluating, &after(&back, 9, &[START]), &after(&back, 10, &[START, COMPLETE, GATES]), (0, 2));

    // If a side reduced the count, additions cannot be combined, unless both sides are equal.
    let of = |count: &str| SAMPLE.replace("\"failed_attempts\": 0", &format!("\"failed_attempts\": {count}"));
    for (ours, theirs) in [(of("1"), of("3")), (of("3"), of("1")), (of("3"), of("-1")), (of("3"), of("\"many\""))] {
        assert_eq!(merged(&of("2"), &ours, &theirs).conflicts[0].path, "pipeline_state.failed_attempts");
    }
    check(&of("3"), &after(&of("1"), 1, &[FAIL]), &after(&of("1"), 2, &[FAIL]), (2, 0));
}

#[test]
fn the_same_value_in_another_spelling_is_no_conflict() {
    let check = |ours: &str, theirs: &str, same: bool| {
        let text = |x: &str| format!(r#"{{"session_id": "a", "x": {x}}}"#);
        let result = merged(&text("0"), &text(ours), &text(theirs));
        assert_eq!((result.conflicts.is_empty(), result.text), (same, text(ours)), "{ours} {theirs}");
    };
    check("[1, {\"a\": \"é\", \"b\": null}]", "[1.0, {\"b\": null, \"a\": \"\\u00e9\"}]", true);
    check("[1]", "[1, 1]", false);
    check("true", "false", false);
    check("\"1\"", "1", false);
}

#[test]
fn a_total_that_is_no_amount_is_no_sum() {
    let text =
        |total: &str| format!(r#"{{"session_id": "a", "cost_tracking": {{"writing": 1.00, "total": {total}}}}}"#);
    let result = merged(&text("1.00"), &text("\"2 USD\""), &text("3.00"));
    let conflicts: Vec<&str> = result.conflicts.iter().map(|conflict| conflict.path.as_str()).collect();
    assert_eq!((result.text, conflicts), (text("\"2 USD\""), vec!["cost_tracking.total"]));
}

#[test]
fn a_budget_flag_that_was_wrong_is_left_as_it_is() {
    let text = |writing: &str, flag: &str| {
        format!(
            r#"{{"session_id": "a", "cost_tracking": {{"writing": {writing}, "budget": 9.00, "within_budget": {flag}}}}}"#
        )
    };
    let check = |base: &str, ours: &str, theirs: &str, expected: &str| {
        let (base, ours, theirs) = (text("1.00", base), text("11.00", ours), text("12.00", theirs));
        let result = merged(&base, &ours, &theirs);
        assert_eq!((result.text, result.conflicts.len()), (text("22.00", expected), 0));
    };
    check("true", "false", "false", "false");
    check("true", "\"no\"", "false", "\"no\"");
    check("true", "true", "false", "false");
}

/// Choices of a few events. Those that the state refuses are skipped.
fn events() -> impl Strategy<Value = Vec<(usize, u8)>> {
    prop::collection::vec((0usize..8, 0u8..60), 0..5)
}

fn random(text: &str, choices: &[(usize, u8)], from: i64) -> String {
    let mut session = Session::parse(text).unwrap();
    let candidates = [
        PROGRESS_A,
        PROGRESS_B,
        FAIL,
        RETRY,
        COMPLETE,
        r#"{"type": "start", "agent": "script_writer"}"#,
        r#"{"type": "start", "agent": "quality_evaluator"}"#,
        r#"{"type": "progress", "agent": "research_coordinator", "cost": 0.1}"#,
    ];
    for (at, (choice, second)) in choices.iter().enumerate() {
        let now =
            Timestamp::parse("2024-08-11T15:00:00Z").unwrap().plus(from + at as i64 * 60 + i64::from(*second) * 2);
        let event = Event::from_json(candidates[*choice]).unwrap();
        let _ = session.apply(&event, now, &Policy::default());
    }
    session.text().to_owned()
}

/// The merged session without the parts that depend on the side: our layout, and our values of conflicts.
fn value(result: &Merged) -> serde_json::Value {
    let mut value: serde_json::Value = serde_json::from_str(&result.text).unwrap();
    for conflict in &result.conflicts {
        let pointer = format!("/{}", conflict.path.replace('.', "/"));
        let (object, key) = pointer.rsplit_once('/').unwrap();
        if let Some(object) = value.pointer_mut(object).and_then(serde_json::Value::as_object_mut) {
            object.remove(key);
        }
    }
    value
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn merge_laws(base in events(), ours in events(), theirs in events()) {
        let base = random(SAMPLE, &base, 0);
        let x = random(&base, &ours, 3600);
        // At other seconds: one event at one moment on both sides is one edit, and counts once.
        let y = random(&base, &theirs, 3601);
        prop_assert_eq!(&merge(&base, &x, &base).unwrap().text, &x);
        prop_assert_eq!(&merge(&base, &base, &x).unwrap().text, &x);
        prop_assert_eq!(&merge(&base, &x, &x).unwrap().text, &x);
        // The side that continues the other's history is the result, byte by byte.
        let further = random(&x, &theirs, 7200);
        prop_assert_eq!(&merge(&base, &x, &further).unwrap().text, &further);
        prop_assert_eq!(&merge(&base, &further, &x).unwrap().text, &further);
        let (one, other) = (merged(&base, &x, &y), merged(&base, &y, &x));
        let mut swapped: Vec<_> = other.conflicts.iter().map(|c| (c.path.clone(), c.theirs.clone(), c.ours.clone())).collect();
        let mut listed: Vec<_> = one.conflicts.iter().map(|c| (c.path.clone(), c.ours.clone(), c.theirs.clone())).collect();
        swapped.sort();
        listed.sort();
        prop_assert_eq!(listed, swapped);
        prop_assert_eq!(value(&one), value(&other));
        // If both sides are valid, so is the result.
        prop_assert_eq!(one.diagnostics.len(), 0);
        // The costs of both sides are included.
        let total = |text: &str| Session::parse(text).unwrap().costs().total.unwrap().micros();
        prop_assert_eq!(total(&one.text) - total(&base), total(&x) - total(&base) + total(&y) - total(&base));
        // The failures of both sides are counted.
        let failed = |text: &str| text.matches("\"event\": \"fail\"").count() as u64;
        prop_assert_eq!(count(&one.text, "failed_attempts") - count(&base, "failed_attempts"), failed(&one.text) - failed(&base));
    }
}
