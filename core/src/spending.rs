//! The money and attempts that a session has used, and those it may use.

use crate::session::Place;
use crate::{AgentStatus, Money, Policy, Session, Stage};

/// The money and attempts that a session has used, against its budget and the policy's limits.
///
/// See the example at [`Session::spending`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Spending {
    /// The cost so far; none where nothing is known.
    pub total: Option<Money>,
    /// The session's budget; none where the file states none.
    pub budget: Option<Money>,
    /// Whether the cost is within the budget; none where either is unknown.
    pub within_budget: Option<bool>,
    /// The cost of each stage and its share of the budget, in the order of the pipeline.
    pub stages: [StageSpending; 4],
    /// The attempts of the current stage, a running one included; none where no stage is current.
    pub attempts: Option<u64>,
    /// The attempts that the current stage may take before a person must decide.
    pub attempt_limit: u64,
}

/// The cost of a stage over all attempts.
///
/// See the example at [`Session::spending`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct StageSpending {
    /// The stage.
    pub stage: Stage,
    /// Its cost; none where that is unknown.
    pub cost: Option<Money>,
    /// Its share of the budget, by the policy.
    pub share: Money,
}

impl Session {
    /// The money and attempts that the session has used, against its budget and a policy's limits.
    ///
    /// ```
    /// use callboard_core::{Money, Policy, Session};
    /// let session = Session::parse(r#"{"session_id": "a",
    ///     "pipeline_state": {"current_stage": "writing", "retry_count": 1, "failed_attempts": 1},
    ///     "agent_outputs": {"script_writer": {"status": "in_progress"}},
    ///     "cost_tracking": {"research": 1.20, "budget": 9.00}}"#).unwrap();
    /// let spending = session.spending(&Policy::default());
    /// assert_eq!((spending.total, spending.budget), (Money::parse("1.20"), Money::parse("9.00")));
    /// assert_eq!((spending.attempts, spending.attempt_limit), (Some(2), 4));
    /// assert_eq!((spending.stages[1].cost, Some(spending.stages[1].share)), (None, Money::parse("2.50")));
    /// ```
    pub fn spending(&self, policy: &Policy) -> Spending {
        let costs = self.costs();
        let stages = Stage::ALL.map(|stage| StageSpending {
            stage,
            cost: costs.stages[stage.index()],
            share: policy.share(stage),
        });
        Spending {
            total: costs.total,
            budget: costs.budget,
            within_budget: costs.within_budget,
            stages,
            attempts: self.attempts_of_stage(),
            attempt_limit: u64::from(policy.retry_limit) + 1,
        }
    }

    fn attempts_of_stage(&self) -> Option<u64> {
        let situation = self.situation();
        let Place::At(stage) = situation.place else { return None };
        if situation.unreadable.is_some() {
            return None;
        }
        // A retry that is only due has not begun; some agents count it when they fail.
        let begun = match situation.statuses[stage.index()] {
            AgentStatus::InProgress => 1,
            AgentStatus::Failed => u64::from(!situation.retry_counted_at_failure()),
            _ => 0,
        };
        Some(situation.retry_count + begun)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_attempts_of_the_current_stage_are_counted() {
        let check = |stage: &str, status: &str, retries: u64, failures: u64, expected: Option<u64>| {
            let text = format!(
                r#"{{"session_id": "a", "pipeline_state": {{"current_stage": "{stage}", "retry_count": {retries},
                "failed_attempts": {failures}}}, "agent_outputs": {{"script_writer": {{"status": "{status}"}}}}}}"#
            );
            let spending = Session::parse(&text).unwrap().spending(&Policy::default());
            assert_eq!(spending.attempts, expected, "{text}");
        };
        check("writing", "pending", 0, 0, Some(0));
        check("writing", "in_progress", 0, 0, Some(1));
        check("writing", "failed", 0, 1, Some(1));
        check("writing", "retry", 1, 1, Some(1));
        check("writing", "failed", 3, 4, Some(4));
        check("writing", "failed", 1, 1, Some(1));
        check("complete", "complete", 0, 0, None);
        check("lunch", "in_progress", 0, 0, None);
    }
}
