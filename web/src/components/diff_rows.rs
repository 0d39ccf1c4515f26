//! Layout of a diff as rows of two sides, with gaps between them. Pure.
use callboard_core::diff::{self, DiffLine, Gap, LineDiff, LineKind, Marks, counterparts, words};
use std::ops::Range;

/// A line on one side of a row.
#[derive(Clone, Debug, PartialEq)]
pub struct DiffSide {
    /// The line number, from 1.
    pub number: u32,
    /// The text without its line end.
    pub text: String,
}

/// A row of a split diff.
#[derive(Clone, Debug, PartialEq)]
pub struct DiffRow {
    /// The line of the old text.
    pub old: Option<DiffSide>,
    /// The line of the new text.
    pub new: Option<DiffSide>,
    /// True if both lines are the same.
    pub same: bool,
    /// True if the old line became the new one.
    pub paired: bool,
}

impl DiffRow {
    /// Returns the byte ranges in which the paired lines differ. Computed on rendering, as few of thousands of rows
    /// are rendered.
    pub fn marks(&self) -> Marks {
        match (&self.old, &self.new) {
            (Some(old), Some(new)) if self.paired => words(&old.text, &new.text),
            _ => Marks::default(),
        }
    }
}

/// A contiguous part of a diff.
#[derive(Clone, Debug, PartialEq)]
pub enum DiffBlock {
    /// A change with its context.
    Hunk(Vec<DiffRow>),
    /// Unchanged lines far from any change.
    Gap(Gap),
}

/// A range of rows that is rendered as one unit.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RowRange {
    /// Index of the block.
    pub block: usize,
    /// The rows of the block; empty for a gap, whose rows are rendered on demand.
    pub rows: Range<usize>,
}

/// Splits a diff into parts of at most `limit` rows.
pub fn parts(blocks: &[DiffBlock], limit: usize) -> Vec<RowRange> {
    let mut parts = Vec::new();
    for (at, block) in blocks.iter().enumerate() {
        match block {
            DiffBlock::Gap(_) => parts.push(RowRange { block: at, rows: 0..0 }),
            DiffBlock::Hunk(rows) => parts.extend((0..rows.len()).step_by(limit).map(|from| {
                let to = (from + limit).min(rows.len());
                RowRange { block: at, rows: from..to }
            })),
        }
    }
    parts
}

/// Returns the number of parts needed to show `rows` rows of changes, and the number of rows in them.
pub fn parts_for_rows(blocks: &[DiffBlock], parts: &[RowRange], rows: usize) -> (usize, usize) {
    let mut shown = 0;
    for (at, part) in parts.iter().enumerate() {
        if matches!(blocks[part.block], DiffBlock::Hunk(_)) {
            if shown >= rows {
                return (at, shown);
            }
            shown += part.rows.len();
        }
    }
    (parts.len(), shown)
}

/// Lays out a diff.
pub fn blocks(diff: &LineDiff) -> Vec<DiffBlock> {
    let block = |block: &diff::Block| match block {
        diff::Block::Hunk(lines) => DiffBlock::Hunk(rows(lines)),
        diff::Block::Gap(gap) => DiffBlock::Gap(*gap),
    };
    diff.blocks.iter().map(block).collect()
}

/// Returns the first rows of a gap, at most `limit`, read from the old text.
pub fn gap_rows(gap: Gap, old: &str, limit: usize) -> Vec<DiffRow> {
    rows(&gap.lines(old).take(limit).collect::<Vec<_>>())
}

fn rows(lines: &[DiffLine]) -> Vec<DiffRow> {
    let mut rows = Vec::with_capacity(lines.len());
    let mut rest = lines;
    while let Some(first) = rest.first() {
        if first.kind == LineKind::Same {
            let side = |number: Option<u32>| number.map(|number| side(first, number));
            rows.push(DiffRow { old: side(first.old_line), new: side(first.new_line), same: true, paired: false });
            rest = &rest[1..];
            continue;
        }
        let end = rest.iter().position(|line| line.kind == LineKind::Same).unwrap_or(rest.len());
        let (run, later) = rest.split_at(end);
        rest = later;
        let of = |kind| run.iter().filter(move |line| line.kind == kind);
        changed(&of(LineKind::Removed).collect::<Vec<_>>(), &of(LineKind::Added).collect::<Vec<_>>(), &mut rows);
    }
    rows
}

fn side(line: &DiffLine, number: u32) -> DiffSide {
    DiffSide { number, text: line.text.clone() }
}

/// Appends rows that pair each line with its counterpart, with unpaired lines in between.
fn changed(removed: &[&DiffLine], added: &[&DiffLine], rows: &mut Vec<DiffRow>) {
    let old: Vec<&str> = removed.iter().map(|line| line.text.as_str()).collect();
    let new: Vec<&str> = added.iter().map(|line| line.text.as_str()).collect();
    let (mut at, mut to) = (0, 0);
    for (pair_at, pair_to) in counterparts(&old, &new).into_iter().chain([(old.len(), new.len())]) {
        while at < pair_at || to < pair_to {
            let old = (at < pair_at).then(|| side(removed[at], removed[at].old_line.unwrap_or_default()));
            let new = (to < pair_to).then(|| side(added[to], added[to].new_line.unwrap_or_default()));
            at += usize::from(old.is_some());
            to += usize::from(new.is_some());
            rows.push(DiffRow { old, new, same: false, paired: false });
        }
        if let (Some(before), Some(after)) = (removed.get(pair_at), added.get(pair_to)) {
            let old = side(before, before.old_line.unwrap_or_default());
            let new = side(after, after.new_line.unwrap_or_default());
            rows.push(DiffRow { old: Some(old), new: Some(new), same: false, paired: true });
            at += 1;
            to += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use callboard_core::diff::lines;

    #[test]
    fn distant_lines_are_gaps() {
        let before: String = (0..20).map(|line| format!("line {line}\n")).collect();
        let after = before.replace("line 10\n", "line ten\n");
        let blocks = blocks(&LineDiff::between(&before, &after, 2));
        let [DiffBlock::Gap(first), DiffBlock::Hunk(hunk), DiffBlock::Gap(last)] = &blocks[..] else {
            panic!("{blocks:?}")
        };
        assert_eq!((first.count, hunk.len(), last.count), (8, 5, 7));
        assert_eq!(hunk[2].marks().removed, std::iter::once(5..7).collect::<Vec<_>>());
        let shown = gap_rows(*last, &before, 3);
        let text = |row: &DiffRow| row.old.as_ref().map(|side| (side.number, side.text.clone()));
        assert_eq!((shown.len(), text(&shown[0])), (3, Some((14, "line 13".to_owned()))));
    }

    #[test]
    fn many_rows_are_split_into_parts() {
        let before: String = (0..1_000).map(|line| format!("line {line}\n")).collect();
        let after = before.replace("line", "row");
        let blocks = blocks(&LineDiff::between(&before, &after, 2));
        let parts = parts(&blocks, 400);
        assert_eq!(parts.iter().map(|part| part.rows.clone()).collect::<Vec<_>>(), [0..400, 400..800, 800..1_000]);
        assert_eq!(parts_for_rows(&blocks, &parts, 400), (1, 400));
        assert_eq!(parts_for_rows(&blocks, &parts, 401), (2, 800));
        assert_eq!(parts_for_rows(&blocks, &parts, usize::MAX), (3, 1_000));
    }

    #[test]
    fn counterparts_share_a_row() {
        let rows = rows(&lines("key: one\nend\n", "first\nkey: two\n"));
        let texts: Vec<_> = rows
            .iter()
            .map(|row| {
                let text = |side: &Option<DiffSide>| side.as_ref().map_or("", |side| side.text.as_str()).to_owned();
                (text(&row.old), text(&row.new))
            })
            .collect();
        let expected = [("", "first"), ("key: one", "key: two"), ("end", "")];
        assert_eq!(texts, expected.map(|(old, new)| (old.to_owned(), new.to_owned())));
    }
}
