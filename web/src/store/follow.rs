//! Changed files of a live source, taken over as they come.
use super::import::{Content, FileContent, Imports, config_order};
use super::library::NewFile;
use super::preferences::{self, Config};
use super::workspace::{GONE, Workspace};
use crate::platform::clock;
use crate::platform::pace::YieldTimer;
use callboard_workspace::{
    Durability, Entry, LivePaths, LiveRelation, PlanResult, Planned, SessionFile, plan, receive_live,
};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// A session that somebody else changed.
pub(super) struct SessionUpdate {
    /// The session before; `None` if it is new.
    pub(super) before: Option<Arc<Entry>>,
    /// The session now.
    pub(super) after: Arc<Entry>,
}

/// Files of a live source that changed, as they were read.
#[derive(Default)]
pub(super) struct ChangedFiles {
    sessions: Vec<SessionFile>,
    others: Vec<NewFile>,
    /// Files that bring more than one session, or none: archives, backups and shapes.
    imported: Vec<FileContent>,
    config: Option<Config>,
    /// The paths of the files that are no sessions by themselves.
    other_paths: Vec<String>,
}

impl ChangedFiles {
    /// Reads the bytes of files, by path.
    pub(super) async fn read(workspace: Workspace, imports: Imports, files: Vec<(String, Vec<u8>)>) -> Self {
        let timer = YieldTimer::start();
        let mut shapes = workspace.imported.shapes();
        let mut changed = Self::default();
        for (path, bytes) in files {
            if let Some(contents) = imports.unpack(&path, &bytes, &mut shapes) {
                changed.imported.extend(contents);
                changed.other_paths.push(path);
                continue;
            }
            match FileContent::read(path.clone(), bytes, &mut shapes).content {
                Ok(Content::Session(file)) => {
                    changed.sessions.push(*file);
                    continue;
                }
                Ok(Content::Config(bytes)) => {
                    if callboard_core::Config::from_bytes(bytes.as_slice()).is_ok() {
                        let text = String::from_utf8_lossy(&bytes).into_owned();
                        changed.config = Some(Config { path: path.clone(), text });
                    }
                }
                Ok(Content::Other(file)) => changed.others.push(file),
                content @ (Ok(Content::Backup(_) | Content::Shape(_)) | Err(_)) => {
                    changed.imported.push(FileContent { path: path.clone(), content });
                }
            }
            changed.other_paths.push(path);
            timer.yield_if_due().await;
        }
        changed
    }

    /// Adds other files.
    pub(super) fn extend(&mut self, other: Self) {
        self.sessions.extend(other.sessions);
        self.others.extend(other.others);
        self.imported.extend(other.imported);
        self.config = other.config.or(self.config.take());
        self.other_paths.extend(other.other_paths);
    }

    /// Iterates over the paths of the files, each with the id of the session that it holds.
    pub(super) fn paths(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        let sessions = self.sessions.iter().map(|file| (&*file.path, Some(&*file.id)));
        sessions.chain(self.other_paths.iter().map(|path| (&**path, None)))
    }
}

impl Workspace {
    /// Takes over files that changed. Returns the sessions with another text.
    pub(super) async fn follow(self, imports: Imports, changed: ChangedFiles, paths: LivePaths) -> Vec<SessionUpdate> {
        let ChangedFiles { sessions, others, imported, config, other_paths: _ } = changed;
        if let Some(config) = config {
            // Of several, the one nearest the top is in force, as in an import.
            let is_in_force = |known: String| config_order(&config.path) <= config_order(&known);
            if preferences::config_path().is_none_or(is_in_force) {
                preferences::set_config(Some(config));
            }
        }
        if !paths.before.is_empty() {
            self.follow_gone(&paths, &sessions).await;
        }
        let loaded = sessions.iter().map(|file| file.path.clone()).collect();
        let updates = self.follow_sessions(sessions, &paths).await;
        self.follow_others(others, loaded, paths.gone().cloned().collect()).await;
        if !imported.is_empty() {
            imports.import_changed(imported, paths).await;
        }
        updates
    }

    /// Notes that the files of sessions are gone. A session whose file comes at another path was moved there.
    pub(super) async fn follow_gone(self, paths: &LivePaths, arriving: &[SessionFile]) {
        let arriving: HashSet<&str> = arriving.iter().map(|file| file.id.as_str()).collect();
        let is_gone = |entry: &&Arc<Entry>| paths.is_gone(entry) && !arriving.contains(entry.id());
        let ids: Vec<String> = self
            .sessions
            .with_untracked(|sessions| sessions.iter().filter(is_gone).map(|entry| entry.id().to_owned()).collect());
        if ids.is_empty() {
            return;
        }
        let now = clock::now();
        let results = self
            .store()
            .commit(&ids, Durability::Relaxed, |_, here| {
                let here = here.ok_or(GONE)?;
                plan::file_gone(here, here.path(), false, now)
            })
            .await;
        // Only a session with changes of its own is worth a word.
        let kept = results.into_iter().flatten().find(|planned| planned.message.contains("Your changes are kept"));
        if let Some(planned) = kept {
            self.status.set(planned.message, None);
        }
    }

    async fn follow_sessions(self, sessions: Vec<SessionFile>, paths: &LivePaths) -> Vec<SessionUpdate> {
        let mut first: HashMap<String, SessionFile> = HashMap::new();
        for file in sessions {
            match self.entry_now(&file.id).map(|here| paths.relation(&here, &file)) {
                Some(LiveRelation::Copy) => {}
                Some(LiveRelation::Own) => drop(first.insert(file.id.clone(), file)),
                Some(LiveRelation::Moved | LiveRelation::Foreign) | None => {
                    first.entry(file.id.clone()).or_insert(file);
                }
            }
        }
        if first.is_empty() {
            return Vec::new();
        }
        let ids: Vec<String> = first.keys().cloned().collect();
        let before: Vec<Option<Arc<Entry>>> = ids.iter().map(|id| self.entry_now(id)).collect();
        let now = clock::now();
        self.store()
            .commit(&ids, Durability::Relaxed, |id, here| -> PlanResult<Entry> {
                let Some(file) = first.get(id) else { return Ok(Planned::nothing("")) };
                let (entry, _) = receive_live(here.map(|here| &**here), file, paths, now);
                Ok(entry.map_or_else(|| Planned::nothing(""), Planned::put))
            })
            .await;
        let updates = ids.iter().zip(before).filter_map(|(id, before)| {
            let after = self.entry_now(id)?;
            let file = first.get(id)?;
            // What was saved from here is no news.
            let held = before.as_ref().is_some_and(|before| {
                **before.text() == *file.session.text()
                    || before.record().file().and_then(|known| known.content.as_deref()) == Some(file.session.text())
            });
            (!held).then_some(SessionUpdate { before, after })
        });
        updates.collect()
    }

    async fn follow_others(self, others: Vec<NewFile>, loaded: Vec<String>, gone: Vec<String>) {
        if !loaded.is_empty() {
            self.imported.supersede(loaded).await;
        }
        if !others.is_empty() || !gone.is_empty() {
            self.imported.follow(others, gone).await;
        }
    }
}
