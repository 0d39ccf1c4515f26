//! Values that are new to a document, spelt straight into the text that takes them.

use super::{Document, Kind, NodeId, ROOT, Style, format, push_quoted};
use crate::money::same_number;
use crate::number;
use crate::{Money, Timestamp};
use std::borrow::Cow;
use std::fmt::Write;

/// A value to be written.
#[derive(Debug, Clone)]
pub(crate) enum NewValue<'a> {
    /// A string that is one of the format's own names: it has nothing to escape.
    Name(&'static str),
    /// A name that its reader knows by others too, and whether it takes what it finds for this name.
    Alias(&'static str, fn(&str, &str) -> bool),
    /// Any other string.
    Text(Cow<'a, str>),
    Time(Timestamp),
    Money(Money),
    /// A number, in its shortest spelling that reads back the same.
    Number(f64),
    Count(u64),
    Flag(bool),
    /// A scalar as it shall be spelt in the file.
    Spelt(String),
    /// Any JSON text, laid out in the style of the file, numbers and strings spelt as they are.
    Json(Cow<'a, str>),
}

impl NewValue<'_> {
    /// Appends the value as JSON of any layout.
    pub(crate) fn spell(&self, out: &mut String) {
        match self {
            NewValue::Name(name) | NewValue::Alias(name, _) => {
                out.push('"');
                out.push_str(name);
                out.push('"');
            }
            NewValue::Text(text) => push_quoted(out, text),
            NewValue::Time(time) => {
                out.push('"');
                time.push_to(out);
                out.push('"');
            }
            NewValue::Money(money) => money.push_to(out),
            NewValue::Number(number) => number::push(out, *number),
            // Writing to a string cannot fail.
            NewValue::Count(count) => drop(write!(out, "{count}")),
            NewValue::Flag(flag) => out.push_str(if *flag { "true" } else { "false" }),
            NewValue::Spelt(text) => out.push_str(text),
            NewValue::Json(json) => out.push_str(json),
        }
    }

    /// Appends the value as it stands under a key indented by `indent`, or on the key's line where that is
    /// not the first of its line.
    pub(super) fn lay_out(&self, out: &mut String, style: &Style, indent: Option<&str>) {
        match self {
            NewValue::Json(json) => lay_out(json, out, style, indent),
            scalar => scalar.spell(out),
        }
    }

    /// Whether a value of the document is this one already, whatever its spelling; `spelt` is this one's.
    pub(super) fn stands(&self, document: &Document, value: NodeId, spelt: &str) -> bool {
        let raw = document.raw(value);
        if raw == spelt {
            return true;
        }
        match (self, document.kind(value)) {
            (NewValue::Alias(name, same), Kind::String) => document.string(value).is_some_and(|old| same(name, &old)),
            (NewValue::Time(time), Kind::String) => document.string(value).is_some_and(|old| time.is_spelt(&old)),
            (_, Kind::Number) => same_number(raw, spelt),
            (_, Kind::String) if document.node(value).escaped => {
                Document::parse(spelt.to_owned()).is_ok_and(|new| new.string(ROOT) == document.string(value))
            }
            _ => false,
        }
    }
}

/// Appends a JSON text in the style of a document.
pub(super) fn lay_out(json: &str, out: &mut String, style: &Style, indent: Option<&str>) {
    match (Document::parse(json.to_owned()), indent) {
        (Ok(json), Some(indent)) => out.push_str(&format::styled(&json, style, indent)),
        (Ok(json), None) => out.push_str(&format::inline(&json, ROOT, style)),
        // Not reached: what the machine hands over has been parsed already.
        (Err(_), _) => out.push_str("null"),
    }
}
