//! Any JSON is read by at most one shape, the same for every order of keys and layout, and nothing panics.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says what went wrong by panicking")]

use callboard_core::import::{
    Content, Facts, ForeignStatus, Importer, Meaning, Shape, ShapeDraft, Shapes, assemble, mend, outline,
};
use callboard_core::{Session, Timestamp};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::Value;
use std::fmt::Write;

/// Keys that shapes look for, so that what is made up comes near to them.
const KEYS: [&str; 40] = [
    "session_id",
    "episode_id",
    "episode_number",
    "status",
    "phases",
    "cost",
    "total_cost",
    "costs",
    "timestamps",
    "production_pipeline",
    "stages",
    "pipeline_stages",
    "checkpoint_type",
    "session_metadata",
    "stage_completion",
    "cost_data",
    "current_stage",
    "current_agent",
    "pipeline_stage",
    "episodes",
    "active_episodes",
    "completed",
    "active",
    "failed",
    "research",
    "script",
    "audio",
    "synthesis",
    "quality_score",
    "quality_scores",
    "created_at",
    "updated_at",
    "start_time",
    "error",
    "errors",
    "completed_stages",
    "total_stages",
    "title",
    "production_metrics",
    "*",
];

const WORDS: [&str; 14] = [
    "completed",
    "failed",
    "pending",
    "in_progress",
    "$0.45",
    "8.00",
    "2025-08-14T15:45:00Z",
    "2025-09-03T21:00:08.799025",
    "ep_001_20250814_test",
    "",
    "–",
    "research",
    "/a/b",
    "1724383500",
];

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i32>().prop_map(Value::from),
        (0.0..2e13).prop_map(Value::from),
        select(WORDS.to_vec()).prop_map(Value::from),
        ".{0,6}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 96, 8, |inner| {
        prop_oneof![
            1 => vec(inner.clone(), 0..6).prop_map(Value::Array),
            4 => vec((select(KEYS.to_vec()), inner), 0..9).prop_map(|members| {
                Value::Object(members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
            }),
        ]
    })
}

fn object() -> impl Strategy<Value = Value> {
    vec((select(KEYS.to_vec()), json()), 1..14)
        .prop_map(|members| Value::Object(members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()))
}

/// The text of a value with the members of each object the other way round.
fn backwards(value: &Value, out: &mut String) {
    match value {
        Value::Object(members) => {
            out.push('{');
            for (at, (key, value)) in members.iter().rev().enumerate() {
                write!(out, "{}\n{}\t:", if at > 0 { "," } else { "" }, Value::from(key.as_str())).unwrap();
                backwards(value, out);
            }
            out.push_str("}\n");
        }
        Value::Array(elements) => {
            out.push('[');
            for (at, element) in elements.iter().enumerate() {
                out.push_str(if at > 0 { " , " } else { "" });
                backwards(element, out);
            }
            out.push(']');
        }
        scalar => write!(out, "{scalar}").unwrap(),
    }
}

/// The shape that reads a text, and the values without their places.
fn essence(text: &str) -> Vec<String> {
    let reading = Shapes::built_in().read("ep_7/state.json", text.as_bytes());
    assert!(reading.broken.is_none(), "{text}");
    let mut out = Vec::new();
    for piece in &reading.documents {
        match &piece.content {
            Content::Foreign { shape, facts } => {
                out.push(shape.name().to_owned());
                for facts in facts {
                    push_facts(facts, &mut out);
                }
            }
            Content::Session { id } => out.push(id.clone()),
            other => out.push(format!("{:?}", std::mem::discriminant(other))),
        }
    }
    out.sort();
    out
}

fn push_facts(facts: &Facts, out: &mut Vec<String>) {
    let mut say = |name: &str, value: Option<String>| out.push(format!("{:?} {name} {value:?}", facts.index));
    say("id", facts.id.as_ref().map(|found| found.value.clone()));
    say("episode", facts.episode.as_ref().map(|found| found.value.to_string()));
    say("state", facts.state.as_ref().map(|found| found.value.to_string()));
    say("cost", facts.cost.as_ref().map(|found| found.value.to_string()));
    say("percent", facts.percent.as_ref().map(|found| found.value.to_string()));
    for stage in &facts.stages {
        say(&stage.name, stage.status.as_ref().map(|status| status.value.to_string()));
        say(&stage.name, stage.cost.as_ref().map(|cost| cost.value.to_string()));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_json_is_read_the_same_in_every_order_and_layout(value in object()) {
        let plain = essence(&value.to_string());
        let mut text = String::new();
        backwards(&value, &mut text);
        prop_assert_eq!(&plain, &essence(&text));
        prop_assert_eq!(plain, essence(&serde_json::to_string_pretty(&value).unwrap()));
    }

    #[test]
    fn any_json_has_its_place(values in vec(json(), 0..6)) {
        let shapes = Shapes::built_in();
        let texts: Vec<String> = values.iter().map(Value::to_string).collect();
        let readings: Vec<_> =
            texts.iter().enumerate().map(|(at, text)| shapes.read(&format!("ep_{at}/x.json"), text.as_bytes())).collect();
        let import = assemble(readings);
        prop_assert_eq!(import.files.len(), texts.len());
        for file in &import.files {
            prop_assert!(!file.why.is_empty());
            prop_assert!(file.sessions.iter().all(|at| *at < import.sessions.len()));
        }
        for session in &import.sessions {
            let percent = session.progress.as_ref().and_then(|progress| progress.value.percent);
            prop_assert!(percent.is_none_or(|percent| (0.0..=100.0).contains(&percent)));
            prop_assert!(session.state.as_ref().is_none_or(|state| !state.from.is_empty()));
            prop_assert!(session.cost.as_ref().is_none_or(|cost| !cost.from.is_empty()));
            if let Ok(made) = session.convert(Timestamp::from_unix(1_760_000_000)) {
                let made = Session::parse(made.text).unwrap();
                prop_assert!(made.state().is_ok_and(|state| state != callboard_core::State::Unknown));
            }
        }
    }

    #[test]
    fn any_stream_of_files_is_the_import_of_all(values in vec(json(), 0..6)) {
        let mut importer = Importer::new(Shapes::built_in());
        let shapes = Shapes::built_in();
        let mut readings = Vec::new();
        for (at, value) in values.iter().enumerate() {
            let (path, text) = (format!("ep_{at}/x.json"), value.to_string());
            importer.add(&path, text.as_bytes());
            importer.add(&format!(".git/{path}"), text.as_bytes());
            readings.push(shapes.read(&path, text.as_bytes()));
        }
        let (streamed, whole) = (importer.finish(), assemble(readings));
        prop_assert_eq!(streamed.skipped, values.len());
        prop_assert_eq!(streamed.sessions, whole.sessions);
        prop_assert_eq!(streamed.files.len(), whole.files.len());
    }

    #[test]
    fn any_values_that_are_pointed_at_give_a_definition_that_is_read(
        value in object(),
        points in vec((select(Meaning::ALL.to_vec()), any::<prop::sample::Index>()), 1..8),
    ) {
        let sample = value.to_string();
        let rows = outline(&sample, 1_000).unwrap();
        let mut draft = ShapeDraft::new("made-up", "Made up");
        for (meaning, at) in points {
            draft.point(meaning, at.get(&rows).pointer.clone());
        }
        for word in draft.unknown_words(&sample).unwrap() {
            draft.mean(word, ForeignStatus::Complete);
        }
        prop_assert!(draft.unknown_words(&sample).unwrap().is_empty());
        // A definition is refused with a reason, or reads files without a panic.
        if let Ok(shape) = Shape::parse(draft.definition("ep_7/a.json", &sample).unwrap()) {
            let import = assemble(vec![Shapes::built_in().with(vec![shape]).read("ep_7/a.json", sample.as_bytes())]);
            prop_assert_eq!(import.files.len(), 1);
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in vec(any::<u8>(), 0..200)) {
        let _ = mend(&bytes);
    }

    #[test]
    fn any_damage_is_read_or_refused(value in object(), cut in 0.0..1.0, at in 0.0..1.0, noise in select(vec![
        "", ",", "}", "]", "{", "\"", "“", "//", "```", "\n", "\0", "/*", "<<<<<<< a\n", "\\", "#", "+", "None",
    ])) {
        let mut text = serde_json::to_string_pretty(&value).unwrap();
        let place = |text: &str, share: f64| {
            let mut at = (text.len() as f64 * share) as usize;
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        text.insert_str(place(&text, at), noise);
        text.truncate(place(&text, cut));
        if let Ok(mended) = mend(text.as_bytes()) {
            let lines = text.lines().count().max(1) as u32;
            for document in &mended.documents {
                let parsed = serde_json::from_str::<Value>(document.text().trim_start_matches('\u{feff}'));
                prop_assert!(parsed.is_ok());
                prop_assert!(document.line <= lines);
            }
            for repair in &mended.repairs {
                prop_assert!((1..=lines + 1).contains(&repair.line), "{} of {}", repair, lines);
            }
        }
    }

    #[test]
    fn a_cut_file_says_nothing_that_the_whole_one_does_not(value in object(), share in 0.0..1.0) {
        let text = serde_json::to_string_pretty(&value).unwrap();
        let mut at = (text.len() as f64 * share) as usize;
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        let Ok(mended) = mend(&text.as_bytes()[..at]) else { return Ok(()) };
        let found: Value = serde_json::from_str(mended.documents[0].text()).unwrap();
        // A number is not always read back as the one that was written.
        let value: Value = serde_json::from_str(&text).unwrap();
        prop_assert!(is_part(&found, &value), "{} of {}", found, value);
    }
}

/// True if everything in `part` stands in `whole`.
fn is_part(part: &Value, whole: &Value) -> bool {
    match (part, whole) {
        (Value::Object(part), Value::Object(whole)) => {
            part.iter().all(|(key, part)| whole.get(key).is_some_and(|whole| is_part(part, whole)))
        }
        (Value::Array(part), Value::Array(whole)) => {
            part.len() <= whole.len() && part.iter().zip(whole).all(|(part, whole)| is_part(part, whole))
        }
        (part, whole) => part == whole,
    }
}
