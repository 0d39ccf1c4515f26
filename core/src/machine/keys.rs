//! Keys: an event that is delivered again is known by its key, and changes nothing.

use super::effects::next;
use crate::document::NodeId;
use crate::event::{AgentName, shorten};
use crate::refusal::Fault;
use crate::session::Situation;
use crate::{Agent, Event, Outcome, Policy, Session};

/// The most characters that a key has.
const LONGEST: usize = 128;

/// Refuses a key of a length that none may have.
pub(crate) fn valid(key: Option<&str>) -> Result<(), Fault> {
    let Some(key) = key else { return Ok(()) };
    let length = key.chars().count();
    if (1..=LONGEST).contains(&length) {
        return Ok(());
    }
    let actual = if length == 0 { "an empty text".to_owned() } else { format!("{length} characters") };
    let expected = format!("1 to {LONGEST} characters");
    Err(Fault::invalid(format!("key must have {expected}, and is {actual}."), expected, actual))
}

impl Session {
    /// The history entry that has a key.
    pub(crate) fn entry_with_key(&self, key: &str) -> Option<NodeId> {
        let document = self.document();
        let history = self.at(&["history"])?;
        let has = |entry: &NodeId| {
            let found = document.find_set(*entry, "key").and_then(|found| document.string(found));
            found.is_some_and(|found| found == key)
        };
        document.elements(history).find(has)
    }

    /// The history entry of an event that has been applied before, by its key.
    ///
    /// # Errors
    /// `invalid_value` where the key cannot be one, or is that of another type of event or of another agent.
    pub(super) fn applied_before(&self, event: &Event) -> Result<Option<NodeId>, Fault> {
        valid(event.key())?;
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
        let message = format!("This key is that of another event: {recorded}.");
        Err(Fault::invalid(message, "a key of its own", given).hint("Give every event a key of its own."))
    }

    /// The outcome of an event that has been applied before: the session stays as it is now.
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
            // That of the event itself: who started an attempt must not be given the number of a later one.
            attempt: self.entry_attempt(entry).unwrap_or_else(|| self.attempts(situation, agent).last),
            next: next(situation, state, policy),
            warnings: Vec::new(),
            duplicate: Some(Box::new(self.entry_at(entry))),
        }
    }
}
