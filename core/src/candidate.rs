//! Choice between several files of one session.

use crate::document::Kind;
use crate::{Session, Timestamp, ids};
use std::cmp::{Ordering, Reverse};

/// File of a session, compared with the session's other files: the first in order is used.
///
/// The order depends on content, then on the path, never on the order of reading:
///
/// 1. a readable state, then an unreadable one, then a file that does not say its state;
/// 2. the longer history: a file that continues another has all of its entries and more;
/// 3. the later `last_updated`; files without one come last;
/// 4. the file name of the session's id, then the path, letter by letter.
///
/// The order is total: each criterion is a value of one file alone.
///
/// ```
/// use callboard_core::{Candidate, Session};
/// let session = |text: &str| Session::parse(text).unwrap();
/// let stated = session(r#"{"session_id": "a", "pipeline_state": {"current_stage": "writing"}}"#);
/// let silent = session(r#"{"session_id": "a", "status": "completed"}"#);
/// assert!(Candidate::of(&stated, "b.json") < Candidate::of(&silent, "a.json"));
/// assert!(Candidate::of(&stated, "a.json") < Candidate::of(&stated, "b.json"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// 0 for a readable state, 1 for an unreadable one, 2 for none.
    state: u8,
    entries: usize,
    last_updated: Option<Timestamp>,
    own_name: bool,
    path: String,
}

impl Candidate {
    /// Creates the candidate of a session's file at a path.
    ///
    /// See the example at [`Candidate`].
    pub fn of(session: &Session, path: &str) -> Candidate {
        let situation = session.situation();
        let state = match (situation.unknown, &situation.unreadable) {
            (true, _) => 2,
            (false, Some(_)) => 1,
            (false, None) => 0,
        };
        let document = session.document();
        let history = session.at(&["history"]).filter(|history| document.kind(*history) == Kind::Array);
        let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
        let own_names = session.id().as_deref().and_then(ids::file_names);
        Candidate {
            state,
            entries: history.map_or(0, |history| document.elements(history).count()),
            last_updated: session.last_updated(),
            own_name: own_names.is_some_and(|names| names.iter().any(|own| own == name)),
            path: path.to_owned(),
        }
    }

    fn key(&self) -> (u8, Reverse<usize>, Reverse<Option<i64>>, Reverse<bool>, &str) {
        let updated = self.last_updated.map(Timestamp::unix);
        (self.state, Reverse(self.entries), Reverse(updated), Reverse(self.own_name), &self.path)
    }
}

impl Ord for Candidate {
    fn cmp(&self, other: &Candidate) -> Ordering {
        self.key().cmp(&other.key())
    }
}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Candidate) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
