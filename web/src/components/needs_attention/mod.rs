//! Sessions that need attention, the first to look at first, with the action to take.
pub mod bulk;
pub mod group;
pub mod row;
pub mod rows;

use super::glossary::{Help, Term};
use super::icon::{Glyph, Icon};
use crate::format::count;
use crate::route::Route;
use crate::store::session_rows::SessionRows;
use crate::store::workspace::{policy, use_workspace};
use bulk::{GroupAction, GroupActionPanel};
use callboard_core::{Agent, Event, EventKind};
use callboard_workspace::{AttentionList, Listed};
use group::GroupRow;
use leptos::prelude::*;
use row::SessionRow;
use rows::{Need, Needs};
use std::collections::HashMap;

/// State of the section that its rows share.
#[derive(Clone, Copy)]
pub struct AttentionSection {
    /// The session whose form is open. It stays open while the rows around it change.
    pub open: RwSignal<Option<String>>,
    /// The number of rows of each expanded group.
    pub expanded: RwSignal<HashMap<String, usize>>,
    /// The action on a group.
    pub action: GroupAction,
}

/// The sessions that need attention.
#[component]
pub fn NeedsAttention(
    /// All sessions.
    rows: Signal<SessionRows>,
) -> impl IntoView {
    let workspace = use_workspace();
    let clock = workspace.clock;
    let policy = Memo::new(|_| policy());
    let section = AttentionSection {
        open: RwSignal::new(None),
        expanded: RwSignal::new(HashMap::new()),
        action: GroupAction::new(workspace),
    };
    let needs = Memo::new(move |_| {
        let now = clock.half_minute.get();
        policy.with(|policy| {
            let list = rows.with(|rows| AttentionList::of(rows.iter().filter_map(Listed::entry), now, policy));
            let open = section.open.get();
            section.expanded.with(|expanded| Needs::of(&list, expanded, open.as_deref(), now, policy))
        })
    });
    let is_any = Memo::new(move |_| needs.with(|needs| !needs.rows.is_empty()));
    let nothing = || {
        view! {
            <p class="chart-empty">
                <span class="state" data-state="complete"><Icon glyph=Glyph::Complete/></span>
                " Nothing needs attention. Failed, stalled, late and over-budget sessions appear here."
            </p>
        }
    };
    let each = move || needs.with(|needs| needs.rows.clone());
    let row = move |row: Need| {
        let key = row.key();
        let now = move |needs: &Needs| needs.rows.iter().find(|row| row.key() == key).cloned();
        match row {
            Need::Session(row) => {
                let row = Memo::new(move |_| match needs.with(&now) {
                    Some(Need::Session(now)) => now,
                    _ => row.clone(),
                });
                view! { <SessionRow row section/> }.into_any()
            }
            Need::Group(row) => {
                let row = Memo::new(move |_| match needs.with(&now) {
                    Some(Need::Group(now)) => now,
                    _ => row.clone(),
                });
                view! { <GroupRow row section/> }.into_any()
            }
        }
    };
    let more = move || {
        needs.with(|needs| {
            let href = Route::sessions_where("health", "failed,stalled,at_risk");
            let unhealthy = needs.unhealthy();
            needs.has_more.then(|| view! { <p class="needs-more"><a href=href>"Show all " {unhealthy}</a></p> })
        })
    };
    let tally = move || {
        needs.with(|needs| {
            let there = needs.by.into_iter().filter(|(_, _, number)| *number > 0);
            let links = there.map(|(name, words, number)| {
                view! { <a class="needs-count" href=Route::sessions_where("health", name)>{number} " " {words}</a> }
            });
            let conflicts = (needs.conflicts > 0).then(|| {
                let href = Route::sessions_where("conflict", "1");
                view! { <a class="needs-count" href=href>{count(needs.conflicts, "conflict", "conflicts")}</a> }
            });
            view! { {links.collect_view()} {conflicts} }
        })
    };
    view! {
        <section class="panel needs-attention" aria-labelledby="needs-title">
            <div class="panel-head">
                <h2 id="needs-title">"Needs attention"</h2>
                <Help term=Term::Health/>
                <span class="needs-tally">{tally}</span>
            </div>
            <GroupActionPanel action=section.action/>
            <Show when=move || is_any.get() fallback=nothing>
                <ul class="needs"><For each key=Need::key children=row/></ul>
                {more}
            </Show>
        </section>
    }
}

/// Returns the event that needs no input other than its agent.
pub fn event(kind: EventKind, agent: Agent) -> Option<Event> {
    (!kind.needs_input()).then(|| Event::minimal(kind, agent))
}
