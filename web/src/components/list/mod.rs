//! The session list: query, rows, selection and bulk actions.

pub mod bulk;
pub mod bulk_results;
pub mod filters;
pub mod head;
pub mod imported_row;
pub mod narrow;
pub mod row;
pub mod row_context;
pub mod views;

use crate::order::sorted_by_text;
use crate::platform::dom;
use crate::route::Route;
use crate::store::listing::ListItem;
use crate::store::query::Query;
use leptos::prelude::*;
use std::collections::HashSet;
use std::sync::Arc;

/// The rows of the list.
pub type ListItems = Arc<Vec<ListItem>>;

/// The shared state of the list's parts.
#[derive(Clone, Copy, Debug)]
pub struct Listing {
    /// The filters and sorting.
    pub query: Memo<Query>,
    /// The matching rows.
    pub rows: Memo<ListItems>,
    /// Ids of the selected sessions.
    pub selected: RwSignal<HashSet<String>>,
    /// The session that was selected last, from which Shift extends the selection.
    pub anchor: RwSignal<Option<String>>,
}

/// The state of the list that is kept while another page is open, provided as context.
#[derive(Clone, Copy, Debug)]
pub struct ListState {
    /// The list's last address.
    pub address: RwSignal<String>,
    selected: RwSignal<HashSet<String>>,
    anchor: RwSignal<Option<String>>,
}

impl ListState {
    /// Creates an empty state that follows the list's address.
    pub fn follow(route: Memo<Route>, hash: ReadSignal<String>) -> Self {
        let state = Self {
            address: RwSignal::new(Route::Sessions.href()),
            selected: RwSignal::default(),
            anchor: RwSignal::default(),
        };
        Effect::new(move |_| {
            if route.get() == Route::Sessions {
                state.address.set(format!("#{}", hash.get()));
            }
        });
        state
    }
}

impl Listing {
    /// Creates the list with its kept selection.
    pub fn new(query: Memo<Query>, rows: Memo<ListItems>) -> Self {
        let ListState { selected, anchor, .. } = expect_context();
        let workspace = crate::store::workspace::use_workspace();
        selected.update(|selected| selected.retain(|id| workspace.entry_now(id).is_some()));
        Self { query, rows, selected, anchor }
    }

    /// Changes the query, adding a history entry.
    pub fn update_query(self, change: impl FnOnce(&mut Query)) {
        let mut query = self.query.get_untracked();
        change(&mut query);
        dom::navigate(&query.href());
    }

    /// Selects or deselects a session; with `range`, all sessions from the last selected one.
    pub fn select(self, id: &str, on: bool, range: bool) {
        let anchor = self.anchor.get_untracked().filter(|_| range);
        let ids = self.rows.with_untracked(|rows| {
            let place = |id: &str| rows.iter().position(|row| row.entry().is_some_and(|entry| entry.id() == id));
            let (from, to) = match (anchor.as_deref().and_then(place), place(id)) {
                (Some(from), Some(to)) => (from.min(to), from.max(to)),
                (None, Some(at)) => (at, at),
                _ => return vec![id.to_owned()],
            };
            rows[from..=to].iter().filter_map(ListItem::entry).map(|entry| entry.id().to_owned()).collect()
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

    /// Selects all listed sessions.
    pub fn select_all(self) {
        let ids = self.rows.with_untracked(|rows| {
            rows.iter().filter_map(ListItem::entry).map(|entry| entry.id().to_owned()).collect()
        });
        self.selected.set(ids);
    }

    /// Returns true if all listed sessions are selected.
    pub fn all_selected(self) -> bool {
        let shown = self.rows.with(|rows| rows.iter().filter(|row| row.entry().is_some()).count());
        let number = self.selected.with(HashSet::len);
        number > 0 && number >= shown
    }

    /// Returns true if some but not all listed sessions are selected.
    pub fn some_selected(self) -> bool {
        self.selected.with(|selected| !selected.is_empty()) && !self.all_selected()
    }

    /// Selects all listed sessions, or deselects them if all are selected.
    pub fn toggle_all(self) {
        if untrack(|| self.all_selected()) { self.select_none() } else { self.select_all() }
    }

    /// Deselects all sessions.
    pub fn select_none(self) {
        self.selected.set(HashSet::new());
        self.anchor.set(None);
    }

    /// Returns the selected sessions in list order, followed by those that are not listed.
    pub fn selected_in_order(self) -> Vec<String> {
        let mut left = self.selected.get_untracked();
        let mut ids: Vec<String> = self.rows.with_untracked(|rows| {
            rows.iter().filter_map(ListItem::entry).filter_map(|entry| left.take(entry.id())).collect()
        });
        let hidden: Vec<String> = left.into_iter().collect();
        ids.extend(sorted_by_text(&hidden, String::as_str));
        ids
    }
}
