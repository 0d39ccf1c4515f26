//! Places at which a session's output file may be, by the path that the session names.
use crate::path::split;

/// Most parts of a path; longer ones are no file's.
const PARTS: usize = 64;

/// Returns the paths in a tree at which an output may be, the most probable first.
///
/// Both paths are those of the tree's files: parts joined by `/`, none of them `.`, `..` or empty. A relative output
/// path counts from the session's folder, from the tree's root and from the folders between. The root may also be a
/// folder of the repository, or the path an absolute one of another machine: then its longest end that is a file counts.
pub fn candidates(session_path: &str, output_path: &str) -> Vec<String> {
    let folder = split(session_path).0;
    let Some((parts, is_absolute)) = parts(output_path) else { return Vec::new() };
    let mut found = Vec::new();
    let mut add = |path: Option<String>| {
        if let Some(path) = path.filter(|path| !path.is_empty() && !found.contains(path)) {
            found.push(path);
        }
    };
    if !is_absolute {
        add(resolved(folder, &parts));
        add(resolved("", &parts));
        let mut above = folder;
        while !above.is_empty() {
            above = split(above).0;
            add(resolved(above, &parts));
        }
    }
    // A name alone is found anywhere, so it counts beside the session only.
    for start in usize::from(!is_absolute)..parts.len().saturating_sub(1) {
        add(resolved("", &parts[start..]));
    }
    if let [.., name] = parts.as_slice() {
        add(resolved(folder, &[name]));
    }
    found
}

/// Splits an output's path into its parts. Returns `None` for a path of no file.
fn parts(path: &str) -> Option<(Vec<&str>, bool)> {
    let path = path.trim();
    let path = path.strip_prefix("file://").unwrap_or(path);
    let letter = path.get(..2).filter(|start| start.as_bytes()[0].is_ascii_alphabetic() && start.ends_with(':'));
    let path = letter.and_then(|letter| path.strip_prefix(letter)).unwrap_or(path);
    let is_absolute = letter.is_some() || path.starts_with(['/', '\\', '~']);
    let parts: Vec<&str> = path.split(['/', '\\']).filter(|part| !matches!(*part, "" | "." | "~")).collect();
    let is_file = parts.last().is_some_and(|name| *name != "..") && parts.len() <= PARTS;
    (is_file && !path.contains(char::is_control)).then_some((parts, is_absolute))
}

/// Resolves the parts of a path from a folder. Returns `None` if they lead out of the tree.
fn resolved(folder: &str, parts: &[&str]) -> Option<String> {
    let mut all: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in parts {
        if *part == ".." {
            all.pop()?;
        } else {
            all.push(part);
        }
    }
    (!all.is_empty()).then(|| all.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_output_is_looked_for_where_it_may_be() {
        let session = "show/output/sessions/ep1.json";
        let check = |session: &str, path: &str, expected: &[&str]| {
            assert_eq!(candidates(session, path), expected, "{path} of {session}");
        };
        check("ep1.json", "script.md", &["script.md"]);
        check(
            session,
            "script.md",
            &["show/output/sessions/script.md", "script.md", "show/output/script.md", "show/script.md"],
        );
        check(
            session,
            "../script.md",
            &["show/output/script.md", "show/script.md", "script.md", "show/output/sessions/script.md"],
        );
        // The repository's root was opened, or a folder in it.
        let whole = candidates(session, "show/output/research/r.md");
        assert_eq!(whole[1], "show/output/research/r.md");
        let inner = candidates("sessions/ep1.json", "show/output/research/r.md");
        assert!(inner.contains(&"output/research/r.md".into()) && inner.contains(&"research/r.md".into()));
        assert!(!inner.contains(&"r.md".into()));
    }

    #[test]
    fn an_absolute_path_counts_by_its_end() {
        for path in [
            "/home/me/show/output/a.md",
            "file:///home/me/show/output/a.md",
            "~/me/show/output/a.md",
            "C:\\home\\me\\show\\output\\a.md",
            "\\\\home\\me\\show\\output\\a.md",
        ] {
            let found = candidates("output/sessions/ep1.json", path);
            assert!(found.contains(&"show/output/a.md".into()), "{path}: {found:?}");
            let at = |wanted: &str| found.iter().position(|path| path == wanted);
            assert!(at("show/output/a.md") < at("output/a.md") && at("output/a.md").is_some(), "{path}: {found:?}");
            assert_eq!(found.last().map(String::as_str), Some("output/sessions/a.md"));
        }
    }

    #[test]
    fn no_candidate_leads_out_of_the_tree() {
        for session in ["ep1.json", "a/ep1.json", "a/b/c/ep1.json"] {
            for path in [
                "../../../../etc/passwd",
                "/etc/passwd",
                "a/../../../x",
                "..\\..\\x",
                "./../x",
                "C:..\\x.md",
                "x/./y//z",
            ] {
                for found in candidates(session, path) {
                    let parts: Vec<&str> = found.split('/').collect();
                    let is_inside =
                        parts.iter().all(|part| !matches!(*part, "" | "." | "..")) && !found.contains(['\\', ':']);
                    assert!(is_inside, "{found} of {path}");
                }
            }
        }
        for path in ["", " ", "..", "a/..", "/", "a\nb", &"a/".repeat(100), "."] {
            assert_eq!(candidates("a/ep1.json", path), Vec::<String>::new(), "{path:?}");
        }
    }
}
