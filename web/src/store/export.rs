//! Exports: changed files are downloaded and then count as written; an export can be undone.
use super::last_export::WrittenFile;
use super::preferences::limits;
use super::status::Status;
use super::workspace::{GONE, Workspace};
use crate::export::export_file::{ExportFile, command, left_out, patch};
use crate::export::zip::archive;
use crate::format::count;
use crate::order::by_text;
use crate::platform::download::{download, download_bytes};
use crate::platform::{clipboard, clock};
use callboard_core::Timestamp;
use callboard_core::import::Encoding;
use callboard_workspace::plan::Export;
use callboard_workspace::{Durability, Entry};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::borrow::Cow;
use std::sync::Arc;

/// The format of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    /// Plain files; several are put in a ZIP archive that keeps their folders.
    Files,
    /// A patch for `git apply`.
    Patch,
}

/// Returns the base name of an export: `callboard-20240811-1430`.
pub fn export_name(now: Timestamp) -> String {
    let (year, month, day, hour, minute, _) = now.civil();
    format!("callboard-{year:04}{month:02}{day:02}-{hour:02}{minute:02}")
}

impl Workspace {
    /// Returns the changed sessions, sorted by path.
    pub fn changed(self) -> Vec<Arc<Entry>> {
        let changed: Vec<_> = self.sessions.with_untracked(|sessions| sessions.changed().cloned().collect());
        let paths: Vec<&str> = changed.iter().map(|entry| entry.path()).collect();
        by_text(&paths).into_iter().map(|at| changed[at].clone()).collect()
    }

    /// Downloads a session's file under its own name.
    pub fn export(self, id: &str) {
        if let Some(entry) = self.entry_now(id) {
            // The status line shows the outcome. The message that was edited is that of all changes.
            let typed = self.last_export.typed.get_untracked().filter(|_| self.changed().len() == 1);
            let _ = self.export_with(&[entry], ExportFormat::Files, typed);
        }
    }

    /// Downloads every changed file.
    pub fn export_changed(self, format: ExportFormat) {
        let typed = self.last_export.typed.get_untracked();
        let _ = self.export_with(&self.changed(), format, typed);
    }

    /// Downloads these sessions' files and marks them as written. The status line shows the outcome.
    ///
    /// # Errors
    /// One sentence about why nothing was downloaded.
    pub fn export_entries(self, entries: &[Arc<Entry>], format: ExportFormat) -> Result<(), String> {
        self.export_with(entries, format, None)
    }

    /// Downloads these sessions' files, to be committed with the message that was typed, if one was.
    fn export_with(self, entries: &[Arc<Entry>], format: ExportFormat, typed: Option<String>) -> Result<(), String> {
        let mut files: Vec<ExportFile> = entries.iter().map(|entry| ExportFile::of(entry)).collect();
        let mut entries: Vec<&Arc<Entry>> = entries.iter().collect();
        let mut rest = None;
        if format == ExportFormat::Patch {
            // They are still to be exported.
            rest = left_out(&files);
            files.retain(|file| !file.encoding.is_wide());
            entries.retain(|entry| !entry.record().encoding().is_wide());
            if let (Some(why), true) = (&rest, files.is_empty()) {
                self.status.set(why.clone(), None);
                return Err(why.clone());
            }
        }
        let name = export_name(clock::now());
        let (name, downloaded) = match (format, files.as_slice(), entries.as_slice()) {
            (_, [], _) => {
                self.status.set("Nothing to export.", None);
                return Err("Nothing to export.".into());
            }
            (ExportFormat::Patch, ..) => {
                let name = format!("{name}.patch");
                let downloaded = download(&name, &patch(&files));
                (name, downloaded)
            }
            (ExportFormat::Files, [file], [entry]) => {
                let downloaded = match file.encoding {
                    Encoding::Utf8 => download(entry.file(), &file.text),
                    _ => download_bytes(entry.file(), &file.bytes()),
                };
                (entry.file().to_owned(), downloaded)
            }
            (ExportFormat::Files, ..) => {
                let name = format!("{name}.zip");
                let bytes: Vec<Cow<'_, [u8]>> = files.iter().map(ExportFile::bytes).collect();
                let contents = files.iter().zip(&bytes).map(|(file, bytes)| (file.path.as_str(), &**bytes));
                let downloaded = archive(contents, clock::now())
                    .ok_or_else(|| "A ZIP archive holds at most 65,535 files and 4 GB.".to_owned())
                    .and_then(|bytes| download_bytes(&name, &bytes));
                (name, downloaded)
            }
        };
        if let Err(why) = downloaded {
            let why = format!("{name} was not exported: {why}");
            self.status.set(why.clone(), None);
            return Err(why);
        }
        let message = if files.len() == 1 && format == ExportFormat::Files {
            format!("Exported {name}.")
        } else {
            format!("Exported {} as {name}.", count(files.len(), "file", "files"))
        };
        let message = rest.into_iter().fold(message, |message, rest| format!("{message} {rest}"));
        // An unchanged session can still overwrite a conflicting version of its file.
        let written = entries.iter().filter(|entry| entry.changed() || entry.record().overwrites());
        let export = Arc::new(Export::of(written.map(|entry| &***entry)));
        if export.is_empty() {
            self.status.set(message, None);
            return Ok(());
        }
        let known = self.changed().iter().map(|entry| entry.revision()).collect();
        self.last_export.show(message.clone(), Some(export.clone()), typed.clone(), known);
        // The message of other files is not used up by this one.
        if typed.is_some() {
            self.last_export.set_typed(None);
        }
        let apply = (format == ExportFormat::Patch).then(|| command(&files, &name)).flatten();
        let written =
            files.into_iter().map(|file| WrittenFile { path: file.path, before: file.before, after: file.text });
        spawn_local(self.last_export.note(written.collect(), typed, apply, untrack(limits)));
        spawn_local(async move {
            let ids = export.ids();
            let mark = |_: &str, here: Option<&Arc<Entry>>| export.mark(here.ok_or(GONE)?, clock::now());
            let outcomes = self.store().commit(&ids, Durability::Strict, mark).await;
            let refused = outcomes.into_iter().find_map(Result::err);
            self.status.set(refused.unwrap_or(message), None);
        });
        Ok(())
    }

    /// Undoes the last export: its files count as changed again.
    pub fn undo_export(self) {
        let last = self.last_export.last.get_untracked();
        let Some(last) = last else { return };
        let Some(export) = &last.export else { return };
        let export = export.clone();
        self.last_export.dismiss();
        if self.last_export.typed.with_untracked(Option::is_none) {
            self.last_export.set_typed(last.typed.clone());
        }
        spawn_local(async move {
            let ids = export.ids();
            let unmark = |_: &str, here: Option<&Arc<Entry>>| export.unmark(here.ok_or(GONE)?, clock::now());
            let outcomes = self.store().commit(&ids, Durability::Strict, unmark).await;
            let message = if outcomes.iter().all(Result::is_err) {
                "Nothing to restore: these files were imported again."
            } else {
                "Export undone: the files are back in Changes."
            };
            self.status.set(message, None);
        });
    }
}

impl Status {
    /// Copies text to the clipboard and reports it.
    pub fn copy(self, what: &'static str, text: String) {
        spawn_local(async move {
            match clipboard::copy_text(&text).await {
                Ok(()) => self.set(format!("Copied {what}."), None),
                Err(why) => self.set(format!("{} was not copied. {}", capital(what), clipboard::refusal(&why)), None),
            }
        });
    }
}

/// Capitalises the first letter.
fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
