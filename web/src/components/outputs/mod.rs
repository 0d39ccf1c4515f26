//! The outputs of a session: a list by stage, and beside the timeline the one that is open.

pub mod list;
pub mod markdown;
pub mod markdown_view;
pub mod reader;
pub mod reading;
