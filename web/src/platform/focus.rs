//! Restores the focus after its element was replaced or closed.
use super::dom::{after_render, document};
use wasm_bindgen::JsCast;
use web_sys::{Element, FocusOptions, HtmlElement};

/// Focuses the first visible match after rendering if nothing has the focus, without scrolling.
pub fn focus_if_lost(selector: impl AsRef<str> + 'static) {
    after_render(move || {
        let Some(document) = document().filter(|_| is_nowhere()) else { return };
        if let Ok(found) = document.query_selector_all(selector.as_ref())
            && let Some(element) =
                (0..found.length()).filter_map(|at| found.item(at)?.dyn_into::<Element>().ok()).find(is_seen)
        {
            take(&element);
        }
    });
}

/// Indices of children that lead from a list's row to an element.
pub(super) type Path = Vec<u32>;

/// Returns the child of `body` that contains the focus, and the path from it to the focused element.
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

/// Focuses the element at `path` in a row without scrolling. Without such an element, removes the focus from `body`
/// and returns false.
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
        // An element that left the page meanwhile has no focus.
        let _ = active.blur();
    }
    element.is_some()
}

/// Focuses the link of a row by its `data-{name}` attribute, without scrolling; returns false if there is none.
pub(super) fn give_to_row(name: &str, value: &str) -> bool {
    let links = super::dom::all_with_data(name, value).into_iter();
    let link = links.filter_map(|row| row.query_selector(".row-link").ok().flatten()).next();
    if let Some(link) = &link {
        take(link);
    }
    link.is_some()
}

/// Returns true if no element has the focus.
pub(super) fn is_nowhere() -> bool {
    let Some(document) = document() else { return false };
    let body = document.body();
    document.active_element().is_none_or(|active| body.is_some_and(|body| active.is_same_node(Some(&body))))
}

/// Returns true if this element has the focus.
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
        // An element that left the page meanwhile cannot take the focus.
        let _ = element.focus_with_options(&options);
    }
}
