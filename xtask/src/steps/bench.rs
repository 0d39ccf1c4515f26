//! `cargo xtask bench`: how fast the parts are.

use super::generate;
use crate::browsers::Browsers;
use crate::{Failure, Outcome, app, npm, paths, process};

/// Runs the benchmark of a part. It prints figures and asserts nothing: machines differ.
pub(crate) fn run(args: &[String]) -> Outcome<()> {
    match args {
        [part] if part == "core" => {
            growth()?;
            package("core.mjs")
        }
        [part] if part == "folder" => package("folder.mjs"),
        [part] if part == "web" => web(),
        _ => Err(Failure::new("Say what to measure: `cargo xtask bench core`, `folder` or `web`.")),
    }
}

/// The core on sessions with ever longer histories.
fn growth() -> Outcome<()> {
    let mut cargo = process::command("cargo", &paths::root()?);
    cargo.args(["run", "--release", "--quiet", "-p", "callboard-core", "--example", "growth"]);
    process::run("The benchmark", &mut cargo)
}

/// Runs a benchmark of the package, in Node, against other ways to do the same.
fn package(script: &str) -> Outcome<()> {
    let script = paths::root()?.join("core/npm/bench").join(script);
    super::pack::ensure(super::pack::Build::Published)?;
    process::run("The benchmark", npm::node()?.arg(script))
}

/// The import of ten thousand files beside a bare page, and the app with their sessions, in headless Chromium; then a
/// session with a long history, in both browsers; then ever longer histories, in Chromium.
fn web() -> Outcome<()> {
    let sessions = paths::target()?.join("bench-sessions");
    let mut bytes = 0;
    process::step("make 10,000 session files", || {
        bytes = generate::sessions(&sessions)?;
        Ok(())
    })?;
    let browsers = Browsers::ensure()?;
    npm::ensure()?;
    let dist = app::build()?;
    for script in ["import.mjs", "web.mjs", "session.mjs", "growth.mjs"] {
        let mut node = npm::node()?;
        node.env("CALLBOARD_DIST", &dist)
            .env("CALLBOARD_SESSIONS", sessions.join("files"))
            .env("CALLBOARD_SESSIONS_BYTES", bytes.to_string())
            .env("CALLBOARD_SESSIONS_FILES", generate::FILES.to_string())
            .arg(paths::root()?.join("tests/bench").join(script));
        browsers.tell(&mut node);
        process::run("The benchmark", &mut node)?;
    }
    Ok(())
}
