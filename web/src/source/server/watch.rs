//! Changes that the server reports.
use super::{About, SOURCE, ServerState, SourceEvent, fetch_json};
use crate::platform::clock::millis;
use crate::platform::pace::{pause, pause_millis};
use crate::platform::server_events::{ServerEvent, ServerEvents};
use crate::source::watching::driven;
use futures::channel::mpsc::{UnboundedSender, unbounded};
use futures::future::{Either, select};
use futures::stream::LocalBoxStream;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;

const EVENTS: &str = "/api/events";
const CHANGE: &str = "change";
const RESET: &str = "reset";

/// Time in milliseconds without a connection after which the server counts as lost.
const PATIENCE: f64 = 3000.0;

/// Pause before connecting again, if the browser has given up.
const RETRY: Duration = Duration::from_secs(1);

/// Time in milliseconds for which changes are collected.
const BATCH: f64 = 50.0;

/// The data of a change.
#[derive(Debug, Deserialize)]
struct Change {
    path: String,
    /// `None` for a removed file.
    etag: Option<String>,
}

/// Watches the server, until the stream is dropped.
pub(super) fn watch(shared: Rc<ServerState>) -> LocalBoxStream<'static, SourceEvent> {
    let (sender, events) = unbounded();
    let watch = ServerWatch { shared, sender, paths: BTreeSet::new(), report_at: None, lost_at: None, is_lost: false };
    driven(events, watch.run())
}

struct ServerWatch {
    shared: Rc<ServerState>,
    sender: UnboundedSender<SourceEvent>,
    /// Changed files that are not reported yet.
    paths: BTreeSet<String>,
    /// The time in milliseconds at which they are reported.
    report_at: Option<f64>,
    /// The time in milliseconds at which the server counts as lost; `None` while there is a connection.
    lost_at: Option<f64>,
    /// True if [`SourceEvent::Lost`] was reported.
    is_lost: bool,
}

impl ServerWatch {
    async fn run(mut self) {
        loop {
            self.note_broken();
            if let Ok(mut connection) = ServerEvents::connect(&self.address(), &[CHANGE, RESET]) {
                while self.follow(&mut connection).await {}
            }
            pause(RETRY).await;
            self.report_due().await;
        }
    }

    /// Returns the address that goes on after the last known event.
    fn address(&self) -> String {
        match &*self.shared.last_event.borrow() {
            Some(id) => format!("{EVENTS}?after={id}"),
            None => EVENTS.to_owned(),
        }
    }

    /// Handles the next event, and what is due until then. Returns false once the browser has given up the connection.
    async fn follow(&mut self, connection: &mut ServerEvents) -> bool {
        let event = match [self.report_at, self.lost_at].into_iter().flatten().reduce(f64::min) {
            None => Some(connection.next().await),
            Some(due) => match select(pin!(connection.next()), pin!(pause_millis(due - millis()))).await {
                Either::Left((event, _)) => Some(event),
                Either::Right(_) => None,
            },
        };
        match event {
            Some(ServerEvent::Open) => {
                if !self.is_same_folder().await {
                    return false;
                }
                self.lost_at = None;
                if std::mem::take(&mut self.is_lost) {
                    self.send(SourceEvent::Restored);
                }
            }
            Some(ServerEvent::Message { name, id, data }) => self.receive(name, id, &data),
            Some(ServerEvent::Broken) => self.note_broken(),
            Some(ServerEvent::Closed) => return false,
            None => {}
        }
        self.report_due().await;
        true
    }

    /// Checks that the server still serves the page's folder: another one may have been started at its address.
    async fn is_same_folder(&mut self) -> bool {
        // A server that does not answer closes the connection too.
        let Ok(about) = fetch_json::<About>(SOURCE).await else { return true };
        let is_same = about.folder == self.shared.about.folder;
        let other = (!is_same).then_some(about.folder);
        // A page that is not connected for another reason learns of the other folder too.
        let is_news = self.shared.other_folder.replace(other.clone()) != other;
        if let Err(error) = self.shared.check_folder()
            && (!std::mem::replace(&mut self.is_lost, true) || is_news)
        {
            self.send(SourceEvent::Lost(error));
        }
        is_same
    }

    fn receive(&mut self, name: &str, id: String, data: &str) {
        *self.shared.last_event.borrow_mut() = Some(id);
        if name == RESET {
            self.paths.clear();
            self.report_at = None;
            self.send(SourceEvent::Reset);
            return;
        }
        let Ok(Change { path, etag }) = serde_json::from_str(data) else { return };
        let mut removed = self.shared.removed.borrow_mut();
        if etag.is_some() {
            removed.remove(&path);
        } else {
            removed.insert(path.clone());
        }
        let mut written = self.shared.written.borrow_mut();
        if etag.is_some() && written.get(&path) == etag.as_ref() {
            // The page's own write.
            return;
        }
        written.remove(&path);
        self.paths.insert(path);
        self.report_at.get_or_insert_with(|| millis() + BATCH);
    }

    fn note_broken(&mut self) {
        if !self.is_lost {
            self.lost_at.get_or_insert_with(|| millis() + PATIENCE);
        }
    }

    async fn report_due(&mut self) {
        let now = millis();
        if self.report_at.is_some_and(|due| now >= due) {
            self.report_at = None;
            let paths = std::mem::take(&mut self.paths);
            self.send(SourceEvent::Changed(paths.into_iter().collect()));
        }
        if self.lost_at.is_some_and(|due| now >= due) {
            self.lost_at = None;
            // The reason may be another one than a server that is gone.
            match fetch_json::<About>(SOURCE).await {
                Ok(_) => self.note_broken(),
                Err(error) => {
                    self.is_lost = true;
                    self.send(SourceEvent::Lost(error));
                }
            }
        }
    }

    fn send(&self, event: SourceEvent) {
        // The receiver is dropped together with this.
        let _ = self.sender.unbounded_send(event);
    }
}
