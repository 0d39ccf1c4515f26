//! Changes between two texts of one session: events, costs, failed gates and edited values.

use crate::document::{Document, Keys, Kind, NodeId, ROOT, same_member};
use crate::merge::history_changes;
use crate::names::same_name;
use crate::order::{Lookup, hash};
use crate::quality::Gate;
use crate::{Agent, AgentStatus, EventKind, HistoryEntry, Money, Policy, Session, State};

/// Changes of a session since an earlier text of it.
///
/// See the example at [`Session::changes_since`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct SessionChanges {
    /// New entries of the history, in the order of the file.
    pub events: Vec<HistoryEntry>,
    /// Entries of the earlier history that are gone, such as those of undone events.
    pub undone: Vec<HistoryEntry>,
    /// Events that no history records, in pipeline order.
    pub unrecorded: Vec<UnrecordedEvent>,
    /// Paths of changed values that none of these events may write, keys joined by dots.
    pub edited: Vec<String>,
    /// Gates that failed in the new events, each once.
    pub failed_gates: Vec<FailedGate>,
    /// Growth of the total cost, negative if it shrank; none if the cost is unknown now.
    pub cost_added: Option<Money>,
    /// State before; none if it cannot be read.
    pub from: Option<State>,
    /// State now; none if it cannot be read.
    pub to: Option<State>,
}

/// Event that only an agent's new status tells of, because the file's writer keeps no history.
///
/// ```
/// use callboard_core::{Agent, EventKind, Policy, Session};
/// let text = r#"{"session_id": "ep_1", "agent_outputs": {"script_writer": {"status": "in_progress"}}}"#;
/// let before = Session::parse(text).unwrap();
/// let now = Session::parse(text.replace("in_progress", "complete")).unwrap();
/// let event = now.changes_since(&before, &Policy::default()).unrecorded[0];
/// assert_eq!((event.kind, event.agent), (EventKind::Complete, Agent::ScriptWriter));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct UnrecordedEvent {
    /// Kind of the event.
    pub kind: EventKind,
    /// Agent of the event.
    pub agent: Agent,
}

/// Quality gate that failed.
///
/// ```
/// use callboard_core::{Event, Gate, Policy, Session, Timestamp};
/// let before = Session::parse(r#"{"session_id": "ep_1", "pipeline_state": {"current_stage": "evaluation"}}"#).unwrap();
/// let failure = Event::from_json(r#"{"type": "quality_failure", "agent": "quality_evaluator",
///     "report": {"scores": {"overall": 0.79}}}"#).unwrap();
/// let mut now = before.clone();
/// now.apply(&failure, Timestamp::from_unix(0), &Policy::default()).unwrap();
/// let failed = &now.changes_since(&before, &Policy::default()).failed_gates[0];
/// assert_eq!((failed.name.as_str(), failed.gate), ("overall", Some(Gate::Overall)));
/// assert_eq!((failed.score, failed.threshold), (Some(0.79), Some(0.85)));
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct FailedGate {
    /// Name in the event's error.
    pub name: String,
    /// The gate; none for one without a threshold.
    pub gate: Option<Gate>,
    /// Score below the threshold, 0 to 1; none if the file does not have it, or has a later one.
    pub score: Option<f64>,
    /// Lowest score that passes.
    pub threshold: Option<f64>,
}

/// Greatest depth at which objects are compared key by key; deeper values are compared as a whole.
const DEEPEST: usize = 64;

impl Session {
    /// Finds the changes since an earlier text of the session: what happened, what it cost, and what was edited.
    ///
    /// Entries with one key are one event. A value counts as edited if no event between the two texts may write it; the
    /// time of the last update never does. An empty earlier session, such as [`Session::reopen`] of an empty text, gives
    /// the whole history.
    ///
    /// ```
    /// use callboard_core::{Agent, Event, Policy, Session, State, Timestamp};
    /// let before = Session::parse(r#"{"session_id": "ep_1", "episode": {"topic": "Tides"},
    ///     "pipeline_state": {"current_stage": "writing"}, "cost_tracking": {"total": 3.30}}"#).unwrap();
    /// let mut now = Session::parse(before.text().replace("Tides", "Ebb")).unwrap();
    /// let done = Event::from_json(r#"{"type": "complete", "agent": "script_writer", "cost": 1.20}"#).unwrap();
    /// now.apply(&done, Timestamp::from_unix(0), &Policy::default()).unwrap();
    /// let changes = now.changes_since(&before, &Policy::default());
    /// assert_eq!((changes.events[0].event.as_str(), changes.events[0].agent), ("complete", Some(Agent::ScriptWriter)));
    /// assert_eq!(changes.cost_added.unwrap().usd(), "$1.20");
    /// assert_eq!((changes.from, changes.to), (Some(State::Writing), Some(State::Evaluating)));
    /// assert_eq!(changes.edited, ["episode.topic"]);
    /// ```
    pub fn changes_since(&self, before: &Session, policy: &Policy) -> SessionChanges {
        let (added, removed) = history_changes(before, self);
        let history = self.history();
        let (events, undone) = (self.chosen(history.clone(), &added), before.chosen(before.history(), &removed));
        // An entry that was only rewritten is an edit.
        let (new, old) = (occasions(&events), occasions(&undone));
        let is_rewritten = undone.iter().any(|entry| is_among(&new, entry));
        let events: Vec<HistoryEntry> = events.into_iter().filter(|entry| !is_among(&old, entry)).collect();
        let undone: Vec<HistoryEntry> = undone.into_iter().filter(|entry| !is_among(&new, entry)).collect();
        let recorded = events.iter().chain(&undone);
        let mut explaining: Vec<(EventKind, Agent)> =
            recorded.clone().filter_map(|entry| Some((EventKind::parse(&entry.event)?, entry.agent?))).collect();
        let is_recorded = |agent| recorded.clone().any(|entry| entry.agent == Some(agent));
        let unrecorded: Vec<UnrecordedEvent> = Agent::ALL
            .into_iter()
            .filter(|&agent| !is_recorded(agent))
            .filter_map(|agent| {
                let (then, now) = (before.agent(agent).status, self.agent(agent).status);
                let kind = kind_of(now).filter(|_| then != now)?;
                Some(UnrecordedEvent { kind, agent })
            })
            .collect();
        explaining.extend(unrecorded.iter().map(|event| (event.kind, event.agent)));
        let order = |(kind, agent): &(EventKind, Agent)| (*kind as usize, agent.index());
        explaining.sort_unstable_by_key(order);
        explaining.dedup();
        let mut comparison = Comparison {
            before: before.document(),
            after: self.document(),
            explaining,
            is_rewritten,
            edited: Vec::new(),
        };
        comparison.compare(Some(ROOT), Some(ROOT), &mut Vec::new());
        let edited = comparison.edited;
        let failed_gates = self.gates_failed_in(&events, &history, policy);
        let (was, is) = (before.costs().total.unwrap_or_default(), self.costs().total);
        let cost_added = is.map(|is| Money::from_micros(is.micros().saturating_sub(was.micros())));
        let (from, to) = (before.state().ok(), self.state().ok());
        SessionChanges { events, undone, unrecorded, edited, failed_gates, cost_added, from, to }
    }

    /// The entries of the history that have these nodes, which are in the order of the file.
    pub(crate) fn chosen(&self, history: Vec<HistoryEntry>, nodes: &[NodeId]) -> Vec<HistoryEntry> {
        let chosen = self.history_nodes().zip(history).filter(|(node, _)| nodes.binary_search(node).is_ok());
        chosen.map(|(_, entry)| entry).collect()
    }

    /// The gates that failed in events. The file has the scores of the last evaluation only.
    fn gates_failed_in(&self, events: &[HistoryEntry], history: &[HistoryEntry], policy: &Policy) -> Vec<FailedGate> {
        let is_result = |entry: &&HistoryEntry| {
            let kind = EventKind::parse(&entry.event);
            entry.agent == Some(Agent::QualityEvaluator)
                && matches!(kind, Some(EventKind::Complete | EventKind::QualityFailure))
        };
        let last = history.iter().rfind(is_result).map(entry_key);
        let results = self.gates(policy);
        let mut failed: Vec<FailedGate> = Vec::new();
        for entry in events.iter().filter(|entry| EventKind::parse(&entry.event) == Some(EventKind::QualityFailure)) {
            for name in entry.failed_gates() {
                let gate = Gate::parse(name);
                let result = gate.and_then(|gate| results.iter().find(|result| result.gate == gate));
                let now = result.filter(|result| result.met == Some(false) && last == Some(entry_key(entry)));
                let threshold = gate.map(|gate| policy.thresholds.of(gate));
                let found = FailedGate { name: name.to_owned(), gate, score: now.and_then(|now| now.score), threshold };
                match failed.iter_mut().find(|known| known.name == name) {
                    Some(known) => *known = found,
                    None => failed.push(found),
                }
            }
        }
        failed
    }
}

/// The kind of event after which an agent has a status.
fn kind_of(status: AgentStatus) -> Option<EventKind> {
    match status {
        AgentStatus::InProgress => Some(EventKind::Start),
        AgentStatus::Complete => Some(EventKind::Complete),
        AgentStatus::Failed => Some(EventKind::Fail),
        AgentStatus::Retry => Some(EventKind::Retry),
        AgentStatus::Skipped => Some(EventKind::Skip),
        AgentStatus::Pending | AgentStatus::NotImplemented => None,
    }
}

/// The parts that tell an entry from the others of its history.
fn entry_key(entry: &HistoryEntry) -> (u32, Option<i64>, Option<u64>) {
    (entry.line, entry.at.map(|at| at.unix()), entry.attempt)
}

/// Hash of an entry's time, agent and event; none without a time.
fn occasion(entry: &HistoryEntry) -> Option<u64> {
    let agent = entry.agent.map_or(Agent::ALL.len(), Agent::index) as u64;
    let at = entry.at?.unix();
    Some(hash(&entry.event).rotate_left(23) ^ hash(&at.to_string()).rotate_left(3) ^ agent)
}

fn occasions(entries: &[HistoryEntry]) -> Lookup {
    Lookup::of(entries.iter().map(|entry| occasion(entry).unwrap_or_default()))
}

fn is_among(occasions: &Lookup, entry: &HistoryEntry) -> bool {
    occasion(entry).is_some_and(|occasion| !occasions.find(occasion).is_empty())
}

/// Comparison of the values of two texts.
struct Comparison<'a> {
    before: &'a Document,
    after: &'a Document,
    /// Events that explain what they may write.
    explaining: Vec<(EventKind, Agent)>,
    /// True if an entry of the history was rewritten.
    is_rewritten: bool,
    edited: Vec<String>,
}

impl Comparison<'_> {
    /// Adds the paths of the edited values below a path.
    fn compare(&mut self, before: Option<NodeId>, after: Option<NodeId>, path: &mut Vec<String>) {
        if same_member(self.before, before, self.after, after) || self.is_explained(before, after, path) {
            return;
        }
        let members = |document: &Document, node: Option<NodeId>| match node {
            Some(node) if document.kind(node) == Kind::Object => Some(Some(Keys::of(document, node))),
            Some(node) if document.kind(node) != Kind::Null => None,
            // A missing object counts as an empty one, so that its members are named.
            _ => Some(None),
        };
        let (olds, news) = (members(self.before, before), members(self.after, after));
        let (Some(olds), Some(news), true) = (olds, news, path.len() < DEEPEST) else {
            return self.edited.push(path.join("."));
        };
        let before = ObjectSide { document: self.before, object: before, keys: olds };
        let after = ObjectSide { document: self.after, object: after, keys: news };
        let mut is_empty = true;
        let gone = before.names().filter(|name| after.find(name).is_none());
        for name in after.names().chain(gone) {
            is_empty = false;
            let (old, new) = (before.find(&name), after.find(&name));
            path.push(name);
            self.compare(old, new, path);
            path.pop();
        }
        if is_empty {
            self.edited.push(path.join("."));
        }
    }

    /// True if an event may have changed the value at a path.
    fn is_explained(&self, before: Option<NodeId>, after: Option<NodeId>, path: &[String]) -> bool {
        let names: Vec<&str> = path.iter().map(String::as_str).collect();
        match names.as_slice() {
            [] => false,
            // The entries are compared by themselves.
            [name] if same_name(name, "history") => {
                let is_list = |document: &Document, node: Option<NodeId>| {
                    node.is_none_or(|node| matches!(document.kind(node), Kind::Array | Kind::Null))
                };
                !self.is_rewritten && is_list(self.before, before) && is_list(self.after, after)
            }
            // A heartbeat changes it, without an entry in the history.
            [section, name] if same_name(section, "timestamps") && same_name(name, "last_updated") => true,
            names => self.explaining.iter().any(|&(kind, agent)| kind.may_write(agent, names)),
        }
    }
}

/// An object of one of the two texts; none if it is missing.
struct ObjectSide<'a> {
    document: &'a Document,
    object: Option<NodeId>,
    keys: Option<Keys>,
}

impl ObjectSide<'_> {
    /// The names of the members, each at its last place.
    fn names(&self) -> impl Iterator<Item = String> {
        let members = self.object.into_iter().flat_map(|object| self.document.members(object));
        members.filter_map(|(key, value)| {
            let name = self.document.string(key)?;
            (self.find(&name) == Some(value)).then(|| name.into_owned())
        })
    }

    fn find(&self, name: &str) -> Option<NodeId> {
        self.keys.as_ref().and_then(|keys| keys.find(self.document, name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Action, Completion, Event, GateReport, Initialize, Timestamp};

    fn new_session() -> Session {
        Session::initialize(&Initialize::new(12, "Tides"), Timestamp::from_unix(0), &Policy::default()).unwrap()
    }

    fn apply(session: &mut Session, agent: Agent, action: Action) {
        let at = session.last_updated().unwrap().plus(60);
        session.apply(&Event::new(agent, action), at, &Policy::default()).unwrap();
    }

    fn start(session: &mut Session, agent: Agent) {
        apply(session, agent, Action::Start { estimated_completion: None });
    }

    fn complete(session: &mut Session, agent: Agent, cost: &str) {
        let done = Completion { cost: Money::parse(cost), ..Completion::default() };
        apply(session, agent, Action::Complete(done));
    }

    fn changes(now: &Session, before: &Session) -> SessionChanges {
        now.changes_since(before, &Policy::default())
    }

    fn words(entries: &[HistoryEntry]) -> Vec<String> {
        entries.iter().map(|entry| format!("{} {}", entry.event, entry.agent.map_or("", Agent::name))).collect()
    }

    #[test]
    fn events_explain_all_that_they_write() {
        let before = new_session();
        let mut now = before.clone();
        start(&mut now, Agent::ResearchCoordinator);
        apply(
            &mut now,
            Agent::ResearchCoordinator,
            Action::Fail { error: "timeout".into(), cost: Money::parse("0.2") },
        );
        apply(&mut now, Agent::ResearchCoordinator, Action::Retry);
        start(&mut now, Agent::ResearchCoordinator);
        complete(&mut now, Agent::ResearchCoordinator, "1.00");
        let found = changes(&now, &before);
        let all = ["start", "fail", "retry", "start", "complete"].map(|event| format!("{event} research_coordinator"));
        assert_eq!(words(&found.events), all);
        assert_eq!((found.edited, found.unrecorded, found.undone), (Vec::new(), Vec::new(), Vec::new()));
        assert_eq!(found.cost_added, Money::parse("1.20"));
        let undone = changes(&before, &now);
        assert_eq!((words(&undone.undone), undone.edited, undone.events), (all.to_vec(), Vec::new(), Vec::new()));
        assert_eq!(undone.cost_added, Money::parse("-1.20"));
    }

    #[test]
    fn equal_texts_and_heartbeats_have_no_changes() {
        let before = new_session();
        let mut now = before.clone();
        for _ in 0..2 {
            let found = changes(&now, &before);
            let nothing = (Vec::new(), Vec::new(), Vec::<String>::new());
            assert_eq!((found.events, found.undone, found.edited), nothing);
            assert_eq!(found.cost_added, Some(Money::ZERO));
            now =
                Session::parse(before.text().replace("\"last_updated\": \"1970", "\"last_updated\": \"1971")).unwrap();
        }
        let spaced = Session::parse(before.text().replace(": ", ":  ")).unwrap();
        assert_eq!(changes(&spaced, &before).edited, Vec::<String>::new());
    }

    #[test]
    fn edits_are_named_by_their_paths() {
        let before = new_session();
        let check = |edit: &dyn Fn(String) -> String, expected: &[&str]| {
            let now = Session::parse(edit(before.text().to_owned())).unwrap();
            assert_eq!(changes(&now, &before).edited, expected);
        };
        check(&|text| text.replace("Tides", "Ebb"), &["episode.topic"]);
        check(&|text| text.replace("\"budget\": 9.00", "\"budget\": 9"), &[]);
        check(&|text| text.replacen('{', "{\"notes\": {\"a\": 1, \"b\": {}},", 1), &["notes.a", "notes.b"]);
        check(&|text| text.replace("\"history\": [", "\"history\": [{\"event\": \"note\"},"), &[]);
        check(
            &|text| text.replace("\"event\": \"initialize\"", "\"event\": \"initialize\", \"by\": \"me\""),
            &["history"],
        );
        check(&|text| text.replace("\"history\": [", "\"history\": \"none\", \"past\": ["), &["history", "past"]);
    }

    #[test]
    fn a_status_without_history_tells_of_an_event() {
        let text = |research: &str, writing: &str, stage: &str| {
            Session::parse(format!(
                r#"{{"session_id": "ep_1", "pipeline_state": {{"current_stage": "{stage}"}}, "agent_outputs": {{
                "research_coordinator": {{"status": "{research}"}}, "script_writer": {{"status": "{writing}", "note": "{stage}"}}}}}}"#
            ))
            .unwrap()
        };
        let (before, now) = (text("in_progress", "pending", "research"), text("complete", "in_progress", "writing"));
        let found = changes(&now, &before);
        let event = |kind, agent| UnrecordedEvent { kind, agent };
        assert_eq!(
            found.unrecorded,
            [event(EventKind::Complete, Agent::ResearchCoordinator), event(EventKind::Start, Agent::ScriptWriter)]
        );
        assert_eq!(found.edited, ["agent_outputs.script_writer.note"]);
    }

    #[test]
    fn failed_gates_have_the_score_that_failed_them() {
        let mut before = new_session();
        for agent in [Agent::ResearchCoordinator, Agent::ScriptWriter] {
            start(&mut before, agent);
            complete(&mut before, agent, "1");
        }
        start(&mut before, Agent::QualityEvaluator);
        let mut now = before.clone();
        let report = GateReport {
            failures: vec!["engagement".into(), "pace".into()],
            scores: vec![("overall".into(), 0.79)],
            ..GateReport::default()
        };
        apply(&mut now, Agent::QualityEvaluator, Action::QualityFailure { report, cost: None, execution_time: None });
        let failed = changes(&now, &before).failed_gates;
        let shown: Vec<_> = failed.iter().map(|gate| (gate.name.as_str(), gate.score, gate.threshold)).collect();
        assert_eq!(shown, [("engagement", None, Some(0.8)), ("pace", None, None), ("overall", Some(0.79), Some(0.85))]);
        // The score of a later evaluation is another one.
        for agent in [Agent::ScriptWriter, Agent::QualityEvaluator] {
            start(&mut now, agent);
            complete(&mut now, agent, "1");
        }
        let found = changes(&now, &before);
        assert!(found.failed_gates.iter().all(|gate| gate.score.is_none()));
        assert_eq!(found.edited, Vec::<String>::new());
    }

    #[test]
    fn any_two_texts_have_changes() {
        let full = new_session();
        let deep = |depth: usize| format!("{{\"session_id\": {}1{}}}", "{\"a\":".repeat(depth), "}".repeat(depth));
        let texts = [
            String::new(),
            full.text().to_owned(),
            r#"{"session_id": "a", "session_id": "b", "history": {"x": 1}}"#.to_owned(),
            r#"{"session_id": "a", "history": [1, null, "x", {"event": 4}, {}], "timestamps": []}"#.to_owned(),
            r#"{"session_id": "a", "history": null, "cost_tracking": {"total": 9223372036854.0}}"#.to_owned(),
            r#"{"session_id": "a", "cost_tracking": {"total": -9223372036854.0}, "pipeline_state": 1}"#.to_owned(),
            deep(100),
            deep(101),
        ];
        for before in &texts {
            for now in &texts {
                let found = changes(&Session::reopen(now.clone()), &Session::reopen(before.clone()));
                let is_same = found.events.is_empty() && found.undone.is_empty() && found.edited.is_empty();
                assert_eq!(is_same, before == now, "{before}\n{now}");
            }
        }
    }
}
