//! The Callboard app: sessions dropped on a page, seen, moved on by the core's rules, handed back.
//!
//! Anything about sessions is asked of `callboard_core`; anything about the browser is in
//! [`platform`]; a component neither parses a file nor decides what is allowed.

pub mod app;
pub mod arc_eq;
pub mod components;
pub mod export;
pub mod figures;
pub mod format;
pub mod keys;
pub mod order;
pub mod pages;
pub mod platform;
pub mod route;
pub mod samples;
pub mod session_address;
pub mod store;
