//! Damaged texts, and the values of a text with their places.

use crate::convert::{Thrown, to_js};
use crate::memory::{assert_room, assert_room_to_read};
use callboard_core::import::{Broken, ConflictSides, Extract, Mended, Repair, mend, outline};
use serde::Serialize;
use wasm_bindgen::prelude::*;

/// Bytes of memory for each row of an outline, in the result.
const PER_ROW: usize = 1 << 10;

/// Reads the JSON of a file, whatever is around it or missing from it.
#[wasm_bindgen(js_name = mend)]
pub fn mend_file(bytes: Vec<u8>) -> Result<JsValue, JsValue> {
    assert_room_to_read(&bytes)?;
    match mend(&bytes) {
        Ok(mended) => to_js(&MendedFile::read(&mended)),
        Err(broken) => to_js(&MendedFile::broken(&broken)),
    }
}

/// Lists the values of a JSON text, at most `most` of them.
#[wasm_bindgen(js_name = outline)]
pub fn outline_text(text: String, most: usize) -> Result<JsValue, JsValue> {
    assert_room_to_read(text.as_bytes())?;
    assert_room(most.min(text.len()).saturating_mul(PER_ROW))?;
    to_js(&outline(&text, most).map_err(|error| Thrown::parse(&error))?)
}

/// A file as it can be read, or the reason why it cannot.
#[derive(Serialize)]
struct MendedFile<'a> {
    documents: Vec<FoundDocument<'a>>,
    repairs: &'a [Repair],
    encoding: Option<&'static str>,
    read_only: bool,
    broken: Option<BrokenFile<'a>>,
}

impl<'a> MendedFile<'a> {
    fn read(mended: &'a Mended) -> Self {
        MendedFile {
            documents: mended.documents.iter().map(FoundDocument::of).collect(),
            repairs: &mended.repairs,
            encoding: Some(mended.encoding.name()),
            read_only: mended.is_read_only(),
            broken: None,
        }
    }

    fn broken(broken: &'a Broken) -> Self {
        let broken = BrokenFile {
            code: broken.code.name(),
            message: &broken.message,
            line: broken.line,
            column: broken.column,
            choices: broken.choices.iter().map(FoundDocument::of).collect(),
            sides: broken.sides.as_ref(),
        };
        MendedFile { documents: Vec::new(), repairs: &[], encoding: None, read_only: true, broken: Some(broken) }
    }
}

/// A JSON document in a file.
#[derive(Serialize)]
struct FoundDocument<'a> {
    text: &'a str,
    index: Option<u64>,
    line: u32,
    column: u32,
}

impl FoundDocument<'_> {
    fn of(extract: &Extract) -> FoundDocument<'_> {
        FoundDocument { text: extract.text(), index: extract.index, line: extract.line, column: extract.column }
    }
}

/// The reason why a file is not read, and what can be chosen.
#[derive(Serialize)]
struct BrokenFile<'a> {
    code: &'static str,
    message: &'a str,
    line: u32,
    column: u32,
    choices: Vec<FoundDocument<'a>>,
    sides: Option<&'a ConflictSides>,
}
