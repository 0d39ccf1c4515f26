//! The project's own commands: `cargo xtask serve`, `dev`, `test`, `pack`, `bench`.
//!
//! The commands install everything that they need beyond Rust, Node and npm, so a fresh clone
//! has one command to start the app and one to run every test.

mod app;
mod browsers;
mod count;
mod hook;
mod metadata;
mod npm;
mod paths;
mod process;
mod results;
mod stamp;
mod steps;
mod toolchain;
mod tools;

use std::process::ExitCode;

/// The reason why a command failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// A sentence for the terminal: what failed, where, and what to do.
    Sentence(String),
    /// The failure is printed already, and the last line printed must stay the last.
    Reported,
}

impl Failure {
    /// Makes a failure with this sentence.
    pub(crate) fn new(sentence: impl Into<String>) -> Self {
        Self::Sentence(sentence.into())
    }

    /// Wraps an error of the file system in a sentence: "Could not {doing}: …".
    pub(crate) fn io(doing: impl std::fmt::Display) -> impl FnOnce(std::io::Error) -> Self {
        move |error| Self::Sentence(format!("Could not {doing}: {error}."))
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sentence(sentence) => f.write_str(sentence),
            Self::Reported => Ok(()),
        }
    }
}

/// The result of a command or of a part of it.
pub(crate) type Outcome<T> = Result<T, Failure>;

const HELP: &str = "\
Callboard's commands

  cargo xtask serve [--port N]       build the app and serve it on this machine (port 8080)
  cargo xtask dev [--port N]         serve the app for development: quick builds, and a rebuild
                                     and reload whenever its source changes
  cargo xtask test [STEP ...] [--all-browsers] [-- ARGS]
                                     run all steps, or only the named ones (see --list);
                                     --all-browsers runs every end-to-end test in Firefox too,
                                     not only those for which the browser matters;
                                     ARGS are passed to the test runner of the named step
  cargo xtask test quick             run the quick steps: format, clippy, native tests, doctests
                                     and the package's own tests
  cargo xtask pack                   build the npm package into target/npm/
  cargo xtask bench core|folder|web  run a benchmark
  cargo xtask help                   show this

Missing tools and browsers are installed first. Built tools are cached in
$CALLBOARD_CACHE, $XDG_CACHE_HOME/callboard or ~/.cache/callboard.
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let command = args.first().map_or("help", String::as_str);
    let rest = args.get(1..).unwrap_or_default();
    let outcome = match command {
        "serve" => steps::serve::run(rest),
        "dev" => steps::dev::run(rest),
        "test" => steps::test::run(rest),
        "pack" => steps::pack::run(rest),
        "bench" => steps::bench::run(rest),
        // Called by `test` for each step that it runs in parallel.
        "test-step" => steps::test::run_one(rest),
        // Called by Trunk, from the hook in Trunk.toml.
        "trunk-hook" => hook::run(),
        "help" | "--help" | "-h" => {
            print!("{HELP}");
            Ok(())
        }
        other => Err(Failure::new(format!("Unknown command `{other}`. `cargo xtask help` lists the commands."))),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if let Failure::Sentence(sentence) = failure {
                eprintln!("{sentence}");
            }
            ExitCode::FAILURE
        }
    }
}
