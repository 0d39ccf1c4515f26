//! Lists: elements spliced one by one, so that those that stay keep their spelling and place.

use super::patch::key_indent;
use super::{Document, NodeId, Splice, Style};
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
    /// The new elements as one list.
    pub(super) fn json(&self) -> String {
        let elements: Vec<&str> = self.insert.iter().map(|(_, json)| &**json).collect();
        format!("[{}]", elements.join(","))
    }

    /// The new elements as one list under a key indented by `indent`, one a line.
    pub(super) fn new_lines(&self, style: &Style, indent: &str) -> String {
        let newline = style.newline.unwrap_or("");
        let lead = format!("{newline}{indent}{}", style.indent);
        let mut out = String::with_capacity(512);
        out.push('[');
        for (at, (_, json)) in self.insert.iter().enumerate() {
            out.push_str(if at == 0 { "" } else { "," });
            out.push_str(&lead);
            out.push_str(json);
        }
        out.push_str(newline);
        out.push_str(indent);
        out.push(']');
        out
    }

    pub(super) fn resolve(&self, document: &Document, array: NodeId, style: &Style, out: &mut Vec<Splice>) {
        let ids: Vec<NodeId> = document.elements(array).collect();
        let items: Vec<Item> = ids
            .iter()
            .map(|&id| {
                let node = document.node(id);
                Item { start: node.start, end: node.end, removed: self.remove.contains(&id) }
            })
            .collect();
        remove_items(document, array, &items, self.insert.is_empty(), out);
        let mut last = Vec::new();
        for (before, json) in &self.insert {
            match before.and_then(|id| ids.iter().position(|&item| item == id)) {
                Some(at) => {
                    let gap = self.gap(document, array, &items, at, style);
                    out.push(Splice::new(items[at].start, items[at].start, format!("{json},{gap}")));
                }
                None => last.push(&**json),
            }
        }
        let (Some(first), node) = (last.first(), document.node(array)) else { return };
        match items.last() {
            Some(item) if items.iter().any(|item| !item.removed) => {
                let gap = self.gap(document, array, &items, items.len() - 1, style);
                let text: String = last.iter().map(|json| format!(",{gap}{json}")).collect();
                out.push(Splice::new(item.end, item.end, text));
            }
            _ => {
                let text = match style.newline {
                    Some(newline) if self.lines => {
                        let indent = key_indent(document, array - 1).unwrap_or("");
                        let lead = format!("{newline}{indent}{}", style.indent);
                        format!("{lead}{}{newline}{indent}", last.join(&format!(",{lead}")))
                    }
                    _ if last.len() == 1 => (*first).to_owned(),
                    _ => last.join(&format!(",{}", style.gap())),
                };
                out.push(Splice::new(node.start + 1, node.end - 1, text));
            }
        }
    }

    /// What stands between a comma and an element beside the one at `at`: on one line a space; on lines of
    /// their own, what stands before that one.
    fn gap(&self, document: &Document, array: NodeId, items: &[Item], at: usize, style: &Style) -> String {
        let Some(newline) = style.newline.filter(|_| self.lines) else { return style.gap().to_owned() };
        let from = if at == 0 { document.node(array).start + 1 } else { comma_after(document, items[at - 1].end) };
        let lead = &document.text()[from as usize..items[at].start as usize];
        if lead.contains('\n') {
            return lead.to_owned();
        }
        format!("{newline}{}{}", key_indent(document, array - 1).unwrap_or(""), style.indent)
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
pub(super) fn remove_items(
    document: &Document,
    container: NodeId,
    items: &[Item],
    empties: bool,
    out: &mut Vec<Splice>,
) {
    let leading = items.iter().take_while(|item| item.removed).count();
    if leading == items.len() {
        let node = document.node(container);
        if leading > 0 && empties {
            out.push(Splice::new(node.start + 1, node.end - 1, ""));
        }
        return;
    }
    if leading > 0 {
        out.push(Splice::new(items[0].start, items[leading].start, ""));
    }
    for at in leading + 1..items.len() {
        if items[at].removed {
            out.push(Splice::new(items[at - 1].end, items[at].end, ""));
        }
    }
}

/// The offset after the comma that follows `from`.
pub(super) fn comma_after(document: &Document, from: u32) -> u32 {
    let rest = &document.text().as_bytes()[from as usize..];
    from + rest.iter().position(|&byte| byte == b',').map_or(0, |at| at as u32 + 1)
}
