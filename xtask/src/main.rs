//! The project's own commands: `cargo xtask serve`, `dev`, `test`, `pack`, `bench`.
//!
//! Everything they need beyond Rust, Node and npm they install themselves, so that a fresh
//! clone has one command to start the app and one to run every test.

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

/// Why a command did not do what it should.
#[derive(Debug)]
pub(crate) enum Failure {
    /// A sentence for the person at the terminal: what, where, what to do.
    Sentence(String),
    /// It has all been said: the last line printed must stay the last.
    Said,
}

impl Failure {
    /// A failure with its sentence.
    pub(crate) fn new(sentence: impl Into<String>) -> Self {
        Self::Sentence(sentence.into())
    }

    /// Wraps an error of the file system with what was being done.
    pub(crate) fn io(doing: impl std::fmt::Display) -> impl FnOnce(std::io::Error) -> Self {
        move |error| Self::Sentence(format!("Could not {doing}: {error}."))
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sentence(sentence) => f.write_str(sentence),
            Self::Said => Ok(()),
        }
    }
}

/// The result of anything a command does.
pub(crate) type Outcome<T> = Result<T, Failure>;

const HELP: &str = "\
Callboard's commands

  cargo xtask serve [--port N]       build the app and serve it on this machine (port 8080)
  cargo xtask dev [--port N]         serve the app while it is worked on: built quickly, and again
                                     whenever its source changes
  cargo xtask test [STEP ...] [--all-browsers] [-- ARGS]
                                     run everything, or only the steps named (see --list);
                                     --all-browsers runs every end-to-end test in Firefox too,
                                     not only those for which the browser matters;
                                     ARGS go to the runner of the one step named
  cargo xtask test quick             run what is quick: format, clippy, native tests, doctests and
                                     the package's own tests
  cargo xtask pack                   build the npm package into target/npm/
  cargo xtask bench core|folder|web  run a benchmark
  cargo xtask help                   show this

What is missing (tools, browsers) is installed first. Built tools are kept in
$CALLBOARD_CACHE, else $XDG_CACHE_HOME/callboard, else ~/.cache/callboard.
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
        // Called by `test`, for each of the steps that it runs side by side.
        "test-step" => steps::test::run_one(rest),
        // Called by Trunk, from the hook in Trunk.toml.
        "trunk-hook" => hook::run(),
        "help" | "--help" | "-h" => {
            print!("{HELP}");
            Ok(())
        }
        other => Err(Failure::new(format!("There is no command `{other}`. `cargo xtask help` lists what there is."))),
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
