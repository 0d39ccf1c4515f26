//! What each piece of a session's text is, for whoever colours it.

use crate::Session;
use crate::document::Kind;

/// A piece of a session's text that is more than punctuation and white space.
///
/// See the example at [`Session::tokens`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// The byte offset of its first byte; a text's quotes belong to it.
    pub start: u32,
    /// The byte offset after its last byte.
    pub end: u32,
    /// What it is.
    pub kind: TokenKind,
}

/// What a piece of a session's text is.
///
/// See the example at [`Session::tokens`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// A member's name.
    Key,
    /// A string.
    Text,
    /// A number.
    Number,
    /// `true`, `false` or `null`.
    Word,
}

impl Session {
    /// The text's keys and plain values, in its order. They do not overlap; what lies between them is
    /// punctuation and white space.
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
