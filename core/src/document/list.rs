//! Lists: elements spliced one by one, so that those that stay keep their spelling and place.

use super::patch::key_indent;
use super::{Document, Edits, NodeId, Style};
use crate::order::by_number;
use std::borrow::Cow;

/// What goes from a list and what comes.
#[derive(Debug)]
pub(crate) struct ListPatch {
    /// Elements of the file (by node) that go.
    pub(crate) remove: Vec<NodeId>,
    /// New elements as JSON on one line, each before the element it is given, or last.
    pub(crate) insert: Vec<(Option<NodeId>, Cow<'static, str>)>,
    /// Whether each element has a line of its own where the file has lines.
    pub(crate) lines: bool,
}

impl ListPatch {
    /// Appends the new elements as one list.
    pub(super) fn spell(&self, out: &mut String) {
        out.push('[');
        for (at, (_, json)) in self.insert.iter().enumerate() {
            out.push_str(if at == 0 { "" } else { "," });
            out.push_str(json);
        }
        out.push(']');
    }

    /// Appends the new elements as one list under a key indented by `indent`, one a line.
    pub(super) fn lay_out(&self, out: &mut String, style: &Style, indent: &str) {
        out.push('[');
        self.fill(out, style, indent);
        out.push(']');
    }

    /// Appends those new elements that come last as the inside of a list, one a line.
    fn fill(&self, out: &mut String, style: &Style, indent: &str) {
        let newline = style.newline.unwrap_or("");
        for (at, json) in self.last().enumerate() {
            for part in [if at == 0 { "" } else { "," }, newline, indent, &style.indent, json] {
                out.push_str(part);
            }
        }
        out.push_str(newline);
        out.push_str(indent);
    }

    /// The new elements that come after all that stand there.
    fn last(&self) -> impl Iterator<Item = &str> {
        self.insert.iter().filter(|(before, _)| before.is_none()).map(|(_, json)| &**json)
    }

    pub(super) fn resolve(&self, document: &Document, array: NodeId, style: &Style, edits: &mut Edits) {
        // Elements are numbered in the order of the file: what is sorted is found at once.
        let mut remove = self.remove.clone();
        by_number(&mut remove, |&id| id.into());
        let removed = |id: NodeId| remove.binary_search(&id).is_ok();
        if !remove.is_empty() {
            let item = |id| {
                let node = document.node(id);
                Item { start: node.start, end: node.end, removed: removed(id) }
            };
            let items: Vec<Item> = document.elements(array).map(item).collect();
            remove_items(document, array, &items, self.insert.is_empty(), edits);
        }
        for (before, json) in &self.insert {
            let Some(before) = *before else { continue };
            let start = document.node(before).start;
            edits.write(start, start, |out| {
                out.push_str(json);
                out.push(',');
                self.push_gap(document, array, before, style, out);
            });
        }
        if self.last().next().is_none() {
            return;
        }
        let node = document.node(array);
        let last = document.elements(array).last();
        match last.filter(|_| document.elements(array).any(|id| !removed(id))) {
            Some(last) => {
                let end = document.node(last).end;
                edits.write(end, end, |out| {
                    for json in self.last() {
                        out.push(',');
                        self.push_gap(document, array, last, style, out);
                        out.push_str(json);
                    }
                });
            }
            None => edits.write(node.start + 1, node.end - 1, |out| {
                if self.lines && style.newline.is_some() {
                    self.fill(out, style, key_indent(document, array - 1).unwrap_or(""));
                } else {
                    for (at, json) in self.last().enumerate() {
                        out.push_str(if at == 0 { "" } else { "," });
                        out.push_str(if at == 0 { "" } else { style.gap() });
                        out.push_str(json);
                    }
                }
            }),
        }
    }

    /// Appends what stands between a comma and an element beside the one given: on one line a space; on
    /// lines of their own, what stands before that one.
    fn push_gap(&self, document: &Document, array: NodeId, beside: NodeId, style: &Style, out: &mut String) {
        let Some(newline) = style.newline.filter(|_| self.lines) else { return out.push_str(style.gap()) };
        // Between an element and the comma or bracket before it there is white space only.
        let before = &document.text()[..document.node(beside).start as usize];
        let lead = &before[before.trim_end_matches([' ', '\t', '\r', '\n']).len()..];
        if lead.contains('\n') {
            return out.push_str(lead);
        }
        for part in [newline, key_indent(document, array - 1).unwrap_or(""), &style.indent] {
            out.push_str(part);
        }
    }
}

/// A member or element as it stands in the file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Item {
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) removed: bool,
}

/// Removes the marked items of a container: each with the comma and white space before it, those that lead
/// with what follows them. With none left and `empties`, the container closes up.
pub(super) fn remove_items(document: &Document, container: NodeId, items: &[Item], empties: bool, edits: &mut Edits) {
    let leading = items.iter().take_while(|item| item.removed).count();
    if leading == items.len() {
        let node = document.node(container);
        if leading > 0 && empties {
            edits.replace(node.start + 1, node.end - 1, "");
        }
        return;
    }
    if leading > 0 {
        edits.replace(items[0].start, items[leading].start, "");
    }
    for at in leading + 1..items.len() {
        if items[at].removed {
            edits.replace(items[at - 1].end, items[at].end, "");
        }
    }
}

/// The offset after the comma that follows `from`.
pub(super) fn comma_after(document: &Document, from: u32) -> u32 {
    let rest = &document.text().as_bytes()[from as usize..];
    from + rest.iter().position(|&byte| byte == b',').map_or(0, |at| at as u32 + 1)
}
