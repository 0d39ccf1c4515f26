//! The loaded sessions and what is done with them. Plain types first; signals only in `workspace`.

pub mod edit;
pub mod entry;
pub mod fate;
pub mod hand_back;
pub mod record;
pub mod shelf;
pub mod summary;
pub mod workspace;
