//! The sessions of a producer's workspace: versions, known files, conflicts, and the one commit that stores them.
//!
//! [`Record`] is the pure model: versions are append-only, a cursor points at the current one, and whether a session is
//! changed, in conflict or can be undone is derived. [`reconcile`] is the table by which files, backups and other tabs
//! meet a loaded session. [`plan`] has the changes people ask for. [`Store::commit`] is the only code that writes, to
//! any [`SessionStorage`]. Nothing here knows of a browser or of the time.

pub mod plan;

mod arrivals;
mod attention;
mod change_log;
mod collection;
mod completions;
mod draft;
mod entry;
mod foreign_file;
mod import_result;
mod imported_files;
mod listed;
mod new_sessions;
mod output_path;
mod path;
mod read_only;
mod rebase;
mod reconcile;
mod record;
mod schedule;
mod session_file;
mod shape_trial;
mod store;
mod stored;
mod stored_record;
mod stored_shape;
mod summary;

pub use arrivals::{Arrivals, LivePaths, LiveRelation, Received, may_hold, receive_backup, receive_file, receive_live};
pub use attention::{AttentionGroup, AttentionItem, AttentionList};
pub use change_log::{ChangeLog, LoggedChange, VersionState, last_change, next_change};
pub use collection::{Collection, Sessions};
pub use completions::{Completion, Completions};
pub use draft::Draft;
pub use entry::Entry;
pub use foreign_file::{ForeignFile, unread};
pub use import_result::{ImportResult, ImportedFile};
pub use imported_files::{Assembled, ImportedFiles};
pub use listed::Listed;
pub use new_sessions::NewSessions;
pub use output_path::candidates as output_candidates;
pub use path::{joined, same_file, split};
pub use read_only::{OwnCopy, ReadOnlyContent, ReadOnlySession};
pub use rebase::rebase;
pub use reconcile::{Arrival, Reconciled, absorb, meet, reconcile};
pub use record::{Content, Incoming, KnownFile, Origin, Record, Source, Step, TextHash, Version, VersionId};
pub use schedule::{Schedule, ScheduleWeek, ScheduledSession};
pub use session_file::SessionFile;
pub use shape_trial::ShapeTrial;
pub use store::{
    Announcement, Change, Durability, Host, Loaded, Page, PlanResult, Planned, SessionStorage, Store, Write, Written,
};
pub use stored::Stored;
pub use stored_record::{LegacyRecord, StoredRecord};
pub use stored_shape::StoredShape;
pub use summary::{ListState, Mark, Marks, Summary};

impl Stored for Entry {
    fn id(&self) -> &str {
        Entry::id(self)
    }

    fn stamp(&self) -> u64 {
        self.record().stamp
    }

    fn stamped(self, stamp: u64) -> Self {
        Entry::stamped(self, stamp)
    }

    fn numbered(&self, before: Option<&Self>, order: u64) -> Option<Self> {
        Entry::numbered(self, before, order)
    }

    fn last_order(&self) -> u64 {
        self.record().last_order()
    }

    fn meet(here: &Self, stored: &Self, now: callboard_core::Timestamp) -> Self {
        meet(here, stored, now)
    }

    fn is_stored_as(&self, stored: &Self) -> bool {
        self.record() == stored.record()
    }

    fn has_change(&self, before: Option<&Self>, after: &Self) -> bool {
        let is_new = |version: &&Version| before.is_none_or(|before| before.record().version(version.id).is_none());
        let mut new = after.record().versions.iter().filter(is_new).peekable();
        new.peek().is_some() && new.all(|version| self.record().version(version.id).is_some())
    }
}
