//! The page's content security policy: no directive allows more than here, and none is missing.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

use std::collections::BTreeMap;
use std::path::Path;

/// Each directive with all that it may allow.
const POLICY: [(&str, &str); 13] = [
    ("default-src", "'none'"),
    ("script-src", "'self' 'wasm-unsafe-eval'"),
    ("style-src", "'self'"),
    ("img-src", "'self' data: blob:"),
    ("media-src", "'self' blob:"),
    ("connect-src", "'self'"),
    ("manifest-src", "'self'"),
    ("worker-src", "'self'"),
    ("font-src", "'none'"),
    ("base-uri", "'none'"),
    ("form-action", "'none'"),
    ("require-trusted-types-for", "'script'"),
    ("trusted-types", "default"),
];

fn source(path: &str) -> String {
    std::fs::read_to_string(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).join(path)).unwrap()
}

/// Parses a policy. The first of two directives of one name counts, so a second one is a mistake.
fn directives(policy: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for directive in policy.split(';').map(str::trim).filter(|directive| !directive.is_empty()) {
        let (name, sources) = directive.split_once(' ').unwrap_or((directive, ""));
        assert_eq!(found.insert(name.to_owned(), sources.to_owned()), None, "{name} is there twice");
    }
    found
}

#[test]
fn no_directive_of_the_pages_policy_is_looser() {
    let html = source("index.html");
    let start = "<meta http-equiv=\"Content-Security-Policy\" content=\"";
    let (before, after) = html.split_once(start).unwrap();
    let policy = directives(after.split_once('"').unwrap().0);
    let expected: BTreeMap<String, String> =
        POLICY.iter().map(|(name, sources)| ((*name).to_owned(), (*sources).to_owned())).collect();
    assert_eq!(policy, expected);
    // A policy counts only for what comes after it.
    assert!(!before.contains("<script") && !before.contains("<link"), "elements come before the policy");
    assert_eq!(html.matches("http-equiv").count(), 1);
}

#[test]
fn the_trusted_types_policy_lets_no_script_in() {
    let policy = source("static/policy.js");
    assert_eq!(policy.matches("createPolicy(").count(), 1);
    assert!(!policy.contains("createScript:"), "script text is let in");
    let line = "createScriptURL: (address) => (address === \"./service-worker.js\" ? address : null),";
    assert_eq!((policy.matches("createScriptURL").count(), policy.matches(line).count()), (1, 1));
}
