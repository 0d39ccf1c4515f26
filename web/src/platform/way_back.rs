//! The way back: whoever goes back to a page is where they were on it.
//!
//! The page scrolls inside the window and is drawn anew at each place, so the browser restores nothing by itself.
use super::record_codec::new_stamp;
use super::{dom, focus};
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use web_sys::History;

/// So many places are remembered: more than anybody goes back.
const REMEMBERED: usize = 100;

/// How many frames a page is waited for that is drawn bit by bit.
const PATIENCE: u32 = 30;

/// Where on a page somebody was when they left it.
#[derive(Clone, Debug, PartialEq)]
struct Left {
    /// Which step of the browser's history it was, as that step itself says.
    step: f64,
    scrolled: i32,
    /// The session whose row had the focus.
    session: Option<String>,
}

#[derive(Debug, Default)]
struct Memory {
    here: f64,
    left: Vec<Left>,
    /// Where somebody was on the page that is shown now, when they come back to it.
    back_at: Option<Left>,
}

/// Remembers where on each page one was.
#[derive(Clone, Copy, Debug)]
pub struct WayBack(StoredValue<Memory>);

impl WayBack {
    /// Begins at the page that is shown.
    pub fn begin() -> Self {
        let way = Self(StoredValue::new(Memory::default()));
        way.0.update_value(|memory| memory.here = step_here().unwrap_or_else(begin_step));
        way
    }

    /// The address has changed, the page not yet.
    pub fn moved(self) {
        let here = self.0.with_value(|memory| memory.here);
        let next = step_here();
        if next == Some(here) {
            // The address was written over in its place.
            return;
        }
        let left = Left { step: here, scrolled: dom::scrolled(), session: dom::focused_row("session") };
        self.0.update_value(|memory| {
            memory.left.retain(|other| other.step != here);
            memory.left.push(left);
            if memory.left.len() > REMEMBERED {
                memory.left.remove(0);
            }
            memory.back_at = next.and_then(|next| memory.left.iter().find(|left| left.step == next).cloned());
            memory.here = next.unwrap_or_else(begin_step);
        });
    }

    /// The page has changed too: to where one was on it, or to its beginning where one comes anew.
    pub fn arrive(self) {
        let mut back_at = None;
        self.0.update_value(|memory| back_at = memory.back_at.take());
        match back_at {
            Some(left) => dom::once_drawn(move || self.go_on_from(left, PATIENCE)),
            None => {
                dom::scroll_to(0);
                begin_reading();
            }
        }
    }

    /// Tries again in the next frame as long as the page is not high enough or the row not there, unless somebody has
    /// gone on by then: to another page, or to something else on this one. Who types keeps the focus.
    fn go_on_from(self, left: Left, patience: u32) {
        dom::scroll_to(left.scrolled);
        let give = |session| dom::is_typing() || focus::give_to_row("session", session);
        let found = left.session.as_deref().is_some_and(give);
        let done = dom::scrolled() == left.scrolled && (found || left.session.is_none());
        match patience.checked_sub(1).filter(|_| !done) {
            Some(patience) => {
                let holder = dom::focus_holder();
                request_animation_frame(move || {
                    let here = self.0.with_value(|memory| memory.here);
                    if here == left.step && dom::focus_holder() == holder {
                        self.go_on_from(left, patience);
                    }
                });
            }
            None if !found => begin_reading(),
            None => {}
        }
    }
}

/// Who reads by ear hears where they have come to; who types a search goes on typing.
fn begin_reading() {
    dom::once_drawn(|| {
        if !dom::is_typing() {
            dom::focus("main h1");
        }
    });
}

fn history() -> Option<History> {
    web_sys::window()?.history().ok()
}

/// What the browser's present step says it is; nothing where it is new.
fn step_here() -> Option<f64> {
    history()?.state().ok()?.as_f64()
}

/// Gives the browser's present step a name of its own.
#[allow(clippy::cast_precision_loss)]
fn begin_step() -> f64 {
    let step = new_stamp() as f64;
    if let Some(history) = history() {
        // Browsers refuse more than some hundred in half a minute: then this step begins at its top again.
        let _ = history.replace_state(&JsValue::from(step), "");
    }
    step
}
