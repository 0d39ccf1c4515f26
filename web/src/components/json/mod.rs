//! The session's text: its colours, its changed lines, and, as a last resort, a field to edit it in.

pub mod editor;
pub mod ends;
pub mod lines;

use super::button::{Button, Weight};
use super::diff_view::{Tally, tally};
use super::pieces::{Piece, piece};
use super::virtual_list::{Holder, VirtualList};
use crate::format::count;
use crate::pages::session_address::At;
use crate::platform::dom;
use crate::platform::row_template::Slot::{Attribute, Content, Text};
use crate::platform::row_template::{Node, Row, node};
use crate::store::drafts::Draft;
use crate::store::entry::Entry;
use crate::store::workspace::{Same, use_workspace};
use callboard_core::diff::{DiffLine, LineKind};
use editor::Editor;
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
    fn of(lines: &[DiffLine]) -> Self {
        let mut marks = Self::default();
        let mut next = 1;
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
    let differing = entry.diff();
    let (added, removed) = tally(&differing);
    let changed = entry.changed();
    let marks = StoredValue::new(Marks::of(&differing));
    let lines = StoredValue::new(Lines::of(entry.session()));
    let number = lines.with_value(Lines::len);
    let shown = move |range: Range<usize>| {
        let target = at.with(|at| at.line);
        let line = |index| lines.with_value(|lines| marks.with_value(|marks| Line::of(index, lines, marks, target)));
        range.map(line).collect()
    };
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
        let marks = |old: &str, new: &str| Marks::of(&callboard_core::diff::lines(old, new));
        let replaced = marks("a\nb\nc\n", "a\nx\nc\n");
        assert_eq!((replaced.came, replaced.went), (HashSet::from([2]), HashSet::new()));
        let removed = marks("a\nb\nc\n", "a\nc\n");
        assert_eq!((removed.came, removed.went), (HashSet::new(), HashSet::from([2])));
        assert_eq!(marks("a\n", "a\n"), Marks::default());
    }
}
