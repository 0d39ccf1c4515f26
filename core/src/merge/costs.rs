//! What both sides spent and counted: bills and failures add up, and one that both sides know counts once.

use crate::document::{NodeId, same};
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
    /// What is counted in history entries that both sides added.
    counted_in_both: [u64; 2],
    /// Whether each side's own new entries count anything.
    counted_by_ours: [bool; 2],
    counted_by_theirs: [bool; 2],
}

/// The counters of `pipeline_state` that only grow, but for a person's override: see [`counter`].
const COUNTERS: [&str; 2] = ["failed_attempts", "gate_failures"];

/// The index of the total behind those of the stages.
const TOTAL: usize = 4;

impl Accounts {
    pub(super) fn of(base: &Session, ours: &Session, theirs: &Session) -> Accounts {
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
            counted_in_both: [0; 2],
            counted_by_ours: [false; 2],
            counted_by_theirs: [false; 2],
        };
        accounts.read_histories(base, ours, theirs);
        accounts
    }

    fn read_histories(&mut self, base: &Session, ours: &Session, theirs: &Session) {
        let entries = |session: &Session| -> Vec<NodeId> {
            session.at(&["history"]).map(|list| session.document().elements(list).collect()).unwrap_or_default()
        };
        let (before, here, there) = (entries(base), entries(ours), entries(theirs));
        let within = |session: &Session, id, other: &Session, list: &[NodeId]| {
            list.iter().any(|&twin| same(session.document(), id, other.document(), twin))
        };
        let is_new = |session: &Session, id| !within(session, id, base, &before);
        for &id in here.iter().filter(|&&id| is_new(ours, id)) {
            let shared = within(ours, id, theirs, &there);
            if let Some((stages, cost)) = bill(ours, id) {
                for at in stages {
                    if shared {
                        self.in_both[at] = self.in_both[at].saturating_add(cost);
                    } else {
                        self.billed_by_ours[at] = true;
                    }
                }
            }
            if let Some(at) = counter(ours, id) {
                self.counted_in_both[at] += u64::from(shared);
                self.counted_by_ours[at] |= !shared;
            }
        }
        for &id in there.iter().filter(|&&id| is_new(theirs, id) && !within(theirs, id, ours, &here)) {
            for at in bill(theirs, id).map(|(stages, _)| stages).into_iter().flatten() {
                self.billed_by_theirs[at] = true;
            }
            if let Some(at) = counter(theirs, id) {
                self.counted_by_theirs[at] = true;
            }
        }
    }

    /// Whether each side's own new entries have raised this counter of `pipeline_state`.
    pub(super) fn counted_by_each(&self, name: &str) -> bool {
        let at = COUNTERS.iter().position(|counter| *counter == name);
        at.is_some_and(|at| self.counted_by_ours[at] && self.counted_by_theirs[at])
    }

    /// Whether each side has raised any counter.
    pub(super) fn any_counted_by_each(&self) -> bool {
        COUNTERS.iter().any(|name| self.counted_by_each(name))
    }

    /// What a counter that both sides changed shall be: none where a side took something away.
    pub(super) fn count(&self, name: &str, base: u64, ours: u64, theirs: u64) -> Option<u64> {
        let at = COUNTERS.iter().position(|counter| *counter == name)?;
        if ours < base || theirs < base {
            // A person's override on both sides: the counter begins again.
            return (ours == theirs).then_some(ours);
        }
        ours.checked_add((theirs - base).saturating_sub(self.counted_in_both[at]))
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

/// What an entry of the history bills: to which stage and the total, and how much.
fn bill(session: &Session, entry: NodeId) -> Option<([usize; 2], Money)> {
    let document = session.document();
    let cost = document.find_set(entry, "cost").and_then(|cost| Money::parse(document.raw(cost)))?;
    let stage = document.find_set(entry, "stage").and_then(|stage| document.string(stage))?;
    Some(([Stage::parse(&stage)?.index(), TOTAL], cost))
}

/// Which of [`COUNTERS`] an entry of the history has raised. A stalled agent that is resumed has failed: its entry
/// carries the error.
fn counter(session: &Session, entry: NodeId) -> Option<usize> {
    let document = session.document();
    let event = document.find_set(entry, "event").and_then(|event| document.string(event))?;
    match &*event {
        "fail" => Some(0),
        "resume" => document.find_set(entry, "error").map(|_| 0),
        "quality_failure" => Some(1),
        _ => None,
    }
}
