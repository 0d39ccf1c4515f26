//! Numbers as JSON spells them, compared and rounded by their decimal digits.

/// A decimal number of any length, by its significant digits.
pub(crate) struct Decimal<'a> {
    negative: bool,
    /// The digits from the first to the last that is not zero, with any point between them; empty for zero.
    digits: &'a [u8],
    /// The power of ten that the first digit stands for.
    first: i64,
    /// True if the power of ten is too large to be told from others.
    vast: bool,
}

/// The largest power of ten that is read exactly; a larger one is read as this one.
const LARGEST_EXPONENT: i32 = i32::MAX / 4;

impl Decimal<'_> {
    /// Reads a number as JSON spells it; none for any other text.
    pub(crate) fn parse(text: &str) -> Option<Decimal<'_>> {
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
        // After the point, which takes an index of its own, the first digit stands for a tenth.
        let place = whole.len() as i64 - from as i64;
        let first = if place > 0 { place - 1 } else { place } + i64::from(power);
        Some(Decimal { negative, digits: &mantissa[from..to], first, vast: power.abs() >= LARGEST_EXPONENT })
    }

    /// Divides the number by a power of ten.
    pub(crate) fn shifted_right(self, power: i64) -> Self {
        Decimal { first: self.first - power, ..self }
    }

    /// True if the number is less than zero, however little: rounded to an amount, it may be zero.
    pub(crate) fn is_negative(&self) -> bool {
        self.negative
    }

    /// The digits without the point.
    fn plain(&self) -> impl Iterator<Item = u8> {
        self.digits.iter().filter(|byte| **byte != b'.').map(|byte| byte - b'0')
    }

    fn equals(&self, other: &Decimal<'_>) -> bool {
        let alike = (self.negative, self.first) == (other.negative, other.first);
        alike && !(self.vast || other.vast) && self.plain().eq(other.plain())
    }

    /// The number in millionths, rounded half-even from all its digits; none if 64 bits cannot hold it.
    pub(crate) fn millionths(&self) -> Option<i64> {
        // The number of digits before the decimal point of the result.
        let whole = self.first + 7;
        if self.digits.is_empty() || whole < 0 {
            return Some(0);
        }
        // The largest number of 64 bits has 19 digits.
        if whole > 19 {
            return None;
        }
        let mut digits = self.plain();
        let millionths = (0..whole)
            .try_fold(0i64, |sum, _| sum.checked_mul(10)?.checked_add(i64::from(digits.next().unwrap_or(0))))?;
        let up = match digits.next() {
            Some(5) => digits.next().is_some() || millionths % 2 == 1,
            Some(digit) => digit > 5,
            None => false,
        };
        let millionths = millionths.checked_add(i64::from(up))?;
        Some(if self.negative { -millionths } else { millionths })
    }
}

/// Reads the power of ten after an `e`, limited to [`LARGEST_EXPONENT`]; none for text that is not one.
fn exponent(text: &str) -> Option<i32> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let value = digits.parse::<i32>().unwrap_or(LARGEST_EXPONENT).min(LARGEST_EXPONENT);
    Some(if text.starts_with('-') { -value } else { value })
}

/// True if two numbers as JSON spells them are equal to the last digit.
pub(crate) fn same_number(a: &str, b: &str) -> bool {
    let number = Decimal::parse(a);
    number.is_some_and(|number| Decimal::parse(b).is_some_and(|other| number.equals(&other)))
}

/// Hashes the value of a number as JSON spells it: equal numbers have one hash, whatever their spelling.
#[inline(never)]
pub(crate) fn number_hash(text: &str) -> u64 {
    let Some(number) = Decimal::parse(text) else { return 0 };
    // Vast numbers are equal only if they are spelt the same.
    let digits = number.plain().filter(|_| !number.vast);
    digits.fold(number.first as u64 ^ u64::from(number.negative), |sum, digit| {
        (sum ^ u64::from(digit)).wrapping_mul(0x100_0000_01B3).rotate_left(5)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

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
