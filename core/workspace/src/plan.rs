//! Plans: the changes of a session that people and files ask for, each a pure function of the session as it is stored.

use crate::Entry;
use crate::record::{Incoming, Origin, Record, Source, Step, TextHash, VersionId};
use crate::store::{PlanResult, Planned};
use callboard_core::{
    Date, Event, EventKind, Fix, HistoryEntry, MergeSide, Merged, ParseError, Planning, Policy, Session, TextEdits,
    Timestamp, merge_choosing,
};
use std::collections::HashMap;
use std::sync::Arc;

/// The outcome of a session's plan.
pub type SessionPlan = PlanResult<Entry>;

/// Stores an entry whose newest version says what happened, and can be undone.
fn stepped(entry: Entry) -> Planned<Entry> {
    let message = entry.last().map(|version| version.label.clone()).unwrap_or_default();
    let undo = Some(entry.record().current);
    Planned { message, undo, ..Planned::put(entry) }
}

/// Applies an event.
///
/// # Errors
/// The core's refusal.
pub fn apply(entry: &Entry, event: &Event, now: Timestamp, policy: &Policy) -> SessionPlan {
    apply_at(entry, event, now, now, policy)
}

/// Applies an event that happened `at` another time than now.
///
/// # Errors
/// The core's refusal.
pub fn apply_at(entry: &Entry, event: &Event, at: Timestamp, now: Timestamp, policy: &Policy) -> SessionPlan {
    let mut session = entry.reread();
    let outcome = session.apply(event, at, policy).map_err(|refusal| refusal.to_string())?;
    let message = outcome.sentence();
    if outcome.duplicate.is_some() {
        return Ok(Planned::nothing(message));
    }
    Ok(stepped(step(entry, session, message, now)))
}

/// Makes a certain correction of the text.
///
/// # Errors
/// The correction is none of this text.
pub fn fix(entry: &Entry, fix: &Fix, now: Timestamp) -> SessionPlan {
    let mut session = entry.reread();
    if session.fix(fix) {
        Ok(stepped(step(entry, session, format!("{}.", fix.title), now)))
    } else {
        Err("Not fixed: the text changed in the meantime.".into())
    }
}

/// Replaces the text `over` by one that somebody wrote.
///
/// # Errors
/// The session has another text now, or the new one cannot be taken: see [`manual_edit`].
pub fn edit(entry: &Entry, over: &str, text: &str, now: Timestamp) -> SessionPlan {
    if **entry.text() != *over {
        return Err("The session was changed elsewhere while you were writing. \
                    Your text is kept: see what has changed, then decide."
            .to_owned());
    }
    let session = manual_edit(entry.session(), text.to_owned())?;
    Ok(stepped(step(entry, session, "Text edited by hand.".into(), now)))
}

/// Reads a text that was written by hand over a session's.
///
/// # Errors
/// The place where it cannot be read, or that it is another session's.
pub fn manual_edit(before: &Session, text: String) -> Result<Session, String> {
    let after = Session::parse(text).map_err(|error| error.to_string())?;
    if after.id() == before.id() { Ok(after) } else { Err("Keep the session_id: it identifies the session.".into()) }
}

/// Writes the planning: owner, due date, labels and notes.
///
/// # Errors
/// The file's planning is something else, or nothing differs.
pub fn set_planning(entry: &Entry, planning: &Planning, now: Timestamp) -> SessionPlan {
    let mut session = entry.reread();
    let before = session.planning();
    session.set_planning(planning).map_err(|refusal| refusal.to_string())?;
    let after = session.planning();
    let label = planning_label(&before, &after).ok_or("Nothing to change: the planning is the same.")?;
    // A plan writes no time: one that is made again after its undo is a step of its own.
    Ok(stepped(salted_step(entry, session, label, now, &now.to_string())))
}

/// Returns one sentence about a change of the planning; none if nothing differs.
fn planning_label(before: &Planning, after: &Planning) -> Option<String> {
    let value = |name: &str, value: Option<String>| match value {
        Some(value) => format!("{name}: {value}"),
        None => format!("no {}", name.to_lowercase()),
    };
    let mut parts = Vec::new();
    if before.owner != after.owner {
        parts.push(value("Owner", after.owner.clone()));
    }
    if before.due != after.due {
        parts.push(value("Due date", after.due.map(date_words)));
    }
    if before.labels != after.labels {
        parts.push(value("Labels", (!after.labels.is_empty()).then(|| after.labels.join(", "))));
    }
    if before.notes != after.notes {
        parts.push(if after.notes.is_some() { "Notes changed".to_owned() } else { "no notes".to_owned() });
    }
    let (first, rest) = parts.split_first()?;
    let mut label = first.clone();
    // A sentence begins with a capital letter.
    if let Some(rest) = label.strip_prefix("no ") {
        label = format!("No {rest}");
    }
    for part in rest {
        label.push_str("; ");
        label.push_str(part);
    }
    label.push('.');
    Some(label)
}

/// Formats a date for a sentence: `5 Dec 2026`.
fn date_words(date: Date) -> String {
    let (year, _, day) = date.civil();
    format!("{day} {} {year}", date.month_name())
}

fn step(entry: &Entry, session: Session, label: String, at: Timestamp) -> Entry {
    salted_step(entry, session, label, at, "")
}

fn salted_step(entry: &Entry, session: Session, label: String, at: Timestamp, salt: &str) -> Entry {
    let (text, edits): (Arc<str>, _) = (session.text().into(), session.last_edits());
    entry.with_step(Step { text, edits, path: None, label, at, origin: Origin::Local }, session, salt)
}

/// Moves the cursor one version back.
///
/// # Errors
/// Nothing can be undone.
pub fn undo(entry: &Entry) -> SessionPlan {
    let last = entry.last().ok_or("Nothing to undo.")?;
    let target = last.parent.ok_or("Nothing to undo.")?;
    let before = moved(entry, target)?;
    let message = format!("Undid: {}", action(&last.label, before.session(), entry.session()));
    Ok(Planned { message, undo: None, ..Planned::put(before) })
}

/// Takes one version back, as long as it is the current one.
///
/// # Errors
/// The session has moved on.
pub fn undo_version(entry: &Entry, version: VersionId) -> SessionPlan {
    if entry.record().current != version {
        return Err("The session was changed since. Open it to undo.".into());
    }
    undo(entry)
}

/// Moves the cursor one version forward.
///
/// # Errors
/// Nothing was undone.
pub fn redo(entry: &Entry) -> SessionPlan {
    let next = entry.next().ok_or("Nothing to redo.")?;
    let after = moved(entry, next.id)?;
    let message = format!("Redid: {}", action(&next.label, entry.session(), after.session()));
    Ok(Planned { message, undo: Some(next.id), ..Planned::put(after) })
}

/// Moves the cursor to any version.
///
/// # Errors
/// There is no such version.
pub fn go_to(entry: &Entry, target: VersionId) -> SessionPlan {
    let version = entry.record().version(target).ok_or("This version no longer exists.")?;
    let label = if version.label.is_empty() { "the file as it was loaded" } else { &version.label };
    Ok(Planned { message: format!("Now at: {label}"), undo: None, ..Planned::put(moved(entry, target)?) })
}

/// Returns the action of a step, such as `start script_writer`: the event that it recorded, or else its label.
fn action(label: &str, before: &Session, after: &Session) -> String {
    let (before, mut after) = (before.history().len(), after.history());
    match (after.len() > before).then(|| after.pop()).flatten() {
        Some(HistoryEntry { event, agent: Some(agent), .. }) => match EventKind::parse(&event) {
            Some(EventKind::Progress | EventKind::QualityFailure) => format!("{} of {agent}", event.replace('_', " ")),
            _ => format!("{event} {agent}"),
        },
        _ => label.trim_end_matches('.').to_owned(),
    }
}

fn moved(entry: &Entry, target: VersionId) -> Result<Entry, String> {
    match entry.at_version(target) {
        Some(Ok(entry)) => Ok(entry),
        Some(Err(error)) => Err(error.to_string()),
        None => Err("This version's text cannot be restored: its record is damaged.".into()),
    }
}

/// A decision about a conflict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// The current text stays.
    KeepCurrent,
    /// The other text becomes the current one.
    TakeIncoming,
    /// Both are merged. Where both changed one value, the side chosen for its path stands; ours where none is chosen.
    Merge(Vec<(String, MergeSide)>),
}

/// Resolves a conflict with a text. Undo brings the conflict back.
///
/// # Errors
/// There is no such conflict, or the two cannot be merged.
pub fn resolve(entry: &Entry, text: &str, resolution: &Resolution, now: Timestamp) -> SessionPlan {
    const GONE: &str = "This conflict no longer exists.";
    let incoming = entry.record().conflicts().find(|incoming| *incoming.text == *text).ok_or(GONE)?.clone();
    let noun = incoming.source.noun();
    let local = |text: Arc<str>, edits, path, label| Step { text, edits, path, label, at: now, origin: Origin::Local };
    let (resolved, session) = match resolution {
        Resolution::KeepCurrent => {
            let label = format!("Kept the current version. {noun} was dismissed.");
            let step = local(entry.text().clone(), Some(TextEdits::default()), None, label);
            (step, None)
        }
        Resolution::TakeIncoming => {
            let session = Session::parse(&*incoming.text).map_err(|error| error.to_string())?;
            let label = format!("{noun} replaced the current one.");
            // A copy of the session's own file belongs in that file.
            let path = (!entry.record().is_at(&incoming.path)).then(|| incoming.path.clone());
            (local(incoming.text.clone(), None, path, label), Some(session))
        }
        Resolution::Merge(sides) => {
            let merged = merge_with(entry, &incoming, sides).ok_or(GONE)?.map_err(|error| error.to_string())?;
            let session = Session::parse(merged.text.as_str()).map_err(|error| error.to_string())?;
            let label = merge_label(&merged, sides, noun);
            (local(merged.text.as_str().into(), None, None, label), Some(session))
        }
    };
    let mut record = entry.record().clone();
    // Two decisions at one version may lead to one text: each has a name of its own.
    let version = record.append(entry.text(), resolved, &incoming.text);
    if let Some(known) = record.inbox.iter_mut().find(|known| known.text == incoming.text) {
        known.resolved_by = Some(version);
    }
    Ok(stepped(match session {
        Some(session) => Entry::new(record, &session),
        None => entry.with_record(record),
    }))
}

/// Returns one sentence about a merge.
fn merge_label(merged: &Merged, sides: &[(String, MergeSide)], noun: &str) -> String {
    let is_theirs = |path: &&str| sides.iter().any(|(chosen, side)| chosen == path && *side == MergeSide::Theirs);
    let paths = merged.conflicts.iter().map(|conflict| conflict.path.as_str());
    let (theirs, ours): (Vec<&str>, Vec<&str>) = paths.partition(is_theirs);
    match (ours.as_slice(), theirs.as_slice()) {
        ([], []) => format!("{noun} was merged with yours."),
        (_, []) => format!("{noun} was merged with yours. Both changed {}: yours was kept.", ours.join(", ")),
        ([], _) => format!("{noun} was merged with yours. Both changed {}: yours was replaced.", theirs.join(", ")),
        _ => format!(
            "{noun} was merged with yours. Both changed {} (yours was kept) and {} (yours was replaced).",
            ours.join(", "),
            theirs.join(", ")
        ),
    }
}

/// Merges the current text and a conflicting one, with the chosen side of each value that both changed; none where no
/// text is known that both started from.
pub fn merge_with(
    entry: &Entry,
    incoming: &Incoming,
    sides: &[(String, MergeSide)],
) -> Option<Result<Merged, ParseError>> {
    let base = incoming.base.as_ref()?;
    let sides: Vec<(&str, MergeSide)> = sides.iter().map(|(path, side)| (path.as_str(), *side)).collect();
    Some(merge_choosing(base, entry.text(), &incoming.text, &sides))
}

/// Both sides of an unresolved merge in a session's file.
#[derive(Clone, Copy, Debug)]
pub struct MergeSides<'a> {
    /// The file's path.
    pub path: &'a str,
    /// The file's text, with the markers of the merge.
    pub text: &'a str,
    /// Our side.
    pub ours: &'a Session,
    /// Their side.
    pub theirs: &'a Session,
    /// The text that both come from, where the file has it.
    pub base: Option<&'a str>,
}

/// Loads both sides of an unresolved merge: our side as the current text, unless the session has local changes, and
/// their side as a conflict with it. The file counts as holding what it holds, so the session is one to export.
///
/// # Errors
/// The sides are of two sessions, or both are known.
pub fn load_sides(here: Option<&Entry>, sides: &MergeSides<'_>, now: Timestamp) -> SessionPlan {
    let MergeSides { path, text, ours, theirs, base } = *sides;
    let (Some(id), Some(their_id)) = (ours.id(), theirs.id()) else {
        return Err("A side of this merge has no session_id.".into());
    };
    if id != their_id {
        return Err(format!(
            "The sides of this merge are two sessions, {id} and {their_id}: restore the file from git."
        ));
    }
    let base: Option<Arc<str>> = base.filter(|base| Session::parse(*base).is_ok()).map(Into::into);
    let incoming = |text: &Arc<str>| Incoming {
        text: text.clone(),
        path: path.to_owned(),
        source: Source::File,
        base: base.clone(),
        resolved_by: None,
    };
    let our_text: Arc<str> = ours.text().into();
    let mut record = match here {
        None => Record::of_file(id, path.to_owned(), our_text.clone(), now),
        Some(here) => here.record().clone(),
    };
    let is_known = |record: &Record, text: &str| {
        let hash = TextHash::of(text);
        record.ancestors(record.current).any(|version| version.hash == hash)
            || record.inbox.iter().any(|incoming| *incoming.text == *text)
    };
    let is_new = here.is_none_or(|here| {
        let is_held = here.record().file_at(path).is_some_and(|file| file.content.as_deref() == Some(text));
        !is_held || !is_known(here.record(), ours.text()) || !is_known(here.record(), theirs.text())
    });
    if !is_new {
        return Err("Both sides of this merge are already loaded. Open the session to choose.".into());
    }
    let mut current = None;
    if let Some(here) = here
        && !is_known(&record, ours.text())
    {
        if here.changed() {
            record.set_file(path, Some(text.into()), now);
            record.add_incoming(incoming(&our_text));
        } else {
            let label = "Loaded our side of an unresolved merge in the file.".to_owned();
            let path = Some(path.to_owned());
            let step = Step { text: our_text, edits: None, path, label, at: now, origin: Origin::File };
            record.append(here.text(), step, "");
            current = Some(ours);
        }
    }
    record.set_file(path, Some(text.into()), now);
    if !is_known(&record, theirs.text()) {
        record.add_incoming(incoming(&theirs.text().into()));
    }
    let entry = match (here, current) {
        (Some(here), None) => here.with_record(record),
        (_, session) => Entry::new(record, session.unwrap_or(ours)),
    };
    let message = "Both sides of the merge are loaded: choose one, or merge them.".to_owned();
    Ok(Planned { message, ..Planned::put(entry) })
}

/// The contents of session files before and after an export.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Export {
    files: HashMap<String, ExportedFile>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct ExportedFile {
    path: String,
    before: Option<Arc<str>>,
    after: Arc<str>,
}

impl Export {
    /// Records the export of these sessions as they are.
    pub fn of<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Self {
        let file = |entry: &Entry| {
            let before = entry.record().file().and_then(|file| file.content.clone());
            let file = ExportedFile { path: entry.path().to_owned(), before, after: entry.text().clone() };
            (entry.id().to_owned(), file)
        };
        Self { files: entries.into_iter().map(file).collect() }
    }

    /// Returns true if no session is in it.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Returns the ids of the sessions in it.
    pub fn ids(&self) -> Vec<String> {
        self.files.keys().cloned().collect()
    }

    /// Marks a session's file as holding the exported text.
    ///
    /// # Errors
    /// The session was not exported, or its file came again since: what that holds now is not known.
    pub fn mark(&self, entry: &Entry, now: Timestamp) -> SessionPlan {
        let file = self.files.get(entry.id()).ok_or("This session was not exported.")?;
        let known = entry.record().file_at(&file.path).and_then(|known| known.content.as_ref());
        if known != file.before.as_ref() && known != Some(&file.after) {
            return Err("This file was imported during the export. Export it again.".into());
        }
        Ok(with_file(entry, &file.path, Some(file.after.clone()), now))
    }

    /// Takes the mark of an export back, unless the file came again since.
    ///
    /// # Errors
    /// The file came again, or was never exported.
    pub fn unmark(&self, entry: &Entry, now: Timestamp) -> SessionPlan {
        let file = self.files.get(entry.id()).ok_or("This session was not exported.")?;
        let known = entry.record().file_at(&file.path);
        if known.and_then(|known| known.content.as_ref()) != Some(&file.after) {
            return Err("Nothing to restore: this file was imported again.".into());
        }
        Ok(with_file(entry, &file.path, file.before.clone(), now))
    }
}

/// Records that a session's file holds a text which was saved over `before`.
///
/// # Errors
/// The file was read again since: what it holds now is known better.
pub fn saved(entry: &Entry, path: &str, before: Option<&str>, text: &Arc<str>, now: Timestamp) -> SessionPlan {
    let known = entry.record().file_at(path).and_then(|known| known.content.as_deref());
    if known != before && known != Some(&**text) {
        return Err("This file changed while it was being saved.".into());
    }
    Ok(with_file(entry, path, Some(text.clone()), now))
}

/// Records that a session's file is gone from its source. A session without changes of its own goes with it, unless it
/// `stays` because it is at another path now.
///
/// # Errors
/// The path is not that of the session's file, or the file is known to be gone.
pub fn file_gone(entry: &Entry, path: &str, stays: bool, now: Timestamp) -> SessionPlan {
    let record = entry.record();
    if record.path() != path || record.file().is_none_or(|file| file.content.is_none()) {
        return Err("This is not the session's file.".into());
    }
    if !stays && !entry.changed() && !record.has_local_versions() && record.inbox.is_empty() {
        return Ok(Planned::remove(format!("{path} was removed.")));
    }
    Ok(with_file(entry, path, None, now).saying(format!("{path} was removed. Your changes are kept here.")))
}

fn with_file(entry: &Entry, path: &str, content: Option<Arc<str>>, now: Timestamp) -> Planned<Entry> {
    let mut record = entry.record().clone();
    record.set_file(path, content, now);
    Planned::put(entry.with_record(record))
}
