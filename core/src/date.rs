//! Civil dates of the Gregorian calendar.

use crate::Timestamp;
use crate::time::{civil_from_days, days_from_civil};
use std::fmt;

/// Day of the calendar, without a time and a zone.
///
/// ```
/// use callboard_core::Date;
/// let date = Date::parse("2026-12-05").unwrap();
/// assert_eq!((date.plus_days(30).to_string(), date.weekday()), ("2027-01-04".to_owned(), 5));
/// assert_eq!(Date::parse("2026-02-30"), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    /// Days since 1970-01-01.
    days: i32,
}

impl Date {
    /// Creates a date from a year, a month and a day of the month; none if there is no such day in the years 0000 to
    /// 9999.
    ///
    /// ```
    /// use callboard_core::Date;
    /// assert_eq!(Date::new(2028, 2, 29).unwrap().to_string(), "2028-02-29");
    /// assert_eq!(Date::new(2027, 2, 29), None);
    /// ```
    pub fn new(year: i64, month: i64, day: i64) -> Option<Date> {
        if !(0..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
            return None;
        }
        let days = days_from_civil(year, month, day);
        // A day that the month lacks is another month's.
        (civil_from_days(days) == (year, month, day)).then_some(())?;
        i32::try_from(days).ok().map(|days| Date { days })
    }

    /// Parses `YYYY-MM-DD`, with white space around it or not.
    ///
    /// See the example at [`Date`].
    pub fn parse(text: &str) -> Option<Date> {
        let text = text.trim();
        let is_shaped = text.len() == 10
            && text
                .bytes()
                .enumerate()
                .all(|(at, byte)| if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() });
        let number = |range: std::ops::Range<usize>| text.get(range)?.parse::<i64>().ok();
        if is_shaped { Date::new(number(0..4)?, number(5..7)?, number(8..10)?) } else { None }
    }

    /// The day of an instant in a time zone `offset` minutes ahead of UTC.
    ///
    /// ```
    /// use callboard_core::{Date, Timestamp};
    /// let at = Timestamp::parse("2024-08-11T23:30:00Z").unwrap();
    /// assert_eq!((Date::of(at, 0).to_string(), Date::of(at, 60).to_string()), ("2024-08-11".into(), "2024-08-12".into()));
    /// ```
    #[allow(clippy::cast_possible_truncation)]
    pub fn of(at: Timestamp, offset: i32) -> Date {
        // Timestamps are within the years 0000 to 9999, whose days fit.
        Date { days: (at.unix() + i64::from(offset) * 60).div_euclid(86_400) as i32 }
    }

    /// The first instant of the day in a time zone `offset` minutes ahead of UTC.
    ///
    /// ```
    /// use callboard_core::Date;
    /// let date = Date::parse("2024-08-11").unwrap();
    /// assert_eq!(date.start(120).to_string(), "2024-08-10T22:00:00Z");
    /// ```
    pub fn start(self, offset: i32) -> Timestamp {
        Timestamp::from_unix(i64::from(self.days) * 86_400 - i64::from(offset) * 60)
    }

    /// The year, the month and the day of the month.
    ///
    /// ```
    /// assert_eq!(callboard_core::Date::parse("2026-12-05").unwrap().civil(), (2026, 12, 5));
    /// ```
    pub fn civil(self) -> (i64, i64, i64) {
        civil_from_days(self.days.into())
    }

    /// Adds days, which may be negative, within the years 0000 to 9999.
    ///
    /// See the example at [`Date`].
    #[must_use]
    pub fn plus_days(self, days: i32) -> Date {
        // The years 0000 to 9999, as instants.
        Date { days: self.days.saturating_add(days).clamp(-719_528, 2_932_896) }
    }

    /// Number of days from another date to this one, negative if that is later.
    ///
    /// ```
    /// use callboard_core::Date;
    /// let date = |text| Date::parse(text).unwrap();
    /// assert_eq!(date("2027-01-04").days_since(date("2026-12-05")), 30);
    /// ```
    pub fn days_since(self, other: Date) -> i32 {
        self.days.saturating_sub(other.days)
    }

    /// Name of the month in three letters, for sentences in English.
    ///
    /// ```
    /// use callboard_core::Date;
    /// assert_eq!(Date::parse("2026-12-05").unwrap().month_name(), "Dec");
    /// ```
    pub fn month_name(self) -> &'static str {
        const NAMES: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        let (_, month, _) = self.civil();
        usize::try_from(month - 1).ok().and_then(|month| NAMES.get(month)).copied().unwrap_or_default()
    }

    /// Day of the week, from 0 for Monday to 6 for Sunday.
    ///
    /// See the example at [`Date`].
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    pub fn weekday(self) -> u8 {
        // 1970-01-01 was a Thursday.
        (self.days.saturating_add(3)).rem_euclid(7) as u8
    }
}

impl fmt::Display for Date {
    /// Writes `YYYY-MM-DD`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.civil();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Date {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_only_in_one_form() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(Date::parse(text).map(|date| date.to_string()).as_deref(), expected, "{text}");
        };
        check("2026-12-05", Some("2026-12-05"));
        check(" 2026-12-05\n", Some("2026-12-05"));
        check("0000-01-01", Some("0000-01-01"));
        check("9999-12-31", Some("9999-12-31"));
        check("2024-02-29", Some("2024-02-29"));
        for refused in [
            "2023-02-29",
            "2026-13-01",
            "2026-00-10",
            "2026-01-00",
            "2026-1-5",
            "05.12.2026",
            "+026-12-05",
            "2026-12-05T00:00:00Z",
            "2026-12-0５",
            "",
        ] {
            check(refused, None);
        }
    }

    #[test]
    fn weeks_begin_on_mondays() {
        let monday = Date::parse("2026-11-30").unwrap();
        let days: Vec<u8> = (0..8).map(|day| monday.plus_days(day).weekday()).collect();
        assert_eq!(days, [0, 1, 2, 3, 4, 5, 6, 0]);
        assert_eq!(Date::parse("0000-01-01").unwrap().weekday(), 5);
    }

    #[test]
    fn a_day_begins_at_its_start() {
        let date = Date::parse("2024-03-01").unwrap();
        for offset in [-720, -90, 0, 60, 330, 840] {
            assert_eq!(Date::of(date.start(offset), offset), date);
            assert_eq!(Date::of(date.start(offset).plus(-1), offset), date.plus_days(-1));
        }
    }
}
