//! The machine, drawn: where the session is, the way it has come, and what is possible now.

pub mod geometry;

use super::button::Button;
use super::forms::Forms;
use super::icon::{Glyph, Icon};
use super::session_signals::SessionSignals;
use crate::format::title_case;
use crate::order::ascending;
use crate::platform::dom;
use crate::store::workspace::{policy, use_workspace};
use callboard_core::{Availability, State, Transition};
use geometry::{SIZE, path, place};
use leptos::prelude::*;

/// A way from a state to a state, with every event that takes it.
#[derive(Clone, Debug, PartialEq)]
struct Way {
    from: State,
    to: State,
    events: Vec<Transition>,
}

/// The two ends of a way.
type Ends = (State, State);

/// The ends of all ways in the order in which they are drawn: what has been taken lies over what has not, and what is
/// possible over both. Where the same ways were drawn before, they keep their order.
fn drawn_order(ways: &[Way], before: Option<&Vec<Ends>>) -> Vec<Ends> {
    let is_drawn =
        |before: &&Vec<Ends>| before.len() == ways.len() && ways.iter().all(|way| before.contains(&way.ends()));
    before.filter(is_drawn).cloned().unwrap_or_else(|| {
        let rank = |way: &Way| (i64::from(way.allowed()), i64::from(way.taken() > 0));
        ascending(ways.iter().map(rank)).into_iter().map(|at| ways[at].ends()).collect()
    })
}

impl Way {
    fn ends(&self) -> Ends {
        (self.from, self.to)
    }

    /// The transitions, those with the same ends together.
    fn all(transitions: Vec<Transition>) -> Vec<Self> {
        let mut ways: Vec<Self> = Vec::new();
        for transition in transitions {
            match ways.iter_mut().find(|way| (way.from, way.to) == (transition.from, transition.to)) {
                Some(way) => way.events.push(transition),
                None => ways.push(Self { from: transition.from, to: transition.to, events: vec![transition] }),
            }
        }
        ways
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
        let standing = if self.allowed() { "possible now" } else { "not now" };
        let taken = match self.taken() {
            0 => String::new(),
            1 => ", taken once".to_owned(),
            times => format!(", taken {times} times"),
        };
        format!("{} to {}: {}, {standing}{taken}", self.from, self.to, kinds.join(" or "))
    }
}

/// The tab of the machine.
#[component]
pub fn Diagram(
    /// The session.
    session: SessionSignals,
    /// The page's form.
    forms: Forms,
) -> impl IntoView {
    let clock = use_workspace().clock;
    let state = session.part(|session| session.state().ok());
    let ways = session.part(move |session| Way::all(session.transitions(clock.half_minute.get(), &policy())));
    let chosen = RwSignal::new(None::<Ends>);
    // The order in which they are drawn is that of the moment it is opened in: later each stays where it is.
    let order = Memo::new(move |before: Option<&Vec<Ends>>| ways.with(|ways| drawn_order(ways, before)));
    // Under FAILED: drawn before it.
    let drawn = move |is_under: bool| {
        view! {
            <For
                each=move || order.get().into_iter().filter(move |(from, _)| (*from == State::Retry) == is_under)
                key=|ends| *ends
                children=move |ends| arrow(ends, ways, chosen)
            />
        }
    };
    let (width, height) = SIZE;
    let region = NodeRef::<leptos::html::Div>::new();
    view! {
        <div class="diagram">
            // Firefox leaves the ways that lie behind the sheet of a narrow page where they are.
            <div
                class="scroll-x"
                role="region"
                aria-label="The machine"
                tabindex="0"
                node_ref=region
                on:focusin=move |_| if let Some(region) = region.get_untracked() {
                    dom::show(&region);
                }
            >
                <svg class="diagram-svg" viewBox=format!("0 0 {width} {height}") role="group" aria-label="States and the ways between them">
                    <defs>
                        {["idle", "taken", "allowed"].map(head).into_iter().collect_view()}
                    </defs>
                    {drawn(true)}
                    {State::MACHINE.map(|it| node(it, state)).into_iter().collect_view()}
                    {drawn(false)}
                </svg>
            </div>
            <p class="diagram-legend muted">
                <span class="legend-line legend-allowed"></span>"possible now"
                <span class="legend-line legend-taken"></span>"taken"
                <span class="legend-line legend-idle"></span>"not now"
            </p>
            <div class="diagram-answer" aria-live="polite">
                {move || match chosen.get() {
                    None => view! {
                        <p class="muted">"Choose a way to see whether it is open, and why not where it is shut."</p>
                    }
                    .into_any(),
                    Some(ends) => ways.with(|ways| {
                        ways.iter().find(|way| way.ends() == ends).map(|way| answer(way, state.get(), forms))
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
    let (x, y, width, height) = place(state);
    // Beside the word, however long it is: a letter of it is about so wide.
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

fn arrow(ends: Ends, ways: Memo<Vec<Way>>, chosen: RwSignal<Option<Ends>>) -> impl IntoView {
    let (line, (x, y)) = path(ends.0, ends.1);
    let way = Memo::new(move |_| ways.with(|ways| ways.iter().find(|way| way.ends() == ends).cloned()));
    let look = move || {
        way.with(|way| match way {
            Some(way) if way.allowed() => "allowed",
            Some(way) if way.taken() > 0 => "taken",
            _ => "idle",
        })
    };
    let name = move || way.with(|way| way.as_ref().map(Way::name));
    let is_derived = move || way.with(|way| way.as_ref().is_some_and(Way::derived));
    let times = move || {
        let taken = way.with(|way| way.as_ref().map_or(0, Way::taken));
        (taken > 1)
            .then(|| view! { <text class="way-times" x=x y=y text-anchor="middle">{format!("\u{d7}{taken}")}</text> })
    };
    let press = move || chosen.set(Some(ends));
    let is_chosen = move || chosen.get() == Some(ends);
    view! {
        <g
            class="way"
            class:way-allowed=move || look() == "allowed"
            class:way-taken=move || look() == "taken"
            class:way-idle=move || look() == "idle"
            class:way-derived=is_derived
            class:way-chosen=is_chosen
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
            <path class="way-hit" d=line.clone()></path>
            <path class="way-line" d=line marker-end=move || format!("url(#head-{})", look())></path>
            {times}
        </g>
    }
}

fn answer(way: &Way, state: Option<State>, forms: Forms) -> impl IntoView + use<> {
    let title = format!("{} \u{2192} {}", way.from, way.to);
    let events = way.events.iter().map(|event| verdict(event, state, forms)).collect_view();
    view! {
        <h3>{title}</h3>
        <ul class="answers">{events}</ul>
    }
}

fn verdict(event: &Transition, state: Option<State>, forms: Forms) -> impl IntoView + use<> {
    let (kind, agent) = (event.kind, event.agent);
    let taken = match (event.taken, event.derived) {
        (0, _) => String::new(),
        (_, true) => "taken, as the file's lists say".to_owned(),
        (1, false) => "taken once".to_owned(),
        (times, false) => format!("taken {times} times"),
    };
    let words = match &event.availability {
        Availability::Allowed => {
            let press = move || forms.open(Some((kind, agent)));
            view! {
                <p>"Possible now."</p>
                <Button label=format!("{}\u{2026}", title_case(kind.name())) on_press=press/>
            }
            .into_any()
        }
        Availability::Elsewhere => {
            let here = state.map_or("another state", State::name);
            view! {
                <p class="refusal">
                    {format!("This leads on from {}, and the session is at {here}.", event.from)}
                </p>
            }
            .into_any()
        }
        Availability::Refused(refusal) => view! {
            <p class="refusal"><bdi>{refusal.to_string()}</bdi></p>
            <dl class="refusal-facts">
                <div><dt>"Expected"</dt><dd><bdi>{refusal.expected.clone()}</bdi></dd></div>
                <div><dt>"Actual"</dt><dd><bdi>{refusal.actual.clone()}</bdi></dd></div>
                {refusal.hint.clone().map(|hint| view! {
                    <div><dt>"What helps"</dt><dd><bdi>{hint}</bdi></dd></div>
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
        <li class="answer">
            <p class="answer-head">
                <Icon glyph/>
                <strong>{title_case(kind.name())}</strong>
                <span class="mono muted" translate="no">{agent.name()}</span>
                <span class="muted">{taken}</span>
            </p>
            {words}
        </li>
    }
}
