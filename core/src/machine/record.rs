//! Parts that all events write: costs and the history entry.

use crate::document::{NewValue, ObjectPatch, Style};
use crate::{Agent, Money, Session, State, Timestamp};
use std::borrow::Cow;

/// Adds a cost to a stage and the total. Returns the new total and the budget.
///
/// If the budget is not an amount, an existing `within_budget` becomes null.
pub(super) fn add_cost<'a>(
    session: &'a Session,
    agent: Agent,
    cost: Money,
    root: &mut ObjectPatch<'a>,
) -> (Money, Option<Money>) {
    let stage = agent.stage();
    let (stages, costs) = session.ledger();
    let stands = stages[stage.index()];
    let document = session.document();
    let spelt = stands.key.and_then(|key| document.string(key)).filter(|key| *key != stage.name());
    let key = spelt.unwrap_or(Cow::Borrowed(stage.name()));
    let section = root.object("cost_tracking");
    section.set(key, stands.amount.unwrap_or_default().saturating_add(cost).into());
    let total = costs.total.unwrap_or_default().saturating_add(cost);
    section.set("total", total.into());
    if let Some(budget) = costs.budget {
        section.set("within_budget", NewValue::Flag(total <= budget));
    } else if session.amount_unreadable("budget") && session.at(&["cost_tracking", "within_budget"]).is_some() {
        // The cost is recorded, but it is unknown if the budget is kept.
        section.set("within_budget", NewValue::Spelt("null".to_owned()));
    }
    (total, costs.budget)
}

/// Entry of the history.
pub(super) struct Entry<'a> {
    pub(super) at: Timestamp,
    pub(super) event: &'static str,
    pub(super) agent: Agent,
    pub(super) from: State,
    pub(super) to: State,
    /// Number of the agent's attempt, from 1.
    pub(super) attempt: u64,
    pub(super) cost: Option<Money>,
    pub(super) error: Option<&'a str>,
    pub(super) reason: Option<&'a str>,
    pub(super) key: Option<&'a str>,
}

impl Entry<'_> {
    /// Writes the entry as JSON on one line, its members in the format's order.
    pub(super) fn json(&self, style: &Style) -> String {
        let mut object = Line { out: String::with_capacity(256), style };
        object.out.push('{');
        object.value("at", self.at.into());
        object.value("event", NewValue::Name(self.event));
        object.value("agent", NewValue::Name(self.agent.name()));
        object.value("stage", NewValue::Name(self.agent.stage().name()));
        object.value("from", NewValue::Name(self.from.name()));
        object.value("to", NewValue::Name(self.to.name()));
        object.value("attempt", NewValue::Count(self.attempt));
        if let Some(cost) = self.cost {
            object.value("cost", cost.into());
        }
        if let Some(error) = self.error {
            object.value("error", NewValue::Text(error.into()));
        }
        if let Some(reason) = self.reason {
            object.value("reason", NewValue::Text(reason.into()));
        }
        if let Some(key) = self.key {
            object.value("key", NewValue::Text(key.into()));
        }
        object.out.push('}');
        object.out
    }
}

/// Writer of an object on one line.
struct Line<'a> {
    out: String,
    style: &'a Style,
}

impl Line<'_> {
    fn key(&mut self, key: &str) {
        if self.out.len() > 1 {
            self.out.push(',');
            self.out.push_str(self.style.gap());
        }
        self.out.push('"');
        self.out.push_str(key);
        self.out.push('"');
        self.out.push_str(self.style.colon());
    }

    fn value(&mut self, key: &str, value: NewValue<'_>) {
        self.key(key);
        value.spell(&mut self.out);
    }
}
