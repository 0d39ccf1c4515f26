//! Patches: what an event sets, removes and appends, turned into the fewest splices that do it.
//!
//! The rules are those of the format's "lossless" section: a value that is equal already is not spelt
//! again; a new member goes last, laid out as the one before it; a removed one takes the comma and white
//! space before it; list elements are spliced one by one.

use super::style::line_break;
use super::{Document, Kind, NodeId, Splice, Style, format};
use crate::money::Decimal;
use std::borrow::Cow;

/// A value to be written.
#[derive(Debug, Clone)]
pub(crate) enum NewValue {
    /// A scalar, spelt as it shall stand in the file.
    Scalar(String),
    /// Any JSON text, laid out in the style of the file, numbers and strings spelt as they are.
    Json(String),
}

/// What happens to one member of an object.
#[derive(Debug)]
enum MemberPatch {
    Set(NewValue),
    Remove,
    List(ListPatch),
    /// Appends an object (as compact JSON) to an array that holds one entry a line.
    Append(String),
}

/// The changes to one object, by key.
#[derive(Debug, Default)]
pub(crate) struct ObjectPatch {
    objects: Vec<(Cow<'static, str>, ObjectPatch)>,
    members: Vec<(Cow<'static, str>, MemberPatch)>,
}

/// The names a list shall hold.
#[derive(Debug)]
pub(crate) struct ListPatch {
    /// Elements of the file (by node) that go.
    pub(crate) remove: Vec<NodeId>,
    /// New names, each before the element it is given (or last).
    pub(crate) insert: Vec<(Option<NodeId>, &'static str)>,
}

impl ObjectPatch {
    /// Sets a member, last word wins.
    pub(crate) fn set(&mut self, key: impl Into<Cow<'static, str>>, value: NewValue) {
        self.put(key.into(), MemberPatch::Set(value));
    }

    /// Sets a member to a string.
    pub(crate) fn set_string(&mut self, key: impl Into<Cow<'static, str>>, text: &str) {
        self.set(key, NewValue::Scalar(super::quote(text)));
    }

    /// Removes a member where it stands, every duplicate of it too: an older one must not come to count.
    pub(crate) fn remove(&mut self, key: impl Into<Cow<'static, str>>) {
        self.put(key.into(), MemberPatch::Remove);
    }

    /// Splices a list of names.
    pub(crate) fn list(&mut self, key: impl Into<Cow<'static, str>>, list: ListPatch) {
        self.put(key.into(), MemberPatch::List(list));
    }

    /// Appends an entry to an array that holds one entry a line.
    pub(crate) fn append(&mut self, key: impl Into<Cow<'static, str>>, entry: String) {
        self.put(key.into(), MemberPatch::Append(entry));
    }

    /// The changes to a member that is an object: made if the file does not have it.
    pub(crate) fn object(&mut self, key: impl Into<Cow<'static, str>>) -> &mut ObjectPatch {
        let key = key.into();
        let at = self.objects.iter().position(|(name, _)| *name == key).unwrap_or_else(|| {
            self.objects.push((key, ObjectPatch::default()));
            self.objects.len() - 1
        });
        &mut self.objects[at].1
    }

    fn put(&mut self, key: Cow<'static, str>, patch: MemberPatch) {
        match self.members.iter_mut().find(|(name, _)| *name == key) {
            Some((_, old)) => *old = patch,
            None => self.members.push((key, patch)),
        }
    }

    /// The splices that make these changes to `object`, in no order.
    pub(crate) fn splices(&self, document: &Document, object: NodeId, style: &Style) -> Vec<Splice> {
        let mut out = Vec::with_capacity(self.members.len() + 4);
        self.resolve(document, object, style, &mut out);
        out
    }

    fn resolve(&self, document: &Document, object: NodeId, style: &Style, out: &mut Vec<Splice>) {
        let mut removed: Vec<NodeId> = Vec::new();
        let mut added: Vec<(&str, New<'_>)> = Vec::new();
        for (name, patch) in &self.objects {
            match document.find(object, name) {
                Some(value) if document.kind(value) == Kind::Object => patch.resolve(document, value, style, out),
                _ if !patch.writes() => {}
                // The machine lets only null stand where an object is wanted.
                Some(value) => {
                    let node = document.node(value);
                    let text = New::Object(patch).text(style, key_indent(document, value - 1));
                    out.push(Splice::new(node.start, node.end, text));
                }
                None => added.push((name, New::Object(patch))),
            }
        }
        for (name, patch) in &self.members {
            let Some(value) = document.find(object, name) else {
                if patch.writes() {
                    added.push((name, New::Member(patch)));
                }
                continue;
            };
            let node = document.node(value);
            let replace = |text: String| Splice::new(node.start, node.end, text);
            match patch {
                MemberPatch::Set(new) => {
                    if !equal(document, value, new) {
                        let indent = key_indent(document, value - 1);
                        out.push(replace(new.text(style, indent)));
                    }
                }
                MemberPatch::Remove => {
                    let same = document.string(value - 1);
                    removed.extend(
                        document.members(object).filter(|(key, _)| document.string(*key) == same).map(|(key, _)| key),
                    );
                }
                MemberPatch::List(list) if node.kind == Kind::Array => list.resolve(document, value, style, out),
                MemberPatch::Append(entry) if node.kind == Kind::Array => append(document, value, entry, style, out),
                // The machine lets only null stand where a list is wanted.
                other => out.push(replace(New::Member(other).text(style, key_indent(document, value - 1)))),
            }
        }
        self.members_changed(document, object, &removed, &added, style, out);
    }

    /// The removal and addition of whole members.
    fn members_changed(
        &self,
        document: &Document,
        object: NodeId,
        removed: &[NodeId],
        added: &[(&str, New<'_>)],
        style: &Style,
        out: &mut Vec<Splice>,
    ) {
        if removed.is_empty() && added.is_empty() {
            return;
        }
        let items: Vec<Item> = document
            .members(object)
            .map(|(key, value)| Item {
                start: document.node(key).start,
                end: document.node(value).end,
                removed: removed.contains(&key),
            })
            .collect();
        remove_items(document, object, &items, added.is_empty(), out);
        if added.is_empty() {
            return;
        }
        let node = document.node(object);
        let mut text = String::new();
        let Some((last, item)) = items.iter().enumerate().rfind(|(_, item)| !item.removed) else {
            // Nothing stays to copy from: the document's own style decides.
            let depth = depth_of(document, object);
            let lead = style.line(depth);
            for (at, (name, patch)) in added.iter().enumerate() {
                if at > 0 {
                    text.push(',');
                    text.push_str(if style.newline.is_none() { style.gap() } else { "" });
                }
                text.push_str(&lead);
                push_member(&mut text, name, *patch, style.colon(), &lead, style);
            }
            text.push_str(&style.line(depth - 1));
            out.push(Splice::new(node.start + 1, node.end - 1, text));
            return;
        };
        let lead_from = if last == 0 { node.start + 1 } else { comma_after(document, items[last - 1].end) };
        let lead = &document.text()[lead_from as usize..item.start as usize];
        let (key, value) = document.members(object).nth(last).unwrap_or((object, object));
        let colon = &document.text()[document.node(key).end as usize..document.node(value).start as usize];
        for (name, patch) in added {
            text.push(',');
            text.push_str(lead);
            push_member(&mut text, name, *patch, colon, lead, style);
        }
        // After all that stood there: what is removed behind the last that stays goes first.
        let at = items.last().map_or(item.end, |item| item.end);
        out.push(Splice::new(at, at, text));
    }
}

impl ObjectPatch {
    /// Whether this has something to write where the file does not have the object.
    fn writes(&self) -> bool {
        self.members.iter().any(|(_, member)| member.writes()) || self.objects.iter().any(|(_, object)| object.writes())
    }

    /// The object as JSON of any layout, where it is wholly new.
    fn json(&self) -> String {
        let objects =
            self.objects.iter().filter(|(_, object)| object.writes()).map(|(name, object)| (name, object.json()));
        let members =
            self.members.iter().filter(|(_, member)| member.writes()).map(|(name, member)| (name, member.json()));
        let all: Vec<String> =
            objects.chain(members).map(|(name, json)| format!("{}:{json}", super::quote(name))).collect();
        format!("{{{}}}", all.join(","))
    }
}

impl MemberPatch {
    /// Whether this has something to write where the file does not have the member.
    fn writes(&self) -> bool {
        match self {
            MemberPatch::Set(_) | MemberPatch::Append(_) => true,
            MemberPatch::Remove => false,
            MemberPatch::List(list) => !list.insert.is_empty(),
        }
    }

    /// The member's value as JSON of any layout.
    fn json(&self) -> String {
        match self {
            MemberPatch::Set(NewValue::Scalar(text) | NewValue::Json(text)) => text.clone(),
            MemberPatch::Remove => "null".to_owned(),
            MemberPatch::Append(entry) => format!("[{entry}]"),
            MemberPatch::List(list) => {
                let names: Vec<String> = list.insert.iter().map(|(_, name)| super::quote(name)).collect();
                format!("[{}]", names.join(","))
            }
        }
    }
}

/// A member that the file does not have yet.
#[derive(Clone, Copy)]
enum New<'a> {
    Member(&'a MemberPatch),
    Object(&'a ObjectPatch),
}

impl New<'_> {
    /// The member's value, laid out under a key indented by `indent`, or on the key's line where that is
    /// not the first of its line.
    fn text(self, style: &Style, indent: Option<&str>) -> String {
        match (self, indent) {
            (New::Object(object), _) => NewValue::Json(object.json()).text(style, indent),
            (New::Member(MemberPatch::Set(value)), _) => value.text(style, indent),
            (New::Member(MemberPatch::Append(entry)), Some(indent)) if style.newline.is_some() => {
                let newline = style.newline.unwrap_or("");
                format!("[{newline}{indent}{}{}{newline}{indent}]", style.indent, inline(entry, style))
            }
            (New::Member(member), _) => NewValue::Json(member.json()).text(style, indent),
        }
    }
}

impl NewValue {
    fn text(&self, style: &Style, indent: Option<&str>) -> String {
        match self {
            NewValue::Scalar(text) => text.clone(),
            NewValue::Json(json) => match (Document::parse(json.clone()), indent) {
                (Ok(json), Some(indent)) => format::styled(&json, style, indent),
                (Ok(json), None) => format::inline(&json, style),
                // Not reached: what the machine hands over has been parsed already.
                (Err(_), _) => "null".to_owned(),
            },
        }
    }
}

impl ListPatch {
    fn resolve(&self, document: &Document, array: NodeId, style: &Style, out: &mut Vec<Splice>) {
        let items: Vec<(NodeId, Item)> = document
            .elements(array)
            .map(|id| {
                let node = document.node(id);
                (id, Item { start: node.start, end: node.end, removed: self.remove.contains(&id) })
            })
            .collect();
        let spans: Vec<Item> = items.iter().map(|(_, item)| *item).collect();
        remove_items(document, array, &spans, self.insert.is_empty(), out);
        let gap = style.gap();
        let mut last = String::new();
        for &(before, name) in &self.insert {
            let name = super::quote(name);
            match before.and_then(|id| items.iter().find(|(item, _)| *item == id)) {
                Some((_, item)) => out.push(Splice::new(item.start, item.start, format!("{name},{gap}"))),
                None => {
                    if !last.is_empty() {
                        last.push(',');
                        last.push_str(gap);
                    }
                    last.push_str(&name);
                }
            }
        }
        if last.is_empty() {
            return;
        }
        let node = document.node(array);
        match spans.last() {
            Some(item) if spans.iter().any(|item| !item.removed) => {
                out.push(Splice::new(item.end, item.end, format!(",{gap}{last}")))
            }
            _ => out.push(Splice::new(node.start + 1, node.end - 1, last)),
        }
    }
}

/// A member or element as it stands in the file.
#[derive(Debug, Clone, Copy)]
struct Item {
    start: u32,
    end: u32,
    removed: bool,
}

/// Removes the marked items of a container: each with the comma and white space before it, those that lead
/// with what follows them. With none left and `empties`, the container closes up.
fn remove_items(document: &Document, container: NodeId, items: &[Item], empties: bool, out: &mut Vec<Splice>) {
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
fn comma_after(document: &Document, from: u32) -> u32 {
    let rest = &document.text().as_bytes()[from as usize..];
    from + rest.iter().position(|&byte| byte == b',').map_or(0, |at| at as u32 + 1)
}

fn push_member(out: &mut String, name: &str, patch: New<'_>, colon: &str, lead: &str, style: &Style) {
    out.push_str(&super::quote(name));
    out.push_str(colon);
    let indent = line_break(lead).map(|(_, indent)| indent);
    out.push_str(&patch.text(style, indent));
}

/// The indentation of a key, where it starts its line.
fn key_indent(document: &Document, key: NodeId) -> Option<&str> {
    let before = &document.text()[..document.node(key).start as usize];
    let line = &before[before.rfind('\n')? + 1..];
    line.chars().all(|c| matches!(c, ' ' | '\t' | '\r')).then_some(line)
}

/// How many containers an object's members stand in.
fn depth_of(document: &Document, object: NodeId) -> usize {
    (0..=object)
        .filter(|&id| matches!(document.kind(id), Kind::Object | Kind::Array) && document.node(id).next > object)
        .count()
}

fn inline(entry: &str, style: &Style) -> String {
    match Document::parse(entry.to_owned()) {
        Ok(json) => format::inline(&json, style),
        // Not reached: entries are written by the machine.
        Err(_) => entry.to_owned(),
    }
}

/// Appends an entry on a line of its own.
fn append(document: &Document, array: NodeId, entry: &str, style: &Style, out: &mut Vec<Splice>) {
    let node = document.node(array);
    let entry = inline(entry, style);
    let mut last = None;
    let mut before = node.start;
    for id in document.elements(array) {
        if let Some(id) = last {
            before = document.node(id).end;
        }
        last = Some(id);
    }
    let indent = || key_indent(document, array - 1).unwrap_or("");
    match last {
        Some(last) => {
            let last = document.node(last);
            let from = if before == node.start { before + 1 } else { comma_after(document, before) };
            let mut lead = document.text()[from as usize..last.start as usize].to_owned();
            if let Some(newline) = style.newline
                && !lead.contains('\n')
            {
                lead = format!("{newline}{}{}", indent(), style.indent);
            } else if style.newline.is_none() && lead.is_empty() {
                lead.push_str(style.gap());
            }
            out.push(Splice::new(last.end, last.end, format!(",{lead}{entry}")));
        }
        None => {
            let text = match style.newline {
                Some(newline) => format!("{newline}{0}{1}{entry}{newline}{0}", indent(), style.indent),
                None => entry,
            };
            out.push(Splice::new(node.start + 1, node.end - 1, text));
        }
    }
}

/// Whether a value is what it shall become already, whatever its spelling.
fn equal(document: &Document, value: NodeId, new: &NewValue) -> bool {
    let raw = document.raw(value);
    match new {
        NewValue::Scalar(text) | NewValue::Json(text) if text == raw => true,
        NewValue::Json(_) => false,
        NewValue::Scalar(text) => match document.kind(value) {
            Kind::Number => match (Decimal::parse(raw), Decimal::parse(text)) {
                (Some(old), Some(new)) => old == new,
                _ => false,
            },
            Kind::String if document.node(value).escaped => Document::parse(text.clone())
                .is_ok_and(|new| new.string(0).is_some_and(|new| document.string(value) == Some(new))),
            _ => false,
        },
    }
}
