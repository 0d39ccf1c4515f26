//! An ordered collection of loaded items by id.

use crate::stored::Stored;
use std::collections::HashMap;
use std::sync::Arc;

/// Items by id, in the order they were added.
#[derive(Clone, Debug)]
pub struct Collection<T> {
    items: Vec<Arc<T>>,
    places: HashMap<Box<str>, usize>,
}

/// The loaded sessions.
pub type Sessions = Collection<crate::Entry>;

impl<T> Default for Collection<T> {
    fn default() -> Self {
        Self { items: Vec::new(), places: HashMap::new() }
    }
}

impl<T: Stored> Collection<T> {
    /// Returns true if nothing is loaded.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Returns the number of items.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Returns an item by its id.
    pub fn get(&self, id: &str) -> Option<&Arc<T>> {
        self.places.get(id).map(|place| &self.items[*place])
    }

    /// Returns the item at a place, from 0, in the order of the collection.
    pub fn at(&self, place: usize) -> Option<&Arc<T>> {
        self.items.get(place)
    }

    /// Iterates over the items in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<T>> {
        self.items.iter()
    }

    /// Adds an item, in place of the one with its id.
    pub fn put(&mut self, item: Arc<T>) {
        if let Some(place) = self.places.get(item.id()) {
            self.items[*place] = item;
        } else {
            self.places.insert(item.id().into(), self.items.len());
            self.items.push(item);
        }
    }

    /// Removes items.
    pub fn remove<'a>(&mut self, ids: impl IntoIterator<Item = &'a str>) {
        let before = self.places.len();
        for id in ids {
            self.places.remove(id);
        }
        if self.places.len() == before {
            return;
        }
        let places = &self.places;
        self.items.retain(|item| places.contains_key(item.id()));
        self.places = self.items.iter().map(|item| item.id().into()).zip(0..).collect();
    }
}

impl Sessions {
    /// Iterates over the sessions whose text differs from their file's.
    pub fn changed(&self) -> impl Iterator<Item = &Arc<crate::Entry>> {
        self.iter().filter(|entry| entry.changed())
    }
}
