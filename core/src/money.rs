//! Money and the decimals it is read from: exact, never through binary floating point.

use crate::number::exponent;
use std::fmt;

/// An amount of US dollars in whole millionths.
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
    /// Nothing.
    ///
    /// ```
    /// assert_eq!(callboard_core::Money::ZERO.to_string(), "0.00");
    /// ```
    pub const ZERO: Money = Money(0);

    /// An amount in millionths of a dollar.
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

    /// The amount in dollars, for arithmetic that need not be exact (a chart, a ratio).
    ///
    /// See the example at [`Money::from_micros`].
    pub fn dollars(self) -> f64 {
        self.0 as f64 / 1e6
    }

    /// Reads a decimal number as JSON spells it, rounded half-even to a millionth.
    ///
    /// None for anything else, and for an amount beyond nine million million dollars.
    ///
    /// See the example at [`Money`].
    pub fn parse(text: &str) -> Option<Money> {
        plain_micros(text).or_else(|| Decimal::parse(text)?.micros()).map(Money)
    }

    /// The sum; at the bounds of the type it stays there.
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
    /// Appends the amount as it is displayed.
    pub(crate) fn push_to(self, out: &mut String) {
        self.spelt(|text| out.push_str(text));
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
    /// Two to six decimals, without a currency sign.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.spelt(|text| f.write_str(text))
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

/// An amount as it is nearly always spelt, a few digits and a point, in millionths; none for any other.
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

/// A decimal number of at most 38 significant digits, without trailing zeros: equal ones compare equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Decimal {
    negative: bool,
    coefficient: u128,
    exponent: i32,
}

impl Decimal {
    /// Reads a number as JSON spells it. None where it is not one, or has more digits than are kept.
    pub(crate) fn parse(text: &str) -> Option<Decimal> {
        let (negative, rest) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (mantissa, exponent) = match rest.find(['e', 'E']) {
            Some(at) => (&rest[..at], exponent(&rest[at + 1..])?),
            None => (rest, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        if whole.is_empty() || mantissa.ends_with('.') {
            return None;
        }
        let mut coefficient: u128 = 0;
        // Zeros are held back until a digit follows them: trailing ones take no room.
        let mut zeros = 0;
        let mut seen: i32 = 0;
        for byte in whole.bytes().chain(fraction.bytes()) {
            if !byte.is_ascii_digit() {
                return None;
            }
            seen = seen.checked_add(1)?;
            if byte == b'0' {
                zeros += 1;
                continue;
            }
            if coefficient != 0 {
                coefficient = coefficient.checked_mul(10u128.checked_pow(zeros)?)?;
            }
            coefficient = coefficient.checked_mul(10)?.checked_add(u128::from(byte - b'0'))?;
            zeros = 0;
        }
        if coefficient == 0 {
            return Some(Decimal { negative: false, coefficient: 0, exponent: 0 });
        }
        let fraction = i32::try_from(fraction.len()).ok()?;
        let exponent = exponent.checked_sub(fraction)?.checked_add(i32::try_from(zeros).ok()?)?;
        Some(Decimal { negative, coefficient, exponent })
    }

    /// The number in millionths, rounded half-even.
    fn micros(self) -> Option<i64> {
        let shift = self.exponent.checked_add(6)?;
        let magnitude = if shift >= 0 {
            self.coefficient.checked_mul(10u128.checked_pow(shift.unsigned_abs())?)?
        } else {
            match 10u128.checked_pow(shift.unsigned_abs()) {
                Some(divisor) => {
                    let (quotient, remainder) = (self.coefficient / divisor, self.coefficient % divisor);
                    let half = remainder.cmp(&(divisor - remainder));
                    quotient + u128::from(half.is_gt() || half.is_eq() && quotient % 2 == 1)
                }
                None => 0,
            }
        };
        let micros = i64::try_from(magnitude).ok()?;
        Some(if self.negative { -micros } else { micros })
    }
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
        check("", None);
        check("1.", None);
        check(".5", None);
        check("$1", None);
        check("1e", None);
    }

    #[test]
    fn decimals_of_one_value_are_equal_however_spelt() {
        for (a, b) in [("1e3", "1000"), ("0.90", "0.9"), ("100", "1e2"), ("-0.0", "0")] {
            assert_eq!(Decimal::parse(a), Decimal::parse(b), "{a} {b}");
        }
        assert_ne!(Decimal::parse("0.9"), Decimal::parse("0.90000000000000002"));
    }
}
