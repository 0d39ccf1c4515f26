//! A changed file as it is exported.
use crate::order::arranged;
use callboard_core::diff::{Numstat, git_patch, numstat};
use callboard_core::{State, ids};
use callboard_workspace::{Content, Entry, TextHash, Version};
use std::sync::Arc;

/// A changed file: its text before and after, and the steps in between.
#[derive(Clone, Debug, PartialEq)]
pub struct ExportFile {
    /// The session's id.
    pub id: String,
    /// The folders it was dropped with and its name, joined by `/`.
    pub path: String,
    /// The file's text; `None` where the file is not there yet.
    pub before: Option<Arc<str>>,
    /// The text that is exported.
    pub text: Arc<str>,
    /// The state that it leads to, where it can be read.
    pub state: Option<State>,
    /// The steps since the file's text, oldest first, in the core's sentences.
    pub done: Vec<String>,
    /// The steps that the file holds and that were undone here, the last one first.
    pub taken_back: Vec<String>,
}

impl ExportFile {
    /// Returns the file of a changed session.
    pub fn of(entry: &Entry) -> Self {
        let text = entry.text().clone();
        let before = entry.record().compared_with();
        let (done, taken_back) = steps(entry, before.as_deref().unwrap_or_default());
        let state = entry.summary().state.clone().ok();
        Self { id: entry.id().to_owned(), path: entry.path().to_owned(), before, text, state, done, taken_back }
    }

    /// Returns the numbers of added and removed lines.
    pub fn numstat(&self) -> Numstat {
        numstat(self.before.as_deref().unwrap_or_default(), &self.text)
    }

    /// Returns the file's part of a patch for `git apply`.
    pub fn patch(&self) -> String {
        git_patch(self.before.as_deref(), &self.text, &self.path)
    }
}

/// Returns true if a session was created here and its file is not written yet.
pub fn is_new(entry: &Entry) -> bool {
    entry.record().file().is_none_or(|file| file.content.is_none())
}

/// Returns the patch of several files, in the order of their paths.
pub fn patch(files: &[ExportFile]) -> String {
    let files: Vec<&ExportFile> = files.iter().collect();
    arranged(&files, |file| &file.path).iter().map(|file| file.patch()).collect()
}

/// Returns the command that applies a patch of these files, where their paths say where the repository begins: they
/// lead through the framework's folder, which stands at its top.
pub fn command(files: &[ExportFile], name: &str) -> Option<String> {
    let mut depths = files.iter().map(|file| {
        let folder = file.path.rsplit_once('/')?.0;
        let above = folder.strip_suffix(ids::FOLDER)?;
        (above.is_empty() || above.ends_with('/')).then(|| above.matches('/').count())
    });
    let first = depths.next()??;
    let strip = if first == 0 { String::new() } else { format!(" -p{}", first + 1) };
    depths.all(|depth| depth == Some(first)).then(|| format!("git apply{strip} {name}"))
}

/// Returns the steps between the file's text and the current one: done, and undone.
fn steps(entry: &Entry, file: &str) -> (Vec<String>, Vec<String>) {
    let record = entry.record();
    let hash = TextHash::of(file);
    // A dismissed conflict leaves the text as it is: it is no step of the file's.
    let is_step = |version: &&&Version| !matches!(&version.content, Content::Edits(edits) if edits.is_empty());
    let labels = |versions: &[&Version]| -> Vec<String> {
        versions.iter().filter(is_step).map(|version| version.label.clone()).collect()
    };
    let line: Vec<&Version> = record.ancestors(record.current).collect();
    let done = |number: usize| {
        let mut done = labels(&line[..number]);
        done.reverse();
        done
    };
    if let Some(number) = line.iter().position(|version| version.hash == hash) {
        return (done(number), Vec::new());
    }
    let undone: Vec<&Version> =
        record.ancestors(record.tip).take_while(|version| version.id != record.current).collect();
    if let Some(at) = undone.iter().position(|version| version.hash == hash) {
        return (Vec::new(), labels(&undone[at..]));
    }
    (done(line.len().saturating_sub(1)), Vec::new())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A file of a path, of which these lines are new.
    pub(in crate::export) fn file(path: &str, before: Option<&str>, text: &str) -> ExportFile {
        ExportFile {
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
        let check = |files: &[ExportFile], expected: Option<&str>| {
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
