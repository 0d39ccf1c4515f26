//! Values of a sample by the pointers of its outline.

use super::path::push_escaped;
use crate::document::{Document, Kind, NodeId};

/// The escaped parts of a pointer.
pub(super) fn parts(pointer: &str) -> Vec<&str> {
    pointer.split('/').skip(1).collect()
}

pub(super) fn unescaped(part: &str) -> String {
    part.replace("~2", "*").replace("~1", "/").replace("~0", "~")
}

pub(super) fn find(document: &Document, from: NodeId, steps: &[&str]) -> Option<NodeId> {
    steps.iter().try_fold(from, |node, step| {
        let found = children(document, node).into_iter().find(|(name, _)| name == step);
        found.map(|(_, child)| child)
    })
}

/// The members or elements of a value, by their parts of a pointer.
pub(super) fn children(document: &Document, node: NodeId) -> Vec<(String, NodeId)> {
    match document.kind(node) {
        Kind::Object => {
            let member = |(key, value): (NodeId, NodeId)| {
                let key = document.string(key).unwrap_or_default();
                let mut part = String::new();
                push_escaped(&mut part, &key);
                let part = if key == "*" { "~2".to_owned() } else { part.split_off(1) };
                (part, value)
            };
            document.members(node).map(member).collect()
        }
        Kind::Array => document.elements(node).enumerate().map(|(at, node)| (at.to_string(), node)).collect(),
        _ => Vec::new(),
    }
}
