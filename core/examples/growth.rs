//! Prints the core's times on sessions with increasingly long histories, to find work that grows faster than the text.
//!
//! `cargo run --release -p callboard-core --example growth [entries…]`

#![allow(clippy::unwrap_used, reason = "a benchmark says what went wrong by panicking")]

use callboard_core::diff::{LineDiff, numstat, unified};
use callboard_core::{Agent, Event, EventKind, Policy, Session, Timestamp, merge};
use std::hint::black_box;
use std::time::Instant;

/// The histories that are measured, in entries; the last one is a file of 77 MB.
const ENTRIES: [usize; 4] = [1_000, 10_000, 100_000, 400_000];

/// Seconds since 1970 at which the histories begin.
const BEGIN: i64 = 1_700_000_000;

/// The lines of a history.
#[derive(Clone, Copy)]
enum Lines {
    /// The same line again and again.
    Repeated,
    /// Each at another time, in attempts that start, fail and are retried.
    Distinct,
}

fn entry(index: usize, lines: Lines) -> String {
    let index = match lines {
        Lines::Repeated => 1,
        Lines::Distinct => index,
    };
    let at = Timestamp::from_unix(BEGIN + index as i64 * 60);
    let (kind, from, to) =
        [("start", "WRITING", "WRITING"), ("fail", "WRITING", "FAILED"), ("retry", "FAILED", "RETRY")][index % 3];
    format!(
        "    {{\"at\": \"{at}\", \"event\": \"{kind}\", \"agent\": \"script_writer\", \"stage\": \"writing\", \"from\": \"{from}\", \
         \"to\": \"{to}\", \"attempt\": {}, \"cost\": 0.01, \"error\": \"no answer\"}}",
        index / 3 + 1
    )
}

/// Returns a session with a running writer and this many history entries.
fn session(entries: usize, lines: Lines) -> String {
    let history: Vec<String> = (0..entries).map(|index| entry(index, lines)).collect();
    let outputs = Agent::ALL.map(|agent| {
        let status = if agent == Agent::ScriptWriter { "in_progress" } else { "pending" };
        format!("    \"{agent}\": {{\"status\": \"{status}\"}}")
    });
    format!(
        "{{\n  \"session_id\": \"ep_900_long\",\n  \"pipeline_state\": {{\n    \"current_stage\": \"writing\",\n    \
         \"completed_stages\": [\"research\"],\n    \"pending_stages\": [\"evaluation\", \"synthesis\"]\n  }},\n  \
         \"agent_outputs\": {{\n{}\n  }},\n  \"cost_tracking\": {{\"writing\": 0.00, \"total\": 0.00, \"budget\": 9.00}},\n  \
         \"timestamps\": {{\"last_updated\": \"2024-08-11T14:58:00Z\"}},\n  \"history\": [\n{}\n  ]\n}}\n",
        outputs.join(",\n"),
        history.join(",\n"),
    )
}

/// Milliseconds that each step takes, with its name.
fn measure(entries: usize, lines: Lines) -> (usize, Vec<(&'static str, f64)>) {
    let text = session(entries, lines);
    let now = Timestamp::from_unix(BEGIN + 60_000_000);
    let policy = Policy::default();
    let event = Event::minimal(EventKind::Complete, Agent::ScriptWriter);
    let mut steps = Vec::new();
    let mut step = |name: &'static str, begun: Instant| steps.push((name, begun.elapsed().as_secs_f64() * 1e3));

    let begun = Instant::now();
    let mut session = Session::parse(text.clone()).unwrap();
    step("parse", begun);
    let begun = Instant::now();
    black_box((session.digest(), session.episode(), session.state().is_ok()));
    step("summary", begun);
    let begun = Instant::now();
    black_box(session.timeline());
    step("timeline", begun);
    let begun = Instant::now();
    black_box(session.history());
    step("history", begun);
    let begun = Instant::now();
    black_box(session.diagnostics());
    step("diagnostics", begun);
    let begun = Instant::now();
    black_box((session.health(now, &policy), session.progress(now, &policy), session.spending(&policy)));
    step("health, progress, spending", begun);
    let begun = Instant::now();
    black_box(session.choices(now, &policy));
    step("choices", begun);
    let begun = Instant::now();
    black_box(session.transitions(now, &policy));
    step("transitions", begun);
    let begun = Instant::now();
    black_box(session.tokens());
    step("tokens", begun);
    let begun = Instant::now();
    black_box(session.suggestions(Agent::ScriptWriter, now, &policy));
    step("suggestions", begun);
    let begun = Instant::now();
    let (_, edits) = session.preview(&event, now, &policy).unwrap();
    step("preview", begun);
    let begun = Instant::now();
    black_box(LineDiff::of_edits(&text, &edits, 1));
    step("preview's lines", begun);
    let begun = Instant::now();
    session.apply(&event, now, &policy).unwrap();
    step("apply", begun);
    let begun = Instant::now();
    let keyed = event.clone().with_key("a key");
    black_box(session.check(&keyed, now, &policy).is_ok());
    step("read again and look for a key", begun);
    let after = session.text().to_owned();
    let begun = Instant::now();
    black_box(session.last_edits().unwrap().revert(&after).unwrap());
    step("edits taken back", begun);
    let begun = Instant::now();
    black_box(LineDiff::between(&text, &after, 3));
    step("diff of both texts", begun);
    let begun = Instant::now();
    black_box((numstat(&text, &after), unified(&text, &after, "a.json")));
    step("numstat and patch", begun);
    let begun = Instant::now();
    black_box(merge(&text, &after, &text).unwrap());
    step("merge", begun);
    let begun = Instant::now();
    session.undo();
    black_box(session.state().is_ok());
    step("undo and read", begun);
    (text.len(), steps)
}

fn main() {
    let given: Vec<usize> = std::env::args().skip(1).filter_map(|entries| entries.parse().ok()).collect();
    let entries = if given.is_empty() { ENTRIES.to_vec() } else { given };
    for (lines, title) in [(Lines::Distinct, "distinct entries"), (Lines::Repeated, "one entry repeated")] {
        let columns: Vec<_> = entries.iter().map(|entries| measure(*entries, lines)).collect();
        println!("\n{title}, milliseconds");
        print!("{:<30}", "entries");
        entries.iter().for_each(|entries| print!("{entries:>12}"));
        print!("\n{:<30}", "megabytes");
        columns.iter().for_each(|(bytes, _)| print!("{:>12.1}", *bytes as f64 / 1e6));
        for row in 0..columns[0].1.len() {
            print!("\n{:<30}", columns[0].1[row].0);
            columns.iter().for_each(|(_, steps)| print!("{:>12.2}", steps[row].1));
        }
        println!();
    }
}
