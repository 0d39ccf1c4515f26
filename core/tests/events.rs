//! Events as text: an invalid one is refused for its first fault.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says what went wrong by panicking")]

use callboard_core::{
    Action, Agent, Completion, Event, EventKind, GateReport, Initialize, Json, OverBudget, ParseErrorCode, Policy,
    Refusal, RefusalCode, Session, Timestamp,
};

const SAMPLE: &str = include_str!("../../tests/fixtures/sessions/ep001_session_20240811.json");

fn now() -> Timestamp {
    Timestamp::parse("2024-08-11T15:20:00Z").unwrap()
}

fn read(session: &Session, text: &str) -> Result<Event, Refusal> {
    session.event(text, now(), &Policy::default())
}

#[test]
fn a_text_that_is_no_event_is_refused_in_a_sentence() {
    let check = |text: &str, message: &str, actual: &str, hint: Option<&str>| {
        let refusal = Event::from_json(text).unwrap_err();
        assert_eq!(refusal.code, RefusalCode::InvalidValue);
        assert_eq!((refusal.to_string().as_str(), refusal.actual.as_str()), (message, actual), "{text}");
        assert_eq!(refusal.hint.as_deref(), hint, "{text}");
    };
    let object = "An event is a JSON object with type and agent.";
    for (text, kind) in
        [("null", "null"), ("[]", "a list"), ("\"start\"", "a string"), ("1", "a number"), ("false", "true or false")]
    {
        check(text, object, kind, None);
    }
    check("{}", "The event has no type.", "none", None);
    check(r#"{"type": "start"}"#, "The event has no agent.", "none", None);
    check(r#"{"type": "start", "agent": 1}"#, "agent must be a string, not 1.", "1", None);
    let of = |kind: &str, fields: &str| format!(r#"{{"type": "{kind}", "agent": "script_writer"{fields}}}"#);
    check(&of("initialize", ""), "initialize creates a session, but this one already exists.", "initialize", None);
    check(&of("strat", ""), "No event is called \"strat\".", "strat", Some("Did you mean \"start\"?"));
    check(&of("lunch", ""), "No event is called \"lunch\".", "lunch", None);
    let long = "y".repeat(81);
    let shown = format!("{}…", "y".repeat(80));
    check(&of(&long, ""), &format!("No event is called \"{shown}\"."), &shown, None);
    check(
        &of("retry", &format!(r#", "{long}": 1"#)),
        &format!("The event has an unknown field \"{shown}\"."),
        &shown,
        None,
    );
    check(&of("fail", ""), "The event has no error.", "none", None);
    check(&of("skip", r#", "reason": null"#), "The event has no reason.", "none", None);
    check(&of("resume", r#", "override": "yes""#), "override must be true or false, not \"yes\".", "\"yes\"", None);
    let report = |report: &str| of("quality_failure", &format!(r#", "report": {report}"#));
    check(&of("quality_failure", ""), "The event has no report.", "none", None);
    check(&report("[]"), "report must be an object, not [].", "[]", None);
    check(&report(r#"{"failures": "all"}"#), "failures must be a list of gate names, not \"all\".", "\"all\"", None);
    check(&report(r#"{"failures": [""]}"#), "failures must be gate names, not \"\".", "\"\"", None);
    let list = format!("[{}]", "1, ".repeat(40).trim_end_matches(", "));
    check(&report(&format!(r#"{{"scores": {list}}}"#)), "scores must be an object, not a list.", "a list", None);
    check(
        &report(r#"{"failure": []}"#),
        "The report has an unknown field \"failure\".",
        "failure",
        Some("Did you mean \"failures\"?"),
    );
}

#[test]
fn a_field_that_is_given_twice_is_refused() {
    let check = |event: &str, expected: &str| {
        let refusal = Event::from_json(event).unwrap_err();
        assert_eq!((refusal.code, refusal.message.as_str()), (RefusalCode::InvalidValue, expected), "{event}");
    };
    let of = |kind: &str, fields: &str| format!(r#"{{"type": "{kind}", "agent": "script_writer", {fields}}}"#);
    let again = "cost is given twice, the second time as \"Cost\".";
    check(&of("progress", r#""cost": 1, "Cost": 5"#), again);
    check(&of("progress", r#""Cost": 1, "cost": 5"#), "cost is given twice.");
    check(&of("progress", r#""cost": 1, "cost": 1"#), "cost is given twice.");
    check(&of("progress", r#""cost": 1, "Cost": null"#), again);
    check(&of("retry", r#""Agent": "audio_synthesizer""#), "agent is given twice, the second time as \"Agent\".");
    check(
        &of("complete", r#""metrics": {"brand_consistency": 1, "brand-consistency": 0}"#),
        "brand_consistency is given twice, the second time as \"brand-consistency\".",
    );
    check(
        &of("quality_failure", r#""report": {"failures": ["overall"], "Failures": []}"#),
        "failures is given twice, the second time as \"Failures\".",
    );
    check(
        &of("quality_failure", r#""report": {"scores": {"overall": 0.5, "Overall": 0.9}}"#),
        "overall is given twice, the second time as \"Overall\".",
    );
    let twice = r#"{"agent": "script_writer", "status": "in_progress", "Status": "failed"}"#;
    let refusal = read(&Session::parse(SAMPLE).unwrap(), twice).unwrap_err();
    assert_eq!(refusal.message, "status is given twice, the second time as \"Status\".");
    let new = Initialize::from_json(r#"{"episode": 1, "topic": "tides", "Topic": "ebb"}"#).unwrap_err();
    assert_eq!(new.message, "topic is given twice, the second time as \"Topic\".");
    let policy = Policy::from_json(r#"{"retry_limit": 1, "retry-limit": 2}"#).unwrap_err();
    assert_eq!(policy.message, "retry_limit is given twice, the second time as \"retry-limit\".");
}

#[test]
fn a_negative_amount_is_refused_however_small() {
    let check = |cost: &str, expected: Result<&str, &str>| {
        let event = Event::from_json(&format!(r#"{{"type": "progress", "agent": "script_writer", "cost": {cost}}}"#));
        let mut session = Session::parse(SAMPLE).unwrap();
        let answer = event.and_then(|event| session.apply(&event, now(), &Policy::default()));
        let said = answer.map(|_| session.costs().total.unwrap().to_string()).map_err(|refusal| {
            assert_eq!((refusal.code, refusal.expected.as_str()), (RefusalCode::InvalidValue, "0 or more"));
            refusal.message
        });
        assert_eq!(said.as_deref().map_err(String::as_str), expected, "{cost}");
        let new = Initialize::from_json(&format!(r#"{{"episode": 1, "topic": "tides", "budget": {cost}}}"#));
        let made = new.and_then(|new| Session::initialize(&new, now(), &Policy::default()));
        assert_eq!(made.is_ok(), expected.is_ok(), "{cost}");
    };
    check("-0.01", Err("cost must not be negative, and is -0.01."));
    check("-1e-6", Err("cost must not be negative, and is -0.000001."));
    check("-1e-7", Err("cost must not be negative, and is -1e-7."));
    check("-0.0000005", Err("cost must not be negative, and is -0.0000005."));
    check("-1e-99999999999", Err("cost must not be negative, and is -1e-99999999999."));
    check("-0", Ok("0.00"));
    check("-0.000e3", Ok("0.00"));
    check("1e-7", Ok("0.00"));
}

#[test]
fn a_null_field_is_not_given() {
    let read = |text: &str| Event::from_json(text).unwrap();
    assert_eq!(
        read(r#"{"type": "resume", "agent": "script_writer", "override": false, "reason": null}"#),
        Event::new(Agent::ScriptWriter, Action::Resume { override_escalation: false, reason: None })
    );
    assert_eq!(
        read(r#"{"type": "complete", "agent": "script_writer", "metrics": {"script_quality": null}}"#),
        Event::new(Agent::ScriptWriter, Action::Complete(Completion::default()))
    );
    let report = GateReport { failures: vec!["technical".to_owned()], ..GateReport::default() };
    assert_eq!(
        read(
            r#"{"type": "quality_failure", "agent": "quality_evaluator",
                "report": {"failures": ["technical"], "scores": {"engagement": null}, "recommendations": null}}"#
        ),
        Event::new(Agent::QualityEvaluator, Action::QualityFailure { report, cost: None, execution_time: None })
    );
}

#[test]
fn an_unreadable_event_is_refused_with_the_allowed_ones() {
    let session = Session::parse(SAMPLE).unwrap();
    let late = Event::from_json(r#"{"type": "start", "agent": "script_writer"}"#).unwrap();
    let judged = session.check(&late, now(), &Policy::default()).unwrap_err().allowed;
    assert!(!judged.is_empty());
    for text in [
        "",
        "[]",
        "{}",
        r#"{"type": "start"}"#,
        r#"{"type": "strat", "agent": "script_writer"}"#,
        r#"{"type": "initialize", "agent": "script_writer"}"#,
        r#"{"type": "fail", "agent": "script_writer"}"#,
        r#"{"type": "progress", "agent": "script_writer", "cots": 1}"#,
        r#"{"type": "progress", "agent": "script_writer", "cost": "1"}"#,
        r#"{"type": "progress", "agent": "script_writer", "estimated_completion": "soon"}"#,
        r#"{"type": "quality_failure", "agent": "quality_evaluator"}"#,
        r#"{"agent": "script_writer", "status": "sleeping"}"#,
    ] {
        let refusal = read(&session, text).unwrap_err();
        assert_eq!((refusal.code, &refusal.allowed), (RefusalCode::InvalidValue, &judged), "{text}");
    }
    let complete = Session::parse(r#"{"session_id": "a", "pipeline_state": {"current_stage": "complete"}}"#).unwrap();
    assert_eq!(read(&complete, "{}").unwrap_err().allowed, []);
    assert_eq!(Event::from_json("{}").unwrap_err().allowed, [], "of no session");
}

#[test]
fn an_agent_nobody_knows_is_refused_with_the_one_that_is_meant() {
    let session = Session::parse(SAMPLE).unwrap();
    let check = |agent: &str, hint: Option<&str>| {
        let event = read(&session, &format!(r#"{{"type": "retry", "agent": "{agent}"}}"#)).unwrap();
        assert_eq!((event.agent(), event.kind()), (None, EventKind::Retry));
        let refusal = session.check(&event, now(), &Policy::default()).unwrap_err();
        assert_eq!(refusal.code, RefusalCode::UnknownAgent);
        assert_eq!(refusal.hint.as_deref(), hint);
    };
    check("script_witer", Some("Did you mean script_writer?"));
    check("sound engineer", None);
    check(&"script_writer".repeat(10), None);
}

#[test]
fn over_the_budget_a_policy_may_stop_what_begins() {
    let block = Policy { over_budget: OverBudget::Block, ..Policy::default() };
    let spent = |status: &str, total: &str| {
        let text = SAMPLE.replace("\"in_progress\"", status).replace("\"total\": 0.00", &format!("\"total\": {total}"));
        Session::parse(text).unwrap()
    };
    let check = |status: &str, total: &str, event: &str, expected: Option<&str>| {
        let session = spent(status, total);
        let event = Event::from_json(&format!(r#"{{"type": {event}, "agent": "script_writer"}}"#)).unwrap();
        let refusal = session.check(&event, now(), &block).err();
        assert_eq!(refusal.as_ref().map(|refusal| refusal.message.as_str()), expected);
        if let Some(refusal) = refusal {
            assert_eq!(refusal.code, RefusalCode::OverBudget);
            assert_eq!((refusal.expected.as_str(), refusal.actual.as_str()), ("at most $9.00", "$9.01"));
            assert!(refusal.hint.is_some());
            assert!(refusal.allowed.iter().all(|allowed| !matches!(allowed.kind, EventKind::Start | EventKind::Retry)));
        }
        assert_eq!(session.check(&event, now(), &Policy::default()), Ok(()), "by default it is only said");
    };
    let cannot = |what: &str| {
        format!("script_writer cannot {what}: $9.01 of the $9.00 budget is spent, and the policy allows no more work.")
    };
    check("\"pending\"", "9.00", "\"start\"", None);
    check("\"pending\"", "9.01", "\"start\"", Some(&cannot("start")));
    check("\"failed\"", "9.01", "\"retry\"", Some(&cannot("be retried")));
    // Money already spent is recorded, and finished work is accepted.
    for event in ["\"complete\", \"cost\": 1", "\"progress\", \"cost\": 1", "\"fail\", \"error\": \"x\""] {
        check("\"in_progress\"", "9.01", event, None);
    }
}

#[test]
fn a_complete_session_offers_nothing_but_says_why() {
    let text = r#"{"session_id": "a", "pipeline_state": {"current_stage": "complete"}}"#;
    let choices = Session::parse(text).unwrap().choices(now(), &Policy::default());
    assert_eq!(choices.len(), EventKind::ALL.len());
    for choice in choices {
        assert_eq!(choice.agent, Agent::AudioSynthesizer);
        assert_eq!(choice.refusal.map(|refusal| refusal.code), Some(RefusalCode::SessionComplete));
    }
}

#[test]
fn a_preview_is_what_would_be_applied() {
    let mut session = Session::parse(SAMPLE).unwrap();
    let event = Event::minimal(EventKind::Complete, Agent::ScriptWriter);
    let (outcome, edits) = session.preview(&event, now(), &Policy::default()).unwrap();
    assert_eq!(session.text(), SAMPLE);
    assert_eq!(session.apply(&event, now(), &Policy::default()), Ok(outcome));
    assert_eq!(edits.apply(SAMPLE).as_deref(), Some(session.text()));
    assert_eq!(session.last_edits(), Some(edits));
    assert!(session.preview(&event, now(), &Policy::default()).is_err());
}

#[test]
fn every_code_has_a_name_of_its_own() {
    let check = |names: Vec<&str>| {
        let plain =
            |name: &&str| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
        assert!(names.iter().all(plain), "{names:?}");
        let mut once = names.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), names.len(), "{names:?}");
    };
    check(RefusalCode::ALL.iter().map(|code| code.name()).collect());
    check(ParseErrorCode::ALL.iter().map(|code| code.name()).collect());
    check(EventKind::ALL.iter().map(|kind| kind.name()).collect());
}

#[test]
fn a_json_value_is_carried_as_it_is() {
    let check = |text: &str, good: bool| {
        let kept = Json::parse(text).map(|json| json.text().to_owned());
        assert_eq!(kept.ok().as_deref(), good.then_some(text));
    };
    check("{\"a\": [1e3, 9007199254740993]}", true);
    check(" null ", true);
    check("", false);
    check("1 2", false);
    assert_eq!(Json::string("a \"b\" \u{1}\u{7f} 🐙").text(), "\"a \\\"b\\\" \\u0001\u{7f} 🐙\"");
}
