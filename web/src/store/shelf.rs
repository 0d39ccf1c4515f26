//! Every loaded session, as plain data.
use super::entry::Entry;
use std::collections::HashMap;
use std::sync::Arc;

/// The loaded sessions by id, in the order they came.
#[derive(Clone, Debug, Default)]
pub struct Shelf {
    entries: Vec<Arc<Entry>>,
    places: HashMap<Box<str>, usize>,
}

impl Shelf {
    /// Nothing is loaded.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// How many sessions are loaded.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// A session by its id.
    pub fn get(&self, id: &str) -> Option<&Arc<Entry>> {
        self.places.get(id).map(|place| &self.entries[*place])
    }

    /// The session at a place, from 0, in the order they came.
    pub fn at(&self, place: usize) -> Option<&Arc<Entry>> {
        self.entries.get(place)
    }

    /// Every session, in the order they came.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Entry>> {
        self.entries.iter()
    }

    /// The sessions whose text differs from their file's.
    pub fn changed(&self) -> impl Iterator<Item = &Arc<Entry>> {
        self.iter().filter(|entry| entry.changed())
    }

    /// Puts an entry in, in place of the one with its id.
    pub fn put(&mut self, entry: Entry) {
        let entry = Arc::new(entry);
        if let Some(place) = self.places.get(entry.id()) {
            self.entries[*place] = entry;
        } else {
            self.places.insert(entry.id().into(), self.entries.len());
            self.entries.push(entry);
        }
    }

    /// Takes sessions out.
    pub fn remove<'a>(&mut self, ids: impl IntoIterator<Item = &'a str>) {
        for id in ids {
            self.places.remove(id);
        }
        let places = &self.places;
        self.entries.retain(|entry| places.contains_key(entry.id()));
        self.places = self.entries.iter().map(|entry| entry.id().into()).zip(0..).collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use callboard_core::Session;

    #[test]
    fn sessions_are_taken_out() {
        let mut shelf = Shelf::default();
        for id in ["a", "b", "c", "d"] {
            let session = Session::parse(format!(r#"{{"session_id": "{id}"}}"#)).unwrap();
            shelf.put(Entry::new(id.into(), format!("{id}.json"), String::new(), &session));
        }
        shelf.remove(["c", "a", "none"]);
        assert_eq!(shelf.iter().map(|entry| entry.id()).collect::<Vec<_>>(), ["b", "d"]);
        assert_eq!(["a", "b", "c", "d"].map(|id| shelf.get(id).is_some()), [false, true, false, true]);
        assert_eq!(shelf.get("d").unwrap().id(), shelf.at(1).unwrap().id());
    }
}
