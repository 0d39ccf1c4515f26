//! State diagram of a session: current state, past transitions, available transitions.

pub mod geometry;

use super::button::Button;
use super::event_forms::EventForm;
use super::icon::{Glyph, Icon};
use super::session_signals::SessionSignals;
use crate::format::title_case;
use crate::order::ascending;
use crate::platform::dom;
use crate::store::workspace::{policy, use_workspace};
use callboard_core::{Availability, State, Transition};
use geometry::{SIZE, path, rect};
use leptos::prelude::*;

/// An arrow between two states, with the events that lead along it.
#[derive(Clone, Debug, PartialEq)]
struct Arrow {
    from: State,
    to: State,
    events: Vec<Transition>,
}

/// The two states of an arrow.
type StatePair = (State, State);

/// Returns the arrows in drawing order: idle ones first, then past ones, then available ones on top. The order of a
/// previous drawing with the same arrows is kept.
fn drawn_order(arrows: &[Arrow], before: Option<&Vec<StatePair>>) -> Vec<StatePair> {
    let is_drawn = |before: &&Vec<StatePair>| {
        before.len() == arrows.len() && arrows.iter().all(|arrow| before.contains(&arrow.states()))
    };
    before.filter(is_drawn).cloned().unwrap_or_else(|| {
        let rank = |arrow: &Arrow| (i64::from(arrow.allowed()), i64::from(arrow.taken() > 0));
        ascending(arrows.iter().map(rank)).into_iter().map(|at| arrows[at].states()).collect()
    })
}

impl Arrow {
    fn states(&self) -> StatePair {
        (self.from, self.to)
    }

    /// Groups transitions by their states.
    fn group(transitions: Vec<Transition>) -> Vec<Self> {
        let mut arrows: Vec<Self> = Vec::new();
        for transition in transitions {
            match arrows.iter_mut().find(|arrow| (arrow.from, arrow.to) == (transition.from, transition.to)) {
                Some(arrow) => arrow.events.push(transition),
                None => arrows.push(Self { from: transition.from, to: transition.to, events: vec![transition] }),
            }
        }
        arrows
    }

    fn taken(&self) -> u32 {
        self.events.iter().map(|event| event.taken).sum()
    }

    fn derived(&self) -> bool {
        self.events.iter().any(|event| event.derived)
    }

    fn allowed(&self) -> bool {
        self.events.iter().any(|event| event.availability == Availability::Allowed)
    }

    fn name(&self) -> String {
        let mut kinds: Vec<String> = Vec::new();
        for event in &self.events {
            let kind = event.kind.name().replace('_', " ");
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        let availability = if self.allowed() { "available" } else { "not available" };
        let taken = match self.taken() {
            0 => String::new(),
            1 => ", done once".to_owned(),
            times => format!(", done {times} times"),
        };
        format!("{} to {}: {}, {availability}{taken}", self.from, self.to, kinds.join(" or "))
    }
}

/// The diagram tab.
#[component]
pub fn Diagram(
    /// The session.
    session: SessionSignals,
    /// The session's form.
    form: EventForm,
) -> impl IntoView {
    let clock = use_workspace().clock;
    let state = session.part(|session| session.state().ok());
    let arrows = session.part(move |session| Arrow::group(session.transitions(clock.half_minute.get(), &policy())));
    let selected = RwSignal::new(None::<StatePair>);
    // The drawing order is computed once, so that arrows do not move later.
    let order = Memo::new(move |before: Option<&Vec<StatePair>>| arrows.with(|arrows| drawn_order(arrows, before)));
    // Arrows below FAILED must be drawn before it.
    let drawn = move |is_under: bool| {
        view! {
            <For
                each=move || order.get().into_iter().filter(move |(from, _)| (*from == State::Retry) == is_under)
                key=|states| *states
                children=move |states| arrow_view(states, arrows, selected)
            />
        }
    };
    let (width, height) = SIZE;
    let region = NodeRef::<leptos::html::Div>::new();
    view! {
        <div class="diagram">
            // Firefox does not scroll arrows out from behind the bottom sheet of a narrow page.
            <div
                class="scroll-x"
                role="region"
                aria-label="State diagram"
                tabindex="0"
                node_ref=region
                on:focusin=move |_| if let Some(region) = region.get_untracked() {
                    dom::show(&region);
                }
            >
                <svg class="diagram-svg" viewBox=format!("0 0 {width} {height}") role="group" aria-label="States and transitions">
                    <defs>
                        {["idle", "taken", "allowed"].map(head).into_iter().collect_view()}
                    </defs>
                    {drawn(true)}
                    {State::MACHINE.map(|it| node(it, state)).into_iter().collect_view()}
                    {drawn(false)}
                </svg>
            </div>
            <p class="diagram-legend muted">
                <span class="legend-line legend-allowed"></span>"available"
                <span class="legend-line legend-taken"></span>"done"
                <span class="legend-line legend-idle"></span>"not available"
            </p>
            <div class="diagram-details" aria-live="polite">
                {move || match selected.get() {
                    None => view! {
                        <p class="muted">"Select an arrow to see whether that step is possible now."</p>
                    }
                    .into_any(),
                    Some(states) => arrows.with(|arrows| {
                        arrows.iter().find(|arrow| arrow.states() == states).map(|arrow| details(arrow, state.get(), form))
                    })
                    .into_any(),
                }}
            </div>
        </div>
    }
}

fn head(kind: &'static str) -> impl IntoView {
    view! {
        <marker
            id=format!("head-{kind}")
            class=format!("head-{kind}")
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerWidth="8"
            markerHeight="8"
            markerUnits="userSpaceOnUse"
            orient="auto-start-reverse"
        >
            <path d="M0 0.5 8 4 0 7.5Z"></path>
        </marker>
    }
}

fn node(state: State, current: Memo<Option<State>>) -> impl IntoView {
    let (x, y, width, height) = rect(state);
    // The icon precedes the name; a letter is about 7.9 pixels wide.
    let middle = x + width / 2.0 + 10.0;
    let half = f64::from(u8::try_from(state.name().len()).unwrap_or_default()) * 7.9 / 2.0;
    let glyph_x = middle - half - 20.0;
    let here = move || current.get() == Some(state);
    view! {
        <g class="node" class:node-here=here data-state=state.name().to_lowercase()>
            <rect x=x y=y width=width height=height rx="6"></rect>
            <svg class="node-icon" x=glyph_x y=y + height / 2.0 - 7.0 width="14" height="14" viewBox="0 0 16 16">
                <path d=Glyph::of_state(state).path()></path>
            </svg>
            <text x=middle y=y + height / 2.0 + 4.0 text-anchor="middle">{state.name()}</text>
        </g>
    }
}

fn arrow_view(states: StatePair, arrows: Memo<Vec<Arrow>>, selected: RwSignal<Option<StatePair>>) -> impl IntoView {
    let (line, (x, y)) = path(states.0, states.1);
    let arrow = Memo::new(move |_| arrows.with(|arrows| arrows.iter().find(|arrow| arrow.states() == states).cloned()));
    let style = move || {
        arrow.with(|arrow| match arrow {
            Some(arrow) if arrow.allowed() => "allowed",
            Some(arrow) if arrow.taken() > 0 => "taken",
            _ => "idle",
        })
    };
    let name = move || arrow.with(|arrow| arrow.as_ref().map(Arrow::name));
    let is_derived = move || arrow.with(|arrow| arrow.as_ref().is_some_and(Arrow::derived));
    let times = move || {
        let taken = arrow.with(|arrow| arrow.as_ref().map_or(0, Arrow::taken));
        (taken > 1)
            .then(|| view! { <text class="arrow-count" x=x y=y text-anchor="middle">{format!("\u{d7}{taken}")}</text> })
    };
    let press = move || selected.set(Some(states));
    let is_chosen = move || selected.get() == Some(states);
    view! {
        <g
            class="arrow"
            class:arrow-allowed=move || style() == "allowed"
            class:arrow-taken=move || style() == "taken"
            class:arrow-idle=move || style() == "idle"
            class:arrow-derived=is_derived
            class:arrow-selected=is_chosen
            role="button"
            tabindex="0"
            aria-label=name
            aria-pressed=move || is_chosen().to_string()
            on:click=move |_| press()
            on:focus=move |_| press()
            on:keydown=move |event| if matches!(event.key().as_str(), "Enter" | " ") {
                event.prevent_default();
                press();
            }
        >
            <path class="arrow-hit" d=line.clone()></path>
            <path class="arrow-line" d=line marker-end=move || format!("url(#head-{})", style())></path>
            {times}
        </g>
    }
}

fn details(arrow: &Arrow, state: Option<State>, form: EventForm) -> impl IntoView + use<> {
    let title = format!("{} \u{2192} {}", arrow.from, arrow.to);
    let events = arrow.events.iter().map(|event| event_details(event, state, form)).collect_view();
    view! {
        <h3>{title}</h3>
        <ul class="transition-list">{events}</ul>
    }
}

fn event_details(event: &Transition, state: Option<State>, form: EventForm) -> impl IntoView + use<> {
    let (kind, agent) = (event.kind, event.agent);
    let taken = match (event.taken, event.derived) {
        (0, _) => String::new(),
        (_, true) => "done, according to the file's lists".to_owned(),
        (1, false) => "done once".to_owned(),
        (times, false) => format!("done {times} times"),
    };
    let words = match &event.availability {
        Availability::Allowed => {
            let press = move || form.open(Some((kind, agent)));
            view! {
                <p>"Available now."</p>
                <Button label=format!("{}\u{2026}", title_case(kind.name())) on_press=press/>
            }
            .into_any()
        }
        Availability::Elsewhere => {
            let here = state.map_or("another state", State::name);
            view! {
                <p class="refusal">
                    {format!("Only from {}; the session is in {here}.", event.from)}
                </p>
            }
            .into_any()
        }
        Availability::Refused(refusal) => view! {
            <p class="refusal"><bdi>{refusal.to_string()}</bdi></p>
            <dl class="refusal-facts">
                <div><dt>"Expected"</dt><dd><bdi>{refusal.expected.clone()}</bdi></dd></div>
                <div><dt>"Actual"</dt><dd><bdi>{refusal.actual.clone()}</bdi></dd></div>
                {refusal.hint.clone().map(String::from).map(|hint| view! {
                    <div><dt>"Hint"</dt><dd><bdi>{hint}</bdi></dd></div>
                })}
            </dl>
        }
        .into_any(),
    };
    let glyph = match event.availability {
        Availability::Allowed => Glyph::Complete,
        _ => Glyph::Skipped,
    };
    view! {
        <li class="transition-details">
            <p class="transition-head">
                <Icon glyph/>
                <strong>{title_case(kind.name())}</strong>
                <span class="mono muted" translate="no">{agent.name()}</span>
                <span class="muted">{taken}</span>
            </p>
            {words}
        </li>
    }
}
