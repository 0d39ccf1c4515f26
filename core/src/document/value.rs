//! New values of a document, written straight into its text.

use super::{Document, Kind, NodeId, ROOT, Style, format, push_quoted};
use crate::decimal::same_number;
use std::borrow::Cow;
use std::fmt::Write;

/// New value of a document.
#[derive(Debug, Clone)]
pub(crate) enum NewValue<'a> {
    /// A string with nothing to escape, such as one of the format's names.
    Name(&'static str),
    /// A string with nothing to escape that has other spellings, and the test if a string of the file is one of them.
    Alias(Cow<'a, str>, fn(&str, &str) -> bool),
    /// Any other string.
    Text(Cow<'a, str>),
    /// A number, in its shortest spelling that reads back the same.
    Number(f64),
    Count(u64),
    Flag(bool),
    /// A scalar by its JSON text.
    Spelt(String),
    /// Any JSON text, laid out in the style of the file with its numbers and strings unchanged.
    Json(Cow<'a, str>),
}

impl NewValue<'_> {
    /// Appends the value as JSON in any layout.
    pub(crate) fn spell(&self, out: &mut String) {
        match self {
            NewValue::Name(name) => push_plain(out, name),
            NewValue::Alias(name, _) => push_plain(out, name),
            NewValue::Text(text) => push_quoted(out, text),
            // Writing to a string cannot fail.
            NewValue::Number(number) => drop(write!(out, "{number}")),
            NewValue::Count(count) => drop(write!(out, "{count}")),
            NewValue::Flag(flag) => out.push_str(if *flag { "true" } else { "false" }),
            NewValue::Spelt(text) => out.push_str(text),
            NewValue::Json(json) => out.push_str(json),
        }
    }

    /// Appends the value under a key indented by `indent`, or on one line if the key is not the first of its line.
    pub(super) fn lay_out(&self, out: &mut String, style: &Style, indent: Option<&str>) {
        match self {
            NewValue::Json(json) => lay_out(json, out, style, indent),
            scalar => scalar.spell(out),
        }
    }

    /// True if a value of the document equals this one in any spelling; `spelt` is this value's text.
    pub(super) fn equals(&self, document: &Document, value: NodeId, spelt: &str) -> bool {
        let raw = document.raw(value);
        if raw == spelt {
            return true;
        }
        match (self, document.kind(value)) {
            (NewValue::Alias(name, same), Kind::String) => document.string(value).is_some_and(|old| same(name, &old)),
            (_, Kind::Number) => same_number(raw, spelt),
            (_, Kind::String) if document.node(value).escaped => {
                Document::parse(spelt.to_owned()).is_ok_and(|new| new.string(ROOT) == document.string(value))
            }
            _ => false,
        }
    }
}

/// Appends a string that has nothing to escape.
fn push_plain(out: &mut String, text: &str) {
    out.push('"');
    out.push_str(text);
    out.push('"');
}

/// Appends a JSON text in the style of a document.
pub(super) fn lay_out(json: &str, out: &mut String, style: &Style, indent: Option<&str>) {
    match (Document::parse(json.to_owned()), indent) {
        (Ok(json), Some(indent)) => out.push_str(&format::styled(&json, style, indent)),
        (Ok(json), None) => out.push_str(&format::inline(&json, ROOT, style)),
        // Not reached: the text was parsed before.
        (Err(_), _) => out.push_str("null"),
    }
}
