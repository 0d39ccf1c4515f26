//! Policy of a production: thresholds, durations, budgets and limits.

mod json;

use crate::quality::Gate;
use crate::{Money, Stage};

/// Thresholds, durations, budgets and limits. The defaults are the framework's.
///
/// ```
/// use callboard_core::{Policy, Stage};
/// let policy = Policy { retry_limit: 5, ..Policy::default() };
/// assert_eq!(policy.typical_duration(Stage::Research), 1680);
/// assert_eq!(policy.share(Stage::Writing).to_string(), "2.50");
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// Lowest passing score of each quality gate.
    pub thresholds: Thresholds,
    /// Typical duration of each stage in seconds, in pipeline order.
    pub typical_durations: [i64; 4],
    /// Share of the budget of each stage, in pipeline order.
    pub shares: [Money; 4],
    /// Budget of a new session.
    pub budget: Money,
    /// Number of retries of a stage, and of returns after failed gates, before a person must decide.
    pub retry_limit: u32,
    /// Seconds after its estimate and its last update from which an agent counts as stalled.
    pub stalled_after: i64,
    /// Seconds for which a stage may be ready to start before the session is at risk.
    pub wait_limit: i64,
    /// True if an agent must send a handoff when it completes.
    pub require_handoff: bool,
    /// Reaction to a session that has spent more than its budget.
    pub over_budget: OverBudget,
}

/// Lowest passing score (0 to 1) of each quality gate.
///
/// ```
/// use callboard_core::{Gate, Policy};
/// let mut policy = Policy::default();
/// policy.thresholds.set(Gate::Overall, 0.95);
/// assert_eq!(policy.thresholds.of(Gate::Overall), 0.95);
/// assert_eq!(policy.thresholds.of(Gate::Engagement), Gate::Engagement.default_threshold());
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thresholds([f64; Gate::ALL.len()]);

/// Reaction to a session that has spent more than its budget.
///
/// ```
/// use callboard_core::{OverBudget, Policy};
/// assert_eq!(Policy::default().over_budget, OverBudget::Warn);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OverBudget {
    /// A warning; work goes on.
    #[default]
    Warn,
    /// `start` and `retry` are refused; money already spent is still recorded.
    Block,
}

impl Default for Thresholds {
    fn default() -> Thresholds {
        Thresholds(Gate::ALL.map(Gate::default_threshold))
    }
}

impl Thresholds {
    /// The lowest score that passes a gate. See the example at [`Thresholds`].
    pub const fn of(&self, gate: Gate) -> f64 {
        self.0[gate as usize]
    }

    /// Sets the lowest score that passes a gate. See the example at [`Thresholds`].
    pub const fn set(&mut self, gate: Gate, threshold: f64) {
        self.0[gate as usize] = threshold;
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
    /// Typical duration of a stage in seconds.
    ///
    /// See the example at [`Policy`].
    pub fn typical_duration(&self, stage: Stage) -> i64 {
        self.typical_durations[stage.index()]
    }

    /// Share of the budget of a stage.
    ///
    /// See the example at [`Policy`].
    pub fn share(&self, stage: Stage) -> Money {
        self.shares[stage.index()]
    }
}
