//! Misspelt keys of the format.

use super::Finder;
use crate::document::{NodeId, ROOT, quote};
use crate::names::{closest, same_name, shorten};
use crate::session::shape::{
    AGENT_KEYS, EPISODE_KEYS, ESCALATION_KEYS, Known, PIPELINE_KEYS, PLANNING_KEYS, ROOT_KEYS, Section, Wants,
    timestamp_keys,
};
use crate::{Agent, Fix, Metric, Severity, Stage};

impl Finder<'_> {
    /// Checks the objects of the format; others may have any keys.
    pub(super) fn keys(&mut self) {
        let stages = Stage::ALL.iter().flat_map(|stage| stage.aliases());
        let amounts = stages.chain(["total", "budget"]).map(|name| (name, Wants::Money));
        let costs: Vec<Known> = amounts.chain([("within_budget", Wants::Flag)]).collect();
        let metrics = Metric::ALL.map(|metric| (metric.name(), Wants::Score));
        let agents = Agent::ALL.map(|agent| (agent.name(), Wants::ObjectWith(Section::Agent)));
        let times: Vec<Known> = timestamp_keys().map(|name| (name, Wants::Time)).collect();
        self.keys_of(&[], ROOT_KEYS);
        self.keys_of(&["episode"], EPISODE_KEYS);
        self.keys_of(&["pipeline_state"], PIPELINE_KEYS);
        self.keys_of(&["pipeline_state", "escalation"], ESCALATION_KEYS);
        self.keys_of(&["quality_metrics"], &metrics);
        self.keys_of(&["cost_tracking"], &costs);
        self.keys_of(&["timestamps"], &times);
        self.keys_of(&["planning"], PLANNING_KEYS);
        self.keys_of(&["agent_outputs"], &agents);
        for (agent, _) in agents {
            self.keys_of(&["agent_outputs", agent], AGENT_KEYS);
        }
    }

    fn keys_of(&mut self, path: &[&str], known: &[Known]) {
        let document = self.session.document();
        let Some(object) = (if path.is_empty() { Some(ROOT) } else { self.session.at(path) }) else { return };
        // Searched once: an object may have any number of unknown keys.
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
            // A value of another kind may be something else, and would make the file unreadable.
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
