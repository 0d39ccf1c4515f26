//! Money and attempts of a session: used and allowed.

use crate::session::PipelinePosition;
use crate::{AgentStatus, Money, Policy, Session, Stage};

/// Money and attempts that a session has used, with its budget and the policy's limits.
///
/// See the example at [`Session::spending`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Spending {
    /// Cost so far, if known.
    pub total: Option<Money>,
    /// Budget of the session; none if the file has none.
    pub budget: Option<Money>,
    /// True if the cost is within the budget; none if either is unknown.
    pub within_budget: Option<bool>,
    /// Cost and share of the budget of each stage, in pipeline order.
    pub stages: [StageSpending; 4],
    /// Attempts of the current stage, including a running one; none without a current stage.
    pub attempts: Option<u64>,
    /// Attempts that the current stage may take before a person must decide.
    pub attempt_limit: u64,
}

/// Cost of a stage over all attempts.
///
/// See the example at [`Session::spending`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct StageSpending {
    /// The stage.
    pub stage: Stage,
    /// Cost, if known.
    pub cost: Option<Money>,
    /// Share of the budget by the policy.
    pub share: Money,
}

impl Session {
    /// Computes the money and attempts that the session has used, with its budget and a policy's limits.
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
        let PipelinePosition::At(stage) = situation.position else { return None };
        if situation.unreadable.is_some() {
            return None;
        }
        // A due retry has not started, although some agents count it when they fail.
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
