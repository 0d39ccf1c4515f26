//! Entries of a session's history.

use crate::document::{NodeId, Positions, position};
use crate::quality::failed_gate_names;
use crate::{Agent, EventKind, Money, Session, Stage, Timestamp};
use std::cell::OnceCell;

/// Entry of a session's `history`.
///
/// See the example at [`Session::history`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct HistoryEntry {
    /// Time of the event; none if missing or unreadable.
    pub at: Option<Timestamp>,
    /// Name of the event; empty if missing.
    pub event: String,
    /// Agent of the event; none for `initialize`.
    pub agent: Option<Agent>,
    /// State before the event.
    pub from: Option<String>,
    /// State after the event.
    pub to: Option<String>,
    /// Number of the agent's attempt, from 1.
    pub attempt: Option<u64>,
    /// Cost.
    pub cost: Option<Money>,
    /// Error message.
    pub error: Option<String>,
    /// Reason given.
    pub reason: Option<String>,
    /// Key of the event.
    pub key: Option<String>,
    /// First line of the entry, from 1.
    pub line: u32,
}

impl HistoryEntry {
    /// The names of the failed gates that its error lists; empty for any other error.
    pub(crate) fn failed_gates(&self) -> impl Iterator<Item = &str> {
        self.error.as_deref().and_then(failed_gate_names).into_iter().flatten()
    }
}

/// True if an entry records failed gates.
pub(crate) fn is_gate_failure(entry: &HistoryEntry) -> bool {
    entry.event == EventKind::QualityFailure.name()
}

/// History of a session, read when it is first asked for, and once for all that ask.
pub(crate) struct LazyHistory<'a> {
    session: &'a Session,
    entries: OnceCell<Vec<HistoryEntry>>,
}

impl<'a> LazyHistory<'a> {
    pub(crate) fn of(session: &'a Session) -> Self {
        LazyHistory { session, entries: OnceCell::new() }
    }

    /// The entries, the oldest first.
    pub(crate) fn entries(&self) -> &[HistoryEntry] {
        self.entries.get_or_init(|| self.session.history())
    }

    /// The last record of failed gates.
    pub(crate) fn last_gate_failure(&self) -> Option<&HistoryEntry> {
        self.entries().iter().rev().find(|entry| is_gate_failure(entry))
    }

    /// The time of the last event that led to a stage from another one; none if the history does not say.
    pub(crate) fn came_to(&self, stage: Stage) -> Option<Timestamp> {
        let leads = |entry: &&HistoryEntry| {
            let state = |state: &Option<String>| state.as_deref().and_then(Stage::parse);
            let (from, to) = (state(&entry.from), state(&entry.to));
            match EventKind::parse(&entry.event) {
                Some(EventKind::Complete | EventKind::Skip) => to == Some(stage) && entry.agent != Some(stage.agent()),
                // An escalated evaluation leads to FAILED, in its own stage.
                Some(EventKind::QualityFailure) => match to {
                    None => stage == Stage::Evaluation && from.is_some_and(|from| from != stage),
                    Some(to) => to == stage && from != Some(stage),
                },
                _ => false,
            }
        };
        self.entries().iter().rev().find(leads)?.at
    }

    /// The time of the last retry of a stage's agent.
    pub(crate) fn retried_at(&self, stage: Stage) -> Option<Timestamp> {
        let is_retry = |entry: &&HistoryEntry| {
            entry.agent == Some(stage.agent())
                && [EventKind::Retry.name(), EventKind::Resume.name()].contains(&&*entry.event)
        };
        self.entries().iter().rev().find(is_retry)?.at
    }
}

impl Session {
    /// The entries of `history`, the oldest first; empty if the file has none.
    ///
    /// ```
    /// use callboard_core::{Agent, Session};
    /// let session = Session::parse("{\"session_id\": \"a\", \"history\": [\n  \
    ///     {\"at\": \"2024-08-11T14:30:00Z\", \"event\": \"start\", \"agent\": \"script_writer\", \"attempt\": 2}]}").unwrap();
    /// let entry = &session.history()[0];
    /// assert_eq!((entry.event.as_str(), entry.agent, entry.attempt), ("start", Some(Agent::ScriptWriter), Some(2)));
    /// assert_eq!(entry.line, 2);
    /// ```
    pub fn history(&self) -> Vec<HistoryEntry> {
        let Some(history) = self.at(&["history"]) else { return Vec::new() };
        let document = self.document();
        let mut positions = Positions::of(document.text());
        let read = |entry: NodeId| {
            let (line, _) = positions.at(document.node(entry).start as usize);
            self.history_entry(entry, line)
        };
        document.elements(history).map(read).collect()
    }

    /// The JSON text of the history entry with a key.
    ///
    /// ```
    /// use callboard_core::Session;
    /// let session = Session::parse(r#"{"session_id": "a", "history": [{"event": "retry", "key": "job-17"}]}"#).unwrap();
    /// assert_eq!(session.history_entry_text("job-17"), Some(r#"{"event": "retry", "key": "job-17"}"#));
    /// assert_eq!(session.history_entry_text("job-18"), None);
    /// ```
    pub fn history_entry_text(&self, key: &str) -> Option<&str> {
        self.entry_with_key(key).map(|entry| self.document().raw(entry))
    }

    /// One entry of the history, with its line.
    pub(crate) fn entry_at(&self, entry: NodeId) -> HistoryEntry {
        let (line, _) = position(self.text(), self.document().node(entry).start as usize);
        self.history_entry(entry, line)
    }

    /// The nodes of the history's entries.
    pub(crate) fn history_nodes(&self) -> impl Iterator<Item = NodeId> {
        self.at(&["history"]).into_iter().flat_map(|history| self.document().elements(history))
    }

    fn history_entry(&self, entry: NodeId, line: u32) -> HistoryEntry {
        let document = self.document();
        let text = |key: &str| document.find_set(entry, key).and_then(|value| document.string(value));
        let owned = |key: &str| text(key).map(|text| text.into_owned());
        let number = |key: &str| document.find_set(entry, key).map(|value| document.raw(value));
        HistoryEntry {
            at: text("at").and_then(|at| Timestamp::parse(&at)),
            event: owned("event").unwrap_or_default(),
            agent: text("agent").and_then(|agent| Agent::parse(&agent)),
            from: owned("from"),
            to: owned("to"),
            attempt: number("attempt").and_then(|attempt| attempt.parse().ok()),
            cost: number("cost").and_then(Money::parse),
            error: owned("error"),
            reason: owned("reason"),
            key: owned("key"),
            line,
        }
    }
}
