//! Keys that each event may change, and the keys of a file's lines.

use super::steps::Step;
use super::{AGENTS, STAGES};
use std::collections::HashMap;

/// The paths that an event may change, by the reference's table of events.
pub fn named(step: &Step) -> Vec<String> {
    let (agent, stage) = (AGENTS[step.agent], STAGES[step.agent]);
    let mut out = vec!["timestamps.last_updated".to_owned(), "history".to_owned()];
    let mut add = |section: &str, keys: &[&str]| out.extend(keys.iter().map(|key| format!("{section}{key}")));
    let block = format!("agent_outputs.{agent}.");
    let attempt = ["status", "cost", "execution_time", "error"];
    let costs = [stage, "total", "within_budget"];
    let lists = ["current_stage", "pending_stages", "completed_stages", "skipped_stages", "retry_count"];
    match step.kind {
        "start" => {
            add(&block, &["status", "start_time", "estimated_completion"]);
            add("timestamps.", &[&format!("{stage}_started")]);
            add("pipeline_state.", &["current_stage", "pending_stages"]);
        }
        "progress" if step.is_heartbeat() => out.truncate(1),
        "progress" => {
            add(&block, &["estimated_completion"]);
            add("cost_tracking.", &costs);
        }
        "complete" => {
            add(&block, &attempt);
            add(&block, &["output_file", "quality_score", "handoff"]);
            add("pipeline_state.", &lists);
            add("cost_tracking.", &costs);
            add("timestamps.", &[&format!("{stage}_completed"), "completed"]);
            add("quality_metrics", &[""]);
            if step.agent == 2 {
                add("", &["feedback", "adjustments_needed"]);
            }
        }
        "fail" => {
            add(&block, &attempt);
            add("pipeline_state.", &["failed_attempts", "escalation"]);
            add("cost_tracking.", &costs);
            add("timestamps.", &[&format!("{stage}_failed")]);
        }
        "retry" => {
            add(&block, &["status"]);
            add("pipeline_state.", &["retry_count"]);
        }
        "resume" => {
            add(&block, &["status", "error"]);
            add("pipeline_state.", &["retry_count", "gate_failures", "escalation", "failed_attempts"]);
            add("timestamps.", &[&format!("{stage}_failed")]);
        }
        "quality_failure" => {
            add(&block, &attempt);
            for agent in AGENTS {
                add(&format!("agent_outputs.{agent}."), &["status"]);
            }
            add("pipeline_state.", &lists);
            add("pipeline_state.", &["gate_failures", "escalation"]);
            add("cost_tracking.", &costs);
            add("quality_metrics.", &["overall_quality", "brand_consistency"]);
            add("", &["feedback", "adjustments_needed"]);
        }
        "skip" => {
            add(&block, &["status", "error"]);
            add("pipeline_state.", &lists);
            add("timestamps.", &["completed"]);
        }
        other => unreachable!("{other}"),
    }
    out
}

/// The lines that only one of two texts has, each with the path of its key.
/// Both are laid out a member a line with two spaces. A line that only gains or loses its comma is the same.
pub fn changed(old: &str, new: &str) -> Vec<(String, String)> {
    let mut counts: HashMap<(u64, &str), (i32, Vec<&str>)> = HashMap::new();
    for (text, one) in [(old, 1), (new, -1)] {
        // The keys above a line, each with a hash of the path to it: joining them all would take too long.
        let mut keys: Vec<(&str, u64)> = Vec::new();
        for line in text.lines() {
            let content = line.trim_start();
            let depth = (line.len() - content.len()) / 2;
            if let Some((key, _)) = content.strip_prefix('"').and_then(|rest| rest.split_once("\": ")) {
                keys.truncate(depth.saturating_sub(1));
                let above = keys.last().map_or(0, |(_, hash)| *hash);
                let hash =
                    key.bytes().fold(above + 1, |hash, byte| hash.wrapping_mul(0x0100_0000_01b3) ^ u64::from(byte));
                keys.push((key, hash));
            } else if !content.is_empty() {
                // The end of a value belongs to its key, and so does an element.
                keys.truncate(if content.starts_with(['}', ']']) { depth } else { depth.saturating_sub(1) });
            } else {
                continue;
            }
            let path = keys.last().map_or(0, |(_, hash)| *hash);
            let entry = counts.entry((path, content.strip_suffix(',').unwrap_or(content))).or_default();
            entry.0 += one;
            if entry.0 != 0 {
                entry.1 = keys.iter().map(|(key, _)| *key).collect();
            }
        }
    }
    let changed = counts.into_iter().filter(|(_, (count, _))| *count != 0);
    changed.map(|((_, line), (_, keys))| (keys.join("."), line.to_owned())).collect()
}

/// True if a path is named, or is inside a named one.
pub fn is_named(named: &[String], path: &str) -> bool {
    named.iter().any(|name| path == name || path.strip_prefix(name.as_str()).is_some_and(|rest| rest.starts_with('.')))
}
