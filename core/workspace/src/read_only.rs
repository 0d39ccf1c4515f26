//! Sessions that are read from imported files and never written back: of other pipelines, or of damaged files.

use crate::summary::Summary;
use callboard_core::import::{ForeignSession, OwnSession};
use callboard_core::{Digest, ParseError, Session};
use std::sync::Arc;

/// A session that is only read.
#[derive(Clone, Debug)]
pub struct ReadOnlySession {
    /// Its key, unique among the read-only sessions.
    pub key: String,
    /// Its content.
    pub content: ReadOnlyContent,
    summary: Summary,
    digest: Option<Digest>,
}

/// The content of a read-only session.
#[derive(Clone, Debug)]
pub enum ReadOnlyContent {
    /// A session of another pipeline.
    Foreign(Box<ForeignSession>),
    /// A session of the framework's own shape, in a file that was repaired or holds several.
    Own(Box<OwnCopy>),
}

/// A session of the framework's own shape that is not a file's whole text.
#[derive(Clone, Debug)]
pub struct OwnCopy {
    /// The session.
    pub session: Session,
    /// The file's path.
    pub path: Arc<str>,
    /// The place of the session in the import.
    pub place: OwnSession,
}

impl ReadOnlySession {
    /// Creates a session of another pipeline.
    pub fn foreign(session: ForeignSession) -> Self {
        let summary = Summary::of_foreign(&session);
        let key = session.key.clone();
        Self { key, content: ReadOnlyContent::Foreign(Box::new(session)), summary, digest: None }
    }

    /// Creates a session of the framework's own shape that was read in a file.
    ///
    /// # Errors
    /// The text is not a session.
    pub fn own(place: OwnSession, path: Arc<str>, text: &str) -> Result<Self, ParseError> {
        let session = Session::parse(text)?;
        let digest = session.digest();
        let key = place.index.map_or_else(|| path.to_string(), |index| format!("{path}#{}", index + 1));
        let summary = Summary::of(&place.id, crate::split(&path).1, &session, &digest, false);
        let content = ReadOnlyContent::Own(Box::new(OwnCopy { session, path, place }));
        Ok(Self { key, content, summary, digest: Some(digest) })
    }

    /// Returns the figures that lists show.
    pub fn summary(&self) -> &Summary {
        &self.summary
    }

    /// Returns the figures of a session of the framework's own shape.
    pub fn digest(&self) -> Option<&Digest> {
        self.digest.as_ref()
    }

    /// Returns the session of another pipeline.
    pub fn foreign_session(&self) -> Option<&ForeignSession> {
        match &self.content {
            ReadOnlyContent::Foreign(session) => Some(session),
            ReadOnlyContent::Own(_) => None,
        }
    }

    /// Returns the paths of its files.
    pub fn paths(&self) -> Vec<&str> {
        match &self.content {
            ReadOnlyContent::Foreign(session) => session.files.iter().map(|file| &*file.path).collect(),
            ReadOnlyContent::Own(own) => vec![&own.path],
        }
    }
}
