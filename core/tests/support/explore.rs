//! Breadth-first exploration of a session's possible events.

use super::reference::{self, Limits};
use super::steps::{Step, steps};
use super::{AGENTS, STAGES};
use callboard_core::{Event, Initialize, Outcome, OverBudget, Policy, Refusal, Session, Timestamp};
use serde_json::Value;
use std::collections::HashSet;

/// A policy, with the parts that the second implementation of the rules needs.
pub struct Rules {
    pub policy: Policy,
    pub limits: Limits,
}

impl Rules {
    pub fn default_policy() -> Rules {
        Rules {
            policy: Policy::default(),
            limits: Limits { retries: 3, block_over_budget: false, require_handoff: false },
        }
    }

    /// The strictest policy: it forbids everything that a policy can, and has low limits.
    pub fn strict() -> Rules {
        let policy =
            Policy { retry_limit: 1, require_handoff: true, over_budget: OverBudget::Block, ..Policy::default() };
        Rules { policy, limits: Limits { retries: 1, block_over_budget: true, require_handoff: true } }
    }
}

/// A reached session.
pub struct Visit<'a> {
    pub session: &'a Session,
    /// Its text as plain values, read by another parser.
    pub file: &'a Value,
    pub rules: &'a Rules,
}

/// An event sent to a reached session, with its result.
pub struct Sent<'a> {
    pub before: &'a Visit<'a>,
    pub step: Step,
    pub event: Event,
    /// The event as plain values.
    pub plain: Value,
    pub now: Timestamp,
    /// The session after it; unchanged if it was refused.
    pub after: Session,
    /// The text after it as plain values, if it was accepted.
    pub after_file: Option<Value>,
    pub result: Result<Outcome, Refusal>,
}

/// Numbers of visited states and sent events.
#[derive(Debug, Default, Clone, Copy)]
pub struct Seen {
    pub states: usize,
    pub transitions: usize,
    pub refusals: usize,
}

impl Seen {
    fn add(&mut self, more: Seen) {
        self.states += more.states;
        self.transitions += more.transitions;
        self.refusals += more.refusals;
    }
}

/// Key that tells two sessions apart: all facts that rules need, without times, texts and amounts. Failures over the
/// whole life are compared with the retries only, so that the exploration ends.
pub fn key(file: &Value) -> String {
    let (retries, failures) = (reference::count(file, "retry_count"), reference::count(file, "failed_attempts"));
    let mut key = format!("{:?} {retries} {}", reference::place(file), reference::count(file, "gate_failures"));
    for agent in 0..4 {
        key.push(' ');
        key.push_str(reference::status(file, agent));
        for list in ["completed_stages", "skipped_stages", "pending_stages"] {
            key.push(if reference::listed(file, list, agent) { '1' } else { '0' });
        }
    }
    let pipeline = &file["pipeline_state"];
    for present in [pipeline.get("escalation"), file.get("feedback"), file.get("adjustments_needed")] {
        key.push(if present.is_some() { '1' } else { '0' });
    }
    key.push(if failures > retries { '>' } else { '=' });
    key.push(if failures == 0 { '0' } else { '+' });
    key.push_str(&file["cost_tracking"]["within_budget"].to_string());
    key
}

/// A new session, as every exploration begins with.
pub fn beginning() -> Session {
    let now = Timestamp::parse("2024-08-11T14:30:00Z").unwrap();
    Session::initialize(&Initialize::new(1, "Why Octopuses Dream"), now, &Policy::default()).unwrap()
}

/// The same session, with a budget that a single agent can overspend.
pub fn poor_beginning() -> Session {
    Session::parse(beginning().text().replace("\"budget\": 9.00", "\"budget\": 1.00")).unwrap()
}

/// The same session, of agents that do not exist yet.
pub fn unimplemented_beginning() -> Session {
    Session::parse(beginning().text().replace("\"pending\"", "\"not_implemented\"")).unwrap()
}

/// Visits every session that events can lead to from `start`, each once, nearest first. `inspect` is given
/// each with everything that was sent to it; with one thread in an order that is always the same. Only where
/// an event that `follow` names leads is looked further.
pub fn explore(
    start: Session,
    rules: &Rules,
    threads: usize,
    follow: impl Fn(&Step) -> bool + Sync,
    inspect: impl Fn(&Visit<'_>, &[Sent<'_>]) + Sync,
) -> Seen {
    let mut seen = Seen::default();
    let all: Vec<Vec<(Step, Event, Value)>> = (0..5).map(ready).collect();
    let mut known = HashSet::from([key(&plain(&start))]);
    let mut level = vec![start];
    while !level.is_empty() {
        let share = level.len().div_ceil(threads);
        let work = |sessions: &'_ [Session]| {
            let mut seen = Seen::default();
            let next = sessions.iter().flat_map(|session| send(session, rules, &all, &mut seen, &follow, &inspect));
            let next = next.collect();
            (seen, next)
        };
        let found: Vec<(Seen, Vec<(String, Session)>)> = std::thread::scope(|scope| {
            let work = &work;
            let running: Vec<_> = level.chunks(share).map(|chunk| scope.spawn(move || work(chunk))).collect();
            running
                .into_iter()
                .map(|thread| thread.join().unwrap_or_else(|cause| std::panic::resume_unwind(cause)))
                .collect()
        });
        level = Vec::new();
        for (more, next) in found {
            seen.add(more);
            let fresh = next.into_iter().filter(|(key, _)| known.insert(key.clone()));
            // Read anew, without the undo steps: a session as another process would have it.
            level.extend(fresh.map(|(_, session)| Session::parse(session.text()).unwrap()));
        }
    }
    seen
}

/// Sends all events to a session. Returns the resulting sessions by key.
fn send(
    session: &Session,
    rules: &Rules,
    all: &[Vec<(Step, Event, Value)>],
    seen: &mut Seen,
    follow: &(impl Fn(&Step) -> bool + Sync),
    inspect: &(impl Fn(&Visit<'_>, &[Sent<'_>]) + Sync),
) -> Vec<(String, Session)> {
    let file = plain(session);
    let here = Visit { session, file: &file, rules };
    let last = session.last_updated().unwrap();
    let send = |(step, event, value): &'_ (Step, Event, Value)| {
        let now = last.plus(if step.late { 30 * 86_400 } else { 60 });
        let mut after = session.clone();
        let result = after.apply(event, now, &rules.policy);
        let result_file = result.is_ok().then(|| plain(&after));
        (step.clone(), event.clone(), value.clone(), now, after, result, result_file)
    };
    let sent: Vec<_> = all[reference::place(&file).unwrap_or(0)].iter().map(send).collect();
    let sent: Vec<Sent<'_>> = sent
        .into_iter()
        .map(|(step, event, plain, now, after, result, after_file)| Sent {
            before: &here,
            step,
            event,
            plain,
            now,
            after,
            after_file,
            result,
        })
        .collect();
    inspect(&here, &sent);
    let accepted = sent.iter().filter(|sent| sent.result.is_ok()).count();
    seen.add(Seen { states: 1, transitions: accepted, refusals: sent.len() - accepted });
    let mut once = HashSet::new();
    let next = |sent: Sent<'_>| sent.after_file.map(|file| (key(&file), sent.after));
    let sent = sent.into_iter().filter(|sent| follow(&sent.step));
    sent.filter_map(next).filter(|(key, _)| once.insert(key.clone())).collect()
}

/// A session's text as another parser reads it.
pub fn plain(session: &Session) -> Value {
    serde_json::from_str(session.text()).unwrap()
}

/// The events to send where a stage is the current one: all of them to its agent and to the evaluator, who
/// may still report once the audio is due, and to every other agent the least of each kind.
fn ready(current: usize) -> Vec<(Step, Event, Value)> {
    let thorough = |agent: usize| agent == current.min(3) || agent == 2 && current == 3;
    let read = |step: Step| {
        let event = Event::from_json(&step.json).unwrap_or_else(|refusal| panic!("{}: {refusal}", step.json));
        let plain = serde_json::from_str(&step.json).unwrap();
        (step, event, plain)
    };
    steps(&thorough).into_iter().map(read).collect()
}

/// The stages in a list of the file.
pub fn stages(file: &Value, list: &str) -> Vec<usize> {
    let nouns = file["pipeline_state"].get(list).and_then(Value::as_array);
    let index = |noun: &Value| STAGES.iter().position(|stage| noun == stage).unwrap();
    nouns.into_iter().flatten().map(index).collect()
}

/// Relation of an agent to the current stage: before, at or after it.
pub fn relation(file: &Value, agent: usize) -> &'static str {
    match reference::place(file) {
        Some(place) if agent < place => "past",
        Some(place) if agent == place => "current",
        _ => "future",
    }
}

/// The agent of an index, for messages.
pub fn agent_name(agent: usize) -> &'static str {
    AGENTS[agent]
}
