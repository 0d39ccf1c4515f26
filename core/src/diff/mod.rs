//! What differs between two texts, line by line, as git shows it.

mod patch;
mod words;

pub use patch::git_patch;
pub use words::{Marks, counterparts, words};

use imara_diff::{Algorithm, Diff, Hunk, InternedInput};
use std::ops::Range;

/// How many unchanged lines a unified diff shows around a change.
const CONTEXT: u32 = 3;

/// A line of a diff.
///
/// See the example at [`lines`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct DiffLine {
    /// Whether the line stayed, went or came.
    pub kind: LineKind,
    /// Its number in the old text, from 1.
    pub old_line: Option<u32>,
    /// Its number in the new text, from 1.
    pub new_line: Option<u32>,
    /// The line, without its end.
    pub text: String,
}

/// Whether a line stayed, went or came.
///
/// See the example at [`lines`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
pub enum LineKind {
    /// It is in both texts.
    Same,
    /// It is in the old text only.
    Removed,
    /// It is in the new text only.
    Added,
}

/// How many lines came and went, as `git diff --numstat` counts them.
///
/// ```
/// use callboard_core::diff::{Numstat, numstat};
/// assert_eq!(numstat("a\nb\n", "a\nc\nd\n"), Numstat { added: 2, removed: 1 });
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Numstat {
    /// Lines only the new text has.
    pub added: u32,
    /// Lines only the old text has.
    pub removed: u32,
}

/// Two texts as lines, each with its end, and the places where they differ.
struct Compared<'a> {
    old: Vec<&'a str>,
    new: Vec<&'a str>,
    diff: Diff,
}

impl<'a> Compared<'a> {
    fn new(old: &'a str, new: &'a str) -> Compared<'a> {
        let input = InternedInput::new(old, new);
        let mut diff = Diff::compute(Algorithm::Myers, &input);
        // Moves each change to where git would show it.
        diff.postprocess_lines(&input);
        Compared { old: old.split_inclusive('\n').collect(), new: new.split_inclusive('\n').collect(), diff }
    }
}

/// How many lines differ.
///
/// See the example at [`Numstat`].
pub fn numstat(old: &str, new: &str) -> Numstat {
    let compared = Compared::new(old, new);
    Numstat { added: compared.diff.count_additions(), removed: compared.diff.count_removals() }
}

/// Every line of both texts, in order, those that stayed too.
///
/// ```
/// use callboard_core::diff::{LineKind, lines};
/// let kinds: Vec<LineKind> = lines("a\nb\n", "a\nc\n").iter().map(|line| line.kind).collect();
/// assert_eq!(kinds, [LineKind::Same, LineKind::Removed, LineKind::Added]);
/// ```
pub fn lines(old: &str, new: &str) -> Vec<DiffLine> {
    let compared = Compared::new(old, new);
    let mut out = Vec::with_capacity(compared.new.len() + 8);
    let text = |line: &str| line.trim_end_matches(['\n', '\r']).to_owned();
    let same = |out: &mut Vec<DiffLine>, old_lines: Range<u32>, shift: i64| {
        for at in old_lines {
            out.push(DiffLine {
                kind: LineKind::Same,
                old_line: Some(at + 1),
                new_line: u32::try_from(i64::from(at) + shift + 1).ok(),
                text: text(compared.old[at as usize]),
            });
        }
    };
    let (mut from, mut shift) = (0, 0);
    for Hunk { before, after } in compared.diff.hunks() {
        same(&mut out, from..before.start, shift);
        for at in before.clone() {
            let text = text(compared.old[at as usize]);
            out.push(DiffLine { kind: LineKind::Removed, old_line: Some(at + 1), new_line: None, text });
        }
        for at in after.clone() {
            let text = text(compared.new[at as usize]);
            out.push(DiffLine { kind: LineKind::Added, old_line: None, new_line: Some(at + 1), text });
        }
        from = before.end;
        shift = i64::from(after.end) - i64::from(before.end);
    }
    same(&mut out, from..compared.old.len() as u32, shift);
    out
}

/// The unified diff of a file, three lines of context, as `git apply` takes it; empty where nothing differs.
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

/// The hunks of a unified diff.
fn hunks(compared: &Compared<'_>) -> String {
    let mut out = String::new();
    let hunks: Vec<Hunk> = compared.diff.hunks().collect();
    let mut rest = hunks.as_slice();
    while let Some(first) = rest.first() {
        // Changes whose contexts touch are shown as one.
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

/// Where a hunk stands: its first line and how many; an empty one is named by the line before it.
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
