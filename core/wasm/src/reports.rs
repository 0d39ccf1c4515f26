//! Policies and outcomes of sessions, as they cross the boundary.

use crate::convert::Thrown;
use callboard_core::{Agent, EventKind, NextStep, Outcome, Policy, Stage, State, Warning};
use serde::Serialize;
use wasm_bindgen::prelude::*;

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
