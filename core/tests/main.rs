//! The integration tests, one program: it is compiled and linked once, and its slow tests run beside the others.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says what went wrong by panicking")]

mod bad_input;
mod candidates;
mod conformance;
mod damage;
mod deliveries;
mod diagnostics;
mod events;
mod examples;
mod exploration;
mod foreign;
mod foreign_figures;
mod foreign_properties;
mod found;
mod fuzz;
mod handoffs;
mod large;
mod merge;
mod merge_state;
mod monitoring;
mod outlook;
mod package;
mod planning;
mod properties;
mod records;
mod shape_schema;
mod shown;
mod support;
mod taught;
mod texts;
mod transitions;

/// A file that no `mod` line names would be left out in silence.
#[test]
fn every_file_of_tests_is_a_module() {
    let lines: Vec<&str> = include_str!("main.rs").lines().collect();
    for file in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests")).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy();
        assert!(name == "main" || lines.contains(&format!("mod {name};").as_str()), "{} is not tested", path.display());
    }
}
