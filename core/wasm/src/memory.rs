//! Memory: what has no room is refused before it is begun.
//!
//! An allocation that fails ends in a trap, which would leave a session behind that nobody can use any more. So each
//! step that needs much asks first, by an allocation that may fail, and leaves a reserve for all that needs little.

use crate::convert::Thrown;
use wasm_bindgen::JsValue;

/// Bytes that stay free for what does not ask.
const RESERVE: usize = 8 << 20;

/// Bytes of a text whose values are not counted before it is read: it may be of nothing but brackets.
const SMALL: usize = 64 << 10;

/// Bytes of memory for each value of a text, while the list of them grows: its old place and the new one of twice the
/// size.
const PER_VALUE: usize = 3 * 24;

/// Bytes of memory for each byte of a session's text that a step takes which makes another text of it, or a list of
/// what is in it.
const PER_BYTE: usize = 8;

/// Bytes of memory for each session of a dashboard, and the text it makes of it.
pub(crate) const PER_ROW: usize = 2048;

/// Throws `out_of_memory` where so many bytes, and the reserve, cannot be had.
pub(crate) fn assert_room(bytes: usize) -> Result<(), JsValue> {
    let mut room: Vec<u8> = Vec::new();
    room.try_reserve_exact(bytes.saturating_add(RESERVE)).map_err(|_| Thrown::out_of_memory())
}

/// Throws where so many bytes cannot be had from the reserve, half of which stays free: for what is asked of all sessions
/// that are held when there is no room for more of them.
pub(crate) fn assert_room_in_reserve(bytes: usize) -> Result<(), JsValue> {
    let mut room: Vec<u8> = Vec::new();
    room.try_reserve_exact(bytes.saturating_add(RESERVE / 2)).map_err(|_| Thrown::out_of_memory())
}

/// Throws where there is no room to read a text.
pub(crate) fn assert_room_to_read(text: &[u8]) -> Result<(), JsValue> {
    let values = if text.len() <= SMALL {
        text.len() / 2
    } else {
        text.iter().filter(|byte| matches!(byte, b',' | b':' | b'[' | b'{')).count() + 1
    };
    assert_room(values.saturating_mul(PER_VALUE).saturating_add(text.len().saturating_mul(2)))
}

/// Throws where there is no room to make another text, or a list, of a session's.
pub(crate) fn assert_room_to_change(text: &str) -> Result<(), JsValue> {
    assert_room(text.len().saturating_mul(PER_BYTE))
}
