//! Keys of events: a repeated delivery is recognised and changes nothing.

use super::effects::next;
use crate::document::NodeId;
use crate::event::AgentName;
use crate::fields::check_key;
use crate::names::shorten;
use crate::refusal::Fault;
use crate::session::Situation;
use crate::{Agent, Event, Outcome, Policy, Session};

impl Session {
    /// Finds the history entry with a key.
    pub(crate) fn entry_with_key(&self, key: &str) -> Option<NodeId> {
        let document = self.document();
        let history = self.at(&["history"])?;
        let has = |entry: &NodeId| {
            let found = document.find_set(*entry, "key").and_then(|found| document.string(found));
            found.is_some_and(|found| found == key)
        };
        document.elements(history).find(has)
    }

    /// Finds the history entry of an event that was applied before, by its key.
    ///
    /// # Errors
    /// `invalid_value` if the key is invalid, or belongs to another type of event or another agent.
    pub(super) fn applied_before(&self, event: &Event) -> Result<Option<NodeId>, Fault> {
        check_key(event.key())?;
        let Some(entry) = event.key().and_then(|key| self.entry_with_key(key)) else { return Ok(None) };
        let document = self.document();
        let text = |name| document.find_set(entry, name).and_then(|value| document.string(value));
        let agent = text("agent").and_then(|name| Agent::parse(&name));
        if text("event").as_deref() == Some(event.kind().name()) && agent.is_some() && agent == event.agent() {
            return Ok(Some(entry));
        }
        let describe = |kind: &str, agent: Option<&str>| match agent {
            Some(agent) => format!("{} of {}", shorten(kind), shorten(agent)),
            None => shorten(kind),
        };
        let recorded = describe(text("event").as_deref().unwrap_or("an event"), text("agent").as_deref());
        let given = match &event.agent {
            AgentName::Known(agent) => agent.name(),
            AgentName::Unknown(name) => name.as_str(),
        };
        let given = describe(event.kind().name(), Some(given));
        let message = format!("The key belongs to another event: {recorded}.");
        Err(Fault::invalid(message, "a key of its own", given).hint("Use a new key for every event."))
    }

    /// The outcome of an event that was applied before.
    pub(super) fn duplicate(
        &self,
        situation: &Situation,
        entry: NodeId,
        event: &Event,
        agent: Agent,
        policy: &Policy,
    ) -> Outcome {
        let state = situation.state();
        Outcome {
            event: event.kind(),
            agent,
            from: state,
            to: state,
            // The event's own attempt: a repeated start must not get the number of a later one.
            attempt: self.entry_attempt(entry).unwrap_or_else(|| self.attempts(situation, agent).last),
            next: next(situation, state, policy),
            warnings: Vec::new(),
            failed_gates: Vec::new(),
            duplicate: Some(Box::new(self.entry_at(entry))),
        }
    }
}
