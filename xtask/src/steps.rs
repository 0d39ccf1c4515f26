//! The commands, one per module.

pub(crate) mod bench;
pub(crate) mod dev;
pub(crate) mod generate;
pub(crate) mod lanes;
pub(crate) mod pack;
pub(crate) mod serve;
pub(crate) mod suite;
pub(crate) mod test;
