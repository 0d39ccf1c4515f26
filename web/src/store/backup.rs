//! The whole workspace as one file, and back.
//!
//! The file is one JSON object, a session a line:
//!
//! ```json
//! {"callboard": "workspace", "version": 2, "made": "2026-01-31T12:00:00Z", "sessions": [
//! {"id": "ep_1", "file": "ep001.json", "folder": "", "root": "{ … }", "disk": "{ … }",
//!  "done": 1, "edits": [{"sentence": "…", "made": 1769860800, "at": 17, "removed": "…", "added": "…"}]}
//! ]}
//! ```
//!
//! `root` is the text at the bottom of the undo history, `disk` the file's (left out where it is the same). `waiting`
//! is a list of other texts that wait for a decision, oldest first (`{"text": "…", "source": "file", "file": "…",
//! "folder": "…", "disk": "…"}`; left out where there is none): from a `file` that holds it, one that was `overwritten`
//! since and holds `disk`, a `backup`, or another `tab`. `edits` are the local changes, oldest first, of which `done` stand; each replaces `removed` by `added` at the byte `at` and was made at that second of
//! Unix time. One that took the text of a file at another path has in `left` where the session's file was before;
//! once it is undone, where that other file is. Unknown members are ignored; another `version` is not read.
use super::elements::{self, Next};
use super::entry::Entry;
use super::record::Record;
use super::workspace::Workspace;
use crate::platform::download::download_parts;
use crate::platform::pace::Pace;
use crate::platform::{clock, stored};
use callboard_core::Timestamp;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::ops::Range;

/// 1 had one text that waits, in `incoming`, and where it came from in `from`.
const VERSION: u32 = 2;
const MARK: &str = "\"callboard\":\"workspace\"";
/// How much of a file is looked at to see what it is.
const HEAD: usize = 200;

fn head(now: Timestamp) -> String {
    format!("{{\"callboard\": \"workspace\", \"version\": {VERSION}, \"made\": \"{now}\", \"sessions\": [\n")
}

/// Whether a file is a backup, by its beginning.
pub fn is_one(bytes: &[u8]) -> bool {
    let head: Vec<u8> = bytes.iter().take(HEAD).copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    String::from_utf8_lossy(&head).contains(MARK)
}

/// A backup's text, and where in it each session lies.
#[derive(Debug)]
pub(super) struct Backup<'a> {
    text: &'a str,
    sessions: Vec<Range<usize>>,
    cut_off: bool,
}

impl<'a> Backup<'a> {
    /// Finds the sessions of a backup, however it is laid out, in slices. What a file that ends early still
    /// holds is found.
    ///
    /// # Errors
    /// A sentence that says why it cannot be read.
    pub(super) async fn read(bytes: &'a [u8], pace: &mut Pace) -> Result<Self, String> {
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text,
            // It ends in the middle of a character.
            Err(error) if error.error_len().is_none() => {
                std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default()
            }
            Err(_) => return Err("This backup is not UTF-8.".into()),
        };
        let begin = elements::list(text, "sessions").ok_or("This backup holds no list of sessions.")?;
        let head = text.get(..begin).unwrap_or_default();
        let version = stored::number_of(&format!("{head}]}}"), "version");
        is_known(version.unwrap_or(f64::from(VERSION)))?;
        let (mut sessions, mut at) = (Vec::new(), begin);
        let end = loop {
            match elements::next(text, at) {
                Next::Element(place) => {
                    at = place.end;
                    sessions.push(place);
                }
                Next::End(end) => break Some(end),
                Next::CutOff => break None,
            }
            pace.rest().await;
        };
        if version.is_none() {
            let rest = end.and_then(|end| text.get(end..)).unwrap_or_default();
            is_known(stored::number_of(&format!("{head}]{rest}"), "version").unwrap_or_default())?;
        }
        Ok(Self { text, sessions, cut_off: end.is_none() })
    }

    /// Where the sessions are.
    pub(super) fn sessions(&self) -> &[Range<usize>] {
        &self.sessions
    }

    /// The text at a place.
    pub(super) fn text(&self, place: &Range<usize>) -> &'a str {
        self.text.get(place.clone()).unwrap_or_default()
    }

    /// The line and the column at which a file that is not whole ends; `None` for one that is.
    pub(super) fn cut_off(&self) -> Option<(u32, u32)> {
        self.cut_off.then(|| {
            let lines = self.text.bytes().filter(|byte| *byte == b'\n').count();
            let last = self.text.rsplit('\n').next().unwrap_or_default();
            let number = |count: usize| u32::try_from(count + 1).unwrap_or(u32::MAX);
            (number(lines), number(last.chars().count()))
        })
    }
}

fn is_known(version: f64) -> Result<(), String> {
    if (1..=VERSION).any(|known| version == f64::from(known)) {
        return Ok(());
    }
    Err("This backup is of another version of Callboard, or is not whole.".into())
}

impl Workspace {
    /// Downloads every session with its edits as one file.
    pub fn back_up(self) {
        self.write_backup("callboard-workspace", |_| true);
    }

    /// Downloads the sessions that have edits as one file: all of which there is more than their files say.
    pub fn back_up_edits(self) {
        self.write_backup("callboard-edits", |entry| {
            let Record { edits, waiting, .. } = entry.record();
            // One that was made here differs from its file, which is not there yet.
            entry.changed() || !edits.is_empty() || !waiting.is_empty()
        });
    }

    fn write_backup(self, name: &'static str, wanted: fn(&Entry) -> bool) {
        spawn_local(async move {
            let now = clock::now();
            let entries: Vec<_> =
                self.shelf.with_untracked(|shelf| shelf.iter().filter(|entry| wanted(entry)).cloned().collect());
            let mut pace = Pace::begin();
            let mut parts = vec![head(now)];
            for (at, entry) in entries.iter().enumerate() {
                let Some(mut line) = stored::to_json(entry.record()) else {
                    self.say(format!("{} could not be written; nothing was downloaded.", entry.file()), None);
                    return;
                };
                line.push_str(if at + 1 == entries.len() { "\n" } else { ",\n" });
                parts.push(line);
                pace.rest().await;
            }
            parts.push("]}\n".into());
            let day: String = now.to_string().chars().take(10).collect();
            let name = format!("{name}-{day}.json");
            match download_parts(&name, &parts) {
                Ok(()) => self.say(format!("{name} holds {} sessions with their edits.", entries.len()), None),
                Err(why) => self.say(format!("{name} was not downloaded: {why}"), None),
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backup_is_known_by_its_head() {
        assert!(is_one(head(Timestamp::from_unix(0)).as_bytes()));
        assert!(is_one(b"{\n  \"callboard\" : \"workspace\",\n"));
        assert!(!is_one(b"{\"session_id\": \"a\", \"callboard\": 1}"));
    }
}
