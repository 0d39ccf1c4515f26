//! The values of a file with their paths, for pointing at them.

use super::found::Lines;
use super::path::push_escaped;
use crate::ParseError;
use crate::document::{Document, Kind, NodeId, ROOT};
use crate::names::shorten;

/// One value of a file, as a row of a tree.
///
/// ```
/// use callboard_core::import::outline;
/// let rows = outline("{\"phases\": {\n  \"draft\": {\"state\": \"done\"}}}", 100).unwrap();
/// let row = &rows[2];
/// assert_eq!((row.pointer.as_str(), row.key.as_str(), row.depth, row.line), ("/phases/draft/state", "state", 3, 2));
/// assert_eq!((row.text.as_str(), row.members), ("done", 0));
/// assert_eq!((rows[1].text.as_str(), rows[1].members), ("", 1));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct OutlineRow {
    /// The path as a definition has it.
    pub pointer: String,
    /// The key or index in what holds it.
    pub key: String,
    /// Depth in the tree, from 1.
    pub depth: u32,
    /// The decoded text of a text, the spelling of another scalar, shortened; empty for an object or list.
    pub text: String,
    /// The number of members or elements of an object or list.
    pub members: u32,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1, in characters.
    pub column: u32,
}

/// The values of a JSON text in their order, at most `most` of them.
///
/// # Errors
/// As the text is not JSON; a damaged one is read by [`crate::import::mend`] first.
///
/// See the example at [`OutlineRow`].
pub fn outline(text: &str, most: usize) -> Result<Vec<OutlineRow>, ParseError> {
    let document = Document::parse(text.to_owned())?;
    let lines = Lines::of(text);
    let mut rows = Vec::new();
    // The places to go to, the next one last: no depth overflows a stack.
    let mut open: Vec<(NodeId, String, String, u32)> = Vec::new();
    push_children(&document, ROOT, "", 1, most, &mut open);
    while let Some((node, key, pointer, depth)) = open.pop() {
        if rows.len() >= most {
            break;
        }
        let kind = document.kind(node);
        let members = match kind {
            Kind::Object => document.members(node).count(),
            Kind::Array => document.elements(node).count(),
            _ => 0,
        };
        let shown = match kind {
            Kind::Object | Kind::Array => String::new(),
            Kind::String => shorten(&document.string(node).unwrap_or_default()),
            _ => shorten(document.raw(node)),
        };
        let (line, column) = lines.at(text, document.node(node).start);
        push_children(&document, node, &pointer, depth + 1, most, &mut open);
        rows.push(OutlineRow { pointer, key, depth, text: shown, members: members as u32, line, column });
    }
    Ok(rows)
}

fn push_children(
    document: &Document,
    node: NodeId,
    pointer: &str,
    depth: u32,
    most: usize,
    open: &mut Vec<(NodeId, String, String, u32)>,
) {
    let from = open.len();
    let mut add = |child: NodeId, key: String| {
        let mut pointer = pointer.to_owned();
        match key.as_str() {
            // In a definition a star is every member.
            "*" => pointer.push_str("/~2"),
            key => push_escaped(&mut pointer, key),
        }
        open.push((child, key, pointer, depth));
    };
    match document.kind(node) {
        Kind::Object => {
            for (key, value) in document.members(node).take(most) {
                add(value, document.string(key).unwrap_or_default().into_owned());
            }
        }
        Kind::Array => {
            for (index, element) in document.elements(node).take(most).enumerate() {
                add(element, index.to_string());
            }
        }
        _ => {}
    }
    if let Some(added) = open.get_mut(from..) {
        added.reverse();
    }
}
