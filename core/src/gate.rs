//! Quality gates: which failed, and where each sends the session back to.

use crate::{GateReport, Policy, Stage};

/// What a failed gate carries back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Carries {
    /// `recommendations`, as `feedback`.
    Feedback,
    /// `technical_fixes`, as `adjustments_needed`.
    Adjustments,
}

/// Where a failed gate sends the session back to, and what it carries.
pub(crate) fn route(gate: &str) -> (Stage, Carries) {
    match gate {
        "technical" => (Stage::Writing, Carries::Adjustments),
        "research_quality" | "accuracy" => (Stage::Research, Carries::Feedback),
        _ => (Stage::Writing, Carries::Feedback),
    }
}

impl GateReport {
    /// The gates that failed: those named, and those scored below their threshold, each once, named first.
    ///
    /// ```
    /// use callboard_core::{GateReport, Policy};
    /// let report = GateReport { scores: vec![("engagement".into(), 0.8), ("overall".into(), 0.84)], ..GateReport::default() };
    /// assert_eq!(report.failed(&Policy::default()), ["overall"]);
    /// ```
    pub fn failed(&self, policy: &Policy) -> Vec<String> {
        let mut failed: Vec<String> = Vec::new();
        let below = self
            .scores
            .iter()
            .filter(|(gate, score)| policy.thresholds.of(&canonical(gate)).is_some_and(|threshold| *score < threshold));
        for gate in self.failures.iter().chain(below.map(|(gate, _)| gate)) {
            let gate = canonical(gate);
            if !failed.contains(&gate) {
                failed.push(gate);
            }
        }
        failed
    }

    /// The score of a gate, by its name in any case.
    pub(crate) fn score(&self, gate: &str) -> Option<f64> {
        self.scores.iter().rfind(|(name, _)| canonical(name) == gate).map(|(_, score)| *score)
    }
}

/// A gate's name with case and hyphens folded.
fn canonical(gate: &str) -> String {
    gate.to_ascii_lowercase().replace('-', "_")
}
