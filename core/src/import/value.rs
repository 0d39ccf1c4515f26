//! Values as foreign files spell them: amounts, times, counts, percentages.

use super::shape::Unit;
use crate::decimal::Decimal;
use crate::quality::{score_scale, shifted_score};
use crate::{Money, Timestamp};

/// The Unix times in seconds that are taken for one: from 2001 to 2100.
const UNIX_SECONDS: std::ops::Range<f64> = 1e9..4_102_444_800.0;

/// An amount: a number, or a text such as `$0.45`, `8.00`, `1,250.00 USD` or `US$ 3`.
pub(super) fn money(text: &str, unit: Unit) -> Option<Money> {
    let mut amount = text.trim();
    let negative = amount.strip_prefix('-').map(str::trim_start);
    amount = negative.unwrap_or(amount);
    amount = amount.strip_prefix("US$").or_else(|| amount.strip_prefix('$')).unwrap_or(amount);
    for word in ["USD", "usd"] {
        amount = amount.strip_suffix(word).or_else(|| amount.strip_prefix(word)).unwrap_or(amount);
    }
    let amount = amount.trim();
    let plain;
    let amount = if amount.contains(',') {
        plain = thousands(amount)?;
        &plain
    } else {
        amount
    };
    let whole = if amount.starts_with('.') { format!("0{amount}") } else { amount.to_owned() };
    let power = match unit {
        Unit::Cents => 2,
        _ => 0,
    };
    let micros = Decimal::parse(&whole)?.shifted_right(power).millionths()?;
    Some(Money::from_micros(if negative.is_some() { micros.checked_neg()? } else { micros }))
}

/// A number with its thousands set off by commas, without them; none where they stand elsewhere.
fn thousands(text: &str) -> Option<String> {
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(whole, fraction)| (whole, Some(fraction)));
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let formed = (1..=3).contains(&first.len())
        && groups.all(|group| group.len() == 3)
        && whole.bytes().all(|byte| byte == b',' || byte.is_ascii_digit());
    let whole = whole.replace(',', "");
    formed.then(|| fraction.map_or(whole.clone(), |fraction| format!("{whole}.{fraction}")))
}

/// An instant, and the reason why it is not certain.
pub(super) fn time(text: &str, is_number: bool) -> Option<(Timestamp, Option<String>)> {
    if !is_number {
        let found = Timestamp::find(text.trim())?;
        let assumed = match (found.assumed_utc, found.malformed) {
            (true, _) => Some("No time zone: read as UTC.".to_owned()),
            (false, true) => Some("Misspelled, but unambiguous.".to_owned()),
            (false, false) => None,
        };
        return Some((found.at, assumed));
    }
    let value = decimal(text)?;
    let (seconds, unit) = if UNIX_SECONDS.contains(&value) {
        (value, "seconds")
    } else if UNIX_SECONDS.contains(&(value / 1000.0)) {
        (value / 1000.0, "milliseconds")
    } else {
        return None;
    };
    Some((Timestamp::from_unix(seconds as i64), Some(format!("A number: read as Unix {unit}."))))
}

/// A whole number of at least 0, also as the text of one.
pub(super) fn count(text: &str) -> Option<u64> {
    let text = text.trim();
    if let Ok(count) = text.parse::<u64>() {
        return (count <= 1 << 53).then_some(count);
    }
    let value = decimal(text)?;
    ((0.0..=(1u64 << 53) as f64).contains(&value) && value.fract() == 0.0).then_some(value as u64)
}

/// A number as JSON spells it, also as the text of one.
pub(super) fn decimal(text: &str) -> Option<f64> {
    let text = text.trim();
    // The standard library reads more, such as "inf" and "1.".
    Decimal::parse(text)?;
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

/// A percentage, 0 to 100: a number or a text such as `71.4%`.
pub(super) fn percent(text: &str, unit: Unit) -> Option<f64> {
    let value = decimal(text.trim().trim_end_matches('%'))?;
    let value = if unit == Unit::Fraction && !text.contains('%') { value * 100.0 } else { value };
    (0.0..=100.0).contains(&value).then_some(value)
}

/// A duration in seconds.
pub(super) fn seconds(text: &str, unit: Unit) -> Option<f64> {
    let factor = match unit {
        Unit::Minutes => 60.0,
        Unit::Milliseconds => 0.001,
        _ => 1.0,
    };
    decimal(text).filter(|value| *value >= 0.0).map(|value| value * factor)
}

/// The scale of a score, stated or beyond doubt, and its value from 0 to 1. `largest` is the largest score beside it.
pub(super) fn normalised(raw: &str, value: f64, stated: Option<u8>, largest: f64) -> Option<(u8, f64)> {
    let scale = stated.or_else(|| score_scale(value, largest))?;
    if !(0.0..=f64::from(scale)).contains(&value) {
        return None;
    }
    let normalised = if scale == 1 { value } else { shifted_score(raw.trim(), scale)? };
    Some((scale, normalised))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_they_are_spelt() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(money(text, Unit::Plain).map(|money| money.to_string()).as_deref(), expected, "{text}");
        };
        check("$0.45", Some("0.45"));
        check("8.00", Some("8.00"));
        check("US$ 3", Some("3.00"));
        check("1,250.50 USD", Some("1250.50"));
        check("-$5.00", Some("-5.00"));
        check(".5", Some("0.50"));
        check("12,34", None);
        check("1,2345", None);
        check("about $4", None);
        check("$1.00-$2.00", None);
        check("€3", None);
        check("", None);
        assert_eq!(money("45", Unit::Cents), Money::parse("0.45"));
    }

    #[test]
    fn unix_times_are_read_where_their_size_leaves_no_doubt() {
        let check = |text: &str, expected: Option<&str>| {
            let found = time(text, true);
            assert!(found.as_ref().is_none_or(|(_, assumed)| assumed.is_some()));
            assert_eq!(found.map(|(at, _)| at.to_string()).as_deref(), expected, "{text}");
        };
        check("1724383500", Some("2024-08-23T03:25:00Z"));
        check("1724383500.75", Some("2024-08-23T03:25:00Z"));
        check("1724383500123", Some("2024-08-23T03:25:00Z"));
        check("20250823", None);
        check("0", None);
        check("-1724383500", None);
        check("1724383500123456", None);
    }

    #[test]
    fn counts_and_percentages_are_numbers_or_their_texts() {
        assert_eq!(
            [count("7"), count(" 7 "), count("7.0"), count("-1"), count("7.5"), count("seven")],
            [Some(7), Some(7), Some(7), None, None, None]
        );
        assert_eq!(percent("71.4%", Unit::Plain), Some(71.4));
        assert_eq!(percent("0.5", Unit::Fraction), Some(50.0));
        assert_eq!([percent("150", Unit::Plain), percent("NaN", Unit::Plain), percent("inf", Unit::Plain)], [None; 3]);
    }

    #[test]
    fn a_score_is_normalised_where_its_scale_leaves_no_doubt() {
        let check = |raw: &str, stated: Option<u8>, largest: f64, expected: Option<(u8, f64)>| {
            assert_eq!(normalised(raw, decimal(raw).unwrap_or_default(), stated, largest), expected, "{raw}");
        };
        check("0.92", None, 9.3, Some((1, 0.92)));
        check("9.3", None, 9.3, Some((10, 0.93)));
        check("90.8", None, 94.2, Some((100, 0.908)));
        check("9.3", None, 92.0, None);
        check("1.5", None, 1.5, None);
        check("15", None, 15.0, None);
        check("15", Some(100), 15.0, Some((100, 0.15)));
        check("1", Some(10), 9.0, Some((10, 0.1)));
        check("11", Some(10), 11.0, None);
        check("-1", None, 9.0, None);
    }
}
