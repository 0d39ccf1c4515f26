//! State diagram of a session: all transitions, the times each was taken, and whether each is allowed now.

use crate::session::{PipelinePosition, Situation};
use crate::{Agent, EventKind, Policy, Refusal, Session, Stage, State, Timestamp};
use std::borrow::Cow;

/// Transition between two states.
///
/// See the example at [`Session::transitions`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Transition {
    /// Kind of event that causes it.
    pub kind: EventKind,
    /// Agent of the event.
    pub agent: Agent,
    /// State before it.
    pub from: State,
    /// State after it.
    pub to: State,
    /// Number of times the session took it.
    pub taken: u32,
    /// True if `taken` is derived from the completed stages because no history records it.
    pub derived: bool,
    /// Availability now.
    pub availability: Availability,
}

/// Availability of a transition.
///
/// See the example at [`Session::transitions`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
pub enum Availability {
    /// Allowed, if the event's other fields are valid.
    Allowed,
    /// The event would be accepted, but the session is in another state than the transition's first.
    Elsewhere,
    /// The event would be refused.
    Refused(Refusal),
}

impl Session {
    /// All transitions of the machine, in pipeline order.
    ///
    /// Each agent has transitions to FAILED and from RETRY; `retry` and `resume` are those of the current agent, as in
    /// [`Session::choices`].
    ///
    /// ```
    /// use callboard_core::{EventKind, Policy, Session, State, Timestamp, Availability};
    /// let session = Session::parse(r#"{"session_id": "a", "pipeline_state": {"current_stage": "writing",
    ///     "completed_stages": ["research"]}}"#).unwrap();
    /// let transitions = session.transitions(Timestamp::from_unix(0), &Policy::default());
    /// let find = |kind, from| transitions.iter().find(|way| way.kind == kind && way.from == from).unwrap();
    /// assert_eq!(find(EventKind::Complete, State::Writing).availability, Availability::Allowed);
    /// let research = find(EventKind::Complete, State::Researching);
    /// assert_eq!((research.taken, research.derived), (1, true));
    /// assert!(matches!(&research.availability, Availability::Refused(refusal) if refusal.code.name() == "already_complete"));
    /// ```
    pub fn transitions(&self, now: Timestamp, policy: &Policy) -> Vec<Transition> {
        let situation = self.situation();
        let state = situation.state();
        let readable = situation.unreadable.is_none();
        let ways = ways(&situation);
        let told = HistoryCounts::of(self, &ways);
        let kinds: Vec<(EventKind, Agent)> = ways.iter().map(|(kind, agent, ..)| (*kind, *agent)).collect();
        let refusals = self.kind_refusals(&kinds, now, policy);
        let ways = ways.into_iter().zip(refusals).zip(&told.times);
        ways.map(|(((kind, agent, from, to), refusal), times)| {
            let here = readable && (from == state || kind == EventKind::QualityFailure);
            let availability = match refusal {
                None if here => Availability::Allowed,
                None => Availability::Elsewhere,
                Some(refusal) => Availability::Refused(refusal),
            };
            let derived = *times == 0 && !told.agents[agent.index()] && behind(&situation, kind, agent, from);
            let taken = if derived { 1 } else { *times };
            Transition { kind, agent, from, to, taken, derived, availability }
        })
        .collect()
    }
}

type TransitionKey = (EventKind, Agent, State, State);

fn ways(situation: &Situation) -> Vec<TransitionKey> {
    let current = situation.position.agent();
    let mut ways = vec![(EventKind::Start, Agent::ResearchCoordinator, State::Initialized, State::Researching)];
    for stage in Stage::ALL {
        let (agent, state) = (stage.agent(), stage.state());
        let next = stage.next().map_or(State::Complete, Stage::state);
        ways.push((EventKind::Start, agent, state, state));
        ways.push((EventKind::Complete, agent, state, next));
        ways.push((EventKind::Skip, agent, state, next));
        ways.push((EventKind::Fail, agent, state, State::Failed));
        ways.push((EventKind::Start, agent, State::Retry, state));
    }
    for to in [State::Writing, State::Researching] {
        ways.push((EventKind::QualityFailure, Agent::QualityEvaluator, State::Evaluating, to));
    }
    ways.push((EventKind::Retry, current, State::Failed, State::Retry));
    ways.push((EventKind::Resume, current, State::Failed, State::Retry));
    ways
}

/// Counts of transitions in a history.
struct HistoryCounts {
    /// Number of entries of each transition.
    times: Vec<u32>,
    /// True for each agent that an entry names.
    agents: [bool; 4],
}

impl HistoryCounts {
    /// Counts the entries of each transition.
    fn of(session: &Session, ways: &[TransitionKey]) -> HistoryCounts {
        let document = session.document();
        let mut told = HistoryCounts { times: vec![0; ways.len()], agents: [false; 4] };
        for entry in session.history_nodes() {
            let text = |key: &str| document.find_set(entry, key).and_then(|value| document.string(value));
            let told_agent = text("agent").and_then(|name| Agent::parse(&name));
            if let Some(agent) = told_agent {
                told.agents[agent.index()] = true;
            }
            let Some(event) = text("event") else { continue };
            let (told_from, told_to) = (text("from"), text("to"));
            let is = |text: &Option<Cow<'_, str>>, state: State| text.as_deref() == Some(state.name());
            for ((kind, agent, from, to), times) in ways.iter().zip(&mut told.times) {
                // Retries are counted for all agents together: only one is retried at a time.
                let same_agent = || matches!(kind, EventKind::Retry | EventKind::Resume) || told_agent == Some(*agent);
                // Gates may also fail while the session waits for the audio.
                let same_from = || *kind == EventKind::QualityFailure || is(&told_from, *from);
                if event == kind.name() && same_agent() && same_from() && is(&told_to, *to) {
                    *times = times.saturating_add(1);
                }
            }
        }
        told
    }
}

/// True if the session must have taken the transition to be in its position.
fn behind(situation: &Situation, kind: EventKind, agent: Agent, from: State) -> bool {
    let stage = agent.stage();
    match kind {
        EventKind::Complete => situation.completed[stage.index()],
        EventKind::Skip => situation.skipped[stage.index()] && !situation.completed[stage.index()],
        EventKind::Start if from == State::Initialized => situation.position != PipelinePosition::Initialized,
        _ => false,
    }
}
