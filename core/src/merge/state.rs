//! Who decides how the merged session stands.
//!
//! The facts that say it hang together: the current stage, the lists, the agents' statuses. Taken key by key from two
//! sides that both moved the session on, they can add up to a state that no event leads to. So they come from one side:
//!
//! - where one side's new history begins with all of the other's, it has gone on from there: what its further events
//!   may have written over is its, and all else is merged key by key, for the other can only have changed it by hand;
//! - where both have moved, and differently, it is ours, and each fact in which they differ is a conflict;
//! - else each key is merged for itself, as long as that leads to no such state.

use super::entries::Changes;
use super::writes::Writes;
use crate::names::same_name;
use crate::session::Place;
use crate::{AgentStatus, Session, Stage};

/// Who decides.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    /// Nobody: every key is merged for itself.
    ByKey,
    /// Our side, and what theirs says otherwise is a conflict.
    Coupled,
    /// Our side, which has gone on from what theirs did.
    Ours,
    /// Their side, which has gone on from what ours did.
    Theirs,
}

impl Rule {
    /// The rule for the changes of a history.
    pub(super) fn of(history: &Changes, moved_by_each: bool) -> Rule {
        let (ours, theirs) = (history.here.len(), history.there.len());
        match history.continued() {
            true if ours < theirs => Rule::Theirs,
            true if ours > theirs => Rule::Ours,
            _ if moved_by_each => Rule::Coupled,
            _ => Rule::ByKey,
        }
    }

    /// What stands at a path, by this rule.
    pub(super) fn part(self, path: &[&str], writes: &Writes) -> Part {
        match (self, path) {
            (Rule::ByKey, _) => Part::Other,
            (_, ["pipeline_state"] | ["agent_outputs"] | ["agent_outputs", _]) => Part::Container,
            (Rule::Coupled, _) => {
                if coupled(path) {
                    Part::Fact
                } else {
                    Part::Other
                }
            }
            (_, ["quality_metrics"] | ["timestamps"]) => Part::Container,
            _ if writes.superseded(path) => Part::Fact,
            _ => Part::Other,
        }
    }
}

/// What a member of the file is to a [`Rule`].
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// Comes from the side that decides.
    Fact,
    /// An object that holds facts, and other things.
    Container,
    /// Is merged for itself.
    Other,
}

/// Whether a value is one of the facts that hang together.
pub(super) fn coupled(path: &[&str]) -> bool {
    let (names, name): (&[&str], &str) = match path {
        ["pipeline_state", name, ..] => (
            &["current_stage", "completed_stages", "pending_stages", "skipped_stages", "retry_count", "escalation"],
            name,
        ),
        ["agent_outputs", _, name, ..] => (&["status", "error"], name),
        // The whole of them, on one side gone.
        ["pipeline_state"] | ["agent_outputs"] | ["agent_outputs", _] => return true,
        _ => return false,
    };
    names.iter().any(|known| same_name(known, name))
}

/// What is wrong with a stage: how often it is placed, whether it is behind, its agent's status, whether that has an
/// error.
type Fault = (u32, bool, AgentStatus, bool);

/// Where the lists and the statuses of a session do not agree as they do after every event: each stage is current, or
/// in one list; those behind are complete or skipped without an error, those ahead have not begun.
pub(super) fn faults(session: &Session) -> [Option<Fault>; 4] {
    let situation = session.situation();
    let document = session.document();
    let mut places = [0; 4];
    for list in ["completed_stages", "skipped_stages", "pending_stages"] {
        let names = session.at(&["pipeline_state", list]).map(|list| document.elements(list));
        let listed = names.into_iter().flatten().filter_map(|name| Stage::parse(&document.string(name)?));
        for stage in listed {
            places[stage.index()] += 1;
        }
    }
    if let Place::At(stage) = situation.place {
        places[stage.index()] += 1;
    }
    Stage::ALL.map(|stage| {
        let name = stage.agent().name();
        // As it is stated: that of the current stage is read as pending where it says that it is done.
        let stated = session.string_at(&["agent_outputs", name, "status"]);
        let status = stated.and_then(|status| AgentStatus::parse(&status)).unwrap_or_default();
        let error = session.at(&["agent_outputs", name, "error"]).is_some();
        let done = matches!(status, AgentStatus::Complete | AgentStatus::Skipped);
        let passed = situation.passed(stage);
        let agrees = match situation.place {
            Place::At(current) if stage == current => !done,
            _ if passed => done && !error,
            _ => matches!(status, AgentStatus::Pending | AgentStatus::NotImplemented),
        };
        (!agrees || places[stage.index()] != 1).then_some((places[stage.index()], passed, status, error))
    })
}
