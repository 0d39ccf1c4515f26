//! `cargo xtask bench`: how fast the parts are.

use crate::{Failure, Outcome, npm, paths, process};

/// Runs the benchmark of a part, which is in `core/npm/bench/`.
pub(crate) fn run(args: &[String]) -> Outcome<()> {
    let part = match args {
        [part] if part == "core" || part == "web" => part,
        _ => {
            return Err(Failure::new("Say what to measure: `cargo xtask bench core` or `cargo xtask bench web`."));
        }
    };
    let script = paths::root()?.join("core/npm/bench").join(format!("{part}.mjs"));
    if !script.exists() {
        println!("There is no benchmark of {part} yet.");
        return Ok(());
    }
    super::pack::ensure()?;
    process::run("The benchmark", npm::node()?.arg(script))
}
