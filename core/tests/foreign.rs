//! Files of other pipelines: each shape is read as a person would read it, and several files make one session.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says what went wrong by panicking")]

#[path = "support/import_report.rs"]
mod import_report;

use callboard_core::import::{
    Content, FileGroup, FileRole, ForeignStatus, How, Import, Reading, Shape, Shapes, assemble,
};
use callboard_core::{Session, Severity, State, Timestamp};
use import_report::report;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/foreign")
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

/// A folder's files as an import, by their paths in it.
fn read(folder: &Path) -> Vec<Reading> {
    let mut found = Vec::new();
    files(folder, &mut found);
    found.sort();
    let shapes = Shapes::built_in();
    let reading = |path: &PathBuf| {
        let name = path.strip_prefix(folder).unwrap().to_str().unwrap().replace('\\', "/");
        shapes.read(&name, &std::fs::read(path).unwrap())
    };
    found.iter().map(reading).collect()
}

fn one(path: &str, text: &str) -> Import {
    assemble(vec![Shapes::built_in().read(path, text.as_bytes())])
}

#[test]
fn a_production_of_every_shape_gives_its_sessions() {
    let found = report(&assemble(read(&fixtures().join("tree"))));
    let golden = fixtures().join("tree.txt");
    if std::env::var_os("CALLBOARD_GOLDEN").is_some() {
        std::fs::write(&golden, &found).unwrap();
    }
    let expected = std::fs::read_to_string(&golden).unwrap();
    for (line, (found, expected)) in (1..).zip(found.lines().zip(expected.lines())) {
        assert_eq!(found, expected, "line {line} of {}", golden.display());
    }
    assert_eq!(found.lines().count(), expected.lines().count());
}

#[test]
fn the_name_of_the_imports_folder_changes_nothing() {
    let folder = fixtures().join("tree");
    let alone = assemble(read(&folder));
    for prefix in ["show/", "show.zip/show-main/"] {
        let shapes = Shapes::built_in();
        let readings = read(&folder).into_iter().map(|reading| {
            let bytes = std::fs::read(folder.join(&*reading.path)).unwrap();
            shapes.read(&format!("{prefix}{}", reading.path), &bytes)
        });
        let inside = assemble(readings.collect());
        let keys = |import: &Import| -> BTreeSet<String> {
            import.sessions.iter().map(|session| session.key.replace(prefix, "")).collect()
        };
        assert_eq!(keys(&inside), keys(&alone));
        for (here, there) in alone.files.iter().zip(&inside.files) {
            let told = |import: &Import, sessions: &[usize]| -> BTreeSet<String> {
                sessions.iter().map(|at| import.sessions[*at].key.replace(prefix, "")).collect()
            };
            assert_eq!(there.path.strip_prefix(prefix), Some(&*here.path));
            assert_eq!((there.group, there.why.replace(prefix, "")), (here.group, here.why.clone()), "{}", there.path);
            assert_eq!(told(&inside, &there.sessions), told(&alone, &here.sessions), "{}", there.path);
        }
    }
}

#[test]
fn the_fixtures_have_every_shape_that_is_shipped() {
    let readings = read(&fixtures().join("tree"));
    let pieces = readings.iter().flat_map(|reading| &reading.documents);
    let read: BTreeSet<&str> = pieces
        .filter_map(|piece| match &piece.content {
            Content::Foreign { shape, .. } => Some(shape.name()),
            _ => None,
        })
        .collect();
    let shapes = Shapes::built_in();
    let missing: Vec<&str> = shapes.iter().map(Shape::name).filter(|name| !read.contains(name)).collect();
    assert!(missing.is_empty(), "no fixture has {missing:?}");
}

#[test]
fn the_order_of_the_files_changes_nothing() {
    let folder = fixtures().join("tree");
    let forwards = assemble(read(&folder));
    let mut readings = read(&folder);
    readings.reverse();
    let backwards = assemble(readings);
    assert_eq!(forwards.sessions, backwards.sessions);
    let mut files = backwards.files;
    files.reverse();
    assert_eq!(forwards.files, files);
}

#[test]
fn nothing_is_made_up_where_nothing_is_said() {
    for (path, text) in [
        ("a.json", r#"{"session_id": "a", "status": "marinating"}"#),
        ("a.json", r#"{"session_id": "a", "status": ""}"#),
        ("a/state.json", r#"{"session_id": "a", "phases": {"research": {"status": "?"}}}"#),
        ("a.json", r#"{"session_id": "a", "completed_stages": 9, "total_stages": 7}"#),
        ("a.json", r#"{"session_id": "a", "completed_stages": -1, "total_stages": 0}"#),
        ("a.json", r#"{"episode_id": "a", "current_stage": "elsewhere", "cost_data": {"total_cost": "much"}}"#),
    ] {
        let import = one(path, text);
        let session = &import.sessions[0];
        assert_eq!(session.state, None, "{text}");
        assert_eq!(session.progress.as_ref().and_then(|progress| progress.value.percent), None, "{text}");
        assert_eq!(session.cost, None, "{text}");
        assert!(session.resume.as_ref().is_none_or(|resume| resume.last_trusted.is_none()), "{text}");
    }
}

#[test]
fn a_word_means_what_its_shape_says_and_no_more() {
    let research = r#"{"session_id": "a", "pipeline_stages": {"synthesis": {"status": "completed"}}}"#;
    let import = one("a.json", research);
    assert_eq!(import.sessions[0].stages[0].maps_to.map(|stage| stage.name()), Some("research"));
    assert_eq!(import.sessions[0].covers.map(|stage| stage.name()), Some("research"));
    // "researching" is a word of one shape only.
    let unknown = one("a.json", r#"{"session_id": "a", "status": "researching"}"#);
    assert_eq!(
        (unknown.sessions[0].state.is_none(), unknown.sessions[0].unread[0].value.as_str()),
        (true, "researching")
    );
}

#[test]
fn a_file_is_a_session_of_the_framework_only_where_it_says_enough() {
    let is = |text: &str| {
        matches!(Shapes::built_in().read("a.json", text.as_bytes()).documents[0].content, Content::Session { .. })
    };
    assert!(is(r#"{"session_id": "a", "pipeline_state": {"current_stage": "writing"}}"#));
    assert!(is(r#"{"session_id": "a", "Pipeline-State": {"completed_stages": []}}"#));
    assert!(is(r#"{"session_id": "a", "agent_outputs": {"script_writer": {"status": "done"}}}"#));
    // One that a person can correct is still one.
    assert!(is(r#"{"session_id": "a", "pipeline_state": {"current_stage": "writting"}}"#));
    assert!(!is(r#"{"session_id": "a", "pipeline_state": {}}"#));
    assert!(!is(r#"{"pipeline_state": {"current_stage": "writing"}}"#));
    assert!(!is(r#"{"session_id": " ", "pipeline_state": {"current_stage": "writing"}}"#));
    assert!(!is(r#"{"session_id": "a", "status": "completed", "cost_tracking": {"total": 3}}"#));
    let others = r#"{"session_id": "a", "pipeline_state": {"current_stage": "synthesis", "completed_stages": ["discovery", "deep_dive"]}}"#;
    assert!(!is(others));
}

#[test]
fn a_framework_file_without_a_readable_state_gets_none() {
    for text in [
        r#"{"session_id": "a"}"#,
        r#"{"session_id": "a", "pipeline_state": null}"#,
        r#"{"session_id": "a", "pipeline_state": {}}"#,
        r#"{"session_id": "a", "pipeline_state": []}"#,
        r#"{"session_id": "a", "pipeline_state": 7}"#,
        r#"{"session_id": "a", "pipeline_state": "writing"}"#,
        r#"{"session_id": "a", "pipeline_state": {"current_stage": null}}"#,
        r#"{"session_id": "a", "pipeline_state": {"current_stage": 3}}"#,
        r#"{"session_id": "a", "pipeline_state": {"current_stage": {}, "completed_stages": "all"}}"#,
        r#"{"session_id": "a", "agent_outputs": {}}"#,
        r#"{"session_id": "a", "Pipeline-State": null}"#,
        r#"{"sessionId": "a", "pipelineState": {}}"#,
        r#"{"session_id": "a", "episode": {"number": 1, "topic": "Tides"}, "cost_tracking": {"budget": 9}}"#,
    ] {
        // A text that is no session at all is refused, and has no state either.
        let state = Session::parse(text).map(|session| session.state());
        assert!(!matches!(state, Ok(Ok(state)) if state != State::Unknown), "{text}: {state:?}");
        for session in &one("a.json", text).sessions {
            assert_eq!((&session.state, &session.progress, &session.cost), (&None, &None, &None), "{text}");
            assert_eq!(session.resume, None, "{text}");
        }
    }
}

#[test]
fn more_complete_stages_than_a_file_counts_are_told_as_that() {
    let tree = report(&assemble(read(&fixtures().join("tree"))));
    let session = tree.split("\n# ").find(|session| session.starts_with("ep_027_test ")).unwrap();
    assert!(session.contains("3 stages are complete, but a file says that there are 2."), "{session}");
    assert!(!session.contains("the total is unknown"), "{session}");
}

#[test]
fn one_episode_of_several_files_shows_where_they_differ() {
    let shapes = Shapes::built_in();
    let checkpoint = |number: u32| {
        let text = format!(
            "{{\"checkpoint_type\": \"stage_{number}\", \"session_id\": \"ep_9\", \"status\": \"completed\", \"cost_invested\": 1.5}}"
        );
        shapes.read(&format!("ep_9/{number:02}_stage_complete.json"), text.as_bytes())
    };
    let status = r#"{"session_id": "ep_9", "completed_stages": 2, "total_stages": 7, "completion_percentage": 28.5}"#;
    let mut readings: Vec<Reading> = (1..=10).map(checkpoint).collect();
    readings.push(shapes.read("ep_9/pipeline_status.json", status.as_bytes()));
    let import = assemble(readings);
    let [session] = import.sessions.as_slice() else { panic!("{} sessions", import.sessions.len()) };
    let progress = session.progress.as_ref().unwrap();
    assert_eq!((progress.value.completed, progress.value.total, progress.value.percent), (Some(10), Some(7), None));
    let found: Vec<&str> = session.disagreements.iter().map(|disagreement| disagreement.message.as_str()).collect();
    assert_eq!(found, ["A file says 2 of 7 stages, but 10 are complete: the larger number is used."]);
    assert_eq!(
        session.cost.as_ref().map(|cost| (cost.value.to_string(), cost.how)),
        Some(("15.00".to_owned(), How::Computed))
    );
    assert_eq!(session.state.as_ref().map(|state| state.value), Some(ForeignStatus::InProgress));
}

#[test]
fn a_file_without_an_id_belongs_to_the_session_of_its_folder() {
    let shapes = Shapes::built_in();
    let report = r#"{"total_cost": 1.0, "cost_by_agent": {}, "budget_limit": 5}"#;
    let status = r#"{"session_id": "ep_9", "status": "failed"}"#;
    let import = assemble(vec![
        shapes.read("x/ep_9/status.json", status.as_bytes()),
        shapes.read("x/ep_9/reports/costs.json", report.as_bytes()),
        shapes.read("x/costs.json", report.as_bytes()),
    ]);
    assert_eq!(import.sessions.len(), 1);
    let roles: Vec<(&str, FileRole)> = import.sessions[0].files.iter().map(|file| (&*file.path, file.role)).collect();
    assert_eq!(roles, [("x/ep_9/status.json", FileRole::State), ("x/ep_9/reports/costs.json", FileRole::Report)]);
    assert_eq!((import.files[2].group, import.files[2].sessions.len()), (FileGroup::Report, 0));
}

#[test]
fn a_persons_own_shape_is_tried_first() {
    let own = Shape::parse(
        r#"{"name": "kitchen", "title": "Recipes", "version": 1, "kind": "session",
            "recognise": {"has": {"/status": "text"}},
            "id": "/session_id",
            "state": {"at": "/status", "words": {"marinating": "in_progress"}}}"#,
    )
    .unwrap();
    let shapes = Shapes::built_in().with(vec![own]);
    let import = assemble(vec![shapes.read("a.json", br#"{"session_id": "a", "status": "marinating"}"#)]);
    let state = import.sessions[0].state.as_ref().unwrap();
    assert_eq!((state.value, &*import.sessions[0].shapes[0]), (ForeignStatus::InProgress, "kitchen"));
}

#[test]
fn a_definition_in_the_import_is_told_as_one() {
    let text =
        r#"{"name": "n", "title": "Ours", "version": 1, "kind": "session", "recognise": {"has": {"/a": "any"}}}"#;
    let reading = Shapes::built_in().read("callboard.shapes/ours.callboard-shape.json", text.as_bytes());
    assert!(matches!(&reading.documents[0].content, Content::Definition(shape) if shape.name() == "n"));
    let import = assemble(vec![reading]);
    assert_eq!(
        (import.files[0].group, import.files[0].why.as_str()),
        (FileGroup::Configuration, "The definition of a shape: Ours.")
    );
}

#[test]
fn a_converted_session_says_what_is_known_and_no_more() {
    let import = assemble(read(&fixtures().join("tree")));
    let now = Timestamp::parse("2025-10-21T12:00:00Z").unwrap();
    let mut made = 0;
    for foreign in &import.sessions {
        let Ok(conversion) = foreign.convert(now) else { continue };
        made += 1;
        let session =
            Session::parse(conversion.text.as_str()).unwrap_or_else(|error| panic!("{}: {error}", foreign.key));
        assert_eq!(session.id(), foreign.id.as_ref().map(|id| id.value.clone()), "{}", foreign.key);
        assert_eq!(session.episode().number, foreign.episode.as_ref().map(|episode| episode.value));
        assert_eq!(session.episode().topic, foreign.topic.as_ref().map(|topic| topic.value.clone()));
        assert_eq!(session.costs().total, foreign.cost.as_ref().map(|cost| cost.value), "{}", foreign.key);
        assert_eq!(session.costs().budget, foreign.budget.as_ref().map(|budget| budget.value));
        assert_eq!(session.created(), foreign.created.as_ref().map(|created| created.value));
        let state = foreign.state.as_ref().map(|state| state.value);
        let done = state == Some(ForeignStatus::Complete) && foreign.covers.is_none();
        assert_eq!(session.is_complete(), done, "{}", foreign.key);
        assert_eq!(session.state() == Ok(State::Failed), state == Some(ForeignStatus::Failed), "{}", foreign.key);
        let errors: Vec<_> =
            session.diagnostics().into_iter().filter(|found| found.severity == Severity::Error).collect();
        assert!(errors.is_empty(), "{}: {errors:?}", foreign.key);
        assert!(conversion.file_name.ends_with(".json") && !conversion.file_name.contains('/'));
    }
    assert!(made >= 10, "only {made} were converted");
}

#[test]
fn a_research_pipeline_that_is_complete_is_a_complete_research() {
    let import = assemble(read(&fixtures().join("tree")));
    let foreign = import.sessions.iter().find(|session| session.key == "ep_026_lean_20251009").unwrap();
    let now = Timestamp::parse("2025-10-21T12:00:00Z").unwrap();
    let conversion = foreign.convert(now).unwrap();
    let expected = r#"{
  "session_id": "ep_026_lean_20251009",
  "episode": {
    "number": 26,
    "topic": "The Weight of Clouds"
  },

  "pipeline_state": {
    "current_stage": "writing",
    "completed_stages": ["research"],
    "pending_stages": ["evaluation", "synthesis"],
    "failed_attempts": 0,
    "retry_count": 0
  },

  "agent_outputs": {
    "research_coordinator": {
      "status": "complete",
      "start_time": "2025-10-09T20:00:00Z",
      "output_file": "discovery-results.json",
      "execution_time": 2640,
      "cost": 1.70
    },
    "script_writer": {
      "status": "pending"
    },
    "quality_evaluator": {
      "status": "pending"
    },
    "audio_synthesizer": {
      "status": "pending"
    }
  },

  "quality_metrics": {
    "research_quality": null,
    "script_quality": null,
    "overall_quality": null,
    "brand_consistency": null
  },

  "cost_tracking": {
    "research": 1.70,
    "total": 1.70,
    "budget": 2.00,
    "within_budget": true
  },

  "timestamps": {
    "created": "2025-10-09T19:59:30Z",
    "last_updated": "2025-10-21T12:00:00Z",
    "research_started": "2025-10-09T20:00:00Z",
    "research_completed": "2025-10-09T20:44:00Z"
  },

  "history": [
    {"at": "2025-10-21T12:00:00Z", "event": "initialize", "to": "WRITING", "reason": "Converted from ep_026_lean_20251009/pipeline_status.json, ep_026_lean_20251009/discovery-results.json"}
  ]
}
"#;
    assert_eq!(conversion.text, expected);
    assert_eq!(conversion.assumptions, ["No status of writing in the files: assumed not started.",]);
}

#[test]
fn a_session_in_which_something_was_done_has_started() {
    let state = |rest: &str| {
        let text = format!(
            r#"{{"session_id": "a", "status": "not_started", "costs": {{"research": 0, "script_writing": 0, "total": 0}}, "timestamps": {{}}{rest}}}"#
        );
        let session = one("a.json", &text).sessions.remove(0);
        let percent = session.progress.as_ref().and_then(|progress| progress.value.percent);
        (session.state.map(|state| (state.value, state.how)), percent, session.disagreements.len())
    };
    assert_eq!(state(""), (Some((ForeignStatus::NotStarted, How::Stated)), Some(0.0), 0));
    let begun = (Some((ForeignStatus::InProgress, How::Computed)), None, 1);
    assert_eq!(state(r#", "costs": {"research": 1.35}"#), begun);
    assert_eq!(state(r#", "costs": {"total": 0.01}"#), begun);
    assert_eq!(state(r#", "timestamps": {"research_started": "2025-10-07T14:00:00Z"}"#), begun);
    assert_eq!(state(r#", "timestamps": {"research_completed": "2025-10-07T14:00:00Z"}"#), begun);
    // The same where no stage has begun by its status, and a stage has.
    let phases = |research: &str| {
        let text = format!(
            r#"{{"session_id": "a", "phases": {{"research": {{"status": "pending"{research}}}, "script": {{"status": "pending"}}, "audio": {{"status": "pending"}}}}}}"#
        );
        let session = one("a.json", &text).sessions.remove(0);
        (session.state.map(|state| state.value), session.disagreements.len())
    };
    assert_eq!(phases(""), (Some(ForeignStatus::NotStarted), 0));
    assert_eq!(phases(r#", "cost": 0.0"#), (Some(ForeignStatus::NotStarted), 0));
    assert_eq!(phases(r#", "cost": 0.5"#), (Some(ForeignStatus::InProgress), 1));
    assert_eq!(phases(r#", "start_time": "2025-10-07T14:00:00Z""#), (Some(ForeignStatus::InProgress), 1));
}
