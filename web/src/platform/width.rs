//! The width of an element as a signal.
use leptos::html::ElementType;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Element, ResizeObserver, ResizeObserverEntry};

/// Returns the width of the element in `node` in CSS pixels; `initial` until it is rendered.
pub fn width_of<E>(node: NodeRef<E>, initial: f64) -> ReadSignal<f64>
where
    E: ElementType,
    E::Output: JsCast + Clone + 'static,
{
    let (width, set_width) = signal(initial);
    Effect::new(move |_| {
        let Some(element) = node.get() else { return };
        let element: Element = element.unchecked_into();
        let on_resize = Closure::<dyn FnMut(js_sys::Array)>::new(move |entries: js_sys::Array| {
            if let Ok(entry) = entries.get(0).dyn_into::<ResizeObserverEntry>() {
                let measured = entry.content_rect().width();
                if (measured - width.get_untracked()).abs() >= 1.0 {
                    set_width.set(measured);
                }
            }
        });
        let Ok(observer) = ResizeObserver::new(on_resize.as_ref().unchecked_ref()) else {
            return;
        };
        observer.observe(&element);
        // The observer and its callback live as long as the element's owner.
        let held = StoredValue::new_local((observer, on_resize));
        on_cleanup(move || held.with_value(|(observer, _)| observer.disconnect()));
    });
    width
}
