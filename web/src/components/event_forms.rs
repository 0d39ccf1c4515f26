//! The open event form of each session and its input, which are kept when the page is left.
use super::event_fields::EventInput;
use crate::platform::dom;
use callboard_core::{Agent, EventKind};
use leptos::prelude::*;
use std::collections::HashMap;

/// The event forms of all sessions, kept while the app is open.
#[derive(Clone, Debug)]
pub struct FormRegistry {
    owner: Owner,
    forms: StoredValue<HashMap<String, EventForm>>,
}

impl FormRegistry {
    /// Creates an empty registry, owned by the current owner. The browser asks before a page with input is closed.
    pub fn begin() -> Self {
        let forms = StoredValue::<HashMap<String, EventForm>>::default();
        dom::warn_before_leaving(move || forms.with_value(|forms| forms.values().any(|form| form.has_any_input())));
        // Without an owner the forms live until the page is closed.
        Self { owner: Owner::current().unwrap_or_default(), forms }
    }

    /// Returns the form of a session whose page is opened again, closing it if it has no input.
    pub fn reopen(&self, id: &str) -> EventForm {
        let forms = self.of(id);
        if !forms.open.get_untracked().is_some_and(|(kind, agent)| forms.has_input(kind, agent)) {
            forms.open.set(None);
        }
        forms.is_expanded.set(false);
        forms
    }

    /// Returns the form of a session.
    pub fn of(&self, id: &str) -> EventForm {
        let known = self.forms.with_value(|forms| forms.get(id).copied());
        let forms = known.unwrap_or_else(|| self.owner.with(EventForm::default));
        if known.is_none() {
            self.forms.update_value(|all| {
                all.insert(id.to_owned(), forms);
            });
        }
        forms
    }
}

/// The event form of a session.
#[derive(Clone, Copy, Debug)]
pub struct EventForm {
    open: RwSignal<Option<(EventKind, Agent)>>,
    inputs: StoredValue<HashMap<(EventKind, Agent), EventInput>>,
    /// True while the bottom sheet of a narrow page is expanded.
    pub is_expanded: RwSignal<bool>,
}

impl Default for EventForm {
    fn default() -> Self {
        Self { open: RwSignal::new(None), inputs: StoredValue::default(), is_expanded: RwSignal::new(false) }
    }
}

impl EventForm {
    /// Returns the open form; reactive.
    pub fn current(self) -> Option<(EventKind, Agent)> {
        self.open.get()
    }

    /// Returns true if a form has input.
    pub fn has_input(self, kind: EventKind, agent: Agent) -> bool {
        self.inputs.with_value(|inputs| inputs.contains_key(&(kind, agent)))
    }

    fn has_any_input(self) -> bool {
        self.inputs.with_value(|inputs| !inputs.is_empty())
    }

    /// Opens a form, or closes it with `None`.
    pub fn open(self, form: Option<(EventKind, Agent)>) {
        self.open.set(form);
        if form.is_some() {
            self.is_expanded.set(true);
        }
        dom::focus_after_render(".action-form input, .action-form button[type=submit]");
    }

    /// Toggles a form.
    pub fn toggle(self, kind: EventKind, agent: Agent) {
        let this = Some((kind, agent));
        self.open(if self.open.get_untracked() == this { None } else { this });
    }

    /// Closes the form and discards its input.
    pub fn close(self) {
        if let Some((kind, agent)) = self.open.get_untracked() {
            self.discard_input(kind, agent);
        }
        self.open.set(None);
    }

    /// Discards the input of a form.
    pub fn discard_input(self, kind: EventKind, agent: Agent) {
        self.inputs.update_value(|inputs| drop(inputs.remove(&(kind, agent))));
    }

    /// Restores the input of a form whose event failed.
    pub fn restore_input(self, kind: EventKind, agent: Agent, typed: EventInput) {
        if self.open.get_untracked().is_none() {
            self.save_input(kind, agent, typed);
            self.open.set(Some((kind, agent)));
        }
    }

    /// Returns the input of a form.
    pub fn input(self, kind: EventKind, agent: Agent) -> Option<EventInput> {
        self.inputs.with_value(|inputs| inputs.get(&(kind, agent)).cloned())
    }

    /// Stores the input of a form.
    pub fn save_input(self, kind: EventKind, agent: Agent, typed: EventInput) {
        self.inputs.update_value(|all| drop(all.insert((kind, agent), typed)));
    }
}
