//! The Rust toolchain that rust-toolchain.toml names, with its target and components.

use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::process::Command;

use crate::{Failure, Outcome, paths, process};

/// The target of everything that runs in a browser.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// Adds what rust-toolchain.toml asks for where it is missing.
pub(crate) fn ensure() -> Outcome<()> {
    let root = paths::root()?;
    if has_target(&root) && has_components() {
        return Ok(());
    }
    if paths::on_path("rustup").is_none() {
        return Err(Failure::new(format!(
            "This Rust has no {WASM} target, rustfmt or clippy, and there is no rustup to add \
             them with. Install what rust-toolchain.toml names."
        )));
    }
    process::step("add the wasm target, rustfmt and clippy", || {
        process::run("rustup", process::command("rustup", &root).args(["target", "add", WASM]))?;
        process::run("rustup", process::command("rustup", &root).args(["component", "add", "rustfmt", "clippy"]))
    })
}

/// Makes a build for [`WASM`] name no folder of this machine: a panic says which file it comes from, and those of
/// the dependencies lie in a home folder. What is published tells nobody's name, and is the same wherever it is built.
///
/// The workspace's own files are named from its root already. Naming that folder here would make the flags differ from
/// clone to clone, and cargo build every dependency again for each.
pub(crate) fn hide_folders(command: &mut Command) {
    // Cargo divides the variable at white space, so such a folder's name cannot stand in it.
    if let Some(folder) = cargo_home().filter(|folder| !folder.to_string_lossy().contains(char::is_whitespace)) {
        let mut flags = OsString::from(" --remap-path-prefix=");
        flags.push(folder);
        flags.push("=cargo");
        add_flags(command, &flags);
    }
}

/// Makes a build for [`WASM`] inline only what is small: of the package it takes a tenth of the size and no time that
/// can be measured, for what is called most is marked or small already.
pub(crate) fn inline_less(command: &mut Command) {
    add_flags(command, " -Cllvm-args=-inline-threshold=100".as_ref());
}

/// Adds flags for the compiler to those of the environment. Cargo joins them to what .cargo/config.toml has for the
/// target; RUSTFLAGS would take its place.
fn add_flags(command: &mut Command, flags: &OsStr) {
    let variable = format!("CARGO_TARGET_{}_RUSTFLAGS", WASM.replace('-', "_").to_uppercase());
    let given = command.get_envs().find(|(name, _)| *name == variable.as_str()).and_then(|(_, value)| value);
    let mut all = given.map(OsStr::to_owned).or_else(|| std::env::var_os(&variable)).unwrap_or_default();
    all.push(flags);
    command.env(variable, all);
}

/// Where cargo keeps the sources of the crates.
fn cargo_home() -> Option<OsString> {
    std::env::var_os("CARGO_HOME").or_else(|| std::env::home_dir().map(|home| home.join(".cargo").into()))
}

fn has_target(root: &Path) -> bool {
    let args = ["--print", "target-libdir", "--target", WASM];
    process::read(process::command("rustc", root).args(args)).is_some_and(|dir| Path::new(dir.trim()).is_dir())
}

/// Asked of the programs themselves: rustup's stand-ins are on PATH even when they have nothing
/// to call.
fn has_components() -> bool {
    ["cargo-fmt", "cargo-clippy"].iter().all(|program| {
        let Ok(root) = paths::root() else {
            return false;
        };
        process::read(process::command(program, &root).arg("--version")).is_some()
    })
}
