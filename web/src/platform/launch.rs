//! Files that the desktop opens with the installed app.
use super::files::{Dropped, take_handles};
use js_sys::{Array, Function, Reflect};
use wasm_bindgen::prelude::*;

/// Calls `on_files` for files that are opened with the app, also those that started it, for the life of the page.
pub fn watch(on_files: impl Fn(Dropped) + 'static) {
    // Only some browsers let an installed app open files.
    let Some((queue, set_consumer)) = queue() else { return };
    let consumer = Closure::<dyn Fn(JsValue)>::new(move |launch: JsValue| {
        let files = Reflect::get(&launch, &JsValue::from("files")).unwrap_or_default();
        let dropped = if Array::is_array(&files) { take_handles(&Array::from(&files)) } else { Dropped::default() };
        if !dropped.is_empty() {
            on_files(dropped);
        }
    });
    // A refusal leaves the app without this way to files.
    let _ = set_consumer.call1(&queue, consumer.as_ref());
    // Leaked on purpose: it lasts as long as the page.
    consumer.forget();
}

fn queue() -> Option<(JsValue, Function)> {
    let queue = Reflect::get(&js_sys::global(), &JsValue::from("launchQueue")).ok()?;
    let set_consumer = Reflect::get(&queue, &JsValue::from("setConsumer")).ok()?.dyn_into().ok()?;
    Some((queue, set_consumer))
}
