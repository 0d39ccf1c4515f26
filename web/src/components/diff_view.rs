//! Lines that differ, with a little of what surrounds them, in one column or in two.
use super::diff_rows::{Block, Part, Row, Side, blocks, gap_rows, parts, reach};
use super::pieces::{marked, piece};
use super::session_signals::is_same_text;
use crate::format::count;
use callboard_core::TextEdits;
use callboard_core::diff::{self, LineDiff, LineKind};
use callboard_workspace::Entry;
use leptos::prelude::*;
use std::ops::Range;
use std::sync::Arc;

/// So many rows are shown at once; who wants more asks for as many again.
const ROWS: usize = 400;

/// So many lines that were left out are shown at a time.
const REVEALED: usize = 200;

/// The lines that differ between two texts, and the old text, of which unchanged lines are shown on demand.
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
    /// Compares two texts, with so many unchanged lines around each change.
    pub fn between(old: &Arc<str>, new: &str, context: u32) -> Self {
        Self { lines: Arc::new(LineDiff::between(old, new, context)), old: old.clone() }
    }

    /// Returns the lines that edits change in a text.
    pub fn of_edits(old: &Arc<str>, edits: &TextEdits, context: u32) -> Self {
        Self { lines: Arc::new(LineDiff::of_edits(old, edits, context)), old: old.clone() }
    }

    /// Compares a session with its file, with so many unchanged lines around each change.
    pub fn of_session(entry: &Entry, context: u32) -> Self {
        let old = if entry.changed() { entry.record().compared_with() } else { Some(entry.text().clone()) };
        Self::between(&old.unwrap_or_default(), entry.text(), context)
    }

    /// Returns the lines that differ.
    pub fn lines(&self) -> &LineDiff {
        &self.lines
    }

    /// Returns the numbers of added and of removed lines.
    pub fn tally(&self) -> (u32, u32) {
        (self.lines.added, self.lines.removed)
    }
}

/// `+3 −2`.
#[component]
pub fn Tally(
    /// How many lines came.
    added: u32,
    /// How many lines went.
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

/// A diff: unified, or split into the old text and the new one.
#[component]
pub fn DiffView(
    /// The lines that differ.
    #[prop(into)]
    diff: Signal<TextDiff>,
    /// The text's name, for those who cannot see it.
    #[prop(into)]
    label: Signal<String>,
    /// Whether old and new stand side by side.
    #[prop(optional, into)]
    split: Signal<bool>,
) -> impl IntoView {
    let asked = RwSignal::new(ROWS);
    // The region stays, with its scroll and its focus, when what is in it is laid out again.
    let table = move || {
        let TextDiff { lines, old } = diff.get();
        let blocks = Arc::new(blocks(&lines));
        let parts = Arc::new(parts(&blocks, ROWS));
        let (_, total) = reach(&blocks, &parts, usize::MAX);
        let shown = {
            let (blocks, parts) = (blocks.clone(), parts.clone());
            Memo::new(move |_| reach(&blocks, &parts, asked.get()))
        };
        // What is there already stays as it is when more is asked for.
        let each = move || {
            let split = split.get();
            parts[..shown.get().0].iter().map(|part| (part.clone(), split)).collect::<Vec<_>>()
        };
        let draw = move |(part, split): (Part, bool)| match &blocks[part.block] {
            Block::Hunk(rows) => hunk(&rows[part.rows], split).into_any(),
            Block::Gap(gap) => view! { <Gap gap=*gap old=old.clone() split/> }.into_any(),
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

fn hunk(rows: &[Row], split: bool) -> impl IntoView + use<> {
    view! { <tbody class="hunk" tabindex="-1">{laid_out(rows, split)}</tbody> }
}

/// Lines that are the same, shown on demand.
#[component]
fn Gap(
    /// Which lines they are.
    gap: diff::Gap,
    /// The text that has them.
    old: Arc<str>,
    /// Whether old and new stand side by side.
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

fn laid_out(rows: &[Row], split: bool) -> Vec<AnyView> {
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
        let marks: Vec<_> = run.iter().map(Row::marks).collect();
        let gone = run.iter().zip(&marks).filter_map(|(row, marks)| Some((row.old.as_ref()?, &marks.removed)));
        views
            .extend(gone.map(|(side, marks)| line(LineKind::Removed, Some(side.number), None, side, marks).into_any()));
        let come = run.iter().zip(&marks).filter_map(|(row, marks)| Some((row.new.as_ref()?, &marks.added)));
        views.extend(come.map(|(side, marks)| line(LineKind::Added, None, Some(side.number), side, marks).into_any()));
    }
    views
}

fn line(
    kind: LineKind,
    old: Option<u32>,
    new: Option<u32>,
    side: &Side,
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

fn split_row(row: &Row) -> impl IntoView + use<> {
    let marks = row.marks();
    let half = |side: &Option<Side>, kind: LineKind, marks: &[Range<usize>]| {
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

/// A line's text, what differs inside it marked.
fn words(side: &Side, marks: &[Range<usize>]) -> Vec<AnyView> {
    marked(&side.text, marks, "diff-word").into_iter().map(piece).collect()
}
