//! A text as lines, and a line as coloured pieces. Pure; what each piece is, the core says.
use crate::components::pieces::{Piece, SHOWN, push};
use callboard_core::{Session, Token, TokenKind};
use std::sync::Arc;

/// A session's text, where its lines begin, and what is in it.
#[derive(Debug)]
pub struct Lines {
    text: Arc<str>,
    starts: Vec<usize>,
    tokens: Vec<Token>,
}

impl Lines {
    /// The lines of a session's text, which is shared.
    pub fn of(text: Arc<str>, session: &Session) -> Self {
        let after = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        let mut starts: Vec<usize> = std::iter::once(0).chain(after).collect();
        if starts.len() > 1 && starts.last() == Some(&text.len()) {
            // What follows the last line's end is no line.
            starts.pop();
        }
        Self { text, starts, tokens: session.tokens() }
    }

    /// How many lines there are.
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// Whether there is none; there always is one.
    pub fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    /// From where to where a line goes, without its end.
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

/// A line's pieces.
pub fn pieces(lines: &Lines, line: usize) -> Vec<Piece> {
    let (start, end) = lines.bounds(line);
    let mut pieces = Vec::new();
    let mut left = SHOWN;
    let first = lines.tokens.partition_point(|token| (token.end as usize) <= start);
    let mut at = start;
    for token in &lines.tokens[first..] {
        let (from, to) = ((token.start as usize).max(at), (token.end as usize).min(end));
        if from >= end || left == 0 {
            break;
        }
        push(&mut pieces, "json-mark", &lines.text[at..from], &mut left);
        push(&mut pieces, class(token.kind), &lines.text[from..to], &mut left);
        at = to;
    }
    push(&mut pieces, "json-mark", &lines.text[at..end], &mut left);
    if left == 0 {
        let more = lines.text[start..end].chars().count().saturating_sub(SHOWN);
        if more > 0 {
            pieces.push(Piece::More(more));
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Lines {
        Lines::of(text.into(), &Session::parse(text).unwrap())
    }

    fn text(class: &'static str, text: &str) -> Piece {
        Piece::Text(class, text.into())
    }

    #[test]
    fn a_line_is_its_pieces() {
        let lines = lines("{\"session_id\": \"a\",\r\n  \"n\": [1, null]}\r\n");
        assert_eq!(lines.len(), 2);
        assert_eq!(
            pieces(&lines, 0),
            [
                text("json-mark", "{"),
                text("json-key", "\"session_id\""),
                text("json-mark", ": "),
                text("json-text", "\"a\""),
                text("json-mark", ","),
            ]
        );
        assert_eq!(pieces(&lines, 1)[3], text("json-figure", "1"));
        assert_eq!(pieces(&lines, 1)[5], text("json-word", "null"));
        assert_eq!(pieces(&lines, 7), []);
    }

    #[test]
    fn what_cannot_be_seen_is_named() {
        let lines = lines("\u{feff}{\"session_id\": \"a\u{202e}b\"}");
        let pieces = pieces(&lines, 0);
        assert_eq!(pieces[0], Piece::Hidden("U+FEFF".into()));
        assert!(pieces.contains(&Piece::Hidden("U+202E".into())));
        assert!(pieces.contains(&text("json-text", "b\"")));
    }

    #[test]
    fn a_line_too_long_is_cut_and_says_so() {
        let lines = lines(&format!("{{\"session_id\": \"{}\"}}", "\u{e9}".repeat(100_000)));
        let pieces = pieces(&lines, 0);
        assert_eq!(pieces.last(), Some(&Piece::More(100_018 - SHOWN)));
    }
}
