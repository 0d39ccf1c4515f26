//! Saving in place: a session's file is replaced if it still holds what it held, and what others wrote comes first.
use super::import::{Content, FileContent};
use super::workspace::{GONE, Workspace};
use crate::export::export_file::encoded;
use crate::platform::clock;
use crate::source::{Source, Swapped};
use callboard_core::import::Encoding;
use callboard_workspace::{Durability, Entry, Planned, plan, rebase};
use std::sync::Arc;

/// Number of times a save starts again because others have changed the file meanwhile.
const TRIES: usize = 16;

/// The outcome of saving a session.
pub(super) enum Saved {
    /// The file holds the session's text.
    Written,
    /// The file held it already.
    Nothing,
}

impl Workspace {
    /// Saves a session into its file. `may_hold` tells whether the source may have that file at a path.
    ///
    /// # Errors
    /// The reason why it was not saved, as one sentence or more. The change stays in the workspace.
    pub(super) async fn save_session(
        self,
        source: &Source,
        id: &str,
        may_hold: impl Fn(&str) -> bool,
    ) -> Result<Saved, String> {
        // The file's bytes, where they are others than its text is written as: a byte order mark may be missing.
        let mut bytes_before: Option<Vec<u8>> = None;
        for _ in 0..TRIES {
            // A change that was asked for before the save, such as an undo, comes first.
            drop(self.store().lock().await);
            let entry = self.entry_now(id).ok_or(GONE)?;
            if entry.summary().conflict {
                return Err(format!("{} has a conflict. Resolve it, then save.", entry.file()));
            }
            if !entry.changed() {
                return Ok(Saved::Nothing);
            }
            let (path, encoding) = (entry.path().to_owned(), entry.record().encoding());
            let before = entry.record().file().and_then(|file| file.content.clone());
            let expected = before.as_ref().map(|text| encoded(text, encoding));
            let expected = bytes_before.as_deref().or(expected.as_deref());
            let text = entry.text().clone();
            let swapped = source.swap(&path, expected, &encoded(&text, encoding)).await;
            match swapped.map_err(|error| error.message)? {
                Swapped::Written => {
                    let now = clock::now();
                    let mark = |_: &str, here: Option<&Arc<Entry>>| {
                        plan::saved(here.ok_or(GONE)?, &path, before.as_deref(), &text, now)
                    };
                    // A file that was read again since is known better than by this.
                    let _ = self.store().commit(&[id.to_owned()], Durability::Strict, mark).await;
                    return Ok(Saved::Written);
                }
                Swapped::Changed(Some(bytes)) if encoding.is_wide() && holds(&bytes, encoding, before.as_deref()) => {
                    bytes_before = Some(bytes);
                }
                Swapped::Changed(Some(bytes)) => {
                    bytes_before = None;
                    self.take_over(id, &path, bytes).await?;
                }
                Swapped::Changed(None) if !may_hold(&path) => {
                    return Err(format!("{path} is not a file of {}. Export it instead.", source.name()));
                }
                Swapped::Changed(None) => {
                    let now = clock::now();
                    let gone = |_: &str, here: Option<&Arc<Entry>>| {
                        plan::file_gone(here.ok_or(GONE)?, &path, true, now).or_else(|_| Ok(Planned::nothing("")))
                    };
                    let _ = self.store().commit(&[id.to_owned()], Durability::Strict, gone).await;
                    return Err(format!("{path} is no longer there. Save again to write it as a new file."));
                }
            }
        }
        Err("Others keep changing this file. Nothing was saved; try again.".into())
    }

    /// Takes over what a file holds instead of the text that was known.
    async fn take_over(self, id: &str, path: &str, bytes: Vec<u8>) -> Result<(), String> {
        let content = FileContent::read(path.to_owned(), bytes, &mut self.imported.shapes()).content;
        let file = match content {
            Ok(Content::Session(file)) if file.id == id => file,
            Ok(Content::Session(file)) => {
                return Err(format!("{path} holds another session now: {}. Nothing was saved.", file.id));
            }
            _ => return Err(format!("{path} holds no readable session now. Nothing was saved.")),
        };
        let now = clock::now();
        let follow = |_: &str, here: Option<&Arc<Entry>>| {
            let entry = rebase(here.ok_or(GONE)?, &file, now).entry;
            Ok(entry.map_or_else(|| Planned::nothing(""), Planned::put))
        };
        let results = self.store().commit(&[id.to_owned()], Durability::Strict, follow).await;
        results.into_iter().next().map_or(Ok(()), |result| result.map(drop))
    }
}

/// Returns true if bytes are a text in an encoding.
fn holds(bytes: &[u8], encoding: Encoding, text: Option<&str>) -> bool {
    let decoded = Encoding::decode(bytes);
    decoded.is_some_and(|(held, found)| found == encoding && Some(&*held) == text)
}
