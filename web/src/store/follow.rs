//! Changed files of a live source, taken over as they come.
use super::import::{Content, FileContent, Imports};
use super::library::NewFile;
use super::preferences::{self, Config};
use super::workspace::{GONE, Workspace};
use crate::platform::clock;
use crate::platform::pace::YieldTimer;
use callboard_workspace::{Durability, Entry, PlanResult, Planned, SessionFile, plan, receive_live};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// A session that somebody else changed.
pub(super) struct SessionUpdate {
    /// The session before; `None` if it is new.
    pub(super) before: Option<Arc<Entry>>,
    /// The session now.
    pub(super) after: Arc<Entry>,
}

/// The outcome of following changed files.
#[derive(Default)]
pub(super) struct Followed {
    /// The sessions with another text.
    pub(super) updates: Vec<SessionUpdate>,
    /// The paths of files that hold a session whose own file is another one, each with the session's id.
    pub(super) other_files: Vec<(String, String)>,
}

impl Workspace {
    /// Takes over files that changed, and those that are `gone`.
    pub(super) async fn follow(self, imports: Imports, files: Vec<(String, Vec<u8>)>, gone: Vec<String>) -> Followed {
        let timer = YieldTimer::start();
        let mut shapes = self.imported.shapes();
        let (mut sessions, mut others) = (Vec::new(), Vec::new());
        let (mut loaded, mut imported) = (Vec::new(), Vec::new());
        for (path, bytes) in files {
            if let Some(contents) = imports.unpack(&path, &bytes, &mut shapes) {
                imported.extend(contents);
                continue;
            }
            match FileContent::read(path.clone(), bytes, &mut shapes).content {
                Ok(Content::Session(file)) => {
                    loaded.push(path);
                    sessions.push(*file);
                }
                Ok(Content::Config(bytes)) => {
                    if callboard_core::Config::from_bytes(bytes.as_slice()).is_ok() {
                        let text = String::from_utf8_lossy(&bytes).into_owned();
                        preferences::set_config(Some(Config { path, text }));
                    }
                }
                Ok(Content::Other(file)) => others.push(file),
                content @ (Ok(Content::Backup(_) | Content::Shape(_)) | Err(_)) => {
                    imported.push(FileContent { path, content });
                }
            }
            timer.yield_if_due().await;
        }
        let gone: HashSet<String> = gone.into_iter().collect();
        self.follow_gone(&gone, &sessions).await;
        let followed = self.follow_sessions(sessions, &gone).await;
        self.follow_others(others, loaded, gone).await;
        if !imported.is_empty() {
            imports.import_changed(imported).await;
        }
        followed
    }

    /// Notes that the files of sessions are gone. A session whose file comes at another path was moved there.
    async fn follow_gone(self, gone: &HashSet<String>, arriving: &[SessionFile]) {
        if gone.is_empty() {
            return;
        }
        let arriving: HashSet<&str> = arriving.iter().map(|file| file.id.as_str()).collect();
        let is_gone = |entry: &&Arc<Entry>| gone.contains(entry.path()) && !arriving.contains(entry.id());
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

    async fn follow_sessions(self, sessions: Vec<SessionFile>, gone: &HashSet<String>) -> Followed {
        let mut first: HashMap<String, SessionFile> = HashMap::new();
        let mut other_files = Vec::new();
        for file in sessions {
            let here = self.entry_now(&file.id);
            let is_own = here.as_ref().is_none_or(|here| here.record().is_at(&file.path));
            // Another file of a session counts only if its own is gone.
            let is_moved = here.as_ref().is_some_and(|here| {
                gone.contains(here.path()) || here.record().file().is_none_or(|known| known.content.is_none())
            });
            if is_own || (is_moved && !first.contains_key(&file.id)) {
                first.insert(file.id.clone(), file);
            } else {
                other_files.push((file.path, file.id));
            }
        }
        if first.is_empty() {
            return Followed { updates: Vec::new(), other_files };
        }
        let ids: Vec<String> = first.keys().cloned().collect();
        let before: Vec<Option<Arc<Entry>>> = ids.iter().map(|id| self.entry_now(id)).collect();
        let now = clock::now();
        self.store()
            .commit(&ids, Durability::Relaxed, |id, here| -> PlanResult<Entry> {
                let Some(file) = first.get(id) else { return Ok(Planned::nothing("")) };
                let (entry, _) = receive_live(here.map(|here| &**here), file, gone, now);
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
        Followed { updates: updates.collect(), other_files }
    }

    async fn follow_others(self, others: Vec<NewFile>, loaded: Vec<String>, gone: HashSet<String>) {
        if !loaded.is_empty() {
            self.imported.supersede(loaded).await;
        }
        if !others.is_empty() || !gone.is_empty() {
            self.imported.follow(others, gone.into_iter().collect()).await;
        }
    }
}
