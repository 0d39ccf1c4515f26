//! Scores of a session or a report against the policy's thresholds.

use crate::quality::Gate;
use crate::{GateReport, Metric, Policy, Session};

/// Score of a session at a quality gate.
///
/// See the example at [`Session::gates`].
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct GateResult {
    /// The gate.
    pub gate: Gate,
    /// Score in the file, 0 to 1; none if it has none.
    pub score: Option<f64>,
    /// Lowest score that passes.
    pub threshold: f64,
    /// True if the score passes; none if it is unknown.
    pub met: Option<bool>,
}

impl Session {
    /// Compares the session's scores with the threshold of each gate.
    ///
    /// The format has metrics for two gates, `overall_quality` and `brand_consistency`; scores of the others are known
    /// only if a writer has added them.
    ///
    /// ```
    /// use callboard_core::{Gate, Policy, Session};
    /// let session = Session::parse(r#"{"session_id": "a", "quality_metrics": {"overall_quality": 0.9}}"#).unwrap();
    /// let gates = session.gates(&Policy::default());
    /// assert_eq!(gates.map(|gate| gate.gate), Gate::ALL);
    /// assert_eq!((gates[0].met, gates[4].met), (None, Some(true)));
    /// ```
    pub fn gates(&self, policy: &Policy) -> [GateResult; 5] {
        let scores = self.gate_scores();
        std::array::from_fn(|index| {
            let (gate, score) = (Gate::ALL[index], scores[index]);
            let threshold = policy.thresholds.of(gate);
            GateResult { gate, score, threshold, met: score.map(|score| score >= threshold) }
        })
    }

    /// The score of each gate in the file, in the order of [`Gate::ALL`].
    pub(crate) fn gate_scores(&self) -> [Option<f64>; 5] {
        Gate::ALL.map(|gate| {
            let key = gate.metric().map_or(gate.name(), Metric::name);
            self.score_at(&["quality_metrics", key])
        })
    }
}

impl GateReport {
    /// Names of the failed gates: first the named ones, then the gates scored below their threshold, each once.
    ///
    /// ```
    /// use callboard_core::{GateReport, Policy};
    /// let report = GateReport { scores: vec![("engagement".into(), 0.8), ("overall".into(), 0.84)], ..GateReport::default() };
    /// assert_eq!(report.failed(&Policy::default()), ["overall"]);
    /// ```
    pub fn failed(&self, policy: &Policy) -> Vec<String> {
        let mut failed: Vec<String> = Vec::new();
        let is_below =
            |gate: &str, score: f64| Gate::parse(gate).is_some_and(|gate| score < policy.thresholds.of(gate));
        let below = self.scores.iter().filter(|(gate, score)| is_below(gate, *score));
        for gate in self.failures.iter().chain(below.map(|(gate, _)| gate)) {
            let gate = canonical(gate);
            if !failed.contains(&gate) {
                failed.push(gate);
            }
        }
        failed
    }

    /// The last score of a gate.
    pub(crate) fn score(&self, gate: Gate) -> Option<f64> {
        self.scores.iter().rfind(|(name, _)| Gate::parse(name) == Some(gate)).map(|(_, score)| *score)
    }
}

/// Folds case and hyphens of a gate's name.
fn canonical(gate: &str) -> String {
    gate.to_ascii_lowercase().replace('-', "_")
}
