//! Typed values of a session file, without judging them.

use super::{PipelinePosition, Session, Situation};
use crate::document::{Document, Keys, Kind, NodeId};
use crate::quality::{score_scale, shifted_score};
use crate::{Agent, AgentStatus, Metric, Money, Stage, Timestamp};

/// Episode of a session.
///
/// See the example at [`Session::episode`].
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Episode {
    /// Episode number, from 1.
    pub number: Option<u64>,
    /// Topic.
    pub topic: Option<String>,
    /// Complexity, 1 to 5.
    pub complexity_target: Option<u64>,
    /// Target duration in minutes.
    pub duration_target: Option<f64>,
    /// Target audience.
    pub target_audience: Option<String>,
}

/// Recorded work of an agent.
///
/// See the example at [`Session::agent`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct AgentOutput {
    /// Status, as the machine reads it.
    pub status: AgentStatus,
    /// Start of the current or last attempt.
    pub start_time: Option<Timestamp>,
    /// Estimated completion.
    pub estimated_completion: Option<Timestamp>,
    /// Path of the output.
    pub output_file: Option<String>,
    /// Duration in seconds.
    pub execution_time: Option<f64>,
    /// Cost of the last attempt.
    pub cost: Option<Money>,
    /// Quality score, 0 to 1.
    pub quality_score: Option<f64>,
    /// Error message.
    pub error: Option<String>,
}

/// Quality metrics of a session, 0 to 1; none if unknown.
///
/// See the example at [`Session::quality`].
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct QualityMetrics {
    /// Quality of the research.
    pub research_quality: Option<f64>,
    /// Quality of the script.
    pub script_quality: Option<f64>,
    /// Overall quality of the episode.
    pub overall_quality: Option<f64>,
    /// Consistency with the brand.
    pub brand_consistency: Option<f64>,
}

impl QualityMetrics {
    /// The value of a metric.
    ///
    /// ```
    /// use callboard_core::{Metric, QualityMetrics};
    /// let quality = QualityMetrics { script_quality: Some(0.9), ..QualityMetrics::default() };
    /// assert_eq!(quality.of(Metric::ScriptQuality), Some(0.9));
    /// ```
    pub const fn of(&self, metric: Metric) -> Option<f64> {
        match metric {
            Metric::ResearchQuality => self.research_quality,
            Metric::ScriptQuality => self.script_quality,
            Metric::OverallQuality => self.overall_quality,
            Metric::BrandConsistency => self.brand_consistency,
        }
    }
}

/// Costs of a session.
///
/// See the example at [`Session::costs`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct CostTracking {
    /// Cost of each stage over all attempts, in pipeline order.
    pub stages: [Option<Money>; 4],
    /// Stated total, or else the sum of the stages; none if neither is known.
    pub total: Option<Money>,
    /// True if the total is the sum of the stages, from which a stated total may differ.
    pub total_matches: bool,
    /// Budget, if stated.
    pub budget: Option<Money>,
    /// True if the total is within the budget; none if either is unknown.
    pub within_budget: Option<bool>,
}

/// Cost of a stage in the file.
#[derive(Clone, Copy)]
pub(crate) struct StageCost {
    /// The key that counts, the stage's own name first.
    pub(crate) key: Option<NodeId>,
    /// The amount; none if missing or not a number.
    pub(crate) amount: Option<Money>,
    /// A key of the stage with a value that is not an amount, preferring the key that counts.
    pub(crate) unreadable: Option<NodeId>,
    /// True if two keys of the stage have different amounts.
    pub(crate) contradicted: bool,
}

impl StageCost {
    /// Adds another key of the stage.
    #[inline(never)]
    fn add(&mut self, document: &Document, key: NodeId) {
        let amount = money(document, key + 1);
        if amount.is_none() && document.kind(key + 1) != Kind::Null {
            self.unreadable.get_or_insert(key);
        }
        if self.key.is_none() {
            self.key = Some(key);
            self.amount = amount;
        } else if amount.is_some() {
            self.contradicted |= self.amount.is_some() && self.amount != amount;
            self.amount = self.amount.max(amount);
        }
    }
}

impl CostTracking {
    /// True if a stage has cost more than its share of the budget; none if its cost is unknown.
    ///
    /// ```
    /// use callboard_core::{Policy, Session, Stage};
    /// let session = Session::parse(r#"{"session_id": "a", "cost_tracking": {"writing": 2.51}}"#).unwrap();
    /// let over = |stage| session.costs().over_share(stage, &Policy::default());
    /// assert_eq!((over(Stage::Writing), over(Stage::Research)), (Some(true), None));
    /// ```
    pub fn over_share(&self, stage: Stage, policy: &crate::Policy) -> Option<bool> {
        self.stages[stage.index()].map(|cost| cost > policy.share(stage))
    }
}

impl Session {
    /// Reads the episode.
    ///
    /// ```
    /// use callboard_core::Session;
    /// let session = Session::parse(r#"{"session_id": "a", "episode": {"number": 7, "topic": "Tides"}}"#).unwrap();
    /// let episode = session.episode();
    /// assert_eq!((episode.number, episode.topic.as_deref(), episode.duration_target), (Some(7), Some("Tides"), None));
    /// ```
    pub fn episode(&self) -> Episode {
        let text = |nested: &str, flat: &str| self.string_at(&["episode", nested]).or_else(|| self.string_at(&[flat]));
        let number = |nested: &str, flat: &str| {
            let value = self.at(&["episode", nested]).or_else(|| self.at(&[flat]))?;
            self.document().whole(value)
        };
        Episode {
            number: number("number", "episode_number"),
            topic: text("topic", "topic"),
            complexity_target: number("complexity_target", "complexity_level"),
            duration_target: self.number_at(&["episode", "duration_target"]),
            target_audience: text("target_audience", "target_audience"),
        }
    }

    /// Reads the recorded work of an agent.
    ///
    /// ```
    /// use callboard_core::{Agent, AgentStatus, Session};
    /// let session = Session::parse(r#"{"session_id": "a", "pipeline_state": {"current_stage": "writing"},
    ///     "agent_outputs": {"script_writer": {"status": "failed", "error": "timeout"}}}"#).unwrap();
    /// let writer = session.agent(Agent::ScriptWriter);
    /// assert_eq!((writer.status, writer.error.as_deref()), (AgentStatus::Failed, Some("timeout")));
    /// ```
    pub fn agent(&self, agent: Agent) -> AgentOutput {
        self.agent_in(&self.situation(), agent)
    }

    /// Reads the recorded work of an agent in a situation that was read before.
    pub(crate) fn agent_in(&self, situation: &Situation, agent: Agent) -> AgentOutput {
        let name = agent.name();
        let at = |key: &'static str| ["agent_outputs", name, key];
        AgentOutput {
            status: situation.status(agent),
            start_time: self.time_at(&at("start_time")),
            estimated_completion: self.time_at(&at("estimated_completion")),
            output_file: self.string_at(&at("output_file")),
            execution_time: self.number_at(&at("execution_time")),
            cost: self.money_at(&at("cost")),
            quality_score: self.score_at(&at("quality_score")),
            error: self.string_at(&at("error")),
        }
    }

    /// Reads the quality metrics.
    ///
    /// ```
    /// use callboard_core::Session;
    /// let session = Session::parse(r#"{"session_id": "a", "quality_metrics": {"research_quality": 0.9, "script_quality": null}}"#).unwrap();
    /// assert_eq!((session.quality().research_quality, session.quality().script_quality), (Some(0.9), None));
    /// ```
    pub fn quality(&self) -> QualityMetrics {
        let metric = |metric: Metric| self.score_at(&["quality_metrics", metric.name()]);
        QualityMetrics {
            research_quality: metric(Metric::ResearchQuality),
            script_quality: metric(Metric::ScriptQuality),
            overall_quality: metric(Metric::OverallQuality),
            brand_consistency: metric(Metric::BrandConsistency),
        }
    }

    /// Reads the costs.
    ///
    /// ```
    /// use callboard_core::{Money, Session};
    /// let session = Session::parse(r#"{"session_id": "a", "cost_tracking": {"research": 1.20, "writing": 0.45, "budget": 1.50}}"#).unwrap();
    /// let costs = session.costs();
    /// assert_eq!((costs.total, costs.within_budget), (Money::parse("1.65"), Some(false)));
    /// ```
    pub fn costs(&self) -> CostTracking {
        self.ledger().1
    }

    /// Reads each stage's cost with its key, and the totals.
    pub(crate) fn ledger(&self) -> ([StageCost; 4], CostTracking) {
        let document = self.document();
        let section = self.at(&["cost_tracking"]);
        let amount = |name| section.and_then(|section| money(document, document.find(section, name)?));
        let stage_costs = self.stage_costs(section);
        let stages = [0, 1, 2, 3].map(|at: usize| stage_costs[at].amount);
        let (stated, budget) = (amount("total"), amount("budget"));
        let sum: Money = stages.iter().flatten().copied().sum();
        let known = stages.iter().any(Option::is_some);
        let total = stated.or(known.then_some(sum));
        let costs = CostTracking {
            stages,
            total,
            total_matches: stated.is_none_or(|stated| stated == sum || !known),
            budget,
            within_budget: total.zip(budget).map(|(total, budget)| total <= budget),
        };
        (stage_costs, costs)
    }

    /// The stages that are complete or skipped, in pipeline order.
    ///
    /// ```
    /// use callboard_core::Session;
    /// let session = Session::parse(r#"{"session_id": "a", "pipeline_state": {"current_stage": "writing",
    ///     "completed_stages": ["research"]}}"#).unwrap();
    /// assert_eq!(session.stages_done(), [true, false, false, false]);
    /// ```
    pub fn stages_done(&self) -> [bool; 4] {
        let situation = self.situation();
        Stage::ALL.map(|stage| situation.done(stage))
    }

    /// True if the session waits for a person's decision, because its retries or returns are used up.
    ///
    /// ```
    /// use callboard_core::{Policy, Session};
    /// let session = Session::parse(r#"{"session_id": "a", "pipeline_state": {"current_stage": "writing", "retry_count": 3,
    ///     "failed_attempts": 4}, "agent_outputs": {"script_writer": {"status": "failed"}}}"#).unwrap();
    /// assert!(session.escalated(&Policy::default()) && session.retry_count() == 3);
    /// ```
    pub fn escalated(&self, policy: &crate::Policy) -> bool {
        self.situation().escalated(policy.retry_limit)
    }

    /// Number of retries of the current stage.
    ///
    /// See the example at [`Session::escalated`].
    pub fn retry_count(&self) -> u64 {
        self.situation().retry_count
    }

    /// True if a stage's cost in the file is not an amount to which another can be added.
    pub(crate) fn cost_unreadable(&self, stage: Stage) -> bool {
        let Some(section) = self.at(&["cost_tracking"]) else { return false };
        let noun = self.document().find_exact(section, stage.name());
        // The sum goes under the stage's own name: if that has an amount, other keys do not matter.
        noun.and_then(|value| money(self.document(), value)).is_none() && self.stage_cost(stage).unreadable.is_some()
    }

    /// True if `total` or `budget` has a value that is not an amount.
    pub(crate) fn amount_unreadable(&self, key: &str) -> bool {
        self.at(&["cost_tracking", key]).is_some_and(|value| money(self.document(), value).is_none())
    }

    /// The cost of a stage by [`Session::stage_costs`].
    pub(crate) fn stage_cost(&self, stage: Stage) -> StageCost {
        self.stage_costs(self.at(&["cost_tracking"]))[stage.index()]
    }

    /// Reads each stage's cost from the section `cost_tracking`, under its name or an alias in any spelling.
    ///
    /// Of several keys of a stage, equal amounts count once, else the larger counts; of a repeated key, the last counts.
    fn stage_costs(&self, section: Option<NodeId>) -> [StageCost; 4] {
        let document = self.document();
        // Keys by stage and alias.
        let mut exact: [[Option<NodeId>; 3]; 4] = [[None; 3]; 4];
        let mut respelt: Vec<(usize, NodeId)> = Vec::new();
        for (key, _) in section.into_iter().flat_map(|section| document.members(section)) {
            let Some(name) = document.string(key) else { continue };
            if matches!(&*name, "total" | "budget" | "within_budget") {
                continue;
            }
            // Own names are compared first: nearly all files have only those.
            if let Some(stage) = Stage::ALL.into_iter().find(|stage| stage.name() == name) {
                exact[stage.index()][0] = Some(key);
            } else if let Some(stage) = Stage::parse(&name) {
                match stage.aliases().into_iter().position(|alias| alias == name) {
                    Some(at) => exact[stage.index()][at] = Some(key),
                    None => respelt.push((stage.index(), key)),
                }
            }
        }
        if let Some(section) = section.filter(|_| respelt.len() > 1) {
            let keys = Keys::of(document, section);
            respelt.retain(|(_, key)| keys.find(document, &document.string(*key).unwrap_or_default()) == Some(key + 1));
        }
        let mut costs = [StageCost { key: None, amount: None, unreadable: None, contradicted: false }; 4];
        for (cost, keys) in costs.iter_mut().zip(&exact) {
            for key in keys.iter().flatten() {
                cost.add(document, *key);
            }
        }
        for (stage, key) in respelt {
            costs[stage].add(document, key);
        }
        costs
    }

    pub(crate) fn money_at(&self, path: &[&str]) -> Option<Money> {
        self.at(path).and_then(|value| money(self.document(), value))
    }

    pub(crate) fn score_at(&self, path: &[&str]) -> Option<f64> {
        self.at(path).and_then(|value| self.score(value))
    }

    /// Reads a score, normalised to 0 to 1 where [`score_scale`] leaves no doubt about its scale.
    pub(crate) fn score(&self, value: NodeId) -> Option<f64> {
        let document = self.document();
        let score = document.number(value)?;
        if (0.0..=1.0).contains(&score) {
            return Some(score);
        }
        let metrics = Metric::ALL.iter().filter_map(|metric| self.at(&["quality_metrics", metric.name()]));
        let outputs = Agent::ALL.iter().filter_map(|agent| self.at(&["agent_outputs", agent.name(), "quality_score"]));
        let largest = metrics.chain(outputs).filter_map(|value| document.number(value)).fold(score, f64::max);
        shifted_score(document.raw(value), score_scale(score, largest)?)
    }

    /// Reads a finite number at a path.
    pub(crate) fn number_at(&self, path: &[&str]) -> Option<f64> {
        self.at(path).and_then(|value| self.document().number(value))
    }

    /// True if the session is complete.
    ///
    /// ```
    /// use callboard_core::Session;
    /// let session = Session::parse(r#"{"session_id": "a", "pipeline_state": {"current_stage": "complete"}}"#).unwrap();
    /// assert!(session.is_complete() && session.stage().is_none());
    /// ```
    pub fn is_complete(&self) -> bool {
        let situation = self.situation();
        situation.unreadable.is_none() && situation.position == PipelinePosition::Complete
    }
}

pub(super) fn money(document: &Document, value: NodeId) -> Option<Money> {
    if document.kind(value) != Kind::Number { None } else { Money::parse(document.raw(value)) }
}

/// Appends `"key": "text"` as compact JSON to an unfinished object.
pub(crate) fn push_json_string(out: &mut String, key: &str, text: &str) {
    if out.len() > 1 {
        out.push(',');
    }
    out.push_str(&crate::document::quote(key));
    out.push(':');
    out.push_str(&crate::document::quote(text));
}
