//! One action on many sessions: a preview of its effects, then its results.
use super::export::ExportFormat;
use super::workspace::{GONE, Progress, Workspace, policy};
use crate::platform::clock;
use crate::platform::pace::YieldTimer;
use callboard_core::{Action, Agent, Event, Stage};
use callboard_workspace::plan::{self, SessionPlan};
use callboard_workspace::{Durability, Entry, VersionId};
use leptos::prelude::*;
use std::sync::Arc;

/// Number of sessions stored in one transaction.
const TOGETHER: usize = 64;

/// An action on many sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BulkAction {
    /// Starts their next agents.
    Start,
    /// Retries their failed agents.
    Retry,
    /// Resumes their stalled or failed agents.
    Resume,
}

impl BulkAction {
    /// All actions in display order.
    pub const ALL: [Self; 3] = [Self::Start, Self::Retry, Self::Resume];

    /// Returns its label.
    pub fn label(self) -> &'static str {
        match self {
            Self::Start => "Start",
            Self::Retry => "Retry",
            Self::Resume => "Resume",
        }
    }

    fn event(self, entry: &Entry) -> Event {
        let digest = entry.digest();
        // Outside of the four stages the core says why nothing can be done.
        let outside = if digest.is_complete() { Agent::AudioSynthesizer } else { Agent::ResearchCoordinator };
        let agent = digest.stage().map_or(outside, Stage::agent);
        let action = match self {
            Self::Start => Action::Start { estimated_completion: None },
            Self::Retry => Action::Retry,
            Self::Resume => Action::Resume { override_escalation: false, reason: None },
        };
        Event::new(agent, action)
    }

    fn plan(self, entry: &Entry) -> SessionPlan {
        plan::apply(entry, &self.event(entry), clock::now(), &policy())
    }
}

/// The preview or the result of a bulk action for one session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BulkResult {
    /// The session's id.
    pub id: String,
    /// The episode's topic, or the id.
    pub title: String,
    /// The effect, or the reason why there is none, as one sentence.
    pub outcome: Result<String, String>,
    /// The version that undoing removes.
    version: Option<VersionId>,
}

impl BulkResult {
    fn of(entry: &Entry, outcome: Result<(String, Option<VersionId>), String>) -> Self {
        let title = entry.summary().topic.clone().unwrap_or_else(|| entry.id().to_owned());
        let version = outcome.as_ref().ok().and_then(|(_, version)| *version);
        Self { id: entry.id().to_owned(), title, outcome: outcome.map(|(message, _)| message), version }
    }
}

impl Workspace {
    fn entries(self, ids: &[String]) -> Vec<Arc<Entry>> {
        self.sessions.with_untracked(|sessions| ids.iter().filter_map(|id| sessions.get(id).cloned()).collect())
    }

    /// Returns the effects that an action would have now, without applying it.
    pub async fn preview(self, action: &BulkAction, ids: &[String], progress: RwSignal<Progress>) -> Vec<BulkResult> {
        let timer = YieldTimer::start();
        let mut results = Vec::with_capacity(ids.len());
        for entry in self.entries(ids) {
            let outcome = action.plan(&entry).map(|planned| (planned.message, planned.undo));
            results.push(BulkResult::of(&entry, outcome));
            if results.len() % TOGETHER == 0 {
                progress.set(Progress { done: results.len(), total: ids.len() });
            }
            timer.yield_if_due().await;
        }
        results
    }

    /// Applies an action to each of these sessions for which the core allows it.
    pub async fn perform(self, action: &BulkAction, ids: &[String], progress: RwSignal<Progress>) -> Vec<BulkResult> {
        self.commit_all(ids, progress, |entry| action.plan(entry)).await
    }

    /// Undoes a bulk action: one version of each session, if it is still the current one.
    pub async fn undo_all(self, done: &[BulkResult], progress: RwSignal<Progress>) -> Vec<BulkResult> {
        let ids: Vec<String> = done.iter().map(|result| result.id.clone()).collect();
        let version = |id: &str| done.iter().find(|result| result.id == id)?.version;
        self.commit_all(&ids, progress, |entry| match version(entry.id()) {
            Some(version) => plan::undo_version(entry, version),
            None => Err("This session was not changed.".into()),
        })
        .await
    }

    async fn commit_all(
        self,
        ids: &[String],
        progress: RwSignal<Progress>,
        plan: impl Fn(&Entry) -> SessionPlan,
    ) -> Vec<BulkResult> {
        self.ask_to_persist();
        let mut results = Vec::with_capacity(ids.len());
        for ids in ids.chunks(TOGETHER) {
            let entries = self.entries(ids);
            let ids: Vec<String> = entries.iter().map(|entry| entry.id().to_owned()).collect();
            let outcomes = self.store().commit(&ids, Durability::Strict, |_, here| plan(here.ok_or(GONE)?)).await;
            let outcomes = outcomes.into_iter().map(|outcome| outcome.map(|planned| (planned.message, planned.undo)));
            results.extend(entries.iter().zip(outcomes).map(|(entry, outcome)| BulkResult::of(entry, outcome)));
            progress.update(|progress| progress.done += ids.len());
        }
        results
    }

    /// Returns the files that an export of these sessions would write, without exporting.
    pub fn preview_export(self, ids: &[String]) -> Vec<BulkResult> {
        let result = |entry: &Arc<Entry>| BulkResult::of(entry, Ok((exported(entry, "Will export"), None)));
        self.entries(ids).iter().map(result).collect()
    }

    /// Exports the files of these sessions and returns their results.
    pub fn perform_export(self, ids: &[String]) -> Vec<BulkResult> {
        let entries = self.entries(ids);
        let messages: Vec<_> = entries.iter().map(|entry| exported(entry, "Exported")).collect();
        let outcome = self.export_entries(&entries, ExportFormat::Files);
        let outcomes = messages.into_iter().map(|message| outcome.clone().map(|()| (message, None)));
        entries.iter().zip(outcomes).map(|(entry, outcome)| BulkResult::of(entry, outcome)).collect()
    }
}

/// Returns the sentence about the file that an export writes.
fn exported(entry: &Entry, verb: &str) -> String {
    let path = entry.path();
    match (entry.changed(), entry.record().overwrites()) {
        (_, true) => format!("{verb} {path}, overwriting a conflicting version."),
        (false, false) => format!("{verb} {path}, unchanged."),
        (true, false) => format!("{verb} {path} with its changes."),
    }
}
