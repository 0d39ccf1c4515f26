//! Conformance vectors: the machine gives each expected result, and the generator produces the same files.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says what went wrong by panicking")]

use crate::support::layout::{Layout, Node};
use crate::support::vectors;
use callboard_core::{OverBudget, Policy, Session, Timestamp};
use serde_json::Value;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/conformance")
}

fn files() -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(&path).unwrap()))
        .collect();
    files.sort();
    files
}

/// The members of each vector of a file, as text: numbers and the order of keys as they are spelt.
fn read(text: &str) -> Vec<Vec<(String, String)>> {
    let Node::Array(vectors) = Node::parse(text) else { panic!("a file of vectors is a list") };
    let vector = |vector| {
        let Node::Object(members) = vector else { panic!("a vector is an object") };
        let plain = |key: String| serde_json::from_str(&key).unwrap();
        members.into_iter().map(|(key, value)| (plain(key), value.render(&Layout::one_line(true)))).collect()
    };
    vectors.into_iter().map(vector).collect()
}

/// The policy of a vector. Values that it does not name are the defaults.
fn policy(text: Option<&str>) -> Policy {
    let given: Value = text.map_or(Value::Null, |text| serde_json::from_str(text).unwrap());
    let mut policy = Policy::default();
    for (key, value) in given.as_object().into_iter().flatten() {
        match key.as_str() {
            "retry_limit" => policy.retry_limit = u32::try_from(value.as_u64().unwrap()).unwrap(),
            "require_handoff" => policy.require_handoff = value.as_bool().unwrap(),
            "over_budget" if value == "block" => policy.over_budget = OverBudget::Block,
            other => panic!("no policy is called {other}"),
        }
    }
    policy
}

fn check(file: &str, vector: &[(String, String)]) {
    let raw = |key: &str| vector.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str());
    let text = |key: &str| raw(key).and_then(|value| serde_json::from_str::<Option<String>>(value).unwrap());
    let name = format!("{file}: {}", text("name").unwrap());
    let (now, policy) = (Timestamp::parse(&text("now").unwrap()).unwrap(), policy(raw("policy")));
    let event = raw("event").unwrap();
    let answer = match text("input") {
        Some(input) => {
            let mut session = Session::parse(input.as_str()).unwrap();
            assert_eq!(session.text(), input, "{name}");
            let result = session.event(event, now, &policy).and_then(|event| session.apply(&event, now, &policy));
            if result.is_err() {
                assert_eq!(session.text(), input, "{name}");
            }
            result.map(|outcome| (Some(outcome), session.text().to_owned()))
        }
        None => {
            let new = vectors::new_session(&serde_json::from_str(event).unwrap());
            Session::initialize(&new, now, &policy).map(|session| (None, session.text().to_owned()))
        }
    };
    match answer {
        Ok((outcome, output)) => {
            assert_eq!(Some(output), text("output"), "{name}");
            assert_eq!(outcome.map(|outcome| vectors::outcome_json(&outcome)).as_deref(), raw("outcome"), "{name}");
        }
        Err(refusal) => assert_eq!(Some(vectors::refusal_json(&refusal).as_str()), raw("refusal"), "{name}"),
    }
}

#[test]
fn every_vector_is_answered_as_it_says() {
    let mut count = 0;
    for (file, text) in files() {
        for vector in read(&text) {
            check(&file, &vector);
            count += 1;
        }
    }
    println!("{count} vectors");
    assert!(count > 300, "only {count} vectors");
}

#[test]
fn the_vectors_are_what_the_generator_makes() {
    let committed = files();
    let made: Vec<(String, String)> = vectors::files().into_iter().collect();
    let names = |files: &[(String, String)]| files.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&committed), names(&made));
    for ((name, committed), (_, made)) in committed.iter().zip(&made) {
        let stale = "make it anew with `cargo run -p callboard-core --example conformance`, and read the difference";
        assert!(committed == made, "{name} is not up to date: {stale}");
    }
}
