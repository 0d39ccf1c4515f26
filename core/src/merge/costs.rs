//! Costs of both sides: they add up, and a shared one counts once.

use super::entries::Changes;
use crate::document::NodeId;
use crate::{Money, Session, Stage};

/// Costs of the three texts and of their new history entries.
pub(super) struct Accounts {
    base: [Option<Money>; 5],
    ours: [Option<Money>; 5],
    theirs: [Option<Money>; 5],
    /// Costs in history entries that both sides added.
    in_both: [Money; 5],
    /// True if a side's own new entries have a cost.
    billed_by_ours: [bool; 5],
    billed_by_theirs: [bool; 5],
}

/// Index of the total, after the stages.
const TOTAL: usize = 4;

impl Accounts {
    pub(super) fn of(base: &Session, ours: &Session, theirs: &Session, history: &Changes) -> Accounts {
        let amounts = |session: &Session| -> [Option<Money>; 5] {
            let costs = session.costs();
            let [a, b, c, d] = costs.stages;
            [a, b, c, d, costs.total]
        };
        // A total that is not an amount is not replaced by the sum: if both sides changed it, they conflict.
        let side = |session: &Session| {
            let mut amounts = amounts(session);
            amounts[TOTAL] = amounts[TOTAL].filter(|_| !session.amount_unreadable("total"));
            amounts
        };
        let mut accounts = Accounts {
            base: amounts(base),
            ours: side(ours),
            theirs: side(theirs),
            in_both: [Money::ZERO; 5],
            billed_by_ours: [false; 5],
            billed_by_theirs: [false; 5],
        };
        for (&id, shared) in history.here.iter().zip(history.shared()) {
            for (at, cost) in entry_cost(ours, id) {
                if shared {
                    accounts.in_both[at] = accounts.in_both[at].saturating_add(cost);
                } else {
                    accounts.billed_by_ours[at] = true;
                }
            }
        }
        for (at, _) in history.only_theirs().flat_map(|id| entry_cost(theirs, id)) {
            accounts.billed_by_theirs[at] = true;
        }
        accounts
    }

    /// Settles a member of `cost_tracking` that both sides changed. None if it is not a cost; an inner none keeps ours.
    pub(super) fn settle(&self, name: &str) -> Option<Option<String>> {
        if name == "within_budget" {
            // It is set by the merged total later.
            return Some(None);
        }
        let at = if name == "total" { TOTAL } else { Stage::parse(name)?.index() };
        let (ours, theirs) = (self.ours[at]?, self.theirs[at]?);
        // Probably one edit made twice.
        if ours == theirs && !(self.billed_by_ours[at] && self.billed_by_theirs[at]) {
            return Some(None);
        }
        self.sum(at).map(|sum| Some(sum.to_string()))
    }

    /// The old amount plus the additions of both sides; none if a side reduced it.
    fn sum(&self, at: usize) -> Option<Money> {
        let base = self.base[at].unwrap_or_default().micros();
        let (ours, theirs) = (self.ours[at]?.micros(), self.theirs[at]?.micros());
        if ours < base || theirs < base {
            return None;
        }
        let more = (theirs - base - self.in_both[at].micros()).max(0);
        Some(Money::from_micros(ours.saturating_add(more)))
    }
}

/// The cost of a history entry, for its stage and the total.
fn entry_cost(session: &Session, entry: NodeId) -> impl Iterator<Item = (usize, Money)> {
    let document = session.document();
    let cost = || {
        let cost = document.find_set(entry, "cost").and_then(|cost| Money::parse(document.raw(cost)))?;
        let stage = document.find_set(entry, "stage").and_then(|stage| document.string(stage))?;
        Some([(Stage::parse(&stage)?.index(), cost), (TOTAL, cost)])
    };
    cost().into_iter().flatten()
}
