//! The loaded sessions and what is done with them. Plain types first; signals only in `workspace`
//! and in what it can do: `keeping`, `drafts`, `actions`, `by_hand`, `bulk`, `making`, `hand_back`, `importing`,
//! `report_log`, `restoring`, `tabs`, `backup`.

pub mod actions;
pub mod arrivals;
pub mod backup;
pub mod bulk;
pub mod by_hand;
pub mod drafts;
pub mod edit;
pub mod elements;
pub mod entry;
pub mod fate;
pub mod hand_back;
pub mod importing;
pub mod keeping;
pub mod listing;
pub mod making;
pub mod place;
pub mod preferences;
pub mod query;
pub mod receiving;
pub mod record;
pub mod report;
pub mod report_log;
pub mod restoring;
pub mod search;
pub mod shelf;
pub mod storage;
pub mod storage_error;
pub mod summary;
pub mod tabs;
pub mod transfer;
pub mod waiting;
pub mod workspace;
