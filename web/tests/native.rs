//! The tests that need no browser, one program.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

mod query;

/// A file that no `mod` line names would be left out in silence.
#[test]
fn every_file_of_tests_is_a_module() {
    let programs = [include_str!("native.rs"), include_str!("browser.rs")];
    let lines: Vec<&str> = programs.iter().flat_map(|program| program.lines()).collect();
    for file in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests")).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy();
        let is_program = ["native", "browser"].contains(&&*name);
        assert!(is_program || lines.contains(&format!("mod {name};").as_str()), "{} is not tested", path.display());
    }
}
