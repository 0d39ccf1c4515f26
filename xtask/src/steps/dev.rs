//! `cargo xtask dev`: serves the app for development.

use super::serve;
use crate::tools::Tools;
use crate::{Outcome, npm, paths, toolchain};

/// Sources whose change causes a rebuild.
const WATCHED: [&str; 5] = ["web/src", "core/src", "core/workspace/src", "static", "index.html"];

/// The stylesheets, which are served from their source without a build.
const STYLESHEETS: &str = "static/css";

/// Builds the app in the quick profile whenever its source changes, and serves it until stopped.
pub(crate) fn run(args: &[String]) -> Outcome<()> {
    let port = serve::port("dev", args)?;
    toolchain::ensure()?;
    npm::ensure()?;
    let tools = Tools::for_app()?;
    let root = paths::root()?;
    let dist = paths::target()?.join("dev");
    let trunk = tools.command("trunk", &root);
    let mut server = npm::node()?;
    server.envs(trunk.get_envs().filter_map(|(name, value)| Some((name, value?))));
    // See `app::build`.
    server.env_remove("NO_COLOR").env_remove("RUST_BACKTRACE");
    server.arg("xtask/dev/serve.mjs").args([&dist, &root.join(STYLESHEETS)]).arg(port.to_string());
    server.arg(trunk.get_program()).args(["watch", "--offline", "--skip-version-check"]);
    // Not `--release`, which would run wasm-opt. No integrity checksums, because stylesheets change without a build.
    server.args(["--release", "false", "--cargo-profile", "quick", "--no-sri", "true", "--dist"]).arg(&dist);
    for path in WATCHED {
        server.args(["--watch", path]);
    }
    server.args(["--ignore", STYLESHEETS]);
    serve::exec_server(&mut server)
}
