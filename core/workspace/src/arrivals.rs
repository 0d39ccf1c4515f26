//! The choice between several files of one session in an import: by content and then by path, whatever their order.

use crate::Entry;
use crate::import_result::{ImportResult, ImportedFile};
use crate::rebase::rebase;
use crate::reconcile::{Arrival, Reconciled, reconcile};
use crate::record::{Record, Source};
use crate::session_file::SessionFile;
use crate::store::Change;
use callboard_core::{Candidate, Timestamp};
use std::collections::HashMap;
use std::sync::Arc;

/// The outcome of a file that was read.
#[derive(Debug)]
pub struct Received {
    /// The change of the session.
    pub change: Change<Entry>,
    /// The file's result.
    pub result: ImportResult,
    /// True if the file is the session's accepted file in this import from now on.
    is_accepted: bool,
}

/// Returns the outcome of a session of a backup.
pub fn receive_backup(here: Option<&Arc<Entry>>, record: &Record, now: Timestamp) -> Received {
    let Some(entry) = Entry::restore(Record { stamp: 0, ..record.clone() }) else {
        let why = "The backup's version is not a session.".to_owned();
        return Received { change: Change::Nothing, result: ImportResult::NotASession { why }, is_accepted: false };
    };
    match here {
        None => Received { change: Change::Put(Arc::new(entry)), result: ImportResult::Added, is_accepted: false },
        Some(here) => {
            let reconciled = reconcile(here, &Arrival::Record { entry: &entry, source: Source::Backup }, now);
            Received { change: change(reconciled.entry), result: reconciled.result, is_accepted: false }
        }
    }
}

fn change(entry: Option<Entry>) -> Change<Entry> {
    entry.map_or(Change::Nothing, |entry| Change::Put(Arc::new(entry)))
}

/// The paths of a live source's files, each with the id of the session that it is known to hold. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct LivePaths {
    /// The files that are there.
    pub present: Arc<HashMap<String, Option<String>>>,
    /// The files that were there before: at least those that are gone, and those that held another session.
    pub before: Arc<HashMap<String, Option<String>>>,
}

/// The relation of a file of a live source to a session that is loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LiveRelation {
    /// It is the session's own file, under its whole path or under the name of a file that was dropped before.
    Own,
    /// The session's own file was moved there, and perhaps changed.
    Moved,
    /// It is a copy: the session's own file is still there.
    Copy,
    /// The session's own file is not one of the source.
    Foreign,
}

/// Returns whether a file of a live source holds a session, or may as it was not read; `None` if there is no such file.
pub fn may_hold(files: &HashMap<String, Option<String>>, path: &str, id: &str) -> Option<bool> {
    files.get(path).map(|held| held.as_deref().is_none_or(|held| held == id))
}

impl LivePaths {
    /// Iterates over the paths of the files that are gone.
    pub fn gone(&self) -> impl Iterator<Item = &String> {
        self.before.keys().filter(|path| !self.present.contains_key(*path))
    }

    /// Returns true if the session's own file was there and is not any more, or holds another session now. A session that
    /// was dropped beside the source may be at the path of a file of the source: that one's removal is not its own.
    pub fn is_gone(&self, here: &Entry) -> bool {
        let is_in = |files| may_hold(files, here.path(), here.id()) == Some(true);
        is_in(&self.before) && !is_in(&self.present)
    }

    /// Returns the relation of a file to a session.
    pub fn relation(&self, here: &Entry, file: &SessionFile) -> LiveRelation {
        let is_lost = || here.record().file().is_some_and(|known| known.content.is_none());
        match may_hold(&self.present, here.path(), here.id()) {
            _ if here.path() == file.path && !file.is_packed => LiveRelation::Own,
            Some(true) => LiveRelation::Copy,
            _ if file.is_packed => LiveRelation::Foreign,
            Some(false) => LiveRelation::Moved,
            None if self.is_gone(here) || is_lost() => LiveRelation::Moved,
            None if here.record().is_at(&file.path) => LiveRelation::Own,
            None => LiveRelation::Foreign,
        }
    }
}

/// Returns the outcome of a file of a live source: local changes stay on top of the session's own file, also if it was
/// moved. A copy changes nothing.
pub fn receive_live(
    here: Option<&Entry>,
    file: &SessionFile,
    paths: &LivePaths,
    now: Timestamp,
) -> (Option<Entry>, ImportResult) {
    let Some(loaded) = here else { return receive_file(here, file, now) };
    match paths.relation(loaded, file) {
        LiveRelation::Own if loaded.path() == file.path => {
            let Reconciled { entry, result } = rebase(loaded, file, now);
            (entry, result)
        }
        // The source has it at another path than the one that was dropped, or that another folder gave it.
        LiveRelation::Own | LiveRelation::Moved => {
            let mut record = loaded.record().clone();
            record.move_file(&file.path);
            let moved = loaded.with_record(record);
            let Reconciled { entry, result } = rebase(&moved, file, now);
            (Some(entry.unwrap_or(moved)), result)
        }
        LiveRelation::Copy if *file.session.text() == **loaded.text() => (None, ImportResult::Unchanged),
        LiveRelation::Copy => (None, ImportResult::Another { at: loaded.path().to_owned() }),
        LiveRelation::Foreign => receive_file(here, file, now),
    }
}

/// Returns the outcome of the first or only file of a session in an import.
pub fn receive_file(here: Option<&Entry>, file: &SessionFile, now: Timestamp) -> (Option<Entry>, ImportResult) {
    let SessionFile { path, id, session, encoding, .. } = file;
    let (entry, result) = match here {
        None => (Some(Entry::of_file(id.clone(), path.clone(), session, now)), ImportResult::Added),
        Some(here) => {
            let reconciled = reconcile(here, &Arrival::File { path, session }, now);
            (reconciled.entry, reconciled.result)
        }
    };
    let encoded = entry.as_ref().or(here).and_then(|entry| entry.with_encoding(path, *encoding));
    (encoded.or(entry), result)
}

/// The accepted file of each session of an import so far.
#[derive(Debug, Default)]
pub struct Arrivals {
    by_id: HashMap<String, Accepted>,
    /// The paths of the live source; `None` for files that were dropped or chosen.
    live: Option<LivePaths>,
}

/// The best file of a session so far.
#[derive(Debug)]
struct Accepted {
    path: String,
    candidate: Candidate,
    text: Arc<str>,
    /// The session before the import.
    before: Option<Arc<Entry>>,
    /// The session since this file came; another one was changed by somebody.
    after: Option<Arc<Entry>>,
    /// The paths and texts of the session's other files.
    others: Vec<(String, Arc<str>)>,
}

impl Accepted {
    /// Returns the result of another file of the session.
    fn result(&self, text: &str) -> ImportResult {
        if *text == *self.text { ImportResult::Unchanged } else { ImportResult::Another { at: self.path.clone() } }
    }

    /// Tells one file that was dropped twice, with and without its folders, from two files: true if the new path is the
    /// one with the folders, none for two files.
    fn is_same_file(&self, file: &SessionFile) -> Option<bool> {
        let ends = |path: &str, name: &str| path.strip_suffix(name).is_some_and(|folders| folders.ends_with('/'));
        let (longer, shorter) = (ends(&file.path, &self.path), ends(&self.path, &file.path));
        (*file.session.text() == *self.text && (longer || shorter)).then_some(longer)
    }

    /// Returns true if the session is as the accepted file left it.
    fn is_as_left(&self, here: Option<&Arc<Entry>>) -> bool {
        match (here, &self.after) {
            (Some(here), Some(after)) => here.revision() == after.revision(),
            _ => false,
        }
    }
}

impl Arrivals {
    /// Creates the arrivals of a live source's files.
    pub fn live(paths: LivePaths) -> Self {
        Self { live: Some(paths), ..Self::default() }
    }

    /// Returns the paths of the live source, with the ids of the sessions that came; none for files that were dropped.
    pub fn into_live_paths(self) -> Option<LivePaths> {
        self.live
    }

    /// Notes the sessions of files that are received later: their paths decide whether another file is a copy.
    pub fn expect<'a>(&mut self, files: impl Iterator<Item = &'a SessionFile>) {
        if let Some(paths) = &mut self.live {
            let held = files.filter(|file| !file.is_packed).map(|file| (file.path.clone(), Some(file.id.clone())));
            Arc::make_mut(&mut paths.present).extend(held);
        }
    }

    fn receive_first(&self, here: Option<&Entry>, file: &SessionFile, now: Timestamp) -> (Option<Entry>, ImportResult) {
        match &self.live {
            Some(paths) => receive_live(here, file, paths, now),
            None => receive_file(here, file, now),
        }
    }

    /// Returns true if a file should be received after all others: it is at another path than the session's own file,
    /// which may be among them.
    pub fn is_deferred(&self, here: Option<&Arc<Entry>>, file: &SessionFile) -> bool {
        let is_own = |here: &Arc<Entry>| match &self.live {
            Some(paths) => paths.relation(here, file) == LiveRelation::Own,
            None => here.record().is_at(&file.path),
        };
        here.is_some_and(|here| !is_own(here)) && !self.by_id.contains_key(&file.id)
    }

    /// Returns the outcome of a file. Nothing is noted: the change may have to be planned again.
    pub fn receive(&self, here: Option<&Arc<Entry>>, file: &SessionFile, now: Timestamp) -> Received {
        let Some(accepted) = self.by_id.get(&file.id) else {
            let (entry, result) = self.receive_first(here.map(|here| &**here), file, now);
            return Received { change: change(entry), result, is_accepted: true };
        };
        let is_better = match &self.live {
            // A session that was there before keeps its file.
            Some(_) => accepted.before.is_none() && !file.is_packed && file.candidate < accepted.candidate,
            None => accepted.is_same_file(file).unwrap_or(file.candidate < accepted.candidate),
        };
        if is_better && accepted.is_as_left(here) {
            let (entry, result) = self.receive_first(accepted.before.as_deref(), file, now);
            let entry = entry.map(Arc::new).or_else(|| accepted.before.clone());
            return Received { change: entry.map_or(Change::Nothing, Change::Put), result, is_accepted: true };
        }
        let text = file.session.text();
        let is_here = here.is_some_and(|here| **here.text() == *text);
        let is_conflict = here.is_some_and(|here| here.record().conflicts().any(|incoming| *incoming.text == *text));
        let result = match (is_here, is_conflict) {
            (true, _) => ImportResult::Unchanged,
            (_, true) => ImportResult::Conflict,
            _ => accepted.result(text),
        };
        Received { change: Change::Nothing, result, is_accepted: false }
    }

    /// Notes a file that was received: the session was `before` and is `after` now. Returns the new results of files
    /// that came before it.
    pub fn note(
        &mut self,
        file: &SessionFile,
        received: &Received,
        before: Option<Arc<Entry>>,
        after: Option<Arc<Entry>>,
    ) -> Vec<ImportedFile> {
        if let Some(paths) = self.live.as_mut().filter(|_| !file.is_packed) {
            Arc::make_mut(&mut paths.present).insert(file.path.clone(), Some(file.id.clone()));
        }
        // Another tab's change that was combined with it in between is not this file's: nothing takes it back.
        let left = match &received.change {
            Change::Put(item) => Some(item),
            Change::Nothing => before.as_ref(),
            Change::Remove => None,
        };
        let is_left = |after: &Arc<Entry>| {
            let stamp = after.record().stamp;
            left.is_some_and(|left| Record { stamp, ..left.record().clone() } == *after.record())
        };
        let after = after.filter(is_left);
        let text: Arc<str> = match &after {
            Some(after) if **after.text() == *file.session.text() => after.text().clone(),
            _ => file.session.text().into(),
        };
        let Some(accepted) = self.by_id.get_mut(&file.id) else {
            let candidate = file.candidate.clone();
            let accepted = Accepted { path: file.path.clone(), candidate, text, before, after, others: Vec::new() };
            self.by_id.insert(file.id.clone(), accepted);
            return Vec::new();
        };
        if !received.is_accepted {
            if matches!(received.result, ImportResult::Another { .. } | ImportResult::Unchanged) {
                accepted.others.push((file.path.clone(), text));
            }
            return Vec::new();
        }
        let path = std::mem::replace(&mut accepted.path, file.path.clone());
        let previous = std::mem::replace(&mut accepted.text, text);
        accepted.others.push((path, previous));
        accepted.candidate = file.candidate.clone();
        accepted.after = after;
        let others = accepted.others.iter();
        let amended = others.map(|(path, text)| ImportedFile {
            path: path.clone(),
            id: Some(file.id.clone()),
            result: accepted.result(text),
        });
        amended.collect()
    }
}
