//! News of sessions: changes that came from outside since the user last looked, with the tab's count.
use super::delayed::Delayed;
use super::notifications::Notifications;
use super::preferences::policy;
use super::unseen::{NewsMark, StoredMark, Unseen};
use super::workspace::Workspace;
use crate::platform::channel::Channel;
use crate::platform::clock;
use crate::platform::page;
use crate::platform::web_storage::Area;
use callboard_core::{NewsItem, Notable, Policy, Timestamp};
use callboard_workspace::{Entry, Sessions};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Key of the marks in local storage.
const KEY: &str = "callboard.news";

/// Name of the channel on which tabs share their marks.
const CHANNEL: &str = "callboard.news";

/// Interval at which marks of changes are shown at most.
const SHOWN_EVERY: Duration = Duration::from_millis(100);

/// Interval at which marks are stored at most.
const STORED_EVERY: Duration = Duration::from_secs(1);

/// A message between tabs about the marks that they share.
#[derive(Debug, Serialize, Deserialize)]
enum NewsMessage {
    /// A session has this mark.
    Marked(StoredMark),
    /// A session with this id was looked at.
    Seen(String),
    /// All sessions were looked at.
    AllSeen,
}

/// The news of sessions, provided as context.
#[derive(Clone, Copy)]
pub struct News {
    workspace: Workspace,
    /// The desktop notifications.
    pub notifications: Notifications,
    /// True while this tab follows a live source: only then does time alone make news, for all tabs.
    pub live: RwSignal<bool>,
    /// True while the page is visible.
    pub visible: ReadSignal<bool>,
    unseen: StoredValue<Unseen>,
    /// Counts changes of `unseen` that are shown.
    revision: RwSignal<u64>,
    /// The session whose page is open.
    open: StoredValue<Option<String>>,
    counts: Memo<Counts>,
    channel: StoredValue<Option<Channel<NewsMessage>>, LocalStorage>,
    showing: Delayed,
    storing: Delayed,
}

/// Numbers of loaded sessions with a mark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts {
    marked: usize,
    notable: usize,
}

/// Returns the news of this page.
pub fn use_news() -> News {
    expect_context()
}

impl News {
    /// Restores the marks of the last visit.
    pub fn open(workspace: Workspace) -> Self {
        let unseen = StoredValue::new(Unseen::of_stored(Area::Local.get(KEY).unwrap_or_default()));
        let revision = RwSignal::new(0);
        let counts = Memo::new(move |_| {
            revision.track();
            let (now, policy) = (workspace.clock.half_minute.get_untracked(), untrack(policy));
            let is_loaded = |sessions: &Sessions, id: &str| sessions.get(id).is_some();
            workspace.sessions.with(|sessions| {
                let still_holds = |id: &str, notable| condition_of(sessions, id, now, &policy) == Some(notable);
                unseen.with_value(|unseen| counts(unseen, |id| is_loaded(sessions, id), still_holds))
            })
        });
        let visible = page::watch_visible();
        let news = Self {
            workspace,
            notifications: Notifications::begin(visible),
            live: RwSignal::new(false),
            visible,
            unseen,
            revision,
            open: StoredValue::new(None),
            counts,
            channel: StoredValue::new_local(None),
            showing: Delayed::by(SHOWN_EVERY),
            storing: Delayed::by(STORED_EVERY),
        };
        news.listen();
        news
    }

    /// Follows the clock, the page's visibility and the other tabs for the life of the page.
    fn listen(self) {
        let half_minute = self.workspace.clock.half_minute;
        Effect::new(move |before: Option<Timestamp>| {
            let now = half_minute.get();
            if let Some(then) = before.filter(|then| *then != now && self.live.get_untracked()) {
                self.check(then, now);
            }
            now
        });
        Effect::new(move |before: Option<()>| {
            // A page in the background may be closed without notice.
            if !self.visible.get() && before.is_some() && self.storing.is_due() {
                self.store();
            }
        });
        self.channel.set_value(Channel::open(CHANNEL, move |message| self.receive(message)));
    }

    /// Takes over a mark of another tab, or its end.
    fn receive(self, message: NewsMessage) {
        let is_news = self.unseen.try_update_value(|unseen| match message {
            NewsMessage::Marked(mark) if self.is_seen_at_once(&mark.id) => {
                self.send(&NewsMessage::Seen(mark.id));
                false
            }
            NewsMessage::Marked(mark) => unseen.set(mark),
            NewsMessage::Seen(id) => unseen.take(&id).is_some(),
            NewsMessage::AllSeen => unseen.clear(),
        });
        if is_news == Some(true) {
            self.showing.run(move || self.show());
            self.storing.run(move || self.store());
        }
    }

    /// Returns true if the session's page is open and visible: its changes need no mark.
    fn is_seen_at_once(self, id: &str) -> bool {
        self.visible.get_untracked() && self.open.with_value(|open| open.as_deref() == Some(id))
    }

    /// Notes a change of a session that came from outside; `before` is none for a session that was not there. The
    /// user's own edits and the first reading of a source are no news.
    pub fn note(self, before: Option<&Entry>, after: &Entry) {
        // The time of the last check, so that the news of time alone come from `check`, and only once.
        let (now, policy) = (self.workspace.clock.half_minute.get_untracked(), untrack(policy));
        if let Some(news) = news_of(before, after, now, &policy) {
            self.add(after, news, condition(after, now, &policy));
        }
    }

    /// Finds the sessions that time alone made notable between two moments.
    fn check(self, then: Timestamp, now: Timestamp) {
        let policy = untrack(policy);
        let found: Vec<_> = self.workspace.sessions.with_untracked(|sessions| {
            let news = sessions.iter().filter(|entry| entry.digest().is_active()).filter_map(|entry| {
                let news = entry.digest().news_between(then, now, &policy)?;
                Some((entry.clone(), news))
            });
            news.collect()
        });
        for (entry, news) in found {
            self.add(&entry, news, condition(&entry, now, &policy));
        }
    }

    fn add(self, entry: &Entry, news: NewsItem, condition: Option<Notable>) {
        if let Some(notable) = news.notable {
            self.notifications.send(entry.summary(), notable, news.sentence());
        }
        if self.is_seen_at_once(entry.id()) {
            return;
        }
        // The clock's signals lag behind while the page is in the background.
        let at = clock::now();
        let mark = self.unseen.try_update_value(|unseen| {
            unseen.add(entry.id(), news, condition, at);
            unseen.stored(entry.id())
        });
        if let Some(mark) = mark.flatten() {
            self.send(&NewsMessage::Marked(mark));
        }
        self.showing.run(move || self.show());
        self.storing.run(move || self.store());
    }

    /// Marks a session as seen, and returns its mark.
    pub fn looked_at(self, id: &str) -> Option<NewsMark> {
        let mark = self.unseen.try_update_value(|unseen| unseen.take(id)).flatten()?;
        self.seen(&NewsMessage::Seen(id.to_owned()));
        Some(mark)
    }

    /// Marks all sessions as seen.
    pub fn looked_at_all(self) {
        if self.unseen.try_update_value(Unseen::clear) == Some(true) {
            self.seen(&NewsMessage::AllSeen);
        }
    }

    fn seen(self, message: &NewsMessage) {
        self.show();
        self.store();
        self.send(message);
    }

    fn send(self, message: &NewsMessage) {
        self.channel.with_value(|channel| {
            if let Some(channel) = channel {
                channel.send(message);
            }
        });
    }

    /// Notes that a session's page is open: its changes need no mark while the page is visible.
    pub fn set_open(self, id: String) {
        self.open.set_value(Some(id));
    }

    /// Notes that a session's page is left.
    pub fn set_closed(self, id: &str) {
        self.open.update_value(|open| {
            open.take_if(|open| open == id);
        });
    }

    /// Returns the mark of a session; reactive. It needs attention while the session's condition does: an edit here may
    /// have settled that.
    pub fn mark(self, id: &str) -> Option<NewsMark> {
        self.revision.track();
        let mark = self.unseen.with_value(|unseen| unseen.mark(id))?;
        let still_holds = |notable: &Notable| {
            let (now, policy) = (self.workspace.clock.half_minute.get_untracked(), untrack(policy));
            let condition = |sessions: &Sessions| condition_of(sessions, id, now, &policy);
            self.workspace.sessions.with_untracked(condition) == Some(*notable)
        };
        Some(NewsMark { notable: mark.notable.filter(still_holds), ..mark })
    }

    /// Returns the number of sessions whose news still need the user's attention; reactive.
    pub fn count(self) -> usize {
        self.counts.get().notable
    }

    /// Returns true if a session has a mark; reactive.
    pub fn any(self) -> bool {
        self.counts.get().marked > 0
    }

    /// Publishes the marks.
    fn show(self) {
        // The page may be about to close.
        let _ = self.revision.try_update(|revision| *revision += 1);
    }

    fn store(self) {
        // Without storage the marks last until the page is closed.
        let _ = self.unseen.try_with_value(|unseen| Area::Local.set(KEY, &unseen.to_stored()));
    }
}

/// Counts the marks of loaded sessions, and of these the ones whose condition still needs attention.
fn counts(unseen: &Unseen, is_loaded: impl Fn(&str) -> bool, still_holds: impl Fn(&str, Notable) -> bool) -> Counts {
    let loaded = unseen.sessions().filter(|(id, _)| is_loaded(id));
    loaded.fold(Counts::default(), |counts, (id, notable)| Counts {
        marked: counts.marked + 1,
        notable: counts.notable + usize::from(notable.is_some_and(|notable| still_holds(id, notable))),
    })
}

/// Returns the news of a changed session. A conflict needs a decision, whatever its texts say.
fn news_of(before: Option<&Entry>, after: &Entry, now: Timestamp, policy: &Policy) -> Option<NewsItem> {
    if after.summary().conflict && !before.is_some_and(|before| before.summary().conflict) {
        let last = "changed in the file too: choose a version".to_owned();
        return Some(NewsItem { changes: 1, last, notable: Some(Notable::Decision) });
    }
    let before = before.map(Entry::reread);
    after.reread().news_since(before.as_ref(), now, policy)
}

/// Returns the condition of a loaded session that needs the user's attention.
fn condition_of(sessions: &Sessions, id: &str, now: Timestamp, policy: &Policy) -> Option<Notable> {
    condition(sessions.get(id)?, now, policy)
}

/// Returns the condition of a session that needs the user's attention.
fn condition(entry: &Entry, now: Timestamp, policy: &Policy) -> Option<Notable> {
    if entry.summary().conflict { Some(Notable::Decision) } else { entry.digest().notable(now, policy) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use callboard_core::Session;

    fn entry(status: &str) -> Entry {
        let text = format!(
            r#"{{"session_id": "a", "pipeline_state": {{"current_stage": "writing"}},
            "agent_outputs": {{"script_writer": {{"status": "{status}"}}}}}}"#
        );
        Entry::of_file("a".into(), "a.json".into(), &Session::parse(text).unwrap(), Timestamp::from_unix(0))
    }

    #[test]
    fn entries_have_the_news_of_their_texts() {
        let (now, policy) = (Timestamp::from_unix(0), Policy::default());
        let news = news_of(Some(&entry("in_progress")), &entry("failed"), now, &policy).unwrap();
        assert_eq!((news.last.as_str(), news.notable), ("script_writer failed", Some(Notable::Failed)));
        assert_eq!(condition(&entry("failed"), now, &policy), Some(Notable::Failed));
        assert_eq!(news_of(Some(&entry("failed")), &entry("failed"), now, &policy), None);
        assert_eq!(news_of(None, &entry("pending"), now, &policy).unwrap().last, "new session");
    }

    #[test]
    fn loaded_sessions_count_while_they_need_attention() {
        let mut unseen = Unseen::default();
        let news = |notable| NewsItem { changes: 1, last: "moved".into(), notable };
        unseen.add("a", news(None), None, Timestamp::from_unix(0));
        for id in ["b", "gone"] {
            unseen.add(id, news(Some(Notable::Completed)), Some(Notable::Completed), Timestamp::from_unix(0));
        }
        let counted = |still_holds: bool| counts(&unseen, |id| id != "gone", |_, _| still_holds);
        assert_eq!(counted(true), Counts { marked: 2, notable: 1 });
        assert_eq!(counted(false), Counts { marked: 2, notable: 0 });
    }
}
