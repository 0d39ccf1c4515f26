//! One action on many sessions: a preview of its effects, then its results.
use super::export::ExportFormat;
use super::workspace::{GONE, Progress, Workspace, policy};
use crate::arc_eq::ArcEq;
use crate::platform::clock;
use crate::platform::intl::{DateStyle, format_date};
use crate::platform::pace::YieldTimer;
use callboard_core::{Action, Date, Event, EventKind};
use callboard_workspace::plan::{self, SessionPlan};
use callboard_workspace::{Change, Durability, Entry, Planned, VersionId};
use leptos::prelude::*;
use std::sync::Arc;

/// Number of sessions stored in one transaction.
const TOGETHER: usize = 64;

/// An action on many sessions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BulkAction {
    /// Starts their next agents.
    Start,
    /// Retries their failed agents.
    Retry,
    /// Resumes their stalled or failed agents.
    Resume,
    /// Skips their current stages, for this reason.
    Skip(String),
    /// Sets their owner, or removes it.
    Owner(Option<String>),
    /// Adds a label.
    AddLabel(String),
    /// Removes a label.
    RemoveLabel(String),
    /// Sets their due date, or removes it.
    Due(Option<Date>),
    /// Removes them from the workspace.
    Remove,
}

impl BulkAction {
    /// Returns the imperative of what it does.
    pub fn label(&self) -> String {
        match self {
            Self::Start => "Start".into(),
            Self::Retry => "Retry".into(),
            Self::Resume => "Resume".into(),
            Self::Skip(_) => "Skip stage in".into(),
            Self::Owner(Some(owner)) => format!("Set owner to {owner} in"),
            Self::Owner(None) => "Remove owner in".into(),
            Self::AddLabel(label) => format!("Add label \u{201c}{label}\u{201d} to"),
            Self::RemoveLabel(label) => format!("Remove label \u{201c}{label}\u{201d} from"),
            Self::Due(Some(due)) => format!("Set due date to {} in", format_date(*due, DateStyle::Long)),
            Self::Due(None) => "Remove due date in".into(),
            Self::Remove => "Remove".into(),
        }
    }

    /// Returns the past participle of what it did.
    pub fn done(&self) -> String {
        match self {
            Self::Start => "Started".into(),
            Self::Retry => "Retried".into(),
            Self::Resume => "Resumed".into(),
            Self::Skip(_) => "Stage skipped:".into(),
            Self::Owner(Some(owner)) => format!("Owner set to {owner}:"),
            Self::Owner(None) => "Owner removed:".into(),
            Self::AddLabel(label) => format!("Label \u{201c}{label}\u{201d} added:"),
            Self::RemoveLabel(label) => format!("Label \u{201c}{label}\u{201d} removed:"),
            Self::Due(Some(due)) => format!("Due date set to {}:", format_date(*due, DateStyle::Long)),
            Self::Due(None) => "Due date removed:".into(),
            Self::Remove => "Removed".into(),
        }
    }

    fn event(&self, entry: &Entry) -> Option<Event> {
        // Outside of the four stages the core says why nothing can be done.
        let agent = entry.digest().agent();
        match self {
            Self::Start => Some(Event::minimal(EventKind::Start, agent)),
            Self::Retry => Some(Event::minimal(EventKind::Retry, agent)),
            Self::Resume => Some(Event::minimal(EventKind::Resume, agent)),
            Self::Skip(reason) => Some(Event::new(agent, Action::Skip { reason: reason.clone() })),
            _ => None,
        }
    }

    fn plan(&self, entry: &Entry) -> SessionPlan {
        let now = clock::now();
        if let Some(event) = self.event(entry) {
            return plan::apply(entry, &event, now, &policy());
        }
        let mut planning = entry.digest().planning.clone();
        match self {
            Self::Owner(owner) => planning.owner.clone_from(owner),
            Self::AddLabel(label) => planning.labels.push(label.clone()),
            Self::RemoveLabel(label) => planning.labels.retain(|other| other != label),
            Self::Due(due) => planning.due = *due,
            _ => return Ok(removal(entry)),
        }
        plan::set_planning(entry, &planning, now)
    }
}

/// Removes a session from this browser; its file stays where it is.
fn removal(entry: &Entry) -> Planned<Entry> {
    let unexported = if entry.changed() { ", with unexported changes" } else { "" };
    Planned::remove(format!("Removed from this browser{unexported}."))
}

/// The preview or the result of a bulk action for one session.
#[derive(Clone, Debug, PartialEq)]
pub struct BulkResult {
    /// The session's id.
    pub id: String,
    /// The episode's topic, or the id.
    pub title: String,
    /// The effect, or the reason why there is none, as one sentence.
    pub outcome: Result<String, String>,
    /// True if the session has unexported changes.
    pub is_edited: bool,
    /// The step back.
    undo: Option<BulkUndo>,
}

/// The step back of one session.
#[derive(Clone, Debug, PartialEq)]
enum BulkUndo {
    /// Undoes a version while it is the current one.
    Version(VersionId),
    /// Restores the session.
    Restore(ArcEq<Entry>),
}

impl BulkResult {
    fn of(entry: &Arc<Entry>, outcome: Result<(String, Option<BulkUndo>), String>) -> Self {
        let title = entry.summary().topic.clone().unwrap_or_else(|| entry.id().to_owned());
        let undo = outcome.as_ref().ok().and_then(|(_, undo)| undo.clone());
        let (id, is_edited) = (entry.id().to_owned(), entry.changed());
        Self { id, title, outcome: outcome.map(|(message, _)| message), is_edited, undo }
    }

    fn of_plan(entry: &Arc<Entry>, outcome: SessionPlan) -> Self {
        let step = |planned: Planned<Entry>| {
            let undo = match planned.change {
                Change::Remove => Some(BulkUndo::Restore(ArcEq(entry.clone()))),
                _ => planned.undo.map(BulkUndo::Version),
            };
            (planned.message, undo)
        };
        Self::of(entry, outcome.map(step))
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
            results.push(BulkResult::of_plan(&entry, action.plan(&entry)));
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

    /// Undoes a bulk action: one version of each session, if it is still the current one, or its removal.
    pub async fn undo_all(self, done: &[BulkResult], progress: RwSignal<Progress>) -> Vec<BulkResult> {
        let step = |id: &str| done.iter().find(|result| result.id == id)?.undo.clone();
        let removed: Vec<Arc<Entry>> = done
            .iter()
            .filter_map(|result| match &result.undo {
                Some(BulkUndo::Restore(entry)) => Some(entry.0.clone()),
                _ => None,
            })
            .collect();
        if !removed.is_empty() {
            return self.restore_all(&removed, progress).await;
        }
        let ids: Vec<String> = done.iter().map(|result| result.id.clone()).collect();
        self.commit_all(&ids, progress, |entry| match step(entry.id()) {
            Some(BulkUndo::Version(version)) => plan::undo_version(entry, version),
            _ => Err("This session was not changed.".into()),
        })
        .await
    }

    async fn restore_all(self, removed: &[Arc<Entry>], progress: RwSignal<Progress>) -> Vec<BulkResult> {
        let mut results = Vec::with_capacity(removed.len());
        for entries in removed.chunks(TOGETHER) {
            let ids: Vec<String> = entries.iter().map(|entry| entry.id().to_owned()).collect();
            let plan = |id: &str, here: Option<&Arc<Entry>>| match (here, entries.iter().find(|entry| entry.id() == id))
            {
                (None, Some(entry)) => Ok(Planned::put(Entry::clone(entry)).saying("Restored.")),
                _ => Err("Not restored: this session was loaded again.".to_owned()),
            };
            let outcomes = self.store().commit(&ids, Durability::Strict, plan).await;
            results.extend(entries.iter().zip(outcomes).map(|(entry, outcome)| BulkResult::of_plan(entry, outcome)));
            progress.update(|progress| progress.done += ids.len());
        }
        results
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
            results.extend(entries.iter().zip(outcomes).map(|(entry, outcome)| BulkResult::of_plan(entry, outcome)));
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

#[cfg(test)]
mod tests {
    use super::*;
    use callboard_core::{Planning, Session, Timestamp};

    #[test]
    fn a_removal_says_what_would_be_lost() {
        let now = Timestamp::from_unix(0);
        let session = Session::parse(r#"{"session_id": "a", "pipeline_state": {"current_stage": "writing"}}"#).unwrap();
        let entry = Entry::of_file("a".into(), "a.json".into(), &session, now);
        let removed = removal(&entry);
        assert!(matches!(removed.change, Change::Remove));
        assert_eq!(removed.message, "Removed from this browser.");
        let planning = Planning { owner: Some("Mira".into()), ..Planning::default() };
        let Change::Put(edited) = plan::set_planning(&entry, &planning, now).unwrap().change else { unreachable!() };
        assert_eq!(removal(&edited).message, "Removed from this browser, with unexported changes.");
    }
}
