//! Parser: one pass over the bytes with an explicit stack, so that no depth overflows.

use super::error::{ParseError, ParseErrorCode};
use super::format_of::other_format;
use super::string::plain;
use super::{Kind, Node, NodeId, position};
use crate::work;

pub(super) fn parse(text: &str) -> Result<Vec<Node>, ParseError> {
    if text.len() >= u32::MAX as usize {
        return Err(ParseError::new(
            ParseErrorCode::TooLarge,
            "The file is 4 GiB or larger: a session file is a few kilobytes",
            text,
            0,
        ));
    }
    work::count(text.len());
    let parser = Parser { text, bytes: text.as_bytes(), at: 0, nodes: Vec::with_capacity(text.len() / 12 + 8) };
    parser.run().map_err(|error| other_format(text.as_bytes()).unwrap_or(error))
}

/// Hint for a NUL byte, which no writer of JSON makes.
const DAMAGED: &str = "the file is damaged, as after a crash or on a full disk; restore it from git or a backup";

struct Parser<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    nodes: Vec<Node>,
}

impl Parser<'_> {
    fn run(mut self) -> Result<Vec<Node>, ParseError> {
        if self.text.starts_with('\u{feff}') {
            self.at = 3;
        }
        self.skip_space();
        if self.at == self.bytes.len() {
            return Err(self.error(ParseErrorCode::Empty, "The file is empty: a session file holds one JSON object"));
        }
        // The open containers, innermost last; `in_object` is true if the innermost is an object.
        let mut open: Vec<NodeId> = Vec::with_capacity(8);
        let mut in_object = false;
        loop {
            // Read a value.
            self.skip_space();
            match self.bytes.get(self.at) {
                Some(&byte @ (b'{' | b'[')) => {
                    in_object = byte == b'{';
                    open.push(self.nodes.len() as NodeId);
                    self.push(if in_object { Kind::Object } else { Kind::Array }, self.at, self.at + 1);
                    self.at += 1;
                    self.skip_space();
                    if self.bytes.get(self.at) != Some(if in_object { &b'}' } else { &b']' }) {
                        if in_object {
                            self.key(&open, "a key in double quotes or \"}\"")?;
                        }
                        continue;
                    }
                }
                Some(&byte) => {
                    self.scalar(byte)?;
                    if in_object {
                        self.end_member(self.nodes.len() - 1);
                    }
                }
                None => return Err(self.ended(&open)),
            }
            // Close the containers that end here.
            loop {
                if open.is_empty() {
                    self.skip_space();
                    if self.at < self.bytes.len() {
                        return Err(self.trailing());
                    }
                    return Ok(self.nodes);
                }
                self.skip_space();
                match (self.bytes.get(self.at), in_object) {
                    (Some(b','), true) => {
                        self.at += 1;
                        self.skip_space();
                        self.key(&open, "a key in double quotes after the comma")?;
                        break;
                    }
                    (Some(b','), false) => {
                        self.at += 1;
                        break;
                    }
                    (Some(b'}'), true) | (Some(b']'), false) => in_object = self.close(&mut open),
                    (Some(_), true) => return Err(self.unexpected("a comma or \"}\" after the value")),
                    (Some(_), false) => return Err(self.unexpected("a comma or \"]\" after the value")),
                    (None, _) => return Err(self.ended(&open)),
                }
            }
        }
    }

    /// Reads a key and its colon.
    #[inline]
    fn key(&mut self, open: &[NodeId], wanted: &str) -> Result<(), ParseError> {
        match self.bytes.get(self.at) {
            Some(b'"') => {}
            Some(_) => return Err(self.unexpected(wanted)),
            None => return Err(self.ended(open)),
        }
        self.string(Kind::Key)?;
        self.skip_space();
        if self.bytes.get(self.at) != Some(&b':') {
            return Err(self.unexpected("a colon after the key"));
        }
        self.at += 1;
        Ok(())
    }

    #[inline]
    fn push(&mut self, kind: Kind, start: usize, end: usize) {
        let next = self.nodes.len() as NodeId + 1;
        self.nodes.push(Node { start: start as u32, end: end as u32, next, kind, escaped: false });
    }

    /// Closes the innermost container. Returns true if the one around it is an object.
    fn close(&mut self, open: &mut Vec<NodeId>) -> bool {
        self.at += 1;
        let Some(id) = open.pop() else { return false };
        let next = self.nodes.len() as NodeId;
        if let Some(node) = self.nodes.get_mut(id as usize) {
            node.end = self.at as u32;
            node.next = next;
        }
        let in_object = open.last().is_some_and(|&id| self.nodes[id as usize].kind == Kind::Object);
        if in_object {
            self.end_member(id as usize);
        }
        in_object
    }

    /// Sets the key of a finished value to skip the member.
    fn end_member(&mut self, value: usize) {
        let next = self.nodes.len() as NodeId;
        if let Some(key) = value.checked_sub(1).and_then(|key| self.nodes.get_mut(key)) {
            key.next = next;
        }
    }

    #[inline]
    fn skip_space(&mut self) {
        let mut at = self.at;
        // The loop nearly always stops at once.
        while self.bytes.get(at).is_some_and(|byte| matches!(byte, b' ' | b'\n' | b'\r' | b'\t')) {
            at += 1;
        }
        self.at = at;
    }

    fn scalar(&mut self, byte: u8) -> Result<(), ParseError> {
        match byte {
            b'"' => self.string(Kind::String),
            b'-' | b'0'..=b'9' => self.number(),
            b't' => self.literal("true", Kind::True),
            b'f' => self.literal("false", Kind::False),
            b'n' => self.literal("null", Kind::Null),
            _ => Err(self.unexpected("a value")),
        }
    }

    fn literal(&mut self, word: &str, kind: Kind) -> Result<(), ParseError> {
        let end = self.at + word.len();
        let rest = &self.bytes[self.at..];
        let whole = rest.starts_with(word.as_bytes())
            && !self.bytes.get(end).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
        if !whole {
            if word.as_bytes().starts_with(rest) {
                self.at = self.bytes.len();
                return Err(self.error(ParseErrorCode::UnexpectedEnd, format!("The file ends inside \"{word}\"")));
            }
            return Err(self.unexpected("a value"));
        }
        self.push(kind, self.at, end);
        self.at = end;
        Ok(())
    }

    #[inline]
    fn string(&mut self, kind: Kind) -> Result<(), ParseError> {
        let start = self.at;
        let at = start + 1 + plain(&self.bytes[start + 1..]);
        if self.bytes.get(at) == Some(&b'"') {
            self.push(kind, start, at + 1);
            self.at = at + 1;
            return Ok(());
        }
        self.escaped_string(kind, start, at)
    }

    /// Reads the rest of a string with an escape or an invalid character at `at`.
    #[inline(never)]
    fn escaped_string(&mut self, kind: Kind, start: usize, mut at: usize) -> Result<(), ParseError> {
        loop {
            match self.bytes.get(at) {
                Some(b'"') => break,
                Some(b'\\') => at = self.escape(at, start)?,
                Some(0..=0x1f) => {
                    self.at = at;
                    let message = match self.bytes[at] {
                        b'\n' | b'\r' => "The text in quotes is not closed on its line: a quote is missing, or a line break must be written \\n".to_owned(),
                        0 => format!("A NUL byte inside a string: {DAMAGED}"),
                        byte => format!("A control character is inside a string: write it as \\u{byte:04x}"),
                    };
                    return Err(self.error(ParseErrorCode::BadString, message));
                }
                // Not reached: the scan stops only at one of the above.
                Some(_) => at += 1,
                None => return Err(self.unclosed(start)),
            }
            at += plain(&self.bytes[at..]);
        }
        self.push(kind, start, at + 1);
        if let Some(node) = self.nodes.last_mut() {
            node.escaped = true;
        }
        self.at = at + 1;
        Ok(())
    }

    /// Skips the escape with its backslash at `at`.
    fn escape(&mut self, at: usize, start: usize) -> Result<usize, ParseError> {
        match self.bytes.get(at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(at + 2),
            Some(b'u') => {
                for digit in at + 2..at + 6 {
                    match self.bytes.get(digit) {
                        Some(byte) if byte.is_ascii_hexdigit() => {}
                        Some(_) => {
                            self.at = at;
                            return Err(self
                                .error(ParseErrorCode::BadString, "\\u must be followed by four hexadecimal digits"));
                        }
                        None => return Err(self.unclosed(start)),
                    }
                }
                Ok(at + 6)
            }
            Some(_) => {
                self.at = at;
                Err(self.error(ParseErrorCode::BadString, "A backslash must be written twice: \\\\"))
            }
            None => Err(self.unclosed(start)),
        }
    }

    #[cold]
    #[inline(never)]
    fn unclosed(&mut self, start: usize) -> ParseError {
        let (line, column) = position(self.text, start);
        self.at = self.bytes.len();
        self.error(
            ParseErrorCode::UnexpectedEnd,
            format!("The file ends inside the string that opens at line {line}, column {column}"),
        )
    }

    fn number(&mut self) -> Result<(), ParseError> {
        let start = self.at;
        let digits = |bytes: &[u8], mut at: usize| {
            while bytes.get(at).is_some_and(u8::is_ascii_digit) {
                at += 1;
            }
            at
        };
        let mut at = start + usize::from(self.bytes[start] == b'-');
        let whole = digits(self.bytes, at);
        let mut good = whole > at && !(whole > at + 1 && self.bytes[at] == b'0');
        at = whole;
        if self.bytes.get(at) == Some(&b'.') {
            let fraction = digits(self.bytes, at + 1);
            good &= fraction > at + 1;
            at = fraction;
        }
        if let Some(b'e' | b'E') = self.bytes.get(at) {
            let sign = usize::from(matches!(self.bytes.get(at + 1), Some(b'+' | b'-')));
            let exponent = digits(self.bytes, at + 1 + sign);
            good &= exponent > at + 1 + sign;
            at = exponent;
        }
        if !good {
            if at >= self.bytes.len() {
                self.at = self.bytes.len();
                return Err(self.error(ParseErrorCode::UnexpectedEnd, "The file ends inside a number"));
            }
            let spelt: String = self.text[start..]
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || "+-.".contains(*c))
                .take(24)
                .collect();
            return Err(
                self.error(ParseErrorCode::BadNumber, format!("\"{spelt}\" is not a number that JSON can hold"))
            );
        }
        self.push(Kind::Number, start, at);
        self.at = at;
        Ok(())
    }

    fn error(&self, code: ParseErrorCode, message: impl Into<String>) -> ParseError {
        ParseError::new(code, message, self.text, self.at)
    }

    #[cold]
    #[inline(never)]
    fn ended(&self, open: &[NodeId]) -> ParseError {
        let message = match open.last() {
            Some(&id) => {
                let node = self.nodes[id as usize];
                let (line, column) = position(self.text, node.start as usize);
                let bracket = if node.kind == Kind::Object { '{' } else { '[' };
                format!("The file ends early: the \"{bracket}\" at line {line}, column {column} is not closed")
            }
            None => "The file ends early".to_owned(),
        };
        self.error(ParseErrorCode::UnexpectedEnd, message)
    }

    #[cold]
    #[inline(never)]
    fn trailing(&self) -> ParseError {
        if self.conflict() {
            return self.merge_conflict();
        }
        if self.bytes.get(self.at) == Some(&0) {
            return self.error(
                ParseErrorCode::TrailingCharacters,
                "NUL bytes follow the end of the document, as after a crash: remove them",
            );
        }
        self.error(
            ParseErrorCode::TrailingCharacters,
            "Text follows the end of the JSON value: a session file holds one JSON object",
        )
    }

    fn conflict(&self) -> bool {
        let line_start = self.at == 0 || self.bytes[self.at - 1] == b'\n';
        let rest = &self.bytes[self.at..];
        line_start
            && [&b"<<<<<<<"[..], b"=======", b">>>>>>>", b"|||||||"].iter().any(|marker| rest.starts_with(marker))
    }

    #[cold]
    #[inline(never)]
    fn merge_conflict(&self) -> ParseError {
        self.error(ParseErrorCode::MergeConflict, "Unresolved git merge conflict: resolve it in git first")
    }

    #[cold]
    #[inline(never)]
    fn unexpected(&self, wanted: &str) -> ParseError {
        if self.conflict() {
            return self.merge_conflict();
        }
        let Some(found) = self.text[self.at..].chars().next() else {
            return self.error(ParseErrorCode::UnexpectedEnd, format!("The file ends where {wanted} was expected"));
        };
        let message = match found {
            '\'' => format!("Expected {wanted}, found a single quote: JSON uses double quotes"),
            '/' => format!("Expected {wanted}, found \"/\": JSON has no comments"),
            '}' | ']' if wanted.ends_with("after the comma") => {
                format!("Expected {wanted}, found \"{found}\": remove the comma before it")
            }
            'N' | 'I' if wanted == "a value" => {
                return self.error(
                    ParseErrorCode::BadNumber,
                    "NaN and Infinity are not numbers that JSON can hold: use null for an unknown figure",
                );
            }
            '\0' if self.bytes.iter().all(|byte| *byte == 0) => format!("The file holds only NUL bytes: {DAMAGED}"),
            '\0' => format!("Expected {wanted}, found a NUL byte: {DAMAGED}"),
            _ if found.is_control() || found == '\u{feff}' => {
                format!("Expected {wanted}, found the control character U+{:04X}", found as u32)
            }
            _ => format!("Expected {wanted}, found \"{found}\""),
        };
        self.error(ParseErrorCode::UnexpectedCharacter, message)
    }
}
