//! A backup taken in: each of its sessions as a file that brings its edits along. Between two batches
//! whoever wants to change a session has their turn.
use super::backup::Backup;
use super::fate::{Fate, Item};
use super::importing::Intake;
use crate::platform::clock;
use crate::platform::files::AT_ONCE;
use crate::platform::pace::pass;
use crate::platform::stored;
use leptos::prelude::*;

impl Intake {
    /// Takes in a backup that was dropped with this path, and accounts for each of its sessions.
    pub(super) async fn restore(&mut self, bytes: &[u8], path: &str) {
        let whole = |fate| Item { path: path.to_owned(), id: None, fate };
        let backup = match Backup::read(bytes, &mut self.pace).await {
            Ok(backup) => backup,
            Err(why) => return self.items.push(whole(Fate::NotASession(why))),
        };
        let (count, end) = (backup.sessions().len(), backup.cut_off());
        if count == 0 && end.is_none() {
            return self.items.push(whole(Fate::NotASession("This backup holds no session.".into())));
        }
        // The file itself is one of those that are expected already.
        self.workspace.expect(count + usize::from(end.is_some()) - 1);
        self.workspace.report.update(|report| {
            if let Some(report) = report {
                report.expect_kept(count);
            }
        });
        let mut done = 0;
        for batch in backup.sessions().chunks(AT_ONCE) {
            if self.workspace.cancelled.get_value() {
                break;
            }
            pass().await;
            let turn = self.workspace.turn.get_value();
            let guard = turn.lock().await;
            let mut entries = Vec::new();
            for place in batch {
                done += 1;
                let item = match stored::from_json(backup.text(place)) {
                    Some(record) => {
                        let path = format!("{path}: {}", record.file);
                        let now = clock::now();
                        let received = self.workspace.shelf.with_untracked(|shelf| shelf.receive_kept(record, now));
                        let (id, fate) = self.put(received, &mut entries);
                        Item { path, id, fate }
                    }
                    None => {
                        let why = "It is not laid out as a session of a backup.".to_owned();
                        Item { path: numbered(path, done), id: None, fate: Fate::NotASession(why) }
                    }
                };
                self.items.push(item);
                self.pace.rest().await;
            }
            self.keep(entries).await;
            drop(guard);
            self.show();
        }
        self.pass_over((done + 1..=count).map(|number| numbered(path, number)));
        self.items.extend(end.map(|(line, column)| {
            let message = "The backup ends early: what should follow is missing.".to_owned();
            whole(Fate::Broken { line, column, message })
        }));
    }
}

fn numbered(path: &str, number: usize) -> String {
    format!("{path}: session {number}")
}
