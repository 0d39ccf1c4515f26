//! `cargo xtask bench`: measures the speed of each part.

use super::generate;
use crate::browsers::Browsers;
use crate::{Failure, Outcome, app, npm, paths, process};

/// Runs the benchmark of a part. It prints figures and asserts nothing, because machines differ.
pub(crate) fn run(args: &[String]) -> Outcome<()> {
    match args {
        [part] if part == "core" => {
            growth()?;
            package("core.mjs")
        }
        [part] if part == "folder" => package("folder.mjs"),
        [part] if part == "web" => web(),
        _ => Err(Failure::new("Name the part to measure: `cargo xtask bench core`, `folder` or `web`.")),
    }
}

/// Measures the core on sessions with increasingly long histories.
fn growth() -> Outcome<()> {
    let mut cargo = process::command("cargo", &paths::root()?);
    cargo.args(["run", "--release", "--quiet", "-p", "callboard-core", "--example", "growth"]);
    process::run("The benchmark", &mut cargo)
}

/// Runs a benchmark of the package in Node, in comparison with alternatives.
fn package(script: &str) -> Outcome<()> {
    let script = paths::root()?.join("core/npm/bench").join(script);
    super::pack::ensure(super::pack::Build::Published)?;
    process::run("The benchmark", npm::node()?.arg(script))
}

/// Measures the app in headless browsers.
///
/// The import of ten thousand files in comparison with an empty page, and of other pipelines' files in comparison with
/// those; the app with their sessions; a session with a long history in both browsers; increasingly long histories; and
/// the same files from the local server and from a folder, in comparison with a drop.
fn web() -> Outcome<()> {
    let sessions = paths::target()?.join("bench-sessions");
    let mut bytes = 0;
    process::step("generate 10,000 session files", || {
        bytes = generate::sessions(&sessions)?;
        Ok(())
    })?;
    let foreign = paths::target()?.join("bench-foreign");
    process::step("generate 10,000 files of other pipelines", || generate::foreign(&foreign))?;
    let browsers = Browsers::ensure()?;
    npm::ensure()?;
    let dist = app::build()?;
    super::pack::ensure(super::pack::Build::Published)?;
    let package = super::pack::Build::Published.package()?;
    for script in ["import.mjs", "foreign.mjs", "web.mjs", "session.mjs", "growth.mjs", "live.mjs"] {
        let mut node = npm::node()?;
        node.env("CALLBOARD_DIST", &dist)
            .env("CALLBOARD_PACKAGE", &package)
            .env("CALLBOARD_SESSIONS", sessions.join("files"))
            .env("CALLBOARD_FOREIGN", foreign.join("files"))
            .env("CALLBOARD_SESSIONS_BYTES", bytes.to_string())
            .env("CALLBOARD_SESSIONS_FILES", generate::FILES.to_string())
            .arg(paths::root()?.join("tests/bench").join(script));
        browsers.set_env(&mut node);
        process::run("The benchmark", &mut node)?;
    }
    Ok(())
}
