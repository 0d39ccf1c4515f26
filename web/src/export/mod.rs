//! Formats exports as text or bytes. Pure; downloads are in `platform`.

pub mod export_file;
pub mod file_change;
pub mod message;
pub mod path;
pub mod prepared;
pub mod report;
pub mod zip;
