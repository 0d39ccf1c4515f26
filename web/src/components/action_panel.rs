//! The panel of transitions: the allowed ones as buttons, the refused ones below.
use super::action_form::ActionForm;
use super::event_forms::EventForm;
use super::icon::{Glyph, Icon};
use super::refusals::Refusals;
use super::sent_back::SentBackNotes;
use super::session_signals::SessionSignals;
use crate::keys::use_panels;
use crate::platform::dom::{self, after_render};
use crate::route::Route;
use crate::store::workspace::{policy, use_workspace};
use callboard_core::{Agent, Choice, EventKind, Session};
use callboard_workspace::Entry;
use leptos::prelude::*;

/// A transition, identified by event and agent.
type Transition = (EventKind, Agent);

/// A line in the list of transitions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum PanelLine {
    /// A heading.
    Head(&'static str),
    /// An allowed transition of the current agent.
    Own(Transition),
    /// A transition shown with its agent: another agent's, or one that became unavailable.
    Named(Transition),
}

impl PanelLine {
    fn kind(self) -> Option<Transition> {
        match self {
            Self::Head(_) => None,
            Self::Own(kind) | Self::Named(kind) => Some(kind),
        }
    }
}

/// Returns the transitions to choose from, the likely one first. An open form stays in the list when its transition becomes unavailable,
/// as when another tab changed the session first, so that no input is lost.
fn lines(choices: &[Choice], likely: Option<EventKind>, open: Option<Transition>) -> Vec<PanelLine> {
    let allowed = likely_first(choices, likely);
    let mut lines: Vec<PanelLine> = allowed.map(|choice| PanelLine::Own((choice.kind, choice.agent))).collect();
    // Each refusal lists everything that is accepted: a late bill, or gates that fail while the audio waits.
    let own = choices.first().map(|choice| choice.agent);
    let refusal = choices.iter().find_map(|choice| choice.refusal.as_ref());
    let others = refusal.map_or(&[][..], |refusal| &refusal.allowed).iter().filter(|other| Some(other.agent) != own);
    let mut others = others.map(|other| PanelLine::Named((other.kind, other.agent))).peekable();
    if others.peek().is_some() {
        lines.push(PanelLine::Head("Other agents"));
        lines.extend(others);
    }
    if let Some(open) = open.filter(|open| lines.iter().all(|line| line.kind() != Some(*open))) {
        lines.extend([PanelLine::Head("No longer available"), PanelLine::Named(open)]);
    }
    lines
}

/// Returns the allowed choices, the likely one first.
fn likely_first(choices: &[Choice], likely: Option<EventKind>) -> impl Iterator<Item = &Choice> {
    let allowed = |is_likely: bool| {
        choices.iter().filter(move |choice| choice.refusal.is_none() && (Some(choice.kind) == likely) == is_likely)
    };
    allowed(true).chain(allowed(false))
}

/// The transitions of the current stage's agent.
#[component]
pub fn ActionPanel(
    /// The session.
    session: SessionSignals,
    /// The session's form, which the diagram can open too.
    form: EventForm,
) -> impl IntoView {
    let clock = use_workspace().clock;
    let choices = session.part(move |session| session.choices(clock.half_minute.get(), &policy()));
    let likely = session.part(move |session| session.likely_event(clock.half_minute.get(), &policy()));
    let panels = use_panels();
    // The palette requests a form, which the page opens.
    Effect::new(move |_| {
        let Some((_, kind)) = panels.requested_form.get().filter(|(id, _)| *id == session.id()) else {
            return;
        };
        let choice = choices.with_untracked(|choices| choices.iter().find(|choice| choice.kind == kind).cloned());
        form.open(choice.filter(|choice| choice.refusal.is_none()).map(|choice| (kind, choice.agent)));
        panels.requested_form.set(None);
    });
    let agent = session.part(|session| session.stage().map(|stage| stage.agent().name()));
    let agent = move || agent.get();
    let lines = Memo::new(move |_| choices.with(|choices| lines(choices, likely.get(), form.current())));
    // The element of the open form must survive changes around it, so the lines before and after it are separate.
    let split = move || {
        let open = form.current();
        lines.with(|lines| lines.iter().position(|line| open.is_some() && line.kind() == open).unwrap_or(lines.len()))
    };
    let before = move || lines.with(|lines| lines[..split()].to_vec());
    let after = move || lines.with(|lines| lines.iter().skip(split() + 1).copied().collect::<Vec<_>>());
    let shown = move |it: PanelLine| line(it, likely, form);
    let open = Memo::new(move |_| lines.with(|lines| lines.get(split()).and_then(|line| line.kind())));
    let is_named = Memo::new(move |_| lines.with(|lines| matches!(lines.get(split()), Some(PanelLine::Named(_)))));
    let possible = move || {
        choices.with(|choices| {
            let names = likely_first(choices, likely.get());
            let names: Vec<_> = names.map(|choice| crate::format::title_case(choice.kind.name())).collect();
            if names.is_empty() { "Nothing available".to_owned() } else { names.join(", ") }
        })
    };
    let is_expanded = form.is_expanded;
    view! {
        <section
            class="panel actions"
            class:actions-up=move || is_expanded.get()
            aria-labelledby="actions-title"
            on:keydown=move |event| if event.key() == "Escape" && is_expanded.get_untracked() {
                event.stop_propagation();
                is_expanded.set(false);
                crate::platform::dom::focus_after_render(".actions-handle");
            }
        >
            <div class="panel-head">
                <h2 id="actions-title">"Next"</h2>
                <span class="mono muted" translate="no">{agent}</span>
            </div>
            // On a narrow page the panel is a bottom sheet, collapsed to this button.
            <button
                type="button"
                class="actions-handle"
                aria-expanded=move || is_expanded.get().to_string()
                aria-controls="actions-body"
                on:click=move |_| is_expanded.update(|is_expanded| *is_expanded = !*is_expanded)
            >
                <span class="actions-handle-words">
                    <span><span class="actions-title">"Next"</span>" "<span class="mono muted" translate="no">{agent}</span></span>
                    <span class="muted">{possible}</span>
                </span>
                <span class="chevron" aria-hidden="true"></span>
            </button>
            <div class="actions-body" id="actions-body">
                <Done session/>
                <SentBackNotes session label="Feedback to work on"/>
                <ul class="transitions" hidden=move || lines.with(Vec::is_empty)>
                    <For each=before key=|line| *line children=shown/>
                    // Another form gets another element.
                    <For
                        each=move || open.get()
                        key=|kind| *kind
                        children=move |kind| view! { <OpenForm session kind is_named form/> }
                    />
                    <For each=after key=|line| *line children=shown/>
                </ul>
                <Refusals choices/>
            </div>
        </section>
    }
}

/// The last step of a complete session: to review and export its changes.
#[component]
fn Done(
    /// The session.
    session: SessionSignals,
) -> impl IntoView {
    let is_complete = session.part(Session::is_complete);
    let is_changed = session.entry_part(Entry::changed);
    move || {
        is_complete.get().then(|| {
            let review = is_changed.get().then(|| {
                view! {
                    <a class="button button-primary transition-button" href=Route::Changes.href()>
                        <Icon glyph=Glyph::Changes/>
                        <span>"Review and export"</span>
                    </a>
                }
            });
            let words = if is_changed.get() {
                "The session is complete. Its changes are not exported yet."
            } else {
                "The session is complete. Nothing is left to do."
            };
            view! { <div class="session-done"><p>{words}</p>{review}</div> }
        })
    }
}

fn line(line: PanelLine, likely: Memo<Option<EventKind>>, form: EventForm) -> AnyView {
    match line {
        PanelLine::Head(words) => view! { <li><h3 class="transitions-head">{words}</h3></li> }.into_any(),
        PanelLine::Own((kind, agent)) | PanelLine::Named((kind, agent)) => {
            let is_named = matches!(line, PanelLine::Named(_));
            // While a form is open, its own button is the main action.
            let is_main = move || !is_named && likely.get() == Some(kind) && form.current().is_none();
            view! {
                <li class="transition">
                    <button
                        type="button"
                        class="button transition-button"
                        class:button-primary=is_main
                        data-form=name((kind, agent))
                        aria-expanded="false"
                        on:click=move |_| form.toggle(kind, agent)
                    >
                        {words((kind, agent), is_named)}
                    </button>
                </li>
            }
            .into_any()
        }
    }
}

/// Returns a unique name of a transition.
fn name((kind, agent): Transition) -> String {
    format!("{}-{}", kind.name(), agent.name())
}

fn words((kind, agent): Transition, is_named: bool) -> impl IntoView {
    view! {
        <Icon glyph=Glyph::of_event(kind)/>
        <span>{crate::format::title_case(kind.name())}</span>
        {is_named.then(|| view! { <span class="mono muted" translate="no">{agent.name()}</span> })}
    }
}

/// The open transition: a button that closes it, and its form.
#[component]
fn OpenForm(
    /// The session.
    session: SessionSignals,
    /// The transition.
    kind: Transition,
    /// True to show the agent's name.
    is_named: Memo<bool>,
    /// The session's form.
    form: EventForm,
) -> impl IntoView {
    let (event, agent) = kind;
    // Focuses the button that opened the form, or the first available transition.
    let focus_button = move || {
        after_render(move || {
            let own = format!(".transition-button[data-form=\"{}\"]", name(kind));
            if !dom::focus(&own) {
                dom::focus(".transition-button:not([aria-disabled=true])");
            }
        });
    };
    let close = move || {
        form.close();
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
                    form.toggle(event, agent);
                    focus_button();
                }
            >
                {move || words(kind, is_named.get())}
            </button>
            <ActionForm session kind=event agent form on_close=close/>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use callboard_core::{Policy, Timestamp};

    #[test]
    fn an_open_form_stays_in_the_list() {
        let text = r#"{"session_id": "a", "pipeline_state": {"current_stage": "writing"}}"#;
        let session = Session::parse(text).unwrap();
        let choices = session.choices(Timestamp::from_unix(0), &Policy::default());
        let start = (EventKind::Start, Agent::ScriptWriter);
        let closed = lines(&choices, None, None);
        assert!(closed.contains(&PanelLine::Own(start)), "{closed:?}");
        assert_eq!(lines(&choices, None, Some(start)), closed);
        let gone = (EventKind::Resume, Agent::ResearchCoordinator);
        let stranded = lines(&choices, None, Some(gone));
        assert_eq!(stranded[..closed.len()], closed);
        assert_eq!(stranded[closed.len()..], [PanelLine::Head("No longer available"), PanelLine::Named(gone)]);
    }

    #[test]
    fn the_likely_transition_is_first() {
        let text = r#"{"session_id": "a", "pipeline_state": {"current_stage": "writing"}}"#;
        let session = Session::parse(text).unwrap();
        let choices = session.choices(Timestamp::from_unix(0), &Policy::default());
        let kinds = |likely| -> Vec<EventKind> {
            lines(&choices, likely, None).into_iter().filter_map(|line| Some(line.kind()?.0)).collect()
        };
        let first = kinds(Some(EventKind::Complete));
        assert_eq!(first[..2], [EventKind::Complete, EventKind::Start]);
        assert_eq!(first.len(), kinds(None).len());
        assert_eq!(kinds(Some(EventKind::Retry)), kinds(None), "a refused one is not offered");
    }
}
