//! Foreign sessions in an overview: figures over what is known, labels, states beside the framework's, and texts.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says what went wrong by panicking")]

use callboard_core::import::{ForeignSession, Shape, Shapes, assemble};
use callboard_core::{Digest, Figures, LeftOut, Session, State, Timestamp};

const SHAPE: &str = r#"{"name": "plain", "title": "Plain", "version": 1, "kind": "session",
    "recognise": {"has": {"/plain": "text"}}, "id": "/plain", "episode": "/number", "topic": "/topic",
    "state": {"at": "/state", "words": {"new": "not_started", "on": "in_progress", "failed": "failed", "done": "complete",
        "dropped": "skipped"}},
    "current_stage": "/now", "created": "/from", "completed": "/to", "cost": "/cost", "scores": {"overall": "/score"},
    "marks": {"dry run": "/dry"}, "errors": "/error", "outputs": "/files/*",
    "stages": {"each": "/stages/*", "status": {"at": "s", "words": {"0": "not_started", "1": "in_progress", "2": "complete",
        "x": "failed"}}, "ended": "t", "agent": "by"},
    "maps_to": {"read": "research", "write": "writing"}, "labels": {"write": "First draft"}}"#;

/// A session of each text, in the order of the texts.
fn sessions(texts: &[&str]) -> Vec<ForeignSession> {
    let shapes = Shapes::built_in().with(vec![Shape::parse(SHAPE).unwrap()]);
    let file = |(at, text): (usize, &&str)| {
        let text = format!("{{\"plain\": \"s{at:02}\"{}{text}}}", if text.is_empty() { "" } else { ", " });
        shapes.read(&format!("s{at:02}.json"), text.as_bytes())
    };
    let import = assemble(texts.iter().enumerate().map(file).collect());
    assert_eq!(import.sessions.len(), texts.len());
    import.sessions
}

fn figures(own: &[Digest], texts: &[&str]) -> Figures {
    let now = Timestamp::parse("2025-09-05T12:00:00Z").unwrap();
    Figures::of_all(own, &sessions(texts), now, 0)
}

#[test]
fn each_figure_counts_what_is_known_and_says_how_many_it_leaves_out() {
    let found = figures(
        &[],
        &[
            // Complete: all is known; no cost; nothing is known; times out of order.
            r#""state": "done", "from": "2025-09-05T08:00:00Z", "to": "2025-09-05T09:00:00Z", "cost": 4, "score": 0.9"#,
            r#""state": "done", "from": "2025-09-01T08:00:00Z", "to": "2025-09-01T10:00:00Z", "score": 8"#,
            r#""state": "done""#,
            r#""state": "done", "from": "2025-09-05T09:00:00Z", "to": "2025-09-05T08:00:00Z", "cost": 7"#,
            // A dry run is complete, and in no average.
            r#""state": "done", "dry": true, "from": "2025-09-05T08:00:00Z", "to": "2025-09-05T08:00:01Z", "cost": 0, "score": 1"#,
            // The cost and the times of what goes on are in no average.
            r#""state": "on", "cost": 900, "from": "2025-09-05T08:00:00Z", "score": 0.5"#,
            r#""state": "new""#,
            // Failures with and without a time.
            r#""stages": {"read": {"s": "x", "t": "2025-09-05T01:00:00Z"}}"#,
            r#""stages": {"read": {"s": "x", "t": "2025-09-04T01:00:00Z"}}"#,
            r#""state": "failed""#,
            // Neither active nor complete.
            r#""state": "dropped""#,
            r#""state": "marinating", "cost": 3"#,
            "",
        ],
    );
    assert_eq!((found.active, found.completed_today, found.failed_today), (5, 3, 1));
    assert_eq!((found.average_time.value, found.average_time.n), (Some(90.0), 2));
    assert_eq!((found.average_cost.value, found.average_cost.n), (Some(5.5), 2));
    // 8 may be of 10 or of 100: its scale is read beside the other scores of its own file alone.
    assert_eq!((found.quality_average.value, found.quality_average.n), (Some(0.733_333), 3));
    let left_out = LeftOut {
        active: 2,
        completed_today: 1,
        failed_today: 1,
        average_time: 3,
        average_cost: 3,
        quality_average: 10,
    };
    assert_eq!(found.left_out, left_out);
}

#[test]
fn figures_of_own_and_foreign_sessions_are_those_of_both() {
    let own = |rest: &str| Session::parse(format!("{{\"session_id\": \"a\"{rest}}}")).unwrap().digest();
    let own = [
        own(
            r#", "pipeline_state": {"current_stage": "complete"}, "cost_tracking": {"total": 6}, "quality_metrics": {"overall_quality": 0.8}"#,
        ),
        own(r#", "pipeline_state": {"current_stage": "writing"}"#),
        own(r#", "status": "completed", "cost_tracking": {"total": 100}"#),
    ];
    let texts = [r#""state": "done", "cost": 4, "score": 0.9"#, r#""state": "on""#];
    let both = figures(&own, &texts);
    assert_eq!((both.average_cost.value, both.average_cost.n, both.left_out.average_cost), (Some(5.0), 2, 0));
    assert_eq!((both.active, both.left_out.active, both.quality_average.value), (2, 1, Some(0.85)));
    let now = Timestamp::parse("2025-09-05T12:00:00Z").unwrap();
    assert_eq!(Figures::of(&own, now, 0), figures(&own, &[]));
    assert_eq!((Figures::of(&own, now, 0).average_cost.n, Figures::of(&own, now, 0).left_out.average_time), (1, 1));
}

#[test]
fn the_part_of_an_episode_is_no_complete_episode() {
    let text = r#"{"session_id": "a", "pipeline_status": "COMPLETED_SUCCESSFULLY", "total_budget_used": "$2.00",
        "pipeline_stages": {"discovery": {"status": "completed"}, "synthesis": {"status": "completed"}}}"#;
    let import = assemble(vec![Shapes::built_in().read("a.json", text.as_bytes())]);
    let session = &import.sessions[0];
    assert_eq!((session.is_complete(), session.is_active(), session.quality()), (false, true, None));
    assert_eq!(session.framework_state(), Some(State::Writing));
    let found = Figures::of_all(&[], &import.sessions, Timestamp::from_unix(0), 0);
    assert_eq!((found.active, found.average_cost.n, found.left_out.average_cost), (1, 0, 0));
}

#[test]
fn a_state_is_the_frameworks_where_it_maps() {
    for (text, expected) in [
        ("", Some(State::Unknown)),
        (r#""stages": {"read": {"s": "?"}}"#, Some(State::Unknown)),
        (r#""state": "new""#, Some(State::Initialized)),
        (r#""state": "done""#, Some(State::Complete)),
        (r#""state": "failed""#, Some(State::Failed)),
        (r#""state": "dropped""#, None),
        (r#""state": "on""#, None),
        (r#""state": "on", "now": "write", "stages": {"write": {}}"#, Some(State::Writing)),
        (r#""stages": {"read": {"s": 2}, "write": {"s": 1}}"#, Some(State::Writing)),
        (r#""stages": {"read": {"s": 2}, "write": {"s": 0}}"#, Some(State::Writing)),
        (r#""stages": {"read": {"s": 2}, "mix": {"s": 1}}"#, None),
    ] {
        assert_eq!(sessions(&[text])[0].framework_state(), expected, "{text}");
    }
}

#[test]
fn a_session_has_a_label_and_texts_to_search() {
    let label = |text: &str| sessions(&[text])[0].label();
    assert_eq!(label(r#""topic": "Tides", "number": 4"#), "Tides");
    assert_eq!(label(r#""number": 4"#), "Episode 4");
    assert_eq!(label(""), "s00");
    let text = r#""topic": "Tides", "number": 4, "now": "mix", "error": "out of tape", "files": ["out/a.mp3"],
        "stages": {"write": {"s": 1, "by": "Ada"}}"#;
    let session = &sessions(&[text])[0];
    let texts: Vec<&str> = session.search_texts().collect();
    for wanted in
        ["s00", "Tides", "4", "mix", "out of tape", "out/a.mp3", "write", "First draft", "Ada", "s00.json", "plain"]
    {
        assert!(texts.contains(&wanted), "{wanted}: {texts:?}");
    }
}

#[test]
fn missing_checkpoints_of_a_series_are_noted() {
    let missing = |names: &[&str]| {
        let file = |name: &&str| {
            let text = format!(
                r#"{{"checkpoint_type": "{name}", "session_id": "a", "status": "completed", "timestamp": "2025-09-05T08:00:00Z"}}"#
            );
            Shapes::built_in().read(&format!("a/{name}_complete.json"), text.as_bytes())
        };
        let import = assemble(names.iter().map(file).collect());
        (import.sessions[0].missing.clone(), import.sessions[0].notes())
    };
    assert_eq!(missing(&["01_research", "02_script"]), (vec![], vec![]));
    let note = "Checkpoints 02 and 04 are missing: no file says how these stages went.";
    assert_eq!(missing(&["01_research", "03_synthesis", "05_script"]), (vec![2, 4], vec![note.to_owned()]));
    let note = "Checkpoint 01 is missing: no file says how this stage went.";
    assert_eq!(missing(&["02_script"]), (vec![1], vec![note.to_owned()]));
    // Not in a series: no number, or a date.
    assert_eq!(missing(&["research", "script"]), (vec![], vec![]));
    assert_eq!(missing(&["20250905_research"]), (vec![], vec![]));
}
