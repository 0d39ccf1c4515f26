//! The machine as it can be drawn: every way from state to state, the ways a session has taken, and
//! whether each may be taken now.

use crate::session::{Place, Situation};
use crate::{Agent, EventKind, Policy, Refusal, Session, Stage, State, Timestamp};
use std::borrow::Cow;

/// One way from a state to a state.
///
/// See the example at [`Session::transitions`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Transition {
    /// The kind of event that takes it.
    pub kind: EventKind,
    /// The agent that the event is for.
    pub agent: Agent,
    /// The state before.
    pub from: State,
    /// The state after.
    pub to: State,
    /// How often the session has taken it.
    pub taken: u32,
    /// Whether `taken` is concluded from the stages that are behind, for want of a history.
    pub derived: bool,
    /// Whether it may be taken now.
    pub standing: Verdict,
}

/// Whether a transition may be taken now.
///
/// See the example at [`Session::transitions`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
pub enum Verdict {
    /// It may, the event's other fields being valid.
    Allowed,
    /// The event would be accepted, but the session is in another state than the one this leads from.
    Elsewhere,
    /// The event would be refused.
    Refused(Refusal),
}

impl Session {
    /// Every transition of the machine, in the order of the pipeline. Those that leave or reach FAILED and
    /// RETRY are for each agent; `retry` and `resume` are for the current one, as in [`Session::choices`].
    ///
    /// ```
    /// use callboard_core::{EventKind, Policy, Session, State, Timestamp, Verdict};
    /// let session = Session::parse(r#"{"session_id": "a", "pipeline_state": {"current_stage": "writing",
    ///     "completed_stages": ["research"]}}"#).unwrap();
    /// let transitions = session.transitions(Timestamp::from_unix(0), &Policy::default());
    /// let find = |kind, from| transitions.iter().find(|way| way.kind == kind && way.from == from).unwrap();
    /// assert_eq!(find(EventKind::Complete, State::Writing).standing, Verdict::Allowed);
    /// let research = find(EventKind::Complete, State::Researching);
    /// assert_eq!((research.taken, research.derived), (1, true));
    /// assert!(matches!(&research.standing, Verdict::Refused(refusal) if refusal.code.name() == "already_complete"));
    /// ```
    pub fn transitions(&self, now: Timestamp, policy: &Policy) -> Vec<Transition> {
        let situation = self.situation();
        let state = situation.state();
        let readable = situation.unreadable.is_none();
        let ways = ways(&situation);
        let told = Told::of(self, &ways);
        let kinds: Vec<(EventKind, Agent)> = ways.iter().map(|(kind, agent, ..)| (*kind, *agent)).collect();
        let refusals = self.kind_refusals(&kinds, now, policy);
        let ways = ways.into_iter().zip(refusals).zip(&told.times);
        ways.map(|(((kind, agent, from, to), refusal), times)| {
            let here = readable && (from == state || kind == EventKind::QualityFailure);
            let standing = match refusal {
                None if here => Verdict::Allowed,
                None => Verdict::Elsewhere,
                Some(refusal) => Verdict::Refused(refusal),
            };
            let derived = *times == 0 && !told.agents[agent.index()] && behind(&situation, kind, agent, from);
            let taken = if derived { 1 } else { *times };
            Transition { kind, agent, from, to, taken, derived, standing }
        })
        .collect()
    }
}

type Way = (EventKind, Agent, State, State);

fn ways(situation: &Situation) -> Vec<Way> {
    let current = match situation.place {
        Place::Initialized => Agent::ResearchCoordinator,
        Place::At(stage) => stage.agent(),
        Place::Complete => Agent::AudioSynthesizer,
    };
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

/// The history's account of the ways.
struct Told {
    /// Count of each way's entries.
    times: Vec<u32>,
    /// True for each agent that an entry names.
    agents: [bool; 4],
}

impl Told {
    /// Reads the history once, and of its entries only what tells of a way.
    fn of(session: &Session, ways: &[Way]) -> Told {
        let document = session.document();
        let mut told = Told { times: vec![0; ways.len()], agents: [false; 4] };
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
                // One agent at a time is retried: the way is the same for each.
                let same_agent = || matches!(kind, EventKind::Retry | EventKind::Resume) || told_agent == Some(*agent);
                // Gates that fail while the audio waits lead back all the same.
                let same_from = || *kind == EventKind::QualityFailure || is(&told_from, *from);
                if event == kind.name() && same_agent() && same_from() && is(&told_to, *to) {
                    *times = times.saturating_add(1);
                }
            }
        }
        told
    }
}

/// True if the session cannot be where it is without having taken the way.
fn behind(situation: &Situation, kind: EventKind, agent: Agent, from: State) -> bool {
    let stage = agent.stage();
    match kind {
        EventKind::Complete => situation.completed[stage.index()],
        EventKind::Skip => situation.skipped[stage.index()] && !situation.completed[stage.index()],
        EventKind::Start if from == State::Initialized => situation.place != Place::Initialized,
        _ => false,
    }
}
