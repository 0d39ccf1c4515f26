//! The lists of names in the npm package are those of the core: its types, and the fields of an agent's result.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says what went wrong by panicking")]

use callboard_core::{
    Agent, AgentStatus, EventField, EventKind, Gate, HealthLevel, Metric, ParseErrorCode, RefusalCode, Severity, Stage,
    State,
};
use std::collections::BTreeSet;

fn read(path: &str) -> String {
    std::fs::read_to_string(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("npm").join(path)).unwrap()
}

/// The part of a text between the first occurrence of `start` and the next of `end`.
fn part<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let (_, rest) = text.split_once(start).unwrap_or_else(|| panic!("{start} is missing"));
    rest.split_once(end).unwrap_or_else(|| panic!("{end} is missing after {start}")).0
}

/// The texts in double quotes.
fn quoted(text: &str) -> Vec<&str> {
    text.split('"').skip(1).step_by(2).collect()
}

#[test]
fn types_list_the_names_of_the_core() {
    let check = |file: &str, start: &str, expected: &[&str]| {
        let text = read(file);
        assert_eq!(quoted(part(&text, start, ";")), expected, "{start} in {file}");
    };
    check("types/names.d.ts", "export type Agent =", &Agent::ALL.map(Agent::name));
    check("types/names.d.ts", "export type Stage =", &Stage::ALL.map(Stage::name));
    check("types/names.d.ts", "export type State =", &State::ALL.map(State::name));
    check("types/names.d.ts", "export type AgentStatus =", &AgentStatus::ALL.map(AgentStatus::name));
    check("types/names.d.ts", "export type Metric =", &Metric::ALL.map(Metric::name));
    check("types/policy.d.ts", "export type Gate =", &Gate::ALL.map(Gate::name));
    check("types/outcome.d.ts", "export type RefusalCode =", &RefusalCode::ALL.map(RefusalCode::name));
    check("types/health.d.ts", "export type HealthLevel =", &HealthLevel::ALL.map(HealthLevel::name));
    check("types/diagnostic.d.ts", "severity:", &Severity::ALL.map(Severity::name));
    let errors = read("types/error.d.ts");
    let codes = quoted(part(&errors, "export type ErrorCode =", ";"));
    assert_eq!(codes[..ParseErrorCode::ALL.len()], ParseErrorCode::ALL.map(ParseErrorCode::name));
}

/// The members of a TypeScript type's text, each with true if it must be given.
fn members(text: &str) -> Vec<(&str, bool)> {
    let member = |(at, _): (usize, &str)| {
        let before = &text[..at];
        let name = before.trim_end_matches('?');
        let start = name.trim_end_matches(|letter: char| letter.is_ascii_lowercase() || letter == '_').len();
        // The name in an index signature is no member.
        let is_member = start < name.len() && !name[..start].ends_with('[');
        is_member.then(|| (&text[start..name.len()], !before.ends_with('?')))
    };
    text.match_indices(':').filter_map(member).collect()
}

#[test]
fn types_of_events_have_the_fields_of_the_core() {
    let text = read("types/event.d.ts");
    let without_comments: String =
        text.lines().filter(|line| !line.trim_start().starts_with(['*', '/'])).collect::<Vec<_>>().join("\n");
    let completion = members(part(&without_comments, "export interface Completion", "\n}"));
    let events = part(&without_comments, "export type SessionEvent =", ";\n\n");
    for kind in EventKind::ALL {
        let start = format!("{{ type: \"{kind}\"");
        let start = if events.contains(&start) { start } else { format!("{{\n        type: \"{kind}\"") };
        let variant = events.split_once(&start).unwrap_or_else(|| panic!("no type for {kind}")).1;
        let variant = variant.split("type: \"").next().unwrap();
        let mut given: BTreeSet<(&str, bool)> = members(variant).into_iter().collect();
        given.retain(|(name, _)| *name != "agent");
        if variant.contains("& Completion") {
            given.extend(completion.iter().copied());
        }
        if variant.contains("& Fenced") {
            given.insert((EventField::Attempt.name(), false));
        }
        given.insert((EventField::Key.name(), false));
        let expected = kind.fields().iter().map(|field| (field.name(), kind.requires(*field))).collect();
        assert_eq!(given, expected, "{kind}");
    }
}

#[test]
fn a_result_of_an_agent_has_the_fields_of_its_events() {
    let text = read("store/attempt.js");
    let given: BTreeSet<&str> = quoted(part(&text, "const FIELDS = [", "]")).into_iter().collect();
    let fields = [EventKind::Complete, EventKind::QualityFailure].into_iter().flat_map(EventKind::fields);
    let set_by_the_package = [EventField::Attempt, EventField::Key];
    let expected: BTreeSet<&str> =
        fields.filter(|field| !set_by_the_package.contains(field)).map(|field| field.name()).collect();
    assert_eq!(given, expected);
}
