//! Lines that differ, with a little of what surrounds them.
use crate::format::count;
use callboard_core::diff::{DiffLine, LineKind};
use leptos::prelude::*;

/// What is shown of a diff, line by line.
#[derive(Clone, Debug, PartialEq)]
pub enum Shown {
    /// A line of either text.
    Line(DiffLine),
    /// So many lines that are the same and are left out.
    Gap(usize),
}

/// Leaves out what is far from any difference.
pub fn around(lines: Vec<DiffLine>, context: usize) -> Vec<Shown> {
    let differs: Vec<bool> = lines.iter().map(|line| line.kind != LineKind::Same).collect();
    let near = |at: usize| {
        let from = at.saturating_sub(context);
        let to = (at + context + 1).min(differs.len());
        differs[from..to].contains(&true)
    };
    let mut shown = Vec::new();
    for (at, line) in lines.into_iter().enumerate() {
        if near(at) {
            shown.push(Shown::Line(line));
        } else if let Some(Shown::Gap(lines)) = shown.last_mut() {
            *lines += 1;
        } else {
            shown.push(Shown::Gap(1));
        }
    }
    shown
}

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

/// A unified diff.
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
) -> impl IntoView {
    let rows = around(lines, context).into_iter().map(|shown| match shown {
        Shown::Line(line) => line_row(line).into_any(),
        Shown::Gap(lines) => view! {
            <tr class="diff-gap">
                <td colspan="4">{count(lines, "unchanged line", "unchanged lines")}</td>
            </tr>
        }
        .into_any(),
    });
    view! {
        <div class="diff" role="region" aria-label=label tabindex="0">
            <table class="diff-table">
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
}

fn line_row(line: DiffLine) -> impl IntoView {
    let (class, sign, word) = match line.kind {
        LineKind::Same => ("diff-same", "", ""),
        LineKind::Removed => ("diff-gone", "\u{2212}", "removed: "),
        LineKind::Added => ("diff-come", "+", "added: "),
    };
    let number = |number: Option<u32>| number.map(|number| number.to_string());
    view! {
        <tr class=class>
            <td class="diff-number">{number(line.old_line)}</td>
            <td class="diff-number">{number(line.new_line)}</td>
            <td class="diff-sign" aria-hidden="true">{sign}</td>
            <td class="diff-text"><span class="sr-only">{word}</span>{line.text}</td>
        </tr>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn far_lines_are_left_out() {
        let before: String = (0..20).map(|line| format!("line {line}\n")).collect();
        let after = before.replace("line 10\n", "line ten\n");
        let lines = callboard_core::diff::lines(&before, &after);
        assert_eq!(tally(&lines), (1, 1));
        let shown = around(lines, 2);
        assert_eq!(shown.first(), Some(&Shown::Gap(8)));
        assert_eq!(shown.last(), Some(&Shown::Gap(7)));
        assert_eq!(shown.len(), 2 + 2 + 2 + 2);
    }
}
