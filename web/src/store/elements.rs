//! Where the elements of a long list lie in a JSON text, one after another: so that what is too long to be read
//! in one go can be read an element at a time. Nothing is checked beyond what that takes.
use std::ops::Range;

/// What comes next in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// An element.
    Element(Range<usize>),
    /// The list is closed; what follows begins here.
    End(usize),
    /// The text ends in the middle of the list.
    CutOff,
}

/// Where the list below `name` in the outermost object begins, after its `[`.
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

/// What comes next in a list, from inside of it.
pub fn next(text: &str, from: usize) -> Next {
    let bytes = text.as_bytes();
    let at = skip(bytes, from, b",");
    match bytes.get(at) {
        None => Next::CutOff,
        Some(b']') => Next::End(at + 1),
        Some(_) => value(bytes, at).map_or(Next::CutOff, |end| Next::Element(at..end)),
    }
}

fn expect(bytes: &[u8], at: usize, byte: u8) -> Option<usize> {
    (bytes.get(at) == Some(&byte)).then_some(at + 1)
}

/// Past white space, and past these bytes.
fn skip(bytes: &[u8], mut at: usize, others: &[u8]) -> usize {
    while bytes.get(at).is_some_and(|byte| byte.is_ascii_whitespace() || others.contains(byte)) {
        at += 1;
    }
    at
}

/// Where a value that begins here ends; `None` where the text ends before it does.
fn value(bytes: &[u8], mut at: usize) -> Option<usize> {
    let mut depth = 0_usize;
    loop {
        match *bytes.get(at)? {
            b'"' => at = string(bytes, at)?,
            b'{' | b'[' => {
                depth += 1;
                at += 1;
            }
            // What closes more than was opened ends a value that was none: one byte, so that it goes on.
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                at += 1;
            }
            // A number or a word, or what stands between values.
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

/// Where a string that begins here ends.
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
                Next::Element(place) => {
                    at = place.end;
                    elements.push(&text[place]);
                }
                Next::End(end) => return (elements, Some(&text[end..])),
                Next::CutOff => return (elements, None),
            }
        }
    }

    #[test]
    fn each_element_is_found_in_any_layout() {
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
    fn nonsense_comes_to_an_end() {
        for text in ["", "[]", "{", "{\"sessions\"", "{\"sessions\": 1}", "{\"sessions", "{sessions: []}", "{\"a\": }"]
        {
            assert_eq!(list(text, "sessions"), None, "{text}");
        }
        for text in ["{\"sessions\":[}}}]", "{\"sessions\":[::,;]", "{\"sessions\":[1 2\"3\"4]"] {
            assert!(found(text).0.len() < 10, "{text}");
        }
    }
}
