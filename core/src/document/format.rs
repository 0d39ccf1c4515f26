//! Layout of new values in the style of a document.

use super::{Document, Kind, NodeId, ROOT, Style};

/// Depth from which a value is copied on one line.
const DEEPEST: usize = 32;

/// Lays out a value after a key on a line indented by `indent`: one member of an object a line, arrays of scalars on one
/// line, numbers and strings unchanged.
pub(super) fn styled(json: &Document, style: &Style, indent: &str) -> String {
    lay_out(json, ROOT, style, indent)
}

/// Lays out a value on one line.
pub(super) fn inline(json: &Document, id: NodeId, style: &Style) -> String {
    let one_line = Style { newline: None, indent: String::new(), ..style.clone() };
    lay_out(json, id, &one_line, "")
}

fn lay_out(json: &Document, id: NodeId, style: &Style, indent: &str) -> String {
    let mut out = String::with_capacity(json.raw(id).len() * 2);
    Layouter { json, style, indent, out: &mut out }.value(id, 0);
    out
}

struct Layouter<'a> {
    json: &'a Document,
    style: &'a Style,
    indent: &'a str,
    out: &'a mut String,
}

impl Layouter<'_> {
    /// Recursion is bounded: values deeper than [`DEEPEST`] are copied.
    fn value(&mut self, id: NodeId, depth: usize) {
        let node = self.json.node(id);
        let is_object = node.kind == Kind::Object;
        if !is_object && node.kind != Kind::Array || node.next == id + 1 || depth >= DEEPEST {
            let raw = self.json.raw(id);
            self.out.push_str(if node.next == id + 1 && is_object {
                "{}"
            } else if node.next == id + 1 && node.kind == Kind::Array {
                "[]"
            } else {
                raw
            });
            return;
        }
        let scalars = |id: NodeId| {
            self.json.elements(id).all(|element| !matches!(self.json.kind(element), Kind::Object | Kind::Array))
        };
        let broken = self.style.newline.is_some() && (is_object || !scalars(id));
        self.out.push(if is_object { '{' } else { '[' });
        let items: Vec<(Option<NodeId>, NodeId)> = if is_object {
            self.json.members(id).map(|(key, value)| (Some(key), value)).collect()
        } else {
            self.json.elements(id).map(|element| (None, element)).collect()
        };
        for (at, (key, value)) in items.into_iter().enumerate() {
            if at > 0 {
                self.out.push(',');
            }
            if broken {
                self.line(depth + 1);
            } else if at > 0 {
                self.out.push_str(self.style.gap());
            }
            if let Some(key) = key {
                self.out.push_str(self.json.raw(key));
                self.out.push_str(self.style.colon());
            }
            self.value(value, depth + 1);
        }
        if broken {
            self.line(depth);
        }
        self.out.push(if is_object { '}' } else { ']' });
    }

    fn line(&mut self, depth: usize) {
        self.out.push_str(self.style.newline.unwrap_or(""));
        self.out.push_str(self.indent);
        for _ in 0..depth {
            self.out.push_str(&self.style.indent);
        }
    }
}
