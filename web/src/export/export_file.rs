//! A changed file, ready to export.
use super::file_change::FileChange;
use crate::order::sorted_by_text;
use callboard_core::diff::{Numstat, git_patch, numstat};
use callboard_core::import::Encoding;
use callboard_core::{Policy, ids};
use callboard_workspace::{Content, Entry, TextHash, Version};
use std::borrow::Cow;
use std::sync::Arc;

/// A changed file: its text before and after, and the steps in between.
#[derive(Clone, Debug, PartialEq)]
pub struct ExportFile {
    /// The session's id.
    pub id: String,
    /// The path it was dropped with, separated by `/`.
    pub path: String,
    /// The file's text; `None` if the file does not exist yet.
    pub before: Option<Arc<str>>,
    /// The exported text.
    pub text: Arc<str>,
    /// The encoding of the file.
    pub encoding: Encoding,
    /// The steps since the file's text, oldest first, as the core's sentences.
    pub done: Vec<String>,
    /// Steps of the file that were undone here, last one first.
    pub undone: Vec<String>,
}

impl ExportFile {
    /// Returns the file of a changed session.
    pub fn of(entry: &Entry) -> Self {
        let text = entry.text().clone();
        let before = entry.record().compared_with();
        let (done, undone) = steps(entry, before.as_deref().unwrap_or_default());
        let (id, path) = (entry.id().to_owned(), entry.path().to_owned());
        let encoding = entry.record().encoding();
        Self { id, path, before, text, encoding, done, undone }
    }

    /// Returns the numbers of added and removed lines.
    pub fn numstat(&self) -> Numstat {
        numstat(self.before.as_deref().unwrap_or_default(), &self.text)
    }

    /// Describes the change for a commit message.
    pub fn change(&self, policy: &Policy) -> FileChange {
        FileChange::of(&self.path, self.before.as_deref(), Some(&self.text), policy)
    }

    /// Returns the file's bytes, in its encoding.
    pub fn bytes(&self) -> Cow<'_, [u8]> {
        encoded(&self.text, self.encoding)
    }

    /// Returns the file's part of a patch for `git apply`.
    pub fn patch(&self) -> String {
        git_patch(self.before.as_deref(), &self.text, &self.path)
    }
}

/// Returns a text as the bytes of its file.
pub fn encoded(text: &str, encoding: Encoding) -> Cow<'_, [u8]> {
    match encoding {
        Encoding::Utf8 => Cow::Borrowed(text.as_bytes()),
        encoding => Cow::Owned(encoding.encode(text)),
    }
}

/// Returns true if a session was created here and its file was never exported.
pub fn is_new(entry: &Entry) -> bool {
    entry.record().file().is_none_or(|file| file.content.is_none())
}

/// Returns one patch of several files, sorted by path. Files that git takes for binary data are left out.
pub fn patch(files: &[ExportFile]) -> String {
    let files: Vec<&ExportFile> = files.iter().filter(|file| !file.encoding.is_wide()).collect();
    sorted_by_text(&files, |file| &file.path).iter().map(|file| file.patch()).collect()
}

/// Returns one sentence about the files that a patch leaves out; `None` if it has all of them.
pub fn left_out(files: &[ExportFile]) -> Option<String> {
    let wide: Vec<&ExportFile> = files.iter().filter(|file| file.encoding.is_wide()).collect();
    match wide.as_slice() {
        [] => None,
        [file] => Some(format!(
            "{} is {}, which git treats as binary, so a patch cannot hold it. Export it as a file.",
            file.path,
            file.encoding.name()
        )),
        files => Some(format!(
            "{} files are UTF-16 or UTF-32, which git treats as binary, so a patch cannot hold them. Export them as files.",
            files.len()
        )),
    }
}

/// Returns the command that applies a patch of these files; `None` unless their paths contain the framework's
/// folder, which is at the top of the repository.
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

/// Returns the steps between the file's text and the current one, done and undone.
fn steps(entry: &Entry, file: &str) -> (Vec<String>, Vec<String>) {
    let record = entry.record();
    let hash = TextHash::of(file);
    // A dismissed conflict leaves the text unchanged, so it is not a step.
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
    let undone_versions: Vec<&Version> =
        record.ancestors(record.tip).take_while(|version| version.id != record.current).collect();
    if let Some(at) = undone_versions.iter().position(|version| version.hash == hash) {
        return (Vec::new(), labels(&undone_versions[at..]));
    }
    (done(line.len().saturating_sub(1)), Vec::new())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns a changed file with this path and these texts.
    fn file(path: &str, before: Option<&str>, text: &str) -> ExportFile {
        ExportFile {
            id: "ep_1".into(),
            path: path.into(),
            before: before.map(Into::into),
            text: text.into(),
            encoding: Encoding::Utf8,
            done: Vec::new(),
            undone: Vec::new(),
        }
    }

    #[test]
    fn the_command_strips_the_folders_above_the_repository() {
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
    fn a_patch_leaves_out_what_git_takes_for_binary() {
        let wide = ExportFile { encoding: Encoding::Utf16Le, ..file("a.json", Some("1\n"), "2\n") };
        assert_eq!(wide.bytes(), &b"\xFF\xFE2\0\n\0"[..]);
        let files = [wide, file("b.json", Some("1\n"), "2\n")];
        assert_eq!(patch(&files), patch(&files[1..]));
        let why = "a.json is UTF-16 LE, which git treats as binary, so a patch cannot hold it. Export it as a file.";
        assert_eq!((left_out(&files).as_deref(), left_out(&files[1..])), (Some(why), None));
    }

    #[test]
    fn a_patch_is_sorted_by_path() {
        let files = [file("b.json", Some("1\n"), "2\n"), file("a.json", None, "{}\n")];
        let patch = patch(&files);
        let heads: Vec<&str> = patch.lines().filter(|line| line.starts_with("diff ")).collect();
        assert_eq!(heads, ["diff --git a/a.json b/a.json", "diff --git a/b.json b/b.json"]);
        assert_eq!(files[0].numstat(), Numstat { added: 1, removed: 1 });
    }
}
