//! The store's commit over a storage that refuses, is slow, and has other writers.

use callboard_core::Timestamp;
use callboard_workspace::{
    Announcement, Change, Durability, Host, Page, PlanResult, Planned, SessionStorage, Store, Stored, Write, Written,
};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

/// A list of words under an id.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Note {
    id: String,
    stamp: u64,
    words: Vec<&'static str>,
}

impl Stored for Note {
    fn id(&self) -> &str {
        &self.id
    }

    fn stamp(&self) -> u64 {
        self.stamp
    }

    fn stamped(self, stamp: u64) -> Self {
        Self { stamp, ..self }
    }

    fn meet(here: &Self, stored: &Self, _now: Timestamp) -> Self {
        let mut words = stored.words.clone();
        words.extend(here.words.iter().filter(|word| !stored.words.contains(word)));
        Self { words, ..stored.clone() }
    }

    fn is_stored_as(&self, stored: &Self) -> bool {
        self == stored
    }

    fn has_change(&self, before: Option<&Self>, after: &Self) -> bool {
        let is_new = |word: &&&str| before.is_none_or(|before| !before.words.contains(word));
        let mut new = after.words.iter().filter(is_new).peekable();
        new.peek().is_some() && new.all(|word| self.words.contains(word))
    }
}

fn note(id: &str, words: &[&'static str]) -> Note {
    Note { id: id.into(), stamp: 0, words: words.to_vec() }
}

/// The way in which a write goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    /// Nothing is written.
    Refused,
    /// All is written, and nobody is told.
    Unknown,
    /// Another writer adds a word to the first item before.
    Behind(&'static str),
    /// Refused as long as this word is in it.
    TooLarge(&'static str),
}

#[derive(Default)]
struct Disk {
    notes: RefCell<BTreeMap<String, Note>>,
    stamp: Cell<u64>,
    faults: RefCell<Vec<Fault>>,
    writes: RefCell<Vec<Vec<String>>>,
}

impl Disk {
    fn put(&self, note: Note) {
        self.stamp.set(self.stamp.get() + 1);
        self.notes.borrow_mut().insert(note.id.clone(), note.stamped(self.stamp.get()));
    }

    fn words(&self, id: &str) -> Option<Vec<&'static str>> {
        self.notes.borrow().get(id).map(|note| note.words.clone())
    }
}

impl SessionStorage<Note> for Disk {
    type Error = &'static str;

    async fn read(&self, ids: &[String]) -> Result<Vec<Option<Note>>, Self::Error> {
        Ok(ids.iter().map(|id| self.notes.borrow().get(id).cloned()).collect())
    }

    async fn page(&self, after: Option<&str>) -> Result<Page<Note>, Self::Error> {
        let notes = self.notes.borrow();
        let mut rest = notes.values().filter(|note| after.is_none_or(|after| note.id.as_str() > after)).cloned();
        let items: Vec<Note> = rest.by_ref().take(2).collect();
        // One in the first page cannot be read.
        let found = items.len() + usize::from(after.is_none());
        let next = rest.next().is_some().then(|| items.last().map(|note| note.id.clone())).flatten();
        Ok(Page { items, found, next })
    }

    async fn write(&self, writes: &[Write<Note>], _: Durability) -> Result<Vec<Written<Note>>, Self::Error> {
        let id = |write: &Write<Note>| match write {
            Write::Put(note) => note.id.clone(),
            Write::Remove { id, .. } => id.clone(),
        };
        self.writes.borrow_mut().push(writes.iter().map(id).collect());
        let fault = self.faults.borrow().first().copied();
        if !matches!(fault, None | Some(Fault::TooLarge(_))) {
            self.faults.borrow_mut().remove(0);
        }
        match fault {
            Some(Fault::Refused) => return Err("refused"),
            Some(Fault::Behind(word)) => {
                let id = id(&writes[0]);
                let mut other = self.notes.borrow().get(&id).cloned().unwrap_or_else(|| note(&id, &[]));
                other.words.push(word);
                self.put(other);
            }
            Some(Fault::TooLarge(word)) => {
                let is_large = |write: &Write<Note>| matches!(write, Write::Put(note) if note.words.contains(&word));
                if writes.iter().any(is_large) {
                    return Err("too large");
                }
            }
            Some(Fault::Unknown) | None => {}
        }
        let mut written = Vec::new();
        for write in writes {
            let expected = match write {
                Write::Put(note) => note.stamp,
                Write::Remove { stamp, .. } => *stamp,
            };
            let there = self.notes.borrow().get(&id(write)).cloned();
            match (there.filter(|there| there.stamp != expected), write) {
                (Some(there), _) => written.push(Written::Behind(Box::new(there))),
                (None, Write::Put(note)) => {
                    self.put(Note::clone(note));
                    written.push(Written::Stored(self.stamp.get()));
                }
                (None, Write::Remove { id, .. }) => {
                    self.notes.borrow_mut().remove(id);
                    written.push(Written::Removed);
                }
            }
        }
        if fault == Some(Fault::Unknown) { Err("unknown") } else { Ok(written) }
    }

    async fn clear(&self) -> Result<(), Self::Error> {
        if self.faults.borrow_mut().pop().is_some() {
            return Err("refused");
        }
        self.notes.borrow_mut().clear();
        Ok(())
    }
}

#[derive(Default)]
struct Tab {
    announced: RefCell<Vec<Announcement>>,
    reported: RefCell<Vec<Option<&'static str>>>,
    shown: RefCell<Vec<String>>,
}

impl Host<&'static str> for Tab {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix(0)
    }

    fn show(&self, ids: &[String]) {
        self.shown.borrow_mut().extend(ids.iter().cloned());
    }

    fn announce(&self, announcement: &Announcement) {
        self.announced.borrow_mut().push(announcement.clone());
    }

    fn report(&self, error: Option<&&'static str>) {
        self.reported.borrow_mut().push(error.copied());
    }

    async fn yield_if_due(&self) {}
}

type Notes = Store<Note, Disk, Tab>;

fn finish<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("it waits"),
    }
}

fn connect(store: &Notes, disk: &Rc<Disk>, restore: bool) -> callboard_workspace::Loaded {
    finish(async { store.connect(&store.lock().await, disk.clone(), restore, |_| {}).await.unwrap() })
}

/// A connected store.
fn open() -> (Rc<Disk>, Notes) {
    let disk = Rc::new(Disk::default());
    let store = Store::new(Tab::default(), "not connected");
    connect(&store, &disk, false);
    (disk, store)
}

fn ids(ids: &[&str]) -> Vec<String> {
    ids.iter().map(|id| (*id).to_owned()).collect()
}

/// A plan that adds a word.
fn add(word: &'static str) -> impl FnMut(&str, Option<&Arc<Note>>) -> PlanResult<Note> {
    move |id, here| {
        let mut next = here.map_or_else(|| note(id, &[]), |here| Note::clone(here));
        next.words.push(word);
        Ok(Planned::put(next).saying(word))
    }
}

fn commit(store: &Notes, of: &[&str], word: &'static str) -> Vec<PlanResult<Note>> {
    finish(store.commit(&ids(of), Durability::Strict, add(word)))
}

fn words(store: &Notes, id: &str) -> Vec<&'static str> {
    store.get(id).map(|note| note.words.clone()).unwrap_or_default()
}

#[test]
fn a_change_is_stored_then_shown_then_announced() {
    let (disk, store) = open();
    let results = commit(&store, &["a", "b"], "one");
    assert!(results.iter().all(|result| result.as_ref().is_ok_and(|planned| planned.message == "one")));
    assert_eq!((disk.words("a"), words(&store, "b")), (Some(vec!["one"]), vec!["one"]));
    assert_eq!(*disk.writes.borrow(), [ids(&["a", "b"])]);
    assert_eq!(*store.host().announced.borrow(), [Announcement::Changed(ids(&["a", "b"]))]);
    assert_eq!(*store.host().shown.borrow(), ids(&["a", "b"]));
    assert_eq!(store.host().reported.borrow().last(), Some(&None));
    // The outcome has the stamp of the write.
    let Ok(Planned { change: Change::Put(stored), .. }) = &results[0] else { panic!("{results:?}") };
    assert_eq!(stored.stamp, store.get("a").unwrap().stamp);
}

#[test]
fn a_change_that_another_tab_was_before_is_planned_again() {
    let (disk, store) = open();
    commit(&store, &["a", "b"], "one");
    disk.faults.borrow_mut().extend([Fault::Behind("theirs"), Fault::Behind("again")]);
    let results = commit(&store, &["a", "b"], "two");
    assert!(results.iter().all(Result::is_ok));
    assert_eq!(disk.words("a"), Some(vec!["one", "theirs", "again", "two"]));
    assert_eq!((words(&store, "a"), words(&store, "b")), (disk.words("a").unwrap(), vec!["one", "two"]));
}

#[test]
fn a_plan_that_refuses_what_another_tab_stored_changes_nothing() {
    let (disk, store) = open();
    commit(&store, &["a"], "one");
    disk.faults.borrow_mut().push(Fault::Behind("theirs"));
    let plan = |_: &str, here: Option<&Arc<Note>>| match here {
        Some(here) if here.words == ["one"] => Ok(Planned::put(note("a", &["mine"]))),
        _ => Err("changed".to_owned()),
    };
    let results = finish(store.commit(&ids(&["a"]), Durability::Strict, plan));
    assert_eq!(results[0].as_ref().map(|_| ()), Err(&"changed".to_owned()));
    assert_eq!((disk.words("a").unwrap(), words(&store, "a")), (vec!["one", "theirs"], vec!["one", "theirs"]));
    assert!(store.unsaved().is_empty());
}

#[test]
fn a_session_that_others_keep_changing_is_given_up() {
    let (disk, store) = open();
    commit(&store, &["a"], "one");
    disk.faults.borrow_mut().extend([Fault::Behind("theirs"); 20]);
    let results = commit(&store, &["a"], "two");
    assert!(results[0].as_ref().unwrap_err().contains("keep changing"));
    assert_eq!(words(&store, "a"), disk.words("a").unwrap());
    assert!(!words(&store, "a").contains(&"two"));
}

#[test]
fn unstored_changes_are_shown_and_stored_with_the_next_change() {
    let (disk, store) = open();
    disk.faults.borrow_mut().push(Fault::Refused);
    assert!(commit(&store, &["a"], "one")[0].is_ok());
    assert_eq!((words(&store, "a"), disk.words("a"), store.unsaved()), (vec!["one"], None, ids(&["a"])));
    assert_eq!(store.host().reported.borrow().last(), Some(&Some("refused")));
    assert!(store.host().announced.borrow().is_empty());
    // Another tab stores its own in the meantime; that is not taken in over the change here.
    disk.put(note("a", &["theirs"]));
    finish(store.follow(&Announcement::Changed(ids(&["a"]))));
    assert_eq!(words(&store, "a"), ["one"]);
    commit(&store, &["b"], "two");
    assert_eq!((disk.words("a").unwrap(), store.unsaved()), (vec!["theirs", "one"], vec![]));
    assert_eq!((words(&store, "a"), store.host().reported.borrow().last()), (vec!["theirs", "one"], Some(&None)));
}

#[test]
fn a_write_that_was_done_all_the_same_is_not_done_twice() {
    let (disk, store) = open();
    disk.faults.borrow_mut().push(Fault::Unknown);
    commit(&store, &["a"], "one");
    assert!(store.is_unsaved("a"));
    commit(&store, &["b"], "two");
    assert_eq!((disk.words("a").unwrap(), store.unsaved()), (vec!["one"], vec![]));
    // Nor where several were written together, also where another tab has stored something since.
    disk.faults.borrow_mut().extend([Fault::Unknown, Fault::Behind("theirs")]);
    assert!(commit(&store, &["a", "b"], "then").iter().all(Result::is_ok));
    assert_eq!(
        (disk.words("a").unwrap(), words(&store, "a")),
        (vec!["one", "then", "theirs"], disk.words("a").unwrap())
    );
    assert_eq!((disk.words("b").unwrap(), store.unsaved()), (vec!["two", "then"], vec![]));
    disk.faults.borrow_mut().push(Fault::Unknown);
    let results = commit(&store, &["a", "b"], "three");
    assert!(results.iter().all(Result::is_ok));
    let expected = (vec!["one", "then", "theirs", "three"], vec!["two", "then", "three"]);
    assert_eq!((disk.words("a").unwrap(), disk.words("b").unwrap()), expected);
}

#[test]
fn of_several_only_the_one_that_is_too_large_stays_here() {
    let (disk, store) = open();
    disk.faults.borrow_mut().push(Fault::TooLarge("large"));
    let plan =
        |id: &str, _: Option<&Arc<Note>>| Ok(Planned::put(note(id, if id == "b" { &["large"] } else { &["small"] })));
    finish(store.commit(&ids(&["a", "b", "c"]), Durability::Relaxed, plan));
    assert_eq!((disk.words("a"), disk.words("b"), disk.words("c")), (Some(vec!["small"]), None, Some(vec!["small"])));
    assert_eq!((store.unsaved(), store.host().reported.borrow().last()), (ids(&["b"]), Some(&Some("too large"))));
    assert_eq!(*disk.writes.borrow(), [ids(&["a", "b", "c"]), ids(&["a"]), ids(&["b"]), ids(&["c"])]);
}

#[test]
fn a_session_is_removed_only_where_it_is_stored_as_it_is_here() {
    let remove = |_: &str, here: Option<&Arc<Note>>| match here {
        Some(here) if here.words == ["one"] => Ok(Planned::remove("gone")),
        _ => Err("changed".to_owned()),
    };
    let (disk, store) = open();
    commit(&store, &["a", "b"], "one");
    assert!(finish(store.commit(&ids(&["a"]), Durability::Strict, remove))[0].is_ok());
    assert_eq!((disk.words("a"), store.get("a")), (None, None));
    assert_eq!(store.host().announced.borrow().last(), Some(&Announcement::Changed(ids(&["a"]))));
    disk.faults.borrow_mut().push(Fault::Behind("theirs"));
    assert!(finish(store.commit(&ids(&["b"]), Durability::Strict, remove))[0].is_err());
    assert_eq!(words(&store, "b"), ["one", "theirs"]);
    // If the storage refuses, the session stays, because the next visit would load it again.
    commit(&store, &["c"], "one");
    disk.faults.borrow_mut().push(Fault::Refused);
    assert!(finish(store.commit(&ids(&["c"]), Durability::Strict, remove))[0].is_err());
    assert_eq!((words(&store, "c"), store.is_unsaved("c")), (vec!["one"], false));
    // A session that was never stored is removed at once.
    disk.faults.borrow_mut().push(Fault::Refused);
    commit(&store, &["d"], "one");
    assert!(finish(store.commit(&ids(&["d"]), Durability::Strict, remove))[0].is_ok());
    assert_eq!((store.get("d"), store.unsaved()), (None, vec![]));
}

#[test]
fn a_change_that_is_none_is_not_written() {
    let (disk, store) = open();
    let plan = |_: &str, _: Option<&Arc<Note>>| Ok(Planned::nothing("as it is"));
    let results = finish(store.commit(&ids(&["a"]), Durability::Strict, plan));
    assert_eq!((results[0].as_ref().unwrap().message.as_str(), disk.writes.borrow().len()), ("as it is", 0));
    assert!(store.host().announced.borrow().is_empty() && store.host().shown.borrow().is_empty());
}

#[test]
fn another_tabs_changes_are_followed() {
    let (disk, store) = open();
    commit(&store, &["a", "b"], "one");
    disk.put(note("a", &["theirs"]));
    disk.notes.borrow_mut().remove("b");
    disk.put(note("c", &["new"]));
    finish(store.follow(&Announcement::Changed(ids(&["a", "b", "c"]))));
    assert_eq!((words(&store, "a"), store.get("b"), words(&store, "c")), (vec!["theirs"], None, vec!["new"]));
    disk.notes.borrow_mut().clear();
    // Unsaved sessions of this tab survive when another tab removes all.
    disk.faults.borrow_mut().push(Fault::Refused);
    commit(&store, &["a"], "mine");
    finish(store.follow(&Announcement::Cleared));
    assert_eq!((words(&store, "a"), store.get("c")), (vec!["theirs", "mine"], None));
}

#[test]
fn clearing_removes_everything_here_and_there() {
    let (disk, store) = open();
    commit(&store, &["a"], "one");
    disk.faults.borrow_mut().push(Fault::Refused);
    assert_eq!(finish(store.clear(|_| true)), Err("refused"));
    assert_eq!(words(&store, "a"), ["one"]);
    disk.faults.borrow_mut().push(Fault::Refused);
    commit(&store, &["b"], "two");
    assert_eq!(finish(store.clear(|_| true)), Ok(()));
    assert!(disk.notes.borrow().is_empty() && store.items().is_empty() && store.unsaved().is_empty());
    assert_eq!(store.host().announced.borrow().last(), Some(&Announcement::Cleared));
    // Without a connection, what may be stored is not left behind unseen.
    commit(&store, &["a"], "one");
    assert!(store.disconnect("gone").is_some());
    assert_eq!(finish(store.clear(|_| true)), Err("gone"));
    assert_eq!(finish(store.clear(|_| false)), Ok(()));
    assert!(store.items().is_empty());
}

#[test]
fn changes_before_the_storage_opens_are_reconciled_with_it() {
    let disk = Rc::new(Disk::default());
    for id in ["a", "b", "c"] {
        disk.put(note(id, &["stored"]));
    }
    let store = Store::new(Tab::default(), "not connected");
    commit(&store, &["a", "x"], "mine");
    assert_eq!(store.unsaved(), ids(&["a", "x"]));
    let loaded = connect(&store, &disk, false);
    assert_eq!((loaded.found, loaded.unreadable, loaded.missing.len()), (4, 1, 0));
    assert_eq!((disk.words("a").unwrap(), disk.words("x").unwrap()), (vec!["stored", "mine"], vec!["mine"]));
    assert_eq!((store.items().len(), store.unsaved()), (4, vec![]));
    assert_eq!(store.host().reported.borrow().last(), Some(&None));
}

#[test]
fn records_missing_from_the_storage_are_stored_again_only_on_request() {
    let (disk, store) = open();
    commit(&store, &["a", "b"], "one");
    drop(store.disconnect("deleted"));
    disk.notes.borrow_mut().remove("a");
    let loaded = connect(&store, &disk, false);
    assert_eq!((loaded.missing, store.unsaved(), disk.words("a")), (ids(&["a"]), ids(&["a"]), None));
    assert_eq!(words(&store, "a"), ["one"]);
    let loaded = connect(&store, &disk, true);
    assert_eq!((loaded.missing, store.unsaved(), disk.words("a")), (ids(&["a"]), vec![], Some(vec!["one"])));
}
