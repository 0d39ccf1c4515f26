//! Repeated keys in one object, of which the last counts.

use super::Finder;
use crate::Severity;
use crate::document::{Document, Keys, Kind, NodeId, ROOT};
use crate::names::shorten;

/// Number of names after which a path is cut off: it is for people, and a file may have any depth.
const LONGEST: usize = 12;

/// Container around the current node.
struct Open {
    kind: Kind,
    /// The node after it.
    next: NodeId,
    /// The last key of an object, or the number of elements of a list so far.
    at: u32,
}

impl Finder<'_> {
    /// Checks every object of the file at any depth: the tape is flat.
    pub(super) fn duplicates(&mut self) {
        let document = self.session.document();
        let mut open: Vec<Open> = Vec::new();
        for (id, node) in (ROOT..).zip(document.every_node()) {
            while open.last().is_some_and(|container| container.next <= id) {
                open.pop();
            }
            match open.last_mut() {
                Some(object) if node.kind == Kind::Key => object.at = id,
                Some(list) if list.kind == Kind::Array => list.at += 1,
                _ => {}
            }
            if node.kind == Kind::Object {
                for key in Keys::of(document, id).repeated(document) {
                    let name = shorten(&document.string(key).unwrap_or_default());
                    let message = format!("Duplicate key \"{name}\": the last value is used.");
                    self.add(Severity::Warning, "duplicate_key", &path(document, &open, &name), key, message);
                }
            }
            if matches!(node.kind, Kind::Object | Kind::Array) {
                open.push(Open { kind: node.kind, next: node.next, at: 0 });
            }
        }
    }
}

/// The path of a key in the innermost container.
fn path(document: &Document, open: &[Open], name: &str) -> String {
    let mut path = String::new();
    for container in open.iter().take(LONGEST) {
        path.push_str(&match container.kind {
            Kind::Array => (container.at - 1).to_string(),
            _ => shorten(&document.string(container.at).unwrap_or_default()),
        });
        path.push('.');
    }
    if open.len() > LONGEST {
        path.push_str("….");
    }
    path + name
}
