//! One loaded session: its text now, the file's text, and the way between the two.
use super::edit::{Edit, Patch};
use super::record::Record;
use super::summary::Summary;
use callboard_core::diff;
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
            incoming: None,
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
        let summary = Summary::of(&record.id, &record.file, session, changed);
        let revision = REVISIONS.fetch_add(1, Ordering::Relaxed);
        Self { record, text, session: OnceLock::new(), summary, revision }
    }

    /// The same session with another record of it.
    fn recorded(&self, record: Record) -> Self {
        let changed = record.disk != self.text;
        let mut summary = self.summary.clone();
        summary.changed = changed;
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
        match self.record.folder.as_str() {
            "" => self.record.file.clone(),
            folder => format!("{folder}/{}", self.record.file),
        }
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

    /// The lines that differ from the file's.
    pub fn diff(&self) -> Vec<diff::DiffLine> {
        diff::lines(&self.record.disk, &self.text)
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

    /// The dropped text that waits for a decision.
    pub fn incoming(&self) -> Option<&Arc<str>> {
        self.record.incoming.as_ref()
    }

    /// With one more local change; what had been undone before is gone.
    pub fn edited(&self, session: &Session, sentence: String, now: Timestamp) -> Self {
        let mut record = self.record.clone();
        record.edits.truncate(record.done);
        record.edits.push(Edit { sentence, made: now, patch: Patch::between(&self.text, session.text()) });
        record.done = record.edits.len();
        Self::with(record, session.text().into(), session)
    }

    /// One local change back.
    pub fn undone(&self) -> Option<Self> {
        let text = self.last()?.patch.revert(&self.text)?;
        let session = Session::parse(text).ok()?;
        let mut record = self.record.clone();
        record.done -= 1;
        Some(Self::with(record, session.text().into(), &session))
    }

    /// One local change forward again.
    pub fn redone(&self) -> Option<Self> {
        let text = self.next()?.patch.apply(&self.text)?;
        let session = Session::parse(text).ok()?;
        let mut record = self.record.clone();
        record.done += 1;
        Some(Self::with(record, session.text().into(), &session))
    }

    /// The same file again with another text, when no local change stands in its way.
    /// The undo history stays: the update is one more step of it.
    pub fn updated(&self, session: &Session, now: Timestamp) -> Self {
        let next = if self.record.edits.is_empty() {
            let mut record = self.record.clone();
            record.root = session.text().into();
            let text = record.root.clone();
            Self::with(record, text, session)
        } else {
            self.edited(session, "The file was updated.".into(), now)
        };
        next.caught_up()
    }

    /// The file on the disk has caught up with the local edits.
    pub fn caught_up(&self) -> Self {
        let mut record = self.record.clone();
        record.disk = self.text.clone();
        record.incoming = None;
        self.recorded(record)
    }

    /// With another text as the file's: what was handed back, or what was before that. Nothing that waits is
    /// touched, and every change can still be undone.
    pub fn with_disk(&self, disk: Arc<str>) -> Self {
        let mut record = self.record.clone();
        record.disk = disk;
        self.recorded(record)
    }

    /// With a dropped text set aside, or with none.
    pub fn with_incoming(&self, incoming: Option<Arc<str>>) -> Self {
        let mut record = self.record.clone();
        record.incoming = incoming;
        self.recorded(record)
    }

    /// The dropped text taken in place of the local edits, which stay in the undo history.
    pub fn with_incoming_taken(&self, now: Timestamp) -> Option<Self> {
        let session = Session::parse(&**self.incoming()?).ok()?;
        let sentence = "The dropped file was taken in place of the local edits.";
        Some(self.edited(&session, sentence.into(), now).caught_up())
    }
}
