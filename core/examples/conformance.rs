//! Writes `tests/conformance/*.json`: `cargo run -p callboard-core --example conformance`.
//!
//! With `--check` nothing is written, and the command fails if a file is out of date.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a generator says what went wrong by panicking")]

#[path = "../tests/support/mod.rs"]
mod support;

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let check = std::env::args().any(|argument| argument == "--check");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/conformance");
    let mut stale = Vec::new();
    for (name, text) in support::vectors::files() {
        let path = folder.join(&name);
        let vectors = text.matches("\n    \"name\": ").count();
        println!("{name}: {vectors} vectors, {} KB", text.len() / 1024);
        if !check {
            std::fs::write(&path, text).unwrap();
        } else if std::fs::read_to_string(&path).ok().as_deref() != Some(&text) {
            stale.push(name);
        }
    }
    if stale.is_empty() {
        return ExitCode::SUCCESS;
    }
    eprintln!("not up to date: {}", stale.join(", "));
    ExitCode::FAILURE
}
