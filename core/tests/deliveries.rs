//! Events that arrive late, twice, or from an abandoned attempt.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says what went wrong by panicking")]

use crate::support::SAMPLE;
use callboard_core::{Agent, EventKind, Initialize, Outcome, Policy, RefusalCode, Session, Timestamp, merge};

fn at(minute: i64) -> Timestamp {
    Timestamp::parse("2024-08-11T15:00:00Z").unwrap().plus(minute * 60)
}

fn send(session: &mut Session, minute: i64, event: &str) -> Result<Outcome, RefusalCode> {
    let (now, policy) = (at(minute), Policy::default());
    let event = session.event(event, now, &policy).map_err(|refusal| refusal.code)?;
    session.apply(&event, now, &policy).map_err(|refusal| refusal.code)
}

/// An event of the writer.
fn writer(kind: &str, fields: &str) -> String {
    let comma = if fields.is_empty() { "" } else { ", " };
    format!(r#"{{"type": "{kind}", "agent": "script_writer"{comma}{fields}}}"#)
}

fn total(session: &Session) -> String {
    session.costs().total.unwrap().to_string()
}

/// Returns a session whose writer is running its second attempt after the first stalled.
fn second_attempt() -> Session {
    let text = SAMPLE.replace("\"in_progress\"", "\"pending\"");
    let mut session = Session::parse(text).unwrap();
    assert_eq!(send(&mut session, 0, &writer("start", "")).unwrap().attempt, 1);
    assert_eq!(send(&mut session, 600, &writer("resume", "")).unwrap().attempt, 1);
    assert_eq!(send(&mut session, 601, &writer("start", "")).unwrap().attempt, 2);
    session
}

#[test]
fn the_result_of_an_attempt_that_was_given_up_is_refused_and_its_bill_is_not() {
    let mut session = second_attempt();
    let before = session.text().to_owned();
    for late in [
        writer("complete", r#""attempt": 1, "cost": 1.2"#),
        writer("fail", r#""attempt": 1, "error": "timeout""#),
        writer("progress", r#""attempt": 1"#),
        writer("progress", r#""attempt": 1, "estimated_completion": "2024-08-12T12:00:00Z""#),
        writer("complete", r#""attempt": 3"#),
    ] {
        assert_eq!(send(&mut session, 602, &late), Err(RefusalCode::StaleAttempt), "{late}");
        assert_eq!(session.text(), before);
    }
    let estimate = session.agent(Agent::ScriptWriter).estimated_completion;
    let bill = writer("progress", r#""attempt": 1, "cost": 0.5, "estimated_completion": "2024-08-13T00:00:00Z""#);
    let outcome = send(&mut session, 603, &bill).unwrap();
    assert_eq!((outcome.attempt, total(&session).as_str()), (2, "0.50"));
    assert_eq!(outcome.warnings[0].code, "stale_attempt", "the estimate is not that of the running attempt");
    assert_eq!(session.agent(Agent::ScriptWriter).estimated_completion, estimate);
    assert_eq!(session.history().last().unwrap().attempt, Some(1), "the bill is that of the attempt it names");
    let done = send(&mut session, 604, &writer("complete", r#""attempt": 2, "cost": 1"#)).unwrap();
    assert_eq!((done.attempt, total(&session).as_str()), (2, "1.50"));
    let bars = &session.timeline().lanes[1].bars;
    assert_eq!(bars.iter().map(|bar| bar.attempt).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(bars[0].cost.unwrap().to_string(), "0.50", "the timeline has the late bill at its own attempt");
    // Once the stage is complete too.
    assert_eq!(
        send(&mut session, 605, &writer("complete", r#""attempt": 2"#)),
        Err(RefusalCode::AlreadyComplete),
        "the stage is asked about first"
    );
    send(&mut session, 606, &writer("progress", r#""attempt": 1, "cost": 0.25"#)).unwrap();
    assert_eq!(total(&session), "1.75");
}

#[test]
fn the_bill_of_an_attempt_is_recorded_whatever_became_of_its_agent() {
    let check = |events: &[String]| {
        let mut session = second_attempt();
        for (at, event) in (2..).zip(events) {
            send(&mut session, at * 1_000, event).unwrap_or_else(|code| panic!("{event}: {code}"));
        }
        let late = writer("complete", r#""attempt": 2"#);
        assert!(send(&mut session, 90_000, &late).is_err());
        send(&mut session, 90_000, &writer("progress", r#""attempt": 2, "cost": 0.7"#)).unwrap();
        assert_eq!(total(&session), "0.70");
    };
    let fail = writer("fail", r#""error": "timeout""#);
    check(std::slice::from_ref(&fail));
    check(&[fail, writer("retry", "")]);
    // Out of retries: escalated.
    let (resume, start) = (writer("resume", ""), writer("start", ""));
    check(&[resume.clone(), start.clone(), resume.clone(), start, resume]);
}

#[test]
fn attempts_are_counted_over_the_life_of_the_session() {
    let mut session = second_attempt();
    let mut minute = 700;
    let mut next = |event: String| {
        minute += 10;
        send(&mut session, minute, &event).unwrap_or_else(|code| panic!("{event}: {code}")).attempt
    };
    let fail = || writer("fail", r#""error": "timeout""#);
    assert_eq!([next(fail()), next(writer("retry", "")), next(writer("start", ""))], [2, 2, 3]);
    assert_eq!([next(fail()), next(writer("retry", "")), next(fail())], [3, 3, 4], "a failure begins one too");
    // After a person's resume, retries are counted anew, but attempts are not.
    assert_eq!(next(writer("resume", r#""override": true"#)), 4);
    assert_eq!([next(writer("start", "")), next(writer("complete", ""))], [5, 5]);
    let evaluator = |kind: &str| {
        format!(r#"{{"type": "{kind}", "agent": "quality_evaluator", "report": {{"failures": ["technical"]}}}}"#)
    };
    let start = r#"{"type": "start", "agent": "quality_evaluator"}"#.to_owned();
    assert_eq!([next(start.clone()), next(evaluator("quality_failure"))], [1, 1]);
    assert_eq!([next(writer("complete", "")), next(start)], [6, 2], "a completion that nobody started begins one");
    let last = session.history().pop().unwrap();
    assert_eq!((last.event.as_str(), last.attempt), ("start", Some(2)));
    // They do not fall back either if the history starts in the middle.
    let failed = SAMPLE.replace("in_progress", "failed").replace("\"retry_count\": 0", "\"retry_count\": 3");
    let mut session = Session::parse(failed.replace("\"failed_attempts\": 0", "\"failed_attempts\": 4")).unwrap();
    let mut next = |event: String| send(&mut session, 0, &event).unwrap().attempt;
    assert_eq!([next(writer("resume", r#""override": true"#)), next(writer("start", ""))], [4, 5]);
}

#[test]
fn the_report_of_an_evaluation_that_is_over_sends_nothing_back_again() {
    let mut session = Session::parse(SAMPLE).unwrap();
    let evaluator = |kind: &str, fields: &str| format!(r#"{{"type": "{kind}", "agent": "quality_evaluator"{fields}}}"#);
    let report = evaluator("quality_failure", r#", "attempt": 1, "report": {"failures": ["technical"]}"#);
    send(&mut session, 0, &writer("complete", "")).unwrap();
    let attempt = send(&mut session, 1, &evaluator("start", "")).unwrap().attempt;
    assert_eq!(attempt, 1);
    send(&mut session, 2, &report).unwrap();
    send(&mut session, 3, &writer("complete", "")).unwrap();
    assert_eq!(send(&mut session, 4, &report), Err(RefusalCode::StaleAttempt), "while nobody evaluates");
    assert_eq!(send(&mut session, 5, &evaluator("start", "")).unwrap().attempt, 2);
    assert_eq!(send(&mut session, 6, &report), Err(RefusalCode::StaleAttempt));
    send(&mut session, 7, &evaluator("complete", r#", "attempt": 2"#)).unwrap();
    assert_eq!(send(&mut session, 8, &report), Err(RefusalCode::StaleAttempt), "before the audio is begun");
    send(&mut session, 9, &report.replace("1,", "2,")).unwrap();
}

#[test]
fn a_completion_delivered_three_times_bills_once() {
    let mut session = second_attempt();
    let done = writer("complete", r#""cost": 1, "attempt": 2, "key": "result""#);
    assert!(send(&mut session, 700, &done).unwrap().duplicate.is_none());
    let after = session.text().to_owned();
    for minute in [701, 5000] {
        let again = send(&mut session, minute, &done).unwrap();
        let entry = again.duplicate.unwrap();
        assert_eq!((entry.event.as_str(), entry.key.as_deref()), ("complete", Some("result")));
        assert_eq!((again.from, again.to), (session.state().unwrap(), session.state().unwrap()));
        assert_eq!((again.next.agent, again.attempt), (Some(Agent::QualityEvaluator), 2));
        assert_eq!((session.text(), total(&session).as_str()), (after.as_str(), "1.00"));
    }
    // Also after the session is complete.
    send(&mut session, 800, r#"{"type": "complete", "agent": "quality_evaluator"}"#).unwrap();
    send(&mut session, 801, r#"{"type": "skip", "agent": "audio_synthesizer", "reason": "text only"}"#).unwrap();
    assert_eq!(send(&mut session, 801, &writer("complete", "")), Err(RefusalCode::SessionComplete));
    let again = send(&mut session, 802, &done).unwrap();
    assert!(again.duplicate.is_some() && again.next.agent.is_none());
    assert!(again.sentence().starts_with("Already recorded: complete of script_writer."), "{}", again.sentence());
}

#[test]
fn a_start_delivered_again_has_the_attempt_it_began() {
    let mut session = second_attempt();
    let start = writer("start", r#""key": "third""#);
    send(&mut session, 700, &writer("resume", "")).unwrap();
    assert_eq!(send(&mut session, 701, &start).unwrap().attempt, 3);
    send(&mut session, 1400, &writer("resume", "")).unwrap();
    send(&mut session, 1401, &writer("start", "")).unwrap();
    assert_eq!(send(&mut session, 1402, &start).unwrap().attempt, 3, "whoever asks again must not get the fourth");
}

#[test]
fn a_key_belongs_to_one_event() {
    let mut session = second_attempt();
    send(&mut session, 700, &writer("progress", r#""cost": 1, "key": "a""#)).unwrap();
    let before = session.text().to_owned();
    for other in [
        writer("complete", r#""key": "a""#),
        r#"{"type": "progress", "agent": "research_coordinator", "cost": 1, "key": "a"}"#.to_owned(),
        r#"{"type": "progress", "agent": "nobody", "cost": 1, "key": "a"}"#.to_owned(),
        writer("progress", &format!(r#""cost": 1, "key": "{}""#, "k".repeat(129))),
        writer("progress", r#""cost": 1, "key": """#),
        writer("progress", r#""cost": 1, "key": "\udc00""#),
        writer("progress", r#""cost": 1, "key": 1"#),
    ] {
        assert_eq!(send(&mut session, 701, &other), Err(RefusalCode::InvalidValue), "{other}");
        assert_eq!(session.text(), before);
    }
    // Characters, not bytes; null is not given.
    let key = "🐙".repeat(128);
    send(&mut session, 702, &writer("progress", &format!(r#""cost": 1, "key": "{key}""#))).unwrap();
    assert_eq!(session.history().last().unwrap().key.as_deref(), Some(key.as_str()));
    assert!(session.text().lines().any(|line| line.trim_end_matches(',').ends_with(&format!("\"key\": \"{key}\"}}"))));
    send(&mut session, 703, &writer("progress", r#""cost": 1, "key": null"#)).unwrap();
    assert_eq!(session.history().last().unwrap().key, None);
}

#[test]
fn a_new_session_keeps_its_key() {
    let new =
        |text: &str| Initialize::from_json(text).and_then(|new| Session::initialize(&new, at(0), &Policy::default()));
    let mut session = new(r#"{"episode": 1, "topic": "tides", "key": "morning"}"#).unwrap();
    assert_eq!(session.history()[0].key.as_deref(), Some("morning"));
    let start = r#"{"type": "start", "agent": "research_coordinator", "key": "morning"}"#;
    assert_eq!(send(&mut session, 1, start), Err(RefusalCode::InvalidValue));
    let long = format!(r#"{{"episode": 1, "topic": "tides", "key": "{}"}}"#, "k".repeat(129));
    assert_eq!(new(&long).unwrap_err().code, RefusalCode::InvalidValue);
}

#[test]
fn ten_thousand_heartbeats_leave_the_file_as_long_as_it_was() {
    let mut session = Session::parse(SAMPLE).unwrap();
    for beat in 0..10_000 {
        let outcome = send(&mut session, beat, &writer("progress", "")).unwrap();
        assert_eq!(outcome.event, EventKind::Progress);
        assert_eq!(session.text().len(), SAMPLE.len());
    }
    assert_eq!(session.last_updated(), Some(at(9_999)));
    let last = "\"last_updated\": \"2024-08-18T13:39:00Z\"";
    assert_eq!(session.text(), SAMPLE.replace("\"last_updated\": \"2024-08-11T14:58:00Z\"", last));
}

/// Finding a key and counting attempts among many entries does not read unrelated ones.
#[test]
fn a_long_history_is_searched_in_one_go() {
    let entry = |at: usize| {
        format!(
            r#"{{"at": "2024-08-11T14:00:00Z", "event": "progress", "agent": "script_writer", "cost": 0, "key": "{at}"}}"#
        )
    };
    let entries: Vec<String> = (0..40_000).map(entry).collect();
    let text = SAMPLE
        .replace("14:58:00Z\"\n  }\n}", &format!("14:58:00Z\"\n  }},\n  \"history\": [\n{}\n]}}", entries.join(",\n")));
    let mut session = Session::parse(text).unwrap();
    for key in ["0", "39999"] {
        let again = send(&mut session, 1, &writer("progress", &format!(r#""cost": 1, "key": "{key}""#))).unwrap();
        assert_eq!(again.duplicate.unwrap().key.as_deref(), Some(key));
    }
    assert!(send(&mut session, 1, &writer("progress", r#""cost": 1, "key": "new""#)).unwrap().duplicate.is_none());
}

#[test]
fn an_event_of_one_key_on_both_sides_counts_once() {
    let mut base = second_attempt();
    let done = writer("complete", r#""cost": 1.2, "attempt": 2, "key": "result""#);
    let (mut ours, mut theirs) = (base.clone(), base.clone());
    // One completion, delivered to each side at a different time.
    send(&mut ours, 700, &done).unwrap();
    send(&mut theirs, 705, &done).unwrap();
    let check = |base: &Session, ours: &Session, theirs: &Session, cost: &str, entries: usize| {
        for (one, other) in [(ours, theirs), (theirs, ours)] {
            let merged = merge(base.text(), one.text(), other.text()).unwrap();
            assert_eq!(merged.conflicts, [], "{}", merged.text);
            let session = Session::parse(merged.text).unwrap();
            assert_eq!((total(&session).as_str(), session.history().len()), (cost, entries), "{}", session.text());
            assert_eq!(session.history().iter().filter(|entry| entry.key.as_deref() == Some("result")).count(), 1);
        }
    };
    check(&base, &ours, &theirs, "1.20", 4);
    // One side has continued from there.
    send(&mut theirs, 710, r#"{"type": "start", "agent": "quality_evaluator"}"#).unwrap();
    check(&base, &ours, &theirs, "1.20", 5);
    // A manual edit is kept.
    let block = "\"script_writer\": {\n      \"status\": \"complete\",";
    let noted = theirs.text().replace(block, &format!("{block}\n      \"output_file\": \"by-hand.md\","));
    let merged = merge(base.text(), ours.text(), &noted).unwrap();
    assert!(merged.conflicts.is_empty() && merged.text.contains("by-hand.md"), "{}", merged.text);
    // Other costs of each side are added.
    send(&mut ours, 711, &writer("progress", r#""cost": 0.3, "key": "bill""#)).unwrap();
    let merged = merge(base.text(), ours.text(), theirs.text()).unwrap();
    assert_eq!(total(&Session::parse(merged.text).unwrap()), "1.50");
    // The same text under another agent's name is another event.
    send(&mut base, 699, &writer("progress", r#""cost": 1"#)).unwrap();
    let (mut ours, mut theirs) = (base.clone(), base.clone());
    send(&mut ours, 700, &writer("progress", r#""cost": 1, "key": "x""#)).unwrap();
    send(&mut theirs, 700, r#"{"type": "progress", "agent": "research_coordinator", "cost": 1, "key": "x"}"#).unwrap();
    let merged = merge(base.text(), ours.text(), theirs.text()).unwrap();
    assert_eq!(total(&Session::parse(merged.text).unwrap()), "3.00");
}

#[test]
fn an_escalation_that_each_side_was_given_is_one_without_a_conflict() {
    let base = Session::parse(SAMPLE.replace("\"retry_count\": 0", "\"retry_count\": 3")).unwrap();
    let fail = writer("fail", r#""error": "timeout", "cost": 0.1, "key": "job""#);
    let (mut ours, mut theirs) = (base.clone(), base.clone());
    send(&mut ours, 0, &fail).unwrap();
    send(&mut theirs, 7, &fail).unwrap();
    for (one, other) in [(&ours, &theirs), (&theirs, &ours)] {
        let merged = merge(base.text(), one.text(), other.text()).unwrap();
        assert_eq!(merged.conflicts, []);
        let session = Session::parse(merged.text).unwrap();
        assert_eq!((session.history().len(), total(&session).as_str()), (1, "0.10"));
        assert!(session.escalated(&Policy::default()) && session.text().contains("\"failed_attempts\": 1"));
    }
}

#[test]
fn a_start_that_each_side_was_given_is_one_without_a_conflict() {
    let base = Session::parse(SAMPLE.replace("\"in_progress\"", "\"pending\"")).unwrap();
    let start = writer("start", r#""key": "job""#);
    let (mut ours, mut theirs) = (base.clone(), base.clone());
    send(&mut ours, 0, &start).unwrap();
    send(&mut theirs, 7, &start).unwrap();
    send(&mut theirs, 20, &writer("complete", r#""cost": 1"#)).unwrap();
    for (one, other) in [(&ours, &theirs), (&theirs, &ours)] {
        let merged = merge(base.text(), one.text(), other.text()).unwrap();
        assert_eq!(merged.conflicts, []);
        let session = Session::parse(merged.text).unwrap();
        assert_eq!((session.history().len(), total(&session).as_str()), (2, "1.00"), "{}", session.text());
        assert_eq!(session.state().unwrap(), theirs.state().unwrap());
    }
}
