//! A loaded session: its record, its text and the figures that lists show.

use crate::path::split;
use crate::record::{Content, Incoming, Record, Step, Version, VersionId};
use crate::summary::Summary;
use callboard_core::import::Encoding;
use callboard_core::{Digest, ParseError, Session, Timestamp};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

/// The length from which a text's session is kept with it, in bytes: that takes more room than the text.
const LARGE: usize = 1 << 20;

/// Counts the entries made, so that each is told from the one it replaces.
static REVISIONS: AtomicU64 = AtomicU64::new(0);

/// A loaded session. It is replaced whole when it changes; nothing changes in place.
///
/// It holds the text and what a list shows of it. The session itself is read again when it is asked for, as it takes
/// more room than its text.
#[derive(Clone, Debug)]
pub struct Entry {
    record: Record,
    text: Arc<str>,
    session: Arc<OnceLock<Session>>,
    summary: Summary,
    digest: Digest,
    revision: u64,
}

impl Entry {
    /// Creates the entry of a record whose current text is `session`'s.
    pub fn new(record: Record, session: &Session) -> Self {
        let text = shared(&record, session.text());
        let (_, file) = split(record.path());
        let digest = session.digest();
        let mut summary = Summary::of(&record.id, file, session, &digest, record.differs(&text));
        summary.conflict = record.conflicts().next().is_some();
        let revision = REVISIONS.fetch_add(1, Ordering::Relaxed);
        Self { record, text, session: Arc::default(), summary, digest, revision }
    }

    /// Creates the entry of a session that was loaded from a file.
    pub fn of_file(id: String, path: String, session: &Session, now: Timestamp) -> Self {
        Self::new(Record::of_file(id, path, session.text().into(), now), session)
    }

    /// Creates the entry of a record as it was stored.
    ///
    /// None if its current text is no session, which only a damaged database brings about.
    pub fn restore(record: Record) -> Option<Self> {
        let text = record.text_of(record.current)?;
        let session = Session::parse(&*text).ok()?;
        Some(Self::new(record, &session))
    }

    /// Returns the same text with another record of it.
    #[must_use]
    pub fn with_record(&self, record: Record) -> Self {
        if split(record.path()).1 != self.summary.file {
            return Self::new(record, self.session());
        }
        let mut summary = self.summary.clone();
        summary.changed = record.differs(&self.text);
        summary.conflict = record.conflicts().next().is_some();
        let revision = REVISIONS.fetch_add(1, Ordering::Relaxed);
        let (text, session, digest) = (self.text.clone(), self.session.clone(), self.digest.clone());
        Self { record, text, session, summary, digest, revision }
    }

    /// Returns the entry with another encoding of the file at a path; none where that is known already.
    pub fn with_encoding(&self, path: &str, encoding: Encoding) -> Option<Self> {
        let is_news = self.record.file_at(path).is_some_and(|file| file.encoding != encoding);
        is_news.then(|| {
            let mut record = self.record.clone();
            record.set_encoding(path, encoding);
            self.with_record(record)
        })
    }

    /// Returns the entry with another step after its current version. `salt` tells steps to the same text apart.
    #[must_use]
    pub fn with_step(&self, step: Step, session: Session, salt: &str) -> Self {
        let mut record = self.record.clone();
        record.append(&self.text, step, salt);
        Self::new(record, &session).with_session(session)
    }

    /// Returns the entry with the cursor at a version; none if there is no such version.
    ///
    /// # Errors
    /// The core's error, where the version's text is no session.
    pub fn at_version(&self, target: VersionId) -> Option<Result<Self, ParseError>> {
        let text = self.text_of(target)?;
        let mut record = self.record.clone();
        record.go_to(target);
        if *text == *self.text {
            return Some(Ok(self.with_record(record)));
        }
        Some(Session::parse(&*text).map(|session| Self::new(record, &session).with_session(session)))
    }

    /// Returns the text of a version: from the current one if that is its child, which is quicker than from the root.
    pub fn text_of(&self, target: VersionId) -> Option<Arc<str>> {
        let current = self.record.current_version()?;
        match &current.content {
            Content::Edits(edits) if current.parent == Some(target) => edits.revert(&self.text).map(Into::into),
            _ if current.id == target => Some(self.text.clone()),
            _ => match self.record.version(target) {
                Some(Version { parent: Some(parent), content: Content::Edits(edits), .. }) if *parent == current.id => {
                    edits.apply(&self.text).map(Into::into)
                }
                _ => self.record.text_of(target),
            },
        }
    }

    /// Returns the entry with its session, as it was read already: a large text is not read twice.
    fn with_session(self, session: Session) -> Self {
        if self.text.len() >= LARGE {
            // It is empty: the entry is new.
            let _ = self.session.set(session);
        }
        self
    }

    /// Returns a number that no other entry has, older ones of this session included.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Returns the session's id.
    pub fn id(&self) -> &str {
        &self.record.id
    }

    /// Returns the file's name.
    pub fn file(&self) -> &str {
        split(self.record.path()).1
    }

    /// Returns the file's folders, joined by `/`; empty for a loose file.
    pub fn folder(&self) -> &str {
        split(self.record.path()).0
    }

    /// Returns the file's path.
    pub fn path(&self) -> &str {
        self.record.path()
    }

    /// Returns the session, read when it is first asked for. For many of them take [`Entry::summary`].
    pub fn session(&self) -> &Session {
        self.session.get_or_init(|| self.reread())
    }

    /// Reads the session for the caller alone.
    pub fn reread(&self) -> Session {
        Session::reopen(&*self.text)
    }

    /// Returns the current text.
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// Returns the figures that lists show.
    pub fn summary(&self) -> &Summary {
        &self.summary
    }

    /// Returns the figures from which the core works out health and progress at any moment.
    pub fn digest(&self) -> &Digest {
        &self.digest
    }

    /// Returns the record, as it is stored.
    pub fn record(&self) -> &Record {
        &self.record
    }

    /// Returns true if the text differs from the file's.
    pub fn changed(&self) -> bool {
        self.summary.changed
    }

    /// Returns the conflicts, oldest first.
    pub fn conflicts(&self) -> Vec<&Incoming> {
        self.record.conflicts().collect()
    }

    /// Returns the version that undo takes back; none where nothing can be undone.
    pub fn last(&self) -> Option<&Version> {
        self.record.current_version().filter(|version| version.parent.is_some())
    }

    /// Returns the version that redo leads to; none where nothing was undone.
    pub fn next(&self) -> Option<&Version> {
        self.record.redo_target().and_then(|next| self.record.version(next))
    }

    /// Returns the entry with the steps numbered that the one before a commit did not have; none if there are none.
    pub fn numbered(&self, before: Option<&Self>, order: u64) -> Option<Self> {
        // The common case of an import: nothing was changed here.
        if !self.record.has_local_versions() {
            return None;
        }
        let mut record = self.record.clone();
        let before = before.map(|before| &before.record);
        record.number(before, order).then(|| Self { record, ..self.clone() })
    }

    /// Returns the entry under the stamp of the write that stored it. It stays the same revision.
    #[must_use]
    pub fn stamped(mut self, stamp: u64) -> Self {
        self.record.stamp = stamp;
        self
    }
}

/// Returns a text as the record already holds it, so that it is in memory once.
fn shared(record: &Record, text: &str) -> Arc<str> {
    let file = record.file().and_then(|file| file.content.as_ref());
    match (file, record.current_version().map(|version| &version.content)) {
        (_, Some(Content::Text(own))) if **own == *text => own.clone(),
        (Some(file), _) if **file == *text => file.clone(),
        _ => text.into(),
    }
}
