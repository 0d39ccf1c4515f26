//! The parts of the page of a session that is only read.

pub mod address;
pub mod convert;
pub mod file_text;
pub mod files;
pub mod head;
pub mod own;
pub mod remarks;
pub mod resume;
pub mod scores;
pub mod source;
pub mod stage_timeline;
pub mod stages;
