//! The workspace and the browser's database: opened at the start, waited for as long as it cannot be, and opened again
//! when it was lost. Meanwhile the sessions live in this tab.
use super::entry::Entry;
use super::record::Record;
use super::shelf::Shelf;
use super::storage_error::StorageError;
use super::workspace::{Progress, Workspace};
use crate::platform::clock;
use crate::platform::database::Database;
use crate::platform::pace::Pace;
use callboard_core::Timestamp;
use futures::future::join;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::cell::RefCell;
use std::collections::HashSet;

const DATABASE: &str = "callboard";

/// Sessions read from the database.
#[derive(Default)]
struct Loaded {
    /// The number of records.
    found: usize,
    /// The number of records that cannot be read.
    unreadable: usize,
    /// Sessions that were stored before and no longer are.
    missing: HashSet<String>,
}

impl Workspace {
    /// Opens the database and shows what it holds. Whatever else changes sessions waits for that; where the database
    /// cannot be opened for now, it goes on without, and what was changed by then is stored once it is open.
    pub(super) async fn connect(self) {
        let turn = self.turn.get_value();
        let guard = RefCell::new(Some(turn.lock().await));
        let wait = |why| {
            self.set_storage_error(why);
            self.ready.set(true);
            guard.take();
        };
        // Before any session is shown: nobody writes a text before what was being written is here.
        let drafts = async {
            if !self.drafts.are_kept() {
                self.drafts.restore().await;
            }
        };
        let ((), opened) = join(drafts, Database::open(DATABASE, wait, move |why| self.disconnected(why))).await;
        let is_waiting = guard.borrow().is_none();
        if is_waiting {
            let again = turn.lock().await;
            guard.replace(Some(again));
        }
        let loaded = match opened {
            Ok(database) => {
                self.database.set_value(Some(database.clone()));
                self.load(&database).await
            }
            Err(why) => Err(why),
        };
        if let Err(why) = loaded {
            self.set_storage_error(why);
        }
        drop(guard);
        self.ready.set(true);
    }

    /// The connection has ended. Where the data may be gone with it, what is still stored is looked at.
    fn disconnected(self, why: StorageError) {
        self.database.set_value(None);
        if why == StorageError::Deleted {
            spawn_local(self.connect());
        } else {
            self.set_storage_error(why);
        }
    }

    /// Stores again what could not be stored, with a new connection.
    pub fn save_again(self) {
        spawn_local(async move {
            if let Some(database) = self.database.try_update_value(Option::take).flatten() {
                database.close();
            }
            // Nobody who asks for it wants it left out because it had been deleted.
            self.asked_to_save.set_value(true);
            self.connect().await;
            self.asked_to_save.set_value(false);
            let said = match self.storage_error.get_untracked() {
                None => "Everything is saved in this browser.".to_owned(),
                Some(why) => format!("Still not saved. {why}"),
            };
            self.say(said, None);
        });
    }

    async fn load(self, database: &Database) -> Result<(), StorageError> {
        let total = database.count().await?;
        let loaded = self.read_all(database, total).await;
        // Also what was read until it failed.
        self.shelf.notify();
        let Loaded { found, unreadable, missing } = loaded?;
        if unreadable > 0 {
            self.say(
                format!("{unreadable} of {found} stored sessions could not be read; they are left as they are."),
                None,
            );
        }
        let is_deleted = !missing.is_empty();
        self.unsaved.update_value(|unsaved| unsaved.extend(missing));
        if is_deleted && !self.asked_to_save.get_value() {
            return Err(StorageError::Deleted);
        }
        self.catch_up(&[]).await;
        Ok(())
    }

    /// Takes in every stored session.
    async fn read_all(self, database: &Database, total: usize) -> Result<Loaded, StorageError> {
        let mut pace = Pace::begin();
        let mut place = None;
        let mut loaded = Loaded { missing: self.stored_before(), ..Loaded::default() };
        loop {
            let page = database.page(place.as_ref()).await?;
            loaded.found += page.found;
            loaded.unreadable += page.found - page.records.len();
            for record in page.records {
                loaded.missing.remove(&record.id);
                if !self.take_in_stored(record) {
                    loaded.unreadable += 1;
                }
                pace.rest().await;
            }
            self.reading.set(Progress { done: loaded.found, total });
            place = page.next;
            if place.is_none() {
                return Ok(loaded);
            }
        }
    }

    /// The sessions here that were stored under an earlier connection.
    fn stored_before(self) -> HashSet<String> {
        self.shelf.with_untracked(|shelf| {
            let stored = shelf.iter().filter(|entry| entry.record().stamp != 0);
            stored.map(|entry| entry.id().to_owned()).collect()
        })
    }

    /// Takes in a stored session beside what is here of it; `false` where it cannot be read.
    fn take_in_stored(self, record: Record) -> bool {
        let is_unsaved = self.unsaved.with_value(|unsaved| unsaved.contains(&record.id));
        let here = self.entry_now(&record.id);
        if here.as_ref().is_some_and(|here| here.record().stamp == record.stamp) {
            return true;
        }
        let Some(stored) = Entry::restore(record) else { return false };
        let (entry, is_stored) = match here.filter(|_| is_unsaved) {
            Some(here) => beside_stored(&here, stored, clock::now()),
            None => (stored, true),
        };
        if is_stored {
            self.unsaved.update_value(|unsaved| {
                unsaved.remove(entry.id());
            });
        }
        self.shelf.update_untracked(|shelf| shelf.put(entry));
        true
    }

    /// Whether closing the page loses what somebody has done.
    pub fn has_unsaved_edits(self) -> bool {
        let is_edited = |id: &String| self.entry_now(id).is_some_and(|entry| entry.changed());
        self.unsaved.with_value(|unsaved| unsaved.iter().any(is_edited)) || self.drafts.are_unkept()
    }

    /// Says why changes are not being saved, for as long as it is so.
    pub(super) fn set_storage_error(self, why: StorageError) {
        if self.storage_error.with_untracked(|now| now.as_ref() != Some(&why)) {
            self.storage_error.set(Some(why));
        }
    }
}

/// A session that could not be stored and the one that turns out to be stored: the one to show, and whether that is
/// what is stored. Where somebody has changed the session here, the stored text becomes a conflict beside it; a file that
/// was only loaded is loaded as if it came now.
fn beside_stored(here: &Entry, stored: Entry, now: Timestamp) -> (Entry, bool) {
    if here.changed() || !here.record().edits.is_empty() {
        return (here.beside(&stored), false);
    }
    let mut shelf = Shelf::default();
    let stamp = stored.record().stamp;
    shelf.put(stored.clone());
    let Record { file, folder, .. } = here.record();
    let received = shelf.receive((file, folder), here.text().as_bytes(), now, |_| None);
    match received.entry {
        Some(entry) => (entry.stamped(stamp), false),
        None => (stored, true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use callboard_core::Session;

    const NOW: Timestamp = Timestamp::from_unix(1_800_000_000);

    fn parsed(topic: &str) -> Session {
        Session::parse(format!(r#"{{"session_id": "a", "episode": {{"topic": "{topic}"}}}}"#)).unwrap()
    }

    fn loaded(topic: &str) -> Entry {
        Entry::new("a".into(), "a.json".into(), String::new(), &parsed(topic))
    }

    fn edited(entry: &Entry, topic: &str) -> Entry {
        entry.edited(&parsed(topic), "Edited.".into(), NOW)
    }

    #[test]
    fn a_file_loaded_before_the_database_was_open_takes_nothing_from_what_is_stored() {
        let stored = edited(&loaded("Tides"), "Ebb").stamped(7);
        // The same file: the stored edits stand.
        let (entry, is_stored) = beside_stored(&loaded("Tides"), stored.clone(), NOW);
        assert!(is_stored);
        assert_eq!((entry.text(), entry.standing().len()), (stored.text(), 1));
        // A newer one: it is a conflict beside them, to be stored in place of what is.
        let (entry, is_stored) = beside_stored(&loaded("Flood"), stored.clone(), NOW);
        assert!(!is_stored);
        assert_eq!((entry.text(), entry.waiting().len(), entry.record().stamp), (stored.text(), 1, 7));
        // Without edits the newer file is shown.
        let (entry, is_stored) = beside_stored(&loaded("Flood"), loaded("Tides").stamped(7), NOW);
        assert!(!is_stored);
        assert_eq!((entry.text(), entry.record().stamp), (loaded("Flood").text(), 7));
    }

    #[test]
    fn an_edit_made_before_the_database_was_open_is_shown_beside_what_is_stored() {
        let stored = edited(&loaded("Tides"), "Ebb").stamped(7);
        let (entry, is_stored) = beside_stored(&edited(&loaded("Tides"), "Flood"), stored.clone(), NOW);
        assert!(!is_stored);
        assert_eq!((&**entry.text(), entry.record().stamp), (parsed("Flood").text(), 7));
        assert_eq!(entry.waiting().iter().map(|waits| &waits.text).collect::<Vec<_>>(), [stored.text()]);
    }
}
