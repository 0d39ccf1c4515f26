//! The framework's worked trace, step by step, with the changes that each step may make.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says what went wrong by panicking")]

use callboard_core::diff::{LineKind, lines};
use callboard_core::{Agent, AgentStatus, Event, NextStep, Outcome, Policy, Session, State, Timestamp};

const SAMPLE: &str = include_str!("../../tests/fixtures/sessions/ep001_session_20240811.json");

fn at(minute: i64) -> Timestamp {
    Timestamp::parse("2024-08-11T15:00:00Z").unwrap().plus(minute * 60)
}

fn apply(session: &mut Session, minute: i64, event: &str) -> Outcome {
    let event = Event::from_json(event).unwrap_or_else(|refusal| panic!("{event}: {refusal}"));
    let outcome =
        session.apply(&event, at(minute), &Policy::default()).unwrap_or_else(|refusal| panic!("{event:?}: {refusal}"));
    // Every state survives being written and read.
    let again = Session::parse(session.text()).unwrap();
    assert_eq!(again.state(), session.state());
    outcome
}

fn json(session: &Session) -> serde_json::Value {
    serde_json::from_str(session.text()).unwrap()
}

/// Returns the lines that differ, trimmed, as `-old` and `+new`.
fn changed(before: &str, after: &str) -> Vec<String> {
    lines(before, after)
        .into_iter()
        .filter_map(|line| match line.kind {
            LineKind::Same => None,
            LineKind::Removed => Some(format!("-{}", line.text.trim())),
            LineKind::Added => Some(format!("+{}", line.text.trim())),
        })
        .collect()
}

#[test]
fn complete_changes_only_the_lines_it_names() {
    let mut session = Session::parse(SAMPLE).unwrap();
    let outcome = apply(
        &mut session,
        20,
        r#"{"type": "complete", "agent": "script_writer", "cost": 1.2, "quality_score": 0.9, "output_file": "a.md", "execution_time": 1200}"#,
    );
    assert_eq!((outcome.from, outcome.to, outcome.next.step), (State::Writing, State::Evaluating, NextStep::Start));
    assert_eq!(
        changed(SAMPLE, session.text()),
        [
            r#"-"current_stage": "writing","#,
            r#"-"completed_stages": ["research"],"#,
            r#"-"pending_stages": ["evaluation", "synthesis"],"#,
            r#"+"current_stage": "evaluation","#,
            r#"+"completed_stages": ["research", "writing"],"#,
            r#"+"pending_stages": ["synthesis"],"#,
            r#"-"status": "in_progress","#,
            r#"+"status": "complete","#,
            r#"-"estimated_completion": "2024-08-11T15:18:00Z""#,
            r#"+"estimated_completion": "2024-08-11T15:18:00Z","#,
            r#"+"output_file": "a.md","#,
            r#"+"execution_time": 1200,"#,
            r#"+"cost": 1.20,"#,
            r#"+"quality_score": 0.9"#,
            r#"-"script_quality": null,"#,
            r#"+"script_quality": 0.9,"#,
            r#"-"writing": 0.00,"#,
            r#"+"writing": 1.20,"#,
            r#"-"total": 0.00,"#,
            r#"+"total": 1.20,"#,
            r#"-"last_updated": "2024-08-11T14:58:00Z","#,
            r#"+"last_updated": "2024-08-11T15:20:00Z","#,
            r#"-"writing_started": "2024-08-11T14:58:00Z""#,
            r#"-}"#,
            r#"+"writing_started": "2024-08-11T14:58:00Z","#,
            r#"+"writing_completed": "2024-08-11T15:20:00Z""#,
            r#"+},"#,
            r#"+"#,
            r#"+"history": ["#,
            r#"+{"at": "2024-08-11T15:20:00Z", "event": "complete", "agent": "script_writer", "stage": "writing", "from": "WRITING", "to": "EVALUATING", "attempt": 1, "cost": 1.20}"#,
            r#"+]"#,
        ]
    );
    assert!(session.undo());
    assert_eq!(session.text(), SAMPLE);
}

/// One row of the trace.
struct Row {
    current: &'static str,
    completed: &'static [&'static str],
    pending: &'static [&'static str],
    counts: [u64; 3],
    statuses: &'static str,
}

#[track_caller]
fn assert_row(session: &Session, row: &Row) {
    let file = json(session);
    let pipeline = &file["pipeline_state"];
    assert_eq!(pipeline["current_stage"], row.current);
    assert_eq!(pipeline["completed_stages"], serde_json::json!(row.completed));
    assert_eq!(pipeline["pending_stages"], serde_json::json!(row.pending));
    let count = |key: &str| pipeline[key].as_u64().unwrap_or(0);
    assert_eq!([count("failed_attempts"), count("retry_count"), count("gate_failures")], row.counts);
    let letter = |agent| match session.agent(agent).status {
        AgentStatus::Pending => 'P',
        AgentStatus::InProgress => 'I',
        AgentStatus::Complete => 'C',
        AgentStatus::Failed => 'F',
        AgentStatus::Retry => 'R',
        AgentStatus::Skipped => 'S',
        AgentStatus::NotImplemented => 'N',
    };
    assert_eq!(Agent::ALL.map(letter).iter().collect::<String>(), row.statuses);
}

#[test]
fn the_worked_trace_goes_as_written() {
    let mut session = Session::parse(SAMPLE).unwrap();
    let stamp = |session: &Session, key: &str| json(session)["timestamps"][key].as_str().map(str::to_owned);
    let time = |minute| Some(at(minute).to_string());
    let writing = |counts, statuses| Row {
        current: "writing",
        completed: &["research"],
        pending: &["evaluation", "synthesis"],
        counts,
        statuses,
    };
    let evaluation = |counts, statuses| Row {
        current: "evaluation",
        completed: &["research", "writing"],
        pending: &["synthesis"],
        counts,
        statuses,
    };
    assert_row(&session, &writing([0, 0, 0], "CIPN"));

    apply(&mut session, 1, r#"{"type": "complete", "agent": "script_writer", "cost": 1.2, "quality_score": 0.9}"#);
    assert_row(&session, &evaluation([0, 0, 0], "CCPN"));
    assert_eq!(stamp(&session, "writing_completed"), time(1));
    assert_eq!(session.progress(at(1), &Policy::default()).progress_percentage, Some(50));

    apply(&mut session, 2, r#"{"type": "start", "agent": "quality_evaluator"}"#);
    assert_row(&session, &evaluation([0, 0, 0], "CCIN"));
    assert_eq!(stamp(&session, "evaluation_started"), time(2));

    apply(
        &mut session,
        3,
        r#"{"type": "quality_failure", "agent": "quality_evaluator", "report": {"failures": ["brand_consistency", "technical"],
            "recommendations": ["Say what is not known."], "technical_fixes": ["Add the pauses."]}}"#,
    );
    assert_row(&session, &writing([0, 0, 1], "CPPN"));
    assert_eq!(session.progress(at(3), &Policy::default()).progress_percentage, Some(25));
    let carried = |session: &Session| (json(session)["feedback"].clone(), json(session)["adjustments_needed"].clone());
    assert_eq!(
        carried(&session),
        (serde_json::json!(["Say what is not known."]), serde_json::json!(["Add the pauses."]))
    );

    apply(&mut session, 4, r#"{"type": "start", "agent": "script_writer"}"#);
    assert_row(&session, &writing([0, 0, 1], "CIPN"));
    assert_eq!(stamp(&session, "writing_started").as_deref(), Some("2024-08-11T14:58:00Z"), "the first start stays");

    let outcome = apply(&mut session, 5, r#"{"type": "fail", "agent": "script_writer", "error": "timeout"}"#);
    assert_eq!(outcome.next.step, NextStep::Retry);
    assert_row(&session, &writing([1, 0, 1], "CFPN"));
    assert_eq!(stamp(&session, "writing_failed"), time(5));

    apply(&mut session, 6, r#"{"type": "retry", "agent": "script_writer"}"#);
    assert_row(&session, &writing([1, 1, 1], "CRPN"));

    apply(&mut session, 7, r#"{"type": "start", "agent": "script_writer"}"#);
    assert_row(&session, &writing([1, 1, 1], "CIPN"));
    assert_eq!(session.agent(Agent::ScriptWriter).error.as_deref(), Some("timeout"));

    apply(&mut session, 8, r#"{"type": "complete", "agent": "script_writer"}"#);
    assert_row(&session, &evaluation([1, 0, 1], "CCPN"));
    assert_eq!(session.agent(Agent::ScriptWriter).error, None);
    assert_eq!(stamp(&session, "writing_completed"), time(8));

    apply(&mut session, 9, r#"{"type": "start", "agent": "quality_evaluator"}"#);
    assert_row(&session, &evaluation([1, 0, 1], "CCIN"));
    assert!(!carried(&session).0.is_null());

    apply(&mut session, 10, r#"{"type": "complete", "agent": "quality_evaluator"}"#);
    let synthesis = Row {
        current: "synthesis",
        completed: &["research", "writing", "evaluation"],
        pending: &[],
        counts: [1, 0, 1],
        statuses: "CCCN",
    };
    assert_row(&session, &synthesis);
    assert_eq!(stamp(&session, "evaluation_completed"), time(10));
    assert_eq!(carried(&session), (serde_json::Value::Null, serde_json::Value::Null));

    let outcome =
        apply(&mut session, 11, r#"{"type": "skip", "agent": "audio_synthesizer", "reason": "no audio yet"}"#);
    assert_eq!(outcome.next.step, NextStep::Done);
    assert_row(&session, &Row { current: "complete", statuses: "CCCS", ..synthesis });
    assert_eq!(stamp(&session, "completed"), time(11));
    assert_eq!(session.progress(at(11), &Policy::default()).progress_percentage, Some(100));

    let file = json(&session);
    assert_eq!(file["pipeline_state"]["skipped_stages"], serde_json::json!(["synthesis"]));
    assert_eq!(file["history"].as_array().map(Vec::len), Some(11));
    assert!(session.text().contains("\"writing\": 1.20") && session.text().contains("\"total\": 1.20"));

    for _ in 0..11 {
        assert!(session.undo());
    }
    assert_eq!(session.text(), SAMPLE);
}

#[test]
fn three_retries_and_then_a_person_decides() {
    let mut session = Session::parse(SAMPLE).unwrap();
    for attempt in 1..=3 {
        let outcome =
            apply(&mut session, attempt * 3, r#"{"type": "fail", "agent": "script_writer", "error": "timeout"}"#);
        assert_eq!(outcome.next.step, NextStep::Retry);
        apply(&mut session, attempt * 3 + 1, r#"{"type": "retry", "agent": "script_writer"}"#);
        apply(&mut session, attempt * 3 + 2, r#"{"type": "start", "agent": "script_writer"}"#);
    }
    let outcome = apply(&mut session, 20, r#"{"type": "fail", "agent": "script_writer", "error": "timeout"}"#);
    assert_eq!(outcome.next.step, NextStep::Escalate);
    assert_eq!(
        json(&session)["pipeline_state"]["escalation"],
        serde_json::json!({"stage": "writing", "agent": "script_writer", "error": "timeout", "at": at(20).to_string()})
    );
    let refused = |session: &Session, event: &str| {
        let event = Event::from_json(event).unwrap();
        session.check(&event, at(21), &Policy::default()).unwrap_err()
    };
    let refusal = refused(&session, r#"{"type": "retry", "agent": "script_writer"}"#);
    assert_eq!(refusal.code.name(), "retries_exhausted");
    assert_eq!(refusal.message, "script_writer cannot be retried: it has failed after 3 retries and needs a decision.");
    assert_eq!(refusal.hint.as_deref(), Some("Resume script_writer with an override."));
    assert_eq!(refused(&session, r#"{"type": "resume", "agent": "script_writer"}"#).code.name(), "escalated");
    apply(
        &mut session,
        22,
        r#"{"type": "resume", "agent": "script_writer", "override": true, "reason": "the service is back"}"#,
    );
    assert_eq!(session.state(), Ok(State::Retry));
    assert!(json(&session)["pipeline_state"].get("escalation").is_none());
}

#[test]
fn the_next_step_is_accepted() {
    let fail = r#"{"type": "fail", "agent": "script_writer", "error": "timeout"}"#;
    let check = |pipeline: &str, expected: NextStep| {
        let text = SAMPLE.replace("\"failed_attempts\": 0,\n    \"retry_count\": 0", pipeline);
        assert_ne!(text, SAMPLE);
        let mut session = Session::parse(text).unwrap();
        assert_eq!(apply(&mut session, 1, fail).next.step, expected, "{pipeline}");
        assert_eq!(session.escalated(&Policy::default()), expected == NextStep::Escalate, "{pipeline}");
        let retry = Event::from_json(r#"{"type": "retry", "agent": "script_writer"}"#).unwrap();
        let retried = session.check(&retry, at(2), &Policy::default());
        assert_eq!(retried.is_ok(), expected == NextStep::Retry, "{pipeline}");
    };
    check("\"failed_attempts\": 2, \"retry_count\": 2", NextStep::Retry);
    check("\"failed_attempts\": 0, \"retry_count\": 3", NextStep::Escalate);
    check("\"retry_count\": 0, \"escalation\": {\"stage\": \"writing\"}", NextStep::Escalate);
    check("\"retry_count\": 0, \"escalation\": null", NextStep::Retry);
}

#[test]
fn a_stage_that_is_left_stands_in_one_list_only() {
    let check = |listed: &str, event: &str, completed: &[&str], skipped: &[&str]| {
        let text = SAMPLE.replace("\"in_progress\"", "\"pending\"");
        let text = text.replace("\"completed_stages\": [\"research\"]", listed);
        let mut session = Session::parse(text).unwrap();
        apply(&mut session, 1, event);
        let pipeline = &json(&session)["pipeline_state"];
        let list = |key: &str| pipeline[key].as_array().cloned().unwrap_or_default();
        assert_eq!((list("completed_stages"), list("skipped_stages")), (values(completed), values(skipped)), "{event}");
    };
    let skip = r#"{"type": "skip", "agent": "script_writer", "reason": "x"}"#;
    let complete = r#"{"type": "complete", "agent": "script_writer"}"#;
    let stale = r#""completed_stages": ["research", "WRITING"]"#;
    check(stale, skip, &["research"], &["writing"]);
    check(stale, complete, &["research", "WRITING"], &[]);
    let stale = r#""completed_stages": ["research"], "skipped_stages": ["script_writer"]"#;
    check(stale, complete, &["research", "writing"], &[]);
    check(stale, skip, &["research"], &["script_writer"]);
}

fn values(names: &[&str]) -> Vec<serde_json::Value> {
    names.iter().map(|name| serde_json::json!(name)).collect()
}

#[test]
fn a_new_session_goes_from_its_first_stage() {
    let now = at(0);
    let mut session =
        Session::initialize(&callboard_core::Initialize::new(7, "tides"), now, &Policy::default()).unwrap();
    assert_eq!(session.state(), Ok(State::Initialized));
    apply(&mut session, 1, r#"{"type": "start", "agent": "research_coordinator"}"#);
    assert_eq!(session.state(), Ok(State::Researching));
    let file = json(&session);
    assert_eq!(file["pipeline_state"]["pending_stages"], serde_json::json!(["writing", "evaluation", "synthesis"]));
    assert_eq!(file["agent_outputs"]["research_coordinator"]["estimated_completion"], at(29).to_string());
}

#[test]
fn refusals_say_what_why_and_what_is_possible() {
    let session = Session::parse(SAMPLE).unwrap();
    let check = |event: &str, code: &str, message: &str| {
        let refusal = match Event::from_json(event) {
            Ok(event) => session.check(&event, at(1), &Policy::default()).unwrap_err(),
            Err(refusal) => refusal,
        };
        assert_eq!((refusal.code.name(), refusal.message.as_str()), (code, message));
        refusal
    };
    let busy = check(
        r#"{"type": "start", "agent": "script_writer"}"#,
        "agent_busy",
        "script_writer cannot start: it is running.",
    );
    assert_eq!(&*busy.reason, "script_writer is running.");
    check(
        r#"{"type": "start", "agent": "research_coordinator"}"#,
        "already_complete",
        "research_coordinator cannot start: its stage is complete already.",
    );
    check(
        r#"{"type": "start", "agent": "quality_evaluator"}"#,
        "wrong_stage",
        "quality_evaluator cannot start: its stage is evaluation, and the session is at writing.",
    );
    check(
        r#"{"type": "retry", "agent": "script_writer"}"#,
        "not_failed",
        "script_writer cannot be retried: it has not failed.",
    );
    check(
        r#"{"type": "resume", "agent": "script_writer"}"#,
        "not_stalled",
        "script_writer cannot be resumed: it is running and on time.",
    );
    check(
        r#"{"type": "skip", "agent": "script_writer", "reason": "x"}"#,
        "agent_busy",
        "script_writer cannot be skipped: it is running.",
    );
    check(
        r#"{"type": "complete", "agent": "script_writer", "cost": -1}"#,
        "invalid_value",
        "cost must not be negative, and is -1.00.",
    );
    check(
        r#"{"type": "complete", "agent": "script_writer", "quality_score": 9}"#,
        "invalid_value",
        "quality_score must be between 0 and 1, and is 9.",
    );
    check(
        r#"{"type": "complete", "agent": "script_writer", "cost": "1"}"#,
        "invalid_value",
        "cost must be an amount in dollars, not \"1\".",
    );
    let refusal = check(
        r#"{"type": "complete", "agent": "script_writer", "quality": 1}"#,
        "invalid_value",
        "The event has an unknown field \"quality\".",
    );
    assert_eq!(refusal.hint, None);
    let refusal = check(
        r#"{"type": "start", "agent": "script_writter"}"#,
        "unknown_agent",
        "No agent is called \"script_writter\".",
    );
    assert_eq!(refusal.hint.as_deref(), Some("Did you mean script_writer?"));
    let allowed: Vec<String> =
        refusal.allowed.iter().map(|allowed| format!("{} {}", allowed.kind, allowed.agent)).collect();
    assert_eq!(
        allowed,
        ["progress research_coordinator", "progress script_writer", "complete script_writer", "fail script_writer"]
    );
}
