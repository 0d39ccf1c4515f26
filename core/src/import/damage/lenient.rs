//! A reader of text that is nearly JSON: it writes the JSON that is meant, line by line where it stood.

use super::{Repair, RepairCode};
use crate::decimal::same_number;
use crate::document::{Positions, position};
use crate::names::shorten;
use crate::work;

/// Most lines without JSON that are ignored: a text with more is another language.
const MOST_STRAY_LINES: usize = 3;

/// The depth to which a damaged text is read.
const DEEPEST: usize = 512;

/// A damaged text as JSON.
pub(super) struct Lenient {
    pub(super) text: String,
    pub(super) repairs: Vec<Repair>,
    /// The offset after the document.
    pub(super) end: usize,
}

/// The next expected part.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Expected {
    /// A key, or the end of the object.
    Key,
    Colon,
    /// A value, or the end of a list.
    Value,
    /// A comma, or the end of what holds the value.
    Comma,
}

struct LenientReader<'a> {
    text: &'a str,
    at: usize,
    out: String,
    /// The closing bracket of each open container.
    open: Vec<char>,
    next: Expected,
    /// Offset in `out` of the last comma, while nothing follows it.
    comma: Option<usize>,
    /// Length of `out` to keep if the text ends now, and the number of containers open there.
    safe: (usize, usize),
    stray: usize,
    /// By offset.
    found: Vec<(usize, RepairCode, String)>,
}

impl Lenient {
    /// Reads the object or list that begins at an offset; none where it is not nearly JSON.
    pub(super) fn read(text: &str, from: usize) -> Option<Lenient> {
        let mut reader = LenientReader {
            text,
            at: from,
            out: String::with_capacity(text.len() + 8),
            open: Vec::new(),
            next: Expected::Value,
            comma: None,
            safe: (0, 0),
            stray: 0,
            found: Vec::new(),
        };
        // Lines and columns stay what they are in the file.
        reader.out.extend(text[..from].chars().map(|letter| if letter == '\n' { '\n' } else { ' ' }));
        let end = reader.run()?;
        work::count(text.len());
        let mut positions = Positions::of(text);
        let mut repairs = Vec::new();
        reader.found.sort_by_key(|found| found.0);
        for (offset, code, message) in reader.found {
            let (line, column) = positions.at(offset);
            // Each kind once a line is enough to find it.
            let same = |last: &&Repair| last.code == code && last.line == line;
            if repairs.last().filter(same).is_none() {
                repairs.push(Repair { code, message, line, column });
            }
        }
        Some(Lenient { text: reader.out, repairs, end })
    }
}

impl<'a> LenientReader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Reads on to the end of the document; the offset after it.
    fn run(&mut self) -> Option<usize> {
        loop {
            work::count(1);
            self.space();
            let Some(letter) = self.rest().chars().next() else { return self.cut() };
            if self.comment() {
                continue;
            }
            let ends = self.open.last() == Some(&letter);
            match self.next {
                Expected::Value | Expected::Key if ends && (self.next == Expected::Key || letter == ']') => {
                    self.drop_comma(letter);
                    self.close(letter);
                }
                Expected::Comma if ends => self.close(letter),
                Expected::Key => match closing_quote(letter) {
                    Some(_) => {
                        if !self.string(letter)? {
                            return self.cut();
                        }
                        self.next = Expected::Colon;
                    }
                    None => self.stray_line()?,
                },
                Expected::Colon => {
                    if letter != ':' {
                        return None;
                    }
                    self.push(1);
                    self.next = Expected::Value;
                }
                Expected::Comma => {
                    if letter != ',' {
                        self.stray_line()?;
                        continue;
                    }
                    self.comma = Some(self.out.len());
                    self.push(1);
                    self.next = if self.open.last() == Some(&'}') { Expected::Key } else { Expected::Value };
                }
                Expected::Value => {
                    self.comma = None;
                    match letter {
                        '{' | '[' => {
                            if self.open.len() >= DEEPEST {
                                return None;
                            }
                            self.push(1);
                            self.open.push(if letter == '{' { '}' } else { ']' });
                            self.next = if letter == '{' { Expected::Key } else { Expected::Value };
                            self.safe = (self.out.len(), self.open.len());
                            continue;
                        }
                        _ if closing_quote(letter).is_some() => {
                            if !self.string(letter)? {
                                return self.cut();
                            }
                        }
                        _ => {
                            if !self.bare()? {
                                return self.cut();
                            }
                        }
                    }
                    self.ended();
                }
            }
            if self.open.is_empty() {
                return Some(self.at);
            }
        }
    }

    /// Copies a number of bytes.
    fn push(&mut self, bytes: usize) {
        let end = self.at + bytes;
        work::count(bytes);
        let piece = self.text.get(self.at..end).unwrap_or_default();
        self.out.push_str(piece);
        self.at = end;
    }

    /// Replaces text by spaces, a letter by one, so that what follows keeps its column.
    fn blank(&mut self, to: usize) {
        work::count(to - self.at);
        let piece = self.text.get(self.at..to).unwrap_or_default();
        self.out.extend(piece.chars().map(|letter| if matches!(letter, '\n' | '\r') { letter } else { ' ' }));
        self.at = to;
    }

    fn space(&mut self) {
        let length = self.rest().len() - self.rest().trim_start_matches([' ', '\t', '\r', '\n']).len();
        self.push(length);
        // Marks and spaces that only look like white space.
        while let Some(letter) = self
            .rest()
            .chars()
            .next()
            .filter(|letter| matches!(letter, '\u{feff}' | '\u{a0}' | '\u{200b}' | '\u{2028}' | '\u{2029}'))
        {
            self.blank(self.at + letter.len_utf8());
            let length = self.rest().len() - self.rest().trim_start_matches([' ', '\t', '\r', '\n']).len();
            self.push(length);
        }
    }

    /// Passes over a comment.
    fn comment(&mut self) -> bool {
        let rest = self.rest();
        let length = if rest.starts_with("//") || rest.starts_with('#') {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else {
            return false;
        };
        self.found.push((self.at, RepairCode::Comment, "Ignored a comment: JSON has none.".to_owned()));
        self.blank(self.at + length);
        true
    }

    /// Passes over the rest of a line that is no part of the document.
    fn stray_line(&mut self) -> Option<()> {
        self.stray += 1;
        let rest = self.rest();
        let length = rest.find('\n').unwrap_or(rest.len());
        let line = rest.get(..length).unwrap_or_default().trim_end();
        // A bracket that closes nothing is not a stray line, and neither is the rest of one that holds JSON.
        let starts_line = self.text.get(..self.at).unwrap_or_default().trim_end_matches([' ', '\t']).ends_with('\n');
        if self.stray > MOST_STRAY_LINES || !starts_line || line.starts_with(['{', '}', '[', ']', ',', ':', '"']) {
            return None;
        }
        let shown = shorten(line);
        self.found.push((self.at, RepairCode::StrayLine, format!("Ignored a line that is not JSON: {shown}.")));
        self.blank(self.at + length);
        Some(())
    }

    /// Takes a comma back that nothing follows.
    fn drop_comma(&mut self, before: char) {
        if let Some(at) = self.comma.take() {
            self.out.replace_range(at..=at, " ");
            let back = self.text.get(..self.at).and_then(|text| text.rfind(',')).unwrap_or(self.at);
            let message = format!("Ignored the comma before \"{before}\".");
            self.found.push((back, RepairCode::TrailingComma, message));
        }
    }

    fn close(&mut self, letter: char) {
        self.push(letter.len_utf8());
        self.open.pop();
        self.ended();
    }

    fn ended(&mut self) {
        self.next = Expected::Comma;
        self.safe = (self.out.len(), self.open.len());
    }

    /// Reads a string, whichever quotes it has; false where the text ends inside it.
    fn string(&mut self, opening: char) -> Option<bool> {
        let start = self.at;
        let closing = closing_quote(opening)?;
        let is_plain = opening == '"';
        self.at += opening.len_utf8();
        self.out.push('"');
        loop {
            let rest = self.rest();
            let Some(letter) = rest.chars().next() else { return Some(false) };
            match letter {
                '"' if is_plain => {
                    self.push(1);
                    return Some(true);
                }
                _ if !is_plain && closing.contains(&letter) => {
                    self.at += letter.len_utf8();
                    self.out.push('"');
                    let names = format!("U+{:04X}", opening as u32);
                    let names = if letter == opening { names } else { format!("{names}, U+{:04X}", letter as u32) };
                    let message = format!("Read the typographic quotes ({names}) as \".");
                    self.found.push((start, RepairCode::Quotes, message));
                    return Some(true);
                }
                '"' => {
                    // Inside of other quotes it is a letter.
                    self.out.push_str("\\\"");
                    self.at += 1;
                }
                '\\' => {
                    let length = 1 + rest.chars().nth(1).map_or(0, char::len_utf8);
                    self.push(length);
                }
                // The line ends inside the string: the text is damaged beyond what can be told.
                letter if letter < ' ' => return None,
                _ => {
                    let length = rest.find(['"', '\\', '”', '“', '„', '\n', '\r', '\t']).unwrap_or(rest.len());
                    self.push(length.max(letter.len_utf8()));
                }
            }
        }
    }

    /// Reads a number or a word; false where the text ends with it, which may be a part of one.
    fn bare(&mut self) -> Option<bool> {
        let rest = self.rest();
        let length = rest.find([',', '}', ']', '\n', '\r']).unwrap_or(rest.len());
        work::count(length);
        if length == rest.len() {
            return Some(false);
        }
        let word = rest.get(..length).unwrap_or_default();
        let word = word.split("//").next().unwrap_or(word).trim_end();
        if word.is_empty() {
            return None;
        }
        let json = match word {
            "true" | "True" => "true",
            "false" | "False" => "false",
            "null" | "None" | "undefined" | "NaN" => "null",
            number if same_number(number, number) => {
                self.push(word.len());
                return Some(true);
            }
            _ => {
                // A call or a name of another language: what it would be is not known.
                let named = word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.()- \"'".contains(&byte));
                if !named || !word.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_') {
                    return None;
                }
                "null"
            }
        };
        if json != word {
            let message = format!("Read {} as {json}: JSON has no such value.", shorten(word));
            self.found.push((self.at, RepairCode::BareValue, message));
        }
        self.at += word.len();
        self.out.push_str(json);
        Some(true)
    }

    /// Ends a document at the end of the text: what is whole of it stands.
    fn cut(&mut self) -> Option<usize> {
        let (length, open) = self.safe;
        if length == 0 {
            return None;
        }
        let (line, _) = position(self.text, self.text.trim_end().len());
        self.out.truncate(length);
        self.open.truncate(open);
        while let Some(closing) = self.open.pop() {
            self.out.push(closing);
        }
        let message = format!(
            "Cut off at line {line}: only the complete part before it is read. Callboard never writes this file."
        );
        self.found.push((self.text.trim_end().len(), RepairCode::Cut, message));
        Some(self.text.len())
    }
}

/// The quotes that close a string that this one opens; none for another character.
fn closing_quote(opening: char) -> Option<&'static [char]> {
    match opening {
        '"' => Some(&['"']),
        '“' | '”' => Some(&['”', '“']),
        '„' => Some(&['“', '”']),
        _ => None,
    }
}
