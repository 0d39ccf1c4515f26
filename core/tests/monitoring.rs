//! Health, progress and the dashboard's figures.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says what went wrong by panicking")]

use callboard_core::{
    Agent, BarKind, Dashboard, Event, EventKind, HealthLevel, Money, Policy, Remedy, Session, Stage, Timestamp,
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
        let summary = session.digest().health_summary(at(now), &Policy::default());
        assert_eq!((summary.health, summary.attention.is_none()), (health, codes.is_empty()));
    };
    let same = |text: &str| text.to_owned();
    check(&same, "2024-08-11T15:00:00Z", HealthLevel::Healthy, &[]);
    check(&same, "2024-08-11T15:18:00Z", HealthLevel::Healthy, &[]);
    check(&same, "2024-08-11T15:18:01Z", HealthLevel::AtRisk, &["past_estimate"]);
    check(&same, "2024-08-11T16:18:00Z", HealthLevel::AtRisk, &["past_estimate"]);
    check(&same, "2024-08-11T16:18:01Z", HealthLevel::Stalled, &["stalled"]);
    let stalled =
        |now: &str| Session::parse(SAMPLE).unwrap().health(at(now), &Policy::default()).reasons[0].message.clone();
    assert_eq!(stalled("2024-08-11T16:28:59Z"), "script_writer: no update for 1 h 30 min (expected 1 h 10 min ago).");
    assert_eq!(stalled("2024-08-11T17:58:00Z"), "script_writer: no update for 3 h (expected 2 h 40 min ago).");
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
fn the_most_urgent_comes_first_and_each_has_its_remedy() {
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
        (failed(SAMPLE), Some(EventKind::Retry)),
        (over, None),
        (stalled, Some(EventKind::Resume)),
        (retry, Some(EventKind::Start)),
        (late, None),
        (spent, None),
        (SAMPLE.to_owned(), None),
    ];
    let mut before = None;
    for (text, remedy) in expected {
        let session = Session::parse(text.as_str()).unwrap();
        let summary = session.digest().health_summary(now, &Policy::default());
        assert!(before.is_none() || summary.attention.is_none_or(|now| Some(now) > before), "{before:?}: {text}");
        assert_eq!(session.remedy(now, &Policy::default()).map(|found| found.kind), remedy);
        assert_eq!(session.digest().remedy(now, &Policy::default()), session.remedy(now, &Policy::default()));
        assert_eq!(summary.over_budget, text.contains("\"budget\": 1.00"));
        before = summary.attention;
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
        (Some("ep_001_20240811_1430"), Some("writing"), Some(25))
    );
    assert_eq!(board.completed_today, 1);
    assert_eq!((board.average_time.value, board.average_time.n), (Some(56.666_667), 3));
    assert_eq!((board.average_cost.value, board.average_cost.n), (Some(3.5), 3));
    let quality = board.quality_average;
    assert_eq!((quality.value, quality.n), (Some(0.85), 2));
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
fn a_stage_took_what_its_times_tell_or_what_its_agent_says() {
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
    let stated = r#""execution_time": 1500.5"#;
    check(past, stated, times, Some(1680));
    check(past, r#""start_time": "2024-08-11T14:57:00Z""#, times, Some(1680));
    check(past, "", times, Some(1680));
    check(past, stated, r#""research_completed": "2024-08-11T14:58:00Z""#, Some(1501));
    check(past, stated, r#""research_started": "noon", "research_completed": "2024-08-11T14:58:00Z""#, Some(1501));
    let reversed = r#""research_started": "2024-08-11T14:58:00Z", "research_completed": "2024-08-11T14:30:00Z""#;
    check(past, stated, reversed, Some(1501));
    check(past, "", reversed, None);
    let at_once = r#""research_started": "2024-08-11T14:58:00Z", "research_completed": "2024-08-11T14:58:00Z""#;
    check(past, stated, at_once, Some(1501));
    check(past, r#""execution_time": -1"#, at_once, None);
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
    // The history starts with the failure: the start of that attempt is elsewhere in the file.
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

#[test]
fn means_and_normalised_scores_have_no_dust() {
    let quality = |score: &str| {
        Session::parse(format!(r#"{{"session_id": "a", "quality_metrics": {{"overall_quality": {score}}}}}"#)).unwrap()
    };
    let mean = |scores: &[&str]| {
        let sessions: Vec<Session> = scores.iter().map(|score| quality(score)).collect();
        let all: Vec<&Session> = sessions.iter().collect();
        Dashboard::of(&all, at("2024-08-11T15:00:00Z"), 0, &Policy::default())
            .quality_average
            .value
            .unwrap()
            .to_string()
    };
    assert_eq!(mean(&["0.8", "0.9"]), "0.85");
    assert_eq!(mean(&["0.1", "0.2"]), "0.15");
    assert_eq!(mean(&["0.7", "0.8", "0.9"]), "0.8");
    assert_eq!(mean(&["0.1", "0.1", "0.2"]), "0.133333");
    assert_eq!(mean(&["0.9", "0.9", "0.8"]), "0.866667");
    // Half-way: to the even one.
    assert_eq!(mean(&["0.000001", "0.000002"]), "0.000002");
    assert_eq!(mean(&["0.000002", "0.000003"]), "0.000002");
    assert_eq!(mean(&["0.0000015", "0.0000015"]), "0.000002");
    assert_eq!(mean(&["0.123456789"]), "0.123457");
    let score = |text: &str| quality(text).quality().overall_quality.map(|score| score.to_string());
    for (text, expected) in [
        ("8.5", "0.85"),
        ("7.3", "0.73"),
        ("92.3", "0.923"),
        ("56.7", "0.567"),
        ("33.3333333", "0.333333"),
        ("9.9999995", "1"),
        ("2.0000005e0", "0.2"),
    ] {
        assert_eq!(score(text).as_deref(), Some(expected), "{text}");
    }
    // A score on its own scale is unchanged.
    assert_eq!(score("0.123456789").as_deref(), Some("0.123456789"));
    let costs = |costs: &[&str]| {
        let done = |cost: &&str| finished("a", "2024-08-11T10:00:00Z", 1, cost, None);
        let sessions: Vec<Session> = costs.iter().map(done).collect();
        let all: Vec<&Session> = sessions.iter().collect();
        let board = Dashboard::of(&all, at("2024-08-11T15:00:00Z"), 0, &Policy::default());
        (board.average_cost.value.unwrap().to_string(), board.average_time.value.unwrap().to_string())
    };
    assert_eq!(costs(&["0.1", "0.2", "0.3"]), ("0.2".to_owned(), "1".to_owned()));
    assert_eq!(costs(&["-5", "-5.000001"]), ("-5".to_owned(), "1".to_owned()));
}

#[test]
fn a_complete_session_is_healthy_over_its_budget_too() {
    let session = finished("a", "2024-08-11T10:00:00Z", 60, "99, \"budget\": 9", Some(0.9));
    let health = session.health(at("2024-08-13T15:00:00Z"), &Policy::default());
    assert_eq!((health.health, health.reasons), (HealthLevel::Healthy, vec![]));
    assert_eq!(session.costs().within_budget, Some(false));
}

#[test]
fn a_stage_that_failed_gates_sent_back_is_at_risk_until_its_next_attempt_completes() {
    let mut session = Session::parse(SAMPLE).unwrap();
    let gates = |session: &Session, now: &str| {
        let reasons = session.health(at(now), &Policy::default()).reasons;
        reasons.into_iter().find(|reason| reason.code == "gates_failed").map(|reason| reason.message)
    };
    let report = r#"{"type": "quality_failure", "agent": "quality_evaluator", "report":
        {"failures": ["technical"], "scores": {"brand_consistency": 0.82, "overall": 0.9}}}"#;
    let said = "Sent back by evaluation: brand_consistency 0.82 < 0.90, technical.";
    let other = "Sent back by evaluation: technical, brand_consistency 0.82 < 0.90.";
    apply(&mut session, "2024-08-11T15:10:00Z", r#"{"type": "complete", "agent": "script_writer"}"#);
    assert_eq!(gates(&session, "2024-08-11T15:11:00Z"), None);
    apply(&mut session, "2024-08-11T15:12:00Z", report);
    let found = gates(&session, "2024-08-11T15:13:00Z").unwrap();
    assert!(found == said || found == other, "{found}");
    let board = Dashboard::of(&[&session], at("2024-08-11T15:13:00Z"), 0, &Policy::default());
    assert_eq!(board.active_sessions[0].health, HealthLevel::AtRisk);
    let remedy = session.remedy(at("2024-08-11T15:13:00Z"), &Policy::default());
    assert_eq!(remedy, Some(Remedy { kind: EventKind::Start, agent: Agent::ScriptWriter, asks: false }));
    apply(&mut session, "2024-08-11T15:14:00Z", r#"{"type": "start", "agent": "script_writer"}"#);
    assert!(gates(&session, "2024-08-11T15:15:00Z").is_some(), "it has begun, and is not done");
    apply(&mut session, "2024-08-11T15:16:00Z", r#"{"type": "fail", "agent": "script_writer", "error": "x"}"#);
    apply(&mut session, "2024-08-11T15:17:00Z", r#"{"type": "retry", "agent": "script_writer"}"#);
    assert!(gates(&session, "2024-08-11T15:18:00Z").is_some(), "a failed attempt is none");
    apply(&mut session, "2024-08-11T15:19:00Z", r#"{"type": "complete", "agent": "script_writer"}"#);
    assert_eq!(gates(&session, "2024-08-11T15:20:00Z"), None);

    // Sent back to research: when that is complete, writing does not count as sent back.
    let report = r#"{"type": "quality_failure", "agent": "quality_evaluator", "report": {"failures": ["accuracy"]}}"#;
    apply(&mut session, "2024-08-11T15:21:00Z", report);
    let said = "Sent back by evaluation: accuracy.";
    assert_eq!(gates(&session, "2024-08-11T15:22:00Z").as_deref(), Some(said));
    apply(&mut session, "2024-08-11T15:23:00Z", r#"{"type": "complete", "agent": "research_coordinator"}"#);
    assert_eq!(gates(&session, "2024-08-11T15:24:00Z"), None);
}

#[test]
fn gates_that_failed_are_told_of_without_a_history() {
    let gates = |from: &str, to: &str| {
        let session = Session::parse(SAMPLE.replacen(from, to, 1)).unwrap();
        let reasons = session.health(at("2024-08-11T15:00:00Z"), &Policy::default()).reasons;
        reasons.into_iter().find(|reason| reason.code == "gates_failed").map(|reason| reason.message)
    };
    let said = Some("Sent back by evaluation.".to_owned());
    assert_eq!(gates("\"retry_count\": 0", "\"retry_count\": 0, \"gate_failures\": 1"), said);
    assert_eq!(gates("\n  \"quality_metrics\"", "\"feedback\": [\"shorter\"], \"quality_metrics\""), said);
    assert_eq!(gates("\n  \"quality_metrics\"", "\"adjustments_needed\": \"x\", \"quality_metrics\""), said);
    assert_eq!(gates("\"retry_count\": 0", "\"retry_count\": 0, \"gate_failures\": 0"), None);
    let evaluation = "\"current_stage\": \"evaluation\", \"gate_failures\": 1";
    assert_eq!(gates("\"current_stage\": \"writing\"", evaluation), None);
}

#[test]
fn a_stage_that_nobody_starts_waits() {
    let waiting = |session: &Session, now: &str, policy: &Policy| {
        let health = session.health(at(now), policy);
        let summary = session.digest().health_summary(at(now), policy);
        assert_eq!(health.health, summary.health);
        health.reasons.into_iter().find(|reason| reason.code == "waiting").map(|reason| reason.message)
    };
    let day = Policy::default();
    let mut session = Session::parse(SAMPLE).unwrap();
    apply(&mut session, "2024-08-11T15:00:00Z", r#"{"type": "complete", "agent": "script_writer"}"#);
    assert_eq!(waiting(&session, "2024-08-12T15:00:00Z", &day), None);
    let said = Some("quality_evaluator: ready for 24 h, not started.".to_owned());
    assert_eq!(waiting(&session, "2024-08-12T15:00:01Z", &day), said);
    let short = Policy { wait_limit: 3600, ..Policy::default() };
    assert!(waiting(&session, "2024-08-11T16:00:01Z", &short).is_some());
    let remedy = session.remedy(at("2024-08-12T15:00:01Z"), &day);
    assert_eq!(remedy, Some(Remedy { kind: EventKind::Start, agent: Agent::QualityEvaluator, asks: false }));
    // A late cost does not change the start time.
    apply(&mut session, "2024-08-12T14:00:00Z", r#"{"type": "progress", "agent": "script_writer", "cost": 0.1}"#);
    assert_eq!(waiting(&session, "2024-08-12T15:00:01Z", &day), said);
    apply(&mut session, "2024-08-12T16:00:00Z", r#"{"type": "start", "agent": "quality_evaluator"}"#);
    assert_eq!(waiting(&session, "2024-08-20T15:00:00Z", &day), None, "it has begun");

    // Without a history: since the stage before completed, since it was created, or since the last change.
    let of = |stage: &str, times: &str, more: &str| {
        Session::parse(format!(
            r#"{{"session_id": "a", "pipeline_state": {{"current_stage": "{stage}", "completed_stages": ["research"]{more}}},
            "timestamps": {{{times}}}}}"#
        ))
        .unwrap()
    };
    let times = r#""created": "2024-08-01T00:00:00Z", "last_updated": "2024-08-03T00:00:00Z""#;
    let completed = r#""created": "2024-08-01T00:00:00Z", "last_updated": "2024-08-03T00:00:00Z",
        "research_completed": "2024-08-02T00:00:00Z""#;
    let since = |session: &Session, days: i64| {
        let message = waiting(session, "2024-08-10T00:00:00Z", &day).unwrap();
        assert!(message.contains(&format!(" {days} d,")), "{message}");
    };
    since(&of("writing", completed, ""), 8);
    since(&of("writing", times, ""), 7);
    since(&of("writing", completed, ", \"gate_failures\": 1"), 7);
    let made = r#"{"session_id": "a", "pipeline_state": {"current_stage": "initialized"},
        "timestamps": {"created": "2024-08-01T00:00:00Z", "last_updated": "2024-08-03T00:00:00Z"}}"#;
    since(&Session::parse(made).unwrap(), 9);
    assert_eq!(waiting(&of("writing", "", ""), "2024-08-10T00:00:00Z", &day), None, "nothing says since when");
    let done = finished("a", "2024-08-01T00:00:00Z", 5, "1", None);
    assert_eq!(waiting(&done, "2024-08-10T00:00:00Z", &day), None);
}

#[test]
fn a_negative_amount_has_its_sign_first() {
    let session = Session::parse(
        SAMPLE.replace("\"total\": 0.00", "\"total\": -5").replace("\"budget\": 9.00", "\"budget\": -6"),
    )
    .unwrap();
    let said: Vec<String> = session.diagnostics().into_iter().map(|found| found.message).collect();
    assert_eq!(
        said,
        [
            "The total is negative, -$5.00. It is kept and counted.",
            "The stated total of -$5.00 is not the sum of the stages, $0.00. The total is kept.",
            "The budget is negative, -$6.00. It is kept and counted.",
        ]
    );
}

#[test]
fn the_dashboard_says_of_a_session_what_the_session_says_itself() {
    let now = at("2024-08-12T20:00:00Z");
    let policy = Policy::default();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/sessions");
    let mut sessions: Vec<Session> = std::fs::read_dir(folder)
        .unwrap()
        .filter_map(|entry| Session::from_bytes(std::fs::read(entry.unwrap().path()).ok()?).ok())
        .collect();
    for (stage, agent) in [("research", "research_coordinator"), ("writing", "script_writer")] {
        for status in ["pending", "in_progress", "failed", "retry"] {
            for extra in ["", r#", "feedback": ["shorter"]"#, r#", "cost_tracking": {"total": 9, "budget": 9}"#] {
                let text = format!(
                    r#"{{"session_id": "a", "episode": {{"number": 7}},
                        "pipeline_state": {{"current_stage": "{stage}", "failed_attempts": 1}},
                        "agent_outputs": {{"{agent}": {{"status": "{status}", "error": "timeout"}}}},
                        "quality_metrics": {{"overall_quality": 0.5}},
                        "history": [{{"at": "2024-08-11T14:30:00Z", "event": "quality_failure", "to": "{stage}",
                            "error": "quality gates failed: overall, technical"}}]{extra}}}"#
                );
                sessions.push(Session::parse(text).unwrap());
            }
        }
    }
    let rows: Vec<_> = sessions.iter().map(Session::dashboard_row).collect();
    let figures = Dashboard::of_rows(&rows, now, 0, &policy);
    let active: Vec<&Session> = sessions.iter().filter(|session| session.digest().is_active()).collect();
    assert!(active.len() > 24 && figures.active_sessions.len() == active.len());
    let policy = policy.with_typical_durations_of(&sessions.iter().collect::<Vec<_>>());
    for (shown, session) in figures.active_sessions.iter().zip(active) {
        let (progress, health) = (session.progress(now, &policy), session.health(now, &policy));
        assert_eq!((&shown.session_id, shown.episode), (&session.id(), session.episode().number));
        assert_eq!(
            (shown.stage, shown.state, shown.progress),
            (progress.current_stage, progress.state, progress.progress_percentage)
        );
        assert_eq!((shown.health, &shown.reasons), (health.health, &health.reasons));
    }
}

#[test]
fn the_remedy_is_the_likely_event_and_says_if_it_asks() {
    let policy = Policy::default();
    let check = |text: &str, expected: Option<(EventKind, bool)>| {
        let session = Session::parse(text).unwrap();
        let now = at("2024-08-13T15:00:00Z");
        let remedy = session.remedy(now, &policy);
        assert_eq!(remedy.map(|remedy| (remedy.kind, remedy.asks)), expected, "{text}");
        assert!(remedy.is_none_or(|remedy| session.likely_event(now, &policy) == Some(remedy.kind)), "{text}");
        assert_eq!(session.digest().remedy(now, &policy), remedy, "{text}");
    };
    let session = |stage: &str, agent: &str, block: &str, more: &str| {
        format!(
            r#"{{"session_id": "a", "pipeline_state": {{"current_stage": "{stage}"{more}}},
            "agent_outputs": {{"{agent}": {{{block}}}}}, "timestamps": {{"last_updated": "2024-08-11T15:00:00Z"}}}}"#
        )
    };
    let audio = |block: &str| session("synthesis", "audio_synthesizer", block, "");
    check(&audio(r#""status": "not_implemented""#), Some((EventKind::Skip, true)));
    check(&audio(r#""status": "pending""#), Some((EventKind::Start, false)));
    check(&audio(r#""status": "in_progress", "start_time": "2024-08-11T15:00:00Z""#), Some((EventKind::Resume, false)));
    check(&audio(r#""status": "in_progress", "start_time": "2024-08-13T14:59:00Z""#), None);
    let failed = |more: &str| session("writing", "script_writer", r#""status": "failed""#, more);
    check(&failed(""), Some((EventKind::Retry, false)));
    check(&failed(r#", "retry_count": 3, "failed_attempts": 4"#), Some((EventKind::Resume, true)));
    let working = r#""status": "in_progress", "start_time": "2024-08-13T14:59:00Z""#;
    check(&session("writing", "script_writer", working, r#", "gate_failures": 1"#), None);
}
