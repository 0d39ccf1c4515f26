//! The values of the sample file as a tree, each a button that opens the menu of meanings.
use super::menu::MeaningMenu;
use super::{Teaching, TreeItem, Trial};
use crate::components::virtual_list::{ListContainer, VirtualList};
use crate::format::count;
use crate::platform::dom;
use crate::platform::row_pool::ListRow;
use crate::platform::row_template::Slot::{Attribute, Text};
use crate::platform::row_template::{AnyRow, Node, Row, node};
use callboard_core::import::Meaning;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use std::borrow::Cow;

/// The tree with the open menu.
#[component]
pub fn ValueTree(
    /// The state of the page.
    teaching: Teaching,
) -> impl IntoView {
    let number = teaching.sample.with_value(|sample| sample.items.len());
    let rows = move |range: std::ops::Range<usize>| {
        let (open, active) = (teaching.open.get(), teaching.active.get());
        let sample = teaching.sample();
        teaching.draft.with(|draft| {
            teaching.trial.with(|trial| {
                let row = |at: usize| {
                    let item = sample.items.get(at)?.clone();
                    if item.members.is_some() {
                        return Some(TreeRow::Group(GroupRow { item }));
                    }
                    let meaning = draft.meaning_of(&item.pointer);
                    let implied = match trial {
                        Trial::Tried(tried) if meaning.is_none() => tried.0.implied.get(&item.pointer).copied(),
                        _ => None,
                    };
                    let (is_open, is_active) = (open == Some(at), active == at);
                    Some(TreeRow::Value(ValueRow { at, item, meaning, implied, is_open, is_active }))
                };
                range.filter_map(row).collect()
            })
        })
    };
    let at = |event: &web_sys::Event| dom::data_around(event, ".teach-value", "at")?.parse::<usize>().ok();
    let toggle = move |at: usize| teaching.open.update(|open| *open = (*open != Some(at)).then_some(at));
    let on_key = move |event: KeyboardEvent| {
        if event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        match event.key().as_str() {
            "ArrowDown" => dom::step_focus(".teach-value", 1),
            "ArrowUp" => dom::step_focus(".teach-value", -1),
            _ => return,
        }
        event.prevent_default();
    };
    // A press on the value itself closes its menu.
    dom::watch_leave(".teach-menu, .teach-value", move || {
        if teaching.open.get_untracked().is_some() {
            teaching.open.set(None);
        }
    });
    view! {
        <div class="teach-tree" data-scroller>
            <div class="teach-tree-content">
                <div
                    on:click=move |event| if let Some(at) = at(&event) { toggle(at) }
                    on:focusin=move |event| if let Some(at) = at(&event) { teaching.active.set(at) }
                    on:keydown=on_key
                >
                    <VirtualList
                        container=ListContainer::List { class: "teach-values", label: "Values of the file" }
                        count=Signal::stored(number)
                        rows=rows
                    />
                </div>
                {move || teaching.open.get().map(|at| view! { <MeaningMenu teaching at/> })}
            </div>
        </div>
    }
}

/// A row of the tree.
#[derive(Debug, PartialEq)]
enum TreeRow {
    Group(GroupRow),
    Value(ValueRow),
}

impl ListRow for TreeRow {
    fn row(&self) -> &dyn AnyRow {
        match self {
            Self::Group(row) => row,
            Self::Value(row) => row,
        }
    }
}

/// An object or list.
#[derive(Debug, PartialEq)]
struct GroupRow {
    item: TreeItem,
}

/// A value.
#[derive(Debug, PartialEq)]
struct ValueRow {
    at: usize,
    item: TreeItem,
    meaning: Option<Meaning>,
    /// The meaning that follows from another stage's value.
    implied: Option<Meaning>,
    is_open: bool,
    is_active: bool,
}

impl ValueRow {
    fn tag(&self) -> Option<Meaning> {
        self.meaning.or(self.implied)
    }
}

/// Indentation as text: styles of elements are set by rows in no other way.
fn indent(item: &TreeItem) -> Cow<'_, str> {
    "\u{2003}".repeat(item.depth.saturating_sub(1).min(16) as usize).into()
}

fn line(item: &TreeItem) -> Cow<'_, str> {
    if item.line == 0 { "".into() } else { item.line.to_string().into() }
}

impl Row for GroupRow {
    const TEMPLATE: Node<Self> = node!("li" ("class" = "teach-row teach-group") {
        node!("span" ("class" = "teach-indent", "aria-hidden" = "true") [Text(|row| indent(&row.item))]),
        node!("span" ("class" = "teach-key", "translate" = "no") [Text(|row| row.item.key.as_str().into())]),
        node!("span" ("class" = "teach-members")
            [Text(|row| count(row.item.members.unwrap_or_default() as usize, "value", "values").into())]),
        node!("span" ("class" = "teach-line num") [Text(|row| line(&row.item))]),
    });

    fn key(&self) -> Cow<'_, str> {
        self.item.pointer.as_str().into()
    }
}

impl Row for ValueRow {
    const TEMPLATE: Node<Self> = node!("li" ("class" = "teach-row") {
        node!("button" ("type" = "button", "class" = "teach-value", "aria-haspopup" = "menu")
            [
                Attribute("data-at", |row| Some(row.at.to_string().into())),
                Attribute("tabindex", |row| Some(if row.is_active { "0" } else { "-1" }.into())),
                Attribute("aria-expanded", |row| Some(row.is_open.to_string().into())),
            ]
            {
                node!("span" ("class" = "teach-indent", "aria-hidden" = "true") [Text(|row| indent(&row.item))]),
                node!("span" ("class" = "teach-key", "translate" = "no") [Text(|row| format!("{}: ", row.item.key).into())]),
                node!("span" ("class" = "teach-text", "translate" = "no") [Text(|row| row.item.text.as_str().into())]),
                node!("span" ("class" = "teach-tag")
                    [
                        Attribute("hidden", |row| row.tag().is_none().then_some("".into())),
                        Attribute("data-of", |row| {
                            row.tag().map(|tag| if tag.is_of_stage() { "stage" } else { "session" }.into())
                        }),
                        Attribute("data-implied", |row| (row.meaning.is_none()).then_some("".into())),
                    ]
                    {
                        node!("span" ("class" = "sr-only") [Text(|row| if row.tag().is_some() { ", ".into() } else { "".into() })]),
                        node!("span" [Text(|row| row.tag().map(Meaning::label).unwrap_or_default().into())]),
                    }
                ),
            }
        ),
        node!("span" ("class" = "teach-line num") [Text(|row| line(&row.item))]),
    });

    fn key(&self) -> Cow<'_, str> {
        self.item.pointer.as_str().into()
    }
}
