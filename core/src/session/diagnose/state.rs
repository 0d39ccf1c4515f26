//! Diagnostics of the state: unreadable, missing and contradictory parts.

use super::{Finder, Wants};
use crate::document::ROOT;
use crate::names::shorten;
use crate::session::PipelinePosition;
use crate::{Agent, AgentStatus, Severity, Stage};

/// Counters of `pipeline_state`.
const COUNTS: [&str; 3] = ["retry_count", "failed_attempts", "gate_failures"];

impl Finder<'_> {
    pub(super) fn state(&mut self) {
        let session = self.session;
        let situation = session.situation();
        if session.id().is_none() {
            let at = session.document().find(ROOT, "session_id").unwrap_or(ROOT);
            let message = if at == ROOT { "No session_id." } else { "session_id is not a string." };
            self.add(Severity::Error, "id_missing", "session_id", at, message.to_owned());
        }
        if situation.unknown {
            let message = situation.unreadable.map(|unreadable| unreadable.message).unwrap_or_default();
            let at = session.at(&["pipeline_state"]).unwrap_or(ROOT);
            self.add(Severity::Error, "unknown_state", "pipeline_state", at, message);
            return;
        }
        if let Some(unreadable) = situation.unreadable {
            let keys: Vec<&str> = unreadable.path.split('.').collect();
            let at = session.at(&keys).unwrap_or(ROOT);
            let names: Vec<&'static str> = match keys.last() {
                Some(&"status") => AgentStatus::ALL.map(AgentStatus::name).to_vec(),
                Some(&"current_stage") => {
                    Stage::ALL.map(Stage::name).into_iter().chain(["initialized", "complete"]).collect()
                }
                // Another value is not a name.
                _ => Vec::new(),
            };
            let fix = self.meant(at, &names).or_else(|| match keys.as_slice() {
                ["pipeline_state", name] if COUNTS.contains(name) => self.unquoted(at, Wants::Count),
                _ => None,
            });
            self.add_with_fix(Severity::Error, "unreadable_state", &unreadable.path, at, unreadable.message, fix);
            return;
        }
        let stage_at = session
            .at(&["pipeline_state", "current_stage"])
            .or_else(|| session.at(&["pipeline_state"]))
            .unwrap_or(ROOT);
        for stage in Stage::ALL {
            if situation.passed(stage) && !situation.done(stage) {
                let message = format!("The session is past {stage}, but {stage} is neither complete nor skipped.");
                self.add(Severity::Warning, "stage_gap", "pipeline_state.completed_stages", stage_at, message);
            }
        }
        if let PipelinePosition::At(stage) = situation.position {
            let agent = stage.agent();
            let path = ["agent_outputs", agent.name(), "status"];
            match session.string_at(&path).and_then(|status| AgentStatus::parse(&status)) {
                Some(status @ (AgentStatus::Complete | AgentStatus::Skipped)) => {
                    let message = format!("{agent} is {status}, but {stage} is the current stage: assumed pending.");
                    let at = session.at(&path).unwrap_or(ROOT);
                    self.add(Severity::Warning, "status_mismatch", &path.join("."), at, message);
                }
                None => {
                    let message = format!("No status for {agent}: assumed pending.");
                    self.add(Severity::Warning, "status_missing", &path.join("."), stage_at, message);
                }
                Some(_) => {}
            }
        }
    }

    /// Finds numbers and flags in quotes that no other diagnostic mentions.
    pub(super) fn quoted(&mut self) {
        let session = self.session;
        let unreadable = session.situation().unreadable.map(|unreadable| unreadable.path);
        let counts = COUNTS.map(|name| (vec!["pipeline_state", name], Wants::Count));
        let episode =
            [("number", Wants::Count), ("complexity_target", Wants::Count), ("duration_target", Wants::Number)]
                .map(|(name, wants)| (vec!["episode", name], wants));
        let times = Agent::ALL.map(|agent| (vec!["agent_outputs", agent.name(), "execution_time"], Wants::Number));
        let flag = [(vec!["cost_tracking", "within_budget"], Wants::Flag)];
        for (path, wants) in counts.into_iter().chain(episode).chain(times).chain(flag) {
            let Some(at) = session.at(&path) else { continue };
            let name = path.join(".");
            if unreadable.as_ref() == Some(&name) {
                continue;
            }
            if let Some(fix) = self.unquoted(at, wants) {
                let message = format!("{name} is a string, so {} is ignored.", shorten(session.document().raw(at)));
                self.add_with_fix(Severity::Warning, "quoted_value", &name, at, message, Some(fix));
            }
        }
    }

    /// Finds a status without a state: a flat record has a status but no stage.
    pub(super) fn status(&mut self) {
        let session = self.session;
        let Some(at) = session.at(&["status"]).filter(|_| session.at(&["pipeline_state"]).is_none()) else { return };
        let status = shorten(session.document().raw(at));
        let message = format!("Status {status} is ignored: the file has no pipeline_state.");
        self.add(Severity::Warning, "status_unused", "status", at, message);
    }

    /// Finds unknown names in the lists of stages.
    pub(super) fn lists(&mut self) {
        let session = self.session;
        let document = session.document();
        // Stage names first: of two equally close names, the stage's is meant.
        let names: Vec<&'static str> =
            Stage::ALL.map(Stage::name).into_iter().chain(Agent::ALL.map(Agent::name)).collect();
        for list in ["completed_stages", "pending_stages", "skipped_stages"] {
            let Some(at) = session.at(&["pipeline_state", list]) else { continue };
            for (place, element) in document.elements(at).enumerate() {
                if document.string(element).as_deref().and_then(Stage::parse).is_some() {
                    continue;
                }
                let fix = self.meant(element, &names);
                let hint = fix.as_ref().map(|fix| format!(" Did you mean {}?", fix.text)).unwrap_or_default();
                let raw = shorten(document.raw(element));
                let message = format!("Unknown stage {raw} in {list} is ignored.{hint}");
                let path = format!("pipeline_state.{list}.{place}");
                self.add_with_fix(Severity::Warning, "stage_unknown", &path, element, message, fix);
            }
        }
    }
}
