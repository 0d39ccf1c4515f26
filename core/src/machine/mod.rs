//! State machine: checks and applies events.

mod attempts;
mod check;
mod effects;
mod keys;
mod lists;
mod record;

use crate::document::{Edits, NodeId, Style};
use crate::refusal::Fault;
use crate::session::Situation;
use crate::{
    Action, Agent, Allowed, Completion, Event, EventKind, Outcome, Policy, Refusal, Session, TextEdits, Timestamp,
};
use check::Question;

/// Kind of event for the current agent, with its refusal if it would be refused now.
///
/// See the example at [`Session::choices`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Choice {
    /// Kind of event.
    #[cfg_attr(feature = "serde", serde(rename = "type"))]
    pub kind: EventKind,
    /// Agent of the event.
    pub agent: Agent,
    /// Refusal; none if the event would be accepted with valid fields.
    pub refusal: Option<Refusal>,
}

impl Session {
    /// Checks if an event would be accepted now. An event that was applied before, by its key, is.
    ///
    /// # Errors
    /// The refusal that [`Session::apply`] would give.
    ///
    /// See the example at [`Refusal`].
    pub fn check(&self, event: &Event, now: Timestamp, policy: &Policy) -> Result<(), Refusal> {
        let situation = self.situation();
        self.judge(&situation, event, now, policy).map(|_| ())
    }

    /// Applies an event, or refuses it and changes nothing.
    ///
    /// An event with a key of the history changes nothing; its outcome has the entry as `duplicate`, and the current
    /// state as `from` and `to`, even if the event would be refused now.
    ///
    /// # Errors
    /// The first refusal that applies, in the order of [`crate::RefusalCode`].
    ///
    /// ```
    /// use callboard_core::{Action, Agent, Completion, Event, Money, NextStep, Policy, Session, Timestamp};
    /// let mut session = Session::parse(r#"{"session_id": "ep_1", "pipeline_state": {"current_stage": "writing"}}"#).unwrap();
    /// let done = Completion { cost: Money::parse("1.2"), ..Completion::default() };
    /// let event = Event::new(Agent::ScriptWriter, Action::Complete(done));
    /// let outcome = session.apply(&event, Timestamp::from_unix(0), &Policy::default()).unwrap();
    /// assert_eq!((outcome.next.step, outcome.next.agent), (NextStep::Start, Some(Agent::QualityEvaluator)));
    /// assert_eq!(session.costs().total.unwrap().to_string(), "1.20");
    /// ```
    pub fn apply(&mut self, event: &Event, now: Timestamp, policy: &Policy) -> Result<Outcome, Refusal> {
        let (outcome, edits) = self.plan(event, now, policy)?;
        if let Some(edits) = edits {
            self.edit(edits);
        }
        Ok(outcome)
    }

    /// Works out an event's outcome and its edits of the text without applying it.
    ///
    /// # Errors
    /// The refusal that [`Session::apply`] would give.
    ///
    /// ```
    /// use callboard_core::{Agent, Event, EventKind, Policy, Session, Timestamp};
    /// let text = r#"{"session_id": "ep_1", "pipeline_state": {"current_stage": "writing"}}"#;
    /// let session = Session::parse(text).unwrap();
    /// let event = Event::minimal(EventKind::Start, Agent::ScriptWriter);
    /// let (outcome, edits) = session.preview(&event, Timestamp::from_unix(0), &Policy::default()).unwrap();
    /// assert_eq!(outcome.sentence(), "script_writer is in progress.");
    /// assert!(edits.apply(text).unwrap().contains("in_progress") && session.text() == text);
    /// ```
    pub fn preview(&self, event: &Event, now: Timestamp, policy: &Policy) -> Result<(Outcome, TextEdits), Refusal> {
        let (outcome, edits) = self.plan(event, now, policy)?;
        Ok((outcome, edits.map(|edits| edits.of_text(self.text())).unwrap_or_default()))
    }

    /// Checks an event and works out its outcome and edits; no edits if it was applied before.
    fn plan(&self, event: &Event, now: Timestamp, policy: &Policy) -> Result<(Outcome, Option<Edits>), Refusal> {
        let situation = self.situation();
        let applied_before = self.judge(&situation, event, now, policy)?;
        let Some(agent) = event.agent() else {
            // Not reached: an unknown agent has been refused.
            return Err(check::unknown_agent(event).into_refusal(Vec::new()));
        };
        if let Some(entry) = applied_before {
            return Ok((self.duplicate(&situation, entry, event, agent, policy), None));
        }
        let style = Style::of(self.document());
        let effects = effects::Effects::of(self, &situation, agent, event, now, policy, &style);
        let effects::Effects { patch, outcome } = effects;
        Ok((outcome, Some(patch.edits(self.document(), &style))))
    }

    /// Lists all kinds of events for the current agent, each with its refusal if it would be refused now.
    ///
    /// Before the first stage and after the last, the agent is that of the first or last stage. Resuming an escalated
    /// agent counts as allowed, because a person may override.
    ///
    /// ```
    /// use callboard_core::{EventKind, Policy, Session, Timestamp};
    /// let session = Session::parse(r#"{"session_id": "ep_1", "pipeline_state": {"current_stage": "research"}}"#).unwrap();
    /// let choices = session.choices(Timestamp::from_unix(0), &Policy::default());
    /// let kinds: Vec<EventKind> = choices.iter().filter(|choice| choice.refusal.is_none()).map(|choice| choice.kind).collect();
    /// assert_eq!(kinds, [EventKind::Start, EventKind::Complete, EventKind::Fail, EventKind::Skip]);
    /// ```
    pub fn choices(&self, now: Timestamp, policy: &Policy) -> Vec<Choice> {
        let situation = self.situation();
        let agent = situation.position.agent();
        let allowed = self.allowed(&situation, now, policy);
        let choice = |kind| {
            let verdict = self.verdict(&situation, &Question::of(kind, agent), now, policy);
            let refusal = verdict.err().map(|fault| fault.into_refusal(allowed.clone()));
            Choice { kind, agent, refusal }
        };
        EventKind::ALL.into_iter().map(choice).collect()
    }

    /// The kind of event that most likely comes next for the current agent; none if no event is likely, or it would be
    /// refused now.
    ///
    /// A running agent completes, or is resumed if it stalled; a failed one is retried, an escalated one resumed; an agent
    /// that is not implemented is skipped; any other is started.
    ///
    /// ```
    /// use callboard_core::{EventKind, Policy, Session, Timestamp};
    /// let session = Session::parse(r#"{"session_id": "ep_1", "pipeline_state": {"current_stage": "research"}}"#).unwrap();
    /// assert_eq!(session.likely_event(Timestamp::from_unix(0), &Policy::default()), Some(EventKind::Start));
    /// ```
    pub fn likely_event(&self, now: Timestamp, policy: &Policy) -> Option<EventKind> {
        let inputs = self.health_inputs();
        let kind = inputs.likely_event(now, policy)?;
        self.allows(kind, inputs.situation.position.agent(), now, policy).then_some(kind)
    }

    /// True if a kind of event for an agent would be accepted now with valid fields.
    pub(crate) fn allows(&self, kind: EventKind, agent: Agent, now: Timestamp, policy: &Policy) -> bool {
        self.verdict(&self.situation(), &Question::of(kind, agent), now, policy).is_ok()
    }

    /// Refusals of kinds of events for agents, whatever their fields; none for allowed ones. Resuming an escalated agent
    /// counts as allowed, because a person may override.
    pub(crate) fn kind_refusals(
        &self,
        kinds: &[(EventKind, Agent)],
        now: Timestamp,
        policy: &Policy,
    ) -> Vec<Option<Refusal>> {
        let situation = self.situation();
        let allowed = self.allowed(&situation, now, policy);
        let refusal = |(kind, agent): &(EventKind, Agent)| {
            let verdict = self.verdict(&situation, &Question::of(*kind, *agent), now, policy);
            verdict.err().map(|fault| fault.into_refusal(allowed.clone()))
        };
        kinds.iter().map(refusal).collect()
    }

    /// The refusal of a text that cannot be read as an event.
    #[cold]
    #[inline(never)]
    pub(crate) fn refused(&self, fault: Fault, now: Timestamp, policy: &Policy) -> Refusal {
        fault.into_refusal(self.allowed(&self.situation(), now, policy))
    }

    /// Checks an event. Returns its history entry if it was applied before.
    fn judge(
        &self,
        situation: &Situation,
        event: &Event,
        now: Timestamp,
        policy: &Policy,
    ) -> Result<Option<NodeId>, Refusal> {
        let verdict = match self.applied_before(event) {
            // An unreadable state has no next step to answer with.
            Ok(Some(entry)) if situation.unreadable.is_none() => Ok(Some(entry)),
            Ok(_) => self.find_fault(situation, event, now, policy).map(|()| None),
            Err(fault) => Err(fault),
        };
        verdict.map_err(|fault| fault.into_refusal(self.allowed(situation, now, policy)))
    }

    /// All events that would be accepted now.
    fn allowed(&self, situation: &Situation, now: Timestamp, policy: &Policy) -> Vec<Allowed> {
        let mut allowed = Vec::new();
        for agent in Agent::ALL {
            for kind in EventKind::ALL {
                if self.verdict(situation, &Question::of(kind, agent), now, policy).is_ok() {
                    allowed.push(Allowed { kind, agent });
                }
            }
        }
        allowed
    }
}

impl Event {
    /// Creates an event of a kind with only its required fields, for checks of whether it is allowed.
    ///
    /// See the example at [`Session::preview`].
    pub fn minimal(kind: EventKind, agent: Agent) -> Event {
        let action = match kind {
            EventKind::Start => Action::Start { estimated_completion: None },
            EventKind::Progress => Action::Progress { cost: None, estimated_completion: None },
            EventKind::Complete => Action::Complete(Completion::default()),
            EventKind::Fail => Action::Fail { error: "unknown".to_owned(), cost: None },
            EventKind::Retry => Action::Retry,
            EventKind::Resume => Action::Resume { override_escalation: false, reason: None },
            EventKind::QualityFailure => {
                let report = crate::GateReport { failures: vec!["overall".to_owned()], ..crate::GateReport::default() };
                Action::QualityFailure { report, cost: None, execution_time: None }
            }
            EventKind::Skip => Action::Skip { reason: "unknown".to_owned() },
        };
        Event::new(agent, action)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn likely(stage: &str, block: &str, expected: Option<EventKind>) {
        let agent = crate::Stage::parse(stage).map_or(Agent::ResearchCoordinator, |stage| stage.agent());
        let session = Session::parse(format!(
            r#"{{"session_id": "a", "pipeline_state": {{"current_stage": "{stage}", "failed_attempts": 4}},
            "agent_outputs": {{"{agent}": {{{block}}}}},
            "cost_tracking": {{"total": 10, "budget": 9}},
            "timestamps": {{"last_updated": "1970-01-01T00:00:00Z"}}}}"#
        ));
        let kind = session.unwrap().likely_event(Timestamp::from_unix(60), &Policy::default());
        assert_eq!(kind, expected, "{stage} {block}");
    }

    #[test]
    fn the_likely_event_follows_from_the_agents_status() {
        likely("initialized", "", Some(EventKind::Start));
        likely("writing", "", Some(EventKind::Start));
        likely("writing", r#""status": "retry""#, Some(EventKind::Start));
        likely("writing", r#""status": "failed""#, Some(EventKind::Retry));
        likely(
            "writing",
            r#""status": "in_progress", "start_time": "1970-01-01T00:00:30Z""#,
            Some(EventKind::Complete),
        );
        likely("synthesis", r#""status": "not_implemented""#, Some(EventKind::Skip));
        likely("complete", "", None);
        likely("lunch", "", None);
    }

    #[test]
    fn a_stalled_or_escalated_agent_is_resumed_and_a_blocked_one_is_not_started() {
        let now = Timestamp::from_unix(1_000_000);
        let session = |more: &str, status: &str| {
            Session::parse(format!(
                r#"{{"session_id": "a", "pipeline_state": {{"current_stage": "writing"{more}}},
                "agent_outputs": {{"script_writer": {{"status": "{status}", "start_time": "1970-01-01T00:00:00Z"}}}},
                "cost_tracking": {{"total": 10, "budget": 9}}}}"#
            ))
            .unwrap()
        };
        let policy = Policy::default();
        assert_eq!(session("", "in_progress").likely_event(now, &policy), Some(EventKind::Resume));
        let escalated = session(r#", "retry_count": 3, "failed_attempts": 4"#, "failed");
        assert_eq!(escalated.likely_event(now, &policy), Some(EventKind::Resume));
        let policy = Policy { over_budget: crate::OverBudget::Block, ..Policy::default() };
        assert_eq!(session("", "pending").likely_event(now, &policy), None);
    }
}
