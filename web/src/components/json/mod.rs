//! The session's text: its colours, its changed lines, and, as a last resort, a field to edit it in.

pub mod editor;
pub mod ends;
pub mod lines;

use super::button::{Button, Weight};
use super::diff_view::Tally;
use super::pieces::piece;
use super::virtual_rows::VirtualRows;
use crate::format::count;
use crate::pages::session_address::At;
use crate::platform::dom;
use crate::store::drafts::Draft;
use crate::store::entry::Entry;
use crate::store::workspace::{Same, use_workspace};
use callboard_core::diff::{Block, LineDiff, LineKind};
use editor::Editor;
use leptos::prelude::*;
use lines::{Lines, pieces};
use std::collections::HashSet;

/// How high a line is, in pixels.
const ROW: f64 = 20.0;

/// Which lines were changed here: those that came, and those before which something went.
#[derive(Debug, Default, PartialEq, Eq)]
struct Marks {
    came: HashSet<u32>,
    went: HashSet<u32>,
}

impl Marks {
    fn of(diff: &LineDiff) -> Self {
        let mut marks = Self::default();
        let mut next = 1;
        for block in &diff.blocks {
            let lines = match block {
                Block::Hunk(lines) => lines,
                Block::Gap(gap) => {
                    next = gap.new_line + gap.count;
                    continue;
                }
            };
            for line in lines {
                match (line.kind, line.new_line) {
                    (LineKind::Removed, _) => {
                        marks.went.insert(next);
                    }
                    (LineKind::Added, Some(at)) => {
                        marks.came.insert(at);
                        next = at + 1;
                    }
                    (_, Some(at)) => next = at + 1,
                    _ => {}
                }
            }
        }
        // What was replaced is said by what came.
        let came = &marks.came;
        marks.went.retain(|line| !came.contains(line) && !came.contains(&line.saturating_sub(1)));
        marks
    }
}

/// The tab of the text.
#[component]
pub fn JsonText(
    /// The session.
    entry: Same<Entry>,
    /// Where the page is.
    at: Memo<At>,
) -> impl IntoView {
    let workspace = use_workspace();
    let id = entry.id().to_owned();
    let editing = {
        let id = id.clone();
        Memo::new(move |_| workspace.drafts.begun(&id))
    };
    let edit = {
        let (id, text) = (id.clone(), entry.text().clone());
        move || {
            let draft = Draft { over: text.to_string(), field: ends::into_field(&text).0 };
            workspace.drafts.begin(&id, draft);
            dom::focus_soon("#editor-field");
        }
    };
    let text = entry.text().clone();
    let differing = entry.diff(0);
    let (added, removed) = (differing.added, differing.removed);
    let changed = entry.changed();
    let marks = StoredValue::new(Marks::of(&differing));
    let lines = StoredValue::new(Lines::of(entry.session()));
    let number = lines.with_value(Lines::len);
    let path = entry.path();
    let kept = entry.clone();
    view! {
        <div class="json">
            <div class="json-head">
                <bdi class="path">{path}</bdi>
                <span class="muted">{count(number, "line", "lines")}</span>
                {changed.then(|| view! { <Tally added removed/> })}
                <span class="spacer"></span>
                <Button
                    label="Copy the text"
                    weight=Weight::Quiet
                    on_press=move || workspace.copy("the file's text", text.to_string())
                />
                {move || {
                    let edit = edit.clone();
                    editing.get().is_none().then(|| view! {
                        <Button label="Edit the text" weight=Weight::Quiet on_press=edit/>
                    })
                }}
            </div>
            {move || if let Some(draft) = editing.get().and_then(|_| workspace.drafts.get(&id)) {
                view! { <Editor entry=kept.clone() draft/> }.into_any()
            } else {
                let target = Signal::derive(move || at.get().line.map(|line| line.saturating_sub(1) as usize));
                view! {
                    <VirtualRows
                        count=number
                        row=ROW
                        label="The file's text"
                        target
                        draw=move |index| lines.with_value(|lines| marks.with_value(|marks| row(lines, marks, index, at)))
                    />
                }
                .into_any()
            }}
        </div>
    }
}

fn row(lines: &Lines, marks: &Marks, index: usize, at: Memo<At>) -> AnyView {
    #[allow(clippy::cast_possible_truncation)]
    let number = index as u32 + 1;
    let came = marks.came.contains(&number);
    let went = marks.went.contains(&number);
    let pieces = pieces(lines, index).into_iter().map(piece).collect_view();
    view! {
        <div
            class="json-line"
            class:json-came=came
            class:json-went=went
            class:json-target=move || at.get().line == Some(number)
        >
            <span class="json-number">{number}</span>
            <span class="json-sign" title=went.then_some("Something was removed before this line.")>
                {if came { "+" } else { "" }}
                {came.then(|| view! { <span class="sr-only">"changed here: "</span> })}
            </span>
            <code class="json-code" translate="no">{pieces}</code>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_and_what_went_is_marked_on_the_new_lines() {
        let marks = |old: &str, new: &str| Marks::of(&LineDiff::between(old, new, 0));
        let replaced = marks("a\nb\nc\n", "a\nx\nc\n");
        assert_eq!((replaced.came, replaced.went), (HashSet::from([2]), HashSet::new()));
        let removed = marks("a\nb\nc\n", "a\nc\n");
        assert_eq!((removed.came, removed.went), (HashSet::new(), HashSet::from([2])));
        let far = marks("a\nb\nc\nd\n", "a\nb\nc\n");
        assert_eq!((far.came, far.went), (HashSet::new(), HashSet::from([4])));
        assert_eq!(marks("a\n", "a\n"), Marks::default());
    }
}
