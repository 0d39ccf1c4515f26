//! State of a merged session that both sides moved on.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says what went wrong by panicking")]

use crate::support::SAMPLE;
use callboard_core::{Initialize, Merged, Policy, Session, State, Timestamp, merge};

fn at(minute: i64) -> Timestamp {
    Timestamp::parse("2024-08-11T15:00:00Z").unwrap().plus(minute * 60)
}

/// `text` after events, one a minute from `minute` on.
fn after(text: &str, minute: i64, events: &[&str]) -> String {
    let mut session = Session::parse(text).unwrap();
    for (minute, event) in (minute..).zip(events) {
        let event = session.event(event, at(minute), &Policy::default()).unwrap();
        session.apply(&event, at(minute), &Policy::default()).unwrap_or_else(|refusal| panic!("{event:?}: {refusal}"));
    }
    session.text().to_owned()
}

fn new_session() -> String {
    let session = Session::initialize(&Initialize::new(1, "tides"), at(0), &Policy::default());
    session.unwrap().text().to_owned()
}

/// The paths of the conflicts, with both values.
fn conflicts(merged: &Merged) -> Vec<String> {
    let shown = |side: &Option<String>| side.clone().unwrap_or_else(|| "-".to_owned());
    let line = |conflict: &callboard_core::Conflict| {
        format!("{} {} {}", conflict.path, shown(&conflict.ours), shown(&conflict.theirs))
    };
    merged.conflicts.iter().map(line).collect()
}

fn pipeline(text: &str, key: &str) -> serde_json::Value {
    let file: serde_json::Value = serde_json::from_str(text).unwrap();
    file["pipeline_state"][key].clone()
}

/// The stages that each list names, and the current one: each of the four once.
fn stages(text: &str) -> Vec<String> {
    let mut stages = Vec::new();
    for key in ["completed_stages", "skipped_stages", "current_stage", "pending_stages"] {
        match pipeline(text, key) {
            serde_json::Value::String(stage) => stages.push(stage),
            list => {
                stages.extend(list.as_array().into_iter().flatten().map(|stage| stage.as_str().unwrap().to_owned()))
            }
        }
    }
    stages
}

const START: &str = r#"{"type": "start", "agent": "script_writer"}"#;
const FAIL: &str = r#"{"type": "fail", "agent": "script_writer", "error": "x", "cost": 0.5}"#;
const RETRY: &str = r#"{"type": "retry", "agent": "script_writer"}"#;
const COMPLETE: &str = r#"{"type": "complete", "agent": "script_writer", "cost": 1.2, "quality_score": 0.9}"#;
const EVALUATE: &str = r#"{"type": "start", "agent": "quality_evaluator"}"#;
const EVALUATED: &str = r#"{"type": "complete", "agent": "quality_evaluator", "quality_score": 0.9}"#;
const GATES: &str = r#"{"type": "quality_failure", "agent": "quality_evaluator", "report": {"failures": ["technical"], "technical_fixes": ["a"]}}"#;

#[test]
fn a_side_that_goes_on_from_the_other_holds_to_the_byte() {
    const RESEARCH: [&str; 2] = [
        r#"{"type": "start", "agent": "research_coordinator"}"#,
        r#"{"type": "complete", "agent": "research_coordinator", "cost": 0.7, "quality_score": 0.8}"#,
    ];
    let check = |base: &str, before: &[&str], after_that: &[&str]| {
        let ours = after(base, 1, before);
        let theirs = after(&ours, 60, after_that);
        for (one, other) in [(&ours, &theirs), (&theirs, &ours)] {
            let merged = merge(base, one, other).unwrap();
            assert_eq!((conflicts(&merged), merged.text), (vec![], theirs.clone()), "{before:?} {after_that:?}");
            assert_eq!(merged.diagnostics, []);
        }
    };
    check(&new_session(), &RESEARCH, &[START, COMPLETE]);
    check(&new_session(), &RESEARCH[..1], &RESEARCH[1..]);
    check(SAMPLE, &[COMPLETE, EVALUATE], &[GATES]);
    check(SAMPLE, &[COMPLETE, GATES], &[START, COMPLETE, EVALUATED]);
    check(SAMPLE, &[FAIL], &[RETRY, START, FAIL, RETRY, START, COMPLETE]);
    let escalated = after(SAMPLE, 0, &[FAIL, RETRY, FAIL, RETRY, FAIL, RETRY, FAIL]);
    check(&escalated, &[r#"{"type": "resume", "agent": "script_writer", "override": true}"#], &[START, FAIL, RETRY]);
}

#[test]
fn manual_changes_are_merged_by_key() {
    let base = new_session().replace("  \"episode\"", "  \"note\": 1,\n  \"episode\"");
    let research = r#"{"type": "start", "agent": "research_coordinator"}"#;
    let ours = after(&base, 1, &[research]);
    let theirs = after(&ours, 5, &[r#"{"type": "fail", "agent": "research_coordinator", "error": "x"}"#]);
    let ours = ours.replace("\"topic\": \"tides\"", "\"topic\": \"Tides\"").replace("\"note\": 1", "\"note\": 2");
    let expected = theirs.replace("\"topic\": \"tides\"", "\"topic\": \"Tides\"").replace("\"note\": 1", "\"note\": 2");
    let merged = merge(&base, &ours, &theirs).unwrap();
    assert_eq!((conflicts(&merged), merged.text), (vec![], expected));
    let merged = merge(&base, &ours, &theirs.replace("\"note\": 1", "\"note\": 3")).unwrap();
    assert_eq!(conflicts(&merged), ["note 2 3"]);
}

#[test]
fn a_state_comes_from_one_side() {
    let evaluating = after(SAMPLE, 0, &[COMPLETE, EVALUATE]);
    let all = |base: &str, ours: &[&str], theirs: &[&str], state: State, paths: &[&str]| {
        let (ours, theirs) = (after(base, 10, ours), after(base, 20, theirs));
        let merged = merge(base, &ours, &theirs).unwrap();
        assert_eq!(Session::parse(merged.text.as_str()).unwrap().state(), Ok(state));
        assert_eq!(conflicts(&merged), paths);
        let mut stages = stages(&merged.text);
        stages.retain(|stage| stage != "complete");
        stages.sort();
        assert_eq!(stages, ["evaluation", "research", "synthesis", "writing"]);
        assert_eq!(merged.diagnostics, []);
        // The history contains every event.
        let entries = |text: &str| text.matches("{\"at\": ").count();
        assert_eq!(entries(&merged.text) + entries(base), entries(&ours) + entries(&theirs));
        merged.text
    };
    let gates = [
        r#"pipeline_state.current_stage "writing" "synthesis""#,
        r#"pipeline_state.completed_stages ["research"] ["research", "writing", "evaluation"]"#,
        r#"pipeline_state.pending_stages ["evaluation", "synthesis"] []"#,
        r#"agent_outputs.script_writer.status "pending" "complete""#,
        r#"agent_outputs.quality_evaluator.status "pending" "complete""#,
    ];
    let text = all(&evaluating, &[GATES], &[EVALUATED], State::Writing, &gates);
    assert_eq!(pipeline(&text, "gate_failures"), 1);
    let swapped = gates.map(|line| {
        let (path, values) = line.split_once(' ').unwrap();
        let middle = values.find(if values.starts_with('[') { "] [" } else { "\" \"" }).unwrap() + 1;
        format!("{path}{} {}", &values[middle..], &values[..middle])
    });
    let swapped: Vec<&str> = swapped.iter().map(String::as_str).collect();
    let text = all(&evaluating, &[EVALUATED], &[GATES], State::Synthesizing, &swapped);
    assert_eq!(pipeline(&text, "gate_failures"), 1, "it happened, whoever decides");

    let failed = [
        r#"pipeline_state.current_stage "writing" "evaluation""#,
        r#"pipeline_state.completed_stages ["research"] ["research", "writing"]"#,
        r#"pipeline_state.pending_stages ["evaluation", "synthesis"] ["synthesis"]"#,
        r#"agent_outputs.script_writer.status "failed" "complete""#,
        r#"agent_outputs.script_writer.cost 0.50 1.20"#,
        r#"agent_outputs.script_writer.error "x" -"#,
    ];
    let text = all(SAMPLE, &[FAIL], &[COMPLETE], State::Failed, &failed);
    assert_eq!(Session::parse(text).unwrap().costs().total.unwrap().to_string(), "1.70");
    let completed = [
        r#"pipeline_state.current_stage "evaluation" "writing""#,
        r#"pipeline_state.completed_stages ["research", "writing"] ["research"]"#,
        r#"pipeline_state.pending_stages ["synthesis"] ["evaluation", "synthesis"]"#,
        r#"agent_outputs.script_writer.status "complete" "failed""#,
        r#"agent_outputs.script_writer.cost 1.20 0.50"#,
        r#"agent_outputs.script_writer.error - "x""#,
    ];
    let text = all(SAMPLE, &[COMPLETE], &[FAIL], State::Evaluating, &completed);
    assert!(!text.contains("\"error\": \"x\"\n") && pipeline(&text, "failed_attempts") == 1);
}

#[test]
fn a_state_comes_from_one_side_without_a_history_too() {
    let text = |stage: &str, completed: &str, pending: &str, status: &str| {
        format!(
            r#"{{"session_id": "a", "pipeline_state": {{"current_stage": "{stage}", "completed_stages": [{completed}], "pending_stages": [{pending}]}}, "agent_outputs": {{"research_coordinator": {{"status": "complete"}}, "script_writer": {{"status": "{status}"}}}}}}"#
        )
    };
    let base = text("writing", r#""research""#, r#""evaluation", "synthesis""#, "in_progress");
    let failed = text("writing", r#""research""#, r#""evaluation", "synthesis""#, "failed");
    // It left the status alone, as older writers do: no key is changed by both.
    let moved = text("evaluation", r#""research", "writing""#, r#""synthesis""#, "in_progress");
    let done = text("evaluation", r#""research", "writing""#, r#""synthesis""#, "complete");
    assert_eq!(merge(&base, &failed, &done).unwrap().text, failed);
    assert_eq!(merge(&base, &done, &failed).unwrap().text, done);
    assert_eq!(merge(&base, &done, &failed).unwrap().conflicts.len(), 4);
    let merged = merge(&base, &failed, &moved).unwrap();
    assert_eq!((merged.text, merged.conflicts.len()), (failed.clone(), 4));
    // A change that does not concern the other side's state is no conflict.
    let listed = base.replace(r#""completed_stages": ["research"]"#, r#""completed_stages": ["RESEARCHING"]"#);
    let merged = merge(&base, &listed, &failed).unwrap();
    assert_eq!((merged.text, merged.conflicts.len()), (listed.replace("in_progress", "failed"), 0));
}

#[test]
fn a_diagnostic_is_known_by_what_it_says() {
    let text = |costs: &str| {
        format!(r#"{{"session_id": "a", "cost_tracking": {{"research": 1, "research_coordinator": 2{costs}}}}}"#)
    };
    let merged = merge(&text(""), &text(r#", "writing": 1"#), &text(r#", "script_writer": 2"#)).unwrap();
    let messages: Vec<&str> = merged.diagnostics.iter().map(|found| found.message.as_str()).collect();
    // That of research, by the same code, was there before.
    assert_eq!(messages, ["The cost of writing has two keys with different amounts: the larger is used."]);
    // An entry of the history is the same one at any position.
    let text = |entries: &str| format!(r#"{{"session_id": "a", "history": [{entries}]}}"#);
    let merged = merge(&text(""), &text(r#"{"event": "a"}"#), &text(r#"{"at": "noon"}, {"at": "one"}"#)).unwrap();
    assert_eq!((merged.text.matches("noon").count(), merged.diagnostics), (1, vec![]));
}

#[test]
fn two_sessions_are_not_merged() {
    let of = |id: &str| SAMPLE.replacen("ep_001_20240811_1430", id, 1);
    let changed = |id: &str, minute| after(&of(id), minute, &[COMPLETE]);
    let check = |base: &str, ours: &str, theirs: &str, expected: &[&str]| {
        let merged = merge(base, ours, theirs).unwrap();
        assert_eq!(
            (conflicts(&merged), merged.text.as_str()),
            (expected.iter().map(|line| line.to_string()).collect(), ours)
        );
    };
    check(&of("a"), &changed("a", 1), &changed("b", 2), &["session_id \"a\" \"b\""]);
    check(&of("a"), &changed("b", 1), &changed("b", 2), &["session_id \"b\" \"b\""]);
    // If one side is unchanged, no sessions can be mixed up.
    check(&of("a"), &changed("b", 2), &of("a"), &[]);
    check(&of("a"), &changed("b", 2), &changed("b", 2), &[]);
    // A text without an id may be any session.
    let none = r#"{"pipeline_state": {"current_stage": "writing"}}"#;
    let named = r#"{"pipeline_state": {"current_stage": "writing"}, "session_id": "a"}"#;
    let moved = none.replace("writing", "evaluation");
    assert_eq!(merge(none, named, &moved).unwrap().text, named.replace("writing", "evaluation"));
}

#[test]
fn retries_are_counted_from_both_histories() {
    let check = |base: &str, ours: &[&str], theirs: &[&str], failed: u64, retries: u64| {
        let (ours, theirs) = (after(base, 10, ours), after(base, 30, theirs));
        for (ours, theirs) in [(&ours, &theirs), (&theirs, &ours)] {
            let text = merge(base, ours, theirs).unwrap().text;
            assert_eq!(
                (pipeline(&text, "failed_attempts"), pipeline(&text, "retry_count")),
                (failed.into(), retries.into())
            );
        }
    };
    check(SAMPLE, &[FAIL, RETRY], &[FAIL, RETRY], 2, 2);
    check(SAMPLE, &[FAIL, RETRY, START, FAIL, RETRY], &[FAIL, RETRY], 3, 3);
    check(SAMPLE, &[FAIL], &[FAIL, RETRY], 2, 1);
    let once = after(SAMPLE, 1, &[FAIL]);
    check(&once, &[RETRY], &[RETRY], 1, 2);
    // Both have left the stage, so its counts are past.
    const EVALUATION_FAILS: [&str; 3] = [
        COMPLETE,
        r#"{"type": "fail", "agent": "quality_evaluator", "error": "y"}"#,
        r#"{"type": "retry", "agent": "quality_evaluator"}"#,
    ];
    let retried = after(&once, 2, &[RETRY]);
    check(&retried, &EVALUATION_FAILS, &EVALUATION_FAILS, 3, 2);
    check(&retried, &EVALUATION_FAILS, &EVALUATION_FAILS[..1], 2, 1);

    let of = |count: &str| SAMPLE.replace("\"retry_count\": 0", &format!("\"retry_count\": {count}"));
    let merged = merge(SAMPLE, &of("2"), &of("1")).unwrap();
    assert_eq!(conflicts(&merged), ["pipeline_state.retry_count 2 1"], "no history says what they are");
    assert_eq!(merge(SAMPLE, &of("2"), &of("2")).unwrap().text, of("2"));
}

#[test]
fn a_manual_change_is_kept_when_the_other_side_continues() {
    const BILL: &str = r#"{"type": "progress", "agent": "script_writer", "cost": 0.2}"#;
    // Both sides applied `before`; then one is changed manually, and the other continues. Merged from either side.
    let sides = |before: &[&str], hand: [&str; 2], further: &[&str]| {
        let shared = after(SAMPLE, 0, before);
        let by_hand = shared.replacen(hand[0], hand[1], 1);
        assert_ne!(by_hand, shared, "{hand:?}");
        let on = after(&shared, 60, further);
        [(by_hand.clone(), on.clone()), (on, by_hand)].map(|(ours, theirs)| {
            let merged = merge(SAMPLE, &ours, &theirs).unwrap();
            assert_eq!(merged.diagnostics, [], "{hand:?}");
            let state = Session::parse(merged.text.as_str()).unwrap().state().unwrap();
            let mut paths: Vec<String> = merged.conflicts.iter().map(|conflict| conflict.path.clone()).collect();
            paths.sort();
            (merged.text, paths, state)
        })
    };
    // No event has to do with it.
    for (text, conflicts, state) in sides(&[FAIL], ["octopuses_20240811.md", "mended.md"], &[RETRY, START]) {
        assert!(text.contains("mended.md"));
        assert_eq!((conflicts, state), (vec![], State::Writing));
    }
    let conflicts = |before: &[&str], hand: [&str; 2], further: &[&str], path: &str, state: State| {
        for (_, conflicts, merged) in sides(before, hand, further) {
            assert_eq!((conflicts, merged), (vec![path.to_owned()], state), "{hand:?}");
        }
    };
    // An event wrote it that both sides know, and none after that.
    let named = COMPLETE.replace("\"cost\"", "\"output_file\": \"a.md\", \"cost\"");
    let hand = ["\"output_file\": \"a.md\"", "\"output_file\": \"b.md\""];
    conflicts(&[&named], hand, &[EVALUATE], "agent_outputs.script_writer.output_file", State::Evaluating);
    let hand = ["\"error\": \"x\"\n", "\"error\": \"x, of the library\"\n"];
    conflicts(&[FAIL], hand, &[RETRY, START], "agent_outputs.script_writer.error", State::Writing);
    // Only the other side's event wrote it.
    let hand = ["\"script_quality\": null", "\"script_quality\": 0.7"];
    conflicts(&[BILL], hand, &[COMPLETE], "quality_metrics.script_quality", State::Evaluating);
    // It is one of the facts that hang together: they come from ours.
    let hand = ["\"status\": \"in_progress\"", "\"status\": \"pending\""];
    let [by_hand, on] = sides(&[BILL], hand, &[COMPLETE]);
    assert_eq!((by_hand.2, on.2), (State::Writing, State::Evaluating));
    assert_eq!(by_hand.1, on.1);
    assert!(by_hand.1.contains(&"agent_outputs.script_writer.status".to_owned()) && by_hand.1.len() == 4);
}
