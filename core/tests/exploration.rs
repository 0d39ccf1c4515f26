//! Exploration of all that can happen to a session, breadth-first from its start, with properties that always hold.
//!
//! Every kind of event is sent to every agent in every state that can be reached, with retries and gate
//! failures to their limits and beyond, under the default policy and under one that forbids all it can.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says what went wrong by panicking")]

use crate::support::explore::{
    Rules, Seen, Sent, Visit, beginning, explore, poor_beginning, stages, unimplemented_beginning,
};
use crate::support::{AGENTS, STAGES, named, reference};
use callboard_core::{Action, Agent, Event, Money, RefusalCode, Session, Severity, State};
use serde_json::Value;
use std::collections::BTreeSet;

#[test]
fn every_reachable_state_keeps_the_invariants() {
    let seen = prove("default policy", beginning(), &Rules::default_policy());
    // A lower number would mean that some state is no longer reachable.
    assert!(seen.states >= 3_500 && seen.transitions >= 40_000, "{seen:?}");
}

#[test]
fn every_reachable_state_keeps_the_invariants_under_a_strict_policy() {
    let seen = prove("strict policy, small budget", poor_beginning(), &Rules::strict());
    assert!(seen.states >= 500, "{seen:?}");
    let seen = prove("strict policy, no agents yet", unimplemented_beginning(), &Rules::strict());
    assert!(seen.states >= 500, "{seen:?}");
}

fn prove(title: &str, start: Session, rules: &Rules) -> Seen {
    let threads = std::thread::available_parallelism().map_or(1, |cores| cores.get().min(4));
    let seen = explore(
        start,
        rules,
        threads,
        // A key is given once; the result is that of the event without one.
        |step| !step.has_key(),
        |visit, sent| {
            stages_partition(visit);
            counters_within_limits(visit);
            total_is_sum(visit);
            survives_write_and_parse(visit);
            progress_counts_what_is_done(visit);
            health_says_what_is_sent_back_and_waits(visit);
            something_is_accepted(visit, sent);
            allowed_is_what_is_accepted(visit, sent);
            for sent in sent {
                match &sent.result {
                    Ok(_) => {
                        event_does_what_the_rules_say(sent);
                        undo_restores(sent);
                        edits_are_exact(sent);
                        changed_lines_are_named(sent);
                        history_grows_by_one(sent);
                        attempts_are_counted(sent);
                        a_repeated_event_changes_nothing(sent);
                    }
                    Err(_) => refusal_changes_nothing(sent),
                }
                first_refusal_that_holds_is_given(sent);
            }
        },
    );
    println!("{title}: {} states, {} transitions, {} refusals", seen.states, seen.transitions, seen.refusals);
    seen
}

/// Completed, skipped, current and pending are the four stages, each once and in pipeline order.
fn stages_partition(visit: &Visit<'_>) {
    let file = visit.file;
    let mut all = Vec::new();
    for list in ["completed_stages", "skipped_stages", "pending_stages"] {
        let listed = stages(file, list);
        assert!(listed.is_sorted(), "{list} is not in pipeline order:\n{}", visit.session.text());
        all.extend(listed);
    }
    let pending = stages(file, "pending_stages");
    let current = reference::place(file).filter(|place| *place < 4);
    assert!(pending.iter().all(|stage| current.is_none_or(|current| current < *stage)), "{}", visit.session.text());
    all.extend(current);
    all.sort_unstable();
    assert_eq!(all, [0, 1, 2, 3], "{}", visit.session.text());
}

/// A stage is retried no more often than the policy says. One gate failure more than are routed back is
/// counted: the one that escalates.
fn counters_within_limits(visit: &Visit<'_>) {
    let limit = visit.rules.limits.retries;
    assert!(reference::count(visit.file, "retry_count") <= limit, "{}", visit.session.text());
    assert!(reference::count(visit.file, "gate_failures") <= limit + 1, "{}", visit.session.text());
}

/// The total is the sum of the stages, to the last millionth, and whether it is within the budget is true.
fn total_is_sum(visit: &Visit<'_>) {
    let costs = visit.session.costs();
    let sum: Money = costs.stages.iter().flatten().copied().sum();
    assert_eq!(costs.total, Some(sum), "{}", visit.session.text());
    assert!(costs.total_matches);
    let within = costs.budget.is_some_and(|budget| sum <= budget);
    assert_eq!(visit.file["cost_tracking"]["within_budget"], within, "{}", visit.session.text());
}

/// The text alone holds the state: read again, the session is the same and has no diagnostics.
fn survives_write_and_parse(visit: &Visit<'_>) {
    let (session, policy) = (visit.session, &visit.rules.policy);
    let again = Session::parse(session.text()).unwrap();
    assert_eq!(again.text(), session.text());
    assert_eq!((again.state(), again.stage()), (session.state(), session.stage()));
    assert_eq!((again.stages_done(), again.costs()), (session.stages_done(), session.costs()));
    assert_eq!((again.retry_count(), again.escalated(policy)), (session.retry_count(), session.escalated(policy)));
    assert_eq!(again.timeline(), session.timeline());
    let errors: Vec<_> = again.diagnostics().into_iter().filter(|found| found.severity != Severity::Info).collect();
    assert!(errors.is_empty(), "{errors:?}\n{}", session.text());
}

/// The percentage is a quarter for each stage that is complete or skipped.
fn progress_counts_what_is_done(visit: &Visit<'_>) {
    let done = stages(visit.file, "completed_stages").len() + stages(visit.file, "skipped_stages").len();
    let now = visit.session.last_updated().unwrap();
    let progress = visit.session.progress(now, &visit.rules.policy);
    assert_eq!(progress.progress_percentage.map(usize::from), Some(done * 25), "{}", visit.session.text());
}

/// Failed gates are a reason until the next attempt completes; a stage that could be started is one once it has waited
/// for longer than the limit. A complete session has none.
fn health_says_what_is_sent_back_and_waits(visit: &Visit<'_>) {
    let (session, policy) = (visit.session, &visit.rules.policy);
    let now = session.last_updated().unwrap().plus(policy.wait_limit + 1);
    let health = session.health(now, policy);
    let has = |code: &str| health.reasons.iter().any(|reason| reason.code == code);
    assert_eq!(has("gates_failed"), reference::sent_back(visit.file).is_some(), "{}", session.text());
    assert_eq!(has("waiting"), reference::could_start(visit.file), "{}", session.text());
    assert_eq!(session.digest().health_summary(now, policy).health, health.health);
    assert!(!session.is_complete() || health.reasons.is_empty(), "{}", session.text());
}

/// Every state but COMPLETE has a way on; COMPLETE has none.
fn something_is_accepted(visit: &Visit<'_>, sent: &[Sent<'_>]) {
    // A late cost changes no state.
    let current = reference::place(visit.file).unwrap_or(0);
    let way = |sent: &&Sent<'_>| sent.result.is_ok() && sent.step.agent >= current && !sent.step.names_attempt();
    let ways = sent.iter().filter(way).count();
    let complete = visit.session.state() == Ok(State::Complete);
    assert!((ways > 0) != complete, "{ways} ways on from\n{}", visit.session.text());
}

/// Asserts that the allowed events of a refusal are accepted with valid fields.
fn allowed_is_what_is_accepted(visit: &Visit<'_>, sent: &[Sent<'_>]) {
    type Kinds<'a> = BTreeSet<(&'a str, &'a str)>;
    // An override is one of resume's own fields.
    let accepted = |late: bool| -> Kinds<'_> {
        // Nor is an attempt: the bill of a late one is accepted at any time.
        let counts = |sent: &&Sent<'_>| sent.result.is_ok() && sent.step.late == late && !sent.step.names_attempt();
        sent.iter().filter(counts).map(|sent| (sent.step.kind, AGENTS[sent.step.agent])).collect()
    };
    for sent in sent {
        let Err(refusal) = &sent.result else { continue };
        let allowed: Kinds<'_> =
            refusal.allowed.iter().map(|allowed| (allowed.kind.name(), allowed.agent.name())).collect();
        let text = visit.session.text();
        if sent.step.late {
            // Only resume is sent late.
            let resumes: Kinds<'_> = allowed.iter().copied().filter(|(kind, _)| *kind == "resume").collect();
            assert_eq!(resumes, accepted(true), "late {}\n{text}", sent.step.json);
        } else {
            assert_eq!(allowed, accepted(false), "{}\n{text}", sent.step.json);
        }
    }
}

/// A refusal leaves every byte as it was, and nothing to take back.
fn refusal_changes_nothing(sent: &Sent<'_>) {
    assert_eq!(sent.after.text(), sent.before.session.text(), "{}", sent.step.json);
    assert_eq!(sent.after.undo_depth(), sent.before.session.undo_depth());
}

/// An event is refused by the first code of the reference's list that holds, and only then; `check` agrees.
fn first_refusal_that_holds_is_given(sent: &Sent<'_>) {
    let expected = reference::judge(sent.before.file, &sent.step, &sent.plain, sent.now, sent.before.rules.limits);
    let actual = sent.result.as_ref().map(|_| ()).map_err(|refusal| refusal.code.name());
    assert_eq!(actual, expected, "{}\n{}", sent.step.json, sent.before.session.text());
    if sent.result.is_err() && sent.step.name != "plain" {
        return;
    }
    let check = sent.before.session.check(&sent.event, sent.now, &sent.before.rules.policy);
    assert_eq!(check.as_ref().err(), sent.result.as_ref().err());
}

/// The file after an event has the values that the second implementation of the rules makes.
fn event_does_what_the_rules_say(sent: &Sent<'_>) {
    let expected = reference::apply(sent.before.file, &sent.step, &sent.plain, sent.now, sent.before.rules.limits);
    let actual = sent.after_file.as_ref().unwrap();
    if *actual != expected {
        let before = sent.before.session.text();
        panic!("{}\n{}\nbefore:\n{before}", sent.step.json, differences("", actual, &expected));
    }
}

/// Taking an event back gives every byte back.
fn undo_restores(sent: &Sent<'_>) {
    let mut session = sent.after.clone();
    assert!(session.undo());
    assert_eq!(session.text(), sent.before.session.text(), "{}", sent.step.json);
}

/// An event's edits transform the text before it to the text after it, and back.
fn edits_are_exact(sent: &Sent<'_>) {
    let (before, after) = (sent.before.session.text(), sent.after.text());
    if before == after {
        return;
    }
    let edits = sent.after.last_edits().unwrap();
    assert_eq!(edits.apply(before).as_deref(), Some(after), "{}", sent.step.json);
    assert_eq!(edits.revert(after).as_deref(), Some(before), "{}", sent.step.json);
    assert_eq!(edits.inverse().apply(after).as_deref(), Some(before), "{}", sent.step.json);
}

/// Only lines of keys that the table of events names differ.
fn changed_lines_are_named(sent: &Sent<'_>) {
    let named = named::named(&sent.step);
    for (path, line) in named::changed(sent.before.session.text(), sent.after.text()) {
        assert!(named::is_named(&named, &path), "{} changed {path}: {line}", sent.step.json);
    }
}

/// The history keeps its entries and gains one, that of the event; a heartbeat leaves none.
fn history_grows_by_one(sent: &Sent<'_>) {
    let entries = |file: &Value| file["history"].as_array().unwrap().clone();
    let (before, mut after) = (entries(sent.before.file), entries(sent.after_file.as_ref().unwrap()));
    if sent.step.is_heartbeat() {
        return assert_eq!(after, before, "{}", sent.step.json);
    }
    let last = after.pop().unwrap();
    assert_eq!(after, before, "{}", sent.step.json);
    assert_eq!(last["event"], sent.step.kind);
    assert_eq!(last["stage"], STAGES[sent.step.agent]);
    // One entry a line.
    let line = sent.after.text().lines().rfind(|line| line.contains("\"at\": ")).unwrap();
    assert_eq!(serde_json::from_str::<Value>(line.trim()).unwrap(), last);
}

/// The outcome says which attempt of its agent began or runs.
fn attempts_are_counted(sent: &Sent<'_>) {
    let outcome = sent.result.as_ref().unwrap();
    assert_eq!(outcome.attempt, reference::attempt(sent.before.file, &sent.step), "{}", sent.step.json);
}

/// An event that is delivered again with its key changes nothing, returns the current state, and differs from another.
fn a_repeated_event_changes_nothing(sent: &Sent<'_>) {
    if !sent.step.has_key() || sent.step.is_heartbeat() {
        return;
    }
    let policy = &sent.before.rules.policy;
    let (mut session, later) = (sent.after.clone(), sent.now.plus(86_400));
    let outcome = session.apply(&sent.event, later, policy).unwrap_or_else(|refusal| panic!("{refusal}"));
    assert_eq!((session.text(), session.undo_depth()), (sent.after.text(), sent.after.undo_depth()));
    assert_eq!(session.check(&sent.event, later, policy), Ok(()));
    let state = session.state().unwrap();
    assert_eq!((outcome.from, outcome.to), (state, state));
    assert_eq!(outcome.next, sent.result.as_ref().unwrap().next);
    let last = session.history().pop().unwrap();
    assert_eq!(Some(outcome.attempt), last.attempt);
    assert_eq!(outcome.duplicate.as_deref(), Some(&last));
    let other = Event::new(Agent::AudioSynthesizer, Action::Retry).with_key("job 1");
    if sent.event.agent() != other.agent() || sent.event.kind() != other.kind() {
        assert_eq!(session.check(&other, later, policy).unwrap_err().code, RefusalCode::InvalidValue);
    }
}

/// Describes the differences of two files.
fn differences(path: &str, actual: &Value, expected: &Value) -> String {
    match (actual, expected) {
        (Value::Object(a), Value::Object(b)) => {
            let keys: BTreeSet<&String> = a.keys().chain(b.keys()).collect();
            let of = |object: &serde_json::Map<String, Value>, key: &str| object.get(key).cloned().unwrap_or_default();
            keys.into_iter().map(|key| differences(&format!("{path}.{key}"), &of(a, key), &of(b, key))).collect()
        }
        _ if actual == expected => String::new(),
        _ => format!("{path} is {actual}, and should be {expected}\n"),
    }
}
