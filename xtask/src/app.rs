//! Building the app's bundle with Trunk, when it is not up to date.

use std::path::{Path, PathBuf};

use crate::{Failure, Outcome, paths, process, stamp::Stamp, toolchain, tools::Tools};

/// What the bundle is made of.
const INPUTS: [&str; 14] = [
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

/// Installs the tools; missing ones side by side with the app's WebAssembly, whose last minute keeps one core only busy.
fn install_tools(root: &Path) -> Outcome<Tools> {
    if Tools::are_installed_for_app()? {
        return Tools::for_app();
    }
    let mut cargo = process::command("cargo", root);
    // As Trunk calls it, which then finds it built.
    cargo.args(["build", "--release", "--offline", "--target", toolchain::WASM, "--package", "callboard-web"]);
    toolchain::hide_folders(&mut cargo);
    std::thread::scope(|scope| {
        let compile = scope.spawn(|| process::run("cargo build", &mut cargo));
        let tools = Tools::for_app();
        compile.join().map_err(|_| Failure::new("Building the app panicked."))??;
        tools
    })
}

/// Builds the release bundle, unless nothing it is made of has changed; returns its folder.
pub(crate) fn build() -> Outcome<PathBuf> {
    let root = paths::root()?;
    let dist = root.join("dist");
    let kept = paths::target()?.join("dist.stamp");
    let inputs = INPUTS.map(|name| root.join(name));
    // Before the build: an edit made while it runs must make the next one run again.
    let stamp = Stamp::of(&inputs, &std::env::var("RUSTFLAGS").unwrap_or_default())?;
    if stamp.is_kept_in(&kept) && dist.join("index.html").exists() {
        println!("The app is up to date in dist/.");
        return Ok(dist);
    }
    process::step("fetch the crates", || process::run("cargo fetch", process::command("cargo", &root).arg("fetch")))?;
    let tools = install_tools(&root)?;
    process::step("build the app (trunk build --release)", || {
        let mut trunk = tools.command("trunk", &root);
        // Offline, and with no look for a newer Trunk: all it needs is on PATH by now.
        trunk.args(["build", "--release", "--offline", "--skip-version-check"]);
        trunk.args(["--color", if process::colours() { "always" } else { "never" }]);
        // Trunk takes only `true` and `false` for an answer, where the rest of the world sets 1.
        trunk.env_remove("NO_COLOR");
        // Sixty lines of its insides would follow every error.
        trunk.env_remove("RUST_BACKTRACE");
        toolchain::hide_folders(&mut trunk);
        process::run("trunk build", &mut trunk)
    })?;
    stamp.keep_in(&kept)?;
    Ok(dist)
}
