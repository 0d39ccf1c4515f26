//! Rows of a long list that are in view: only those are on the page.
use leptos::html::ElementType;
use leptos::prelude::*;
use std::ops::Range;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{AddEventListenerOptions, Element, ResizeObserver, ResizeObserverBoxOptions, ResizeObserverOptions};

/// Rows beyond the view on either side, so that a step or a small scroll finds them.
const BEYOND: usize = 4;

/// Rows by which the window moves at a time: rarely, and not by much.
const STEP: usize = 2;

/// Measures that the window depends on, in CSS pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Geometry {
    /// Distance from the view's top up to the list's.
    above: f64,
    /// Height of the view.
    height: f64,
    /// Height of a row.
    row: f64,
}

/// Follows which rows of a list of `count` are to be on the page.
///
/// `body` holds the rows; its style says how high each is (`--list-row`). The nearest `[data-scroller]` around it
/// scrolls, and all of that scroller's content is in one element: whatever comes, goes or changes size above the list
/// then changes the size of an element between the two, which is observed.
pub fn rows_in_view<E>(body: NodeRef<E>, count: Signal<usize>) -> Window
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
    // Only the place is read while it scrolls, and nothing when the rows change: the browser would have
    // to lay the page out twice a frame.
    let scrolled = move || update(scrolled_to);
    let measure = move || update(measured);
    let resized = move || {
        let before = geometry.try_get_untracked();
        let now = body.try_get_untracked().flatten().zip(before);
        let now = now.and_then(|(body, before)| measured(body.unchecked_ref(), before));
        match (now, before) {
            // Rows of another height make the list itself another size: drawn in the next frame, since observers
            // must not resize what they observe.
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
        // Refused only for an illegal option.
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
    Window { range, row, count }
}

/// Observes the list, the scroller, and each element between the two.
fn observe(observer: &ResizeObserver, body: &Element, scroller: &Element) {
    observer.observe(scroller);
    // With its padding, which stands for the rows that are not on the page, the list stays as high while it scrolls.
    let options = ResizeObserverOptions::new();
    options.set_box(ResizeObserverBoxOptions::BorderBox);
    let inside = std::iter::successors(Some(body.clone()), |element| element.parent_element());
    for element in inside.take_while(|element| !element.is_same_node(Some(scroller))) {
        observer.observe_with_options(&element, &options);
    }
}

/// The rows on the page, and the room that the others take.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    /// The rows on the page.
    pub range: Memo<Range<usize>>,
    row: Memo<f64>,
    count: Signal<usize>,
}

impl Window {
    /// The room of the rows before those on the page, as a CSS length.
    pub fn before(self) -> String {
        format!("{}px", self.range.get().start as f64 * self.row.get())
    }

    /// The room of the rows after those on the page, as a CSS length.
    pub fn after(self) -> String {
        format!("{}px", self.count.get().saturating_sub(self.range.get().end) as f64 * self.row.get())
    }
}

/// Scrolls a list until a row is a third of the view below the view's top.
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
    // Of a list that begins further down, fewer are in view: none is drawn that nobody sees.
    let last = ((geometry.above + geometry.height) / geometry.row).ceil().max(0.0) as usize;
    let start = first.saturating_sub(BEYOND) / STEP * STEP;
    let end = (last + BEYOND).next_multiple_of(STEP).min(count);
    start.min(end)..end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_in_view_are_on_the_page() {
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
        // The list has become shorter than where it was scrolled to.
        check(32_000.0, 5, 5..5);
    }
}
