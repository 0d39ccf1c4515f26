//! Lines that differ, with a little of what surrounds them, in one column or in two.
use super::diff_rows::{Block, Row, Side, blocks};
use crate::format::count;
use callboard_core::diff::{DiffLine, LineKind};
use leptos::prelude::*;
use std::sync::Arc;

/// So many rows are shown at once; who wants more asks for all.
const ROWS: usize = 400;

/// So many lines that were left out are shown at a time.
const REVEALED: usize = 200;

/// How many lines came and went.
pub fn tally(lines: &[DiffLine]) -> (usize, usize) {
    let of = |kind| lines.iter().filter(|line| line.kind == kind).count();
    (of(LineKind::Added), of(LineKind::Removed))
}

/// `+3 −2`.
#[component]
pub fn Tally(
    /// How many lines came.
    added: usize,
    /// How many lines went.
    removed: usize,
) -> impl IntoView {
    let words = format!("{} added, {} removed", count(added, "line", "lines"), count(removed, "line", "lines"));
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
    /// Every line of both texts.
    lines: Vec<DiffLine>,
    /// How many lines around a difference are shown.
    #[prop(default = 2)]
    context: usize,
    /// What it is the diff of, for those who cannot see it.
    #[prop(into)]
    label: String,
    /// Whether old and new stand side by side.
    #[prop(optional, into)]
    split: Signal<bool>,
) -> impl IntoView {
    let blocks = Arc::new(blocks(&lines, context));
    let total: usize = blocks.iter().filter(|block| matches!(block, Block::Hunk(_))).map(|b| b.rows().len()).sum();
    let whole = RwSignal::new(total <= ROWS);
    let body = move || {
        let (split, whole) = (split.get(), whole.get());
        let mut room = if whole { usize::MAX } else { ROWS };
        let mut bodies = Vec::new();
        for at in 0..blocks.len() {
            if room == 0 {
                break;
            }
            match &blocks[at] {
                Block::Hunk(rows) => {
                    let shown = rows.len().min(room);
                    room -= shown;
                    bodies.push(hunk(&rows[..shown], split).into_any());
                }
                Block::Gap(_) => bodies.push(view! { <Gap blocks=blocks.clone() at split/> }.into_any()),
            }
        }
        view! {
            <table class="diff-table" class:diff-split=split>
                {split.then(|| view! {
                    <colgroup>
                        <col class="diff-col-number"/><col class="diff-col-sign"/><col/>
                        <col class="diff-col-number"/><col class="diff-col-sign"/><col/>
                    </colgroup>
                })}
                {bodies}
            </table>
        }
    };
    view! {
        <div class="diff" role="region" aria-label=label tabindex="0">
            {body}
            {move || (!whole.get()).then(|| view! {
                <button type="button" class="diff-more" on:click=move |_| whole.set(true)>
                    {format!("Show all {}; {ROWS} are shown", count(total, "line", "lines"))}
                </button>
            })}
        </div>
    }
}

fn hunk(rows: &[Row], split: bool) -> impl IntoView + use<> {
    view! { <tbody class="hunk" tabindex="-1">{laid_out(rows, split)}</tbody> }
}

/// Lines that are the same, shown on demand.
#[component]
fn Gap(
    /// All of the diff.
    blocks: Arc<Vec<Block>>,
    /// Which part of it this is.
    at: usize,
    /// Whether old and new stand side by side.
    split: bool,
) -> impl IntoView {
    let shown = RwSignal::new(0);
    move || {
        let rows = blocks[at].rows();
        let shown_now = shown.get().min(rows.len());
        let left = rows.len() - shown_now;
        let next = left.min(REVEALED);
        let words = match next == left {
            true => format!("Show {}", count(left, "unchanged line", "unchanged lines")),
            false => format!("Show {next} of {left} unchanged lines"),
        };
        view! {
            <tbody>
                {laid_out(&rows[..shown_now], split)}
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
            views.extend(first.new.as_ref().map(|side| line(LineKind::Same, old, Some(side.number), side).into_any()));
            rest = &rest[1..];
            continue;
        }
        let end = rest.iter().position(|row| row.same).unwrap_or(rest.len());
        let (run, later) = rest.split_at(end);
        rest = later;
        let gone = run.iter().filter_map(|row| row.old.as_ref());
        views.extend(gone.map(|side| line(LineKind::Removed, Some(side.number), None, side).into_any()));
        let come = run.iter().filter_map(|row| row.new.as_ref());
        views.extend(come.map(|side| line(LineKind::Added, None, Some(side.number), side).into_any()));
    }
    views
}

fn line(kind: LineKind, old: Option<u32>, new: Option<u32>, side: &Side) -> impl IntoView + use<> {
    let (class, sign, word) = kind_of(kind);
    view! {
        <tr class=class>
            <td class="diff-number">{old}</td>
            <td class="diff-number">{new}</td>
            <td class="diff-sign" aria-hidden="true">{sign}</td>
            <td class="diff-text"><span class="sr-only">{word}</span>{marked(side)}</td>
        </tr>
    }
}

fn split_row(row: &Row) -> impl IntoView + use<> {
    let half = |side: &Option<Side>, kind: LineKind| {
        let kind = if row.same { LineKind::Same } else { kind };
        let (class, sign, word) = kind_of(kind);
        match side {
            Some(side) => view! {
                <td class=format!("diff-number {class}")>{side.number}</td>
                <td class=format!("diff-sign {class}") aria-hidden="true">{sign}</td>
                <td class=format!("diff-text {class}")><span class="sr-only">{word}</span>{marked(side)}</td>
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
            {half(&row.old, LineKind::Removed)}
            {half(&row.new, LineKind::Added)}
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
fn marked(side: &Side) -> Vec<AnyView> {
    let mut parts = Vec::new();
    let mut from = 0;
    for mark in &side.marks {
        let (before, word) = (side.text.get(from..mark.start), side.text.get(mark.clone()));
        parts.push(before.unwrap_or_default().to_owned().into_any());
        parts.push(view! { <span class="diff-word">{word.unwrap_or_default().to_owned()}</span> }.into_any());
        from = mark.end;
    }
    parts.push(side.text.get(from..).unwrap_or_default().to_owned().into_any());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted() {
        assert_eq!(tally(&callboard_core::diff::lines("a\nb\n", "a\nc\nd\n")), (2, 1));
    }
}
