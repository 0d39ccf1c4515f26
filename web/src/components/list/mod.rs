//! The session list: query, rows, selection and bulk actions.

pub mod bulk;
pub mod bulk_fields;
pub mod bulk_results;
mod cells;
pub mod columns;
pub mod filters;
pub mod head;
pub mod imported_row;
pub mod narrow;
pub mod row;
pub mod row_context;
pub mod split;
pub mod views;

use crate::order::sorted_by_text;
use crate::platform::{clock, dom, preferences};
use crate::route::Route;
use crate::store::columns::ColumnSet;
use crate::store::listing::{self, FilterContext, FilterCounts, ListItem};
use crate::store::query::{Query, Sort};
use crate::store::workspace::{Workspace, policy};
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
    /// Numbers of sessions that match each filter's options.
    pub counts: RwSignal<FilterCounts>,
    /// The chosen columns: those of the address, else the remembered ones.
    pub columns: Memo<ColumnSet>,
    remembered_columns: RwSignal<Option<ColumnSet>>,
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
    /// Ids of the sessions in the order in which the list was last shown.
    order: RwSignal<Arc<Vec<String>>>,
    /// The step to a neighbour that a session's page was just left by.
    step: StoredValue<Option<isize>>,
}

/// The place of a session in the order of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListPlace {
    /// Ids of the sessions in the order of the list.
    pub ids: Arc<Vec<String>>,
    /// The session's index.
    pub index: usize,
}

impl ListPlace {
    /// Finds a session's place.
    pub fn find(ids: Arc<Vec<String>>, id: &str) -> Option<Self> {
        let index = ids.iter().position(|other| other == id)?;
        Some(Self { ids, index })
    }

    /// Returns the id of the session `step` places further; `None` beyond either end.
    pub fn neighbour(&self, step: isize) -> Option<&str> {
        self.ids.get(self.index.checked_add_signed(step)?).map(String::as_str)
    }
}

impl ListState {
    /// Creates an empty state that follows the list's address.
    pub fn follow(route: Memo<Route>, hash: ReadSignal<String>) -> Self {
        let state = Self {
            address: RwSignal::new(Route::Sessions.href()),
            selected: RwSignal::default(),
            anchor: RwSignal::default(),
            order: RwSignal::default(),
            step: StoredValue::default(),
        };
        Effect::new(move |_| {
            if route.get() == Route::Sessions {
                state.address.set(format!("#{}", hash.get()));
            }
        });
        state
    }

    /// Returns the place of a session in the list as it was last shown, or else in the list of all sessions.
    pub fn place(self, workspace: Workspace, id: &str) -> Option<ListPlace> {
        let is_loaded = |id: &String| workspace.entry_now(id).is_some();
        let shown = self.order.get_untracked();
        if shown.iter().any(|other| other == id) {
            let loaded = if shown.iter().all(is_loaded) {
                shown
            } else {
                Arc::new(shown.iter().filter(|id| is_loaded(id)).cloned().collect())
            };
            return ListPlace::find(loaded, id);
        }
        let context = FilterContext { now: clock::now(), policy: untrack(policy), days: (None, None), offset: 0 };
        let all = workspace.listed.with_untracked(|sessions| {
            let order = listing::order(sessions, Sort::default(), &context);
            let entries = order.into_iter().filter_map(|at| sessions.get(at)?.entry());
            entries.map(|entry| entry.id().to_owned()).collect()
        });
        ListPlace::find(Arc::new(all), id)
    }

    /// Notes the step to a neighbour, by which a link leaves a session's page.
    pub fn remember_step(self, step: isize) {
        self.step.set_value(Some(step));
    }

    /// Takes the step by which the page before was left.
    pub fn take_step(self) -> Option<isize> {
        let step = self.step.get_value();
        self.step.set_value(None);
        step
    }
}

impl Listing {
    /// Creates the list with its kept selection.
    pub fn new(query: Memo<Query>, rows: Memo<ListItems>, counts: RwSignal<FilterCounts>) -> Self {
        let ListState { selected, anchor, order, .. } = expect_context();
        Effect::new(move |_| {
            let ids =
                |rows: &ListItems| rows.iter().filter_map(ListItem::entry).map(|entry| entry.id().to_owned()).collect();
            order.set(Arc::new(rows.with(ids)));
        });
        let workspace = crate::store::workspace::use_workspace();
        selected.update(|selected| selected.retain(|id| workspace.entry_now(id).is_some()));
        let remembered_columns = RwSignal::new(preferences::columns().map(|names| ColumnSet::parse(&names)));
        let columns = Memo::new(move |_| {
            let columns = query.with(|query| query.columns).or(remembered_columns.get());
            columns.unwrap_or_default()
        });
        Self { query, rows, counts, columns, remembered_columns, selected, anchor }
    }

    /// Shows these columns from now on, in this address too.
    pub fn set_columns(self, columns: ColumnSet) {
        preferences::set_columns(&columns.text());
        self.remembered_columns.set(Some(columns));
        self.update_query(|query| query.columns = Some(columns).filter(|columns| *columns != ColumnSet::default()));
    }

    /// Shows a session beside the list, without a history entry; `None` shows none.
    pub fn open(self, session: Option<Route>) {
        let before = self.query.get_untracked();
        if before.open != session {
            dom::replace_address(&Query { open: session, ..before }.href());
        }
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
        self.selected.with(|selected| {
            // An empty list has nothing to select.
            self.rows.with(|rows| {
                let mut shown = rows.iter().filter_map(ListItem::entry).peekable();
                shown.peek().is_some() && shown.all(|entry| selected.contains(entry.id()))
            })
        })
    }

    /// Returns the number of selected sessions that the filters hide.
    pub fn hidden_selected(self) -> usize {
        self.selected.with(|selected| {
            if selected.is_empty() {
                return 0;
            }
            let is_selected = |entry: &&Arc<callboard_workspace::Entry>| selected.contains(entry.id());
            let shown = self.rows.with(|rows| rows.iter().filter_map(ListItem::entry).filter(is_selected).count());
            selected.len() - shown
        })
    }

    /// Deselects the sessions that the filters hide.
    pub fn deselect_hidden(self) {
        let shown: HashSet<String> = self.shown_selected().into_iter().collect();
        self.selected.set(shown);
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

    /// Returns the selected sessions that are listed, in list order.
    fn shown_selected(self) -> Vec<String> {
        self.selected.with_untracked(|selected| {
            let ids = |rows: &ListItems| {
                let entries = rows.iter().filter_map(ListItem::entry);
                entries.map(|entry| entry.id().to_owned()).filter(|id| selected.contains(id)).collect()
            };
            self.rows.with_untracked(ids)
        })
    }

    /// Returns the selected sessions in list order, followed by those that the filters hide.
    pub fn selected_in_order(self) -> Vec<String> {
        let mut ids = self.shown_selected();
        let shown: HashSet<&String> = ids.iter().collect();
        let hidden: Vec<String> = self
            .selected
            .with_untracked(|selected| selected.iter().filter(|id| !shown.contains(id)).cloned().collect());
        ids.extend(sorted_by_text(&hidden, String::as_str));
        ids
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_end_with_the_list() {
        let ids = Arc::new(["a", "b", "c"].map(str::to_owned).to_vec());
        let place = |id| ListPlace::find(ids.clone(), id);
        let first = place("a").unwrap();
        assert_eq!((first.neighbour(-1), first.neighbour(1)), (None, Some("b")));
        let last = place("c").unwrap();
        assert_eq!((last.neighbour(-1), last.neighbour(1)), (Some("b"), None));
        assert_eq!(place("d"), None);
    }
}
