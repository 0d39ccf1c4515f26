//! Formats of other files, recognised by their first bytes.
//!
//! A folder of sessions may hold other files, some of them called `.json`: an image, an archive, a Git LFS pointer. The
//! error for such a file names its format instead of its first byte.

use super::error::{ParseError, ParseErrorCode};

/// A signature: the offset of its bytes, the bytes, and the format's name in a sentence.
type Signature = (usize, &'static [u8], &'static str);

const SIGNATURES: [Signature; 33] = [
    (0, b"\x89PNG", "a PNG image"),
    // The same, read as text and decoded as UTF-8 by the caller.
    (0, b"\xEF\xBF\xBDPNG\r\n", "a PNG image"),
    (0, b"\xFF\xD8\xFF", "a JPEG image"),
    (0, b"GIF8", "a GIF image"),
    (8, b"WEBP", "a WebP image"),
    (0, b"II*\0", "a TIFF image"),
    (0, b"MM\0*", "a TIFF image"),
    (0, b"%PDF-", "a PDF document"),
    (8, b"WAVE", "a WAV audio file"),
    (0, b"ID3", "an MP3 audio file"),
    (0, b"\xFF\xFB", "an MP3 audio file"),
    (0, b"fLaC", "a FLAC audio file"),
    (0, b"OggS", "an Ogg file"),
    (4, b"ftyp", "an MP4 file"),
    (0, b"\x1F\x8B", "a gzip file"),
    (0, b"\x1F\xEF\xBF\xBD\x08", "a gzip file"),
    (0, b"PK\x03\x04", "a ZIP archive"),
    (0, b"PK\x05\x06", "a ZIP archive"),
    (0, b"\x28\xB5\x2F\xFD", "a zstd file"),
    (0, b"\xFD7zXZ\0", "an xz file"),
    (0, b"BZh", "a bzip2 file"),
    (0, b"7z\xBC\xAF\x27\x1C", "a 7-Zip archive"),
    (257, b"ustar", "a tar archive"),
    (0, b"SQLite format 3\0", "an SQLite database"),
    (0, b"\x7FELF", "a program"),
    (0, b"MZ", "a program"),
    (0, b"\xCF\xFA\xED\xFE", "a program"),
    (0, b"\xCA\xFE\xBA\xBE", "a program"),
    (0, b"\0asm", "a WebAssembly module"),
    (0, b"\0\x05\x16\x07", "a file of macOS's own data about another file"),
    (0, b"bplist", "a property list"),
    (0, b"<?xml", "an XML document"),
    (0, b"version https://git-lfs.github.com/", "a Git LFS pointer"),
];

/// Reads bytes as text, which must be UTF-8.
pub(crate) fn decode_utf8(bytes: Vec<u8>) -> Result<String, ParseError> {
    String::from_utf8(bytes).map_err(|error| not_utf8(error.as_bytes(), error.utf8_error().valid_up_to()))
}

/// The error for bytes of another format; none if they may be JSON.
pub(super) fn other_format(bytes: &[u8]) -> Option<ParseError> {
    if let Some(message) = wide(bytes) {
        return Some(ParseError::new(ParseErrorCode::NotUtf8, message, "", 0));
    }
    // A text that starts like JSON is broken JSON, even with a signature inside.
    let is_json = matches!(bytes.trim_ascii_start(), [b'{' | b'[' | b'"', ..]);
    let is_there = |(at, signature, _): &&Signature| {
        (*at == 0 || !is_json) && bytes.get(*at..).is_some_and(|rest| rest.starts_with(signature))
    };
    let name = SIGNATURES.iter().find(is_there).map(|(_, _, name)| *name).or_else(|| html(bytes))?;
    let advice = match name {
        "a gzip file" | "a ZIP archive" | "a zstd file" | "an xz file" | "a bzip2 file" | "a 7-Zip archive"
        | "a tar archive" => ": unpack it first",
        "a Git LFS pointer" => ": run \"git lfs pull\" to get the file",
        _ => "",
    };
    Some(ParseError::new(ParseErrorCode::NotJson, format!("This is {name}, not JSON{advice}"), "", 0))
}

/// The error for bytes that are UTF-8 up to the offset `good` only.
fn not_utf8(bytes: &[u8], good: usize) -> ParseError {
    other_format(bytes).unwrap_or_else(|| {
        let is_binary = bytes.iter().any(|byte| matches!(byte, 0..=8 | 0x0E..=0x1A));
        let message = if is_binary {
            "This is binary data, not JSON"
        } else {
            "The file is not UTF-8 from here on: save it as UTF-8"
        };
        let text = bytes.get(..good).and_then(|good| std::str::from_utf8(good).ok()).unwrap_or_default();
        ParseError::new(ParseErrorCode::NotUtf8, message, text, good)
    })
}

/// The message for a text in UTF-16 or UTF-32, with or without a byte order mark.
fn wide(bytes: &[u8]) -> Option<&'static str> {
    let is_text = |byte: &u8| matches!(byte, b' '..=b'~' | b'\t' | b'\r' | b'\n');
    match bytes {
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] => Some("This is UTF-32 text: save it as UTF-8"),
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => Some("This is UTF-16 text: save it as UTF-8"),
        [a, 0, b, 0, ..] | [0, a, 0, b, ..] if is_text(a) && is_text(b) => {
            Some("This is UTF-16 text: save it as UTF-8")
        }
        _ => None,
    }
}

fn html(bytes: &[u8]) -> Option<&'static str> {
    let start = bytes.trim_ascii_start();
    let is = |tag: &[u8]| start.get(..tag.len()).is_some_and(|first| first.eq_ignore_ascii_case(tag));
    (is(b"<!doctype html") || is(b"<html")).then_some("a web page")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Session;

    #[test]
    fn another_format_is_named() {
        let check = |bytes: &[u8], code: &str, message: &str| {
            let error = Session::from_bytes(bytes).unwrap_err();
            assert_eq!((error.code().name(), error.message()), (code, message), "{}", bytes.escape_ascii());
            assert_eq!((error.line(), error.column()), (1, 1));
        };
        for (at, signature, name) in SIGNATURES {
            let bytes = [&b"????".repeat(at.div_ceil(4))[..at], signature, b"\0\x01\xC3\x28 more"].concat();
            let error = Session::from_bytes(bytes).unwrap_err();
            assert_eq!(error.code(), ParseErrorCode::NotJson);
            assert!(error.message().starts_with(&format!("This is {name}, not JSON")), "{}", error.message());
        }
        check(b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR", "not_json", "This is a PNG image, not JSON.");
        check(b"\x1F\x8B\x08\0\0\0\0\0\0\x03", "not_json", "This is a gzip file, not JSON: unpack it first.");
        check(b"%PDF-1.7\n", "not_json", "This is a PDF document, not JSON.");
        check(b"\n<!DOCTYPE html>\n<title>Sign in</title>", "not_json", "This is a web page, not JSON.");
        check(
            b"version https://git-lfs.github.com/spec/v1\noid sha256:1\n",
            "not_json",
            "This is a Git LFS pointer, not JSON: run \"git lfs pull\" to get the file.",
        );
        check(b"\xFF\xFE{\0}\0", "not_utf8", "This is UTF-16 text: save it as UTF-8.");
        check(b"\xFE\xFF\0{\0}", "not_utf8", "This is UTF-16 text: save it as UTF-8.");
        check(b"{\0\n\0", "not_utf8", "This is UTF-16 text: save it as UTF-8.");
        check(b"\0{\0\r", "not_utf8", "This is UTF-16 text: save it as UTF-8.");
        check(b"\xFF\xFE\0\0{\0\0\0", "not_utf8", "This is UTF-32 text: save it as UTF-8.");
    }

    #[test]
    fn a_file_read_as_text_is_named_too() {
        for bytes in [&b"\x89PNG\r\n\x1A\n\0"[..], b"\x1F\x8B\x08\0", b"PK\x03\x04\x14", b"SQLite format 3\0"] {
            let text = String::from_utf8_lossy(bytes).into_owned();
            assert_eq!(Session::parse(text).unwrap_err().code(), ParseErrorCode::NotJson);
        }
    }

    #[test]
    fn bytes_of_no_known_format_are_refused_where_they_stop_being_text() {
        let error = Session::from_bytes(b"{\n \"topic\": \"caf\xE9\"}").unwrap_err();
        assert_eq!(error.to_string(), "The file is not UTF-8 from here on: save it as UTF-8 (line 2, column 15).");
        let error = Session::from_bytes(b"\x02\xE9\x9B\x01").unwrap_err();
        assert_eq!(error.to_string(), "This is binary data, not JSON (line 1, column 2).");
    }

    #[test]
    fn json_is_never_taken_for_another_format() {
        for text in
            ["{\"session_id\": \"GIF8\", \"pad\": \"WAVE\"}", "{\"a\":\"WEBP\"", "\u{feff}{\"session_id\": \"a\"}"]
        {
            assert!(other_format(text.as_bytes()).is_none(), "{text}");
        }
        // Broken JSON keeps the error about its own fault.
        let error = Session::parse("{\"a\":   WEBP}").unwrap_err();
        assert_eq!(error.code().name(), "unexpected_character");
    }
}
