//! Versions of the workspace and its dependencies, from `cargo metadata`.

use serde::Deserialize;

use crate::{Failure, Outcome, paths, process};

/// The used parts of `cargo metadata --no-deps`.
#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    version: String,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    req: String,
}

/// The version of the workspace and of all its packages.
pub(crate) fn version() -> Outcome<String> {
    let first = read()?.packages.into_iter().next();
    first.map(|package| package.version).ok_or_else(|| Failure::new("`cargo metadata` names no packages."))
}

/// The version of a dependency that the workspace pins as `=1.2.3`.
pub(crate) fn pinned(dependency: &str) -> Outcome<String> {
    pinned_in(&read()?, dependency)
        .ok_or_else(|| Failure::new(format!("Cargo.toml does not pin {dependency} to a version (`=1.2.3`).")))
}

fn read() -> Outcome<Metadata> {
    let mut cargo = process::command("cargo", &paths::root()?);
    let text = process::read(cargo.args(["metadata", "--no-deps", "--format-version", "1"]))
        .ok_or_else(|| Failure::new("`cargo metadata` failed. Run it to see why."))?;
    serde_json::from_str(&text)
        .map_err(|error| Failure::new(format!("Could not read the output of `cargo metadata`: {error}.")))
}

fn pinned_in(metadata: &Metadata, dependency: &str) -> Option<String> {
    let mut all = metadata.packages.iter().flat_map(|package| &package.dependencies);
    all.find_map(|found| (found.name == dependency).then(|| found.req.strip_prefix('=').map(ToOwned::to_owned))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pinned_version_is_found_by_the_whole_name() {
        let text = r#"{"packages": [{"name": "a", "version": "0.1.0", "dependencies": [
            {"name": "wasm-bindgen-futures", "req": "^0.4"}, {"name": "wasm-bindgen", "req": "=0.2.130"}]}]}"#;
        let metadata = serde_json::from_str(text).unwrap();
        assert_eq!(pinned_in(&metadata, "wasm-bindgen").as_deref(), Some("0.2.130"));
        assert_eq!(pinned_in(&metadata, "bindgen"), None);
        assert_eq!(pinned_in(&metadata, "wasm-bindgen-futures"), None);
    }
}
