//! Money: exact amounts in US dollars, never through binary floating point.

use crate::decimal::Decimal;
use crate::document::NewValue;
use std::fmt;

/// Amount in US dollars, in whole millionths.
///
/// ```
/// use callboard_core::Money;
/// assert_eq!(Money::parse("3.7600000000000002").unwrap().to_string(), "3.76");
/// assert_eq!(Money::parse("0.001").unwrap().to_string(), "0.001");
/// assert_eq!(Money::parse("1e3").unwrap().to_string(), "1000.00");
/// assert_eq!(Money::parse("1.2 dollars"), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Money(i64);

impl Money {
    /// Zero dollars.
    ///
    /// ```
    /// assert_eq!(callboard_core::Money::ZERO.to_string(), "0.00");
    /// ```
    pub const ZERO: Money = Money(0);

    /// Creates an amount from millionths of a dollar.
    ///
    /// ```
    /// use callboard_core::Money;
    /// let cost = Money::from_micros(1_250_000);
    /// assert_eq!((cost.to_string().as_str(), cost.micros(), cost.dollars()), ("1.25", 1_250_000, 1.25));
    /// ```
    pub const fn from_micros(micros: i64) -> Money {
        Money(micros)
    }

    /// The amount in millionths of a dollar.
    ///
    /// See the example at [`Money::from_micros`].
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// The amount in dollars, for arithmetic that need not be exact, such as charts.
    ///
    /// See the example at [`Money::from_micros`].
    pub fn dollars(self) -> f64 {
        self.0 as f64 / 1e6
    }

    /// Parses a JSON number, rounded half-even to a millionth.
    ///
    /// Other texts, and amounts beyond nine million million dollars, give none.
    ///
    /// See the example at [`Money`].
    pub fn parse(text: &str) -> Option<Money> {
        plain_micros(text).or_else(|| Decimal::parse(text)?.millionths()).map(Money)
    }

    /// Adds an amount, saturating at the bounds of the type.
    ///
    /// ```
    /// use callboard_core::Money;
    /// let cent = Money::from_micros(10_000);
    /// assert_eq!(cent.saturating_add(cent).to_string(), "0.02");
    /// assert_eq!(cent.saturating_add(Money::from_micros(i64::MAX)).micros(), i64::MAX);
    /// ```
    #[must_use]
    pub const fn saturating_add(self, other: Money) -> Money {
        Money(self.0.saturating_add(other.0))
    }
}

impl Money {
    /// Formats the amount with a dollar sign after any minus: `-$5.00`.
    ///
    /// ```
    /// use callboard_core::Money;
    /// assert_eq!(Money::parse("-5").unwrap().usd(), "-$5.00");
    /// assert_eq!(Money::parse("1.2").unwrap().usd(), "$1.20");
    /// ```
    pub fn usd(self) -> String {
        let text = self.to_string();
        match text.strip_prefix('-') {
            Some(amount) => format!("-${amount}"),
            None => format!("${text}"),
        }
    }

    fn spelt<T>(self, take: impl FnOnce(&str) -> T) -> T {
        // The longest is -9223372036854.775808.
        let mut text = [b'0'; 24];
        let mut at = text.len();
        let mut put = |byte: u8| {
            at -= 1;
            text[at] = byte;
        };
        let micros = self.0.unsigned_abs();
        let (mut whole, mut fraction) = (micros / 1_000_000, micros % 1_000_000);
        let mut width = 6;
        while width > 2 && fraction % 10 == 0 {
            fraction /= 10;
            width -= 1;
        }
        for _ in 0..width {
            put(b'0' + (fraction % 10) as u8);
            fraction /= 10;
        }
        put(b'.');
        loop {
            put(b'0' + (whole % 10) as u8);
            whole /= 10;
            if whole == 0 {
                break;
            }
        }
        if self.0 < 0 {
            put(b'-');
        }
        take(std::str::from_utf8(&text[at..]).unwrap_or_default())
    }
}

impl fmt::Display for Money {
    /// Writes two to six decimals, without a currency sign.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.spelt(|text| f.write_str(text))
    }
}

impl From<Money> for NewValue<'_> {
    fn from(amount: Money) -> Self {
        NewValue::Spelt(amount.spelt(str::to_owned))
    }
}

impl std::iter::Sum for Money {
    fn sum<I: Iterator<Item = Money>>(amounts: I) -> Money {
        amounts.fold(Money::ZERO, Money::saturating_add)
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Money {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.dollars())
    }
}

/// Fast path for an amount of a few digits and a point, in millionths; none for other texts.
fn plain_micros(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    if whole.is_empty() || fraction.is_empty() || whole.len() > 9 || fraction.len() > 6 {
        return None;
    }
    let digits = |text: &str| {
        text.bytes().try_fold(0i64, |value, byte| byte.is_ascii_digit().then(|| value * 10 + i64::from(byte - b'0')))
    };
    let scale = 10i64.pow(6 - fraction.len() as u32);
    Some(digits(whole)? * 1_000_000 + digits(fraction)? * scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_read_and_spelt_exactly() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(Money::parse(text).map(|money| money.to_string()).as_deref(), expected, "{text}");
        };
        check("0", Some("0.00"));
        check("-0", Some("0.00"));
        check("1.2", Some("1.20"));
        check("1.200000", Some("1.20"));
        check("12.345678", Some("12.345678"));
        check("0.0000005", Some("0.00"));
        check("0.0000015", Some("0.000002"));
        check("0.00000051", Some("0.000001"));
        check("-1.5", Some("-1.50"));
        check("1e-3", Some("0.001"));
        check("1E+2", Some("100.00"));
        check("1e-400", Some("0.00"));
        check("-9223372036854.775808", None);
        check("9223372036854.775807", Some("9223372036854.775807"));
        check("1e400", None);
        check("1e99999999999", None);
        check("0e99999999999", Some("0.00"));
        check("0.1000000000000000055511151231257827", Some("0.10"));
        check("0.1000000000000000055511151231257827021181583404541015625", Some("0.10"));
        check("1.20000000000000000000000000000000000000000000000000000", Some("1.20"));
        // Half-way between two, and digits that tell that it is not.
        let (zeros, nines) = ("0".repeat(60), "9".repeat(60));
        check(&format!("0.0000025{zeros}"), Some("0.000002"));
        check(&format!("0.0000025{zeros}1"), Some("0.000003"));
        check(&format!("0.0000024{nines}"), Some("0.000002"));
        check(&format!("0.0000035{zeros}"), Some("0.000004"));
        check(&format!("25{zeros}e-67"), Some("0.000002"));
        check(&format!("25{zeros}1e-68"), Some("0.000003"));
        check(&format!("{zeros}1.5{zeros}"), Some("1.50"));
        check(&format!("{nines}e-54"), Some("1000000.00"));
        check("9223372036854.7758074", Some("9223372036854.775807"));
        check("9223372036854.7758075", None);
        check("99999999999999.999999", None);
        check("", None);
        check("1.", None);
        check(".5", None);
        check("$1", None);
        check("1e", None);
    }
}
