//! Where a word of explanation belongs: at the element that the pointer or the focus is on.
use super::dom::document;
use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, EventTarget};

/// The elements that have something to say: moments, whatever says so, and words that may be cut.
const TIPPED: &str = "time[datetime], [data-tip], [data-cut]";

/// The id of the element that shows a tip.
pub const TIP: &str = "tip";

/// A tip, and where it belongs.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The moment, where it is one.
    pub moment: Option<String>,
    /// The words, where it is none.
    pub words: Option<String>,
    /// Pixels from the window's left edge, or from its right one.
    pub x: f64,
    /// Pixels from its upper edge.
    pub y: f64,
    /// `x` is where the tip ends, from the right: it would leave the window on that side.
    pub flip: bool,
}

/// The whole of words that end early for want of room.
fn cut(element: &Element) -> Option<String> {
    let is_cut = element.has_attribute("data-cut") && element.scroll_width() > element.client_width();
    is_cut.then(|| element.text_content()).flatten()
}

/// What an element has to say, where it has.
fn found(element: &Element) -> Option<Found> {
    let words = element.get_attribute("data-tip").or_else(|| cut(element));
    let moment = element.get_attribute("datetime");
    if words.is_none() && moment.is_none() {
        return None;
    }
    let place = element.get_bounding_client_rect();
    let width = web_sys::window()?.inner_width().ok()?.as_f64()?;
    let flip = place.left() > width / 2.0;
    Some(Found { moment, words, x: if flip { width - place.right() } else { place.left() }, y: place.bottom(), flip })
}

/// What a row that has the focus says: its words where they are cut, why what it does not know is unknown, and its
/// moment. To a keyboard the row is one thing, and what is in it is told with it.
fn of_row(focused: &Element) -> Option<Found> {
    let row = focused.matches(".row-link").ok()?.then(|| focused.closest(".row"))?.ok()??;
    let all = row.query_selector_all("[data-cut], [data-tip]").ok()?;
    let elements = (0..all.length()).filter_map(|at| all.item(at)?.dyn_into::<Element>().ok());
    let said: Vec<Found> = elements.filter_map(|element| found(&element)).collect();
    let moment = row.query_selector("time[datetime]").ok()?.as_ref().and_then(found);
    let words: Vec<String> = said.iter().filter_map(|found| found.words.clone()).collect();
    let words = Some(words.join(" ")).filter(|words| !words.is_empty());
    let place = said.into_iter().next().or_else(|| moment.clone())?;
    Some(Found { words, moment: moment.and_then(|moment| moment.moment), ..place })
}

/// Whether the tip belongs to what has the focus: the pointer does not take it away.
fn describing() -> bool {
    let active = document().and_then(|page| page.active_element());
    active.is_some_and(|active| active.get_attribute("aria-describedby").as_deref() == Some(TIP))
}

/// Calls `on_tip` with what is to be said whenever the pointer or the focus comes to an element that has
/// something to say, and with nothing when it leaves. A row that has the focus says what is in it.
pub fn watch(on_tip: impl Fn(Option<Found>) + Copy + 'static) {
    let element = |target: Option<EventTarget>| target.and_then(|target| target.dyn_into::<Element>().ok());
    // What was pointed at, and by what kind of pointer, is said until something else is: a finger that points takes the
    // focus away too. Nor does a mouse take it away that rests somewhere else, and below which the page has changed.
    let pointed = StoredValue::new(None::<String>);
    let pointed_by_another = move |pointer: &str| pointed.with_value(|by| by.as_ref().is_some_and(|by| by != pointer));
    let hide = move || {
        pointed.set_value(None);
        on_tip(None);
    };
    window_event_listener(ev::focusin, move |event| {
        let Some(focused) = element(event.target()) else { return };
        let own = focused.matches(TIPPED).unwrap_or_default().then(|| found(&focused)).flatten();
        let tip = own.or_else(|| of_row(&focused));
        if tip.is_some() {
            // An illegal value cannot be: nothing is lost.
            let _ = focused.set_attribute("aria-describedby", TIP);
            pointed.set_value(None);
        }
        if pointed.with_value(Option::is_none) {
            on_tip(tip);
        }
    });
    window_event_listener(ev::focusout, move |event| {
        if let Some(left) = element(event.target())
            && left.get_attribute("aria-describedby").as_deref() == Some(TIP)
        {
            let _ = left.remove_attribute("aria-describedby");
        }
        if pointed.with_value(Option::is_none) {
            on_tip(None);
        }
    });
    window_event_listener(ev::pointerover, move |event| {
        let Some(under) = element(event.target()) else { return };
        if under.closest(&format!("#{TIP}")).ok().flatten().is_some() {
            return;
        }
        let tip = under.closest(TIPPED).ok().flatten().as_ref().and_then(found);
        if tip.is_some() {
            pointed.set_value(Some(event.pointer_type()));
            on_tip(tip);
        } else if !describing() && !pointed_by_another(&event.pointer_type()) {
            hide();
        }
    });
    window_event_listener(ev::pointerdown, move |event| {
        if pointed_by_another(&event.pointer_type()) {
            hide();
        }
    });
    window_event_listener(ev::keydown, move |event| {
        if event.key() == "Escape" {
            hide();
        }
    });
    // What is scrolled away, by a wheel or by a finger, leaves its tip behind.
    window_event_listener(ev::wheel, move |_| hide());
    window_event_listener(ev::pointercancel, move |_| hide());
    window_event_listener(ev::hashchange, move |_| hide());
}
