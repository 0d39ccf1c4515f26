//! The pages of the app.

pub mod changes;
pub mod dashboard;
pub mod dashboard_address;
pub mod import;
pub mod imported_session;
pub mod new_session;
pub mod report;
pub mod schedule;
pub mod session;
pub mod session_beside;
pub mod sessions;
pub mod settings;
pub mod teach;
pub mod timeline;
pub mod unknown;
pub mod welcome;
pub mod when_loaded;
