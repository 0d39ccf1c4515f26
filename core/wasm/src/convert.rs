//! What crosses the boundary, and how.

use callboard_core::{Json, Outcome, ParseError, Policy, Refusal, Timestamp};
use serde::Serialize;
use wasm_bindgen::prelude::*;

/// What is thrown: the package's shell makes an error of it.
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

    pub(crate) fn refusal(refusal: &Refusal) -> JsValue {
        let message = refusal.message.clone();
        Thrown { code: refusal.code.name(), message, line: None, column: None, refusal: Some(refusal) }.into_js()
    }

    pub(crate) fn invalid(message: String) -> JsValue {
        Thrown { code: "invalid_value", message, line: None, column: None, refusal: None }.into_js()
    }

    /// JSON text: that costs less than to make an object from here, and the shell makes an error of it.
    fn into_js(self) -> JsValue {
        json(&self).unwrap_or_else(|error| error)
    }
}

/// Plain data as JSON text, which the package's shell reads.
pub(crate) fn json(value: &impl Serialize) -> Result<JsValue, JsValue> {
    match crate::json::to_string(value) {
        Ok(text) => Ok(text.into()),
        Err(error) => Err(JsValue::from_str(&error.to_string())),
    }
}

/// A policy from its JSON text; the default where there is none.
pub(crate) fn policy(text: Option<&str>) -> Result<Policy, JsValue> {
    text.map_or_else(
        || Ok(Policy::default()),
        |text| Policy::from_json(text).map_err(|refusal| Thrown::refusal(&refusal)),
    )
}

/// An outcome as text, its names between commas, and after them what is warned of as JSON: for so small a
/// thing that is several times quicker than to make the object from here. An empty agent is none.
pub(crate) fn outcome(outcome: &Outcome) -> String {
    let next = outcome.next.agent.map_or("", |agent| agent.name());
    let mut out = String::with_capacity(256);
    let names = [
        outcome.event.name(),
        outcome.agent.name(),
        outcome.from.name(),
        outcome.to.name(),
        outcome.next.step.name(),
        next,
    ];
    for name in names {
        out.push_str(name);
        out.push(',');
    }
    for (at, warning) in outcome.warnings.iter().enumerate() {
        out.push_str(if at == 0 { "[{\"code\":\"" } else { ",{\"code\":\"" });
        out.push_str(warning.code);
        out.push_str("\",\"message\":");
        out.push_str(Json::string(&warning.message).text());
        out.push('}');
    }
    if !outcome.warnings.is_empty() {
        out.push(']');
    }
    out
}

/// An instant: a text as session files hold it, milliseconds since the epoch, or a `Date`.
pub(crate) fn instant(value: &JsValue) -> Result<Timestamp, JsValue> {
    let wrong = || {
        Thrown::invalid(
            "now must be a Date, milliseconds since 1970, or a time such as 2024-08-11T14:30:00Z.".to_owned(),
        )
    };
    if let Some(text) = value.as_string() {
        return Timestamp::parse(&text).ok_or_else(wrong);
    }
    let milliseconds = match value.dyn_ref::<js_sys::Date>() {
        Some(date) => date.get_time(),
        None => value.as_f64().unwrap_or(f64::NAN),
    };
    if !milliseconds.is_finite() {
        return Err(wrong());
    }
    Ok(Timestamp::from_unix((milliseconds / 1000.0).floor() as i64))
}
