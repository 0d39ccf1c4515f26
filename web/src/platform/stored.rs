//! A record as the plain JavaScript object that the database and a backup hold.
use crate::store::edit::{Edit, Patch};
use crate::store::place::{Incoming, Place, Source};
use crate::store::record::Record;
use callboard_core::Timestamp;
use js_sys::{Array, Object, Reflect};
use std::sync::Arc;
use wasm_bindgen::JsValue;

pub(super) fn set(object: &Object, name: &str, value: impl Into<JsValue>) {
    // Setting a plain member of a new object cannot fail.
    let _ = Reflect::set(object, &JsValue::from(name), &value.into());
}

/// A member of an object; undefined where there is none.
fn member(value: &JsValue, name: &str) -> JsValue {
    Reflect::get(value, &JsValue::from(name)).unwrap_or(JsValue::UNDEFINED)
}

fn text(value: &JsValue, name: &str) -> Option<String> {
    member(value, name).as_string()
}

fn number(value: &JsValue, name: &str) -> Option<f64> {
    member(value, name).as_f64()
}

#[allow(clippy::cast_precision_loss)]
pub(super) fn to_js(record: &Record) -> JsValue {
    let object = Object::new();
    set(&object, "id", record.id.as_str());
    set(&object, "stamp", record.stamp as f64);
    set(&object, "file", record.file.as_str());
    set(&object, "folder", record.folder.as_str());
    set(&object, "root", &*record.root);
    if record.disk != record.root {
        set(&object, "disk", &*record.disk);
    }
    if !record.waiting.is_empty() {
        set(&object, "waiting", record.waiting.iter().map(incoming_to_js).collect::<Array>());
    }
    if !record.edits.is_empty() {
        set(&object, "done", record.done as f64);
        let edits = Array::new();
        for edit in &record.edits {
            let item = Object::new();
            set(&item, "sentence", edit.sentence.as_str());
            set(&item, "made", edit.made.unix() as f64);
            set(&item, "at", edit.patch.at as f64);
            set(&item, "removed", edit.patch.removed.as_str());
            set(&item, "added", edit.patch.added.as_str());
            if let Some(left) = &edit.left {
                set(&item, "left", place_to_js(left, ""));
            }
            if let Some(took) = &edit.took {
                set(&item, "took", incoming_to_js(took));
            }
            edits.push(&item);
        }
        set(&object, "edits", edits);
    }
    object.into()
}

/// A place; what its file holds is left out where it is this text.
fn place_to_js(place: &Place, text: &str) -> Object {
    let object = Object::new();
    set(&object, "file", place.file.as_str());
    set(&object, "folder", place.folder.as_str());
    if *place.disk != *text {
        set(&object, "disk", &*place.disk);
    }
    object
}

fn place_from_js(value: &JsValue, disk: impl FnOnce() -> Arc<str>) -> Option<Place> {
    Some(Place {
        file: text(value, "file")?,
        folder: text(value, "folder").unwrap_or_default(),
        disk: text(value, "disk").map_or_else(disk, Into::into),
    })
}

fn incoming_to_js(incoming: &Incoming) -> Object {
    let object = place_to_js(&incoming.place, &incoming.text);
    set(&object, "text", &*incoming.text);
    set(&object, "source", incoming.source.name());
    object
}

fn incoming_from_js(value: &JsValue) -> Option<Incoming> {
    let text: Arc<str> = text(value, "text")?.into();
    let place = place_from_js(value, || text.clone())?;
    let name = self::text(value, "source")?;
    let source = Source::ALL.into_iter().find(|source| source.name() == name)?;
    Some(Incoming { text, place, source })
}

/// What waits. `None` where one of the texts cannot be read.
fn waiting(value: &JsValue) -> Option<Vec<Incoming>> {
    let list = member(value, "waiting");
    if !Array::is_array(&list) {
        return Some(the_one(value).into_iter().collect());
    }
    Array::from(&list).iter().map(|item| incoming_from_js(&item)).collect()
}

/// The only one that could wait, as it was kept before several could: a copy, or a file that holds it. Where it does
/// not say from where it came, it was the session's own file.
fn the_one(value: &JsValue) -> Option<Incoming> {
    let text: Arc<str> = text(value, "incoming")?.into();
    let from = member(value, "from");
    let place = place_from_js(if from.is_object() { &from } else { value }, || text.clone())?;
    let is_own = !from.is_object();
    let place = if is_own { Place { disk: text.clone(), ..place } } else { place };
    let source = if member(&from, "copy").is_truthy() { Source::Overwritten } else { Source::File };
    Some(Incoming { text, place, source })
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub(super) fn from_js(value: &JsValue) -> Option<Record> {
    let root: Arc<str> = text(value, "root")?.into();
    let list = Reflect::get(value, &JsValue::from("edits")).ok()?;
    let mut edits = Vec::new();
    if Array::is_array(&list) {
        for item in Array::from(&list).iter() {
            edits.push(Edit {
                sentence: text(&item, "sentence")?,
                made: Timestamp::from_unix(number(&item, "made")? as i64),
                patch: Patch {
                    at: number(&item, "at")? as usize,
                    removed: text(&item, "removed")?,
                    added: text(&item, "added")?,
                },
                left: place_from_js(&member(&item, "left"), Arc::default),
                took: match member(&item, "took") {
                    took if took.is_object() => Some(incoming_from_js(&took)?),
                    _ => None,
                },
            });
        }
    }
    Some(Record {
        id: text(value, "id")?,
        stamp: stamp(value),
        file: text(value, "file")?,
        folder: text(value, "folder").unwrap_or_default(),
        disk: text(value, "disk").map_or_else(|| root.clone(), Into::into),
        root,
        waiting: waiting(value)?,
        done: number(value, "done").map_or(edits.len(), |done| done as usize),
        edits,
    })
}

/// The stamp of a stored object; 0 where it has none.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub(super) fn stamp(value: &JsValue) -> u64 {
    number(value, "stamp").unwrap_or_default() as u64
}

/// A stamp that no other writing has.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub fn new_stamp() -> u64 {
    1 + (js_sys::Math::random() * 9_007_199_254_740_990.0) as u64
}

/// A record as one line of JSON. `None` when the browser cannot write it.
pub fn to_json(record: &Record) -> Option<String> {
    js_sys::JSON::stringify(&to_js(record)).ok().map(String::from)
}

/// A record read from JSON. It was never stored under the stamp that it may carry.
pub fn from_json(json: &str) -> Option<Record> {
    js_sys::JSON::parse(json).ok().as_ref().and_then(from_js).map(|record| Record { stamp: 0, ..record })
}

/// The number below `name` of a JSON text's object.
pub fn number_of(json: &str, name: &str) -> Option<f64> {
    number(&js_sys::JSON::parse(json).ok()?, name)
}
