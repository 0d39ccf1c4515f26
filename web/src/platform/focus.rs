//! The focus where what had it is gone: in rows that are drawn anew, after what closed itself.
use super::dom::{document, once_drawn};
use wasm_bindgen::JsCast;
use web_sys::{Element, FocusOptions, HtmlElement};

/// Once what is being drawn has been drawn: where nothing has the focus, gives it to the first element that matches and
/// is seen; without scrolling there.
pub fn give_soon(selector: &'static str) {
    once_drawn(move || {
        let Some(document) = document().filter(|_| is_nowhere()) else { return };
        if let Ok(found) = document.query_selector_all(selector)
            && let Some(element) =
                (0..found.length()).filter_map(|at| found.item(at)?.dyn_into::<Element>().ok()).find(is_seen)
        {
            take(&element);
        }
    });
}

/// The way from a list's row down to an element: each step is an index among the children.
pub(super) type Path = Vec<u32>;

/// The child of `body` that holds the focus, and the path from there to the focused element.
pub(super) fn path_in(body: &Element) -> Option<(Element, Path)> {
    let mut element = document()?.active_element()?;
    if !body.contains(Some(&element)) {
        return None;
    }
    let mut path = Vec::new();
    loop {
        let parent = element.parent_element()?;
        if parent.is_same_node(Some(body)) {
            break;
        }
        let before = std::iter::successors(element.previous_element_sibling(), Element::previous_element_sibling);
        path.push(u32::try_from(before.count()).ok()?);
        element = parent;
    }
    path.reverse();
    Some((element, path))
}

/// Gives the focus to the element at `path` of a row, without scrolling there. Where there is none, takes the focus
/// from whatever has it in `body`, and returns `false`.
pub(super) fn give_within(body: &Element, row: Option<Element>, path: &[u32]) -> bool {
    let element = row.and_then(|row| path.iter().try_fold(row, |element, at| element.children().item(*at)));
    if let Some(element) = &element {
        if !has_focus(element) {
            take(element);
        }
    } else if let Some(active) =
        document().and_then(|document| document.active_element()).filter(|active| body.contains(Some(active)))
        && let Ok(active) = active.dyn_into::<HtmlElement>()
    {
        // An element that left the page in the meantime has no focus to give up.
        let _ = active.blur();
    }
    element.is_some()
}

/// Gives the focus to the link of the row that is about this, without scrolling there; `false` where there is none.
pub(super) fn give_to_row(name: &str, value: &str) -> bool {
    let links = super::dom::all_about(name, value).into_iter();
    let link = links.filter_map(|row| row.query_selector(".row-link").ok().flatten()).next();
    if let Some(link) = &link {
        take(link);
    }
    link.is_some()
}

/// Whether nothing on the page has the focus.
pub(super) fn is_nowhere() -> bool {
    let Some(document) = document() else { return false };
    let body = document.body();
    document.active_element().is_none_or(|active| body.is_some_and(|body| active.is_same_node(Some(&body))))
}

/// Whether this element has the focus.
fn has_focus(element: &Element) -> bool {
    document().and_then(|document| document.active_element()).is_some_and(|active| active.is_same_node(Some(element)))
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
