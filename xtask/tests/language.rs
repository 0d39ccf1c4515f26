//! Plain language of the sources: the first words of doc comments, and one meaning per type name.
//!
//! `cargo test -p xtask --test language -- --nocapture` prints the share of each part.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Words that begin a relative clause or a comparison. A doc comment begins with a noun or a verb instead.
const CLAUSES: [&str; 17] = [
    "What",
    "Where",
    "Who",
    "Whoever",
    "Whom",
    "Whose",
    "Whatever",
    "When",
    "Whether",
    "Which",
    "Those",
    "One that",
    "One of which",
    "So many",
    "How",
    "As",
    "Such",
];

/// A part of the project: its folders, and the least number of its doc paragraphs, which proves that they were read.
struct Part {
    name: &'static str,
    folders: &'static [&'static str],
    paragraphs: usize,
}

const CRATES: [Part; 5] = [
    Part { name: "core", folders: &["core/src", "core/tests", "core/examples"], paragraphs: 1_000 },
    Part { name: "core/wasm", folders: &["core/wasm"], paragraphs: 40 },
    Part { name: "core/workspace", folders: &["core/workspace"], paragraphs: 300 },
    Part { name: "web", folders: &["web"], paragraphs: 1_000 },
    Part { name: "xtask", folders: &["xtask"], paragraphs: 100 },
];

const SCRIPTS: [Part; 3] = [
    Part { name: "core/npm", folders: &["core/npm"], paragraphs: 400 },
    Part { name: "tests", folders: &["tests"], paragraphs: 150 },
    Part { name: "static", folders: &["static"], paragraphs: 5 },
];

impl Part {
    /// Reads the part's files with one of these extensions.
    fn files(&self, extensions: &[&str]) -> Vec<(PathBuf, String)> {
        let mut files = Vec::new();
        let mut folders: Vec<PathBuf> = self.folders.iter().map(|folder| root().join(folder)).collect();
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() && !["node_modules", "target"].iter().any(|name| path.ends_with(name)) {
                    folders.push(path);
                } else if path.extension().is_some_and(|found| extensions.iter().any(|wanted| found == *wanted)) {
                    let text = std::fs::read_to_string(&path).unwrap();
                    files.push((path, text));
                }
            }
        }
        files
    }

    /// Asserts that at most 1 % of the paragraphs begin with a clause.
    fn check(&self, extensions: &[&str], paragraphs: fn(&str) -> Vec<&str>) {
        let files = self.files(extensions);
        let all = files.iter().flat_map(|(path, text)| paragraphs(text).into_iter().map(move |line| (path, line)));
        let (clauses, others): (Vec<_>, Vec<_>) = all.partition(|(_, line)| begins_with_clause(line));
        let total = clauses.len() + others.len();
        println!("{}: {} of {total} doc paragraphs begin with a clause", self.name, clauses.len());
        assert!(total >= self.paragraphs, "{} has only {total} doc paragraphs", self.name);
        assert!(clauses.len() * 100 <= total, "{clauses:#?}");
    }
}

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

fn begins_with_clause(line: &str) -> bool {
    let rest = |clause: &&str| line.strip_prefix(*clause);
    CLAUSES.iter().filter_map(rest).any(|rest| rest.starts_with([' ', ',', ':']))
}

/// Returns the first line of each paragraph of Rust doc comments, without examples.
fn in_rust(text: &str) -> Vec<&str> {
    let (mut before, mut is_code) = ("", false);
    let mut found = Vec::new();
    for line in text.lines() {
        let line = line.trim_start();
        let doc = line.strip_prefix("///").or_else(|| line.strip_prefix("//!")).map_or("", str::trim);
        is_code ^= doc.starts_with("```");
        if before.is_empty() && !doc.is_empty() && !is_code && !doc.starts_with("```") {
            found.push(doc);
        }
        before = doc;
    }
    found
}

/// Returns the first line of each doc comment of a script, and of the comment at its top.
fn in_scripts(text: &str) -> Vec<&str> {
    let first = |comment: &'_ str| -> Option<usize> { comment.find(|c: char| !c.is_whitespace() && c != '*') };
    let docs = text.split("/**").skip(1).filter_map(|comment| comment.get(first(comment)?..)?.lines().next());
    text.lines().next().and_then(|line| line.strip_prefix("// ")).into_iter().chain(docs).collect()
}

#[test]
fn doc_comments_of_crates_begin_with_a_noun_or_a_verb() {
    for part in CRATES {
        part.check(&["rs"], in_rust);
    }
}

#[test]
fn doc_comments_of_scripts_begin_with_a_noun_or_a_verb() {
    for part in SCRIPTS {
        part.check(&["js", "mjs", "ts"], in_scripts);
    }
}

#[test]
fn a_type_name_has_one_meaning_in_a_crate() {
    for part in CRATES {
        let mut types: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
        let files =
            part.files(&["rs"]).into_iter().filter(|(path, _)| path.components().any(|part| part.as_os_str() == "src"));
        for (path, text) in files {
            for line in text.lines() {
                let item = line.trim_start_matches("pub").trim_start_matches("(crate)").trim_start_matches("(super)");
                let mut words = item.split_whitespace();
                let is_type = matches!(words.next(), Some("struct" | "enum" | "trait" | "type"));
                // An associated type is indented, and named by its trait.
                if let Some(name) = words.next().filter(|_| is_type && !line.starts_with(' ')) {
                    let name = name.chars().take_while(|letter| letter.is_alphanumeric()).collect();
                    types.entry(name).or_default().push(path.clone());
                }
            }
        }
        types.retain(|_, files| files.len() > 1);
        assert!(types.is_empty(), "{}: {types:#?}", part.name);
    }
}

#[test]
fn clauses_are_found() {
    assert_eq!(in_rust("/// A.\n/// B.\n///\n/// C.\n/// ```\n/// D\n/// ```\nfn a() {}"), ["A.", "C."]);
    assert_eq!(in_scripts("// A.\n/** B. */\n/**\n * C.\n * D.\n */\n// E."), ["A.", "B. */", "C."]);
    let check = |line, expected| assert_eq!(begins_with_clause(line), expected, "{line}");
    check("What it is.", true);
    check("As long as it is.", true);
    check("Asserts that it is.", false);
    check("One thing.", false);
}
