//! Which rows of a long list are in view: only those are on the page.
use leptos::html::ElementType;
use leptos::prelude::*;
use std::ops::Range;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{AddEventListenerOptions, Element};

/// How many rows beyond the view are there on either side, so that a step or a small scroll finds them.
const BEYOND: usize = 4;

/// The window moves by so many rows at a time: rarely, and not by much.
const STEP: usize = 2;

/// What the window depends on, in CSS pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Place {
    /// How far the list's top is above the view's.
    above: f64,
    /// How high the view is.
    height: f64,
    /// How high a row is.
    row: f64,
}

/// The rows of a list of `count` that are to be on the page. `body` holds the rows; its style says how
/// high each is (`--list-row`). What scrolls is the nearest `[data-scroller]` around it.
pub fn rows_in_view<E>(body: NodeRef<E>, count: Signal<usize>) -> Window
where
    E: ElementType,
    E::Output: JsCast + Clone + 'static,
{
    let place = RwSignal::new(Place { above: 0.0, height: 900.0, row: 32.0 });
    let update = move |read: fn(&Element, Place) -> Option<Place>| {
        let Some(element) = body.try_get_untracked().flatten() else { return };
        let element: Element = element.unchecked_into();
        if let Some(before) = place.try_get_untracked()
            && let Some(measured) = read(&element, before)
            && measured != before
        {
            place.set(measured);
        }
    };
    // Only the place is read while it scrolls, and nothing when the rows change: the browser would have
    // to lay the page out twice a frame.
    let scrolled = move || update(scrolled_to);
    let measure = move || update(measured);
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
        let held = StoredValue::new_local((scroller, on_scroll));
        on_cleanup(move || {
            held.with_value(|(scroller, on_scroll)| {
                let listener = on_scroll.as_ref().unchecked_ref();
                let _ = scroller.remove_event_listener_with_callback("scroll", listener);
            });
        });
    });
    let resized = window_event_listener(leptos::ev::resize, move |_| measure());
    on_cleanup(move || resized.remove());
    let range = Memo::new(move |_| range(place.get(), count.get()));
    let row = Memo::new(move |_| place.get().row);
    Window { range, row, count }
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
    /// How much room the rows before those on the page take, as a CSS length.
    pub fn before(self) -> String {
        format!("{}px", self.range.get().start as f64 * self.row.get())
    }

    /// How much room the rows after those on the page take, as a CSS length.
    pub fn after(self) -> String {
        format!("{}px", self.count.get().saturating_sub(self.range.get().end) as f64 * self.row.get())
    }
}

fn scroller(body: &Element) -> Option<Element> {
    body.closest("[data-scroller]").ok().flatten()
}

fn measured(body: &Element, before: Place) -> Option<Place> {
    let style = web_sys::window()?.get_computed_style(body).ok()??;
    let row = style.get_property_value("--list-row").ok()?;
    let row = row.trim().trim_end_matches("px").parse().ok().filter(|row| *row > 0.0)?;
    let height = f64::from(scroller(body)?.client_height());
    scrolled_to(body, Place { height, row, ..before })
}

fn scrolled_to(body: &Element, before: Place) -> Option<Place> {
    let above = scroller(body)?.get_bounding_client_rect().top() - body.get_bounding_client_rect().top();
    Some(Place { above, ..before })
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn range(place: Place, count: usize) -> Range<usize> {
    let first = (place.above / place.row).floor().max(0.0) as usize;
    // Of a list that begins further down, fewer are in view: none is drawn that nobody sees.
    let last = ((place.above + place.height) / place.row).ceil().max(0.0) as usize;
    let start = first.saturating_sub(BEYOND) / STEP * STEP;
    let end = (last + BEYOND).next_multiple_of(STEP).min(count);
    start.min(end)..end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_view_is_on_the_page() {
        let check = |above: f64, count, expected| {
            assert_eq!(range(Place { above, height: 320.0, row: 32.0 }, count), expected);
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
