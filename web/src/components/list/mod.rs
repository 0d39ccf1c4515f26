//! The list of sessions: what is asked of it, the rows that answer, what is done to many of them.

pub mod bulk;
pub mod filters;
pub mod head;
pub mod narrow;
pub mod row;
pub mod verdicts;
pub mod views;

use crate::order::arranged;
use crate::platform::dom;
use crate::route::Route;
use crate::store::listing::Row;
use crate::store::query::Query;
use crate::store::workspace::use_workspace;
use leptos::prelude::*;
use std::collections::HashSet;
use std::sync::Arc;

/// The rows of the list; equal only where every row is.
pub type Rows = Arc<Vec<Row>>;

/// What the parts of the list share.
#[derive(Clone, Copy, Debug)]
pub struct Listing {
    /// What is asked.
    pub query: Memo<Query>,
    /// What answers.
    pub rows: Memo<Rows>,
    /// The sessions that are selected.
    pub selected: RwSignal<HashSet<String>>,
    /// The row that was selected last: with Shift, all from there.
    pub anchor: RwSignal<Option<String>>,
}

/// What stays of the list while another page is open, handed down as context.
#[derive(Clone, Copy, Debug)]
pub struct Kept {
    /// The list's address as it was last asked.
    pub address: RwSignal<String>,
    selected: RwSignal<HashSet<String>>,
    anchor: RwSignal<Option<String>>,
}

impl Kept {
    /// Nothing was asked or selected yet; from now on what the list is asked at `route` is kept.
    pub fn follow(route: Memo<Route>, hash: ReadSignal<String>) -> Self {
        let kept = Self {
            address: RwSignal::new(Route::Sessions.href()),
            selected: RwSignal::default(),
            anchor: RwSignal::default(),
        };
        Effect::new(move |_| {
            if route.get() == Route::Sessions {
                kept.address.set(format!("#{}", hash.get()));
            }
        });
        kept
    }
}

impl Listing {
    /// The list, with what was selected in it when it was left.
    pub fn new(query: Memo<Query>, rows: Memo<Rows>) -> Self {
        let Kept { selected, anchor, .. } = expect_context();
        let workspace = use_workspace();
        selected.update(|selected| selected.retain(|id| workspace.entry_now(id).is_some()));
        Self { query, rows, selected, anchor }
    }

    /// Asks something else of the list: a step that the way back undoes.
    pub fn ask(self, change: impl FnOnce(&mut Query)) {
        let mut query = self.query.get_untracked();
        change(&mut query);
        dom::go(&query.href());
    }

    /// Selects a session or lets it go; with `range`, all from the one selected last up to it.
    pub fn select(self, id: &str, on: bool, range: bool) {
        let anchor = self.anchor.get_untracked().filter(|_| range);
        let ids = self.rows.with_untracked(|rows| {
            let place = |id: &str| rows.iter().position(|row| row.entry().is_some_and(|entry| entry.id() == id));
            let (from, to) = match (anchor.as_deref().and_then(place), place(id)) {
                (Some(from), Some(to)) => (from.min(to), from.max(to)),
                (None, Some(at)) => (at, at),
                _ => return vec![id.to_owned()],
            };
            rows[from..=to].iter().filter_map(Row::entry).map(|entry| entry.id().to_owned()).collect()
        });
        self.selected.update(|selected| {
            for id in ids {
                if on {
                    selected.insert(id);
                } else {
                    selected.remove(&id);
                }
            }
        });
        self.anchor.set(Some(id.to_owned()));
    }

    /// Selects every session that is shown.
    pub fn select_all(self) {
        let ids = self
            .rows
            .with_untracked(|rows| rows.iter().filter_map(Row::entry).map(|entry| entry.id().to_owned()).collect());
        self.selected.set(ids);
    }

    /// Whether every session that is shown is selected.
    pub fn all_selected(self) -> bool {
        let shown = self.rows.with(|rows| rows.iter().filter(|row| row.entry().is_some()).count());
        let number = self.selected.with(HashSet::len);
        number > 0 && number >= shown
    }

    /// Whether some are selected, and not all.
    pub fn some_selected(self) -> bool {
        self.selected.with(|selected| !selected.is_empty()) && !self.all_selected()
    }

    /// Selects every session that is shown, or lets all go where they are selected.
    pub fn turn_all(self) {
        if untrack(|| self.all_selected()) { self.select_none() } else { self.select_all() }
    }

    /// Lets every session go.
    pub fn select_none(self) {
        self.selected.set(HashSet::new());
        self.anchor.set(None);
    }

    /// The selected sessions, in the order of the rows; those that are not shown come last.
    pub fn chosen(self) -> Vec<String> {
        let mut left = self.selected.get_untracked();
        let mut ids: Vec<String> = self.rows.with_untracked(|rows| {
            rows.iter().filter_map(Row::entry).filter_map(|entry| left.take(entry.id())).collect()
        });
        let hidden: Vec<String> = left.into_iter().collect();
        ids.extend(arranged(&hidden, String::as_str));
        ids
    }
}
