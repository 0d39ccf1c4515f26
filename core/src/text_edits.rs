//! Edits of a text that can be applied, reverted and joined.

/// Replaced range of a text.
///
/// See the example at [`TextEdits`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct TextEdit {
    /// Byte offset in the text before the edits.
    pub at: usize,
    /// Text that was replaced.
    pub removed: String,
    /// Replacement.
    pub added: String,
}

/// Edits of one text, in ascending order and without overlap.
///
/// ```
/// use callboard_core::{Event, EventKind, Agent, Policy, Session, TextEdit, Timestamp};
/// let before = r#"{"session_id": "ep_1", "pipeline_state": {"current_stage": "writing"}, "agent_outputs": {}}"#;
/// let mut session = Session::parse(before).unwrap();
/// let start = Event::minimal(EventKind::Start, Agent::ScriptWriter);
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
    /// Creates a list from edits in ascending order without overlap; none for others.
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

    /// Finds the shortest single edit from `before` to `after`.
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

    /// Appends an edit; an edit that directly follows the last one extends it.
    pub(crate) fn push(&mut self, at: usize, removed: &str, added: &str) {
        match self.0.last_mut() {
            Some(last) if last.at + last.removed.len() == at => {
                last.removed.push_str(removed);
                last.added.push_str(added);
            }
            _ => self.0.push(TextEdit { at, removed: removed.to_owned(), added: added.to_owned() }),
        }
    }

    /// Applies the edits. None if the text does not have what they remove.
    ///
    /// See the example at [`TextEdits`].
    pub fn apply(&self, before: &str) -> Option<String> {
        let edits = self.0.iter().map(|edit| (edit.at, edit.removed.as_str(), edit.added.as_str()));
        replace(before, edits)
    }

    /// Reverts the edits. None if the text does not have what they add.
    ///
    /// See the example at [`TextEdits`].
    pub fn revert(&self, after: &str) -> Option<String> {
        let edits = self.0.iter().zip(self.offsets_after());
        replace(after, edits.map(|(edit, at)| (at, edit.added.as_str(), edit.removed.as_str())))
    }

    /// The edits that revert these.
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

    /// Joins these edits with the next ones. None if the next ones are of another text, as far as can be seen.
    ///
    /// ```
    /// use callboard_core::TextEdits;
    /// let first = TextEdits::between("one two", "one 2");
    /// let both = first.then(&TextEdits::between("one 2", "1 2")).unwrap();
    /// assert_eq!(both.apply("one two").as_deref(), Some("1 2"));
    /// ```
    pub fn then(&self, next: &TextEdits) -> Option<TextEdits> {
        let mut out = TextEdits::default();
        // Both as ranges of the text between them: the text added by these, and the text removed by the next.
        let mut mine = self.0.iter().zip(self.offsets_after()).peekable();
        let mut theirs = next.0.iter().peekable();
        let (mut added_before, mut removed_before) = (0_usize, 0_usize);
        loop {
            let starts = [mine.peek().map(|(_, at)| *at), theirs.peek().map(|edit| edit.at)];
            let Some(start) = starts.into_iter().flatten().min() else { return Some(out) };
            // Overlapping ranges are merged; each byte of the merged text is in one of them.
            let (mut end, mut text) = (start, Vec::new());
            let (mut made, mut makes) = (TextEdits::default(), TextEdits::default());
            loop {
                if let Some((edit, at)) = mine.next_if(|(_, at)| *at <= end) {
                    write(&mut text, at - start, &edit.added)?;
                    end = end.max(at + edit.added.len());
                    made.0.push(TextEdit { at: at - start, removed: edit.added.clone(), added: edit.removed.clone() });
                } else if let Some(edit) = theirs.next_if(|edit| edit.at <= end) {
                    write(&mut text, edit.at - start, &edit.removed)?;
                    end = end.max(edit.at.checked_add(edit.removed.len())?);
                    makes.0.push(TextEdit { at: edit.at - start, ..edit.clone() });
                } else {
                    break;
                }
            }
            let text = String::from_utf8(text).ok()?;
            let (removed, added) = (made.apply(&text)?, makes.apply(&text)?);
            let at = (start + removed_before).checked_sub(added_before)?;
            // An edit that was reverted is dropped.
            if removed != added {
                out.0.push(TextEdit { at, removed, added });
            }
            for edit in &made.0 {
                added_before += edit.removed.len();
                removed_before += edit.added.len();
            }
        }
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

/// Writes a part of a text that may be written already. None if it differs.
fn write(text: &mut Vec<u8>, at: usize, part: &str) -> Option<()> {
    let known = part.len().min(text.len().checked_sub(at)?);
    (text[at..at + known] == part.as_bytes()[..known]).then_some(())?;
    text.extend_from_slice(&part.as_bytes()[known..]);
    Some(())
}

/// Replaces ranges of a text, each given by its offset, the expected text and the new one.
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
pub(crate) mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The site of an edit, the number of characters it removes, and the text it adds.
    type EditSite = (prop::sample::Index, usize, String);

    pub(crate) fn places() -> impl Strategy<Value = Vec<EditSite>> {
        prop::collection::vec((any::<prop::sample::Index>(), 0_usize..5, "[a\n é]{0,5}"), 0..5)
    }

    /// Edits at some sites of a text.
    pub(crate) fn edits_of(text: &str, places: &[EditSite]) -> TextEdits {
        let mut starts: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let mut edits = TextEdits::default();
        let mut chosen: Vec<_> =
            places.iter().map(|(place, length, added)| (place.index(starts.len()), length, added)).collect();
        chosen.sort();
        starts.push(text.len());
        let mut from = 0;
        for (place, length, added) in chosen {
            let place = place.max(from);
            let end = (place + length).min(starts.len() - 1);
            edits.push(starts[place], &text[starts[place]..starts[end]], added);
            from = end;
        }
        edits
    }

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
        // Inside a character, behind the end, and beyond any offset.
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
    fn an_edit_without_a_gap_extends_the_last() {
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

    proptest! {
        #[test]
        fn edits_one_after_another_are_one(
            text in "[ab\n é]{0,20}",
            first in places(),
            second in places(),
            third in places(),
        ) {
            let first = edits_of(&text, &first);
            let after = first.apply(&text).unwrap_or_default();
            prop_assert_eq!(first.revert(&after), Some(text.clone()));
            prop_assert_eq!(first.inverse().apply(&after), Some(text.clone()));
            let second = edits_of(&after, &second);
            let last = second.apply(&after).unwrap_or_default();
            let both = first.then(&second).unwrap_or_default();
            prop_assert_eq!(both.apply(&text), Some(last.clone()));
            prop_assert_eq!(both.revert(&last), Some(text.clone()));
            prop_assert_eq!(TextEdits::new(both.0.clone()), Some(both.clone()));
            let third = edits_of(&last, &third);
            let end = third.apply(&last);
            prop_assert_eq!(both.then(&third).unwrap_or_default().apply(&text), end);
            prop_assert_eq!(first.then(&first.inverse()), Some(TextEdits::default()));
        }
    }
}
