//! Attention that sessions need from a person, ranked by the action that the person can take.

use crate::named_enum::named_enum;
use crate::time::span;
use crate::{Agent, Timestamp};

named_enum! {
/// Kind of attention that a session needs, the first to look at first.
///
/// The order is that of what a person can do: decide, repair, retry or restart before watching and waiting.
///
/// ```
/// use callboard_core::AttentionKind;
/// assert!(AttentionKind::Failed < AttentionKind::OverBudget);
/// assert_eq!(AttentionKind::SentBack.label(), "Sent back");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AttentionKind {
    /// The retries, or the returns to earlier stages, are used up: a person must decide.
    Escalated = "escalated",
    /// The state cannot be read: the file must be repaired.
    Unreadable = "unreadable",
    /// An agent failed and can be retried.
    Failed = "failed",
    /// Failed gates sent the session back to a stage that has not begun again.
    SentBack = "sent_back",
    /// More than the budget is spent.
    OverBudget = "over_budget",
    /// Another version of the session waits for a choice. Only a workspace knows of it.
    Conflict = "conflict",
    /// The working agent is long overdue and has sent no update.
    Stalled = "stalled",
    /// A stage could have been started long ago.
    Waiting = "waiting",
    /// A failed agent waits for its next attempt.
    Retry = "retry",
    /// The working agent is past its estimate.
    Late = "late",
    /// The agent that failed gates sent the session back to works on it.
    Rework = "rework",
    /// Most of the budget, or more than a stage's share, is spent.
    Budget = "budget",
}
}

impl AttentionKind {
    /// The label. See the example at the type.
    pub const fn label(self) -> &'static str {
        match self {
            AttentionKind::Escalated => "Escalated",
            AttentionKind::Unreadable => "Unreadable",
            AttentionKind::Failed => "Failed",
            AttentionKind::SentBack => "Sent back",
            AttentionKind::OverBudget => "Over budget",
            AttentionKind::Conflict => "Conflict",
            AttentionKind::Stalled => "Stalled",
            AttentionKind::Waiting => "Waiting",
            AttentionKind::Retry => "Retry pending",
            AttentionKind::Late => "Late",
            AttentionKind::Rework => "In rework",
            AttentionKind::Budget => "Budget low",
        }
    }
}

/// Attention that a session needs, with since when and why.
///
/// ```
/// use callboard_core::{Attention, AttentionKind, Policy, Session, Timestamp};
/// let session = Session::parse(r#"{"session_id": "a", "pipeline_state": {"current_stage": "writing"},
///     "agent_outputs": {"script_writer": {"status": "failed", "error": "timeout"}},
///     "timestamps": {"writing_failed": "2024-08-11T14:30:00Z"}}"#).unwrap();
/// let now = Timestamp::parse("2024-08-11T14:55:00Z").unwrap();
/// let attention: Attention = session.digest().attention(now, &Policy::default()).unwrap();
/// assert_eq!((attention.kind, attention.cause.as_deref()), (AttentionKind::Failed, Some("timeout")));
/// assert_eq!(attention.age(now).as_deref(), Some("failed 25 min ago"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attention {
    /// The kind.
    pub kind: AttentionKind,
    /// The agent that it is about.
    pub agent: Option<Agent>,
    /// The time since which it is so, or of the last change if the file has no such time.
    pub since: Option<Timestamp>,
    /// The reason in the words that other sessions may share: the error, the failed gates, the agent.
    pub cause: Option<String>,
}

impl Attention {
    /// Age in words, such as `failed 25 min ago` or `ready for 26 h`; none if no time is known. See the
    /// example at the type.
    pub fn age(&self, now: Timestamp) -> Option<String> {
        let since = self.since?;
        let length = span(since, now);
        let word = match self.kind {
            AttentionKind::Waiting => return Some(format!("ready for {length}")),
            AttentionKind::Escalated | AttentionKind::Failed | AttentionKind::Retry => "failed",
            AttentionKind::SentBack | AttentionKind::Rework => "sent back",
            AttentionKind::Stalled => "last update",
            AttentionKind::Late => "expected",
            AttentionKind::Conflict => "found",
            AttentionKind::Unreadable | AttentionKind::OverBudget | AttentionKind::Budget => "updated",
        };
        Some(if now.unix() - since.unix() < 60 { format!("{word} just now") } else { format!("{word} {length} ago") })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Policy, Session};

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    fn session(stage: &str, agent: &str, more: &str) -> Session {
        Session::parse(format!(
            r#"{{"session_id": "a", "pipeline_state": {{"current_stage": "{stage}"}}, "agent_outputs": {{{agent}}},
            "timestamps": {{"last_updated": "2024-08-11T14:00:00Z", "writing_failed": "2024-08-11T13:00:00Z"}}{more}}}"#
        ))
        .unwrap()
    }

    #[test]
    fn the_kind_is_the_first_thing_that_a_person_can_do() {
        let now = at("2024-08-11T15:00:00Z");
        let writer = |status: &str| format!(r#""script_writer": {{"status": "{status}", "error": "timeout"}}"#);
        let over = r#", "cost_tracking": {"total": 10.00, "budget": 9.00}"#;
        let near = r#", "cost_tracking": {"total": 8.00, "budget": 9.00}"#;
        let gates = r#", "history": [{"at": "2024-08-11T12:00:00Z", "event": "quality_failure", "to": "WRITING",
            "error": "quality gates failed: technical"}], "feedback": []"#;
        let late = r#""script_writer": {"status": "in_progress", "estimated_completion": "2024-08-11T14:40:00Z"}"#;
        let check = |session: Session, kind: AttentionKind, cause: Option<&str>, age: &str| {
            let found = session.digest().attention(now, &Policy::default()).unwrap();
            assert_eq!((found.kind, found.cause.as_deref(), found.age(now).as_deref()), (kind, cause, Some(age)));
            let summary = session.digest().health_summary(now, &Policy::default());
            assert_eq!(summary.attention, Some(kind));
        };
        check(session("writing", &writer("failed"), over), AttentionKind::Failed, Some("timeout"), "failed 2 h ago");
        check(session("writing", &writer("retry"), ""), AttentionKind::Retry, Some("timeout"), "failed 2 h ago");
        check(session("writing", &writer("retry"), over), AttentionKind::OverBudget, None, "updated 1 h ago");
        check(session("writing", late, over), AttentionKind::OverBudget, None, "updated 1 h ago");
        check(session("writing", late, near), AttentionKind::Late, Some("script_writer"), "expected 20 min ago");
        let pending = r#""script_writer": {"status": "pending"}"#;
        check(session("writing", pending, gates), AttentionKind::SentBack, Some("technical"), "sent back 3 h ago");
        let working = r#""script_writer": {"status": "in_progress", "estimated_completion": "2024-08-11T15:40:00Z"}"#;
        check(session("writing", working, gates), AttentionKind::Rework, Some("technical"), "sent back 3 h ago");
        check(session("writing", working, near), AttentionKind::Budget, None, "updated 1 h ago");
        let why = Some("current_stage is \"mixing\", which is not a stage.");
        check(session("mixing", working, over), AttentionKind::Unreadable, why, "updated 1 h ago");
        assert_eq!(session("writing", working, "").digest().attention(now, &Policy::default()), None);
    }

    #[test]
    fn what_waits_says_for_how_long() {
        let pending = session("evaluation", "", r#", "history": []"#);
        let now = at("2024-08-12T16:00:00Z");
        let found = pending.digest().attention(now, &Policy::default()).unwrap();
        assert_eq!((found.kind, found.age(now).as_deref()), (AttentionKind::Waiting, Some("ready for 26 h")));
        let since = Attention { kind: AttentionKind::Failed, agent: None, since: Some(now), cause: None };
        assert_eq!(since.age(now.plus(-30)).as_deref(), Some("failed just now"));
        assert_eq!(since.age(now.plus(86_400 * 3 + 7_200)).as_deref(), Some("failed 3 d 2 h ago"));
        assert_eq!(Attention { since: None, ..since }.age(now), None);
    }

    #[test]
    fn the_reason_that_needs_attention_comes_first() {
        let stalled = r#""script_writer": {"status": "in_progress", "estimated_completion": "2024-08-11T13:00:00Z"}"#;
        let session = session("writing", stalled, r#", "cost_tracking": {"total": 10.00, "budget": 9.00}"#);
        let now = at("2024-08-11T16:00:00Z");
        let reasons = session.digest().reasons(now, &Policy::default(), &|at| at.to_string());
        let codes: Vec<&str> = reasons.iter().map(|reason| reason.code).collect();
        assert_eq!(codes, ["budget", "stalled"]);
        assert_eq!(session.health(now, &Policy::default()).reasons[0].code, "stalled");
    }
}
