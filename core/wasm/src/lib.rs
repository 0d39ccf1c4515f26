//! JavaScript exports of the core: thin classes that decide nothing.
//!
//! The package's own `session.js` wraps them. It makes real errors of the JSON texts, with `code` and `message`, that are
//! thrown here.

mod convert;
#[cfg(feature = "import")]
pub mod import;
mod memory;
#[cfg(feature = "session")]
mod reports;
#[cfg(feature = "session")]
pub mod session;
