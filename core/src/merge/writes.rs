//! What the entries of a history may have written: which of the values that their events can write they did is not
//! in it.

use crate::document::NodeId;
use crate::event::Metric;
use crate::names::same_name;
use crate::{Agent, EventKind, Session, Stage};

/// Kinds of events, a bit each.
type Kinds = u8;

const START: Kinds = 1 << EventKind::Start as u8;
const PROGRESS: Kinds = 1 << EventKind::Progress as u8;
const COMPLETE: Kinds = 1 << EventKind::Complete as u8;
const FAIL: Kinds = 1 << EventKind::Fail as u8;
const RETRY: Kinds = 1 << EventKind::Retry as u8;
const RESUME: Kinds = 1 << EventKind::Resume as u8;
const GATES: Kinds = 1 << EventKind::QualityFailure as u8;
const SKIP: Kinds = 1 << EventKind::Skip as u8;

/// The keys of `pipeline_state`, and what writes each.
const PIPELINE: [(&str, Kinds); 8] = [
    ("current_stage", START | COMPLETE | SKIP | GATES),
    ("completed_stages", COMPLETE | SKIP | GATES),
    ("pending_stages", START | COMPLETE | SKIP | GATES),
    ("skipped_stages", COMPLETE | SKIP | GATES),
    ("failed_attempts", FAIL | RESUME),
    ("retry_count", COMPLETE | SKIP | GATES | RETRY | RESUME),
    ("gate_failures", GATES | RESUME),
    ("escalation", FAIL | GATES | RESUME),
];

/// The keys of an agent's block, and which of its own events write each.
const BLOCK: [(&str, Kinds); 9] = [
    ("status", !PROGRESS),
    ("start_time", START),
    ("estimated_completion", START | PROGRESS),
    ("output_file", COMPLETE),
    ("execution_time", COMPLETE | GATES),
    ("cost", COMPLETE | FAIL | GATES),
    ("quality_score", COMPLETE),
    ("error", COMPLETE | FAIL | RESUME | GATES | SKIP),
    ("handoff", COMPLETE),
];

/// The events of some entries: their kinds, by agent.
#[derive(Default)]
struct Writers([Kinds; 4]);

impl Writers {
    /// Takes in an entry. One that no event of an agent has written, such as `initialize`, may have written anything.
    fn add(&mut self, session: &Session, entry: NodeId) {
        let document = session.document();
        let text = |key: &str| document.find_set(entry, key).and_then(|value| document.string(value));
        let kind = text("event").and_then(|name| EventKind::parse(&name));
        match (kind, text("agent").and_then(|name| Agent::parse(&name))) {
            (Some(kind), Some(agent)) => self.0[agent.index()] |= 1 << kind as u8,
            _ => self.0 = [Kinds::MAX; 4],
        }
    }

    /// Whether any of the events may have written what stands at a path.
    fn may_write(&self, path: &[&str]) -> bool {
        let any = |kinds: Kinds| self.0.iter().any(|written| written & kinds != 0);
        let own = |stage: Stage, kinds: Kinds| self.0[stage.index()] & kinds != 0;
        let listed = |keys: &[(&str, Kinds)], name: &str| {
            keys.iter().find(|(known, _)| same_name(known, name)).map_or(0, |(_, kinds)| *kinds)
        };
        match path {
            ["pipeline_state", name] => any(listed(&PIPELINE, name)),
            ["agent_outputs", agent, name] => Agent::parse(agent).is_some_and(|agent| {
                // Failed gates send those before the audio back.
                let others = if agent == Agent::AudioSynthesizer { 0 } else { GATES };
                own(agent.stage(), listed(&BLOCK, name)) || same_name("status", name) && any(others)
            }),
            ["quality_metrics", name] => {
                Metric::ALL.iter().any(|metric| same_name(metric.name(), name)) && any(COMPLETE | GATES)
            }
            ["feedback" | "adjustments_needed"] => any(COMPLETE | GATES),
            ["timestamps", name] => {
                let last = [("last_updated", Kinds::MAX), ("completed", COMPLETE | SKIP)];
                any(listed(&last, name))
                    || Stage::ALL.into_iter().any(|stage| {
                        let marks = [
                            (stage.started_key(), START),
                            (stage.completed_key(), COMPLETE),
                            (stage.failed_key(), FAIL | RESUME),
                        ];
                        own(stage, listed(&marks, name))
                    })
            }
            _ => false,
        }
    }
}

/// The new events of two sides of which one may have gone on from the other.
#[derive(Default)]
pub(super) struct Writes {
    by_both: Writers,
    by_one: Writers,
}

impl Writes {
    /// Takes in a new entry, which both sides have or one.
    pub(super) fn add(&mut self, session: &Session, entry: NodeId, both: bool) {
        let writers = if both { &mut self.by_both } else { &mut self.by_one };
        writers.add(session, entry);
    }

    /// Whether the events of both sides may have written a value, and the further ones of the one side again: that the
    /// two differ in it then says of nobody that they wrote it by hand.
    pub(super) fn superseded(&self, path: &[&str]) -> bool {
        self.by_both.may_write(path) && self.by_one.may_write(path)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

    use super::*;
    use crate::{Policy, Timestamp};
    use serde_json::Value;

    /// The paths of what differs in two objects.
    fn differences(before: &Value, after: &Value, path: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
        let (Some(one), Some(other)) = (before.as_object(), after.as_object()) else {
            if before != after {
                found.push(path.clone());
            }
            return;
        };
        for key in one.keys().chain(other.keys().filter(|key| !one.contains_key(*key))) {
            path.push(key.clone());
            match (path.as_slice(), one.get(key), other.get(key)) {
                ([section, _], Some(before), Some(after)) if section == "agent_outputs" => {
                    differences(before, after, path, found);
                }
                ([_], Some(before), Some(after)) => differences(before, after, path, found),
                (_, before, after) if before != after => found.push(path.clone()),
                _ => {}
            }
            path.pop();
        }
    }

    #[test]
    fn whatever_an_event_changes_it_may_have_written() {
        const WAYS: [&[&str]; 3] = [
            &[
                r#"{"type": "start", "agent": "research_coordinator"}"#,
                r#"{"type": "progress", "agent": "research_coordinator", "estimated_completion": "2024-08-11T19:00:00Z", "cost": 1}"#,
                r#"{"type": "complete", "agent": "research_coordinator", "output_file": "a", "cost": 1, "execution_time": 5, "quality_score": 0.9, "metrics": {"script_quality": 0.8}}"#,
                r#"{"type": "skip", "agent": "script_writer", "reason": "x"}"#,
                r#"{"type": "start", "agent": "quality_evaluator"}"#,
                r#"{"type": "quality_failure", "agent": "quality_evaluator", "cost": 1, "execution_time": 5, "report": {"failures": ["technical", "accuracy"], "scores": {"overall": 0.1, "brand_consistency": 0.2}, "recommendations": 1, "technical_fixes": 2}}"#,
                r#"{"type": "skip", "agent": "research_coordinator", "reason": "x"}"#,
                r#"{"type": "complete", "agent": "script_writer"}"#,
                r#"{"type": "complete", "agent": "quality_evaluator", "quality_score": 0.9}"#,
                r#"{"type": "complete", "agent": "audio_synthesizer", "output_file": "b"}"#,
            ],
            &[
                r#"{"type": "start", "agent": "research_coordinator"}"#,
                r#"{"type": "resume", "agent": "research_coordinator"}"#,
                r#"{"type": "fail", "agent": "research_coordinator", "error": "x", "cost": 1}"#,
                r#"{"type": "retry", "agent": "research_coordinator"}"#,
                r#"{"type": "fail", "agent": "research_coordinator", "error": "x"}"#,
                r#"{"type": "resume", "agent": "research_coordinator"}"#,
                r#"{"type": "fail", "agent": "research_coordinator", "error": "x"}"#,
                r#"{"type": "resume", "agent": "research_coordinator", "override": true}"#,
                r#"{"type": "complete", "agent": "research_coordinator"}"#,
            ],
            &[
                r#"{"type": "skip", "agent": "research_coordinator", "reason": "x"}"#,
                r#"{"type": "skip", "agent": "script_writer", "reason": "x"}"#,
                r#"{"type": "skip", "agent": "quality_evaluator", "reason": "x"}"#,
                r#"{"type": "skip", "agent": "audio_synthesizer", "reason": "x"}"#,
            ],
        ];
        for way in WAYS {
            let mut session =
                Session::parse(r#"{"session_id": "a", "timestamps": {}, "quality_metrics": {}, "pipeline_state": {"retry_count": 0}, "agent_outputs": {"research_coordinator": {}, "script_writer": {}, "quality_evaluator": {}, "audio_synthesizer": {}}, "cost_tracking": {}, "history": []}"#)
                    .unwrap();
            for (hour, event) in way.iter().enumerate() {
                let now = Timestamp::parse("2024-08-11T14:30:00Z").unwrap().plus(hour as i64 * 36_000);
                let before: Value = serde_json::from_str(session.text()).unwrap();
                let event = session.event(event, now, &Policy::default()).unwrap();
                session.apply(&event, now, &Policy::default()).unwrap();
                let after: Value = serde_json::from_str(session.text()).unwrap();
                let entry = session.document().elements(session.at(&["history"]).unwrap()).last().unwrap();
                let mut writers = Writers::default();
                writers.add(&session, entry);
                let mut found = Vec::new();
                differences(&before, &after, &mut Vec::new(), &mut found);
                found.retain(|path| path[0] != "history" && path[0] != "cost_tracking");
                assert!(found.len() > 1);
                for path in found {
                    let path: Vec<&str> = path.iter().map(String::as_str).collect();
                    assert!(writers.may_write(&path), "{path:?} by {event:?}");
                }
            }
        }
    }
}
