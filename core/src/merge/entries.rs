//! Additions of two sides to a list, and which of them are equal.

use crate::document::{Document, Kind, NodeId, fingerprint, same};
use crate::order::{Lookup, hash};
use std::borrow::Cow;

/// List of one of the three texts; none if it is missing.
pub(super) type List<'a> = (&'a Document, Option<NodeId>);

/// Entries of a list.
struct Entries<'a> {
    document: &'a Document,
    ids: Vec<NodeId>,
    prints: Vec<u64>,
    /// True for a history, in which entries with one key are one event.
    history: bool,
}

/// History entry of an event with a key.
struct Keyed<'a> {
    key: Cow<'a, str>,
    agent: Cow<'a, str>,
    event: Cow<'a, str>,
}

impl<'a> Keyed<'a> {
    fn of(document: &'a Document, entry: NodeId) -> Option<Keyed<'a>> {
        if document.kind(entry) != Kind::Object {
            return None;
        }
        let text = |name| document.find_set(entry, name).and_then(|value| document.string(value));
        Some(Keyed { key: text("key")?, agent: text("agent").unwrap_or_default(), event: text("event")? })
    }

    fn print(&self) -> u64 {
        hash(&self.key).rotate_left(23) ^ hash(&self.agent)
    }

    /// True if both are one event. A result that came late on one side is recorded there as progress with its cost.
    fn same(&self, other: &Keyed<'_>) -> bool {
        let late = |event: &str| event == "progress";
        self.key == other.key
            && self.agent == other.agent
            && (self.event == other.event || late(&self.event) || late(&other.event))
    }
}

impl<'a> Entries<'a> {
    #[inline(never)]
    fn of((document, list): List<'a>, history: bool) -> Entries<'a> {
        let ids: Vec<NodeId> = list.map(|list| document.elements(list).collect()).unwrap_or_default();
        let print = |&id: &NodeId| match Keyed::of(document, id).filter(|_| history) {
            Some(keyed) => keyed.print(),
            None => fingerprint(document, id),
        };
        let prints = ids.iter().map(print).collect();
        Entries { document, ids, prints, history }
    }

    /// True if an entry of these equals one of others.
    fn same(&self, id: NodeId, others: &Entries<'_>, other: NodeId) -> bool {
        if self.history
            && let (Some(one), Some(two)) = (Keyed::of(self.document, id), Keyed::of(others.document, other))
        {
            return one.same(&two);
        }
        same(self.document, id, others.document, other)
    }

    /// The entries without a twin.
    fn without(&self, twins: &[Option<usize>]) -> Entries<'a> {
        let mut taken = vec![false; self.ids.len()];
        for at in twins.iter().flatten() {
            taken[*at] = true;
        }
        let left = (0..self.ids.len()).filter(|&at| !taken[at]);
        let (ids, prints) = left.map(|at| (self.ids[at], self.prints[at])).unzip();
        Entries { document: self.document, ids, prints, history: self.history }
    }

    /// The index of each entry's twin among others; each entry is the twin of at most one.
    #[inline(never)]
    fn twins(&self, others: &Entries<'_>) -> Vec<Option<usize>> {
        let lookup = Lookup::of(others.prints.iter().copied());
        // The number of alike entries that have their twin, kept at the first of them.
        let mut taken = vec![0; others.ids.len()];
        let mut twin = |(&id, &print): (&NodeId, &u64)| {
            let alike = lookup.find(print);
            let first = alike.first()?.1;
            let (_, at) = *alike.get(taken[first])?;
            self.same(id, others, others.ids[at]).then(|| {
                taken[first] += 1;
                at
            })
        };
        self.ids.iter().zip(&self.prints).map(&mut twin).collect()
    }
}

/// Changes of a list on two sides.
pub(super) struct Changes {
    /// Our elements that they removed.
    pub(super) removed: Vec<NodeId>,
    /// Elements that each side added, in its order.
    pub(super) here: Vec<NodeId>,
    pub(super) there: Vec<NodeId>,
    /// Index of the equal one among our additions, for each of theirs.
    pub(super) twins: Vec<Option<usize>>,
}

impl Changes {
    /// Compares the three sides of a list. In a `history`, entries with one key are one event.
    pub(super) fn of(base: List<'_>, ours: List<'_>, theirs: List<'_>, history: bool) -> Changes {
        let entries = |list| Entries::of(list, history);
        let (base, ours, theirs) = (entries(base), entries(ours), entries(theirs));
        let (kept_here, kept_there) = (base.twins(&ours), base.twins(&theirs));
        let removed = kept_here.iter().zip(&kept_there).filter(|(_, there)| there.is_none());
        let removed = removed.filter_map(|(here, _)| here.map(|at| ours.ids[at])).collect();
        let (here, there) = (ours.without(&kept_here), theirs.without(&kept_there));
        let twins = there.twins(&here);
        Changes { removed, here: here.ids, there: there.ids, twins }
    }

    /// Marks our additions that they made too.
    pub(super) fn shared(&self) -> Vec<bool> {
        let mut shared = vec![false; self.here.len()];
        for at in self.twins.iter().flatten() {
            shared[*at] = true;
        }
        shared
    }

    /// Their additions that we did not make.
    pub(super) fn only_theirs(&self) -> impl Iterator<Item = NodeId> {
        self.there.iter().zip(&self.twins).filter(|(_, twin)| twin.is_none()).map(|(id, _)| *id)
    }

    /// True if the additions of one side start with all of the other's, and the other has some.
    pub(super) fn continued(&self) -> bool {
        let common = self.here.len().min(self.there.len());
        common > 0 && (0..common).all(|at| self.twins[at] == Some(at))
    }
}
