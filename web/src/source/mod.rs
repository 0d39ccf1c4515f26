//! Sources of sessions and of the files that they name.

pub mod output;
