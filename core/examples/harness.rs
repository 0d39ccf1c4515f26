//! A harness in Rust: runs the agents of one episode, retries the one that fails, and prints what git would show.
//!
//! `cargo run -p callboard-core --example harness`
//!
//! The crate does no I/O and has no clock. A harness reads the file, passes the time, and writes [`Session::text`] back
//! if nobody else has written meanwhile; if somebody has, [`callboard_core::merge()`] combines the texts.

use callboard_core::diff::unified;
use callboard_core::{
    Action, Agent, Completion, Event, EventKind, Initialize, Money, Next, NextStep, Outcome, Policy, Session, Timestamp,
};
use std::error::Error;

/// Seconds that each agent works in this example.
const WORK: i64 = 20 * 60;

/// Returns what an agent reports at the end of an attempt; a real one calls a model.
fn work(agent: Agent, attempt: u64) -> Option<Action> {
    let cost = Money::parse("0.14");
    if agent == Agent::ScriptWriter && attempt == 1 {
        return Some(Action::Fail { error: "The model timed out.".to_owned(), cost });
    }
    let output_file = Some(format!("output/{agent}.md"));
    Some(Action::Complete(Completion { output_file, cost, quality_score: Some(0.93), ..Completion::default() }))
}

/// Runs one attempt of an agent. Returns the outcome of its result.
fn attempt(session: &mut Session, agent: Agent, now: Timestamp, policy: &Policy) -> Result<Outcome, Box<dyn Error>> {
    let started = session.apply(&Event::minimal(EventKind::Start, agent), now, policy)?;
    println!("{}", started.sentence());
    let Some(result) = work(agent, started.attempt) else { return Ok(started) };
    // With its attempt, a late result of an attempt that was given up is refused.
    let outcome = session.apply(&Event::new(agent, result).with_attempt(started.attempt), now.plus(WORK), policy)?;
    println!("{}", outcome.sentence());
    outcome.warnings.iter().for_each(|warning| println!("Warning: {}", warning.message));
    Ok(outcome)
}

fn main() -> Result<(), Box<dyn Error>> {
    let policy = Policy::default();
    let mut now = Timestamp::parse("2024-08-11T14:30:00Z").ok_or("not a time")?;
    let mut session = Session::initialize(&Initialize::new(1, "consciousness"), now, &policy)?;
    let before = session.text().to_owned();

    // An event that the rules do not allow is refused with the reason and what to do instead.
    if let Err(refusal) = session.apply(&Event::minimal(EventKind::Start, Agent::AudioSynthesizer), now, &policy) {
        println!("{refusal} {}", refusal.hint.as_deref().unwrap_or_default());
    }

    let mut next = Next { step: NextStep::Start, agent: Some(Agent::ResearchCoordinator) };
    while let Some(agent) = next.agent {
        next = match next.step {
            NextStep::Start => attempt(&mut session, agent, now, &policy)?.next,
            NextStep::Retry => {
                let retried = session.apply(&Event::minimal(EventKind::Retry, agent), now, &policy)?;
                println!("{}", retried.sentence());
                attempt(&mut session, agent, now, &policy)?.next
            }
            // A person decides about an escalated agent; nothing runs here that could be waited for.
            _ => break,
        };
        now = now.plus(WORK);
    }
    print!("{}", unified(&before, session.text(), "ep001_session_20240811.json"));
    Ok(())
}
