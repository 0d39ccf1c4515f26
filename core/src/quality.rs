//! Quality gates and metrics: names, default thresholds, and the stage that each failed gate sends a session back to.

use crate::decimal::Decimal;
use crate::named_enum::named_enum;
use crate::names::same_name;
use crate::{Agent, Stage};

named_enum! {
/// Quality metric of a session.
///
/// ```
/// use callboard_core::{Agent, Metric};
/// assert_eq!(Metric::ALL.map(Metric::name), ["research_quality", "script_quality", "overall_quality", "brand_consistency"]);
/// assert_eq!(Metric::of(Agent::ScriptWriter), Some(Metric::ScriptQuality));
/// assert_eq!(Metric::of(Agent::AudioSynthesizer), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is the metric of its name in the file")]
pub enum Metric {
    ResearchQuality = "research_quality",
    ScriptQuality = "script_quality",
    OverallQuality = "overall_quality",
    BrandConsistency = "brand_consistency",
}
}

impl Metric {
    /// The metric that an agent's `quality_score` sets; none for the audio synthesizer.
    ///
    /// See the example at [`Metric`].
    pub const fn of(agent: Agent) -> Option<Metric> {
        match agent {
            Agent::ResearchCoordinator => Some(Metric::ResearchQuality),
            Agent::ScriptWriter => Some(Metric::ScriptQuality),
            Agent::QualityEvaluator => Some(Metric::OverallQuality),
            Agent::AudioSynthesizer => None,
        }
    }

    /// The agent whose attempt sets the metric.
    ///
    /// ```
    /// use callboard_core::{Agent, Metric};
    /// assert_eq!(Metric::BrandConsistency.agent(), Agent::QualityEvaluator);
    /// ```
    pub const fn agent(self) -> Agent {
        match self {
            Metric::ResearchQuality => Agent::ResearchCoordinator,
            Metric::ScriptQuality => Agent::ScriptWriter,
            Metric::OverallQuality | Metric::BrandConsistency => Agent::QualityEvaluator,
        }
    }
}

named_enum! {
/// Quality gate with a threshold. A report may also name gates that have none.
///
/// ```
/// use callboard_core::{Gate, Metric, Stage};
/// assert_eq!(Gate::parse("Brand-Consistency"), Some(Gate::BrandConsistency));
/// assert_eq!((Gate::Overall.label(), Gate::Overall.default_threshold()), ("Overall", 0.85));
/// assert_eq!((Gate::Overall.metric(), Gate::Engagement.metric()), (Some(Metric::OverallQuality), None));
/// assert!(Gate::ALL.into_iter().all(|gate| gate.sends_back_to() == Stage::Writing));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is the gate of its name")]
pub enum Gate {
    Comprehension = "comprehension",
    BrandConsistency = "brand_consistency",
    Engagement = "engagement",
    Technical = "technical",
    Overall = "overall",
}
}

impl Gate {
    /// The gate with a name, ignoring case and hyphens. See the example at [`Gate`].
    pub fn parse(name: &str) -> Option<Gate> {
        Gate::ALL.into_iter().find(|gate| same_name(gate.name(), name))
    }

    /// The gate's name for people. See the example at [`Gate`].
    pub const fn label(self) -> &'static str {
        match self {
            Gate::Comprehension => "Comprehension",
            Gate::BrandConsistency => "Brand consistency",
            Gate::Engagement => "Engagement",
            Gate::Technical => "Technical",
            Gate::Overall => "Overall",
        }
    }

    /// The lowest passing score, 0 to 1, unless the policy sets another. See the example at [`Gate`].
    pub const fn default_threshold(self) -> f64 {
        match self {
            Gate::Comprehension | Gate::Technical | Gate::Overall => 0.85,
            Gate::BrandConsistency => 0.90,
            Gate::Engagement => 0.80,
        }
    }

    /// The session's metric that holds the gate's score, if it has one. See the example at [`Gate`].
    pub const fn metric(self) -> Option<Metric> {
        match self {
            Gate::BrandConsistency => Some(Metric::BrandConsistency),
            Gate::Overall => Some(Metric::OverallQuality),
            Gate::Comprehension | Gate::Engagement | Gate::Technical => None,
        }
    }

    /// The stage that the session returns to when the gate fails. See the example at [`Gate`].
    pub const fn sends_back_to(self) -> Stage {
        self.route().stage
    }

    const fn route(self) -> GateRoute {
        let carries = match self {
            Gate::Technical => Carries::Adjustments,
            _ => Carries::Feedback,
        };
        GateRoute { stage: Stage::Writing, carries }
    }
}

/// The stage that a failed gate sends the session back to, and the part of the report that goes with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct GateRoute {
    pub(crate) stage: Stage,
    pub(crate) carries: Carries,
}

/// Part of a gate report that is written to the session for the agents that start again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Carries {
    /// `recommendations`, as `feedback`.
    Feedback,
    /// `technical_fixes`, as `adjustments_needed`.
    Adjustments,
}

impl GateRoute {
    /// The route of a gate by its name, including gates without a threshold.
    pub(crate) fn of(gate: &str) -> GateRoute {
        match (Gate::parse(gate), gate) {
            (Some(gate), _) => gate.route(),
            (None, "research_quality" | "accuracy") => GateRoute { stage: Stage::Research, carries: Carries::Feedback },
            (None, _) => GateRoute { stage: Stage::Writing, carries: Carries::Feedback },
        }
    }
}

/// The upper end of a score's scale, 1, 10 or 100; none if its range leaves a doubt. `largest` is the largest score
/// beside it.
///
/// A score up to 1 is of one; from 2 to 10, of ten unless a score beside it exceeds 10; from 20 to 100, of a hundred, and
/// so is one from 10 on if a score beside it is. 1.05 may be more than everything, but is hardly a tenth.
pub(crate) fn score_scale(score: f64, largest: f64) -> Option<u8> {
    match score {
        _ if (0.0..=1.0).contains(&score) => Some(1),
        _ if (2.0..=10.0).contains(&score) && largest <= 10.0 => Some(10),
        _ if score > 10.0 && score <= 100.0 && largest >= 20.0 => Some(100),
        _ => None,
    }
}

/// A score of ten or of a hundred as one from 0 to 1, by shifting its decimal: a division would add binary rounding
/// errors. Rounded half-even to a millionth.
pub(crate) fn shifted_score(raw: &str, scale: u8) -> Option<f64> {
    let power = if scale == 100 { 2 } else { 1 };
    let millionths = Decimal::parse(raw)?.shifted_right(power).millionths()?;
    Some(millionths as f64 / 1e6)
}

/// Start of the error that failed gates leave; the names of the gates follow.
pub(crate) const GATES_FAILED: &str = "quality gates failed: ";

/// The names of the gates in the error that they leave; none for any other error.
pub(crate) fn failed_gate_names(error: &str) -> Option<impl Iterator<Item = &str>> {
    let names = error.strip_prefix(GATES_FAILED)?.split(',').map(str::trim);
    Some(names.filter(|name| !name.is_empty()))
}
