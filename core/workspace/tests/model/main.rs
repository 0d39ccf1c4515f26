//! The model's tests: what arrives, decisions, the stored form, and the store's commit.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod arrivals;
mod change_log;
mod conflicts;
mod encoding;
mod export;
mod merge_sides;
mod outputs;
mod planning;
mod rebase;
mod reconcile;
mod schedule;
mod store;
mod stored_record;
mod support;
mod versions;
