//! Where a word of explanation belongs: at the element that the pointer or the focus is on.
use super::dom::document;
use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, EventTarget};

/// The elements that have something to say: moments, and whatever says so.
const TIPPED: &str = "time[datetime], [data-tip]";

/// The id of the element that shows a tip.
pub const TIP: &str = "tip";

/// A tip, and where it belongs.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The moment, where it is one.
    pub moment: Option<String>,
    /// The words, where it is none.
    pub words: Option<String>,
    /// Pixels from the window's left edge.
    pub x: f64,
    /// Pixels from its upper edge.
    pub y: f64,
    /// The tip ends at `x`: it would leave the window to the right.
    pub flip: bool,
}

fn found(element: &Element) -> Found {
    let place = element.get_bounding_client_rect();
    let width = web_sys::window().and_then(|window| window.inner_width().ok()).and_then(|width| width.as_f64());
    let flip = place.left() > width.unwrap_or_default() / 2.0;
    Found {
        moment: element.get_attribute("datetime"),
        words: element.get_attribute("data-tip"),
        x: if flip { place.right() } else { place.left() },
        y: place.bottom(),
        flip,
    }
}

/// Whether the tip belongs to what has the focus: the pointer does not take it away.
fn describing() -> bool {
    let active = document().and_then(|page| page.active_element());
    active.is_some_and(|active| active.get_attribute("aria-describedby").as_deref() == Some(TIP))
}

/// Calls `on_tip` with what is to be said whenever the pointer or the focus comes to an element that has
/// something to say, and with nothing when it leaves. A row that has the focus says what its moment says.
pub fn watch(on_tip: impl Fn(Option<Found>) + Copy + 'static) {
    let element = |target: Option<EventTarget>| target.and_then(|target| target.dyn_into::<Element>().ok());
    window_event_listener(ev::focusin, move |event| {
        let Some(focused) = element(event.target()) else { return };
        let own = focused.matches(TIPPED).unwrap_or_default().then(|| focused.clone());
        let tipped = own.or_else(|| {
            let row = focused.matches(".row-link").ok()?.then(|| focused.closest(".row"))?.ok()??;
            row.query_selector("time[datetime]").ok()?
        });
        if tipped.is_some() {
            // An illegal value cannot be: nothing is lost.
            let _ = focused.set_attribute("aria-describedby", TIP);
        }
        on_tip(tipped.as_ref().map(found));
    });
    window_event_listener(ev::focusout, move |event| {
        if let Some(left) = element(event.target())
            && left.get_attribute("aria-describedby").as_deref() == Some(TIP)
        {
            let _ = left.remove_attribute("aria-describedby");
        }
        on_tip(None);
    });
    window_event_listener(ev::pointerover, move |event| {
        let Some(under) = element(event.target()) else { return };
        if under.closest(&format!("#{TIP}")).ok().flatten().is_some() {
            return;
        }
        if let Ok(Some(tipped)) = under.closest(TIPPED) {
            on_tip(Some(found(&tipped)));
        } else if !describing() {
            on_tip(None);
        }
    });
    window_event_listener(ev::keydown, move |event| {
        if event.key() == "Escape" {
            on_tip(None);
        }
    });
    // What is scrolled away leaves its tip behind.
    window_event_listener(ev::wheel, move |_| on_tip(None));
}
