//! The JSON tab: coloured text, changed lines, and an editor.

pub mod editor;
pub mod line_endings;
pub mod lines;

use super::button::{Button, Weight};
use super::diff_view::{Tally, TextDiff};
use super::line_text::{TextRun, render_run};
use super::session_signals::SessionSignals;
use super::virtual_list::{ListContainer, VirtualList};
use crate::format::count;
use crate::platform::dom;
use crate::platform::row_template::Slot::{Attribute, Content, Text};
use crate::platform::row_template::{Node, Row, node};
use crate::session_address::SessionAddress;
use crate::store::drafts::use_drafts;
use crate::store::workspace::use_workspace;
use callboard_core::diff::{Block, LineDiff, LineKind};
use callboard_workspace::Entry;
use editor::{Editor, UnfinishedEdits};
use leptos::prelude::*;
use lines::{TextLines, line_runs};
use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

/// The changed lines: added ones, and those preceded by removed ones.
#[derive(Debug, Default, PartialEq, Eq)]
struct ChangedLines {
    is_added: HashSet<u32>,
    is_after_removed: HashSet<u32>,
}

impl ChangedLines {
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
                        marks.is_after_removed.insert(next);
                    }
                    (LineKind::Added, Some(at)) => {
                        marks.is_added.insert(at);
                        next = at + 1;
                    }
                    (_, Some(at)) => next = at + 1,
                    _ => {}
                }
            }
        }
        // Replaced lines count as added only.
        let is_added = &marks.is_added;
        marks.is_after_removed.retain(|line| !is_added.contains(line) && !is_added.contains(&line.saturating_sub(1)));
        marks
    }
}

/// The differences from the session's file.
#[derive(Debug, Default, PartialEq, Eq)]
struct FileDiff {
    /// The numbers of added and removed lines.
    tally: (u32, u32),
    marks: ChangedLines,
}

impl FileDiff {
    fn of(entry: &Entry) -> Self {
        let diff = TextDiff::of_session(entry, 0);
        Self { tally: diff.tally(), marks: ChangedLines::of(diff.lines()) }
    }
}

/// The JSON tab.
#[component]
pub fn JsonText(
    /// The session.
    session: SessionSignals,
    /// The parameters of the page's address.
    at: Memo<SessionAddress>,
) -> impl IntoView {
    let (workspace, drafts) = (use_workspace(), use_drafts());
    let editing = Memo::new(move |_| drafts.begun(&session.id()));
    let is_edited = Memo::new(move |_| editing.get().is_some());
    let text = move || session.text.with_untracked(|entry| entry.text().clone());
    let edit = move || {
        let text = text();
        let field = line_endings::into_field(&text).0;
        drafts.begin(&session.id(), text, field);
        dom::focus_after_render("#editor-field");
    };
    let is_changed = session.entry_part(Entry::changed);
    let changed = Memo::new(move |_| session.entry.with(|entry| FileDiff::of(entry)));
    let lines = session.large_part(|entry| TextLines::of(entry.text().clone(), entry.session()));
    let number = Memo::new(move |_| lines.with(|lines| lines.len()));
    let path = session.entry_part(|entry| entry.path().to_owned());
    let shown = move |range: Range<usize>| {
        let target = at.with(|at| at.line);
        let line =
            |index| lines.with(|lines| changed.with(|changed| JsonLine::of(index, lines, &changed.marks, target)));
        range.map(line).collect()
    };
    let target = Memo::new(move |_| at.get().line.map(|line| line.saturating_sub(1) as usize));
    view! {
        <div class="json">
            {move || (!is_edited.get()).then(|| view! { <UnfinishedEdits session=session.id()/> })}
            <div class="json-head">
                <bdi class="path">{path}</bdi>
                <span class="muted">{move || count(number.get(), "line", "lines")}</span>
                {move || is_changed.get().then(|| {
                    let (added, removed) = changed.with(|changed| changed.tally);
                    view! { <Tally added removed/> }
                })}
                <span class="spacer"></span>
                <Button
                    label="Copy text"
                    weight=Weight::Quiet
                    on_press=move || workspace.status.copy("the file's text", text().to_string())
                />
                {move || (!is_edited.get()).then(|| view! {
                    <Button label="Edit text" weight=Weight::Quiet on_press=edit/>
                })}
            </div>
            {move || if let Some(draft) = editing.get().and_then(|_| drafts.get(&session.id())) {
                view! { <Editor session draft/> }.into_any()
            } else {
                view! {
                    <div class="virtual json-lines" data-scroller role="region" aria-label="The file's text" tabindex="0">
                        <VirtualList container=ListContainer::Lines count=number target rows=shown/>
                    </div>
                }
                .into_any()
            }}
        </div>
    }
}

/// A line of the text.
#[derive(Debug, PartialEq)]
pub struct JsonLine {
    /// Line number, from 1.
    number: u32,
    /// True if it was added or changed here.
    is_added: bool,
    /// True if lines were removed before it.
    is_after_removed: bool,
    /// True if the address points to it.
    target: bool,
    runs: Vec<TextRun>,
}

impl JsonLine {
    fn of(index: usize, lines: &TextLines, marks: &ChangedLines, target: Option<u32>) -> Self {
        #[allow(clippy::cast_possible_truncation)]
        let number = index as u32 + 1;
        let (is_added, is_after_removed) = (marks.is_added.contains(&number), marks.is_after_removed.contains(&number));
        Self { number, is_added, is_after_removed, target: target == Some(number), runs: line_runs(lines, index) }
    }

    /// Returns a line of a text that is only read.
    pub fn unchanged(index: usize, lines: &TextLines, target: Option<u32>) -> Self {
        Self::of(index, lines, &ChangedLines::default(), target)
    }

    fn class(&self) -> String {
        let flags =
            [(self.is_added, " json-came"), (self.is_after_removed, " json-went"), (self.target, " json-target")];
        let classes = flags.iter().filter(|(on, _)| *on).map(|(_, class)| *class);
        std::iter::once("json-line").chain(classes).collect()
    }
}

impl Row for JsonLine {
    const TEMPLATE: Node<Self> = node!("div" [Attribute("class", |line| Some(line.class().into()))] {
        node!("span" ("class" = "json-number") [Text(|line| line.number.to_string().into())]),
        node!("span" ("class" = "json-sign")
            [Attribute("title", |line| line.is_after_removed.then_some("Lines removed here".into()))]
            {
                node!("span" [Text(|line| if line.is_added { "+".into() } else { "".into() })]),
                node!("span" ("class" = "sr-only")
                    [Text(|line| if line.is_added { "changed: ".into() } else { "".into() })]),
            }
        ),
        node!("code" ("class" = "json-code", "translate" = "no")
            [Content(|line| line.runs.iter().cloned().map(render_run).collect_view().into_any())]),
    });

    fn key(&self) -> Cow<'_, str> {
        self.number.to_string().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn added_and_removed_lines_are_marked() {
        let marks = |old: &str, new: &str| ChangedLines::of(&LineDiff::between(old, new, 0));
        let replaced = marks("a\nb\nc\n", "a\nx\nc\n");
        assert_eq!((replaced.is_added, replaced.is_after_removed), (HashSet::from([2]), HashSet::new()));
        let removed = marks("a\nb\nc\n", "a\nc\n");
        assert_eq!((removed.is_added, removed.is_after_removed), (HashSet::new(), HashSet::from([2])));
        let far = marks("a\nb\nc\nd\n", "a\nb\nc\n");
        assert_eq!((far.is_added, far.is_after_removed), (HashSet::new(), HashSet::from([4])));
        assert_eq!(marks("a\n", "a\n"), ChangedLines::default());
    }
}
