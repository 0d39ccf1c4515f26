//! A diff as it is laid out: rows of two sides, and what is left out between them. Pure.
use callboard_core::diff::{self, DiffLine, Gap, LineDiff, LineKind, Marks, counterparts, words};
use std::ops::Range;

/// A line on one side of a row.
#[derive(Clone, Debug, PartialEq)]
pub struct Side {
    /// Its number, from 1.
    pub number: u32,
    /// The line, without its end.
    pub text: String,
}

/// What stands side by side.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The line of the old text.
    pub old: Option<Side>,
    /// The line of the new text.
    pub new: Option<Side>,
    /// Both are the same line.
    pub same: bool,
    /// The one became the other.
    pub paired: bool,
}

impl Row {
    /// The bytes of each side that its counterpart does not have. To be asked for when the row is drawn: of
    /// thousands of rows, few are.
    pub fn marks(&self) -> Marks {
        match (&self.old, &self.new) {
            (Some(old), Some(new)) if self.paired => words(&old.text, &new.text),
            _ => Marks::default(),
        }
    }
}

/// A stretch of rows.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// A change with what surrounds it.
    Hunk(Vec<Row>),
    /// Lines far from any change.
    Gap(Gap),
}

/// What is drawn in one go: so many rows of a block, from here to there.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Part {
    /// Which block.
    pub block: usize,
    /// Which of its rows; none where it is a gap, whose rows are drawn when they are asked for.
    pub rows: Range<usize>,
}

/// The parts of a diff, none of more than so many rows.
pub fn parts(blocks: &[Block], most: usize) -> Vec<Part> {
    let mut parts = Vec::new();
    for (at, block) in blocks.iter().enumerate() {
        match block {
            Block::Gap(_) => parts.push(Part { block: at, rows: 0..0 }),
            Block::Hunk(rows) => parts.extend((0..rows.len()).step_by(most).map(|from| {
                let to = (from + most).min(rows.len());
                Part { block: at, rows: from..to }
            })),
        }
    }
    parts
}

/// How many of these parts show so many rows of changes, and how many rows those are in fact.
pub fn reach(blocks: &[Block], parts: &[Part], rows: usize) -> (usize, usize) {
    let mut shown = 0;
    for (at, part) in parts.iter().enumerate() {
        if matches!(blocks[part.block], Block::Hunk(_)) {
            if shown >= rows {
                return (at, shown);
            }
            shown += part.rows.len();
        }
    }
    (parts.len(), shown)
}

/// Lays a diff out.
pub fn blocks(diff: &LineDiff) -> Vec<Block> {
    let block = |block: &diff::Block| match block {
        diff::Block::Hunk(lines) => Block::Hunk(rows(lines)),
        diff::Block::Gap(gap) => Block::Gap(*gap),
    };
    diff.blocks.iter().map(block).collect()
}

/// The first rows of a gap, at most so many, read from the old text.
pub fn gap_rows(gap: Gap, old: &str, most: usize) -> Vec<Row> {
    rows(&gap.lines(old).take(most).collect::<Vec<_>>())
}

fn rows(lines: &[DiffLine]) -> Vec<Row> {
    let mut rows = Vec::with_capacity(lines.len());
    let mut rest = lines;
    while let Some(first) = rest.first() {
        if first.kind == LineKind::Same {
            let side = |number: Option<u32>| number.map(|number| side(first, number));
            rows.push(Row { old: side(first.old_line), new: side(first.new_line), same: true, paired: false });
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

fn side(line: &DiffLine, number: u32) -> Side {
    Side { number, text: line.text.clone() }
}

/// Each line beside what became of it; those that have no counterpart fill up what is between.
fn changed(removed: &[&DiffLine], added: &[&DiffLine], rows: &mut Vec<Row>) {
    let old: Vec<&str> = removed.iter().map(|line| line.text.as_str()).collect();
    let new: Vec<&str> = added.iter().map(|line| line.text.as_str()).collect();
    let (mut at, mut to) = (0, 0);
    for (pair_at, pair_to) in counterparts(&old, &new).into_iter().chain([(old.len(), new.len())]) {
        while at < pair_at || to < pair_to {
            let old = (at < pair_at).then(|| side(removed[at], removed[at].old_line.unwrap_or_default()));
            let new = (to < pair_to).then(|| side(added[to], added[to].new_line.unwrap_or_default()));
            at += usize::from(old.is_some());
            to += usize::from(new.is_some());
            rows.push(Row { old, new, same: false, paired: false });
        }
        if let (Some(before), Some(after)) = (removed.get(pair_at), added.get(pair_to)) {
            let old = side(before, before.old_line.unwrap_or_default());
            let new = side(after, after.new_line.unwrap_or_default());
            rows.push(Row { old: Some(old), new: Some(new), same: false, paired: true });
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
    fn far_lines_are_left_out() {
        let before: String = (0..20).map(|line| format!("line {line}\n")).collect();
        let after = before.replace("line 10\n", "line ten\n");
        let blocks = blocks(&LineDiff::between(&before, &after, 2));
        let [Block::Gap(first), Block::Hunk(hunk), Block::Gap(last)] = &blocks[..] else { panic!("{blocks:?}") };
        assert_eq!((first.count, hunk.len(), last.count), (8, 5, 7));
        assert_eq!(hunk[2].marks().removed, std::iter::once(5..7).collect::<Vec<_>>());
        let shown = gap_rows(*last, &before, 3);
        let text = |row: &Row| row.old.as_ref().map(|side| (side.number, side.text.clone()));
        assert_eq!((shown.len(), text(&shown[0])), (3, Some((14, "line 13".to_owned()))));
    }

    #[test]
    fn many_rows_come_in_parts() {
        let before: String = (0..1_000).map(|line| format!("line {line}\n")).collect();
        let after = before.replace("line", "row");
        let blocks = blocks(&LineDiff::between(&before, &after, 2));
        let parts = parts(&blocks, 400);
        assert_eq!(parts.iter().map(|part| part.rows.clone()).collect::<Vec<_>>(), [0..400, 400..800, 800..1_000]);
        assert_eq!(reach(&blocks, &parts, 400), (1, 400));
        assert_eq!(reach(&blocks, &parts, 401), (2, 800));
        assert_eq!(reach(&blocks, &parts, usize::MAX), (3, 1_000));
    }

    #[test]
    fn counterparts_stand_side_by_side() {
        let rows = rows(&lines("key: one\nend\n", "first\nkey: two\n"));
        let texts: Vec<_> = rows
            .iter()
            .map(|row| {
                let text = |side: &Option<Side>| side.as_ref().map_or("", |side| side.text.as_str()).to_owned();
                (text(&row.old), text(&row.new))
            })
            .collect();
        let expected = [("", "first"), ("key: one", "key: two"), ("end", "")];
        assert_eq!(texts, expected.map(|(old, new)| (old.to_owned(), new.to_owned())));
    }
}
