//! Building the app's bundle with Trunk, when it is not up to date.

use std::path::{Path, PathBuf};

use crate::{Failure, Outcome, paths, process, stamp::Stamp, toolchain, tools::Tools};

/// The bundle's sources: a change in one of them causes a rebuild.
pub(crate) const INPUTS: [&str; 14] = [
    "core/Cargo.toml",
    "core/src",
    "core/workspace",
    "web/Cargo.toml",
    "web/src",
    "static",
    "index.html",
    "Trunk.toml",
    "Cargo.toml",
    "Cargo.lock",
    ".cargo",
    "rust-toolchain.toml",
    // The hook that Trunk calls.
    "xtask/src/hook.rs",
    "xtask/src/toolchain.rs",
];

/// Installs missing tools in parallel with building the app's WebAssembly, whose last minute keeps only one core busy.
fn install_tools(root: &Path) -> Outcome<Tools> {
    if Tools::are_installed_for_app()? {
        return Tools::for_app();
    }
    let mut cargo = process::command("cargo", root);
    // The same command as Trunk's, which then finds it built.
    cargo.args(["build", "--release", "--offline", "--target", toolchain::WASM, "--package", "callboard-web"]);
    toolchain::hide_folders(&mut cargo);
    std::thread::scope(|scope| {
        let compile = scope.spawn(|| process::run("cargo build", &mut cargo));
        let tools = Tools::for_app();
        compile.join().map_err(|_| Failure::new("Building the app panicked."))??;
        tools
    })
}

/// Sources of the page that need no build: a server can send them, but no browser can run the app from them.
pub(crate) const UNBUILT: [&str; 3] = ["index.html", "static/icons/icon.svg", "static/manifest.webmanifest"];

/// Builds the release bundle if its sources changed, and returns its folder.
pub(crate) fn build() -> Outcome<PathBuf> {
    let root = paths::root()?;
    let dist = root.join("dist");
    let stamp_file = paths::target()?.join("dist.stamp");
    // Steps that run in parallel build it once.
    let _lock = paths::lock(&paths::target()?.join("dist.lock"))?;
    let inputs = INPUTS.map(|name| root.join(name));
    // Read before the build, so that an edit during the build causes another one.
    let stamp = Stamp::of(&inputs, &std::env::var("RUSTFLAGS").unwrap_or_default())?;
    if stamp.matches(&stamp_file) && dist.join("index.html").exists() {
        println!("The app is up to date in dist/.");
        return Ok(dist);
    }
    process::step("fetch the crates", || process::run("cargo fetch", process::command("cargo", &root).arg("fetch")))?;
    let tools = install_tools(&root)?;
    process::step("build the app (trunk build --release)", || {
        let mut trunk = tools.command("trunk", &root);
        // Offline and without Trunk's update check: everything it needs is on PATH by now.
        trunk.args(["build", "--release", "--offline", "--skip-version-check"]);
        trunk.args(["--color", if process::colours() { "always" } else { "never" }]);
        // Trunk accepts only `true` and `false` here, while others set 1.
        trunk.env_remove("NO_COLOR");
        // A backtrace would add sixty lines of Trunk's internals to every error.
        trunk.env_remove("RUST_BACKTRACE");
        toolchain::hide_folders(&mut trunk);
        process::run("trunk build", &mut trunk)
    })?;
    stamp.write_to(&stamp_file)?;
    Ok(dist)
}
