//! The steps of `cargo xtask test`: what each runs, and how its tests are counted.

use std::path::{Path, PathBuf};

use crate::browsers::{Browsers, Driver};
use crate::count::{self, Count};
use crate::tools::Tools;
use crate::{Failure, Outcome, app, failures, npm, paths, process, toolchain};

/// One step of the tests.
pub(crate) struct Step {
    /// What to call it on the command line.
    pub(crate) name: &'static str,
    /// What it does, for people.
    pub(crate) title: &'static str,
    /// Runs it, given arguments for its runner.
    pub(crate) run: fn(&[String]) -> Outcome<Count>,
}

/// All of them: what is quick to fail comes first.
pub(crate) const STEPS: [Step; 9] = [
    Step { name: "fmt", title: "the Rust code is formatted", run: fmt },
    Step { name: "clippy", title: "clippy has no complaint (native)", run: clippy },
    Step { name: "clippy-wasm", title: "clippy has no complaint (wasm)", run: clippy_wasm },
    Step { name: "native", title: "native tests and doctests", run: native },
    Step { name: "doc", title: "the documentation builds without a warning", run: doc },
    Step { name: "wasm-core", title: "the exports' tests in headless Chromium", run: wasm_core },
    Step { name: "wasm-web", title: "the app's component tests in headless Chromium", run: wasm_web },
    Step { name: "package", title: "the packed npm package, in Node and in a page", run: package },
    Step { name: "e2e", title: "the built app, end to end in Chromium and Firefox", run: e2e },
];

fn fmt(args: &[String]) -> Outcome<Count> {
    check(&["fmt", "--all", "--check"], args)
}

fn clippy(args: &[String]) -> Outcome<Count> {
    let what = ["clippy", "--workspace", "--all-targets", "--all-features"];
    check(&[&what[..], &DENY_WARNINGS].concat(), args)
}

fn clippy_wasm(args: &[String]) -> Outcome<Count> {
    let what = ["clippy", "--target", toolchain::WASM, "--all-targets"];
    let crates = ["-p", "callboard-wasm", "-p", "callboard-web"];
    check(&[&what[..], &crates, &DENY_WARNINGS].concat(), args)
}

const DENY_WARNINGS: [&str; 3] = ["--", "-D", "warnings"];

/// A cargo command that is one test: it passes or it does not.
fn check(command: &[&str], args: &[String]) -> Outcome<Count> {
    let root = paths::root()?;
    let ran = process::tee(
        process::command("cargo", &root)
            .args(command)
            .args(args)
            // The documentation's warnings; no other command reads it.
            .env("RUSTDOCFLAGS", "-D warnings"),
    )?;
    Ok(if ran.success { Count::PASSED } else { Count::FAILED })
}

fn doc(args: &[String]) -> Outcome<Count> {
    check(&["doc", "--no-deps", "--workspace", "--all-features"], args)
}

fn native(args: &[String]) -> Outcome<Count> {
    let root = paths::root()?;
    let ran = process::tee(
        process::command("cargo", &root)
            // Every crate's tests are run and counted, also after one has failed.
            .args(["test", "--workspace", "--all-features", "--no-fail-fast"])
            .args(separated(args)),
    )?;
    tally(&ran, count::cargo(&ran.output))
}

fn wasm_core(args: &[String]) -> Outcome<Count> {
    wasm("callboard-wasm", "core/wasm", args)
}

fn wasm_web(args: &[String]) -> Outcome<Count> {
    wasm("callboard-web", "web", args)
}

/// The tests of a crate that run in a browser. A crate may have none yet.
fn wasm(package: &str, folder: &str, args: &[String]) -> Outcome<Count> {
    let root = paths::root()?;
    if !has_wasm_tests(&root.join(folder))? {
        println!("    {package} has no tests in wasm yet.");
        return Ok(Count::default());
    }
    let driver = Driver::ensure()?;
    let mut command = Tools::for_wasm()?.command("cargo", &root);
    driver.tell(&mut command)?;
    command
        // Not the doctests, which are native ones.
        .args(["test", "--target", toolchain::WASM, "--tests"])
        .args(["--no-fail-fast", "--package", package])
        .args(separated(args));
    let ran = process::tee(&mut command)?;
    tally(&ran, count::cargo(&ran.output))
}

fn has_wasm_tests(folder: &Path) -> Outcome<bool> {
    for file in paths::files_below(folder, &["node_modules"])? {
        if file.extension().is_some_and(|e| e == "rs") && paths::read(&file)?.contains("#[wasm_bindgen_test") {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Installs the tarball into a project of its own, as those who use it do, and runs the
/// package's tests there, then those in tests/packaging.
fn package(args: &[String]) -> Outcome<Count> {
    let root = paths::root()?;
    let browsers = Browsers::ensure()?;
    npm::ensure()?;
    let tarball = super::pack::ensure()?;
    let project = paths::target()?.join("packaging");
    process::step("install the tarball into a project of its own", || {
        paths::remove_dir(&project)?;
        paths::write(&project.join("package.json"), "{ \"private\": true, \"type\": \"module\" }\n")?;
        process::run(
            "npm install",
            npm::npm()?
                .current_dir(&project)
                // It depends on nothing, so nothing may be fetched.
                .args(["install", "--offline", "--ignore-scripts", "--no-save"])
                .arg("--no-package-lock")
                .arg(&tarball),
        )
    })?;
    // As deep below the root as they are in core/npm/test: relative paths to fixtures hold.
    let own = root.join("core").join("npm").join("test");
    let copy = project.join("test");
    for file in paths::files_below(&own, &["node_modules"])? {
        let name = file.strip_prefix(&own).unwrap_or(&file);
        let text = paths::read(&file)?;
        paths::write(&copy.join(name), &text)?;
    }
    let mut files = test_files(&copy)?;
    if files.is_empty() {
        return Err(Failure::new("core/npm/test has no *.test.mjs files."));
    }
    files.extend(test_files(&root.join("tests").join("packaging"))?);
    let mut node = npm::node()?;
    node.current_dir(&project).env("CALLBOARD_PROJECT", &project);
    browsers.tell(&mut node);
    node_test(node, files, args)
}

fn e2e(args: &[String]) -> Outcome<Count> {
    let root = paths::root()?;
    let browsers = Browsers::ensure()?;
    npm::ensure()?;
    let dist = app::build()?;
    let mut node = npm::node()?;
    node.env("CALLBOARD_DIST", dist);
    browsers.tell(&mut node);
    // A file has one browser open at a time, and a browser keeps more than half of two cores busy.
    node.arg("--test-concurrency=2");
    node_test(node, test_files(&root.join("tests").join("e2e"))?, args)
}

/// Runs node's tests. Arguments that are options go to node, others choose files by their name.
fn node_test(mut node: std::process::Command, files: Vec<PathBuf>, args: &[String]) -> Outcome<Count> {
    let (options, names): (Vec<&String>, Vec<&String>) = args.iter().partition(|arg| arg.starts_with('-'));
    let chosen = files.iter().filter(|file| {
        let file = file.to_string_lossy();
        names.is_empty() || names.iter().any(|name| file.contains(name.as_str()))
    });
    node.args(["--test", "--test-reporter=spec"]).args(options).args(chosen);
    let ran = process::tee(&mut node)?;
    let failed = failures::node(&ran.output);
    if !failed.is_empty() {
        println!("    What failed:");
    }
    for test in failed {
        println!("{test}");
    }
    tally(&ran, count::node(&ran.output))
}

fn test_files(dir: &Path) -> Outcome<Vec<PathBuf>> {
    let mut files = paths::files_below(dir, &["node_modules"])?;
    files.retain(|file| file.to_string_lossy().ends_with(".test.mjs"));
    Ok(files)
}

/// Arguments for the program of tests, not for cargo.
fn separated(args: &[String]) -> Vec<&str> {
    let mut all = Vec::new();
    if !args.is_empty() {
        all.push("--");
        all.extend(args.iter().map(String::as_str));
    }
    all
}

/// Holds what was counted against how the runner ended: neither a runner that could not be
/// counted nor one that failed without a failing test passes for a success.
fn tally(ran: &process::Ran, counted: Option<Count>) -> Outcome<Count> {
    let mut count =
        counted.ok_or_else(|| Failure::new("Its tests could not be counted: it printed no summary of them."))?;
    if !ran.success && count.failed == 0 {
        println!("    It failed, though none of the tests it counted did.");
        count += Count::FAILED;
    }
    if count.total() == 0 {
        return Err(Failure::new("It ran no tests, and it should have some."));
    }
    Ok(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_never_counted_away() {
        let check = |success, counted, expected: Option<u32>| {
            let ran = process::Ran { success, output: String::new() };
            assert_eq!(tally(&ran, counted).ok().map(|c| c.failed), expected);
        };
        check(true, Some(Count::PASSED), Some(0));
        check(false, Some(Count::PASSED), Some(1));
        check(false, Some(Count::FAILED), Some(1));
        check(true, Some(Count::default()), None);
        check(false, None, None);
        check(true, None, None);
    }
}
