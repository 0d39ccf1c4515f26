//! Conversion of the core's values to JavaScript's, and back.

use callboard_core::{
    Agent, EventKind, Json, NextStep, Outcome, ParseError, Policy, Refusal, Stage, State, Timestamp, Warning,
};
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

    pub(crate) fn refusal(refusal: &Refusal) -> JsValue {
        let message = refusal.message.clone();
        Thrown { code: refusal.code.name(), message, line: None, column: None, refusal: Some(refusal) }.into_js()
    }

    pub(crate) fn out_of_memory() -> JsValue {
        let message = "There is not enough memory for this. Free sessions that you no longer need.".to_owned();
        Thrown { code: "out_of_memory", message, line: None, column: None, refusal: None }.into_js()
    }

    pub(crate) fn invalid(message: String) -> JsValue {
        Thrown { code: "invalid_value", message, line: None, column: None, refusal: None }.into_js()
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

/// Reads a policy from its JSON text; the default if there is none.
pub(crate) fn policy(text: Option<&str>) -> Result<Policy, JsValue> {
    text.map_or_else(
        || Ok(Policy::default()),
        |text| Policy::from_json(text).map_err(|refusal| Thrown::refusal(&refusal)),
    )
}

/// Largest attempt that fits into an outcome's number; a larger one is 0 there, and fetched by itself.
const MOST_ATTEMPTS: u64 = 63;

/// Packs an outcome into one number: four bits for each name (its index in [`names`]), one for warnings, one for a
/// duplicate, six for the attempt. Making an object of so little data would cost as much as a transition.
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

/// Names that an outcome's numbers stand for: events, agents, states and steps.
pub(crate) fn names() -> impl Serialize {
    (
        EventKind::ALL.map(EventKind::name),
        Agent::ALL.map(Agent::name),
        State::ALL.map(State::name),
        NextStep::ALL.map(NextStep::name),
    )
}

/// A value for each stage, by the stage's noun.
#[derive(Serialize)]
pub(crate) struct ByStage<T> {
    research: T,
    writing: T,
    evaluation: T,
    synthesis: T,
}

/// Typical duration of each stage under a policy, in seconds.
pub(crate) fn typical_durations(policy: &Policy) -> ByStage<i64> {
    let [research, writing, evaluation, synthesis] = Stage::ALL.map(|stage| policy.typical_duration(stage));
    ByStage { research, writing, evaluation, synthesis }
}

/// Duration of each stage of a session, in seconds; none if the file has none.
pub(crate) fn durations(durations: [Option<i64>; 4]) -> ByStage<Option<i64>> {
    let [research, writing, evaluation, synthesis] = durations;
    ByStage { research, writing, evaluation, synthesis }
}

/// Writes warnings as lines, a code and a sentence in turn: the shell reads them several times as quickly as JSON. Neither
/// holds a line end, being made of names, amounts and times.
pub(crate) fn warnings(warnings: &[Warning]) -> String {
    let mut out = String::with_capacity(160);
    for line in warnings.iter().flat_map(|warning| [warning.code, &warning.message]) {
        out.push_str(line);
        out.push('\n');
    }
    out
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
