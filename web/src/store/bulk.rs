//! One action on many sessions: what it will do to each beforehand, and what it did afterwards.
use super::actions::applied;
use super::entry::Entry;
use super::hand_back::Parcel;
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

    /// Takes back what a deed did to these sessions: one step of each, and only where it is the last one.
    pub async fn undo_all(self, done: &[Verdict], progress: RwSignal<Progress>) -> Vec<Verdict> {
        let mut verdicts = Vec::with_capacity(done.len());
        for done in done.chunks(AT_ONCE) {
            let ids: Vec<String> = done.iter().map(|verdict| verdict.id.clone()).collect();
            let said = |id: &str| done.iter().find(|verdict| verdict.id == id)?.outcome.as_ref().ok();
            let outcomes = self.change_together(&ids, |entry| taken_back(entry, said(entry.id()))).await;
            verdicts.extend(outcomes.into_iter().map(|(entry, outcome)| Verdict::of(&entry, outcome)));
            progress.update(|progress| progress.done += ids.len());
        }
        verdicts
    }

    /// What becomes of each of these sessions when their files are exported now. Nothing is handed back.
    pub fn foresee_export(self, ids: &[String]) -> Vec<Verdict> {
        self.entries(ids).iter().map(|entry| Verdict::of(entry, Ok(outgoing(entry, "Goes out")))).collect()
    }

    /// Hands back the files of these sessions, and says what went out of each.
    pub fn perform_export(self, ids: &[String]) -> Vec<Verdict> {
        let entries = self.entries(ids);
        let told: Vec<_> = entries.iter().map(|entry| outgoing(entry, "Went out")).collect();
        let handed = self.hand_back(&entries, Parcel::Files);
        let outcomes = told.into_iter().map(|told| handed.clone().map(|()| told));
        entries.iter().zip(outcomes).map(|(entry, outcome)| Verdict::of(entry, outcome)).collect()
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

/// What a deed did taken back, where that is still the last thing that was done.
fn taken_back(entry: &Entry, said: Option<&String>) -> Result<Step, String> {
    let last = entry.last().map(|edit| &edit.sentence);
    match entry.undone().filter(|_| last.is_some() && last == said) {
        Some(undone) => {
            Ok(Step { entry: undone, said: format!("Undone: {}", last.cloned().unwrap_or_default()), undo: false })
        }
        None => Err("It has been changed since, and stays as it is: undo is on its own page.".into()),
    }
}

/// What an export hands back of a session.
fn outgoing(entry: &Entry, goes: &str) -> String {
    let path = entry.path();
    match (entry.changed(), entry.overwrites()) {
        (_, true) => format!("{goes} as {path}, over another text that was dropped and waits."),
        (false, false) => format!("{goes} as {path}, as it is on the disk: nothing is changed in it."),
        (true, false) => format!("{goes} as {path}, with its changes."),
    }
}

#[cfg(test)]
mod tests {
    use super::super::place::{Incoming, Place, Source};
    use super::*;
    use callboard_core::{Session, Timestamp};

    fn entry(topic: &str) -> (Entry, Session) {
        let text = |topic: &str| format!(r#"{{"session_id": "a", "episode": {{"topic": "{topic}"}}}}"#);
        let session = |topic: &str| Session::parse(text(topic)).unwrap();
        (Entry::new("a".into(), "a.json".into(), "s".into(), &session("Tides")), session(topic))
    }

    #[test]
    fn only_the_last_step_is_taken_back_with_the_others() {
        let now = Timestamp::from_unix(0);
        let (fresh, session) = entry("Ebb");
        let (retried, other) = ("Retried.".to_owned(), "Edited.".to_owned());
        let done = fresh.edited(&session, retried.clone(), now);
        let step = taken_back(&done, Some(&retried)).unwrap();
        assert_eq!((step.entry.text(), step.said.as_str()), (fresh.text(), "Undone: Retried."));
        for changed in [done.edited(fresh.session(), other, now), done.undone().unwrap()] {
            assert!(taken_back(&changed, Some(&retried)).is_err());
        }
        assert!(taken_back(&fresh, None).is_err());
    }

    #[test]
    fn what_goes_out_says_whether_anything_is_changed() {
        let (fresh, session) = entry("Ebb");
        assert!(outgoing(&fresh, "Goes out").contains("s/a.json, as it is on the disk"));
        let edited = fresh.edited(&session, "Edited.".into(), Timestamp::from_unix(0));
        assert_eq!(outgoing(&edited, "Went out"), "Went out as s/a.json, with its changes.");
        let (_, dropped) = entry("Flood");
        let disk: std::sync::Arc<str> = dropped.text().into();
        let place = Place { disk: disk.clone(), ..edited.place() };
        let waits = edited.waits_too([Incoming { text: disk, place, source: Source::File }]);
        for entry in [waits.undone().unwrap(), waits] {
            assert!(outgoing(&entry, "Goes out").contains("over another text"));
        }
    }
}
