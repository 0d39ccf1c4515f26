//! Records as the plain JavaScript objects that the database holds.
use callboard_workspace::{Draft, Entry, ForeignFile, LegacyRecord, StoredRecord, StoredShape};
use js_sys::{Object, Reflect, Uint8Array};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_wasm_bindgen::{Error, Serializer};
use wasm_bindgen::{JsCast as _, JsValue};

/// A kind of record with its object store.
pub trait RecordCodec: Sized {
    /// The name of the object store.
    const STORE: &'static str;

    /// True if a write is compared with the stored record. Records that only the page with their lock writes are not
    /// compared: their write is a single request, which survives closing the page immediately.
    const IS_COMPARED: bool;

    /// Returns the object to store.
    ///
    /// # Errors
    /// A number does not fit into a JavaScript number.
    fn to_js(&self) -> Result<JsValue, Error>;

    /// Reads a stored object; none for one that this version cannot read.
    fn from_js(value: &JsValue) -> Option<Self>;
}

impl RecordCodec for Entry {
    const STORE: &'static str = "sessions";
    const IS_COMPARED: bool = true;

    fn to_js(&self) -> Result<JsValue, Error> {
        encoded(&StoredRecord::from(self.record()))
    }

    fn from_js(value: &JsValue) -> Option<Self> {
        let record = if Reflect::has(value, &JsValue::from("versions")).unwrap_or_default() {
            decoded::<StoredRecord>(value)?.into_record()
        } else {
            decoded::<LegacyRecord>(value)?.into_record()
        };
        Self::restore(record?)
    }
}

impl RecordCodec for Draft {
    const STORE: &'static str = "drafts";
    const IS_COMPARED: bool = false;

    fn to_js(&self) -> Result<JsValue, Error> {
        encoded(self)
    }

    fn from_js(value: &JsValue) -> Option<Self> {
        decoded(value)
    }
}

impl RecordCodec for ForeignFile {
    const STORE: &'static str = "files";
    const IS_COMPARED: bool = true;

    fn to_js(&self) -> Result<JsValue, Error> {
        let object = Object::new();
        let set = |key: &str, value: &JsValue| Reflect::set(&object, &JsValue::from(key), value).map(drop);
        let bytes = self.bytes.as_deref().map_or(JsValue::NULL, |bytes| Uint8Array::from(bytes).into());
        set("path", &JsValue::from(&self.path)).and_then(|()| set("bytes", &bytes)).map_err(Error::from)?;
        Ok(object.into())
    }

    fn from_js(value: &JsValue) -> Option<Self> {
        let get = |key: &str| Reflect::get(value, &JsValue::from(key)).ok();
        let bytes = get("bytes")?;
        let bytes = if bytes.is_null() { None } else { Some(bytes.dyn_into::<Uint8Array>().ok()?.to_vec().into()) };
        Some(Self { path: get("path")?.as_string()?, stamp: stamp_of(value), bytes })
    }
}

impl RecordCodec for StoredShape {
    const STORE: &'static str = "shapes";
    const IS_COMPARED: bool = true;

    fn to_js(&self) -> Result<JsValue, Error> {
        encoded(self)
    }

    fn from_js(value: &JsValue) -> Option<Self> {
        decoded(value)
    }
}

fn encoded(record: &impl Serialize) -> Result<JsValue, Error> {
    record.serialize(&Serializer::json_compatible())
}

fn decoded<T: DeserializeOwned>(value: &JsValue) -> Option<T> {
    serde_wasm_bindgen::from_value(value.clone()).ok()
}

/// Returns the stamp of a stored object; 0 if it has none.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub(super) fn stamp_of(value: &JsValue) -> u64 {
    Reflect::get(value, &JsValue::from("stamp")).ok().and_then(|stamp| stamp.as_f64()).unwrap_or_default() as u64
}

/// Sets the stamp of an object that is to be stored.
#[allow(clippy::cast_precision_loss)]
pub(super) fn set_stamp(object: &JsValue, stamp: u64) {
    // Setting a plain member of a new object cannot fail.
    let _ = Reflect::set(object, &JsValue::from("stamp"), &JsValue::from(stamp as f64));
}

/// Returns a stamp that no other write has.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub fn new_stamp() -> u64 {
    1 + (js_sys::Math::random() * 9_007_199_254_740_990.0) as u64
}
