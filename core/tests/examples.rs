//! Every public item of the crate has an example, or links to one.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

/// Starts of the lines of public items. Items private to the crate start with `pub(crate)`.
const ITEMS: [&str; 7] = ["pub fn ", "pub const ", "pub struct ", "pub enum ", "pub type ", "pub trait ", "pub mod "];

#[test]
fn every_public_item_has_an_example_or_says_where_one_is() {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    let (mut items, mut without) = (0, Vec::new());
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let mut docs = String::new();
        for (at, line) in text.lines().map(str::trim).enumerate() {
            if line.starts_with("///") {
                docs.push_str(line);
            } else if ITEMS.iter().any(|item| line.starts_with(item)) && !is_pattern(line) {
                items += 1;
                // A module's own documentation is in its file.
                if !line.starts_with("pub mod ") && !docs.contains("```") && !docs.contains("example") {
                    without.push(format!("{}:{}: {line}", file.display(), at + 1));
                }
                docs.clear();
            } else if !line.starts_with("#[") {
                docs.clear();
            }
        }
    }
    assert!(items > 100, "only {items} public items were found");
    assert!(without.is_empty(), "without an example:\n{}", without.join("\n"));
}

/// True for a macro's pattern of an item.
fn is_pattern(line: &str) -> bool {
    line.contains("$type {") || line.contains("$type:ident {")
}

fn sources(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, out);
        } else if path.extension().is_some_and(|end| end == "rs") {
            out.push(path);
        }
    }
}
