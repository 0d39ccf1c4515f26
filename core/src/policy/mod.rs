//! What a production may set for itself: thresholds, durations, budgets and limits.

mod json;

use crate::{Money, Stage};

/// The figures the rules work with; the defaults are the framework's.
///
/// ```
/// use callboard_core::{Policy, Stage};
/// let policy = Policy { retry_limit: 5, ..Policy::default() };
/// assert_eq!(policy.typical_duration(Stage::Research), 1680);
/// assert_eq!(policy.share(Stage::Writing).to_string(), "2.50");
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// The least score at which each quality gate passes.
    pub thresholds: Thresholds,
    /// How long each stage typically takes, in seconds, in the order of the pipeline.
    pub typical_durations: [i64; 4],
    /// Each stage's share of the budget, in the order of the pipeline.
    pub shares: [Money; 4],
    /// The budget of a new session.
    pub budget: Money,
    /// How many times a stage is tried again, and how many gate failures are routed back, before a person must decide.
    pub retry_limit: u32,
    /// How long past its estimate and its last sign of life an agent may be before it counts as stalled, in seconds.
    pub stalled_after: i64,
    /// How long a stage that could be started may wait for it before the session is at risk, in seconds.
    pub wait_limit: i64,
    /// Whether an agent must hand over to the next one when it completes.
    pub require_handoff: bool,
    /// What happens when a session has spent more than its budget.
    pub over_budget: OverBudget,
}

/// The least scores (0 to 1) at which the quality gates pass; an equal score passes.
///
/// ```
/// use callboard_core::{Policy, Thresholds};
/// let strict = Thresholds { overall: 0.95, ..Thresholds::default() };
/// let policy = Policy { thresholds: strict, ..Policy::default() };
/// assert_eq!(policy.thresholds.of("overall"), Some(0.95));
/// assert_eq!(policy.thresholds.of("accuracy"), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[expect(missing_docs, reason = "each is the gate of its name")]
pub struct Thresholds {
    pub comprehension: f64,
    pub brand_consistency: f64,
    pub engagement: f64,
    pub technical: f64,
    pub overall: f64,
}

/// What happens when a session has spent more than its budget.
///
/// ```
/// use callboard_core::{OverBudget, Policy};
/// assert_eq!(Policy::default().over_budget, OverBudget::Warn);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OverBudget {
    /// It is said, and work goes on.
    #[default]
    Warn,
    /// `start` and `retry` are refused; money already spent is recorded all the same.
    Block,
}

impl Default for Thresholds {
    fn default() -> Thresholds {
        Thresholds { comprehension: 0.85, brand_consistency: 0.90, engagement: 0.80, technical: 0.85, overall: 0.85 }
    }
}

impl Thresholds {
    /// The threshold of a gate by its name; none for a gate that has no threshold.
    ///
    /// See the example at [`Thresholds`].
    pub fn of(&self, gate: &str) -> Option<f64> {
        match gate {
            "comprehension" => Some(self.comprehension),
            "brand_consistency" => Some(self.brand_consistency),
            "engagement" => Some(self.engagement),
            "technical" => Some(self.technical),
            "overall" => Some(self.overall),
            _ => None,
        }
    }
}

impl Default for Policy {
    fn default() -> Policy {
        Policy {
            thresholds: Thresholds::default(),
            typical_durations: [1680, 1200, 600, 900],
            shares: [3_000_000, 2_500_000, 1_500_000, 2_000_000].map(Money::from_micros),
            budget: Money::from_micros(9_000_000),
            retry_limit: 3,
            stalled_after: 3600,
            wait_limit: 86_400,
            require_handoff: false,
            over_budget: OverBudget::Warn,
        }
    }
}

impl Policy {
    /// How long a stage typically takes, in seconds.
    ///
    /// See the example at [`Policy`].
    pub fn typical_duration(&self, stage: Stage) -> i64 {
        self.typical_durations[stage.index()]
    }

    /// A stage's share of the budget.
    ///
    /// See the example at [`Policy`].
    pub fn share(&self, stage: Stage) -> Money {
        self.shares[stage.index()]
    }
}
