//! Choice of the side that decides the merged session's state.
//!
//! The state's values are coupled: the current stage, the lists, the agents' statuses. Merged key by key from two sides
//! that both moved the session on, they could form a state that no event leads to. So they come from one side:
//!
//! - if one side's new history starts with all of the other's, it continued from there: values that its further events
//!   may have written are its own, and all others are merged key by key, because the other side changed them manually;
//! - if both sides moved on differently, it is ours, and each coupled value that differs is a conflict;
//! - else each key is merged by itself, as long as the result is a valid state.

use super::entries::Changes;
use super::writes::Writes;
use crate::names::same_name;
use crate::session::PipelinePosition;
use crate::{AgentStatus, Session, Stage};

/// Side that decides the coupled values.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum MergeRule {
    /// None: every key is merged by itself.
    ByKey,
    /// Our side; values that differ on their side are conflicts.
    Coupled,
    /// Our side, which continued their history.
    Ours,
    /// Their side, which continued our history.
    Theirs,
}

impl MergeRule {
    /// The rule for the changes of a history.
    pub(super) fn of(history: &Changes, moved_by_each: bool) -> MergeRule {
        let (ours, theirs) = (history.here.len(), history.there.len());
        match history.continued() {
            true if ours < theirs => MergeRule::Theirs,
            true if ours > theirs => MergeRule::Ours,
            _ if moved_by_each => MergeRule::Coupled,
            _ => MergeRule::ByKey,
        }
    }

    /// The role of the member at a path by this rule.
    pub(super) fn part(self, path: &[&str], writes: &Writes) -> Role {
        match (self, path) {
            (MergeRule::ByKey, _) => Role::Other,
            (_, ["pipeline_state"] | ["agent_outputs"] | ["agent_outputs", _]) => Role::Container,
            (MergeRule::Coupled, _) => {
                if coupled(path) {
                    Role::Fact
                } else {
                    Role::Other
                }
            }
            (_, ["quality_metrics"] | ["timestamps"]) => Role::Container,
            _ if writes.superseded(path) => Role::Fact,
            _ => Role::Other,
        }
    }
}

/// Role of a member of the file for a [`MergeRule`].
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Comes from the deciding side.
    Fact,
    /// An object with such values and others.
    Container,
    /// Is merged by itself.
    Other,
}

/// True if the value at a path is a coupled state value.
pub(super) fn coupled(path: &[&str]) -> bool {
    let (names, name): (&[&str], &str) = match path {
        ["pipeline_state", name, ..] => (
            &["current_stage", "completed_stages", "pending_stages", "skipped_stages", "retry_count", "escalation"],
            name,
        ),
        ["agent_outputs", _, name, ..] => (&["status", "error"], name),
        // All of them, removed by one side.
        ["pipeline_state"] | ["agent_outputs"] | ["agent_outputs", _] => return true,
        _ => return false,
    };
    names.iter().any(|known| same_name(known, name))
}

/// Inconsistency of a stage: the number of its positions, true if it is before the current one, its agent's status, and
/// true if the agent has an error.
type Inconsistency = (u32, bool, AgentStatus, bool);

/// Finds stages that are inconsistent, as no event leaves them.
///
/// After every event each stage is current or in one list; stages before the current one are complete or skipped without
/// an error, and later ones have not started.
pub(super) fn inconsistencies(session: &Session) -> [Option<Inconsistency>; 4] {
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
    if let PipelinePosition::At(stage) = situation.position {
        places[stage.index()] += 1;
    }
    Stage::ALL.map(|stage| {
        let name = stage.agent().name();
        // The stated status, because a complete current stage would be read as pending.
        let stated = session.string_at(&["agent_outputs", name, "status"]);
        let status = stated.and_then(|status| AgentStatus::parse(&status)).unwrap_or_default();
        let error = session.at(&["agent_outputs", name, "error"]).is_some();
        let done = matches!(status, AgentStatus::Complete | AgentStatus::Skipped);
        let passed = situation.passed(stage);
        let agrees = match situation.position {
            PipelinePosition::At(current) if stage == current => !done,
            _ if passed => done && !error,
            _ => matches!(status, AgentStatus::Pending | AgentStatus::NotImplemented),
        };
        (!agrees || places[stage.index()] != 1).then_some((places[stage.index()], passed, status, error))
    })
}
