//! Merge of lists: additions and removals of both sides apply.

use super::entries::{Changes, List};
use crate::document::{Document, ListPatch, NodeId, Style};
use crate::{Stage, Timestamp};
use std::borrow::Cow;

/// Works out the changes of our list. History entries are ordered by time.
pub(super) fn merge(base: List<'_>, ours: List<'_>, theirs: List<'_>, history: bool, style: &Style) -> ListPatch {
    let changes = Changes::of(base, ours, theirs, history);
    let (ours, theirs) = (ours.0, theirs.0);
    let by_pipeline = ByPipeline::of(ours, &changes.here);
    let mut insert: Vec<(Option<NodeId>, Cow<'static, str>)> = Vec::new();
    let mut passed = 0;
    for id in changes.only_theirs() {
        let place = if history {
            // Each side keeps its own order, even if its clock went backwards: of the next two entries the earlier
            // is first.
            passed += changes.here[passed..].iter().take_while(|&&mine| !earlier(theirs, id, ours, mine)).count();
            changes.here.get(passed).copied()
        } else {
            by_pipeline.place(theirs, id)
        };
        insert.push((place, theirs.inline(id, style).into()));
    }
    ListPatch { remove: changes.removed, insert, lines: history }
}

/// True if an entry of their history belongs before one of ours. Entries of one time are ordered by their texts, so that
/// the order does not depend on the side.
fn earlier(theirs: &Document, id: NodeId, ours: &Document, mine: NodeId) -> bool {
    let time = |document: &Document, id| {
        let at = document.find_set(id, "at").and_then(|at| document.string(at))?;
        Timestamp::parse(&at)
    };
    let (their_time, our_time) = (time(theirs, id), time(ours, mine));
    their_time < our_time || their_time == our_time && theirs.raw(id) < ours.raw(mine)
}

/// Positions for their additions among ours: stages in pipeline order, all others last.
struct ByPipeline {
    /// The first of our additions that is later, for each stage.
    later: [Option<NodeId>; 4],
}

fn stage(document: &Document, id: NodeId) -> Option<Stage> {
    document.string(id).and_then(|name| Stage::parse(&name))
}

impl ByPipeline {
    fn of(ours: &Document, added: &[NodeId]) -> ByPipeline {
        let mut later = [None; 4];
        for &id in added {
            for earlier in &mut later[..stage(ours, id).map_or(0, Stage::index)] {
                earlier.get_or_insert(id);
            }
        }
        ByPipeline { later }
    }

    fn place(&self, theirs: &Document, id: NodeId) -> Option<NodeId> {
        self.later[stage(theirs, id)?.index()]
    }
}
