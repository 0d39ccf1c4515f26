//! Tokens of a session's text, for syntax highlighting.

use crate::document::Kind;
use crate::{ParseError, Session};

/// Key or scalar value in a session's text.
///
/// See the example at [`Session::tokens`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// Byte offset of its first byte, quotes included.
    pub start: u32,
    /// Byte offset after its last byte.
    pub end: u32,
    /// Kind of token.
    pub kind: TokenKind,
}

/// Kind of a [`Token`].
///
/// See the example at [`Session::tokens`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// Name of a member.
    Key,
    /// String value.
    Text,
    /// Number.
    Number,
    /// `true`, `false` or `null`.
    Word,
}

/// The keys and scalar values of any JSON text, as [`Session::tokens`] gives them for a session's.
///
/// # Errors
/// The error of text that is not JSON.
///
/// ```
/// assert_eq!(callboard_core::tokens("{\"b\": 2}").unwrap().len(), 2);
/// assert!(callboard_core::tokens("{\"b\": ").is_err());
/// ```
pub fn tokens(text: &str) -> Result<Vec<Token>, ParseError> {
    Session::of_any(text.to_owned()).map(|session| session.tokens())
}

impl Session {
    /// The keys and scalar values of the text, in order and without overlap. Between them are only punctuation and white
    /// space.
    ///
    /// ```
    /// use callboard_core::{Session, TokenKind};
    /// let text = r#"{"session_id": "a", "n": [1, null]}"#;
    /// let session = Session::parse(text).unwrap();
    /// let tokens = session.tokens();
    /// let kinds: Vec<TokenKind> = tokens.iter().map(|token| token.kind).collect();
    /// assert_eq!(kinds, [TokenKind::Key, TokenKind::Text, TokenKind::Key, TokenKind::Number, TokenKind::Word]);
    /// assert_eq!(&text[tokens[0].start as usize..tokens[0].end as usize], "\"session_id\"");
    /// ```
    pub fn tokens(&self) -> Vec<Token> {
        let kind = |kind| match kind {
            Kind::Key => Some(TokenKind::Key),
            Kind::String => Some(TokenKind::Text),
            Kind::Number => Some(TokenKind::Number),
            Kind::True | Kind::False | Kind::Null => Some(TokenKind::Word),
            Kind::Object | Kind::Array => None,
        };
        let nodes = self.document().every_node().iter();
        let tokens = nodes.filter_map(|node| Some(Token { start: node.start, end: node.end, kind: kind(node.kind)? }));
        tokens.collect()
    }
}
