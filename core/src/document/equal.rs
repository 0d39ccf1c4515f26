//! Equality of values in any spelling and layout.

use super::{Document, Keys, Kind, NodeId};
use crate::decimal::{number_hash, same_number};
use crate::order::hash;

/// Greatest depth at which values are compared part by part.
const DEEPEST: usize = 64;

/// True if two values are equal.
pub(crate) fn same(a: &Document, one: NodeId, b: &Document, other: NodeId) -> bool {
    within(a, one, b, other, 0)
}

/// True if two members are equal, or both are missing.
pub(crate) fn same_member(a: &Document, one: Option<NodeId>, b: &Document, other: Option<NodeId>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => same(a, one, b, other),
        (one, other) => one.is_none() && other.is_none(),
    }
}

/// Recursion is bounded: deeper values are equal only if their texts are.
#[inline(never)]
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
        // Members are matched by name; repeated names must have the same order.
        Kind::Object => {
            let (ones, others) = (Keys::of(a, one), Keys::of(b, other));
            a.members(one).count() == b.members(other).count()
                && ones.by_name().zip(others.by_name()).all(|((name, one), (twin, other))| {
                    name == twin && a.string(one) == b.string(other) && within(a, one + 1, b, other + 1, depth + 1)
                })
        }
        Kind::True | Kind::False | Kind::Null => true,
    }
}

/// Hashes a value: equal values have one hash.
pub(crate) fn fingerprint(document: &Document, id: NodeId) -> u64 {
    print(document, id, 0)
}

#[inline(never)]
fn print(document: &Document, id: NodeId, depth: usize) -> u64 {
    if depth > DEEPEST {
        return 0;
    }
    let mix = |a: u64, b: u64| (a.rotate_left(23) ^ b).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    match document.kind(id) {
        Kind::String | Kind::Key => hash(&document.string(id).unwrap_or_default()),
        Kind::Number => number_hash(document.raw(id)),
        Kind::Array => document.elements(id).fold(1, |sum, element| mix(sum, print(document, element, depth + 1))),
        Kind::Object => document.members(id).fold(2, |sum: u64, (key, value)| {
            let name = hash(&document.string(key).unwrap_or_default());
            sum.wrapping_add(mix(name, print(document, value, depth + 1)))
        }),
        Kind::True => 3,
        Kind::False => 4,
        Kind::Null => 5,
    }
}
