//! A file as it will be handed back.
use crate::order::arranged;
use crate::store::entry::Entry;
use callboard_core::diff::{Numstat, git_patch, numstat};
use callboard_core::{State, ids};
use std::sync::Arc;

/// A changed file: what it was, what it is, and what happened in between.
#[derive(Clone, Debug, PartialEq)]
pub struct Outgoing {
    /// The session's id.
    pub id: String,
    /// The folders it was dropped with and its name, joined by `/`.
    pub path: String,
    /// The file's text; `None` where the file is not there yet.
    pub before: Option<Arc<str>>,
    /// The text that is handed back.
    pub text: Arc<str>,
    /// The state that it leads to, where it can be read.
    pub state: Option<State>,
    /// What was done since the file's text, oldest first, in the core's sentences.
    pub done: Vec<String>,
    /// What the file holds and was taken back here, the last one first.
    pub taken_back: Vec<String>,
}

impl Outgoing {
    /// The file of a changed session.
    pub fn of(entry: &Entry) -> Self {
        let text = entry.text().clone();
        let before = (!is_new(entry)).then(|| entry.record().disk.clone());
        let (done, taken_back) = steps(entry, &text);
        let state = entry.summary().state.clone().ok();
        Self { id: entry.id().to_owned(), path: entry.path(), before, text, state, done, taken_back }
    }

    /// How many lines came and went.
    pub fn numstat(&self) -> Numstat {
        numstat(self.before.as_deref().unwrap_or_default(), &self.text)
    }

    /// What `git apply` makes this file of the old one with.
    pub fn patch(&self) -> String {
        git_patch(self.before.as_deref(), &self.text, &self.path)
    }
}

/// Whether a session was made here and its file is not anywhere else yet.
pub fn is_new(entry: &Entry) -> bool {
    entry.record().disk.is_empty()
}

/// The patch of several files, in the order of their paths.
pub fn patch(files: &[Outgoing]) -> String {
    let files: Vec<&Outgoing> = files.iter().collect();
    arranged(&files, |file| &file.path).iter().map(|file| file.patch()).collect()
}

/// The line that applies a patch of these files, where their paths say where the repository begins: they
/// lead through the framework's folder, which stands at its top.
pub fn command(files: &[Outgoing], name: &str) -> Option<String> {
    let mut depths = files.iter().map(|file| {
        let folder = file.path.rsplit_once('/')?.0;
        let above = folder.strip_suffix(ids::FOLDER)?;
        (above.is_empty() || above.ends_with('/')).then(|| above.matches('/').count())
    });
    let first = depths.next()??;
    let strip = if first == 0 { String::new() } else { format!(" -p{}", first + 1) };
    depths.all(|depth| depth == Some(first)).then(|| format!("git apply{strip} {name}"))
}

/// What lies between the file's text and the text as it is: done, and taken back.
fn steps(entry: &Entry, text: &str) -> (Vec<String>, Vec<String>) {
    let sentences = |edits: &[crate::store::edit::Edit]| edits.iter().map(|edit| edit.sentence.clone()).collect();
    let (record, standing) = (entry.record(), entry.standing());
    let mut back = text.to_owned();
    for (at, edit) in standing.iter().enumerate().rev() {
        match edit.patch.revert(&back) {
            Some(before) => back = before,
            None => break,
        }
        if *back == *record.disk {
            return (sentences(&standing[at..]), Vec::new());
        }
    }
    let undone = record.edits.get(record.done..).unwrap_or_default();
    let mut forward = text.to_owned();
    for (at, edit) in undone.iter().enumerate() {
        match edit.patch.apply(&forward) {
            Some(after) => forward = after,
            None => break,
        }
        if *forward == *record.disk {
            let mut taken: Vec<String> = sentences(&undone[..=at]);
            taken.reverse();
            return (Vec::new(), taken);
        }
    }
    (sentences(standing), Vec::new())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A file of a path, of which these lines are new.
    pub(in crate::export) fn file(path: &str, before: Option<&str>, text: &str) -> Outgoing {
        Outgoing {
            id: "ep_1".into(),
            path: path.into(),
            before: before.map(Into::into),
            text: text.into(),
            state: Some(State::Evaluating),
            done: Vec::new(),
            taken_back: Vec::new(),
        }
    }

    #[test]
    fn the_command_knows_where_the_repository_begins() {
        let at = |folder: &str| file(&format!("{folder}ep001.json"), Some("a"), "b");
        let here = format!("{}/", ids::FOLDER);
        let below = format!("repo/{here}");
        let check = |files: &[Outgoing], expected: Option<&str>| {
            assert_eq!(command(files, "a.patch").as_deref(), expected);
        };
        check(&[at(&here), at(&here)], Some("git apply a.patch"));
        check(&[at(&below)], Some("git apply -p2 a.patch"));
        check(&[at(&below), at(&here)], None);
        check(&[at("sessions/")], None);
        check(&[at("")], None);
        check(&[], None);
    }

    #[test]
    fn a_patch_is_in_the_order_of_its_paths() {
        let files = [file("b.json", Some("1\n"), "2\n"), file("a.json", None, "{}\n")];
        let patch = patch(&files);
        let heads: Vec<&str> = patch.lines().filter(|line| line.starts_with("diff ")).collect();
        assert_eq!(heads, ["diff --git a/a.json b/a.json", "diff --git a/b.json b/b.json"]);
        assert_eq!(files[0].numstat(), Numstat { added: 1, removed: 1 });
    }
}
