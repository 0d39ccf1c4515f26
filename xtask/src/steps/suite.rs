//! The steps of `cargo xtask test`, and how each runs and counts its tests.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::pack::{self, Build};
use crate::browsers::{Browsers, Driver};
use crate::count::{self, Count};
use crate::tools::Tools;
use crate::{Failure, Outcome, app, npm, paths, process, results, toolchain};

/// One step of the tests.
pub(crate) struct Step {
    /// Name on the command line.
    pub(crate) name: &'static str,
    /// Description in the output.
    pub(crate) title: &'static str,
    /// True if it builds in cargo's debug folder, whose lock allows one such step at a time.
    pub(crate) builds_debug: bool,
    /// Runs the step.
    pub(crate) run: fn(&Options) -> Outcome<Count>,
}

/// Options of the command line that affect a step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Options {
    /// Arguments for the step's runner.
    pub(crate) args: Vec<String>,
    /// Runs every end-to-end test in Firefox too, not only those for which the browser matters.
    pub(crate) all_browsers: bool,
    /// Finishes within minutes: shortens the simulation and uses a quick build of the package.
    pub(crate) quick: bool,
}

impl Options {
    const ALL_BROWSERS: &str = "--all-browsers";
    /// Written like a step's name, but selects several steps.
    const QUICK: &str = "quick";

    /// Splits a command line into the options and the rest. Arguments for a runner follow `--`.
    pub(crate) fn read(command_line: &[String]) -> (Self, Vec<String>) {
        let mut parts = command_line.splitn(2, |arg| arg == "--");
        let (ours, args) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let given = |flag: &str| ours.iter().any(|arg| arg == flag);
        let rest = ours.iter().filter(|arg| ![Self::ALL_BROWSERS, Self::QUICK].contains(&arg.as_str()));
        let rest = rest.cloned().collect();
        (Self { args: args.to_vec(), all_browsers: given(Self::ALL_BROWSERS), quick: given(Self::QUICK) }, rest)
    }

    /// The options as command line arguments, for the process of a step.
    pub(crate) fn flags(&self) -> impl Iterator<Item = &str> {
        let flags = [self.all_browsers.then_some(Self::ALL_BROWSERS), self.quick.then_some(Self::QUICK)];
        flags.into_iter().flatten()
    }
}

/// The steps of `cargo xtask test quick`.
pub(crate) const QUICK: [&str; 4] = ["fmt", "clippy", "native", "package"];

/// Number of operations of the workspace's simulation in a quick run.
const QUICK_SIMULATION: &str = "25000";

/// All steps, in starting order: those that fail quickly first, then the longest that can run in parallel before
/// shorter ones.
pub(crate) const STEPS: [Step; 8] = [
    Step { name: "fmt", title: "format of the Rust code", builds_debug: true, run: fmt },
    Step { name: "clippy", title: "clippy (native)", builds_debug: true, run: clippy },
    Step { name: "clippy-wasm", title: "clippy (wasm)", builds_debug: true, run: clippy_wasm },
    Step { name: "native", title: "native tests and doctests", builds_debug: true, run: native },
    Step { name: "doc", title: "documentation of the crates", builds_debug: true, run: doc },
    Step {
        name: "wasm-web",
        title: "component tests of the app in headless Chromium",
        builds_debug: true,
        run: wasm_web,
    },
    Step {
        name: "e2e",
        title: "end-to-end tests of the app in Chromium and, where the browser matters, in Firefox",
        builds_debug: false,
        run: e2e,
    },
    Step {
        name: "package",
        title: "tests of the packed npm package in Node and in a page",
        builds_debug: false,
        run: package,
    },
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
    // Both of the package's modules.
    let crates = ["-p", "callboard-wasm", "-p", "callboard-web", "--features", "callboard-wasm/import"];
    check(&[&what[..], &crates, &DENY_WARNINGS].concat(), options)
}

const DENY_WARNINGS: [&str; 3] = ["--", "-D", "warnings"];

/// Runs a cargo command that counts as one test.
fn check(command: &[&str], options: &Options) -> Outcome<Count> {
    let root = paths::root()?;
    let ran = process::tee(
        process::command("cargo", &root)
            .args(command)
            .args(&options.args)
            // Only `cargo doc` reads this variable.
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
    // Run and count the tests of every crate, also after a failure.
    cargo.args(["test", "--workspace", "--all-features", "--no-fail-fast"]).args(separated(&options.args));
    if options.quick {
        cargo.env("CALLBOARD_SIMULATION_STEPS", QUICK_SIMULATION);
    }
    let ran = process::tee(&mut cargo)?;
    tally(ran.success, count::cargo(&ran.output))
}

/// Runs the app's tests in a browser. The package's tests cover `core/wasm`.
fn wasm_web(options: &Options) -> Outcome<Count> {
    let driver = Driver::ensure()?;
    let mut command = Tools::for_wasm()?.command("cargo", &paths::root()?);
    driver.set_env(&mut command)?;
    command
        .args(["test", "--target", toolchain::WASM, "--package", "callboard-web", "--test", "browser"])
        .args(separated(&options.args));
    let ran = process::tee(&mut command)?;
    tally(ran.success, count::cargo(&ran.output))
}

/// Installs the tarball into a new project, as users do, and runs the package's tests there, then
/// those in tests/packaging.
fn package(options: &Options) -> Outcome<Count> {
    let root = paths::root()?;
    let browsers = Browsers::ensure()?;
    npm::ensure()?;
    let tarball = pack::ensure(if options.quick { Build::Quick } else { Build::Published })?;
    let project = paths::target()?.join("packaging");
    process::step("install the tarball into a new project", || {
        paths::remove_dir(&project)?;
        paths::write(&project.join("package.json"), "{ \"private\": true, \"type\": \"module\" }\n")?;
        process::run(
            "npm install",
            npm::npm()?
                .current_dir(&project)
                // The package has no dependencies, so npm must not download anything.
                .args(["install", "--offline", "--ignore-scripts", "--no-save"])
                .arg("--no-package-lock")
                .arg(&tarball),
        )
    })?;
    // At the same depth as core/npm/test, so that relative paths to fixtures work.
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
    browsers.set_env(&mut node);
    if options.quick {
        node.env("CALLBOARD_UPDATES", "20").env("CALLBOARD_KILLED_WRITERS", "20").env("CALLBOARD_KILLED_SERVERS", "5");
    } else {
        files.extend(test_files(&root.join("tests").join("packaging"))?);
    }
    // Many tests wait for child processes, so one test file at a time would leave a core idle.
    node.arg("--test-concurrency=2");
    node_test("package", node, select_files(files, &options.args), &node_options(&options.args))
}

fn e2e(options: &Options) -> Outcome<Count> {
    let root = paths::root()?;
    let browsers = Browsers::ensure()?;
    npm::ensure()?;
    // The local server of the tests of live sources is the package's.
    pack::ensure(Build::Published)?;
    let dist = app::build()?;
    let mut node = npm::node()?;
    node.env("CALLBOARD_DIST", dist).env("CALLBOARD_PACKAGE", Build::Published.package()?);
    browsers.set_env(&mut node);
    if options.all_browsers {
        node.env("CALLBOARD_BROWSERS", "chromium,firefox");
    }
    // Each process runs one browser, which keeps more than one core busy.
    node.arg("--test-concurrency=2");
    let selected = select_files(test_files(&root.join("tests").join("e2e"))?, &options.args);
    node_test("e2e", node, shards(&selected)?, &node_options(&options.args))
}

/// Number of processes that share the end-to-end tests. More of them balance two parallel runs better; fewer launch
/// fewer browsers.
const SHARDS: usize = 8;

/// Writes modules that import these test files. Each module runs in one process, with one browser of each kind.
fn shards(files: &[PathBuf]) -> Outcome<Vec<PathBuf>> {
    let mut shards = Vec::new();
    let mut shared = Vec::new();
    for file in files {
        let text = paths::read(file)?;
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let import = format!("import \"../../tests/e2e/{name}\";\n");
        if text.contains("await launch(") {
            // It launches its own browsers, so it shares none, and takes long.
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

/// Joins texts into at most `most` parts of similar total size.
fn divide(mut sized: Vec<(usize, String)>, most: usize) -> Vec<String> {
    let mut parts = vec![(0, String::new()); most.min(sized.len())];
    // The largest first, each to the smallest part so far.
    sized.sort_by_key(|(size, _)| std::cmp::Reverse(*size));
    for (size, text) in sized {
        if let Some((sum, part)) = parts.iter_mut().min_by_key(|(sum, _)| *sum) {
            *sum += size;
            part.push_str(&text);
        }
    }
    parts.into_iter().map(|(_, part)| part).collect()
}

/// The arguments that are options, which go to Node.
fn node_options(args: &[String]) -> Vec<&String> {
    args.iter().filter(|arg| arg.starts_with('-')).collect()
}

/// The files whose path contains one of the other arguments; all files if there is none.
fn select_files(mut files: Vec<PathBuf>, args: &[String]) -> Vec<PathBuf> {
    let mut names = args.iter().filter(|arg| !arg.starts_with('-')).peekable();
    if names.peek().is_some() {
        let names: Vec<&String> = names.collect();
        files.retain(|file| names.iter().any(|name| file.to_string_lossy().contains(name.as_str())));
    }
    files
}

/// Runs Node's tests in these files, and writes their results to a file named after `name`.
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
        println!("    Failed tests:");
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

/// Arguments for the test program instead of cargo.
fn separated(args: &[String]) -> Vec<&str> {
    let mut all = Vec::new();
    if !args.is_empty() {
        all.push("--");
        all.extend(args.iter().map(String::as_str));
    }
    all
}

/// Checks the counted results against the runner's exit code. A runner without counted tests, or one
/// that failed without a failed test, is a failure.
fn tally(success: bool, counted: Option<Count>) -> Outcome<Count> {
    let mut count = counted
        .ok_or_else(|| Failure::new("The test runner printed no summary, so its tests could not be counted."))?;
    if !success && count.failed == 0 {
        println!("    The test runner failed, although no counted test failed.");
        count += Count::FAILED;
    }
    if count.total() == 0 {
        return Err(Failure::new("The test runner ran no tests."));
    }
    Ok(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_balanced_and_complete() {
        let sized = |sizes: &[usize]| sizes.iter().map(|size| (*size, format!("{size} "))).collect();
        assert_eq!(divide(sized(&[1, 5, 4, 2]), 2), ["5 1 ", "4 2 "]);
        assert_eq!(divide(sized(&[1, 5]), 8), ["5 ", "1 "]);
        assert!(divide(sized(&[]), 8).is_empty());
    }

    #[test]
    fn a_failed_runner_is_never_a_success() {
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
