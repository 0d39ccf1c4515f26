//! Actions on a session: each is a plan that is committed and reported.
use super::status::UndoAction;
use super::workspace::{GONE, Workspace, policy};
use crate::arc_eq::ArcEq;
use crate::format::{isolated, session_title};
use crate::platform::clock;
use crate::platform::storage_error::StorageError;
use callboard_core::{Event, Fix, Planning, Timestamp};
use callboard_workspace::plan::{self, Resolution, SessionPlan};
use callboard_workspace::{Entry, PlanResult, Planned, VersionId, last_change, next_change};
use leptos::task::spawn_local;
use std::sync::Arc;

impl Workspace {
    /// Commits a change of a session and shows its outcome. Returns true if it was done.
    pub(super) async fn change(self, id: &str, plan: impl Fn(&Entry) -> SessionPlan) -> bool {
        let outcome = self.commit(id, |here| plan(here.ok_or(GONE)?)).await;
        self.show(id, outcome)
    }

    /// Shows the outcome of a commit. Returns true if it was done.
    fn show(self, id: &str, outcome: PlanResult<Entry>) -> bool {
        match outcome {
            Ok(Planned { message, undo, .. }) => {
                self.status.set(message, undo.map(|version| UndoAction::Version { id: id.to_owned(), version }));
                true
            }
            Err(why) => {
                self.status.set(why, None);
                false
            }
        }
    }

    fn act(self, id: &str, plan: impl Fn(&Entry) -> SessionPlan + 'static) {
        let id = id.to_owned();
        spawn_local(async move {
            self.change(&id, plan).await;
        });
    }

    /// Applies an event that happened `at` a time. Returns true if the core accepts it for the loaded session; `refused` is called if another
    /// tab changed the session first and the event is refused after all.
    pub fn apply(self, id: &str, event: &Event, at: Timestamp, refused: impl FnOnce() + 'static) -> bool {
        let Some(entry) = self.entry_now(id) else {
            return false;
        };
        if let Err(refusal) = entry.session().check(event, at, &policy()) {
            self.status.set(refusal.to_string(), None);
            return false;
        }
        let (id, event) = (id.to_owned(), event.clone());
        spawn_local(async move {
            if !self.change(&id, |entry| plan::apply_at(entry, &event, at, clock::now(), &policy())).await {
                refused();
            }
        });
        true
    }

    /// Undoes the last change of a session.
    pub fn undo(self, id: &str) {
        self.act(id, plan::undo);
    }

    /// Redoes the change that was undone last.
    pub fn redo(self, id: &str) {
        self.act(id, plan::redo);
    }

    /// Goes to a version of a session.
    pub fn go_to(self, id: &str, version: VersionId) {
        self.act(id, move |entry| plan::go_to(entry, version));
    }

    /// Applies a correction to a session's text.
    pub fn fix(self, id: &str, fix: &Fix) {
        let fix = fix.clone();
        self.act(id, move |entry| plan::fix(entry, &fix, clock::now()));
    }

    /// Changes a session's planning.
    pub fn plan(self, id: &str, change: impl Fn(&mut Planning) + 'static, refused: impl FnOnce() + 'static) {
        let id = id.to_owned();
        spawn_local(async move {
            let planned = self.change(&id, |entry| {
                let mut planning = entry.digest().planning.clone();
                change(&mut planning);
                plan::set_planning(entry, &planning, clock::now())
            });
            if !planned.await {
                refused();
            }
        });
    }

    /// Replaces a session's text `over` by a manual edit. `done` receives the resulting text and whether the
    /// browser stored it.
    pub fn edit(self, id: &str, over: Arc<str>, text: String, done: impl FnOnce(Arc<str>, bool) + 'static) {
        let id = id.to_owned();
        spawn_local(async move {
            if self.change(&id, |entry| plan::edit(entry, &over, &text, clock::now())).await {
                let now = self.entry_now(&id).map_or_else(|| text.as_str().into(), |entry| entry.text().clone());
                done(now, !self.store().is_unsaved(&id));
            }
        });
    }

    /// Resolves a conflict with the chosen text.
    pub fn resolve(self, id: &str, text: Arc<str>, resolution: Resolution) {
        self.act(id, move |entry| plan::resolve(entry, &text, &resolution, clock::now()));
    }

    /// Undoes the last change of any session, or the last action that the status line offers to undo, and names the
    /// session.
    pub fn undo_last(self) {
        let (id, version) = match self.status.get_untracked().and_then(|message| message.undo) {
            // The status line may name an older change than one of many sessions at once.
            None | Some(UndoAction::Version { .. }) => {
                let last = self.sessions.with_untracked(|sessions| {
                    last_change(sessions.iter()).map(|(entry, version)| (entry.id().to_owned(), version.id))
                });
                match last {
                    Some(last) => last,
                    None => return self.status.set("Nothing to undo.", None),
                }
            }
            Some(other) => return self.undo_action(other),
        };
        self.act(&id, move |entry| plan::undo_version(entry, version).map(|planned| named(planned, entry)));
    }

    /// Redoes the change of any session that was undone last, and names the session.
    pub fn redo_last(self) {
        let next = self
            .sessions
            .with_untracked(|sessions| next_change(sessions.iter()).map(|(entry, _)| entry.id().to_owned()));
        let Some(id) = next else { return self.status.set("Nothing to redo.", None) };
        self.act(&id, |entry| plan::redo(entry).map(|planned| named(planned, entry)));
    }

    /// Undoes what the status line offers to undo.
    pub fn undo_action(self, undo: UndoAction) {
        match undo {
            UndoAction::Version { id, version } => self.act(&id, move |entry| plan::undo_version(entry, version)),
            UndoAction::Discard(created) => self.discard_all(created),
            UndoAction::RestoreFiles(files) => self.imported.restore(files),
            UndoAction::RestoreShape(shape) => self.imported.restore_shape(&shape),
            UndoAction::Restore(entry) => spawn_local(async move {
                let id = entry.id().to_owned();
                let outcome = self.commit(&id, |here| match here {
                    None => Ok(Planned::put((*entry.0).clone()).saying(format!("Restored {id}."))),
                    Some(_) => Err(format!("{id} was not restored: this session was loaded again.")),
                });
                let outcome = outcome.await;
                self.show(&id, outcome);
            }),
        }
    }

    /// Discards a session that was never exported, unless it changed since `seen`.
    pub fn discard(self, seen: ArcEq<Entry>) {
        spawn_local(async move {
            let id = seen.id().to_owned();
            let outcome = self.commit(&id, |here| match here {
                Some(here) if here.revision() == seen.revision() => {
                    Ok(Planned::remove(format!("Discarded {id}. It was never exported.")))
                }
                Some(_) => Err(format!(
                    "{id} was not discarded: another tab changed it since. Check that session, then discard it again."
                )),
                None => Err(GONE.into()),
            });
            match outcome.await {
                Ok(planned) => self.status.set(planned.message, Some(UndoAction::Restore(seen))),
                Err(why) => self.status.set(why, None),
            }
        });
    }

    /// Removes every session from memory and from the browser's storage, then runs `done`.
    pub fn clear(self, done: impl AsyncFnOnce() + 'static) {
        spawn_local(async move {
            // Unreachable stored sessions would be loaded again on the next visit.
            let cleared = match self.store().clear(StorageError::hides_stored).await {
                Ok(()) => self.imported.clear().await,
                Err(why) => Err(why),
            };
            match cleared {
                Err(why) => self.status.set(format!("The workspace was not cleared. {why}"), None),
                Ok(()) => {
                    done().await;
                    self.last_export.dismiss();
                    super::preferences::set_config(None);
                    self.status.set("The workspace is empty.", None);
                }
            }
        });
    }
}

/// Adds the session's title to a message: `Undid: start script_writer (ep 1 \u{b7} Tides)`.
fn named(planned: Planned<Entry>, entry: &Entry) -> Planned<Entry> {
    let message = format!("{} ({})", planned.message, isolated(&session_title(entry.summary())));
    Planned { message, ..planned }
}
