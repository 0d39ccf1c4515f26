//! Imports between the modules of each crate: no circle, and in the app no import of a higher layer.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The crates, and the least number of their modules, which proves that they were read.
const CRATES: [(&str, usize); 5] = [("core", 50), ("core/wasm", 2), ("core/workspace", 8), ("web", 100), ("xtask", 12)];

/// The app's layers of folders, lowest first. A top-level module has the layer of its imports.
const LAYERS: [&str; 7] = ["platform", "source", "export", "store", "figures", "components", "pages"];

/// Path of a module, the crate's root being empty.
type Module = Vec<String>;
type Imports = BTreeMap<Module, BTreeSet<Module>>;

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

/// The code of each module of a crate, without tests and comments.
fn modules(name: &str) -> BTreeMap<Module, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name).join("src");
    let mut found = Vec::new();
    files(&root, &mut found);
    let module = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let code = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
        let relative = path.strip_prefix(&root).unwrap().with_extension("");
        let mut module: Module = relative.iter().map(|part| part.to_string_lossy().into_owned()).collect();
        module.pop_if(|last| last == "mod" || last == "lib" || last == "main");
        (module, code)
    };
    let is_test = |module: &Module| module.last().is_some_and(|last| last == "tests");
    found.into_iter().map(module).filter(|(module, _)| !is_test(module)).collect()
}

/// The paths in a text after each of these beginnings, each member of a list in braces as a path of its own.
fn paths(text: &str, beginnings: &[&str]) -> Vec<Vec<String>> {
    let mut paths = Vec::new();
    for beginning in beginnings {
        for (at, _) in text.match_indices(beginning) {
            let is_part = text[..at].ends_with(|letter: char| letter.is_alphanumeric() || "_:$".contains(letter));
            if !is_part {
                collect(&text[at..], &[], &mut paths);
            }
        }
    }
    paths
}

/// Collects the paths at the start of a text below a prefix. Returns the number of bytes read.
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
            while at < text.len() && !text[at..].starts_with('}') {
                at += text[at..].len() - text[at..].trim_start_matches([' ', '\n', ',']).len();
                if !text[at..].starts_with('}') {
                    at += collect(&text[at..], &path, paths).max(1);
                }
            }
            return at + 1;
        }
    }
    paths.push(path);
    at
}

/// The names that each module re-exports from its own children, with the module of each.
fn reexports(modules: &BTreeMap<Module, String>) -> BTreeMap<(Module, String), Module> {
    let mut reexports = BTreeMap::new();
    for (module, text) in modules {
        for path in ["pub use ", "pub(crate) use "].into_iter().flat_map(|start| text.split(start).skip(1)) {
            let mut found = Vec::new();
            collect(path, &[], &mut found);
            for path in found {
                if let [child @ .., name] = path.as_slice() {
                    let source: Module = module.iter().chain(child).cloned().collect();
                    if modules.contains_key(&source) && source != *module {
                        reexports.insert((module.clone(), name.clone()), source);
                    }
                }
            }
        }
    }
    reexports
}

/// The modules that each module of a crate imports, resolved to the definitions of re-exported items.
fn imports(name: &str) -> Imports {
    let modules = modules(name);
    let reexports = reexports(&modules);
    let mut imports = Imports::new();
    for (module, text) in modules.iter().filter(|(module, _)| !module.is_empty()) {
        let imported = imports.entry(module.clone()).or_default();
        for path in paths(text, &["crate::", "super::"]) {
            let supers = path.iter().take_while(|part| *part == "super").count();
            let mut full: Module = module[..module.len().saturating_sub(supers)].to_vec();
            if supers == 0 {
                full.clear();
            }
            full.extend(path[supers.max(1)..].iter().cloned());
            let mut base = full.clone();
            loop {
                while !base.is_empty() && !modules.contains_key(&base) {
                    base.pop();
                }
                let name = full.get(base.len()).cloned().unwrap_or_default();
                let Some(source) = reexports.get(&(base.clone(), name.clone())) else { break };
                full.splice(..base.len(), source.iter().cloned());
                base.clone_from(&full);
            }
            // A module and those in it are one idea.
            let is_family = module.starts_with(&base) || base.starts_with(module);
            if !base.is_empty() && !is_family {
                imported.insert(base);
            }
        }
    }
    imports
}

/// Asserts that no module of a crate imports itself through others.
fn assert_no_circle(name: &str, mut left: Imports) {
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
    let line = |(module, to): (&Module, &BTreeSet<Module>)| {
        let to: Vec<String> = to.iter().map(|module| module.join("::")).collect();
        format!("{} imports {}", module.join("::"), to.join(", "))
    };
    let circles: Vec<String> = left.iter().map(line).collect();
    assert!(circles.is_empty(), "modules of {name} on a circle, or leading to one:\n{}", circles.join("\n"));
}

#[test]
fn no_circle_of_modules() {
    for (name, least) in CRATES {
        let imports = imports(name);
        println!("{name}: {} modules, {} imports", imports.len(), imports.values().map(BTreeSet::len).sum::<usize>());
        assert!(imports.len() >= least, "{name}: only {} modules were found", imports.len());
        assert!(imports.values().any(|imported| !imported.is_empty()), "{name}: no import was found");
        assert_no_circle(name, imports);
    }
}

#[test]
fn no_circle_of_the_cores_folders() {
    let mut folders = Imports::new();
    for (module, imported) in imports("core") {
        let folder = vec![module[0].clone()];
        let others = imported.into_iter().map(|other| vec![other[0].clone()]).filter(|other| *other != folder);
        folders.entry(folder.clone()).or_default().extend(others.collect::<Vec<_>>());
    }
    assert_no_circle("core", folders);
}

#[test]
fn no_layer_of_the_app_imports_a_higher_one() {
    let layer = |module: &Module| LAYERS.iter().position(|layer| module.first().is_some_and(|first| first == layer));
    let mut wrong = Vec::new();
    for (module, imported) in imports("web") {
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
