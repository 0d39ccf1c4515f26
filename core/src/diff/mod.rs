//! Line diffs of two texts, as git shows them.

mod line_diff;
mod patch;
mod words;

pub use line_diff::{Block, Gap, LineDiff};
pub use patch::git_patch;
pub use words::{Marks, counterparts, words};

use crate::TextEdit;
use gix_imara_diff::{Algorithm, Diff, Hunk, InternedInput};
use std::ops::Range;

/// Number of unchanged lines around a change in a unified diff.
const CONTEXT: u32 = 3;

/// Number of steps above which changes are not moved to where git would show them. A move may look at every line, and a
/// text of a hundred thousand lines may have ten thousand changes.
const PLACING_STEPS: usize = 200_000_000;

/// Line of a diff.
///
/// See the example at [`lines`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct DiffLine {
    /// Kind of line.
    pub kind: LineKind,
    /// Number in the old text, from 1.
    pub old_line: Option<u32>,
    /// Number in the new text, from 1.
    pub new_line: Option<u32>,
    /// Text without the line end.
    pub text: String,
}

impl DiffLine {
    fn of(kind: LineKind, old_line: Option<u32>, new_line: Option<u32>, text: &str) -> DiffLine {
        DiffLine { kind, old_line, new_line, text: text.trim_end_matches(['\n', '\r']).to_owned() }
    }

    fn same(old_line: u32, new_line: u32, text: &str) -> DiffLine {
        DiffLine::of(LineKind::Same, Some(old_line), Some(new_line), text)
    }

    fn removed(old_line: u32, text: &str) -> DiffLine {
        DiffLine::of(LineKind::Removed, Some(old_line), None, text)
    }

    fn added(new_line: u32, text: &str) -> DiffLine {
        DiffLine::of(LineKind::Added, None, Some(new_line), text)
    }
}

/// Kind of a diff's line.
///
/// See the example at [`lines`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
pub enum LineKind {
    /// In both texts.
    Same,
    /// Only in the old text.
    Removed,
    /// Only in the new text.
    Added,
}

/// Numbers of added and removed lines, as in `git diff --numstat`.
///
/// ```
/// use callboard_core::diff::{Numstat, numstat};
/// assert_eq!(numstat("a\nb\n", "a\nc\nd\n"), Numstat { added: 2, removed: 1 });
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Numstat {
    /// Lines that only the new text has.
    pub added: u32,
    /// Lines that only the old text has.
    pub removed: u32,
}

/// Two texts as lines with their ends, and the differences.
struct Compared<'a> {
    old: Vec<&'a str>,
    new: Vec<&'a str>,
    diff: Diff,
}

impl<'a> Compared<'a> {
    fn new(old: &'a str, new: &'a str) -> Compared<'a> {
        let input = InternedInput::new(old, new);
        let mut diff = Diff::compute(Algorithm::Myers, &input);
        let steps = diff.hunks().count().saturating_mul(input.before.len() + input.after.len());
        if steps <= PLACING_STEPS {
            // Moves each change to where git would show it.
            diff.postprocess_lines(&input);
        }
        Compared { old: old.split_inclusive('\n').collect(), new: new.split_inclusive('\n').collect(), diff }
    }

    /// Converts the changes to edits of whole lines; the old text starts at the byte `from`.
    fn edits(&self, from: usize) -> Vec<TextEdit> {
        let mut edits = Vec::new();
        let (mut line, mut at) = (0, from);
        for Hunk { before, after } in self.diff.hunks() {
            let slice = |lines: &[&str], range: &Range<u32>| lines[range.start as usize..range.end as usize].concat();
            at += self.old[line..before.start as usize].iter().map(|line| line.len()).sum::<usize>();
            let (removed, added) = (slice(&self.old, &before), slice(&self.new, &after));
            line = before.end as usize;
            let end = at + removed.len();
            edits.push(TextEdit { at, removed, added });
            at = end;
        }
        edits
    }
}

/// Counts added and removed lines.
///
/// See the example at [`Numstat`].
pub fn numstat(old: &str, new: &str) -> Numstat {
    let compared = Compared::new(old, new);
    Numstat { added: compared.diff.count_additions(), removed: compared.diff.count_removals() }
}

/// Lists all lines of both texts in order, unchanged ones included.
///
/// ```
/// use callboard_core::diff::{LineKind, lines};
/// let kinds: Vec<LineKind> = lines("a\nb\n", "a\nc\n").iter().map(|line| line.kind).collect();
/// assert_eq!(kinds, [LineKind::Same, LineKind::Removed, LineKind::Added]);
/// ```
pub fn lines(old: &str, new: &str) -> Vec<DiffLine> {
    let diff = LineDiff::between(old, new, 0);
    let mut out = Vec::new();
    for block in diff.blocks {
        match block {
            Block::Hunk(mut lines) => out.append(&mut lines),
            Block::Gap(gap) => out.extend(gap.lines(old)),
        }
    }
    out
}

/// Creates the unified diff of a file for `git apply`, with three lines of context; empty if nothing differs.
///
/// ```
/// let patch = callboard_core::diff::unified("a\nb", "a\nc\n", "ep001.json");
/// assert_eq!(patch, "--- a/ep001.json\n+++ b/ep001.json\n@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+c\n");
/// ```
pub fn unified(old: &str, new: &str, path: &str) -> String {
    if old == new {
        return String::new();
    }
    patch::head(path) + &hunks(&Compared::new(old, new))
}

/// Formats the hunks of a unified diff.
fn hunks(compared: &Compared<'_>) -> String {
    let mut out = String::new();
    let hunks: Vec<Hunk> = compared.diff.hunks().collect();
    let mut rest = hunks.as_slice();
    while let Some(first) = rest.first() {
        // Changes with touching contexts form one hunk.
        let near = rest.windows(2).take_while(|pair| pair[1].before.start - pair[0].before.end <= 2 * CONTEXT).count();
        let (group, later) = rest.split_at(near + 1);
        rest = later;
        let last = group.last().unwrap_or(first);
        let lead = CONTEXT.min(first.before.start);
        let tail = CONTEXT.min(compared.old.len() as u32 - last.before.end);
        let old_range = first.before.start - lead..last.before.end + tail;
        let new_range = first.after.start - lead..last.after.end + tail;
        out.push_str(&format!("@@ -{} +{} @@\n", place(&old_range), place(&new_range)));
        let mut at = old_range.start;
        for hunk in group {
            push_lines(&mut out, ' ', &compared.old[at as usize..hunk.before.start as usize]);
            push_lines(&mut out, '-', &compared.old[hunk.before.start as usize..hunk.before.end as usize]);
            push_lines(&mut out, '+', &compared.new[hunk.after.start as usize..hunk.after.end as usize]);
            at = hunk.before.end;
        }
        push_lines(&mut out, ' ', &compared.old[at as usize..old_range.end as usize]);
    }
    out
}

/// Formats a hunk's range: its first line and length; an empty range has the number of the line before it.
fn place(range: &Range<u32>) -> String {
    let length = range.end - range.start;
    let start = if length == 0 { range.start } else { range.start + 1 };
    if length == 1 { format!("{start}") } else { format!("{start},{length}") }
}

fn push_lines(out: &mut String, mark: char, lines: &[&str]) {
    for line in lines {
        out.push(mark);
        out.push_str(line);
        if !line.ends_with('\n') {
            out.push_str("\n\\ No newline at end of file\n");
        }
    }
}
