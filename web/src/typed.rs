//! Reads figures as people type them: `20 min`, `$1.20`, `90 %`, `3 500`. A text with two meanings is refused.
use callboard_core::Money;
use jiff::{Span, SpanRelativeTo, Unit};

/// The longest duration, a year.
const LONGEST: i64 = 366 * 86_400;

/// A typed number as digits with a decimal point.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Number {
    /// It has one meaning.
    Plain(String),
    /// Its only separator may group thousands or begin decimals: both readings.
    Ambiguous {
        /// The reading with decimals.
        decimal: String,
        /// The reading without.
        whole: String,
    },
}

/// Reads a number with either separator of decimals, and thousands grouped by spaces, apostrophes or the other one.
fn number(text: &str) -> Option<Number> {
    let is_space = |letter: char| letter.is_whitespace() || matches!(letter, '\'' | '\u{2019}' | '_');
    let (sign, digits) = match text.trim().trim_start_matches('+') {
        rest if rest.starts_with(['-', '\u{2212}']) => ("-", rest.trim_start_matches(['-', '\u{2212}'])),
        rest => ("", rest),
    };
    // Only a decimal separator may come first.
    let decimals_at = digits.rfind(['.', ',']);
    let (whole, decimals) = decimals_at.map_or((digits, None), |at| (&digits[..at], Some(&digits[at + 1..])));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let grouped = |text: &str, is_separator: &dyn Fn(char) -> bool| {
        let groups: Vec<&str> = text.split(is_separator).collect();
        let (first, rest) = groups.split_first()?;
        let is_grouped = is_number(first)
            && (rest.is_empty() || first.len() <= 3)
            && rest.iter().all(|group| group.len() == 3 && is_number(group));
        is_grouped.then(|| groups.concat())
    };
    let plain = |number: String| Some(Number::Plain(format!("{sign}{number}")));
    let Some(decimals) = decimals else { return plain(grouped(digits, &is_space)?) };
    let separator = if digits[whole.len()..].starts_with('.') { '.' } else { ',' };
    if whole.contains(separator) {
        // The same separator twice groups thousands.
        return plain(grouped(digits, &|letter| letter == separator)?);
    }
    let other = if separator == '.' { ',' } else { '.' };
    let has_groups = whole.contains(other) || whole.contains(is_space);
    let units = match whole {
        "" => "0".to_owned(),
        whole if whole.contains(other) => grouped(whole, &|letter| letter == other)?,
        whole => grouped(whole, &is_space)?,
    };
    if !is_number(decimals) {
        return None;
    }
    let decimal = format!("{sign}{units}.{decimals}");
    // A decimal point is that of every file; a comma before three digits may be either.
    let may_group = separator == ',' && decimals.len() == 3 && units.len() <= 3 && units != "0" && !has_groups;
    if may_group {
        return Some(Number::Ambiguous { decimal, whole: format!("{sign}{units}{decimals}") });
    }
    Some(Number::Plain(decimal))
}

/// Reads a duration in seconds: `20 min`, `1h 5m`, `1:05`, or a number of minutes.
///
/// # Errors
/// The sentence that says what to enter.
pub fn duration(text: &str) -> Result<i64, String> {
    const ASK: &str = "Enter a duration, such as 20 min.";
    let text = text.trim().trim_end_matches('.').to_lowercase().replace(char::is_whitespace, " ");
    let whole = |part: &str| part.parse::<i64>().ok().filter(|_| part.bytes().all(|byte| byte.is_ascii_digit()));
    let seconds = if let Some(parsed) = number(&text) {
        let Number::Plain(minutes) = parsed else { return Err(ASK.into()) };
        minutes.parse::<f64>().map_err(|_| ASK)? * 60.0
    } else if text.contains(':') {
        let parts: Option<Vec<i64>> = text.split(':').map(|part| whole(part.trim())).collect();
        match parts.as_deref() {
            Some([hours, minutes]) if *minutes < 60 => {
                as_float(hours.saturating_mul(3600).saturating_add(minutes * 60))
            }
            Some([hours, minutes, seconds]) if *minutes < 60 && *seconds < 60 => {
                as_float(hours.saturating_mul(3600).saturating_add(minutes * 60 + seconds))
            }
            _ => return Err("Enter hours and minutes, such as 1:05.".into()),
        }
    } else {
        let span: Span = text.parse().map_err(|_| ASK)?;
        if span.get_years() != 0 || span.get_months() != 0 {
            // They have no fixed length; `m` is a minute.
            return Err(ASK.into());
        }
        span.total((Unit::Second, SpanRelativeTo::days_are_24_hours())).map_err(|_| ASK)?
    };
    match seconds.round() {
        seconds if seconds < 0.0 => Err("Enter a duration of 0 or more, such as 20 min.".into()),
        seconds if seconds > as_float(LONGEST) => Err("Enter a duration of at most a year.".into()),
        #[allow(clippy::cast_possible_truncation)]
        seconds => Ok(seconds as i64),
    }
}

#[allow(clippy::cast_precision_loss)]
fn as_float(number: i64) -> f64 {
    number as f64
}

/// Reads an amount in US dollars: `1.20`, `$1.20`, `1,20 USD`, `80 cents`.
///
/// # Errors
/// The sentence that says what to enter.
pub fn money(text: &str) -> Result<Money, String> {
    const ASK: &str = "Enter an amount, such as 4.50.";
    let lower = text.trim().to_lowercase();
    if lower.contains(['\u{20ac}', '\u{a3}', '\u{a5}'])
        || ["eur", "gbp", "jpy", "chf"].iter().any(|it| lower.contains(it))
    {
        return Err("Enter the amount in US dollars, such as 4.50.".into());
    }
    let (sign, amount) = match lower.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => ("-", rest.trim_start()),
        None => ("", lower.as_str()),
    };
    let first = ["us$", "usd", "$"].iter().find_map(|mark| amount.strip_prefix(mark));
    let amount = first.unwrap_or(amount).trim();
    let cents = ["cents", "cent", "ct", "c", "\u{a2}"].iter().find_map(|mark| amount.strip_suffix(mark));
    let dollars =
        ["us dollars", "dollars", "dollar", "us$", "usd", "$"].iter().find_map(|mark| amount.strip_suffix(mark));
    let digits = cents.filter(|_| first.is_none()).or(dollars).unwrap_or(amount).trim();
    let amount = match number(digits).ok_or(ASK)? {
        Number::Plain(plain) => Money::parse(&format!("{sign}{plain}")).ok_or(ASK)?,
        Number::Ambiguous { decimal, whole } => {
            let read = |text: &str| Money::parse(text).map(|money| money.to_string()).unwrap_or_default();
            let (decimal, whole) = (read(&decimal), read(&whole));
            return Err(format!("Enter {decimal} or {whole}: \u{201c}{}\u{201d} can be either.", text.trim()));
        }
    };
    if amount < Money::ZERO {
        return Err("Enter an amount of 0 or more, such as 4.50.".into());
    }
    Ok(if cents.is_some() && first.is_none() { Money::from_micros(amount.micros() / 100) } else { amount })
}

/// Reads a score from 0 to 1: `0.9`, `0,9`, `90 %`, `9/10`.
///
/// # Errors
/// The sentence that says what to enter.
pub fn score(text: &str) -> Result<f64, String> {
    const ASK: &str = "Enter a score from 0 to 1, such as 0.9.";
    let text = text.trim();
    let read = |text: &str| match number(text) {
        Some(Number::Plain(plain) | Number::Ambiguous { decimal: plain, .. }) => plain.parse::<f64>().map_err(|_| ASK),
        None => Err(ASK),
    };
    let of = text.split_once('/').or_else(|| text.split_once(" of "));
    let score = match (text.strip_suffix('%'), of) {
        (Some(percent), _) => read(percent.trim())? / 100.0,
        (None, Some((score, of))) => read(score)? / read(of).ok().filter(|of| *of > 0.0).ok_or(ASK)?,
        (None, None) => match read(text)? {
            score if score > 1.0 && score <= 100.0 => {
                return Err(format!("{ASK} For a percentage, add the sign: {text} %."));
            }
            score => score,
        },
    };
    if !(0.0..=1.0).contains(&score) {
        return Err(ASK.into());
    }
    // A division leaves binary rounding errors.
    Ok((score * 1e6).round() / 1e6)
}

/// Reads a whole number: `3500`, `3 500`, `3,500`.
///
/// # Errors
/// The sentence that says what to enter.
pub fn count(text: &str) -> Result<u64, String> {
    const ASK: &str = "Enter a whole number, such as 3500.";
    let text = text.trim();
    match number(text).ok_or(ASK)? {
        Number::Plain(plain) | Number::Ambiguous { whole: plain, .. } => {
            plain.parse().map_err(|_| match plain.split_once('.') {
                // Elsewhere the point groups thousands.
                Some((units, decimals)) if decimals.len() == 3 && units != "0" => {
                    format!("Enter {units}{decimals} without the point: \u{201c}{text}\u{201d} can also be a decimal.")
                }
                _ => ASK.into(),
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_they_are_typed() {
        let table: [(&str, i64); 35] = [
            ("20 min", 1200),
            ("20min", 1200),
            ("20m", 1200),
            ("20 Min.", 1200),
            ("20 minutes", 1200),
            ("1h 5m", 3900),
            ("1h5m", 3900),
            ("1 h 5 min", 3900),
            ("1 hr 5 mins", 3900),
            ("1 hour, 5 minutes", 3900),
            ("2 Hours", 7200),
            ("1.5h", 5400),
            ("1,5 h", 5400),
            ("1.5 hours", 5400),
            ("45s", 45),
            ("45 sec", 45),
            ("90 seconds", 90),
            ("13 min 20 s", 800),
            ("1h 70m", 7800),
            ("90", 5400),
            ("1.5", 90),
            ("1,5", 90),
            ("0", 0),
            ("0 min", 0),
            ("1:05", 3900),
            ("0:20", 1200),
            ("12:00", 43_200),
            ("1:05:30", 3930),
            ("2d", 172_800),
            ("1 d 4 h", 100_800),
            ("1 week", 604_800),
            ("  20   min ", 1200),
            ("1\u{a0}h", 3600),
            ("20M", 1200),
            ("1 200", 72_000),
        ];
        for (text, seconds) in table {
            assert_eq!(duration(text), Ok(seconds), "{text}");
        }
    }

    #[test]
    fn texts_that_are_no_duration_are_refused() {
        for text in [
            "", "soon", "min", "1:75", "1:2:75", "1:", ":5", "a:b", "20 x", "1,200", "5 months", "1 year", "1h30",
            "1-2 h", "NaN", "inf", "1e3 h",
        ] {
            assert!(duration(text).is_err(), "{text}: {:?}", duration(text));
        }
        assert_eq!(duration("soon"), Err("Enter a duration, such as 20 min.".into()));
        assert_eq!(duration("-5 min"), Err("Enter a duration of 0 or more, such as 20 min.".into()));
        assert_eq!(duration("-5"), duration("-5 min"));
        assert_eq!(duration("9999 d"), Err("Enter a duration of at most a year.".into()));
        assert!(duration(&"9".repeat(400)).is_err() && duration(&format!("{}:00", i64::MAX)).is_err());
    }

    #[test]
    fn amounts_are_read_as_they_are_typed() {
        let table = [
            ("1.2", "1.20"),
            ("1.20", "1.20"),
            ("$1.20", "1.20"),
            ("$ 1.20", "1.20"),
            ("1.20$", "1.20"),
            ("1.2 USD", "1.20"),
            ("USD 1.2", "1.20"),
            ("US$1.2", "1.20"),
            ("1.2 dollars", "1.20"),
            ("1,20", "1.20"),
            ("1,2", "1.20"),
            ("0,125", "0.125"),
            ("0.125", "0.125"),
            ("1.125", "1.125"),
            (".5", "0.50"),
            (",5", "0.50"),
            ("1,200.50", "1200.50"),
            ("1.200,50", "1200.50"),
            ("1 200.50", "1200.50"),
            ("1'200", "1200.00"),
            ("1,200,000", "1200000.00"),
            ("80 cents", "0.80"),
            ("80\u{a2}", "0.80"),
            ("5 c", "0.05"),
            ("0", "0.00"),
            ("12", "12.00"),
        ];
        for (text, amount) in table {
            assert_eq!(money(text).map(|money| money.to_string()), Ok(amount.to_owned()), "{text}");
        }
    }

    #[test]
    fn texts_that_are_no_amount_are_refused() {
        for text in ["", "$", "much", "1.2.3", "1,2,3", "1 2", "12,34,567", "1.2e3x", "--1", "1 200 50", "1..2", "1."] {
            assert_eq!(money(text), Err("Enter an amount, such as 4.50.".into()), "{text}");
        }
        assert_eq!(money("1,200"), Err("Enter 1.20 or 1200.00: \u{201c}1,200\u{201d} can be either.".into()));
        for text in ["-1", "-$1.20", "\u{2212}1", "$-1"] {
            assert_eq!(money(text), Err("Enter an amount of 0 or more, such as 4.50.".into()), "{text}");
        }
        for text in ["1.20 \u{20ac}", "EUR 1.20", "\u{a3}1"] {
            assert_eq!(money(text), Err("Enter the amount in US dollars, such as 4.50.".into()), "{text}");
        }
    }

    #[test]
    fn scores_are_read_as_they_are_typed() {
        let table = [
            ("0.9", 0.9),
            (".9", 0.9),
            ("0,9", 0.9),
            ("1", 1.0),
            ("0", 0.0),
            ("1.0", 1.0),
            ("90 %", 0.9),
            ("90%", 0.9),
            ("82.5 %", 0.825),
            ("82,3 %", 0.823),
            ("0 %", 0.0),
            ("100%", 1.0),
            ("9/10", 0.9),
            ("4 of 5", 0.8),
            ("85 / 100", 0.85),
            ("0.123", 0.123),
            ("0,123", 0.123),
        ];
        for (text, expected) in table {
            assert_eq!(score(text), Ok(expected), "{text}");
        }
        for text in ["", "good", "-0.1", "101 %", "-5%", "11/10", "1/0", "/", "%", "0.9.1", "1000"] {
            assert_eq!(score(text), Err("Enter a score from 0 to 1, such as 0.9.".into()), "{text}");
        }
        let percent = "Enter a score from 0 to 1, such as 0.9. For a percentage, add the sign: 90 %.";
        assert_eq!(score("90"), Err(percent.into()));
    }

    #[test]
    fn counts_are_read_as_they_are_typed() {
        let table = [
            ("3500", 3500),
            ("3 500", 3500),
            ("3,500", 3500),
            ("3'500", 3500),
            ("3_500", 3500),
            ("3\u{202f}500", 3500),
            ("1,234,567", 1_234_567),
            ("1.234.567", 1_234_567),
            ("0", 0),
            ("12 345", 12_345),
        ];
        for (text, expected) in table {
            assert_eq!(count(text), Ok(expected), "{text}");
        }
        for text in ["", "many", "-1", "3.5", "35 00", "3,50", "1,2345", "3500 words", "99999999999999999999"] {
            assert_eq!(count(text), Err("Enter a whole number, such as 3500.".into()), "{text}");
        }
        assert!(count("3.500").is_err_and(|why| why.starts_with("Enter 3500 without the point")));
    }

    // The browser's tests have no proptest.
    #[cfg(not(target_arch = "wasm32"))]
    mod properties {
        use super::*;
        use proptest::prelude::*;

        proptest! {
            #[test]
            fn any_text_is_read_or_refused(text in "\\PC{0,12}") {
                let _ = (duration(&text), money(&text), score(&text), count(&text));
            }

            #[test]
            fn a_shown_duration_is_read_as_itself(seconds in 0_i64..LONGEST) {
                prop_assert_eq!(duration(&crate::format::exact_duration(seconds)), Ok(seconds));
            }

            #[test]
            fn a_shown_amount_is_read_as_itself(micros in 0_i64..10_000_000_000) {
                let amount = Money::from_micros(micros);
                prop_assert_eq!(money(&crate::format::money(Some(amount))), Ok(amount));
            }
        }
    }
}
