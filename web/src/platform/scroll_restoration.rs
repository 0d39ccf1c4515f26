//! Scroll restoration: going back to a page restores its scroll offset and focused row.
//!
//! The browser cannot do it, as the page scrolls inside the window and is rendered anew for each address.
use super::record_codec::new_stamp;
use super::{dom, focus};
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use web_sys::History;

/// Number of history entries that are remembered.
const MAX_ENTRIES: usize = 100;

/// Number of frames to wait for a page that renders gradually.
const MAX_FRAMES: u32 = 30;

/// The position on a page that was left.
#[derive(Clone, Debug, PartialEq)]
struct Position {
    /// Id of the history entry, stored in its state.
    step: f64,
    scrolled: i32,
    /// Id of the session whose row had the focus.
    session: Option<String>,
}

#[derive(Debug, Default)]
struct Memory {
    here: f64,
    positions: Vec<Position>,
    /// The position to restore on the current page.
    target: Option<Position>,
}

/// Remembers the position on each visited page.
#[derive(Clone, Copy, Debug)]
pub struct ScrollRestoration(StoredValue<Memory>);

impl ScrollRestoration {
    /// Starts at the current page.
    pub fn begin() -> Self {
        let restoration = Self(StoredValue::new(Memory::default()));
        restoration.0.update_value(|memory| memory.here = current_step().unwrap_or_else(begin_step));
        restoration
    }

    /// Saves the position before a page is replaced; called when the address has changed.
    pub fn save(self) {
        let here = self.0.with_value(|memory| memory.here);
        let next = current_step();
        if next == Some(here) {
            // The address was replaced without a new entry.
            return;
        }
        let position = Position { step: here, scrolled: dom::scrolled(), session: dom::focused_row("session") };
        self.0.update_value(|memory| {
            memory.positions.retain(|other| other.step != here);
            memory.positions.push(position);
            if memory.positions.len() > MAX_ENTRIES {
                memory.positions.remove(0);
            }
            memory.target =
                next.and_then(|next| memory.positions.iter().find(|position| position.step == next).cloned());
            memory.here = next.unwrap_or_else(begin_step);
        });
    }

    /// Restores the position on a revisited page, or scrolls to the top of a new one; called when the page has
    /// changed.
    pub fn restore(self) {
        let mut target = None;
        self.0.update_value(|memory| target = memory.target.take());
        match target {
            Some(position) => dom::after_render(move || self.scroll_to_position(position, MAX_FRAMES)),
            None => {
                dom::scroll_to(0);
                focus_heading();
            }
        }
    }

    /// Retries in the next frame until the page is high enough and the row exists, unless the user has moved on. A
    /// field being typed in keeps the focus.
    fn scroll_to_position(self, position: Position, frames: u32) {
        dom::scroll_to(position.scrolled);
        let give = |session| dom::is_typing() || focus::give_to_row("session", session);
        let found = position.session.as_deref().is_some_and(give);
        let done = dom::scrolled() == position.scrolled && (found || position.session.is_none());
        match frames.checked_sub(1).filter(|_| !done) {
            Some(frames) => {
                let holder = dom::focused_element();
                request_animation_frame(move || {
                    let here = self.0.with_value(|memory| memory.here);
                    if here == position.step && dom::focused_element() == holder {
                        self.scroll_to_position(position, frames);
                    }
                });
            }
            None if !found => focus_heading(),
            None => {}
        }
    }
}

/// Focuses the heading for screen readers, unless the user is typing.
fn focus_heading() {
    dom::after_render(|| {
        if !dom::is_typing() {
            dom::focus("main h1");
        }
    });
}

fn history() -> Option<History> {
    web_sys::window()?.history().ok()
}

/// Returns the id of the current history entry; `None` for a new one.
fn current_step() -> Option<f64> {
    history()?.state().ok()?.as_f64()
}

/// Gives the current history entry an id.
#[allow(clippy::cast_precision_loss)]
fn begin_step() -> f64 {
    let step = new_stamp() as f64;
    if let Some(history) = history() {
        // Browsers refuse more than some hundred changes in half a minute; this entry then restores nothing.
        let _ = history.replace_state(&JsValue::from(step), "");
    }
    step
}
