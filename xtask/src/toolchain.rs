//! The Rust toolchain of rust-toolchain.toml, with its target and components.

use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::process::Command;

use crate::{Failure, Outcome, paths, process};

/// The compilation target for browsers.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// Installs the missing target and components of rust-toolchain.toml.
pub(crate) fn ensure() -> Outcome<()> {
    let root = paths::root()?;
    if has_target(&root) && has_components() {
        return Ok(());
    }
    if paths::on_path("rustup").is_none() {
        return Err(Failure::new(format!(
            "This Rust lacks the {WASM} target, rustfmt or clippy, and there is no rustup to add \
             them. Install the components listed in rust-toolchain.toml."
        )));
    }
    process::step("add the wasm target, rustfmt and clippy", || {
        process::run("rustup", process::command("rustup", &root).args(["target", "add", WASM]))?;
        process::run("rustup", process::command("rustup", &root).args(["component", "add", "rustfmt", "clippy"]))
    })
}

/// Removes this machine's folders from a build for [`WASM`]. Panics contain the paths of source files, and those of
/// dependencies lie in a home folder. Published files contain no user's name and are reproducible on every machine.
///
/// The paths of the workspace's own files are relative to its root already. Remapping that folder too would give every
/// clone other flags, so cargo would rebuild all dependencies for each.
pub(crate) fn hide_folders(command: &mut Command) {
    // Cargo splits the variable at white space, so it cannot contain such a path.
    if let Some(folder) = cargo_home().filter(|folder| !folder.to_string_lossy().contains(char::is_whitespace)) {
        let mut flags = OsString::from(" --remap-path-prefix=");
        flags.push(folder);
        flags.push("=cargo");
        add_flags(command, &flags);
    }
}

/// Limits inlining in a build for [`WASM`] to small functions. This saves a tenth of the package's size at no measurable
/// cost in time, because hot functions are small or marked for inlining.
pub(crate) fn inline_less(command: &mut Command) {
    add_flags(command, " -Cllvm-args=-inline-threshold=100".as_ref());
}

/// Adds compiler flags to those of the environment. Cargo joins them with the target's flags in .cargo/config.toml;
/// RUSTFLAGS would replace those.
fn add_flags(command: &mut Command, flags: &OsStr) {
    let variable = format!("CARGO_TARGET_{}_RUSTFLAGS", WASM.replace('-', "_").to_uppercase());
    let given = command.get_envs().find(|(name, _)| *name == variable.as_str()).and_then(|(_, value)| value);
    let mut all = given.map(OsStr::to_owned).or_else(|| std::env::var_os(&variable)).unwrap_or_default();
    all.push(flags);
    command.env(variable, all);
}

/// Cargo's home, which holds the sources of dependencies.
fn cargo_home() -> Option<OsString> {
    std::env::var_os("CARGO_HOME").or_else(|| std::env::home_dir().map(|home| home.join(".cargo").into()))
}

fn has_target(root: &Path) -> bool {
    let args = ["--print", "target-libdir", "--target", WASM];
    process::read(process::command("rustc", root).args(args)).is_some_and(|dir| Path::new(dir.trim()).is_dir())
}

/// Runs the programs, because rustup's proxies are on PATH even if the component is not
/// installed.
fn has_components() -> bool {
    ["cargo-fmt", "cargo-clippy"].iter().all(|program| {
        let Ok(root) = paths::root() else {
            return false;
        };
        process::read(process::command(program, &root).arg("--version")).is_some()
    })
}
