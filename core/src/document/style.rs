//! Layout style of a document, which additions follow.

use super::{Document, Kind, Node, NodeId, ROOT};

/// Layout style of a document, read from its root object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Style {
    /// Line end; none if the root is on one line.
    pub(crate) newline: Option<&'static str>,
    /// One step of indentation: spaces, tabs or nothing.
    pub(crate) indent: String,
    /// True if a space follows a colon within a line.
    pub(crate) spaced_colon: bool,
    /// True if a space follows a comma within a line.
    pub(crate) spaced_comma: bool,
}

impl Style {
    /// The style of a new file: two spaces, `\n`.
    pub(crate) fn house() -> Style {
        Style { newline: Some("\n"), indent: "  ".to_owned(), spaced_colon: true, spaced_comma: true }
    }

    /// Reads the style of a document; an empty root has the style of a new file.
    pub(crate) fn of(document: &Document) -> Style {
        let mut members = document.members(ROOT);
        let Some((key, value)) = members.next() else { return Style::house() };
        let text = document.text();
        let (root, key, value) = (document.node(ROOT), document.node(key), document.node(value));
        let lead = &text[root.start as usize + 1..key.start as usize];
        let colon = &text[key.end as usize..value.start as usize];
        match line_break(lead) {
            Some((newline, indent)) => {
                Style { newline: Some(newline), indent: indent.to_owned(), spaced_colon: true, spaced_comma: true }
            }
            None => {
                let inside = &text[root.start as usize..root.end as usize];
                let newline = first_newline(inside);
                let indent = if newline.is_some() { "  ".to_owned() } else { String::new() };
                let spaced_colon = newline.is_some() || colon.ends_with([' ', '\t']);
                let second = members.next().map(|(second, _)| document.node(second).start as usize);
                let spaced = |second: usize| text[value.end as usize..second].ends_with([' ', '\t']);
                let spaced_comma = newline.is_some() || second.map_or(spaced_colon, spaced);
                Style { newline, indent, spaced_colon, spaced_comma }
            }
        }
    }

    /// The space after a comma within a line.
    pub(crate) fn gap(&self) -> &'static str {
        if self.spaced_comma { " " } else { "" }
    }

    /// The colon between a key and its value.
    pub(crate) fn colon(&self) -> &'static str {
        if self.spaced_colon { ": " } else { ":" }
    }

    /// A line end and `depth` steps of indentation; nothing in a minified document.
    pub(crate) fn line(&self, depth: usize) -> String {
        match self.newline {
            Some(newline) => format!("{newline}{}", self.indent.repeat(depth)),
            None => String::new(),
        }
    }
}

/// The white space after the first comma between two siblings on one line, if there is any.
#[cold]
#[inline(never)]
pub(super) fn comma_spacing(document: &Document) -> Option<&str> {
    let text = document.text();
    let between = |end: u32, start: u32| {
        let space = text.get(end as usize..start as usize)?.split_once(',')?.1;
        (!space.contains('\n')).then_some(space)
    };
    let nodes = document.every_node();
    let containers = (ROOT..).zip(nodes).filter(|(_, node)| matches!(node.kind, Kind::Object | Kind::Array));
    let spacing = |(id, node): (NodeId, &Node)| {
        let is_object = node.kind == Kind::Object;
        let first = id + 1;
        // A member ends with its value's subtree.
        let mut starts = std::iter::successors(Some(first), |&at| Some(nodes.get(at as usize)?.next))
            .take_while(|&at| at < node.next);
        let mut before = starts.next()?;
        starts.find_map(|at| {
            let value = if is_object { before + 1 } else { before };
            let found = between(nodes.get(value as usize)?.end, nodes.get(at as usize)?.start);
            before = at;
            found
        })
    };
    containers.into_iter().find_map(spacing)
}

/// The first line end in white space, and the indentation after the last one.
pub(super) fn line_break(space: &str) -> Option<(&'static str, &str)> {
    let last = space.rfind('\n')?;
    first_newline(space).map(|newline| (newline, &space[last + 1..]))
}

fn first_newline(text: &str) -> Option<&'static str> {
    let at = text.find('\n')?;
    Some(if at > 0 && text.as_bytes()[at - 1] == b'\r' { "\r\n" } else { "\n" })
}
