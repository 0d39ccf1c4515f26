//! Text that is not quite JSON: wrapped, cut off, concatenated, in another encoding.
//!
//! Nothing is written back: what was read is a text of its own beside the file's bytes, with what was done and where.

mod conflict;
mod encoding;
mod lenient;
mod wrapped;

pub use conflict::ConflictSides;
pub use encoding::Encoding;

use crate::ParseError;
use crate::document::{Document, Kind, ROOT, position};
use crate::named_enum::named_enum;
use crate::{ParseErrorCode, document};
use lenient::Lenient;
use std::borrow::Cow;

/// Repair that was needed to read a text.
///
/// ```
/// use callboard_core::import::{RepairCode, mend};
/// let mended = mend(b"```json\n{\"session_id\": \"a\",}\n```\n").unwrap();
/// let codes: Vec<RepairCode> = mended.repairs.iter().map(|repair| repair.code).collect();
/// assert_eq!(codes, [RepairCode::Fence, RepairCode::TrailingComma]);
/// assert_eq!(mended.repairs[1].to_string(), "Ignored the comma before \"}\" (line 2, column 19).");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Repair {
    /// Kind of the damage.
    pub code: RepairCode,
    /// One plain sentence without the place: what was done.
    pub message: String,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1, in characters.
    pub column: u32,
}

impl std::fmt::Display for Repair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sentence = self.message.trim_end_matches('.');
        write!(f, "{sentence} (line {}, column {}).", self.line, self.column)
    }
}

named_enum! {
/// The kinds of damage that can be read past.
///
/// See the example at [`Repair`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RepairCode {
    /// The text is in UTF-16 or UTF-32.
    Encoding = "encoding",
    /// NUL bytes follow the document.
    Zeros = "zeros",
    /// A Markdown fence is around the JSON.
    Fence = "fence",
    /// Prose is around the JSON.
    Prose = "prose",
    /// A comma before a closing bracket.
    TrailingComma = "trailing_comma",
    /// A comment.
    Comment = "comment",
    /// A line that is no part of the JSON.
    StrayLine = "stray_line",
    /// Typographic quotes instead of `"`.
    Quotes = "quotes",
    /// A value that JSON does not have, read as unknown.
    BareValue = "bare_value",
    /// The rest of an older, longer text follows the document.
    Tail = "tail",
    /// The file ends inside the document.
    Cut = "cut",
    /// Several documents, one a line.
    Lines = "lines",
    /// A list of documents.
    List = "list",
}
}

impl RepairCode {
    /// True if the text lacks something or is one of several, so that it can only be looked at. See the example at
    /// [`Mended::is_read_only`].
    pub const fn is_read_only(self) -> bool {
        matches!(self, RepairCode::Cut | RepairCode::Lines | RepairCode::List | RepairCode::BareValue)
    }
}

/// A JSON document that was found in a file.
///
/// See the example at [`mend`].
#[derive(Debug, Clone)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Extract {
    #[cfg_attr(feature = "serde", serde(rename = "text", serialize_with = "text_of"))]
    pub(crate) document: Document,
    /// The number of the document in a file of several, from 0.
    pub index: Option<u64>,
    /// The line at which it begins in the file, from 1.
    pub line: u32,
    /// The column at which it begins, from 1, in characters.
    pub column: u32,
}

#[cfg(feature = "serde")]
fn text_of<S: serde::Serializer>(document: &Document, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(document.text())
}

impl Extract {
    /// The document's text. See the example at [`mend`].
    pub fn text(&self) -> &str {
        self.document.text()
    }
}

/// A file as it can be read.
///
/// See the example at [`mend`].
#[derive(Debug, Clone)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Mended {
    /// The documents in it: one, but for lines and lists of them.
    pub documents: Vec<Extract>,
    /// Repairs in the order of the text; empty for plain JSON.
    pub repairs: Vec<Repair>,
    /// Encoding of the bytes, for exporting the file in it.
    pub encoding: Encoding,
}

impl Mended {
    /// True if what was read must not be written back as the file.
    ///
    /// ```
    /// assert!(callboard_core::import::mend(b"{\"a\": 1, \"b\":").unwrap().is_read_only());
    /// ```
    pub fn is_read_only(&self) -> bool {
        self.repairs.iter().any(|repair| repair.code.is_read_only())
    }

    /// True if `bytes` hold the one document as it is, in whichever encoding: nothing is lost when it is written back.
    pub(super) fn is_as_written(&self, bytes: &[u8]) -> bool {
        if self.repairs.is_empty() {
            return self.documents.len() == 1;
        }
        let [document] = self.documents.as_slice() else { return false };
        let encoded = || self.encoding.encode(document.text());
        // The byte order mark may be missing.
        self.repairs.iter().all(|repair| repair.code == RepairCode::Encoding) && encoded().ends_with(bytes)
    }
}

/// A file that cannot be read, or not without a decision.
///
/// ```
/// use callboard_core::import::{BrokenCode, mend};
/// let broken = mend(&[0; 4096]).unwrap_err();
/// assert_eq!((broken.code, broken.message.as_str()), (BrokenCode::Zeros, "4,096 zero bytes: the file was lost in a \
///     crash. Restore it from git or a backup."));
/// let broken = mend(b"Two of them: {\"a\": 1} and {\"b\": 2}").unwrap_err();
/// assert_eq!((broken.code, broken.choices.len()), (BrokenCode::Several, 2));
/// ```
#[derive(Debug, Clone)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Broken {
    /// Why.
    pub code: BrokenCode,
    /// One or two plain sentences: what it is, and what to do.
    pub message: String,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1, in characters.
    pub column: u32,
    /// The documents of which one can be chosen.
    pub choices: Vec<Extract>,
    /// The two sides of an unresolved merge.
    pub sides: Option<ConflictSides>,
}

named_enum! {
/// The reasons why a file is not read.
///
/// See the example at [`Broken`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BrokenCode {
    /// Nothing is in it.
    Empty = "empty",
    /// Only zero bytes are in it.
    Zeros = "zeros",
    /// It is packed: the host unpacks it.
    Packed = "packed",
    /// It is of another format, such as an image.
    OtherFormat = "other_format",
    /// It is an unresolved merge.
    Conflict = "conflict",
    /// Several documents are in it, of which one must be chosen.
    Several = "several",
    /// It is not JSON.
    NotJson = "not_json",
}
}

impl Broken {
    fn new(code: BrokenCode, message: impl Into<String>, line: u32, column: u32) -> Box<Broken> {
        Box::new(Broken { code, message: message.into(), line, column, choices: Vec::new(), sides: None })
    }

    fn of(error: &ParseError) -> Box<Broken> {
        let code = match error.code() {
            ParseErrorCode::Empty => BrokenCode::Empty,
            ParseErrorCode::NotJson if error.message().ends_with("unpack it first.") => BrokenCode::Packed,
            ParseErrorCode::NotJson | ParseErrorCode::NotUtf8 => BrokenCode::OtherFormat,
            _ => BrokenCode::NotJson,
        };
        Broken::new(code, error.message(), error.line(), error.column())
    }
}

/// Reads the JSON of a file, whatever is around it or missing from it.
///
/// # Errors
/// An error if nothing can be read, or a person must choose.
///
/// ```
/// let mended = callboard_core::import::mend(b"{\"a\": 1}\n{\"a\": 2}\n").unwrap();
/// let texts: Vec<&str> = mended.documents.iter().map(|document| document.text()).collect();
/// assert_eq!(texts, ["{\"a\": 1}", "{\"a\": 2}"]);
/// assert_eq!((mended.documents[1].index, mended.documents[1].line), (Some(1), 2));
/// ```
pub fn mend(bytes: &[u8]) -> Result<Mended, Box<Broken>> {
    if bytes.iter().all(|byte| *byte == 0) {
        return Err(match bytes.len() {
            0 => Broken::new(BrokenCode::Empty, "The file is empty.", 1, 1),
            count => Broken::new(
                BrokenCode::Zeros,
                format!(
                    "{} zero bytes: the file was lost in a crash. Restore it from git or a backup.",
                    grouped(count)
                ),
                1,
                1,
            ),
        });
    }
    let (text, encoding) = encoding::decode(bytes).map_err(|error| Broken::of(&error))?;
    let mut repairs = Vec::new();
    if encoding.is_wide() {
        let message = format!("Read as {}: exports keep this encoding.", encoding.name());
        repairs.push(Repair { code: RepairCode::Encoding, message, line: 1, column: 1 });
    }
    let text = without_zeros(text, &mut repairs);
    let documents = documents(&text, &mut repairs)?;
    Ok(Mended { documents, repairs, encoding })
}

/// A count with its thousands set off.
fn grouped(count: usize) -> String {
    let digits = count.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Cuts off NUL bytes at the end: a file system that has crashed leaves them there.
fn without_zeros<'a>(text: Cow<'a, str>, repairs: &mut Vec<Repair>) -> Cow<'a, str> {
    let kept = text.trim_end_matches('\0').len();
    let zeros = text.len() - kept;
    if zeros == 0 {
        return text;
    }
    let (line, column) = position(&text, kept);
    let message = format!("Ignored {} zero bytes at the end, as after a crash.", grouped(zeros));
    repairs.push(Repair { code: RepairCode::Zeros, message, line, column });
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.get(..kept).unwrap_or(text)),
        Cow::Owned(mut text) => {
            text.truncate(kept);
            Cow::Owned(text)
        }
    }
}

fn documents(text: &str, repairs: &mut Vec<Repair>) -> Result<Vec<Extract>, Box<Broken>> {
    let error = match Document::parse(text.to_owned()) {
        Ok(document) => return Ok(listed(document, repairs)),
        Err(error) => error,
    };
    if matches!(error.code(), ParseErrorCode::Empty | ParseErrorCode::NotJson | ParseErrorCode::NotUtf8) {
        return Err(Broken::of(&error));
    }
    if let Some(sides) = conflict::sides(text) {
        let message = format!(
            "An unresolved git merge: both sides can be read and merged ({} and {}).",
            sides.ours_label, sides.theirs_label
        );
        let mut broken = Broken::new(BrokenCode::Conflict, message, sides.line, 1);
        broken.sides = Some(sides);
        return Err(broken);
    }
    if let Some((lines, cut)) = wrapped::lines(text) {
        let message = format!("{} documents, one per line.", lines.len());
        repairs.push(Repair { code: RepairCode::Lines, message, line: 1, column: 1 });
        if let Some(line) = cut {
            let message = format!("Cut off at line {line}: this document is not read.");
            repairs.push(Repair { code: RepairCode::Cut, message, line, column: 1 });
        }
        return Ok(lines);
    }
    match wrapped::found(text, repairs) {
        Some(Ok(document)) => Ok(listed(document, repairs)),
        Some(Err(choices)) => {
            let (line, column) = choices.get(1).map_or((1, 1), |second| (second.line, second.column));
            let message = format!("{} JSON documents are in this text: choose one.", choices.len());
            let mut broken = Broken::new(BrokenCode::Several, message, line, column);
            broken.choices = choices;
            Err(broken)
        }
        // A text without any object is another format, as an image is.
        None if !text.contains('{') && !text.trim_start().starts_with(['[', '"']) => {
            Err(Broken::new(BrokenCode::OtherFormat, "This is text, not JSON.", error.line(), error.column()))
        }
        None => Err(Broken::of(&error)),
    }
}

/// The objects of a list, each a document of its own; any other document as it is.
fn listed(document: Document, repairs: &mut Vec<Repair>) -> Vec<Extract> {
    let is_list = document.kind(ROOT) == Kind::Array
        && document.elements(ROOT).next().is_some()
        && document.elements(ROOT).all(|element| document.kind(element) == Kind::Object);
    if !is_list {
        return vec![Extract { document, index: None, line: 1, column: 1 }];
    }
    let mut positions = document::Positions::of(document.text());
    let mut extracts = Vec::new();
    for (index, element) in (0..).zip(document.elements(ROOT)) {
        let (line, column) = positions.at(document.node(element).start as usize);
        // An element of a document is one.
        let document = Document::edited(document.raw(element).to_owned());
        extracts.push(Extract { document, index: Some(index), line, column });
    }
    let message = format!("A list of {} documents.", extracts.len());
    repairs.push(Repair { code: RepairCode::List, message, line: 1, column: 1 });
    extracts
}

/// Reads a text leniently from an offset on: the document, and the offset after it.
fn lenient(text: &str, from: usize, repairs: &mut Vec<Repair>) -> Option<(Document, usize)> {
    let read = Lenient::read(text, from)?;
    let document = Document::parse(read.text).ok()?;
    // What holds nothing is no finding.
    let holds_something = document.node(ROOT).next > 1;
    if !holds_something {
        return None;
    }
    repairs.extend(read.repairs);
    Some((document, read.end))
}
