//! What every event writes besides its own effect: costs, and its entry in the history.

use crate::document::{NewValue, ObjectPatch};
use crate::session::{Situation, push_json_string};
use crate::{Agent, Money, Session, State, Timestamp};

/// Adds a cost to a stage and the total.
pub(super) fn add_cost(session: &Session, agent: Agent, cost: Money, root: &mut ObjectPatch) {
    let stage = agent.stage();
    let costs = session.costs();
    let stands = session.stage_cost(stage);
    let document = session.document();
    let key =
        stands.key.and_then(|key| document.string(key)).map_or_else(|| stage.name().to_owned(), |key| key.into_owned());
    let section = root.object("cost_tracking");
    let amount = |money: Money| NewValue::Scalar(money.to_string());
    section.set(key, amount(stands.amount.unwrap_or_default().saturating_add(cost)));
    let total = costs.total.unwrap_or_default().saturating_add(cost);
    section.set("total", amount(total));
    if let Some(budget) = costs.budget {
        section.set("within_budget", NewValue::Scalar((total <= budget).to_string()));
    }
}

/// One entry of the history: what a timeline needs of an event.
pub(super) struct Entry<'a> {
    pub(super) at: Timestamp,
    pub(super) event: &'static str,
    pub(super) agent: Agent,
    pub(super) from: State,
    pub(super) to: State,
    /// Which attempt of the stage it belongs to; none where the stage is not the current one.
    pub(super) attempt: Option<u64>,
    pub(super) cost: Option<Money>,
    pub(super) error: Option<&'a str>,
    pub(super) reason: Option<&'a str>,
}

impl Entry<'_> {
    /// The attempt an event on the current stage belongs to.
    pub(super) fn attempt(situation: &Situation) -> u64 {
        situation.retry_count.saturating_add(1)
    }

    /// The entry as compact JSON, its members in the format's order.
    pub(super) fn json(&self) -> String {
        let mut out = String::with_capacity(200);
        out.push('{');
        push_json_string(&mut out, "at", &self.at.to_string());
        push_json_string(&mut out, "event", self.event);
        push_json_string(&mut out, "agent", self.agent.name());
        push_json_string(&mut out, "stage", self.agent.stage().name());
        push_json_string(&mut out, "from", self.from.name());
        push_json_string(&mut out, "to", self.to.name());
        if let Some(attempt) = self.attempt {
            out.push_str(&format!(",\"attempt\":{attempt}"));
        }
        if let Some(cost) = self.cost {
            out.push_str(&format!(",\"cost\":{cost}"));
        }
        if let Some(error) = self.error {
            push_json_string(&mut out, "error", error);
        }
        if let Some(reason) = self.reason {
            push_json_string(&mut out, "reason", reason);
        }
        out.push('}');
        out
    }
}
