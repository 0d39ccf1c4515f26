//! Shapes of pipelines never seen before, taught by pointing at values: other files of the kind are read by them.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says what went wrong by panicking")]

use callboard_core::import::{ForeignSession, ForeignStatus, Meaning, Shape, ShapeDraft, Shapes, assemble};

/// Teaches a shape by one file, and reads another by it.
fn taught(
    points: &[(Meaning, &str)],
    words: &[(&str, ForeignStatus)],
    (path, sample): (&str, &str),
    (other_path, other): (&str, &str),
) -> ForeignSession {
    let mut draft = ShapeDraft::new("taught", "Taught");
    draft.lists_every_stage = true;
    for (meaning, pointer) in points {
        draft.point(*meaning, *pointer);
    }
    let unknown = draft.unknown_words(sample).unwrap();
    assert_eq!(unknown, words.iter().map(|(word, _)| *word).collect::<Vec<_>>());
    for (word, status) in words {
        draft.mean(*word, *status);
    }
    assert!(draft.unknown_words(sample).unwrap().is_empty());
    let definition = draft.definition(path, sample).unwrap();
    let shape = Shape::parse(definition.clone()).unwrap_or_else(|error| panic!("{error}\n{definition}"));
    let shapes = Shapes::built_in().with(vec![shape]);
    let own = assemble(vec![shapes.read(path, sample.as_bytes())]);
    assert_eq!(own.sessions.len(), 1, "{definition}");
    assert_eq!(own.sessions[0].stages.len(), 6, "{definition}");
    let mut import = assemble(vec![shapes.read(other_path, other.as_bytes())]);
    assert_eq!(import.sessions.len(), 1, "{definition}");
    import.sessions.remove(0)
}

fn statuses(session: &ForeignSession) -> Vec<(&str, Option<ForeignStatus>)> {
    let status = |stage: &Option<_>| stage.as_ref().map(|status: &callboard_core::import::Found<_>| status.value);
    session.stages.iter().map(|stage| (stage.name.as_str(), status(&stage.status))).collect()
}

#[test]
fn an_object_of_stages_with_unix_seconds() {
    let sample = r#"{"run": "film-1", "began": 1760000000, "acts": {
        "pitch": {"light": "green", "at": 1760000100}, "treatment": {"light": "green", "at": 1760000200},
        "casting": {"light": "amber", "at": 1760000300}, "shoot": {"light": "grey"}, "cut": {"light": "grey"},
        "premiere": {"light": "grey"}}}"#;
    let other = r#"{"began": 1760100000, "acts": {
        "pitch": {"light": "green"}, "treatment": {"light": "green"}, "casting": {"light": "green"},
        "shoot": {"light": "amber"}, "cut": {"light": "violet"}, "premiere": {"light": "grey"}}, "run": "film-2"}"#;
    let session = taught(
        &[
            (Meaning::Id, "/run"),
            (Meaning::Created, "/began"),
            (Meaning::StageStatus, "/acts/casting/light"),
            (Meaning::StageStarted, "/acts/pitch/at"),
        ],
        &[
            ("green", ForeignStatus::Complete),
            ("amber", ForeignStatus::InProgress),
            ("grey", ForeignStatus::NotStarted),
        ],
        ("film-1.json", sample),
        ("film-2.json", other),
    );
    assert_eq!(session.key, "film-2");
    assert_eq!(
        statuses(&session),
        [
            ("pitch", Some(ForeignStatus::Complete)),
            ("treatment", Some(ForeignStatus::Complete)),
            ("casting", Some(ForeignStatus::Complete)),
            ("shoot", Some(ForeignStatus::InProgress)),
            // A word that nobody has given a meaning stays unknown.
            ("cut", None),
            ("premiere", Some(ForeignStatus::NotStarted)),
        ]
    );
    let created = session.created.as_ref().unwrap();
    assert_eq!(created.value.to_string(), "2025-10-10T12:40:00Z");
    assert!(created.assumed.is_some());
}

#[test]
fn a_list_of_stages_with_costs_as_texts() {
    let sample = r#"{"job": "magazine-1", "spent": "$0.45", "steps": [
        {"step": "brief", "is": "ok", "price": "$0.20"}, {"step": "draft", "is": "ok", "price": "$0.25"},
        {"step": "edit", "is": "broke"}, {"step": "layout", "is": "wait"}, {"step": "proof", "is": "wait"},
        {"step": "print", "is": "wait"}]}"#;
    let other = r#"{"job": "magazine-2", "spent": "$1.05", "steps": [
        {"step": "brief", "is": "ok", "price": "$0.20"}, {"step": "draft", "is": "ok", "price": "$0.25"},
        {"step": "edit", "is": "ok", "price": "$0.60"}, {"step": "layout", "is": "wait"},
        {"step": "proof", "is": "wait"}, {"step": "print", "is": "wait"}]}"#;
    let session = taught(
        &[
            (Meaning::Id, "/job"),
            (Meaning::Cost, "/spent"),
            (Meaning::StageStatus, "/steps/0/is"),
            (Meaning::StageCost, "/steps/1/price"),
        ],
        &[("ok", ForeignStatus::Complete), ("broke", ForeignStatus::Failed), ("wait", ForeignStatus::NotStarted)],
        ("magazine-1.json", sample),
        ("magazine-2.json", other),
    );
    let names: Vec<&str> = session.stages.iter().map(|stage| stage.name.as_str()).collect();
    assert_eq!(names, ["brief", "draft", "edit", "layout", "proof", "print"]);
    assert_eq!(session.cost.as_ref().unwrap().value.to_string(), "1.05");
    assert_eq!(session.progress.as_ref().unwrap().value.percent, Some(50.0));
    assert!(session.disagreements.is_empty(), "{:?}", session.disagreements);
    assert_eq!(session.resume.as_ref().unwrap().next.as_deref(), Some("layout"));
}

#[test]
fn flat_keys_with_the_episode_in_the_folders_name() {
    let sample = r#"{"theme": "Salt", "marks": {"scout": "x", "record": "x", "clean": "o", "mix": "-", "master": "-",
        "publish": "-"}}"#;
    let other = r#"{"theme": "Fog", "marks": {"scout": "x", "record": "x", "clean": "x", "mix": "x", "master": "x",
        "publish": "x"}}"#;
    let session = taught(
        &[(Meaning::Episode, ""), (Meaning::Topic, "/theme"), (Meaning::StageStatus, "/marks/mix")],
        &[("x", ForeignStatus::Complete), ("o", ForeignStatus::InProgress), ("-", ForeignStatus::NotStarted)],
        ("field_07_salt/board.json", sample),
        ("field_12_fog/board.json", other),
    );
    assert_eq!(session.episode.as_ref().unwrap().value, 12);
    assert_eq!(session.topic.as_ref().unwrap().value, "Fog");
    assert_eq!(session.state.as_ref().unwrap().value, ForeignStatus::Complete);
    assert_eq!(session.progress.as_ref().unwrap().value.percent, Some(100.0));
}
