//! Misspelt keys: one that is almost a key of the format, where that one is missing.

use super::Finder;
use crate::document::{NodeId, ROOT, quote};
use crate::event::{Metric, shorten};
use crate::names::{closest, same_name};
use crate::{Agent, Fix, Severity, Stage};

const ROOT_KEYS: &[&str] = &[
    "session_id",
    "episode",
    "pipeline_state",
    "agent_outputs",
    "quality_metrics",
    "cost_tracking",
    "timestamps",
    "feedback",
    "adjustments_needed",
    "history",
];
const EPISODE_KEYS: &[&str] = &["number", "topic", "complexity_target", "duration_target", "target_audience"];
const PIPELINE_KEYS: &[&str] = &[
    "current_stage",
    "completed_stages",
    "pending_stages",
    "failed_attempts",
    "retry_count",
    "skipped_stages",
    "gate_failures",
    "escalation",
];
const AGENT_KEYS: &[&str] = &[
    "status",
    "start_time",
    "estimated_completion",
    "output_file",
    "execution_time",
    "cost",
    "quality_score",
    "error",
    "handoff",
];
const ESCALATION_KEYS: &[&str] = &["stage", "agent", "error", "at"];

impl Finder<'_> {
    /// Looks through the format's own objects; what stands in others is nobody's business here.
    pub(super) fn keys(&mut self) {
        let stages: Vec<&str> = Stage::ALL.iter().flat_map(|stage| stage.aliases()).collect();
        let costs: Vec<&str> = stages.iter().copied().chain(["total", "budget", "within_budget"]).collect();
        let metrics = Metric::ALL.map(Metric::name);
        let agents = Agent::ALL.map(Agent::name);
        let marks: Vec<&str> = Stage::ALL
            .iter()
            .flat_map(|stage| [stage.started_key(), stage.completed_key(), stage.failed_key()])
            .chain(["created", "last_updated", "completed"])
            .collect();
        self.keys_of(&[], ROOT_KEYS);
        self.keys_of(&["episode"], EPISODE_KEYS);
        self.keys_of(&["pipeline_state"], PIPELINE_KEYS);
        self.keys_of(&["pipeline_state", "escalation"], ESCALATION_KEYS);
        self.keys_of(&["quality_metrics"], &metrics);
        self.keys_of(&["cost_tracking"], &costs);
        self.keys_of(&["timestamps"], &marks);
        self.keys_of(&["agent_outputs"], &agents);
        for agent in agents {
            self.keys_of(&["agent_outputs", agent], AGENT_KEYS);
        }
    }

    fn keys_of(&mut self, path: &[&str], known: &[&str]) {
        let document = self.session.document();
        let Some(object) = (if path.is_empty() { Some(ROOT) } else { self.session.at(path) }) else { return };
        let misspelt: Vec<(NodeId, String, &str)> = document
            .members(object)
            .filter_map(|(key, _)| {
                let name = document.string(key)?;
                if known.iter().any(|known| same_name(known, &name)) {
                    return None;
                }
                let missing = known.iter().copied().filter(|known| document.find_key(object, known).is_none());
                closest(&name, missing).map(|meant| (key, name.into_owned(), meant))
            })
            .collect();
        for (key, name, meant) in misspelt {
            let name = shorten(&name);
            let at = document.node(key);
            let path: Vec<&str> = path.iter().copied().chain([name.as_str()]).collect();
            let fix = Fix::new(format!("Rename it to \"{meant}\""), at.start, at.end, quote(meant));
            let message = format!("\"{name}\" is no key of the format: did you mean \"{meant}\"?");
            self.add_with_fix(Severity::Warning, "misspelt_key", &path.join("."), key, message, Some(fix));
        }
    }
}
