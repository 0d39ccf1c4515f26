//! Safe paths for exported files.
use crate::order::sorted_by_text;
use callboard_core::ids;

/// Sanitises a path so that unpacking stays below its folder on every system: removes `..`, drive letters and
/// foreign separators.
pub fn contained(path: &str) -> String {
    let parts = path.split('/').filter(|part| !matches!(*part, "" | "." | ".."));
    let parts: Vec<String> = parts.map(plain).collect();
    if parts.is_empty() { "session.json".into() } else { parts.join("/") }
}

/// Replaces characters that some system treats specially.
fn plain(part: &str) -> String {
    let mut plain: String =
        part.chars().map(|letter| if letter == '\\' || letter.is_control() { '_' } else { letter }).collect();
    // `C:` at the start is a drive.
    if plain.as_bytes().get(1) == Some(&b':') {
        plain.replace_range(1..2, "_");
    }
    plain
}

/// Makes paths distinct by a number before the extension of repeated ones.
pub fn distinct(paths: Vec<String>) -> Vec<String> {
    let mut taken = std::collections::HashSet::new();
    let mut free = |path: String| {
        let (stem, ending) = match path.rsplit_once('.') {
            Some((stem, ending)) if !ending.contains('/') => (stem.to_owned(), format!(".{ending}")),
            _ => (path.clone(), String::new()),
        };
        let mut number = 2;
        let mut candidate = path;
        // Some file systems ignore case.
        while !taken.insert(candidate.to_lowercase()) {
            candidate = format!("{stem} ({number}){ending}");
            number += 1;
        }
        candidate
    };
    paths.into_iter().map(&mut free).collect()
}

/// Returns the folder for a new session's file: the framework's folder below the most common root of the loaded
/// files.
pub fn home<'a>(folders: impl Iterator<Item = &'a str>) -> String {
    let above =
        |folder: &str| folder.strip_suffix(ids::FOLDER).is_some_and(|above| above.is_empty() || above.ends_with('/'));
    // The end of the framework's folder, such as `sessions` or `output/sessions`, fits too.
    let below = |folder: &str| !folder.is_empty() && ids::FOLDER.ends_with(&format!("/{folder}"));
    let mut homes: Vec<&str> = folders.filter(|folder| above(folder) || below(folder)).collect();
    homes = sorted_by_text(&homes, |home| home);
    let mut found: Option<(usize, &str)> = None;
    for chunk in homes.chunk_by(|one, other| one == other) {
        if let Some(folder) = chunk.first()
            && found.is_none_or(|(number, _)| chunk.len() > number)
        {
            found = Some((chunk.len(), folder));
        }
    }
    found.map_or(ids::FOLDER, |(_, folder)| folder).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_inside_of_their_folder() {
        for (path, expected) in [
            ("sessions/ep001.json", "sessions/ep001.json"),
            ("../../etc/passwd", "etc/passwd"),
            ("/srv/a.json", "srv/a.json"),
            ("a//./b/../c.json", "a/b/c.json"),
            ("..\\..\\a.json", ".._.._a.json"),
            ("C:\\a.json", "C__a.json"),
            ("a\n\0b.json", "a__b.json"),
            ("..", "session.json"),
            ("caf\u{e9}/\u{1f399} a.json", "caf\u{e9}/\u{1f399} a.json"),
        ] {
            assert_eq!(contained(path), expected);
        }
    }

    #[test]
    fn equal_paths_are_made_distinct() {
        let paths = ["a.json", "A.json", "b/a.json", "a.json", "none", "none", "a (2).json"].map(String::from);
        let expected = ["a.json", "A (2).json", "b/a.json", "a (3).json", "none", "none (2)", "a (2) (2).json"];
        assert_eq!(distinct(paths.to_vec()), expected);
    }

    #[test]
    fn a_new_file_shares_the_folder_of_the_others() {
        let check = |folders: &[&str], expected: &str| assert_eq!(home(folders.iter().copied()), expected);
        let below = format!("repo/{}", ids::FOLDER);
        check(&[], ids::FOLDER);
        check(&["", "elsewhere", "notsessions"], ids::FOLDER);
        check(&["sessions", "elsewhere"], "sessions");
        check(&["output/sessions", below.as_str(), below.as_str()], &below);
        check(&[ids::FOLDER], ids::FOLDER);
    }
}
