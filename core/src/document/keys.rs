//! Index of an object's members by name.

use super::{Document, NodeId};
use crate::order::{Lookup, hash};

/// Keys of an object, indexed by name.
pub(crate) struct Keys {
    /// Keys in the order of the file.
    keys: Vec<NodeId>,
    lookup: Lookup,
}

impl Keys {
    #[inline(never)]
    pub(crate) fn of(document: &Document, object: NodeId) -> Keys {
        let keys: Vec<NodeId> = document.members(object).map(|(key, _)| key).collect();
        let lookup = Lookup::of(keys.iter().map(|&key| hash(&document.string(key).unwrap_or_default())));
        Keys { keys, lookup }
    }

    /// All keys that equal a name, in the order of the file.
    pub(crate) fn every(&self, document: &Document, name: &str) -> impl DoubleEndedIterator<Item = NodeId> {
        let alike = self.lookup.find(hash(name)).iter().map(|&(_, at)| self.keys[at]);
        alike.filter(move |&key| document.string(key).is_some_and(|key| key == name))
    }

    /// The value of the last member with exactly this key.
    #[inline(never)]
    pub(crate) fn find(&self, document: &Document, name: &str) -> Option<NodeId> {
        self.every(document, name).next_back().map(|key| key + 1)
    }

    /// The keys that repeat an earlier one.
    pub(crate) fn repeated(&self, document: &Document) -> impl Iterator<Item = NodeId> {
        let neighbours = self.lookup.sorted().windows(2).filter(|two| two[0].0 == two[1].0);
        let keys = neighbours.map(|two| (self.keys[two[0].1], self.keys[two[1].1]));
        keys.filter(|&(one, other)| document.string(one) == document.string(other)).map(|(_, key)| key)
    }

    /// The keys with their hashes, in an order that depends only on the names.
    pub(super) fn by_name(&self) -> impl Iterator<Item = (u64, NodeId)> {
        self.lookup.sorted().iter().map(|&(hash, at)| (hash, self.keys[at]))
    }
}
