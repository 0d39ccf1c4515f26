//! The schedule: sessions by week and day, those that are late, and those without a due date.
use super::welcome::Welcome;
use crate::components::button::NewSession;
use crate::components::icon::{Glyph, Icon};
use crate::components::show_more::ShowMore;
use crate::components::time::{format_time, offset_minutes};
use crate::format::{count, session_label, session_title, state_name};
use crate::platform::intl::{DateStyle, Style, format_date};
use crate::platform::{dom, focus};
use crate::route::{Route, encode, parameter};
use crate::store::workspace::{policy, use_workspace};
use callboard_core::{Date, DueStatus, Phase, Planning, Timestamp};
use callboard_workspace::{Schedule as Weeks, ScheduleWeek, ScheduledSession};
use leptos::prelude::*;
use std::cell::Cell;
use std::collections::BTreeSet;
use std::rc::Rc;

/// Number of sessions of a list that are shown at first, and added per click.
const SHOWN: usize = 20;

/// The filters of the page, which its address has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct ScheduleFilter {
    owner: Option<String>,
    label: Option<String>,
}

impl ScheduleFilter {
    fn parse(address: &str) -> Self {
        let value = |name| parameter(address, name).filter(|value| !value.is_empty());
        Self { owner: value("owner"), label: value("label") }
    }

    /// Returns true if the filter takes a session with this planning.
    fn takes(&self, planning: &Planning) -> bool {
        self.owner.as_ref().is_none_or(|owner| planning.owner.as_ref() == Some(owner))
            && self.label.as_ref().is_none_or(|label| planning.labels.contains(label))
    }

    fn href(&self) -> String {
        let pair = |name: &str, value: &Option<String>| value.as_ref().map(|value| format!("{name}={}", encode(value)));
        let pairs: Vec<String> =
            [pair("owner", &self.owner), pair("label", &self.label)].into_iter().flatten().collect();
        let href = Route::Schedule.href();
        if pairs.is_empty() { href } else { format!("{href}?{}", pairs.join("&")) }
    }
}

/// The page.
#[component]
pub fn Schedule() -> impl IntoView {
    let workspace = use_workspace();
    let is_empty = Memo::new(move |_| workspace.sessions.with(|sessions| sessions.is_empty()));
    move || {
        if is_empty.get() && workspace.is_ready() {
            view! { <Welcome/> }.into_any()
        } else {
            view! { <SchedulePage/> }.into_any()
        }
    }
}

/// A session as its card shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Card {
    id: String,
    title: String,
    label: String,
    topic: String,
    state: &'static str,
    glyph: Glyph,
    status: Option<DueStatus>,
    /// The day in which it is shown.
    day: Option<Date>,
    due: Option<Date>,
    /// The due date in words, for a session that is past it.
    past_due: Option<String>,
    activity: String,
    owner: Option<String>,
}

/// The cards of a week.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Week {
    start: Date,
    days: [Vec<Card>; 7],
    late: usize,
}

/// The cards of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Board {
    today: Date,
    overdue: Vec<Card>,
    weeks: Vec<Week>,
    unscheduled: Vec<Card>,
}

impl Card {
    /// Returns what a card is drawn again for. All else, such as minutes, changes in place, so that input and focus stay.
    fn key(&self) -> (String, Option<Date>, Option<Date>, String) {
        (self.id.clone(), self.day, self.due, self.title.clone())
    }

    /// Follows the card in its list; it keeps its last value once it is gone.
    fn follow(self, cards: Memo<Vec<Card>>) -> Memo<Card> {
        Memo::new(move |before: Option<&Card>| {
            let now = cards.with(|cards| cards.iter().find(|card| card.id == self.id).cloned());
            now.or_else(|| before.cloned()).unwrap_or_else(|| self.clone())
        })
    }

    fn of(session: &ScheduledSession, today: Date, now: Timestamp) -> Self {
        let summary = session.entry.summary();
        let past_due = session.past_due(today).map(|day| {
            let days = usize::try_from(today.days_since(day)).unwrap_or_default();
            format!("Due {}, {} ago", format_date(day, DateStyle::Long), count(days, "day", "days"))
        });
        Self {
            id: session.entry.id().to_owned(),
            title: session_title(summary),
            label: session_label(summary),
            topic: summary.topic.clone().unwrap_or_default(),
            state: state_name(summary),
            glyph: Glyph::of_list_state(&summary.state),
            status: session.status,
            day: session.day,
            due: session.outlook.due,
            past_due,
            activity: activity(session, now),
            owner: session.entry.digest().planning.owner.clone(),
        }
    }
}

impl Board {
    fn of(schedule: &Weeks, now: Timestamp) -> Self {
        let today = schedule.today;
        let cards = |sessions: &Vec<ScheduledSession>| -> Vec<Card> {
            sessions.iter().map(|session| Card::of(session, today, now)).collect()
        };
        let week =
            |week: &ScheduleWeek| Week { start: week.start, days: week.days.each_ref().map(cards), late: week.late() };
        Self {
            today,
            overdue: cards(&schedule.overdue),
            weeks: schedule.weeks.iter().map(week).collect(),
            unscheduled: cards(&schedule.unscheduled),
        }
    }
}

/// The session whose due date is being changed, and the one whose card gets the focus when it is drawn.
#[derive(Clone, Copy)]
struct CardState {
    open: RwSignal<Option<String>>,
    focused: StoredValue<Option<String>>,
}

#[component]
fn SchedulePage() -> impl IntoView {
    let workspace = use_workspace();
    let dom::Address(address) = expect_context();
    let filter = Memo::new(move |_| ScheduleFilter::parse(&address.get()));
    let cards = CardState { open: RwSignal::new(None), focused: StoredValue::new(None) };
    let board = Memo::new(move |_| {
        let now = workspace.clock.half_minute.get();
        let schedule = filter.with(|filter| {
            workspace.sessions.with(|sessions| {
                let chosen = sessions.iter().filter(|entry| filter.takes(&entry.digest().planning));
                Weeks::of(chosen, now, offset_minutes(now), &policy())
            })
        });
        Board::of(&schedule, now)
    });
    let overdue = Memo::new(move |_| board.with(|board| board.overdue.clone()));
    let has_overdue = Memo::new(move |_| overdue.with(|cards| !cards.is_empty()));
    let starts = move || board.with(|board| board.weeks.iter().map(|week| week.start).collect::<Vec<_>>());
    let week = move |start: Date| {
        let week = Memo::new(move |_| board.with(|board| board.weeks.iter().find(|week| week.start == start).cloned()));
        let today = Memo::new(move |_| board.with(|board| board.today));
        view! { <WeekPanel start week today cards/> }
    };
    let unscheduled = Memo::new(move |_| board.with(|board| board.unscheduled.clone()));
    let has_unscheduled = Memo::new(move |_| unscheduled.with(|cards| !cards.is_empty()));
    view! {
        <div class="page schedule">
            <div class="page-head">
                <h1 tabindex="-1">"Schedule"</h1>
                <span class="spacer"></span>
                <Filter
                    label="Owner"
                    all="All owners"
                    values=Memo::new(move |_| workspace.sessions.with(|sessions| {
                        sessions.iter().filter_map(|entry| entry.digest().planning.owner.clone()).collect()
                    }))
                    chosen=Signal::derive(move || filter.get().owner)
                    choose=move |owner| dom::navigate(&ScheduleFilter { owner, ..filter.get_untracked() }.href())
                />
                <Filter
                    label="Label"
                    all="All labels"
                    values=Memo::new(move |_| workspace.sessions.with(|sessions| {
                        sessions.iter().flat_map(|entry| entry.digest().planning.labels.clone()).collect()
                    }))
                    chosen=Signal::derive(move || filter.get().label)
                    choose=move |label| dom::navigate(&ScheduleFilter { label, ..filter.get_untracked() }.href())
                />
                <NewSession/>
            </div>
            <Show when=move || has_overdue.get()>
                <section class="panel schedule-late" aria-labelledby="schedule-late">
                    <div class="panel-head">
                        <h2 id="schedule-late">"Past due"</h2>
                        <span class="schedule-count">
                            {move || count(overdue.with(Vec::len), "session", "sessions")}
                        </span>
                    </div>
                    <Cards list=overdue class="schedule-cards schedule-row" cards/>
                </section>
            </Show>
            <For each=starts key=|start| *start children=week/>
            <Show when=move || has_unscheduled.get()>
                <UnscheduledPanel unscheduled cards/>
            </Show>
        </div>
    }
}

/// A filter by one value; hidden while no session has any.
#[component]
fn Filter(
    /// The label.
    label: &'static str,
    /// The option without a filter.
    all: &'static str,
    /// The values of the sessions.
    values: Memo<BTreeSet<String>>,
    /// The chosen value.
    chosen: Signal<Option<String>>,
    /// Called with a value that is chosen.
    choose: impl Fn(Option<String>) + Copy + Send + Sync + 'static,
) -> impl IntoView {
    // The select stays while another of its options is chosen, and so keeps the focus.
    let options = Memo::new(move |_| {
        let mut values = values.get();
        values.extend(chosen.get());
        values
    });
    move || {
        let values = options.get();
        (!values.is_empty()).then(|| {
            let option = |value: String| {
                let text = value.clone();
                let is_chosen = move || chosen.with(|chosen| chosen.as_ref() == Some(&value));
                view! { <option value=text.clone() prop:selected=is_chosen>{text.clone()}</option> }
            };
            view! {
                <select
                    class="button"
                    aria-label=label
                    on:change:target=move |event| {
                        choose(Some(event.target().value()).filter(|value| !value.is_empty()));
                    }
                >
                    <option value="" prop:selected=move || chosen.with(Option::is_none)>{all}</option>
                    {values.into_iter().map(option).collect_view()}
                </select>
            }
        })
    }
}

#[component]
fn WeekPanel(
    /// The Monday.
    start: Date,
    /// The cards; none once the week is not shown.
    week: Memo<Option<Week>>,
    /// The viewer's day.
    today: Memo<Date>,
    /// The state of the cards.
    cards: CardState,
) -> impl IntoView {
    let id = format!("week-{start}");
    let name = move || match today.get().days_since(start) {
        0..=6 => "This week, ",
        -7..=-1 => "Next week, ",
        _ => "",
    };
    let end = start.plus_days(6);
    let dates = format!("{} \u{2013} {}", format_date(start, DateStyle::Short), format_date(end, DateStyle::Short));
    let summary = move || {
        week.with(|week| {
            let (number, late) = week.as_ref().map_or((0, 0), |week| (week.days.iter().map(Vec::len).sum(), week.late));
            match (number, late) {
                (0, _) => "Nothing due".to_owned(),
                (_, 0) => count(number, "session", "sessions"),
                _ => format!("{}, {late} late", count(number, "session", "sessions")),
            }
        })
    };
    let days = (0_u8..7).map(|at| {
        let day = start.plus_days(at.into());
        let sessions = Memo::new(move |_| {
            week.with(|week| week.as_ref().map(|week| week.days[usize::from(at)].clone()).unwrap_or_default())
        });
        let is_today = move || today.get() == day;
        view! {
            <li
                class="schedule-day"
                data-date=day.to_string()
                data-today=move || is_today().to_string()
                data-empty=move || sessions.with(Vec::is_empty).to_string()
            >
                <h3 class="schedule-date" aria-current=move || is_today().then_some("date")>
                    {format_date(day, DateStyle::Weekday)}
                    {move || is_today().then(|| view! { <span class="schedule-today">"Today"</span> })}
                </h3>
                <Cards list=sessions class="schedule-cards" cards/>
            </li>
        }
    });
    view! {
        <section class="panel schedule-week" aria-labelledby=id.clone()>
            <div class="panel-head">
                <h2 id=id.clone()>{name} {dates}</h2>
                <span class="schedule-count">{summary}</span>
            </div>
            <ol class="schedule-days">{days.collect_view()}</ol>
        </section>
    }
}

/// The cards of a list, of which the first are shown.
#[component]
fn Cards(
    /// The sessions.
    list: Memo<Vec<Card>>,
    /// The class of the list.
    class: &'static str,
    /// The state of the cards.
    cards: CardState,
) -> impl IntoView {
    let shown = RwSignal::new(SHOWN);
    let each = move || list.with(|list| list.iter().take(shown.get()).cloned().collect::<Vec<_>>());
    view! {
        <ul class=class>
            <For each key=Card::key children=move |card| view! { <SessionCard card=card.follow(list) cards/> }/>
        </ul>
        <ShowMore asked=shown step=SHOWN total=Signal::derive(move || list.with(Vec::len)) names=("session", "sessions")/>
    }
}

/// Returns the state of a session's work in a few words.
fn activity(session: &ScheduledSession, now: Timestamp) -> String {
    let outlook = &session.outlook;
    let agent = outlook.agent.map(|agent| agent.name()).unwrap_or_default();
    match outlook.phase {
        Phase::Complete => "Complete".into(),
        Phase::Ready => format!("{agent} ready to start"),
        Phase::Running => match (outlook.overdue(), outlook.estimate) {
            (Some(seconds), _) => format!("{agent} {} late", crate::format::duration(seconds)),
            (None, Some(estimate)) => format!("Expected {}", expected(estimate, now)),
            (None, None) => format!("{agent} running"),
        },
        Phase::Failed => format!("{agent} failed"),
        Phase::Retry => format!("{agent} will be retried"),
        Phase::Escalated => "Needs your decision".into(),
        Phase::Unknown => "State unknown".into(),
    }
}

/// Formats an expected time: `14:20` on the same day, else `Sat 5, 14:20`.
fn expected(at: Timestamp, now: Timestamp) -> String {
    let (day, today) = (Date::of(at, offset_minutes(at)), Date::of(now, offset_minutes(now)));
    let time = format_time(at, Style::Time);
    if day == today { time } else { format!("{}, {time}", format_date(day, DateStyle::Weekday)) }
}

/// Returns the selector of a session's link in the page.
fn link_of(id: &str) -> String {
    format!(".schedule [data-session=\"{}\"] .row-link", id.replace('\\', "\\\\").replace('"', "\\\""))
}

/// The icon of a session's state.
#[component]
fn CardStateIcon(
    /// The session.
    card: Memo<Card>,
) -> impl IntoView {
    let shown = Memo::new(move |_| card.with(|card| (card.state, card.glyph)));
    move || {
        let (state, glyph) = shown.get();
        view! {
            <span class="state" data-state=state.to_lowercase() title=state>
                <Icon glyph/>
                <span class="sr-only">{state}</span>
            </span>
        }
    }
}

#[component]
fn SessionCard(
    /// The session.
    card: Memo<Card>,
    /// The state of the cards.
    cards: CardState,
) -> impl IntoView {
    let workspace = use_workspace();
    let Card { id, title, label, topic, day, due, .. } = card.get_untracked();
    let status = Memo::new(move |_| card.with(|card| card.status));
    let owner = Memo::new(move |_| card.with(|card| card.owner.clone()));
    let past_due = Memo::new(move |_| card.with(|card| card.past_due.clone()));
    let CardState { open, focused } = cards;
    if focused.with_value(|focused| focused.as_ref() == Some(&id)) {
        focused.set_value(None);
        // Its card was removed with the focus.
        focus::focus_if_lost(link_of(&id));
    }
    let stored = StoredValue::new(id.clone());
    let is_open = Memo::new(move |_| open.with(|open| stored.with_value(|id| open.as_ref() == Some(id))));
    let form = {
        let title = title.clone();
        move || is_open.get().then(|| view! { <DueInput id=stored.get_value() title=title.clone() due cards/> })
    };
    let press = move |_| {
        open.set((!is_open.get_untracked()).then(|| stored.get_value()));
        dom::focus_after_render(".schedule-due input");
    };
    let move_by = move |event: leptos::ev::KeyboardEvent| {
        let days = match (event.alt_key(), event.key().as_str()) {
            (true, "ArrowLeft") => -1,
            (true, "ArrowRight") => 1,
            (true, "ArrowUp") => -7,
            (true, "ArrowDown") => 7,
            _ => return,
        };
        event.prevent_default();
        if let Some(day) = day {
            focused.set_value(Some(stored.get_value()));
            let plan = move |planning: &mut Planning| {
                planning.due = Some(planning.due.unwrap_or(day).plus_days(days));
            };
            workspace.plan(&stored.get_value(), plan, move || focused.set_value(None));
        }
    };
    view! {
        <li
            class="schedule-card row"
            data-session=id.clone()
            data-status=move || status.get().map(DueStatus::name)
            data-planned=due.is_some().to_string()
        >
            <div class="schedule-what">
                <CardStateIcon card/>
                <a
                    class="row-link schedule-topic"
                    href=Route::Session(id.clone()).href()
                    aria-keyshortcuts="Alt+ArrowLeft Alt+ArrowRight Alt+ArrowUp Alt+ArrowDown"
                    on:keydown=move_by
                >
                    <span class="schedule-number">{label}</span>
                    " "
                    <bdi>{topic}</bdi>
                </a>
                <button
                    type="button"
                    class="button button-quiet button-icon schedule-change"
                    aria-label=format!("Change the due date of {title}")
                    aria-expanded=move || is_open.get().to_string()
                    title="Change the due date"
                    on:click=press
                >
                    <Icon glyph=Glyph::Schedule/>
                </button>
            </div>
            <p class="schedule-how">
                {move || (status.get() == Some(DueStatus::Late)).then(|| {
                    view! { <strong class="schedule-status">"Late"</strong> " " }
                })}
                {move || past_due.get().map(|due| view! { <span>{due}</span> " \u{b7} " })}
                <span>{move || card.with(|card| card.activity.clone())}</span>
                {move || owner.get().map(|owner| view! { " \u{b7} " <bdi>{owner}</bdi> })}
            </p>
            {form}
        </li>
    }
}

/// The input for a session's due date.
#[component]
fn DueInput(
    /// The session's id.
    id: String,
    /// Its title.
    title: String,
    /// Its due date.
    due: Option<Date>,
    /// The state of the cards.
    cards: CardState,
) -> impl IntoView {
    let workspace = use_workspace();
    let typed = RwSignal::new(due.map(|due| due.to_string()).unwrap_or_default());
    let close = {
        let link = link_of(&id);
        move || {
            cards.open.set(None);
            dom::focus(&link);
        }
    };
    let apply = {
        let close = close.clone();
        move || {
            let text = typed.get_untracked();
            let new = Date::parse(&text);
            close();
            if new != due && (new.is_some() || text.is_empty()) {
                cards.focused.set_value(Some(id.clone()));
                let refused = move || cards.focused.set_value(None);
                workspace.plan(&id, move |planning| planning.due = new, refused);
            }
        }
    };
    view! {
        <form
            class="schedule-due"
            on:submit=move |event| {
                event.prevent_default();
                apply();
            }
            on:keydown=move |event| if event.key() == "Escape" {
                event.stop_propagation();
                close();
            }
        >
            <input
                type="date"
                aria-label=format!("Due date of {title}")
                prop:value=typed.get_untracked()
                on:input:target=move |event| typed.set(event.target().value())
            />
            <button type="submit" class="button">"Set"</button>
        </form>
    }
}

#[component]
fn UnscheduledPanel(
    /// The sessions without a due date.
    unscheduled: Memo<Vec<Card>>,
    /// The state of the cards.
    cards: CardState,
) -> impl IntoView {
    let shown = RwSignal::new(SHOWN);
    let all = move || unscheduled.with(Vec::len);
    let rows = move || unscheduled.with(|cards| cards.iter().take(shown.get()).cloned().collect::<Vec<_>>());
    view! {
        <section class="panel schedule-open" aria-labelledby="schedule-open">
            <div class="panel-head">
                <h2 id="schedule-open">"No due date"</h2>
                <span class="schedule-count">{move || count(all(), "session", "sessions")}</span>
            </div>
            <ul class="schedule-cards schedule-list">
                <For
                    each=rows
                    key=Card::key
                    children=move |card| view! { <UnscheduledRow card=card.follow(unscheduled) cards/> }
                />
            </ul>
            <ShowMore asked=shown step=5 * SHOWN total=Signal::derive(all) names=("session", "sessions")/>
        </section>
    }
}

#[component]
fn UnscheduledRow(
    /// The session.
    card: Memo<Card>,
    /// The state of the cards.
    cards: CardState,
) -> impl IntoView {
    let workspace = use_workspace();
    let Card { id, title, label, topic, .. } = card.get_untracked();
    // The row is removed with its focus once the date is set, and must not set it again.
    let (own_id, is_set) = (id.clone(), Rc::new(Cell::new(false)));
    let set = move |text: String, has_focus: bool| {
        if let Some(due) = Date::parse(&text).filter(|_| !is_set.replace(true)) {
            if has_focus {
                cards.focused.set_value(Some(own_id.clone()));
            }
            let is_set = is_set.clone();
            let refused = move || {
                is_set.set(false);
                cards.focused.set_value(None);
            };
            workspace.plan(&own_id, move |planning| planning.due = Some(due), refused);
        }
    };
    let set = Rc::new(set);
    let set_by_key = set.clone();
    view! {
        <li class="schedule-card row" data-session=id.clone()>
            <div class="schedule-what">
                <CardStateIcon card/>
                <a class="row-link schedule-topic" href=Route::Session(id.clone()).href()>
                    <span class="schedule-number">{label}</span>
                    " "
                    <bdi>{topic}</bdi>
                </a>
            </div>
            <p class="schedule-how">{move || card.with(|card| card.activity.clone())}</p>
            // A date changes with every digit that is typed, so it is set when the field is left.
            <input
                type="date"
                class="schedule-set"
                aria-label=format!("Due date of {title}")
                on:blur:target=move |event| if !dom::is_incomplete(&event) { set(event.target().value(), false) }
                on:keydown:target=move |event| if event.key() == "Enter" { set_by_key(event.target().value(), true) }
            />
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_survive_the_address() {
        let check = |filter: ScheduleFilter, href: &str| {
            assert_eq!(filter.href(), href);
            assert_eq!(ScheduleFilter::parse(href), filter);
        };
        check(ScheduleFilter::default(), "#/schedule");
        let filter = ScheduleFilter { owner: Some("Mira & Jo".into()), label: Some("season 2".into()) };
        check(filter, "#/schedule?owner=Mira%20%26%20Jo&label=season%202");
        assert_eq!(ScheduleFilter::parse("#/schedule?owner="), ScheduleFilter::default());
    }
}
