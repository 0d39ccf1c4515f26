//! Every action on a session, and on all of them.
use super::entry::Entry;
use super::hand_back::Parcel;
use super::keeping::Step;
use super::shelf::Shelf;
use super::storage_error::StorageError;
use super::waiting::Decision;
use super::workspace::{WayBack, Workspace, policy};
use crate::platform::channel::News;
use crate::platform::clock;
use callboard_core::{Event, Timestamp};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;

/// What is to be made of a session.
type Change = dyn Fn(&Entry) -> Result<Step, String>;

/// What an event makes of a session.
pub(super) fn applied(entry: &Entry, event: &Event, now: Timestamp) -> Result<Step, String> {
    let mut session = entry.reread();
    let outcome = session.apply(event, now, &policy()).map_err(|refusal| refusal.to_string())?;
    let said = outcome.sentence();
    Ok(Step { entry: entry.edited(&session, said.clone(), now), said, undo: true })
}

impl Workspace {
    /// Changes a session and says what became of it.
    pub(super) fn act(self, id: &str, step: impl Fn(&Entry) -> Result<Step, String> + 'static) {
        self.act_by(id.to_owned(), Box::new(step));
    }

    /// One for all steps: what waits for the database is long code.
    fn act_by(self, id: String, step: Box<Change>) {
        spawn_local(async move {
            self.done(&id, step).await;
        });
    }

    /// Whether it was done.
    async fn done(self, id: &str, step: Box<Change>) -> bool {
        match self.change(id, step).await {
            Ok(step) => {
                let back = step.way_back();
                self.say(step.said, back);
                true
            }
            Err(why) => {
                self.say(why, None);
                false
            }
        }
    }

    /// Applies an event to a session. `true` when the core accepts it, as the session is here; where it is then not
    /// applied after all, as another tab was quicker, `refused` is called.
    pub fn apply(self, id: &str, event: &Event, now: Timestamp, refused: impl FnOnce() + 'static) -> bool {
        let Some(entry) = self.entry_now(id) else {
            return false;
        };
        if let Err(why) = applied(&entry, event, now) {
            self.say(why, None);
            return false;
        }
        let (id, event) = (id.to_owned(), event.clone());
        let step = Box::new(move |entry: &Entry| applied(entry, &event, now));
        spawn_local(async move {
            if !self.done(&id, step).await {
                refused();
            }
        });
        true
    }

    /// Takes the last local change of a session back.
    pub fn undo(self, id: &str) {
        self.act(id, |entry| match (entry.last(), entry.undone()) {
            (Some(edit), Some(undone)) => {
                Ok(Step { entry: undone, said: format!("Undone: {}", edit.sentence), undo: false })
            }
            _ => Err("There is nothing to undo in this session.".into()),
        });
    }

    /// Takes back what was done: a change where it is still the session's last one.
    pub fn go_back(self, way: WayBack) {
        match way {
            WayBack::Change { id, edit } => {
                self.act(&id, move |entry| match entry.undone().filter(|_| entry.last() == Some(&*edit)) {
                    Some(undone) => Ok(Step { entry: undone, said: format!("Undone: {}", edit.sentence), undo: false }),
                    None => {
                        Err("The session has been changed since, and stays as it is: undo is on its own page.".into())
                    }
                });
            }
            WayBack::Session(entry) => self.take_in_again(&entry),
        }
    }

    /// Makes the change that was undone last again.
    pub fn redo(self, id: &str) {
        self.act(id, |entry| match (entry.next(), entry.redone()) {
            (Some(edit), Some(redone)) => {
                Ok(Step { entry: redone, said: format!("Done again: {}", edit.sentence), undo: true })
            }
            _ => Err("There is nothing to redo in this session.".into()),
        });
    }

    /// Decides about a text that waits beside the one that is shown.
    pub fn decide(self, id: &str, text: Arc<str>, decision: Decision) {
        self.act(id, move |entry| {
            const NONE: &str = "This text does not wait any more.";
            let waits = entry.waiting().iter().find(|waits| waits.text == text).ok_or(NONE)?;
            let noun = waits.source.noun();
            Ok(match decision {
                Decision::Keep => {
                    let said = format!("Your text stays. {noun} was put away.");
                    Step { entry: entry.with_put_away(waits), said, undo: false }
                }
                Decision::Take => {
                    let said = format!("{noun} was taken. Yours is one undo away.");
                    Step { entry: entry.with_taken(waits, clock::now()).ok_or(NONE)?, said, undo: true }
                }
                Decision::Both => {
                    let together = entry.put_together(waits).ok_or(NONE)?.map_err(|error| error.to_string())?;
                    Step::of(entry.with_both(waits, &together, clock::now()).ok_or(NONE)?)
                }
            })
        });
    }

    /// Downloads a session's file under its own name.
    pub fn export(self, id: &str) {
        if let Some(entry) = self.entry_now(id) {
            // What became of it is said.
            let _ = self.hand_back(&[entry], Parcel::Files);
        }
    }

    /// Downloads what is in the tray.
    pub fn export_changed(self, parcel: Parcel) {
        let _ = self.hand_back(&self.tray(), parcel);
    }

    /// Forgets every session, here and on the disk.
    pub fn clear(self) {
        spawn_local(async move {
            let turn = self.turn.get_value();
            let _guard = turn.lock().await;
            let cleared = match self.database.get_value() {
                Some(database) => database.clear().await,
                // What is stored is out of reach, and would be here again with the next visit.
                None => self.storage_error.get_untracked().filter(StorageError::hides_stored).map_or(Ok(()), Err),
            };
            if let Err(why) = cleared {
                self.say(format!("The workspace was not cleared. {why}"), None);
                return;
            }
            self.channel.with_value(|channel| {
                if let Some(channel) = channel {
                    channel.tell(&News::Cleared);
                }
            });
            self.unsaved.update_value(std::collections::HashSet::clear);
            if self.database.with_value(Option::is_some) {
                self.storage_error.set(None);
            }
            self.shelf.set(Shelf::default());
            self.forget_report();
            super::preferences::set_config(None);
            self.handed.set(None);
            self.say("The workspace is empty.", None);
        });
    }
}
