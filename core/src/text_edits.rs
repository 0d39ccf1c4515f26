//! Edits of a text: the stretches that were replaced, exact and their own way back.

/// One replaced stretch of a text.
///
/// See the example at [`TextEdits`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct TextEdit {
    /// Byte offset in the text before the edits.
    pub at: usize,
    /// The text that stood there.
    pub removed: String,
    /// The text that stands there now.
    pub added: String,
}

/// Edits of one text, in ascending order, which do not overlap.
///
/// ```
/// use callboard_core::{Event, EventKind, Agent, Policy, Session, TextEdit, Timestamp};
/// let before = r#"{"session_id": "ep_1", "pipeline_state": {"current_stage": "writing"}, "agent_outputs": {}}"#;
/// let mut session = Session::parse(before).unwrap();
/// let start = Event::least(EventKind::Start, Agent::ScriptWriter);
/// session.apply(&start, Timestamp::from_unix(0), &Policy::default()).unwrap();
/// let edits = session.last_edits().unwrap();
/// assert_eq!(edits.apply(before).as_deref(), Some(session.text()));
/// assert_eq!(edits.revert(session.text()).as_deref(), Some(before));
/// let TextEdit { at, removed, added } = edits.iter().next().unwrap();
/// assert_eq!((&before[*at - 1..], removed.as_str()), ("{}}", ""));
/// assert!(added.starts_with("\"script_writer\""));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct TextEdits(Vec<TextEdit>);

impl TextEdits {
    /// Takes edits that are in ascending order and do not overlap; none for others.
    ///
    /// ```
    /// use callboard_core::{TextEdit, TextEdits};
    /// let edit = |at, removed: &str| TextEdit { at, removed: removed.to_owned(), added: "x".to_owned() };
    /// let edits = TextEdits::new(vec![edit(0, "ab"), edit(2, "c")]).unwrap();
    /// assert_eq!(edits.apply("abcd").as_deref(), Some("xxd"));
    /// assert_eq!(TextEdits::new(vec![edit(0, "ab"), edit(1, "b")]), None);
    /// ```
    pub fn new(edits: Vec<TextEdit>) -> Option<TextEdits> {
        let apart =
            |pair: &[TextEdit]| pair[0].at.checked_add(pair[0].removed.len()).is_some_and(|end| end <= pair[1].at);
        edits.windows(2).all(apart).then_some(TextEdits(edits))
    }

    /// The shortest single edit that makes `after` of `before`: for texts that no event led from one to the other.
    ///
    /// ```
    /// use callboard_core::TextEdits;
    /// let edits = TextEdits::between("one two three", "one 2 three");
    /// let edit = edits.iter().next().unwrap();
    /// assert_eq!((edit.at, edit.removed.as_str(), edit.added.as_str()), (4, "two", "2"));
    /// assert!(TextEdits::between("same", "same").is_empty());
    /// ```
    pub fn between(before: &str, after: &str) -> TextEdits {
        if before == after {
            return TextEdits::default();
        }
        let same = before.bytes().zip(after.bytes()).take_while(|(old, new)| old == new).count();
        let at = (0..=same).rev().find(|&at| before.is_char_boundary(at) && after.is_char_boundary(at)).unwrap_or(0);
        let (old, new) = (&before[at..], &after[at..]);
        let same = old.bytes().rev().zip(new.bytes().rev()).take_while(|(old, new)| old == new).count();
        let is_boundary = |end: &usize| old.is_char_boundary(old.len() - end) && new.is_char_boundary(new.len() - end);
        let end = (0..=same).rev().find(is_boundary).unwrap_or(0);
        let (removed, added) = (old[..old.len() - end].to_owned(), new[..new.len() - end].to_owned());
        TextEdits(vec![TextEdit { at, removed, added }])
    }

    /// Adds an edit behind those that are there; one that follows the last without a gap extends it.
    pub(crate) fn push(&mut self, at: usize, removed: &str, added: &str) {
        match self.0.last_mut() {
            Some(last) if last.at + last.removed.len() == at => {
                last.removed.push_str(removed);
                last.added.push_str(added);
            }
            _ => self.0.push(TextEdit { at, removed: removed.to_owned(), added: added.to_owned() }),
        }
    }

    /// Makes the edits. None where the text is not the one that they were made for: what they remove does not stand there.
    ///
    /// See the example at [`TextEdits`].
    pub fn apply(&self, before: &str) -> Option<String> {
        let edits = self.0.iter().map(|edit| (edit.at, edit.removed.as_str(), edit.added.as_str()));
        replace(before, edits)
    }

    /// Takes the edits back. None where the text is not the one that they led to.
    ///
    /// See the example at [`TextEdits`].
    pub fn revert(&self, after: &str) -> Option<String> {
        let edits = self.0.iter().zip(self.offsets_after());
        replace(after, edits.map(|(edit, at)| (at, edit.added.as_str(), edit.removed.as_str())))
    }

    /// The edits that take these back.
    ///
    /// ```
    /// use callboard_core::TextEdits;
    /// let edits = TextEdits::between("one two three", "one 2 three");
    /// assert_eq!(edits.inverse(), TextEdits::between("one 2 three", "one two three"));
    /// ```
    pub fn inverse(&self) -> TextEdits {
        let edits = self.0.iter().zip(self.offsets_after());
        let swapped =
            |(edit, at): (&TextEdit, usize)| TextEdit { at, removed: edit.added.clone(), added: edit.removed.clone() };
        TextEdits(edits.map(swapped).collect())
    }

    /// The edits, in ascending order.
    ///
    /// See the example at [`TextEdits`].
    pub fn iter(&self) -> std::slice::Iter<'_, TextEdit> {
        self.0.iter()
    }

    /// True if there is no edit.
    ///
    /// See the example at [`TextEdits::between`].
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Byte offset of each edit in the text after the edits.
    fn offsets_after(&self) -> impl Iterator<Item = usize> + Clone {
        let mut shift = 0_isize;
        self.0.iter().map(move |edit| {
            let at = edit.at.saturating_add_signed(shift);
            shift = shift.saturating_add_unsigned(edit.added.len()).saturating_sub_unsigned(edit.removed.len());
            at
        })
    }
}

impl<'a> IntoIterator for &'a TextEdits {
    type Item = &'a TextEdit;
    type IntoIter = std::slice::Iter<'a, TextEdit>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for TextEdits {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<TextEdits, D::Error> {
        let edits = Vec::deserialize(deserializer)?;
        TextEdits::new(edits)
            .ok_or_else(|| serde::de::Error::custom("text edits overlap or are not in ascending order"))
    }
}

/// Replaces stretches of a text, each given as its offset, the text that must stand there, and the new one.
fn replace<'a>(text: &str, edits: impl Iterator<Item = (usize, &'a str, &'a str)> + Clone) -> Option<String> {
    let added: usize = edits.clone().map(|(_, _, new)| new.len()).sum();
    let mut out = String::with_capacity(text.len() + added);
    let mut from = 0;
    for (at, old, new) in edits {
        out.push_str(text.get(from..at)?);
        text.get(at..)?.starts_with(old).then_some(())?;
        out.push_str(new);
        from = at + old.len();
    }
    out.push_str(text.get(from..)?);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(before: &str, after: &str, removed: &str, added: &str) {
        let edits = TextEdits::between(before, after);
        let edit = edits.iter().next().map_or(("", ""), |edit| (edit.removed.as_str(), edit.added.as_str()));
        assert_eq!((edits.iter().count(), edit), (usize::from(before != after), (removed, added)));
        assert_eq!(edits.apply(before).as_deref(), Some(after));
        assert_eq!(edits.revert(after).as_deref(), Some(before));
        assert_eq!(edits.inverse().apply(after).as_deref(), Some(before));
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

    fn edit(at: usize, removed: &str, added: &str) -> TextEdit {
        TextEdit { at, removed: removed.to_owned(), added: added.to_owned() }
    }

    #[test]
    fn another_text_is_refused() {
        let edits = TextEdits::between("one two", "one 2");
        for other in ["one", "one 2", "", "caf\u{e9} two"] {
            assert_eq!(edits.apply(other), None, "{other}");
        }
        assert_eq!(edits.revert("one two"), None);
        // Inside a character, behind the end, and where no offset is.
        for at in [4, 6, usize::MAX] {
            assert_eq!(TextEdits(vec![edit(at, "", "x")]).apply("caf\u{e9}"), None, "{at}");
            assert_eq!(TextEdits(vec![edit(0, "", "c"), edit(at, "", "x")]).revert("caf\u{e9}"), None, "{at}");
        }
    }

    #[test]
    fn edits_are_in_order_and_apart() {
        let check =
            |edits: Vec<TextEdit>, good: bool| assert_eq!(TextEdits::new(edits.clone()).is_some(), good, "{edits:?}");
        check(vec![], true);
        check(vec![edit(1, "a", ""), edit(2, "b", ""), edit(3, "", "x"), edit(3, "", "y")], true);
        check(vec![edit(1, "ab", ""), edit(2, "b", "")], false);
        check(vec![edit(3, "", "x"), edit(2, "", "y")], false);
        check(vec![edit(usize::MAX, "a", ""), edit(usize::MAX, "a", "")], false);
    }

    #[test]
    fn several_edits_are_made_and_taken_back() {
        let edits = TextEdits::new(vec![edit(0, "ab", "x"), edit(2, "", "yyy"), edit(4, "e", ""), edit(6, "", "z")]);
        let edits = edits.unwrap_or_default();
        assert_eq!(edits.apply("abcdef").as_deref(), Some("xyyycdfz"));
        assert_eq!(edits.revert("xyyycdfz").as_deref(), Some("abcdef"));
        assert_eq!(edits.inverse().inverse(), edits);
    }

    #[test]
    fn what_follows_without_a_gap_extends_the_last() {
        let mut edits = TextEdits::default();
        edits.push(1, "b", "x");
        edits.push(2, "", "y");
        edits.push(4, "e", "");
        assert_eq!(edits, TextEdits(vec![edit(1, "b", "xy"), edit(4, "e", "")]));
    }

    #[cfg(feature = "serde")]
    #[test]
    fn a_plain_list_is_written_and_read() -> Result<(), serde_json::Error> {
        let edits = TextEdits(vec![edit(1, "b", "x")]);
        let text = serde_json::to_string(&edits)?;
        assert_eq!(text, r#"[{"at":1,"removed":"b","added":"x"}]"#);
        assert_eq!(serde_json::from_str::<TextEdits>(&text)?, edits);
        let overlap = r#"[{"at":1,"removed":"bc","added":""},{"at":2,"removed":"c","added":""}]"#;
        assert!(serde_json::from_str::<TextEdits>(overlap).is_err());
        Ok(())
    }
}
