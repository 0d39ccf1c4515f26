//! What is handed out, as text or bytes. Pure: the browser's part is in `platform`.

pub mod message;
pub mod outgoing;
pub mod path;
pub mod report;
pub mod zip;
