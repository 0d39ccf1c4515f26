//! The invariants of one session, each by its name.

use callboard_core::Session;
use callboard_workspace::plan;
use callboard_workspace::{Change, Content, Entry, Origin, Record, VersionId, split};
use std::collections::{HashMap, HashSet};

type Check = fn(&Entry) -> Result<(), String>;

/// Every invariant that holds for a shown session at any time.
pub(crate) const OF_A_SESSION: [(&str, Check); 7] = [
    ("a parent stands before its child, and no version twice", versions_are_in_order),
    ("the shown text is the current version's, and is a session", text_is_the_current_versions),
    ("whether a session is changed is what its file says", changed_is_what_the_file_says),
    ("the conflicts are the texts that nobody decided about", conflicts_are_the_undecided),
    ("a summary says what its session says", summary_says_what_the_session_says),
    ("undo and redo take each other back", undo_and_redo_take_each_other_back),
    ("a command is carried out once", commands_are_carried_out_once),
];

fn versions_are_in_order(entry: &Entry) -> Result<(), String> {
    let mut before = HashSet::new();
    for version in &entry.record().versions {
        if version.parent.is_some_and(|parent| !before.contains(&parent)) {
            return Err(format!("{} stands before its parent", version.id));
        }
        if !before.insert(version.id) {
            return Err(format!("{} is there twice", version.id));
        }
    }
    let record = entry.record();
    if !before.contains(&record.current) || !record.is_ancestor(record.current, record.tip) {
        return Err("the cursor is not on the line of redo".into());
    }
    let mut paths: Vec<&str> = record.files.iter().map(|file| file.path.as_str()).collect();
    paths.sort_unstable();
    if paths.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(format!("one path twice: {paths:?}"));
    }
    Ok(())
}

/// Every version's text, built from its root.
fn texts(record: &Record) -> Result<HashMap<VersionId, String>, String> {
    let mut texts: HashMap<VersionId, String> = HashMap::new();
    for version in &record.versions {
        let text = match &version.content {
            Content::Text(text) => text.to_string(),
            Content::Edits(edits) => {
                let before = version.parent.and_then(|parent| texts.get(&parent));
                before.and_then(|before| edits.apply(before)).ok_or(format!("{} has no text", version.id))?
            }
        };
        texts.insert(version.id, text);
    }
    Ok(texts)
}

fn text_is_the_current_versions(entry: &Entry) -> Result<(), String> {
    let record = entry.record();
    let texts = texts(record)?;
    if texts.get(&record.current).map(String::as_str) != Some(&**entry.text()) {
        return Err(format!("{} is shown for {:?}", entry.text(), texts.get(&record.current)));
    }
    Session::parse(&**entry.text()).map(drop).map_err(|error| error.to_string())
}

fn changed_is_what_the_file_says(entry: &Entry) -> Result<(), String> {
    let record = entry.record();
    let file = record.files.iter().find(|file| file.path == entry.path());
    let is_changed = file.and_then(|file| file.content.as_deref()) != Some(&**entry.text());
    if is_changed == entry.changed() { Ok(()) } else { Err(format!("at {}: {is_changed}", entry.path())) }
}

/// The versions up to the root, walked one by one.
fn line(record: &Record) -> Vec<VersionId> {
    let mut line = Vec::new();
    let mut next = Some(record.current);
    while let Some(version) = next.and_then(|id| record.versions.iter().find(|version| version.id == id)) {
        line.push(version.id);
        next = version.parent;
    }
    line
}

fn conflicts_are_the_undecided(entry: &Entry) -> Result<(), String> {
    let record = entry.record();
    let (texts, line) = (texts(record)?, line(record));
    let undecided = record.inbox.iter().filter(|incoming| {
        let has = line.iter().any(|id| texts.get(id).map(String::as_str) == Some(&*incoming.text));
        !has && incoming.resolved_by.is_none_or(|by| !line.contains(&by))
    });
    let expected: Vec<&str> = undecided.map(|incoming| &*incoming.text).collect();
    let said: Vec<&str> = entry.conflicts().into_iter().map(|incoming| &*incoming.text).collect();
    if expected != said || entry.summary().conflict == expected.is_empty() {
        return Err(format!("{said:?} for {expected:?}"));
    }
    let texts: HashSet<&str> = record.inbox.iter().map(|incoming| &*incoming.text).collect();
    if texts.len() != record.inbox.len() {
        return Err("one text twice in the inbox".into());
    }
    Ok(())
}

fn summary_says_what_the_session_says(entry: &Entry) -> Result<(), String> {
    let (summary, fresh) = (entry.summary(), Entry::restore(entry.record().clone()).ok_or("it cannot be restored")?);
    let of = |entry: &Entry| {
        let summary = entry.summary();
        let state = summary.state.clone();
        (
            summary.file.clone(),
            state,
            summary.topic.clone(),
            summary.changed,
            summary.conflict,
            summary.haystack().to_owned(),
        )
    };
    if of(entry) != of(&fresh) || summary.file != split(entry.path()).1 {
        return Err(format!("{:?} for {:?}", of(entry), of(&fresh)));
    }
    Ok(())
}

fn undo_and_redo_take_each_other_back(entry: &Entry) -> Result<(), String> {
    let put = |planned: plan::SessionPlan| match planned?.change {
        Change::Put(entry) => Ok(entry),
        _ => Err("nothing was put".to_owned()),
    };
    let same = |there_and_back: &Entry, way: &str| {
        let is_same = there_and_back.record() == entry.record() && there_and_back.text() == entry.text();
        if is_same { Ok(()) } else { Err(format!("{way} leads elsewhere")) }
    };
    let can_undo = entry.last().is_some();
    let undone = plan::undo(entry);
    if can_undo != undone.is_ok() || entry.next().is_some() != plan::redo(entry).is_ok() {
        return Err("what is offered cannot be done".into());
    }
    if can_undo {
        same(&*put(plan::redo(&*put(undone)?))?, "undo and redo")?;
    }
    if entry.next().is_some() {
        same(&*put(plan::undo(&*put(plan::redo(entry))?))?, "redo and undo")?;
    }
    Ok(())
}

/// Each command has a time of its own.
fn commands_are_carried_out_once(entry: &Entry) -> Result<(), String> {
    let record = entry.record();
    let mut times = HashSet::new();
    for version in line(record).into_iter().filter_map(|id| record.version(id)) {
        if version.origin == Origin::Local && version.parent.is_some() && !times.insert(version.at.unix()) {
            return Err(format!("{} stands twice", version.label));
        }
    }
    Ok(())
}
