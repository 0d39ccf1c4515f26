//! The pointer over an element: where it is, what its wheel says, how far it has been dragged.
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, KeyboardEvent, PointerEvent, WheelEvent};

/// How many pixels a line of wheel movement is, where a browser counts in lines.
const LINE: f64 = 16.0;
/// How far the pointer moves before that is a drag and no click.
const SLACK: f64 = 4.0;

/// A turn of the wheel, in pixels.
#[derive(Clone, Copy, Debug)]
pub struct Wheel {
    /// Where the pointer is, from the element's left edge.
    pub x: f64,
    /// To the right.
    pub right: f64,
    /// Downwards.
    pub down: f64,
    /// Control or Meta is held, or two fingers pinch: it means to zoom.
    pub zooms: bool,
}

/// What a wheel event over the element it is listened to on means.
pub fn wheel(event: &WheelEvent) -> Wheel {
    let unit = if event.delta_mode() == WheelEvent::DOM_DELTA_LINE { LINE } else { 1.0 };
    let (right, down) = (event.delta_x() * unit, event.delta_y() * unit);
    // Some systems turn the axis themselves while Shift is held, some do not.
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

/// Whether a key event has Control, Alt or Meta held: the browser's own shortcut.
pub fn modified(event: &KeyboardEvent) -> bool {
    event.ctrl_key() || event.alt_key() || event.meta_key()
}

/// The `data-{name}` attribute, as a number, of what an event happened on or of what holds that.
pub fn number_at(event: &Event, name: &str) -> Option<usize> {
    let attribute = format!("data-{name}");
    let target: Element = event.target()?.dyn_into().ok()?;
    let holder = target.closest(&format!("[{attribute}]")).ok()??;
    holder.get_attribute(&attribute)?.parse().ok()
}

/// What fingers or a mouse do to something that can be moved and zoomed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Gesture {
    /// Dragged by so many pixels, to the right when positive.
    Drag(f64),
    /// Pinched: zoomed in by the factor around a place, in pixels from the left.
    Pinch(f64, f64),
}

/// The pointers that are down: `(id, x)` each.
#[derive(Clone, Copy)]
pub struct Pointers {
    down: StoredValue<Vec<(i32, f64)>>,
    moved: StoredValue<f64>,
    /// A drag goes on.
    pub dragging: RwSignal<bool>,
}

impl Default for Pointers {
    fn default() -> Self {
        Self { down: StoredValue::new(Vec::new()), moved: StoredValue::new(0.0), dragging: RwSignal::new(false) }
    }
}

impl Pointers {
    /// A pointer went down.
    pub fn press(&self, event: &PointerEvent) {
        if event.button() == 0 {
            self.down.update_value(|down| {
                down.retain(|(id, _)| *id != event.pointer_id());
                down.push((event.pointer_id(), x_in(event)));
            });
            // A second finger is no new beginning.
            if self.down.with_value(|down| down.len() == 1) {
                self.moved.set_value(0.0);
            }
        }
    }

    /// A pointer moved: what that means, when it is down.
    pub fn travel(&self, event: &PointerEvent) -> Option<Gesture> {
        let x = x_in(event);
        let mut down = self.down.get_value();
        let others: Vec<f64> = down.iter().filter(|(id, _)| *id != event.pointer_id()).map(|(_, x)| *x).collect();
        let pointer = down.iter_mut().find(|(id, _)| *id == event.pointer_id())?;
        let before = std::mem::replace(&mut pointer.1, x);
        self.down.set_value(down);
        if let Some(other) = others.first() {
            // Two fingers never choose what they were on.
            self.moved.set_value(f64::INFINITY);
            let (old, new) = ((before - other).abs().max(1.0), (x - other).abs().max(1.0));
            return Some(Gesture::Pinch(new / old, f64::midpoint(x, *other)));
        }
        self.moved.update_value(|moved| *moved += (x - before).abs());
        if !self.dragging.get_untracked() && self.moved.get_value() > SLACK {
            self.dragging.set(true);
            // Held, the drag goes on outside of the element too. Refused only for a pointer that is gone.
            if let Some(element) = event.current_target().and_then(|target| target.dyn_into::<Element>().ok()) {
                let _ = element.set_pointer_capture(event.pointer_id());
            }
        }
        Some(Gesture::Drag(x - before))
    }

    /// A pointer went up, or away. `true` when it had not moved: a click.
    pub fn release(&self, event: &PointerEvent) -> bool {
        self.down.update_value(|down| down.retain(|(id, _)| *id != event.pointer_id()));
        if self.down.with_value(Vec::is_empty) {
            self.dragging.set(false);
        }
        self.moved.get_value() <= SLACK
    }
}
