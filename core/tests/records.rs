//! New sessions, identification records, and sentences about sessions.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says what went wrong by panicking")]

use callboard_core::{
    Event, HealthLevel, Initialize, Money, Policy, RefusalCode, Session, SessionStatus, State, Timestamp, ids,
};

const SAMPLE: &str = include_str!("../../tests/fixtures/sessions/ep001_session_20240811.json");

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

#[test]
fn the_identification_record_is_read_from_both_forms() {
    let check = |text: &str, expected: &str| {
        let record = Session::parse(text).unwrap().identification();
        let or = |text: Option<String>| text.unwrap_or_else(|| "–".to_owned());
        let found = [
            or(record.session_id),
            or(record.episode_number.map(|number| number.to_string())),
            or(record.topic),
            or(record.complexity_level.map(|level| level.to_string())),
            record.target_audience,
            or(record.created_at.map(|at| at.to_string())),
            or(record.status.map(|status| status.to_string())),
        ];
        assert_eq!(found.join(" "), expected);
    };
    check(SAMPLE, "ep_001_20240811_1430 1 why_octopuses_dream 3 general 2024-08-11T14:30:00Z in_progress");
    check(
        r#"{"session_id": "ep_001_20240811_1430", "episode_number": 1, "topic": "consciousness_hard_problem",
            "complexity_level": 3, "target_audience": "experts", "created_at": "2024-08-11T14:30:00Z"}"#,
        "ep_001_20240811_1430 1 consciousness_hard_problem 3 experts 2024-08-11T14:30:00Z –",
    );
    let id = |id: &str, rest: &str| format!(r#"{{"session_id": "{id}"{rest}}}"#);
    check(&id("ep_012_20240811_1430", ""), "ep_012_20240811_1430 12 – – general 2024-08-11T14:30:00Z –");
    check(
        &id("ep_012_20240811_1430", r#", "episode_number": 7, "created_at": "2024-08-11T14:30:57Z""#),
        "ep_012_20240811_1430 7 – – general 2024-08-11T14:30:57Z –",
    );
    check(
        &id("ep_012_20240811_1430", r#", "created_at": "noon", "episode": {"number": "twelve"}"#),
        "ep_012_20240811_1430 12 – – general 2024-08-11T14:30:00Z –",
    );
    check(&id("ep_000_20240811_1430", ""), "ep_000_20240811_1430 – – – general 2024-08-11T14:30:00Z –");
    check(&id("ep_20250902_101351_9caca903", ""), "ep_20250902_101351_9caca903 – – – general – –");
    check(
        r#"{"session_id": "a", "episode": {"topic": " Größe & “Maß” – 7! "}, "pipeline_state": {"current_stage": "lunch"}}"#,
        "a – größe_maß_7 – general – –",
    );
    let statuses = State::MACHINE.map(|state| SessionStatus::of(state).unwrap().name());
    let going = "in_progress";
    assert_eq!(statuses, ["initialized", going, going, going, going, "complete", "failed", going]);
}

#[test]
fn the_frameworks_names_are_made_and_read() {
    let when = at("2024-08-11T14:30:59Z");
    for (episode, id, file, second) in [
        (1, "ep_001_20240811_1430", "ep001_session_20240811.json", "ep001_session_20240811_1430.json"),
        (12345, "ep_12345_20240811_1430", "ep12345_session_20240811.json", "ep12345_session_20240811_1430.json"),
    ] {
        assert_eq!(ids::session_id(episode, when), id);
        assert_eq!(ids::file_name(episode, when), file);
        assert_eq!(ids::second_file_name(episode, when), second);
        let parsed = ids::parse(id).unwrap();
        assert_eq!((parsed.episode, parsed.created), (episode, at("2024-08-11T14:30:00Z")));
    }
    for other in [
        "",
        "ep_",
        "ep_001",
        "ep_001_20240811",
        "ep__20240811_1430",
        "ep_001_20240811_1430_2",
        "ep_001_2024081_1430",
        "ep_001_20240811_14:3",
        "ep_0x1_20240811_1430",
        "ep_001_20240231_1430",
        "ep_001_20240811_2460",
        "ep_99999999999999999999_20240811_1430",
        "ep_00é_20240811_1430",
        "ep_001_2024é11_1430",
        "ep_20250902_101351_9caca903",
        "ep_5_production_20250823",
        "ep_batch_1-5_research_20250824",
        "test_stuck",
    ] {
        assert_eq!(ids::parse(other), None, "{other}");
    }
}

#[test]
fn a_new_session_is_made_of_what_is_in_range() {
    let policy = Policy::default();
    let check = |change: &dyn Fn(&mut Initialize), expected: &str| {
        let mut new = Initialize::new(7, "tides");
        change(&mut new);
        let said = match Session::initialize(&new, at("2024-08-11T14:30:00Z"), &policy) {
            Ok(_) => "made".to_owned(),
            Err(refusal) => {
                assert_eq!((refusal.code, refusal.allowed.len()), (RefusalCode::InvalidValue, 0));
                refusal.to_string()
            }
        };
        assert_eq!(said, expected);
    };
    check(&|_| {}, "made");
    check(&|new| new.episode = 0, "The episode's number must be a whole number from 1.");
    check(&|new| new.episode = (1 << 53) + 1, "The episode's number must be a whole number from 1.");
    check(&|new| new.topic = " \n".to_owned(), "A session needs a topic.");
    check(&|new| new.complexity = 0, "The complexity must be 1 to 5, not 0.");
    check(&|new| new.complexity = 6, "The complexity must be 1 to 5, not 6.");
    check(&|new| new.duration = 0.0, "The duration must be more than 0 minutes, not 0.");
    check(&|new| new.duration = f64::NAN, "The duration must be more than 0 minutes, not NaN.");
    check(&|new| new.duration = f64::INFINITY, "The duration must be more than 0 minutes, not inf.");
    check(&|new| new.budget = Money::parse("-0.01"), "The budget must not be negative.");
    check(&|new| new.budget = Some(Money::ZERO), "made");

    let new = Initialize {
        topic: "\u{8}\u{c}\r\n\t\u{1f}\"\\/ 🐙".to_owned(),
        audience: "night owls".to_owned(),
        budget: Money::parse("12.5"),
        ..Initialize::new(7, "")
    };
    let session = Session::initialize(&new, at("2024-08-11T14:30:00Z"), &policy).unwrap();
    assert_eq!(session.episode().topic, Some(new.topic));
    assert_eq!(session.episode().target_audience, Some(new.audience));
    assert_eq!(session.costs().budget, Money::parse("12.50"));
    assert!(session.text().contains(r#""topic": "\b\f\r\n\t\u001f\"\\/ 🐙""#), "{}", session.text());
    assert_eq!(session.diagnostics(), []);
}

#[test]
fn an_outcome_says_what_happened_and_what_comes_next() {
    let mut session = Session::parse(SAMPLE).unwrap();
    let mut check = |minute: i64, event: &str, expected: &str| {
        let event = Event::from_json(event).unwrap();
        let now = at("2024-08-11T15:00:00Z").plus(minute * 60);
        let outcome = session.apply(&event, now, &Policy::default()).unwrap_or_else(|refusal| panic!("{refusal}"));
        assert_eq!(outcome.sentence(), expected);
    };
    let writer = |fields: &str| fields.replace('}', r#", "agent": "script_writer"}"#);
    let evaluator = |fields: &str| fields.replacen('{', r#"{"agent": "quality_evaluator", "#, 1);
    check(0, &writer(r#"{"type": "progress", "cost": 0.1}"#), "Recorded: progress of script_writer.");
    for attempt in 0..3 {
        check(
            attempt,
            &writer(r#"{"type": "fail", "error": "x"}"#),
            "Recorded: script_writer failed. Next: retry script_writer.",
        );
        check(attempt, &writer(r#"{"type": "retry"}"#), "script_writer will be retried. Next: start script_writer.");
    }
    check(4, &writer(r#"{"type": "start"}"#), "script_writer is in progress.");
    check(
        180,
        &writer(r#"{"type": "resume"}"#),
        "script_writer is out of retries. script_writer needs a decision: resume it with an override.",
    );
    check(
        181,
        &writer(r#"{"type": "resume", "override": true}"#),
        "script_writer will be retried. Next: start script_writer.",
    );
    check(182, &writer(r#"{"type": "complete"}"#), "script_writer is complete. Next: start quality_evaluator.");
    check(
        183,
        &evaluator(r#"{"type": "quality_failure", "report": {"failures": ["accuracy"]}}"#),
        "Sent back to research (accuracy). Next: start research_coordinator.",
    );
    for (agent, next) in [
        ("research_coordinator", " Next: start script_writer."),
        ("script_writer", " Next: start quality_evaluator."),
        ("quality_evaluator", " Next: start audio_synthesizer."),
        ("audio_synthesizer", " The session is complete."),
    ] {
        let skip = format!(r#"{{"type": "skip", "agent": "{agent}", "reason": "rehearsal"}}"#);
        check(184, &skip, &format!("{agent} is skipped.{next}"));
    }
}

/// Serialised data: names for kinds, texts for times, numbers for money.
#[cfg(feature = "serde")]
#[test]
fn reports_are_plain_data() {
    let session = Session::parse(SAMPLE.replace("\"in_progress\"", "\"failed\"")).unwrap();
    let now = at("2024-08-11T15:00:00Z");
    let data = |value: serde_json::Result<serde_json::Value>| value.unwrap();
    assert_eq!(
        data(serde_json::to_value(session.progress(now, &Policy::default()))),
        serde_json::json!({
            "progress_percentage": 25, "current_stage": "writing", "state": "FAILED",
            "estimated_completion": null, "cost_so_far": 0.0, "quality_status": null,
        })
    );
    let health = data(serde_json::to_value(session.health(now, &Policy::default())));
    assert_eq!(health["health"], HealthLevel::AtRisk.name());
    assert_eq!(health["reasons"][0]["code"], "failed");
    let timeline = data(serde_json::to_value(session.timeline()));
    assert_eq!(timeline["lanes"][0]["bars"][0]["start"], "2024-08-11T14:30:00Z");
}

#[test]
fn every_level_of_health_has_its_name() {
    assert_eq!(HealthLevel::ALL.map(HealthLevel::name), ["healthy", "unknown", "at_risk", "stalled", "failed"]);
    assert!(HealthLevel::ALL.is_sorted());
}
