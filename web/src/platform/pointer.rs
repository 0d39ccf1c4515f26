//! Pointer input on an element: position, wheel, dragging and pinching.
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, KeyboardEvent, PointerEvent, WheelEvent};

/// Pixels per line of wheel movement, for browsers that report lines.
const LINE: f64 = 16.0;
/// Distance in pixels from which a press counts as a drag.
const SLACK: f64 = 4.0;

/// A wheel movement in pixels.
#[derive(Clone, Copy, Debug)]
pub struct Wheel {
    /// Distance of the pointer from the element's left edge.
    pub x: f64,
    /// Movement to the right.
    pub right: f64,
    /// Movement downwards.
    pub down: f64,
    /// True for zooming: Control or Meta is held, or two fingers pinch.
    pub zooms: bool,
}

/// Interprets a wheel event on the listening element.
pub fn wheel(event: &WheelEvent) -> Wheel {
    let unit = if event.delta_mode() == WheelEvent::DOM_DELTA_LINE { LINE } else { 1.0 };
    let (right, down) = (event.delta_x() * unit, event.delta_y() * unit);
    // Only some systems turn the axis while Shift is held.
    let turned = event.shift_key() && right == 0.0;
    Wheel {
        x: x_in(event),
        right: if turned { down } else { right },
        down: if turned { 0.0 } else { down },
        zooms: event.ctrl_key() || event.meta_key(),
    }
}

fn x_in(event: &web_sys::MouseEvent) -> f64 {
    let element = event.current_target().and_then(|target| target.dyn_into::<Element>().ok());
    f64::from(event.client_x()) - element.map_or(0.0, |element| element.get_bounding_client_rect().left())
}

/// Returns true if Control, Alt or Meta is held, as for browser shortcuts.
pub fn modified(event: &KeyboardEvent) -> bool {
    event.ctrl_key() || event.alt_key() || event.meta_key()
}

/// Returns the numeric `data-{name}` attribute of an event's target or its closest ancestor with one.
pub fn number_at(event: &Event, name: &str) -> Option<usize> {
    let attribute = format!("data-{name}");
    let target: Element = event.target()?.dyn_into().ok()?;
    let holder = target.closest(&format!("[{attribute}]")).ok()??;
    holder.get_attribute(&attribute)?.parse().ok()
}

/// A gesture with fingers or a mouse.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Gesture {
    /// Dragging by pixels, positive to the right.
    Drag(f64),
    /// Pinching: zoom factor, and centre in pixels from the left.
    Pinch(f64, f64),
}

/// The pointers that are down, as id and position.
#[derive(Clone, Copy)]
pub struct Pointers {
    down: StoredValue<Vec<(i32, f64)>>,
    moved: StoredValue<f64>,
    /// True during a drag.
    pub dragging: RwSignal<bool>,
}

impl Default for Pointers {
    fn default() -> Self {
        Self { down: StoredValue::new(Vec::new()), moved: StoredValue::new(0.0), dragging: RwSignal::new(false) }
    }
}

impl Pointers {
    /// Handles a pointer going down.
    pub fn press(&self, event: &PointerEvent) {
        if event.button() == 0 {
            self.down.update_value(|down| {
                down.retain(|(id, _)| *id != event.pointer_id());
                down.push((event.pointer_id(), x_in(event)));
            });
            // A second finger does not restart the gesture.
            if self.down.with_value(|down| down.len() == 1) {
                self.moved.set_value(0.0);
            }
        }
    }

    /// Handles a moving pointer; returns the gesture if it is down.
    pub fn move_to(&self, event: &PointerEvent) -> Option<Gesture> {
        let x = x_in(event);
        let mut down = self.down.get_value();
        let others: Vec<f64> = down.iter().filter(|(id, _)| *id != event.pointer_id()).map(|(_, x)| *x).collect();
        let pointer = down.iter_mut().find(|(id, _)| *id == event.pointer_id())?;
        let before = std::mem::replace(&mut pointer.1, x);
        self.down.set_value(down);
        if let Some(other) = others.first() {
            // A gesture with two fingers is never a click.
            self.moved.set_value(f64::INFINITY);
            let (old, new) = ((before - other).abs().max(1.0), (x - other).abs().max(1.0));
            return Some(Gesture::Pinch(new / old, f64::midpoint(x, *other)));
        }
        self.moved.update_value(|moved| *moved += (x - before).abs());
        if !self.dragging.get_untracked() && self.moved.get_value() > SLACK {
            self.dragging.set(true);
            // The capture continues the drag outside of the element; it fails only for a pointer that is gone.
            if let Some(element) = event.current_target().and_then(|target| target.dyn_into::<Element>().ok()) {
                let _ = element.set_pointer_capture(event.pointer_id());
            }
        }
        Some(Gesture::Drag(x - before))
    }

    /// Handles a pointer going up or away. Returns true for a click.
    pub fn release(&self, event: &PointerEvent) -> bool {
        self.down.update_value(|down| down.retain(|(id, _)| *id != event.pointer_id()));
        if self.down.with_value(Vec::is_empty) {
            self.dragging.set(false);
        }
        self.moved.get_value() <= SLACK
    }
}
