//! Kinds of news that need a person's attention.

use crate::named_enum::named_enum;

named_enum! {
/// Kind of news that needs a person's attention.
///
/// ```
/// use callboard_core::Notable;
/// assert_eq!(Notable::ALL.map(Notable::name), ["failed", "escalated", "stalled", "decision", "completed"]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Notable {
    /// An agent failed, and can be retried.
    Failed = "failed",
    /// The retries, or the returns to earlier stages, are used up.
    Escalated = "escalated",
    /// The working agent is long overdue and has sent no update.
    Stalled = "stalled",
    /// The work cannot go on without a person: the state cannot be read, or an agent has waited too long for its start.
    Decision = "decision",
    /// The session is complete.
    Completed = "completed",
}
}
