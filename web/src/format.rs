//! Formats figures for people. An unknown value is `–`, never 0.
use callboard_core::{Date, Money, Timestamp};
use callboard_workspace::{ListState, Summary};
use std::borrow::Cow;

/// Label of a session whose state cannot be read.
pub const UNREADABLE: &str = "UNREADABLE";

/// Name of a state that is none of the framework's: in progress in a stage that the framework does not have.
pub const OTHER: &str = "IN_PROGRESS";

/// Placeholder for an unknown value.
pub const UNKNOWN: &str = "\u{2013}";

/// Formats money as `$4.50`, `-$4.50`, or the placeholder if unknown.
pub fn money(money: Option<Money>) -> String {
    money.map_or_else(|| UNKNOWN.into(), |money| priced(&money.to_string()))
}

/// Formats a mean or another computed amount of dollars as `$4.50`.
pub fn dollars(amount: f64) -> String {
    priced(&format!("{amount:.2}"))
}

/// Adds the dollar sign to a formatted amount, after a leading minus.
pub fn priced(amount: &str) -> String {
    match amount.strip_prefix('-') {
        // An amount that rounds to zero loses its minus.
        Some(rest) if rest.contains(|digit| matches!(digit, '1'..='9')) => format!("-${rest}"),
        Some(rest) => format!("${rest}"),
        None => format!("${amount}"),
    }
}

/// Formats a score as `0.92`, or the placeholder if unknown.
pub fn score(score: Option<f64>) -> String {
    score.map_or_else(|| UNKNOWN.into(), |score| format!("{score:.2}"))
}

/// Formats a duration as `1 h 35 min`, `28 min`, `45 s` or `3 d 4 h`: at most two units, the smaller one rounded
/// down.
pub fn duration(seconds: i64) -> String {
    let seconds = seconds.max(0);
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400);
    match () {
        () if seconds < 60 => format!("{seconds} s"),
        () if minutes < 60 => format!("{minutes} min"),
        () if hours < 24 => two(hours, "h", minutes % 60, "min"),
        () if days < 60 => two(days, "d", hours % 24, "h"),
        () => months(days),
    }
}

/// Formats a duration without rounding: `1 h 5 min`, `13 min 20 s`, `2 d 4 h`.
pub fn exact_duration(seconds: i64) -> String {
    let seconds = seconds.max(0);
    let units = [(seconds / 86_400, "d"), (seconds / 3600 % 24, "h"), (seconds / 60 % 60, "min"), (seconds % 60, "s")];
    let parts: Vec<String> =
        units.iter().filter(|(number, _)| *number > 0).map(|(number, unit)| format!("{number} {unit}")).collect();
    if parts.is_empty() { "0 min".into() } else { parts.join(" ") }
}

/// Formats a duration in one unit, rounded down: `19 min`, `3 h`, `2 d`.
pub fn short_duration(seconds: i64) -> String {
    let whole = duration(seconds);
    // The first unit with its number.
    whole.split(' ').take(2).collect::<Vec<_>>().join(" ")
}

fn two(large: i64, large_unit: &str, small: i64, small_unit: &str) -> String {
    if small == 0 { format!("{large} {large_unit}") } else { format!("{large} {large_unit} {small} {small_unit}") }
}

fn months(days: i64) -> String {
    if days < 730 { format!("{} mo", days / 30) } else { format!("{} y", days / 365) }
}

/// Formats a duration in one unit, spelt out: `45 seconds`, `1 hour`, `2 years`.
pub fn duration_in_words(seconds: i64) -> String {
    let seconds = seconds.max(0);
    let (number, unit) = match seconds {
        0..60 => (seconds, "second"),
        60..3_600 => (seconds / 60, "minute"),
        3_600..86_400 => (seconds / 3_600, "hour"),
        86_400..5_184_000 => (seconds / 86_400, "day"),
        5_184_000..63_072_000 => (seconds / 2_592_000, "month"),
        _ => (seconds / 31_536_000, "year"),
    };
    format!("{number} {unit}{}", if number == 1 { "" } else { "s" })
}

/// Formats a time relative to now in one unit: `12 min ago`, `in 5 min`, `just now`.
pub fn relative(moment: Timestamp, now: Timestamp) -> String {
    let seconds = now.unix() - moment.unix();
    let length = seconds.abs();
    let words = match length {
        0..=44 => return "just now".into(),
        45..=3_569 => format!("{} min", (length + 30) / 60),
        3_570..=86_399 => format!("{} h", (length + 1_800) / 3_600),
        86_400..=5_183_999 => format!("{} d", length / 86_400),
        _ => months(length / 86_400),
    };
    if seconds > 0 { format!("{words} ago") } else { format!("in {words}") }
}

/// Formats a date relative to today: `today`, `tomorrow`, `yesterday`, `5 Dec`, and `5 Dec 2027` in another year.
pub fn day(date: Date, today: Date) -> String {
    let ((year, _, day), month) = (date.civil(), date.month_name());
    match date.days_since(today) {
        0 => "today".into(),
        1 => "tomorrow".into(),
        -1 => "yesterday".into(),
        _ if year == today.civil().0 => format!("{day} {month}"),
        _ => format!("{day} {month} {year}"),
    }
}

/// Formats a count with its noun: `1 line`, `3 lines`.
pub fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// Formats the length of a recording as players do: `27:04`, `1:02:30`.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub fn playing_time(seconds: f64) -> String {
    let seconds = seconds.round() as u64;
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

/// Formats a size in bytes: `640 B`, `12 kB`, `3.4 MB`.
pub fn bytes(size: u64) -> String {
    const UNITS: [&str; 3] = ["kB", "MB", "GB"];
    let (mut whole, mut tenths, mut unit) = (size, 0, "B");
    for next in UNITS {
        if whole < 1_000 {
            break;
        }
        (tenths, whole, unit) = (whole % 1_000 / 100, whole / 1_000, next);
    }
    if whole < 10 && tenths > 0 { format!("{whole}.{tenths} {unit}") } else { format!("{whole} {unit}") }
}

/// Returns the short name of a session: `ep 42`, or the id without a number.
pub fn session_label(summary: &Summary) -> String {
    summary.number.map_or_else(|| summary.id.clone(), |number| format!("ep {number}"))
}

/// Returns the name of a session with its topic: `ep 42 · Why octopuses dream`.
pub fn session_title(summary: &Summary) -> String {
    match &summary.topic {
        Some(topic) => format!("{} \u{b7} {topic}", session_label(summary)),
        None => session_label(summary),
    }
}

/// Isolates a text of a file within a sentence, so that right-to-left text does not reorder its surroundings.
pub fn isolated(text: &str) -> String {
    format!("\u{2068}{text}\u{2069}")
}

/// Returns the name of a session's state, in capitals: the colour and the filter go by it.
pub fn state_name(summary: &Summary) -> &'static str {
    match &summary.state {
        ListState::Known(state) => state.name(),
        ListState::Other => OTHER,
        ListState::Unreadable(_) => UNREADABLE,
    }
}

/// Returns the label of a session's state, in capitals: another pipeline's own.
pub fn state_label(summary: &Summary) -> Cow<'_, str> {
    match &summary.state_label {
        Some(label) => label.to_uppercase().into(),
        None => state_name(summary).into(),
    }
}

/// Capitalises a name and replaces its underscores by spaces.
pub fn title_case(word: &str) -> String {
    let mut letters = word.chars();
    match letters.next() {
        Some(first) => {
            first.to_uppercase().chain(letters.map(|letter| if letter == '_' { ' ' } else { letter })).collect()
        }
        None => String::new(),
    }
}

/// Makes text from a file safe to show on one line: control characters become spaces, and bidirectional controls,
/// which can disguise a text, become U+FFFD.
pub fn one_line(text: &str) -> String {
    let turns =
        |letter: char| matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars()
        .map(|letter| match letter {
            letter if letter.is_control() => ' ',
            letter if turns(letter) => char::REPLACEMENT_CHARACTER,
            letter => letter,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_at_most_two_units() {
        for (seconds, expected) in [
            (0, "0 s"),
            (45, "45 s"),
            (1_680, "28 min"),
            (5_700, "1 h 35 min"),
            (7_200, "2 h"),
            (273_600, "3 d 4 h"),
            (-5, "0 s"),
            (86_400 * 100, "3 mo"),
            (86_400 * 800, "2 y"),
        ] {
            assert_eq!(duration(seconds), expected);
        }
    }

    #[test]
    fn short_durations_have_one_unit() {
        let expected = [(45, "45 s"), (1_140, "19 min"), (13_000, "3 h"), (273_600, "3 d"), (86_400 * 100, "3 mo")];
        for (seconds, words) in expected {
            assert_eq!(short_duration(seconds), words);
        }
    }

    #[test]
    fn durations_are_spelt_out_in_one_unit() {
        for (seconds, expected) in [
            (1, "1 second"),
            (150, "2 minutes"),
            (7_199, "1 hour"),
            (86_400 * 3, "3 days"),
            (86_400 * 100, "3 months"),
            (86_400 * 800, "2 years"),
        ] {
            assert_eq!(duration_in_words(seconds), expected);
        }
    }

    #[test]
    fn relative_times_have_a_direction() {
        let now = Timestamp::from_unix(1_000_000_000);
        for (seconds, expected) in [
            (10, "just now"),
            (-10, "just now"),
            (60, "1 min ago"),
            (720, "12 min ago"),
            (3_590, "1 h ago"),
            (-300, "in 5 min"),
            (86_400 * 3, "3 d ago"),
            (86_400 * 400, "13 mo ago"),
        ] {
            let moment = Timestamp::from_unix(now.unix() - seconds);
            assert_eq!(relative(moment, now), expected);
        }
    }

    #[test]
    fn dates_are_relative_to_today() {
        let date = |text| Date::parse(text).unwrap();
        let check = |text, expected: &str| assert_eq!(day(date(text), date("2026-12-30")), expected);
        check("2026-12-30", "today");
        check("2026-12-31", "tomorrow");
        check("2026-12-29", "yesterday");
        check("2026-12-05", "5 Dec");
        check("2027-01-01", "1 Jan 2027");
    }

    #[test]
    fn a_minus_precedes_the_dollar_sign() {
        let check = |amount: &str, expected: &str| assert_eq!(money(Money::parse(amount)), expected);
        check("4.5", "$4.50");
        check("-5", "-$5.00");
        check("-0.001", "-$0.001");
        for (amount, expected) in [(3.0, "$3.00"), (-5.0, "-$5.00"), (-0.001, "$0.00"), (0.0, "$0.00")] {
            assert_eq!(dollars(amount), expected);
        }
    }

    #[test]
    fn unknown_is_never_zero() {
        assert_eq!(money(None), UNKNOWN);
        assert_eq!(score(None), UNKNOWN);
        assert_eq!(money(Money::parse("-5")), "-$5.00");
        assert_eq!([dollars(-5.0), dollars(-0.001), dollars(2.5)], ["-$5.00", "$0.00", "$2.50"]);
        assert_eq!(score(Some(0.9)), "0.90");
        assert_eq!(title_case("script_writer"), "Script writer");
    }

    #[test]
    fn recordings_have_the_length_that_players_show() {
        let lengths = [(0.4, "0:00"), (65.0, "1:05"), (1_623.6, "27:04"), (3_750.0, "1:02:30")];
        for (seconds, words) in lengths {
            assert_eq!(playing_time(seconds), words);
        }
    }

    #[test]
    fn sizes_have_a_unit() {
        let sizes =
            [(0, "0 B"), (999, "999 B"), (1_000, "1 kB"), (1_640, "1.6 kB"), (12_900, "12 kB"), (4 << 20, "4.1 MB")];
        for (size, words) in sizes {
            assert_eq!(bytes(size), words);
        }
        assert_eq!(bytes(u64::MAX), "18446744073 GB");
    }
}
