//! A text field of a form, with its error and how its text was understood.
use super::event_fields::FieldError;
use crate::platform::dom;
use leptos::prelude::*;
use std::collections::HashSet;

/// The errors of a form's fields. Each is shown once its field was left, or the form submitted: nobody is told of an
/// error before anything was typed.
#[derive(Clone, Copy)]
pub struct FieldErrors {
    all: Memo<Vec<FieldError>>,
    visited: RwSignal<HashSet<String>>,
    submitted: RwSignal<bool>,
}

impl FieldErrors {
    /// Creates the errors of a form.
    pub fn new(all: Memo<Vec<FieldError>>) -> Self {
        Self { all, visited: RwSignal::default(), submitted: RwSignal::new(false) }
    }

    /// Returns the error to show at a control; reactive.
    pub fn at(self, control: &str) -> Option<String> {
        let is_due = self.submitted.get() || self.visited.with(|visited| visited.contains(control));
        self.all
            .with(|all| all.iter().find(|error| error.control == control).map(|error| error.message.clone()))
            .filter(|_| is_due)
    }

    /// Returns true once a control was left with a text; reactive.
    fn is_visited(self, control: &str) -> bool {
        self.visited.with(|visited| visited.contains(control))
    }

    /// Shows all errors, and returns the control of the first.
    pub fn submit(self) -> Option<String> {
        self.submitted.set(true);
        self.all.with_untracked(|all| all.first().map(|error| error.control.clone()))
    }

    /// Notes that a control was left.
    pub fn leave(self, control: &str, is_empty: bool) {
        // A control that is removed with its form is left too: then there is nothing to note.
        let changes = self.visited.try_with_untracked(|visited| visited.contains(control) == is_empty);
        if changes == Some(true) {
            self.visited.update(|visited| {
                if is_empty {
                    visited.remove(control)
                } else {
                    visited.insert(control.to_owned())
                };
            });
        }
    }
}

/// The error of a control, if it is due.
#[component]
pub fn FieldErrorText(
    /// The id of the control.
    control: String,
    /// The form's errors.
    errors: FieldErrors,
) -> impl IntoView {
    let id = error_id(&control);
    move || {
        let id = id.clone();
        errors.at(&control).map(|message| view! { <p class="field-error" id=id><bdi>{message}</bdi></p> })
    }
}

fn error_id(control: &str) -> String {
    format!("{control}-error")
}

/// The fixed parts of a text field.
#[derive(Clone, Debug, Default)]
pub struct TextFieldParts {
    /// The id of the control.
    pub control: String,
    /// The name of the control.
    pub name: &'static str,
    /// The label.
    pub label: Signal<String>,
    /// The format, shown beside the label; may be empty.
    pub format: &'static str,
    /// An example of what to enter, shown while it is empty.
    pub example: &'static str,
    /// True for several lines.
    pub is_lines: bool,
    /// True for a number.
    pub is_figure: bool,
    /// True if it must not be empty.
    pub is_required: bool,
    /// True for a date.
    pub is_date: bool,
    /// The id of the list of values to propose, if there is one.
    pub list: Option<&'static str>,
}

/// A text field with its label, its error, and how its text was understood.
#[component]
pub fn TextField(
    /// Its fixed parts.
    parts: TextFieldParts,
    /// The text.
    #[prop(into)]
    text: Signal<String>,
    /// Receives each input.
    on_input: impl Fn(String) + 'static,
    /// The meaning of the text, if it is spelt otherwise.
    #[prop(into)]
    understood: Signal<Option<String>>,
    /// The value that is written if the field is empty.
    #[prop(into, optional)]
    usual: Signal<Option<String>>,
    /// The form's errors.
    errors: FieldErrors,
) -> impl IntoView {
    let TextFieldParts { control, name, label, format, example, is_lines, is_figure, is_required, is_date, list } =
        parts;
    let described = {
        let control = control.clone();
        move || {
            let error = errors.at(&control).map(|_| error_id(&control));
            let format = (!format.is_empty()).then(|| format!("{control}-format"));
            let usual = usual.with(Option::is_some).then(|| format!("{control}-usual"));
            let ids: Vec<String> = error.into_iter().chain(format).chain(usual).collect();
            (!ids.is_empty()).then(|| ids.join(" "))
        }
    };
    let invalid = {
        let control = control.clone();
        move || errors.at(&control).map(|_| "true")
    };
    let leave = {
        let control = control.clone();
        move || {
            if let Some(is_empty) = text.try_with_untracked(|text| text.trim().is_empty()) {
                errors.leave(&control, is_empty);
            }
        }
    };
    let (id, label_for, error_of, format_id, usual_id) =
        (control.clone(), control.clone(), control.clone(), format!("{control}-format"), format!("{control}-usual"));
    let is_invalid = {
        let control = control.clone();
        move || errors.at(&control).is_some()
    };
    let input = if is_lines {
        view! {
            <textarea
                class="field-area"
                id=id
                name=name
                rows=move || text.with(|text| text.lines().count().clamp(2, 12))
                aria-invalid=invalid
                aria-describedby=described
                prop:value=text.get_untracked()
                on:input:target=move |event| on_input(event.target().value())
                on:blur=move |_| leave()
            ></textarea>
        }
        .into_any()
    } else {
        view! {
            <div class="field-box">
                <input
                    id=id
                    name=name
                    type=if is_date { "date" } else { "text" }
                    inputmode=if is_figure { "decimal" } else { "text" }
                    autocomplete="off"
                    spellcheck="false"
                    list=list
                    placeholder=example
                    aria-required=is_required.then_some("true")
                    aria-invalid=invalid
                    aria-describedby=described
                    prop:value=text
                    // A date of which a part is typed has no value yet.
                    on:input:target=move |event| if !dom::is_incomplete(&event) { on_input(event.target().value()) }
                    on:blur=move |_| leave()
                />
            </div>
        }
        .into_any()
    };
    let format = (!format.is_empty()).then(|| view! { <span class="field-unit" id=format_id>{format}</span> });
    let note = move || {
        let is_shown = errors.is_visited(&control) && errors.at(&control).is_none();
        let understood = understood.get().filter(|_| is_shown);
        understood.map(|words| view! { <p class="field-note">"= "{words}</p> })
    };
    let usual = move || {
        let id = usual_id.clone();
        usual.get().map(|words| view! { <p class="field-note" id=id>"Default: "{words}</p> })
    };
    view! {
        <div class="field" class:field-figure=is_figure class:field-invalid=is_invalid>
            <div class="field-head">
                <label for=label_for>{move || label.get()}</label>
                {format}
            </div>
            {input}
            <FieldErrorText control=error_of errors/>
            {note}
            {usual}
        </div>
    }
}
