//! What does not go on by itself: the most urgent first, with what to do about it.
use super::action_form::ActionForm;
use super::button::Button;
use super::forms::AllForms;
use super::icon::{Glyph, Icon};
use super::moment::Ago;
use super::session_signals::SessionSignals;
use super::state_chip::{HealthChip, StateChip};
use crate::figures::{Row, Rows};
use crate::format::count;
use crate::route::Route;
use crate::store::workspace::{policy, use_workspace};
use callboard_core::{Action, Agent, Event, EventKind, HealthLevel, HealthSummary, Policy, Timestamp};
use leptos::prelude::*;
use std::sync::Arc;

/// How many are shown here; the list has them all.
const SHOWN: usize = 8;

#[derive(Clone, Debug)]
struct Needing {
    shown: Vec<(HealthSummary, Arc<Row>)>,
    all: usize,
    by: [(&'static str, &'static str, usize); 5],
    waits: usize,
}

impl PartialEq for Needing {
    fn eq(&self, other: &Self) -> bool {
        self.all == other.all
            && self.by == other.by
            && self.waits == other.waits
            && self.shown.len() == other.shown.len()
            && self.shown.iter().zip(&other.shown).all(|((a, x), (b, y))| a == b && Arc::ptr_eq(x, y))
    }
}

impl Needing {
    fn of(rows: &Rows, now: Timestamp, policy: &Policy) -> Self {
        let mut shown = rows.needing(now, policy);
        let of = |level| shown.iter().filter(|(standing, _)| standing.health == level).count();
        // They count as failed, and nobody can decide about them before they are mended.
        let unreadable = shown.iter().filter(|(_, row)| row.digest.state().is_none()).count();
        let over = shown.iter().filter(|(standing, _)| standing.over_budget).count();
        let by = [
            ("failed", "escalated", of(HealthLevel::Failed).saturating_sub(unreadable)),
            ("failed", "unreadable", unreadable),
            ("stalled", "stalled", of(HealthLevel::Stalled)),
            ("at_risk", "at risk", of(HealthLevel::AtRisk)),
            ("failed,stalled,at_risk&over=1", "over budget", over),
        ];
        let waits = shown.iter().filter(|(_, row)| row.waits).count();
        let all = shown.len();
        shown.truncate(SHOWN);
        Self { shown, all, by, waits }
    }
}

/// The sessions that need somebody.
#[component]
pub fn NeedsYou(
    /// Every session.
    rows: Signal<Rows>,
) -> impl IntoView {
    let clock = use_workspace().clock;
    let policy = Memo::new(|_| policy());
    let needing = Memo::new(move |_| {
        let now = clock.half_minute.get();
        policy.with(|policy| rows.with(|rows| Needing::of(rows, now, policy)))
    });
    // A form that is open stays open while the rows around it change.
    let open = RwSignal::new(None::<String>);
    let body = move || {
        needing.with(|needing| {
            if needing.all == 0 {
                return view! {
                    <p class="chart-empty">
                        <span class="state" data-state="complete"><Icon glyph=Glyph::Complete/></span>
                        " Nothing needs you now. Sessions that fail, stall, run late or spend too much come here."
                    </p>
                }
                .into_any();
            }
            let rows = needing.shown.iter().map(|(standing, row)| {
                view! { <Need standing=*standing row=row.clone() policy open/> }
            });
            let href = Route::sessions_where("health", "failed,stalled,at_risk");
            // Of those that fare well, the list of those that do not knows nothing.
            let faring: usize = needing.by[..4].iter().map(|(_, _, number)| number).sum();
            let more = (needing.all > needing.shown.len()).then(|| {
                view! {
                    <p class="needs-more"><a href=href>"Show all " {faring}</a></p>
                }
            });
            view! { <ul class="needs">{rows.collect_view()}</ul> {more} }.into_any()
        })
    };
    let tally = move || {
        needing.with(|needing| {
            let there = needing.by.into_iter().filter(|(_, _, number)| *number > 0);
            let links = there.map(|(name, words, number)| {
                view! { <a class="needs-count" href=Route::sessions_where("health", name)>{number} " " {words}</a> }
            });
            let waits = (needing.waits > 0).then(|| {
                let href = Route::sessions_where("waiting", "1");
                view! { <a class="needs-count" href=href>{count(needing.waits, "conflict", "conflicts")}</a> }
            });
            view! { {links.collect_view()} {waits} }
        })
    };
    view! {
        <section class="panel needs-you" aria-labelledby="needs-title">
            <div class="panel-head">
                <h2 id="needs-title">"Needs you"</h2>
                <span class="needs-tally">{tally}</span>
            </div>
            {body}
        </section>
    }
}

/// The agent of the current stage, and what may be done for it.
fn next(row: &Row, now: Timestamp, policy: &Policy) -> Option<(EventKind, Agent, bool)> {
    let workspace = use_workspace();
    let entry = workspace.sessions.with_untracked(|shelf| shelf.get(&row.id).cloned())?;
    let session = entry.session();
    let agent = session.stage()?.agent();
    // An escalation is overridden only on a person's word: it is asked for.
    Some((session.remedy(now, policy)?, agent, session.escalated(policy)))
}

fn reasons(row: &Row, now: Timestamp, policy: &Policy) -> Vec<String> {
    let workspace = use_workspace();
    let entry = workspace.sessions.with_untracked(|shelf| shelf.get(&row.id).cloned());
    let health = entry.map(|entry| entry.session().health(now, policy));
    health.into_iter().flat_map(|health| health.reasons).map(|reason| reason.message).collect()
}

#[component]
fn Need(
    /// How it stands.
    standing: HealthSummary,
    /// The session.
    row: Arc<Row>,
    /// The policy in force.
    policy: Memo<Policy>,
    /// The session whose form is open.
    open: RwSignal<Option<String>>,
) -> impl IntoView {
    let workspace = use_workspace();
    let now = workspace.clock.half_minute.get_untracked();
    let href = Route::Session(row.id.clone()).href();
    let state = row.digest.state();
    let said = policy.with_untracked(|policy| reasons(&row, now, policy));
    let waits = row.waits.then(|| "This session has a conflict: two texts of it differ.".to_owned());
    let mut said = waits.into_iter().chain(said);
    let first = said.next();
    let others = said.collect::<Vec<_>>().join(" ");
    let others = (!others.is_empty()).then(|| view! { <span class="need-more">" " <bdi>{others}</bdi></span> });
    // What may be applied is judged by the policy that applying is judged by.
    let next = next(&row, now, &self::policy()).filter(|_| !row.waits);
    let (id, topic) = (row.id.clone(), row.title());
    let action = next.map(|(kind, agent, asks)| {
        let id = id.clone();
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
                crate::platform::dom::focus_soon(".needs .action-form input");
            }
        };
        view! { <Button label glyph on_press=press/> <span class="sr-only">{agent.name()} ", " {topic.clone()}</span> }
    });
    // Which of the two texts it is about is decided before it moves on.
    let look = row.waits.then(|| {
        view! { <a class="button" href=href.clone()>"Look at both" <span class="sr-only">{format!(" of {}", row.title())}</span></a> }
    });
    let form_id = row.id.clone();
    let forms = expect_context::<AllForms>();
    let form = move || {
        let (kind, agent, _) = next?;
        let is_open = open.with(|open| open.as_ref() == Some(&form_id));
        let session = is_open.then(|| SessionSignals::follow(workspace.entry(form_id.clone()))).flatten();
        session.map(|session| {
            let forms = forms.of(&form_id);
            let close = move || {
                forms.forget(kind, agent);
                open.set(None);
            };
            view! { <ActionForm session kind agent forms on_close=close/> }
        })
    };
    let open_href = href.clone();
    view! {
        <li class="need row" data-session=row.id.clone() data-health=standing.health.name()>
            <div class="need-state">
                <HealthChip health=standing.health readable=state.is_some()/>
                {state.map(|state| view! { <StateChip state=Ok(state)/> })}
            </div>
            <div class="need-what">
                <a class="row-link need-topic" href=href><bdi>{row.title()}</bdi></a>
                <p class="need-why"><bdi>{first}</bdi>{others}</p>
            </div>
            <span class="need-when"><Ago moment=row.digest.last_updated in_row=true/></span>
            <div class="need-action">
                {action}
                {look}
                {(!row.waits).then(|| view! {
                    <a class="button button-quiet need-open" href=open_href aria-label=format!("Open {}", row.title())>
                        "Open"
                    </a>
                })}
            </div>
            {form}
        </li>
    }
}

/// The event that needs nothing but its agent.
pub fn event(kind: EventKind, agent: Agent) -> Option<Event> {
    let action = match kind {
        EventKind::Start => Action::Start { estimated_completion: None },
        EventKind::Retry => Action::Retry,
        EventKind::Resume => Action::Resume { override_escalation: false, reason: None },
        _ => return None,
    };
    Some(Event::new(agent, action))
}
