//! Money and the decimals it is read from: exact, never through binary floating point.

use crate::number::{LARGEST_EXPONENT, exponent};
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
    /// The amount with its currency sign, the minus before it: `-$5.00`.
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

/// A number as JSON spells it, divided by a power of ten, in whole millionths rounded half-even; none where it is none.
pub(crate) fn shifted_micros(text: &str, power: i64) -> Option<i64> {
    let number = Decimal::parse(text)?;
    Decimal { first: number.first - power, ..number }.micros()
}

/// Whether two numbers as JSON spells them are the same, to the last digit.
pub(crate) fn same_number(a: &str, b: &str) -> bool {
    let number = Decimal::parse(a);
    number.is_some_and(|number| Decimal::parse(b).is_some_and(|other| number.equals(&other)))
}

/// A number for the value of a number as JSON spells it: the same, whatever the spelling.
#[inline(never)]
pub(crate) fn number_hash(text: &str) -> u64 {
    let Some(number) = Decimal::parse(text) else { return 0 };
    // Of the vast ones nobody can say which are the same, but for their spelling.
    let digits = number.plain().filter(|_| !number.vast);
    digits.fold(number.first as u64 ^ u64::from(number.negative), |sum, digit| {
        (sum ^ u64::from(digit)).wrapping_mul(0x100_0000_01B3).rotate_left(5)
    })
}

/// Whether a number as JSON spells it is less than zero, however little: rounded to an amount, it may be zero.
pub(crate) fn is_negative(text: &str) -> bool {
    Decimal::parse(text).is_some_and(|number| number.negative)
}

/// A decimal number of any length, by its significant digits.
struct Decimal<'a> {
    negative: bool,
    /// From the first digit that is not zero to the last one, with the point where it stands among them; empty for
    /// zero.
    digits: &'a [u8],
    /// Which power of ten the first digit stands for.
    first: i64,
    /// Whether the power of ten is too large to be told from others.
    vast: bool,
}

impl Decimal<'_> {
    /// Reads a number as JSON spells it; none where it is not one.
    fn parse(text: &str) -> Option<Decimal<'_>> {
        let (negative, rest) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (mantissa, power) = match rest.find(['e', 'E']) {
            Some(at) => (&rest[..at], exponent(&rest[at + 1..])?),
            None => (rest, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole) || !digits(fraction) {
            return None;
        }
        let mantissa = mantissa.as_bytes();
        let counts = |byte: &u8| matches!(byte, b'1'..=b'9');
        let Some(from) = mantissa.iter().position(counts) else {
            return Some(Decimal { negative: false, digits: &[], first: 0, vast: false });
        };
        let to = mantissa.iter().rposition(counts).map_or(from, |last| last + 1);
        // Behind the point, which takes a place of its own, the first digit after it stands for a tenth.
        let place = whole.len() as i64 - from as i64;
        let first = if place > 0 { place - 1 } else { place } + i64::from(power);
        Some(Decimal { negative, digits: &mantissa[from..to], first, vast: power.abs() >= LARGEST_EXPONENT })
    }

    /// The digits without the point.
    fn plain(&self) -> impl Iterator<Item = u8> {
        self.digits.iter().filter(|byte| **byte != b'.').map(|byte| byte - b'0')
    }

    fn equals(&self, other: &Decimal<'_>) -> bool {
        let alike = (self.negative, self.first) == (other.negative, other.first);
        alike && !(self.vast || other.vast) && self.plain().eq(other.plain())
    }

    /// The number in millionths, rounded half-even, however many digits follow.
    fn micros(&self) -> Option<i64> {
        // How many of the digits are whole millionths.
        let whole = self.first + 7;
        if self.digits.is_empty() || whole < 0 {
            return Some(0);
        }
        // The largest amount has 19.
        if whole > 19 {
            return None;
        }
        let mut digits = self.plain();
        let micros = (0..whole)
            .try_fold(0i64, |micros, _| micros.checked_mul(10)?.checked_add(i64::from(digits.next().unwrap_or(0))))?;
        let up = match digits.next() {
            Some(5) => digits.next().is_some() || micros % 2 == 1,
            Some(digit) => digit > 5,
            None => false,
        };
        let micros = micros.checked_add(i64::from(up))?;
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
        check("0.1000000000000000055511151231257827021181583404541015625", Some("0.10"));
        check("1.20000000000000000000000000000000000000000000000000000", Some("1.20"));
        // Half-way between two, and what tells that it is not.
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

    #[test]
    fn decimals_of_one_value_are_equal_however_spelt() {
        let long = "0.1000000000000000055511151231257827021181583404541015625";
        let check = |a: &str, b: &str, same: bool| {
            assert_eq!((same_number(a, b), same_number(b, a)), (same, same), "{a} {b}");
            assert!(!same || number_hash(a) == number_hash(b), "{a} {b}");
        };
        for (a, b) in [("1e3", "1000"), ("0.90", "0.9"), ("100", "1e2"), ("-0.0", "0"), ("10.5e-2", "0.105")] {
            check(a, b, true);
        }
        check("0e99999999999", "0", true);
        check("0.9", "0.90000000000000002", false);
        check("1", "-1", false);
        check("1", "10", false);
        check("12", "1.2", false);
        check(long, &format!("{long}000"), true);
        check(long, &format!("{}e-55", long.trim_start_matches("0.")), true);
        check(long, &format!("{long}1"), false);
        check(long, "0.1", false);
        // Powers of ten beyond any that are kept apart: nobody can say that they are the same.
        check("1e99999999999", "1e99999999998", false);
        check("1e-99999999999", "0", false);
        check("1", "one", false);
        check("one", "one", false);
    }
}
