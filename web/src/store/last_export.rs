//! The last export or save, while it is shown: its commit message, its files, and its undo.
use crate::export::file_change::FileChange;
use crate::export::message::message;
use crate::platform::pace::YieldTimer;
use crate::platform::web_storage::Area;
use callboard_core::Policy;
use callboard_core::diff::numstat;
use callboard_workspace::plan::Export;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::sync::Arc;

/// Key under which the note of the last export is stored, so that it is there after a reload.
const NOTE: &str = "callboard.exported";

/// Key under which an edited commit message is stored.
const MESSAGE: &str = "callboard.message";

/// The last export or save.
#[derive(Clone, Debug, PartialEq)]
pub struct LastExport {
    /// The sentence that was shown for it.
    pub message: String,
    /// The files before and after it; `None` if it can no longer be undone.
    pub export: Option<Arc<Export>>,
    /// The commit message and the files; `None` until they are worked out.
    pub note: Option<ExportNote>,
    /// The message that was typed for it; undoing it restores the message.
    pub typed: Option<String>,
    /// Revisions of the sessions that were changed when it was made: any other is a new change.
    known: Arc<HashSet<u64>>,
}

/// Description of an export, to commit it by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportNote {
    /// The sentence that was shown for it.
    pub sentence: String,
    /// The commit message.
    pub message: String,
    /// The paths, each with the numbers of added and removed lines.
    pub files: Vec<(String, u32, u32)>,
    /// The command that applies it in the repository, if it is a patch.
    pub command: Option<String>,
}

/// A file before and after an export.
#[derive(Clone, Debug)]
pub struct WrittenFile {
    /// The path.
    pub path: String,
    /// The text before; `None` for a new file.
    pub before: Option<Arc<str>>,
    /// The text after.
    pub after: Arc<str>,
}

/// The last export, and the commit message of the next one, provided as context.
#[derive(Clone, Copy, Debug)]
pub struct LastExportSignal {
    /// The last export; `None` once it is dismissed.
    pub last: RwSignal<Option<LastExport>>,
    /// The commit message as it was edited; `None` for the suggested one.
    pub typed: RwSignal<Option<String>>,
    /// The files that were saved since the last note was dismissed: they are committed together.
    saved: StoredValue<Vec<WrittenFile>>,
}

impl Default for LastExportSignal {
    fn default() -> Self {
        let stored: Option<ExportNote> = Area::Local.get(NOTE);
        let last = stored.map(|note| LastExport {
            message: note.sentence.clone(),
            export: None,
            note: Some(note),
            typed: None,
            known: Arc::default(),
        });
        Self {
            last: RwSignal::new(last),
            typed: RwSignal::new(Area::Local.get(MESSAGE)),
            saved: StoredValue::new(Vec::new()),
        }
    }
}

/// Returns the last export, and the message of the next.
pub fn use_last_export() -> LastExportSignal {
    expect_context()
}

impl LastExportSignal {
    /// Keeps an edited message; `None` for the suggested one.
    pub fn set_typed(self, text: Option<String>) {
        // Without storage it lasts until the page is closed.
        match &text {
            Some(text) => drop(Area::Local.set(MESSAGE, text)),
            None => Area::Local.remove(MESSAGE),
        }
        self.typed.set(text);
    }

    /// Shows an export, whose note follows, with the message that was `typed` for it. `known` has the revisions of the
    /// changed sessions.
    pub fn show(self, message: String, export: Option<Arc<Export>>, typed: Option<String>, known: HashSet<u64>) {
        if export.is_some() {
            self.saved.update_value(Vec::clear);
        }
        self.last.set(Some(LastExport { message, export, note: None, typed, known: Arc::new(known) }));
    }

    /// Dismisses it.
    pub fn dismiss(self) {
        self.saved.update_value(Vec::clear);
        Area::Local.remove(NOTE);
        self.last.set(None);
    }

    /// Adds files to those that were saved, and returns them all. A file that was saved twice counts from its first
    /// text.
    pub fn add_saved(self, files: Vec<WrittenFile>) -> Vec<WrittenFile> {
        self.saved.update_value(|saved| {
            for file in files {
                match saved.iter_mut().find(|known| known.path == file.path) {
                    Some(known) => known.after = file.after,
                    None => saved.push(file),
                }
            }
        });
        self.saved.get_value()
    }

    /// Works out the note of the export that is shown: its files, and the message unless one was typed.
    pub async fn note(self, files: Vec<WrittenFile>, typed: Option<String>, command: Option<String>, policy: Policy) {
        let shown = self.last.with_untracked(|last| last.as_ref().map(|last| last.known.clone()));
        let timer = YieldTimer::start();
        let (mut changes, mut listed) = (Vec::new(), Vec::new());
        for WrittenFile { path, before, after } in files {
            changes.push(FileChange::of(&path, before.as_deref(), Some(&after), &policy));
            let lines = numstat(before.as_deref().unwrap_or_default(), &after);
            listed.push((path, lines.added, lines.removed));
            timer.yield_if_due().await;
        }
        let message = typed.unwrap_or_else(|| message(&changes));
        self.last.update(|last| {
            // Another export may have been made meanwhile.
            let Some(last) = last.as_mut().filter(|last| shown.as_ref().is_some_and(|it| Arc::ptr_eq(it, &last.known)))
            else {
                return;
            };
            let note = ExportNote { sentence: last.message.clone(), message, files: listed, command };
            // Without storage it lasts until the page is closed.
            let _ = Area::Local.set(NOTE, &note);
            last.note = Some(note);
        });
    }
}

impl LastExport {
    /// Returns true if sessions with these revisions were changed since.
    pub fn is_outdated(&self, mut changed: impl Iterator<Item = u64>) -> bool {
        changed.any(|revision| !self.known.contains(&revision))
    }
}
