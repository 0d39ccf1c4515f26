//! The form of an event: its fields, and a live preview of the lines it changes.
use super::button::{Button, Weight};
use super::diff_view::{DiffView, Tally, TextDiff};
use super::event_fields::{EventInput, Field};
use super::event_forms::EventForm;
use super::handoff_fields::HandoffFields;
use super::session_signals::SessionSignals;
use crate::format::duration;
use crate::store::workspace::{policy, use_workspace};
use callboard_core::{Agent, EventKind, Refusal};
use leptos::prelude::*;

/// The effect of applying the event.
#[derive(Clone, Debug, PartialEq)]
struct Preview {
    sentence: String,
    warnings: Vec<String>,
    diff: TextDiff,
}

/// The reason why the event is refused, and a hint if there is one.
#[derive(Clone, Debug, PartialEq)]
struct Refused {
    why: String,
    hint: Option<String>,
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self { why: refusal.message, hint: refusal.hint }
    }
}

impl From<String> for Refused {
    fn from(why: String) -> Self {
        Self { why, hint: None }
    }
}

/// The form of one event.
#[component]
pub fn ActionForm(
    /// The session.
    session: SessionSignals,
    /// The kind of event.
    kind: EventKind,
    /// The agent of the event.
    agent: Agent,
    /// Stores the input while the form is closed.
    form: EventForm,
    /// Closes the form.
    on_close: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let workspace = use_workspace();
    let clock = workspace.clock;
    let known = session.part(move |session| session.suggestions(agent, clock.second.get_untracked(), &policy()));
    let begun = form.input(kind, agent);
    let typed = RwSignal::new(begun.unwrap_or_else(|| known.with_untracked(|known| EventInput::known(kind, known))));
    Effect::new(move |before: Option<()>| {
        let typed = typed.get();
        let is_as_known = known.with_untracked(|known| typed == EventInput::known(kind, known));
        match before {
            None => {}
            Some(()) if is_as_known => form.discard_input(kind, agent),
            Some(()) => form.save_input(kind, agent, typed),
        }
    });
    // An untouched form follows the file's suggestions.
    Effect::new(move |before: Option<()>| {
        let known = known.with(|known| EventInput::known(kind, known));
        if before.is_some() && !form.has_input(kind, agent) && typed.with_untracked(|typed| *typed != known) {
            typed.set(known);
        }
    });
    // Computed for the second in which the form or the session changed; time alone would only change timestamps.
    let preview = Memo::new(move |_| {
        let now = clock.second.get_untracked();
        let event = typed.with(|typed| typed.event(kind, agent, now)).map_err(Refused::from);
        let preview = event.and_then(|event| {
            session.text.with(|entry| {
                let (outcome, edits) = entry.session().preview(&event, now, &policy())?;
                Ok(Preview {
                    sentence: outcome.sentence(),
                    warnings: outcome.warnings.into_iter().map(|warning| warning.message).collect(),
                    diff: TextDiff::of_edits(entry.text(), &edits, 1),
                })
            })
        });
        if preview.is_err() {
            // A refused event may become allowed once an agent counts as stalled.
            clock.half_minute.track();
        }
        preview
    });
    let apply = move || {
        let now = clock.second.get_untracked();
        let event = typed.with_untracked(|typed| typed.event(kind, agent, now));
        let input = form.input(kind, agent);
        if let Ok(event) = event
            && workspace.apply(&session.id(), &event, now, move || {
                if let Some(input) = input {
                    form.restore_input(kind, agent, input);
                }
            })
        {
            // Collapses the sheet of a narrow page, so that the result is visible.
            form.is_expanded.set(false);
            on_close();
        }
    };
    let allowed = move || preview.with(Result::is_ok);
    let elapsed = Signal::derive(move || known.with(|known| known.elapsed));
    let fields = Field::of(kind, agent).iter().map(|field| {
        let field = *field;
        let usual =
            Memo::new(move |_| known.with(|known| EventInput::usual(kind, field, known, clock.second.get_untracked())));
        view! { <FieldInput field typed elapsed usual/> }
    });
    let fields = fields.collect_view();
    view! {
        <form
            class="action-form"
            aria-label=format!("{} {}", kind.name().replace('_', " "), agent.name())
            on:submit=move |event| {
                event.prevent_default();
                apply();
            }
            on:keydown=move |event| if event.key() == "Escape" {
                event.stop_propagation();
                on_close();
            }
        >
            <div class="fields">{fields}</div>
            {(kind == EventKind::Complete).then(|| view! { <HandoffFields agent typed known/> })}
            <div class="form-buttons">
                <button
                    type="submit"
                    class="button button-primary"
                    aria-disabled=move || (!allowed()).to_string()
                >
                    "Apply"
                </button>
                <Button label="Cancel" weight=Weight::Quiet on_press=on_close/>
                <span class="spacer"></span>
                {move || preview.with(|preview| preview.as_ref().ok().map(|preview| {
                    let (added, removed) = preview.diff.tally();
                    view! { <Tally added removed/> }
                }))}
            </div>
            <div class="preview" aria-live="polite">
                {move || preview.with(|preview| match preview {
                    Ok(preview) => previewed(preview).into_any(),
                    Err(Refused { why, hint }) => view! {
                        <p class="refusal">
                            <bdi>{why.clone()}</bdi>
                            {hint.clone().map(|hint| view! { <span class="refusal-hint">" " {hint}</span> })}
                        </p>
                    }
                    .into_any(),
                })}
            </div>
        </form>
    }
}

fn previewed(preview: &Preview) -> impl IntoView + use<> {
    let warnings = preview.warnings.iter().map(|warning| {
        view! { <p class="warning">{warning.clone()}</p> }
    });
    view! {
        <h3>"Will change"</h3>
        <p>{preview.sentence.clone()}</p>
        {warnings.collect_view()}
        <DiffView diff=Signal::stored(preview.diff.clone()) label="Lines that will change"/>
    }
}

#[component]
fn FieldInput(
    /// The field.
    field: Field,
    /// The input to update.
    typed: RwSignal<EventInput>,
    /// Seconds since the running attempt started, if known.
    elapsed: Signal<Option<i64>>,
    /// The seconds that are written if the field is empty.
    usual: Memo<Option<i64>>,
) -> impl IntoView {
    let id = format!("field-{}", field.name());
    let kind = if field.is_figure() { "field field-figure" } else { "field" };
    if field == Field::Override {
        return view! {
            <label class="field field-check">
                <input
                    type="checkbox"
                    id=id
                    name=field.name()
                    prop:checked=move || typed.with(|typed| !typed.get(field).is_empty())
                    on:change:target=move |event| {
                        let checked = event.target().checked();
                        typed.update(|typed| typed.set(field, if checked { "yes" } else { "" }.into()));
                    }
                />
                <span>{field.label()}</span>
            </label>
        }
        .into_any();
    }
    if field.is_lines() {
        return view! {
            <div class=kind>
                <div class="field-head">
                    <label for=id.clone()>{field.label()}</label>
                    <span class="field-unit">{field.unit()}</span>
                </div>
                <textarea
                    class="field-area"
                    id=id
                    name=field.name()
                    rows="2"
                    prop:value=typed.with_untracked(|typed| typed.get(field))
                    on:input:target=move |event| {
                        let value = event.target().value();
                        typed.update(|typed| typed.set(field, value));
                    }
                ></textarea>
            </div>
        }
        .into_any();
    }
    let offer = move || {
        elapsed.get().filter(|_| field == Field::Duration).map(|seconds| {
            let empty = move || typed.with(|typed| typed.get(Field::Duration).is_empty());
            let take = move |_| typed.update(|typed| typed.set(Field::Duration, seconds.to_string()));
            view! {
                <button type="button" class="offer" hidden=move || !empty() on:click=take>
                    {format!("Use elapsed time ({})", duration(seconds))}
                </button>
            }
        })
    };
    let usual_id = format!("{id}-usual");
    let described = {
        let id = usual_id.clone();
        move || usual.get().map(|_| id.clone())
    };
    let usual = move || {
        let id = usual_id.clone();
        usual.get().map(|seconds| view! { <p class="muted" id=id>{format!("Default: {}", duration(seconds))}</p> })
    };
    view! {
        <div class=kind>
            <div class="field-head">
                <label for=id.clone()>{field.label()}</label>
                <span class="field-unit">{field.unit()}</span>
            </div>
            <div class="field-box">
                <input
                    id=id
                    name=field.name()
                    type="text"
                    inputmode=if field.is_figure() { "decimal" } else { "text" }
                    autocomplete="off"
                    spellcheck="false"
                    required=field.is_required()
                    aria-describedby=described
                    prop:value=move || typed.with(|typed| typed.get(field))
                    on:input:target=move |event| {
                        let value = event.target().value();
                        typed.update(|typed| typed.set(field, value));
                    }
                />
            </div>
            {offer}
            {usual}
        </div>
    }
    .into_any()
}
