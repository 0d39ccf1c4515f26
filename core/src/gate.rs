//! Quality gates: which failed, and where each sends the session back to.

use crate::{GateReport, Policy, Session, Stage};

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

/// How a session stands at one quality gate.
///
/// See the example at [`Session::gates`].
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct GateStanding {
    /// The gate's name.
    pub gate: &'static str,
    /// The score that the file holds, 0 to 1; none where it holds none.
    pub score: Option<f64>,
    /// The least score that passes.
    pub threshold: f64,
    /// Whether the score passes; none where it is unknown.
    pub met: Option<bool>,
}

impl Session {
    /// How the session stands at each gate that has a threshold. The file's metrics name two of them,
    /// `overall_quality` and `brand_consistency`; the others are known only where a writer has added them.
    ///
    /// ```
    /// use callboard_core::{Policy, Session};
    /// let session = Session::parse(r#"{"session_id": "a", "quality_metrics": {"overall_quality": 0.9}}"#).unwrap();
    /// let gates = session.gates(&Policy::default());
    /// assert_eq!(gates.map(|gate| gate.gate), ["comprehension", "brand_consistency", "engagement", "technical", "overall"]);
    /// assert_eq!((gates[0].met, gates[4].met), (None, Some(true)));
    /// ```
    pub fn gates(&self, policy: &Policy) -> [GateStanding; 5] {
        let thresholds = &policy.thresholds;
        [
            ("comprehension", "comprehension", thresholds.comprehension),
            ("brand_consistency", "brand_consistency", thresholds.brand_consistency),
            ("engagement", "engagement", thresholds.engagement),
            ("technical", "technical", thresholds.technical),
            ("overall", "overall_quality", thresholds.overall),
        ]
        .map(|(gate, metric, threshold)| {
            let score = self.score_at(&["quality_metrics", metric]);
            GateStanding { gate, score, threshold, met: score.map(|score| score >= threshold) }
        })
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
