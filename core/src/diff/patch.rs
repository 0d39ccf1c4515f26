//! Patches in git's format.

use super::{Compared, hunks};
use std::fmt::Write as _;

/// Creates the patch of a file for `git apply`, with three lines of context; empty if nothing differs.
///
/// Without an old text the patch creates the file with the mode 100644.
///
/// The path is relative to the repository, its parts joined by `/`. Patches of several files can be concatenated.
///
/// ```
/// use callboard_core::diff::git_patch;
/// let patch = git_patch(None, "{}\n", "sessions/new one.json");
/// assert_eq!(patch, "diff --git a/sessions/new one.json b/sessions/new one.json\nnew file mode 100644\n\
///     --- /dev/null\n+++ b/sessions/new one.json\t\n@@ -0,0 +1 @@\n+{}\n");
/// ```
pub fn git_patch(old: Option<&str>, new: &str, path: &str) -> String {
    if old == Some(new) {
        return String::new();
    }
    let (before, after) = (name("a/", path), name("b/", path));
    let mut out = format!("diff --git {before} {after}\n");
    if old.is_none() {
        out.push_str("new file mode 100644\n");
    }
    let compared = Compared::new(old.unwrap_or_default(), new);
    let hunks = hunks(&compared);
    if !hunks.is_empty() {
        let before = if old.is_some() { ended(&before) } else { "/dev/null".to_owned() };
        out.push_str(&format!("--- {before}\n+++ {}\n{hunks}", ended(&after)));
    }
    out
}

/// The two lines with a file's names before its hunks.
pub(super) fn head(path: &str) -> String {
    format!("--- {}\n+++ {}\n", ended(&name("a/", path)), ended(&name("b/", path)))
}

/// Formats a path as git does, in quotes if it has quotes, backslashes or control characters.
fn name(prefix: &str, path: &str) -> String {
    let plain = !path.contains(|letter: char| letter.is_control() || letter == '"' || letter == '\\');
    if plain {
        return format!("{prefix}{path}");
    }
    let mut quoted = format!("\"{prefix}");
    for letter in path.chars() {
        match letter {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            letter if letter.is_control() => {
                let mut bytes = [0; 4];
                for byte in letter.encode_utf8(&mut bytes).bytes() {
                    // Writing to a String cannot fail.
                    let _ = write!(quoted, "\\{byte:03o}");
                }
            }
            letter => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}

/// Ends a name that has white space with a tab, as git does.
fn ended(name: &str) -> String {
    let tab = if !name.starts_with('"') && name.contains(char::is_whitespace) { "\t" } else { "" };
    format!("{name}{tab}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_spelt_as_git_spells_them() {
        let check = |path: &str, expected: &str| assert_eq!(ended(&name("a/", path)), expected);
        check("x/ep001.json", "a/x/ep001.json");
        check("a b.json", "a/a b.json\t");
        check("caf\u{e9}.json", "a/caf\u{e9}.json");
        check("a\"b\\c.json", "\"a/a\\\"b\\\\c.json\"");
        check("a\n\r\t\u{1}\u{85}", "\"a/a\\n\\r\\t\\001\\302\\205\"");
    }

    #[test]
    fn equal_texts_make_no_patch() {
        assert_eq!(git_patch(Some("a\n"), "a\n", "a.json"), "");
        assert_eq!(git_patch(None, "", "a"), "diff --git a/a b/a\nnew file mode 100644\n");
    }

    #[test]
    fn the_end_without_a_line_end_is_said() {
        let patch = git_patch(Some("a\r\nb"), "a\r\nc", "a.json");
        assert!(
            patch.ends_with(
                "@@ -1,2 +1,2 @@\n a\r\n-b\n\\ No newline at end of file\n+c\n\\ No newline at end of file\n"
            )
        );
    }
}
