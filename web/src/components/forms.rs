//! Which event's form is open, and what was typed into it: both outlive the page.
use super::event_fields::Typed;
use callboard_core::{Agent, EventKind};
use leptos::prelude::*;
use std::collections::HashMap;

/// The forms of every session as long as the app is open.
#[derive(Clone, Debug)]
pub struct AllForms {
    owner: Owner,
    forms: StoredValue<HashMap<String, Forms>>,
}

impl AllForms {
    /// Of no session yet. They live as long as what they are made in.
    pub fn begin() -> Self {
        // Made where there is no owner, they live until the page is closed.
        Self { owner: Owner::current().unwrap_or_default(), forms: StoredValue::default() }
    }

    /// A session's, as its page is come to again: an open one into which nothing was typed is closed.
    pub fn come_to(&self, id: &str) -> Forms {
        let forms = self.of(id);
        if !forms.open.get_untracked().is_some_and(|(kind, agent)| forms.is_begun(kind, agent)) {
            forms.open.set(None);
        }
        forms.up.set(false);
        forms
    }

    /// A session's.
    pub fn of(&self, id: &str) -> Forms {
        let known = self.forms.with_value(|forms| forms.get(id).copied());
        let forms = known.unwrap_or_else(|| self.owner.with(Forms::default));
        if known.is_none() {
            self.forms.update_value(|all| {
                all.insert(id.to_owned(), forms);
            });
        }
        forms
    }
}

/// The one form of a session's page.
#[derive(Clone, Copy, Debug)]
pub struct Forms {
    open: RwSignal<Option<(EventKind, Agent)>>,
    typed: StoredValue<HashMap<(EventKind, Agent), Typed>>,
    /// On a narrow page, whether the sheet with what may happen next is up.
    pub up: RwSignal<bool>,
}

impl Default for Forms {
    fn default() -> Self {
        Self { open: RwSignal::new(None), typed: StoredValue::default(), up: RwSignal::new(false) }
    }
}

impl Forms {
    /// The open form.
    pub fn opened(self) -> Option<(EventKind, Agent)> {
        self.open.get()
    }

    /// Whether something was typed into a form.
    pub fn is_begun(self, kind: EventKind, agent: Agent) -> bool {
        self.typed.with_value(|typed| typed.contains_key(&(kind, agent)))
    }

    /// Opens a form, or none.
    pub fn open(self, form: Option<(EventKind, Agent)>) {
        self.open.set(form);
        if form.is_some() {
            self.up.set(true);
        }
        crate::platform::dom::focus_soon(".action-form input, .action-form button[type=submit]");
    }

    /// Opens a form, or closes it where it is open.
    pub fn turn(self, kind: EventKind, agent: Agent) {
        let this = Some((kind, agent));
        self.open(if self.open.get_untracked() == this { None } else { this });
    }

    /// Closes the form; what was typed into it is forgotten.
    pub fn close(self) {
        if let Some((kind, agent)) = self.open.get_untracked() {
            self.forget(kind, agent);
        }
        self.open.set(None);
    }

    /// Forgets what was typed into a form.
    pub fn forget(self, kind: EventKind, agent: Agent) {
        self.typed.update_value(|typed| drop(typed.remove(&(kind, agent))));
    }

    /// What was typed did not lead to anything: it is there again.
    pub fn bring_back(self, kind: EventKind, agent: Agent, typed: Typed) {
        if self.open.get_untracked().is_none() {
            self.keep(kind, agent, typed);
            self.open.set(Some((kind, agent)));
        }
    }

    /// The text that was typed into a form.
    pub fn typed(self, kind: EventKind, agent: Agent) -> Option<Typed> {
        self.typed.with_value(|typed| typed.get(&(kind, agent)).cloned())
    }

    /// Keeps what is typed into a form.
    pub fn keep(self, kind: EventKind, agent: Agent, typed: Typed) {
        self.typed.update_value(|all| drop(all.insert((kind, agent), typed)));
    }
}
