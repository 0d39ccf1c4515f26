//! The quality gates in the form of failed gates: each with its score, its threshold, and whether it failed.
use super::event_fields::{EventInput, Field, GATES};
use super::text_field::{FieldErrorText, FieldErrors};
use crate::format::score;
use crate::store::workspace::policy;
use callboard_core::Gate;
use leptos::prelude::*;

/// The list of gates.
#[component]
pub fn GateFields(
    /// The input to update.
    typed: RwSignal<EventInput>,
    /// The form's errors.
    errors: FieldErrors,
) -> impl IntoView {
    let gates = Gate::ALL.map(|gate| row(gate, typed, errors));
    let described = move || errors.at(GATES).map(|_| format!("{GATES}-error"));
    view! {
        <fieldset class="gate-fields" id=GATES tabindex="-1" aria-describedby=described>
            <legend>"Gates"</legend>
            <FieldErrorText control=GATES.to_owned() errors/>
            {gates.into_iter().collect_view()}
        </fieldset>
    }
}

fn row(gate: Gate, typed: RwSignal<EventInput>, errors: FieldErrors) -> impl IntoView {
    let (field, mark) = (Field::Score(gate), Field::Failed(gate));
    let control = field.control();
    let threshold = Memo::new(move |_| policy().thresholds.of(gate));
    let below = Memo::new(move |_| typed.with(|typed| typed.is_below(gate, threshold.get())));
    let marked = Memo::new(move |_| typed.with(|typed| !typed.get(mark).is_empty()));
    let failed = move || below.get() || marked.get();
    let text = Memo::new(move |_| typed.with(|typed| typed.get(field)));
    let understood = Memo::new(move |_| typed.with(|typed| typed.understood(field)));
    let needs_id = format!("{control}-needs");
    let invalid = {
        let control = control.clone();
        move || errors.at(&control).map(|_| "true")
    };
    let described = {
        let (control, needs) = (control.clone(), needs_id.clone());
        move || match errors.at(&control) {
            Some(_) => format!("{control}-error {needs}"),
            None => needs.clone(),
        }
    };
    let leave = {
        let control = control.clone();
        move |_| {
            if let Some(is_empty) = text.try_with_untracked(|text| text.trim().is_empty()) {
                errors.leave(&control, is_empty);
            }
        }
    };
    view! {
        <div class="gate-field" class:gate-below=failed>
            <label for=control.clone()>{gate.label()}</label>
            <div class="field-box">
                <input
                    id=control.clone()
                    name=field.name()
                    type="text"
                    inputmode="decimal"
                    autocomplete="off"
                    spellcheck="false"
                    aria-invalid=invalid
                    aria-describedby=described
                    prop:value=text
                    on:input:target=move |event| {
                        let value = event.target().value();
                        typed.update(|typed| typed.set(field, value));
                    }
                    on:blur=leave
                />
            </div>
            <span class="gate-needs" id=needs_id>
                {move || format!("needs {}", score(Some(threshold.get())))}
                {move || understood.get().map(|words| format!(" \u{b7} = {words}"))}
            </span>
            <label class="gate-mark">
                <input
                    type="checkbox"
                    id=mark.control()
                    aria-label=format!("{} failed", gate.label())
                    // A score below the threshold decides by itself.
                    disabled=move || below.get()
                    prop:checked=failed
                    on:change:target=move |event| {
                        let value = if event.target().checked() { "yes" } else { "" };
                        typed.update(|typed| typed.set(mark, value.into()));
                    }
                />
                <span>"Failed"</span>
            </label>
            <FieldErrorText control errors/>
        </div>
    }
}
