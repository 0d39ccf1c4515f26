//! The whole workspace as one file, and back.
//!
//! The file is one JSON object, a session a line:
//!
//! ```json
//! {"callboard": "workspace", "version": 1, "made": "2026-01-31T12:00:00Z", "sessions": [
//! {"id": "ep_1", "file": "ep001.json", "folder": "", "root": "{ … }", "disk": "{ … }", "incoming": "{ … }",
//!  "done": 1, "edits": [{"sentence": "…", "made": 1769860800, "at": 17, "removed": "…", "added": "…"}]}
//! ]}
//! ```
//!
//! `root` is the text at the bottom of the undo history, `disk` the file's (left out where it is the same),
//! `incoming` a dropped text that waits for a decision. `edits` are the local changes, oldest first, of
//! which `done` stand; each replaces `removed` by `added` at the byte `at` and was made at that second of
//! Unix time. Unknown members are ignored; another `version` is not read.
use super::record::Record;
use super::workspace::Workspace;
use crate::platform::download::download_parts;
use crate::platform::pace::Pace;
use crate::platform::{clock, stored};
use callboard_core::Timestamp;
use leptos::prelude::*;
use leptos::task::spawn_local;

const VERSION: u32 = 1;
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

/// Reads a backup, line by line where it is laid out as it was written.
///
/// # Errors
/// A sentence that says why it cannot be read.
pub(super) async fn read(bytes: &[u8], pace: &mut Pace) -> Result<Vec<Record>, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "This backup is not UTF-8.")?;
    let (head, rest) = text.split_once('\n').unwrap_or((text, ""));
    let closed = format!("{head}]}}");
    let whole = || stored::number_of(text, "version");
    let version = stored::number_of(&closed, "version").or_else(whole);
    if version != Some(f64::from(VERSION)) {
        return Err("This backup is of another version of Callboard, or is not whole.".into());
    }
    let mut records = Vec::new();
    for line in rest.lines() {
        if matches!(line.trim(), "" | "]}") {
            continue;
        }
        let Some(record) = stored::from_json(line.trim_end_matches(',')) else {
            // Someone has laid it out anew: then it is read in one go.
            let all = stored::listed(text, "sessions").ok_or("This backup is not JSON, or is not whole.")?;
            return Ok(all.into_iter().flatten().map(|record| Record { stamp: 0, ..record }).collect());
        };
        records.push(record);
        pace.rest().await;
    }
    Ok(records)
}

impl Workspace {
    /// Downloads every session with its edits as one file.
    pub fn back_up(self) {
        self.write_backup("callboard-workspace", |_| true);
    }

    /// Downloads the sessions that have edits as one file.
    pub fn back_up_edits(self) {
        self.write_backup("callboard-edits", |record| !record.edits.is_empty() || record.incoming.is_some());
    }

    fn write_backup(self, name: &'static str, wanted: fn(&Record) -> bool) {
        spawn_local(async move {
            let now = clock::now();
            let entries: Vec<_> = self
                .shelf
                .with_untracked(|shelf| shelf.iter().filter(|entry| wanted(entry.record())).cloned().collect());
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
