//! What may happen next: every transition, the allowed ones as buttons, the refused ones below them.
use super::action_form::ActionForm;
use super::forms::Forms;
use super::icon::{Glyph, Icon};
use super::refusals::Refusals;
use super::session_signals::SessionSignals;
use crate::keys::use_panels;
use crate::platform::dom::{self, once_drawn};
use crate::store::workspace::{policy, use_workspace};
use callboard_core::{Agent, Choice, EventKind};
use leptos::prelude::*;

/// A transition by its kind and its agent, as forms know it.
type Kind = (EventKind, Agent);

/// A line of the list of transitions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line {
    /// A heading.
    Head(&'static str),
    /// The current agent's transition, which is allowed.
    Own(Kind),
    /// A transition that names its agent: another one's, or one that is no longer possible.
    Named(Kind),
}

impl Line {
    fn kind(self) -> Option<Kind> {
        match self {
            Self::Head(_) => None,
            Self::Own(kind) | Self::Named(kind) => Some(kind),
        }
    }
}

/// The transitions that can be chosen. A form that is open stays in the list when its transition is no longer possible,
/// as when another tab was quicker: what is typed there is not taken away.
fn lines(choices: &[Choice], open: Option<Kind>) -> Vec<Line> {
    let allowed = choices.iter().filter(|choice| choice.refusal.is_none());
    let mut lines: Vec<Line> = allowed.map(|choice| Line::Own((choice.kind, choice.agent))).collect();
    // Every refusal names all that would be accepted: a late bill, or gates that fail while the audio waits.
    let own = choices.first().map(|choice| choice.agent);
    let refusal = choices.iter().find_map(|choice| choice.refusal.as_ref());
    let others = refusal.map_or(&[][..], |refusal| &refusal.allowed).iter().filter(|other| Some(other.agent) != own);
    let mut others = others.map(|other| Line::Named((other.kind, other.agent))).peekable();
    if others.peek().is_some() {
        lines.push(Line::Head("For other agents"));
        lines.extend(others);
    }
    if let Some(open) = open.filter(|open| lines.iter().all(|line| line.kind() != Some(*open))) {
        lines.extend([Line::Head("No longer possible"), Line::Named(open)]);
    }
    lines
}

/// The transitions of the current stage's agent.
#[component]
pub fn ActionPanel(
    /// The session.
    session: SessionSignals,
    /// The page's form; the diagram opens it too.
    forms: Forms,
) -> impl IntoView {
    let clock = use_workspace().clock;
    let choices = session.part(move |session| session.choices(clock.half_minute.get(), &policy()));
    let panels = use_panels();
    // The palette asks for a form, and leaves it to the page to open it.
    Effect::new(move |_| {
        let Some((_, kind)) = panels.asked.get().filter(|(asked, _)| *asked == session.id()) else { return };
        let choice = choices.with_untracked(|choices| choices.iter().find(|choice| choice.kind == kind).cloned());
        forms.open(choice.filter(|choice| choice.refusal.is_none()).map(|choice| (kind, choice.agent)));
        panels.asked.set(None);
    });
    let agent = session.part(|session| session.stage().map(|stage| stage.agent().name()));
    let agent = move || agent.get();
    let lines = Memo::new(move |_| choices.with(|choices| lines(choices, forms.opened())));
    // The lines around the open form change, and it stays the same element: it is neither moved nor made anew.
    let split = move || {
        let open = forms.opened();
        lines.with(|lines| lines.iter().position(|line| open.is_some() && line.kind() == open).unwrap_or(lines.len()))
    };
    let before = move || lines.with(|lines| lines[..split()].iter().map(|it| line(*it, forms)).collect_view());
    let after = move || lines.with(|lines| lines.iter().skip(split() + 1).map(|it| line(*it, forms)).collect_view());
    let open = Memo::new(move |_| lines.with(|lines| lines.get(split()).and_then(|line| line.kind())));
    let is_named = Memo::new(move |_| lines.with(|lines| matches!(lines.get(split()), Some(Line::Named(_)))));
    let possible = move || {
        choices.with(|choices| {
            let names = choices.iter().filter(|choice| choice.refusal.is_none());
            let names: Vec<_> = names.map(|choice| crate::format::title_case(choice.kind.name())).collect();
            if names.is_empty() { "Nothing now".to_owned() } else { names.join(", ") }
        })
    };
    let up = forms.up;
    view! {
        <section
            class="panel actions"
            class:actions-up=move || up.get()
            aria-labelledby="actions-title"
            on:keydown=move |event| if event.key() == "Escape" && up.get_untracked() {
                event.stop_propagation();
                up.set(false);
                crate::platform::dom::focus_soon(".actions-handle");
            }
        >
            <div class="panel-head">
                <h2 id="actions-title">"Next"</h2>
                <span class="mono muted" translate="no">{agent}</span>
            </div>
            // On a narrow page the panel is a sheet at its foot, and this is all of it that always shows.
            <button
                type="button"
                class="actions-handle"
                aria-expanded=move || up.get().to_string()
                aria-controls="actions-body"
                on:click=move |_| up.update(|up| *up = !*up)
            >
                <span class="actions-handle-words">
                    <span><span class="actions-title">"Next"</span>" "<span class="mono muted" translate="no">{agent}</span></span>
                    <span class="muted">{possible}</span>
                </span>
                <span class="chevron" aria-hidden="true"></span>
            </button>
            <div class="actions-body" id="actions-body">
                <ul class="transitions" hidden=move || lines.with(Vec::is_empty)>
                    {before}
                    // Another form is another element.
                    <For
                        each=move || open.get()
                        key=|kind| *kind
                        children=move |kind| view! { <Opened session kind is_named forms/> }
                    />
                    {after}
                </ul>
                <Refusals choices/>
            </div>
        </section>
    }
}

fn line(line: Line, forms: Forms) -> AnyView {
    match line {
        Line::Head(words) => view! { <li><h3 class="transitions-head">{words}</h3></li> }.into_any(),
        Line::Own((kind, agent)) | Line::Named((kind, agent)) => {
            let is_named = matches!(line, Line::Named(_));
            view! {
                <li class="transition">
                    <button
                        type="button"
                        class="button transition-button"
                        data-form=name((kind, agent))
                        aria-expanded="false"
                        on:click=move |_| forms.turn(kind, agent)
                    >
                        {words((kind, agent), is_named)}
                    </button>
                </li>
            }
            .into_any()
        }
    }
}

/// The transition's own name in the page.
fn name((kind, agent): Kind) -> String {
    format!("{}-{}", kind.name(), agent.name())
}

fn words((kind, agent): Kind, is_named: bool) -> impl IntoView {
    view! {
        <Icon glyph=Glyph::of_event(kind)/>
        <span>{crate::format::title_case(kind.name())}</span>
        {is_named.then(|| view! { <span class="mono muted" translate="no">{agent.name()}</span> })}
    }
}

/// The transition of which the form is open: a button that closes it, and the form.
#[component]
fn Opened(
    /// The session.
    session: SessionSignals,
    /// The transition.
    kind: Kind,
    /// The agent is named.
    is_named: Memo<bool>,
    /// The page's form.
    forms: Forms,
) -> impl IntoView {
    let (event, agent) = kind;
    // To the button that opened it; there is none where the event is no longer possible.
    let focus_button = move || {
        once_drawn(move || {
            let own = format!(".transition-button[data-form=\"{}\"]", name(kind));
            if !dom::focus(&own) {
                dom::focus(".transition-button:not([aria-disabled=true])");
            }
        });
    };
    let close = move || {
        forms.close();
        focus_button();
    };
    view! {
        <li class="transition">
            <button
                type="button"
                class="button transition-button"
                data-form=name(kind)
                aria-expanded="true"
                on:click=move |_| {
                    forms.turn(event, agent);
                    focus_button();
                }
            >
                {move || words(kind, is_named.get())}
            </button>
            <ActionForm session kind=event agent forms on_close=close/>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use callboard_core::{Policy, Session, Timestamp};

    #[test]
    fn an_open_form_stays_in_the_list() {
        let text = r#"{"session_id": "a", "pipeline_state": {"current_stage": "writing"}}"#;
        let session = Session::parse(text).unwrap();
        let choices = session.choices(Timestamp::from_unix(0), &Policy::default());
        let start = (EventKind::Start, Agent::ScriptWriter);
        let closed = lines(&choices, None);
        assert!(closed.contains(&Line::Own(start)), "{closed:?}");
        assert_eq!(lines(&choices, Some(start)), closed);
        let gone = (EventKind::Resume, Agent::ResearchCoordinator);
        let stranded = lines(&choices, Some(gone));
        assert_eq!(stranded[..closed.len()], closed);
        assert_eq!(stranded[closed.len()..], [Line::Head("No longer possible"), Line::Named(gone)]);
    }
}
