//! Attempts of agents: the attempt that an event belongs to, and the check of an event that names its attempt.

use crate::document::NodeId;
use crate::session::Situation;
use crate::{Agent, AgentStatus, EventKind, Session};

/// Attempts of one agent over the session's life.
#[derive(Debug, Clone, Copy)]
pub(super) struct Attempts {
    /// The last attempt that started, or is assumed to have started if the history does not say.
    pub(super) last: u64,
    /// The number of the next attempt.
    next: u64,
    /// True if the history records the start of an attempt.
    recorded: bool,
    status: AgentStatus,
    /// True if the agent's stage is before the current one.
    passed: bool,
}

/// Result of the check of an event's attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AttemptCheck {
    /// The current attempt: the other rules decide.
    Current,
    /// Another attempt, of which only the cost is recorded.
    LateCost,
    /// Another attempt.
    Stale,
}

impl Attempts {
    /// True if a kind of event starts an attempt.
    fn begins(&self, kind: EventKind) -> bool {
        match kind {
            EventKind::Start => true,
            EventKind::Complete | EventKind::Fail => self.status != AgentStatus::InProgress,
            _ => false,
        }
    }

    /// The attempt that an accepted event of a kind starts or belongs to.
    pub(super) fn number(&self, kind: EventKind) -> u64 {
        if self.begins(kind) { self.next } else { self.last }
    }

    pub(super) fn running(&self) -> bool {
        self.status == AgentStatus::InProgress
    }

    /// The attempt that an event of a kind may name; none if the last attempt is over and the event starts no other.
    ///
    /// A failed agent's attempt stays current until the retry, so that the event is refused for the failure.
    pub(super) fn current(&self, kind: EventKind) -> Option<u64> {
        let held = self.running() || self.status == AgentStatus::Failed;
        match kind {
            _ if held || self.passed => Some(self.last),
            EventKind::Complete | EventKind::Fail => Some(self.next),
            EventKind::QualityFailure if !self.recorded => Some(self.last),
            _ => None,
        }
    }

    /// Checks the attempt that an event names. Spent money is recorded for any attempt.
    pub(super) fn check(&self, kind: EventKind, attempt: u64, has_cost: bool) -> AttemptCheck {
        let current = self.current(kind) == Some(attempt);
        if kind == EventKind::Progress && has_cost {
            let accepts = self.running() || self.passed;
            return if current && accepts { AttemptCheck::Current } else { AttemptCheck::LateCost };
        }
        if current { AttemptCheck::Current } else { AttemptCheck::Stale }
    }
}

impl Session {
    /// Reads the attempts of an agent from the history, or from the number of retries if the history has none.
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

    /// Reads the agent's last attempt from the last entry that starts, ends or retries one: all of them have its number.
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

    /// Counts the attempts of an agent in a history that does not number all of them.
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
        self.document().whole(attempt).filter(|attempt| *attempt > 0)
    }
}
