//! How a document is laid out, so that what is added to it looks as if it had always been there.

use super::{Document, ROOT};

/// The layout of a document, read off its root object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Style {
    /// The line end, where the document has more than one line inside its root.
    pub(crate) newline: Option<&'static str>,
    /// One step of indentation: spaces, tabs or nothing.
    pub(crate) indent: String,
    /// Whether a space follows a comma or colon in what stands on one line.
    pub(crate) spaced: bool,
}

impl Style {
    /// The style of a new file: two spaces, `\n`.
    pub(crate) fn house() -> Style {
        Style { newline: Some("\n"), indent: "  ".to_owned(), spaced: true }
    }

    /// The style of `document`. An empty root has the house's style.
    pub(crate) fn of(document: &Document) -> Style {
        let Some((key, value)) = document.members(ROOT).next() else { return Style::house() };
        let text = document.text();
        let (root, key, value) = (document.node(ROOT), document.node(key), document.node(value));
        let lead = &text[root.start as usize + 1..key.start as usize];
        let colon = &text[key.end as usize..value.start as usize];
        match line_break(lead) {
            Some((newline, indent)) => Style { newline: Some(newline), indent: indent.to_owned(), spaced: true },
            None => {
                let inside = &text[root.start as usize..root.end as usize];
                let newline = first_newline(inside);
                let indent = if newline.is_some() { "  ".to_owned() } else { String::new() };
                Style { newline, indent, spaced: newline.is_some() || colon.ends_with([' ', '\t']) }
            }
        }
    }

    /// What stands after a comma on one line.
    pub(crate) fn gap(&self) -> &'static str {
        if self.spaced { " " } else { "" }
    }

    /// What stands between a key and its value.
    pub(crate) fn colon(&self) -> &'static str {
        if self.spaced { ": " } else { ":" }
    }

    /// A line end and the indentation of `depth` steps; nothing in a minified document.
    pub(crate) fn line(&self, depth: usize) -> String {
        match self.newline {
            Some(newline) => format!("{newline}{}", self.indent.repeat(depth)),
            None => String::new(),
        }
    }
}

/// The first line end of white space and what follows its last one: the indentation of what comes next.
pub(super) fn line_break(space: &str) -> Option<(&'static str, &str)> {
    let last = space.rfind('\n')?;
    first_newline(space).map(|newline| (newline, &space[last + 1..]))
}

fn first_newline(text: &str) -> Option<&'static str> {
    let at = text.find('\n')?;
    Some(if at > 0 && text.as_bytes()[at - 1] == b'\r' { "\r\n" } else { "\n" })
}
