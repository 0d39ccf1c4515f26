//! The Callboard app: loads dropped session files, shows them, applies events by the core's rules, exports the
//! changes.
//!
//! `callboard_core` decides everything about sessions and [`platform`] wraps the browser; components neither parse
//! files nor decide what is allowed.

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
pub mod source;
pub mod store;
pub mod timeline_address;
pub mod typed;
pub mod zone_names;
