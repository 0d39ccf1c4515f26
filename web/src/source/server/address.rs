//! Addresses of the server's files.
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Characters of a path that are encoded.
const ENCODED: AsciiSet = NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Returns the address of a path below one of the server's.
pub(super) fn address(below: &str, path: &str) -> String {
    format!("{below}/{}", utf8_percent_encode(path, &ENCODED))
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
}
