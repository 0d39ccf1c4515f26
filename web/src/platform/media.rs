//! Players of sound and film.
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlMediaElement};

/// Returns the length in seconds that a player's event announces; `None` while it is unknown, as of a live stream.
pub fn length(event: &Event) -> Option<f64> {
    let player: HtmlMediaElement = event.target()?.dyn_into().ok()?;
    Some(player.duration()).filter(|seconds| seconds.is_finite())
}
