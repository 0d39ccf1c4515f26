//! The steps of `cargo xtask test`: what each runs, and how its tests are counted.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::pack::{self, Build};
use crate::browsers::{Browsers, Driver};
use crate::count::{self, Count};
use crate::tools::Tools;
use crate::{Failure, Outcome, app, npm, paths, process, results, toolchain};

/// One step of the tests.
pub(crate) struct Step {
    /// What to call it on the command line.
    pub(crate) name: &'static str,
    /// What it does, for people.
    pub(crate) title: &'static str,
    /// True if it builds in cargo's debug folder, whose lock lets one such step run at a time.
    pub(crate) builds_debug: bool,
    /// Runs it.
    pub(crate) run: fn(&Options) -> Outcome<Count>,
}

/// The parts of the command line that a step may go by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Options {
    /// Arguments for the step's runner.
    pub(crate) args: Vec<String>,
    /// Every end-to-end test runs in Firefox too, not only those for which the browser matters.
    pub(crate) all_browsers: bool,
    /// The steps give an answer in minutes: of less simulation, and of a package that is built quickly.
    pub(crate) quick: bool,
}

impl Options {
    const ALL_BROWSERS: &str = "--all-browsers";
    /// It reads like the name of a step, and stands for several.
    const QUICK: &str = "quick";

    /// Divides a command line into the options and the rest. Arguments for a runner follow `--`.
    pub(crate) fn read(command_line: &[String]) -> (Self, Vec<String>) {
        let mut parts = command_line.splitn(2, |arg| arg == "--");
        let (ours, args) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let given = |flag: &str| ours.iter().any(|arg| arg == flag);
        let rest = ours.iter().filter(|arg| ![Self::ALL_BROWSERS, Self::QUICK].contains(&arg.as_str()));
        let rest = rest.cloned().collect();
        (Self { args: args.to_vec(), all_browsers: given(Self::ALL_BROWSERS), quick: given(Self::QUICK) }, rest)
    }

    /// The options as a command line, for the process of a step.
    pub(crate) fn flags(&self) -> impl Iterator<Item = &str> {
        let flags = [self.all_browsers.then_some(Self::ALL_BROWSERS), self.quick.then_some(Self::QUICK)];
        flags.into_iter().flatten()
    }
}

/// The steps of `cargo xtask test quick`.
pub(crate) const QUICK: [&str; 4] = ["fmt", "clippy", "native", "package"];

/// The number of steps of the workspace's simulation in a quick run.
const QUICK_SIMULATION: &str = "25000";

/// All of them, in the order in which they begin: what is quick to fail comes first, and the longest that can run beside
/// others before the shorter.
pub(crate) const STEPS: [Step; 8] = [
    Step { name: "fmt", title: "the Rust code is formatted", builds_debug: true, run: fmt },
    Step { name: "clippy", title: "clippy has no complaint (native)", builds_debug: true, run: clippy },
    Step { name: "clippy-wasm", title: "clippy has no complaint (wasm)", builds_debug: true, run: clippy_wasm },
    Step { name: "native", title: "native tests and doctests", builds_debug: true, run: native },
    Step { name: "doc", title: "the documentation builds without a warning", builds_debug: true, run: doc },
    Step {
        name: "wasm-web",
        title: "the app's component tests in headless Chromium",
        builds_debug: true,
        run: wasm_web,
    },
    Step {
        name: "e2e",
        title: "the built app, end to end in Chromium and, where the browser matters, in Firefox",
        builds_debug: false,
        run: e2e,
    },
    Step { name: "package", title: "the packed npm package, in Node and in a page", builds_debug: false, run: package },
];

fn fmt(options: &Options) -> Outcome<Count> {
    check(&["fmt", "--all", "--check"], options)
}

fn clippy(options: &Options) -> Outcome<Count> {
    let what = ["clippy", "--workspace", "--all-targets", "--all-features"];
    check(&[&what[..], &DENY_WARNINGS].concat(), options)
}

fn clippy_wasm(options: &Options) -> Outcome<Count> {
    let what = ["clippy", "--target", toolchain::WASM, "--all-targets"];
    let crates = ["-p", "callboard-wasm", "-p", "callboard-web"];
    check(&[&what[..], &crates, &DENY_WARNINGS].concat(), options)
}

const DENY_WARNINGS: [&str; 3] = ["--", "-D", "warnings"];

/// A cargo command that is one test: it passes or it does not.
fn check(command: &[&str], options: &Options) -> Outcome<Count> {
    let root = paths::root()?;
    let ran = process::tee(
        process::command("cargo", &root)
            .args(command)
            .args(&options.args)
            // The documentation's warnings; no other command reads it.
            .env("RUSTDOCFLAGS", "-D warnings"),
    )?;
    Ok(if ran.success { Count::PASSED } else { Count::FAILED })
}

fn doc(options: &Options) -> Outcome<Count> {
    check(&["doc", "--no-deps", "--workspace", "--all-features"], options)
}

fn native(options: &Options) -> Outcome<Count> {
    let root = paths::root()?;
    let mut cargo = process::command("cargo", &root);
    // Every crate's tests are run and counted, also after one has failed.
    cargo.args(["test", "--workspace", "--all-features", "--no-fail-fast"]).args(separated(&options.args));
    if options.quick {
        cargo.env("CALLBOARD_SIMULATION_STEPS", QUICK_SIMULATION);
    }
    let ran = process::tee(&mut cargo)?;
    tally(ran.success, count::cargo(&ran.output))
}

/// The app's tests that run in a browser. Those of the exports are the package's.
fn wasm_web(options: &Options) -> Outcome<Count> {
    let driver = Driver::ensure()?;
    let mut command = Tools::for_wasm()?.command("cargo", &paths::root()?);
    driver.tell(&mut command)?;
    command
        .args(["test", "--target", toolchain::WASM, "--package", "callboard-web", "--test", "browser"])
        .args(separated(&options.args));
    let ran = process::tee(&mut command)?;
    tally(ran.success, count::cargo(&ran.output))
}

/// Installs the tarball into a project of its own, as those who use it do, and runs the
/// package's tests there, then those in tests/packaging.
fn package(options: &Options) -> Outcome<Count> {
    let root = paths::root()?;
    let browsers = Browsers::ensure()?;
    npm::ensure()?;
    let tarball = pack::ensure(if options.quick { Build::Quick } else { Build::Published })?;
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
    let mut node = npm::node()?;
    node.current_dir(&project).env("CALLBOARD_PROJECT", &project);
    browsers.tell(&mut node);
    if options.quick {
        node.env("CALLBOARD_UPDATES", "20").env("CALLBOARD_KILLED_WRITERS", "20");
    } else {
        files.extend(test_files(&root.join("tests").join("packaging"))?);
    }
    // Many of them wait for processes that they start, so that one file leaves half of two cores idle.
    node.arg("--test-concurrency=2");
    node_test("package", node, chosen(files, &options.args), &of_node(&options.args))
}

fn e2e(options: &Options) -> Outcome<Count> {
    let root = paths::root()?;
    let browsers = Browsers::ensure()?;
    npm::ensure()?;
    let dist = app::build()?;
    let mut node = npm::node()?;
    node.env("CALLBOARD_DIST", dist);
    browsers.tell(&mut node);
    if options.all_browsers {
        node.env("CALLBOARD_BROWSERS", "chromium,firefox");
    }
    // A process has one browser open at a time, and a browser keeps more than half of two cores busy.
    node.arg("--test-concurrency=2");
    let chosen = chosen(test_files(&root.join("tests").join("e2e"))?, &options.args);
    node_test("e2e", node, shards(&chosen)?, &of_node(&options.args))
}

/// Processes that the end-to-end tests are divided among: the more there are, the better two that run at once come out
/// even; the fewer, the fewer browsers are launched.
const SHARDS: usize = 8;

/// Writes modules that import these files of tests, those of a module for one process with one browser of each kind.
fn shards(files: &[PathBuf]) -> Outcome<Vec<PathBuf>> {
    let mut shards = Vec::new();
    let mut shared = Vec::new();
    for file in files {
        let text = paths::read(file)?;
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let import = format!("import \"../../tests/e2e/{name}\";\n");
        if text.contains("await launch(") {
            // It launches browsers of its own, so it shares none, and takes long.
            shards.push(import);
        } else {
            shared.push((text.len(), import));
        }
    }
    shards.extend(divide(shared, SHARDS));
    let dir = paths::target()?.join("e2e");
    paths::remove_dir(&dir)?;
    let written = shards.iter().enumerate().map(|(i, text)| {
        let path = dir.join(format!("shard-{}.test.mjs", i + 1));
        paths::write(&path, text).map(|()| path)
    });
    written.collect()
}

/// Joins texts into at most so many, of about the same sum of sizes.
fn divide(mut sized: Vec<(usize, String)>, most: usize) -> Vec<String> {
    let mut parts = vec![(0, String::new()); most.min(sized.len())];
    // The largest first, each to the part with the least so far.
    sized.sort_by_key(|(size, _)| std::cmp::Reverse(*size));
    for (size, text) in sized {
        if let Some((sum, part)) = parts.iter_mut().min_by_key(|(sum, _)| *sum) {
            *sum += size;
            part.push_str(&text);
        }
    }
    parts.into_iter().map(|(_, part)| part).collect()
}

/// The arguments that are options, which are node's.
fn of_node(args: &[String]) -> Vec<&String> {
    args.iter().filter(|arg| arg.starts_with('-')).collect()
}

/// The files that the other arguments choose by their name; all where there is none.
fn chosen(mut files: Vec<PathBuf>, args: &[String]) -> Vec<PathBuf> {
    let mut names = args.iter().filter(|arg| !arg.starts_with('-')).peekable();
    if names.peek().is_some() {
        let names: Vec<&String> = names.collect();
        files.retain(|file| names.iter().any(|name| file.to_string_lossy().contains(name.as_str())));
    }
    files
}

/// Runs node's tests in these files; `name` tells the file of their results from those of other steps.
fn node_test(name: &str, mut node: Command, files: Vec<PathBuf>, options: &[&String]) -> Outcome<Count> {
    let file = paths::target()?.join("steps").join(format!("{name}.jsonl"));
    paths::write(&file, "")?;
    node.args(["--test", "--test-reporter=spec", "--test-reporter-destination=stdout"])
        .arg(format!("--test-reporter={}", paths::root()?.join("tests/reporter.mjs").display()))
        .arg(format!("--test-reporter-destination={}", file.display()));
    let success = process::succeeds(node.args(options).args(files))?;
    let results = results::read(&file)?;
    let mut failed = results::failed(&results).peekable();
    if failed.peek().is_some() {
        println!("    What failed:");
    }
    for test in failed {
        println!("{test}");
    }
    tally(success, Some(results::count(&results)))
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
fn tally(success: bool, counted: Option<Count>) -> Outcome<Count> {
    let mut count =
        counted.ok_or_else(|| Failure::new("Its tests could not be counted: it printed no summary of them."))?;
    if !success && count.failed == 0 {
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
    fn parts_come_out_even_and_nothing_is_left_out() {
        let sized = |sizes: &[usize]| sizes.iter().map(|size| (*size, format!("{size} "))).collect();
        assert_eq!(divide(sized(&[1, 5, 4, 2]), 2), ["5 1 ", "4 2 "]);
        assert_eq!(divide(sized(&[1, 5]), 8), ["5 ", "1 "]);
        assert!(divide(sized(&[]), 8).is_empty());
    }

    #[test]
    fn a_failure_is_never_counted_away() {
        let check = |success, counted, expected: Option<u32>| {
            assert_eq!(tally(success, counted).ok().map(|c| c.failed), expected);
        };
        check(true, Some(Count::PASSED), Some(0));
        check(false, Some(Count::PASSED), Some(1));
        check(false, Some(Count::FAILED), Some(1));
        check(true, Some(Count::default()), None);
        check(false, None, None);
        check(true, None, None);
    }
}
