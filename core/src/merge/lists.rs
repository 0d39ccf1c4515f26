//! Lists: what either side added is kept, what either side removed goes.

use crate::document::{Document, ListPatch, NodeId, Style, same};
use crate::{Stage, Timestamp};
use std::borrow::Cow;

/// A list of one of the three texts.
type Side<'a> = (&'a Document, NodeId);

/// What to change in our list. The entries of a history stand in the order of their times.
pub(super) fn merge(
    base: (&Document, Option<NodeId>),
    ours: Side<'_>,
    theirs: Side<'_>,
    history: bool,
    style: &Style,
) -> ListPatch {
    let before: Vec<NodeId> = base.1.map(|list| base.0.elements(list).collect()).unwrap_or_default();
    let here: Vec<NodeId> = ours.0.elements(ours.1).collect();
    let there: Vec<NodeId> = theirs.0.elements(theirs.1).collect();

    let kept_here = matched((base.0, &before), (ours.0, &here));
    let kept_there = matched((base.0, &before), (theirs.0, &there));
    let added = |all: &[NodeId], kept: &[Option<usize>]| -> Vec<NodeId> {
        all.iter().enumerate().filter(|(at, _)| !kept.contains(&Some(*at))).map(|(_, id)| *id).collect()
    };
    let added_here = added(&here, &kept_here);
    let added_there = added(&there, &kept_there);
    // The same addition on both sides counts once.
    let twins = matched((theirs.0, &added_there), (ours.0, &added_here));

    let gone = |at: &usize| kept_there[*at].is_none();
    let remove: Vec<NodeId> =
        (0..before.len()).filter(gone).filter_map(|at| kept_here[at]).map(|at| here[at]).collect();
    let new = added_there.iter().zip(&twins).filter(|(_, twin)| twin.is_none()).map(|(id, _)| *id);
    let mut insert: Vec<(Option<NodeId>, Cow<'static, str>)> = Vec::new();
    let mut passed = 0;
    for id in new {
        let place = if history {
            // Each side's own order stands, even where its clock went backwards: of the two entries that are
            // next, the earlier one comes first.
            passed += added_here[passed..].iter().take_while(|&&mine| !earlier(theirs.0, id, ours.0, mine)).count();
            added_here.get(passed).copied()
        } else {
            by_pipeline(theirs.0, id, ours.0, &added_here)
        };
        insert.push((place, theirs.0.inline(id, style).into()));
    }
    ListPatch { remove, insert, lines: history }
}

/// For each of `ones` the index of its twin among `others`; each has at most one.
fn matched(ones: (&Document, &[NodeId]), others: (&Document, &[NodeId])) -> Vec<Option<usize>> {
    let mut taken = vec![false; others.1.len()];
    // Most entries stand where they stood: from the last twin on is looked at first.
    let mut from = 0;
    let mut find = |one: &NodeId| {
        let count = others.1.len();
        let at = (from..count)
            .chain(0..from.min(count))
            .find(|&at| !taken[at] && same(ones.0, *one, others.0, others.1[at]))?;
        taken[at] = true;
        from = at + 1;
        Some(at)
    };
    ones.1.iter().map(&mut find).collect()
}

/// Whether an entry of their history belongs before one of ours. Of two at one time the order is that of
/// their texts, so that it does not depend on the side.
fn earlier(theirs: &Document, id: NodeId, ours: &Document, mine: NodeId) -> bool {
    let time = |document: &Document, id| {
        let at = document.find_set(id, "at").and_then(|at| document.string(at))?;
        Timestamp::parse(&at)
    };
    let (their_time, our_time) = (time(theirs, id), time(ours, mine));
    their_time < our_time || their_time == our_time && theirs.raw(id) < ours.raw(mine)
}

/// Before which of our additions one of theirs belongs: stages stand in the order of the pipeline, all else
/// comes last.
fn by_pipeline(theirs: &Document, id: NodeId, ours: &Document, added: &[NodeId]) -> Option<NodeId> {
    let stage = |document: &Document, id| document.string(id).and_then(|name| Stage::parse(&name));
    let wanted = stage(theirs, id)?;
    added.iter().find(|&&mine| stage(ours, mine).is_some_and(|stage| stage > wanted)).copied()
}
