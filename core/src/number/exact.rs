//! The rare numbers: of many digits, very large or very small. Whole numbers of any size, and no table.

use std::cmp::Ordering;

/// Digits after these many can only say that there is more: no number half-way between two has as many.
const DIGITS: usize = 800;

/// The binary number nearest to `digits` (with a point or without) times ten to a power, of two the even one;
/// none for one too large to be held.
pub(super) fn nearest(digits: &str, power: i32) -> Option<f64> {
    let (mut over, mut under) = (Big::of(0), Big::of(1));
    let (mut power, mut point, mut kept, mut more) = (i64::from(power), false, 0, false);
    for byte in digits.bytes() {
        if byte == b'.' {
            point = true;
        } else if kept < DIGITS {
            over.multiply(10, u32::from(byte - b'0'));
            kept += usize::from(!over.is_zero());
            power -= i64::from(point);
        } else {
            power += i64::from(!point);
            more |= byte != b'0';
        }
    }
    if more {
        over.multiply(10, 1);
        power -= 1;
    }
    // The number's first digit stands for ten to this power, less one.
    let first = kept as i64 + i64::from(more) + power;
    if over.is_zero() || first < -330 {
        return Some(0.0);
    }
    if first > 310 {
        return None;
    }
    if power < 0 { &mut under } else { &mut over }.multiply_by_power_of_ten(power.unsigned_abs());
    Some(quotient(over, under)).filter(|number| number.is_finite())
}

/// The bits of a number's coefficient, and the power of two of the last of them at its least.
const BITS: i64 = 53;
const LEAST: i64 = -1074;

/// The binary number nearest to a fraction that is not zero.
fn quotient(mut over: Big, mut under: Big) -> f64 {
    // Two bits more than are held, or three: they and the remainder say where to round.
    let shift = (under.bits() - over.bits() + BITS + 2).min(2 - LEAST);
    if shift < 0 { &mut under } else { &mut over }.double(shift.unsigned_abs());
    let length = BITS as u64 + 3;
    under.double(length);
    let mut quotient = 0u64;
    for _ in 0..=length {
        quotient <<= 1;
        if over >= under {
            over.subtract(&under);
            quotient |= 1;
        }
        over.double(1);
    }
    quotient |= u64::from(!over.is_zero());
    let bits = i64::from(u64::BITS - quotient.leading_zeros());
    let dropped = (bits - BITS).max(shift + LEAST);
    let (half, rest) = (1u64 << (dropped - 1), quotient & ((1 << dropped) - 1));
    let whole = quotient >> dropped;
    let up = rest > half || rest == half && whole % 2 == 1;
    (whole + u64::from(up)) as f64 * power_of_two(dropped - shift)
}

fn power_of_two(power: i64) -> f64 {
    f64::from_bits(if power < -1022 { 1 << (power - LEAST) } else { ((power + 1023) as u64) << 52 })
}

/// The fewest digits that are read as a number that is not zero, the nearest to it of such, and how many of them
/// stand before the point (Steele and White's way, with Dybvig's bounds).
#[cold]
#[inline(never)]
pub(super) fn shortest(magnitude: f64) -> (String, i64) {
    let fraction = magnitude.to_bits() & ((1 << 52) - 1);
    let exponent = (magnitude.to_bits() >> 52) as i64;
    let (whole, power) = if exponent == 0 { (fraction, LEAST) } else { (fraction | 1 << 52, exponent - 1075) };
    // The number is rest / scale; what is nearer to it than `above` and `below` is read as the same, and what is
    // just as near where the number is even. Below a power of two the next number is half as far.
    let near = if whole % 2 == 0 { Ordering::is_le } else { Ordering::is_lt };
    let narrow = fraction == 0 && exponent > 1;
    let (mut rest, mut scale) = (Big::of(whole * 4), Big::of(4));
    let (mut above, mut below) = (Big::of(2), Big::of(if narrow { 1 } else { 2 }));
    if power < 0 {
        scale.double(power.unsigned_abs());
    } else {
        for big in [&mut rest, &mut above, &mut below] {
            big.double(power.unsigned_abs());
        }
    }
    let reaches = |rest: &Big, above: &Big, scale: &Big| {
        rest >= scale || {
            let mut missing = scale.clone();
            missing.subtract(rest);
            near(missing.cmp(above))
        }
    };
    let (mut digits, mut point) = (String::with_capacity(18), 0);
    while reaches(&rest, &above, &scale) {
        scale.multiply(10, 0);
        point += 1;
    }
    loop {
        for big in [&mut rest, &mut above, &mut below] {
            big.multiply(10, 0);
        }
        let mut digit = b'0';
        while rest >= scale {
            rest.subtract(&scale);
            digit += 1;
        }
        let (down, up) = (near(rest.cmp(&below)), reaches(&rest, &above, &scale));
        if down || up {
            rest.double(1);
            let up = up && (!down || rest >= scale);
            digits.push(char::from(digit + u8::from(up)));
            return (digits, point);
        }
        if digits.is_empty() && digit == b'0' {
            point -= 1;
        } else {
            digits.push(char::from(digit));
        }
    }
}

/// A whole number of any size: its pieces of 32 bits, the least first, none of them zero at the end.
#[derive(Clone, PartialEq, Eq)]
struct Big(Vec<u32>);

impl Big {
    fn of(number: u64) -> Big {
        let mut big = Big(vec![number as u32, (number >> 32) as u32]);
        big.trim();
        big
    }

    fn trim(&mut self) {
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
    }

    fn is_zero(&self) -> bool {
        self.0.is_empty()
    }

    fn bits(&self) -> i64 {
        self.0.last().map_or(0, |last| self.0.len() as i64 * 32 - i64::from(last.leading_zeros()))
    }

    /// Times a factor, and something more.
    fn multiply(&mut self, factor: u32, more: u32) {
        let mut carry = u64::from(more);
        for piece in &mut self.0 {
            carry += u64::from(*piece) * u64::from(factor);
            *piece = carry as u32;
            carry >>= 32;
        }
        if carry > 0 {
            self.0.push(carry as u32);
        }
    }

    fn multiply_by_power_of_ten(&mut self, power: u64) {
        (0..power / 9).for_each(|_| self.multiply(1_000_000_000, 0));
        (0..power % 9).for_each(|_| self.multiply(10, 0));
    }

    /// Twice as large, so many times.
    fn double(&mut self, times: u64) {
        self.multiply(1 << (times % 32), 0);
        if !self.is_zero() {
            self.0.splice(0..0, std::iter::repeat_n(0, (times / 32) as usize));
        }
    }

    /// Takes away a number that is not larger.
    fn subtract(&mut self, other: &Big) {
        let mut borrow = 0;
        for (at, piece) in self.0.iter_mut().enumerate() {
            let difference = i64::from(*piece) - i64::from(other.0.get(at).copied().unwrap_or(0)) + borrow;
            *piece = difference as u32;
            borrow = difference >> 32;
        }
        self.trim();
    }
}

impl Ord for Big {
    fn cmp(&self, other: &Big) -> Ordering {
        self.0.len().cmp(&other.0.len()).then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
    }
}

impl PartialOrd for Big {
    fn partial_cmp(&self, other: &Big) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
