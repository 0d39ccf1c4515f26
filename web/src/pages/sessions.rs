//! The list of all sessions.
use super::session_beside::SessionBeside;
use super::when_loaded::WhenLoaded;
use crate::components::button::NewSession;
use crate::components::list::bulk::Bulk;
use crate::components::list::filters::Filters;
use crate::components::list::head::Heads;
use crate::components::list::narrow::NarrowHeads;
use crate::components::list::row::SessionListRow;
use crate::components::list::row_context::RowContext;
use crate::components::list::split::SplitView;
use crate::components::list::{ListItems, Listing};
use crate::components::news_mark::MarkAllSeen;
use crate::components::time::{day_start, offset_minutes};
use crate::components::top_bar::SearchText;
use crate::components::virtual_list::{ListContainer, VirtualList};
use crate::format::count;
use crate::platform::dom::{self, Address};
use crate::platform::width::width_of;
use crate::store::columns::{Column, FittedColumns};
use crate::store::delayed::Delayed;
use crate::store::listing::{self, FilterContext, FilterCounts};
use crate::store::news::use_news;
use crate::store::query::Query;
use crate::store::search::{Matches, SearchIndex};
use crate::store::workspace::{policy, use_workspace};
use leptos::html;
use leptos::prelude::*;
use std::ops::Range;
use std::time::Duration;

/// Delay after which the filters' options are counted: typing and scrolling go first.
const COUNT: Duration = Duration::from_millis(200);

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
    let context = move |judges: bool, days| {
        // Health and due dates depend on the time; otherwise the passing time must not recompute anything.
        let now = workspace.clock.half_minute;
        let now = if judges { now.get() } else { now.get_untracked() };
        FilterContext { now, policy: policy(), days, offset: offset_minutes(now) }
    };
    // Separate memos, so that typing into the search does not sort again.
    let sort = Memo::new(move |_| query.with(|query| query.sort));
    let order = Memo::new(move |_| {
        let judges = matches!(sort.get().column, Column::Health | Column::InStage | Column::Due);
        let context = context(judges, (None, None));
        workspace.listed.with(|sessions| listing::order(sessions, sort.get(), &context))
    });
    let index = Memo::new(move |_| workspace.listed.with(|sessions| SearchIndex::of(sessions)));
    let search = Memo::new(move |_| query.with(|query| query.search.clone()));
    let found = Memo::new(move |_| {
        let nothing = search.with(|search| search.trim().is_empty());
        if nothing { Matches::ALL } else { index.with(|index| search.with(|search| index.find(search))) }
    });
    // Opening a session beside the list, or another column, does not filter again.
    let of_rows = Memo::new(move |_| query.with(Query::of_rows));
    let rows = Memo::new(move |_| {
        let query = of_rows.get();
        let context = context(!query.health.is_empty() || !query.due.is_empty(), zone_days(&query));
        let rows = |order: &Vec<usize>, found: &Matches| {
            workspace.listed.with(|sessions| listing::rows(sessions, order, found, &query, &context))
        };
        ListItems::new(order.with(|order| found.with(|found| rows(order, found))))
    });
    let counts = RwSignal::new(FilterCounts::default());
    let counting = Delayed::by(COUNT);
    let recount = move || {
        // The page may have been left meanwhile.
        let Some(query) = of_rows.try_get_untracked() else { return };
        untrack(|| {
            let context = context(false, zone_days(&query));
            let now = found
                .with(|found| workspace.listed.with(|sessions| FilterCounts::of(sessions, found, &query, &context)));
            if counts.with(|counts| *counts != now) {
                counts.set(now);
            }
        });
    };
    Effect::new(move |_| {
        of_rows.track();
        found.track();
        workspace.listed.track();
        workspace.clock.half_minute.track();
        counting.run(recount);
    });
    let list = Listing::new(query, rows, counts);
    view! { <WhenLoaded><Loaded list/></WhenLoaded> }
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
    let (frame, pane) = (NodeRef::<html::Div>::new(), NodeRef::<html::Div>::new());
    let split = SplitView::new(list, width_of(frame, 1_200.0).into());
    // Without the margins of the page.
    let pane_width = width_of(pane, 1_200.0);
    let fitted = Memo::new(move |_| FittedColumns::of(list.columns.get(), pane_width.get()));
    let open = Memo::new(move |_| list.query.with(|query| query.open.clone()));
    let offset = Memo::new(move |_| offset_minutes(workspace.clock.half_minute.get()));
    let shown = move |range: Range<usize>| {
        let context = RowContext {
            now: workspace.clock.half_minute.get(),
            policy: policy(),
            why: why.get(),
            news,
            offset: offset.get(),
            columns: list.columns.get(),
            typical: list.columns.get().has(Column::ExpectedCost).then(|| workspace.typical_costs.get()),
            open: open.get(),
        };
        let (rows, selected) = (list.rows.read(), list.selected.read());
        range.filter_map(|at| Some(SessionListRow::of(at, rows.get(at)?, &selected, &context))).collect()
    };
    let choose = move |event: leptos::ev::MouseEvent| {
        if let Some(id) = dom::data_around(&event, "input", "session") {
            list.select(&id, event_target_checked(&event), event.shift_key());
        }
        split.follow_click(&event);
    };
    // The same as clicking the check box, without leaving the row.
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        split.follow_key(&event);
        let plain = !(event.ctrl_key() || event.meta_key() || event.alt_key());
        if plain
            && event.key().eq_ignore_ascii_case("x")
            && let Some(id) = dom::data_around(&event, ".row-link", "session")
        {
            let on = !list.selected.with_untracked(|selected| selected.contains(&id));
            list.select(&id, on, event.shift_key());
        }
    };
    // The reason is put into words only on hover.
    let explain = move |event: leptos::ev::PointerEvent| {
        let Some(entry) = dom::data_around(&event, ".health", "session").and_then(|id| workspace.entry_now(&id)) else {
            return;
        };
        if why.with_untracked(|why| why.as_ref().is_some_and(|(revision, _)| *revision == entry.revision())) {
            return;
        }
        let health = entry.digest().health(workspace.clock.half_minute.get_untracked(), &policy());
        why.set(health.reasons.into_iter().next().map(|reason| (entry.revision(), reason.message)));
    };
    let toggle_split = move || {
        split.is_possible.get().then(|| {
            view! {
                <button
                    type="button"
                    class="button filter"
                    aria-pressed=move || split.is_on.get().to_string()
                    title="List and session side by side"
                    on:click=move |_| split.toggle()
                >
                    "Split view"
                </button>
            }
        })
    };
    view! {
        <div class="split" class:split-on=move || split.is_on.get() node_ref=frame>
            <div class="page list-page">
                <div class="page-head">
                    <h1 tabindex="-1">"Sessions"</h1>
                    <span class="page-count" role="status">{number}</span>
                    <span class="spacer"></span>
                    <MarkAllSeen/>
                    {toggle_split}
                    <NewSession/>
                </div>
                <Filters list fitted/>
                <NarrowHeads list/>
                <Bulk list/>
                <div class="list-pane" node_ref=pane>
                    <table
                        class="sessions"
                        role="table"
                        style:--columns=move || fitted.get().tracks()
                        data-columns=move || fitted.get().columns.names(" ")
                        data-chosen=move || list.columns.get().names(" ")
                        data-density=move || fitted.get().density.name()
                        aria-rowcount=move || (count_of_rows.get() + 1).to_string()
                        on:click=choose
                        on:keydown=on_key
                        on:focusin=move |event| split.follow_focus(&event)
                        on:pointerover=explain
                    >
                        <caption class="sr-only">"Sessions"</caption>
                        <thead role="rowgroup"><Heads list/></thead>
                        <VirtualList container=ListContainer::TableBody count=count_of_rows rows=shown/>
                    </table>
                </div>
                {move || (found.get() == 0).then(|| view! {
                    <div class="empty">
                        <p>"No matching sessions. " {count(total.get(), "session", "sessions")} " loaded."</p>
                    </div>
                })}
            </div>
            {move || split.is_on.get().then(|| view! { <SessionBeside list/> })}
        </div>
    }
}
