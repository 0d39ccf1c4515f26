//! Health: whether a session needs somebody, and why.

use crate::session::{Place, Situation};
use crate::stage::named;
use crate::{Agent, AgentStatus, Money, Policy, Session, Stage, State, Timestamp};

/// How a session fares, the best first: they compare by how much they matter.
///
/// ```
/// use callboard_core::HealthLevel;
/// assert_eq!([HealthLevel::AtRisk, HealthLevel::Stalled].into_iter().max(), Some(HealthLevel::Stalled));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HealthLevel {
    /// Nothing speaks against it.
    Healthy,
    /// It may need somebody: it has failed and can be retried, it is late, or its money runs out.
    AtRisk,
    /// Its agent has given no sign of life for long.
    Stalled,
    /// It is escalated: nothing goes on without a person.
    Failed,
}

impl HealthLevel {
    /// Every level, the best first.
    ///
    /// ```
    /// use callboard_core::HealthLevel;
    /// assert_eq!(HealthLevel::ALL.map(HealthLevel::name), ["healthy", "at_risk", "stalled", "failed"]);
    /// ```
    pub const ALL: [HealthLevel; 4] =
        [HealthLevel::Healthy, HealthLevel::AtRisk, HealthLevel::Stalled, HealthLevel::Failed];

    /// The level's name.
    ///
    /// See the example at [`HealthLevel::ALL`].
    pub const fn name(self) -> &'static str {
        match self {
            HealthLevel::Healthy => "healthy",
            HealthLevel::AtRisk => "at_risk",
            HealthLevel::Stalled => "stalled",
            HealthLevel::Failed => "failed",
        }
    }
}

named!(HealthLevel);

/// How a session fares, and why.
///
/// See the example at [`Session::health`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Health {
    /// The worst that holds.
    pub health: HealthLevel,
    /// Everything that speaks against it, the worst first; none where it is healthy.
    pub reasons: Vec<Reason>,
}

/// One thing that speaks against a session.
///
/// See the example at [`Session::health`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Reason {
    /// How bad it is.
    pub health: HealthLevel,
    /// A stable code: `escalated`, `unreadable_state`, `stalled`, `failed`, `retry`, `past_estimate`,
    /// `budget`, `stage_over_share`.
    pub code: &'static str,
    /// One plain sentence.
    pub message: String,
}

/// How much of the budget may be spent before a session is at risk.
const BUDGET_AT_RISK_PERCENT: i128 = 80;

impl Session {
    /// How the session fares at `now`. A session whose state cannot be read counts as failed: nothing can
    /// go on in it.
    ///
    /// ```
    /// use callboard_core::{HealthLevel, Policy, Session, Timestamp};
    /// let session = Session::parse(r#"{"session_id": "a", "pipeline_state": {"current_stage": "writing"},
    ///     "agent_outputs": {"script_writer": {"status": "failed", "error": "timeout"}}}"#).unwrap();
    /// let health = session.health(Timestamp::from_unix(0), &Policy::default());
    /// assert_eq!((health.health, health.reasons[0].code), (HealthLevel::AtRisk, "failed"));
    /// ```
    pub fn health(&self, now: Timestamp, policy: &Policy) -> Health {
        let situation = self.situation();
        let mut reasons = Vec::new();
        if let Some(unreadable) = &situation.unreadable {
            reasons.push(Reason {
                health: HealthLevel::Failed,
                code: "unreadable_state",
                message: unreadable.message.clone(),
            });
        } else if let Place::At(stage) = situation.place {
            self.agent_reasons(&situation, stage.agent(), now, policy, &mut reasons);
        }
        if situation.unreadable.is_none() && situation.place != Place::Complete {
            self.money_reasons(policy, &mut reasons);
        }
        reasons.sort_by_key(|reason| std::cmp::Reverse(reason.health));
        Health { health: reasons.first().map_or(HealthLevel::Healthy, |reason| reason.health), reasons }
    }

    fn agent_reasons(
        &self,
        situation: &Situation,
        agent: Agent,
        now: Timestamp,
        policy: &Policy,
        reasons: &mut Vec<Reason>,
    ) {
        let mut add = |health, code, message| reasons.push(Reason { health, code, message });
        let error = || match self.string_at(&["agent_outputs", agent.name(), "error"]) {
            Some(error) => format!(": {}", crate::event::shorten(&error)),
            None => String::new(),
        };
        match situation.state() {
            State::Failed if situation.escalated(policy.retry_limit) => {
                add(HealthLevel::Failed, "escalated", format!("{agent} has failed and needs a decision{}.", error()));
            }
            State::Failed => add(HealthLevel::AtRisk, "failed", format!("{agent} has failed{}.", error())),
            State::Retry => add(HealthLevel::AtRisk, "retry", format!("{agent} is to be tried again{}.", error())),
            _ => {}
        }
        if situation.status(agent) != AgentStatus::InProgress {
            return;
        }
        if self.stalled(agent, now, policy) {
            let message = format!("{agent} is at work, long overdue, and has given no sign of life.");
            add(HealthLevel::Stalled, "stalled", message);
        } else if let Some(estimate) = self.estimate(agent, policy).filter(|estimate| now > *estimate) {
            let minutes = (now.unix() - estimate.unix()) / 60;
            add(HealthLevel::AtRisk, "past_estimate", format!("{agent} is {minutes} min past its estimate."));
        }
    }

    fn money_reasons(&self, policy: &Policy, reasons: &mut Vec<Reason>) {
        let mut add = |code, message| reasons.push(Reason { health: HealthLevel::AtRisk, code, message });
        let costs = self.costs();
        if let (Some(total), Some(budget)) = (costs.total, costs.budget)
            && i128::from(total.micros()) * 100 >= i128::from(budget.micros()) * BUDGET_AT_RISK_PERCENT
            && total > Money::ZERO
        {
            add("budget", format!("${total} of a budget of ${budget} are spent."));
        }
        for stage in Stage::ALL {
            let share = policy.share(stage);
            if let (Some(true), Some(cost)) = (costs.over_share(stage, policy), costs.stages[stage.index()]) {
                add("stage_over_share", format!("{stage} has cost ${cost} of its share of ${share}."));
            }
        }
    }

    /// When an agent at work expects to be done: as it says, else its start and the typical duration.
    pub(crate) fn estimate(&self, agent: Agent, policy: &Policy) -> Option<Timestamp> {
        let at = |key: &str| self.time_at(&["agent_outputs", agent.name(), key]);
        let typical = || at("start_time").map(|start| start.plus(policy.typical_duration(agent.stage())));
        at("estimated_completion").or_else(typical)
    }

    /// Whether an agent at work is overdue: past its estimate and its last sign of life by the policy's time.
    pub(crate) fn stalled(&self, agent: Agent, now: Timestamp, policy: &Policy) -> bool {
        let last_sign = self.estimate(agent, policy).max(self.last_updated());
        last_sign.is_some_and(|last| now > last.plus(policy.stalled_after))
    }
}
