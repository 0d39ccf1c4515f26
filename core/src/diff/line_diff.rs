//! Diffs without the unchanged lines far from a change, so that their size depends on the change only.

use super::{Compared, DiffLine};
use crate::{TextEdit, TextEdits};
use std::ops::Range;

/// Differing lines of two texts, with the unchanged lines around them.
///
/// ```
/// use callboard_core::diff::{Block, LineDiff};
/// let old = "1\n2\n3\n4\n5\n6\n";
/// let diff = LineDiff::between(old, "1\n2\n3\n4\nfive\n6\n", 1);
/// assert_eq!((diff.added, diff.removed), (1, 1));
/// let [Block::Gap(gap), Block::Hunk(hunk)] = &diff.blocks[..] else { panic!() };
/// let texts: Vec<&str> = hunk.iter().map(|line| line.text.as_str()).collect();
/// assert_eq!(texts, ["4", "5", "five", "6"]);
/// assert_eq!(gap.lines(old).last().unwrap().text, "3");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LineDiff {
    /// Number of lines that only the new text has.
    pub added: u32,
    /// Number of lines that only the old text has.
    pub removed: u32,
    /// All lines of both texts, in order.
    pub blocks: Vec<Block>,
}

/// Block of a diff.
///
/// See the example at [`LineDiff`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// Changes with the unchanged lines around them.
    Hunk(Vec<DiffLine>),
    /// Unchanged lines far from any change.
    Gap(Gap),
}

/// Unchanged lines that a diff leaves out: at least two, or a whole text.
///
/// See the example at [`LineDiff`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    /// Number of the first line in the old text, from 1.
    pub old_line: u32,
    /// Number of the first line in the new text, from 1.
    pub new_line: u32,
    /// Number of lines that are left out.
    pub count: u32,
    /// Byte offset of the first line in the old text.
    start: usize,
}

impl Gap {
    /// Reads the lines from the old text of the diff.
    ///
    /// See the example at [`LineDiff`].
    pub fn lines(self, old: &str) -> impl Iterator<Item = DiffLine> {
        let lines = old.get(self.start..).unwrap_or_default().split_inclusive('\n');
        let numbered = (self.old_line..self.old_line + self.count).zip(self.new_line..);
        numbered.zip(lines).map(|((old_line, new_line), text)| DiffLine::same(old_line, new_line, text))
    }
}

impl LineDiff {
    /// Compares two texts, with `context` unchanged lines around each change.
    ///
    /// See the example at [`LineDiff`].
    pub fn between(old: &str, new: &str, context: u32) -> LineDiff {
        // Comparing whole texts is much quicker than comparing lines.
        let edits = if old == new { Vec::new() } else { Compared::new(old, new).edits(0) };
        LineDiff::of(old, &edits, context)
    }

    /// Creates the diff of edits of a text, comparing only the edited lines. Empty if the edits are of another text.
    ///
    /// ```
    /// use callboard_core::TextEdits;
    /// use callboard_core::diff::LineDiff;
    /// let (old, new) = ("a: 1\nb: 2\nc: 3\n", "a: 1\nb: 4\nc: 3\n");
    /// assert_eq!(LineDiff::of_edits(old, &TextEdits::between(old, new), 1), LineDiff::between(old, new, 1));
    /// ```
    pub fn of_edits(old: &str, edits: &TextEdits, context: u32) -> LineDiff {
        line_edits(old, edits).map(|edits| LineDiff::of(old, &edits, context)).unwrap_or_default()
    }

    /// Lays out edits of whole lines.
    fn of(old: &str, edits: &[TextEdit], context: u32) -> LineDiff {
        let mut layout = Layout { old, context, old_line: 1, new_line: 1, diff: LineDiff::default() };
        let mut from = 0;
        for TextEdit { at, removed, added } in edits {
            layout.unchanged(from..*at, true);
            layout.changed(removed, added);
            from = at + removed.len();
        }
        layout.unchanged(from..old.len(), false);
        layout.diff
    }
}

/// Converts edits to edits of whole lines. None if they are of another text.
fn line_edits(old: &str, edits: &TextEdits) -> Option<Vec<TextEdit>> {
    let mut out = Vec::new();
    let mut rest = edits.iter().as_slice();
    while let Some(first) = rest.first() {
        let mut range = lines_around(old, first)?;
        let mut count = 1;
        // Edits of one line, and of adjacent lines, are one change.
        while let Some(edit) = rest.get(count).filter(|edit| edit.at <= range.end) {
            range.end = lines_around(old, edit)?.end;
            count += 1;
        }
        let (near, later) = rest.split_at(count);
        rest = later;
        let moved = near.iter().map(|edit| TextEdit { at: edit.at - range.start, ..edit.clone() });
        let before = &old[range.clone()];
        let after = TextEdits::new(moved.collect())?.apply(before)?;
        out.extend(Compared::new(before, &after).edits(range.start));
    }
    Some(out)
}

/// The byte range of the lines that an edit touches.
fn lines_around(old: &str, edit: &TextEdit) -> Option<Range<usize>> {
    let end = edit.at.checked_add(edit.removed.len())?;
    let start = old.get(..edit.at)?.rfind('\n').map_or(0, |at| at + 1);
    let end = old.get(end..)?.find('\n').map_or(old.len(), |at| end + at + 1);
    Some(start..end)
}

/// Layout of a diff, from top to bottom.
struct Layout<'a> {
    old: &'a str,
    context: u32,
    old_line: u32,
    new_line: u32,
    diff: LineDiff,
}

impl Layout<'_> {
    /// Adds removed and added lines.
    fn changed(&mut self, removed: &str, added: &str) {
        let mut lines = Vec::new();
        for text in removed.split_inclusive('\n') {
            lines.push(DiffLine::removed(self.old_line, text));
            self.old_line += 1;
            self.diff.removed += 1;
        }
        for text in added.split_inclusive('\n') {
            lines.push(DiffLine::added(self.new_line, text));
            self.new_line += 1;
            self.diff.added += 1;
        }
        self.push(lines);
    }

    /// Adds unchanged lines: the lines near a change, and a gap for the others.
    fn unchanged(&mut self, range: Range<usize>, change_follows: bool) {
        let text = &self.old[range.clone()];
        let count = count_lines(text);
        let follows_change = matches!(self.diff.blocks.last(), Some(Block::Hunk(_)));
        let after = if follows_change { self.context } else { 0 };
        let before = if change_follows { self.context } else { 0 };
        // A gap of one line would take as much room as the line.
        if count <= after.saturating_add(before).saturating_add(1) {
            return self.same(text);
        }
        let (head, rest) = text.split_at(first_lines(text, after));
        let (gap, tail) = rest.split_at(last_lines(rest, before));
        self.same(head);
        let count = count - after - before;
        let start = range.start + head.len();
        let Layout { old_line, new_line, .. } = *self;
        self.diff.blocks.push(Block::Gap(Gap { old_line, new_line, count, start }));
        debug_assert_eq!(count, count_lines(gap));
        self.old_line += count;
        self.new_line += count;
        self.same(tail);
    }

    fn same(&mut self, text: &str) {
        let mut lines = Vec::new();
        for text in text.split_inclusive('\n') {
            lines.push(DiffLine::same(self.old_line, self.new_line, text));
            self.old_line += 1;
            self.new_line += 1;
        }
        self.push(lines);
    }

    fn push(&mut self, mut lines: Vec<DiffLine>) {
        match self.diff.blocks.last_mut() {
            _ if lines.is_empty() => {}
            Some(Block::Hunk(hunk)) => hunk.append(&mut lines),
            _ => self.diff.blocks.push(Block::Hunk(lines)),
        }
    }
}

fn count_lines(text: &str) -> u32 {
    let ends = text.bytes().filter(|byte| *byte == b'\n').count();
    u32::try_from(ends + usize::from(!text.is_empty() && !text.ends_with('\n'))).unwrap_or(u32::MAX)
}

/// Byte offset after the first `count` lines.
fn first_lines(text: &str, count: u32) -> usize {
    let ends = text.match_indices('\n').map(|(at, _)| at + 1);
    std::iter::once(0).chain(ends).nth(count as usize).unwrap_or(text.len())
}

/// Byte offset of the last `count` lines.
fn last_lines(text: &str, count: u32) -> usize {
    let body = text.strip_suffix('\n').unwrap_or(text);
    let starts = body.rmatch_indices('\n').map(|(at, _)| at + 1);
    std::iter::once(text.len()).chain(starts).nth(count as usize).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::super::{LineKind, lines, numstat};
    use super::*;
    use crate::text_edits::tests::{edits_of, places};
    use proptest::prelude::*;

    /// The texts of each hunk, and the number of lines of each gap.
    fn shape(diff: &LineDiff) -> Vec<Result<Vec<&str>, u32>> {
        let mut out = Vec::new();
        for block in &diff.blocks {
            out.push(match block {
                Block::Hunk(lines) => Ok(lines.iter().map(|line| line.text.as_str()).collect()),
                Block::Gap(gap) => Err(gap.count),
            });
        }
        out
    }

    #[test]
    fn far_lines_are_left_out() {
        let old: String = (0..20).map(|line| format!("line {line}\n")).collect();
        let new = old.replace("line 10\n", "line ten\n");
        let diff = LineDiff::between(&old, &new, 2);
        let hunk = vec!["line 8", "line 9", "line 10", "line ten", "line 11", "line 12"];
        assert_eq!(shape(&diff), [Err(8), Ok(hunk), Err(7)]);
    }

    #[test]
    fn a_single_line_is_not_left_out() {
        let shapes = |old: &str, new: &str| LineDiff::between(old, new, 1).blocks.len();
        assert_eq!(shapes("a\nb\nc\n", "a\nb\nd\n"), 1);
        assert_eq!(shapes("a\n", "a\n"), 1);
        assert_eq!(shapes("a\nb\n", "a\nb\n"), 1);
        assert_eq!(shapes("", ""), 0);
    }

    #[test]
    fn edits_of_another_text_make_no_diff() {
        let edits = TextEdits::between("a\nb\n", "a\nc\n");
        assert_eq!(LineDiff::of_edits("a", &edits, 1), LineDiff::default());
        assert_eq!(LineDiff::of_edits("a\nd\n", &edits, 1), LineDiff::default());
    }

    /// All lines, including those in gaps.
    fn unfolded(diff: &LineDiff, old: &str) -> Vec<DiffLine> {
        let mut out = Vec::new();
        for block in &diff.blocks {
            match block {
                Block::Hunk(lines) => out.extend(lines.iter().cloned()),
                Block::Gap(gap) => out.extend(gap.lines(old)),
            }
        }
        out
    }

    /// Asserts that a diff has all numbered lines of both texts, and the context around each change.
    fn is_sound(diff: &LineDiff, old: &str, new: &str, context: u32) {
        let all = unfolded(diff, old);
        let of = |number: fn(&DiffLine) -> Option<u32>| -> Vec<(u32, String)> {
            all.iter().filter_map(|line| Some((number(line)?, line.text.clone()))).collect()
        };
        let expected = |text: &str| -> Vec<(u32, String)> {
            let bare = |line: &str| line.trim_end_matches(['\n', '\r']).to_owned();
            (1..).zip(text.split_inclusive('\n').map(bare)).collect()
        };
        assert_eq!(of(|line| line.old_line), expected(old));
        assert_eq!(of(|line| line.new_line), expected(new));
        let count = |kind| all.iter().filter(|line| line.kind == kind).count() as u32;
        assert_eq!((diff.added, diff.removed), (count(LineKind::Added), count(LineKind::Removed)));
        let several = diff.blocks.len() > 1;
        for (at, block) in diff.blocks.iter().enumerate() {
            match block {
                Block::Gap(gap) => assert!(gap.count > 1),
                Block::Hunk(lines) if several => {
                    let changed = |line: &DiffLine| line.kind != LineKind::Same;
                    let (lead, tail) = (lines.iter().position(changed), lines.iter().rev().position(changed));
                    assert!(at == 0 || lead == Some(context as usize), "{diff:?}");
                    assert!(at + 1 == diff.blocks.len() || tail == Some(context as usize), "{diff:?}");
                }
                Block::Hunk(_) => {}
            }
        }
    }

    fn text() -> impl Strategy<Value = String> {
        let line = prop::sample::select(vec!["a\n", "b\n", "{\n", "  x: 1,\n", "\n", "a\r\n", "é\n", "a"]);
        prop::collection::vec(line, 0..30).prop_map(|lines| lines.concat())
    }

    proptest! {
        #[test]
        fn a_diff_has_all_of_both_texts(old in text(), new in text(), context in 0_u32..4) {
            let diff = LineDiff::between(&old, &new, context);
            is_sound(&diff, &old, &new, context);
            prop_assert_eq!(unfolded(&diff, &old), lines(&old, &new));
            let stat = numstat(&old, &new);
            prop_assert_eq!((stat.added, stat.removed), (diff.added, diff.removed));
        }

        #[test]
        fn edits_make_the_diff_of_both_texts(
            old in text(),
            places in places(),
            context in 0_u32..4,
        ) {
            let edits = edits_of(&old, &places);
            let new = edits.apply(&old).unwrap_or_default();
            is_sound(&LineDiff::of_edits(&old, &edits, context), &old, &new, context);
        }
    }
}
