//! Sessions that need attention, most urgent first, with the action to take.
use super::action_form::ActionForm;
use super::button::Button;
use super::event_forms::FormRegistry;
use super::glossary::{Help, Term};
use super::icon::{Glyph, Icon};
use super::news_mark::NewsDot;
use super::session_signals::SessionSignals;
use super::state_chip::{HealthChip, StateChip};
use super::time::RelativeTime;
use crate::arc_eq::ArcEq;
use crate::figures::SessionRows;
use crate::format::{count, session_title};
use crate::route::Route;
use crate::store::workspace::{Workspace, policy, use_workspace};
use callboard_core::{Action, Agent, Event, EventKind, HealthLevel, HealthSummary, Policy, Timestamp};
use callboard_workspace::Entry;
use leptos::prelude::*;

/// Maximum number of rows; the list shows all of them.
const SHOWN: usize = 8;

#[derive(Clone, Debug, PartialEq)]
struct AttentionList {
    shown: Vec<(HealthSummary, ArcEq<Entry>)>,
    all: usize,
    by: [(&'static str, &'static str, usize); 5],
    conflicts: usize,
}

impl AttentionList {
    fn of(rows: &SessionRows, now: Timestamp, policy: &Policy) -> Self {
        let shown = rows.needing_attention(now, policy);
        let of = |level| shown.iter().filter(|(health, _)| health.health == level).count();
        // Unreadable sessions count as failed, but must be repaired before any decision.
        let unreadable = shown.iter().filter(|(_, row)| row.digest().state().is_none()).count();
        let over = shown.iter().filter(|(health, _)| health.over_budget).count();
        let by = [
            ("failed", "escalated", of(HealthLevel::Failed).saturating_sub(unreadable)),
            ("failed", "unreadable", unreadable),
            ("stalled", "stalled", of(HealthLevel::Stalled)),
            ("at_risk", "at risk", of(HealthLevel::AtRisk)),
            ("failed,stalled,at_risk&over=1", "over budget", over),
        ];
        let conflicts = shown.iter().filter(|(_, row)| row.summary().conflict).count();
        let all = shown.len();
        let shown = shown.into_iter().take(SHOWN).map(|(health, row)| (health, ArcEq(row))).collect();
        Self { shown, all, by, conflicts }
    }
}

/// The sessions that need attention.
#[component]
pub fn NeedsAttention(
    /// All sessions.
    rows: Signal<SessionRows>,
) -> impl IntoView {
    let clock = use_workspace().clock;
    let policy = Memo::new(|_| policy());
    let needing = Memo::new(move |_| {
        let now = clock.half_minute.get();
        policy.with(|policy| rows.with(|rows| AttentionList::of(rows, now, policy)))
    });
    // An open form stays open while the rows around it change.
    let open = RwSignal::new(None::<String>);
    let is_any = move || needing.with(|needing| needing.all > 0);
    let nothing = || {
        view! {
            <p class="chart-empty">
                <span class="state" data-state="complete"><Icon glyph=Glyph::Complete/></span>
                " Nothing needs attention. Failed, stalled, late and over-budget sessions appear here."
            </p>
        }
    };
    let each = move || needing.with(|needing| needing.shown.clone());
    let row = move |row: (HealthSummary, ArcEq<Entry>)| {
        let id = row.1.id().to_owned();
        let now = {
            let id = id.clone();
            move |needing: &AttentionList| needing.shown.iter().find(|(_, row)| row.id() == id).cloned()
        };
        let row = Memo::new(move |_| needing.with(&now).unwrap_or_else(|| row.clone()));
        view! { <AttentionRow id row policy open/> }
    };
    let more = move || {
        needing.with(|needing| {
            let href = Route::sessions_where("health", "failed,stalled,at_risk");
            // Healthy sessions with a conflict are not part of the linked list.
            let unhealthy: usize = needing.by[..4].iter().map(|(_, _, number)| number).sum();
            (needing.all > needing.shown.len())
                .then(|| view! { <p class="needs-more"><a href=href>"Show all " {unhealthy}</a></p> })
        })
    };
    let tally = move || {
        needing.with(|needing| {
            let there = needing.by.into_iter().filter(|(_, _, number)| *number > 0);
            let links = there.map(|(name, words, number)| {
                view! { <a class="needs-count" href=Route::sessions_where("health", name)>{number} " " {words}</a> }
            });
            let conflicts = (needing.conflicts > 0).then(|| {
                let href = Route::sessions_where("conflict", "1");
                view! { <a class="needs-count" href=href>{count(needing.conflicts, "conflict", "conflicts")}</a> }
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
            <Show when=is_any fallback=nothing>
                <ul class="needs"><For each key=|(_, row)| row.id().to_owned() children=row/></ul>
                {more}
            </Show>
        </section>
    }
}

/// Returns the agent of the current stage and the event to apply, with true if the event asks for input.
fn next(entry: &Entry, now: Timestamp, policy: &Policy) -> Option<(EventKind, Agent, bool)> {
    let session = entry.session();
    let agent = session.stage()?.agent();
    // Overriding an escalation needs the user's explicit decision.
    Some((session.remedy(now, policy)?, agent, session.escalated(policy)))
}

#[component]
fn AttentionRow(
    /// The session's id.
    id: String,
    /// The session with its health.
    row: Memo<(HealthSummary, ArcEq<Entry>)>,
    /// The policy in force.
    policy: Memo<Policy>,
    /// The session whose form is open.
    open: RwSignal<Option<String>>,
) -> impl IntoView {
    let workspace = use_workspace();
    let form = {
        let id = id.clone();
        let is_open = Memo::new(move |_| open.with(|open| open.as_ref() == Some(&id)));
        Memo::new(move |_| {
            let (kind, agent, _) = row.with(|(_, row)| remedy(row, workspace))?;
            is_open.get().then_some((kind, agent))
        })
    };
    let forms = expect_context::<FormRegistry>();
    let form_id = id.clone();
    let form = move || {
        let (kind, agent) = form.get()?;
        let session = SessionSignals::follow(workspace.entry(form_id.clone()))?;
        let form = forms.of(&form_id);
        let close = move || {
            form.discard_input(kind, agent);
            open.set(None);
        };
        Some(view! { <ActionForm session kind agent form on_close=close/> })
    };
    let health = move || row.with(|(health, _)| health.health.name());
    let data = id.clone();
    view! {
        <li class="need row" data-session=data data-health=health>
            <NewsDot id/>
            {move || row.with(|(health, row)| attention_row(health, row, policy, open))}
            {form}
        </li>
    }
}

/// Returns the next event of a session that has no conflict.
fn remedy(row: &Entry, workspace: Workspace) -> Option<(EventKind, Agent, bool)> {
    // The same policy as when the event is applied.
    next(row, workspace.clock.half_minute.get_untracked(), &policy()).filter(|_| !row.summary().conflict)
}

fn attention_row(
    health: &HealthSummary,
    row: &Entry,
    policy: Memo<Policy>,
    open: RwSignal<Option<String>>,
) -> impl IntoView + use<> {
    let workspace = use_workspace();
    let now = workspace.clock.half_minute.get_untracked();
    let href = Route::Session(row.id().to_owned()).href();
    let state = row.digest().state();
    let messages = policy
        .with_untracked(|policy| row.session().health(now, policy))
        .reasons
        .into_iter()
        .map(|reason| reason.message);
    let conflicts = row.summary().conflict.then(|| "This session has a conflict: choose a version.".to_owned());
    let mut messages = conflicts.into_iter().chain(messages);
    let first = messages.next();
    let others = messages.collect::<Vec<_>>().join(" ");
    let others = (!others.is_empty()).then(|| view! { <span class="need-more">" " <bdi>{others}</bdi></span> });
    let (id, topic) = (row.id().to_owned(), session_title(row.summary()));
    let action = remedy(row, workspace).map(|(kind, agent, asks)| {
        let name = crate::format::title_case(kind.name());
        let label = if asks { format!("{name}\u{2026}") } else { name };
        let glyph = if kind == EventKind::Retry { Glyph::Retry } else { Glyph::Running };
        let press = move || match (asks, event(kind, agent)) {
            (false, Some(event)) => {
                workspace.apply(&id, &event, workspace.clock.second.get_untracked(), || {});
            }
            _ => {
                let this = Some(id.clone());
                open.update(|open| *open = if *open == this { None } else { this });
                crate::platform::dom::focus_after_render(".needs .action-form input");
            }
        };
        view! { <Button label glyph on_press=press/> <span class="sr-only">{agent.name()} ", " {topic.clone()}</span> }
    });
    // The conflict must be resolved before the session continues.
    let compare = row.summary().conflict.then(|| {
        view! { <a class="button" href=href.clone()>"Compare" <span class="sr-only">{format!(" versions of {}", session_title(row.summary()))}</span></a> }
    });
    let open_href = href.clone();
    view! {
        <div class="need-state">
            <HealthChip health=health.health readable=state.is_some()/>
            {state.map(|state| view! { <StateChip state=Ok(state)/> })}
        </div>
        <div class="need-what">
            <a class="row-link need-topic" href=href><bdi>{session_title(row.summary())}</bdi></a>
            <p class="need-why"><bdi>{first}</bdi>{others}</p>
        </div>
        <span class="need-when"><RelativeTime moment=row.digest().last_updated in_row=true/></span>
        <div class="need-action">
            {action}
            {compare}
            {(!row.summary().conflict).then(|| view! {
                <a class="button button-quiet need-open" href=open_href aria-label=format!("Open {}", session_title(row.summary()))>
                    "Open"
                </a>
            })}
        </div>
    }
}

/// Returns the event that needs no input other than its agent.
pub fn event(kind: EventKind, agent: Agent) -> Option<Event> {
    let action = match kind {
        EventKind::Start => Action::Start { estimated_completion: None },
        EventKind::Retry => Action::Retry,
        EventKind::Resume => Action::Resume { override_escalation: false, reason: None },
        _ => return None,
    };
    Some(Event::new(agent, action))
}
