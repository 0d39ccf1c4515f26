//! Members that the events of a history may have written. The history does not say which they did.

use crate::document::NodeId;
use crate::{Agent, EventKind, Session};

/// Events of some history entries: the kinds of each agent's events, a bit each.
#[derive(Default)]
struct Writers([u8; 4]);

impl Writers {
    /// Adds an entry. An entry without an agent's event, such as `initialize`, may have written anything.
    fn add(&mut self, session: &Session, entry: NodeId) {
        let document = session.document();
        let text = |key: &str| document.find_set(entry, key).and_then(|value| document.string(value));
        let kind = text("event").and_then(|name| EventKind::parse(&name));
        match (kind, text("agent").and_then(|name| Agent::parse(&name))) {
            (Some(kind), Some(agent)) => self.0[agent.index()] |= 1 << kind as u8,
            _ => self.0 = [u8::MAX; 4],
        }
    }

    /// True if any of the events may have written the member at a path. Costs and the history have their own rules.
    fn may_write(&self, path: &[&str]) -> bool {
        let is_merged_apart = matches!(path, ["cost_tracking" | "history", ..]);
        let may_write = |(agent, kinds): (Agent, &u8)| {
            EventKind::ALL.into_iter().any(|kind| kinds & 1 << kind as u8 != 0 && kind.may_write(agent, path))
        };
        !is_merged_apart && Agent::ALL.into_iter().zip(&self.0).any(may_write)
    }
}

/// New events of two sides, of which one may have continued the other.
#[derive(Default)]
pub(super) struct Writes {
    by_both: Writers,
    by_one: Writers,
    /// Events of both sides that each applied at its own time.
    redelivered: Writers,
}

impl Writes {
    /// Adds a new entry of both sides or of one.
    pub(super) fn add(&mut self, session: &Session, entry: NodeId, both: bool) {
        let writers = if both { &mut self.by_both } else { &mut self.by_one };
        writers.add(session, entry);
    }

    /// Adds an entry of an event that each side applied at its own time.
    pub(super) fn add_redelivered(&mut self, session: &Session, entry: NodeId) {
        self.redelivered.add(session, entry);
    }

    /// True for a time that one event wrote on both sides at their own times.
    pub(super) fn redelivered(&self, path: &[&str]) -> bool {
        match path {
            ["agent_outputs", _, "start_time" | "estimated_completion"] => self.redelivered.may_write(path),
            ["pipeline_state", "escalation", "at"] => self.redelivered.may_write(&path[..2]),
            _ => false,
        }
    }

    /// True if events of both sides may have written a value, and further events of one side wrote it again. Then a
    /// difference does not mean a manual change.
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

    /// The paths of the differences of two objects.
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
    fn an_event_changes_only_paths_of_its_table() {
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
                Session::parse(r#"{"session_id": "a", "timestamps": {}, "quality_metrics": {}, "pipeline_state": {"retry_count": 0, "completed_stages": []}, "agent_outputs": {"research_coordinator": {}, "script_writer": {}, "quality_evaluator": {}, "audio_synthesizer": {}}, "cost_tracking": {}, "history": []}"#)
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
