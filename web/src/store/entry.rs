//! One loaded session: its text now, the file's text, and the way between the two.
use super::edit::{Edit, Patch};
use super::place::{Incoming, Place, Source, joined, same_file};
use super::record::Record;
use super::summary::Summary;
use callboard_core::diff::LineDiff;
use callboard_core::{Session, Timestamp};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

/// Counts the entries made, so that each is known from the one it replaces.
static REVISIONS: AtomicU64 = AtomicU64::new(0);

/// A loaded session. It is replaced whole when it changes; nothing changes in place.
///
/// It holds the text and what a list shows of it. The session itself is read again when it is asked
/// for, as it takes more room than its text: ten thousand of them are not looked at at once.
#[derive(Clone, Debug)]
pub struct Entry {
    record: Record,
    text: Arc<str>,
    session: OnceLock<Session>,
    summary: Summary,
    revision: u64,
}

impl Entry {
    /// A file as it was dropped.
    pub fn new(id: String, file: String, folder: String, session: &Session) -> Self {
        let text: Arc<str> = session.text().into();
        let record = Record {
            id,
            stamp: 0,
            file,
            folder,
            disk: text.clone(),
            root: text.clone(),
            waiting: Vec::new(),
            edits: Vec::new(),
            done: 0,
        };
        Self::with(record, text, session)
    }

    /// A session as it was stored. `None` when the record's own text is no session,
    /// which only a damaged database can bring about.
    pub fn restore(mut record: Record) -> Option<Self> {
        let mut text = record.root.clone();
        record.done = record.done.min(record.edits.len());
        for at in 0..record.done {
            match record.edits[at].patch.apply(&text) {
                Some(next) => text = next.into(),
                None => {
                    // Those that are dropped took the file along where they took it from another path.
                    for gone in (at..record.done).rev() {
                        swap_place(&mut record, gone);
                    }
                    record.edits.truncate(at);
                    record.done = at;
                    break;
                }
            }
        }
        if text == record.disk {
            text = record.disk.clone();
        }
        let session = Session::parse(&*text).ok()?;
        Some(Self::with(record, text, &session))
    }

    fn with(record: Record, text: Arc<str>, session: &Session) -> Self {
        let changed = !Arc::ptr_eq(&record.disk, &text) && record.disk != text;
        let mut summary = Summary::of(&record.id, &record.file, session, changed);
        summary.waits = !record.waiting.is_empty();
        let revision = REVISIONS.fetch_add(1, Ordering::Relaxed);
        Self { record, text, session: OnceLock::new(), summary, revision }
    }

    /// The same session with another record of it.
    pub(super) fn recorded(&self, record: Record) -> Self {
        let changed = record.disk != self.text;
        let mut summary = self.summary.clone();
        summary.changed = changed;
        summary.waits = !record.waiting.is_empty();
        let revision = REVISIONS.fetch_add(1, Ordering::Relaxed);
        Self { record, text: self.text.clone(), session: OnceLock::new(), summary, revision }
    }

    /// The same, known to be stored under a stamp. It stays the same revision.
    #[must_use]
    pub fn stamped(mut self, stamp: u64) -> Self {
        self.record.stamp = stamp;
        self
    }

    /// A number that no other entry has, older texts of this session included.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// The session's id.
    pub fn id(&self) -> &str {
        &self.record.id
    }

    /// The file's own name.
    pub fn file(&self) -> &str {
        &self.record.file
    }

    /// The folder and the name, as dropped.
    pub fn path(&self) -> String {
        joined(&self.record.folder, &self.record.file)
    }

    /// The session as it is now: read when it is first asked for, and kept. What looks at many of
    /// them takes [`Entry::summary`], or [`Entry::reread`].
    pub fn session(&self) -> &Session {
        self.session.get_or_init(|| self.reread())
    }

    /// The session as it is now, for the caller alone.
    pub fn reread(&self) -> Session {
        Session::reopen(&*self.text)
    }

    /// The text as it is now.
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// What a list shows of it.
    pub fn summary(&self) -> &Summary {
        &self.summary
    }

    /// What the database keeps of it.
    pub fn record(&self) -> &Record {
        &self.record
    }

    /// Whether the text differs from the file's.
    pub fn changed(&self) -> bool {
        self.summary.changed
    }

    /// The lines that differ from the file's, with so many unchanged lines around each change.
    pub fn diff(&self, context: u32) -> LineDiff {
        LineDiff::between(&self.record.disk, &self.text, context)
    }

    /// The local changes that stand, oldest first.
    pub fn standing(&self) -> &[Edit] {
        &self.record.edits[..self.record.done]
    }

    /// The local change that undo would take back.
    pub fn last(&self) -> Option<&Edit> {
        self.standing().last()
    }

    /// The local change that redo would make again.
    pub fn next(&self) -> Option<&Edit> {
        self.record.edits.get(self.record.done)
    }

    /// The other texts of it that wait for a decision, oldest first.
    pub fn waiting(&self) -> &[Incoming] {
        &self.record.waiting
    }

    /// With one more local change; what had been undone before is gone.
    pub fn edited(&self, session: &Session, sentence: String, now: Timestamp) -> Self {
        self.edited_at(None, session, sentence, now)
    }

    /// As [`Entry::edited`], with a text that a file at this place stands for. Undo brings the file back to where
    /// it was: no text goes out under the path of another one.
    pub(super) fn edited_at(&self, place: Option<Place>, session: &Session, sentence: String, now: Timestamp) -> Self {
        let mut record = self.record.clone();
        record.edits.truncate(record.done);
        let left = place.as_ref().filter(|place| !self.is_at(&place.path())).map(|_| self.place());
        let patch = Patch::between(&self.text, session.text());
        record.edits.push(Edit { sentence, made: now, patch, left, took: None });
        record.done = record.edits.len();
        if let Some(place) = place {
            put_at(&mut record, self.known(place));
        }
        Self::with(record, session.text().into(), session)
    }

    /// One local change back.
    pub fn undone(&self) -> Option<Self> {
        let text = self.last()?.patch.revert(&self.text)?;
        let session = Session::parse(text).ok()?;
        let mut record = self.record.clone();
        record.done -= 1;
        let at = record.done;
        swap_place(&mut record, at);
        let undone = Self::with(record, session.text().into(), &session);
        // What the file holds is told of all the same.
        let waits = undone.next()?.took.clone().filter(|took| took.text != undone.record.disk);
        Some(if waits.is_some() { undone.waits_too(waits) } else { undone })
    }

    /// One local change forward again.
    pub fn redone(&self) -> Option<Self> {
        let text = self.next()?.patch.apply(&self.text)?;
        let session = Session::parse(text).ok()?;
        let mut record = self.record.clone();
        let at = record.done;
        swap_place(&mut record, at);
        record.done += 1;
        let redone = Self::with(record, session.text().into(), &session);
        let without = redone.last()?.took.as_ref().map(|took| redone.without(took));
        Some(without.unwrap_or(redone))
    }

    /// Where the file is, and what it holds.
    pub fn place(&self) -> Place {
        let Record { file, folder, disk, .. } = &self.record;
        Place { file: file.clone(), folder: folder.clone(), disk: disk.clone() }
    }

    /// Whether this is the path of the session's file.
    pub fn is_at(&self, path: &str) -> bool {
        same_file(&self.path(), path)
    }

    /// A place in the words that are known here already where it is the same file's: all files that came together
    /// keep the same folders above them.
    fn known(&self, place: Place) -> Place {
        let is_known = !self.record.folder.is_empty() && self.is_at(&place.path());
        if is_known { Place { disk: place.disk, ..self.place() } } else { place }
    }

    /// The text of a file that was dropped, at its own path or at another one, when no local change stands in its
    /// way. The undo history stays, with what had been undone: the update is one more step of it.
    pub fn updated(&self, place: Place, session: &Session, now: Timestamp) -> Self {
        let mut before = self.clone();
        // An older text of the same file waits no more; every other one does.
        let path = place.path();
        let is_older = |waits: &Incoming| waits.is_file() && same_file(&waits.place.path(), &path);
        before.record.waiting.retain(|waits| !is_older(waits) && *waits.text != *session.text());
        if !before.record.edits.is_empty() {
            let kept = before.undone_kept(now);
            return kept.unwrap_or(before).edited_at(Some(place), session, "The file was updated.".into(), now);
        }
        let mut record = before.record;
        put_at(&mut record, self.known(place));
        record.root = record.disk.clone();
        let text = record.root.clone();
        Self::with(record, text, session)
    }

    /// The changes that were undone as changes that stand, and one more that takes them back: a step after it that
    /// nobody made by hand destroys none of them. `None` where none was undone.
    fn undone_kept(&self, now: Timestamp) -> Option<Self> {
        let mut last = self.redone()?;
        while let Some(next) = last.redone() {
            last = next;
        }
        let count = last.record.done - self.record.done;
        let sentence = match count {
            1 => "Stepped back over the change that had been undone.".to_owned(),
            _ => format!("Stepped back over the {count} changes that had been undone."),
        };
        Some(last.edited_at(Some(self.place()), self.session(), sentence, now))
    }

    /// The same text and history, of a file at this place.
    pub(super) fn put_where(&self, place: Place) -> Self {
        let mut record = self.record.clone();
        put_at(&mut record, place);
        Self::with(record, self.text.clone(), self.session())
    }

    /// The file on the disk, at this place, has caught up with the local edits. What waits goes on waiting.
    pub fn caught_up(&self, place: Place) -> Self {
        let place = Place { disk: self.text.clone(), ..self.known(place) };
        let mut record = self.record.clone();
        put_at(&mut record, place);
        written_over(&mut record);
        Self::with(record, self.text.clone(), self.session())
    }

    /// With another text as the file's: what was handed back, or what was before that. What waits goes on waiting,
    /// and every change can still be undone.
    pub fn with_disk(&self, disk: Arc<str>) -> Self {
        let mut record = self.record.clone();
        record.disk = disk;
        written_over(&mut record);
        self.recorded(record)
    }

    /// Where the last change took a text that waited.
    pub(super) fn having_taken(&self, took: &Incoming) -> Self {
        let mut record = self.record.clone();
        if let Some(last) = record.edits[..record.done].last_mut() {
            last.took = Some(took.clone());
        }
        self.recorded(record)
    }

    /// With these texts waiting, and no other.
    pub fn with_waiting(&self, waiting: Vec<Incoming>) -> Self {
        let mut record = self.record.clone();
        record.waiting = waiting;
        self.recorded(record)
    }
}

/// Puts a session's file somewhere.
fn put_at(record: &mut Record, place: Place) {
    Place { file: record.file, folder: record.folder, disk: record.disk } = place;
    known_to_changes(record);
}

/// What the session's file holds now, it holds too where a step over a local change leads back to it from another path.
pub(super) fn known_to_changes(record: &mut Record) {
    let path = joined(&record.folder, &record.file);
    for left in record.edits.iter_mut().filter_map(|edit| edit.left.as_mut()) {
        if same_file(&left.path(), &path) {
            left.disk.clone_from(&record.disk);
        }
    }
}

/// The session's file was written: a dropped text of it that waits is no longer what the disk has.
fn written_over(record: &mut Record) {
    let path = joined(&record.folder, &record.file);
    for waits in record.waiting.iter_mut().filter(|waits| same_file(&waits.place.path(), &path)) {
        if waits.is_file() {
            waits.source = Source::Overwritten;
        }
        waits.place.disk.clone_from(&record.disk);
    }
    known_to_changes(record);
}

/// A step over a local change, back or forward, takes the file along where the change took it from another path.
fn swap_place(record: &mut Record, at: usize) {
    if let Some(left) = record.edits.get_mut(at).and_then(|edit| edit.left.as_mut()) {
        std::mem::swap(&mut left.file, &mut record.file);
        std::mem::swap(&mut left.folder, &mut record.folder);
        std::mem::swap(&mut left.disk, &mut record.disk);
    }
}
