//! One action on many sessions: what it will do to each beforehand, and what it did afterwards.
use super::actions::applied;
use super::entry::Entry;
use super::keeping::Step;
use super::workspace::{Progress, Workspace};
use crate::platform::clock;
use crate::platform::pace::Pace;
use callboard_core::{Action, Agent, Event, Stage};
use leptos::prelude::*;
use std::sync::Arc;

/// How many sessions are stored together.
const AT_ONCE: usize = 64;

/// What can be done to many sessions at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Their failed agents are tried again.
    Retry,
    /// Their stalled or failed agents are resumed.
    Resume,
}

impl Deed {
    /// Both, in the order they are offered.
    pub const ALL: [Self; 2] = [Self::Retry, Self::Resume];

    /// The word on its button.
    pub fn label(self) -> &'static str {
        match self {
            Self::Retry => "Retry",
            Self::Resume => "Resume",
        }
    }

    fn event(self, entry: &Entry) -> Event {
        let digest = &entry.summary().digest;
        // Of a session that is not at a stage, the core says why nothing is to be done.
        let outside = if digest.is_complete() { Agent::AudioSynthesizer } else { Agent::ResearchCoordinator };
        let agent = digest.stage().map_or(outside, Stage::agent);
        let action = match self {
            Self::Retry => Action::Retry,
            Self::Resume => Action::Resume { override_escalation: false, reason: None },
        };
        Event::new(agent, action)
    }

    fn step(self, entry: &Entry) -> Result<Step, String> {
        applied(entry, &self.event(entry), clock::now())
    }
}

/// What a deed will do, or did, to one session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The session's id.
    pub id: String,
    /// What it is about, or its id.
    pub title: String,
    /// What happens, in one sentence, or why nothing does.
    pub outcome: Result<String, String>,
}

impl Verdict {
    fn of(entry: &Entry, outcome: Result<String, String>) -> Self {
        let title = entry.summary().topic.clone().unwrap_or_else(|| entry.id().to_owned());
        Self { id: entry.id().to_owned(), title, outcome }
    }
}

impl Workspace {
    fn entries(self, ids: &[String]) -> Vec<Arc<Entry>> {
        self.shelf.with_untracked(|shelf| ids.iter().filter_map(|id| shelf.get(id).cloned()).collect())
    }

    /// What a deed would do to these sessions now. Nothing is changed.
    pub async fn foresee(self, deed: Deed, ids: &[String], progress: RwSignal<Progress>) -> Vec<Verdict> {
        let mut pace = Pace::begin();
        let mut verdicts = Vec::with_capacity(ids.len());
        for entry in self.entries(ids) {
            verdicts.push(Verdict::of(&entry, deed.step(&entry).map(|step| step.said)));
            if verdicts.len() % AT_ONCE == 0 {
                progress.set(Progress { done: verdicts.len(), total: ids.len() });
            }
            pace.rest().await;
        }
        verdicts
    }

    /// Does it to every one of these sessions that the core lets it be done to.
    pub async fn perform(self, deed: Deed, ids: &[String], progress: RwSignal<Progress>) -> Vec<Verdict> {
        let mut verdicts = Vec::with_capacity(ids.len());
        for ids in ids.chunks(AT_ONCE) {
            let outcomes = self.change_together(ids, |entry| deed.step(entry)).await;
            verdicts.extend(outcomes.into_iter().map(|(entry, outcome)| Verdict::of(&entry, outcome)));
            progress.update(|progress| progress.done += ids.len());
        }
        verdicts
    }
}
