//! Checks of an event: the first that fails gives the refusal.

use super::attempts::{AttemptCheck, Attempts};
use crate::event::AgentName;
use crate::handoff;
use crate::names::{closest, shorten};
use crate::refusal::Fault;
use crate::session::{PipelinePosition, Situation};
use crate::{
    Action, Agent, AgentStatus, Event, EventField, EventKind, Money, OverBudget, Policy, RefusalCode, Session, Stage,
    Timestamp,
};

/// Hint for an agent that is working, also if the process that ran it is gone.
const AT_WORK: &str = "Wait for its result, or send fail if it has stopped.";

/// Parts of an event that decide if it is allowed, besides the ranges of its values.
pub(super) struct Question {
    kind: EventKind,
    agent: Agent,
    /// True if a person overrides an escalation.
    overrides: bool,
    /// The attempt that the event names.
    attempt: Option<u64>,
    /// True if it has a cost.
    has_cost: bool,
}

impl Question {
    /// Asks if a kind of event is allowed, whatever its fields. A person may override an escalation.
    pub(super) fn of(kind: EventKind, agent: Agent) -> Question {
        Question { kind, agent, overrides: true, attempt: None, has_cost: false }
    }
}

impl Session {
    /// Finds the first refusal of an event.
    pub(super) fn find_fault(
        &self,
        situation: &Situation,
        event: &Event,
        now: Timestamp,
        policy: &Policy,
    ) -> Result<(), Fault> {
        valid(event, policy)?;
        if situation.unreadable.is_some() {
            return Err(unreadable(situation));
        }
        let costs = event.cost().is_some();
        if costs && self.amount_unreadable("total") {
            return Err(no_amount("total cost"));
        }
        let AgentName::Known(agent) = event.agent else { return Err(unknown_agent(event)) };
        if costs && self.cost_unreadable(agent.stage()) {
            return Err(no_amount(&format!("cost of {}", agent.stage())));
        }
        let question = Question {
            kind: event.kind(),
            agent,
            overrides: matches!(event.action, Action::Resume { override_escalation: true, .. }),
            attempt: event.attempt,
            has_cost: costs,
        };
        self.verdict(situation, &question, now, policy)?;
        if let Action::Complete(completion) = &event.action {
            handoff::complete(self, agent, completion, policy)?;
        }
        Ok(())
    }

    /// Checks if an event with valid values is allowed for its agent now.
    pub(super) fn verdict(
        &self,
        situation: &Situation,
        question: &Question,
        now: Timestamp,
        policy: &Policy,
    ) -> Result<(), Fault> {
        if situation.unreadable.is_some() {
            return Err(unreadable(situation));
        }
        let Question { kind, agent, overrides, attempt, has_cost } = *question;
        let rule = EventRule { situation, kind, agent, status: situation.status(agent) };
        // False for a late cost, which needs no further check.
        let current = || {
            let Some(attempt) = attempt else { return Ok(true) };
            let attempts = self.attempts(situation, agent);
            match attempts.check(kind, attempt, has_cost) {
                AttemptCheck::Current => Ok(true),
                AttemptCheck::LateCost => Ok(false),
                AttemptCheck::Stale => Err(rule.stale(&attempts, attempt)),
            }
        };
        let stage = agent.stage();
        if situation.position == PipelinePosition::Complete {
            return Err(rule.fault(
                RefusalCode::SessionComplete,
                "the session is complete",
                "a session that is not complete",
                "COMPLETE",
            ));
        }
        // Until the audio starts the evaluator may report failed gates, even if it is complete.
        let late_gate_failure = kind == EventKind::QualityFailure
            && agent == Agent::QualityEvaluator
            && situation.position == PipelinePosition::At(Stage::Synthesis);
        if late_gate_failure && rule.audio_not_started() {
            return current().map(|_| ());
        }
        if situation.passed(stage) && situation.done(stage) {
            return match kind {
                // A late cost.
                EventKind::Progress => current().map(|_| ()),
                _ if late_gate_failure => Err(rule.audio_started()),
                _ => Err(rule.behind()),
            };
        }
        let first =
            situation.position == PipelinePosition::Initialized && stage == Stage::Research && kind == EventKind::Start;
        if situation.position != PipelinePosition::At(stage) && !first {
            return Err(rule.elsewhere());
        }
        if kind == EventKind::QualityFailure && agent != Agent::QualityEvaluator {
            let fault = rule.fault(
                RefusalCode::WrongStage,
                "only quality_evaluator reports failed gates",
                "EVALUATING",
                stage.state().name(),
            );
            return Err(fault.hint(format!("If {agent} itself failed, send fail.")));
        }
        if !current()? {
            return Ok(());
        }
        let failed = rule.status == AgentStatus::Failed;
        let retries = matches!(kind, EventKind::Retry | EventKind::Resume);
        if failed && situation.escalated(policy.retry_limit) && !(kind == EventKind::Resume && overrides) {
            return Err(rule.escalated(policy));
        }
        if failed && !retries {
            let fault =
                rule.agent_fault(RefusalCode::AgentFailed, "has failed", "an agent that has not failed", "failed");
            return Err(fault.hint(format!("Retry {agent} first.")));
        }
        match kind {
            EventKind::Retry if !failed => {
                return Err(rule.agent_fault(RefusalCode::NotFailed, "has not failed", "failed", rule.status.name()));
            }
            EventKind::Resume if !failed && rule.status != AgentStatus::InProgress => {
                return Err(rule.agent_fault(
                    RefusalCode::NotFailed,
                    "has not failed",
                    "failed, or stalled",
                    rule.status.name(),
                ));
            }
            EventKind::Resume if !failed && !self.stalled(agent, now, policy) => {
                let fault = rule.agent_fault(
                    RefusalCode::NotStalled,
                    "is running and on time",
                    "failed, or stalled",
                    "in_progress",
                );
                return Err(fault.hint(AT_WORK));
            }
            _ => {}
        }
        rule.ready()?;
        if policy.over_budget == OverBudget::Block && matches!(kind, EventKind::Start | EventKind::Retry) {
            self.within_budget(&rule)?;
        }
        Ok(())
    }

    fn within_budget(&self, rule: &EventRule<'_>) -> Result<(), Fault> {
        let costs = self.costs();
        match (costs.total, costs.budget) {
            (Some(total), Some(budget)) if total > budget => {
                let (total, budget) = (total.usd(), budget.usd());
                let why = format!("{total} of the {budget} budget is spent, and the policy allows no more work");
                let fault = rule.fault(RefusalCode::OverBudget, &why, &format!("at most {budget}"), &total);
                Err(fault.hint("Raise the budget in the session's file, or set over_budget to \"warn\" in the policy."))
            }
            _ => Ok(()),
        }
    }
}

/// Check of a kind of event for an agent.
struct EventRule<'a> {
    situation: &'a Situation,
    kind: EventKind,
    agent: Agent,
    status: AgentStatus,
}

impl EventRule<'_> {
    #[cold]
    #[inline(never)]
    fn fault(&self, code: RefusalCode, why: &str, expected: &str, actual: &str) -> Fault {
        let EventRule { agent, .. } = self;
        let verb = match self.kind {
            EventKind::Start => "start",
            EventKind::Progress => "report progress",
            EventKind::Complete => "complete",
            EventKind::Fail => "fail",
            EventKind::Retry => "be retried",
            EventKind::Resume => "be resumed",
            EventKind::QualityFailure => "report failed gates",
            EventKind::Skip => "be skipped",
        };
        Fault::new(code, why, expected, actual).of_action(format!("{agent} cannot {verb}"))
    }

    /// A refusal for a reason about the agent, given as a predicate.
    #[cold]
    #[inline(never)]
    fn agent_fault(&self, code: RefusalCode, predicate: &str, expected: &str, actual: &str) -> Fault {
        self.fault(code, predicate, expected, actual).about(self.agent)
    }

    #[cold]
    #[inline(never)]
    fn behind(&self) -> Fault {
        let stage = self.agent.stage();
        let word = if self.situation.completed[stage.index()] { "complete" } else { "skipped" };
        let why = format!("its stage is {word} already");
        self.fault(RefusalCode::AlreadyComplete, &why, "a stage that is not behind", word)
            .hint("To record a late cost, send progress.")
    }

    #[cold]
    #[inline(never)]
    fn elsewhere(&self) -> Fault {
        let stage = self.agent.stage();
        let state = self.situation.state();
        match self.situation.position {
            PipelinePosition::At(current) => {
                let why = format!("its stage is {stage}, and the session is at {current}");
                let hint = if current < stage {
                    format!("Complete or skip {current} first.")
                } else {
                    format!("Continue with {}.", current.agent())
                };
                self.fault(RefusalCode::WrongStage, &why, stage.state().name(), state.name()).hint(hint)
            }
            _ => {
                let why = "the session has not started";
                let hint = "Start research_coordinator first.";
                self.fault(RefusalCode::WrongStage, why, stage.state().name(), state.name()).hint(hint)
            }
        }
    }

    #[cold]
    #[inline(never)]
    fn stale(&self, attempts: &Attempts, attempt: u64) -> Fault {
        let begun = attempt <= attempts.last;
        let mut why = format!("attempt {attempt} {}", if begun { "is over" } else { "has not started" });
        if attempts.running() {
            why.push_str(&format!(", and attempt {} is running", attempts.last));
        }
        let expected = match attempts.current(self.kind) {
            Some(current) => format!("attempt {current}"),
            None => "a running attempt".to_owned(),
        };
        let fault = self.fault(RefusalCode::StaleAttempt, &why, &expected, &format!("attempt {attempt}"));
        fault.hint(match (begun, self.kind) {
            (false, _) => "Send the attempt number that the outcome of start gave.",
            (true, EventKind::Progress) => "Stop this attempt: the session has continued without it.",
            (true, _) => "To record its cost, send progress with this attempt.",
        })
    }

    #[cold]
    #[inline(never)]
    fn escalated(&self, policy: &Policy) -> Fault {
        let retries = self.kind == EventKind::Retry;
        let code = if retries { RefusalCode::RetriesExhausted } else { RefusalCode::Escalated };
        let (expected, actual) = ("a failure that is not escalated", "escalated");
        let fault = if self.situation.retry_count >= u64::from(policy.retry_limit) {
            let why = format!("has failed after {} retries and needs a decision", self.situation.retry_count);
            self.agent_fault(code, &why, expected, actual)
        } else {
            self.fault(code, "its failure is escalated and needs a decision", expected, actual)
        };
        fault.hint(format!("Resume {} with an override.", self.agent))
    }

    /// Checks that the agent's status suits the kind of event.
    fn ready(&self) -> Result<(), Fault> {
        use AgentStatus::{InProgress, NotImplemented, Pending, Retry};
        let busy =
            |expected: &str| self.agent_fault(RefusalCode::AgentBusy, "is running", expected, self.status.name());
        let idle = |expected: &str| {
            let why = if self.status == NotImplemented { "is not implemented" } else { "has not started" };
            let hint = if self.status == NotImplemented {
                format!("Start {} if it is implemented now, or skip its stage.", self.agent)
            } else {
                format!("Start {} first.", self.agent)
            };
            self.agent_fault(RefusalCode::NotStarted, why, expected, self.status.name()).hint(hint)
        };
        match (self.kind, self.status) {
            (EventKind::Start, InProgress) => Err(busy("pending, not_implemented or retry").hint(AT_WORK)),
            (EventKind::Skip, InProgress) => {
                Err(busy("pending or not_implemented").hint("Send its result or its failure first."))
            }
            (EventKind::Skip, Retry) => {
                let why = "its retry is due";
                let fault = self.fault(RefusalCode::AgentBusy, why, "pending or not_implemented", self.status.name());
                Err(fault.hint(format!("Start {}, or complete it.", self.agent)))
            }
            (EventKind::Progress, Pending | NotImplemented | Retry) => Err(idle("in_progress")),
            (EventKind::Complete | EventKind::Fail, NotImplemented) => Err(idle("in_progress, pending or retry")),
            (EventKind::QualityFailure, NotImplemented | Retry) => Err(idle("pending or in_progress")),
            _ => Ok(()),
        }
    }

    fn audio_not_started(&self) -> bool {
        let audio = self.situation.status(Agent::AudioSynthesizer);
        matches!(audio, AgentStatus::Pending | AgentStatus::NotImplemented)
    }

    #[cold]
    #[inline(never)]
    fn audio_started(&self) -> Fault {
        let audio = self.situation.status(Agent::AudioSynthesizer);
        let why = "its stage is complete already, and the audio has been started";
        self.fault(RefusalCode::AlreadyComplete, why, "audio that has not started", audio.name())
    }
}

#[cold]
#[inline(never)]
fn unreadable(situation: &Situation) -> Fault {
    let (path, message) = match &situation.unreadable {
        Some(unreadable) => (unreadable.path.as_str(), unreadable.message.as_str()),
        None => ("", ""),
    };
    if situation.unknown {
        return Fault::new(RefusalCode::UnreadableState, message, "a state that can be read", "UNKNOWN")
            .hint("Add pipeline_state.current_stage to the file, or an agent's status to agent_outputs.");
    }
    Fault::new(RefusalCode::UnreadableState, message, "a state that can be read", path)
        .hint(format!("Correct {path} in the file."))
}

/// Refuses a cost whose sum in the file is not an amount, which the sum would overwrite.
#[cold]
#[inline(never)]
fn no_amount(what: &str) -> Fault {
    let message = format!("The {what} in the file is not an amount, so no cost can be added to it.");
    Fault::new(RefusalCode::UnreadableState, message, "an amount in dollars", "something else")
        .hint("Correct cost_tracking in the file.")
}

#[cold]
#[inline(never)]
pub(super) fn unknown_agent(event: &Event) -> Fault {
    let name = match &event.agent {
        AgentName::Unknown(name) => shorten(name),
        AgentName::Known(agent) => agent.name().to_owned(),
    };
    let names = Agent::ALL.map(Agent::name);
    let fault = Fault::new(
        RefusalCode::UnknownAgent,
        format!("No agent is called \"{name}\"."),
        names.join(", "),
        name.as_str(),
    );
    match closest(&name, names) {
        Some(meant) => fault.hint(format!("Did you mean {meant}?")),
        None => fault,
    }
}

/// Checks that an event's values are in their ranges.
fn valid(event: &Event, policy: &Policy) -> Result<(), Fault> {
    if let Some(cost) = event.cost().filter(|cost| *cost < Money::ZERO) {
        return Err(Fault::invalid(
            format!("cost must not be negative, and is {cost}."),
            "0 or more",
            cost.to_string(),
        )
        .at("cost"));
    }
    if let Some(attempt) = event.attempt {
        if attempt == 0 {
            let expected = "a whole number from 1";
            return Err(Fault::invalid("attempt must be a whole number from 1, not 0.", expected, "0").at("attempt"));
        }
        if !event.kind().fields().contains(&EventField::Attempt) {
            let expected = "progress, complete, fail or quality_failure";
            let message = format!("{} carries no attempt.", event.kind());
            return Err(Fault::invalid(message, expected, event.kind().name()).at("attempt"));
        }
    }
    match &event.action {
        Action::Complete(completion) => {
            seconds(completion.execution_time)?;
            completion.quality_score.map_or(Ok(()), |value| score("quality_score", value, "quality_score"))?;
            if let (Some(agent), Some(json)) = (event.agent(), &completion.handoff) {
                handoff::valid(agent, json)?;
            }
            let metric =
                |(metric, value): &(crate::Metric, f64)| score(metric.name(), *value, &format!("metrics.{metric}"));
            completion.metrics.iter().try_for_each(metric)
        }
        Action::Fail { error, .. } if error.trim().is_empty() => {
            Err(Fault::invalid("error is empty: say what went wrong.", "a string", "an empty string").at("error"))
        }
        Action::Skip { reason } if reason.trim().is_empty() => {
            let message = "reason is empty: say why the stage is skipped.";
            Err(Fault::invalid(message, "a string", "an empty string").at("reason"))
        }
        Action::QualityFailure { report, execution_time, .. } => {
            seconds(*execution_time)?;
            let gate = |(gate, value): &(String, f64)| score(gate, *value, &format!("report.scores.{gate}"));
            report.scores.iter().try_for_each(gate)?;
            if report.failed(policy).is_empty() {
                let message = "The report names no failed gate, and no score is below its threshold.";
                let fault = Fault::invalid(message, "a failed gate", "none").at("report");
                return Err(fault.hint("If all gates passed, send complete."));
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

fn score(name: &str, value: f64, field: &str) -> Result<(), Fault> {
    if (0.0..=1.0).contains(&value) {
        return Ok(());
    }
    let (name, actual) = (shorten(name), value.to_string());
    Err(Fault::invalid(format!("{name} must be between 0 and 1, and is {actual}."), "0 to 1", actual).at(field))
}

fn seconds(value: Option<f64>) -> Result<(), Fault> {
    match value {
        Some(value) if !(value.is_finite() && value >= 0.0) => {
            let actual = value.to_string();
            Err(Fault::invalid(
                format!("execution_time must be 0 seconds or more, and is {actual}."),
                "0 or more",
                actual,
            )
            .at("execution_time"))
        }
        _ => Ok(()),
    }
}
