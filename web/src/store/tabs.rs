//! Several tabs, one workspace: what another tab has stored is read and shown here at once.
use super::entry::Entry;
use super::workspace::Workspace;
use crate::platform::channel::{Channel, News, watch_preferences};
use crate::platform::pace::Pace;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// How many sessions are read together.
const AT_ONCE: usize = 64;

impl Workspace {
    /// Follows the other tabs as long as the page lives.
    pub(super) fn listen(self) {
        let channel = Channel::open(move |news| {
            spawn_local(async move {
                let turn = self.turn.get_value();
                let _guard = turn.lock().await;
                match news {
                    News::Changed(ids) => self.follow(&ids).await,
                    News::Cleared => self.follow_all().await,
                }
            });
        });
        self.channel.set_value(channel);
        watch_preferences(super::preferences::reread);
    }

    /// Another tab has cleared the workspace. It could not count the changes that only this one has, which the browser
    /// did not store: they stay, with their warning; and so does what was stored since.
    async fn follow_all(self) {
        let ids: Vec<String> =
            self.shelf.with_untracked(|shelf| shelf.iter().map(|entry| entry.id().to_owned()).collect());
        self.follow(&ids).await;
    }

    async fn follow(self, ids: &[String]) {
        let Some(database) = self.database.get_value() else { return };
        let mut pace = Pace::begin();
        for ids in ids.chunks(AT_ONCE) {
            // What cannot be read now is read when it is changed here, or with the next news of it.
            let Ok(records) = database.get(ids).await else { return };
            let mut gone = Vec::new();
            for (id, record) in ids.iter().zip(records) {
                match record {
                    // A change of ours that is not stored is not thrown away: it is compared when it is.
                    _ if self.unsaved.with_value(|unsaved| unsaved.contains(id)) => {}
                    Some(record) if self.entry_now(id).is_some_and(|here| here.record().stamp == record.stamp) => {}
                    Some(record) => {
                        if let Some(entry) = Entry::restore(record) {
                            self.shelf.update_untracked(|shelf| shelf.put(entry));
                        }
                    }
                    None => gone.push(id.as_str()),
                }
                pace.rest().await;
            }
            if !gone.is_empty() {
                self.shelf.update_untracked(|shelf| shelf.remove(gone));
            }
        }
        self.shelf.notify();
    }
}
