//! Splits JSON text into lines and lines into coloured runs, by the core's tokens. Pure.
use crate::components::line_text::{SHOWN, TextRun, push};
use callboard_core::{Session, Token, TokenKind, tokens};
use std::sync::Arc;

/// A session's text with its line starts and tokens.
#[derive(Debug)]
pub struct TextLines {
    text: Arc<str>,
    starts: Vec<usize>,
    tokens: Vec<Token>,
}

impl TextLines {
    /// Indexes the lines of a session's text.
    pub fn of(text: Arc<str>, session: &Session) -> Self {
        Self::new(text, session.tokens())
    }

    /// Indexes the lines of any text: JSON has colours, also one document a line.
    pub fn of_file(text: Arc<str>) -> Self {
        let whole = tokens(&text).ok();
        let by_line = || {
            let mut start = 0;
            let mut all = Vec::new();
            for line in text.split_inclusive('\n') {
                #[allow(clippy::cast_possible_truncation)]
                let shifted =
                    |token: Token| Token { start: token.start + start as u32, end: token.end + start as u32, ..token };
                if line.starts_with('{') {
                    all.extend(tokens(line.trim_end()).unwrap_or_default().into_iter().map(shifted));
                }
                start += line.len();
            }
            all
        };
        let tokens = whole.unwrap_or_else(by_line);
        Self::new(text, tokens)
    }

    fn new(text: Arc<str>, tokens: Vec<Token>) -> Self {
        let after = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        let mut starts: Vec<usize> = std::iter::once(0).chain(after).collect();
        if starts.len() > 1 && starts.last() == Some(&text.len()) {
            // The final line end starts no new line.
            starts.pop();
        }
        Self { text, starts, tokens }
    }

    /// Returns the number of lines.
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// Returns true if there is no line, which never happens.
    pub fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    /// Returns the bounds of a line without its end.
    fn bounds(&self, line: usize) -> (usize, usize) {
        let start = self.starts.get(line).copied().unwrap_or(self.text.len());
        let end = self.starts.get(line + 1).map_or(self.text.len(), |next| next - 1);
        let line = self.text.get(start..end).unwrap_or_default();
        (start, start + line.trim_end_matches(['\n', '\r']).len())
    }
}

fn class(kind: TokenKind) -> &'static str {
    match kind {
        TokenKind::Key => "json-key",
        TokenKind::Text => "json-text",
        TokenKind::Number => "json-figure",
        TokenKind::Word => "json-word",
    }
}

/// Returns a line's runs.
pub fn line_runs(lines: &TextLines, line: usize) -> Vec<TextRun> {
    let (start, end) = lines.bounds(line);
    let mut runs = Vec::new();
    let mut left = SHOWN;
    let first = lines.tokens.partition_point(|token| (token.end as usize) <= start);
    let mut at = start;
    for token in &lines.tokens[first..] {
        let (from, to) = ((token.start as usize).max(at), (token.end as usize).min(end));
        if from >= end || left == 0 {
            break;
        }
        push(&mut runs, "json-mark", &lines.text[at..from], &mut left);
        push(&mut runs, class(token.kind), &lines.text[from..to], &mut left);
        at = to;
    }
    push(&mut runs, "json-mark", &lines.text[at..end], &mut left);
    if left == 0 {
        let more = lines.text[start..end].chars().count().saturating_sub(SHOWN);
        if more > 0 {
            runs.push(TextRun::Omitted(more));
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> TextLines {
        TextLines::of(text.into(), &Session::parse(text).unwrap())
    }

    fn text(class: &'static str, text: &str) -> TextRun {
        TextRun::Text(class, text.into())
    }

    #[test]
    fn a_line_is_split_into_coloured_runs() {
        let lines = lines("{\"session_id\": \"a\",\r\n  \"n\": [1, null]}\r\n");
        assert_eq!(lines.len(), 2);
        assert_eq!(
            line_runs(&lines, 0),
            [
                text("json-mark", "{"),
                text("json-key", "\"session_id\""),
                text("json-mark", ": "),
                text("json-text", "\"a\""),
                text("json-mark", ","),
            ]
        );
        assert_eq!(line_runs(&lines, 1)[3], text("json-figure", "1"));
        assert_eq!(line_runs(&lines, 1)[5], text("json-word", "null"));
        assert_eq!(line_runs(&lines, 7), []);
    }

    #[test]
    fn invisible_characters_are_named() {
        let lines = lines("\u{feff}{\"session_id\": \"a\u{202e}b\"}");
        let runs = line_runs(&lines, 0);
        assert_eq!(runs[0], TextRun::Hidden("U+FEFF".into()));
        assert!(runs.contains(&TextRun::Hidden("U+202E".into())));
        assert!(runs.contains(&text("json-text", "b\"")));
    }

    #[test]
    fn text_that_is_no_json_has_no_colours_and_a_document_a_line_has() {
        let runs = |text: &str, line| line_runs(&TextLines::of_file(text.into()), line);
        assert_eq!(runs("{\"a\": 1", 0), [text("json-mark", "{\"a\": 1")]);
        assert_eq!(runs("{\"a\": 1}\n{\"b\": 2}\n", 1)[1], text("json-key", "\"b\""));
    }

    #[test]
    fn a_long_line_is_cut_with_a_count() {
        let lines = lines(&format!("{{\"session_id\": \"{}\"}}", "\u{e9}".repeat(100_000)));
        let runs = line_runs(&lines, 0);
        assert_eq!(runs.last(), Some(&TextRun::Omitted(100_018 - SHOWN)));
    }
}
