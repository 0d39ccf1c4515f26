//! A local change as a replaced stretch of text: small, exact, and its own way back.
use super::place::{Incoming, Place};
use callboard_core::Timestamp;

/// One stretch of text replaced by another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patch {
    /// Where the stretch begins, in bytes.
    pub at: usize,
    /// What stood there before.
    pub removed: String,
    /// What stands there after.
    pub added: String,
}

impl Patch {
    /// The shortest patch that turns `before` into `after`.
    pub fn between(before: &str, after: &str) -> Self {
        let same = before.bytes().zip(after.bytes()).take_while(|(old, new)| old == new).count();
        let at = boundary_at_or_before(before, after, same);
        let (old, new) = (&before[at..], &after[at..]);
        let same_end = old.bytes().rev().zip(new.bytes().rev()).take_while(|(old, new)| old == new).count();
        let end = (0..=same_end)
            .rev()
            .find(|end| old.is_char_boundary(old.len() - end) && new.is_char_boundary(new.len() - end))
            .unwrap_or(0);
        Self { at, removed: old[..old.len() - end].to_owned(), added: new[..new.len() - end].to_owned() }
    }

    /// Does it. `None` when the text is not the one it was made for.
    pub fn apply(&self, text: &str) -> Option<String> {
        replace(text, self.at, &self.removed, &self.added)
    }

    /// Takes it back. `None` when the text is not the one it led to.
    pub fn revert(&self, text: &str) -> Option<String> {
        replace(text, self.at, &self.added, &self.removed)
    }
}

fn boundary_at_or_before(before: &str, after: &str, at: usize) -> usize {
    (0..=at).rev().find(|&at| before.is_char_boundary(at) && after.is_char_boundary(at)).unwrap_or(0)
}

fn replace(text: &str, at: usize, old: &str, new: &str) -> Option<String> {
    let (head, rest) = text.split_at_checked(at)?;
    let tail = rest.strip_prefix(old)?;
    Some([head, new, tail].concat())
}

/// A local change: what happened, when, and the text it replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What happened, in one sentence (the core's).
    pub sentence: String,
    /// When it was made.
    pub made: Timestamp,
    /// What it did to the file.
    pub patch: Patch,
    /// Where the file was before, where this change took the text of a file at another path; once it is undone,
    /// where that other file is.
    pub left: Option<Place>,
    /// The text that waited, where this change took it: it waits again once this is undone.
    pub took: Option<Incoming>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(before: &str, after: &str, removed: &str, added: &str) {
        let patch = Patch::between(before, after);
        assert_eq!((patch.removed.as_str(), patch.added.as_str()), (removed, added));
        assert_eq!(patch.apply(before).as_deref(), Some(after));
        assert_eq!(patch.revert(after).as_deref(), Some(before));
    }

    #[test]
    fn replaces_only_what_differs() {
        check("one two three", "one 2 three", "two", "2");
        check("same", "same", "", "");
        check("", "new", "", "new");
        check("old", "", "old", "");
        check("aaa", "aa", "a", "");
        check("aa", "aaaa", "", "aa");
    }

    #[test]
    fn never_cuts_a_character() {
        // é and è share their first byte, ł and Ł theirs too.
        check("caf\u{e9}!", "caf\u{e8}!", "\u{e9}", "\u{e8}");
        check("\u{feff}{}", "\u{feff}{ }", "", " ");
        check("\u{1f3a7}", "\u{1f3a8}", "\u{1f3a7}", "\u{1f3a8}");
        // \u{a9} ends with the byte that \u{e9} ends with.
        check("\u{e9}", "\u{a9}", "\u{e9}", "\u{a9}");
    }

    #[test]
    fn refuses_another_text() {
        let patch = Patch::between("one two", "one 2");
        assert_eq!(patch.apply("one"), None);
        assert_eq!(patch.revert("one two"), None);
    }
}
