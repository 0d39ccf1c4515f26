//! Decoding and quoting of JSON strings.

/// Decodes the inside of a string that the parser has accepted.
pub(super) fn decode(inner: &str) -> String {
    let mut out = String::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let bytes = rest.as_bytes();
        let mut taken = at + 2;
        match bytes.get(at + 1) {
            Some(b'n') => out.push('\n'),
            Some(b't') => out.push('\t'),
            Some(b'r') => out.push('\r'),
            Some(b'b') => out.push('\u{8}'),
            Some(b'f') => out.push('\u{c}'),
            Some(b'u') => {
                taken = at + 6;
                let high = hex(bytes, at + 2);
                // A high surrogate needs the low one after it.
                if (0xD800..0xDC00).contains(&high)
                    && bytes.get(taken) == Some(&b'\\')
                    && bytes.get(taken + 1) == Some(&b'u')
                {
                    let low = hex(bytes, taken + 2);
                    if (0xDC00..0xE000).contains(&low) {
                        taken += 6;
                        let code = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
                        out.push(char::from_u32(code).unwrap_or('\u{fffd}'));
                    } else {
                        out.push('\u{fffd}');
                    }
                } else {
                    out.push(char::from_u32(high).unwrap_or('\u{fffd}'));
                }
            }
            Some(&byte) => out.push(char::from(byte)),
            None => taken = rest.len(),
        }
        rest = rest.get(taken..).unwrap_or("");
    }
    out.push_str(rest);
    out
}

fn hex(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).map_or(0xFFFD, |digits| {
        digits.iter().fold(0, |code, &digit| code * 16 + char::from(digit).to_digit(16).unwrap_or(0))
    })
}

/// Writes a text as a JSON string with quotes, escaping only what JSON requires.
pub(crate) fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    push_quoted(&mut out, text);
    out
}

/// Appends a text as a JSON string.
pub(crate) fn push_quoted(out: &mut String, text: &str) {
    out.push('"');
    let mut from = 0;
    loop {
        let at = from + plain(&text.as_bytes()[from..]);
        let Some(&byte) = text.as_bytes().get(at) else { break };
        let escape = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            0x08 => "\\b",
            0x0c => "\\f",
            _ => "",
        };
        out.push_str(&text[from..at]);
        out.push_str(escape);
        if escape.is_empty() {
            const HEX: &[u8; 16] = b"0123456789abcdef";
            out.push_str("\\u00");
            out.push(char::from(HEX[usize::from(byte >> 4)]));
            out.push(char::from(HEX[usize::from(byte & 15)]));
        }
        from = at + 1;
    }
    out.push_str(&text[from..]);
    out.push('"');
}

/// Counts the bytes before the next quote, backslash or control character.
///
/// Eight bytes are tested at a time: a byte below 0x20 borrows from its high bit, and a byte equal to the sought one
/// does so after the exclusive or. The result is exact up to the first hit.
#[inline]
pub(super) fn plain(bytes: &[u8]) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let mut at = 0;
    while let Some(chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk) {
        let word = u64::from_le_bytes(*chunk);
        let zero = |word: u64| word.wrapping_sub(ONES) & !word;
        let control = word.wrapping_sub(ONES * 0x20) & !word;
        let quote = zero(word ^ (ONES * u64::from(b'"')));
        let backslash = zero(word ^ (ONES * u64::from(b'\\')));
        let stops = (control | quote | backslash) & HIGH;
        if stops != 0 {
            return at + (stops.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    let stops = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..=0x1f);
    at + bytes[at..].iter().position(stops).unwrap_or(bytes.len() - at)
}
