//! When two values of two texts are the same, whatever their spelling and layout.

use super::{Document, Kind, NodeId};
use crate::money::same_number;

/// How deep values are compared part by part.
const DEEPEST: usize = 64;

/// Whether two values are the same.
pub(crate) fn same(a: &Document, one: NodeId, b: &Document, other: NodeId) -> bool {
    within(a, one, b, other, 0)
}

/// Whether two members are the same, or both are missing.
pub(crate) fn same_member(a: &Document, one: Option<NodeId>, b: &Document, other: Option<NodeId>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => same(a, one, b, other),
        (one, other) => one.is_none() && other.is_none(),
    }
}

/// Recursion is bounded: deeper values are the same only if they are spelt the same.
fn within(a: &Document, one: NodeId, b: &Document, other: NodeId, depth: usize) -> bool {
    if a.raw(one) == b.raw(other) {
        return true;
    }
    if a.kind(one) != b.kind(other) || depth > DEEPEST {
        return false;
    }
    match a.kind(one) {
        Kind::String | Kind::Key => a.string(one) == b.string(other),
        Kind::Number => same_number(a.raw(one), b.raw(other)),
        Kind::Array => {
            let (mut ones, mut others) = (a.elements(one), b.elements(other));
            loop {
                match (ones.next(), others.next()) {
                    (None, None) => return true,
                    (Some(one), Some(other)) if within(a, one, b, other, depth + 1) => {}
                    _ => return false,
                }
            }
        }
        Kind::Object => {
            a.members(one).count() == b.members(other).count()
                && a.members(one).all(|(key, value)| {
                    let name = a.string(key).unwrap_or_default();
                    b.find_exact(other, &name).is_some_and(|twin| within(a, value, b, twin, depth + 1))
                })
                // A key that stands twice in the one may hide that another is missing.
                && b.members(other).all(|(key, _)| a.find_exact(one, &b.string(key).unwrap_or_default()).is_some())
        }
        Kind::True | Kind::False | Kind::Null => true,
    }
}
