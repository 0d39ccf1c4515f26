//! See `core/tests/support/probe.rs`. `core/tests/fuzz.rs` replays inputs that once failed.
#![no_main]

#[path = "../../tests/support/probe.rs"]
#[allow(dead_code, reason = "each target uses its own part of this")]
mod probe;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| probe::merges(bytes));
