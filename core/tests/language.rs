//! Plain language of the sources: how doc comments start, and one meaning for each type's name.
//!
//! `cargo test -p callboard-core --test language -- --nocapture` prints the share.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Words of a relative clause or a riddle. A doc comment starts with a noun or a verb instead.
const RIDDLES: [&str; 16] = [
    "What", "Where", "Who", "Whoever", "Whom", "Whose", "Whatever", "When", "Whether", "Which", "Those", "One that",
    "So many", "How", "As", "Such",
];

fn sources(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            found.push((path, text));
        }
    }
}

fn all(folders: &[&str]) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for folder in folders {
        sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut found);
    }
    found
}

/// The text of a line of a doc comment.
fn doc(line: &str) -> Option<&str> {
    let line = line.trim_start();
    line.strip_prefix("///").or_else(|| line.strip_prefix("//!")).map(str::trim)
}

#[test]
fn doc_comments_start_with_a_noun_or_a_verb() {
    let (mut paragraphs, mut riddles) = (0, Vec::new());
    for (path, text) in all(&["src", "tests", "examples"]) {
        let (mut before, mut is_code) = ("", false);
        for line in text.lines() {
            let Some(doc) = doc(line) else {
                (before, is_code) = ("", false);
                continue;
            };
            is_code ^= doc.starts_with("```");
            if before.is_empty() && !doc.is_empty() && !is_code && !doc.starts_with("```") {
                paragraphs += 1;
                let starts =
                    |riddle: &&str| doc.strip_prefix(*riddle).is_some_and(|rest| rest.starts_with([' ', ',', ':']));
                if RIDDLES.iter().any(starts) {
                    riddles.push(format!("{}: {doc}", path.display()));
                }
            }
            before = doc;
        }
    }
    println!("{} of {paragraphs} paragraphs", riddles.len());
    assert!(paragraphs > 1000, "only {paragraphs} paragraphs");
    assert!(riddles.len() * 100 <= paragraphs, "{}", riddles.join("\n"));
}

#[test]
fn a_type_name_has_one_meaning() {
    let mut types: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (path, text) in all(&["src"]) {
        for line in text.lines() {
            let declared = line.trim_start_matches("pub").trim_start_matches("(crate)").trim_start_matches("(super)");
            let mut words = declared.split_whitespace();
            let is_type = matches!(words.next(), Some("struct" | "enum" | "trait" | "type"));
            // An associated type of a trait is indented, and named by the trait.
            if let Some(name) = words.next().filter(|_| is_type && !line.starts_with(' ')) {
                let name: String = name.chars().take_while(|letter| letter.is_alphanumeric()).collect();
                types.entry(name).or_default().push(path.display().to_string());
            }
        }
    }
    types.retain(|_, places| places.len() > 1);
    assert!(types.is_empty(), "{types:#?}");
}
