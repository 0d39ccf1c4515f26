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

/// A draft of these points and words.
fn draft(points: &[(Meaning, &str)], words: &[(&str, ForeignStatus)]) -> ShapeDraft {
    let mut draft = ShapeDraft::new("taught", "Taught");
    for (meaning, pointer) in points {
        draft.point(*meaning, *pointer);
    }
    for (word, status) in words {
        draft.mean(*word, *status);
    }
    draft
}

/// The stages of a sample by the shape that is taught with it: names, statuses and costs.
fn stages(
    points: &[(Meaning, &str)],
    words: &[(&str, ForeignStatus)],
    sample: &str,
) -> Vec<(String, Option<ForeignStatus>, Option<String>)> {
    let draft = draft(points, words);
    assert_eq!(draft.unknown_words(sample).unwrap(), [""; 0], "{sample}");
    let definition = draft.definition("a/b.json", sample).unwrap();
    let shape = Shape::parse(definition.clone()).unwrap_or_else(|error| panic!("{error}\n{definition}"));
    assert!(shape.reads("a/b.json", sample.as_bytes()), "{definition}");
    let import = assemble(vec![Shapes::built_in().with(vec![shape]).read("a/b.json", sample.as_bytes())]);
    assert_eq!(import.sessions.len(), 1, "{definition}");
    let stage = |stage: &callboard_core::import::ForeignStage| {
        let status = stage.status.as_ref().map(|status| status.value);
        (stage.name.clone(), status, stage.cost.as_ref().map(|cost| cost.value.to_string()))
    };
    import.sessions[0].stages.iter().map(stage).collect()
}

const DONE: Option<ForeignStatus> = Some(ForeignStatus::Complete);
const OPEN: Option<ForeignStatus> = Some(ForeignStatus::NotStarted);

#[test]
fn stages_are_found_however_a_file_holds_them() {
    use Meaning::{Id, StageCost, StageName, StageStatus};
    let words = [("done", ForeignStatus::Complete), ("open", ForeignStatus::NotStarted)];
    let check = |points: &[(Meaning, &str)], sample: &str, expected: &[(&str, Option<ForeignStatus>, Option<&str>)]| {
        let found = stages(points, &words, sample);
        let found: Vec<_> =
            found.iter().map(|(name, status, cost)| (name.as_str(), *status, cost.as_deref())).collect();
        assert_eq!(found, expected, "{sample}");
    };
    // Flat keys at the root, by the end, by the start, and in camel case.
    check(
        &[(Id, "/job"), (StageStatus, "/scout_status"), (StageCost, "/scout_cost"), (Meaning::Cost, "/total_cost")],
        r#"{"job": "j", "scout_status": "done", "scout_cost": 1, "draft_status": "open", "draft_cost": 2.5,
            "first_cut_status": "open", "total_cost": 3.5, "shipping_cost": 9}"#,
        &[("scout", DONE, Some("1.00")), ("draft", OPEN, Some("2.50")), ("first_cut", OPEN, None)],
    );
    check(
        &[(Id, "/job"), (StageStatus, "/status_draft"), (StageCost, "/cost_scout")],
        r#"{"job": "j", "status_scout": "done", "cost_scout": 1, "status_draft": "open"}"#,
        &[("scout", DONE, Some("1.00")), ("draft", OPEN, None)],
    );
    check(
        &[(Id, "/job"), (StageStatus, "/scoutState"), (StageCost, "/scoutPrice")],
        r#"{"job": "j", "scoutState": "done", "scoutPrice": 1, "draftState": "open"}"#,
        &[("scout", DONE, Some("1.00")), ("draft", OPEN, None)],
    );
    // In another language: the part that most keys have in common.
    check(
        &[(Id, "/job"), (StageStatus, "/skript_stand")],
        r#"{"job": "j", "skript_stand": "done", "ton_stand": "open"}"#,
        &[("skript", DONE, None), ("ton", OPEN, None)],
    );
    // The session's own status has the same end.
    check(
        &[(Meaning::State, "/overall_status"), (Id, "/job"), (StageStatus, "/scout_status")],
        r#"{"job": "j", "overall_status": "open", "scout_status": "done", "draft_status": "open"}"#,
        &[("scout", DONE, None), ("draft", OPEN, None)],
    );
    // Flat keys in an object, also of a sample with one stage.
    check(
        &[(Id, "/job"), (StageStatus, "/board/scout_status")],
        r#"{"job": "j", "board": {"scout_status": "done", "scout_cost": 3, "owner": "A"}}"#,
        &[("scout", DONE, None)],
    );
    // Objects with more members than there are stages, and deeper ones.
    check(
        &[(Id, "/job"), (StageStatus, "/acts/scout/status"), (StageCost, "/acts/scout/cost")],
        r#"{"job": "j", "acts": {"scout": {"status": "done", "cost": 1, "from": 1, "to": 2, "by": "A"},
            "draft": {"status": "open", "cost": 2, "from": 3, "to": 4, "by": "B"}}}"#,
        &[("scout", DONE, Some("1.00")), ("draft", OPEN, Some("2.00"))],
    );
    check(
        &[(Id, "/job"), (StageStatus, "/acts/scout/now/light"), (StageCost, "/acts/draft/bill/sum")],
        r#"{"job": "j", "acts": {"scout": {"now": {"light": "done"}}, "draft": {"now": {"light": "open"}, "bill": {"sum": 2}}}}"#,
        &[("scout", DONE, None), ("draft", OPEN, Some("2.00"))],
    );
    check(
        &[(Id, "/job"), (StageStatus, "/acts/scout/status")],
        r#"{"job": "j", "acts": {"scout": {"status": "done", "cost": 1}}}"#,
        &[("scout", DONE, None)],
    );
    // Objects at the root, beside the parts of the session.
    check(
        &[(Id, "/job/name"), (StageStatus, "/scout/status"), (StageCost, "/prices/draft")],
        r#"{"job": {"name": "j"}, "tool": "x", "scout": {"status": "done"}, "draft": {"status": "open"}, "prices": {"draft": 2}}"#,
        &[("scout", DONE, None), ("draft", OPEN, Some("2.00"))],
    );
    // A list, and a list whose costs stand elsewhere.
    check(
        &[(Id, "/job"), (StageStatus, "/steps/1/is"), (StageCost, "/costs/scout")],
        r#"{"job": "j", "steps": [{"step": "scout", "is": "done"}, {"step": "draft", "is": "open"}], "costs": {"scout": 1}}"#,
        &[("scout", DONE, Some("1.00")), ("draft", OPEN, None)],
    );
    check(
        &[(Id, "/job"), (StageStatus, "/steps/0/is"), (StageName, "/steps/0/about/title")],
        r#"{"job": "j", "steps": [{"n": "1", "about": {"title": "scout"}, "is": "done"}, {"n": "2", "about": {"title": "draft"}, "is": "open"}]}"#,
        &[("scout", DONE, None), ("draft", OPEN, None)],
    );
    // Lists of names: the list's key is the word. An empty one is pointed at itself.
    check(
        &[(Id, "/job"), (StageName, "/done/0"), (StageStatus, "/open")],
        r#"{"job": "j", "done": ["scout"], "open": ["draft", "mix"], "broken": []}"#,
        &[("scout", DONE, None), ("draft", OPEN, None), ("mix", OPEN, None)],
    );
    // One stage a file.
    check(
        &[(Id, "/job"), (StageName, "/step"), (StageStatus, "/result"), (StageCost, "/bill/sum")],
        r#"{"job": "j", "step": "scout", "result": "done", "bill": {"sum": 1}}"#,
        &[("scout", DONE, Some("1.00"))],
    );
}

#[test]
fn flags_and_numbers_are_words() {
    let id = (Meaning::Id, "/job");
    let found = stages(
        &[id, (Meaning::StageStatus, "/done/scout")],
        &[("true", ForeignStatus::Complete), ("false", ForeignStatus::NotStarted)],
        r#"{"job": "j", "done": {"scout": true, "draft": false}}"#,
    );
    assert_eq!(found, [("scout".to_owned(), DONE, None), ("draft".to_owned(), OPEN, None)]);
    let found = stages(
        &[id, (Meaning::StageStatus, "/scout_done")],
        &[("true", ForeignStatus::Complete), ("false", ForeignStatus::NotStarted)],
        r#"{"job": "j", "scout_done": true, "draft_done": false}"#,
    );
    assert_eq!(found, [("scout".to_owned(), DONE, None), ("draft".to_owned(), OPEN, None)]);
    let found = stages(
        &[id, (Meaning::StageStatus, "/steps/0/level")],
        &[("2", ForeignStatus::Complete), ("-1", ForeignStatus::Failed), ("0.5", ForeignStatus::InProgress)],
        r#"{"job": "j", "steps": [{"name": "a", "level": 2}, {"name": "b", "level": -1}, {"name": "c", "level": 0.5}]}"#,
    );
    let statuses: Vec<_> = found.into_iter().map(|(_, status, _)| status).collect();
    assert_eq!(statuses, [DONE, Some(ForeignStatus::Failed), Some(ForeignStatus::InProgress)]);
}

#[test]
fn parts_of_one_session_that_are_taught_are_one_session() {
    let sample = r#"{"job": "j", "step": "scout", "result": "done"}"#;
    let points = [(Meaning::Id, "/job"), (Meaning::StageName, "/step"), (Meaning::StageStatus, "/result")];
    let draft = draft(&points, &[("done", ForeignStatus::Complete)]);
    let shape = Shape::parse(draft.definition("scout.json", sample).unwrap()).unwrap();
    let shapes = Shapes::built_in().with(vec![shape]);
    let import = assemble(vec![
        shapes.read("scout.json", sample.as_bytes()),
        shapes.read("draft.json", sample.replace("scout", "draft").as_bytes()),
    ]);
    assert_eq!((import.sessions.len(), import.sessions[0].stages.len()), (1, 2));
}

#[test]
fn a_draft_that_identifies_nothing_is_refused() {
    let sample = r#"{"job": "j", "scout_status": "done"}"#;
    for draft in [draft(&[], &[]), draft(&[(Meaning::Episode, "")], &[]), draft(&[(Meaning::Id, "")], &[])] {
        let error = Shape::parse(draft.definition("ep_7/a.json", sample).unwrap()).unwrap_err();
        assert_eq!(error.message(), "recognise needs a path in has or is: a name alone does not tell a shape.");
    }
    let unnamed = ShapeDraft::new("", "");
    assert!(Shape::parse(unnamed.definition("a.json", sample).unwrap()).is_err());
}

#[test]
fn a_taught_shape_reads_what_others_read_wrongly_but_never_the_frameworks_own() {
    let sample = r#"{"session_id": "j", "status": "completed", "total_cost": 3, "phases": {"research": {"status": "completed"}},
        "scout_status": "done", "draft_status": "open"}"#;
    let built_in = Shapes::built_in();
    assert_eq!(assemble(vec![built_in.read("a.json", sample.as_bytes())]).sessions[0].shapes[0].as_ref(), "phases");
    let draft = draft(
        &[(Meaning::StageStatus, "/scout_status")],
        &[("done", ForeignStatus::Complete), ("open", ForeignStatus::NotStarted)],
    );
    let shape = Shape::parse(draft.definition("a.json", sample).unwrap()).unwrap();
    let own = r#"{"session_id": "j", "scout_status": "done", "pipeline_state": {"current_stage": "writing"}}"#;
    let template = r#"{"session_id": "ep_{number}", "scout_status": "done"}"#;
    let reads: Vec<bool> = [sample, own, template, "[1]", "{", "{\"a\": 1}", &format!("```json\n{sample}\n```\n")]
        .iter()
        .map(|text| shape.reads("a.json", text.as_bytes()))
        .collect();
    assert_eq!(reads, [true, false, false, false, false, false, true]);
    assert!(!shape.reads("a.callboard-shape.json", sample.as_bytes()));
    // It weighs less than the one that reads the file wrongly, and goes before it all the same.
    let import = assemble(vec![built_in.with(vec![shape]).read("a.json", sample.as_bytes())]);
    assert_eq!(import.sessions[0].shapes[0].as_ref(), "taught");
    assert_eq!(statuses(&import.sessions[0]), [("scout", DONE), ("draft", OPEN)]);
}

#[test]
fn files_of_one_folder_without_an_id_are_sessions_of_their_own_by_episode_or_topic() {
    let file =
        |number: u64, state: &str| format!(r#"{{"issue": {number}, "steps": [{{"step": "a", "is": "{state}"}}]}}"#);
    let mut draft = ShapeDraft::new("letters", "Letters");
    draft.point(Meaning::Episode, "/issue");
    draft.point(Meaning::StageStatus, "/steps/0/is");
    draft.mean("ok", ForeignStatus::Complete);
    let shape = Shape::parse(draft.definition("l/1.json", &file(1, "ok")).unwrap()).unwrap();
    let shapes = Shapes::built_in().with(vec![shape]);
    let read = |path: &str, text: &str| shapes.read(path, text.as_bytes());
    let two = file(2, "ok");
    let import = assemble(vec![read("l/1.json", &file(1, "ok")), read("l/2.json", &two), read("l/2 copy.json", &two)]);
    let found: Vec<(&str, u64, usize)> = import
        .sessions
        .iter()
        .map(|session| (session.key.as_str(), session.episode.as_ref().unwrap().value, session.files.len()))
        .collect();
    assert_eq!(found, [("l/1.json", 1, 1), ("l/2.json", 2, 2)]);
}
