//! Counters of both sides: failures, gate failures and retries add up, and a shared one counts once.

use crate::Session;
use crate::document::NodeId;

/// Counters of `pipeline_state`. The first two only grow, except for a person's override; the retries are those of the
/// current stage.
const COUNTERS: [&str; 3] = ["failed_attempts", "gate_failures", "retry_count"];
const RETRIES: usize = 2;

/// Counts of one side's new history entries.
#[derive(Default)]
struct Tally {
    /// Counts of the entries that both sides have.
    shared: [u64; 3],
    /// True if an entry of this side alone counts.
    own: [bool; 3],
    /// True if an entry resets the retries: the stage was left, or a person overrode.
    reset: bool,
    /// True if an entry of this side alone changes the state: any but `progress`.
    moved: bool,
}

impl Tally {
    fn add(&mut self, session: &Session, entry: NodeId, shared: bool) {
        let document = session.document();
        let text = |key: &str| document.find_set(entry, key).and_then(|value| document.string(value));
        let event = text("event").unwrap_or_default();
        let stalled = event == "resume" && document.find_set(entry, "error").is_some();
        if matches!(&*event, "complete" | "skip" | "quality_failure") {
            // Earlier counts belong to a finished stage.
            (self.reset, self.shared[RETRIES], self.own[RETRIES]) = (true, 0, false);
        }
        let retried = event == "retry" || event == "resume" && text("to").is_none_or(|to| to == "RETRY");
        let counts = [event == "fail" || stalled, event == "quality_failure", retried];
        for (at, counts) in counts.into_iter().enumerate() {
            self.shared[at] += u64::from(counts && shared);
            self.own[at] |= counts && !shared;
        }
        self.moved |= !shared && !event.is_empty() && event != "progress";
    }
}

/// Counts of both histories.
#[derive(Default)]
pub(super) struct Counts {
    ours: Tally,
    theirs: Tally,
}

impl Counts {
    /// Adds an entry of our new history.
    pub(super) fn add_ours(&mut self, session: &Session, entry: NodeId, shared: bool) {
        self.ours.add(session, entry, shared);
    }

    /// Adds an entry of their new history.
    pub(super) fn add_theirs(&mut self, session: &Session, entry: NodeId, shared: bool) {
        self.theirs.add(session, entry, shared);
    }

    /// True if each side has changed the state by an event of its own.
    pub(super) fn moved_by_each(&self) -> bool {
        self.ours.moved && self.theirs.moved
    }

    /// True if each side's own new entries have raised this counter of `pipeline_state`.
    pub(super) fn counted_by_each(&self, name: &str) -> bool {
        let at = COUNTERS.iter().position(|counter| *counter == name);
        at.is_some_and(|at| self.ours.own[at] && self.theirs.own[at])
    }

    /// True if each side has raised any one counter.
    pub(super) fn any_counted_by_each(&self) -> bool {
        COUNTERS.iter().any(|name| self.counted_by_each(name))
    }

    /// True if each side's change of `retry_count` is explained by its history.
    pub(super) fn retries_told(&self, ours_changed: bool, theirs_changed: bool) -> bool {
        let told = |tally: &Tally| tally.reset || tally.own[RETRIES] || tally.shared[RETRIES] > 0;
        (told(&self.ours) || !ours_changed) && (told(&self.theirs) || !theirs_changed)
    }

    /// The merged value of a counter that both sides changed: the old value plus both counts. None if a side reduced it, or
    /// if only one side has left the stage that the retries belong to.
    ///
    /// Retries may exceed the policy's limit; the next failure escalates then.
    pub(super) fn count(&self, name: &str, base: u64, ours: u64, theirs: u64) -> Option<u64> {
        let at = COUNTERS.iter().position(|counter| *counter == name)?;
        let shared = self.ours.shared[at];
        if at == RETRIES {
            match (self.ours.reset, self.theirs.reset) {
                (false, false) => {}
                // Both count retries of another stage, or of another visit to it.
                (true, true) => {
                    let shared = shared.min(self.theirs.shared[at]);
                    return Some(ours.saturating_add(theirs.saturating_sub(shared)));
                }
                _ if ours == base => return Some(theirs),
                _ if theirs == base => return Some(ours),
                _ => return None,
            }
        }
        if ours < base || theirs < base {
            // A person's override on both sides resets the counter.
            return (ours == theirs).then_some(ours);
        }
        ours.checked_add((theirs - base).saturating_sub(shared))
    }
}
