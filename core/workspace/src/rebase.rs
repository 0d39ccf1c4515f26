//! Changes of a session's file in a live source: somebody else wrote it, and what was changed here stays on top.
//!
//! The versions from a root to the current one are a *line*: the file as it was read, then one version a local change.
//! A new text of the file becomes the root of a new line, and the local changes are made again on it, each by a
//! three-way merge. Undo then takes back the producer's changes one by one, and never what an agent wrote.

use crate::Entry;
use crate::import_result::ImportResult;
use crate::reconcile::{Arrival, Reconciled, reconcile, unversioned, with_file};
use crate::record::{Content, Incoming, Origin, Record, Source, Step, Version, VersionId};
use crate::session_file::SessionFile;
use callboard_core::{Session, Timestamp, merge};
use serde_json::Value;
use std::ops::Range;
use std::sync::Arc;

/// The label of a version that a live source brought.
const UPDATED: &str = "The file was updated.";

/// Takes over a file of a live source that may have changed: local changes are made again on its text.
///
/// The file's text becomes a conflict if both changed one value, or if the merged text has errors that neither side has.
/// A saved change that somebody wrote over, with a text that never had it, counts as a local change again.
pub fn rebase(here: &Entry, file: &SessionFile, now: Timestamp) -> Reconciled {
    let (path, session) = (file.path.as_str(), &file.session);
    let file_known = here.record().file_at(path).filter(|_| here.record().is_at(path));
    let held = file_known.and_then(|known| known.content.as_deref());
    // Of a file that was gone, the text is known from which the versions here were made.
    let known = file_known.and_then(|known| known.content.clone().or_else(|| root_of_line(here.record())));
    let rebased = match known {
        _ if held == Some(session.text()) => None,
        Some(known) if *known != *session.text() && session.text() != &**here.text() => {
            rebased(here, &known, path, session, now)
        }
        // Nothing is known of what both sides started from, both have the same text, or the file came back as it was.
        _ => Some(reconcile(here, &Arrival::File { path, session }, now)),
    };
    let Reconciled { entry, result } = rebased.unwrap_or(Reconciled { entry: None, result: ImportResult::Unchanged });
    let encoded = entry.as_ref().unwrap_or(here).with_encoding(path, file.encoding);
    Reconciled { entry: encoded.or(entry), result }
}

/// Returns the text of the file from which the current version was made; `None` for a session that was made here.
fn root_of_line(record: &Record) -> Option<Arc<str>> {
    let root = record.ancestors(record.current).last()?;
    match &root.content {
        Content::Text(text) if root.origin == Origin::File => Some(text.clone()),
        _ => None,
    }
}

/// The current line of versions with those that redo follows, as texts.
struct Line {
    /// The root, then the steps.
    texts: Vec<Arc<str>>,
    /// The step that led to each text but the first.
    steps: Vec<Version>,
    /// The position of the current text.
    current: usize,
}

impl Line {
    /// Returns the current line; none for a damaged record.
    fn of(record: &Record) -> Option<Self> {
        let mut versions: Vec<&Version> = record.ancestors(record.tip).collect();
        versions.reverse();
        let current = versions.iter().position(|version| version.id == record.current)?;
        let mut texts: Vec<Arc<str>> = Vec::with_capacity(versions.len());
        for version in &versions {
            let text = match (&version.content, texts.last()) {
                (Content::Text(text), _) => text.clone(),
                (Content::Edits(edits), Some(before)) => edits.apply(before)?.into(),
                (Content::Edits(_), None) => return None,
            };
            texts.push(text);
        }
        Some(Self { texts, steps: versions.into_iter().skip(1).cloned().collect(), current })
    }

    /// Returns the position of the text from which the steps are to be made again on `theirs`: that of the file as it
    /// was known, or an older one if `theirs` lacks saved steps. None if the known text is not on the line.
    fn base(&self, known: &str, theirs: &str) -> Option<usize> {
        let known = self.texts.iter().rposition(|text| **text == *known)?;
        let mut base = known;
        for at in (1..=known).rev().take_while(|at| self.steps[at - 1].origin == Origin::Local) {
            match has(theirs, &self.texts[at - 1], &self.texts[at]) {
                Some(true) => break,
                Some(false) => base = at - 1,
                None => {}
            }
        }
        Some(base)
    }
}

fn rebased(here: &Entry, known: &Arc<str>, path: &str, session: &Session, now: Timestamp) -> Option<Reconciled> {
    let record = here.record();
    let theirs: Arc<str> = session.text().into();
    let line = Line::of(record)?;
    // While an older text of this file is in conflict, its base is still what both sides started from.
    let older = record.conflicts().find(|conflict| conflict.source == Source::File && conflict.text == *known);
    let at = if older.is_some() { None } else { line.base(known, &theirs) };
    let base = match (older, at) {
        (Some(older), _) => older.base.clone(),
        (None, Some(at)) => Some(line.texts[at].clone()),
        // A file with both sides of an unresolved merge is no text that a change started from.
        (None, None) => Some(known.clone()).filter(|known| Session::parse(&**known).is_ok()),
    };
    let conflict = || {
        let mut next = with_file(record, path, theirs.clone(), now);
        next.add_incoming(Incoming {
            text: theirs.clone(),
            path: path.to_owned(),
            source: Source::File,
            base: base.clone(),
            resolved_by: None,
        });
        let entry = (next != *record).then(|| here.with_record(next));
        Reconciled { entry, result: ImportResult::Conflict }
    };
    // One merge of all changes shows conflicts that steps one by one would hide.
    let Some(whole) = base.as_ref().and_then(|base| merged(base, &theirs, here.text())) else {
        return Some(conflict());
    };
    let on_line = at.filter(|at| *at <= line.current).map(|at| at..line.current);
    let steps = on_line.clone().and_then(|steps| again(&line, steps, &theirs, &whole));
    // Several changes that only merge as a whole are one from now on.
    let steps = steps.unwrap_or_else(|| {
        let label = "Your changes were merged with the updated file.".to_owned();
        vec![Step { text: whole, edits: None, path: None, label, at: now, origin: Origin::Local }]
    });
    let replaced: Vec<VersionId> =
        on_line.map_or_else(Vec::new, |steps| line.steps[steps].iter().map(|step| step.id).collect());
    let is_ahead = steps.iter().all(|step| step.text == theirs);
    let mut next = with_file(record, path, theirs.clone(), now);
    if is_ahead && !record.has_local_versions() && record.inbox.is_empty() {
        // Without local changes there is nothing to go back to: the file's own history is in the repository.
        next = unversioned(&next, next.path(), theirs, now);
        return Some(Reconciled { entry: Some(Entry::new(next, session)), result: ImportResult::Updated });
    }
    let resolved: Vec<bool> = record.inbox.iter().map(|incoming| record.is_resolved(incoming)).collect();
    let before = next.current;
    let own_path = next.path().to_owned();
    let root = next.start(theirs.clone(), own_path, UPDATED.to_owned(), now);
    let mut text = theirs.clone();
    for step in steps {
        if step.text != text {
            let after = step.text.clone();
            next.append(&text, step, "");
            text = after;
        }
    }
    // A decision that was made stays made: the versions that made it are no longer ancestors.
    let texts: Vec<Arc<str>> = record.inbox.iter().map(|incoming| incoming.text.clone()).collect();
    for incoming in &mut next.inbox {
        let was = texts.iter().position(|text| *text == incoming.text);
        if was.is_some_and(|was| resolved[was]) {
            incoming.resolved_by = Some(root);
        }
    }
    next.drop_replaced(before, &replaced);
    let entry = match Session::parse(&*text) {
        Ok(session) => Entry::new(next, &session),
        Err(_) => return Some(conflict()),
    };
    Some(Reconciled { entry: Some(entry), result: ImportResult::Updated })
}

/// Makes steps of the line again, one by one; none if they do not lead to the merged whole.
fn again(line: &Line, range: Range<usize>, theirs: &Arc<str>, whole: &str) -> Option<Vec<Step>> {
    let mut steps = Vec::new();
    let mut text = theirs.clone();
    for (step, texts) in line.steps[range.clone()].iter().zip(line.texts[range.start..].windows(2)) {
        let after = merged(&texts[0], &text, &texts[1])?;
        let Version { label, at, origin, .. } = step.clone();
        steps.push(Step { text: after.clone(), edits: None, path: None, label, at, origin });
        text = after;
    }
    (*text == *whole).then_some(steps)
}

/// Merges a file's text with ours in the file's layout; none in a conflict, or for errors that neither side has.
fn merged(base: &str, theirs: &Arc<str>, ours: &str) -> Option<Arc<str>> {
    let merged = merge(base, theirs, ours).ok()?;
    let is_clean = merged.conflicts.is_empty() && merged.diagnostics.is_empty();
    is_clean.then(|| if merged.text == **theirs { theirs.clone() } else { merged.text.into() })
}

/// Returns whether a text has the step from `before` to `after`, or never had it because somebody wrote over it; none if
/// its values do not show that.
///
/// A step that added to the history is there with any of its entries. Another is there with any value that it changed,
/// and missing if one is the old and none the new.
fn has(text: &str, before: &str, after: &str) -> Option<bool> {
    let read = |text: &str| serde_json::from_str::<Value>(text.trim_start_matches('\u{feff}')).ok();
    let (text, before, after) = (read(text)?, read(before)?, read(after)?);
    let history = |value: &Value| value.get("history").and_then(Value::as_array).cloned().unwrap_or_default();
    let (here, old) = (history(&text), history(&before));
    let new: Vec<Value> = history(&after).into_iter().filter(|entry| !old.contains(entry)).collect();
    if !new.is_empty() {
        return Some(new.iter().any(|entry| here.contains(entry)));
    }
    let (mut is_old, mut is_new) = (false, false);
    compare(Some(&text), Some(&before), Some(&after), &mut |value, before, after| {
        is_old |= value == before;
        is_new |= value == after;
    });
    (is_old || is_new).then_some(is_new)
}

/// Calls `changed` with every value that differs between `before` and `after`, but for the time of the last change, which
/// every writer sets.
fn compare<'a>(
    text: Option<&'a Value>,
    before: Option<&'a Value>,
    after: Option<&'a Value>,
    changed: &mut impl FnMut(Option<&'a Value>, Option<&'a Value>, Option<&'a Value>),
) {
    if before == after {
        return;
    }
    let (Some(Value::Object(old)), Some(Value::Object(new))) = (before, after) else {
        return changed(text, before, after);
    };
    let keys = old.keys().chain(new.keys().filter(|key| !old.contains_key(*key)));
    for key in keys.filter(|key| *key != "last_updated") {
        compare(text.and_then(|text| text.get(key)), old.get(key), new.get(key), changed);
    }
}
