//! Bytes as text, in the encodings that editors and shells leave behind.

use crate::ParseError;
use crate::document::decode_utf8;
use crate::named_enum::named_enum;
use std::borrow::Cow;

named_enum! {
/// Encoding of a file's bytes.
///
/// ```
/// use callboard_core::import::{Encoding, mend};
/// let bytes = Encoding::Utf16Le.encode("{\"topic\": \"Ebbe\"}");
/// let mended = mend(&bytes).unwrap();
/// assert_eq!((mended.encoding, mended.documents[0].text()), (Encoding::Utf16Le, "{\"topic\": \"Ebbe\"}"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// UTF-8, with a byte order mark or without.
    Utf8 = "UTF-8",
    /// UTF-16, low byte first.
    Utf16Le = "UTF-16 LE",
    /// UTF-16, high byte first.
    Utf16Be = "UTF-16 BE",
    /// UTF-32, low byte first.
    Utf32Le = "UTF-32 LE",
    /// UTF-32, high byte first.
    Utf32Be = "UTF-32 BE",
}
}

impl Encoding {
    /// True for an encoding of more than a byte a letter, which tools for text, such as `git diff`, take for binary data.
    ///
    /// ```
    /// use callboard_core::import::Encoding;
    /// assert!(Encoding::Utf16Le.is_wide() && !Encoding::Utf8.is_wide());
    /// ```
    pub const fn is_wide(self) -> bool {
        !matches!(self, Encoding::Utf8)
    }

    /// Returns the encoding of a name.
    ///
    /// ```
    /// use callboard_core::import::Encoding;
    /// assert_eq!(Encoding::parse(Encoding::Utf16Be.name()), Some(Encoding::Utf16Be));
    /// ```
    pub fn parse(name: &str) -> Option<Encoding> {
        Encoding::ALL.into_iter().find(|encoding| encoding.name() == name)
    }

    /// The bytes of a text, with a byte order mark but in UTF-8. See the example at [`Encoding`].
    pub fn encode(self, text: &str) -> Vec<u8> {
        let text = text.trim_start_matches('\u{feff}');
        let marked = || std::iter::once('\u{feff}').chain(text.chars());
        match self {
            Encoding::Utf8 => text.as_bytes().to_vec(),
            Encoding::Utf16Le | Encoding::Utf16Be => {
                let units = marked().flat_map(|letter| letter.encode_utf16(&mut [0; 2]).to_vec());
                let bytes = |unit: u16| if self == Encoding::Utf16Le { unit.to_le_bytes() } else { unit.to_be_bytes() };
                units.flat_map(bytes).collect()
            }
            Encoding::Utf32Le => marked().flat_map(|letter| u32::from(letter).to_le_bytes()).collect(),
            Encoding::Utf32Be => marked().flat_map(|letter| u32::from(letter).to_be_bytes()).collect(),
        }
    }
}

/// The text of bytes, and their encoding.
pub(super) fn decode(bytes: &[u8]) -> Result<(Cow<'_, str>, Encoding), ParseError> {
    let encoding = match bytes {
        [0xFF, 0xFE, 0, 0, ..] => Encoding::Utf32Le,
        [0, 0, 0xFE, 0xFF, ..] => Encoding::Utf32Be,
        [0xFF, 0xFE, ..] => Encoding::Utf16Le,
        [0xFE, 0xFF, ..] => Encoding::Utf16Be,
        // Without a mark: JSON begins with two ASCII characters.
        [a, 0, b, 0, ..] if is_json_start(*a, *b) => Encoding::Utf16Le,
        [0, a, 0, b, ..] if is_json_start(*a, *b) => Encoding::Utf16Be,
        _ => {
            return match std::str::from_utf8(bytes) {
                Ok(text) => Ok((Cow::Borrowed(text), Encoding::Utf8)),
                Err(_) => decode_utf8(bytes.to_vec()).map(|text| (Cow::Owned(text), Encoding::Utf8)),
            };
        }
    };
    let text = match encoding {
        Encoding::Utf16Le | Encoding::Utf16Be => utf16(bytes, encoding == Encoding::Utf16Le),
        _ => utf32(bytes, encoding == Encoding::Utf32Le),
    };
    Ok((Cow::Owned(text.trim_start_matches('\u{feff}').to_owned()), encoding))
}

fn is_json_start(first: u8, second: u8) -> bool {
    let printable = |byte: u8| matches!(byte, b' '..=b'~' | b'\t' | b'\r' | b'\n');
    matches!(first, b'{' | b'[' | b' ' | b'\t' | b'\r' | b'\n') && printable(second)
}

fn utf16(bytes: &[u8], low_first: bool) -> String {
    let units = bytes.chunks_exact(2).map(|unit| {
        let unit = [unit[0], unit[1]];
        if low_first { u16::from_le_bytes(unit) } else { u16::from_be_bytes(unit) }
    });
    char::decode_utf16(units).map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

fn utf32(bytes: &[u8], low_first: bool) -> String {
    let letters = bytes.chunks_exact(4).map(|unit| {
        let unit = [unit[0], unit[1], unit[2], unit[3]];
        if low_first { u32::from_le_bytes(unit) } else { u32::from_be_bytes(unit) }
    });
    letters.map(|letter| char::from_u32(letter).unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_encoding_is_read_back() {
        let text = "{\"topic\": \"Über die Flut 🌊\"}";
        for encoding in [Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be, Encoding::Utf32Le, Encoding::Utf32Be] {
            let bytes = encoding.encode(text);
            assert_eq!(decode(&bytes).unwrap(), (Cow::Borrowed(text), encoding));
        }
        let unmarked = |encoding: Encoding| encoding.encode(text)[2..].to_vec();
        for encoding in [Encoding::Utf16Le, Encoding::Utf16Be] {
            assert_eq!(decode(&unmarked(encoding)).unwrap(), (Cow::Borrowed(text), encoding));
        }
        // An odd byte at the end, as of a file that was cut off.
        assert_eq!(decode(b"\xFF\xFE{\0}").unwrap().0, "{");
    }
}
