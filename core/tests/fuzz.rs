//! The fuzz targets without a fuzzer: inputs that once failed, and a bounded number of small mutations of the conformance
//! vectors' texts. The targets are in `core/fuzz`.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says what went wrong by panicking")]

use crate::support::{SAMPLE, probe};
use std::path::Path;

/// Runs a target on an input. A failure prints how to reproduce it.
fn run(target: &str, input: &[u8]) {
    let (_, probe) = probe::TARGETS.into_iter().find(|(name, _)| *name == target).unwrap();
    let shown = String::from_utf8_lossy(input).into_owned();
    std::panic::catch_unwind(|| probe(input)).unwrap_or_else(|_| panic!("{target} fails on {shown:?}"));
}

#[test]
fn inputs_that_once_broke_something_hold() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/fuzz");
    let mut count = 0;
    for (target, _) in probe::TARGETS {
        let Ok(entries) = std::fs::read_dir(folder.join(target)) else { continue };
        for entry in entries {
            run(target, &std::fs::read(entry.unwrap().path()).unwrap());
            count += 1;
        }
    }
    println!("{count} inputs");
}

/// xorshift: the same mutations on every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }
}

/// Bytes to insert at random places.
const SCRAPS: [&[u8]; 16] = [
    b"\"",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"null",
    b"-1",
    b"1e400",
    b"\"writing\"",
    b"\\u0000",
    b"\\ud83d",
    b"\xff",
    b"\n",
    b"\"error\": 1, ",
];

fn damage(bytes: &mut Vec<u8>, random: &mut Random) {
    let at = random.below(bytes.len());
    let length = random.below(12).min(bytes.len() - at);
    match random.below(4) {
        0 => drop(bytes.drain(at..at + length)),
        1 => {
            let copy = bytes[at..at + length].to_vec();
            let to = random.below(bytes.len());
            bytes.splice(to..to, copy);
        }
        2 => drop(bytes.splice(at..at, SCRAPS[random.below(SCRAPS.len())].iter().copied())),
        _ => bytes[at] ^= 1 << random.below(7),
    }
}

#[test]
fn small_damage_is_answered() {
    let event = br#"{"type": "complete", "agent": "script_writer", "cost": 1.2, "quality_score": 0.9}"#;
    let after = SAMPLE.replace("\"writing\"", "\"evaluation\"").replace("0.00", "1.50");
    let other = SAMPLE.replace("in_progress", "failed").replace("0.00", "1e0");
    let seeds = [
        ("parse", SAMPLE.as_bytes().to_vec()),
        ("apply", [SAMPLE.as_bytes(), event].join(&0x1e)),
        ("merge", [SAMPLE.as_bytes(), after.as_bytes(), other.as_bytes()].join(&0x1e)),
    ];
    let mut random = Random(0x00c0_ffee);
    for (target, seed) in seeds {
        for _ in 0..400 {
            let mut input = seed.clone();
            for _ in 0..=random.below(3) {
                damage(&mut input, &mut random);
            }
            run(target, &input);
        }
    }
}
