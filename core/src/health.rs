//! Health of a session: its level, and the findings that lead to it.

use crate::attention::{Attention, AttentionKind};
use crate::history::{LazyHistory, is_gate_failure};
use crate::named_enum::named_enum;
use crate::names::shorten;
use crate::order::by_number;
use crate::sent_back::{failed_gate, gate_list};
use crate::session::{PipelinePosition, Situation};
use crate::time::span;
use crate::{
    Agent, AgentStatus, CostTracking, EventKind, HistoryEntry, Money, Notable, Policy, Session, Stage, State, Timestamp,
};

named_enum! {
/// Level of a session's health, from best to worst. Levels compare by severity.
///
/// ```
/// use callboard_core::HealthLevel;
/// assert_eq!(HealthLevel::ALL.map(HealthLevel::name), ["healthy", "unknown", "at_risk", "stalled", "failed"]);
/// assert_eq!([HealthLevel::AtRisk, HealthLevel::Stalled].into_iter().max(), Some(HealthLevel::Stalled));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HealthLevel {
    /// No finding.
    Healthy = "healthy",
    /// The file does not say its state.
    Unknown = "unknown",
    /// Needs attention: it failed and can be retried, it is late, or its budget runs out.
    AtRisk = "at_risk",
    /// Its agent is long overdue and has sent no update.
    Stalled = "stalled",
    /// Escalated: a person must decide before work continues.
    Failed = "failed",
}
}

/// Health of a session, with reasons.
///
/// See the example at [`Session::health`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Health {
    /// The worst level of the reasons.
    pub health: HealthLevel,
    /// Reasons for the level, the worst first; empty if healthy.
    pub reasons: Vec<Reason>,
}

/// Reason for a session's health level.
///
/// See the example at [`Session::health`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Reason {
    /// Level of this reason.
    pub health: HealthLevel,
    /// A stable code: `escalated`, `unreadable_state`, `stalled`, `failed`, `retry`, `past_estimate`,
    /// `gates_failed`, `waiting`, `budget`, `stage_over_share`, `unknown_state`.
    pub code: &'static str,
    /// Description in one sentence.
    pub message: String,
}

/// Share of the budget from which a session is at risk.
const BUDGET_AT_RISK_PERCENT: i128 = 80;

/// The stage that failed gates sent a session back to, with the time if the file has it.
type Returned = Option<(Stage, Option<Timestamp>)>;

/// Formats a time of day in the reader's zone; none where the reader's zone is not known.
pub(crate) type Clock<'a> = Option<&'a dyn Fn(Timestamp) -> String>;

/// Facts of a session from which its health is computed.
#[derive(Debug, Clone)]
pub(crate) struct HealthInputs {
    pub(crate) situation: Situation,
    pub(crate) costs: CostTracking,
    /// The working agent and its heartbeat.
    working: Option<(Agent, Heartbeat)>,
    /// The stage that failed gates sent the session back to, until its next attempt completes, and the time.
    sent_back: Returned,
    /// The agent that could be started, and the time since which it could.
    ready: Option<(Agent, Timestamp)>,
    /// The time at which the agent of the current stage failed, if it failed or waits for a retry.
    failed: Option<Timestamp>,
    /// The time of the last change.
    updated: Option<Timestamp>,
    times: StageTimes,
    quotes: Quotes,
}

/// Texts and scores of the file that reasons quote.
#[derive(Debug, Clone, Default)]
struct Quotes {
    /// The error of the current stage's agent, if it failed or waits for a retry.
    error: Option<String>,
    /// The gates that failed last, if the session was sent back by them.
    gates: Vec<String>,
    /// The scores of the gates, in the order of [`crate::Gate::ALL`].
    scores: [Option<f64>; 5],
}

/// Times by which a working agent is judged.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Heartbeat {
    estimate: Option<Timestamp>,
    start: Option<Timestamp>,
    last: Option<Timestamp>,
}

impl Heartbeat {
    /// Time at which the agent expects to be done: its own estimate, or its start plus the typical duration.
    pub(crate) fn estimate(self, agent: Agent, policy: &Policy) -> Option<Timestamp> {
        self.estimate.or_else(|| self.start.map(|start| start.plus(policy.typical_duration(agent.stage()))))
    }

    /// True if both the estimate and the last update are longer ago than the policy allows.
    fn stalled(self, agent: Agent, now: Timestamp, policy: &Policy) -> bool {
        let last_sign = self.estimate(agent, policy).max(self.last);
        last_sign.is_some_and(|last| now > last.plus(policy.stalled_after))
    }
}

/// Times of a session's current stage.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct StageTimes {
    /// Beginning of the phase.
    pub(crate) since: Option<Timestamp>,
    /// Time at which the session came to the stage.
    pub(crate) in_stage_since: Option<Timestamp>,
}

/// Reason for a session's health level, before it is put into words.
#[derive(Debug, Clone, Copy)]
enum Finding {
    Escalated(Agent),
    Unreadable,
    Unknown,
    /// With the times of the last update and of the estimate, where the file has them.
    Stalled(Agent, Option<Timestamp>, Option<Timestamp>),
    Failed(Agent),
    Retry(Agent),
    PastEstimate(Agent, Timestamp),
    GatesFailed,
    Waiting(Agent, Timestamp),
    Budget(Money, Money),
    OverShare(Stage, Money, Money),
}

impl Finding {
    fn level(self) -> HealthLevel {
        match self {
            Finding::Escalated(_) | Finding::Unreadable => HealthLevel::Failed,
            Finding::Stalled(..) => HealthLevel::Stalled,
            Finding::Unknown => HealthLevel::Unknown,
            _ => HealthLevel::AtRisk,
        }
    }

    fn code(self) -> &'static str {
        match self {
            Finding::Escalated(_) => "escalated",
            Finding::Unreadable => "unreadable_state",
            Finding::Stalled(..) => "stalled",
            Finding::Failed(_) => "failed",
            Finding::Retry(_) => "retry",
            Finding::PastEstimate(..) => "past_estimate",
            Finding::GatesFailed => "gates_failed",
            Finding::Waiting(..) => "waiting",
            Finding::Unknown => "unknown_state",
            Finding::Budget(..) => "budget",
            Finding::OverShare(..) => "stage_over_share",
        }
    }

    /// The news that its beginning makes; none if it calls nobody.
    fn notable(self) -> Option<Notable> {
        match self {
            Finding::Escalated(_) => Some(Notable::Escalated),
            Finding::Unreadable | Finding::Waiting(..) => Some(Notable::Decision),
            Finding::Stalled(..) => Some(Notable::Stalled),
            Finding::Failed(_) => Some(Notable::Failed),
            _ => None,
        }
    }
}

impl HealthInputs {
    /// The working agent and its heartbeat.
    pub(crate) fn working(&self) -> Option<(Agent, Heartbeat)> {
        self.working
    }

    /// The times of the current stage.
    pub(crate) fn stage_times(&self) -> StageTimes {
        self.times
    }

    /// All findings, the worst first: those about the agent come before those about money.
    fn findings(&self, now: Timestamp, policy: &Policy) -> Vec<Finding> {
        let mut findings = Vec::new();
        if self.situation.unreadable.is_some() {
            findings.push(if self.situation.unknown { Finding::Unknown } else { Finding::Unreadable });
            return findings;
        }
        if let PipelinePosition::At(stage) = self.situation.position {
            let agent = stage.agent();
            findings.extend(match self.situation.state() {
                State::Failed if self.situation.escalated(policy.retry_limit) => Some(Finding::Escalated(agent)),
                State::Failed => Some(Finding::Failed(agent)),
                State::Retry => Some(Finding::Retry(agent)),
                _ => None,
            });
        }
        if let Some((agent, heartbeat)) = self.working {
            if heartbeat.stalled(agent, now, policy) {
                findings.push(Finding::Stalled(agent, heartbeat.last, heartbeat.estimate(agent, policy)));
            } else if let Some(estimate) = heartbeat.estimate(agent, policy).filter(|estimate| now > *estimate) {
                findings.push(Finding::PastEstimate(agent, estimate));
            }
        }
        findings.extend(self.sent_back.map(|_| Finding::GatesFailed));
        if let Some((agent, since)) = self.ready
            && now > since.plus(policy.wait_limit)
        {
            findings.push(Finding::Waiting(agent, since));
        }
        if self.situation.position != PipelinePosition::Complete {
            self.money_findings(policy, &mut findings);
        }
        findings
    }

    fn money_findings(&self, policy: &Policy, findings: &mut Vec<Finding>) {
        if let (Some(total), Some(budget)) = (self.costs.total, self.costs.budget)
            && i128::from(total.micros()) * 100 >= i128::from(budget.micros()) * BUDGET_AT_RISK_PERCENT
            && total > Money::ZERO
        {
            findings.push(Finding::Budget(total, budget));
        }
        for stage in Stage::ALL {
            let share = policy.share(stage);
            if let (Some(true), Some(cost)) = (self.costs.over_share(stage, policy), self.costs.stages[stage.index()]) {
                findings.push(Finding::OverShare(stage, cost, share));
            }
        }
    }

    /// The session's health, with reasons in words.
    pub(crate) fn health(&self, now: Timestamp, policy: &Policy) -> Health {
        let findings = self.findings(now, policy).into_iter();
        let reasons: Vec<Reason> = findings.map(|finding| self.reason(finding, now, policy, None)).collect();
        Health { health: reasons.first().map_or(HealthLevel::Healthy, |reason| reason.health), reasons }
    }

    fn reason(&self, finding: Finding, now: Timestamp, policy: &Policy, clock: Clock<'_>) -> Reason {
        let message = self.message(finding, now, policy, clock);
        Reason { health: finding.level(), code: finding.code(), message }
    }

    /// The reasons with times of day, the one that needs attention first.
    pub(crate) fn reasons_by_attention(&self, now: Timestamp, policy: &Policy, clock: Clock<'_>) -> Vec<Reason> {
        let mut findings = self.findings(now, policy);
        by_number(&mut findings, |finding| self.kind(*finding).map_or(u64::MAX, |kind| kind as u64));
        findings.into_iter().map(|finding| self.reason(finding, now, policy, clock)).collect()
    }

    /// The kind of attention that a finding needs; none if it needs none.
    fn kind(&self, finding: Finding) -> Option<AttentionKind> {
        Some(match finding {
            Finding::Unknown => return None,
            Finding::Escalated(_) => AttentionKind::Escalated,
            Finding::Unreadable => AttentionKind::Unreadable,
            Finding::Failed(_) => AttentionKind::Failed,
            // While the agent works on it, a person has nothing to do.
            Finding::GatesFailed if self.working.is_some() || self.situation.state() == State::Retry => {
                AttentionKind::Rework
            }
            Finding::GatesFailed => AttentionKind::SentBack,
            Finding::Budget(total, budget) if total > budget => AttentionKind::OverBudget,
            Finding::Stalled(..) => AttentionKind::Stalled,
            Finding::Waiting(..) => AttentionKind::Waiting,
            Finding::Retry(_) => AttentionKind::Retry,
            Finding::PastEstimate(..) => AttentionKind::Late,
            Finding::Budget(..) | Finding::OverShare(..) => AttentionKind::Budget,
        })
    }

    /// The kind of event that most likely comes next for the current agent. See [`Session::likely_event`].
    pub(crate) fn likely_event(&self, now: Timestamp, policy: &Policy) -> Option<EventKind> {
        let situation = &self.situation;
        if situation.unreadable.is_some() || situation.position == PipelinePosition::Complete {
            return None;
        }
        Some(match situation.status(situation.position.agent()) {
            AgentStatus::Failed if situation.escalated(policy.retry_limit) => EventKind::Resume,
            AgentStatus::Failed => EventKind::Retry,
            AgentStatus::InProgress if self.has_stalled(now, policy) => EventKind::Resume,
            AgentStatus::InProgress => EventKind::Complete,
            AgentStatus::NotImplemented => EventKind::Skip,
            _ => EventKind::Start,
        })
    }

    /// The event that gets a stopped session going again, whether it would be refused or not.
    pub(crate) fn remedy(&self, now: Timestamp, policy: &Policy) -> Option<Remedy> {
        let stops = |finding: &Finding| {
            matches!(
                finding,
                Finding::Escalated(_)
                    | Finding::Failed(_)
                    | Finding::Retry(_)
                    | Finding::Stalled(..)
                    | Finding::GatesFailed
                    | Finding::Waiting(..)
            )
        };
        if !self.findings(now, policy).iter().any(stops) {
            return None;
        }
        // An agent that works on what gates sent back needs nothing.
        let kind = self.likely_event(now, policy).filter(|kind| *kind != EventKind::Complete)?;
        let asks = kind.needs_input() || self.situation.escalated(policy.retry_limit);
        Some(Remedy { kind, agent: self.situation.position.agent(), asks })
    }

    fn has_stalled(&self, now: Timestamp, policy: &Policy) -> bool {
        self.working.is_some_and(|(agent, heartbeat)| heartbeat.stalled(agent, now, policy))
    }

    /// True if the session has stopped: it failed, its agent has stalled, or nobody has started its stage or its retry
    /// for long.
    pub(crate) fn has_stopped(&self, now: Timestamp, policy: &Policy) -> bool {
        let stops = |finding: &Finding| match finding {
            Finding::Escalated(_) | Finding::Failed(_) | Finding::Stalled(..) | Finding::Waiting(..) => true,
            Finding::Retry(_) => self.times.since.is_some_and(|since| now > since.plus(policy.wait_limit)),
            _ => false,
        };
        self.findings(now, policy).iter().any(stops)
    }

    /// The finding that needs attention first.
    pub(crate) fn attention(&self, now: Timestamp, policy: &Policy) -> Option<Attention> {
        let findings = self.findings(now, policy);
        let with_kind = findings.into_iter().filter_map(|finding| Some((self.kind(finding)?, finding)));
        let (kind, finding) = with_kind.min_by_key(|(kind, _)| *kind)?;
        let agent = match finding {
            Finding::Escalated(agent)
            | Finding::Failed(agent)
            | Finding::Retry(agent)
            | Finding::Stalled(agent, ..)
            | Finding::PastEstimate(agent, _)
            | Finding::Waiting(agent, _) => Some(agent),
            Finding::GatesFailed => self.sent_back.map(|(stage, _)| stage.agent()),
            _ => None,
        };
        let since = match finding {
            Finding::Escalated(_) | Finding::Failed(_) | Finding::Retry(_) => self.failed,
            Finding::GatesFailed => self.sent_back.and_then(|(_, at)| at),
            Finding::Stalled(_, last, _) => last,
            Finding::PastEstimate(_, at) | Finding::Waiting(_, at) => Some(at),
            _ => None,
        };
        let cause = match finding {
            Finding::Escalated(_) | Finding::Failed(_) | Finding::Retry(_) => self.quotes.error.clone(),
            Finding::Unreadable => self.situation.unreadable.as_ref().map(|why| why.message.clone()),
            Finding::GatesFailed if !self.quotes.gates.is_empty() => Some(self.quotes.gates.join(", ")),
            Finding::Stalled(agent, ..) | Finding::PastEstimate(agent, _) | Finding::Waiting(agent, _) => {
                Some(agent.name().to_owned())
            }
            _ => None,
        };
        Some(Attention { kind, agent, since: since.or(self.updated), cause })
    }

    /// The condition that needs a person's attention: the worst finding that does, or the completion.
    pub(crate) fn notable(&self, now: Timestamp, policy: &Policy) -> Option<Notable> {
        let is_complete = self.situation.unreadable.is_none() && self.situation.position == PipelinePosition::Complete;
        if is_complete {
            return Some(Notable::Completed);
        }
        self.findings(now, policy).into_iter().find_map(Finding::notable)
    }

    /// The finding that needs a person's attention, in words.
    pub(crate) fn notable_reason(&self, now: Timestamp, policy: &Policy) -> Option<String> {
        let finding = self.findings(now, policy).into_iter().find(|finding| finding.notable().is_some())?;
        Some(self.message(finding, now, policy, None))
    }

    fn message(&self, finding: Finding, now: Timestamp, policy: &Policy, clock: Clock<'_>) -> String {
        let error = || match &self.quotes.error {
            Some(error) => {
                // An error may or may not end as a sentence.
                let end = if error.ends_with(['.', '!', '?', '…']) { "" } else { "." };
                format!(": {error}{end}")
            }
            None => ".".to_owned(),
        };
        match finding {
            Finding::Unreadable | Finding::Unknown => {
                self.situation.unreadable.as_ref().map_or_else(String::new, |why| why.message.clone())
            }
            Finding::Escalated(agent) => format!("{agent} has failed and needs a decision{}", error()),
            Finding::Failed(agent) => format!("{agent} has failed{}", error()),
            Finding::Retry(agent) => format!("{agent} will be retried{}", error()),
            Finding::Stalled(agent, update, estimate) => {
                let update = update.map_or_else(String::new, |at| format!(" for {}", span(at, now)));
                let expected = estimate.map_or_else(String::new, |at| format!(" (expected {})", when(at, now, clock)));
                format!("{agent}: no update{update}{expected}.")
            }
            Finding::PastEstimate(agent, at) => format!("{agent}: expected {}.", when(at, now, clock)),
            Finding::GatesFailed => match self.failed_gates(policy) {
                Some(gates) => format!("Sent back by evaluation: {gates}."),
                None => "Sent back by evaluation.".to_owned(),
            },
            Finding::Waiting(agent, since) => format!("{agent}: ready for {}, not started.", span(since, now)),
            Finding::Budget(total, budget) => format!("{} of the {} budget is spent.", total.usd(), budget.usd()),
            Finding::OverShare(stage, cost, share) => {
                format!("{stage} has cost {}, more than its share of {}.", cost.usd(), share.usd())
            }
        }
    }

    /// The stage that failed gates sent the session back to, until its next attempt completes.
    pub(crate) fn sent_back(&self) -> Option<Stage> {
        self.sent_back.map(|(stage, _)| stage)
    }

    /// The gates that failed last, with their scores in the file.
    fn failed_gates(&self, policy: &Policy) -> Option<String> {
        let gates: Vec<_> =
            self.quotes.gates.iter().map(|name| failed_gate(name, &self.quotes.scores, policy)).collect();
        (!gates.is_empty()).then(|| gate_list(&gates))
    }

    /// The worst level, and the attention that the session needs first.
    pub(crate) fn summary(&self, now: Timestamp, policy: &Policy) -> HealthSummary {
        let findings = self.findings(now, policy);
        let worst = findings.first();
        let over_budget = self.situation.unreadable.is_none()
            && self.situation.position != PipelinePosition::Complete
            && self.costs.within_budget == Some(false);
        let attention = findings.iter().filter_map(|finding| self.kind(*finding)).min();
        HealthSummary { health: worst.map_or(HealthLevel::Healthy, |worst| worst.level()), attention, over_budget }
    }
}

/// The current stage, if failed gates sent the session back to it and it has not completed since, with the time.
/// `gates` is true if other parts of the file record failed gates.
fn sent_back(stage: Stage, history: &[HistoryEntry], gates: bool) -> Returned {
    let Some(last) = history.iter().rposition(is_gate_failure) else {
        // Without a history the target is unknown: until the next evaluation, take the current stage for it.
        return (gates && stage < Stage::Evaluation).then_some((stage, None));
    };
    let target = history[last].to.as_deref().and_then(Stage::parse);
    let passed = |entry: &HistoryEntry| {
        entry.agent == Some(stage.agent())
            && [EventKind::Complete.name(), EventKind::Skip.name()].contains(&&*entry.event)
    };
    (target == Some(stage) && !history[last..].iter().any(passed)).then_some((stage, history[last].at))
}

/// Health of a session at a moment, in a form that can be compared across thousands. See the example at
/// [`Session::digest`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HealthSummary {
    /// The level that [`Session::health`] gives.
    pub health: HealthLevel,
    /// The attention that it needs first; none if it needs none.
    pub attention: Option<AttentionKind>,
    /// True if it is not complete and has spent more than its budget.
    pub over_budget: bool,
}

/// Event that gets a stopped session going again.
///
/// See the example at [`Session::remedy`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Remedy {
    /// Kind of event.
    pub kind: EventKind,
    /// Agent of the event.
    pub agent: Agent,
    /// True if a person has to enter something or decide: the reason of a skip, the override of an escalation.
    pub asks: bool,
}

impl Session {
    /// Computes the session's health at `now`.
    ///
    /// A session with an unreadable state counts as failed, because no event can be applied to it. One without a state
    /// is `unknown`.
    ///
    /// A stage waits for its start from the event that made it ready; without a history, from the completion of the
    /// stage before it, the creation of the session, or the last change of the file.
    ///
    /// ```
    /// use callboard_core::{HealthLevel, Policy, Session, Timestamp};
    /// let session = Session::parse(r#"{"session_id": "a", "pipeline_state": {"current_stage": "writing"},
    ///     "agent_outputs": {"script_writer": {"status": "failed", "error": "timeout"}}}"#).unwrap();
    /// let health = session.health(Timestamp::from_unix(0), &Policy::default());
    /// assert_eq!((health.health, health.reasons[0].code), (HealthLevel::AtRisk, "failed"));
    /// ```
    pub fn health(&self, now: Timestamp, policy: &Policy) -> Health {
        self.health_inputs().health(now, policy)
    }

    /// The event that gets a stopped session going again: its [`Session::likely_event`], if the session has stopped or was
    /// sent back. None if it needs no event, or the event would be refused now.
    ///
    /// ```
    /// use callboard_core::{EventKind, Policy, Session, Timestamp};
    /// let session = Session::parse(r#"{"session_id": "a", "pipeline_state": {"current_stage": "writing"},
    ///     "agent_outputs": {"script_writer": {"status": "failed"}}}"#).unwrap();
    /// let remedy = session.remedy(Timestamp::from_unix(0), &Policy::default()).unwrap();
    /// assert_eq!((remedy.kind, remedy.asks), (EventKind::Retry, false));
    /// ```
    pub fn remedy(&self, now: Timestamp, policy: &Policy) -> Option<Remedy> {
        let remedy = self.health_inputs().remedy(now, policy)?;
        self.allows(remedy.kind, remedy.agent, now, policy).then_some(remedy)
    }

    /// Reads the facts that health is computed from.
    pub(crate) fn health_inputs(&self) -> HealthInputs {
        self.health_inputs_in(self.situation(), &LazyHistory::of(self))
    }

    /// The facts from parts that other readers share.
    pub(crate) fn health_inputs_in(&self, situation: Situation, history: &LazyHistory<'_>) -> HealthInputs {
        let working = match situation.position {
            PipelinePosition::At(stage) if situation.status(stage.agent()) == AgentStatus::InProgress => {
                Some((stage.agent(), self.heartbeat(stage.agent())))
            }
            _ => None,
        };
        let (sent_back, ready) = self.expectations(&situation, history);
        let quotes = self.quotes(&situation, sent_back.is_some(), history);
        let failed = self.failed_at(&situation, history);
        let updated = self.last_updated();
        let times = self.stage_times(&situation, working, ready, failed, history);
        HealthInputs { working, sent_back, ready, times, failed, updated, quotes, costs: self.costs(), situation }
    }

    /// The time at which the agent of the current stage failed, if it failed or waits for a retry.
    fn failed_at(&self, situation: &Situation, history: &LazyHistory<'_>) -> Option<Timestamp> {
        let PipelinePosition::At(stage) = situation.position else { return None };
        if !matches!(situation.state(), State::Failed | State::Retry) {
            return None;
        }
        // Failed gates that escalate write no `_failed`, and an override removes the escalation.
        let escalated = self.time_at(&["pipeline_state", "escalation", "at"]).or_else(|| {
            let gates = if self.failed_at_gates(stage.agent()) { history.last_gate_failure() } else { None };
            gates.and_then(|entry| entry.at)
        });
        self.time_at(&["timestamps", stage.failed_key()]).max(escalated)
    }

    /// The times of the current stage. The history is read only where the timestamps do not tell.
    fn stage_times(
        &self,
        situation: &Situation,
        working: Option<(Agent, Heartbeat)>,
        ready: Option<(Agent, Timestamp)>,
        failed: Option<Timestamp>,
        history: &LazyHistory<'_>,
    ) -> StageTimes {
        let stage = match situation.position {
            _ if situation.unreadable.is_some() => return StageTimes::default(),
            PipelinePosition::Complete => return StageTimes { since: self.completed(), in_stage_since: None },
            PipelinePosition::Initialized => Stage::Research,
            PipelinePosition::At(stage) => stage,
        };
        let started = || self.time_at(&["timestamps", stage.started_key()]);
        let since = match (working, situation.state()) {
            (Some((_, heartbeat)), _) => heartbeat.start.or_else(started),
            (None, State::Failed) => failed,
            (None, State::Retry) => history.retried_at(stage).or_else(|| self.last_updated()),
            (None, _) => ready.map(|(_, since)| since),
        };
        let before = stage.index().checked_sub(1).map(|index| Stage::ALL[index]);
        let came = match before {
            None => self.created(),
            Some(before) => self.time_at(&["timestamps", before.completed_key()]),
        };
        // Failed gates and skipped stages write no timestamp.
        let is_skipped = before.is_some_and(|before| situation.skipped[before.index()]);
        let moved = if is_skipped || self.mentions_gate_failures() { history.came_to(stage) } else { None };
        let in_stage_since = moved.max(came).or_else(started);
        StageTimes { since, in_stage_since }
    }

    /// Reads the texts that reasons quote. Most sessions need none.
    fn quotes(&self, situation: &Situation, is_sent_back: bool, history: &LazyHistory<'_>) -> Quotes {
        let mut quotes = Quotes::default();
        if let PipelinePosition::At(stage) = situation.position
            && matches!(situation.state(), State::Failed | State::Retry)
        {
            let error = self.string_at(&["agent_outputs", stage.agent().name(), "error"]);
            quotes.error = error.map(|error| shorten(&error));
        }
        if is_sent_back {
            let failed = history.last_gate_failure();
            quotes.gates = failed.into_iter().flat_map(HistoryEntry::failed_gates).map(str::to_owned).collect();
            quotes.scores = self.gate_scores();
        }
        quotes
    }

    /// The stage that failed gates sent the session back to, and the agent that could be started, with the time since
    /// which it could.
    fn expectations(&self, situation: &Situation, history: &LazyHistory<'_>) -> (Returned, Option<(Agent, Timestamp)>) {
        let stage = match situation.position {
            _ if situation.unreadable.is_some() => return (None, None),
            PipelinePosition::Complete => return (None, None),
            PipelinePosition::Initialized => Stage::Research,
            PipelinePosition::At(stage) => stage,
        };
        let could_start = matches!(situation.status(stage.agent()), AgentStatus::Pending | AgentStatus::NotImplemented);
        // Older writers keep no count, but write the feedback.
        let gates = situation.gate_failures > 0 || self.has_notes();
        let counted = gates || self.mentions_gate_failures();
        if !could_start && !counted {
            // The common case: no need to read the history.
            return (None, None);
        }
        let history = history.entries();
        let since = if could_start { self.ready_since(stage, situation, gates, history) } else { None };
        let sent_back = if counted { sent_back(stage, history, gates) } else { None };
        (sent_back, since.map(|since| (stage.agent(), since)))
    }

    /// True if the file may record failed gates: an override resets their count, and feedback may be empty. Then only
    /// the history tells.
    fn mentions_gate_failures(&self) -> bool {
        let paths: [&[&str]; 3] = [&["pipeline_state", "gate_failures"], &["feedback"], &["adjustments_needed"]];
        paths.iter().any(|path| self.at(path).is_some())
    }

    /// The time since which a stage that has not begun could be started.
    fn ready_since(
        &self,
        stage: Stage,
        situation: &Situation,
        gates: bool,
        history: &[HistoryEntry],
    ) -> Option<Timestamp> {
        let made_ready = history.iter().rev().find(|entry| entry.event != EventKind::Progress.name());
        let before = stage.index().checked_sub(1).map(|index| Stage::ALL[index]);
        let completed = || {
            // Failed gates write no timestamp, and the previous stage completed before they failed.
            let before = before.filter(|before| situation.completed[before.index()] && !gates)?;
            self.time_at(&["timestamps", before.completed_key()])
        };
        let created = || if before.is_none() && !gates { self.created() } else { None };
        let entry = made_ready.and_then(|entry| entry.at);
        entry.or_else(completed).or_else(created).or_else(|| self.last_updated()).or_else(|| self.created())
    }

    fn heartbeat(&self, agent: Agent) -> Heartbeat {
        let at = |key: &str| self.time_at(&["agent_outputs", agent.name(), key]);
        Heartbeat { estimate: at("estimated_completion"), start: at("start_time"), last: self.last_updated() }
    }

    /// Time at which a working agent expects to be done: its own estimate, or its start plus the typical duration.
    pub(crate) fn estimate(&self, agent: Agent, policy: &Policy) -> Option<Timestamp> {
        self.heartbeat(agent).estimate(agent, policy)
    }

    /// True if a working agent's estimate and last update are longer ago than the policy allows.
    pub(crate) fn stalled(&self, agent: Agent, now: Timestamp, policy: &Policy) -> bool {
        self.heartbeat(agent).stalled(agent, now, policy)
    }
}

/// A past moment in words: `2 h 41 min ago`, with a clock `05:19, 2 h 41 min ago`.
fn when(at: Timestamp, now: Timestamp, clock: Clock<'_>) -> String {
    let ago = format!("{} ago", span(at, now));
    clock.map_or_else(|| ago.clone(), |clock| format!("{}, {ago}", clock(at)))
}
