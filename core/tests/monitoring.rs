//! Health, progress and the dashboard's figures.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says what went wrong by panicking")]

use callboard_core::{
    Agent, BarKind, Dashboard, Event, EventKind, HealthLevel, Money, Policy, Session, Stage, Timestamp,
};

const SAMPLE: &str = include_str!("../../tests/fixtures/sessions/ep001_session_20240811.json");

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn apply(session: &mut Session, when: &str, event: &str) {
    let event = Event::from_json(event).unwrap();
    session.apply(&event, at(when), &Policy::default()).unwrap_or_else(|refusal| panic!("{event:?}: {refusal}"));
}

/// A finished session, the times in minutes from its creation.
fn finished(id: &str, created: &str, minutes: i64, cost: &str, quality: Option<f64>) -> Session {
    let completed = at(created).plus(minutes * 60);
    let quality = quality.map_or("null".to_owned(), |quality| quality.to_string());
    Session::parse(format!(
        r#"{{"session_id": "{id}", "pipeline_state": {{"current_stage": "complete", "completed_stages": ["research", "writing", "evaluation", "synthesis"]}},
        "agent_outputs": {{"research_coordinator": {{"status": "complete", "execution_time": {}}}}},
        "quality_metrics": {{"overall_quality": {quality}}}, "cost_tracking": {{"total": {cost}}},
        "timestamps": {{"created": "{created}", "completed": "{completed}"}}}}"#,
        minutes * 10
    ))
    .unwrap()
}

#[test]
fn the_worst_rule_gives_the_health_and_every_reason_is_said() {
    let check = |change: &dyn Fn(&str) -> String, now: &str, health: HealthLevel, codes: &[&str]| {
        let session = Session::parse(change(SAMPLE)).unwrap();
        let found = session.health(at(now), &Policy::default());
        let found_codes: Vec<&str> = found.reasons.iter().map(|reason| reason.code).collect();
        assert_eq!((found.health, found_codes.as_slice()), (health, codes));
        let standing = session.digest().standing(at(now), &Policy::default());
        assert_eq!((standing.health, standing.urgency == 0), (health, codes.is_empty()));
    };
    let same = |text: &str| text.to_owned();
    check(&same, "2024-08-11T15:00:00Z", HealthLevel::Healthy, &[]);
    check(&same, "2024-08-11T15:18:00Z", HealthLevel::Healthy, &[]);
    check(&same, "2024-08-11T15:18:01Z", HealthLevel::AtRisk, &["past_estimate"]);
    check(&same, "2024-08-11T16:18:00Z", HealthLevel::AtRisk, &["past_estimate"]);
    check(&same, "2024-08-11T16:18:01Z", HealthLevel::Stalled, &["stalled"]);
    let spent = |text: &str| {
        text.replace("\"writing\": 0.00", "\"writing\": 7.20").replace("\"total\": 0.00", "\"total\": 7.20")
    };
    check(&spent, "2024-08-11T15:00:00Z", HealthLevel::AtRisk, &["budget", "stage_over_share"]);
    let failed = |text: &str| text.replace("\"in_progress\"", "\"failed\"");
    check(&failed, "2024-08-11T15:00:00Z", HealthLevel::AtRisk, &["failed"]);
    let retry = |text: &str| text.replace("\"in_progress\"", "\"retry\"");
    check(&retry, "2024-08-11T15:00:00Z", HealthLevel::AtRisk, &["retry"]);
    let escalated = |text: &str| failed(text).replace("\"retry_count\": 0", "\"retry_count\": 0, \"escalation\": {}");
    check(&escalated, "2024-08-11T15:00:00Z", HealthLevel::Failed, &["escalated"]);
    let unknown = |text: &str| text.replace("\"current_stage\": \"writing\"", "\"current_stage\": \"mixing\"");
    check(&unknown, "2024-08-11T15:00:00Z", HealthLevel::Failed, &["unreadable_state"]);
}

#[test]
fn a_reason_with_an_error_ends_once() {
    for (error, expected) in [
        ("No answer", "script_writer has failed: No answer."),
        ("No answer.", "script_writer has failed: No answer."),
        ("No answer?", "script_writer has failed: No answer?"),
    ] {
        let mut session = Session::parse(SAMPLE).unwrap();
        let event = format!(r#"{{"type": "fail", "agent": "script_writer", "error": "{error}"}}"#);
        apply(&mut session, "2024-08-11T15:00:00Z", &event);
        let health = session.health(at("2024-08-11T15:00:00Z"), &Policy::default());
        assert_eq!(health.reasons[0].message, expected);
    }
}

#[test]
fn a_stalled_agent_can_be_resumed_and_escalates_when_it_is_out_of_retries() {
    let mut session = Session::parse(SAMPLE).unwrap();
    apply(
        &mut session,
        "2024-08-11T17:00:00Z",
        r#"{"type": "resume", "agent": "script_writer", "reason": "no answer"}"#,
    );
    assert_eq!(session.state().unwrap().name(), "RETRY");
    let file: serde_json::Value = serde_json::from_str(session.text()).unwrap();
    assert_eq!(file["pipeline_state"]["failed_attempts"], 1);
    assert_eq!(file["pipeline_state"]["retry_count"], 1);
    assert_eq!(file["history"].as_array().unwrap().len(), 1);
    assert_eq!(file["history"][0]["error"], "stalled");

    let tired = SAMPLE.replace("\"retry_count\": 0", "\"retry_count\": 3");
    let mut session = Session::parse(tired).unwrap();
    apply(&mut session, "2024-08-11T17:00:00Z", r#"{"type": "resume", "agent": "script_writer"}"#);
    assert!(session.escalated(&Policy::default()));
}

#[test]
fn what_needs_somebody_most_comes_first_and_each_has_its_remedy() {
    let now = at("2024-08-11T15:00:00Z");
    let failed = |text: &str| text.replace("\"in_progress\"", "\"failed\"");
    let escalated = failed(SAMPLE).replace("\"retry_count\": 0", "\"retry_count\": 0, \"escalation\": {}");
    let unreadable = SAMPLE.replace("\"current_stage\": \"writing\"", "\"current_stage\": \"mixing\"");
    let stalled = SAMPLE.replace("2024-08-11T", "2024-08-10T");
    let over = SAMPLE.replace("\"budget\": 9.00", "\"budget\": 1.00").replace("\"total\": 0.00", "\"total\": 2.00");
    let retry = SAMPLE.replace("\"in_progress\"", "\"retry\"");
    let late = SAMPLE.replace("15:18:00", "14:59:00");
    let spent = over.replace("\"budget\": 1.00", "\"budget\": 2.50");
    let expected = [
        (escalated, Some(EventKind::Resume)),
        (unreadable, None),
        (stalled, Some(EventKind::Resume)),
        (failed(SAMPLE), Some(EventKind::Retry)),
        (over, None),
        (retry, Some(EventKind::Start)),
        (late, None),
        (spent, None),
        (SAMPLE.to_owned(), None),
    ];
    let mut before = u8::MAX;
    for (text, remedy) in expected {
        let session = Session::parse(text.as_str()).unwrap();
        let standing = session.digest().standing(now, &Policy::default());
        assert!(standing.urgency < before, "{} is before {}", standing.urgency, before);
        assert_eq!(session.remedy(now, &Policy::default()), remedy);
        assert_eq!(standing.over_budget, text.contains("\"budget\": 1.00"));
        before = standing.urgency;
    }
}

#[test]
fn the_dashboard_counts_and_averages() {
    let sessions = [
        finished("a", "2024-08-11T10:00:00Z", 60, "4.00", Some(0.9)),
        finished("b", "2024-08-10T10:00:00Z", 90, "5.50", Some(0.8)),
        finished("c", "2024-08-10T23:30:00Z", 20, "1.00", None),
        Session::parse(SAMPLE).unwrap(),
    ];
    let all: Vec<&Session> = sessions.iter().collect();
    let figures = |now: &str, offset| Dashboard::of(&all, at(now), offset, &Policy::default());
    let board = figures("2024-08-11T15:00:00Z", 0);
    assert_eq!(board.active_sessions.len(), 1);
    let active = &board.active_sessions[0];
    assert_eq!(
        (active.session_id.as_deref(), active.stage, active.progress),
        (Some("ep_001_20240811_1430"), Some("writing"), 25)
    );
    assert_eq!(board.completed_today, 1);
    assert_eq!((board.average_time.value, board.average_time.n), (Some(170.0 / 3.0), 3));
    assert_eq!((board.average_cost.value, board.average_cost.n), (Some(3.5), 3));
    let quality = board.quality_average;
    assert!(quality.n == 2 && (quality.value.unwrap() - 0.85).abs() < 1e-9);
    // Ten minutes ahead of UTC, the session of 23:50 belongs to the next day.
    assert_eq!(figures("2024-08-11T15:00:00Z", 10).completed_today, 2);
    assert_eq!(figures("2024-08-12T15:00:00Z", 0).completed_today, 0);
    let empty = Dashboard::of(&[], at("2024-08-11T15:00:00Z"), 0, &Policy::default());
    assert_eq!((empty.average_cost.value, empty.average_cost.n), (None, 0));
}

#[test]
fn a_failure_counts_on_its_day() {
    let mut session = Session::parse(SAMPLE).unwrap();
    apply(&mut session, "2024-08-11T23:50:00Z", r#"{"type": "fail", "agent": "script_writer", "error": "x"}"#);
    apply(&mut session, "2024-08-12T00:10:00Z", r#"{"type": "retry", "agent": "script_writer"}"#);
    let failed = |now: &str, offset| Dashboard::of(&[&session], at(now), offset, &Policy::default()).failed_today;
    assert_eq!(failed("2024-08-11T12:00:00Z", 0), 1);
    assert_eq!(failed("2024-08-12T12:00:00Z", 0), 0);
    assert_eq!(failed("2024-08-12T12:00:00Z", 60), 1);
}

#[test]
fn three_durations_make_a_typical_one() {
    let sessions = [
        finished("a", "2024-08-10T10:00:00Z", 60, "1", None),
        finished("b", "2024-08-10T10:00:00Z", 90, "1", None),
        finished("c", "2024-08-10T10:00:00Z", 20, "1", None),
    ];
    let typical = |count: usize| {
        let all: Vec<&Session> = sessions.iter().take(count).collect();
        Policy::default().with_typical_durations_of(&all).typical_duration(Stage::Research)
    };
    assert_eq!(typical(2), 1680, "two are too few");
    assert_eq!(typical(3), 600);
}

#[test]
fn a_stage_took_what_its_agent_says_or_what_its_times_tell() {
    let check = |stages: &str, output: &str, times: &str, expected: Option<i64>| {
        let session = Session::parse(format!(
            r#"{{"session_id": "a", "pipeline_state": {{{stages}}}, "agent_outputs": {{"research_coordinator": {{{output}}}}},
            "timestamps": {{{times}}}}}"#
        ))
        .unwrap();
        assert_eq!(session.stage_duration(Stage::Research), expected, "{output} {times}");
    };
    let past = r#""current_stage": "writing", "completed_stages": ["research"]"#;
    let times = r#""research_started": "2024-08-11T14:30:00Z", "research_completed": "2024-08-11T14:58:00Z""#;
    check(past, r#""execution_time": 1500.5"#, times, Some(1501));
    check(past, r#""execution_time": -1"#, times, Some(1680));
    check(past, r#""start_time": "2024-08-11T14:57:00Z""#, times, Some(60));
    check(past, "", times, Some(1680));
    check(past, r#""start_time": "2024-08-11T15:00:00Z""#, times, None);
    check(past, "", r#""research_started": "2024-08-11T14:30:00Z""#, None);
    check(r#""current_stage": "research""#, "", times, None);
    check(r#""current_stage": "lunch", "completed_stages": ["research"]"#, "", times, None);
}

#[test]
fn without_a_history_the_timeline_is_pieced_together() {
    let check = |status: &str, kind: BarKind, end: Option<&str>| {
        let session = Session::parse(
            SAMPLE
                .replace("\"in_progress\"", &format!("\"{status}\", \"execution_time\": 600"))
                .replace("\"writing_started\"", "\"writing_failed\": \"2024-08-11T15:10:00Z\", \"writing_started\"")
                .replace("\"start_time\": \"2024-08-11T14:58:00Z\"", "\"start_time\": \"2024-08-11T15:00:00Z\""),
        )
        .unwrap();
        let timeline = session.timeline();
        let bar = &timeline.lanes[1].bars[0];
        assert_eq!((bar.kind, bar.start, bar.end), (kind, Some(at("2024-08-11T15:00:00Z")), end.map(at)));
        let wait = &timeline.waits[0];
        assert_eq!((wait.agent, wait.derived), (Agent::ScriptWriter, true));
        assert_eq!((wait.from, wait.to), (at("2024-08-11T14:58:00Z"), Some(at("2024-08-11T15:00:00Z"))));
    };
    check("in_progress", BarKind::Running, None);
    check("failed", BarKind::Failed, Some("2024-08-11T15:10:00Z"));
    check("retry", BarKind::Retried, Some("2024-08-11T15:10:00Z"));
}

#[test]
fn an_estimate_is_the_running_one_and_what_is_left() {
    let session = Session::parse(SAMPLE).unwrap();
    let estimate = |now: &str| session.progress(at(now), &Policy::default()).estimated_completion.unwrap().to_string();
    // 15:18 and 10 + 15 minutes.
    assert_eq!(estimate("2024-08-11T15:00:00Z"), "2024-08-11T15:43:00Z");
    assert_eq!(estimate("2024-08-11T16:00:00Z"), "2024-08-11T16:25:00Z", "never before now");
}

#[test]
fn a_timeline_shows_attempts_waits_and_route_backs() {
    let mut session = Session::parse(SAMPLE).unwrap();
    let derived = session.timeline();
    assert!(derived.lanes.iter().flat_map(|lane| &lane.bars).all(|bar| bar.derived));
    assert_eq!(derived.lanes[1].bars[0].kind, BarKind::Running);

    let steps = [
        ("2024-08-11T15:00:00Z", r#"{"type": "fail", "agent": "script_writer", "error": "timeout", "cost": 0.2}"#),
        ("2024-08-11T15:01:00Z", r#"{"type": "retry", "agent": "script_writer"}"#),
        ("2024-08-11T15:05:00Z", r#"{"type": "start", "agent": "script_writer"}"#),
        ("2024-08-11T15:06:00Z", r#"{"type": "progress", "agent": "script_writer", "cost": 0.1}"#),
        (
            "2024-08-11T15:20:00Z",
            r#"{"type": "complete", "agent": "script_writer", "cost": 1.2, "quality_score": 0.9}"#,
        ),
        ("2024-08-11T15:25:00Z", r#"{"type": "start", "agent": "quality_evaluator"}"#),
        (
            "2024-08-11T15:30:00Z",
            r#"{"type": "quality_failure", "agent": "quality_evaluator", "report": {"failures": ["technical"]}}"#,
        ),
    ];
    for (when, event) in steps {
        apply(&mut session, when, event);
    }
    let timeline = session.timeline();
    let kinds = |lane: usize| timeline.lanes[lane].bars.iter().map(|bar| bar.kind).collect::<Vec<_>>();
    assert_eq!(kinds(1), [BarKind::Retried, BarKind::Complete]);
    assert_eq!(kinds(2), [BarKind::GateFailed]);
    // The history begins with the failure: when that attempt began stands elsewhere in the file.
    let first = &timeline.lanes[1].bars[0];
    assert_eq!((first.start, first.derived), (None, false), "the second attempt has overwritten it");
    let mut session = Session::parse(SAMPLE).unwrap();
    apply(&mut session, "2024-08-11T15:20:00Z", r#"{"type": "complete", "agent": "script_writer"}"#);
    let only = &session.timeline().lanes[1].bars[0];
    assert_eq!((only.start, only.derived), (Some(at("2024-08-11T14:58:00Z")), true));
    let second = &timeline.lanes[1].bars[1];
    assert_eq!((second.attempt, second.cost, second.derived), (2, Money::parse("1.3"), false));
    let waits: Vec<String> = timeline
        .waits
        .iter()
        .map(|wait| format!("{} {} {:?}", wait.agent, wait.from, wait.to.map(|to| to.to_string())))
        .collect();
    assert_eq!(
        waits,
        [
            "script_writer 2024-08-11T15:00:00Z Some(\"2024-08-11T15:05:00Z\")",
            "quality_evaluator 2024-08-11T15:20:00Z Some(\"2024-08-11T15:25:00Z\")",
            "script_writer 2024-08-11T15:30:00Z None",
        ]
    );
    let back = &timeline.route_backs[0];
    assert_eq!((back.from, back.to), (Stage::Evaluation, Some(Stage::Writing)));
    assert_eq!(back.error.as_deref(), Some("quality gates failed: technical"));
}
