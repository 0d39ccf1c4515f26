//! Work that grows linearly with the text: at these sizes, quadratic work would take minutes.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says what went wrong by panicking")]

use callboard_core::diff::{LineDiff, numstat, unified};
use callboard_core::{Session, merge};

const MANY: usize = 40_000;

/// An object's members or a list's entries.
fn joined(one: impl Fn(usize) -> String) -> String {
    let all: Vec<String> = (0..MANY).map(one).collect();
    all.join(",\n")
}

fn session(rest: &str) -> String {
    format!(
        "{{\"session_id\": \"a\", \"agent_outputs\": {{\"research_coordinator\": {{\"status\": \"pending\"}}}},\n{rest}}}"
    )
}

#[test]
fn any_number_of_diagnostics_is_found_in_one_go() {
    let check = |rest: &str, code: &str, count: usize| {
        for text in [session(rest), session(rest).replace('\n', "")] {
            let found = Session::parse(text).unwrap().diagnostics();
            assert_eq!(found.iter().filter(|found| found.code == code).count(), count, "{code}");
        }
    };
    check(&joined(|at| format!("\"unknown_{at}\": {at}")), "misspelt_key", 0);
    check(&joined(|_| "\"histroy\": []".to_owned()), "misspelt_key", MANY);
    check(&joined(|_| "\"a\": 1".to_owned()), "duplicate_key", MANY - 1);
    check(&format!("\"timestamps\": {{{}}}", joined(|at| format!("\"t{at}\": \"noon\""))), "time_unreadable", MANY);
    check(&format!("\"history\": [{}]", joined(|_| "{\"at\": \"noon\"}".to_owned())), "time_unreadable", MANY);
    let names = format!("\"pipeline_state\": {{\"skipped_stages\": [{}]}}", joined(|_| "\"reserch\"".to_owned()));
    check(&names, "stage_unknown", MANY);
    check(&format!("\"cost_tracking\": {{{}}}", joined(|_| "\"Writing\": 1".to_owned())), "duplicate_key", MANY - 1);
    let nested = format!("{}1{}", "{\"a\": 1, \"a\": ".repeat(MANY), "}".repeat(MANY));
    check(&format!("\"x\": {nested}"), "duplicate_key", MANY);
}

#[test]
fn a_fix_among_many_is_found() {
    let mut session = Session::parse(session(&joined(|_| "\"histroy\": []".to_owned()))).unwrap();
    let fix = session.diagnostics().into_iter().filter_map(|found| found.fix).next_back().unwrap();
    assert!(session.fix(&fix) && session.text().ends_with("\"history\": []}"));
}

#[test]
fn any_number_of_changes_is_merged() {
    let check = |base: &str, ours: &str, theirs: &str, marks: [&str; 2]| {
        let merged = merge(&session(base), &session(ours), &session(theirs)).unwrap();
        for mark in marks {
            assert_eq!(merged.text.matches(mark).count(), MANY, "{mark}");
        }
        assert!(merged.conflicts.is_empty());
    };
    let history = |mark: &str, second: usize| {
        let time = |at: usize| format!("2024-08-{:02}T{:02}:{:02}:{second:02}Z", at / 1440 + 1, at / 60 % 24, at % 60);
        format!(
            "\"history\": [{}]",
            joined(|at| format!("{{\"at\": \"{}\", \"event\": \"{mark}\"}}", time(at % 40_000)))
        )
    };
    check("\"history\": []", &history("mine", 1), &history("yours", 2), ["mine", "yours"]);
    let list = |mark: &str| format!("\"tags\": [{}]", joined(|at| format!("\"{mark}{at}\"")));
    check(&list("old"), &list("mine"), &list("yours"), ["mine", "yours"]);
    check("\"tags\": []", &format!("\"tags\": [{}]", joined(|_| "1".to_owned())), &list("yours"), ["yours", "yours"]);
    let keys = |mark: &str, value: usize| joined(|at| format!("\"{mark}{at}\": {{\"v\": {value}}}"));
    check("\"x\": 1", &keys("mine", 1), &keys("yours", 1), ["mine", "yours"]);
    // Each side changed each, theirs a part of it, and removed the parts that ours left alone.
    let base = format!("{},\n{}", keys("both", 1), keys("gone", 1));
    let ours = format!("{},\n{}", keys("both", 1).replace("{\"v\"", "{\"mine\": 1, \"v\""), keys("gone", 1));
    check(&base, &ours, &keys("both", 2), ["both", "\"mine\": 1, \"v\": 2"]);
}

#[test]
fn any_number_of_equal_lines_is_compared() {
    let many = "    {\"event\": \"progress\"},\n".repeat(2 * MANY);
    let old = format!("{{\n\"a\": 1,\n\"history\": [\n{many}]\n}}\n");
    let new = old.replace("1,", "2,").replace("]\n", "    {\"event\": \"progress\"}\n]\n");
    let diff = LineDiff::between(&old, &new, 3);
    assert_eq!((diff.added, diff.removed, diff.blocks.len()), (2, 1, 3));
    let stat = numstat(&old, &new);
    assert_eq!((stat.added, stat.removed), (2, 1));
    assert_eq!(unified(&old, &new, "a.json").matches("@@ -").count(), 2);
    // Each of many removed lines is alone among equal ones.
    let mixed = |line: &str| format!("{}{line}", "same\n".repeat(9)).repeat(MANY / 5);
    let stat = numstat(&mixed("gone\n"), &mixed(""));
    assert_eq!((stat.added, stat.removed), (0, MANY as u32 / 5));
}

#[test]
fn any_number_of_late_bills_finds_its_attempts() {
    let entry = |event: &str, attempt: usize| {
        format!("{{\"event\": \"{event}\", \"agent\": \"script_writer\", \"attempt\": {attempt}, \"cost\": 0.01}}")
    };
    let history = format!("\"history\": [{},\n{}]", joined(|at| entry("start", at)), joined(|_| entry("progress", 7)));
    let timeline = Session::parse(session(&history)).unwrap().timeline();
    let cost = |at: usize| timeline.lanes[1].bars[at].cost.unwrap().to_string();
    assert_eq!((timeline.lanes[1].bars.len(), cost(7), cost(8)), (MANY, "400.01".to_owned(), "0.01".to_owned()));
}
