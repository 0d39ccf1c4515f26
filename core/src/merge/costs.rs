//! What both sides spent: bills add up, and one that both sides know counts once.

use super::entries::Changes;
use crate::document::NodeId;
use crate::{Money, Session, Stage};

/// The costs of the three texts, and what their histories say of them.
pub(super) struct Accounts {
    base: [Option<Money>; 5],
    ours: [Option<Money>; 5],
    theirs: [Option<Money>; 5],
    /// What is billed in history entries that both sides added.
    in_both: [Money; 5],
    /// Whether each side's own new entries bill anything.
    billed_by_ours: [bool; 5],
    billed_by_theirs: [bool; 5],
}

/// The index of the total behind those of the stages.
const TOTAL: usize = 4;

impl Accounts {
    pub(super) fn of(base: &Session, ours: &Session, theirs: &Session, history: &Changes) -> Accounts {
        let amounts = |session: &Session| -> [Option<Money>; 5] {
            let costs = session.costs();
            let [a, b, c, d] = costs.stages;
            [a, b, c, d, costs.total]
        };
        // A total that is no amount is not the sum that counts for it: where both sides changed it, they conflict.
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
            for (at, cost) in bill(ours, id) {
                if shared {
                    accounts.in_both[at] = accounts.in_both[at].saturating_add(cost);
                } else {
                    accounts.billed_by_ours[at] = true;
                }
            }
        }
        for (at, _) in history.only_theirs().flat_map(|id| bill(theirs, id)) {
            accounts.billed_by_theirs[at] = true;
        }
        accounts
    }

    /// What a member of `cost_tracking` that both sides changed shall be: none where it is no cost, and
    /// none inside where ours stands.
    pub(super) fn settle(&self, name: &str) -> Option<Option<String>> {
        if name == "within_budget" {
            // It follows the merged total, once that is known.
            return Some(None);
        }
        let at = if name == "total" { TOTAL } else { Stage::parse(name)?.index() };
        let (ours, theirs) = (self.ours[at]?, self.theirs[at]?);
        // One edit made twice, as far as anybody can tell.
        if ours == theirs && !(self.billed_by_ours[at] && self.billed_by_theirs[at]) {
            return Some(None);
        }
        self.sum(at).map(|sum| Some(sum.to_string()))
    }

    /// What was there before and what both sides added to it; none where a side took something away.
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

/// What an entry of the history bills: to its stage and the total, and how much.
fn bill(session: &Session, entry: NodeId) -> impl Iterator<Item = (usize, Money)> {
    let document = session.document();
    let bill = || {
        let cost = document.find_set(entry, "cost").and_then(|cost| Money::parse(document.raw(cost)))?;
        let stage = document.find_set(entry, "stage").and_then(|stage| document.string(stage))?;
        Some([(Stage::parse(&stage)?.index(), cost), (TOTAL, cost)])
    };
    bill().into_iter().flatten()
}
