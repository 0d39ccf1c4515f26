//! Virtual scrolling: computes the rows of a long list that must be rendered.
use leptos::html::ElementType;
use leptos::prelude::*;
use std::ops::Range;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{AddEventListenerOptions, Element, ResizeObserver, ResizeObserverBoxOptions, ResizeObserverOptions};

/// Number of rows rendered beyond each edge of the view, so that a small scroll finds them.
const BEYOND: usize = 4;

/// Number of rows by which the range moves at a time.
const STEP: usize = 2;

/// Measurements in CSS pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Geometry {
    /// Distance from the list's top to the view's top.
    above: f64,
    /// Height of the view.
    height: f64,
    /// Height of a row.
    row: f64,
}

/// Returns the range of rows to render in a list of `count` rows.
///
/// `body` holds the rows; its style sets the height of each (`--list-row`). The nearest `[data-scroller]` ancestor
/// scrolls and wraps its content in one element, so that any change above the list resizes an element between the
/// two, which is observed.
pub fn rows_in_view<E>(body: NodeRef<E>, count: Signal<usize>) -> VisibleRows
where
    E: ElementType,
    E::Output: JsCast + Clone + 'static,
{
    let geometry = RwSignal::new(Geometry { above: 0.0, height: 900.0, row: 32.0 });
    let update = move |read: fn(&Element, Geometry) -> Option<Geometry>| {
        let Some(element) = body.try_get_untracked().flatten() else { return };
        let element: Element = element.unchecked_into();
        if let Some(before) = geometry.try_get_untracked()
            && let Some(measured) = read(&element, before)
            && measured != before
        {
            geometry.set(measured);
        }
    };
    // Scrolling reads only the position, and changed rows read nothing: otherwise the browser would lay out the
    // page twice per frame.
    let scrolled = move || update(scrolled_to);
    let measure = move || update(measured);
    let resized = move || {
        let before = geometry.try_get_untracked();
        let now = body.try_get_untracked().flatten().zip(before);
        let now = now.and_then(|(body, before)| measured(body.unchecked_ref(), before));
        match (now, before) {
            // Rows of another height resize the list itself. That waits for the next frame, as observers must not
            // resize their elements.
            (Some(now), Some(before)) if now.row != before.row => request_animation_frame(measure),
            (Some(now), Some(before)) if now != before => geometry.set(now),
            _ => {}
        }
    };
    Effect::new(move |_| {
        let Some(element) = body.get() else { return };
        let element: Element = element.unchecked_into();
        let Some(scroller) = scroller(&element) else { return };
        request_animation_frame(measure);
        let on_scroll = Closure::<dyn Fn()>::new(scrolled);
        let options = AddEventListenerOptions::new();
        options.set_passive(true);
        let listener = on_scroll.as_ref().unchecked_ref();
        // Fails only for an invalid option.
        let _ = scroller.add_event_listener_with_callback_and_add_event_listener_options("scroll", listener, &options);
        let on_resize = Closure::<dyn Fn()>::new(resized);
        let observer = ResizeObserver::new(on_resize.as_ref().unchecked_ref()).ok();
        if let Some(observer) = &observer {
            observe(observer, &element, &scroller);
        }
        let held = StoredValue::new_local((scroller, on_scroll, observer, on_resize));
        on_cleanup(move || {
            held.with_value(|(scroller, on_scroll, observer, _)| {
                let listener = on_scroll.as_ref().unchecked_ref();
                let _ = scroller.remove_event_listener_with_callback("scroll", listener);
                if let Some(observer) = observer {
                    observer.disconnect();
                }
            });
        });
    });
    let range = Memo::new(move |_| range(geometry.get(), count.get()));
    let row = Memo::new(move |_| geometry.get().row);
    VisibleRows { range, row, count }
}

/// Observes the list, the scroller, and each element between them.
fn observe(observer: &ResizeObserver, body: &Element, scroller: &Element) {
    observer.observe(scroller);
    // The list's padding replaces the rows that are not rendered, so its border box is stable while scrolling.
    let options = ResizeObserverOptions::new();
    options.set_box(ResizeObserverBoxOptions::BorderBox);
    let inside = std::iter::successors(Some(body.clone()), |element| element.parent_element());
    for element in inside.take_while(|element| !element.is_same_node(Some(scroller))) {
        observer.observe_with_options(&element, &options);
    }
}

/// The rendered rows, and the space of the others.
#[derive(Clone, Copy, Debug)]
pub struct VisibleRows {
    /// The range of rendered rows.
    pub range: Memo<Range<usize>>,
    row: Memo<f64>,
    count: Signal<usize>,
}

impl VisibleRows {
    /// Returns the space of the rows before the rendered ones, as a CSS length.
    pub fn before(self) -> String {
        format!("{}px", self.range.get().start as f64 * self.row.get())
    }

    /// Returns the space of the rows after the rendered ones, as a CSS length.
    pub fn after(self) -> String {
        format!("{}px", self.count.get().saturating_sub(self.range.get().end) as f64 * self.row.get())
    }
}

/// Scrolls a row to a third of the view's height below its top.
#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)]
pub fn scroll_to_row(body: &Element, row: usize) {
    let before = Geometry { above: 0.0, height: 0.0, row: 0.0 };
    let Some((scroller, now)) = scroller(body).zip(measured(body, before)) else { return };
    let top = f64::from(scroller.scroll_top()) - now.above + row as f64 * now.row;
    scroller.set_scroll_top((top - now.height / 3.0) as i32);
}

fn scroller(body: &Element) -> Option<Element> {
    body.closest("[data-scroller]").ok().flatten()
}

fn measured(body: &Element, before: Geometry) -> Option<Geometry> {
    let style = web_sys::window()?.get_computed_style(body).ok()??;
    let row = style.get_property_value("--list-row").ok()?;
    let row = row.trim().trim_end_matches("px").parse().ok().filter(|row| *row > 0.0)?;
    let height = f64::from(scroller(body)?.client_height());
    scrolled_to(body, Geometry { height, row, ..before })
}

fn scrolled_to(body: &Element, before: Geometry) -> Option<Geometry> {
    let above = scroller(body)?.get_bounding_client_rect().top() - body.get_bounding_client_rect().top();
    Some(Geometry { above, ..before })
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn range(geometry: Geometry, count: usize) -> Range<usize> {
    let first = (geometry.above / geometry.row).floor().max(0.0) as usize;
    // A list that begins further down has fewer rows in view.
    let last = ((geometry.above + geometry.height) / geometry.row).ceil().max(0.0) as usize;
    let start = first.saturating_sub(BEYOND) / STEP * STEP;
    let end = (last + BEYOND).next_multiple_of(STEP).min(count);
    start.min(end)..end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_in_view_are_rendered() {
        let check = |above: f64, count, expected| {
            assert_eq!(range(Geometry { above, height: 320.0, row: 32.0 }, count), expected);
        };
        check(-100.0, 10_000, 0..12);
        check(-1_000.0, 10_000, 0..4);
        check(32_010.0, 10_000, 996..1_016);
        check(0.0, 10, 0..10);
        check(0.0, 0, 0..0);
        check(32_000.0, 10_000, 996..1_014);
        check(319_680.0, 10_000, 9_986..10_000);
        // The list became shorter than its scroll offset.
        check(32_000.0, 5, 5..5);
    }
}
