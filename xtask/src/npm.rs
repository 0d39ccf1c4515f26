//! Node, npm and the packages of tests/package.json.

use std::path::PathBuf;
use std::process::Command;

use crate::{Failure, Outcome, paths, process, stamp::Stamp};

/// The oldest release of Node on which everything here runs.
const NODE: u32 = 20;

/// Installs the npm packages of tests/ if they differ from the lock file.
pub(crate) fn ensure() -> Outcome<()> {
    check_node()?;
    let _lock = paths::lock_installs()?;
    let tests = paths::root()?.join("tests");
    let stamp = Stamp::of(&[tests.join("package.json"), tests.join("package-lock.json")], "")?;
    let stamp_file = tests.join("node_modules").join(".callboard-stamp");
    if stamp.matches(&stamp_file) {
        return Ok(());
    }
    process::step("install the npm packages of tests/", || {
        process::run("npm ci", npm()?.args(["ci", "--prefix", "tests"]))
    })?;
    stamp.write_to(&stamp_file)
}

/// The folder with the programs of the npm packages.
pub(crate) fn programs() -> Outcome<PathBuf> {
    Ok(paths::root()?.join("tests").join("node_modules").join(".bin"))
}

/// `node`, at the workspace's root.
pub(crate) fn node() -> Outcome<Command> {
    Ok(process::command("node", &paths::root()?))
}

/// `npm`, at the workspace's root.
pub(crate) fn npm() -> Outcome<Command> {
    let program =
        paths::on_path("npm").ok_or_else(|| Failure::new("npm is not on PATH. Install Node 20 or later with npm."))?;
    let mut command = process::command(program, &paths::root()?);
    command.args(["--no-fund", "--no-audit", "--no-update-notifier"]);
    Ok(command)
}

fn check_node() -> Outcome<()> {
    let text = process::read(node()?.arg("--version"))
        .ok_or_else(|| Failure::new("Node is not on PATH. Install Node 20 or later with npm.".to_owned()))?;
    match major(&text) {
        Some(version) if version >= NODE => Ok(()),
        _ => Err(Failure::new(format!("Node {} is too old: {NODE} or later is needed.", text.trim()))),
    }
}

/// The major version: 20 in `v20.1.2`.
fn major(version: &str) -> Option<u32> {
    version.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_of_node_is_read() {
        assert_eq!(major("v20.20.2\n"), Some(20));
        assert_eq!(major("20"), None);
    }
}
