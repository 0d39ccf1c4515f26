//! The inputs of a row of the session list other than its session.
use crate::route::Route;
use crate::store::columns::ColumnSet;
use crate::store::news::News;
use callboard_core::{Policy, Timestamp, TypicalCosts};

/// The inputs of a row other than its session.
#[derive(Clone)]
pub struct RowContext {
    /// The time.
    pub now: Timestamp,
    /// The limits and thresholds in force.
    pub policy: Policy,
    /// The reason for a session's health once hovered: its entry's revision, and the reason.
    pub why: Option<(u64, String)>,
    /// The changes since the user last looked.
    pub news: News,
    /// Minutes by which the zone in force is ahead of UTC.
    pub offset: i32,
    /// The chosen columns; the cells of all others stay empty.
    pub columns: ColumnSet,
    /// The typical costs, if the column of the expected total cost is chosen.
    pub typical: Option<TypicalCosts>,
    /// The page of the session that is shown beside the list.
    pub open: Option<Route>,
}
