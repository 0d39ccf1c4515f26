//! Items that the store keeps.

use callboard_core::Timestamp;

/// An item that is stored under an id, with the stamp of the write it comes from.
pub trait Stored: Clone {
    /// Returns the id.
    fn id(&self) -> &str;
    /// Returns the stamp; 0 before the first write.
    fn stamp(&self) -> u64;
    /// Returns the item under another stamp.
    #[must_use]
    fn stamped(self, stamp: u64) -> Self;
    /// Returns the item with its new steps numbered in the order of all items; none if it has none that are new.
    fn numbered(&self, _before: Option<&Self>, _order: u64) -> Option<Self> {
        None
    }
    /// Returns the number of its last step; 0 if it has none.
    fn last_order(&self) -> u64 {
        0
    }
    /// Combines an item that could not be stored with the one that is stored: nothing of either is lost. The result
    /// has the stamp of the stored one.
    #[must_use]
    fn meet(here: &Self, stored: &Self, now: Timestamp) -> Self;
    /// Returns true if both would be stored alike.
    fn is_stored_as(&self, stored: &Self) -> bool;
    /// Returns true if this item has what a change has added to an item: a write whose outcome was not reported was
    /// done, whatever another tab has stored since.
    fn has_change(&self, _before: Option<&Self>, _after: &Self) -> bool {
        false
    }
}
