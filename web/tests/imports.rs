//! Checks that the app's modules have no import circle, and that no lower layer imports a higher one.
#![allow(missing_docs, clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The layers of folders, lowest first. A top-level module has the layer of its imports.
const LAYERS: [&str; 6] = ["platform", "export", "store", "figures", "components", "pages"];

type Module = Vec<String>;

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// Returns the text of each module without tests and comments.
fn modules() -> BTreeMap<Module, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    files(&root, &mut found);
    let module = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let code = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
        let relative = path.strip_prefix(&root).unwrap().with_extension("");
        let mut module: Module = relative.iter().map(|part| part.to_string_lossy().into_owned()).collect();
        module.pop_if(|last| last == "mod");
        (module, code)
    };
    let is_root = |module: &Module| matches!(module.as_slice(), [only] if only == "lib" || only == "main");
    found.into_iter().map(module).filter(|(module, _)| !is_root(module)).collect()
}

/// Returns the paths in a text that begin with `crate::` or `super::`, with braces expanded.
fn paths(text: &str) -> Vec<Vec<String>> {
    let mut paths = Vec::new();
    for start in ["crate::", "super::"] {
        for (at, _) in text.match_indices(start) {
            let is_part = text[..at].ends_with(|letter: char| letter.is_alphanumeric() || "_:$".contains(letter));
            if !is_part {
                collect(&text[at..], &[], &mut paths);
            }
        }
    }
    paths
}

/// Collects the paths below a prefix. Returns the number of bytes read.
fn collect(text: &str, prefix: &[String], paths: &mut Vec<Vec<String>>) -> usize {
    let mut path = prefix.to_vec();
    let mut at = 0;
    loop {
        let name: String = text[at..].chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect();
        at += name.len();
        if !name.is_empty() {
            path.push(name);
        }
        if !text[at..].starts_with("::") {
            break;
        }
        at += 2;
        if text[at..].starts_with('{') {
            at += 1;
            while !text[at..].starts_with('}') && at < text.len() {
                let skipped = text[at..].len() - text[at..].trim_start_matches([' ', '\n', ',']).len();
                at += skipped;
                if text[at..].starts_with('}') {
                    break;
                }
                at += collect(&text[at..], &path, paths).max(1);
            }
            return at + 1;
        }
    }
    paths.push(path);
    at
}

/// Returns the modules that each module imports, by the longest path of a module.
fn imports() -> BTreeMap<Module, BTreeSet<Module>> {
    let modules = modules();
    let mut imports = BTreeMap::new();
    for (module, text) in &modules {
        let mut imported = BTreeSet::new();
        for path in paths(text) {
            let mut base: Module = Vec::new();
            let mut rest = path.as_slice();
            if rest.first().is_some_and(|first| first == "super") {
                base.clone_from(module);
                while let Some((first, after)) = rest.split_first()
                    && first == "super"
                {
                    base.pop();
                    rest = after;
                }
            } else {
                rest = &rest[1..];
            }
            base.extend(rest.iter().cloned());
            while !base.is_empty() && !modules.contains_key(&base) {
                base.pop();
            }
            // A module and its children are one idea: a child may import its parent.
            let is_family = module.starts_with(&base) || base.starts_with(module);
            if !base.is_empty() && !is_family {
                imported.insert(base);
            }
        }
        imports.insert(module.clone(), imported);
    }
    imports
}

#[test]
fn no_circle_of_modules() {
    let imports = imports();
    assert!(imports.len() > 100, "the modules are found");
    let mut left: BTreeMap<Module, BTreeSet<Module>> = imports;
    // A module without remaining imports is on no circle.
    loop {
        let done: Vec<Module> = left.iter().filter(|(_, to)| to.is_empty()).map(|(module, _)| module.clone()).collect();
        if done.is_empty() {
            break;
        }
        for module in &done {
            left.remove(module);
        }
        for imported in left.values_mut() {
            imported.retain(|module| !done.contains(module));
        }
    }
    // A module that no remaining module imports is on no circle.
    loop {
        let imported: BTreeSet<Module> = left.values().flatten().cloned().collect();
        let before = left.len();
        left.retain(|module, _| imported.contains(module));
        if left.len() == before {
            break;
        }
    }
    let circles: Vec<String> = left
        .iter()
        .map(|(module, to)| {
            let to: Vec<String> = to.iter().map(|module| module.join("::")).collect();
            format!("{} imports {}", module.join("::"), to.join(", "))
        })
        .collect();
    assert!(circles.is_empty(), "modules on a circle:\n{}", circles.join("\n"));
}

#[test]
fn no_layer_imports_a_higher_one() {
    let layer = |module: &Module| LAYERS.iter().position(|layer| module.first().is_some_and(|first| first == layer));
    let mut wrong = Vec::new();
    for (module, imported) in imports() {
        for other in imported {
            if let (Some(here), Some(there)) = (layer(&module), layer(&other))
                && here < there
            {
                wrong.push(format!("{} imports {}", module.join("::"), other.join("::")));
            }
        }
    }
    assert!(wrong.is_empty(), "imports from a lower layer:\n{}", wrong.join("\n"));
}
