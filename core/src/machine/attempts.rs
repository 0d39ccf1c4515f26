//! Attempts: which attempt of its agent an event belongs to, and whether a stale one may still be heard.

use crate::document::NodeId;
use crate::session::{Situation, whole};
use crate::{Agent, AgentStatus, EventKind, Session};

/// The attempts of one agent over the session's life.
#[derive(Debug, Clone, Copy)]
pub(super) struct Attempts {
    /// The last one that began, or is taken to have begun where the history does not say.
    pub(super) last: u64,
    /// The one that the next beginning makes.
    next: u64,
    /// True if the history has the beginning of one.
    recorded: bool,
    status: AgentStatus,
    /// True if the agent's stage is behind the current one.
    passed: bool,
}

/// The answer to an event that names its attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fence {
    /// It is the current one: the other rules decide.
    Current,
    /// It is another one, of which the cost alone is recorded.
    LateBill,
    /// It is another one.
    Stale,
}

impl Attempts {
    /// True if a kind of event begins an attempt.
    fn begins(&self, kind: EventKind) -> bool {
        match kind {
            EventKind::Start => true,
            EventKind::Complete | EventKind::Fail => self.status != AgentStatus::InProgress,
            _ => false,
        }
    }

    /// The attempt that an accepted event of a kind begins or belongs to.
    pub(super) fn number(&self, kind: EventKind) -> u64 {
        if self.begins(kind) { self.next } else { self.last }
    }

    pub(super) fn running(&self) -> bool {
        self.status == AgentStatus::InProgress
    }

    /// The attempt that an event of a kind may name; none where an attempt that began is over and the event begins
    /// none. A failed agent's attempt is current until it is retried: what speaks against the event then is the failure.
    pub(super) fn current(&self, kind: EventKind) -> Option<u64> {
        let held = self.running() || self.status == AgentStatus::Failed;
        match kind {
            _ if held || self.passed => Some(self.last),
            EventKind::Complete | EventKind::Fail => Some(self.next),
            EventKind::QualityFailure if !self.recorded => Some(self.last),
            _ => None,
        }
    }

    /// Judges the attempt that an event names. Money that is spent is recorded whichever attempt it was.
    pub(super) fn fence(&self, kind: EventKind, attempt: u64, bills: bool) -> Fence {
        let current = self.current(kind) == Some(attempt);
        if kind == EventKind::Progress && bills {
            let accepts = self.running() || self.passed;
            return if current && accepts { Fence::Current } else { Fence::LateBill };
        }
        if current { Fence::Current } else { Fence::Stale }
    }
}

impl Session {
    /// The attempts of an agent, by the history; where that has none, by the count of retries.
    pub(super) fn attempts(&self, situation: &Situation, agent: Agent) -> Attempts {
        let recorded = self.last_attempt(agent);
        let first = situation.retry_count.saturating_add(1);
        Attempts {
            last: recorded.unwrap_or(first),
            next: recorded.map_or(first, |last| last.saturating_add(1)),
            recorded: recorded.is_some(),
            status: situation.status(agent),
            passed: situation.passed(agent.stage()),
        }
    }

    /// The attempt of the agent's last history entry that began one. What ends a running attempt has its number too, and
    /// so has what gives a failed one another try: the last of all these says it, also where the beginning is not there.
    fn last_attempt(&self, agent: Agent) -> Option<u64> {
        let history = self.at(&["history"])?;
        let entries: Vec<NodeId> = self.document().elements(history).collect();
        let mut ends = entries.iter().rev().filter(|&&entry| {
            let tells = |event: &str| matches!(event, "start" | "complete" | "fail" | "retry" | "resume");
            self.entry_event(entry).is_some_and(|event| tells(&event)) && self.entry_agent(entry) == Some(agent)
        });
        let last = *ends.next()?;
        Some(self.entry_attempt(last).unwrap_or_else(|| self.count_attempts(&entries, agent)))
    }

    /// The attempts of an agent in a history that does not number them all.
    #[cold]
    #[inline(never)]
    fn count_attempts(&self, entries: &[NodeId], agent: Agent) -> u64 {
        let (mut last, mut running) = (0, false);
        for &entry in entries.iter().filter(|&&entry| self.entry_agent(entry) == Some(agent)) {
            let event = self.entry_event(entry).unwrap_or_default();
            match &*event {
                "start" | "complete" | "fail" => {
                    let begins = event == "start" || !running;
                    last = self.entry_attempt(entry).unwrap_or(if begins { last + 1 } else { last });
                    running = event == "start";
                }
                "quality_failure" | "resume" => running = false,
                _ => {}
            }
        }
        last.max(1)
    }

    fn entry_event(&self, entry: NodeId) -> Option<std::borrow::Cow<'_, str>> {
        self.document().find_set(entry, "event").and_then(|event| self.document().string(event))
    }

    fn entry_agent(&self, entry: NodeId) -> Option<Agent> {
        let agent = self.document().find_set(entry, "agent").and_then(|agent| self.document().string(agent));
        agent.and_then(|agent| Agent::parse(&agent))
    }

    /// The number of an entry's attempt.
    pub(super) fn entry_attempt(&self, entry: NodeId) -> Option<u64> {
        let attempt = self.document().find_set(entry, "attempt")?;
        whole(self.document(), attempt).filter(|attempt| *attempt > 0)
    }
}
