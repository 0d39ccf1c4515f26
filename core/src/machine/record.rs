//! What every event writes besides its own effect: costs, and its entry in the history.

use crate::document::{NewValue, ObjectPatch, Style, push_quoted};
use crate::{Agent, Money, Session, State, Timestamp};
use std::borrow::Cow;
use std::fmt::Write;

/// Adds a cost to a stage and the total; returns the total and the budget after it.
pub(super) fn add_cost(session: &Session, agent: Agent, cost: Money, root: &mut ObjectPatch) -> (Money, Option<Money>) {
    let stage = agent.stage();
    let (stages, costs) = session.ledger();
    let stands = stages[stage.index()];
    let document = session.document();
    let spelt = stands.key.and_then(|key| document.string(key)).filter(|key| *key != stage.name());
    let key = spelt.map_or(Cow::Borrowed(stage.name()), |key| Cow::Owned(key.into_owned()));
    let section = root.object("cost_tracking");
    let amount = |money: Money| NewValue::Scalar(money.to_string());
    section.set(key, amount(stands.amount.unwrap_or_default().saturating_add(cost)));
    let total = costs.total.unwrap_or_default().saturating_add(cost);
    section.set("total", amount(total));
    if let Some(budget) = costs.budget {
        section.set("within_budget", NewValue::Scalar((total <= budget).to_string()));
    }
    (total, costs.budget)
}

/// One entry of the history: what a timeline needs of an event.
pub(super) struct Entry<'a> {
    pub(super) at: Timestamp,
    pub(super) event: &'static str,
    pub(super) agent: Agent,
    pub(super) from: State,
    pub(super) to: State,
    /// Which attempt of the current stage it was made in, from 1.
    pub(super) attempt: u64,
    pub(super) cost: Option<Money>,
    pub(super) error: Option<&'a str>,
    pub(super) reason: Option<&'a str>,
}

impl Entry<'_> {
    /// The entry as JSON on one line, its members in the format's order, with these gaps after a comma and
    /// a colon.
    pub(super) fn json(&self, style: &Style) -> String {
        let mut object = Line { out: String::with_capacity(256), style };
        object.out.push('{');
        object.time("at", self.at);
        object.text("event", self.event);
        object.text("agent", self.agent.name());
        object.text("stage", self.agent.stage().name());
        object.text("from", self.from.name());
        object.text("to", self.to.name());
        object.bare("attempt", self.attempt);
        if let Some(cost) = self.cost {
            object.bare("cost", cost);
        }
        if let Some(error) = self.error {
            object.text("error", error);
        }
        if let Some(reason) = self.reason {
            object.text("reason", reason);
        }
        object.out.push('}');
        object.out
    }
}

/// An object being written on one line.
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

    fn text(&mut self, key: &str, text: &str) {
        self.key(key);
        push_quoted(&mut self.out, text);
    }

    fn time(&mut self, key: &str, at: Timestamp) {
        self.bare(key, format_args!("\"{at}\""));
    }

    fn bare(&mut self, key: &str, value: impl std::fmt::Display) {
        self.key(key);
        // Writing to a string cannot fail.
        let _ = write!(self.out, "{value}");
    }
}
