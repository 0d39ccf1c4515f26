//! The framework's names for sessions and their files.

use crate::Timestamp;

/// The folder, from the root of a production's repository, where session files are kept.
pub const FOLDER: &str = "projects/nobody-knows/output/sessions";

/// The id of a session made now: `ep_{number}_{YYYYMMDD}_{HHMM}`, the number in at least three digits, UTC.
///
/// ```
/// use callboard_core::{Timestamp, ids};
/// let now = Timestamp::parse("2024-08-11T14:30:00Z").unwrap();
/// assert_eq!(ids::session_id(1, now), "ep_001_20240811_1430");
/// ```
pub fn session_id(episode: u64, now: Timestamp) -> String {
    format!("ep_{episode:03}_{}_{}", date(now), time(now))
}

/// The name of a session's file: `ep{number}_session_{date}.json`.
///
/// ```
/// use callboard_core::{Timestamp, ids};
/// let created = Timestamp::parse("2024-08-11T14:30:00Z").unwrap();
/// assert_eq!(ids::file_name(1, created), "ep001_session_20240811.json");
/// ```
pub fn file_name(episode: u64, created: Timestamp) -> String {
    format!("ep{episode:03}_session_{}.json", date(created))
}

/// The name of a file for a second session of the same episode on the same day.
///
/// ```
/// use callboard_core::{Timestamp, ids};
/// let created = Timestamp::parse("2024-08-11T14:30:00Z").unwrap();
/// assert_eq!(ids::second_file_name(1, created), "ep001_session_20240811_1430.json");
/// ```
pub fn second_file_name(episode: u64, created: Timestamp) -> String {
    format!("ep{episode:03}_session_{}_{}.json", date(created), time(created))
}

fn date(at: Timestamp) -> String {
    let (year, month, day, ..) = at.civil();
    format!("{year:04}{month:02}{day:02}")
}

fn time(at: Timestamp) -> String {
    let (_, _, _, hour, minute, _) = at.civil();
    format!("{hour:02}{minute:02}")
}
