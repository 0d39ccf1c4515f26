//! The session's text: its colours, its changed lines, and, as a last resort, a field to edit it in.

pub mod editor;
pub mod ends;
pub mod lines;

use super::button::{Button, Weight};
use super::diff_view::{Tally, TextDiff};
use super::pieces::{Piece, piece};
use super::session_signals::SessionSignals;
use super::virtual_list::{Holder, VirtualList};
use crate::format::count;
use crate::platform::dom;
use crate::platform::row_template::Slot::{Attribute, Content, Text};
use crate::platform::row_template::{Node, Row, node};
use crate::session_address::At;
use crate::store::drafts::use_drafts;
use crate::store::workspace::use_workspace;
use callboard_core::diff::{Block, LineDiff, LineKind};
use callboard_workspace::Entry;
use editor::{Editor, UnfinishedEdits};
use leptos::prelude::*;
use lines::{Lines, pieces};
use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

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

/// Differences from the session's file.
#[derive(Debug, Default, PartialEq, Eq)]
struct Changed {
    /// The numbers of added and of removed lines.
    tally: (u32, u32),
    marks: Marks,
}

impl Changed {
    fn of(entry: &Entry) -> Self {
        let diff = TextDiff::of_session(entry, 0);
        Self { tally: diff.tally(), marks: Marks::of(diff.lines()) }
    }
}

/// The tab of the text.
#[component]
pub fn JsonText(
    /// The session.
    session: SessionSignals,
    /// Where the page is.
    at: Memo<At>,
) -> impl IntoView {
    let (workspace, drafts) = (use_workspace(), use_drafts());
    let editing = Memo::new(move |_| drafts.begun(&session.id()));
    let is_edited = Memo::new(move |_| editing.get().is_some());
    let text = move || session.text.with_untracked(|entry| entry.text().clone());
    let edit = move || {
        let text = text();
        let field = ends::into_field(&text).0;
        drafts.begin(&session.id(), text, field);
        dom::focus_soon("#editor-field");
    };
    let is_changed = session.part_of_entry(Entry::changed);
    let changed = Memo::new(move |_| session.entry.with(|entry| Changed::of(entry)));
    let lines = session.large_part(|entry| Lines::of(entry.text().clone(), entry.session()));
    let number = Memo::new(move |_| lines.with(|lines| lines.len()));
    let path = session.part_of_entry(|entry| entry.path().to_owned());
    let shown = move |range: Range<usize>| {
        let target = at.with(|at| at.line);
        let line = |index| lines.with(|lines| changed.with(|changed| Line::of(index, lines, &changed.marks, target)));
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
                    label="Copy the text"
                    weight=Weight::Quiet
                    on_press=move || workspace.status.copy("the file's text", text().to_string())
                />
                {move || (!is_edited.get()).then(|| view! {
                    <Button label="Edit the text" weight=Weight::Quiet on_press=edit/>
                })}
            </div>
            {move || if let Some(draft) = editing.get().and_then(|_| drafts.get(&session.id())) {
                view! { <Editor session draft/> }.into_any()
            } else {
                view! {
                    <div class="virtual json-lines" data-scroller role="region" aria-label="The file's text" tabindex="0">
                        <VirtualList holder=Holder::Lines count=number target rows=shown/>
                    </div>
                }
                .into_any()
            }}
        </div>
    }
}

/// A line of the text.
#[derive(Debug, PartialEq)]
struct Line {
    /// Number, from 1.
    number: u32,
    /// Came or was changed here.
    came: bool,
    /// Stands where lines went.
    went: bool,
    /// The address points at it.
    target: bool,
    pieces: Vec<Piece>,
}

impl Line {
    fn of(index: usize, lines: &Lines, marks: &Marks, target: Option<u32>) -> Self {
        #[allow(clippy::cast_possible_truncation)]
        let number = index as u32 + 1;
        let (came, went) = (marks.came.contains(&number), marks.went.contains(&number));
        Self { number, came, went, target: target == Some(number), pieces: pieces(lines, index) }
    }

    fn class(&self) -> String {
        let flags = [(self.came, " json-came"), (self.went, " json-went"), (self.target, " json-target")];
        let classes = flags.iter().filter(|(on, _)| *on).map(|(_, class)| *class);
        std::iter::once("json-line").chain(classes).collect()
    }
}

impl Row for Line {
    const TEMPLATE: Node<Self> = node!("div" [Attribute("class", |line| Some(line.class().into()))] {
        node!("span" ("class" = "json-number") [Text(|line| line.number.to_string().into())]),
        node!("span" ("class" = "json-sign")
            [Attribute("title", |line| line.went.then_some("Something was removed before this line.".into()))]
            {
                node!("span" [Text(|line| if line.came { "+".into() } else { "".into() })]),
                node!("span" ("class" = "sr-only")
                    [Text(|line| if line.came { "changed here: ".into() } else { "".into() })]),
            }
        ),
        node!("code" ("class" = "json-code", "translate" = "no")
            [Content(|line| line.pieces.iter().cloned().map(piece).collect_view().into_any())]),
    });

    fn key(&self) -> Cow<'_, str> {
        self.number.to_string().into()
    }
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
