//! Line endings and byte order mark of a text. A text field only holds `
//! `, so they are stored separately and restored afterwards. Pure.
use callboard_core::diff::{LineKind, lines};
use std::collections::VecDeque;

const FEED: &str = "\n";
const PAIR: &str = "\r\n";
const RETURN: &str = "\r";
const MARK: char = '\u{feff}';

/// The line endings and byte order mark of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineEndings {
    marked: bool,
    kinds: Endings,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Endings {
    /// All lines have the same ending.
    Even(&'static str),
    /// The ending of each line, and the text in the field.
    Each(Vec<&'static str>, String),
}

/// Splits a text into the text for a field and its line endings.
pub fn into_field(text: &str) -> (String, LineEndings) {
    let body = text.strip_prefix(MARK).unwrap_or(text);
    let marked = body.len() < text.len();
    let mut field = String::with_capacity(body.len());
    let mut ends = Vec::new();
    let mut rest = body;
    while let Some(at) = rest.find(['\r', '\n']) {
        let end = [PAIR, FEED, RETURN].into_iter().find(|end| rest[at..].starts_with(end)).unwrap_or(FEED);
        field.push_str(&rest[..at]);
        field.push('\n');
        ends.push(end);
        rest = &rest[at + end.len()..];
    }
    field.push_str(rest);
    let first = ends.first().copied().unwrap_or(FEED);
    let kinds =
        if ends.iter().all(|end| *end == first) { Endings::Even(first) } else { Endings::Each(ends, field.clone()) };
    (field, LineEndings { marked, kinds })
}

/// Restores the text of a field. New lines get the ending of the line that they replace or follow.
pub fn from_field(field: &str, ends: &LineEndings) -> String {
    let field = field.replace(PAIR, FEED);
    let mut text = if ends.marked { String::from(MARK) } else { String::new() };
    match &ends.kinds {
        Endings::Even(end) => text.push_str(&field.replace(FEED, end)),
        Endings::Each(kinds, before) => {
            let ends = endings_of(before, &field, kinds);
            for (line, end) in field.split_inclusive('\n').zip(ends) {
                let body = line.strip_suffix('\n');
                text.push_str(body.unwrap_or(line));
                text.push_str(if body.is_some() { end } else { "" });
            }
        }
    }
    text
}

/// Returns the ending of each line in the field.
fn endings_of(before: &str, field: &str, kinds: &[&'static str]) -> Vec<&'static str> {
    let first = kinds.first().copied().unwrap_or(FEED);
    let old = |line: Option<u32>| line.and_then(|line| kinds.get((line as usize).checked_sub(1)?).copied());
    let mut ends: Vec<&'static str> = Vec::new();
    // Endings of removed lines, for the lines that replace them.
    let mut gone = VecDeque::new();
    for line in lines(before, field) {
        let last = ends.last().copied().unwrap_or(first);
        match line.kind {
            LineKind::Removed => gone.extend(old(line.old_line)),
            LineKind::Added => ends.push(gone.pop_front().unwrap_or(last)),
            LineKind::Same => {
                gone.clear();
                ends.push(old(line.old_line).unwrap_or(last));
            }
        }
    }
    ends
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_survives_the_field() {
        let even = ["{\n}\n", "{\r\n}\r\n", "\u{feff}{\r\n}", "{}", "\u{feff}{}\n", "", "{\r}\r"];
        let mixed = ["{\r\n\n}", "{\r\"a\": 1\n}\r\n", "\u{feff}{\n\r\r\n}", "\r\n\r\r\n\n", "{\n\r}"];
        for text in even.into_iter().chain(mixed) {
            let (field, ends) = into_field(text);
            assert!(!field.contains('\r') && !field.starts_with(MARK));
            assert_eq!(from_field(&field, &ends), text, "{text:?}");
        }
    }

    #[test]
    fn unchanged_lines_keep_their_endings() {
        let check = |text: &str, change: fn(&str) -> String, expected: &str| {
            let (field, ends) = into_field(text);
            assert_eq!(from_field(&change(&field), &ends), expected);
        };
        // A replaced line, an inserted one, a removed one, a replaced last one.
        let text = "{\r\n  \"a\": 1,\n  \"b\": 2\r}\n";
        check(text, |field| field.replace("1,", "3,"), "{\r\n  \"a\": 3,\n  \"b\": 2\r}\n");
        check(
            text,
            |field| field.replace("1,\n", "1,\n  \"c\": 0,\n"),
            "{\r\n  \"a\": 1,\n  \"c\": 0,\n  \"b\": 2\r}\n",
        );
        check(text, |field| field.replace("  \"a\": 1,\n", ""), "{\r\n  \"b\": 2\r}\n");
        check(text, |field| field.trim_end().to_owned(), "{\r\n  \"a\": 1,\n  \"b\": 2\r}");
        check("{\r\n}", |field| field.replace("}", "  \"a\": 1\n}"), "{\r\n  \"a\": 1\r\n}");
    }

    #[test]
    fn a_second_mark_is_part_of_the_text() {
        let text = "\u{feff}\u{feff}{}";
        let (field, ends) = into_field(text);
        assert_eq!(field, "\u{feff}{}");
        assert_eq!(from_field(&field, &ends), text);
    }
}
