//! Scanner for the elements of a long list in JSON text: lets a file too long to parse at once be parsed one
//! element at a time. It checks no more than it needs to find the ends.
use std::ops::Range;

/// The next token of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token {
    /// An element.
    Element(Range<usize>),
    /// The end of the list, with the offset after it.
    End(usize),
    /// The text ends in the middle of the list.
    CutOff,
}

/// Returns the offset of the list named `name` in the outermost object, after its `[`.
pub fn list(text: &str, name: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = expect(bytes, skip(bytes, text.len() - text.trim_start_matches('\u{feff}').len(), b""), b'{')?;
    loop {
        at = skip(bytes, at, b",");
        let end = value(bytes, at).filter(|_| bytes.get(at) == Some(&b'"'))?;
        let is_it = text.get(at + 1..end - 1) == Some(name);
        at = skip(bytes, expect(bytes, skip(bytes, end, b""), b':')?, b"");
        if is_it && bytes.get(at) == Some(&b'[') {
            return Some(at + 1);
        }
        at = value(bytes, at)?;
    }
}

/// Returns the next token from an offset inside the list.
pub fn next(text: &str, from: usize) -> Token {
    let bytes = text.as_bytes();
    let at = skip(bytes, from, b",");
    match bytes.get(at) {
        None => Token::CutOff,
        Some(b']') => Token::End(at + 1),
        Some(_) => value(bytes, at).map_or(Token::CutOff, |end| Token::Element(at..end)),
    }
}

fn expect(bytes: &[u8], at: usize, byte: u8) -> Option<usize> {
    (bytes.get(at) == Some(&byte)).then_some(at + 1)
}

/// Skips white space and the given bytes.
fn skip(bytes: &[u8], mut at: usize, others: &[u8]) -> usize {
    while bytes.get(at).is_some_and(|byte| byte.is_ascii_whitespace() || others.contains(byte)) {
        at += 1;
    }
    at
}

/// Returns the end of the value at an offset; `None` if the text ends first.
fn value(bytes: &[u8], mut at: usize) -> Option<usize> {
    let mut depth = 0_usize;
    loop {
        match *bytes.get(at)? {
            b'"' => at = string(bytes, at)?,
            b'{' | b'[' => {
                depth += 1;
                at += 1;
            }
            // An unmatched closing bracket counts as a value of one byte, so that scanning advances.
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                at += 1;
            }
            // A number, a literal, or stray text between values.
            _ => {
                at += 1;
                if depth == 0 {
                    while !matches!(bytes.get(at)?, b',' | b']' | b'}' | b'"') && !bytes[at].is_ascii_whitespace() {
                        at += 1;
                    }
                }
            }
        }
        if depth == 0 {
            return Some(at);
        }
    }
}

/// Returns the end of the string at an offset.
fn string(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at += 1;
        match *bytes.get(at)? {
            b'\\' => at += 1,
            b'"' => return Some(at + 1),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> (Vec<&str>, Option<&str>) {
        let mut at = list(text, "sessions").unwrap();
        let mut elements = Vec::new();
        loop {
            match next(text, at) {
                Token::Element(place) => {
                    at = place.end;
                    elements.push(&text[place]);
                }
                Token::End(end) => return (elements, Some(&text[end..])),
                Token::CutOff => return (elements, None),
            }
        }
    }

    #[test]
    fn elements_are_found_in_any_layout() {
        let check = |text, elements: &[&str], rest| assert_eq!(found(text), (elements.to_vec(), rest));
        check("{\"sessions\":[]}", &[], Some("}"));
        check(
            "\u{feff} {\"a\": [1, {\"sessions\": [2]}], \"sessions\": [\n  {\"b\": \"]}\\\"\"},\r\n\t[1, [2]] , 3, true,\"x\"\n] , \"v\": 1}",
            &["{\"b\": \"]}\\\"\"}", "[1, [2]]", "3", "true", "\"x\""],
            Some(" , \"v\": 1}"),
        );
        check("{\"sessions\":[{\"a\":1},{\"b\":", &["{\"a\":1}"], None);
        check("{\"sessions\":[{\"a\":1},\"b", &["{\"a\":1}"], None);
        check("{\"sessions\":[{\"\u{1f3a7}\":1}, ", &["{\"\u{1f3a7}\":1}"], None);
    }

    #[test]
    fn invalid_text_terminates() {
        for text in ["", "[]", "{", "{\"sessions\"", "{\"sessions\": 1}", "{\"sessions", "{sessions: []}", "{\"a\": }"]
        {
            assert_eq!(list(text, "sessions"), None, "{text}");
        }
        for text in ["{\"sessions\":[}}}]", "{\"sessions\":[::,;]", "{\"sessions\":[1 2\"3\"4]"] {
            assert!(found(text).0.len() < 10, "{text}");
        }
    }
}
