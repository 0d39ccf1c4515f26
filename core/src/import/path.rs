//! Paths to values: JSON Pointers with a wildcard.

use crate::document::{Document, Kind, NodeId, ROOT};
use std::borrow::Cow;

/// A path to values: keys joined by `/`, `*` for every member or element. It begins with `/` where it goes from the
/// file's root, and goes from a stage or an element of the file otherwise; the empty path is that itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ValuePath {
    pub(crate) absolute: bool,
    /// True if the path may lead to several values.
    is_wild: bool,
    /// The JSON Pointer of a path without a wildcard.
    pointer: String,
    steps: Vec<Step>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Name(String),
    Every,
}

/// A value that a path leads to, with the JSON Pointer to it.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) node: NodeId,
    pub(crate) pointer: String,
}

impl Place {
    /// The root of a document.
    pub(crate) fn root() -> Place {
        Place { node: ROOT, pointer: String::new() }
    }

    /// The key or index by which the place is found in what holds it.
    pub(crate) fn name(&self) -> Cow<'_, str> {
        unescape(self.pointer.rsplit('/').next().unwrap_or_default())
    }
}

impl ValuePath {
    /// Reads a path; an error says what is wrong with it.
    pub(crate) fn parse(text: &str) -> Result<ValuePath, String> {
        let absolute = text.starts_with('/');
        let steps = text.strip_prefix('/').unwrap_or(text);
        if absolute && steps.is_empty() {
            return Err("a path from the root names a key".to_owned());
        }
        let step = |step: &str| match step {
            "*" => Ok(Step::Every),
            "" => Err("a path has no empty part".to_owned()),
            name => Ok(Step::Name(unescape(name).into_owned())),
        };
        let steps =
            if steps.is_empty() { Vec::new() } else { steps.split('/').map(step).collect::<Result<Vec<_>, _>>()? };
        let mut pointer = String::new();
        for step in &steps {
            if let Step::Name(name) = step {
                push_escaped(&mut pointer, name);
            }
        }
        Ok(ValuePath { absolute, is_wild: steps.contains(&Step::Every), pointer, steps })
    }

    /// True if the path may lead to several values.
    pub(crate) fn is_wild(&self) -> bool {
        self.is_wild
    }

    /// Number of keys and wildcards in the path.
    pub(crate) fn depth(&self) -> u32 {
        self.steps.len() as u32
    }

    /// The JSON Pointer of a path without a wildcard.
    pub(crate) fn pointer(&self) -> &str {
        &self.pointer
    }

    /// Calls `take` with each value from `from` on, until it answers true; true if it did.
    pub(crate) fn visit(&self, document: &Document, from: &Place, take: &mut dyn FnMut(Place) -> bool) -> bool {
        if self.is_wild {
            let mut pointer = from.pointer.clone();
            return step(document, from.node, &self.steps, &mut pointer, take);
        }
        let Some(node) = self.find(document, from.node) else { return false };
        let pointer = join(&from.pointer, &self.pointer);
        take(Place { node, pointer })
    }

    /// Finds the value of a path without a wildcard.
    pub(crate) fn find(&self, document: &Document, from: NodeId) -> Option<NodeId> {
        self.steps.iter().try_fold(from, |node, step| match step {
            Step::Name(name) => child(document, node, name),
            Step::Every => None,
        })
    }

    /// True if the path leads to a value that `wanted` takes.
    pub(crate) fn any(&self, document: &Document, from: NodeId, wanted: &dyn Fn(NodeId) -> bool) -> bool {
        any(document, from, &self.steps, wanted)
    }
}

fn any(document: &Document, node: NodeId, steps: &[Step], wanted: &dyn Fn(NodeId) -> bool) -> bool {
    match steps {
        [] => wanted(node),
        [Step::Name(name), rest @ ..] => {
            child(document, node, name).is_some_and(|child| any(document, child, rest, wanted))
        }
        [Step::Every, rest @ ..] => match document.kind(node) {
            Kind::Object => document.members(node).any(|(_, value)| any(document, value, rest, wanted)),
            Kind::Array => document.elements(node).any(|element| any(document, element, rest, wanted)),
            _ => false,
        },
    }
}

fn step(
    document: &Document,
    node: NodeId,
    steps: &[Step],
    pointer: &mut String,
    take: &mut dyn FnMut(Place) -> bool,
) -> bool {
    let length = pointer.len();
    match steps {
        [] => take(Place { node, pointer: pointer.clone() }),
        [Step::Name(name), rest @ ..] => {
            let Some(child) = child(document, node, name) else { return false };
            push_escaped(pointer, name);
            let done = step(document, child, rest, pointer, take);
            pointer.truncate(length);
            done
        }
        [Step::Every, rest @ ..] => match document.kind(node) {
            Kind::Object => document.members(node).any(|(key, value)| {
                push_escaped(pointer, &document.string(key).unwrap_or_default());
                let done = step(document, value, rest, pointer, take);
                pointer.truncate(length);
                done
            }),
            Kind::Array => document.elements(node).enumerate().any(|(index, element)| {
                pointer.push('/');
                pointer.push_str(&index.to_string());
                let done = step(document, element, rest, pointer, take);
                pointer.truncate(length);
                done
            }),
            _ => false,
        },
    }
}

/// Joins two pointers in one allocation.
fn join(one: &str, other: &str) -> String {
    let mut joined = String::with_capacity(one.len() + other.len());
    joined.push_str(one);
    joined.push_str(other);
    joined
}

fn child(document: &Document, node: NodeId, name: &str) -> Option<NodeId> {
    match document.kind(node) {
        Kind::Object => document.find_exact(node, name),
        Kind::Array => document.elements(node).nth(name.parse().ok()?),
        _ => None,
    }
}

/// Appends a key to a pointer.
pub(crate) fn push_escaped(out: &mut String, name: &str) {
    out.push('/');
    if !name.contains(['~', '/']) {
        out.push_str(name);
        return;
    }
    for character in name.chars() {
        match character {
            '~' => out.push_str("~0"),
            '/' => out.push_str("~1"),
            character => out.push(character),
        }
    }
}

/// A part of a pointer as the key that it is; `~2` is a key that is a star.
fn unescape(part: &str) -> Cow<'_, str> {
    if part.contains('~') {
        Cow::Owned(part.replace("~2", "*").replace("~1", "/").replace("~0", "~"))
    } else {
        Cow::Borrowed(part)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_leads_to_its_values() {
        let text = r#"{"a": {"x": {"b": 1}, "y/z": {"b": 2}, "n": {}}, "l": [{"b": 3}, {"b": 4}], "*": 5}"#;
        let document = Document::parse(text.to_owned()).unwrap();
        let check = |path: &str, expected: &[(&str, &str)]| {
            let path = ValuePath::parse(path).unwrap();
            let mut found = Vec::new();
            path.visit(&document, &Place::root(), &mut |place| {
                found.push((place.pointer.clone(), document.raw(place.node).to_owned()));
                false
            });
            let found: Vec<(&str, &str)> = found.iter().map(|(at, raw)| (at.as_str(), raw.as_str())).collect();
            assert_eq!(found, expected);
        };
        check("/a/*/b", &[("/a/x/b", "1"), ("/a/y~1z/b", "2")]);
        check("/l/*/b", &[("/l/0/b", "3"), ("/l/1/b", "4")]);
        check("/l/1/b", &[("/l/1/b", "4")]);
        check("/a/y~1z/b", &[("/a/y~1z/b", "2")]);
        check("/~2", &[("/*", "5")]);
        check("/a/q/b", &[]);
        check("/a/x/b/c", &[]);
    }

    #[test]
    fn what_is_no_path_is_refused() {
        for text in ["/", "/a//b", "a/", "//"] {
            assert!(ValuePath::parse(text).is_err(), "{text}");
        }
        let own = ValuePath::parse("").unwrap();
        assert!(!own.absolute && own.depth() == 0);
    }
}
