//! Files without a state: none is read as being in a state.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says what went wrong by panicking")]

use callboard_core::{
    Agent, Availability, Dashboard, Digest, Event, EventKind, Figures, HealthLevel, ParseErrorCode, Policy,
    RefusalCode, Session, State, Timestamp, merge,
};
use std::path::{Path, PathBuf};

fn now() -> Timestamp {
    Timestamp::parse("2025-09-10T12:00:00Z").unwrap()
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "json") {
            found.push(path);
        }
    }
}

/// Everything that is asked of a session whose file says nothing of its state.
fn is_unknown(text: &str) {
    let session = Session::parse(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    let policy = Policy::default();
    assert_eq!(session.state(), Ok(State::Unknown), "{text}");
    assert_eq!((session.stage(), session.is_complete()), (None, false));
    let progress = session.progress(now(), &policy);
    assert_eq!(
        (progress.progress_percentage, progress.current_stage, progress.state, progress.estimated_completion),
        (None, None, Some(State::Unknown), None)
    );
    let health = session.health(now(), &policy);
    let codes: Vec<&str> = health.reasons.iter().map(|reason| reason.code).collect();
    assert_eq!((health.health, codes.as_slice()), (HealthLevel::Unknown, &["unknown_state"][..]));
    assert_eq!(session.identification().status, None);
    assert_eq!(session.remedy(now(), &policy), None);
    assert_eq!(session.stages_done(), [false; 4]);

    let digest = session.digest();
    assert_eq!((digest.state(), digest.stage(), digest.progress_percentage()), (Some(State::Unknown), None, None));
    let summary = digest.health_summary(now(), &policy);
    assert_eq!((summary.health, summary.attention, summary.over_budget), (HealthLevel::Unknown, None, false));
    assert_eq!((digest.is_active(), digest.durations), (false, [None; 4]));
    let digests: [Digest; 1] = [digest];
    assert_eq!(Figures::of(&digests, now(), 0).active, 0);
    assert_eq!(Dashboard::of(&[&session], now(), 0, &policy).active_sessions, []);

    let timeline = session.timeline();
    assert!(timeline.lanes.iter().all(|lane| lane.status.is_none() && lane.bars.is_empty()));
    let refused = |refusal: &callboard_core::Refusal| {
        assert_eq!(refusal.code, RefusalCode::UnreadableState);
        assert!(refusal.message.starts_with("The file does not say its state: it has "), "{refusal}");
        let hint = "Add pipeline_state.current_stage to the file, or an agent's status to agent_outputs.";
        assert_eq!((refusal.hint.as_deref(), refusal.allowed.len()), (Some(hint), 0));
    };
    for choice in session.choices(now(), &policy) {
        refused(&choice.refusal.unwrap());
    }
    for way in session.transitions(now(), &policy) {
        let Availability::Refused(refusal) = way.availability else { panic!("{way:?} is open: {text}") };
        refused(&refusal);
        assert_eq!(way.taken, 0);
    }
    for kind in EventKind::ALL {
        for agent in Agent::ALL {
            let mut session = session.clone();
            refused(&session.apply(&Event::minimal(kind, agent), now(), &policy).unwrap_err());
            assert_eq!(session.text(), text);
        }
    }
    let found = session.diagnostics();
    let said: Vec<&str> = found.iter().map(|found| found.code).filter(|code| code.contains("state")).collect();
    assert_eq!(said, ["unknown_state"], "{text}");
    assert!(found.iter().all(|found| !["status_missing", "stage_gap"].contains(&found.code)), "{text}");
    let merged = merge(text, text, text).unwrap();
    assert_eq!(merged.text, text);
}

#[test]
fn a_file_of_another_pipeline_is_unknown_a_template_or_no_session() {
    let mut found = Vec::new();
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/found"), &mut found);
    assert!(found.len() >= 10, "the fixtures are there: {found:?}");
    let (mut unknown, mut templates, mut foreign) = (0, 0, 0);
    for path in found {
        let text = std::fs::read_to_string(&path).unwrap();
        match Session::parse(text.as_str()).map_err(|error| error.code()) {
            Ok(_) => {
                is_unknown(&text);
                unknown += 1;
            }
            Err(ParseErrorCode::Template) => templates += 1,
            Err(ParseErrorCode::NotASession) => foreign += 1,
            Err(code) => panic!("{code:?}: {}", path.display()),
        }
    }
    assert_eq!((unknown, templates, foreign), (7, 2, 2));
}

#[test]
fn a_state_is_never_made_up() {
    let with = |rest: &str| is_unknown(&format!("{{\"session_id\": \"a\"{rest}}}"));
    with("");
    for pipeline in ["null", "{}", "[]", "3", "\"writing\"", "{\"stage\": \"writing\"}", "{\"current_stage\": null}"] {
        with(&format!(", \"pipeline_state\": {pipeline}"));
        with(&format!(
            ", \"pipeline_state\": {pipeline}, \"agent_outputs\": {{}}, \"cost_tracking\": {{\"total\": 99, \"budget\": 1}}"
        ));
    }
    for outputs in
        ["null", "{}", "[]", "{\"narrator\": {\"status\": \"complete\"}}", "{\"script_writer\": {\"cost\": 1}}"]
    {
        with(&format!(", \"agent_outputs\": {outputs}"));
    }
    with(", \"agent_outputs\": {\"script_writer\": {\"status\": null}}");
    with(", \"agent_outputs\": {\"script_writer\": \"complete\"}");
    with(", \"status\": \"in_progress\", \"current_stage\": \"writing\", \"completed_stages\": [\"research\"]");
    with(", \"timestamps\": {\"completed\": \"2025-09-01T10:00:00Z\"}, \"cost_tracking\": 3");
}

#[test]
fn a_pipeline_state_that_says_no_stage_gives_no_state() {
    let numbers = ["retry_count", "failed_attempts", "gate_failures"];
    let values = ["0", "2", "\"2\"", "-1", "2.5", "null", "[]", "{}", "true", "1e3"];
    let mut pipelines: Vec<String> =
        numbers.iter().flat_map(|name| values.map(|value| format!("\"{name}\": {value}"))).collect();
    pipelines
        .extend(values.map(|value| format!("\"retry_count\": {value}, \"failed_attempts\": 1, \"gate_failures\": 0")));
    for rest in [
        // An escalation names the stage that failed once, not the current one.
        r#""escalation": {"stage": "writing", "agent": "script_writer", "error": "x"}"#,
        r#""retry_count": 3, "failed_attempts": 4, "escalation": {"stage": "synthesis"}"#,
        // Lists of other pipelines' stages, or of no stage.
        r#""completed_stages": ["discovery", "deep_dive"]"#,
        r#""completed_stages": [1, 2]"#,
        r#""completed_stages": [null]"#,
        r#""completed_stages": [["research"]]"#,
        r#""skipped_stages": []"#,
        r#""skipped_stages": ["mixing"]"#,
        // Pending stages that leave it open which of the others is current.
        r#""pending_stages": []"#,
        r#""pending_stages": ["synthesis"]"#,
        r#""pending_stages": ["evaluation", "synthesis"]"#,
        r#""pending_stages": ["research"]"#,
        r#""pending_stages": ["mixing", "mastering"]"#,
        r#""current_stage": null, "retry_count": 1"#,
        r#""completed_stages": null, "pending_stages": null, "skipped_stages": null, "failed_attempts": 2"#,
        r#""stage": "writing", "status": "in_progress", "progress": 50"#,
    ] {
        pipelines.push(rest.to_owned());
    }
    for pipeline in pipelines {
        for key in ["pipeline_state", "Pipeline-State"] {
            let pipeline = format!(", \"{key}\": {{{pipeline}}}");
            is_unknown(&format!("{{\"session_id\": \"a\"{pipeline}}}"));
            let rest = r#", "agent_outputs": {"script_writer": {"cost": 1}}, "cost_tracking": {"total": 99, "budget": 1},
                "timestamps": {"research_started": "2025-09-01T10:00:00Z"}"#;
            is_unknown(&format!("{{\"session_id\": \"a\"{pipeline}{rest}}}"));
        }
    }
    let session = Session::parse(r#"{"session_id": "a", "pipeline_state": {"retry_count": 2}}"#).unwrap();
    let found: Vec<String> = session.diagnostics().into_iter().map(|diagnostic| diagnostic.message).collect();
    let message = "The file does not say its state: it has a pipeline_state that says no stage and no agent_outputs.";
    assert!(found.iter().any(|found| found.starts_with(message)), "{found:?}");
}

#[test]
fn a_state_that_is_said_in_any_spelling_counts() {
    let state = |rest: &str| {
        let session = Session::parse(format!("{{\"session_id\": \"a\"{rest}}}")).unwrap();
        session.state().map_err(|unreadable| unreadable.path)
    };
    assert_eq!(state(", \"Pipeline-State\": {\"Current-Stage\": \"Script-Writer\"}"), Ok(State::Writing));
    assert_eq!(state(", \"pipeline_state\": {\"retry_count\": 0}"), Ok(State::Unknown));
    let counted = ", \"pipeline_state\": {\"retry_count\": 0, \"Completed-Stages\": [\"RESEARCHING\"]}";
    assert_eq!(state(counted), Ok(State::Writing));
    let pending = ", \"pipeline_state\": {\"pending_stages\": [\"writing\", \"quality-evaluator\", \"Synthesis\"]}";
    assert_eq!(state(pending), Ok(State::Researching));
    assert_eq!(state(", \"pipeline_state\": {\"completed_stages\": []}"), Ok(State::Researching));
    assert_eq!(state(", \"AGENT_OUTPUTS\": {\"Research-Coordinator\": {\"Status\": \"done\"}}"), Ok(State::Writing));
    // An unreadable state differs from a missing one.
    assert_eq!(state(", \"pipeline_state\": {\"current_stage\": 3}"), Err("pipeline_state.current_stage".to_owned()));
    let odd = ", \"agent_outputs\": {\"script_writer\": {\"status\": 3}}";
    assert_eq!(state(odd), Err("agent_outputs.script_writer.status".to_owned()));
    let both = ", \"pipeline_state\": [], \"agent_outputs\": {\"script_writer\": {\"status\": \"complete\"}}";
    assert_eq!(state(both), Err("pipeline_state".to_owned()));
}

#[test]
fn a_template_is_told_by_its_placeholders_and_no_real_id_is_one() {
    for (id, placeholder) in [
        ("ep_{number}_{YYYYMMDD}_{HHMM}", "{number}"),
        ("ep_001_20240811_{HHMM}", "{HHMM}"),
        ("ep_{{ episode }}", "{{ episode }"),
        ("ep_XXX_YYYYMMDD_HHMM", "XXX"),
        ("epXXX_session", "XXX"),
        ("ep_XX_topic", "XX"),
        ("ep_001_XXXXXXXX_XXXX", "XXXXXXXX"),
        ("ep_001_YYYYMMDD_HHMM", "YYYYMMDD"),
        ("ep_001_yyyymmdd_1200", "yyyymmdd"),
        ("ep_001_YYYY-MM-DD", "YYYY"),
        ("ep_001_20240811_HHMM", "HHMM"),
    ] {
        let error = Session::parse(format!("{{\n \"session_id\": \"{id}\", \"pipeline_state\": {{}}}}")).unwrap_err();
        assert_eq!((error.code().name(), error.line(), error.column()), ("template", 2, 16), "{id}");
        let message = format!("This is a template, not a session: its session_id has the placeholder {placeholder}.");
        assert_eq!(error.message(), message);
    }
    for id in [
        "ep_001_20240811_1430",
        "ep_20250902_101351_9caca903",
        "ep_5_production_20250823",
        "ep_batch_1-5_research_20250824",
        "test_stuck",
        "ep_004_spacex_20250823",
        "ep_014_XX_chromosome",
        "ep_7_XXL",
        "ep_xx_women",
        "ep_9_xxx",
        "ep_8_MXXX",
        "ep_{}",
        "ep_{ 5",
        "ep_3_YY",
        "ep_yyyymmddish",
        "",
    ] {
        let text = format!("{{\"session_id\": \"{id}\"}}");
        assert_eq!(Session::parse(text).map(|_| ()).map_err(|error| error.to_string()), Ok(()), "{id}");
    }
}
