//! `cargo xtask pack`: builds the npm package `callboard` and packs it as npm would publish it.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::{Failure, Outcome, metadata, npm, paths, process, stamp::Stamp, toolchain, tools};

/// What the tarball is made of.
const INPUTS: [&str; 15] = [
    "core/Cargo.toml",
    "core/src",
    "core/wasm",
    "core/npm",
    "Cargo.toml",
    "Cargo.lock",
    ".cargo",
    "rust-toolchain.toml",
    "LICENSE-MIT",
    "LICENSE-APACHE",
    "tests/package.json",
    "tests/packaging/forms.mjs",
    "xtask/src/steps/pack.rs",
    "xtask/src/toolchain.rs",
    "xtask/src/tools.rs",
];

/// What is in core/npm for the work on it only.
const NOT_SHIPPED: [&str; 3] = ["node_modules", "test", "bench"];

/// The way the package is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Build {
    /// As it is published: small, and its transitions take microseconds.
    Published,
    /// For tests that are run often: hardly optimised, so built in seconds.
    Quick,
}

impl Build {
    /// Cargo's profile.
    fn profile(self) -> &'static str {
        match self {
            Self::Published => "npm",
            Self::Quick => "quick",
        }
    }

    /// The folder for everything that is made of it.
    fn folder(self) -> Outcome<PathBuf> {
        let name = match self {
            Self::Published => "npm",
            Self::Quick => "npm-quick",
        };
        Ok(paths::target()?.join(name))
    }

    /// The tarball of this version.
    fn tarball(self) -> Outcome<PathBuf> {
        Ok(self.folder()?.join(format!("callboard-{}.tgz", version()?)))
    }

    /// The folder that is packed.
    fn package(self) -> Outcome<PathBuf> {
        Ok(self.folder()?.join("package"))
    }
}

/// The crate whose wasm is in the package, as cargo names its file.
const WASM_NAME: &str = "callboard_wasm";

/// Builds the package and says how large it is.
pub(crate) fn run(args: &[String]) -> Outcome<()> {
    if !args.is_empty() {
        return Err(Failure::new("`pack` takes no arguments."));
    }
    let build = Build::Published;
    let tarball = ensure(build)?;
    process::run(
        "Measuring the package",
        npm::node()?.arg("tests/packaging/sizes.mjs").arg(&tarball).arg(build.package()?),
    )
}

/// Builds the package, unless nothing it is made of has changed; returns its tarball.
pub(crate) fn ensure(build: Build) -> Outcome<PathBuf> {
    let root = paths::root()?;
    let tarball = build.tarball()?;
    let kept = build.folder()?.with_extension("stamp");
    let stamp = Stamp::of(&INPUTS.map(|name| root.join(name)), "")?;
    if stamp.is_kept_in(&kept) && tarball.exists() {
        println!("The npm package is up to date.");
        return Ok(tarball);
    }
    toolchain::ensure()?;
    make(build, &tarball)?;
    stamp.keep_in(&kept)?;
    Ok(tarball)
}

/// The version of the package, which is that of the workspace.
fn version() -> Outcome<String> {
    /// The part of a package.json that is asked for.
    #[derive(Deserialize)]
    struct Manifest {
        version: String,
    }
    let workspace = metadata::version()?;
    let manifest: Manifest = serde_json::from_str(&paths::read(&paths::root()?.join("core/npm/package.json"))?)
        .map_err(|error| Failure::new(format!("core/npm/package.json cannot be read: {error}.")))?;
    if manifest.version == workspace {
        return Ok(workspace);
    }
    Err(Failure::new(format!(
        "core/npm/package.json has version {}, Cargo.toml has {workspace}. Make them the same.",
        manifest.version
    )))
}

fn make(build: Build, tarball: &Path) -> Outcome<()> {
    let root = paths::root()?;
    let tools = tools::Tools::for_wasm()?;
    let glue = build.folder()?.join("build");
    let wasm = paths::cargo_target()?.join(toolchain::WASM).join(build.profile()).join(format!("{WASM_NAME}.wasm"));
    let bound = glue.join(format!("{WASM_NAME}_bg.wasm"));

    process::step("build callboard-wasm", || {
        let mut cargo = tools.command("cargo", &root);
        cargo.args(["build", "--profile", build.profile(), "--package", "callboard-wasm", "--target", toolchain::WASM]);
        if build == Build::Published {
            toolchain::hide_folders(&mut cargo);
            toolchain::inline_less(&mut cargo);
        }
        process::run("cargo build", &mut cargo)
    })?;
    process::step("make its JavaScript (wasm-bindgen)", || {
        paths::remove_dir(&glue)?;
        process::run(
            "wasm-bindgen",
            tools
                .command("wasm-bindgen", &root)
                // Which file to load is said by web.js alone: a bundler takes a second address for a second file.
                .args(["--target", "web", "--omit-default-module-path", "--out-dir"])
                .args([&glue, &wasm]),
        )
    })?;
    if build == Build::Published {
        process::step("make it quicker and smaller (wasm-opt)", || {
            process::run(
                "wasm-opt",
                tools.command("wasm-opt", &root).arg("-O3").args(tools::WASM_FEATURES).args([
                    &bound,
                    Path::new("-o"),
                    &bound,
                ]),
            )
        })?;
    }
    npm::ensure()?;
    process::step("pack", || {
        assemble(&root, &glue, &build.package()?)?;
        process::run(
            "Making the forms of the package",
            npm::node()?.arg("tests/packaging/forms.mjs").arg(build.package()?),
        )?;
        let npm_dir = build.folder()?;
        // npm's own list of what it packed is left out: sizes.mjs tells more in less.
        process::run(
            "npm pack",
            npm::npm()?
                .args(["pack", "--silent", "--ignore-scripts"])
                .arg("--pack-destination")
                .args([&npm_dir, &build.package()?]),
        )?;
        if tarball.exists() {
            return Ok(());
        }
        Err(Failure::new(format!(
            "npm pack made something else than {}. Is the package's name `callboard`?",
            tarball.display()
        )))
    })
}

/// Puts together the folder that is packed: what is written by hand, and what is generated.
fn assemble(root: &Path, glue: &Path, package: &Path) -> Outcome<()> {
    paths::remove_dir(package)?;
    let by_hand = root.join("core").join("npm");
    for file in paths::files_below(&by_hand, &NOT_SHIPPED)? {
        let name = file.strip_prefix(&by_hand).unwrap_or(&file);
        copy(&file, &package.join(name))?;
    }
    // Not the generated .d.ts: it needs a newer `lib` than many who use the package have, and
    // describes the glue, not the package.
    for name in [format!("{WASM_NAME}.js"), format!("{WASM_NAME}_bg.wasm")] {
        copy(&glue.join(&name), &package.join(&name))?;
    }
    for name in ["LICENSE-MIT", "LICENSE-APACHE"] {
        let licence = root.join(name);
        if licence.exists() {
            copy(&licence, &package.join(name))?;
        }
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Outcome<()> {
    if let Some(dir) = to.parent() {
        paths::make_dir(dir)?;
    }
    std::fs::copy(from, to).map(|_| ()).map_err(Failure::io(format!("copy {}", from.display())))
}
