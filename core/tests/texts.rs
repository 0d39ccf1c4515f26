//! Texts at their edges: escapes, times and numbers as they are found, the order of what is new, and diffs as git
//! shows them.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says what went wrong by panicking")]

use callboard_core::diff::{Numstat, numstat, unified};
use callboard_core::{Event, Policy, Session, Timestamp};

#[test]
fn escapes_are_read_as_json_means_them() {
    let check = |spelt: &str, meant: &str| {
        let session = Session::parse(format!(r#"{{"session_id": "{spelt}"}}"#)).unwrap();
        assert_eq!(session.id().as_deref(), Some(meant), "{spelt}");
    };
    check(r#"\b\f\n\r\t\"\\\/"#, "\u{8}\u{c}\n\r\t\"\\/");
    check(r"\u00e9\u0000", "\u{e9}\0");
    check(r"\ud83d\udc19", "\u{1F419}");
    check(r"\uD83D\uDC19!", "\u{1F419}!");
    // Half a surrogate pair is no character, whatever is next to it.
    check(r"\ud83d", "\u{fffd}");
    check(r"\udc19\ud83d", "\u{fffd}\u{fffd}");
    check(r"\ud83d\n", "\u{fffd}\n");
    check(r"\ud83d\u0041", "\u{fffd}A");
    check(r"\ud83d\ud83d\udc19", "\u{fffd}\u{1F419}");
}

#[test]
fn a_text_that_ends_inside_an_escape_says_which_string_is_open() {
    for end in ["", "\\", "\\u", "\\u00", "\\u00e"] {
        let error = Session::parse(format!("{{\n  \"session_id\": \"a{end}")).unwrap_err();
        assert_eq!(error.code().name(), "unexpected_end");
        assert_eq!(error.message(), "The file ends inside the string that opens at line 2, column 17.");
    }
}

#[test]
fn times_are_read_only_where_they_can_mean_one_thing() {
    let check = |text: &str, expected: Option<&str>| {
        assert_eq!(Timestamp::parse(text).map(|at| at.to_string()).as_deref(), expected, "{text}");
    };
    check("2024-08-11T14:30:00+00:00", Some("2024-08-11T14:30:00Z"));
    check("2024-08-11T14:30:00-23:59", Some("2024-08-12T14:29:00Z"));
    check("2024-08-11T14:30:00+24:00", None);
    check("2024-08-11T14:30:00+01:60", None);
    check("2024-08-11T14:30:00+1", None);
    check("2024-08-11T14:30:00+01:0x", None);
    check("2024-08-11T14:30:00 UTC", None);
    check("9999-12-31T23:59:59-00:01", None);
    assert_eq!(Timestamp::from_unix(i64::MAX).to_string(), "9999-12-31T23:59:59Z");
    assert_eq!(Timestamp::from_unix(i64::MIN).to_string(), "0000-01-01T00:00:00Z");
    assert_eq!(Timestamp::from_unix(0).plus(i64::MAX), Timestamp::from_unix(i64::MAX));
}

#[test]
fn new_members_follow_the_order_of_the_format() {
    let check = |stage: &str, event: &str, keys: &str| {
        let bare = format!(r#"{{"session_id": "a", "pipeline_state": {{"current_stage": "{stage}"}}}}"#);
        let file = if stage.is_empty() {
            r#"{"session_id": "a", "pipeline_state": {"completed_stages": []}}"#.to_owned()
        } else {
            bare
        };
        let mut session = Session::parse(file).unwrap();
        let event = Event::from_json(event).unwrap();
        session.apply(&event, Timestamp::from_unix(0), &Policy::default()).unwrap();
        let text = session.text();
        let mut rest = &text[..text.find("\"history\"").unwrap()];
        for key in keys.split_whitespace() {
            let at =
                rest.find(&format!("\"{key}\":")).unwrap_or_else(|| panic!("{key} is not where it belongs: {text}"));
            rest = &rest[at + 1..];
        }
    };
    check(
        "",
        r#"{"type": "start", "agent": "research_coordinator"}"#,
        "agent_outputs status start_time estimated_completion timestamps last_updated research_started",
    );
    let handoff = r#"{"data": {"script_file": "a.md", "word_count": 1, "estimated_duration": 2, "complexity_level": 3}, "validation": {"format_valid": true, "ready_for_evaluation": true}}"#;
    check(
        "writing",
        &format!(
            r#"{{"type": "complete", "agent": "script_writer", "handoff": {handoff}, "metrics": {{"brand_consistency": 1, "research_quality": 1}},
                "quality_score": 0.9, "cost": 1, "execution_time": 2, "output_file": "a.md"}}"#
        ),
        "pipeline_state current_stage completed_stages pending_stages
         agent_outputs status output_file execution_time cost quality_score handoff
         quality_metrics research_quality script_quality brand_consistency
         cost_tracking writing total timestamps last_updated writing_completed",
    );
    check(
        "",
        r#"{"type": "skip", "agent": "research_coordinator", "reason": "x"}"#,
        "pipeline_state current_stage pending_stages skipped_stages agent_outputs status timestamps",
    );
    check(
        "writing",
        r#"{"type": "fail", "agent": "script_writer", "error": "timeout", "cost": 1}"#,
        "pipeline_state failed_attempts agent_outputs status cost error cost_tracking timestamps",
    );
    check(
        "evaluation",
        r#"{"type": "quality_failure", "agent": "quality_evaluator", "cost": 1, "execution_time": 2, "report":
            {"failures": ["technical", "accuracy"], "scores": {"brand_consistency": 1, "overall": 1}, "technical_fixes": [1], "recommendations": [2]}}"#,
        "pipeline_state current_stage pending_stages gate_failures
         agent_outputs research_coordinator script_writer quality_evaluator status execution_time cost
         quality_metrics overall_quality brand_consistency cost_tracking evaluation total
         timestamps last_updated feedback adjustments_needed",
    );
}

#[test]
fn diffs_are_those_of_git() {
    let check = |old: &str, new: &str, expected: &str| {
        let lines = |mark: char| expected.lines().skip(2).filter(|line| line.starts_with(mark)).count() as u32;
        assert_eq!(unified(old, new, "a.json"), expected);
        assert_eq!(numstat(old, new), Numstat { added: lines('+'), removed: lines('-') });
    };
    check("a\n", "a\n", "");
    check("", "a\n", "--- a/a.json\n+++ b/a.json\n@@ -0,0 +1 @@\n+a\n");
    check("a\n", "", "--- a/a.json\n+++ b/a.json\n@@ -1 +0,0 @@\n-a\n");
    let none = "\\ No newline at end of file";
    check("a", "b", &format!("--- a/a.json\n+++ b/a.json\n@@ -1 +1 @@\n-a\n{none}\n+b\n{none}\n"));
    check("a\nb", "c\nb", &format!("--- a/a.json\n+++ b/a.json\n@@ -1,2 +1,2 @@\n-a\n+c\n b\n{none}\n"));
    // Two changes are one hunk up to six lines apart, and two hunks beyond.
    let lines = |first: &str, middle: &str, last: &str| format!("{first}\n{middle}{last}\n");
    for (apart, hunks) in [(6, 1), (7, 2)] {
        let middle = "x\n".repeat(apart);
        let patch = unified(&lines("a", &middle, "b"), &lines("c", &middle, "d"), "a.json");
        assert_eq!(patch.matches("@@ -").count(), hunks, "{patch}");
    }
}
