//! Handoffs that complete an agent, and handoffs that are refused with the flag's name.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says what went wrong by panicking")]

use callboard_core::{Action, Agent, Completion, Event, Json, Policy, Session, Timestamp};

const SAMPLE: &str = include_str!("../../tests/fixtures/sessions/ep001_session_20240811.json");

fn now() -> Timestamp {
    Timestamp::parse("2024-08-11T15:20:00Z").unwrap()
}

/// The refusal's code and message, or `accepted`.
fn verdict(session: &Session, event: &str, policy: &Policy) -> String {
    match session.event(event, now(), policy).and_then(|event| session.check(&event, now(), policy)) {
        Ok(()) => "accepted".to_owned(),
        Err(refusal) => format!("{}: {}", refusal.code, refusal.message),
    }
}

fn complete(agent: &str, fields: &str, data: &str, validation: &str) -> String {
    format!(
        r#"{{"type": "complete", "agent": "{agent}"{fields}, "handoff": {{"data": {{{data}}}, "validation": {{{validation}}}}}}}"#
    )
}

#[test]
fn the_script_writer_hands_over_a_script() {
    let session = Session::parse(SAMPLE).unwrap();
    let check = |data: &str, validation: &str, expected: &str| {
        let event = complete("script_writer", "", data, validation);
        assert_eq!(verdict(&session, &event, &Policy::default()), expected, "{event}");
    };
    let data = r#""script_file": "a.md", "word_count": 4000, "estimated_duration": 27, "complexity_level": 3"#;
    let flags = r#""format_valid": true, "ready_for_evaluation": true"#;
    check(data, flags, "accepted");
    check(data, &format!(r#"{flags}, "script_complete": true"#), "accepted");
    let refused = |flag: &str, why: &str| {
        format!("handoff_incomplete: script_writer cannot complete: its handoff fails {flag}: {why}.")
    };
    check("", flags, &refused("script_complete", "script_file is missing"));
    let empty = r#""script_file": "a.md", "word_count": 0"#;
    check(empty, &format!(r#"{flags}, "script_complete": true"#), &refused("script_complete", "word_count is 0"));
    check(data, r#""format_valid": true"#, &refused("ready_for_evaluation", "not confirmed"));
    check(
        data,
        r#""format_valid": false, "ready_for_evaluation": true"#,
        &refused("format_valid", "stated to be false"),
    );
    check(data, &format!(r#"{flags}, "script_complete": false"#), &refused("script_complete", "stated to be false"));
    check(data, &format!(r#"{flags}, "spell_checked": false"#), &refused("spell_checked", "stated to be false"));
    // Null states nothing, and a computed flag need not be stated.
    check(data, &format!(r#"{flags}, "script_complete": null, "Script-Complete": null"#), "accepted");
    check(data, &format!(r#"{flags}, "spell_checked": null"#), &refused("spell_checked", "not confirmed"));
    check(data, &format!(r#"{flags}, "Format-Valid": null"#), &refused("Format-Valid", "not confirmed"));
    check(data, r#""format_valid": null, "ready_for_evaluation": true"#, &refused("format_valid", "not confirmed"));
    check(r#""script_file": 1"#, flags, "invalid_value: handoff.data.script_file must be a path, not 1.");
    check(
        data,
        r#""format_valid": "yes""#,
        "invalid_value: handoff.validation.format_valid must be true or false, not \"yes\".",
    );
    check(r#""script_file": "a.md""#, flags, &refused("script_complete", "word_count is missing"));
    check(r#""word_count": -1"#, flags, "invalid_value: handoff.data.word_count must be a number, 0 or more, not -1.");
    let members = r#"{"type": "complete", "agent": "script_writer", "handoff": {"data": []}}"#;
    assert_eq!(
        verdict(&session, members, &Policy::default()),
        "invalid_value: handoff.data must be an object, not []."
    );
}

#[test]
fn a_handoff_made_by_hand_must_be_an_object_too() {
    let session = Session::parse(SAMPLE).unwrap();
    let done = Completion { handoff: Some(Json::string("all done")), ..Completion::default() };
    let event = Event::new(Agent::ScriptWriter, Action::Complete(done));
    let refusal = session.check(&event, now(), &Policy::default()).unwrap_err();
    assert_eq!(refusal.message, "A handoff is an object with data and validation.");
    assert_eq!((refusal.expected.as_str(), refusal.actual.as_str()), ("an object", "a string"));
}

#[test]
fn the_other_agents_flags_are_computed() {
    let policy = Policy::default();
    let at = |stage: &str| {
        Session::parse(format!(r#"{{"session_id": "a", "pipeline_state": {{"current_stage": "{stage}"}}}}"#)).unwrap()
    };
    let research = r#""research_package": "r.md", "complexity_assessment": 3, "key_narratives": ["a"], "confidence_scores": {"b": 0.9}"#;
    let check =
        |stage: &str, event: &str, expected: &str| assert_eq!(verdict(&at(stage), event, &policy), expected, "{event}");
    let researched =
        |fields: &str, data: &str| complete("research_coordinator", fields, data, r#""ready_for_script": true"#);
    check("research", &researched(r#", "quality_score": 0.85"#, research), "accepted");
    let refused = "handoff_incomplete: research_coordinator cannot complete: ";
    check(
        "research",
        &researched("", research),
        &format!("{refused}its handoff fails quality_threshold_met: quality_score is unknown."),
    );
    check(
        "research",
        &researched(r#", "quality_score": 0.8"#, research),
        &format!("{refused}its handoff fails quality_threshold_met: quality_score is 0.8, below 0.85."),
    );
    check(
        "research",
        &researched("", r#""research_package": "r.md""#),
        &format!("{refused}its handoff fails package_complete: complexity_assessment is missing."),
    );
    check(
        "research",
        &researched("", r#""confidence_scores": {"a": 7}"#),
        "invalid_value: handoff.data.confidence_scores must be scores by name, 0 to 1 each, not {\"a\": 7}.",
    );
    check(
        "research",
        &researched("", r#""complexity_assessment": [3]"#),
        "invalid_value: handoff.data.complexity_assessment must be a string or a number, not [3].",
    );
    check(
        "research",
        &researched("", r#""key_narratives": ["a", 1]"#),
        "invalid_value: handoff.data.key_narratives must be a list of strings, not [\"a\", 1].",
    );

    let scores = r#", "quality_score": 0.9, "metrics": {"brand_consistency": 0.95}"#;
    let evaluated = |fields: &str, status: &str| {
        let data = format!(r#""validated_script": "a.md", "quality_report": "q.json", "approval_status": "{status}""#);
        complete("quality_evaluator", fields, &data, r#""audio_ready": true"#)
    };
    let refused = "handoff_incomplete: quality_evaluator cannot complete: ";
    check("evaluation", &evaluated(scores, "PASS"), "accepted");
    check(
        "evaluation",
        &evaluated(scores, "FAIL"),
        &format!("{refused}its handoff fails synthesis_approved: approval_status is \"FAIL\", not \"PASS\"."),
    );
    let silent = complete("quality_evaluator", scores, "", r#""audio_ready": true"#);
    check(
        "evaluation",
        &silent,
        &format!("{refused}its handoff fails synthesis_approved: approval_status is missing."),
    );
    check(
        "evaluation",
        &complete("quality_evaluator", scores, r#""approval_status": true"#, ""),
        "invalid_value: handoff.data.approval_status must be a string, not true.",
    );
    check(
        "evaluation",
        &evaluated(r#", "quality_score": 0.9"#, "PASS"),
        &format!("{refused}its handoff fails quality_gates_passed: brand_consistency is unknown."),
    );

    let audio = r#"{"type": "complete", "agent": "audio_synthesizer", "handoff": {}}"#;
    check("synthesis", audio, "invalid_value: audio_synthesizer is the last agent and has no handoff.");
    let wrong = r#"{"type": "complete", "agent": "script_writer", "handoff": {"from": "script_writer", "to": "audio_synthesizer"}}"#;
    check("writing", wrong, "invalid_value: handoff.to must be quality_evaluator, not \"audio_synthesizer\".");
}

#[test]
fn a_missing_handoff_is_a_warning_or_what_the_policy_says() {
    let mut session = Session::parse(SAMPLE).unwrap();
    let event = r#"{"type": "complete", "agent": "script_writer"}"#;
    let strict = Policy { require_handoff: true, ..Policy::default() };
    assert_eq!(
        verdict(&session, event, &strict),
        "handoff_incomplete: script_writer cannot complete: its handoff is missing."
    );
    let outcome = session.apply(&Event::from_json(event).unwrap(), now(), &Policy::default()).unwrap();
    assert_eq!(outcome.warnings[0].code, "handoff_missing");
}

#[test]
fn a_handoff_is_kept_as_it_was_given() {
    let mut session = Session::parse(SAMPLE).unwrap();
    let event = complete(
        "script_writer",
        "",
        r#""script_file": "a.md", "word_count": 4e3, "estimated_duration": 27.0, "complexity_level": 3"#,
        r#""format_valid": true, "ready_for_evaluation": true"#,
    );
    let event = session.event(&event, now(), &Policy::default()).unwrap();
    session.apply(&event, now(), &Policy::default()).unwrap();
    let wanted = "\"handoff\": {
        \"data\": {
          \"script_file\": \"a.md\",
          \"word_count\": 4e3,
          \"estimated_duration\": 27.0,
          \"complexity_level\": 3
        },
        \"validation\": {
          \"format_valid\": true,
          \"ready_for_evaluation\": true
        }
      }";
    assert!(session.text().contains(wanted), "{}", session.text());
}

#[test]
fn an_update_is_read_by_its_status() {
    let session = Session::parse(SAMPLE).unwrap();
    let read = |text: &str| session.event(text, now(), &Policy::default());
    let check = |fields: &str, expected: &str| {
        let text = format!(r#"{{"type": "update", "agent": "script_writer"{fields}}}"#);
        let kind = read(&text).map_or_else(|refusal| refusal.message, |event| event.kind().name().to_owned());
        assert_eq!(kind, expected);
    };
    check("", "progress");
    check(r#", "status": "in_progress""#, "progress");
    check(r#", "status": "completed", "quality_score": {"script_quality": 0.9}"#, "complete");
    check(r#", "status": "failed", "error": "x""#, "fail");
    check(r#", "status": "sleeping""#, "An update's status must be in_progress, complete or failed, not \"sleeping\".");
    let pending = read(r#"{"type": "update", "agent": "quality_evaluator", "status": "in_progress"}"#).unwrap();
    assert_eq!(pending.kind().name(), "start");
    let object = r#"{"type": "complete", "agent": "script_writer", "quality_score": {"script_quality": 0.9}}"#;
    assert!(Event::from_json(object).is_err());
}
