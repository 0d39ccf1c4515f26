//! A deterministic simulation of browsers' tabs, their database, a disk with agents, and a producer.
//!
//! A script of steps is generated from a seed and carried out on one thread, without a clock; the invariants are
//! checked after every step. `CALLBOARD_SIMULATION_STEPS` sets the number of steps, `CALLBOARD_SIMULATION_SEED` the
//! first seed. The script of a failing seed is shortened and printed; as a file in `fixtures` it is replayed here.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod commands;
mod database;
mod disk;
mod invariants;
mod op;
mod state;
mod world;

use op::Op;
use state::Violation;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The number of steps of one seed's script.
const LENGTH: usize = 600;

/// The number of steps in the tests.
const STEPS: usize = 250_000;

fn number(name: &str, otherwise: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// Carries a script out; a panic is a violation.
fn run(script: &[Op]) -> Option<(usize, Violation)> {
    catch_unwind(AssertUnwindSafe(|| world::run(script))).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        let detail = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default();
        Some((script.len(), Violation { invariant: "nothing panics", detail }))
    })
}

/// The shortest script found that breaks the same invariant.
fn shrunk(script: &[Op], invariant: &str) -> Vec<Op> {
    let breaks = |script: &[Op]| run(script).is_some_and(|(_, violation)| violation.invariant == invariant);
    let mut best = script.to_vec();
    let mut size = best.len() / 2;
    while size > 0 {
        let mut at = 0;
        let before = best.len();
        while at < best.len() {
            let without = [&best[..at], &best[(at + size).min(best.len())..]].concat();
            if breaks(&without) {
                best = without;
            } else {
                at += size;
            }
        }
        if size > 1 || best.len() == before {
            size /= 2;
        }
    }
    for at in 0..best.len() {
        for part in 0..3 {
            let mut simpler = best.clone();
            let op = &mut simpler[at];
            *[&mut op.tab, &mut op.a, &mut op.b][part] = 0;
            if simpler != best && breaks(&simpler) {
                best = simpler;
            }
        }
    }
    best
}

#[test]
fn the_invariants_hold() {
    let steps = number("CALLBOARD_SIMULATION_STEPS", STEPS);
    let first = number("CALLBOARD_SIMULATION_SEED", 0);
    let quiet = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let (mut done, mut seed) = (0, first as u64);
    let mut failed = None;
    while done < steps && failed.is_none() {
        let script = op::generated(seed, LENGTH);
        done += script.len();
        if let Some((at, violation)) = run(&script) {
            failed = Some((
                seed,
                done - script.len() + at,
                shrunk(&script[..(at + 1).min(script.len())], violation.invariant),
            ));
        }
        seed += 1;
        if (seed - first as u64).is_multiple_of(10_000) {
            println!("{done} steps, to seed {seed}");
        }
    }
    std::panic::set_hook(quiet);
    if let Some((seed, done, script)) = failed {
        let (at, violation) = run(&script).unwrap();
        panic!(
            "seed {seed}, after {done} steps: {} ({}), at step {at} of\n{}",
            violation.invariant,
            violation.detail,
            op::written(&script)
        );
    }
    println!("{done} steps, seeds {first} to {}: every invariant holds", seed - 1);
}

#[test]
fn the_fixtures_hold() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/simulation/fixtures");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    for file in files {
        let script = op::read(&std::fs::read_to_string(&file).unwrap());
        let violation = run(&script);
        assert!(violation.is_none(), "{}: {violation:?}", file.display());
    }
}

#[test]
fn a_seed_always_makes_the_same_script() {
    let script = op::generated(7, LENGTH);
    assert_eq!(script, op::generated(7, LENGTH));
    assert_eq!(op::read(&op::written(&script)), script);
}
