//! A session's record: its versions, the file contents it knows of, and the texts that arrived beside them.
//!
//! Versions are append-only, as commits are: undo and redo move `current` and destroy nothing. All else, such as
//! whether the session is changed or in conflict, is derived.

use crate::path::same_file;
use callboard_core::import::Encoding;
use callboard_core::{TextEdits, Timestamp};
use std::fmt;
use std::sync::Arc;
use twox_hash::XxHash3_64;

/// A version's name, derived from its parent and its content: the same step made in two tabs has one name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VersionId(u64);

impl VersionId {
    /// Returns the id of a version of this content. `salt` tells two steps to the same text apart.
    pub fn of(parent: Option<VersionId>, text: TextHash, salt: &str) -> Self {
        let mut name = Vec::with_capacity(16 + salt.len());
        name.extend(parent.map_or(0, |parent| parent.0).to_le_bytes());
        name.extend(text.0.to_le_bytes());
        name.extend(salt.as_bytes());
        Self(XxHash3_64::oneshot(&name))
    }

    /// Reads an id as [`fmt::Display`] writes it.
    pub fn parse(text: &str) -> Option<Self> {
        u64::from_str_radix(text, 16).ok().map(Self)
    }
}

impl fmt::Display for VersionId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:016x}", self.0)
    }
}

impl fmt::Debug for VersionId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

/// The XXH3 hash of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TextHash(u64);

impl TextHash {
    /// Hashes a text.
    pub fn of(text: &str) -> Self {
        Self(XxHash3_64::oneshot(text.as_bytes()))
    }

    /// Reads a hash as [`fmt::Display`] writes it.
    pub fn parse(text: &str) -> Option<Self> {
        u64::from_str_radix(text, 16).ok().map(Self)
    }
}

impl fmt::Display for TextHash {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:016x}", self.0)
    }
}

/// One state of a session's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// The version's name.
    pub id: VersionId,
    /// The version it was made from; none for a text that came from outside.
    pub parent: Option<VersionId>,
    /// The text, whole or as edits of the parent's.
    pub content: Content,
    /// The hash of the whole text.
    pub hash: TextHash,
    /// The path at which the text belongs.
    pub path: String,
    /// One sentence about the step that led to it; empty for a file as it was loaded.
    pub label: String,
    /// The time of the step.
    pub at: Timestamp,
    /// Number of the step among those of all sessions, which tells steps of one second apart; 0 until it is committed,
    /// and for steps of releases that did not number them.
    pub order: u64,
    /// The kind of step.
    pub origin: Origin,
}

/// A version's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// The whole text.
    Text(Arc<str>),
    /// The edits that turn the parent's text into this one.
    Edits(TextEdits),
}

/// The kind of step that led to a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// A file had this text.
    File,
    /// Somebody changed the text here.
    Local,
}

/// The text that a path is known to hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownFile {
    /// The folders and the name, joined by `/`.
    pub path: String,
    /// The file's version; none for a file that is not written yet.
    pub content: Option<Arc<str>>,
    /// The time at which this was seen or exported.
    pub seen_at: Timestamp,
    /// The encoding of the file's bytes, in which an export writes it.
    pub encoding: Encoding,
}

/// The source of a text that arrived beside the current one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// A file.
    File,
    /// A backup.
    Backup,
    /// Another tab, which stored it while this one could not store its own.
    Tab,
}

impl Source {
    /// Returns the name of such a text, as the beginning of a sentence.
    pub fn noun(self) -> &'static str {
        match self {
            Self::File => "The file's version",
            Self::Backup => "The backup's version",
            Self::Tab => "The other tab's version",
        }
    }
}

/// A text that arrived while the session had changes of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incoming {
    /// The text.
    pub text: Arc<str>,
    /// The path of its file.
    pub path: String,
    /// The source it came from.
    pub source: Source,
    /// The text that both sides started from, for a three-way merge; none where nothing is known of it.
    pub base: Option<Arc<str>>,
    /// The version that took, merged or dismissed it. While that is no ancestor of the current version, the text is a
    /// conflict.
    pub resolved_by: Option<VersionId>,
}

/// Everything known of one session; the unit of storage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The session's id, the record's key.
    pub id: String,
    /// The name of the write that the record comes from; 0 before the first.
    pub stamp: u64,
    /// Every version, a parent before its children.
    pub versions: Vec<Version>,
    /// The version that is shown.
    pub current: VersionId,
    /// The end of the line of versions that redo follows; `current` is on that line.
    pub tip: VersionId,
    /// The files known of, each path once.
    pub files: Vec<KnownFile>,
    /// The texts that arrived and did not become the current one by themselves, oldest first.
    pub inbox: Vec<Incoming>,
}

/// A change of a session's text that is to become a version.
#[derive(Clone, Debug)]
pub struct Step {
    /// The text after it.
    pub text: Arc<str>,
    /// The edits that lead there; none to have them worked out.
    pub edits: Option<TextEdits>,
    /// The path at which the new text belongs; none for the path of the current one.
    pub path: Option<String>,
    /// One sentence about it.
    pub label: String,
    /// The time of the step.
    pub at: Timestamp,
    /// The kind of step.
    pub origin: Origin,
}

impl Record {
    /// Creates the record of a session that was loaded from a file.
    pub fn of_file(id: String, path: String, text: Arc<str>, now: Timestamp) -> Self {
        let file = KnownFile { path, content: Some(text.clone()), seen_at: now, encoding: Encoding::Utf8 };
        Self::with_root(id, file, text, Origin::File)
    }

    /// Creates the record of a session that was made here: its file is not written yet.
    pub fn created(id: String, path: String, text: Arc<str>, now: Timestamp) -> Self {
        let file = KnownFile { path, content: None, seen_at: now, encoding: Encoding::Utf8 };
        Self::with_root(id, file, text, Origin::Local)
    }

    fn with_root(id: String, file: KnownFile, text: Arc<str>, origin: Origin) -> Self {
        let hash = TextHash::of(&text);
        let root = Version {
            id: VersionId::of(None, hash, ""),
            parent: None,
            content: Content::Text(text),
            hash,
            path: file.path.clone(),
            label: String::new(),
            at: file.seen_at,
            order: 0,
            origin,
        };
        let current = root.id;
        Self { id, stamp: 0, versions: vec![root], current, tip: current, files: vec![file], inbox: Vec::new() }
    }

    /// Returns a version by its id.
    pub fn version(&self, id: VersionId) -> Option<&Version> {
        // The newest are asked for most.
        self.versions.iter().rev().find(|version| version.id == id)
    }

    /// Returns the version that is shown; none only for a damaged record.
    pub fn current_version(&self) -> Option<&Version> {
        self.version(self.current)
    }

    /// Iterates over a version and its ancestors, up to its root.
    pub fn ancestors(&self, from: VersionId) -> impl Iterator<Item = &Version> {
        let mut next = Some(from);
        // A parent stands before its child: each is passed once, and a damaged record is not walked for ever.
        self.versions.iter().rev().filter(move |version| {
            let is_next = next == Some(version.id);
            if is_next {
                next = version.parent;
            }
            is_next
        })
    }

    /// Returns true if `ancestor` is `of` or one of its ancestors.
    pub fn is_ancestor(&self, ancestor: VersionId, of: VersionId) -> bool {
        self.ancestors(of).any(|version| version.id == ancestor)
    }

    /// Returns a version's whole text; none for a damaged record.
    pub fn text_of(&self, id: VersionId) -> Option<Arc<str>> {
        let mut edits = Vec::new();
        for version in self.ancestors(id) {
            match &version.content {
                Content::Edits(content) => edits.push(content),
                Content::Text(text) if edits.is_empty() => return Some(text.clone()),
                Content::Text(text) => {
                    let mut text = text.to_string();
                    for edits in edits.iter().rev() {
                        text = edits.apply(&text)?;
                    }
                    return Some(text.into());
                }
            }
        }
        None
    }

    /// Returns the path at which the current text belongs: as its file is known, else as the version says.
    pub fn path(&self) -> &str {
        match (self.file(), self.current_version()) {
            (Some(file), _) => &file.path,
            (None, Some(version)) => &version.path,
            (None, None) => "",
        }
    }

    /// Returns the file in which the current text belongs.
    pub fn file(&self) -> Option<&KnownFile> {
        self.nearest(&self.current_version()?.path)
    }

    /// Returns the file at a path: the very path first, else one that differs only in the folders above, the file of
    /// the current text before others.
    pub fn file_at(&self, path: &str) -> Option<&KnownFile> {
        let exact = self.files.iter().find(|file| file.path == path);
        exact.or_else(|| self.file().filter(|file| same_file(&file.path, path))).or_else(|| self.nearest(path))
    }

    fn nearest(&self, path: &str) -> Option<&KnownFile> {
        let exact = self.files.iter().find(|file| file.path == path);
        exact.or_else(|| self.files.iter().find(|file| same_file(&file.path, path)))
    }

    /// Returns true if this is the path of the session's file.
    pub fn is_at(&self, path: &str) -> bool {
        same_file(self.path(), path)
    }

    /// Returns true if a text, the current one, differs from the file's.
    pub fn differs(&self, text: &Arc<str>) -> bool {
        let content = self.file().and_then(|file| file.content.as_ref());
        content.is_none_or(|content| !Arc::ptr_eq(content, text) && content != text)
    }

    /// Iterates over the conflicts, oldest first: texts that no ancestor of the current version took, merged,
    /// dismissed, or has.
    pub fn conflicts(&self) -> impl Iterator<Item = &Incoming> {
        self.inbox.iter().filter(|incoming| !self.is_resolved(incoming))
    }

    /// Returns true if an ancestor of the current version, itself included, took, merged or dismissed a text.
    pub fn is_resolved(&self, incoming: &Incoming) -> bool {
        let hash = TextHash::of(&incoming.text);
        self.ancestors(self.current).any(|version| Some(version.id) == incoming.resolved_by || version.hash == hash)
    }

    /// Returns true if a conflict is what the session's file holds: an export overwrites it.
    pub fn is_on_disk(&self, incoming: &Incoming) -> bool {
        self.file().and_then(|file| file.content.as_ref()) == Some(&incoming.text)
    }

    /// Returns true if an export overwrites a text that nobody decided about.
    pub fn overwrites(&self) -> bool {
        self.conflicts().any(|incoming| self.is_on_disk(incoming))
    }

    /// Returns the text that the current one is compared with: the file's, or in a conflict with that, the text that
    /// both started from. None for a file that is not written yet.
    pub fn compared_with(&self) -> Option<Arc<str>> {
        let conflict = self.conflicts().find(|incoming| self.is_on_disk(incoming));
        match conflict {
            Some(conflict) => conflict.base.clone(),
            None => self.file()?.content.clone(),
        }
    }

    /// Returns true if somebody changed the session here: a version is more than a file's text.
    pub fn has_local_versions(&self) -> bool {
        self.versions.iter().any(|version| version.origin == Origin::Local)
    }

    /// Returns the version that undo leads to.
    pub fn undo_target(&self) -> Option<VersionId> {
        self.current_version()?.parent
    }

    /// Returns the version that redo leads to.
    pub fn redo_target(&self) -> Option<VersionId> {
        if self.tip == self.current {
            return None;
        }
        self.ancestors(self.tip).find(|version| version.parent == Some(self.current)).map(|version| version.id)
    }

    /// Moves the cursor. On the line that redo follows it stays on it; elsewhere that version becomes the line's end.
    pub fn go_to(&mut self, target: VersionId) {
        if self.version(target).is_none() {
            return;
        }
        self.current = target;
        if !self.is_ancestor(target, self.tip) {
            self.tip = target;
        }
    }

    /// Appends a version after the current one, whose text is `before`, and goes there. `salt` tells steps to the same
    /// text at the same path apart.
    pub fn append(&mut self, before: &str, step: Step, salt: &str) -> VersionId {
        let Step { text, edits, path, label, at, origin } = step;
        let hash = TextHash::of(&text);
        let path = path.unwrap_or_else(|| self.path().to_owned());
        // A text belongs at its path: the same one at another path is another version.
        let id = VersionId::of(Some(self.current), hash, &format!("{path}\n{salt}"));
        if self.version(id).is_none() {
            let edits = edits.unwrap_or_else(|| TextEdits::between(before, &text));
            let (parent, content) = (Some(self.current), Content::Edits(edits));
            self.versions.push(Version { id, parent, content, hash, path, label, at, order: 0, origin });
        }
        self.go_to(id);
        id
    }

    /// Numbers the steps made here that the record before a commit did not have. Returns false if there are none.
    pub fn number(&mut self, before: Option<&Record>, order: u64) -> bool {
        let is_new = |version: &Version| {
            version.order == 0
                && version.origin == Origin::Local
                && version.parent.is_some()
                && before.is_none_or(|before| before.version(version.id).is_none())
        };
        let new: Vec<usize> = (0..self.versions.len()).filter(|at| is_new(&self.versions[*at])).collect();
        for at in &new {
            self.versions[*at].order = order;
        }
        !new.is_empty()
    }

    /// Returns the number of the last step; 0 if none is numbered.
    pub fn last_order(&self) -> u64 {
        self.versions.iter().map(|version| version.order).max().unwrap_or_default()
    }

    /// Starts another line of versions with a file's text, and goes there: nothing before it can be undone.
    pub fn start(&mut self, text: Arc<str>, path: String, label: String, at: Timestamp) -> VersionId {
        let hash = TextHash::of(&text);
        // The same text may come again: the salt makes it a version of its own.
        let id = VersionId::of(None, hash, &format!("{path}\n{}", self.current));
        if self.version(id).is_none() {
            let content = Content::Text(text);
            let (parent, origin) = (None, Origin::File);
            self.versions.push(Version { id, parent, content, hash, path, label, at, order: 0, origin });
        }
        (self.current, self.tip) = (id, id);
        id
    }

    /// Removes copies of local steps that were made again on a newer file, and the former line's root if only that is
    /// left of it. The first version of each step stays: no edit is unreachable.
    pub fn drop_replaced(&mut self, before: VersionId, replaced: &[VersionId]) {
        let mut removed: Vec<VersionId> = Vec::new();
        for id in replaced.iter().rev() {
            let Some(version) = self.version(*id) else { continue };
            let is_first =
                !self.versions.iter().take_while(|other| other.id != *id).any(|other| {
                    other.label == version.label && other.at == version.at && other.origin == Origin::Local
                });
            if is_first || self.has_child(*id, &removed) || self.is_ancestor(*id, self.current) {
                break;
            }
            removed.push(*id);
        }
        let root = self.ancestors(before).find(|version| version.parent.is_none());
        let root = root.filter(|root| root.origin == Origin::File).map(|root| root.id);
        if let Some(root) = root
            && !self.has_child(root, &removed)
            && !self.is_ancestor(root, self.current)
        {
            removed.push(root);
        }
        self.versions.retain(|version| !removed.contains(&version.id));
    }

    fn has_child(&self, id: VersionId, without: &[VersionId]) -> bool {
        self.versions.iter().any(|version| version.parent == Some(id) && !without.contains(&version.id))
    }

    /// Records the text that a path holds.
    pub fn set_file(&mut self, path: &str, content: Option<Arc<str>>, seen_at: Timestamp) {
        let known = self.file_at(path).map(|file| file.path.clone());
        match self.files.iter_mut().find(|file| Some(&file.path) == known.as_ref()) {
            Some(file) => {
                // The path with more of its folders says more.
                if path.len() > file.path.len() && !file.path.contains('/') {
                    path.clone_into(&mut file.path);
                }
                file.content = content;
                file.seen_at = seen_at;
            }
            None => {
                let (path, encoding) = (path.to_owned(), Encoding::Utf8);
                self.files.push(KnownFile { path, content, seen_at, encoding });
            }
        }
    }

    /// Records that the session's file was moved: what is known of it holds for its new path, in every version.
    pub fn move_file(&mut self, to: &str) {
        let from = self.path().to_owned();
        if from == to {
            return;
        }
        // A version may name the file with fewer folders.
        let is_own = |path: &String| self.nearest(path).map_or(*path == from, |file| file.path == from);
        let paths = self.versions.iter().map(|version| &version.path);
        let own: Vec<bool> = paths.chain(self.inbox.iter().map(|incoming| &incoming.path)).map(is_own).collect();
        self.files.retain(|file| file.path != to);
        for file in self.files.iter_mut().filter(|file| file.path == from) {
            to.clone_into(&mut file.path);
        }
        let paths = self.versions.iter_mut().map(|version| &mut version.path);
        let paths = paths.chain(self.inbox.iter_mut().map(|incoming| &mut incoming.path));
        for (path, _) in paths.zip(own).filter(|(_, is_own)| *is_own) {
            to.clone_into(path);
        }
    }

    /// Records the encoding of the file at a path, where one is known there.
    pub fn set_encoding(&mut self, path: &str, encoding: Encoding) {
        let known = self.file_at(path).map(|file| file.path.clone());
        if let Some(file) = self.files.iter_mut().find(|file| Some(&file.path) == known.as_ref()) {
            file.encoding = encoding;
        }
    }

    /// Returns the encoding in which the current text is exported: that of its file.
    pub fn encoding(&self) -> Encoding {
        self.file().map_or(Encoding::Utf8, |file| file.encoding)
    }

    /// Adds a text to the inbox, unless it is there. A newer text of a file takes the place of an older one.
    pub fn add_incoming(&mut self, incoming: Incoming) {
        if incoming.source == Source::File {
            self.forget_older(&incoming.path, &incoming.text);
        }
        let is_own = self.is_at(&incoming.path);
        let is_elsewhere = |known: &Incoming| known.source != Source::File || (is_own && known.path != incoming.path);
        let known = self.inbox.iter().position(|known| known.text == incoming.text);
        match known.map(|known| &mut self.inbox[known]) {
            // The file's own is more than a copy: an export would overwrite it.
            Some(known) if incoming.source == Source::File && is_elsewhere(known) => {
                let resolved_by = known.resolved_by.or(incoming.resolved_by);
                *known = Incoming { resolved_by, ..incoming };
            }
            Some(_) => {}
            None => self.inbox.push(incoming),
        }
    }

    /// Removes conflicts with texts that a file held before this one.
    pub fn forget_older(&mut self, path: &str, text: &str) {
        // A text that an export has overwritten exists nowhere else, so it is kept.
        let held = self.file_at(path).and_then(|file| file.content.clone());
        let is_older = |incoming: &Incoming| {
            incoming.source == Source::File
                && *incoming.text != *text
                && held.as_ref() == Some(&incoming.text)
                && same_file(&incoming.path, path)
                && !self.is_resolved(incoming)
        };
        let older: Vec<bool> = self.inbox.iter().map(is_older).collect();
        let files = &self.files;
        let mut older = older.into_iter();
        self.inbox.retain_mut(|incoming| {
            if !older.next().unwrap_or_default() {
                return true;
            }
            // Another file may hold it still.
            let holds =
                |file: &&KnownFile| file.content.as_ref() == Some(&incoming.text) && !same_file(&file.path, path);
            let other = files.iter().find(holds).map(|file| file.path.clone());
            other.is_some_and(|other| {
                (incoming.path, incoming.base) = (other, None);
                true
            })
        });
    }
}
