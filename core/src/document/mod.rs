//! Lossless JSON text: a flat tape of spans over the original bytes.
//!
//! Parsing neither copies nor interprets: a node has the start and end of its value in the text. Values are decoded on
//! demand. [`Edits`] replace pieces of the text, so that all other bytes survive.

mod edits;
mod equal;
mod error;
mod format;
mod format_of;
mod keys;
mod parse;
mod patch;
mod string;
mod style;
mod value;

pub(crate) use edits::Edits;
pub(crate) use equal::{fingerprint, same, same_member};
pub use error::{ParseError, ParseErrorCode};
pub(crate) use format_of::decode_utf8;
pub(crate) use keys::Keys;
pub(crate) use patch::{ListPatch, ObjectPatch};
pub(crate) use string::{push_quoted, quote};
pub(crate) use style::Style;
pub(crate) use value::NewValue;

use crate::names::{Likeness, likeness};
use crate::work;
use std::borrow::Cow;
use std::sync::OnceLock;

/// Index of a node on the tape.
pub(crate) type NodeId = u32;

/// Kind of a node of the tape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Object,
    Array,
    /// Name of a member. The next node is the member's value.
    Key,
    String,
    Number,
    True,
    False,
    Null,
}

impl Kind {
    /// The kind in words, for messages.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::Object => "an object",
            Kind::Array => "a list",
            Kind::Key | Kind::String => "a string",
            Kind::Number => "a number",
            Kind::True | Kind::False => "true or false",
            Kind::Null => "null",
        }
    }
}

/// Value or key of the text, in document order.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Node {
    /// Byte offset of the first byte.
    pub(crate) start: u32,
    /// Byte offset after the last byte.
    pub(crate) end: u32,
    /// Index of the node after this value's subtree. For a key: the index after its value's subtree.
    pub(crate) next: NodeId,
    pub(crate) kind: Kind,
    /// True if a string or key has a backslash, so that it must be decoded.
    pub(crate) escaped: bool,
}

/// JSON text with its tape.
#[derive(Debug, Clone)]
pub(crate) struct Document {
    text: String,
    /// Built on first use: an edited text is often only written.
    nodes: OnceLock<Vec<Node>>,
}

/// Index of the root value, the first of the tape.
pub(crate) const ROOT: NodeId = 0;

impl Document {
    /// Parses a text as one JSON value (RFC 8259). A byte order mark is allowed.
    pub(crate) fn parse(text: String) -> Result<Document, ParseError> {
        let nodes = parse::parse(&text)?;
        Ok(Document { text, nodes: OnceLock::from(nodes) })
    }

    /// Takes the text that edits have made of a document, which is valid JSON.
    pub(crate) fn edited(text: String) -> Document {
        debug_assert!(parse::parse(&text).is_ok(), "an edit broke the document: {text}");
        Document::unread(text)
    }

    /// Takes a text that is parsed on first use.
    pub(crate) fn unread(text: String) -> Document {
        Document { text, nodes: OnceLock::new() }
    }

    fn nodes(&self) -> &[Node] {
        self.nodes.get_or_init(|| {
            // Not reached if the text was JSON before; null is an empty document.
            parse::parse(&self.text)
                .unwrap_or_else(|_| vec![Node { start: 0, end: 0, next: 1, kind: Kind::Null, escaped: false }])
        })
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn into_text(self) -> String {
        self.text
    }

    pub(crate) fn node(&self, id: NodeId) -> Node {
        self.nodes()[id as usize]
    }

    pub(crate) fn kind(&self, id: NodeId) -> Kind {
        self.node(id).kind
    }

    /// All nodes, in the order of the text.
    pub(crate) fn every_node(&self) -> &[Node] {
        self.nodes()
    }

    /// The text of a value in the file.
    pub(crate) fn raw(&self, id: NodeId) -> &str {
        let node = self.node(id);
        &self.text[node.start as usize..node.end as usize]
    }

    /// The text of a value, laid out on one line in a style.
    pub(crate) fn inline(&self, id: NodeId, style: &Style) -> String {
        format::inline(self, id, style)
    }

    /// The value of a number; none for other kinds, and for a number out of range.
    pub(crate) fn number(&self, id: NodeId) -> Option<f64> {
        if self.kind(id) != Kind::Number {
            return None;
        }
        self.raw(id).parse().ok().filter(|number: &f64| number.is_finite())
    }

    /// The value of a whole number from 0 to 2^53, in any spelling (`3`, `3.0`, `3e0`).
    pub(crate) fn whole(&self, id: NodeId) -> Option<u64> {
        if self.kind(id) != Kind::Number {
            return None;
        }
        const LARGEST: u64 = 1 << 53;
        if let Ok(count) = self.raw(id).parse::<u64>() {
            return (count <= LARGEST).then_some(count);
        }
        let number = self.number(id)?;
        (number >= 0.0 && number <= LARGEST as f64 && number.fract() == 0.0).then_some(number as u64)
    }

    /// The decoded text of a string or key. A lone surrogate becomes U+FFFD.
    pub(crate) fn string(&self, id: NodeId) -> Option<Cow<'_, str>> {
        let node = self.node(id);
        if !matches!(node.kind, Kind::String | Kind::Key) {
            return None;
        }
        let inner = &self.text[node.start as usize + 1..node.end as usize - 1];
        Some(if node.escaped { Cow::Owned(string::decode(inner)) } else { Cow::Borrowed(inner) })
    }

    /// The members of an object as (key, value), in file order; empty for other kinds.
    pub(crate) fn members(&self, object: NodeId) -> Members<'_> {
        let node = self.node(object);
        let is_object = node.kind == Kind::Object;
        Members { nodes: self.nodes(), at: object + 1, end: if is_object { node.next } else { object + 1 } }
    }

    /// The elements of an array, in file order; empty for other kinds.
    pub(crate) fn elements(&self, array: NodeId) -> Elements<'_> {
        let node = self.node(array);
        let is_array = node.kind == Kind::Array;
        Elements { nodes: self.nodes(), at: array + 1, end: if is_array { node.next } else { array + 1 } }
    }

    /// Finds the key of a member: the last exact one, or else the last one that differs in case or hyphens only.
    pub(crate) fn find_key(&self, object: NodeId, name: &str) -> Option<NodeId> {
        let (exact, alias) = self.seek(object, name);
        exact.or(alias)
    }

    /// Finds the value of the last member with exactly this key.
    pub(crate) fn find_exact(&self, object: NodeId, name: &str) -> Option<NodeId> {
        self.seek(object, name).0.map(|key| key + 1)
    }

    /// Finds the last key that equals a name, and the last that differs in case or hyphens only.
    fn seek(&self, object: NodeId, name: &str) -> (Option<NodeId>, Option<NodeId>) {
        let (mut exact, mut alias) = (None, None);
        let nodes = self.nodes();
        let text = self.text.as_bytes();
        let Some(parent) = nodes.get(object as usize).filter(|node| node.kind == Kind::Object) else {
            return (None, None);
        };
        let mut id = object + 1;
        while id < parent.next {
            work::count(1);
            let Some(key) = nodes.get(id as usize) else { break };
            // A name and its aliases have the same length, which rules out nearly every comparison.
            let like = if key.escaped {
                self.string(id).map_or(Likeness::None, |key| likeness(key.as_bytes(), name.as_bytes()))
            } else if (key.end - key.start) as usize == name.len() + 2 {
                likeness(&text[key.start as usize + 1..key.end as usize - 1], name.as_bytes())
            } else {
                Likeness::None
            };
            match like {
                Likeness::Exact => exact = Some(id),
                Likeness::Alias => alias = Some(id),
                Likeness::None => {}
            }
            id = key.next;
        }
        (exact, alias)
    }

    /// Finds the value of a member by the rule of [`Document::find_key`].
    pub(crate) fn find(&self, object: NodeId, name: &str) -> Option<NodeId> {
        self.find_key(object, name).map(|key| key + 1)
    }

    /// Finds the value of a member that is not `null`.
    pub(crate) fn find_set(&self, object: NodeId, name: &str) -> Option<NodeId> {
        self.find(object, name).filter(|&value| self.kind(value) != Kind::Null)
    }
}

/// Line and column of a byte offset, both from 1, the column in characters.
#[inline(never)]
pub(crate) fn position(text: &str, offset: usize) -> (u32, u32) {
    Positions::of(text).at(offset)
}

/// Lines and columns of ascending offsets, each counted from the last: counting from the start takes quadratic time.
pub(crate) struct Positions<'a> {
    bytes: &'a [u8],
    at: usize,
    line: u32,
    column: u32,
}

impl<'a> Positions<'a> {
    pub(crate) fn of(text: &'a str) -> Positions<'a> {
        let at = if text.starts_with('\u{feff}') { 3 } else { 0 };
        Positions { bytes: text.as_bytes(), at, line: 1, column: 1 }
    }

    /// Line and column of a byte offset, both from 1, the column in characters.
    #[inline(never)]
    pub(crate) fn at(&mut self, offset: usize) -> (u32, u32) {
        let to = offset.min(self.bytes.len()).max(self.at);
        work::count(to - self.at);
        for &byte in &self.bytes[self.at..to] {
            // Characters are counted by their first bytes, so offsets inside them are valid.
            match byte {
                b'\n' => (self.line, self.column) = (self.line + 1, 1),
                _ => self.column += u32::from(byte & 0xC0 != 0x80),
            }
        }
        self.at = to;
        (self.line, self.column)
    }
}

/// Iterator of [`Document::members`].
pub(crate) struct Members<'a> {
    nodes: &'a [Node],
    at: NodeId,
    end: NodeId,
}

impl Iterator for Members<'_> {
    type Item = (NodeId, NodeId);

    fn next(&mut self) -> Option<Self::Item> {
        if self.at >= self.end {
            return None;
        }
        work::count(1);
        let key = self.at;
        self.at = self.nodes[key as usize].next;
        Some((key, key + 1))
    }
}

/// Iterator of [`Document::elements`].
pub(crate) struct Elements<'a> {
    nodes: &'a [Node],
    at: NodeId,
    end: NodeId,
}

impl Iterator for Elements<'_> {
    type Item = NodeId;

    fn next(&mut self) -> Option<Self::Item> {
        if self.at >= self.end {
            return None;
        }
        work::count(1);
        let element = self.at;
        self.at = self.nodes[element as usize].next;
        Some(element)
    }
}

#[cfg(test)]
mod tests;
