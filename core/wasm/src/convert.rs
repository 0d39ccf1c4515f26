//! What crosses the boundary, and how.

use callboard_core::{
    Agent, EventKind, Json, NextStep, Outcome, ParseError, Policy, Refusal, Stage, State, Timestamp, Warning,
};
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

    pub(crate) fn out_of_memory() -> JsValue {
        let message = "There is not enough memory for this: free sessions that are not needed any more.".to_owned();
        Thrown { code: "out_of_memory", message, line: None, column: None, refusal: None }.into_js()
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

/// The largest attempt that an outcome's number has room for; a larger one is 0 there, and asked for.
const MOST_ATTEMPTS: u64 = 63;

/// An outcome as one number: four bits a name (by its place in [`names`]), one that says whether there are warnings, one
/// for a duplicate, six for the attempt. To make an object of so small a thing from here would cost as much as a
/// transition.
pub(crate) fn outcome(outcome: &Outcome) -> u32 {
    let next = outcome.next.agent.map_or(0, |agent| agent as u32 + 1);
    let parts =
        [outcome.event as u32, outcome.agent as u32, outcome.from as u32, outcome.to as u32, outcome.next.step as u32];
    let packed = parts.into_iter().rev().fold(next, |packed, part| packed << 4 | part);
    let attempt = if outcome.attempt <= MOST_ATTEMPTS { outcome.attempt as u32 } else { 0 };
    packed
        | u32::from(!outcome.warnings.is_empty()) << 24
        | u32::from(outcome.duplicate.is_some()) << 25
        | attempt << 26
}

/// The names that an outcome's numbers stand for: events, agents, states and steps, as JSON.
pub(crate) fn names() -> String {
    let list = |names: &[&str]| format!("[\"{}\"]", names.join("\",\""));
    let events = list(&EventKind::ALL.map(EventKind::name));
    let agents = list(&Agent::ALL.map(Agent::name));
    let states = list(&State::ALL.map(State::name));
    let steps = list(&NextStep::ALL.map(NextStep::name));
    format!("[{events},{agents},{states},{steps}]")
}

/// How long each stage typically takes under a policy, in seconds by its noun, as JSON.
pub(crate) fn durations(policy: &Policy) -> String {
    let of = |stage: Stage| format!("\"{}\":{}", stage.name(), policy.typical_duration(stage));
    format!("{{{}}}", Stage::ALL.map(of).join(","))
}

/// The durations of a session's stages as JSON: seconds by the stage's noun, null where the file has none.
pub(crate) fn own_durations(durations: [Option<i64>; 4]) -> String {
    let of = |(stage, duration): (Stage, Option<i64>)| match duration {
        Some(seconds) => format!("\"{}\":{seconds}", stage.name()),
        None => format!("\"{}\":null", stage.name()),
    };
    let parts: Vec<String> = Stage::ALL.into_iter().zip(durations).map(of).collect();
    format!("{{{}}}", parts.join(","))
}

/// Warnings as lines, a code and a sentence by turns: the shell reads them several times as quickly as JSON. Neither has
/// a line end in it, being made of names, amounts and times.
pub(crate) fn warnings(warnings: &[Warning]) -> String {
    let mut out = String::with_capacity(160);
    for line in warnings.iter().flat_map(|warning| [warning.code, &warning.message]) {
        out.push_str(line);
        out.push('\n');
    }
    out
}

/// An instant: a text as session files hold it; where there is none, milliseconds since the epoch. The shell takes a
/// `Date` apart: to ask it from here would cross the boundary three times.
pub(crate) fn instant(text: Option<String>, milliseconds: f64) -> Result<Timestamp, JsValue> {
    let seconds = (milliseconds / 1000.0).floor();
    let instant = match &text {
        Some(text) => Timestamp::parse(text),
        // The nearest instant that a file can hold is another one where there is none.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stands_at_its_own_number() {
        assert!(EventKind::ALL.iter().enumerate().all(|(at, name)| *name as usize == at));
        assert!(Agent::ALL.iter().enumerate().all(|(at, name)| *name as usize == at));
        assert!(State::ALL.iter().enumerate().all(|(at, name)| *name as usize == at));
        assert!(NextStep::ALL.iter().enumerate().all(|(at, name)| *name as usize == at));
    }
}
