//! Outlook of a session: its phase, its times, and its completion against the due date.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says what went wrong by panicking")]

use crate::support::SAMPLE;
use callboard_core::{Agent, DueStatus, Event, Outlook, Phase, Policy, Session, Timestamp};

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn outlook(session: &Session, now: &str) -> Outlook {
    let policy = Policy::default();
    let outlook = session.outlook(at(now), &policy);
    assert_eq!(session.digest().outlook(at(now), &policy), outlook, "the digest has the same");
    assert_eq!(session.progress(at(now), &policy).estimated_completion, outlook.estimate, "progress has the same");
    outlook
}

fn apply(session: &mut Session, when: &str, event: &str) {
    let event = Event::from_json(event).unwrap();
    session.apply(&event, at(when), &Policy::default()).unwrap_or_else(|refusal| panic!("{event:?}: {refusal}"));
}

#[test]
fn phases_and_their_beginnings_follow_a_session() {
    // The sample: writing started at 14:58 and is expected at 15:18.
    let mut session = Session::parse(SAMPLE).unwrap();
    let check =
        |session: &Session, now: &str, phase: Phase, agent: Option<Agent>, since: Option<&str>, stage: Option<&str>| {
            let found = outlook(session, now);
            let times = (found.since.map(|at| at.to_string()), found.in_stage_since.map(|at| at.to_string()));
            assert_eq!((found.phase, found.agent), (phase, agent), "{now}");
            assert_eq!((times.0.as_deref(), times.1.as_deref()), (since, stage), "{now}");
        };
    let (writer, evaluator, audio) =
        (Some(Agent::ScriptWriter), Some(Agent::QualityEvaluator), Some(Agent::AudioSynthesizer));
    let (start, came) = ("2024-08-11T14:58:00Z", "2024-08-11T14:58:00Z");
    check(&session, "2024-08-11T15:00:00Z", Phase::Running, writer, Some(start), Some(came));
    apply(&mut session, "2024-08-11T15:10:00Z", r#"{"type": "fail", "agent": "script_writer", "error": "timeout"}"#);
    check(&session, "2024-08-11T15:11:00Z", Phase::Failed, writer, Some("2024-08-11T15:10:00Z"), Some(came));
    apply(&mut session, "2024-08-11T15:12:00Z", r#"{"type": "retry", "agent": "script_writer"}"#);
    check(&session, "2024-08-11T15:13:00Z", Phase::Retry, writer, Some("2024-08-11T15:12:00Z"), Some(came));
    apply(&mut session, "2024-08-11T15:14:00Z", r#"{"type": "start", "agent": "script_writer"}"#);
    check(&session, "2024-08-11T15:15:00Z", Phase::Running, writer, Some("2024-08-11T15:14:00Z"), Some(came));
    apply(&mut session, "2024-08-11T15:30:00Z", r#"{"type": "complete", "agent": "script_writer"}"#);
    let ready = Some("2024-08-11T15:30:00Z");
    check(&session, "2024-08-11T15:31:00Z", Phase::Ready, evaluator, ready, ready);
    let failure =
        r#"{"type": "quality_failure", "agent": "quality_evaluator", "report": {"failures": ["engagement"]}}"#;
    apply(&mut session, "2024-08-11T15:40:00Z", failure);
    let back = Some("2024-08-11T15:40:00Z");
    check(&session, "2024-08-11T15:41:00Z", Phase::Ready, writer, back, back);
    apply(&mut session, "2024-08-11T15:45:00Z", r#"{"type": "start", "agent": "script_writer"}"#);
    check(&session, "2024-08-11T15:46:00Z", Phase::Running, writer, Some("2024-08-11T15:45:00Z"), back);
    for _ in 0..4 {
        apply(
            &mut session,
            "2024-08-11T16:00:00Z",
            r#"{"type": "fail", "agent": "script_writer", "error": "timeout"}"#,
        );
        if outlook(&session, "2024-08-11T16:00:00Z").phase == Phase::Failed {
            apply(&mut session, "2024-08-11T16:00:00Z", r#"{"type": "retry", "agent": "script_writer"}"#);
        }
    }
    check(&session, "2024-08-11T16:05:00Z", Phase::Escalated, writer, Some("2024-08-11T16:00:00Z"), back);
    apply(&mut session, "2024-08-11T16:10:00Z", r#"{"type": "resume", "agent": "script_writer", "override": true}"#);
    apply(&mut session, "2024-08-11T16:20:00Z", r#"{"type": "complete", "agent": "script_writer"}"#);
    apply(&mut session, "2024-08-11T16:30:00Z", r#"{"type": "complete", "agent": "quality_evaluator"}"#);
    let ready = Some("2024-08-11T16:30:00Z");
    check(&session, "2024-08-11T16:31:00Z", Phase::Ready, audio, ready, ready);
    apply(&mut session, "2024-08-11T16:40:00Z", r#"{"type": "skip", "agent": "audio_synthesizer", "reason": "live"}"#);
    assert_eq!(outlook(&session, "2024-08-11T16:41:00Z").phase, Phase::Complete);
}

#[test]
fn the_time_in_a_stage_outlasts_an_override() {
    let mut session = Session::parse(SAMPLE).unwrap();
    let stage = |session: &Session| {
        let found = outlook(session, "2024-08-12T15:00:00Z");
        (found.agent, found.in_stage_since.map(|at| at.to_string()[11..16].to_owned()))
    };
    let [write, overriding] = [
        r#"{"type": "complete", "agent": "script_writer"}"#,
        r#"{"type": "resume", "override": true, "agent": "AGENT"}"#,
    ];
    let override_of = |agent: &str| overriding.replace("AGENT", agent);
    let gates = r#"{"type": "quality_failure", "report": {"failures": ["technical"]}}"#;
    let fail = r#"{"type": "fail", "agent": "script_writer", "error": "timeout"}"#;
    apply(&mut session, "2024-08-11T15:30:00Z", write);
    apply(&mut session, "2024-08-11T15:40:00Z", gates);
    let sent_back = (Some(Agent::ScriptWriter), Some("15:40".to_owned()));
    for attempt in 0..4 {
        if attempt > 0 {
            apply(&mut session, "2024-08-11T15:50:00Z", r#"{"type": "retry", "agent": "script_writer"}"#);
        }
        apply(&mut session, "2024-08-11T15:50:00Z", fail);
    }
    assert_eq!(stage(&session), sent_back);
    apply(&mut session, "2024-08-11T16:00:00Z", &override_of("script_writer"));
    assert_eq!(stage(&session), sent_back, "the override resets the count of failed gates");
    // A late bill is no retry.
    let bill = r#"{"type": "progress", "agent": "research_coordinator", "cost": 0.1}"#;
    apply(&mut session, "2024-08-11T16:05:00Z", bill);
    let retried = "2024-08-11T16:00:00Z".to_owned();
    assert_eq!(outlook(&session, "2024-08-11T16:06:00Z").since.map(|at| at.to_string()), Some(retried));
    apply(&mut session, "2024-08-11T16:10:00Z", write);
    for minute in [20, 30, 40, 50] {
        apply(&mut session, &format!("2024-08-11T16:{minute}:00Z"), gates);
        if minute < 50 {
            apply(&mut session, &format!("2024-08-11T16:{}:00Z", minute + 5), write);
        }
    }
    let evaluation = (Some(Agent::QualityEvaluator), Some("16:45".to_owned()));
    assert_eq!(stage(&session), evaluation);
    apply(&mut session, "2024-08-11T17:00:00Z", &override_of("quality_evaluator"));
    assert_eq!(stage(&session), evaluation);
    let attention = session.digest().attention(at("2024-08-11T17:10:00Z"), &Policy::default()).unwrap();
    assert_eq!(attention.since, Some(at("2024-08-11T16:50:00Z")), "the time of the failure that is retried");
}

#[test]
fn a_skipped_stage_and_an_escalated_return_begin_a_stage() {
    let stage = |session: &Session| {
        outlook(session, "2024-08-12T15:00:00Z").in_stage_since.map(|at| at.to_string()[11..16].to_owned())
    };
    let mut session = Session::parse(SAMPLE).unwrap();
    let gates = |gate: &str| format!(r#"{{"type": "quality_failure", "report": {{"failures": ["{gate}"]}}}}"#);
    let complete = |agent: &str| format!(r#"{{"type": "complete", "agent": "{agent}"}}"#);
    apply(&mut session, "2024-08-11T15:30:00Z", &complete("script_writer"));
    apply(&mut session, "2024-08-11T15:40:00Z", &gates("accuracy"));
    let skip = r#"{"type": "skip", "agent": "research_coordinator", "reason": "known"}"#;
    apply(&mut session, "2024-08-11T15:50:00Z", skip);
    assert_eq!(stage(&session).as_deref(), Some("15:50"));
    for minute in [0, 10, 20] {
        apply(&mut session, &format!("2024-08-11T16:{:02}:00Z", minute + 1), &complete("script_writer"));
        if minute < 20 {
            apply(&mut session, &format!("2024-08-11T16:{:02}:00Z", minute + 2), &gates("technical"));
        }
    }
    apply(&mut session, "2024-08-11T16:30:00Z", &complete("quality_evaluator"));
    assert_eq!(stage(&session).as_deref(), Some("16:30"));
    apply(&mut session, "2024-08-11T16:40:00Z", &gates("technical"));
    assert_eq!(outlook(&session, "2024-08-12T15:00:00Z").phase, Phase::Escalated);
    assert_eq!(stage(&session).as_deref(), Some("16:40"));
}

#[test]
fn sessions_without_a_readable_state_are_unknown() {
    for text in [
        r#"{"session_id": "a", "status": "completed"}"#,
        r#"{"session_id": "a", "pipeline_state": {"current_stage": "lunch"}}"#,
    ] {
        let found = outlook(&Session::parse(text).unwrap(), "2024-08-11T15:00:00Z");
        assert_eq!((found.phase, found.agent, found.estimate, found.due_status(0)), (Phase::Unknown, None, None, None));
    }
}

#[test]
fn the_due_date_is_judged_in_the_viewers_zone() {
    let check = |change: &str, now: &str, offset: i32, expected: Option<DueStatus>| {
        let text = SAMPLE.trim_end().strip_suffix('}').unwrap().to_owned() + change + "}";
        let found = outlook(&Session::parse(text).unwrap(), now).due_status(offset);
        assert_eq!(found, expected, "{change} at {now}, {offset}");
    };
    let (on_time, today, late) = (Some(DueStatus::OnTime), Some(DueStatus::DueToday), Some(DueStatus::Late));
    // Without a due date: the running agent's estimate of 15:18, and 25 minutes for the rest.
    check("", "2024-08-11T15:00:00Z", 0, today);
    check("", "2024-08-11T15:18:01Z", 0, late);
    check("", "2024-08-11T15:00:00Z", 9 * 60, today);
    // 23:25 there, and done after midnight.
    check("", "2024-08-11T15:00:00Z", 8 * 60 + 25, on_time);
    let due = |day: &str| format!(r#","planning": {{"due": "{day}"}}"#);
    check(&due("2024-08-12"), "2024-08-11T15:00:00Z", 0, on_time);
    check(&due("2024-08-12"), "2024-08-11T23:50:00Z", 0, on_time);
    check(&due("2024-08-11"), "2024-08-11T15:00:00Z", 0, today);
    check(&due("2024-08-11"), "2024-08-11T23:50:00Z", 0, late);
    check(&due("2024-08-11"), "2024-08-12T00:00:00Z", 0, late);
    check(&due("2024-08-11"), "2024-08-12T00:00:00Z", -60, today);
    check(&due("2024-08-10"), "2024-08-11T15:00:00Z", -16 * 60, today);
    check(&due("soon"), "2024-08-11T15:00:00Z", 0, today);
}
