//! Health: whether a session needs somebody, and why.

use crate::session::{Place, Situation};
use crate::stage::named;
use crate::{
    Agent, AgentStatus, CostTracking, EventKind, HistoryEntry, Money, Policy, QualityMetrics, Session, Stage, State,
    Timestamp, number,
};

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
    /// The file does not say its state, so nothing is known of how it fares.
    Unknown,
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
    /// assert_eq!(HealthLevel::ALL.map(HealthLevel::name), ["healthy", "unknown", "at_risk", "stalled", "failed"]);
    /// ```
    pub const ALL: [HealthLevel; 5] =
        [HealthLevel::Healthy, HealthLevel::Unknown, HealthLevel::AtRisk, HealthLevel::Stalled, HealthLevel::Failed];

    /// The level's name.
    ///
    /// See the example at [`HealthLevel::ALL`].
    pub const fn name(self) -> &'static str {
        match self {
            HealthLevel::Healthy => "healthy",
            HealthLevel::Unknown => "unknown",
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
    /// `gates_failed`, `waiting`, `budget`, `stage_over_share`, `unknown_state`.
    pub code: &'static str,
    /// One plain sentence.
    pub message: String,
}

/// How much of the budget may be spent before a session is at risk.
const BUDGET_AT_RISK_PERCENT: i128 = 80;

/// The few facts that health is judged by.
#[derive(Debug, Clone)]
pub(crate) struct Vitals {
    pub(crate) situation: Situation,
    pub(crate) costs: CostTracking,
    /// The agent at work, and what it has said of when it will be done.
    working: Option<(Agent, Signs)>,
    /// The stage that failed gates sent the session back to, until its next attempt completes.
    sent_back: Option<Stage>,
    /// The agent that could be started, and since when.
    ready: Option<(Agent, Timestamp)>,
    words: Words,
}

/// The parts of the file that health's reasons quote.
#[derive(Debug, Clone, Default)]
struct Words {
    /// The error of the current stage's agent, if it failed or is to be tried again.
    error: Option<String>,
    /// The gates that failed last, if the session was sent back by them.
    gates: Vec<String>,
    quality: QualityMetrics,
}

/// What an agent at work says of when it will be done, and the file's last sign of life.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Signs {
    estimate: Option<Timestamp>,
    start: Option<Timestamp>,
    last: Option<Timestamp>,
}

impl Signs {
    /// When the agent expects to be done: as it says, else its start and the typical duration.
    fn estimate(self, agent: Agent, policy: &Policy) -> Option<Timestamp> {
        self.estimate.or_else(|| self.start.map(|start| start.plus(policy.typical_duration(agent.stage()))))
    }

    /// Whether it is overdue: past its estimate and its last sign of life by the policy's time.
    fn stalled(self, agent: Agent, now: Timestamp, policy: &Policy) -> bool {
        let last_sign = self.estimate(agent, policy).max(self.last);
        last_sign.is_some_and(|last| now > last.plus(policy.stalled_after))
    }
}

/// One thing that speaks against a session, before it is put into words.
#[derive(Debug, Clone, Copy)]
enum Fault {
    Escalated(Agent),
    Unreadable,
    Unknown,
    Stalled(Agent),
    Failed(Agent),
    Retry(Agent),
    PastEstimate(Agent, i64),
    GatesFailed(Stage),
    Waiting(Agent, i64),
    Budget(Money, Money),
    OverShare(Stage, Money, Money),
}

impl Fault {
    fn level(self) -> HealthLevel {
        match self {
            Fault::Escalated(_) | Fault::Unreadable => HealthLevel::Failed,
            Fault::Stalled(_) => HealthLevel::Stalled,
            Fault::Unknown => HealthLevel::Unknown,
            _ => HealthLevel::AtRisk,
        }
    }

    fn code(self) -> &'static str {
        match self {
            Fault::Escalated(_) => "escalated",
            Fault::Unreadable => "unreadable_state",
            Fault::Stalled(_) => "stalled",
            Fault::Failed(_) => "failed",
            Fault::Retry(_) => "retry",
            Fault::PastEstimate(..) => "past_estimate",
            Fault::GatesFailed(_) => "gates_failed",
            Fault::Waiting(..) => "waiting",
            Fault::Unknown => "unknown_state",
            Fault::Budget(..) => "budget",
            Fault::OverShare(..) => "stage_over_share",
        }
    }
}

impl Vitals {
    /// Everything that speaks against the session, the worst first: what is failed or stalled is said of the
    /// agent, before what is said of the money.
    fn faults(&self, now: Timestamp, policy: &Policy) -> Vec<Fault> {
        let mut faults = Vec::new();
        if self.situation.unreadable.is_some() {
            faults.push(if self.situation.unknown { Fault::Unknown } else { Fault::Unreadable });
            return faults;
        }
        if let Place::At(stage) = self.situation.place {
            let agent = stage.agent();
            faults.extend(match self.situation.state() {
                State::Failed if self.situation.escalated(policy.retry_limit) => Some(Fault::Escalated(agent)),
                State::Failed => Some(Fault::Failed(agent)),
                State::Retry => Some(Fault::Retry(agent)),
                _ => None,
            });
        }
        if let Some((agent, signs)) = self.working {
            if signs.stalled(agent, now, policy) {
                faults.push(Fault::Stalled(agent));
            } else if let Some(estimate) = signs.estimate(agent, policy).filter(|estimate| now > *estimate) {
                faults.push(Fault::PastEstimate(agent, (now.unix() - estimate.unix()) / 60));
            }
        }
        faults.extend(self.sent_back.map(Fault::GatesFailed));
        if let Some((agent, since)) = self.ready
            && now > since.plus(policy.wait_limit)
        {
            faults.push(Fault::Waiting(agent, (now.unix() - since.unix()) / 3600));
        }
        if self.situation.place != Place::Complete {
            self.money_faults(policy, &mut faults);
        }
        faults
    }

    fn money_faults(&self, policy: &Policy, faults: &mut Vec<Fault>) {
        if let (Some(total), Some(budget)) = (self.costs.total, self.costs.budget)
            && i128::from(total.micros()) * 100 >= i128::from(budget.micros()) * BUDGET_AT_RISK_PERCENT
            && total > Money::ZERO
        {
            faults.push(Fault::Budget(total, budget));
        }
        for stage in Stage::ALL {
            let share = policy.share(stage);
            if let (Some(true), Some(cost)) = (self.costs.over_share(stage, policy), self.costs.stages[stage.index()]) {
                faults.push(Fault::OverShare(stage, cost, share));
            }
        }
    }

    /// The session's health and its reasons, in words.
    pub(crate) fn health(&self, now: Timestamp, policy: &Policy) -> Health {
        let reason =
            |fault: Fault| Reason { health: fault.level(), code: fault.code(), message: self.message(fault, policy) };
        let reasons: Vec<Reason> = self.faults(now, policy).into_iter().map(reason).collect();
        Health { health: reasons.first().map_or(HealthLevel::Healthy, |reason| reason.health), reasons }
    }

    fn message(&self, fault: Fault, policy: &Policy) -> String {
        let error = || match &self.words.error {
            Some(error) => {
                // Errors are sentences, or none.
                let end = if error.ends_with(['.', '!', '?', '…']) { "" } else { "." };
                format!(": {error}{end}")
            }
            None => ".".to_owned(),
        };
        match fault {
            Fault::Unreadable | Fault::Unknown => {
                self.situation.unreadable.as_ref().map_or_else(String::new, |why| why.message.clone())
            }
            Fault::Escalated(agent) => format!("{agent} has failed and needs a decision{}", error()),
            Fault::Failed(agent) => format!("{agent} has failed{}", error()),
            Fault::Retry(agent) => format!("{agent} is to be tried again{}", error()),
            Fault::Stalled(agent) => format!("{agent} is at work, long overdue, and has given no sign of life."),
            Fault::PastEstimate(agent, minutes) => format!("{agent} is {minutes} min past its estimate."),
            Fault::GatesFailed(stage) => match self.failed_gates(policy) {
                Some(gates) => format!("Sent back to {stage} by failed quality gates: {gates}."),
                None => format!("Sent back to {stage} by failed quality gates."),
            },
            Fault::Waiting(agent, hours) => format!("{agent} has been ready for {hours} h and not been started."),
            Fault::Budget(total, budget) => format!("{} of a budget of {} are spent.", total.usd(), budget.usd()),
            Fault::OverShare(stage, cost, share) => {
                format!("{stage} has cost {} of its share of {}.", cost.usd(), share.usd())
            }
        }
    }

    /// The gates that failed last, with the scores that the file has of them.
    fn failed_gates(&self, policy: &Policy) -> Option<String> {
        let of = |gate: &String| {
            let score = match gate.as_str() {
                "overall" => self.words.quality.overall_quality,
                "brand_consistency" => self.words.quality.brand_consistency,
                _ => None,
            };
            let needed = policy.thresholds.of(gate);
            match score.zip(needed).filter(|(score, needed)| score < needed) {
                Some((score, needed)) => format!("{gate} {} (needs {})", number::spell(score), number::spell(needed)),
                None => gate.clone(),
            }
        };
        let gates: Vec<String> = self.words.gates.iter().map(of).collect();
        (!gates.is_empty()).then(|| crate::event::shorten(&gates.join(", ")))
    }

    /// The worst that holds, and how urgent the most urgent of it is.
    pub(crate) fn standing(&self, now: Timestamp, policy: &Policy) -> Standing {
        let faults = self.faults(now, policy);
        let worst = faults.first();
        let over_budget = self.situation.unreadable.is_none()
            && self.situation.place != Place::Complete
            && self.costs.within_budget == Some(false);
        let urgency = match worst {
            None | Some(Fault::Unknown) => 0,
            Some(Fault::Escalated(_)) => 10,
            Some(Fault::Unreadable) => 9,
            Some(Fault::Stalled(_)) => 8,
            Some(Fault::Failed(_)) => 7,
            Some(_) if over_budget => 6,
            Some(Fault::Retry(_)) => 5,
            Some(Fault::GatesFailed(_)) => 4,
            Some(Fault::Waiting(..)) => 3,
            Some(Fault::PastEstimate(..)) => 2,
            Some(Fault::Budget(..) | Fault::OverShare(..)) => 1,
        };
        Standing { health: worst.map_or(HealthLevel::Healthy, |worst| worst.level()), urgency, over_budget }
    }
}

/// The beginning of the error of failed gates, before their names.
pub(crate) const GATES_FAILED: &str = "quality gates failed: ";

fn is_gate_failure(entry: &HistoryEntry) -> bool {
    entry.event == EventKind::QualityFailure.name()
}

/// The current stage, if failed gates sent the session back to it and it has not completed since. `gates` says whether
/// the rest of the file tells of failed gates.
fn sent_back(stage: Stage, history: &[HistoryEntry], gates: bool) -> Option<Stage> {
    let Some(last) = history.iter().rposition(is_gate_failure) else {
        // Without a word of where to: before the next evaluation, a session is where it was sent, or on its way.
        return (gates && stage < Stage::Evaluation).then_some(stage);
    };
    let target = history[last].to.as_deref().and_then(Stage::parse);
    let passed = |entry: &HistoryEntry| {
        entry.agent == Some(stage.agent())
            && [EventKind::Complete.name(), EventKind::Skip.name()].contains(&&*entry.event)
    };
    (target == Some(stage) && !history[last..].iter().any(passed)).then_some(stage)
}

/// How a session stands at a moment, in a form that thousands can be compared by. See the example at
/// [`Session::digest`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The worst that holds: as [`Session::health`] says.
    pub health: HealthLevel,
    /// How urgently it needs somebody: 0 not at all, more is more urgent.
    pub urgency: u8,
    /// It is not complete, and has spent more than its budget.
    pub over_budget: bool,
}

impl Session {
    /// The session's health at `now`. A session whose state cannot be read counts as failed: nothing can
    /// go on in it. Of one whose state is unknown nothing is known.
    ///
    /// A stage waits for its start since the event that made it ready. Without a history it is since the stage before
    /// it completed, or since the session was created, or else since the file last changed.
    ///
    /// ```
    /// use callboard_core::{HealthLevel, Policy, Session, Timestamp};
    /// let session = Session::parse(r#"{"session_id": "a", "pipeline_state": {"current_stage": "writing"},
    ///     "agent_outputs": {"script_writer": {"status": "failed", "error": "timeout"}}}"#).unwrap();
    /// let health = session.health(Timestamp::from_unix(0), &Policy::default());
    /// assert_eq!((health.health, health.reasons[0].code), (HealthLevel::AtRisk, "failed"));
    /// ```
    pub fn health(&self, now: Timestamp, policy: &Policy) -> Health {
        self.vitals().health(now, policy)
    }

    /// The event by which somebody gets a session going again that will not go on by itself: a failed or
    /// stalled agent is tried again (an escalated one resumed, with an override); one that is to be tried
    /// again, was sent back or waits too long is started. None where nothing of it may be done now, or nothing is
    /// needed.
    ///
    /// ```
    /// use callboard_core::{EventKind, Policy, Session, Timestamp};
    /// let session = Session::parse(r#"{"session_id": "a", "pipeline_state": {"current_stage": "writing"},
    ///     "agent_outputs": {"script_writer": {"status": "failed"}}}"#).unwrap();
    /// assert_eq!(session.remedy(Timestamp::from_unix(0), &Policy::default()), Some(EventKind::Retry));
    /// ```
    pub fn remedy(&self, now: Timestamp, policy: &Policy) -> Option<EventKind> {
        let kind = match self.vitals().faults(now, policy).first()? {
            Fault::Escalated(_) | Fault::Stalled(_) => EventKind::Resume,
            Fault::Failed(_) => EventKind::Retry,
            Fault::Retry(_) | Fault::GatesFailed(_) | Fault::Waiting(..) => EventKind::Start,
            _ => return None,
        };
        let allowed = |choice: &crate::Choice| choice.kind == kind && choice.refusal.is_none();
        self.choices(now, policy).iter().any(allowed).then_some(kind)
    }

    /// The gates that failed last, by their names.
    fn failed_gates(&self) -> Option<Vec<String>> {
        let history = self.history();
        let error = history.iter().rev().find(|entry| is_gate_failure(entry))?.error.as_deref()?;
        let gates = error.strip_prefix(GATES_FAILED)?;
        Some(gates.split(", ").filter(|gate| !gate.is_empty()).map(str::to_owned).collect())
    }

    /// What health is judged by.
    pub(crate) fn vitals(&self) -> Vitals {
        let situation = self.situation();
        let working = match situation.place {
            Place::At(stage) if situation.status(stage.agent()) == AgentStatus::InProgress => {
                Some((stage.agent(), self.signs(stage.agent())))
            }
            _ => None,
        };
        let (sent_back, ready) = self.expectations(&situation);
        let words = self.words(&situation, sent_back.is_some());
        Vitals { working, sent_back, ready, words, costs: self.costs(), situation }
    }

    /// The parts of the file that the reasons quote. Most sessions need none of them.
    fn words(&self, situation: &Situation, is_sent_back: bool) -> Words {
        let mut words = Words::default();
        if let Place::At(stage) = situation.place
            && matches!(situation.state(), State::Failed | State::Retry)
        {
            let error = self.string_at(&["agent_outputs", stage.agent().name(), "error"]);
            words.error = error.map(|error| crate::event::shorten(&error));
        }
        if is_sent_back {
            words.gates = self.failed_gates().unwrap_or_default();
            words.quality = self.quality();
        }
        words
    }

    /// The stage that failed gates sent back, and the agent that could be started with the time since when.
    fn expectations(&self, situation: &Situation) -> (Option<Stage>, Option<(Agent, Timestamp)>) {
        let stage = match situation.place {
            _ if situation.unreadable.is_some() => return (None, None),
            Place::Complete => return (None, None),
            Place::Initialized => Stage::Research,
            Place::At(stage) => stage,
        };
        let could_start = matches!(situation.status(stage.agent()), AgentStatus::Pending | AgentStatus::NotImplemented);
        let gates = situation.gate_failures > 0
            // Older writers count nothing, but hand over what is to be done better.
            || [["feedback"], ["adjustments_needed"]].iter().any(|path| self.at(path).is_some());
        // An override zeroes the count: that the stage was sent back is then said by the history alone.
        let counted = gates || self.at(&["pipeline_state", "gate_failures"]).is_some();
        if !could_start && !counted {
            // As nearly every session is: its history says nothing of either.
            return (None, None);
        }
        let history = self.history();
        let since = if could_start { self.ready_since(stage, situation, gates, &history) } else { None };
        let sent_back = if counted { sent_back(stage, &history, gates) } else { None };
        (sent_back, since.map(|since| (stage.agent(), since)))
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
            // Failed gates leave no timestamp, and the completion of the stage before is older than they are.
            let before = before.filter(|before| situation.completed[before.index()] && !gates)?;
            self.time_at(&["timestamps", before.completed_key()])
        };
        let created = || if before.is_none() && !gates { self.created() } else { None };
        let entry = made_ready.and_then(|entry| entry.at);
        entry.or_else(completed).or_else(created).or_else(|| self.last_updated()).or_else(|| self.created())
    }

    fn signs(&self, agent: Agent) -> Signs {
        let at = |key: &str| self.time_at(&["agent_outputs", agent.name(), key]);
        Signs { estimate: at("estimated_completion"), start: at("start_time"), last: self.last_updated() }
    }

    /// When an agent at work expects to be done: as it says, else its start and the typical duration.
    pub(crate) fn estimate(&self, agent: Agent, policy: &Policy) -> Option<Timestamp> {
        self.signs(agent).estimate(agent, policy)
    }

    /// Whether an agent at work is overdue: past its estimate and its last sign of life by the policy's time.
    pub(crate) fn stalled(&self, agent: Agent, now: Timestamp, policy: &Policy) -> bool {
        self.signs(agent).stalled(agent, now, policy)
    }
}
