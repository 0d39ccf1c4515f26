//! The rules a second time, over plain values and in the words of the format's reference: what an
//! implementation that knows nothing of the first one's code does to a session. It reads only files that
//! Callboard itself has written: no aliases, nothing missing.

use super::steps::{Own, Step};
use super::{AGENTS, STAGES};
use callboard_core::Timestamp;
use serde_json::{Map, Value, json};

/// Parts of a policy that the rules need.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    pub retries: u64,
    pub block_over_budget: bool,
    pub require_handoff: bool,
}

const STATES: [&str; 4] = ["RESEARCHING", "WRITING", "EVALUATING", "SYNTHESIZING"];
const METRICS: [Option<&str>; 4] = [Some("research_quality"), Some("script_quality"), Some("overall_quality"), None];
const TYPICAL: [i64; 4] = [1680, 1200, 600, 900];

/// The place of a session: none before the first stage, 4 after the last.
pub fn place(file: &Value) -> Option<usize> {
    match file["pipeline_state"]["current_stage"].as_str() {
        Some("initialized") => None,
        Some("complete") => Some(4),
        stage => Some(STAGES.iter().position(|noun| Some(*noun) == stage).unwrap()),
    }
}

pub fn status(file: &Value, agent: usize) -> &str {
    file["agent_outputs"][AGENTS[agent]]["status"].as_str().unwrap()
}

pub fn count(file: &Value, key: &str) -> u64 {
    file["pipeline_state"].get(key).map_or(0, |count| count.as_u64().unwrap())
}

pub fn listed(file: &Value, list: &str, stage: usize) -> bool {
    let stages = file["pipeline_state"].get(list).and_then(Value::as_array);
    stages.is_some_and(|stages| stages.iter().any(|noun| noun == STAGES[stage]))
}

fn state(file: &Value) -> &'static str {
    match place(file) {
        None => "INITIALIZED",
        Some(4) => "COMPLETE",
        Some(stage) => match status(file, stage) {
            "failed" => "FAILED",
            "retry" => "RETRY",
            _ => STATES[stage],
        },
    }
}

fn micros(value: &Value) -> i64 {
    (value.as_f64().unwrap() * 1e6).round() as i64
}

fn time(value: &Value) -> Option<Timestamp> {
    value.as_str().map(|text| Timestamp::parse(text).unwrap())
}

/// The number of an agent's last attempt that began, by the history: each entry that begins one says its own.
fn last_begun(file: &Value, agent: usize) -> Option<u64> {
    let (mut last, mut open) = (None, false);
    for entry in file["history"].as_array().unwrap().iter().filter(|entry| entry["agent"] == AGENTS[agent]) {
        match entry["event"].as_str().unwrap() {
            "start" => (last, open) = (entry["attempt"].as_u64(), true),
            "complete" | "fail" if open => open = false,
            "complete" | "fail" => last = entry["attempt"].as_u64(),
            "quality_failure" => open = false,
            // An attempt that is retried has begun, even if the history starts later.
            "retry" | "resume" => (last, open) = (last.or(entry["attempt"].as_u64()), false),
            _ => {}
        }
    }
    last
}

/// The attempt that an accepted event begins, or else belongs to.
pub fn attempt(file: &Value, step: &Step) -> u64 {
    let begun = last_begun(file, step.agent);
    let first = count(file, "retry_count") + 1;
    let without = ["complete", "fail"].contains(&step.kind) && status(file, step.agent) != "in_progress";
    if step.kind == "start" || without { begun.map_or(first, |last| last + 1) } else { begun.unwrap_or(first) }
}

/// State of the attempt that an event names.
#[derive(PartialEq, Eq)]
enum Named {
    /// It names none, or the running one.
    Running,
    /// Another one, whose cost is recorded.
    Late,
    Stale,
}

fn named(file: &Value, step: &Step, event: &Value) -> Named {
    let Some(attempt) = event.get("attempt").map(|attempt| attempt.as_u64().unwrap()) else { return Named::Running };
    let begun = last_begun(file, step.agent);
    let first = count(file, "retry_count") + 1;
    let last = begun.unwrap_or(first);
    let works = status(file, step.agent) == "in_progress" || place(file).is_some_and(|place| step.agent < place);
    let running = match step.kind {
        _ if works || status(file, step.agent) == "failed" => attempt == last,
        "complete" | "fail" => attempt == begun.map_or(first, |last| last + 1),
        "quality_failure" => begun.is_none() && attempt == first,
        _ => false,
    };
    let bill = step.kind == "progress" && event.get("cost").is_some();
    match (bill, running) {
        (true, _) if !(running && works) => Named::Late,
        (_, true) => Named::Running,
        _ => Named::Stale,
    }
}

/// Section 8: the stage that failed gates sent the session back to, until its next attempt completes.
pub fn sent_back(file: &Value) -> Option<usize> {
    let mut sent = None;
    for entry in file["history"].as_array().into_iter().flatten() {
        let stage = STAGES.iter().position(|noun| entry["stage"] == *noun);
        match entry["event"].as_str() {
            Some("quality_failure") => sent = STATES.iter().position(|state| entry["to"] == *state),
            Some("complete" | "skip") if stage == sent => sent = None,
            _ => {}
        }
    }
    sent
}

/// Section 8: true if a stage could be started and was not.
pub fn could_start(file: &Value) -> bool {
    let current = place(file).unwrap_or(0);
    current < 4 && ["pending", "not_implemented"].contains(&status(file, current))
}

/// Section 5's list of refusals, in its order: the first that holds.
pub fn judge(file: &Value, step: &Step, event: &Value, now: Timestamp, limits: Limits) -> Result<(), &'static str> {
    let (agent, kind) = (step.agent, step.kind);
    if step.own == Own::Invalid {
        return Err("invalid_value");
    }
    let place = place(file);
    if place == Some(4) {
        return Err("session_complete");
    }
    let gates_late = kind == "quality_failure" && agent == 2 && place == Some(3);
    let stale = if named(file, step, event) == Named::Stale { Err("stale_attempt") } else { Ok(()) };
    if gates_late && ["pending", "not_implemented"].contains(&status(file, 3)) {
        return stale;
    }
    let done = listed(file, "completed_stages", agent) || listed(file, "skipped_stages", agent);
    if done && place.is_some_and(|place| agent < place) {
        return if kind == "progress" { stale } else { Err("already_complete") };
    }
    let first = place.is_none() && agent == 0 && kind == "start";
    if !first && place != Some(agent) || kind == "quality_failure" && agent != 2 {
        return Err("wrong_stage");
    }
    stale?;
    if named(file, step, event) == Named::Late {
        return Ok(());
    }
    let status = status(file, agent);
    let (retries, failures) = (count(file, "retry_count"), count(file, "failed_attempts"));
    let escalated =
        file["pipeline_state"].get("escalation").is_some() || retries >= limits.retries && failures > retries;
    if status == "failed" {
        let overrides = event["override"] == true;
        return match kind {
            "retry" if escalated => Err("retries_exhausted"),
            "resume" if escalated && overrides => Ok(()),
            _ if escalated => Err("escalated"),
            "retry" => over_budget(file, limits),
            "resume" => Ok(()),
            _ => Err("agent_failed"),
        };
    }
    let block = &file["agent_outputs"][AGENTS[agent]];
    match (kind, status) {
        ("retry", _) => Err("not_failed"),
        ("resume", "in_progress") => {
            let typical = || time(&block["start_time"]).map(|start| start.plus(TYPICAL[agent]));
            let estimate = time(&block["estimated_completion"]).or_else(typical);
            let last = estimate.max(time(&file["timestamps"]["last_updated"]));
            if last.is_some_and(|last| now > last.plus(3600)) { Ok(()) } else { Err("not_stalled") }
        }
        ("resume", _) => Err("not_failed"),
        ("start" | "skip", "in_progress") | ("skip", "retry") => Err("agent_busy"),
        ("start", _) => over_budget(file, limits),
        ("progress", "in_progress") => Ok(()),
        ("progress", _) => Err("not_started"),
        ("complete" | "fail" | "quality_failure", "not_implemented") | ("quality_failure", "retry") => {
            Err("not_started")
        }
        ("complete", _) if step.own == Own::Handoff => Err("handoff_incomplete"),
        ("complete", _) if limits.require_handoff && agent < 3 && event.get("handoff").is_none() => {
            Err("handoff_incomplete")
        }
        _ => Ok(()),
    }
}

fn over_budget(file: &Value, limits: Limits) -> Result<(), &'static str> {
    let costs = &file["cost_tracking"];
    let spent = micros(&costs["total"]) > micros(&costs["budget"]);
    if limits.block_over_budget && spent { Err("over_budget") } else { Ok(()) }
}

/// The file after an event that is accepted.
pub fn apply(file: &Value, step: &Step, event: &Value, now: Timestamp, limits: Limits) -> Value {
    let mut file = file.clone();
    let (agent, stage) = (step.agent, STAGES[step.agent]);
    let (at, from, current) = (json!(now.to_string()), state(&file), place(&file));
    let retries = count(&file, "retry_count");
    let late = named(&file, step, event) == Named::Late;
    let attempt_number = if late { event["attempt"].as_u64().unwrap() } else { attempt(&file, step) };
    let heartbeat =
        step.kind == "progress" && event.get("cost").is_none() && event.get("estimated_completion").is_none();
    if heartbeat {
        file["timestamps"]["last_updated"] = at;
        return file;
    }
    let mut error = event.get("error").cloned();
    let given = |key: &str| event.get(key).cloned();
    let name = AGENTS[agent];
    macro_rules! block {
        () => {
            file["agent_outputs"][name]
        };
    }
    let attempt = ["complete", "fail", "quality_failure"].contains(&step.kind);
    for key in ["cost", "execution_time"] {
        if let Some(value) = given(key).filter(|_| attempt) {
            block!()[key] = value;
        }
    }
    match step.kind {
        "start" => {
            block!()["status"] = json!("in_progress");
            block!()["start_time"] = at.clone();
            let typical = || json!(now.plus(TYPICAL[agent]).to_string());
            block!()["estimated_completion"] = given("estimated_completion").unwrap_or_else(typical);
            let stamps = file["timestamps"].as_object_mut().unwrap();
            stamps.entry(format!("{stage}_started")).or_insert_with(|| at.clone());
            if current.is_none() {
                go_to(&mut file, 0);
            }
        }
        "progress" => {
            if let Some(estimate) = given("estimated_completion").filter(|_| !late) {
                block!()["estimated_completion"] = estimate;
            }
        }
        "complete" => {
            block!()["status"] = json!("complete");
            remove(&mut block!(), "error");
            for key in ["output_file", "quality_score", "handoff"] {
                if let Some(value) = given(key) {
                    block!()[key] = value;
                }
            }
            if let Some((metric, score)) = METRICS[agent].zip(given("quality_score")) {
                file["quality_metrics"][metric] = score;
            }
            for (metric, score) in given("metrics").iter().filter_map(Value::as_object).flatten() {
                file["quality_metrics"][metric] = score.clone();
            }
            if agent == 2 {
                remove(&mut file, "feedback");
                remove(&mut file, "adjustments_needed");
            }
            file["timestamps"][format!("{stage}_completed")] = at.clone();
            leave(&mut file, agent, "completed_stages", &at);
        }
        "skip" => {
            block!()["status"] = json!("skipped");
            remove(&mut block!(), "error");
            leave(&mut file, agent, "skipped_stages", &at);
        }
        "fail" => fail(&mut file, agent, &error.clone().unwrap(), &at, limits),
        "retry" => retry(&mut file, agent, false),
        "resume" if status(&file, agent) == "in_progress" => {
            error = Some(json!("stalled"));
            fail(&mut file, agent, &json!("stalled"), &at, limits);
            if file["pipeline_state"].get("escalation").is_none() {
                retry(&mut file, agent, true);
            }
        }
        "resume" => {
            let failures = count(&file, "failed_attempts");
            let out = retries >= limits.retries && failures > retries;
            let overridden = event["override"] == true && (out || file["pipeline_state"].get("escalation").is_some());
            if overridden {
                remove(&mut file["pipeline_state"], "escalation");
                file["pipeline_state"]["retry_count"] = json!(0);
                if count(&file, "gate_failures") > 0 {
                    file["pipeline_state"]["gate_failures"] = json!(0);
                }
                file["agent_outputs"][name]["status"] = json!("retry");
            } else {
                retry(&mut file, agent, false);
            }
        }
        "quality_failure" => error = Some(quality_failure(&mut file, event, &at, limits)),
        other => unreachable!("{other}"),
    }
    if let Some(cost) = event.get("cost") {
        let costs = &mut file["cost_tracking"];
        for key in [stage, "total"] {
            costs[key] = json!((micros(&costs[key]) + micros(cost)) as f64 / 1e6);
        }
        costs["within_budget"] = json!(micros(&costs["total"]) <= micros(&costs["budget"]));
    }
    file["timestamps"]["last_updated"] = at.clone();
    let mut entry = Map::new();
    for (key, value) in [
        ("at", Some(at)),
        ("event", Some(json!(step.kind))),
        ("agent", Some(json!(name))),
        ("stage", Some(json!(stage))),
        ("from", Some(json!(from))),
        ("to", Some(json!(state(&file)))),
        ("attempt", Some(json!(attempt_number))),
        ("cost", given("cost")),
        ("error", error),
        ("reason", given("reason")),
        ("key", given("key")),
    ] {
        entry.extend(value.map(|value| (key.to_owned(), value)));
    }
    file["history"].as_array_mut().unwrap().push(Value::Object(entry));
    file
}

fn remove(object: &mut Value, key: &str) {
    object.as_object_mut().unwrap().remove(key);
}

/// Makes a stage current; later stages are pending.
fn go_to(file: &mut Value, stage: usize) {
    let pipeline = &mut file["pipeline_state"];
    pipeline["current_stage"] = json!(STAGES.get(stage).copied().unwrap_or("complete"));
    pipeline["pending_stages"] = json!(STAGES.get(stage + 1..).unwrap_or_default());
}

fn leave(file: &mut Value, stage: usize, list: &str, at: &Value) {
    let listed = |noun: usize| noun == stage || self::listed(file, list, noun);
    let nouns: Vec<&str> = (0..4).filter(|&noun| listed(noun)).map(|noun| STAGES[noun]).collect();
    file["pipeline_state"][list] = json!(nouns);
    for other in ["completed_stages", "skipped_stages"].into_iter().filter(|other| *other != list) {
        if let Some(stages) = file["pipeline_state"].get_mut(other).and_then(Value::as_array_mut) {
            stages.retain(|noun| noun != STAGES[stage]);
        }
    }
    file["pipeline_state"]["retry_count"] = json!(0);
    go_to(file, stage + 1);
    if stage == 3 {
        file["timestamps"]["completed"] = at.clone();
    }
}

fn fail(file: &mut Value, agent: usize, error: &Value, at: &Value, limits: Limits) {
    file["agent_outputs"][AGENTS[agent]]["status"] = json!("failed");
    file["agent_outputs"][AGENTS[agent]]["error"] = error.clone();
    file["pipeline_state"]["failed_attempts"] = json!(count(file, "failed_attempts") + 1);
    file["timestamps"][format!("{}_failed", STAGES[agent])] = at.clone();
    if count(file, "retry_count") >= limits.retries {
        escalate(file, agent, error, at);
    }
}

fn escalate(file: &mut Value, agent: usize, error: &Value, at: &Value) {
    file["pipeline_state"]["escalation"] =
        json!({"stage": STAGES[agent], "agent": AGENTS[agent], "error": error, "at": at});
}

fn retry(file: &mut Value, agent: usize, stalled: bool) {
    // An agent that counts the retry when it fails has counted this one; one that stalled has reported nothing.
    let (failures, retries) = (count(file, "failed_attempts"), count(file, "retry_count"));
    let counted = !stalled && failures > 0 && failures <= retries;
    file["agent_outputs"][AGENTS[agent]]["status"] = json!("retry");
    file["pipeline_state"]["retry_count"] = json!(retries + u64::from(!counted));
}

fn quality_failure(file: &mut Value, event: &Value, at: &Value, limits: Limits) -> Value {
    let report = &event["report"];
    let mut failed: Vec<&str> =
        report["failures"].as_array().into_iter().flatten().map(|gate| gate.as_str().unwrap()).collect();
    for (gate, threshold) in [
        ("comprehension", 0.85),
        ("brand_consistency", 0.9),
        ("engagement", 0.8),
        ("technical", 0.85),
        ("overall", 0.85),
    ] {
        let below = report["scores"].get(gate).is_some_and(|score| score.as_f64().unwrap() < threshold);
        if below && !failed.contains(&gate) {
            failed.push(gate);
        }
    }
    let technical = failed.contains(&"technical");
    let feedback = failed.iter().any(|gate| *gate != "technical");
    for (key, from, carried) in
        [("feedback", "recommendations", feedback), ("adjustments_needed", "technical_fixes", technical)]
    {
        match report.get(from).filter(|_| carried) {
            Some(value) => file[key] = value.clone(),
            None => remove(file, key),
        }
    }
    for (gate, metric) in [("overall", "overall_quality"), ("brand_consistency", "brand_consistency")] {
        if let Some(score) = report["scores"].get(gate) {
            file["quality_metrics"][metric] = score.clone();
        }
    }
    let failures = count(file, "gate_failures");
    file["pipeline_state"]["gate_failures"] = json!(failures + 1);
    let escalates = failures >= limits.retries;
    let to_research = failed.iter().any(|gate| ["research_quality", "accuracy"].contains(gate));
    let target = if escalates { 2 } else { usize::from(!to_research) };
    for list in ["completed_stages", "skipped_stages"] {
        if let Some(stages) = file["pipeline_state"].get_mut(list).and_then(Value::as_array_mut) {
            stages.retain(|noun| !STAGES[target..=2].iter().any(|again| noun == again));
        }
    }
    for again in target..=2 {
        file["agent_outputs"][AGENTS[again]]["status"] = json!("pending");
    }
    go_to(file, target);
    let error = json!(format!("quality gates failed: {}", failed.join(", ")));
    if escalates {
        file["agent_outputs"][AGENTS[2]]["status"] = json!("failed");
        file["agent_outputs"][AGENTS[2]]["error"] = error.clone();
        escalate(file, 2, &error, at);
    } else {
        file["pipeline_state"]["retry_count"] = json!(0);
    }
    error
}
