//! The handoff fields in the form of a completion.
use super::button::{Button, Weight};
use super::event_fields::{EventInput, handoff_control};
use super::text_field::{FieldErrorText, FieldErrors, TextField, TextFieldParts};
use crate::format::title_case;
use callboard_core::{Agent, HandoffField, HandoffKind, Suggestions};
use leptos::prelude::*;

/// A check box and, when it is on, the fields for data and flags. The core checks the values.
#[component]
pub fn HandoffFields(
    /// The agent that hands over.
    agent: Agent,
    /// The input to update.
    typed: RwSignal<EventInput>,
    /// The core's suggestions.
    known: Memo<Suggestions>,
    /// The form's errors.
    errors: FieldErrors,
) -> impl IntoView {
    let Some(next) = agent.stage().next() else { return ().into_any() };
    let fields = StoredValue::new(agent.handoff_fields());
    let on = move || typed.with(EventInput::hands_over);
    let turn = move |on: bool| {
        typed.update(|typed| {
            typed.set_hands_over(on);
            if on {
                known.with_untracked(|known| {
                    fields.with_value(|fields| {
                        for field in fields {
                            let value = known.handoff.iter().find(|(name, _)| *name == field.name);
                            typed.suggest_handed(field.name, value.map_or("", |(_, value)| value));
                        }
                    });
                });
            }
        });
    };
    let label = format!("Hand over to {}", next.agent().name());
    view! {
        <fieldset class="handoff-fields">
            <legend class="sr-only">"Handoff"</legend>
            <label class="field field-check">
                <input
                    type="checkbox"
                    id="handoff"
                    name="handoff"
                    prop:checked=on
                    on:change:target=move |event| turn(event.target().checked())
                />
                <span>{label}</span>
            </label>
            <Show when=on>
                {fields.with_value(|fields| fields.iter().map(|field| input(*field, typed, errors)).collect_view())}
                {fields.with_value(|fields| confirm_all(fields, typed))}
            </Show>
        </fieldset>
    }
    .into_any()
}

/// Renders the button that confirms everything that a person has to confirm, if that is more than one thing.
fn confirm_all(fields: &[HandoffField], typed: RwSignal<EventInput>) -> Option<impl IntoView + use<>> {
    let stated = fields.iter().filter(|field| matches!(field.kind, HandoffKind::StatedFlag));
    let names: Vec<&'static str> = stated.map(|field| field.name).collect();
    let label = format!("Confirm all {}", names.len());
    (names.len() > 1).then(|| {
        let press = move || {
            typed.update(|typed| names.iter().for_each(|name| typed.set_handed(name, "true".into())));
        };
        view! { <div class="confirm-all"><Button label weight=Weight::Quiet on_press=press/></div> }
    })
}

fn hint(kind: HandoffKind) -> &'static str {
    match kind {
        HandoffKind::Path => "path",
        HandoffKind::Texts => "one per line",
        HandoffKind::Scores => "name: 0.9, one per line",
        _ => "",
    }
}

fn input(field: HandoffField, typed: RwSignal<EventInput>, errors: FieldErrors) -> AnyView {
    let HandoffField { name, kind } = field;
    let id = handoff_control(name);
    let label = title_case(name);
    match kind {
        HandoffKind::ComputedFlag => view! {
            <p class="computed-flag muted">
                <span class="derived" tabindex="0" data-tip="Computed from the other fields.">{label}</span>
                ": filled in automatically"
            </p>
        }
        .into_any(),
        HandoffKind::StatedFlag => view! {
            <label class="field field-check" class:field-invalid={
                let id = id.clone();
                move || errors.at(&id).is_some()
            }>
                <input
                    type="checkbox"
                    id=id.clone()
                    name=name
                    prop:checked=move || typed.with(|typed| !typed.handed(name).is_empty())
                    on:change:target=move |event| {
                        let value = if event.target().checked() { "true" } else { "" };
                        typed.update(|typed| typed.set_handed(name, value.into()));
                    }
                />
                <span>{label}</span>
            </label>
            <FieldErrorText control=id errors/>
        }
        .into_any(),
        _ => {
            let parts = TextFieldParts {
                control: id,
                name,
                label: label.into(),
                format: hint(kind),
                is_lines: matches!(kind, HandoffKind::Texts | HandoffKind::Scores),
                ..TextFieldParts::default()
            };
            let text = Memo::new(move |_| typed.with(|typed| typed.handed(name)));
            let understood = Memo::new(move |_| {
                typed.with(|typed| typed.understood_handed(name)).filter(|_| kind == HandoffKind::Number)
            });
            let on_input = move |text| typed.update(|typed| typed.set_handed(name, text));
            view! { <TextField parts text understood on_input errors/> }.into_any()
        }
    }
}
