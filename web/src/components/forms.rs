//! Which event's form is open, and what was typed into it: both outlive the page's being drawn anew, as when
//! another tab changes the session.
use super::event_fields::Typed;
use callboard_core::{Agent, EventKind};
use leptos::prelude::*;

/// The one form of a session's page.
#[derive(Clone, Copy, Debug)]
pub struct Forms {
    open: RwSignal<Option<(EventKind, Agent)>>,
    typed: StoredValue<Option<(EventKind, Agent, Typed)>>,
    /// On a narrow page, whether the sheet with what may happen next is up.
    pub up: RwSignal<bool>,
}

impl Default for Forms {
    fn default() -> Self {
        Self { open: RwSignal::new(None), typed: StoredValue::new(None), up: RwSignal::new(false) }
    }
}

impl Forms {
    /// Whether this form is open.
    pub fn is_open(self, kind: EventKind, agent: Agent) -> bool {
        self.open.get() == Some((kind, agent))
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
        self.typed.set_value(None);
        self.open.set(None);
    }

    /// What was typed into a form before the page was drawn anew.
    pub fn typed(self, kind: EventKind, agent: Agent) -> Option<Typed> {
        let typed = self.typed.get_value().filter(|(of, whose, _)| (*of, *whose) == (kind, agent));
        typed.map(|(_, _, typed)| typed)
    }

    /// Keeps what is typed into a form.
    pub fn keep(self, kind: EventKind, agent: Agent, typed: Typed) {
        self.typed.set_value(Some((kind, agent, typed)));
    }
}
