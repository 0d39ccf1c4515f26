//! `cargo xtask pack`: builds the npm package `callboard` and packs it as npm would publish it.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::{Failure, Outcome, app, metadata, npm, paths, process, stamp::Stamp, toolchain, tools};

/// The tarball's sources: a change in one of them causes a rebuild.
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

/// Folders of core/npm that are only for development.
const NOT_SHIPPED: [&str; 3] = ["node_modules", "test", "bench"];

/// A kind of build of the package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Build {
    /// For publication: optimised for size and speed.
    Published,
    /// For frequent test runs: hardly optimised and without the app's program, so it builds in seconds.
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

    /// The folder for the output of this build.
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

    /// The folder that is packed, from which programs can load the package without installing it.
    pub(crate) fn package(self) -> Outcome<PathBuf> {
        Ok(self.folder()?.join("package"))
    }
}

/// Cargo's name for the WebAssembly of core/wasm.
const WASM_NAME: &str = "callboard_wasm";

/// A WebAssembly module of the package.
struct Module {
    /// Its name in the package.
    name: &'static str,
    /// The feature of core/wasm that it is built with.
    feature: &'static str,
}

/// The modules of the package. Files of other pipelines are read by one of their own, which few programs load.
const MODULES: [Module; 2] =
    [Module { name: WASM_NAME, feature: "session" }, Module { name: "callboard_import", feature: "import" }];

/// Builds the package and prints its size.
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

/// Builds the package if its sources changed, and returns its tarball.
pub(crate) fn ensure(build: Build) -> Outcome<PathBuf> {
    let root = paths::root()?;
    let tarball = build.tarball()?;
    let stamp_file = build.folder()?.with_extension("stamp");
    // Steps that run in parallel build it once.
    let _lock = paths::lock(&build.folder()?.with_extension("lock"))?;
    let inputs: Vec<_> = INPUTS.iter().chain(&app::INPUTS).map(|name| root.join(name)).collect();
    let stamp = Stamp::of(&inputs, "")?;
    if stamp.matches(&stamp_file) && tarball.exists() {
        println!("The npm package is up to date.");
        return Ok(tarball);
    }
    toolchain::ensure()?;
    make(build, &tarball)?;
    stamp.write_to(&stamp_file)?;
    Ok(tarball)
}

/// The version of the package, which must equal that of the workspace.
fn version() -> Outcome<String> {
    /// The used part of a package.json.
    #[derive(Deserialize)]
    struct Manifest {
        version: String,
    }
    let workspace = metadata::version()?;
    let manifest: Manifest = serde_json::from_str(&paths::read(&paths::root()?.join("core/npm/package.json"))?)
        .map_err(|error| Failure::new(format!("Could not read core/npm/package.json: {error}.")))?;
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
    // Not `build`, which is a folder of Cargo.
    let glue = build.folder()?.join("glue");
    paths::remove_dir(&glue)?;
    for module in &MODULES {
        make_module(build, module, &tools, &glue)?;
    }
    npm::ensure()?;
    // The end-to-end tests use the same bundle, so it is built once.
    let dist = if build == Build::Published { Some(app::build()?) } else { None };
    process::step("pack", || {
        assemble(&root, &glue, &build.package()?)?;
        add_app(&root, dist.as_deref(), &build.package()?.join("app"))?;
        process::run(
            "Generating the package's module formats",
            npm::node()?.arg("tests/packaging/forms.mjs").arg(build.package()?),
        )?;
        let npm_dir = build.folder()?;
        // Silent, because sizes.mjs prints a shorter and more useful list than npm.
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
        Err(Failure::new(format!("npm pack did not create {}. Is the package's name `callboard`?", tarball.display())))
    })
}

/// Makes the WebAssembly and the JavaScript of a module.
fn make_module(build: Build, module: &Module, tools: &tools::Tools, glue: &Path) -> Outcome<()> {
    let root = paths::root()?;
    // Both modules have this path in turn.
    let wasm = paths::cargo_target()?.join(toolchain::WASM).join(build.profile()).join(format!("{WASM_NAME}.wasm"));
    let bound = glue.join(format!("{}_bg.wasm", module.name));
    process::step(&format!("build callboard-wasm ({})", module.feature), || {
        let mut cargo = tools.command("cargo", &root);
        cargo.args(["build", "--profile", build.profile(), "--package", "callboard-wasm", "--target", toolchain::WASM]);
        cargo.args(["--no-default-features", "--features", module.feature]);
        if build == Build::Published {
            toolchain::hide_folders(&mut cargo);
            toolchain::inline_less(&mut cargo);
        }
        process::run("cargo build", &mut cargo)
    })?;
    process::step("generate its JavaScript (wasm-bindgen)", || {
        process::run(
            "wasm-bindgen",
            tools
                .command("wasm-bindgen", &root)
                // Only web.js names the file to load: a bundler would treat a second address as a second file.
                .args(["--target", "web", "--omit-default-module-path", "--out-name", module.name, "--out-dir"])
                .args([glue, &wasm]),
        )
    })?;
    if build == Build::Published {
        process::step("optimise the WebAssembly (wasm-opt)", || {
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
    Ok(())
}

/// Assembles the folder to pack from the sources and the generated files.
fn assemble(root: &Path, glue: &Path, package: &Path) -> Outcome<()> {
    paths::remove_dir(package)?;
    let sources = root.join("core").join("npm");
    for file in paths::files_below(&sources, &NOT_SHIPPED)? {
        let name = file.strip_prefix(&sources).unwrap_or(&file);
        copy(&file, &package.join(name))?;
    }
    // Not the generated .d.ts: it needs a newer `lib` than many users have, and describes the glue
    // instead of the package.
    for Module { name, .. } in MODULES {
        for name in [format!("{name}.js"), format!("{name}_bg.wasm")] {
            copy(&glue.join(&name), &package.join(&name))?;
        }
    }
    for name in ["LICENSE-MIT", "LICENSE-APACHE"] {
        let licence = root.join(name);
        if licence.exists() {
            copy(&licence, &package.join(name))?;
        }
    }
    Ok(())
}

/// Adds the app's bundle, which the package's local server sends; without one, the page alone, which is enough to test the
/// server.
fn add_app(root: &Path, dist: Option<&Path>, to: &Path) -> Outcome<()> {
    match dist {
        Some(dist) => {
            for file in paths::files_below(dist, &[])? {
                copy(&file, &to.join(file.strip_prefix(dist).unwrap_or(&file)))?;
            }
        }
        None => {
            for file in app::UNBUILT.map(|name| root.join(name)) {
                copy(&file, &to.join(file.file_name().unwrap_or_default()))?;
            }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_app_is_packed_built_or_as_its_page_alone() {
        let root = paths::root().unwrap();
        let dir = std::env::temp_dir().join(format!("callboard-pack-{}", std::process::id()));
        let (dist, to) = (dir.join("dist"), dir.join("app"));
        for name in ["index.html", "boot.js", "icons/icon.svg"] {
            paths::write(&dist.join(name), name).unwrap();
        }
        add_app(&root, Some(&dist), &to).unwrap();
        for name in ["index.html", "boot.js", "icons/icon.svg"] {
            assert_eq!(paths::read(&to.join(name)).unwrap(), name);
        }
        paths::remove_dir(&to).unwrap();
        add_app(&root, None, &to).unwrap();
        assert!(paths::read(&to.join("index.html")).unwrap().contains("Content-Security-Policy"));
        assert!(to.join("icon.svg").exists() && !to.join("boot.js").exists());
        paths::remove_dir(&dir).unwrap();
    }
}
