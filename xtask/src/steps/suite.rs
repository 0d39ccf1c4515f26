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
    /// The steps that it never runs beside.
    pub(crate) lane: Lane,
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
}

impl Options {
    const ALL_BROWSERS: &str = "--all-browsers";

    /// Divides a command line into the options and the rest. Arguments for a runner follow `--`.
    pub(crate) fn read(command_line: &[String]) -> (Self, Vec<String>) {
        let mut parts = command_line.splitn(2, |arg| arg == "--");
        let (ours, args) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let (flags, rest): (Vec<_>, Vec<_>) = ours.iter().cloned().partition(|arg| arg == Self::ALL_BROWSERS);
        (Self { args: args.to_vec(), all_browsers: !flags.is_empty() }, rest)
    }

    /// The options as a command line, for the process of a step.
    pub(crate) fn flags(&self) -> impl Iterator<Item = &str> {
        self.all_browsers.then_some(Self::ALL_BROWSERS).into_iter()
    }
}

/// Steps of one lane run one after another, the lanes side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lane {
    /// They wait for each other's lock on the folder of debug builds anyway.
    Debug,
    /// They run what is built for release, in browsers that they share two cores with.
    Release,
}

impl Lane {
    pub(crate) const ALL: [Self; 2] = [Self::Debug, Self::Release];
}

/// All of them: what is quick to fail comes first.
pub(crate) const STEPS: [Step; 9] = [
    Step { name: "fmt", title: "the Rust code is formatted", lane: Lane::Debug, run: fmt },
    Step { name: "clippy", title: "clippy has no complaint (native)", lane: Lane::Debug, run: clippy },
    Step { name: "clippy-wasm", title: "clippy has no complaint (wasm)", lane: Lane::Debug, run: clippy_wasm },
    Step { name: "native", title: "native tests and doctests", lane: Lane::Debug, run: native },
    Step { name: "doc", title: "the documentation builds without a warning", lane: Lane::Debug, run: doc },
    Step { name: "wasm-core", title: "the exports' tests in headless Chromium", lane: Lane::Debug, run: wasm_core },
    Step {
        name: "wasm-web",
        title: "the app's component tests in headless Chromium",
        lane: Lane::Debug,
        run: wasm_web,
    },
    Step { name: "package", title: "the packed npm package, in Node and in a page", lane: Lane::Release, run: package },
    Step {
        name: "e2e",
        title: "the built app, end to end in Chromium and, where the browser matters, in Firefox",
        lane: Lane::Release,
        run: e2e,
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
    let ran = process::tee(
        process::command("cargo", &root)
            // Every crate's tests are run and counted, also after one has failed.
            .args(["test", "--workspace", "--all-features", "--no-fail-fast"])
            .args(separated(&options.args)),
    )?;
    tally(&ran, count::cargo(&ran.output))
}

fn wasm_core(options: &Options) -> Outcome<Count> {
    wasm("callboard-wasm", "core/wasm", options)
}

fn wasm_web(options: &Options) -> Outcome<Count> {
    wasm("callboard-web", "web", options)
}

/// The tests of a crate that run in a browser. A crate may have none yet.
fn wasm(package: &str, folder: &str, options: &Options) -> Outcome<Count> {
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
        .args(separated(&options.args));
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
fn package(options: &Options) -> Outcome<Count> {
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
    node_test(node, chosen(files, &options.args), &of_node(&options.args))
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
    node_test(node, shards(&chosen)?, &of_node(&options.args))
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

/// Runs node's tests in these files.
fn node_test(mut node: std::process::Command, files: Vec<PathBuf>, options: &[&String]) -> Outcome<Count> {
    node.args(["--test", "--test-reporter=spec"]).args(options).args(files);
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
    fn parts_come_out_even_and_nothing_is_left_out() {
        let sized = |sizes: &[usize]| sizes.iter().map(|size| (*size, format!("{size} "))).collect();
        assert_eq!(divide(sized(&[1, 5, 4, 2]), 2), ["5 1 ", "4 2 "]);
        assert_eq!(divide(sized(&[1, 5]), 8), ["5 ", "1 "]);
        assert!(divide(sized(&[]), 8).is_empty());
    }

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
