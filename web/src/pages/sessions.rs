//! The list of all sessions.
use super::welcome::Welcome;
use crate::components::button::NewSession;
use crate::components::list::bulk::Bulk;
use crate::components::list::filters::Filters;
use crate::components::list::head::Heads;
use crate::components::list::narrow::NarrowHeads;
use crate::components::list::row::SessionListRow;
use crate::components::list::row_context::RowContext;
use crate::components::list::{ListItems, Listing};
use crate::components::news_mark::MarkAllSeen;
use crate::components::reading::Reading;
use crate::components::time::day_start;
use crate::components::top_bar::SearchText;
use crate::components::virtual_list::{ListContainer, VirtualList};
use crate::format::count;
use crate::platform::dom::{self, Address};
use crate::store::listing::{self, FilterContext};
use crate::store::news::use_news;
use crate::store::query::{Column, Query};
use crate::store::search::{Matches, SearchIndex};
use crate::store::workspace::{policy, use_workspace};
use leptos::prelude::*;
use std::ops::Range;

/// The list, or the welcome page while no session is loaded.
#[component]
pub fn Sessions() -> impl IntoView {
    let workspace = use_workspace();
    let Address(address) = expect_context();
    let query = Memo::new(move |_| {
        let address = address.get();
        Query::parse(address.split_once('?').map(|(_, query)| query).unwrap_or_default())
    });
    follow_search(query);
    let context = move |judges_health: bool, days| {
        // Only health depends on the time; otherwise the passing time must not recompute anything.
        let now = workspace.clock.half_minute;
        let now = if judges_health { now.get() } else { now.get_untracked() };
        FilterContext { now, policy: policy(), days }
    };
    // Separate memos, so that typing into the search does not sort again.
    let sort = Memo::new(move |_| query.with(|query| query.sort));
    let order = Memo::new(move |_| {
        let context = context(sort.get().column == Column::Health, (None, None));
        workspace.listed.with(|sessions| listing::order(sessions, sort.get(), &context))
    });
    let index = Memo::new(move |_| workspace.listed.with(|sessions| SearchIndex::of(sessions)));
    let search = Memo::new(move |_| query.with(|query| query.search.clone()));
    let found = Memo::new(move |_| {
        let nothing = search.with(|search| search.trim().is_empty());
        if nothing { Matches::ALL } else { index.with(|index| search.with(|search| index.find(search))) }
    });
    let rows = Memo::new(move |_| {
        let query = query.get();
        let context = context(!query.health.is_empty(), zone_days(&query));
        let rows = |order: &Vec<usize>, found: &Matches| {
            workspace.listed.with(|sessions| listing::rows(sessions, order, found, &query, &context))
        };
        ListItems::new(order.with(|order| found.with(|found| rows(order, found))))
    });
    let list = Listing::new(query, rows);
    let empty = Memo::new(move |_| workspace.listed.with(|sessions| sessions.is_empty()));
    move || {
        if !empty.get() {
            return view! { <Loaded list/> }.into_any();
        }
        if workspace.is_ready() { view! { <Welcome/> }.into_any() } else { view! { <Reading/> }.into_any() }
    }
}

/// Returns the first second of the query's date range and the first one after it, in the zone in force.
fn zone_days(query: &Query) -> (Option<i64>, Option<i64>) {
    let begins = |day: &Option<String>, later: i64| day.as_deref().and_then(|day| day_start(day, later));
    (begins(&query.from, 0), begins(&query.to, 1))
}

/// Synchronises the search field with the address, which typing replaces.
fn follow_search(query: Memo<Query>) {
    let SearchText(search) = expect_context();
    Effect::new(move |_| {
        let asked = query.with(|query| query.search.clone());
        if search.with_untracked(|search| *search != asked) {
            search.set(asked);
        }
    });
    Effect::new(move |before: Option<()>| {
        let typed = search.get();
        let now = query.get_untracked();
        if before.is_some() && now.search != typed {
            dom::replace_address(&Query { search: typed, ..now }.href());
        }
    });
}

#[component]
fn Loaded(
    /// The list.
    list: Listing,
) -> impl IntoView {
    let (workspace, news) = (use_workspace(), use_news());
    let total = Memo::new(move |_| workspace.listed.with(|sessions| sessions.len()));
    let found = Memo::new(move |_| list.rows.with(|rows| rows.iter().filter(|row| row.session().is_some()).count()));
    let number = move || {
        let (found, total) = (found.get(), total.get());
        if found == total { total.to_string() } else { format!("{found} of {total}") }
    };
    let count_of_rows = Signal::derive(move || list.rows.with(|rows| rows.len()));
    let why = RwSignal::new(None::<(u64, String)>);
    let shown = move |range: Range<usize>| {
        let context = RowContext { now: workspace.clock.half_minute.get(), policy: policy(), why: why.get(), news };
        let (rows, selected) = (list.rows.read(), list.selected.read());
        range.filter_map(|at| Some(SessionListRow::of(at, rows.get(at)?, &selected, &context))).collect()
    };
    let choose = move |event: leptos::ev::MouseEvent| {
        if let Some(id) = dom::data_around(&event, "input", "session") {
            list.select(&id, event_target_checked(&event), event.shift_key());
        }
    };
    // The same as clicking the check box, without leaving the row.
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        let plain = !(event.ctrl_key() || event.meta_key() || event.alt_key());
        if plain
            && event.key().eq_ignore_ascii_case("x")
            && let Some(id) = dom::data_around(&event, ".row-link", "session")
        {
            let on = !list.selected.with_untracked(|selected| selected.contains(&id));
            list.select(&id, on, event.shift_key());
        }
    };
    // Finding the reason parses the whole session, so it happens only on hover.
    let explain = move |event: leptos::ev::PointerEvent| {
        let Some(entry) = dom::data_around(&event, ".health", "session").and_then(|id| workspace.entry_now(&id)) else {
            return;
        };
        if why.with_untracked(|why| why.as_ref().is_some_and(|(revision, _)| *revision == entry.revision())) {
            return;
        }
        let health = entry.reread().health(workspace.clock.half_minute.get_untracked(), &policy());
        why.set(health.reasons.into_iter().next().map(|reason| (entry.revision(), reason.message)));
    };
    view! {
        <div class="page">
            <div class="page-head">
                <h1 tabindex="-1">"Sessions"</h1>
                <span class="page-count" role="status">{number}</span>
                <span class="spacer"></span>
                <MarkAllSeen/>
                <NewSession/>
            </div>
            <Filters list/>
            <NarrowHeads list/>
            <Bulk list/>
            <table
                class="sessions"
                role="table"
                aria-rowcount=move || (count_of_rows.get() + 1).to_string()
                on:click=choose
                on:keydown=on_key
                on:pointerover=explain
            >
                <caption class="sr-only">"Sessions"</caption>
                <thead role="rowgroup"><Heads list/></thead>
                <VirtualList container=ListContainer::TableBody count=count_of_rows rows=shown/>
            </table>
            {move || (found.get() == 0).then(|| view! {
                <div class="empty">
                    <p>"No matching sessions. " {count(total.get(), "session", "sessions")} " loaded."</p>
                </div>
            })}
        </div>
    }
}
