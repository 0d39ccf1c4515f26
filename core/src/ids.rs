//! Ids of sessions and names of their files, in the framework's form.

use crate::Timestamp;

/// Folder of the session files, relative to the root of a production's repository.
///
/// ```
/// use callboard_core::{Timestamp, ids};
/// let path = format!("{}/{}", ids::FOLDER, ids::file_name(1, Timestamp::from_unix(0)));
/// assert_eq!(path, "projects/nobody-knows/output/sessions/ep001_session_19700101.json");
/// ```
pub const FOLDER: &str = "projects/nobody-knows/output/sessions";

/// Creates the id of a new session, `ep_{number}_{YYYYMMDD}_{HHMM}` in UTC, the number in at least three digits.
///
/// ```
/// use callboard_core::{Timestamp, ids};
/// let now = Timestamp::parse("2024-08-11T14:30:00Z").unwrap();
/// assert_eq!(ids::session_id(1, now), "ep_001_20240811_1430");
/// ```
pub fn session_id(episode: u64, now: Timestamp) -> String {
    format!("ep_{episode:03}_{}_{}", date(now), time(now))
}

/// Creates the name of a session's file, `ep{number}_session_{date}.json`.
///
/// ```
/// use callboard_core::{Timestamp, ids};
/// let created = Timestamp::parse("2024-08-11T14:30:00Z").unwrap();
/// assert_eq!(ids::file_name(1, created), "ep001_session_20240811.json");
/// ```
pub fn file_name(episode: u64, created: Timestamp) -> String {
    format!("ep{episode:03}_session_{}.json", date(created))
}

/// Creates the name of the file of a second session of the same episode and day.
///
/// ```
/// use callboard_core::{Timestamp, ids};
/// let created = Timestamp::parse("2024-08-11T14:30:00Z").unwrap();
/// assert_eq!(ids::second_file_name(1, created), "ep001_session_20240811_1430.json");
/// ```
pub fn second_file_name(episode: u64, created: Timestamp) -> String {
    format!("ep{episode:03}_session_{}_{}.json", date(created), time(created))
}

/// File names of a session in the order to try them; none if the id does not have the framework's form.
///
/// ```
/// use callboard_core::ids;
/// assert_eq!(
///     ids::file_names("ep_001_20240811_1430"),
///     Some(["ep001_session_20240811.json".to_owned(), "ep001_session_20240811_1430.json".to_owned()])
/// );
/// assert_eq!(ids::file_names("test_stuck"), None);
/// ```
pub fn file_names(id: &str) -> Option<[String; 2]> {
    let ParsedId { episode, created } = parse(id)?;
    Some([file_name(episode, created), second_file_name(episode, created)])
}

/// Chooses a file's name for a session: by its id, else by its episode, else the id itself with safe characters.
///
/// ```
/// use callboard_core::{Timestamp, ids};
/// let created = Timestamp::parse("2024-08-11T14:30:00Z").unwrap();
/// assert_eq!(ids::name_file("ep_001_20240811_1430", None, created), "ep001_session_20240811.json");
/// assert_eq!(ids::name_file("pilot 3", Some(3), created), "ep003_session_20240811.json");
/// assert_eq!(ids::name_file("pilot/3", None, created), "pilot_3.json");
/// ```
pub fn name_file(id: &str, episode: Option<u64>, created: Timestamp) -> String {
    let allowed = |letter: char| if letter.is_alphanumeric() || "-_.".contains(letter) { letter } else { '_' };
    let by_id = file_names(id).map(|[name, _]| name);
    let by_number = || episode.map(|episode| file_name(episode, created));
    by_id.or_else(by_number).unwrap_or_else(|| format!("{}.json", id.chars().map(allowed).collect::<String>()))
}

/// Parts of an id of the framework's form.
///
/// See the example at [`parse`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ParsedId {
    /// Episode number.
    pub episode: u64,
    /// Time of creation, to the minute.
    pub created: Timestamp,
}

/// Parses an id of the framework's form; none for other ids, which are equally valid.
///
/// ```
/// use callboard_core::ids;
/// let parsed = ids::parse("ep_001_20240811_1430").unwrap();
/// assert_eq!((parsed.episode, parsed.created.to_string().as_str()), (1, "2024-08-11T14:30:00Z"));
/// for id in ["ep_20250902_101351_9caca903", "ep_5_production_20250823", "test_stuck", "ep_001_20241311_1430"] {
///     assert_eq!(ids::parse(id), None);
/// }
/// ```
pub fn parse(id: &str) -> Option<ParsedId> {
    let mut parts = id.strip_prefix("ep_")?.split('_');
    let (number, date, time) = (parts.next()?, parts.next()?, parts.next()?);
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let formed =
        parts.next().is_none() && date.len() == 8 && time.len() == 4 && [number, date, time].into_iter().all(digits);
    if !formed || number.is_empty() {
        return None;
    }
    let text = format!("{}-{}-{}T{}:{}:00Z", &date[..4], &date[4..6], &date[6..], &time[..2], &time[2..]);
    Some(ParsedId { episode: number.parse().ok()?, created: Timestamp::parse(&text)? })
}

/// Finds the placeholder in the id of a template, which is not a session.
///
/// A placeholder is a name in braces; `YYYYMMDD`, `HHMM` or their parts as a word; or at least three `X` at the end of a
/// word (two in place of the episode's number). Only capitals count, because real ids contain an `x` (`spacex`, `XXL`).
///
/// ```
/// use callboard_core::ids;
/// assert_eq!(ids::placeholder("ep_{number}_{YYYYMMDD}_{HHMM}"), Some("{number}"));
/// assert_eq!(ids::placeholder("ep_XXX_YYYYMMDD_HHMM"), Some("XXX"));
/// for id in ["ep_001_20240811_1430", "ep_5_spacex_20250823", "ep_012_XX_chromosome", "ep_7_XXL"] {
///     assert_eq!(ids::placeholder(id), None);
/// }
/// ```
pub fn placeholder(id: &str) -> Option<&str> {
    let braced = id.find('{').and_then(|from| {
        let to = from + id[from..].find('}')?;
        let name = id[from..to].trim_start_matches('{').trim();
        (!name.is_empty()).then_some(&id[from..=to])
    });
    let words = || id.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let in_words = || {
        let number_place = |at: usize| at == 1 && words().next().is_some_and(|word| word.eq_ignore_ascii_case("ep"));
        words().enumerate().find_map(|(at, word)| {
            let crosses = crosses(word);
            let least = if number_place(at) { 2 } else { 3 };
            if crosses >= least || crosses >= 2 && word.len() == crosses + 2 && word.starts_with("ep") {
                return Some(&word[word.len() - crosses..]);
            }
            date_pattern(word)
        })
    };
    braced.or_else(in_words)
}

/// Counts the `X` at the end of a word, unless another capital precedes them.
fn crosses(word: &str) -> usize {
    let rest = word.trim_end_matches('X');
    if rest.ends_with(|letter: char| letter.is_ascii_uppercase()) { 0 } else { word.len() - rest.len() }
}

/// Finds a date or time pattern: the whole word, or a part of it in capitals.
fn date_pattern(word: &str) -> Option<&str> {
    let parts = ["YYYYMMDD", "YYYYMM", "YYYY", "HHMMSS", "HHMM"];
    if parts.into_iter().any(|part| word.eq_ignore_ascii_case(part)) {
        return Some(word);
    }
    let within = |part: &str| word.find(part).map(|from| &word[from..from + part.len()]);
    ["YYYYMMDD", "HHMM"].into_iter().find_map(within)
}

fn date(at: Timestamp) -> String {
    let (year, month, day, ..) = at.civil();
    format!("{year:04}{month:02}{day:02}")
}

fn time(at: Timestamp) -> String {
    let (_, _, _, hour, minute, _) = at.civil();
    format!("{hour:02}{minute:02}")
}
