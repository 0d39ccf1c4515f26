//! Diagnostics of times, scores and costs that are unreadable or read by a tolerant rule.

use super::{Finder, Wants};
use crate::document::{Kind, NodeId, quote};
use crate::names::shorten;
use crate::session::data::money;
use crate::session::shape::PLANNING_KEYS;
use crate::{Agent, Fix, Metric, Money, Severity, Stage, Timestamp};

impl Finder<'_> {
    pub(super) fn times(&mut self) {
        let session = self.session;
        let document = session.document();
        let mut check = |path: String, value: NodeId| {
            let found = document.string(value).map(|text| Timestamp::find(&text));
            match found {
                Some(Some(found)) if found.assumed_utc => {
                    let message = format!("{path} has no time zone, so it is read as UTC.");
                    self.add(Severity::Info, "time_zone_assumed", &path, value, message);
                }
                Some(Some(found)) if found.malformed => {
                    let message = format!("{path} is not in RFC 3339 form, but can be read.");
                    let at = document.node(value);
                    let text = quote(&found.at.to_string());
                    let fix = Fix::new(format!("Write it as {}", found.at), at.start, at.end, text);
                    self.add_with_fix(Severity::Info, "time_malformed", &path, value, message, Some(fix));
                }
                Some(Some(_)) => {}
                Some(None) | None => {
                    let message = format!("{path} is not a time and is ignored.");
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
        for path in [&["created_at"][..], &["pipeline_state", "escalation", "at"]] {
            if let Some(value) = session.at(path) {
                check(path.join("."), value);
            }
        }
        let entries = session.at(&["history"]).map(|history| document.elements(history));
        for (place, entry) in entries.into_iter().flatten().enumerate() {
            if let Some(value) = document.find_set(entry, "at") {
                check(format!("history.{place}.at"), value);
            }
        }
    }

    /// Checks the values of the planning: others count as missing.
    pub(super) fn planning(&mut self) {
        let document = self.session.document();
        let Some(section) = self.session.at(&["planning"]) else { return };
        if document.kind(section) != Kind::Object {
            let message = "planning is not an object and is ignored.".to_owned();
            return self.add(Severity::Warning, "planning_unreadable", "planning", section, message);
        }
        for (name, wants) in PLANNING_KEYS {
            let Some(value) = document.find_set(section, name).filter(|&value| !wants.takes(document, value)) else {
                continue;
            };
            let (expected, effect) = match wants {
                Wants::Date => ("a date such as 2026-12-05", "is ignored"),
                Wants::Texts if document.kind(value) == Kind::Array => {
                    ("a list of strings", "is read without the others")
                }
                Wants::Texts => ("a list of strings", "is ignored"),
                _ => ("a string", "is ignored"),
            };
            let path = format!("planning.{name}");
            let message = format!("{path} is not {expected} and {effect}.");
            self.add(Severity::Warning, "planning_unreadable", &path, value, message);
        }
    }

    pub(super) fn scores(&mut self) {
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
                    let message = format!("{path} is {raw}, on another scale, so it is read as {score}.");
                    self.add(Severity::Info, "score_scale", &path, value, message);
                }
                _ => {
                    let message =
                        format!("{path} is {}, which is not a score from 0 to 1 and counts as unknown.", shorten(raw));
                    let fix = self.unquoted(value, Wants::Score);
                    self.add_with_fix(Severity::Warning, "score_unreadable", &path, value, message, fix);
                }
            }
        }
    }

    pub(super) fn costs(&mut self) {
        let session = self.session;
        let document = session.document();
        let name = |key: NodeId| shorten(&document.string(key).unwrap_or_default());
        for stage in Stage::ALL {
            let cost = session.stage_cost(stage);
            let whose = format!("The cost of {stage}");
            if let Some(key) = cost.unreadable {
                let counts = if cost.amount.is_none() { "it counts as unknown" } else { "it is not counted" };
                self.unreadable(&whose, &format!("cost_tracking.{}", name(key)), key, counts);
            }
            let Some(key) = cost.key else { continue };
            let path = format!("cost_tracking.{}", name(key));
            if cost.contradicted {
                let message = format!("{whose} has two keys with different amounts: the larger is used.");
                self.add(Severity::Warning, "cost_contradiction", &path, key, message);
            }
            self.negative(&whose, &path, key, cost.amount);
        }
        for (name, counts) in [("total", "the sum of the stages is used"), ("budget", "it counts as unknown")] {
            let path = ["cost_tracking", name];
            self.amount(&format!("The {name}"), &path, counts);
        }
        for agent in Agent::ALL {
            let path = ["agent_outputs", agent.name(), "cost"];
            self.amount(&format!("The last cost of {agent}"), &path, "it counts as unknown");
        }
        let costs = session.costs();
        if let (false, Some(total), Some(at)) =
            (costs.total_matches, costs.total, session.at(&["cost_tracking", "total"]))
        {
            let sum: Money = costs.stages.iter().flatten().copied().sum();
            let (total, sum) = (total.usd(), sum.usd());
            let message =
                format!("The stated total of {total} is not the sum of the stages, {sum}. The total is kept.");
            self.add(Severity::Warning, "total_mismatch", "cost_tracking.total", at, message);
        }
    }

    /// Checks an amount at a path.
    fn amount(&mut self, whose: &str, path: &[&str], counts: &str) {
        let Some(value) = self.session.at(path) else { return };
        let amount = money(self.session.document(), value);
        let path = path.join(".");
        match amount {
            Some(_) => self.negative(whose, &path, value - 1, amount),
            None => self.unreadable(whose, &path, value - 1, counts),
        }
    }

    fn unreadable(&mut self, whose: &str, path: &str, key: NodeId, counts: &str) {
        let message = format!("{whose} is not an amount: {counts}.");
        let fix = self.unquoted(key + 1, Wants::Money);
        self.add_with_fix(Severity::Error, "cost_unreadable", path, key, message, fix);
    }

    fn negative(&mut self, whose: &str, path: &str, key: NodeId, amount: Option<Money>) {
        if let Some(amount) = amount.filter(|amount| *amount < Money::ZERO) {
            let message = format!("{whose} is negative, {}. It is kept and counted.", amount.usd());
            self.add(Severity::Warning, "cost_negative", path, key, message);
        }
    }
}
