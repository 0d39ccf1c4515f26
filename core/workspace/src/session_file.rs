//! Session files as they were read.

use callboard_core::import::Encoding;
use callboard_core::{Candidate, Session};

/// A session file that was read.
#[derive(Debug)]
pub struct SessionFile {
    /// The folders and the name.
    pub path: String,
    /// The session's id.
    pub id: String,
    /// The session.
    pub session: Session,
    /// The encoding of the file's bytes.
    pub encoding: Encoding,
    /// True if the file was unpacked from an archive, where it cannot be written.
    pub is_packed: bool,
    pub(crate) candidate: Candidate,
}

impl SessionFile {
    /// Returns the file of a session; none for a session without an id.
    pub fn new(path: String, session: Session) -> Option<Self> {
        let id = session.id().filter(|id| !id.is_empty())?;
        let candidate = Candidate::of(&session, &path);
        Some(Self { path, id, session, encoding: Encoding::Utf8, is_packed: false, candidate })
    }

    /// Returns the file with the encoding of its bytes.
    #[must_use]
    pub fn in_encoding(self, encoding: Encoding) -> Self {
        Self { encoding, ..self }
    }
}
