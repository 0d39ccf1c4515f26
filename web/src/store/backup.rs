//! Backup of the whole workspace to one file, and its reader.
//!
//! The file is one JSON object with one session per line:
//!
//! ```json
//! {"callboard": "workspace", "version": 3, "made": "2026-01-31T12:00:00Z", "sessions": [
//! {"id": "ep_1", "texts": ["{ … }"], "versions": [{"id": "…", "text": 0, "hash": "…", "path": "ep001.json", …}], …}
//! ]}
//! ```
//!
//! A session is a [`StoredRecord`], or a [`LegacyRecord`] in versions 1 and 2. The person's shapes, if there are any, are
//! a list of definitions before the sessions, `"shapes": [{"name": …}, …]`. Unknown members are ignored; another `version`
//! is not read.
use super::elements::{self, Token};
use super::workspace::Workspace;
use crate::format::count;
use crate::platform::clock;
use crate::platform::download::download_parts;
use crate::platform::pace::YieldTimer;
use callboard_core::Timestamp;
use callboard_workspace::{Entry, LegacyRecord, Record, StoredRecord};
use leptos::prelude::untrack;
use leptos::task::spawn_local;
use std::ops::Range;

/// The version that is written; earlier ones can be read too.
const VERSION: u32 = 3;
const MARK: &str = "\"callboard\":\"workspace\"";
/// Number of leading bytes that identify a backup.
const HEAD: usize = 200;

/// Writes the beginning of a backup, with the definitions of shapes.
fn head(now: Timestamp, shapes: &[&str]) -> String {
    let shapes = match shapes {
        [] => String::new(),
        shapes => {
            format!("\"shapes\": [\n{}\n], ", shapes.iter().map(|text| text.trim()).collect::<Vec<_>>().join(",\n"))
        }
    };
    format!("{{\"callboard\": \"workspace\", \"version\": {VERSION}, \"made\": \"{now}\", {shapes}\"sessions\": [\n")
}

/// Returns true if a file is a backup, by its beginning.
pub fn is_backup(bytes: &[u8]) -> bool {
    let head: Vec<u8> = bytes.iter().take(HEAD).copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    String::from_utf8_lossy(&head).contains(MARK)
}

/// A backup's text and the range of each session in it.
#[derive(Debug)]
pub(super) struct Backup<'a> {
    text: &'a str,
    sessions: Vec<Range<usize>>,
    shapes: Vec<Range<usize>>,
    cut_off: bool,
}

impl<'a> Backup<'a> {
    /// Finds the sessions of a backup, whatever its layout, in slices; a truncated file yields its complete
    /// sessions.
    ///
    /// # Errors
    /// A sentence that says why the backup cannot be read.
    pub(super) async fn read(bytes: &'a [u8], timer: &YieldTimer) -> Result<Self, String> {
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text,
            // The file ends in the middle of a character.
            Err(error) if error.error_len().is_none() => {
                std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default()
            }
            Err(_) => return Err("This backup is not UTF-8.".into()),
        };
        let begin = elements::list(text, "sessions").ok_or("This backup has no list of sessions.")?;
        let head = text.get(..begin).unwrap_or_default();
        let version = version_of(&format!("{head}]}}"));
        is_known(version.unwrap_or(f64::from(VERSION)))?;
        let shapes = elements::list(head, "shapes").map(|begin| all(head, begin)).unwrap_or_default();
        let (mut sessions, mut at) = (Vec::new(), begin);
        let end = loop {
            match elements::next(text, at) {
                Token::Element(place) => {
                    at = place.end;
                    sessions.push(place);
                }
                Token::End(end) => break Some(end),
                Token::CutOff => break None,
            }
            timer.yield_if_due().await;
        };
        if version.is_none() {
            let rest = end.and_then(|end| text.get(end..)).unwrap_or_default();
            is_known(version_of(&format!("{head}]{rest}")).unwrap_or_default())?;
        }
        Ok(Self { text, sessions, shapes, cut_off: end.is_none() })
    }

    /// Returns the ranges of the sessions.
    pub(super) fn sessions(&self) -> &[Range<usize>] {
        &self.sessions
    }

    /// Returns the definitions of the shapes.
    pub(super) fn shapes(&self) -> impl Iterator<Item = &'a str> {
        self.shapes.iter().map(|place| self.text(place))
    }

    /// Returns the text of a range.
    pub(super) fn text(&self, place: &Range<usize>) -> &'a str {
        self.text.get(place.clone()).unwrap_or_default()
    }

    /// Returns the line and column at which a truncated file ends; `None` for a complete one.
    pub(super) fn cut_off(&self) -> Option<(u32, u32)> {
        self.cut_off.then(|| {
            let lines = self.text.bytes().filter(|byte| *byte == b'\n').count();
            let last = self.text.rsplit('\n').next().unwrap_or_default();
            let number = |count: usize| u32::try_from(count + 1).unwrap_or(u32::MAX);
            (number(lines), number(last.chars().count()))
        })
    }
}

/// Returns the elements of a list from its beginning on.
fn all(text: &str, begin: usize) -> Vec<Range<usize>> {
    let next = |at: usize| match elements::next(text, at) {
        Token::Element(place) => Some(place),
        Token::End(_) | Token::CutOff => None,
    };
    std::iter::successors(next(begin), |place| next(place.end)).collect()
}

/// Reads the version of a backup from its outermost object.
fn version_of(json: &str) -> Option<f64> {
    #[derive(serde::Deserialize)]
    struct Head {
        version: Option<f64>,
    }
    serde_json::from_str::<Head>(json).ok()?.version
}

/// Parses a session of a backup.
pub(super) fn record_of(json: &str) -> Option<Record> {
    match serde_json::from_str::<StoredRecord>(json) {
        Ok(stored) => stored.into_record(),
        Err(_) => serde_json::from_str::<LegacyRecord>(json).ok()?.into_record(),
    }
}

fn is_known(version: f64) -> Result<(), String> {
    if (1..=VERSION).any(|known| version == f64::from(known)) {
        return Ok(());
    }
    Err("This backup is incomplete, or was made by another version of Callboard.".into())
}

impl Workspace {
    /// Downloads every session with its edits, and the shapes, as one file.
    pub fn back_up(self) {
        self.write_backup("callboard-workspace", |_| true);
    }

    /// Downloads the sessions that have edits or conflicts, and the shapes, as one file: the part that cannot be loaded
    /// again from session files.
    pub fn back_up_edits(self) {
        self.write_backup("callboard-edits", |entry| {
            let record = entry.record();
            entry.changed() || record.has_local_versions() || !record.inbox.is_empty()
        });
    }

    fn write_backup(self, name: &'static str, wanted: fn(&Entry) -> bool) {
        spawn_local(async move {
            let now = clock::now();
            let entries: Vec<_> = self
                .sessions
                .with_untracked(|sessions| sessions.iter().filter(|entry| wanted(entry)).cloned().collect());
            let timer = YieldTimer::start();
            let shapes = untrack(|| self.imported.stored_shapes());
            let texts: Vec<&str> = shapes.iter().map(|shape| shape.text.as_str()).collect();
            let mut parts = vec![head(now, &texts)];
            for (at, entry) in entries.iter().enumerate() {
                let Ok(mut line) = serde_json::to_string(&StoredRecord::from(entry.record())) else {
                    self.status.set(format!("{} could not be written; nothing was downloaded.", entry.file()), None);
                    return;
                };
                line.push_str(if at + 1 == entries.len() { "\n" } else { ",\n" });
                parts.push(line);
                timer.yield_if_due().await;
            }
            parts.push("]}\n".into());
            let day: String = now.to_string().chars().take(10).collect();
            let name = format!("{name}-{day}.json");
            match download_parts(&name, &parts) {
                Ok(()) => {
                    let shapes = match shapes.len() {
                        0 => String::new(),
                        number => format!(" and {}", count(number, "shape", "shapes")),
                    };
                    self.status.set(format!("Downloaded {name} with {} sessions{shapes}.", entries.len()), None);
                }
                Err(why) => self.status.set(format!("{name} was not downloaded: {why}"), None),
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backup_is_recognised_by_its_head() {
        assert!(is_backup(head(Timestamp::from_unix(0), &["{\"name\": \"a\"}"]).as_bytes()));
        assert!(is_backup(b"{\n  \"callboard\" : \"workspace\",\n"));
        assert!(!is_backup(b"{\"session_id\": \"a\", \"callboard\": 1}"));
    }

    #[test]
    fn shapes_stand_before_the_sessions() {
        let shapes = ["{\"name\": \"a\"}\n", "{\n  \"name\": \"b\"\n}"];
        let text = head(Timestamp::from_unix(0), &shapes);
        let begin = elements::list(&text, "sessions").unwrap();
        assert_eq!(begin, text.trim_end().len());
        let found = all(&text, elements::list(&text, "shapes").unwrap());
        let found: Vec<&str> = found.into_iter().map(|place| &text[place]).collect();
        assert_eq!(found, shapes.map(str::trim));
        assert_eq!(version_of(&format!("{}]}}", &text[..begin])), Some(3.0));
        assert_eq!(elements::list(&head(Timestamp::from_unix(0), &[]), "shapes"), None);
    }
}
