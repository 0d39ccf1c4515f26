//! Numbers between their spelling in JSON and binary: read to the nearest, spelt in the fewest digits that are read
//! as the same. Both are what the standard library gives, to the digit; but its tables and its two ways of printing
//! were a tenth of the WebAssembly, for what a session file needs a few times.

mod exact;

/// Whole numbers up to here are exact in binary, and powers of ten up to here.
const EXACT_WHOLE: u64 = 1 << 53;
const EXACT_POWER: f64 = 1e22;

/// The value of a number as JSON spells it; none for one too large to be held.
pub(crate) fn parse(text: &str) -> Option<f64> {
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let magnitude = few(digits).or_else(|| many(digits))?;
    Some(if negative { -magnitude } else { magnitude })
}

/// The value of digits that are exact in binary but for the point, so that one division rounds only once.
fn few(text: &str) -> Option<f64> {
    let (mut coefficient, mut scale, mut point) = (0u64, 1.0, false);
    for byte in text.bytes() {
        match byte {
            b'.' => point = true,
            b'0'..=b'9' if coefficient < EXACT_WHOLE / 10 && scale < EXACT_POWER => {
                coefficient = coefficient * 10 + u64::from(byte - b'0');
                scale = if point { scale * 10.0 } else { scale };
            }
            _ => return None,
        }
    }
    Some(coefficient as f64 / scale)
}

#[cold]
#[inline(never)]
fn many(text: &str) -> Option<f64> {
    let (digits, power) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    exact::nearest(digits, exponent(power)?)
}

/// A power of ten beyond any that could matter: larger ones are given as this one.
pub(crate) const LARGEST_EXPONENT: i32 = i32::MAX / 4;

/// A power of ten as it is spelt after an `e`, or none where it is not. One beyond any that could matter still
/// orders the number: it is given as a nearer one.
pub(crate) fn exponent(text: &str) -> Option<i32> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let value = digits.parse::<i32>().unwrap_or(LARGEST_EXPONENT).min(LARGEST_EXPONENT);
    Some(if text.starts_with('-') { -value } else { value })
}

/// A number in the fewest digits that are read as the same, without an exponent: `0.9`, `1`.
pub(crate) fn spell(value: f64) -> String {
    let mut out = String::with_capacity(24);
    push(&mut out, value);
    out
}

/// Appends a number, spelt as [`spell`] does.
pub(crate) fn push(out: &mut String, value: f64) {
    if value.is_nan() {
        out.push_str("NaN");
        return;
    }
    if value.is_sign_negative() {
        out.push('-');
    }
    let magnitude = value.abs();
    if magnitude.is_infinite() {
        out.push_str("inf");
        return;
    }
    let mut buffer = [0; 16];
    if let Some((digits, point)) = few_digits(magnitude, &mut buffer) {
        place_point(out, digits, point);
    } else {
        let (digits, point) = exact::shortest(magnitude);
        place_point(out, &digits, point);
    }
}

/// Appends digits of which `point` stand before the point.
fn place_point(out: &mut String, digits: &str, point: i64) {
    let zeros = |out: &mut String, count: i64| (0..count).for_each(|_| out.push('0'));
    let length = digits.len() as i64;
    if point <= 0 {
        out.push_str("0.");
        zeros(out, -point);
        out.push_str(digits);
    } else if point >= length {
        out.push_str(digits);
        zeros(out, point - length);
    } else {
        let (whole, fraction) = digits.split_at_checked(point as usize).unwrap_or((digits, ""));
        out.push_str(whole);
        out.push('.');
        out.push_str(fraction);
    }
}

/// The digits and how many of them stand before the point, where there are at most 15: no two numbers of so few
/// digits are one in binary, so the first that is read back as the same is the shortest.
fn few_digits(magnitude: f64, buffer: &mut [u8; 16]) -> Option<(&str, i64)> {
    let (mut scale, mut places) = (1.0, 0);
    let mut whole = loop {
        let scaled = magnitude * scale;
        if scaled >= 1e15 || scale > EXACT_POWER {
            return None;
        }
        let whole = (scaled + 0.5) as u64;
        if whole as f64 / scale == magnitude {
            break whole;
        }
        scale *= 10.0;
        places += 1;
    };
    let mut at = buffer.len();
    while at > 0 {
        at -= 1;
        buffer[at] = b'0' + (whole % 10) as u8;
        whole /= 10;
        if whole == 0 {
            break;
        }
    }
    let digits = std::str::from_utf8(&buffer[at..]).ok()?;
    Some((digits, digits.len() as i64 - places))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check_parse(text: &str) {
        let expected = text.parse::<f64>().ok().filter(|number| number.is_finite());
        assert_eq!(parse(text).map(f64::to_bits), expected.map(f64::to_bits), "{text}");
    }

    fn check_spell(value: f64) {
        assert_eq!(spell(value), value.to_string(), "{:#018x}", value.to_bits());
    }

    fn check(value: f64) {
        check_spell(value);
        if value.is_finite() {
            let text = value.to_string();
            check_parse(&text);
            check_parse(&format!("{value:e}"));
            assert_eq!(parse(&text).map(f64::to_bits), Some(value.to_bits()), "{text}");
        }
    }

    #[test]
    fn numbers_at_the_edges_are_read_and_spelt_as_the_standard_library_does() {
        for value in [0.0, 0.1, 0.3, 1.0 / 3.0, 0.1 + 0.2, 1e15, 1e16, 1e21, 1e22, 1e23, 5e-324, 1.5e-323, f64::NAN] {
            check(value);
            check(-value);
        }
        for value in [f64::MAX, f64::MIN_POSITIVE, f64::EPSILON, f64::INFINITY, 9007199254740991.0, 999999999999999.9] {
            check(value);
            check(value.next_down());
            check(value.next_up());
            check(-value);
        }
        // Where the numbers below are closer than those above.
        for power in 0..2047u64 {
            let value = f64::from_bits(power << 52);
            check(value);
            check(value.next_up());
            check(value.next_down());
        }
        for power in -330..320 {
            check_parse(&format!("1e{power}"));
            check_parse(&format!("9.999999999999999999999e{power}"));
        }
        for text in ["-0", "0e999999999999", "1e999999999999", "1e-999999999999", "1E+2", "1e-400", "2.5e-324", "0.0e5"]
        {
            check_parse(text);
        }
        for text in
            ["1.7976931348623158e308", "1.7976931348623159e308", "2.4703282292062327e-324", "2.4703282292062328e-324"]
        {
            check_parse(text);
        }
    }

    #[test]
    fn a_number_half_way_is_read_by_its_last_digit() {
        // The widest half-way number has 768 digits; what comes after them still decides.
        let half = "2.4703282292062327208299056632";
        let tiny = format!("{:.1074}", 5e-324);
        let digits = tiny.trim_start_matches("0.").trim_start_matches('0');
        check_parse(&format!("{half}e-324"));
        for ends in ["", "0", "1", "000000000000000000000000000000000000000000001"] {
            check_parse(&format!("{digits}{ends}5e-1075"));
            check_parse(&format!("9007199254740993{ends}"));
            check_parse(&format!("9007199254740993.{ends}0"));
            check_parse(&format!("9007199254740993{}.{}{ends}0", "0".repeat(30), "0".repeat(900)));
            check_parse(&format!("0.{}9007199254740993{}{ends}0e300", "0".repeat(300), "0".repeat(900)));
        }
        check_parse(&"1".repeat(308));
        check_parse(&"1".repeat(310));
        check_parse(&format!("{}e-1000", "123456789".repeat(120)));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]

        #[test]
        fn any_number_is_spelt_and_read_as_the_standard_library_does(bits: u64) {
            check(f64::from_bits(bits));
        }

        #[test]
        fn numbers_of_people_are_spelt_and_read_as_the_standard_library_does(whole in 0..10_000_000_000u64, places in 0..12) {
            check(whole as f64 / 10f64.powi(places));
            check((whole as f64 / 3.0) * 10f64.powi(places));
        }

        #[test]
        fn any_spelling_is_read_as_the_standard_library_does(text in "-?(0|[1-9][0-9]{0,40})(\\.[0-9]{1,40})?([eE][+-]?[0-9]{1,3})?") {
            check_parse(&text);
        }
    }
}
