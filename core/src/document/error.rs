//! Errors of texts that cannot be read.

use super::position;
use crate::named_enum::named_enum;
use std::fmt;

named_enum! {
/// Code of a [`ParseError`].
///
/// ```
/// use callboard_core::{ParseErrorCode, Session};
/// assert!(ParseErrorCode::ALL.into_iter().any(|code| code.name() == "merge_conflict"));
/// assert_eq!(Session::parse("").unwrap_err().code(), ParseErrorCode::Empty);
/// assert_eq!(Session::parse("[]").unwrap_err().code(), ParseErrorCode::NotASession);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParseErrorCode {
    /// The file has no content.
    Empty = "empty",
    /// The bytes are not UTF-8.
    NotUtf8 = "not_utf8",
    /// The file has another format, such as an image or an archive.
    NotJson = "not_json",
    /// The file holds the markers of an unresolved git merge.
    MergeConflict = "merge_conflict",
    /// A character that JSON does not allow there.
    UnexpectedCharacter = "unexpected_character",
    /// The text ends inside a value.
    UnexpectedEnd = "unexpected_end",
    /// A number that JSON cannot spell, such as `01`, `+1`, `.5` or `NaN`.
    BadNumber = "bad_number",
    /// A string with a raw control character or an unknown escape.
    BadString = "bad_string",
    /// Text follows the end of the document.
    TrailingCharacters = "trailing_characters",
    /// The file is 4 GiB or more: offsets are kept in 32 bits.
    TooLarge = "too_large",
    /// Well-formed JSON that is not a session.
    NotASession = "not_a_session",
    /// A session's template: its `session_id` has placeholders.
    Template = "template",
    /// A configuration file with an unknown key or an invalid value.
    InvalidConfig = "invalid_config",
    /// A shape definition with an unknown key or an invalid value.
    InvalidShape = "invalid_shape",
}
}

/// Error of a text that cannot be read, with line and column.
///
/// ```
/// let error = callboard_core::Session::parse("{\n  \"session_id\": }").unwrap_err();
/// assert_eq!((error.line(), error.column()), (2, 17));
/// assert_eq!(error.to_string(), "Expected a value, found \"}\" (line 2, column 17).");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseError {
    code: ParseErrorCode,
    message: String,
    line: u32,
    column: u32,
}

impl ParseError {
    pub(crate) fn new(code: ParseErrorCode, message: impl Into<String>, text: &str, offset: usize) -> ParseError {
        let (line, column) = position(text, offset);
        let mut message = message.into();
        if !message.ends_with(['.', '?']) {
            message.push('.');
        }
        ParseError { code, message, line, column }
    }

    /// Stable code of the error.
    ///
    /// See the example at [`ParseErrorCode`].
    pub fn code(&self) -> ParseErrorCode {
        self.code
    }

    /// One sentence without the place: the problem and, if known, the way out.
    ///
    /// ```
    /// let error = callboard_core::Session::parse("{\"session_id\": 01}").unwrap_err();
    /// assert_eq!(error.message(), "\"01\" is not a number that JSON can hold.");
    /// ```
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Line, from 1.
    ///
    /// See the example at [`ParseError`].
    pub fn line(&self) -> u32 {
        self.line
    }

    /// Column in characters, from 1; a byte order mark is not counted.
    ///
    /// See the example at [`ParseError`].
    pub fn column(&self) -> u32 {
        self.column
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sentence = self.message.trim_end_matches('.');
        write!(f, "{sentence} (line {}, column {}).", self.line, self.column)
    }
}

impl std::error::Error for ParseError {}
