//! Diagnostics of a file, with places and corrections.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says what went wrong by panicking")]

use callboard_core::{Event, Policy, RefusalCode, Session, Timestamp};

const SAMPLE: &str = include_str!("../../tests/fixtures/sessions/ep001_session_20240811.json");

#[test]
fn a_good_file_has_nothing_to_notice() {
    assert_eq!(Session::parse(SAMPLE).unwrap().diagnostics(), []);
}

#[test]
fn diagnostics_have_their_places() {
    let check = |from: &str, to: &str, expected: &str| {
        let session = Session::parse(SAMPLE.replacen(from, to, 1)).unwrap();
        let found: Vec<String> = session
            .diagnostics()
            .iter()
            .map(|d| {
                let fix = d.fix.as_ref().map(|fix| format!(" [{}]", fix.title)).unwrap_or_default();
                format!("{} {} {}:{} {}{fix}", d.severity, d.code, d.line, d.column, d.message)
            })
            .collect();
        assert_eq!(found.join("\n"), expected);
    };
    check(
        "\"current_stage\": \"writing\"",
        "\"current_stage\": \"writeing\"",
        "error unreadable_state 11:22 current_stage is \"writeing\", which is not a stage. Did you mean \"writing\"? [Change it to \"writing\"]",
    );
    check(
        "\"in_progress\"",
        "\"in_progres\"",
        "error unreadable_state 27:17 The status of script_writer is \"in_progres\", which is not a status. Did you mean \"in_progress\"? [Change it to \"in_progress\"]",
    );
    check(
        "\"in_progress\"",
        "\"complete\"",
        "warning status_mismatch 27:17 script_writer is complete, but writing is the current stage: assumed pending.",
    );
    check(
        "\"current_stage\": \"writing\"",
        "\"current_stage\": \"synthesis\"",
        "warning stage_gap 11:22 The session is past writing, but writing is neither complete nor skipped.\nwarning stage_gap 11:22 The session is past evaluation, but evaluation is neither complete nor skipped.",
    );
    check(
        "\"retry_count\"",
        "\"retry_cout\"",
        "warning misspelt_key 15:5 Unknown key \"retry_cout\": did you mean \"retry_count\"? [Rename it to \"retry_count\"]",
    );
    check(
        "\"retry_count\": 0",
        "\"retry_cout\": 0.5",
        "warning misspelt_key 15:5 Unknown key \"retry_cout\". Its value is not that of \"retry_count\".",
    );
    check(
        "\"completed_stages\": [\"research\"]",
        "\"completed_stages\": \"reserch\"",
        "error unreadable_state 12:25 completed_stages must be a list of stages, and is a string.",
    );
    check(
        "\"created\": \"2024-08-11T14:30:00Z\"",
        "\"created\": \"2024-08-11 14:30:00\"",
        "info time_zone_assumed 57:16 timestamps.created has no time zone, so it is read as UTC.",
    );
    check(
        "\"created\": \"2024-08-11T14:30:00Z\"",
        "\"created\": \"2024-08-11T14:30:00.3NZ\"",
        "info time_malformed 57:16 timestamps.created is not in RFC 3339 form, but can be read. [Write it as 2024-08-11T14:30:00Z]",
    );
    check(
        "\"created\": \"2024-08-11T14:30:00Z\"",
        "\"created\": \"noon\"",
        "warning time_unreadable 57:16 timestamps.created is not a time and is ignored.",
    );
    check(
        "\"total\": 0.00",
        "\"total\": 5.51",
        "warning total_mismatch 51:14 The stated total of $5.51 is not the sum of the stages, $0.00. The total is kept.",
    );
    check(
        "\"writing\": 0.00",
        "\"writing\": 0.00, \"script_writer\": 1.5",
        "warning cost_contradiction 48:5 The cost of writing has two keys with different amounts: the larger is used.\nwarning total_mismatch 51:14 The stated total of $0.00 is not the sum of the stages, $1.50. The total is kept.",
    );
    check(
        "\"writing\": 0.00",
        "\"writing\": \"free\"",
        "error cost_unreadable 48:5 The cost of writing is not an amount: it counts as unknown.",
    );
    check(
        "\"total\": 0.00",
        "\"total\": \"3.20\"",
        "error cost_unreadable 51:5 The total is not an amount: the sum of the stages is used. [Change it to 3.20]",
    );
    check(
        "\"budget\": 9.00",
        "\"budget\": {\"dollars\": 9}",
        "error cost_unreadable 52:5 The budget is not an amount: it counts as unknown.",
    );
    check(
        "\"writing\": 0.00",
        "\"writing\": -0.5",
        "warning cost_negative 48:5 The cost of writing is negative, -$0.50. It is kept and counted.\nwarning total_mismatch 51:14 The stated total of $0.00 is not the sum of the stages, -$0.50. The total is kept.",
    );
    check(
        "\"status\": \"in_progress\"",
        "\"cost\": \"cheap\", \"status\": \"in_progress\"",
        "error cost_unreadable 27:7 The last cost of script_writer is not an amount: it counts as unknown.",
    );
    check(
        "\"status\": \"in_progress\"",
        "\"cost\": -1e-3, \"status\": \"in_progress\"",
        "warning cost_negative 27:7 The last cost of script_writer is negative, -$0.001. It is kept and counted.",
    );
    check(
        "\"completed_stages\": [\"research\"]",
        "\"completed_stages\": [\"research\", \"reserch\", 7]",
        "warning stage_unknown 12:38 Unknown stage \"reserch\" in completed_stages is ignored. Did you mean \"research\"? [Change it to \"research\"]\nwarning stage_unknown 12:49 Unknown stage 7 in completed_stages is ignored.",
    );
    check(
        "\"pending_stages\": [\"evaluation\"",
        "\"pending_stages\": [\"Quality-Evaluater\"",
        "warning stage_unknown 13:24 Unknown stage \"Quality-Evaluater\" in pending_stages is ignored. Did you mean \"quality_evaluator\"? [Change it to \"quality_evaluator\"]",
    );
    check(
        "\"number\": 1,",
        "\"number\": 1, \"number\": 2,",
        "warning duplicate_key 4:18 Duplicate key \"number\": the last value is used.",
    );
    check(
        "\"script_quality\": null",
        "\"script_quality\": 9.3",
        "info score_scale 41:23 quality_metrics.script_quality is 9.3, on another scale, so it is read as 0.93.",
    );
    check(
        "\"script_quality\": null",
        "\"script_quality\": 1.05",
        "warning score_unreadable 41:23 quality_metrics.script_quality is 1.05, which is not a score from 0 to 1 and counts as unknown.",
    );
    check(
        "\"script_quality\": null",
        "\"script_quality\": -1",
        "warning score_unreadable 41:23 quality_metrics.script_quality is -1, which is not a score from 0 to 1 and counts as unknown.",
    );
}

/// The diagnostics of a text: code, path and message.
fn found(text: &str) -> Vec<String> {
    let found = Session::parse(text).unwrap().diagnostics();
    found.iter().map(|found| format!("{} {} {}", found.code, found.path, found.message)).collect()
}

#[test]
fn times_are_looked_at_wherever_they_are_read() {
    let unread = |path: &str| format!("time_unreadable {path} {path} is not a time and is ignored.");
    let check = |rest: &str, expected: &[String]| {
        assert_eq!(
            found(&format!(
                r#"{{"session_id": "a", "pipeline_state": {{}}, "agent_outputs": {{"research_coordinator": {{"status": "pending"}}}}, {rest}}}"#
            )),
            expected
        );
    };
    check(r#""created_at": "noon""#, &[unread("created_at")]);
    check(r#""created_at": "2024-08-11T14:30:00Z""#, &[]);
    check(
        r#""history": [{"at": "2024-08-11T14:30:00Z"}, {"at": "noon"}, {"event": "start"}, {"at": 7}, "noon"]"#,
        &[unread("history.1.at"), unread("history.3.at")],
    );
    let escalated = r#"{"session_id": "a", "agent_outputs": {"research_coordinator": {"status": "failed"}}, "pipeline_state": {"escalation": {"at": "noon"}}}"#;
    assert_eq!(found(escalated), [unread("pipeline_state.escalation.at")]);
}

#[test]
fn a_cost_under_several_names_is_said_under_the_one_that_stands() {
    let check = |costs: &str, expected: &[&str], amount: Option<&str>| {
        let text = format!(
            r#"{{"session_id": "a", "agent_outputs": {{"research_coordinator": {{"status": "pending"}}}}, "cost_tracking": {{{costs}}}}}"#
        );
        assert_eq!(found(&text), expected);
        let stages = Session::parse(text).unwrap().costs().stages;
        assert_eq!(stages[1].map(|cost| cost.to_string()).as_deref(), amount, "{costs}");
    };
    let contradiction = |key: &str| {
        format!(
            "cost_contradiction cost_tracking.{key} The cost of writing has two keys with different amounts: the larger is used."
        )
    };
    check(r#""writing": 1, "Writing": 2"#, &[&contradiction("writing")], Some("2.00"));
    check(r#""Writing": 2, "writing": 1"#, &[&contradiction("writing")], Some("2.00"));
    check(r#""writing": 3, "Script-Writer": 2"#, &[&contradiction("writing")], Some("3.00"));
    check(r#""Script-Writer": 2, "script_writer": 1"#, &[&contradiction("script_writer")], Some("2.00"));
    check(r#""writing": 1.0, "Writing": 1, "script_writer": 1.00"#, &[], Some("1.00"));
    check(r#""Writing": 2"#, &[], Some("2.00"));
    // One name twice is one name: the last counts.
    let twice =
        |key: &str| format!("duplicate_key cost_tracking.{key} Duplicate key \"{key}\": the last value is used.");
    check(r#""Writing": 3, "Writing": 2"#, &[&twice("Writing")], Some("2.00"));
    check(r#""writing": 3, "writing": 2"#, &[&twice("writing")], Some("2.00"));
    let unreadable = |key: &str, counts: &str| {
        format!("cost_unreadable cost_tracking.{key} The cost of writing is not an amount: {counts}.")
    };
    check(r#""script_writer": "free""#, &[&unreadable("script_writer", "it counts as unknown")], None);
    check(
        r#""writing": 1, "script_writer": "free""#,
        &[&unreadable("script_writer", "it is not counted")],
        Some("1.00"),
    );
}

#[test]
fn a_key_that_stands_twice_is_named_with_its_way() {
    let check = |rest: &str, paths: &[&str]| {
        let text = format!(r#"{{"session_id": "a", {rest}}}"#);
        let found = Session::parse(text).unwrap().diagnostics();
        let found: Vec<&str> =
            found.iter().filter(|found| found.code == "duplicate_key").map(|found| found.path.as_str()).collect();
        assert_eq!(found, paths);
    };
    check(
        r#""agent_outputs": {"x": {}, "research_coordinator": {"status": "pending", "status": "complete"}}"#,
        &["agent_outputs.research_coordinator.status"],
    );
    check(
        r#""history": [{"a": [[]], "b": 1}, [], {"x": [0, {"a": 1, "a": 2, "\u0061": 3}]}]"#,
        &["history.2.x.1.a"; 2],
    );
    check(r#""a": {"b": 1, "b": 2}, "session_id": "b""#, &["a.b", "session_id"]);
    let deep = format!(r#""a": {}{{"x": 1, "x": 2}}{}"#, r#"{"b": "#.repeat(40), "}".repeat(40));
    check(&deep, &["a.b.b.b.b.b.b.b.b.b.b.b.….x"]);
}

#[test]
fn a_status_without_a_state_is_not_lost_in_silence() {
    let check = |rest: &str, expected: Option<&str>| {
        let text = format!("{{\n  \"session_id\": \"ep_001_20240811_1430\",\n  \"episode_number\": 1{rest}\n}}");
        let diagnostics = Session::parse(text).unwrap().diagnostics();
        let found = diagnostics.iter().find(|found| found.code == "status_unused");
        let said = found.map(|d| format!("{} {} {}:{} {}", d.severity, d.path, d.line, d.column, d.message));
        assert_eq!(said.as_deref(), expected, "{rest}");
    };
    let status = ",\n  \"status\": \"complete\"";
    check("", None);
    check(status, Some("warning status 4:13 Status \"complete\" is ignored: the file has no pipeline_state."));
    check(",\n  \"status\": null", None);
    check(&format!("{status}, \"pipeline_state\": {{\"current_stage\": \"complete\"}}"), None);
}

#[test]
fn a_key_is_renamed_only_where_its_value_fits_the_other() {
    let check = |text: &str, fix: Option<&str>| {
        let mut session = Session::parse(text).unwrap();
        let found = session.diagnostics().into_iter().find(|found| found.code == "misspelt_key").unwrap();
        assert_eq!(found.fix.as_ref().map(|fix| fix.title.as_str()), fix, "{text}");
        if let Some(fix) = found.fix {
            assert!(session.fix(&fix));
            assert_eq!(session.last_edits().unwrap().apply(text).as_deref(), Some(session.text()));
            assert!(session.state().is_ok(), "{text}");
        }
    };
    let rename = |key: &str| format!("Rename it to \"{key}\"");
    check(r#"{"session_id": "a", "pipeline_stage": "writing"}"#, None);
    check(r#"{"session_id": "a", "pipeline_stage": {"current_stage": "writing"}}"#, Some(&rename("pipeline_state")));
    // Without the shape of the key that it would become, a value may be anything.
    check(r#"{"session_id": "a", "pipeline_stage": null}"#, None);
    check(r#"{"session_id": "a", "pipeline_stages": {"discovery": {"status": "completed"}}}"#, None);
    check(r#"{"session_id": "a", "pipeline_stages": {"current_stage": null}}"#, None);
    check(r#"{"session_id": "a", "agent_output": {"narrator": {"status": "complete"}}}"#, None);
    check(r#"{"session_id": "a", "agent_output": {"script-writer": {}}}"#, Some(&rename("agent_outputs")));
    check(r#"{"session_id": "a", "quality_metric": {"clarity": 0.9}}"#, None);
    check(r#"{"session_id": "a", "cost_trackin": {"per_word": 0.1}}"#, None);
    check(r#"{"session_id": "a", "cost_trackin": {"total": 0.1}}"#, Some(&rename("cost_tracking")));
    check(r#"{"session_id": "a", "timestamp": {"first": "2024-08-11T14:30:00Z"}}"#, None);
    check(r#"{"session_id": "a", "timestamp": "2024-08-11T14:30:00Z"}"#, None);
    check(r#"{"session_id": "a", "episodes": {"first": 1}}"#, None);
    check(r#"{"session_id": "a", "histroy": [{"at": "2024-08-11T14:30:00Z"}]}"#, None);
    check(r#"{"session_id": "a", "histroy": {}}"#, None);
    check(r#"{"session_id": "a", "histroy": []}"#, Some(&rename("history")));
    check(r#"{"session_id": "a", "feedbak": 1}"#, Some(&rename("feedback")));
    let pipeline = |member: &str| format!(r#"{{"session_id": "a", "pipeline_state": {{{member}}}}}"#);
    check(&pipeline(r#""curent_stage": 3"#), None);
    check(&pipeline(r#""curent_stage": "lunch""#), None);
    check(&pipeline(r#""completed_stage": ["discovery"]"#), None);
    check(&pipeline(r#""completed_stage": ["research"]"#), Some(&rename("completed_stages")));
    check(&pipeline(r#""curent_stage": "writing""#), Some(&rename("current_stage")));
    check(&pipeline(r#""compleded_stages": "research""#), None);
    check(&pipeline(r#""failed_atempts": -1"#), None);
    check(&pipeline(r#""failed_atempts": 1.0"#), Some(&rename("failed_attempts")));
    let within = |section: &str, member: &str| format!(r#"{{"session_id": "a", "{section}": {{{member}}}}}"#);
    check(&within("cost_tracking", r#""budgte": "9.00""#), None);
    check(&within("cost_tracking", r#""within_buget": true"#), Some(&rename("within_budget")));
    check(&within("agent_outputs", r#""script_writter": "complete""#), None);
    check(&within("timestamps", r#""creatd": 1723386600"#), None);
    check(&within("timestamps", r#""creatd": "noon""#), None);
    check(&within("quality_metrics", r#""overal_quality": "high""#), None);
    check(&within("quality_metrics", r#""overal_quality": 850"#), None);
    let block = |member: &str| within("agent_outputs", &format!(r#""script_writer": {{{member}}}"#));
    check(&block(r#""statu": "sleeping""#), None);
    check(&block(r#""statu": "done""#), Some(&rename("status")));
    check(&block(r#""handof": {"ready": true}"#), None);
    check(&block(r#""start_tim": "soon""#), None);
}

#[test]
fn scores_are_read_on_the_scale_that_must_be_meant() {
    let score = |script: &str, brand: &str| {
        let text = SAMPLE.replace("\"script_quality\": null", &format!("\"script_quality\": {script}"));
        let text = text.replace("\"brand_consistency\": null", &format!("\"brand_consistency\": {brand}"));
        Session::parse(text).unwrap().quality().script_quality
    };
    assert_eq!(score("0.9", "null"), Some(0.9));
    assert_eq!(score("9", "null"), Some(0.9));
    assert_eq!(score("90", "null"), Some(0.9));
    assert_eq!(score("9", "92"), None, "nine of ten, or of a hundred?");
    assert_eq!(score("101", "null"), None);
    // A little more than everything, or a little of a larger scale?
    assert_eq!(score("1.05", "null"), None);
    assert_eq!(score("1.05", "9"), None);
    assert_eq!(score("1.99", "92"), None);
    assert_eq!((score("1", "null"), score("2", "null"), score("10", "null")), (Some(1.0), Some(0.2), Some(1.0)));
    assert_eq!(score("10.5", "null"), None);
    assert_eq!((score("10.5", "9"), score("10.5", "92")), (None, Some(0.105)));
    assert_eq!((score("20", "null"), score("100", "null")), (Some(0.2), Some(1.0)));
    assert_eq!(score("null", "null"), None);
}

#[test]
fn older_files_are_read_by_the_tolerant_rules() {
    let state = |pipeline: &str, outputs: &str| {
        let text =
            format!(r#"{{"session_id": "a", "pipeline_state": {{{pipeline}}}, "agent_outputs": {{{outputs}}}}}"#);
        let session = Session::parse(text).unwrap();
        session.state().map_or_else(|unreadable| unreadable.path, |state| state.name().to_owned())
    };
    assert_eq!(state(r#""current_stage": "SCRIPT-WRITER""#, ""), "WRITING");
    assert_eq!(state(r#""current_stage": "EVALUATING""#, ""), "EVALUATING");
    assert_eq!(state(r#""current_stage": "done""#, ""), "COMPLETE");
    assert_eq!(state(r#""current_stage": "initialized""#, ""), "INITIALIZED");
    assert_eq!(state(r#""current_stage": "initialized", "completed_stages": ["RESEARCHING"]"#, ""), "WRITING");
    assert_eq!(
        state(r#""current_stage": "initialized""#, r#""research-coordinator": {"status": "in_progress"}"#),
        "RESEARCHING"
    );
    assert_eq!(state("", ""), "UNKNOWN");
    assert_eq!(state(r#""retry_count": 0"#, ""), "UNKNOWN");
    assert_eq!(state(r#""retry_count": 0, "completed_stages": []"#, ""), "RESEARCHING");
    assert_eq!(state(r#""retry_count": 0"#, r#""script_writer": {"status": "pending"}"#), "RESEARCHING");
    assert_eq!(state("", r#""script_writer": {"status": "pending"}"#), "RESEARCHING");
    assert_eq!(
        state(r#""completed_stages": ["research", "writing"], "skipped_stages": ["evaluation"]"#, ""),
        "SYNTHESIZING"
    );
    assert_eq!(state(r#""current_stage": "writing""#, r#""Script_Writer": {"status": "Failed"}"#), "FAILED");
    assert_eq!(state(r#""current_stage": "writing""#, r#""script_writer": {"status": "success"}"#), "WRITING");
    assert_eq!(state(r#""current_stage": 3"#, ""), "pipeline_state.current_stage");
    for list in ["completed_stages", "skipped_stages", "pending_stages"] {
        assert_eq!(state(&format!(r#""{list}": {{"writing": true}}"#), ""), format!("pipeline_state.{list}"));
        assert_eq!(state(&format!(r#""{list}": null"#), ""), "UNKNOWN");
    }
}

#[test]
fn a_session_that_cannot_be_read_refuses_every_event() {
    let session =
        Session::parse(SAMPLE.replace("\"current_stage\": \"writing\"", "\"current_stage\": \"mixing\"")).unwrap();
    let event = Event::from_json(r#"{"type": "fail", "agent": "nobody", "error": "x"}"#).unwrap();
    let refusal = session.check(&event, Timestamp::from_unix(0), &Policy::default()).unwrap_err();
    assert_eq!((refusal.code, refusal.allowed.len()), (RefusalCode::UnreadableState, 0));
    assert_eq!(refusal.hint.as_deref(), Some("Correct pipeline_state.current_stage in the file."));
    let unreadable = session.state().unwrap_err();
    assert_eq!(unreadable.to_string(), unreadable.message);
    assert_eq!(unreadable.path, "pipeline_state.current_stage");
}

#[test]
fn a_fix_mends_what_it_is_for_and_can_be_taken_back() {
    let check = |from: &str, to: &str| {
        let text = SAMPLE.replacen(from, to, 1);
        let mut session = Session::parse(text.as_str()).unwrap();
        let fix = session.diagnostics()[0].fix.clone().unwrap();
        assert!(session.fix(&fix));
        assert_eq!((session.text(), session.diagnostics().len()), (SAMPLE, 0));
        assert!(!session.fix(&fix), "it is none of this text any more");
        assert_eq!(session.undo_depth(), 1);
        assert!(session.undo());
        assert_eq!((session.text(), session.undo_depth()), (text.as_str(), 0));
    };
    check("\"current_stage\": \"writing\"", "\"current_stage\": \"writting\"");
    check("\"in_progress\"", "\"in_progres\"");
    check("\"retry_count\"", "\"retry_cout\"");
    check("\"created\": \"2024-08-11T14:30:00Z\"", "\"created\": \"2024-08-11T14:30:00.3NZ\"");
}

#[test]
fn a_number_or_a_flag_in_quotes_is_certain() {
    let check = |from: &str, quoted: &str, fixed: Option<&str>| {
        let text = SAMPLE.replacen(from, quoted, 1);
        assert_ne!(text, SAMPLE, "{from}");
        let mut session = Session::parse(text.as_str()).unwrap();
        let found: Vec<_> = session.diagnostics().into_iter().filter_map(|found| found.fix).collect();
        match fixed {
            Some(fixed) => {
                assert_eq!(found.len(), 1, "{quoted}");
                assert!(session.fix(&found[0]), "{quoted}");
                assert_eq!(session.text(), SAMPLE.replacen(from, fixed, 1));
                assert!(session.diagnostics().iter().all(|found| found.fix.is_none()), "{quoted}");
                assert!(session.state().is_ok());
            }
            None => assert_eq!(found, [], "{quoted}"),
        }
    };
    check("\"retry_count\": 0", "\"retry_count\": \"3\"", Some("\"retry_count\": 3"));
    check("\"failed_attempts\": 0", "\"failed_attempts\": \" 2 \"", Some("\"failed_attempts\": 2"));
    check("\"number\": 1", "\"number\": \"1\"", Some("\"number\": 1"));
    check("\"duration_target\": 27", "\"duration_target\": \"27.5\"", Some("\"duration_target\": 27.5"));
    check("\"execution_time\": 1680", "\"execution_time\": \"1680\"", Some("\"execution_time\": 1680"));
    check("\"total\": 0.00", "\"total\": \"$0.00\"", Some("\"total\": 0.00"));
    check("\"budget\": 9.00", "\"budget\": \"9.50\"", Some("\"budget\": 9.50"));
    check("\"cost\": 0.00", "\"cost\": \"-$5.00\"", Some("\"cost\": -5.00"));
    check("\"cost\": 0.00", "\"cost\": \"$-5.00\"", Some("\"cost\": -5.00"));
    check("\"quality_score\": 0.92", "\"quality_score\": \"0.92\"", Some("\"quality_score\": 0.92"));
    check("\"research_quality\": 0.92", "\"research_quality\": \"9e1\"", Some("\"research_quality\": 9e1"));
    check("\"within_budget\": true", "\"within_budget\": \"true\"", Some("\"within_budget\": true"));
    for odd in ["03", "+3", "3.5", "three", "", "-1", "0x3", "1e400"] {
        check("\"retry_count\": 0", &format!("\"retry_count\": \"{odd}\""), None);
    }
    for odd in ["free", "$", "1,50", "1.50 USD", "€2", "$$2", "."] {
        check("\"total\": 0.00", &format!("\"total\": \"{odd}\""), None);
    }
    check("\"quality_score\": 0.92", "\"quality_score\": \"high\"", None);
    check("\"within_budget\": true", "\"within_budget\": \"yes\"", None);
}

#[test]
fn several_counts_in_quotes_are_each_said() {
    let text = SAMPLE
        .replace("\"retry_count\": 0", "\"retry_count\": \"1\"")
        .replace("\"failed_attempts\": 0", "\"failed_attempts\": \"2\"");
    let session = Session::parse(text).unwrap();
    let found: Vec<_> = session.diagnostics().iter().map(|found| (found.code, found.path.clone())).collect();
    let path = |name: &str| format!("pipeline_state.{name}");
    assert_eq!(found, [("quoted_value", path("failed_attempts")), ("unreadable_state", path("retry_count"))]);
}
