//! The form in which a record is stored and backed up, and the reader of the one before it.

use crate::path::joined;
use crate::record::{Content, Incoming, KnownFile, Origin, Record, Source, TextHash, Version, VersionId};
use callboard_core::import::Encoding;
use callboard_core::{TextEdit, TextEdits, Timestamp};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A record as plain data. Each text is there once and meant by its place in `texts`; times are seconds since the
/// epoch, ids and hashes are hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredRecord {
    id: String,
    #[serde(default)]
    stamp: u64,
    texts: Vec<Arc<str>>,
    versions: Vec<StoredVersion>,
    current: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tip: Option<String>,
    files: Vec<StoredFile>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    inbox: Vec<StoredIncoming>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct StoredVersion {
    id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    parent: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    edits: Option<TextEdits>,
    hash: String,
    path: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    label: String,
    at: i64,
    #[serde(default, skip_serializing_if = "is_zero")]
    order: u64,
    origin: Origin,
}

/// True for a number that is not stored.
fn is_zero(order: &u64) -> bool {
    *order == 0
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct StoredFile {
    path: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<usize>,
    seen_at: i64,
    /// The encoding's name; none for UTF-8.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    encoding: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct StoredIncoming {
    text: usize,
    path: String,
    source: Source,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    base: Option<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    resolved_by: Option<String>,
}

/// The texts of a record, each once.
#[derive(Default)]
struct Texts(Vec<Arc<str>>);

impl Texts {
    fn place(&mut self, text: &Arc<str>) -> usize {
        let known = self.0.iter().position(|known| Arc::ptr_eq(known, text) || known == text);
        known.unwrap_or_else(|| {
            self.0.push(text.clone());
            self.0.len() - 1
        })
    }
}

impl From<&Record> for StoredRecord {
    fn from(record: &Record) -> Self {
        let mut texts = Texts::default();
        let versions = record.versions.iter().map(|version| {
            let (text, edits) = match &version.content {
                Content::Text(text) => (Some(texts.place(text)), None),
                Content::Edits(edits) => (None, Some(edits.clone())),
            };
            StoredVersion {
                id: version.id.to_string(),
                parent: version.parent.map(|parent| parent.to_string()),
                text,
                edits,
                hash: version.hash.to_string(),
                path: version.path.clone(),
                label: version.label.clone(),
                at: version.at.unix(),
                order: version.order,
                origin: version.origin,
            }
        });
        let versions = versions.collect();
        let files = record.files.iter().map(|file| StoredFile {
            path: file.path.clone(),
            text: file.content.as_ref().map(|text| texts.place(text)),
            seen_at: file.seen_at.unix(),
            encoding: (file.encoding != Encoding::Utf8).then(|| file.encoding.name().to_owned()),
        });
        let files = files.collect();
        let inbox = record.inbox.iter().map(|incoming| StoredIncoming {
            text: texts.place(&incoming.text),
            path: incoming.path.clone(),
            source: incoming.source,
            base: incoming.base.as_ref().map(|text| texts.place(text)),
            resolved_by: incoming.resolved_by.map(|version| version.to_string()),
        });
        let inbox = inbox.collect();
        Self {
            id: record.id.clone(),
            stamp: record.stamp,
            versions,
            current: record.current.to_string(),
            tip: (record.tip != record.current).then(|| record.tip.to_string()),
            files,
            inbox,
            texts: texts.0,
        }
    }
}

impl StoredRecord {
    /// Returns the record; none where a part names a text or a version that is not there.
    pub fn into_record(self) -> Option<Record> {
        let texts = self.texts;
        let text = |place: usize| texts.get(place).cloned();
        let mut versions = Vec::with_capacity(self.versions.len());
        for version in self.versions {
            let content = match (version.text, version.edits) {
                (Some(place), _) => Content::Text(text(place)?),
                (None, edits) => Content::Edits(edits?),
            };
            let parent = match version.parent {
                Some(parent) => Some(VersionId::parse(&parent)?),
                None => None,
            };
            versions.push(Version {
                id: VersionId::parse(&version.id)?,
                parent,
                content,
                hash: TextHash::parse(&version.hash)?,
                path: version.path,
                label: version.label,
                at: Timestamp::from_unix(version.at),
                order: version.order,
                origin: version.origin,
            });
        }
        let mut files = Vec::with_capacity(self.files.len());
        for file in self.files {
            let content = match file.text {
                Some(place) => Some(text(place)?),
                None => None,
            };
            let encoding = match file.encoding {
                Some(name) => Encoding::parse(&name)?,
                None => Encoding::Utf8,
            };
            let seen_at = Timestamp::from_unix(file.seen_at);
            files.push(KnownFile { path: file.path, content, seen_at, encoding });
        }
        let mut inbox = Vec::with_capacity(self.inbox.len());
        for incoming in self.inbox {
            let base = match incoming.base {
                Some(place) => Some(text(place)?),
                None => None,
            };
            inbox.push(Incoming {
                text: text(incoming.text)?,
                path: incoming.path,
                source: incoming.source,
                base,
                resolved_by: incoming.resolved_by.as_deref().and_then(VersionId::parse),
            });
        }
        let current = VersionId::parse(&self.current)?;
        let tip = self.tip.as_deref().and_then(VersionId::parse).unwrap_or(current);
        let mut record = Record { id: self.id, stamp: self.stamp, versions, current, tip, files, inbox };
        if !record.is_ancestor(current, tip) {
            record.tip = current;
        }
        record.text_of(current).is_some().then_some(record)
    }
}

/// A record as releases before 0.2 stored it: a root text, a list of edits of which `done` are applied, the text of
/// one file, and the texts that waited for a decision.
#[derive(Debug, Deserialize)]
pub struct LegacyRecord {
    id: String,
    #[serde(default)]
    stamp: u64,
    file: String,
    #[serde(default)]
    folder: String,
    root: Arc<str>,
    disk: Option<Arc<str>>,
    #[serde(default)]
    waiting: Vec<LegacyIncoming>,
    /// The only text that could wait in the first release.
    incoming: Option<Arc<str>>,
    from: Option<LegacyFrom>,
    #[serde(default)]
    edits: Vec<LegacyEdit>,
    done: Option<usize>,
}

#[derive(Debug, Deserialize)]
struct LegacyIncoming {
    text: Arc<str>,
    source: LegacySource,
    file: String,
    #[serde(default)]
    folder: String,
    disk: Option<Arc<str>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum LegacySource {
    File,
    Overwritten,
    Backup,
    Tab,
}

#[derive(Debug, Deserialize)]
struct LegacyFrom {
    file: String,
    #[serde(default)]
    folder: String,
    disk: Option<Arc<str>>,
    #[serde(default)]
    copy: bool,
}

#[derive(Debug, Deserialize)]
struct LegacyPlace {
    file: String,
    #[serde(default)]
    folder: String,
    disk: Option<Arc<str>>,
}

#[derive(Debug, Deserialize)]
struct LegacyEdit {
    sentence: String,
    made: i64,
    at: usize,
    removed: String,
    added: String,
    left: Option<LegacyPlace>,
    took: Option<LegacyIncoming>,
}

impl LegacyRecord {
    /// Returns the record; none where its text cannot be built.
    pub fn into_record(self) -> Option<Record> {
        let unseen = Timestamp::from_unix(0);
        let disk = self.disk.unwrap_or_else(|| self.root.clone());
        let done = self.done.unwrap_or(self.edits.len()).min(self.edits.len());
        // The path at each version: an edit may have brought the file's path along.
        let path = joined(&self.folder, &self.file);
        let mut paths = vec![path.clone(); self.edits.len() + 1];
        // An edit that stands says where the file was before it, one that is undone where it is after it.
        let left = |edit: &LegacyEdit| edit.left.as_ref().map(|left| joined(&left.folder, &left.file));
        let left: Vec<Option<String>> = self.edits.iter().map(left).collect();
        for at in (0..done).rev() {
            paths[at] = left[at].clone().unwrap_or_else(|| paths[at + 1].clone());
        }
        for at in done..left.len() {
            paths[at + 1] = left[at].clone().unwrap_or_else(|| paths[at].clone());
        }
        let root = if disk.is_empty() { Record::created } else { Record::of_file };
        let mut record = root(self.id, paths.first()?.clone(), self.root.clone(), unseen);
        record.stamp = self.stamp;
        record.files.clear();
        let mut text = self.root.to_string();
        let (mut at, mut taken) = (vec![record.current], Vec::new());
        for ((edit, path), left) in self.edits.into_iter().zip(paths.iter().skip(1)).zip(&paths) {
            let edits = TextEdits::new(vec![TextEdit { at: edit.at, removed: edit.removed, added: edit.added }])?;
            // An edit that does not apply to the text before it is a damaged end.
            let Some(after) = edits.apply(&text) else { break };
            let origin = if edit.sentence == "The file was updated." { Origin::File } else { Origin::Local };
            let step = crate::record::Step {
                text: after.as_str().into(),
                edits: Some(edits),
                path: Some(path.clone()),
                label: edit.sentence,
                at: Timestamp::from_unix(edit.made),
                origin,
            };
            let id = record.append(&text, step, "");
            at.push(id);
            text = after;
            if let Some(place) = edit.left
                && let Some(disk) = place.disk.filter(|disk| !disk.is_empty())
            {
                let away = if at.len() - 2 < done { left } else { path };
                record.set_file(away, Some(disk), unseen);
            }
            taken.extend(edit.took.map(|took| (took, id)));
        }
        record.current = *at.get(done).or(at.last())?;
        record.set_file(&path, Some(disk.clone()).filter(|disk| !disk.is_empty()), unseen);
        let waiting = self.waiting.into_iter().chain(self.incoming.map(|text| only_one(text, self.from, &path)));
        for waits in waiting.map(|waits| (waits, None)).chain(taken.into_iter().map(|(took, id)| (took, Some(id)))) {
            let (LegacyIncoming { text, source, file, folder, disk: held }, resolved_by) = waits;
            let from = joined(&folder, &file);
            let is_file = matches!(source, LegacySource::File | LegacySource::Overwritten);
            let is_undecided = source == LegacySource::File && resolved_by.is_none();
            let base = (is_undecided && record.is_at(&from)).then(|| disk.clone()).filter(|base| !base.is_empty());
            if is_undecided {
                record.set_file(&from, Some(text.clone()), unseen);
            } else if is_file && resolved_by.is_none() {
                // The same text was left out.
                record.set_file(&from, Some(held.unwrap_or_else(|| text.clone())), unseen);
            }
            let source = match source {
                LegacySource::File | LegacySource::Overwritten => Source::File,
                LegacySource::Backup => Source::Backup,
                LegacySource::Tab => Source::Tab,
            };
            match record.inbox.iter_mut().find(|known| known.text == text) {
                Some(known) => known.resolved_by = known.resolved_by.or(resolved_by),
                None => record.inbox.push(Incoming { text, path: from, source, base, resolved_by }),
            }
        }
        Some(record)
    }
}

/// Returns the text that waited in the first release: a copy, or a file that holds it; without a note of its source,
/// the session's own file.
fn only_one(text: Arc<str>, from: Option<LegacyFrom>, path: &str) -> LegacyIncoming {
    match from {
        Some(LegacyFrom { file, folder, disk, copy }) => {
            let source = if copy { LegacySource::Overwritten } else { LegacySource::File };
            LegacyIncoming { text, source, file, folder, disk }
        }
        None => {
            let (folder, file) = crate::path::split(path);
            LegacyIncoming { text, source: LegacySource::File, file: file.into(), folder: folder.into(), disk: None }
        }
    }
}
