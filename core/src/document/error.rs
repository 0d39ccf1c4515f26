//! Why a text cannot be read, and where.

use super::position;
use std::fmt;

/// Why a text is not a JSON document that can be kept.
///
/// ```
/// use callboard_core::{ParseErrorCode, Session};
/// assert_eq!(Session::parse("").unwrap_err().code(), ParseErrorCode::Empty);
/// assert_eq!(Session::parse("[]").unwrap_err().code(), ParseErrorCode::NotASession);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParseErrorCode {
    /// The file has no content.
    Empty,
    /// The bytes are not UTF-8.
    NotUtf8,
    /// The file is of another format, such as an image or an archive.
    NotJson,
    /// The file holds the markers of an unresolved git merge.
    MergeConflict,
    /// A character that JSON does not allow where it stands.
    UnexpectedCharacter,
    /// The text ends inside a value.
    UnexpectedEnd,
    /// A number that JSON cannot spell, such as `01`, `+1`, `.5` or `NaN`.
    BadNumber,
    /// A string with a raw control character or an unknown escape.
    BadString,
    /// Something stands after the end of the document.
    TrailingCharacters,
    /// The file is 4 GiB or more: offsets are kept in 32 bits.
    TooLarge,
    /// Well-formed JSON that is not a session.
    NotASession,
    /// A session's template: its `session_id` still has its placeholders.
    Template,
    /// A configuration file with an unknown key, or a value that its key cannot have.
    InvalidConfig,
    /// A shape's definition with an unknown key, or a value that its key cannot have.
    InvalidShape,
}

impl ParseErrorCode {
    /// Every code, in the order of their declaration.
    ///
    /// ```
    /// use callboard_core::ParseErrorCode;
    /// assert!(ParseErrorCode::ALL.into_iter().any(|code| code.name() == "merge_conflict"));
    /// ```
    pub const ALL: [ParseErrorCode; 14] = [
        ParseErrorCode::Empty,
        ParseErrorCode::NotUtf8,
        ParseErrorCode::NotJson,
        ParseErrorCode::MergeConflict,
        ParseErrorCode::UnexpectedCharacter,
        ParseErrorCode::UnexpectedEnd,
        ParseErrorCode::BadNumber,
        ParseErrorCode::BadString,
        ParseErrorCode::TrailingCharacters,
        ParseErrorCode::TooLarge,
        ParseErrorCode::NotASession,
        ParseErrorCode::Template,
        ParseErrorCode::InvalidConfig,
        ParseErrorCode::InvalidShape,
    ];

    /// The code's stable name.
    ///
    /// ```
    /// assert_eq!(callboard_core::ParseErrorCode::NotASession.name(), "not_a_session");
    /// ```
    pub const fn name(self) -> &'static str {
        match self {
            ParseErrorCode::Empty => "empty",
            ParseErrorCode::NotUtf8 => "not_utf8",
            ParseErrorCode::NotJson => "not_json",
            ParseErrorCode::MergeConflict => "merge_conflict",
            ParseErrorCode::UnexpectedCharacter => "unexpected_character",
            ParseErrorCode::UnexpectedEnd => "unexpected_end",
            ParseErrorCode::BadNumber => "bad_number",
            ParseErrorCode::BadString => "bad_string",
            ParseErrorCode::TrailingCharacters => "trailing_characters",
            ParseErrorCode::TooLarge => "too_large",
            ParseErrorCode::NotASession => "not_a_session",
            ParseErrorCode::Template => "template",
            ParseErrorCode::InvalidConfig => "invalid_config",
            ParseErrorCode::InvalidShape => "invalid_shape",
        }
    }
}

/// A text that could not be read, with the place where reading stopped.
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

    /// Bytes as text, which must be UTF-8.
    pub(crate) fn utf8(bytes: Vec<u8>) -> Result<String, ParseError> {
        String::from_utf8(bytes)
            .map_err(|error| super::format_of::not_utf8(error.as_bytes(), error.utf8_error().valid_up_to()))
    }

    /// The kind of error, as a stable code.
    ///
    /// See the example at [`ParseErrorCode`].
    pub fn code(&self) -> ParseErrorCode {
        self.code
    }

    /// One plain sentence without the place: what is wrong, and what to do where that is known.
    ///
    /// ```
    /// let error = callboard_core::Session::parse("{\"session_id\": 01}").unwrap_err();
    /// assert_eq!(error.message(), "\"01\" is not a number that JSON can hold.");
    /// ```
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The line, from 1.
    ///
    /// See the example at [`ParseError`].
    pub fn line(&self) -> u32 {
        self.line
    }

    /// The column, from 1, in characters (a byte order mark is not counted).
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
