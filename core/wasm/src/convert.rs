//! Conversion of the core's values to JavaScript's, and back.

use callboard_core::{Json, ParseError, Refusal, Timestamp};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;

/// Data of an error, thrown as JSON text: the package's shell makes a `CallboardError` of it.
#[derive(Serialize)]
pub(crate) struct Thrown<'a> {
    code: &'a str,
    message: String,
    line: Option<u32>,
    column: Option<u32>,
    refusal: Option<&'a Refusal>,
}

impl Thrown<'_> {
    pub(crate) fn parse(error: &ParseError) -> JsValue {
        let (line, column) = (Some(error.line()), Some(error.column()));
        Thrown { code: error.code().name(), message: error.to_string(), line, column, refusal: None }.into_js()
    }

    #[cfg(feature = "session")]
    pub(crate) fn refusal(refusal: &Refusal) -> JsValue {
        let message = refusal.message.clone();
        Thrown { code: refusal.code.name(), message, line: None, column: None, refusal: Some(refusal) }.into_js()
    }

    pub(crate) fn out_of_memory() -> JsValue {
        let message = "There is not enough memory for this. Free sessions that you no longer need.".to_owned();
        Thrown { code: "out_of_memory", message, line: None, column: None, refusal: None }.into_js()
    }

    pub(crate) fn invalid(message: String) -> JsValue {
        Thrown::coded("invalid_value", message)
    }

    pub(crate) fn coded(code: &str, message: String) -> JsValue {
        Thrown { code, message, line: None, column: None, refusal: None }.into_js()
    }

    fn into_js(self) -> JsValue {
        serde_json::to_string(&self).map_or_else(|error| error.to_string().into(), JsValue::from)
    }
}

/// Makes a JavaScript object of plain data, the one that its JSON text would be parsed to.
pub(crate) fn to_js(value: &impl Serialize) -> Result<JsValue, JsValue> {
    value.serialize(&Serializer::json_compatible()).or_else(|_| {
        // Counts beyond 2^53, which only a damaged file holds, have no exact number in JavaScript: they are rounded.
        let text = serde_json::to_string(value).map_err(|error| JsValue::from_str(&error.to_string()))?;
        js_sys::JSON::parse(&text)
    })
}

/// Reads an instant: a text as in session files or, if there is none, milliseconds since the epoch. The shell has already
/// asked a `Date` for its time: asking from here would cross the boundary three times.
pub(crate) fn instant(text: Option<String>, milliseconds: f64) -> Result<Timestamp, JsValue> {
    let seconds = (milliseconds / 1000.0).floor();
    let instant = match &text {
        Some(text) => Timestamp::parse(text),
        // `from_unix` clamps to the years that a file can hold.
        None => Some(Timestamp::from_unix(seconds as i64)).filter(|instant| instant.unix() as f64 == seconds),
    };
    instant.ok_or_else(|| {
        let forms = "now must be a Date, milliseconds since 1970, or a time such as 2024-08-11T14:30:00Z";
        Thrown::invalid(if text.is_none() && milliseconds.is_finite() {
            format!("{forms}: {} ms since 1970 are not in the years 0 to 9999.", Json::number(milliseconds).text())
        } else {
            format!("{forms}.")
        })
    })
}
