//! Lossless JSON text: a flat tape of spans over the original bytes.
//!
//! Parsing copies nothing and interprets nothing: a node says where its value starts and ends in the
//! text. Reading decodes on demand; [`Edits`] replace pieces of the text, never
//! the whole, so whatever an edit does not name survives to the byte.

mod edits;
mod equal;
mod error;
mod format;
mod format_of;
mod keys;
mod list;
mod parse;
mod patch;
mod string;
mod style;
mod value;

pub(crate) use edits::Edits;
pub(crate) use equal::{fingerprint, same, same_member};
pub use error::{ParseError, ParseErrorCode};
pub(crate) use keys::Keys;
pub(crate) use list::ListPatch;
pub(crate) use patch::ObjectPatch;
pub(crate) use string::{push_quoted, quote};
pub(crate) use style::Style;
pub(crate) use value::NewValue;

use crate::names::{Likeness, likeness};
use crate::number;
use std::borrow::Cow;
use std::sync::OnceLock;

/// The index of a node on the tape.
pub(crate) type NodeId = u32;

/// What a node of the tape is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Object,
    Array,
    /// A member's name; the node after it is the member's value.
    Key,
    String,
    Number,
    True,
    False,
    Null,
}

/// One value (or key) of the text, in document order.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Node {
    /// Byte offset of the first byte: a quote, a bracket, a digit, a letter or a sign.
    pub(crate) start: u32,
    /// Byte offset after the last byte.
    pub(crate) end: u32,
    /// Index of the node after this value's subtree. For a key: the index after its value's subtree.
    pub(crate) next: NodeId,
    pub(crate) kind: Kind,
    /// Whether a string or key holds a backslash: one that does not is its own decoded value.
    pub(crate) escaped: bool,
}

/// A JSON text and the tape over it.
#[derive(Debug, Clone)]
pub(crate) struct Document {
    text: String,
    /// Made when it is first asked for: a text that has been edited is often only written.
    nodes: OnceLock<Vec<Node>>,
}

/// The index of the root value: the tape starts with it.
pub(crate) const ROOT: NodeId = 0;

impl Document {
    /// Reads `text` as one JSON value (RFC 8259, a byte order mark before it allowed).
    pub(crate) fn parse(text: String) -> Result<Document, ParseError> {
        let nodes = parse::parse(&text)?;
        Ok(Document { text, nodes: OnceLock::from(nodes) })
    }

    /// Takes a text that edits have made of a document: such a text is JSON.
    pub(crate) fn edited(text: String) -> Document {
        debug_assert!(parse::parse(&text).is_ok(), "an edit broke the document: {text}");
        Document::unread(text)
    }

    /// Takes a text that is read when it is first asked about.
    pub(crate) fn unread(text: String) -> Document {
        Document { text, nodes: OnceLock::new() }
    }

    fn nodes(&self) -> &[Node] {
        self.nodes.get_or_init(|| {
            // Not reached where the text was JSON before; null is a document that says nothing.
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

    /// Every node, in the order of the text.
    pub(crate) fn every_node(&self) -> &[Node] {
        self.nodes()
    }

    /// The value's text as it stands in the file.
    pub(crate) fn raw(&self, id: NodeId) -> &str {
        let node = self.node(id);
        &self.text[node.start as usize..node.end as usize]
    }

    /// The value's text on one line, as it would stand in a document of this style.
    pub(crate) fn inline(&self, id: NodeId, style: &Style) -> String {
        format::inline(self, id, style)
    }

    /// The value of a number node; none for another kind, and for a number too large to be held.
    pub(crate) fn number(&self, id: NodeId) -> Option<f64> {
        if self.kind(id) != Kind::Number {
            return None;
        }
        number::parse(self.raw(id))
    }

    /// The decoded text of a string or key node; a lone surrogate reads as U+FFFD.
    pub(crate) fn string(&self, id: NodeId) -> Option<Cow<'_, str>> {
        let node = self.node(id);
        if !matches!(node.kind, Kind::String | Kind::Key) {
            return None;
        }
        let inner = &self.text[node.start as usize + 1..node.end as usize - 1];
        Some(if node.escaped { Cow::Owned(string::decode(inner)) } else { Cow::Borrowed(inner) })
    }

    /// The members of an object as (key, value), in file order; none for another kind.
    pub(crate) fn members(&self, object: NodeId) -> Members<'_> {
        let node = self.node(object);
        let is_object = node.kind == Kind::Object;
        Members { nodes: self.nodes(), at: object + 1, end: if is_object { node.next } else { object + 1 } }
    }

    /// The elements of an array, in file order; none for another kind.
    pub(crate) fn elements(&self, array: NodeId) -> Elements<'_> {
        let node = self.node(array);
        let is_array = node.kind == Kind::Array;
        Elements { nodes: self.nodes(), at: array + 1, end: if is_array { node.next } else { array + 1 } }
    }

    /// The key node of member `name`: the last exact one, as duplicates go by the last; failing that the
    /// last that is the same name by the tolerant rule (case, `-` and `_`).
    pub(crate) fn find_key(&self, object: NodeId, name: &str) -> Option<NodeId> {
        let (exact, alias) = self.seek(object, name);
        exact.or(alias)
    }

    /// The value node of the member whose key is exactly `name`: the last, where it stands twice.
    pub(crate) fn find_exact(&self, object: NodeId, name: &str) -> Option<NodeId> {
        self.seek(object, name).0.map(|key| key + 1)
    }

    /// The last key that is `name`, and the last that is the same name only by the tolerant rule.
    fn seek(&self, object: NodeId, name: &str) -> (Option<NodeId>, Option<NodeId>) {
        let (mut exact, mut alias) = (None, None);
        let nodes = self.nodes();
        let text = self.text.as_bytes();
        let Some(parent) = nodes.get(object as usize).filter(|node| node.kind == Kind::Object) else {
            return (None, None);
        };
        let mut id = object + 1;
        while id < parent.next {
            let Some(key) = nodes.get(id as usize) else { break };
            // A name and its aliases have the same length: a look at that saves nearly every comparison.
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

    /// The value node of member `name`, found as [`Document::find_key`] does.
    pub(crate) fn find(&self, object: NodeId, name: &str) -> Option<NodeId> {
        self.find_key(object, name).map(|key| key + 1)
    }

    /// As [`Document::find`], but only where the value is not `null`.
    pub(crate) fn find_set(&self, object: NodeId, name: &str) -> Option<NodeId> {
        self.find(object, name).filter(|&value| self.kind(value) != Kind::Null)
    }
}

/// Line and column (both from 1, the column in characters) of a byte offset in `text`.
#[inline(never)]
pub(crate) fn position(text: &str, offset: usize) -> (u32, u32) {
    Positions::of(text).at(offset)
}

/// Lines and columns of one offset after another, none before the last one asked for: each is counted from the last,
/// for counting each from the start would be quadratic.
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

    /// Line and column (both from 1, the column in characters) of a byte offset.
    #[inline(never)]
    pub(crate) fn at(&mut self, offset: usize) -> (u32, u32) {
        let to = offset.min(self.bytes.len()).max(self.at);
        for &byte in &self.bytes[self.at..to] {
            // Characters are counted by their first bytes, so an offset inside one still has an answer.
            match byte {
                b'\n' => (self.line, self.column) = (self.line + 1, 1),
                _ => self.column += u32::from(byte & 0xC0 != 0x80),
            }
        }
        self.at = to;
        (self.line, self.column)
    }
}

/// The members of an object: see [`Document::members`].
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
        let key = self.at;
        self.at = self.nodes[key as usize].next;
        Some((key, key + 1))
    }
}

/// The elements of an array: see [`Document::elements`].
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
        let element = self.at;
        self.at = self.nodes[element as usize].next;
        Some(element)
    }
}

#[cfg(test)]
mod tests;
