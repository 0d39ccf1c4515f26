//! Paths of session files, as they were dropped: folders and a name joined by `/`.

/// Joins a folder and a name.
pub fn joined(folder: &str, file: &str) -> String {
    if folder.is_empty() { file.to_owned() } else { format!("{folder}/{file}") }
}

/// Splits a path into its folder and its name.
pub fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

/// Returns true if two paths may be one file's: they are equal, or one has more of the folders above. A file that was
/// dropped loose is not another one for that.
pub fn same_file(one: &str, other: &str) -> bool {
    let (long, short) = if one.len() >= other.len() { (one, other) } else { (other, one) };
    long.strip_suffix(short).is_some_and(|above| above.is_empty() || above.ends_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fewer_folders_are_the_same_file() {
        for (one, other, same) in [
            ("a.json", "a.json", true),
            ("a.json", "show/a.json", true),
            ("show/a.json", "a.json", true),
            ("x/a.json", "y/a.json", false),
            ("a.json", "ba.json", false),
            ("", "a.json", false),
        ] {
            assert_eq!(same_file(one, other), same, "{one} {other}");
        }
        assert_eq!((split("x/y/a.json"), split("a.json")), (("x/y", "a.json"), ("", "a.json")));
        assert_eq!((joined("x", "a.json"), joined("", "a.json")), ("x/a.json".into(), "a.json".into()));
    }
}
