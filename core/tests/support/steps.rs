//! The events that the exploration sends: every kind for every agent, with representative payloads.

use super::AGENTS;

/// Fault of an event that does not depend on the session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Own {
    /// Nothing: the session decides.
    Fine,
    /// A value of it is out of its range.
    Invalid,
    /// Its handoff is well-formed but lacks something.
    Handoff,
}

/// One event to send.
#[derive(Debug, Clone)]
pub struct Step {
    /// Name, unique for a kind.
    pub name: &'static str,
    pub kind: &'static str,
    pub agent: usize,
    pub json: String,
    pub own: Own,
    /// True if it is sent long after the session's last update.
    pub late: bool,
}

impl Step {
    /// True if the event names the attempt it belongs to.
    pub fn names_attempt(&self) -> bool {
        self.json.contains("\"attempt\":")
    }

    pub fn has_key(&self) -> bool {
        self.json.contains("\"key\":")
    }

    /// True for progress that says nothing: it leaves no entry in the history.
    pub fn is_heartbeat(&self) -> bool {
        self.kind == "progress" && !self.json.contains("\"cost\":") && !self.json.contains("\"estimated_completion\":")
    }
}

/// A handoff of an agent that holds all it must, its computed flags left out.
fn handoff(agent: usize, flags: &str) -> String {
    let data = [
        r#"{"research_package": "research.md", "complexity_assessment": "demanding", "key_narratives": ["arms that think"], "confidence_scores": {"dreaming": 0.8}}"#,
        r#"{"script_file": "script.md", "word_count": 4100, "estimated_duration": 27, "complexity_level": 3}"#,
        r#"{"validated_script": "script.md", "quality_report": "report.md", "approval_status": "PASS"}"#,
    ];
    let (from, to) = (AGENTS[agent], AGENTS[agent + 1]);
    format!(r#"{{"from": "{from}", "to": "{to}", "data": {}, "validation": {{{flags}}}}}"#, data[agent])
}

/// The flags that an agent must state itself.
const STATED: [&str; 3] =
    [r#""ready_for_script": true"#, r#""format_valid": true, "ready_for_evaluation": true"#, r#""audio_ready": true"#];

/// Every event worth sending; for agents other than `thorough` only the least of each kind.
pub fn steps(thorough: &dyn Fn(usize) -> bool) -> Vec<Step> {
    let mut out = Vec::new();
    for agent in 0..4 {
        let mut add = |kind, name, fields: &str, own, late| {
            let comma = if fields.is_empty() { "" } else { ", " };
            let json = format!(r#"{{"type": "{kind}", "agent": "{}"{comma}{fields}}}"#, AGENTS[agent]);
            out.push(Step { name, kind, agent, json, own, late });
        };
        add("start", "plain", "", Own::Fine, false);
        add("progress", "heartbeat", "", Own::Fine, false);
        add("progress", "with a cost", r#""cost": 0.125"#, Own::Fine, false);
        add("complete", "plain", "", Own::Fine, false);
        add("fail", "plain", r#""error": "timeout""#, Own::Fine, false);
        add("retry", "plain", "", Own::Fine, false);
        add("resume", "plain", "", Own::Fine, false);
        add("quality_failure", "brand", r#""report": {"failures": ["brand_consistency"]}"#, Own::Fine, false);
        add("skip", "plain", r#""reason": "not for this episode""#, Own::Fine, false);
        if !thorough(agent) {
            continue;
        }
        add("start", "with a key", r#""key": "job 1""#, Own::Fine, false);
        add("retry", "with a key", r#""key": "job 1""#, Own::Fine, false);
        add("resume", "with a key", r#""key": "job 1""#, Own::Fine, false);
        add("skip", "with a key", r#""reason": "not for this episode", "key": "job 1""#, Own::Fine, false);
        add("start", "with an empty key", r#""key": """#, Own::Invalid, false);
        add("progress", "heartbeat of attempt 1", r#""attempt": 1, "key": "job 1""#, Own::Fine, false);
        add("progress", "bill of attempt 1", r#""attempt": 1, "cost": 0.2, "key": "job 1""#, Own::Fine, false);
        let late = r#""attempt": 2, "cost": 0.2, "estimated_completion": "2024-08-20T14:00:00Z""#;
        add("progress", "bill and estimate of attempt 2", late, Own::Fine, false);
        add("complete", "of attempt 1", r#""attempt": 1, "key": "job 1""#, Own::Fine, false);
        add("complete", "of attempt 2", r#""attempt": 2"#, Own::Fine, false);
        add(
            "fail",
            "of attempt 1",
            r#""error": "timeout", "cost": 0.2, "attempt": 1, "key": "job 1""#,
            Own::Fine,
            false,
        );
        let report = r#""report": {"failures": ["brand_consistency"]}, "attempt": 1, "key": "job 1""#;
        add("quality_failure", "of attempt 1", report, Own::Fine, false);
        add("start", "with an estimate", r#""estimated_completion": "2024-08-20T12:00:00Z""#, Own::Fine, false);
        add("progress", "with an estimate", r#""estimated_completion": "2024-08-20T13:00:00Z""#, Own::Fine, false);
        add("progress", "with a negative cost", r#""cost": -0.01"#, Own::Invalid, false);
        let full = r#""cost": 1.2, "quality_score": 0.9, "output_file": "out.md", "execution_time": 1200"#;
        add("complete", "with everything but a handoff", full, Own::Fine, false);
        add("complete", "with a score out of range", r#""quality_score": 9"#, Own::Invalid, false);
        if agent < 3 {
            let metrics = r#""quality_score": 0.92, "metrics": {"brand_consistency": 0.95}"#;
            let good = format!(r#"{metrics}, "handoff": {}"#, handoff(agent, STATED[agent]));
            add("complete", "with a handoff", &good, Own::Fine, false);
            let unstated = format!(r#"{metrics}, "handoff": {}"#, handoff(agent, ""));
            add("complete", "with a handoff that states nothing", &unstated, Own::Handoff, false);
            let low = good.replace("0.92", "0.5").replace("0.95", "0.5").replace("4100", "0");
            add("complete", "with a handoff below its thresholds", &low, Own::Handoff, false);
        }
        add("fail", "with a cost", r#""error": "rate limit", "cost": 0.3"#, Own::Fine, false);
        add("fail", "without an error", r#""error": " ""#, Own::Invalid, false);
        add("resume", "long after", "", Own::Fine, true);
        add("resume", "with an override", r#""override": true, "reason": "looked at it""#, Own::Fine, false);
        add("resume", "with an override, long after", r#""override": true"#, Own::Fine, true);
        add("skip", "without a reason", r#""reason": """#, Own::Invalid, false);
        if agent != 2 {
            continue;
        }
        let mut report = |name, report: &str, rest: &str, own| {
            add("quality_failure", name, &format!(r#""report": {report}{rest}"#), own, false);
        };
        report(
            "technical only",
            r#"{"failures": ["technical"], "technical_fixes": ["Add the pauses."], "recommendations": ["Not asked for."]}"#,
            "",
            Own::Fine,
        );
        report(
            "brand by its score",
            r#"{"scores": {"brand_consistency": 0.89, "overall": 0.85}, "recommendations": ["Say what is not known."]}"#,
            r#", "cost": 0.5, "execution_time": 600"#,
            Own::Fine,
        );
        report(
            "research",
            r#"{"failures": ["research_quality"], "recommendations": [{"source": 3, "weight": 1000}]}"#,
            "",
            Own::Fine,
        );
        report(
            "several at once",
            r#"{"failures": ["technical", "accuracy", "engagement"], "recommendations": ["Check."], "technical_fixes": ["Cut."]}"#,
            r#", "cost": 0.25"#,
            Own::Fine,
        );
        report("a gate nobody knows", r#"{"failures": ["warmth"], "scores": {"warmth": 0.1}}"#, "", Own::Fine);
        report("no gate that failed", r#"{"scores": {"overall": 0.85, "technical": 0.85}}"#, "", Own::Invalid);
    }
    out
}
