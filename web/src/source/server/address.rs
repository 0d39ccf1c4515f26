//! Addresses and ETags of the server's files.
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

/// Characters of a path that are encoded.
const ENCODED: AsciiSet = NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Returns the address of a path below one of the server's.
pub(super) fn address(below: &str, path: &str) -> String {
    format!("{below}/{}", utf8_percent_encode(path, &ENCODED))
}

/// Returns the ETag of a content, without quotes: its SHA-256 in hexadecimal digits.
pub(super) fn etag(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_segment_of_a_path_is_encoded() {
        assert_eq!(address("/api/files", "a.json"), "/api/files/a.json");
        let path = "Staffel 1/ü & %2e#?+\u{1f3a7}\"'\\.json";
        assert_eq!(
            address("/api/files", path),
            "/api/files/Staffel%201/%C3%BC%20%26%20%252e%23%3F%2B%F0%9F%8E%A7%22%27%5C.json"
        );
    }

    #[test]
    fn an_etag_is_the_sha_256_of_the_bytes() {
        assert_eq!(etag(b""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert_eq!(etag(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
