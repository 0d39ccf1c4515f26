//! Tooltips of the element under the pointer or with the focus.
use super::dom::document;
use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, EventTarget};

/// Selects elements that have a tip: times, explanations, and text that may be truncated.
const TIPPED: &str = "time[datetime], [data-tip], [data-cut]";

/// Height in pixels below an element that is enough for any tip.
const LOW: f64 = 140.0;

/// Selects buttons whose only effect is their tip.
const HELP: &str = ".help";

/// Id of the tooltip element.
pub const TIP: &str = "tip";

/// A tip and its position.
#[derive(Clone, Debug, PartialEq)]
pub struct TipContent {
    /// The text, if any.
    pub words: Option<String>,
    /// Times of the element, each with a word before it that may be empty.
    pub moments: Vec<(String, String)>,
    /// Pixels from the window's left edge, or from its right edge if `flip`.
    pub x: f64,
    /// Pixels from the window's upper edge, or from its lower edge if `above`.
    pub y: f64,
    /// True if the tip is above its element, as there is more space.
    pub above: bool,
    /// True if the tip is aligned to the right, as it would not fit on that side.
    pub flip: bool,
}

/// Returns the full text of a truncated element.
fn cut(element: &Element) -> Option<String> {
    let is_cut = element.has_attribute("data-cut") && element.scroll_width() > element.client_width();
    is_cut.then(|| element.text_content()).flatten()
}

/// Returns the tip of an element. The words of a time go before it.
fn found(element: &Element) -> Option<TipContent> {
    let words = element.get_attribute("data-tip").or_else(|| cut(element));
    let (words, moments) = match element.get_attribute("datetime") {
        Some(moment) => (None, vec![(words.unwrap_or_default(), moment)]),
        None => (words, Vec::new()),
    };
    if words.is_none() && moments.is_empty() {
        return None;
    }
    let place = element.get_bounding_client_rect();
    // A hidden column has no tip.
    if place.width() == 0.0 {
        return None;
    }
    let window = web_sys::window()?;
    let (width, height) = (window.inner_width().ok()?.as_f64()?, window.inner_height().ok()?.as_f64()?);
    let flip = place.left() > width / 2.0;
    let above = place.bottom() > height - LOW && place.top() > height - place.bottom();
    Some(TipContent {
        words,
        moments,
        x: if flip { width - place.right() } else { place.left() },
        y: if above { height - place.top() } else { place.bottom() },
        above,
        flip,
    })
}

/// Returns the tip of a focused row: its truncated texts, its explanations and its times. A row takes the focus as a
/// whole, so its tip covers its content.
fn of_row(focused: &Element) -> Option<TipContent> {
    let row = focused.matches(".row-link").ok()?.then(|| focused.closest(".row"))?.ok()??;
    let all = row.query_selector_all(TIPPED).ok()?;
    let elements = (0..all.length()).filter_map(|at| all.item(at)?.dyn_into::<Element>().ok());
    let tips: Vec<TipContent> = elements.filter_map(|element| found(&element)).collect();
    let words: Vec<String> = tips.iter().filter_map(|found| found.words.clone()).collect();
    let words = Some(words.join(" ")).filter(|words| !words.is_empty());
    let moments = tips.iter().flat_map(|found| found.moments.clone()).collect();
    Some(TipContent { words, moments, ..tips.into_iter().next()? })
}

/// Returns true if the tip belongs to the focused element, so that the pointer does not hide it.
fn describing() -> bool {
    let active = document().and_then(|page| page.active_element());
    active.is_some_and(|active| active.get_attribute("aria-describedby").as_deref() == Some(TIP))
}

/// Calls `on_tip` when the pointer or the focus enters an element with a tip, and with `None` when it leaves.
pub fn watch(on_tip: impl Fn(Option<TipContent>) + Copy + 'static) {
    let element = |target: Option<EventTarget>| target.and_then(|target| target.dyn_into::<Element>().ok());
    // The tip of a pointer stays until the same kind of pointer goes elsewhere: touching removes the focus, and a
    // resting mouse must not hide the tip when the page changes below it.
    let pointed = StoredValue::new(None::<String>);
    let pointed_by_another = move |pointer: &str| pointed.with_value(|by| by.as_ref().is_some_and(|by| by != pointer));
    let hide = move || {
        pointed.set_value(None);
        on_tip(None);
    };
    window_event_listener(ev::focusin, move |event| {
        let Some(focused) = element(event.target()) else { return };
        // Walking through rows shows no tips, which would cover the next ones.
        if super::dom::is_stepping() {
            if pointed.with_value(Option::is_none) {
                on_tip(None);
            }
            return;
        }
        let own = focused.matches(TIPPED).unwrap_or_default().then(|| found(&focused)).flatten();
        let tip = own.or_else(|| of_row(&focused));
        if tip.is_some() {
            // Fails only for an invalid attribute name.
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
    // A press shows the tip again after it was hidden.
    window_event_listener(ev::click, move |event| {
        let pressed = element(event.target()).and_then(|pressed| pressed.closest(HELP).ok().flatten());
        if let Some(tip) = pressed.as_ref().and_then(found) {
            on_tip(Some(tip));
        }
    });
    window_event_listener(ev::keydown, move |event| {
        if event.key() == "Escape" {
            hide();
        }
    });
    // Scrolling moves the element away from its tip.
    window_event_listener(ev::wheel, move |_| hide());
    window_event_listener(ev::pointercancel, move |_| hide());
    window_event_listener(ev::hashchange, move |_| hide());
}
