//! Reactive state for the pages, and their actions. The rules are in `callboard_workspace`: nothing here decides
//! about a session.

pub mod actions;
pub mod backup;
pub mod bulk;
pub mod columns;
pub mod commit;
pub mod convert;
pub mod delayed;
pub mod drafts;
pub mod elements;
pub mod export;
mod follow;
pub mod import;
pub mod import_log;
pub mod last_export;
pub mod library;
pub mod listing;
pub mod live;
pub mod merge_sides;
pub mod new_session;
pub mod news;
pub mod notifications;
pub mod outcome;
pub mod page_host;
pub mod preferences;
pub mod production_report;
pub mod query;
pub mod report;
pub mod review;
mod save;
pub mod search;
pub mod session_rows;
pub mod status;
pub mod teach_drafts;
pub mod transfer;
pub mod unseen;
pub mod workspace;
