//! The one table by which a text or a record that arrives meets the session that is loaded.
//!
//! A file that is imported, a change of a file on disk, a backup and the record of another tab go the same way: the
//! relation of the arriving text to the loaded versions decides.

use crate::Entry;
use crate::import_result::ImportResult;
use crate::record::{Incoming, KnownFile, Origin, Record, Source, Step, TextHash, Version};
use callboard_core::import::Encoding;
use callboard_core::{Session, Timestamp};
use std::sync::Arc;

/// A text or a record that arrives.
#[derive(Debug)]
pub enum Arrival<'a> {
    /// A file was read.
    File {
        /// The folders and the name.
        path: &'a str,
        /// The session it holds.
        session: &'a Session,
    },
    /// A record from a backup or from another tab.
    Record {
        /// The session as it is there.
        entry: &'a Entry,
        /// The source: [`Source::Backup`] or [`Source::Tab`].
        source: Source,
    },
}

/// The outcome of an arrival.
#[derive(Debug)]
pub struct Reconciled {
    /// The session afterwards; none where nothing changed.
    pub entry: Option<Entry>,
    /// The result, as an import reports it.
    pub result: ImportResult,
}

/// The relation of an arriving text to the loaded session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Relation {
    /// It is the current text.
    Same,
    /// It continues the current version, or the current text has no changes that it could lose.
    Ahead,
    /// It is known: local changes were made from it, or somebody decided about it.
    Behind,
    /// Both have changed.
    Diverged,
}

/// Reconciles an arrival with the loaded session, where there is one.
pub fn reconcile(here: &Entry, arrival: &Arrival<'_>, now: Timestamp) -> Reconciled {
    let relation = relation(here, arrival);
    let (record, result) = match (arrival, relation) {
        (Arrival::File { path, session }, Relation::Same) => same_file_text(here, path, session, now),
        (Arrival::File { path, session }, Relation::Ahead) => return updated(here, path, session, now),
        (Arrival::File { path, session }, Relation::Behind) => {
            (with_file(here.record(), path, shared(here, session), now), ImportResult::Unchanged)
        }
        (Arrival::File { path, session }, Relation::Diverged) => {
            (with_conflict(here, path, session, now), ImportResult::Conflict)
        }
        (Arrival::Record { entry, .. }, Relation::Ahead) => {
            let mut record = absorb(here.record(), entry.record());
            record.current = entry.record().current;
            record.tip = entry.record().tip;
            let entry = entry.with_record(record);
            return Reconciled { entry: Some(entry), result: ImportResult::Updated };
        }
        (Arrival::Record { entry, .. }, Relation::Same | Relation::Behind) => {
            let record = absorb(here.record(), entry.record());
            let is_open = record.conflicts().any(|incoming| incoming.text == *entry.text());
            let news = is_open || record.conflicts().count() > here.record().conflicts().count();
            (record, if news { ImportResult::BackupConflict } else { ImportResult::Unchanged })
        }
        (Arrival::Record { entry, source }, Relation::Diverged) => {
            let theirs = entry.record();
            let mut record = absorb(here.record(), theirs);
            let base = common_base(here.record(), theirs)
                .or_else(|| theirs.compared_with())
                .filter(|base| base != entry.text());
            record.add_incoming(Incoming {
                text: entry.text().clone(),
                path: theirs.path().to_owned(),
                source: *source,
                base,
                resolved_by: None,
            });
            (record, ImportResult::BackupConflict)
        }
    };
    let entry = (record != *here.record()).then(|| here.with_record(record));
    Reconciled { entry, result }
}

fn relation(here: &Entry, arrival: &Arrival<'_>) -> Relation {
    let record = here.record();
    match arrival {
        Arrival::File { path, session } => {
            let text = session.text();
            if text == &**here.text() {
                return Relation::Same;
            }
            let undecided = record.conflicts().any(|incoming| &*incoming.text == text);
            let known = !undecided && record.file().and_then(|file| file.content.as_deref()) == Some(text);
            let decided = record.inbox.iter().any(|incoming| &*incoming.text == text && record.is_resolved(incoming));
            // If nothing would be lost, a file at another path is accepted, even an older one.
            let may_be_behind = here.changed() || record.is_at(path);
            if known || decided || (may_be_behind && is_behind(here, TextHash::of(text))) {
                Relation::Behind
            } else if here.changed() {
                Relation::Diverged
            } else {
                Relation::Ahead
            }
        }
        Arrival::Record { entry, source } => {
            let theirs = entry.record();
            // A backup without unexported changes is as old as its file was: the newer file stands.
            let is_old_file = *source == Source::Backup && !entry.changed();
            if entry.text() == here.text() {
                Relation::Same
            } else if record.version(theirs.current).is_some() {
                Relation::Behind
            } else if theirs.is_ancestor(record.current, theirs.current) {
                Relation::Ahead
            } else if is_old_file {
                Relation::Behind
            } else {
                Relation::Diverged
            }
        }
    }
}

/// Returns true if local changes were made from a text: the file that holds it is older than what is shown. Where the
/// shown text is no file's, it is itself such a change: an undone update of the file, say.
fn is_behind(here: &Entry, text: TextHash) -> bool {
    let mut local = here.changed();
    for version in here.record().ancestors(here.record().current) {
        if version.hash == text {
            return local;
        }
        local |= version.origin == Origin::Local;
    }
    false
}

/// The file holds the current text.
fn same_file_text(here: &Entry, path: &str, session: &Session, now: Timestamp) -> (Record, ImportResult) {
    let record = here.record();
    let is_unwritten = record.file().is_none_or(|file| file.content.is_none());
    let is_own = is_unwritten || record.is_at(path);
    let result = if here.changed() && is_own { ImportResult::CaughtUp } else { ImportResult::Unchanged };
    let mut next = with_file(record, path, shared(here, session), now);
    if is_unwritten && !record.is_at(path) {
        // A session that was made here has its file where its text is found.
        next.files.retain(|file| file.content.is_some());
        let step = Step {
            text: here.text().clone(),
            edits: Some(callboard_core::TextEdits::default()),
            path: Some(path.to_owned()),
            label: format!("The file is at {path}."),
            at: now,
            origin: Origin::File,
        };
        next.append(here.text(), step, path);
    }
    (next, result)
}

/// The file's text becomes the current one: nothing here would be lost.
fn updated(here: &Entry, path: &str, session: &Session, now: Timestamp) -> Reconciled {
    let record = here.record();
    let moved = !record.is_at(path);
    let result = if moved { ImportResult::Moved { from: record.path().to_owned() } } else { ImportResult::Updated };
    let text = shared(here, session);
    let mut next = with_file(record, path, text.clone(), now);
    if !record.has_local_versions() && record.inbox.is_empty() {
        // Without local changes there is nothing to go back to: the file's own history is in the repository.
        next = unversioned(&next, if moved { path } else { next.path() }, text, now);
    } else {
        let step = Step {
            text,
            edits: None,
            path: moved.then(|| path.to_owned()),
            label: "The file was updated.".into(),
            at: now,
            origin: Origin::File,
        };
        next.append(here.text(), step, "");
    }
    Reconciled { entry: Some(Entry::new(next, session)), result }
}

/// The file's text differs from local changes: both are kept until somebody decides.
fn with_conflict(here: &Entry, path: &str, session: &Session, now: Timestamp) -> Record {
    let record = here.record();
    let text = shared(here, session);
    let held = record.file_at(path).filter(|file| record.is_at(&file.path)).and_then(|file| file.content.clone());
    // While an older text of this file is in conflict, its base is still what both sides started from.
    let older =
        record.conflicts().find(|incoming| incoming.source == Source::File && Some(&incoming.text) == held.as_ref());
    let base = match older {
        Some(older) => older.base.clone(),
        // A file with both sides of an unresolved merge is no text that a change started from.
        None => held.filter(|held| Session::parse(&**held).is_ok()),
    };
    let mut next = with_file(record, path, text.clone(), now);
    next.add_incoming(Incoming { text, path: path.to_owned(), source: Source::File, base, resolved_by: None });
    next
}

/// Returns the record of a session whose only version is the text of its file at a path.
pub(crate) fn unversioned(record: &Record, path: &str, text: Arc<str>, now: Timestamp) -> Record {
    let encoding = record.file_at(path).map_or(Encoding::Utf8, |file| file.encoding);
    let mut next = Record { stamp: record.stamp, ..Record::of_file(record.id.clone(), path.to_owned(), text, now) };
    next.set_encoding(path, encoding);
    next
}

/// Records a file's text, which also ends conflicts with what the file held before.
pub(crate) fn with_file(record: &Record, path: &str, text: Arc<str>, now: Timestamp) -> Record {
    let mut next = record.clone();
    if record.file_at(path).is_some_and(|file| file.content.as_ref() == Some(&text) && file.path.len() >= path.len()) {
        return next;
    }
    next.forget_older(path, &text);
    next.set_file(path, Some(text), now);
    next
}

/// Returns a session's text as an entry holds it already, where it does.
fn shared(here: &Entry, session: &Session) -> Arc<str> {
    let held = here.record().files.iter().filter_map(|file| file.content.as_ref());
    let mut held = held.chain(here.record().inbox.iter().map(|incoming| &incoming.text)).chain([here.text()]);
    held.find(|text| &***text == session.text()).cloned().unwrap_or_else(|| session.text().into())
}

/// Returns the text of the newest version that both records come from.
fn common_base(ours: &Record, theirs: &Record) -> Option<Arc<str>> {
    let common = ours.ancestors(ours.current).find(|version| theirs.is_ancestor(version.id, theirs.current))?;
    ours.text_of(common.id)
}

/// Returns the union of two records of one session: versions, files and inbox of both. The cursor, the stamp and the
/// order of what both have stay those of `ours`; of a file, the later sight counts.
pub fn absorb(ours: &Record, theirs: &Record) -> Record {
    let mut record = ours.clone();
    let missing = |version: &&Version| ours.version(version.id).is_none();
    record.versions.extend(theirs.versions.iter().filter(missing).cloned());
    for KnownFile { path, content, seen_at, encoding } in &theirs.files {
        if record.file_at(path).is_none_or(|known| known.seen_at < *seen_at) {
            record.set_file(path, content.clone(), *seen_at);
            record.set_encoding(path, *encoding);
        }
    }
    for incoming in &theirs.inbox {
        let known = record.inbox.iter_mut().find(|known| known.text == incoming.text);
        match known {
            Some(known) => known.resolved_by = known.resolved_by.or(incoming.resolved_by),
            None => record.inbox.push(incoming.clone()),
        }
    }
    record
}

/// Returns the record to show and to store where one that could not be stored meets the one that is stored.
///
/// Local changes here stay, and the stored text becomes a conflict beside them unless one continues the other. A file
/// that was only loaded here counts as one that is read now.
pub fn meet(here: &Entry, stored: &Entry, now: Timestamp) -> Entry {
    let stamp = stored.record().stamp;
    let is_more_than_a_file = here.changed() || here.record().has_local_versions() || !here.record().inbox.is_empty();
    let met = if is_more_than_a_file {
        let arrival = Arrival::Record { entry: stored, source: Source::Tab };
        reconcile(here, &arrival, now).entry.unwrap_or_else(|| here.clone())
    } else {
        let arrival = Arrival::File { path: here.path(), session: here.session() };
        let met = reconcile(stored, &arrival, now).entry.unwrap_or_else(|| stored.clone());
        let met = met.with_encoding(here.path(), here.record().encoding()).unwrap_or(met);
        // A backup that was restored beside the file brought versions of its own.
        let is_alone = here.record().versions.len() < 2;
        if is_alone { met } else { met.with_record(absorb(met.record(), here.record())) }
    };
    met.stamped(stamp)
}
