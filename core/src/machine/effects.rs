//! Effects of an accepted event, as a patch of the file.

use super::attempts::{AttemptCheck, Attempts};
use super::lists::StageList;
use super::record::{Entry, add_cost};
use crate::document::{NewValue, ObjectPatch, Style};
use crate::quality::{Carries, GATES_FAILED, GateRoute};
use crate::session::{PipelinePosition, Situation};
use crate::stage::is_complete_word;
use crate::{
    Action, Agent, AgentStatus, Completion, Event, Gate, GateReport, Metric, Money, Next, NextStep, Outcome, Policy,
    Session, Stage, State, Timestamp, Warning,
};
use std::borrow::Cow;

/// Error that is recorded for a stalled agent.
const STALLED: &str = "stalled";

/// Sections that events write to, in the order of the format. New sections are added in this order, and new members in
/// the order in which the functions below set them.
const SECTIONS: [&str; 5] = ["pipeline_state", "agent_outputs", "quality_metrics", "cost_tracking", "timestamps"];

/// Patch and outcome of an accepted event.
pub(super) struct Effects<'a> {
    pub(super) patch: ObjectPatch<'a>,
    pub(super) outcome: Outcome,
}

struct EffectsWriter<'a> {
    session: &'a Session,
    situation: &'a Situation,
    agent: Agent,
    now: Timestamp,
    policy: &'a Policy,
    attempts: Attempts,
    /// The attempt of a late cost: nothing else of the event is recorded.
    late: Option<u64>,
    patch: ObjectPatch<'a>,
    /// The situation after the changes so far, except its lists.
    after: Situation,
    error: Option<Cow<'a, str>>,
}

impl<'a> Effects<'a> {
    /// Works out the effects of an accepted event.
    pub(super) fn of(
        session: &'a Session,
        situation: &'a Situation,
        agent: Agent,
        event: &'a Event,
        now: Timestamp,
        policy: &'a Policy,
        style: &Style,
    ) -> Effects<'a> {
        let (patch, after) = (ObjectPatch::of_objects(SECTIONS), situation.clone());
        let attempts = session.attempts(situation, agent);
        let is_late =
            |attempt: &u64| attempts.check(event.kind(), *attempt, event.cost().is_some()) == AttemptCheck::LateCost;
        let late = event.attempt().filter(is_late);
        let mut writer =
            EffectsWriter { session, situation, agent, now, policy, attempts, late, patch, after, error: None };
        writer.stamp("last_updated");
        writer.action(event);
        let spent = event.cost().map(|cost| add_cost(session, agent, cost, &mut writer.patch));
        writer.finish(event, spent, style)
    }
}

impl<'a> EffectsWriter<'a> {
    fn action(&mut self, event: &'a Event) {
        match event.action() {
            Action::Start { estimated_completion } => self.start(*estimated_completion),
            Action::Progress { estimated_completion, .. } => {
                if let Some(estimate) = estimated_completion
                    && self.late.is_none()
                {
                    self.block().set("estimated_completion", (*estimate).into());
                }
            }
            Action::Complete(completion) => self.complete(completion),
            Action::Fail { error, cost } => self.fail(error.into(), *cost),
            Action::Retry => self.retry(),
            Action::Resume { override_escalation, .. } => self.resume(*override_escalation),
            Action::QualityFailure { report, cost, execution_time } => {
                self.quality_failure(report, *cost, *execution_time);
            }
            Action::Skip { .. } => {
                self.set_status(self.agent, AgentStatus::Skipped);
                self.block().remove("error");
                self.advance(true);
            }
        }
    }

    fn start(&mut self, estimate: Option<Timestamp>) {
        let (agent, now, stage) = (self.agent, self.now, self.agent.stage());
        let estimate = estimate.unwrap_or_else(|| now.plus(self.policy.typical_duration(stage)));
        self.set_status(agent, AgentStatus::InProgress);
        let block = self.block();
        block.set("start_time", now.into());
        block.set("estimated_completion", estimate.into());
        if self.session.at(&["timestamps", stage.started_key()]).is_none() {
            self.stamp(stage.started_key());
        }
        if self.situation.position == PipelinePosition::Initialized {
            self.enter(Some(stage));
            self.list_pending();
        }
    }

    fn complete(&mut self, completion: &'a Completion) {
        let agent = self.agent;
        self.set_status(agent, AgentStatus::Complete);
        if let Some(path) = &completion.output_file {
            self.block().set("output_file", NewValue::Text(path.into()));
        }
        self.spent(completion.cost, completion.execution_time);
        let block = self.block();
        if let Some(score) = completion.quality_score {
            block.set("quality_score", NewValue::Number(score));
        }
        if let Some(handoff) = &completion.handoff {
            block.set("handoff", NewValue::Json(handoff.text().into()));
        }
        block.remove("error");
        for metric in Metric::ALL {
            let given = completion.metrics.iter().rfind(|(given, _)| *given == metric).map(|(_, score)| *score);
            let own = completion.quality_score.filter(|_| Metric::of(agent) == Some(metric));
            if let Some(score) = given.or(own) {
                self.metric(metric, score);
            }
        }
        if agent == Agent::QualityEvaluator {
            self.patch.remove("feedback");
            self.patch.remove("adjustments_needed");
        }
        self.stamp(agent.stage().completed_key());
        self.advance(false);
    }

    /// Moves from the stage, complete or skipped, to the next one.
    fn advance(&mut self, skipped: bool) {
        let next = self.agent.stage().next();
        self.enter(next);
        self.list_left("completed_stages", !skipped);
        self.list_pending();
        self.reset_retries();
        self.list_left("skipped_stages", skipped);
        if next.is_none() {
            self.stamp("completed");
        }
    }

    /// Lists the finished stage, or removes it from the list, where an older writer may have left it.
    fn list_left(&mut self, key: &'static str, listed: bool) {
        let stage = self.agent.stage();
        let want: &[Stage] = if listed { &[stage] } else { &[] };
        let pipeline = self.patch.object("pipeline_state");
        StageList { key, keep: &|other| listed || other != stage, want }.patch(self.session, pipeline);
    }

    /// Makes a stage current; none completes the session.
    fn enter(&mut self, current: Option<Stage>) {
        self.after.position = current.map_or(PipelinePosition::Complete, PipelinePosition::At);
        let name = NewValue::Alias(self.after.position.name().into(), same_position);
        self.patch.object("pipeline_state").set("current_stage", name);
    }

    /// Lists the stages that are pending after the new current one.
    fn list_pending(&mut self) {
        let position = self.after.position;
        let later = |stage: Stage| matches!(position, PipelinePosition::At(current) if stage > current);
        // A stage that was passed over stays pending if the file says so.
        let passed_over = |stage: Stage| {
            self.situation.passed(stage)
                && !self.situation.done(stage)
                && !later(stage)
                && position != PipelinePosition::At(stage)
        };
        let want: Vec<Stage> = Stage::ALL.into_iter().filter(|&stage| later(stage)).collect();
        let pipeline = self.patch.object("pipeline_state");
        StageList { key: "pending_stages", keep: &|stage| later(stage) || passed_over(stage), want: &want }
            .patch(self.session, pipeline);
    }

    fn fail(&mut self, error: Cow<'a, str>, cost: Option<Money>) {
        let agent = self.agent;
        self.set_status(agent, AgentStatus::Failed);
        self.spent(cost, None);
        self.block().set("error", NewValue::Text(error.clone()));
        self.after.failed_attempts += 1;
        let failed = NewValue::Count(self.after.failed_attempts);
        self.patch.object("pipeline_state").set("failed_attempts", failed);
        self.stamp(agent.stage().failed_key());
        if self.situation.retry_count >= u64::from(self.policy.retry_limit) {
            self.escalate(agent, &error);
        }
        self.error = Some(error);
    }

    fn escalate(&mut self, agent: Agent, error: &str) {
        let mut json = "{".to_owned();
        for (key, text) in
            [("stage", agent.stage().name()), ("agent", agent.name()), ("error", error), ("at", &self.now.to_string())]
        {
            crate::session::push_json_string(&mut json, key, text);
        }
        json.push('}');
        self.patch.object("pipeline_state").set("escalation", NewValue::Json(json.into()));
        self.after.escalation = true;
    }

    fn retry(&mut self) {
        self.set_status(self.agent, AgentStatus::Retry);
        if !self.situation.retry_counted_at_failure() {
            self.after.retry_count += 1;
            self.patch.object("pipeline_state").set("retry_count", NewValue::Count(self.after.retry_count));
        }
    }

    fn resume(&mut self, overrides: bool) {
        if self.situation.status(self.agent) != AgentStatus::Failed {
            self.fail(STALLED.into(), None);
            if !self.after.escalated(self.policy.retry_limit) {
                self.retry();
            }
            return;
        }
        if overrides && self.situation.escalated(self.policy.retry_limit) {
            let pipeline = self.patch.object("pipeline_state");
            pipeline.remove("escalation");
            self.after.escalation = false;
            // A person has decided, so counting starts again.
            self.reset_retries();
            self.reset("gate_failures", self.situation.gate_failures);
            self.set_status(self.agent, AgentStatus::Retry);
        } else {
            self.retry();
        }
    }

    fn quality_failure(&mut self, report: &'a GateReport, cost: Option<Money>, execution_time: Option<f64>) {
        let failed = report.failed(self.policy);
        let carried = |wanted: Carries| failed.iter().any(|gate| GateRoute::of(gate).carries == wanted);
        for (key, wanted, text) in [
            ("feedback", Carries::Feedback, &report.recommendations),
            ("adjustments_needed", Carries::Adjustments, &report.technical_fixes),
        ] {
            match text {
                Some(text) if carried(wanted) => self.patch.set(key, NewValue::Json(text.text().into())),
                _ => self.patch.remove(key),
            }
        }
        for metric in Metric::ALL {
            let gate = Gate::ALL.into_iter().find(|gate| gate.metric() == Some(metric));
            if let Some(score) = gate.and_then(|gate| report.score(gate)) {
                self.metric(metric, score);
            }
        }
        let error = format!("{GATES_FAILED}{}", failed.join(", "));
        let escalates = self.situation.gate_failures >= u64::from(self.policy.retry_limit);
        let target = if escalates {
            Stage::Evaluation
        } else {
            failed.iter().map(|gate| GateRoute::of(gate).stage).min().unwrap_or(Stage::Writing)
        };
        self.go_back(target);
        let failures = self.situation.gate_failures + 1;
        self.patch.object("pipeline_state").set("gate_failures", NewValue::Count(failures));
        self.spent(cost, execution_time);
        if escalates {
            self.set_status(Agent::QualityEvaluator, AgentStatus::Failed);
            self.block().set("error", NewValue::Text(error.clone().into()));
            self.escalate(Agent::QualityEvaluator, &error);
        } else {
            self.reset_retries();
        }
        self.error = Some(error.into());
    }

    /// Returns to a stage: it and the stages up to evaluation start again.
    fn go_back(&mut self, target: Stage) {
        let again = |stage: Stage| (target..=Stage::Evaluation).contains(&stage);
        self.enter(Some(target));
        let pipeline = self.patch.object("pipeline_state");
        for key in ["completed_stages", "skipped_stages"] {
            StageList { key, keep: &|stage| !again(stage), want: &[] }.patch(self.session, pipeline);
        }
        self.list_pending();
        for stage in Stage::ALL.into_iter().filter(|&stage| again(stage)) {
            self.set_status(stage.agent(), AgentStatus::Pending);
        }
    }

    fn block(&mut self) -> &mut ObjectPatch<'a> {
        self.patch.object("agent_outputs").object(self.agent.name())
    }

    fn set_status(&mut self, agent: Agent, status: AgentStatus) {
        let name = NewValue::Alias(status.name().into(), same_status);
        self.patch.object("agent_outputs").object(agent.name()).set("status", name);
        self.after.statuses[agent.index()] = status;
    }

    /// Writes the attempt's cost and duration, if given.
    fn spent(&mut self, cost: Option<Money>, execution_time: Option<f64>) {
        let block = self.block();
        if let Some(seconds) = execution_time {
            block.set("execution_time", NewValue::Number(seconds));
        }
        if let Some(cost) = cost {
            block.set("cost", cost.into());
        }
    }

    fn metric(&mut self, metric: Metric, score: f64) {
        self.patch.object("quality_metrics").set(metric.name(), NewValue::Number(score));
    }

    fn stamp(&mut self, key: &'static str) {
        self.patch.object("timestamps").set(key, self.now.into());
    }

    fn reset_retries(&mut self) {
        self.reset("retry_count", self.situation.retry_count);
        self.after.retry_count = 0;
    }

    /// Resets a counter to 0; a missing one is 0.
    fn reset(&mut self, key: &'static str, value: u64) {
        if value != 0 {
            self.patch.object("pipeline_state").set(key, NewValue::Count(0));
        }
    }

    fn finish(mut self, event: &Event, spent: Option<(Money, Option<Money>)>, style: &Style) -> Effects<'a> {
        let from = self.situation.state();
        let to = self.after.state();
        let reason = match event.action() {
            Action::Skip { reason } => Some(reason.as_str()),
            Action::Resume { reason, .. } => reason.as_deref(),
            _ => None,
        };
        let attempt = self.attempts.number(event.kind());
        let entry = Entry {
            at: self.now,
            event: event.kind().name(),
            agent: self.agent,
            from,
            to,
            attempt: self.late.unwrap_or(attempt),
            cost: event.cost(),
            error: self.error.as_deref(),
            reason,
            key: event.key(),
        };
        if !event.is_heartbeat() {
            self.patch.append("history", entry.json(style));
        }
        if cfg!(debug_assertions) {
            let kind = event.kind();
            self.patch.visit_paths(&mut Vec::new(), &mut |path| {
                assert!(kind.may_write(self.agent, path), "{kind} writes {}, which its table lacks", path.join("."));
            });
        }
        let warnings = self.warnings(event, spent);
        let next = next(&self.after, to, self.policy);
        let failed_gates = match event.action() {
            Action::QualityFailure { report, .. } => report.failed(self.policy),
            _ => Vec::new(),
        };
        let (event, agent) = (event.kind(), self.agent);
        let outcome = Outcome { event, agent, from, to, attempt, next, warnings, failed_gates, duplicate: None };
        Effects { patch: self.patch, outcome }
    }

    fn warnings(&self, event: &Event, spent: Option<(Money, Option<Money>)>) -> Vec<Warning> {
        let mut warnings = Vec::new();
        if let Some(last) = self.session.last_updated().filter(|last| self.now < *last) {
            let message = format!("The time given, {}, is before the session's last change, {last}.", self.now);
            warnings.push(Warning { code: "clock_backwards", message });
        }
        if let Action::Complete(Completion { handoff: None, .. }) = event.action()
            && let Some(next) = self.agent.stage().next()
        {
            // This warning is frequent, and formatting would take several times as long.
            let message = ["No handoff to ", next.agent().name(), " (optional)."].concat();
            warnings.push(Warning { code: "handoff_missing", message });
        }
        if let Some((total, Some(budget))) = spent
            && total > budget
        {
            let message = format!("{} are spent of a budget of {}.", total.usd(), budget.usd());
            warnings.push(Warning { code: "over_budget", message });
        }
        if let (Some(attempt), Action::Progress { estimated_completion: Some(_), .. }) = (self.late, event.action()) {
            let message = format!("Attempt {attempt} of {} is over: only its cost is recorded.", self.agent);
            warnings.push(Warning { code: "stale_attempt", message });
        }
        warnings
    }
}

/// True if a name in `current_stage` means the new one.
fn same_position(name: &str, found: &str) -> bool {
    match Stage::parse(found) {
        Some(stage) => stage.name() == name,
        None => name == "complete" && is_complete_word(found),
    }
}

/// True if a status means the new one.
fn same_status(name: &str, found: &str) -> bool {
    AgentStatus::parse(found).is_some_and(|status| status.name() == name)
}

/// The host's next step in a situation.
pub(super) fn next(situation: &Situation, state: State, policy: &Policy) -> Next {
    if situation.position == PipelinePosition::Complete {
        return Next { step: NextStep::Done, agent: None };
    }
    let agent = situation.position.agent();
    let step = match (state, situation.status(agent)) {
        (State::Failed, _) if situation.escalated(policy.retry_limit) => NextStep::Escalate,
        (State::Failed, _) => NextStep::Retry,
        (_, AgentStatus::InProgress) => NextStep::Work,
        _ => NextStep::Start,
    };
    Next { step, agent: Some(agent) }
}
