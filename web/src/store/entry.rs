//! One loaded session: its text now, the file's text, and the way between the two.
use super::edit::{Edit, Patch};
use super::record::Record;
use super::summary::Summary;
use callboard_core::diff;
use callboard_core::{Session, Timestamp};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Counts the entries made, so that each is known from the one it replaces.
static REVISIONS: AtomicU64 = AtomicU64::new(0);

/// A loaded session. It is replaced whole when it changes; nothing changes in place.
#[derive(Clone, Debug)]
pub struct Entry {
    record: Record,
    session: Session,
    summary: Summary,
    revision: u64,
}

impl Entry {
    /// A file as it was dropped.
    pub fn new(id: String, file: String, folder: String, session: Session) -> Self {
        let text: Arc<str> = session.text().into();
        let record =
            Record { id, file, folder, disk: text.clone(), root: text, incoming: None, edits: Vec::new(), done: 0 };
        Self::with(record, session)
    }

    /// A session as it was stored. `None` when the record's own text is no session,
    /// which only a damaged database can bring about.
    pub fn restore(mut record: Record) -> Option<Self> {
        let mut text = record.root.to_string();
        record.done = record.done.min(record.edits.len());
        for at in 0..record.done {
            match record.edits[at].patch.apply(&text) {
                Some(next) => text = next,
                None => {
                    record.edits.truncate(at);
                    record.done = at;
                    break;
                }
            }
        }
        let session = Session::parse(text).ok()?;
        Some(Self::with(record, session))
    }

    fn with(record: Record, session: Session) -> Self {
        let changed = *record.disk != *session.text();
        let summary = Summary::of(&record.id, &record.file, &session, changed);
        let revision = REVISIONS.fetch_add(1, Ordering::Relaxed);
        Self { record, session, summary, revision }
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

    /// The session as it is now.
    pub fn session(&self) -> &Session {
        &self.session
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
        diff::lines(&self.record.disk, self.session.text())
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
    pub fn edited(&self, session: Session, sentence: String, now: Timestamp) -> Self {
        let mut record = self.record.clone();
        record.edits.truncate(record.done);
        record.edits.push(Edit { sentence, made: now, patch: Patch::between(self.session.text(), session.text()) });
        record.done = record.edits.len();
        Self::with(record, session)
    }

    /// One local change back.
    pub fn undone(&self) -> Option<Self> {
        let session = self.last()?.patch.revert(self.session.text())?;
        let session = Session::parse(session).ok()?;
        let mut record = self.record.clone();
        record.done -= 1;
        Some(Self::with(record, session))
    }

    /// One local change forward again.
    pub fn redone(&self) -> Option<Self> {
        let session = self.next()?.patch.apply(self.session.text())?;
        let session = Session::parse(session).ok()?;
        let mut record = self.record.clone();
        record.done += 1;
        Some(Self::with(record, session))
    }

    /// The same file again with another text, when no local change stands in its way.
    /// The undo history stays: the update is one more step of it.
    pub fn updated(&self, session: Session, now: Timestamp) -> Self {
        let mut next = if self.record.edits.is_empty() {
            let mut record = self.record.clone();
            record.root = session.text().into();
            Self::with(record, session)
        } else {
            self.edited(session, "The file was updated.".into(), now)
        };
        next.record.disk = next.session.text().into();
        next.record.incoming = None;
        Self::with(next.record, next.session)
    }

    /// The file on the disk has caught up with the local edits.
    pub fn caught_up(&self) -> Self {
        let mut record = self.record.clone();
        record.disk = self.session.text().into();
        record.incoming = None;
        Self::with(record, self.session.clone())
    }

    /// With another text as the file's: what was handed back, or what was before that. Nothing that waits is
    /// touched, and every change can still be undone.
    pub fn with_disk(&self, disk: Arc<str>) -> Self {
        let mut record = self.record.clone();
        record.disk = disk;
        Self::with(record, self.session.clone())
    }

    /// With a dropped text set aside, or with none.
    pub fn with_incoming(&self, incoming: Option<Arc<str>>) -> Self {
        let mut record = self.record.clone();
        record.incoming = incoming;
        Self::with(record, self.session.clone())
    }

    /// The dropped text taken in place of the local edits, which stay in the undo history.
    pub fn with_incoming_taken(&self, now: Timestamp) -> Option<Self> {
        let session = Session::parse(&**self.incoming()?).ok()?;
        let sentence = "The dropped file was taken in place of the local edits.";
        let mut next = self.edited(session, sentence.into(), now);
        next.record.disk = next.session.text().into();
        next.record.incoming = None;
        Some(Self::with(next.record, next.session))
    }
}
