//! The server's listing: lines of JSON, parsed while they arrive.
use super::refusal::{ErrorBody, ErrorText};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use std::borrow::Cow;

/// A file of a listing.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ListedFile {
    pub(super) path: String,
    pub(super) content: ListedContent,
}

/// The content of a listed file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum ListedContent {
    Bytes(Vec<u8>),
    /// The server does not open files like this one.
    Unopened,
    /// The reason why it cannot be read.
    Unreadable(String),
    /// The reason why it cannot be read: a folder, whose files are not listed.
    ClosedFolder(String),
}

/// A line of a listing.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    File(ListedFile),
    /// The last line, with the id of the last event before the listing.
    End(String),
}

#[derive(Deserialize)]
struct RawLine<'a> {
    #[serde(borrow, default)]
    path: Cow<'a, str>,
    text: Option<String>,
    #[serde(borrow, default)]
    base64: Option<Cow<'a, str>>,
    #[serde(default)]
    unopened: bool,
    #[serde(default)]
    folder: bool,
    error: Option<ErrorText>,
    #[serde(default)]
    end: bool,
    #[serde(default)]
    event: String,
}

/// Parses a line; `None` if it is not one of a listing.
pub(super) fn parse(line: &[u8]) -> Option<Line> {
    let raw = serde_json::from_slice::<RawLine<'_>>(line).ok()?;
    if raw.end {
        return Some(Line::End(raw.event));
    }
    if raw.path.is_empty() {
        return None;
    }
    let content = match raw {
        RawLine { error: Some(error), folder: true, .. } => ListedContent::ClosedFolder(ErrorBody { error }.message()),
        RawLine { error: Some(error), .. } => ListedContent::Unreadable(ErrorBody { error }.message()),
        RawLine { unopened: true, .. } => ListedContent::Unopened,
        RawLine { text: Some(text), .. } => ListedContent::Bytes(text.into_bytes()),
        RawLine { base64: Some(text), .. } => ListedContent::Bytes(STANDARD.decode(text.as_bytes()).ok()?),
        _ => return None,
    };
    Some(Line::File(ListedFile { path: raw.path.into_owned(), content }))
}

/// Bytes that arrive, split into lines.
#[derive(Debug, Default)]
pub(super) struct Lines {
    bytes: Vec<u8>,
    /// The start of the next line.
    start: usize,
    /// The bytes before it have no end of a line after `start`.
    searched: usize,
}

impl Lines {
    /// Returns the buffer, to add bytes at its end. The lines so far are dropped.
    pub(super) fn buffer(&mut self) -> &mut Vec<u8> {
        self.bytes.drain(..self.start);
        self.searched -= self.start;
        self.start = 0;
        &mut self.bytes
    }

    /// Returns the next whole line.
    pub(super) fn next(&mut self) -> Option<&[u8]> {
        let rest = self.bytes.get(self.searched..)?;
        let Some(length) = rest.iter().position(|byte| *byte == b'\n') else {
            self.searched = self.bytes.len();
            return None;
        };
        let end = self.searched + length;
        let line = self.start..end;
        self.start = end + 1;
        self.searched = self.start;
        self.bytes.get(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, content: ListedContent) -> Option<Line> {
        Some(Line::File(ListedFile { path: path.into(), content }))
    }

    #[test]
    fn every_kind_of_line_is_parsed() {
        let text = "{\"path\": \"a \\\"b\\\"/\u{fc}.json\", \"etag\": \"12\", \"text\": \"\u{feff}{\\r\\n}\"}";
        assert_eq!(
            parse(text.as_bytes()),
            file("a \"b\"/\u{fc}.json", ListedContent::Bytes("\u{feff}{\r\n}".as_bytes().to_vec()))
        );
        let bytes = br#"{"path":"b.json","etag":"3","base64":"//4A/w=="}"#;
        assert_eq!(parse(bytes), file("b.json", ListedContent::Bytes(vec![0xff, 0xfe, 0, 0xff])));
        assert_eq!(parse(br#"{"path":"c.mp3","unopened":true}"#), file("c.mp3", ListedContent::Unopened));
        let error =
            br#"{"path":"d.json","error":{"code":"unreadable","message":"d.json cannot be read.","hint":"Allow it."}}"#;
        let why = "d.json cannot be read. Allow it.".to_owned();
        assert_eq!(parse(error), file("d.json", ListedContent::Unreadable(why.clone())));
        let folder =
            br#"{"path":"d","folder":true,"error":{"code":"unreadable","message":"d.json cannot be read.","hint":"Allow it."}}"#;
        assert_eq!(parse(folder), file("d", ListedContent::ClosedFolder(why)));
        assert_eq!(parse(br#"{"end":true,"files":2,"event":"17"}"#), Some(Line::End("17".into())));
    }

    #[test]
    fn anything_else_is_no_line() {
        let lines = ["", "{", "{}", "[]", r#"{"path":"a.json"}"#, r#"{"path":"a.json","base64":"%"}"#, "<html>"];
        assert!(lines.iter().all(|line| parse(line.as_bytes()).is_none()));
    }

    #[test]
    fn lines_are_found_wherever_chunks_end() {
        let text = "first\n\u{fc}ber\n\nlast\nopen".as_bytes();
        for size in 1..=text.len() {
            let (mut lines, mut found) = (Lines::default(), Vec::new());
            for chunk in text.chunks(size) {
                lines.buffer().extend_from_slice(chunk);
                while let Some(line) = lines.next() {
                    found.push(String::from_utf8(line.to_vec()).unwrap());
                }
            }
            assert_eq!(found, ["first", "\u{fc}ber", "", "last"]);
            assert_eq!(lines.buffer(), b"open");
        }
    }
}
