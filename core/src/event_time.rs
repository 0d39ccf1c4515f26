//! Check of the time that a person gives an event.

use crate::{Session, Timestamp};

/// Doubt about the time of an event. The event is accepted all the same.
///
/// See the example at [`Session::doubt_time`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeDoubt {
    /// It is before the session's last event, whose time this is.
    BeforeLastEvent(Timestamp),
    /// It has not come yet.
    InFuture,
}

/// Seconds by which clocks may differ without a doubt.
const TOLERANCE: i64 = 60;

impl Session {
    /// Doubts the time of an event: one before the session's last event, or one that has not come yet.
    ///
    /// ```
    /// use callboard_core::{Session, TimeDoubt, Timestamp};
    /// let session = Session::parse(r#"{"session_id": "a", "timestamps": {"last_updated": "2024-08-11T15:00:00Z"}}"#).unwrap();
    /// let at = |text: &str| Timestamp::parse(text).unwrap();
    /// let doubt = |given: &str| session.doubt_time(at(given), at("2024-08-11T16:00:00Z"));
    /// assert_eq!(doubt("2024-08-11T15:30:00Z"), None);
    /// assert_eq!(doubt("2024-08-11T14:59:00Z"), Some(TimeDoubt::BeforeLastEvent(at("2024-08-11T15:00:00Z"))));
    /// assert_eq!(doubt("2024-08-11T17:00:00Z"), Some(TimeDoubt::InFuture));
    /// ```
    pub fn doubt_time(&self, given: Timestamp, now: Timestamp) -> Option<TimeDoubt> {
        let recorded = self.history().iter().filter_map(|entry| entry.at).max();
        match recorded.max(self.last_updated()) {
            Some(last) if given < last => Some(TimeDoubt::BeforeLastEvent(last)),
            _ => (given > now.plus(TOLERANCE)).then_some(TimeDoubt::InFuture),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_event_is_the_latest_of_the_file() {
        let session = Session::parse(
            r#"{"session_id": "a", "timestamps": {"last_updated": "1970-01-01T00:01:00Z"},
            "history": [{"at": "1970-01-01T00:10:00Z"}, {"at": "1970-01-01T00:05:00Z"}, {"at": "never"}]}"#,
        )
        .unwrap();
        let doubt = |seconds: i64| session.doubt_time(Timestamp::from_unix(seconds), Timestamp::from_unix(3600));
        assert_eq!(doubt(599), Some(TimeDoubt::BeforeLastEvent(Timestamp::from_unix(600))));
        assert_eq!((doubt(600), doubt(3660), doubt(3661)), (None, None, Some(TimeDoubt::InFuture)));
        let empty = Session::parse(r#"{"session_id": "a"}"#).unwrap();
        assert_eq!(empty.doubt_time(Timestamp::from_unix(0), Timestamp::from_unix(0)), None);
    }
}
