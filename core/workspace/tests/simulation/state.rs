//! The world outside of the tabs, and what the invariants remember of it.

use crate::database::{Coded, RawWrite, Request, Row, Table};
use crate::disk::Disk;
use callboard_core::Timestamp;
use callboard_workspace::{Announcement, Entry, Origin, Record, Source, TextHash, VersionId};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::rc::Rc;

/// A broken invariant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Violation {
    pub(crate) invariant: &'static str,
    pub(crate) detail: String,
}

/// A message on its way to a tab.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) to: usize,
    pub(crate) table: Table,
    pub(crate) announcement: Announcement,
}

/// A promise: what somebody was told is saved.
#[derive(Clone, Debug)]
struct Promise {
    id: String,
    generation: u64,
    versions: Vec<(VersionId, TextHash)>,
    copies: Vec<Rc<str>>,
    /// The texts of files in conflict, with their paths.
    files: Vec<(String, Rc<str>)>,
}

#[derive(Debug, Default)]
pub(crate) struct State {
    clock: i64,
    stamp: u64,
    pub(crate) rows: BTreeMap<Table, BTreeMap<String, Row>>,
    /// The stored sessions, read.
    pub(crate) records: HashMap<String, Rc<Record>>,
    pub(crate) requests: Vec<Request>,
    pub(crate) messages: Vec<Told>,
    pub(crate) open: Vec<usize>,
    pub(crate) disk: Disk,
    pub(crate) backups: Vec<Vec<String>>,
    pub(crate) violation: Option<Violation>,
    /// The tab whose editor holds each draft.
    pub(crate) locks: HashMap<String, usize>,
    /// Texts of a draft since the last that is known to be saved, that one included.
    pub(crate) typed: HashMap<String, Vec<String>>,
    /// Drafts of which a text is known to be saved.
    pub(crate) acknowledged: BTreeSet<String>,
    /// Drafts that their editor has ended.
    pub(crate) ended: HashSet<String>,
    /// Every id that was ever stored.
    ids: BTreeSet<(Table, String)>,
    /// Counts the changes of each row.
    changes: HashMap<(Table, String), u64>,
    /// The change that a tab has read or made.
    known: HashMap<(Table, usize, String), u64>,
    /// Changes that a tab was never told of: a message, or an outcome, was lost.
    excused: HashSet<(Table, usize, String)>,
    /// Counts the removals of each session.
    generations: HashMap<String, u64>,
    stamped_in: HashMap<u64, u64>,
    promises: Vec<Promise>,
    /// The tab that has removed a session last.
    pub(crate) removed_by: HashMap<String, usize>,
    /// The text that each tab's last import of a path has read there.
    seen: HashMap<(usize, String), String>,
    /// The number of imports and exports of a path under way.
    moving: HashMap<String, usize>,
    contested: HashSet<String>,
    /// Every text that the producer has exported: each was shown.
    pub(crate) exported: HashSet<String>,
    /// Every exported text whose export the producer took back, whether or not its file was on the disk.
    pub(crate) taken_back: HashSet<String>,
}

impl State {
    pub(crate) fn new() -> Self {
        let rows = [Table::Sessions, Table::Drafts].map(|table| (table, BTreeMap::new()));
        Self { clock: 1_800_000_000, rows: rows.into(), ..Self::default() }
    }

    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::from_unix(self.clock)
    }

    /// The time of a new command: no two have the same.
    pub(crate) fn tick(&mut self) -> Timestamp {
        self.clock += 1;
        self.now()
    }

    /// Notes the first violation.
    pub(crate) fn fail(&mut self, invariant: &'static str, detail: String) {
        self.violation.get_or_insert(Violation { invariant, detail });
    }

    pub(crate) fn row(&self, table: Table, id: &str) -> Option<&Row> {
        self.rows[&table].get(id)
    }

    /// Every id that was ever stored.
    pub(crate) fn ids(&self, table: Table) -> Vec<String> {
        self.ids.iter().filter(|(of, _)| *of == table).map(|(_, id)| id.clone()).collect()
    }

    /// Counts a row's changes.
    pub(crate) fn changes(&self, table: Table, id: &str) -> u64 {
        self.changes.get(&(table, id.to_owned())).copied().unwrap_or_default()
    }

    fn changed(&mut self, table: Table, tab: usize, id: &str) {
        self.ids.insert((table, id.to_owned()));
        *self.changes.entry((table, id.to_owned())).or_default() += 1;
        self.know(table, tab, id);
    }

    pub(crate) fn put(&mut self, table: Table, tab: usize, id: &str, json: Rc<str>) -> u64 {
        self.stamp += 1;
        let stamp = self.stamp;
        if table == Table::Sessions {
            match Entry::decode(&json) {
                Some(entry) => {
                    let record = entry.stamped(stamp).record().clone();
                    // A copy that turns out to be a file's text is the file's from then on, and goes when that changes.
                    let is_files = |copy: &Rc<str>| {
                        let of = record.inbox.iter().find(|incoming| *incoming.text == **copy);
                        of.is_some_and(|incoming| incoming.source == Source::File)
                    };
                    for promise in self.promises.iter_mut().filter(|promise| promise.id == id) {
                        promise.copies.retain(|copy| !is_files(copy));
                        promise.files.retain(|(path, text)| {
                            let held = record.file_at(path).and_then(|file| file.content.as_deref());
                            held == Some(&**text)
                        });
                    }
                    self.records.insert(id.to_owned(), Rc::new(record));
                }
                None => self.fail("a stored record can be read", format!("{id}: {json}")),
            }
            self.stamped_in.insert(stamp, self.generation(id));
        }
        self.rows.entry(table).or_default().insert(id.to_owned(), Row { stamp, json });
        self.changed(table, tab, id);
        if table == Table::Sessions {
            self.check_promises(id);
        }
        stamp
    }

    pub(crate) fn remove(&mut self, table: Table, tab: usize, id: &str) {
        if self.rows.entry(table).or_default().remove(id).is_none() {
            return self.know(table, tab, id);
        }
        if table == Table::Sessions {
            *self.generations.entry(id.to_owned()).or_default() += 1;
            self.records.remove(id);
            self.removed_by.insert(id.to_owned(), tab);
        }
        self.changed(table, tab, id);
    }

    /// A tab has read a row, or written it.
    pub(crate) fn know(&mut self, table: Table, tab: usize, id: &str) {
        let change = self.changes(table, id);
        self.known.insert((table, tab, id.to_owned()), change);
    }

    /// A tab may not know some rows as they are.
    pub(crate) fn excuse(&mut self, table: Table, tab: usize, ids: &[String]) {
        for id in ids {
            self.excused.insert((table, tab, id.clone()));
            self.known.remove(&(table, tab, id.clone()));
        }
    }

    pub(crate) fn excuse_all(&mut self, table: Table, tab: usize) {
        let ids = self.ids(table);
        self.excuse(table, tab, &ids);
    }

    /// Nobody may know some rows as they are.
    pub(crate) fn excuse_everybody(&mut self, table: Table, ids: &[String]) {
        for tab in self.open.clone() {
            self.excuse(table, tab, ids);
        }
    }

    /// True if a tab was told of a row's last change.
    pub(crate) fn is_told(&self, table: Table, tab: usize, id: &str) -> bool {
        let key = (table, tab, id.to_owned());
        self.known.get(&key).copied().unwrap_or_default() == self.changes(table, id) || !self.excused.contains(&key)
    }

    /// Counts the removals of a session.
    pub(crate) fn removals(&self, id: &str) -> u64 {
        self.generation(id)
    }

    fn generation(&self, id: &str) -> u64 {
        self.generations.get(id).copied().unwrap_or_default()
    }

    /// A change was acknowledged as saved: from now on its versions are promised.
    pub(crate) fn promise(&mut self, changed: &Entry, stamp: u64) {
        let id = changed.id();
        let generation = self.generation(id);
        if self.stamped_in.get(&stamp) != Some(&generation) {
            return;
        }
        let record = changed.record();
        let local = record.versions.iter().filter(|version| version.origin == Origin::Local);
        let versions = local.map(|version| (version.id, version.hash)).collect();
        let copies = record.inbox.iter().filter(|incoming| incoming.source != Source::File);
        let copies = copies.map(|incoming| Rc::from(&*incoming.text)).collect();
        let files = record.conflicts().filter(|incoming| incoming.source == Source::File);
        let files = files.map(|incoming| (incoming.path.clone(), Rc::from(&*incoming.text))).collect();
        self.promises.retain(|promise| promise.id != id || promise.generation == generation);
        self.promises.push(Promise { id: id.to_owned(), generation, versions, copies, files });
        // Each holds all that the ones before hold, or more; a few are enough.
        let excess = self.promises.len().saturating_sub(64);
        self.promises.drain(..excess);
        self.check_promises(id);
    }

    /// No acknowledged edit is unreachable.
    fn check_promises(&mut self, id: &str) {
        let generation = self.generation(id);
        let mut missing = None;
        let record = self.records.get(id);
        for promise in self.promises.iter().filter(|promise| promise.id == id && promise.generation == generation) {
            let Some(record) = record else {
                missing = Some("the whole record".to_owned());
                break;
            };
            let is_lost = |(version, hash): &&(VersionId, TextHash)| {
                record.text_of(*version).is_none_or(|text| TextHash::of(&text) != *hash)
            };
            let is_copy_lost = |copy: &&Rc<str>| {
                let in_inbox = record.inbox.iter().any(|incoming| *incoming.text == ***copy);
                !in_inbox && record.versions.iter().all(|version| version.hash != TextHash::of(copy))
            };
            missing = promise.versions.iter().find(is_lost).map(|(version, _)| format!("version {version}"));
            missing = missing.or_else(|| promise.copies.iter().find(is_copy_lost).map(|copy| format!("copy {copy}")));
            // A newer text of a file takes the place of an older one.
            let is_file_lost = |(path, text): &&(String, Rc<str>)| {
                let held = record.file_at(path).and_then(|file| file.content.as_deref());
                held == Some(&**text) && is_copy_lost(&text)
            };
            let file = promise.files.iter().find(is_file_lost);
            missing = missing.or_else(|| file.map(|(path, _)| format!("the conflict with {path}")));
            if missing.is_some() {
                break;
            }
        }
        if let Some(missing) = missing {
            let record = self.records.get(id);
            self.fail("no acknowledged edit is unreachable", format!("{id} lacks {missing}: {record:?}"));
        }
    }

    /// The versions that were promised of a session.
    pub(crate) fn promised(&self, id: &str, generation_before: u64) -> Vec<VersionId> {
        let of = self.promises.iter().filter(|promise| promise.id == id && promise.generation == generation_before);
        of.flat_map(|promise| promise.versions.iter().map(|(version, _)| *version)).collect()
    }

    /// An import or an export of a file begins: what others have seen there may be old.
    pub(crate) fn begin_moving(&mut self, path: &str) {
        let count = self.moving.entry(path.to_owned()).or_default();
        *count += 1;
        if *count > 1 {
            self.contested.insert(path.to_owned());
        }
        self.seen.retain(|(_, of), _| of != path);
    }

    /// It has ended; `text` is what the tab now knows the file to hold.
    pub(crate) fn end_moving(&mut self, tab: usize, path: &str, text: Option<&str>) {
        let count = self.moving.entry(path.to_owned()).or_default();
        *count = count.saturating_sub(1);
        if *count > 0 {
            return;
        }
        // Of several at a time, the order is not known.
        let is_contested = self.contested.remove(path);
        if let Some(text) = text.filter(|_| !is_contested) {
            self.seen.insert((tab, path.to_owned()), text.to_owned());
        }
    }

    /// The mark of an export is taken back: the file is said to hold an older text again, seen or not.
    pub(crate) fn release_files(&mut self, ids: &[String]) {
        for promise in self.promises.iter_mut().filter(|promise| ids.contains(&promise.id)) {
            promise.files.clear();
        }
    }

    /// Marks a tab's knowledge of files as uncertain.
    pub(crate) fn forget_seen(&mut self, is_forgotten: impl Fn(usize, &str) -> bool) {
        self.seen.retain(|(tab, path), _| !is_forgotten(*tab, path));
        self.contested.extend(self.moving.iter().filter(|(_, count)| **count > 0).map(|(path, _)| path.clone()));
    }

    /// The text that a tab's last import of a path has read there.
    pub(crate) fn seen(&self, tab: usize, path: &str) -> Option<&str> {
        self.seen.get(&(tab, path.to_owned())).map(String::as_str)
    }

    /// The ids of a request's writes.
    pub(crate) fn ids_of(writes: &[RawWrite]) -> Vec<String> {
        writes.iter().map(|write| write.id().to_owned()).collect()
    }
}
