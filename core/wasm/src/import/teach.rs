//! Shapes made by pointing at values.

use crate::convert::{Thrown, to_js};
use callboard_core::import::{ForeignStatus, Meaning, Shape, ShapeDraft};
use serde::Serialize;
use wasm_bindgen::prelude::*;

/// Shape that is being taught.
#[wasm_bindgen]
#[derive(Debug)]
pub struct RawShapeDraft {
    inner: ShapeDraft,
}

#[wasm_bindgen]
impl RawShapeDraft {
    /// Starts a draft without values.
    #[wasm_bindgen(constructor)]
    pub fn new(name: String, title: String, lists_every_stage: bool) -> RawShapeDraft {
        let mut inner = ShapeDraft::new(name, title);
        inner.lists_every_stage = lists_every_stage;
        RawShapeDraft { inner }
    }

    /// Says the meaning of a value.
    pub fn point(&mut self, meaning: &str, pointer: String) -> Result<(), JsValue> {
        let known = Meaning::ALL.into_iter().find(|known| known.name() == meaning);
        self.inner.point(known.ok_or_else(|| unknown("meaning", meaning, Meaning::ALL.map(Meaning::name)))?, pointer);
        Ok(())
    }

    /// Removes the meaning of a value.
    pub fn remove(&mut self, pointer: &str) {
        self.inner.remove(pointer);
    }

    /// Lists the values with their meanings.
    pub fn points(&self) -> Result<JsValue, JsValue> {
        to_js(
            &self
                .inner
                .points()
                .iter()
                .map(|(meaning, pointer)| Point { meaning: *meaning, pointer })
                .collect::<Vec<_>>(),
        )
    }

    /// Says the meaning of a word of a status.
    pub fn mean(&mut self, word: String, status: &str) -> Result<(), JsValue> {
        let known = ForeignStatus::ALL.into_iter().find(|known| known.name() == status);
        self.inner
            .mean(word, known.ok_or_else(|| unknown("status", status, ForeignStatus::ALL.map(ForeignStatus::name)))?);
        Ok(())
    }

    /// Lists the words of statuses in a sample that have no meaning yet.
    #[wasm_bindgen(js_name = unknownWords)]
    pub fn unknown_words(&self, sample: &str) -> Result<Vec<String>, JsValue> {
        self.inner.unknown_words(sample).map_err(|error| Thrown::parse(&error))
    }

    /// Makes the definition by a sample.
    pub fn definition(&self, path: &str, sample: &str) -> Result<JsValue, JsValue> {
        let text = self.inner.definition(path, sample).map_err(|error| Thrown::parse(&error))?;
        // Its line would be one of the definition, which nobody has seen.
        let shape = Shape::parse(text.as_str())
            .map_err(|error| Thrown::coded(error.code().name(), error.message().to_owned()))?;
        to_js(&Definition { file_name: shape.file_name(), text })
    }
}

/// Lists the meanings that a value can have.
#[wasm_bindgen]
pub fn meanings() -> Result<JsValue, JsValue> {
    to_js(&Meaning::ALL.map(|meaning| MeaningName {
        name: meaning,
        label: meaning.label(),
        of_stage: meaning.is_of_stage(),
    }))
}

fn unknown<const N: usize>(what: &str, given: &str, names: [&str; N]) -> JsValue {
    Thrown::invalid(format!("There is no {what} \"{given}\". There are {}.", names.join(", ")))
}

/// A value with its meaning.
#[derive(Serialize)]
struct Point<'a> {
    meaning: Meaning,
    pointer: &'a str,
}

/// A definition with the name of its file.
#[derive(Serialize)]
struct Definition {
    text: String,
    file_name: String,
}

/// A meaning with its label.
#[derive(Serialize)]
struct MeaningName {
    name: Meaning,
    label: &'static str,
    of_stage: bool,
}
