//! Shared parts of the tests: events to send, a second implementation of the rules, layouts, and the exploration.

#![allow(dead_code, unreachable_pub, missing_docs, reason = "each proof uses its own part of this")]

pub mod completions;
pub mod deliveries;
pub mod disguise;
pub mod explore;
pub mod extras;
pub mod layout;
pub mod named;
pub mod probe;
pub mod reference;
pub mod steps;
pub mod vectors;

/// The stages in pipeline order.
pub const STAGES: [&str; 4] = ["research", "writing", "evaluation", "synthesis"];
/// The agents in pipeline order.
pub const AGENTS: [&str; 4] = ["research_coordinator", "script_writer", "quality_evaluator", "audio_synthesizer"];

/// The sample session that every implementation has.
pub const SAMPLE: &str = include_str!("../../../tests/fixtures/sessions/ep001_session_20240811.json");
