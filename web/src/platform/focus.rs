//! The focus across a page that is drawn anew: who types goes on typing, in the same place.
use super::dom::document;
use leptos::prelude::request_animation_frame;
use wasm_bindgen::JsCast;
use web_sys::{Element, FocusOptions, HtmlElement, HtmlInputElement, HtmlTextAreaElement};

/// What had the focus: its id, what was selected in it, how far it was scrolled.
#[derive(Clone, Debug)]
pub struct Held {
    id: String,
    selected: Option<(u32, u32)>,
    scrolled: (i32, i32),
}

/// What has the focus now, where that has an id by which it is found again.
pub fn held() -> Option<Held> {
    let active = document()?.active_element()?;
    let id = Some(active.id()).filter(|id| !id.is_empty())?;
    let selected = match (active.dyn_ref::<HtmlTextAreaElement>(), active.dyn_ref::<HtmlInputElement>()) {
        (Some(area), _) => area.selection_start().ok().flatten().zip(area.selection_end().ok().flatten()),
        // A field without text (a box to tick) throws here, and has nothing selected.
        (_, Some(field)) => field.selection_start().ok().flatten().zip(field.selection_end().ok().flatten()),
        _ => None,
    };
    Some(Held { id, selected, scrolled: (active.scroll_left(), active.scroll_top()) })
}

/// After what is being drawn has been drawn: where nothing has the focus any more, gives it back to what held
/// it, else to the first element that matches and is seen; without scrolling there.
pub fn give_back_soon(held: Option<Held>, otherwise: &'static str) {
    request_animation_frame(move || {
        let Some(document) = document() else { return };
        let body = document.body();
        let lost = match document.active_element() {
            None => true,
            Some(active) => body.is_some_and(|body| active.is_same_node(Some(&body))),
        };
        if !lost {
            return;
        }
        let same = held.as_ref().and_then(|held| Some((held, document.get_element_by_id(&held.id)?)));
        if let Some((held, element)) = same.filter(|(_, element)| is_seen(element)) {
            take(&element);
            select(&element, held);
        } else if let Ok(found) = document.query_selector_all(otherwise)
            && let Some(element) =
                (0..found.length()).filter_map(|at| found.item(at)?.dyn_into::<Element>().ok()).find(is_seen)
        {
            take(&element);
        }
    });
}

fn is_seen(element: &Element) -> bool {
    let place = element.get_bounding_client_rect();
    place.width() > 0.0 && place.height() > 0.0
}

fn take(element: &Element) {
    let options = FocusOptions::new();
    options.set_prevent_scroll(true);
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        // An element that left the page in the meantime cannot take the focus; nothing is lost.
        let _ = element.focus_with_options(&options);
    }
}

fn select(element: &Element, held: &Held) {
    if let Some((from, to)) = held.selected {
        // Refused only by a field without text, of which nothing was held.
        let _ = match (element.dyn_ref::<HtmlTextAreaElement>(), element.dyn_ref::<HtmlInputElement>()) {
            (Some(area), _) => area.set_selection_range(from, to),
            (_, Some(field)) => field.set_selection_range(from, to),
            _ => Ok(()),
        };
    }
    element.set_scroll_left(held.scrolled.0);
    element.set_scroll_top(held.scrolled.1);
}
