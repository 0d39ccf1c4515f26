//! The changes of sessions since the user last looked at them.
use crate::format::relative;
use crate::order;
use callboard_core::{NewsItem, Notable, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Number of marks that are stored, the newest.
const STORED: usize = 500;

/// The mark of a session that changed since the user last looked at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewsMark {
    /// The changes in words, such as `script_writer completed writing`.
    pub label: String,
    /// The time of the last change.
    pub at: Timestamp,
    /// The kind of news, if it needs the user's attention.
    pub notable: Option<Notable>,
}

impl NewsMark {
    /// Returns the changes with their time: `script_writer completed writing, 2 min ago`.
    pub fn text(&self, now: Timestamp) -> String {
        format!("{}, {}", self.label, relative(self.at, now))
    }

    /// Returns the state whose colour its dot has, as health has it; none for news that need no attention.
    pub fn colour(&self) -> Option<&'static str> {
        Some(match self.notable? {
            Notable::Failed | Notable::Escalated => "failed",
            Notable::Stalled => "evaluating",
            Notable::Decision => "retry",
            Notable::Completed => "complete",
        })
    }
}

/// News of sessions that the user has not looked at, by the session's id.
#[derive(Clone, Debug, Default)]
pub struct Unseen(HashMap<String, (NewsItem, Timestamp)>);

/// A mark as it is stored and sent to other tabs.
#[derive(Debug, Serialize, Deserialize)]
pub struct StoredMark {
    /// The session's id.
    pub id: String,
    changes: usize,
    last: String,
    at: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    notable: Option<String>,
}

impl Unseen {
    /// Adds news of a session; `current` is its condition that needs attention.
    pub fn add(&mut self, id: &str, news: NewsItem, current: Option<Notable>, at: Timestamp) {
        let news = match self.0.remove(id) {
            Some((before, _)) => before.followed_by(news, current),
            None => news,
        };
        self.0.insert(id.to_owned(), (news, at));
    }

    /// Sets the mark of a session, as another tab has it. Returns true if it is another one than before.
    pub fn set(&mut self, mark: StoredMark) -> bool {
        let (id, news) = mark.read();
        self.0.insert(id, news.clone()) != Some(news)
    }

    /// Removes a session's mark, and returns it.
    pub fn take(&mut self, id: &str) -> Option<NewsMark> {
        self.0.remove(id).map(|(news, at)| mark(&news, at))
    }

    /// Removes all marks. Returns false if there is none.
    pub fn clear(&mut self) -> bool {
        !std::mem::take(&mut self.0).is_empty()
    }

    /// Returns a session's mark.
    pub fn mark(&self, id: &str) -> Option<NewsMark> {
        self.0.get(id).map(|(news, at)| mark(news, *at))
    }

    /// Returns the sessions with a mark, each with the news that need attention.
    pub fn sessions(&self) -> impl Iterator<Item = (&str, Option<Notable>)> {
        self.0.iter().map(|(id, (news, _))| (id.as_str(), news.notable))
    }

    /// Returns the newest marks to store, newest first.
    pub fn to_stored(&self) -> Vec<StoredMark> {
        let all: Vec<_> = self.0.iter().collect();
        let newest = order::descending(all.iter().map(|(_, (_, at))| (at.unix(), 0)));
        newest.into_iter().take(STORED).filter_map(|at| self.stored(all[at].0)).collect()
    }

    /// Returns the mark of a session as it is stored.
    pub fn stored(&self, id: &str) -> Option<StoredMark> {
        let (news, at) = self.0.get(id)?;
        Some(StoredMark {
            id: id.to_owned(),
            changes: news.changes,
            last: news.last.clone(),
            at: at.unix(),
            notable: news.notable.map(|notable| notable.name().to_owned()),
        })
    }

    /// Restores stored marks.
    pub fn of_stored(marks: Vec<StoredMark>) -> Self {
        Self(marks.into_iter().map(StoredMark::read).collect())
    }
}

impl StoredMark {
    fn read(self) -> (String, (NewsItem, Timestamp)) {
        let notable = Notable::ALL.into_iter().find(|kind| self.notable.as_deref() == Some(kind.name()));
        let news = NewsItem { changes: self.changes, last: self.last, notable };
        (self.id, (news, Timestamp::from_unix(self.at)))
    }
}

fn mark(news: &NewsItem, at: Timestamp) -> NewsMark {
    NewsMark { label: news.sentence(), at, notable: news.notable }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_unix(1_700_000_000 + seconds)
    }

    fn news(last: &str, notable: Option<Notable>) -> NewsItem {
        NewsItem { changes: 1, last: last.into(), notable }
    }

    #[test]
    fn changes_add_up_until_the_session_is_looked_at() {
        let mut unseen = Unseen::default();
        unseen.add("a", news("script_writer failed", Some(Notable::Failed)), Some(Notable::Failed), at(0));
        unseen.add("a", news("cost is now $2.00", None), Some(Notable::Failed), at(5));
        let mark = unseen.mark("a").unwrap();
        assert_eq!(mark.text(at(125)), "2 changes, last: cost is now $2.00, 2 min ago");
        assert_eq!((mark.notable, mark.colour()), (Some(Notable::Failed), Some("failed")));
        unseen.add("a", news("script_writer started writing", None), None, at(9));
        assert_eq!(unseen.sessions().collect::<Vec<_>>(), [("a", None)]);
        assert_eq!(unseen.take("a").unwrap().label, "3 changes, last: script_writer started writing");
        assert_eq!((unseen.mark("a"), unseen.clear()), (None, false));
    }

    #[test]
    fn the_newest_marks_survive_a_reload() {
        let mut unseen = Unseen::default();
        for number in 0..STORED as i64 + 20 {
            let notable = Notable::ALL.into_iter().cycle().nth(number as usize);
            unseen.add(&format!("ep_{number}"), news("state changed", notable), notable, at(number));
        }
        let text = serde_json::to_string(&unseen.to_stored()).unwrap();
        let again = Unseen::of_stored(serde_json::from_str(&text).unwrap());
        assert_eq!(again.sessions().count(), STORED);
        assert_eq!((again.mark("ep_19"), again.mark("ep_20")), (None, unseen.mark("ep_20")));
        assert!(text.len() < 100_000, "{} bytes", text.len());
    }

    #[test]
    fn marks_of_another_version_are_read() {
        let text = r#"[{"id": "a", "changes": 1, "last": "moved", "at": 5, "notable": "levitated", "more": 1}]"#;
        let unseen = Unseen::of_stored(serde_json::from_str(text).unwrap());
        assert_eq!(unseen.mark("a").unwrap().notable, None);
    }
}
