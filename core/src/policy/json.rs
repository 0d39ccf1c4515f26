//! Policies in JSON: only values that differ from the default, with unknown fields refused.

use super::{OverBudget, Policy, Thresholds};
use crate::document::ROOT;
use crate::fields::Fields;
use crate::quality::Gate;
use crate::refusal::Fault;
use crate::{Refusal, Stage};

const OF: &str = "policy";

/// Longest duration that a policy may set: a century in seconds.
const LONGEST: u64 = 3_155_760_000;

impl Policy {
    /// Parses a policy from a JSON object of the values that differ from the default.
    ///
    /// Its fields are `thresholds` by gate, `typical_durations` (seconds) and `shares` (US dollars) by stage, `budget`,
    /// `retry_limit`, `stalled_after` and `wait_limit` (seconds), `require_handoff`, and `over_budget`: `warn` or `block`.
    ///
    /// # Errors
    /// `invalid_value`, with the field, the value it needs and the value it has.
    ///
    /// ```
    /// use callboard_core::{Policy, Stage};
    /// let policy = Policy::from_json(r#"{"retry_limit": 5, "shares": {"writing": 3}}"#).unwrap();
    /// assert_eq!((policy.retry_limit, policy.share(Stage::Writing).to_string()), (5, "3.00".to_owned()));
    /// let refusal = Policy::from_json(r#"{"retry_limits": 5}"#).unwrap_err();
    /// assert_eq!(refusal.hint.as_deref(), Some("Did you mean \"retry_limit\"?"));
    /// ```
    pub fn from_json(text: &str) -> Result<Policy, Refusal> {
        read(text).map_err(|fault| fault.into_refusal(Vec::new()))
    }
}

fn read(text: &str) -> Result<Policy, Fault> {
    let document = Fields::document(text, OF, "A policy is a JSON object.")?;
    let fields = Fields { document: &document, object: ROOT, of: OF };
    fields.only(&[
        "thresholds",
        "typical_durations",
        "shares",
        "budget",
        "retry_limit",
        "stalled_after",
        "wait_limit",
        "require_handoff",
        "over_budget",
    ])?;
    let mut policy = Policy::default();
    let section = |name| Ok(fields.object(name)?.map(|given| Fields { of: OF, ..given }));
    if let Some(given) = section("thresholds")? {
        thresholds(&given, &mut policy.thresholds)?;
    }
    let stages = Stage::ALL.map(Stage::name);
    if let Some(given) = section("typical_durations")? {
        given.only(&stages)?;
        for (name, duration) in stages.into_iter().zip(&mut policy.typical_durations) {
            *duration = seconds(&given, name)?.unwrap_or(*duration);
        }
    }
    if let Some(given) = section("shares")? {
        given.only(&stages)?;
        for (name, share) in stages.into_iter().zip(&mut policy.shares) {
            *share = given.amount(name)?.unwrap_or(*share);
        }
    }
    policy.budget = fields.amount("budget")?.unwrap_or(policy.budget);
    if let Some(limit) = fields.whole("retry_limit", u32::MAX.into())? {
        policy.retry_limit = u32::try_from(limit).unwrap_or(u32::MAX);
    }
    policy.stalled_after = seconds(&fields, "stalled_after")?.unwrap_or(policy.stalled_after);
    policy.wait_limit = seconds(&fields, "wait_limit")?.unwrap_or(policy.wait_limit);
    policy.require_handoff = fields.flag("require_handoff")?.unwrap_or(policy.require_handoff);
    policy.over_budget = match (fields.set("over_budget"), fields.text("over_budget")?.as_deref()) {
        (_, Some("block")) => OverBudget::Block,
        (None, _) | (_, Some("warn")) => OverBudget::Warn,
        (Some(value), _) => return Err(fields.wrong("over_budget", "\"warn\" or \"block\"", value)),
    };
    Ok(policy)
}

fn thresholds(given: &Fields<'_>, thresholds: &mut Thresholds) -> Result<(), Fault> {
    given.only(&Gate::ALL.map(Gate::name))?;
    for gate in Gate::ALL {
        if let Some(value) = given.set(gate.name()) {
            let score = given.number(gate.name())?.filter(|score| (0.0..=1.0).contains(score));
            let score = score.ok_or_else(|| given.wrong(gate.name(), "between 0 and 1", value))?;
            thresholds.set(gate, score);
        }
    }
    Ok(())
}

fn seconds(given: &Fields<'_>, name: &str) -> Result<Option<i64>, Fault> {
    Ok(given.whole(name, LONGEST)?.and_then(|seconds| i64::try_from(seconds).ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn given_values_differ_and_the_rest_is_the_default() {
        let all = r#"{"thresholds": {"overall": 0.5}, "typical_durations": {"synthesis": 60}, "shares": {"research": 1.5},
            "budget": 20, "retry_limit": 0, "stalled_after": 600, "wait_limit": 7200, "require_handoff": true, "over_budget": "block"}"#;
        let policy = Policy::from_json(all).ok();
        let mut expected = Policy::default();
        expected.thresholds.set(Gate::Overall, 0.5);
        expected.typical_durations[3] = 60;
        expected.shares[0] = crate::Money::from_micros(1_500_000);
        expected.budget = crate::Money::from_micros(20_000_000);
        expected.retry_limit = 0;
        expected.stalled_after = 600;
        expected.wait_limit = 7200;
        expected.require_handoff = true;
        expected.over_budget = OverBudget::Block;
        assert_eq!(policy, Some(expected));
        assert_eq!(Policy::from_json("{}").ok(), Some(Policy::default()));
        assert_eq!(Policy::from_json(r#"{"budget": null}"#).ok(), Some(Policy::default()));
        let nothing = Policy { budget: crate::Money::ZERO, ..Policy::default() };
        assert_eq!(Policy::from_json(r#"{"budget": -0.0}"#).ok(), Some(nothing));
    }

    #[test]
    fn a_wrong_field_is_named() {
        let check = |text: &str, expected: &str| {
            assert_eq!(Policy::from_json(text).map_err(|refusal| refusal.message), Err(expected.to_owned()), "{text}");
        };
        check("[]", "A policy is a JSON object.");
        check(r#"{"retries": 3}"#, "The policy has an unknown field \"retries\".");
        check(r#"{"retry_limit": -1}"#, "retry_limit must be a whole number, not -1.");
        check(r#"{"retry_limit": 1.5}"#, "retry_limit must be a whole number, not 1.5.");
        check(r#"{"budget": -1}"#, "budget must be an amount of 0 dollars or more, not -1.");
        check(r#"{"budget": -1e-7}"#, "budget must be an amount of 0 dollars or more, not -1e-7.");
        check(r#"{"budget": "-1"}"#, "budget must be an amount in dollars, not \"-1\".");
        check(r#"{"shares": {"writing": -1e-400}}"#, "writing must be an amount of 0 dollars or more, not -1e-400.");
        check(r#"{"thresholds": {"overall": 85}}"#, "overall must be between 0 and 1, not 85.");
        check(r#"{"thresholds": {"style": 1}}"#, "The policy has an unknown field \"style\".");
        check(r#"{"over_budget": "stop"}"#, "over_budget must be \"warn\" or \"block\", not \"stop\".");
        check(r#"{"require_handoff": 1}"#, "require_handoff must be true or false, not 1.");
        check(r#"{"shares": {"audio": 1}}"#, "The policy has an unknown field \"audio\".");
    }
}
