//! Misspelt keys: one that is almost a key of the format, where that one is missing.

use super::Finder;
use super::shape::{Part, Wants};
use crate::document::{NodeId, ROOT, quote};
use crate::event::{Metric, shorten};
use crate::names::{closest, same_name};
use crate::{Agent, Fix, Severity, Stage};

/// A key of the format and what stands under it.
type Known = (&'static str, Wants);

const ROOT_KEYS: &[Known] = &[
    ("session_id", Wants::Id),
    ("episode", Wants::ObjectWith(Part::Episode)),
    ("pipeline_state", Wants::ObjectWith(Part::Pipeline)),
    ("agent_outputs", Wants::ObjectWith(Part::Outputs)),
    ("quality_metrics", Wants::ObjectWith(Part::Metrics)),
    ("cost_tracking", Wants::ObjectWith(Part::Costs)),
    ("timestamps", Wants::ObjectWith(Part::Times)),
    ("feedback", Wants::Any),
    ("adjustments_needed", Wants::Any),
    ("history", Wants::History),
];
pub(super) const EPISODE_KEYS: &[Known] = &[
    ("number", Wants::Count),
    ("topic", Wants::Text),
    ("complexity_target", Wants::Count),
    ("duration_target", Wants::Number),
    ("target_audience", Wants::Text),
];
const PIPELINE_KEYS: &[Known] = &[
    ("current_stage", Wants::Place),
    ("completed_stages", Wants::Stages),
    ("pending_stages", Wants::Stages),
    ("failed_attempts", Wants::Count),
    ("retry_count", Wants::Count),
    ("skipped_stages", Wants::Stages),
    ("gate_failures", Wants::Count),
    ("escalation", Wants::ObjectWith(Part::Escalation)),
];
pub(super) const AGENT_KEYS: &[Known] = &[
    ("status", Wants::Status),
    ("start_time", Wants::Time),
    ("estimated_completion", Wants::Time),
    ("output_file", Wants::Text),
    ("execution_time", Wants::Number),
    ("cost", Wants::Money),
    ("quality_score", Wants::Score),
    ("error", Wants::Text),
    ("handoff", Wants::ObjectWith(Part::Handoff)),
];
pub(super) const ESCALATION_KEYS: &[Known] =
    &[("stage", Wants::Stage), ("agent", Wants::Stage), ("error", Wants::Text), ("at", Wants::Time)];

/// The keys of `timestamps`.
pub(super) fn marks() -> impl Iterator<Item = &'static str> {
    let marks =
        Stage::ALL.into_iter().flat_map(|stage| [stage.started_key(), stage.completed_key(), stage.failed_key()]);
    marks.chain(["created", "last_updated", "completed"])
}

impl Finder<'_> {
    /// Looks through the format's own objects; what stands in others is nobody's business here.
    pub(super) fn keys(&mut self) {
        let stages = Stage::ALL.iter().flat_map(|stage| stage.aliases());
        let amounts = stages.chain(["total", "budget"]).map(|name| (name, Wants::Money));
        let costs: Vec<Known> = amounts.chain([("within_budget", Wants::Flag)]).collect();
        let metrics = Metric::ALL.map(|metric| (metric.name(), Wants::Score));
        let agents = Agent::ALL.map(|agent| (agent.name(), Wants::ObjectWith(Part::Agent)));
        let marks: Vec<Known> = marks().map(|name| (name, Wants::Time)).collect();
        self.keys_of(&[], ROOT_KEYS);
        self.keys_of(&["episode"], EPISODE_KEYS);
        self.keys_of(&["pipeline_state"], PIPELINE_KEYS);
        self.keys_of(&["pipeline_state", "escalation"], ESCALATION_KEYS);
        self.keys_of(&["quality_metrics"], &metrics);
        self.keys_of(&["cost_tracking"], &costs);
        self.keys_of(&["timestamps"], &marks);
        self.keys_of(&["agent_outputs"], &agents);
        for (agent, _) in agents {
            self.keys_of(&["agent_outputs", agent], AGENT_KEYS);
        }
    }

    fn keys_of(&mut self, path: &[&str], known: &[Known]) {
        let document = self.session.document();
        let Some(object) = (if path.is_empty() { Some(ROOT) } else { self.session.at(path) }) else { return };
        // Looked for once: an object may have any number of keys that are none of ours.
        let missing: Vec<&Known> =
            known.iter().filter(|(known, _)| document.find_key(object, known).is_none()).collect();
        let misspelt: Vec<(NodeId, String, &str, bool)> = document
            .members(object)
            .filter_map(|(key, value)| {
                let name = document.string(key)?;
                if known.iter().any(|(known, _)| same_name(known, &name)) {
                    return None;
                }
                let meant = closest(&name, missing.iter().map(|(known, _)| *known))?;
                let fits = missing.iter().any(|(known, wants)| *known == meant && wants.takes(document, value));
                Some((key, name.into_owned(), meant, fits))
            })
            .collect();
        for (key, name, meant, fits) in misspelt {
            let name = shorten(&name);
            let at = document.node(key);
            let path: Vec<&str> = path.iter().copied().chain([name.as_str()]).collect();
            // What is of another kind may be something else, and would make the file unreadable.
            let fix = fits.then(|| Fix::new(format!("Rename it to \"{meant}\""), at.start, at.end, quote(meant)));
            let message = if fits {
                format!("Unknown key \"{name}\": did you mean \"{meant}\"?")
            } else {
                format!("Unknown key \"{name}\". Its value is not that of \"{meant}\".")
            };
            self.add_with_fix(Severity::Warning, "misspelt_key", &path.join("."), key, message, fix);
        }
    }
}
