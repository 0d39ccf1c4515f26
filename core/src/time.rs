//! Instants in whole UTC seconds: tolerant reading, RFC 3339 writing.

use crate::document::NewValue;
use std::fmt;

/// Instant in whole seconds since 1970-01-01T00:00:00Z, in the years 0000 to 9999.
///
/// ```
/// use callboard_core::Timestamp;
/// let at = Timestamp::parse("2024-08-11T16:30:57.3+02:00").unwrap();
/// assert_eq!(at.to_string(), "2024-08-11T14:30:57Z");
/// assert_eq!(Timestamp::from_unix(0).to_string(), "1970-01-01T00:00:00Z");
/// assert_eq!(Timestamp::parse("yesterday"), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// 0000-01-01T00:00:00Z.
const FIRST: i64 = -62_167_219_200;
/// 9999-12-31T23:59:59Z.
const LAST: i64 = 253_402_300_799;

/// Instant as found in a file.
///
/// See the example at [`Timestamp::find`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FoundTime {
    /// The instant, truncated to whole seconds.
    pub at: Timestamp,
    /// True if the text has no zone, so that UTC was assumed.
    pub assumed_utc: bool,
    /// True if the text is not RFC 3339, but has only one meaning.
    pub malformed: bool,
}

impl Timestamp {
    /// Creates an instant from seconds since the epoch, limited to the years 0000 to 9999.
    ///
    /// See the example at [`Timestamp`].
    pub const fn from_unix(seconds: i64) -> Timestamp {
        Timestamp(if seconds < FIRST {
            FIRST
        } else if seconds > LAST {
            LAST
        } else {
            seconds
        })
    }

    /// Seconds since the epoch.
    ///
    /// ```
    /// assert_eq!(callboard_core::Timestamp::parse("1970-01-01T00:01:00Z").unwrap().unix(), 60);
    /// ```
    pub const fn unix(self) -> i64 {
        self.0
    }

    /// Adds seconds, which may be negative.
    ///
    /// ```
    /// use callboard_core::Timestamp;
    /// let at = Timestamp::parse("2024-12-31T23:59:00Z").unwrap();
    /// assert_eq!(at.plus(60).to_string(), "2025-01-01T00:00:00Z");
    /// ```
    #[must_use]
    pub const fn plus(self, seconds: i64) -> Timestamp {
        Timestamp::from_unix(self.0.saturating_add(seconds))
    }

    /// Parses an instant as [`Timestamp::find`] does, without notes on its spelling.
    ///
    /// See the example at [`Timestamp`].
    pub fn parse(text: &str) -> Option<Timestamp> {
        Timestamp::find(text).map(|found| found.at)
    }

    /// Parses an instant, noting deviations from RFC 3339.
    ///
    /// Accepted are `Z`, offsets, fractions (truncated), no zone (taken as UTC), a space for the `T`, and the malformed
    /// `…:57.3NZ` of older writers. Any other text gives none.
    ///
    /// ```
    /// use callboard_core::Timestamp;
    /// let found = Timestamp::find("2024-08-11 14:30:57.3").unwrap();
    /// assert_eq!(found.at.to_string(), "2024-08-11T14:30:57Z");
    /// assert!(found.assumed_utc && found.malformed);
    /// ```
    pub fn find(text: &str) -> Option<FoundTime> {
        let bytes = text.as_bytes();
        let number = |from: usize, length: usize| -> Option<i64> {
            bytes
                .get(from..from + length)?
                .iter()
                .try_fold(0, |value, byte| byte.is_ascii_digit().then(|| value * 10 + i64::from(byte - b'0')))
        };
        let is = |at: usize, expected: &[u8]| bytes.get(at).is_some_and(|byte| expected.contains(byte));
        let (year, month, day) = (number(0, 4)?, number(5, 2)?, number(8, 2)?);
        let (hour, minute, second) = (number(11, 2)?, number(14, 2)?, number(17, 2)?);
        let shaped = is(4, b"-") && is(7, b"-") && is(10, b"Tt ") && is(13, b":") && is(16, b":");
        let leap_day = i64::from(month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0));
        let days = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].get(usize::try_from(month - 1).ok()?)?;
        // A leap second is the last second of its minute.
        if !shaped || !(1..=days + leap_day).contains(&day) || hour > 23 || minute > 59 || second > 60 {
            return None;
        }
        let mut rest = &bytes[19..];
        let mut malformed = bytes[10] == b' ';
        if let [b'.', digits @ ..] = rest {
            let length = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
            if length == 0 {
                return None;
            }
            rest = &digits[length..];
            if rest == b"NZ" {
                malformed = true;
                rest = b"Z";
            }
        }
        let (offset, assumed_utc) = match rest {
            b"" => (0, true),
            b"Z" | b"z" => (0, false),
            [sign @ (b'+' | b'-'), zone @ ..] => {
                let digit =
                    |at: usize| zone.get(at).filter(|byte| byte.is_ascii_digit()).map(|byte| i64::from(byte - b'0'));
                let colon = usize::from(zone.get(2) == Some(&b':'));
                if zone.len() != 4 + colon {
                    return None;
                }
                let hours = digit(0)? * 10 + digit(1)?;
                let minutes = digit(2 + colon)? * 10 + digit(3 + colon)?;
                if hours > 23 || minutes > 59 {
                    return None;
                }
                malformed |= colon == 0;
                let seconds = hours * 3600 + minutes * 60;
                (if *sign == b'-' { -seconds } else { seconds }, false)
            }
            _ => return None,
        };
        let seconds = days_from_civil(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second.min(59) - offset;
        (FIRST..=LAST).contains(&seconds).then_some(FoundTime { at: Timestamp(seconds), assumed_utc, malformed })
    }

    /// The civil date and time in UTC: year, month, day, hour, minute, second.
    ///
    /// ```
    /// use callboard_core::Timestamp;
    /// let at = Timestamp::parse("2024-08-11T14:30:07Z").unwrap();
    /// assert_eq!(at.civil(), (2024, 8, 11, 14, 30, 7));
    /// ```
    pub fn civil(self) -> (i64, i64, i64, i64, i64, i64) {
        let (days, seconds) = (self.0.div_euclid(86_400), self.0.rem_euclid(86_400));
        let (year, month, day) = civil_from_days(days);
        (year, month, day, seconds / 3600, seconds / 60 % 60, seconds % 60)
    }
}

impl Timestamp {
    /// The text of the instant, in ASCII.
    fn spelt(self) -> [u8; 20] {
        let (year, month, day, hour, minute, second) = self.civil();
        let mut text = *b"0000-00-00T00:00:00Z";
        let mut put = |at: usize, width: usize, mut value: i64| {
            for digit in text[at..at + width].iter_mut().rev() {
                *digit = b'0' + (value % 10) as u8;
                value /= 10;
            }
        };
        put(0, 4, year);
        put(5, 2, month);
        put(8, 2, day);
        put(11, 2, hour);
        put(14, 2, minute);
        put(17, 2, second);
        text
    }
}

/// True if a text says the same instant as an instant's own text, whatever its zone and its shape.
///
/// A text with a fraction of a second says another instant.
fn same_instant(spelt: &str, found: &str) -> bool {
    let fraction = found.split_once('.').map_or("", |(_, fraction)| fraction);
    let mut digits = fraction.bytes().take_while(u8::is_ascii_digit);
    digits.all(|digit| digit == b'0') && Timestamp::parse(found).is_some_and(|at| at.spelt() == spelt.as_bytes())
}

impl From<Timestamp> for NewValue<'_> {
    fn from(at: Timestamp) -> Self {
        NewValue::Alias(String::from_utf8_lossy(&at.spelt()).into_owned().into(), same_instant)
    }
}

impl fmt::Display for Timestamp {
    /// Writes RFC 3339 in UTC with whole seconds, as session files do.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(std::str::from_utf8(&self.spelt()).unwrap_or_default())
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Timestamp {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Time from one moment to another in words, such as `45 min`, `2 h 41 min` or `3 d 4 h`.
pub(crate) fn span(from: Timestamp, to: Timestamp) -> String {
    let minutes = (to.unix() - from.unix()).max(0) / 60;
    let two = |large: i64, unit: &str, small: i64, small_unit: &str| match small {
        0 => format!("{large} {unit}"),
        _ => format!("{large} {unit} {small} {small_unit}"),
    };
    match minutes / 60 {
        0 => format!("{minutes} min"),
        hours if hours < 48 => two(hours, "h", minutes % 60, "min"),
        hours => two(hours / 24, "d", hours % 24, "h"),
    }
}

/// Counts the days from 1970-01-01 to a date of the Gregorian calendar.
///
/// Years start in March, so that the leap day is the last day of its year; after an era of 400 years the calendar
/// repeats.
pub(crate) fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// Inverse of [`days_from_civil`].
pub(crate) fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let month = (shifted + 2) % 12 + 1;
    (era * 400 + year_of_era + i64::from(month <= 2), month, day_of_year - (153 * shifted + 2) / 5 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_they_are_found() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(Timestamp::parse(text).map(|at| at.to_string()).as_deref(), expected, "{text}");
        };
        check("2024-08-11T14:30:00Z", Some("2024-08-11T14:30:00Z"));
        check("2024-08-11T14:30:00.999999Z", Some("2024-08-11T14:30:00Z"));
        check("2025-09-03T21:00:08.799025", Some("2025-09-03T21:00:08Z"));
        check("2024-08-11 14:30:00", Some("2024-08-11T14:30:00Z"));
        check("2024-08-11T14:30:57.3NZ", Some("2024-08-11T14:30:57Z"));
        check("2024-08-11T00:30:00+02:00", Some("2024-08-10T22:30:00Z"));
        check("2024-08-11T00:30:00-0230", Some("2024-08-11T03:00:00Z"));
        check("2024-02-29T00:00:00Z", Some("2024-02-29T00:00:00Z"));
        check("2023-02-29T00:00:00Z", None);
        check("2016-12-31T23:59:60Z", Some("2016-12-31T23:59:59Z"));
        check("2024-13-01T00:00:00Z", None);
        check("2024-00-01T00:00:00Z", None);
        check("2024-08-11", None);
        check("2024-08-11T14:30:00 Z", None);
        check("2024-08-11T14:30:00.Z", None);
        check("0000-01-01T00:00:00+23:59", None);
        check("11/08/2024", None);
        check("", None);
    }

    #[test]
    fn every_day_of_the_calendar_survives() {
        for day in -719_528..=2_932_896 {
            let (year, month, date) = civil_from_days(day);
            assert_eq!(days_from_civil(year, month, date), day);
        }
    }

    #[test]
    fn an_assumed_zone_and_a_malformed_spelling_are_remarked() {
        let found = |text| Timestamp::find(text).map(|found| (found.assumed_utc, found.malformed));
        assert_eq!(found("2024-08-11T14:30:00Z"), Some((false, false)));
        assert_eq!(found("2024-08-11T14:30:00"), Some((true, false)));
        assert_eq!(found("2024-08-11 14:30:00"), Some((true, true)));
        assert_eq!(found("2024-08-11T14:30:57.3NZ"), Some((false, true)));
    }
}
