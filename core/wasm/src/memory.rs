//! Memory checks: a step without enough room is refused before it begins.
//!
//! A failed allocation ends in a trap, which would leave an unusable session behind. So each step that needs much memory
//! asks for it first, by an allocation that may fail, and leaves a reserve for the steps that need little.

use crate::convert::Thrown;
use wasm_bindgen::JsValue;

/// Bytes that stay free for steps that do not ask.
const RESERVE: usize = 8 << 20;

/// Size in bytes up to which a text's values are not counted before it is read: it may hold nothing but brackets.
const SMALL: usize = 64 << 10;

/// Bytes of memory for each value of a text, while the list of values moves to a place of twice the size.
const PER_VALUE: usize = 3 * 24;

/// Bytes of memory for each byte of a session's text, for a step that makes another text of it or lists its contents.
#[cfg(feature = "session")]
const PER_BYTE: usize = 8;

/// Bytes of memory for each session of a dashboard, and its row in the result.
#[cfg(feature = "session")]
pub(crate) const PER_ROW: usize = 2048;

/// Throws `out_of_memory` if there is no room for so many bytes besides the reserve.
pub(crate) fn assert_room(bytes: usize) -> Result<(), JsValue> {
    let mut room: Vec<u8> = Vec::new();
    room.try_reserve_exact(bytes.saturating_add(RESERVE)).map_err(|_| Thrown::out_of_memory())
}

/// Throws if there is no room for so many bytes besides half of the reserve. For questions about all open sessions, which
/// must work even when there is no room for another one.
#[cfg(feature = "session")]
pub(crate) fn assert_room_in_reserve(bytes: usize) -> Result<(), JsValue> {
    let mut room: Vec<u8> = Vec::new();
    room.try_reserve_exact(bytes.saturating_add(RESERVE / 2)).map_err(|_| Thrown::out_of_memory())
}

/// Throws if there is no room to read a text.
pub(crate) fn assert_room_to_read(text: &[u8]) -> Result<(), JsValue> {
    let values = if text.len() <= SMALL {
        text.len() / 2
    } else {
        text.iter().filter(|byte| matches!(byte, b',' | b':' | b'[' | b'{')).count() + 1
    };
    assert_room(values.saturating_mul(PER_VALUE).saturating_add(text.len().saturating_mul(2)))
}

/// Throws if there is no room to change a session's text or list its contents.
#[cfg(feature = "session")]
pub(crate) fn assert_room_to_change(text: &str) -> Result<(), JsValue> {
    assert_room(text.len().saturating_mul(PER_BYTE))
}
