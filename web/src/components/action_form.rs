//! The form of an event: its fields, and a live preview of the lines it changes.
use super::button::{Button, Weight};
use super::diff_view::{DiffView, Tally, TextDiff};
use super::event_fields::{EventInput, Field, FieldError};
use super::event_forms::EventForm;
use super::gate_fields::GateFields;
use super::handoff_fields::HandoffFields;
use super::session_signals::SessionSignals;
use super::text_field::{FieldErrors, TextField, TextFieldParts};
use super::when_field::{WhenField, follow_time};
use crate::format::{duration, exact_duration};
use crate::platform::dom;
use crate::store::workspace::{policy, use_workspace};
use callboard_core::{Agent, EventKind, Refusal, Suggestions, Warning};
use leptos::prelude::*;

/// The effect of applying the event.
#[derive(Clone, Debug, PartialEq)]
struct Preview {
    sentence: String,
    warnings: Vec<Warning>,
    diff: TextDiff,
}

/// The reason why the event is not accepted.
#[derive(Clone, Debug, PartialEq)]
enum Refused {
    /// Fields that are missing or wrong.
    Fields(Vec<FieldError>),
    /// A reason that no field can change, with a hint if there is one.
    Event(String, Option<String>),
}

impl Refused {
    fn of(refusal: Refusal, typed: &EventInput) -> Self {
        match typed.field_error(&refusal) {
            Some(error) => Self::Fields(vec![error]),
            None => Self::Event(refusal.message, refusal.hint.map(String::from)),
        }
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
    // The file's suggestions for the time of the event.
    let suggest = move |at| session.text.with(|entry| entry.session().suggestions(agent, at, &policy()));
    let begun = form.input(kind, agent);
    let typed = RwSignal::new(
        begun.unwrap_or_else(|| EventInput::known(kind, &untrack(|| suggest(clock.second.get_untracked())))),
    );
    let time = follow_time(typed);
    let known: Memo<Suggestions> =
        Memo::new(move |_| suggest(time.get().unwrap_or_else(|| clock.second.get_untracked())));
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
        let at = time.get().unwrap_or_else(|| clock.second.get_untracked());
        let event = typed.with(|typed| typed.event(kind, agent, at)).map_err(Refused::Fields);
        let preview = event.and_then(|event| {
            session.text.with(|entry| {
                let preview = entry.session().preview(&event, at, &policy());
                let (outcome, edits) = preview.map_err(|refusal| typed.with(|typed| Refused::of(refusal, typed)))?;
                Ok(Preview {
                    sentence: outcome.sentence(),
                    warnings: outcome.warnings,
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
    let wrong = Memo::new(move |_| {
        preview.with(|preview| match preview {
            Err(Refused::Fields(errors)) => errors.clone(),
            _ => Vec::new(),
        })
    });
    let errors = FieldErrors::new(wrong);
    let apply = move || {
        if let Some(control) = errors.submit() {
            dom::focus(&format!("#{control}"));
            return;
        }
        let now = clock.second.get_untracked();
        let at = time.get_untracked().unwrap_or(now);
        let event = typed.with_untracked(|typed| typed.event(kind, agent, at));
        let input = form.input(kind, agent);
        if let Ok(event) = event
            && workspace.apply(&session.id(), &event, at, move || {
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
    // Pressing it while a field is wrong shows which.
    let is_refused = move || preview.with(|preview| matches!(preview, Err(Refused::Event(..))));
    let elapsed = Signal::derive(move || known.with(|known| known.elapsed));
    let fields = Field::of(kind, agent).iter().filter(|field| !matches!(field, Field::Score(_))).map(|field| {
        let field = *field;
        let usual = Memo::new(move |_| {
            let at = time.get().unwrap_or_else(|| clock.second.get_untracked());
            known.with(|known| EventInput::usual(kind, field, known, at)).map(duration)
        });
        view! { <FieldInput field typed elapsed usual errors/> }
    });
    let fields = fields.collect_view();
    let gates = (kind == EventKind::QualityFailure).then(|| view! { <GateFields typed errors/> });
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
            {gates}
            <div class="fields">{fields}</div>
            {(kind == EventKind::Complete).then(|| view! { <HandoffFields agent typed known errors/> })}
            <WhenField session typed at=time/>
            <div class="form-buttons">
                <button
                    type="submit"
                    class="button button-primary"
                    aria-disabled=move || is_refused().to_string()
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
                    Err(Refused::Fields(_)) => ().into_any(),
                    Err(Refused::Event(why, hint)) => view! {
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
    // The field of the time warns of it, in the zone in force.
    let warnings = preview.warnings.iter().filter(|warning| warning.code != "clock_backwards");
    let warnings = warnings.map(|warning| view! { <p class="warning">{warning.message.clone()}</p> });
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
    /// The value that is written if the field is empty.
    usual: Memo<Option<String>>,
    /// The form's errors.
    errors: FieldErrors,
) -> impl IntoView {
    if field == Field::Override {
        return view! {
            <label class="field field-check">
                <input
                    type="checkbox"
                    id=field.control()
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
    let parts = TextFieldParts {
        control: field.control(),
        name: field.name(),
        label: field.label().to_owned().into(),
        format: field.format(),
        example: field.example(),
        is_lines: field.is_lines(),
        is_figure: field.is_figure(),
        is_required: field.is_required(),
        ..TextFieldParts::default()
    };
    let text = Memo::new(move |_| typed.with(|typed| typed.get(field)));
    let understood = Memo::new(move |_| typed.with(|typed| typed.understood(field)));
    let on_input = move |text| typed.update(|typed| typed.set(field, text));
    let field_has_offer = field == Field::Duration;
    let offer = move || {
        elapsed.get().map(|seconds| {
            let empty = move || text.with(String::is_empty);
            let take = move |_| typed.update(|typed| typed.set(field, exact_duration(seconds)));
            view! {
                <button type="button" class="offer" hidden=move || !empty() on:click=take>
                    {format!("Use elapsed time ({})", duration(seconds))}
                </button>
            }
        })
    };
    let field = view! { <TextField parts text understood on_input usual errors/> };
    if field_has_offer {
        view! { <div class="field-with-offer">{field}{offer}</div> }.into_any()
    } else {
        field.into_any()
    }
}
