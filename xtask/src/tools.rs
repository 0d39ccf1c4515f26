//! The command-line tools written in Rust, at exact versions: found on PATH or in the cache, or
//! installed into the cache.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Failure, Outcome, metadata, npm, paths, process};

/// A tool that is published as a crate.
struct Tool {
    /// The crate's name.
    name: &'static str,
    version: String,
    /// Its programs; each prints `<program> <version>` for `--version`.
    programs: &'static [&'static str],
    /// Additional arguments for `cargo install`.
    install_args: &'static [&'static str],
}

/// Version of Trunk, which bundles the app. It is built without default features (self-update and
/// TLS), because it runs offline.
const TRUNK_VERSION: &str = "0.21.14";

/// The oldest release of wasm-opt that supports the features of Rust's WebAssembly.
const WASM_OPT_VERSION: u32 = 132;

/// The features beyond WebAssembly 1.0 that Rust's wasm32-unknown-unknown uses.
pub(crate) const WASM_FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// A PATH that begins with the folders of the tools.
pub(crate) struct Tools {
    path: OsString,
}

impl Tools {
    /// Tools for building the app; installs missing ones.
    pub(crate) fn for_app() -> Outcome<Self> {
        Self::ensure(&app_tools()?)
    }

    /// Returns true if the tools that build the app are installed.
    pub(crate) fn are_installed_for_app() -> Outcome<bool> {
        for tool in app_tools()? {
            if !tool.is_on_path() && !tool.is_in(&tool.cached()?.join("bin")) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Tools for building the npm package and running tests in wasm; installs missing ones.
    pub(crate) fn for_wasm() -> Outcome<Self> {
        Self::ensure(&[wasm_bindgen()?])
    }

    fn ensure(tools: &[Tool]) -> Outcome<Self> {
        // Before the tools: it waits for the network while the app is compiled.
        let wasm_opt = if wasm_opt_is_on_path() {
            None
        } else {
            npm::ensure()?;
            Some(npm::programs()?)
        };
        let mut dirs = Self::dirs(tools)?;
        dirs.extend(wasm_opt);
        let before = std::env::var_os("PATH").unwrap_or_default();
        dirs.extend(std::env::split_paths(&before));
        let path = std::env::join_paths(dirs)
            .map_err(|error| Failure::new(format!("PATH cannot contain a tool's folder: {error}.")))?;
        Ok(Self { path })
    }

    /// Installs the tools that are not on PATH, and returns their folders.
    fn dirs(tools: &[Tool]) -> Outcome<Vec<PathBuf>> {
        let _lock = paths::lock_installs()?;
        let mut dirs = Vec::new();
        let mut installed = false;
        for tool in tools {
            if tool.is_on_path() {
                continue;
            }
            let cached = tool.cached()?;
            if !tool.is_in(&cached.join("bin")) {
                tool.install(&cached)?;
                installed = true;
            }
            dirs.push(cached.join("bin"));
        }
        if installed {
            // It holds gigabytes that are useful only for the next tool's build.
            paths::remove_dir(&build_dir()?)?;
        }
        Ok(dirs)
    }

    /// A command in this folder that finds these tools.
    pub(crate) fn command(&self, program: &str, dir: &Path) -> Command {
        // Resolved here, because not every platform searches the child's PATH.
        let found = paths::find_in(std::env::split_paths(&self.path), program);
        let mut command = process::command(found.unwrap_or_else(|| program.into()), dir);
        command.env("PATH", &self.path);
        command
    }
}

/// The wasm-bindgen tools, which must have the version of the wasm-bindgen crate.
fn wasm_bindgen() -> Outcome<Tool> {
    Ok(Tool {
        name: "wasm-bindgen-cli",
        version: metadata::pinned("wasm-bindgen")?,
        programs: &["wasm-bindgen", "wasm-bindgen-test-runner"],
        // Not --locked: its published lock file names an unpublished release.
        install_args: &[],
    })
}

fn trunk() -> Tool {
    Tool {
        name: "trunk",
        version: TRUNK_VERSION.to_owned(),
        programs: &["trunk"],
        install_args: &["--locked", "--no-default-features"],
    }
}

/// The tools that build the app.
fn app_tools() -> Outcome<[Tool; 2]> {
    Ok([wasm_bindgen()?, trunk()])
}

fn build_dir() -> Outcome<PathBuf> {
    Ok(paths::cache()?.join("build"))
}

fn wasm_opt_is_on_path() -> bool {
    paths::on_path("wasm-opt")
        .and_then(|program| process::read(Command::new(program).arg("--version")))
        .and_then(|text| wasm_opt_version(&text))
        .is_some_and(|version| version >= WASM_OPT_VERSION)
}

/// The number in `wasm-opt version 132 (version_132)`.
fn wasm_opt_version(text: &str) -> Option<u32> {
    text.split_whitespace().nth(2)?.parse().ok()
}

impl Tool {
    fn cached(&self) -> Outcome<PathBuf> {
        let name = format!("{}-{}", self.name, self.version);
        Ok(paths::cache()?.join("tools").join(name))
    }

    fn is_on_path(&self) -> bool {
        self.programs.iter().all(|name| paths::on_path(name).is_some_and(|path| self.is_version(&path, name)))
    }

    fn is_in(&self, dir: &Path) -> bool {
        self.programs
            .iter()
            .all(|name| paths::find_in([dir.to_path_buf()], name).is_some_and(|path| self.is_version(&path, name)))
    }

    fn is_version(&self, program: &Path, name: &str) -> bool {
        process::read(Command::new(program).arg("--version"))
            .is_some_and(|text| text.trim() == format!("{name} {}", self.version))
    }

    fn install(&self, into: &Path) -> Outcome<()> {
        let headline = format!("install {} {} (once)", self.name, self.version);
        process::step(&headline, || {
            if self.binstall(into)? {
                return Ok(());
            }
            process::run(&format!("Building {}", self.name), &mut self.build(into)?)?;
            if self.is_in(&into.join("bin")) {
                return Ok(());
            }
            Err(Failure::new(format!(
                "{} was installed into {}, but is not version {}. Remove that folder and \
                 try again.",
                self.name,
                into.display(),
                self.version
            )))
        })
    }

    /// Downloads a built tool if cargo-binstall is available and finds one; true if it succeeded.
    fn binstall(&self, into: &Path) -> Outcome<bool> {
        if paths::on_path("cargo-binstall").is_none() {
            return Ok(false);
        }
        let mut command = self.cargo()?;
        command
            .args(["binstall", "--no-confirm", "--disable-telemetry"])
            // If there is no binary, `build` compiles it with our own settings.
            .args(["--disable-strategies", "compile", "--root"])
            .arg(into)
            .arg(format!("{}@={}", self.name, self.version));
        Ok(process::run("Fetching", &mut command).is_ok() && self.is_in(&into.join("bin")))
    }

    fn build(&self, into: &Path) -> Outcome<Command> {
        let mut command = self.cargo()?;
        command
            .args(["install", self.name, "--version", &self.version])
            // Unoptimised: this takes a third of the build time, and the tools run only briefly.
            .args(["--profile", "dev", "--root"])
            .arg(into)
            .args(self.install_args)
            .env("CARGO_PROFILE_DEV_DEBUG", "0")
            .env("CARGO_TARGET_DIR", build_dir()?);
        Ok(command)
    }

    /// Cargo, run outside of the workspace's configuration but with its toolchain: rustup's cargo, which runs this
    /// program, sets RUSTUP_TOOLCHAIN.
    fn cargo(&self) -> Outcome<Command> {
        let dir = paths::cache()?;
        paths::make_dir(&dir)?;
        let mut command = process::command("cargo", &dir);
        for name in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_TARGET"] {
            command.env_remove(name);
        }
        Ok(command)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_of_wasm_opt_is_read_from_both_of_its_forms() {
        assert_eq!(wasm_opt_version("wasm-opt version 132 (version_132)"), Some(132));
        assert_eq!(wasm_opt_version("wasm-opt version 99"), Some(99));
        assert_eq!(wasm_opt_version("something else"), None);
    }
}
