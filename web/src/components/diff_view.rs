//! Diff view, unified or split.
use super::diff_rows::{DiffBlock, DiffRow, DiffSide, RowRange, blocks, gap_rows, parts, parts_for_rows};
use super::line_text::{mark_ranges, render_run};
use super::session_signals::is_same_text;
use crate::format::count;
use callboard_core::TextEdits;
use callboard_core::diff::{self, LineDiff, LineKind};
use callboard_workspace::Entry;
use leptos::prelude::*;
use std::ops::Range;
use std::sync::Arc;

/// Number of rows shown at once, and added per click.
const ROWS: usize = 400;

/// Number of unchanged lines revealed per click.
const REVEALED: usize = 200;

/// A diff of two texts, with the old text for revealing unchanged lines.
#[derive(Clone, Debug)]
pub struct TextDiff {
    lines: Arc<LineDiff>,
    old: Arc<str>,
}

impl PartialEq for TextDiff {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.lines, &other.lines) || (is_same_text(&self.old, &other.old) && self.lines == other.lines)
    }
}

impl TextDiff {
    /// Compares two texts, with `context` unchanged lines around each change.
    pub fn between(old: &Arc<str>, new: &str, context: u32) -> Self {
        Self { lines: Arc::new(LineDiff::between(old, new, context)), old: old.clone() }
    }

    /// Returns the diff that edits of a text make.
    pub fn of_edits(old: &Arc<str>, edits: &TextEdits, context: u32) -> Self {
        Self { lines: Arc::new(LineDiff::of_edits(old, edits, context)), old: old.clone() }
    }

    /// Compares a session with its file, with `context` unchanged lines around each change.
    pub fn of_session(entry: &Entry, context: u32) -> Self {
        let old = if entry.changed() { entry.record().compared_with() } else { Some(entry.text().clone()) };
        Self::between(&old.unwrap_or_default(), entry.text(), context)
    }

    /// Returns the diff's lines.
    pub fn lines(&self) -> &LineDiff {
        &self.lines
    }

    /// Returns the numbers of added and removed lines.
    pub fn tally(&self) -> (u32, u32) {
        (self.lines.added, self.lines.removed)
    }
}

/// The numbers of added and removed lines: `+3 −2`.
#[component]
pub fn Tally(
    /// Number of added lines.
    added: u32,
    /// Number of removed lines.
    removed: u32,
) -> impl IntoView {
    let lines = |number: u32| count(number as usize, "line", "lines");
    let words = format!("{} added, {} removed", lines(added), lines(removed));
    view! {
        <span class="tally" role="img" aria-label=words.clone() title=words>
            <span class="tally-added">"+" {added}</span>
            <span class="tally-removed">"\u{2212}" {removed}</span>
        </span>
    }
}

/// A diff, unified or split.
#[component]
pub fn DiffView(
    /// The diff.
    #[prop(into)]
    diff: Signal<TextDiff>,
    /// The accessible name.
    #[prop(into)]
    label: Signal<String>,
    /// True to show old and new text side by side.
    #[prop(optional, into)]
    split: Signal<bool>,
) -> impl IntoView {
    let asked = RwSignal::new(ROWS);
    // The region is kept, with its scroll offset and focus, when its content changes.
    let table = move || {
        let TextDiff { lines, old } = diff.get();
        let blocks = Arc::new(blocks(&lines));
        let parts = Arc::new(parts(&blocks, ROWS));
        let (_, total) = parts_for_rows(&blocks, &parts, usize::MAX);
        let shown = {
            let (blocks, parts) = (blocks.clone(), parts.clone());
            Memo::new(move |_| parts_for_rows(&blocks, &parts, asked.get()))
        };
        // Revealing more rows keeps the rendered ones.
        let each = move || {
            let split = split.get();
            parts[..shown.get().0].iter().map(|part| (part.clone(), split)).collect::<Vec<_>>()
        };
        let draw = move |(part, split): (RowRange, bool)| match &blocks[part.block] {
            DiffBlock::Hunk(rows) => hunk(&rows[part.rows], split).into_any(),
            DiffBlock::Gap(gap) => view! { <Gap gap=*gap old=old.clone() split/> }.into_any(),
        };
        let left = move || total - shown.get().1;
        view! {
            <table class="diff-table" class:diff-split=split>
                {move || split.get().then(|| view! {
                    <colgroup>
                        <col class="diff-col-number"/><col class="diff-col-sign"/><col/>
                        <col class="diff-col-number"/><col class="diff-col-sign"/><col/>
                    </colgroup>
                })}
                <For each key=Clone::clone children=draw/>
            </table>
            {move || (left() > 0).then(|| view! {
                <button type="button" class="diff-more" on:click=move |_| asked.update(|asked| *asked += ROWS)>
                    {move || format!("Show {} more of {}", left().min(ROWS), count(left(), "line", "lines"))}
                </button>
            })}
        }
    };
    view! { <div class="diff" role="region" aria-label=label tabindex="0">{table}</div> }
}

fn hunk(rows: &[DiffRow], split: bool) -> impl IntoView + use<> {
    view! { <tbody class="hunk" tabindex="-1">{laid_out(rows, split)}</tbody> }
}

/// Unchanged lines, revealed on demand.
#[component]
fn Gap(
    /// The range of lines.
    gap: diff::Gap,
    /// The text that contains them.
    old: Arc<str>,
    /// True to show old and new text side by side.
    split: bool,
) -> impl IntoView {
    let shown = RwSignal::new(0);
    move || {
        let rows = gap_rows(gap, &old, shown.get());
        let left = gap.count as usize - rows.len();
        let next = left.min(REVEALED);
        let words = match next == left {
            true => format!("Show {}", count(left, "unchanged line", "unchanged lines")),
            false => format!("Show {next} of {left} unchanged lines"),
        };
        view! {
            <tbody>
                {laid_out(&rows, split)}
                {(left > 0).then(|| view! {
                    <tr class="diff-gap">
                        <td colspan=if split { "6" } else { "4" }>
                            <button type="button" class="diff-reveal" on:click=move |_| shown.update(|shown| *shown += next)>
                                {words}
                            </button>
                        </td>
                    </tr>
                })}
            </tbody>
        }
    }
}

fn laid_out(rows: &[DiffRow], split: bool) -> Vec<AnyView> {
    if split {
        return rows.iter().map(|row| split_row(row).into_any()).collect();
    }
    let mut views = Vec::with_capacity(rows.len());
    let mut rest = rows;
    while let Some(first) = rest.first() {
        if first.same {
            let old = first.old.as_ref().map(|side| side.number);
            let new = first.new.as_ref();
            views.extend(new.map(|side| line(LineKind::Same, old, Some(side.number), side, &[]).into_any()));
            rest = &rest[1..];
            continue;
        }
        let end = rest.iter().position(|row| row.same).unwrap_or(rest.len());
        let (run, later) = rest.split_at(end);
        rest = later;
        let marks: Vec<_> = run.iter().map(DiffRow::marks).collect();
        let removed = run.iter().zip(&marks).filter_map(|(row, marks)| Some((row.old.as_ref()?, &marks.removed)));
        views.extend(
            removed.map(|(side, marks)| line(LineKind::Removed, Some(side.number), None, side, marks).into_any()),
        );
        let added = run.iter().zip(&marks).filter_map(|(row, marks)| Some((row.new.as_ref()?, &marks.added)));
        views.extend(added.map(|(side, marks)| line(LineKind::Added, None, Some(side.number), side, marks).into_any()));
    }
    views
}

fn line(
    kind: LineKind,
    old: Option<u32>,
    new: Option<u32>,
    side: &DiffSide,
    marks: &[Range<usize>],
) -> impl IntoView + use<> {
    let (class, sign, word) = kind_of(kind);
    view! {
        <tr class=class>
            <td class="diff-number">{old}</td>
            <td class="diff-number">{new}</td>
            <td class="diff-sign" aria-hidden="true">{sign}</td>
            <td class="diff-text" translate="no"><span class="sr-only">{word}</span>{words(side, marks)}</td>
        </tr>
    }
}

fn split_row(row: &DiffRow) -> impl IntoView + use<> {
    let marks = row.marks();
    let half = |side: &Option<DiffSide>, kind: LineKind, marks: &[Range<usize>]| {
        let kind = if row.same { LineKind::Same } else { kind };
        let (class, sign, word) = kind_of(kind);
        match side {
            Some(side) => view! {
                <td class=format!("diff-number {class}")>{side.number}</td>
                <td class=format!("diff-sign {class}") aria-hidden="true">{sign}</td>
                <td class=format!("diff-text {class}") translate="no"><span class="sr-only">{word}</span>{words(side, marks)}</td>
            }
            .into_any(),
            None => view! {
                <td class="diff-number diff-none"></td>
                <td class="diff-sign diff-none"></td>
                <td class="diff-text diff-none"></td>
            }
            .into_any(),
        }
    };
    view! {
        <tr>
            {half(&row.old, LineKind::Removed, &marks.removed)}
            {half(&row.new, LineKind::Added, &marks.added)}
        </tr>
    }
}

fn kind_of(kind: LineKind) -> (&'static str, &'static str, &'static str) {
    match kind {
        LineKind::Same => ("diff-same", "", ""),
        LineKind::Removed => ("diff-gone", "\u{2212}", "removed: "),
        LineKind::Added => ("diff-come", "+", "added: "),
    }
}

/// Returns a line's text with its changed parts highlighted.
fn words(side: &DiffSide, marks: &[Range<usize>]) -> Vec<AnyView> {
    mark_ranges(&side.text, marks, "diff-word").into_iter().map(render_run).collect()
}
