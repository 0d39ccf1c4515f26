//! What there is to notice in a session file.

mod keys;

use super::{Place, Session};
use crate::document::{Kind, NodeId, ROOT, quote};
use crate::event::{Metric, shorten};
use crate::names::closest;
use crate::number;
use crate::order::by_number;
use crate::{Agent, AgentStatus, Diagnostic, Fix, Severity, Stage, Timestamp};
use std::borrow::Cow;
use std::hash::{DefaultHasher, Hash, Hasher};

/// The diagnostics of a session, in the order of the file.
pub(super) fn diagnostics(session: &Session) -> Vec<Diagnostic> {
    let mut found = Finder { session, diagnostics: Vec::new() };
    found.state();
    found.status();
    found.keys();
    found.scores();
    found.duplicates();
    found.times();
    found.costs();
    by_number(&mut found.diagnostics, |found| u64::from(found.line) << 32 | u64::from(found.column));
    found.diagnostics
}

struct Finder<'a> {
    session: &'a Session,
    diagnostics: Vec<Diagnostic>,
}

impl Finder<'_> {
    fn add(&mut self, severity: Severity, code: &'static str, path: &str, at: NodeId, message: String) {
        self.add_with_fix(severity, code, path, at, message, None);
    }

    fn add_with_fix(
        &mut self,
        severity: Severity,
        code: &'static str,
        path: &str,
        at: NodeId,
        message: String,
        fix: Option<Fix>,
    ) {
        let document = self.session.document();
        let (line, column) = document.position(document.node(at).start);
        self.diagnostics.push(Diagnostic { severity, code, message, path: path.to_owned(), line, column, fix });
    }

    /// The correction of a value that is almost one of `names`.
    fn meant(&self, value: NodeId, names: &[&'static str]) -> Option<Fix> {
        let document = self.session.document();
        let meant = document.string(value).and_then(|name| closest(&name, names.iter().copied()))?;
        let at = document.node(value);
        Some(Fix::new(format!("Change it to \"{meant}\""), at.start, at.end, quote(meant)))
    }

    fn state(&mut self) {
        let session = self.session;
        let situation = session.situation();
        if let Some(unreadable) = situation.unreadable {
            let keys: Vec<&str> = unreadable.path.split('.').collect();
            let at = session.at(&keys).unwrap_or(ROOT);
            let names: Vec<&'static str> = match keys.last() {
                Some(&"status") => AgentStatus::ALL.map(AgentStatus::name).to_vec(),
                Some(&"current_stage") => {
                    Stage::ALL.map(Stage::name).into_iter().chain(["initialized", "complete"]).collect()
                }
                // A name is not what is wanted there.
                _ => Vec::new(),
            };
            let fix = self.meant(at, &names);
            self.add_with_fix(Severity::Error, "unreadable_state", &unreadable.path, at, unreadable.message, fix);
            return;
        }
        let stage_at = session
            .at(&["pipeline_state", "current_stage"])
            .or_else(|| session.at(&["pipeline_state"]))
            .unwrap_or(ROOT);
        for stage in Stage::ALL {
            if situation.passed(stage) && !situation.done(stage) {
                let message = format!("The session is past {stage}, but nothing says that {stage} is complete.");
                self.add(Severity::Warning, "stage_gap", "pipeline_state.completed_stages", stage_at, message);
            }
        }
        if let Place::At(stage) = situation.place {
            let agent = stage.agent();
            let path = ["agent_outputs", agent.name(), "status"];
            match session.string_at(&path).and_then(|status| AgentStatus::parse(&status)) {
                Some(status @ (AgentStatus::Complete | AgentStatus::Skipped)) => {
                    let message = format!("{agent} is {status}, but {stage} is the current stage: read as pending.");
                    let at = session.at(&path).unwrap_or(ROOT);
                    self.add(Severity::Warning, "status_mismatch", &path.join("."), at, message);
                }
                None => {
                    let message = format!("Nothing says how {agent} stands: read as pending.");
                    self.add(Severity::Warning, "status_missing", &path.join("."), stage_at, message);
                }
                Some(_) => {}
            }
        }
        if session.id().is_none() {
            let message = "The session has no id that is a text.".to_owned();
            self.add(Severity::Error, "id_missing", "session_id", ROOT, message);
        }
    }

    /// A status without a state: a flat record says how a session stands, but not in which stage.
    fn status(&mut self) {
        let session = self.session;
        let Some(at) = session.at(&["status"]).filter(|_| session.at(&["pipeline_state"]).is_none()) else { return };
        let status = shorten(session.document().raw(at));
        let message =
            format!("The status {status} stands alone: without a pipeline_state it says no stage, and is not used.");
        self.add(Severity::Warning, "status_unused", "status", at, message);
    }

    /// Keys that stand twice in one object: the last one counts.
    fn duplicates(&mut self) {
        let document = self.session.document();
        let mut objects: Vec<NodeId> = Vec::new();
        let mut id = ROOT;
        // Every object of the file, whatever its depth: the tape is flat.
        while let Some(kind) = document.kind_at(id) {
            if kind == Kind::Object {
                objects.push(id);
            }
            id += 1;
        }
        for object in objects {
            let hash = |key: &Cow<'_, str>| {
                let mut hasher = DefaultHasher::new();
                key.hash(&mut hasher);
                hasher.finish()
            };
            let mut keys: Vec<(u64, Cow<'_, str>, NodeId)> = document
                .members(object)
                .filter_map(|(key, _)| document.string(key).map(|name| (hash(&name), name, key)))
                .collect();
            by_number(&mut keys, |key| key.0);
            for alike in keys.chunk_by(|a, b| a.0 == b.0) {
                for (at, (_, name, key)) in alike.iter().enumerate() {
                    if alike[..at].iter().any(|(_, before, _)| before == name) {
                        let name = shorten(name);
                        let message = format!("The key \"{name}\" stands twice in one object: the last one counts.");
                        self.add(Severity::Warning, "duplicate_key", &name, *key, message);
                    }
                }
            }
        }
    }

    fn times(&mut self) {
        let session = self.session;
        let document = session.document();
        let mut check = |path: String, value: NodeId| {
            let found = document.string(value).map(|text| Timestamp::find(&text));
            match found {
                Some(Some(found)) if found.assumed_utc => {
                    let message = format!("{path} names no time zone: read as UTC.");
                    self.add(Severity::Info, "time_zone_assumed", &path, value, message);
                }
                Some(Some(found)) if found.malformed => {
                    let message = format!("{path} is not written as RFC 3339, but can be read.");
                    let at = document.node(value);
                    let text = quote(&found.at.to_string());
                    let fix = Fix::new(format!("Write it as {}", found.at), at.start, at.end, text);
                    self.add_with_fix(Severity::Info, "time_malformed", &path, value, message, Some(fix));
                }
                Some(Some(_)) => {}
                Some(None) | None => {
                    let message = format!("{path} is not a time: it is left alone and not used.");
                    self.add(Severity::Warning, "time_unreadable", &path, value, message);
                }
            }
        };
        if let Some(section) = session.at(&["timestamps"]) {
            for (key, value) in document.members(section) {
                if document.kind(value) != Kind::Null {
                    check(format!("timestamps.{}", shorten(&document.string(key).unwrap_or_default())), value);
                }
            }
        }
        for agent in Agent::ALL {
            for name in ["start_time", "estimated_completion"] {
                if let Some(value) = session.at(&["agent_outputs", agent.name(), name]) {
                    check(format!("agent_outputs.{agent}.{name}"), value);
                }
            }
        }
    }

    fn scores(&mut self) {
        let session = self.session;
        let document = session.document();
        let metrics = Metric::ALL.iter().map(|metric| vec!["quality_metrics", metric.name()]);
        let scores = Agent::ALL.iter().map(|agent| vec!["agent_outputs", agent.name(), "quality_score"]);
        for path in metrics.chain(scores) {
            let Some(value) = session.at(&path) else { continue };
            let raw = document.raw(value);
            let number = document.number(value);
            let path = path.join(".");
            match (number, session.score(value)) {
                (Some(number), Some(score)) if number == score => {}
                (Some(_), Some(score)) => {
                    let score = number::spell(score);
                    let message = format!("{path} is {raw}, on another scale: it is read as {score}.");
                    self.add(Severity::Info, "score_scale", &path, value, message);
                }
                _ => {
                    let message =
                        format!("{path} is {}, which is no score from 0 to 1: it counts as unknown.", shorten(raw));
                    self.add(Severity::Warning, "score_unreadable", &path, value, message);
                }
            }
        }
    }

    fn costs(&mut self) {
        let session = self.session;
        for stage in Stage::ALL {
            let cost = session.stage_cost(stage);
            let path = format!("cost_tracking.{stage}");
            let Some(key) = cost.key else { continue };
            if cost.unreadable {
                let message = format!("The cost of {stage} is not an amount: it counts as unknown.");
                self.add(Severity::Error, "cost_unreadable", &path, key, message);
            }
            if cost.contradicted {
                let message =
                    format!("The cost of {stage} stands under two names with two amounts: the larger counts.");
                self.add(Severity::Warning, "cost_contradiction", &path, key, message);
            }
        }
        for (name, counts) in [("total", "the sum of the stages counts"), ("budget", "it counts as unknown")] {
            if let Some(at) = session.at(&["cost_tracking", name]).filter(|_| session.amount_unreadable(name)) {
                let message = format!("The {name} is not an amount: {counts}.");
                self.add(Severity::Error, "cost_unreadable", &format!("cost_tracking.{name}"), at - 1, message);
            }
        }
        let costs = session.costs();
        if let (false, Some(total), Some(at)) =
            (costs.total_matches, costs.total, session.at(&["cost_tracking", "total"]))
        {
            let sum: crate::Money = costs.stages.iter().flatten().copied().sum();
            let message = format!("The stated total of ${total} is not the sum of the stages, ${sum}: it is kept.");
            self.add(Severity::Warning, "total_mismatch", "cost_tracking.total", at, message);
        }
    }
}
