//! Import of other pipelines' files.

pub mod mend;
pub mod teach;

use crate::convert::{Thrown, instant, to_js};
use crate::memory::{assert_room, assert_room_to_read};
use callboard_core::import::{
    ForeignSession, Import, Importer, Score, Shape, Shapes, UnpackLimits, is_tool_folder, unpack,
};
use js_sys::{Array, Object, Reflect, Uint8Array};
use serde::Serialize;
use wasm_bindgen::prelude::*;

/// Bytes of memory for each file and each session of an import, in the result.
const PER_ENTRY: usize = 8 << 10;

/// Import of a stream of files.
#[wasm_bindgen]
#[derive(Debug)]
pub struct RawImporter {
    inner: Importer,
}

#[wasm_bindgen]
impl RawImporter {
    /// Starts an import with the shipped shapes and those of the definitions' texts, which come before them. Of two
    /// definitions with one name, the later one counts.
    #[wasm_bindgen(constructor)]
    pub fn new(definitions: Vec<String>) -> Result<RawImporter, JsValue> {
        let mut own: Vec<Shape> = Vec::new();
        for text in definitions {
            let shape = Shape::parse(text).map_err(|error| Thrown::parse(&error))?;
            own.retain(|known| known.name() != shape.name());
            own.push(shape);
        }
        Ok(RawImporter { inner: Importer::new(Shapes::built_in().with(own)) })
    }

    /// Reads a file's bytes.
    pub fn add(&mut self, path: &str, bytes: Vec<u8>) -> Result<(), JsValue> {
        assert_room_to_read(&bytes)?;
        self.inner.add(path, &bytes);
        Ok(())
    }

    /// Counts files that were not given.
    pub fn skip(&mut self, files: usize) {
        self.inner.skip(files);
    }

    /// Lists the shapes that the next file is read by.
    pub fn shapes(&self) -> Result<JsValue, JsValue> {
        to_js(&self.inner.shapes().iter().map(ShapeName::of).collect::<Vec<_>>())
    }

    /// Makes sessions of all files.
    pub fn finish(self) -> RawImport {
        RawImport { inner: self.inner.finish() }
    }
}

/// Name and title of a shape.
#[derive(Serialize)]
struct ShapeName<'a> {
    name: &'a str,
    title: &'a str,
}

impl ShapeName<'_> {
    fn of(shape: &Shape) -> ShapeName<'_> {
        ShapeName { name: shape.name(), title: shape.title() }
    }
}

/// A finished import: its sessions stay here, to be converted.
#[wasm_bindgen]
#[derive(Debug)]
pub struct RawImport {
    inner: Import,
}

#[wasm_bindgen]
impl RawImport {
    /// Returns the sessions, the files and what was skipped.
    pub fn data(&self) -> Result<JsValue, JsValue> {
        let entries = self.inner.sessions.len() + self.inner.files.len();
        assert_room(entries.saturating_mul(PER_ENTRY))?;
        to_js(&self.inner)
    }

    /// Returns what a list shows of each session besides its values, in the order of the sessions.
    pub fn summaries(&self) -> Result<JsValue, JsValue> {
        to_js(&self.inner.sessions.iter().map(Summary::of).collect::<Vec<_>>())
    }

    /// Makes a session file of the framework's shape from the session of a key.
    pub fn convert(&self, key: &str, now: Option<String>, milliseconds: f64) -> Result<JsValue, JsValue> {
        let session = self.inner.sessions.iter().find(|session| session.key == key);
        let session =
            session.ok_or_else(|| Thrown::coded("session_not_found", format!("There is no session {key}.")))?;
        let made = session.convert(instant(now, milliseconds)?);
        to_js(&made.map_err(|error| Thrown::coded("not_convertible", error.message))?)
    }
}

/// Values of a session that follow from others.
#[derive(Serialize)]
struct Summary<'a> {
    state_label: Option<String>,
    quality: Option<&'a Score>,
}

impl Summary<'_> {
    fn of(session: &ForeignSession) -> Summary<'_> {
        Summary { state_label: session.state_label(), quality: session.quality() }
    }
}

/// Unpacks a gzip file, a tar or a ZIP archive; undefined for a file that is none.
#[wasm_bindgen(js_name = unpack)]
pub fn unpack_file(path: &str, bytes: Vec<u8>, wanted: &js_sys::Function) -> Result<JsValue, JsValue> {
    assert_room(bytes.len().saturating_mul(2))?;
    // An entry whose question throws is not read; the first error is thrown below.
    let thrown = std::cell::RefCell::new(None);
    let is_wanted = |path: &str| match wanted.call1(&JsValue::UNDEFINED, &path.into()) {
        Ok(answer) => answer.is_truthy(),
        Err(error) => {
            thrown.borrow_mut().get_or_insert(error);
            false
        }
    };
    let unpacked = unpack(path, &bytes, UnpackLimits::default(), &is_wanted)
        .map_err(|error| Thrown::coded("unreadable", error.message))?;
    if let Some(error) = thrown.take() {
        return Err(error);
    }
    let Some(unpacked) = unpacked else { return Ok(JsValue::UNDEFINED) };
    let entries = Array::new();
    for entry in unpacked.entries {
        let object = Object::new();
        Reflect::set(&object, &"path".into(), &entry.path.into())?;
        Reflect::set(&object, &"bytes".into(), &Uint8Array::from(entry.bytes.as_slice()))?;
        entries.push(&object);
    }
    let refused: Vec<_> = unpacked.refused.into_iter().map(|(path, message)| Refused { path, message }).collect();
    let result = Object::new();
    Reflect::set(&result, &"entries".into(), &entries)?;
    Reflect::set(&result, &"skipped".into(), &JsValue::from_f64(unpacked.skipped as f64))?;
    Reflect::set(&result, &"refused".into(), &to_js(&refused)?)?;
    Ok(result.into())
}

/// An entry of an archive that was not read.
#[derive(Serialize)]
struct Refused {
    path: String,
    message: String,
}

/// True for a folder of a tool, such as `.git`, by its name.
#[wasm_bindgen(js_name = isToolFolder)]
pub fn is_tools(name: &str) -> bool {
    is_tool_folder(name)
}

/// True for the path of a shape's definition.
#[wasm_bindgen(js_name = isDefinition)]
pub fn is_definition(path: &str) -> bool {
    Shape::is_definition(path)
}
