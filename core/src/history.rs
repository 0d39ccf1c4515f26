//! The history that a session's file holds, entry by entry.

use crate::document::{NodeId, Positions, position};
use crate::{Agent, Money, Session, Timestamp};

/// One entry of a session's `history`, as the file has it.
///
/// See the example at [`Session::history`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct HistoryEntry {
    /// When it happened; none where the entry does not say, or not readably.
    pub at: Option<Timestamp>,
    /// The event's name; empty where the entry has none.
    pub event: String,
    /// The agent; none for an event of no agent, such as `initialize`.
    pub agent: Option<Agent>,
    /// The state before.
    pub from: Option<String>,
    /// The state after.
    pub to: Option<String>,
    /// The attempt of its agent that it belongs to, from 1.
    pub attempt: Option<u64>,
    /// What it cost.
    pub cost: Option<Money>,
    /// What went wrong.
    pub error: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// The key that the event was sent with.
    pub key: Option<String>,
    /// The line on which the entry begins, from 1.
    pub line: u32,
}

impl Session {
    /// The entries of `history`, the oldest first; none where the file keeps no history.
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

    /// The JSON text of the history entry of the event that was sent with a key, as the file has it.
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
