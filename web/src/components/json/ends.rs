//! How a text's lines end. A field in a page knows one way only, so the others are put aside while the text
//! is in it, and each line gets its own end back. Pure.
use callboard_core::diff::{LineKind, lines};
use std::collections::VecDeque;

const FEED: &str = "\n";
const PAIR: &str = "\r\n";
const RETURN: &str = "\r";
const MARK: char = '\u{feff}';

/// The ends of a text's lines, and the mark before its first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ends {
    marked: bool,
    kinds: Kinds,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kinds {
    /// Every line ends like this.
    Even(&'static str),
    /// Line by line, with the text as the field had it.
    Each(Vec<&'static str>, String),
}

/// A text as a field holds it, and what the field cannot hold.
pub fn into_field(text: &str) -> (String, Ends) {
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
        if ends.iter().all(|end| *end == first) { Kinds::Even(first) } else { Kinds::Each(ends, field.clone()) };
    (field, Ends { marked, kinds })
}

/// The text again: each line ends as it did, and a new one as the line that it replaces or follows.
pub fn from_field(field: &str, ends: &Ends) -> String {
    let field = field.replace(PAIR, FEED);
    let mut text = if ends.marked { String::from(MARK) } else { String::new() };
    match &ends.kinds {
        Kinds::Even(end) => text.push_str(&field.replace(FEED, end)),
        Kinds::Each(kinds, before) => {
            let ends = ends_of(before, &field, kinds);
            for (line, end) in field.split_inclusive('\n').zip(ends) {
                let body = line.strip_suffix('\n');
                text.push_str(body.unwrap_or(line));
                text.push_str(if body.is_some() { end } else { "" });
            }
        }
    }
    text
}

/// The end of each line of the field.
fn ends_of(before: &str, field: &str, kinds: &[&'static str]) -> Vec<&'static str> {
    let first = kinds.first().copied().unwrap_or(FEED);
    let old = |line: Option<u32>| line.and_then(|line| kinds.get((line as usize).checked_sub(1)?).copied());
    let mut ends: Vec<&'static str> = Vec::new();
    // The ends of the lines that went, for those that come in their place.
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
    fn a_field_gives_back_what_it_was_given() {
        let even = ["{\n}\n", "{\r\n}\r\n", "\u{feff}{\r\n}", "{}", "\u{feff}{}\n", "", "{\r}\r"];
        let mixed = ["{\r\n\n}", "{\r\"a\": 1\n}\r\n", "\u{feff}{\n\r\r\n}", "\r\n\r\r\n\n", "{\n\r}"];
        for text in even.into_iter().chain(mixed) {
            let (field, ends) = into_field(text);
            assert!(!field.contains('\r') && !field.starts_with(MARK));
            assert_eq!(from_field(&field, &ends), text, "{text:?}");
        }
    }

    #[test]
    fn lines_that_are_not_touched_keep_their_ends() {
        let check = |text: &str, change: fn(&str) -> String, expected: &str| {
            let (field, ends) = into_field(text);
            assert_eq!(from_field(&change(&field), &ends), expected);
        };
        // A line in place of another, one more after it, one less, another last one.
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
