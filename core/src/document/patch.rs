//! Patches: what an event sets, removes and appends, turned into the fewest splices that do it.
//!
//! The rules are those of the format's "lossless" section: a value that is equal already is not spelt
//! again; a new member goes last, laid out as the one before it; a removed one takes the comma and white
//! space before it; list elements are spliced one by one.

use super::list::{Item, ListPatch, comma_after, remove_items};
use super::style::line_break;
use super::{Document, Kind, NodeId, ROOT, Splice, Style, format};
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
}

/// The changes to one object, by key.
#[derive(Debug, Default)]
pub(crate) struct ObjectPatch {
    /// Whether a key is only itself: the machine's patches find a member under any spelling of its name.
    exact: bool,
    objects: Vec<(Cow<'static, str>, ObjectPatch)>,
    members: Vec<(Cow<'static, str>, MemberPatch)>,
}

impl ObjectPatch {
    /// A patch that finds members by their exact keys.
    pub(crate) fn exact() -> ObjectPatch {
        ObjectPatch { exact: true, ..ObjectPatch::default() }
    }

    fn find(&self, document: &Document, object: NodeId, name: &str) -> Option<NodeId> {
        if self.exact { document.find_exact(object, name) } else { document.find(object, name) }
    }

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

    /// Splices a list.
    pub(crate) fn list(&mut self, key: impl Into<Cow<'static, str>>, list: ListPatch) {
        self.put(key.into(), MemberPatch::List(list));
    }

    /// Appends an entry to an array that holds one entry a line.
    pub(crate) fn append(&mut self, key: impl Into<Cow<'static, str>>, entry: String) {
        self.list(key, ListPatch { remove: Vec::new(), insert: vec![(None, entry.into())], lines: true });
    }

    /// The changes to a member that is an object: made if the file does not have it.
    pub(crate) fn object(&mut self, key: impl Into<Cow<'static, str>>) -> &mut ObjectPatch {
        let key = key.into();
        let at = self.objects.iter().position(|(name, _)| *name == key).unwrap_or_else(|| {
            self.objects.push((key, ObjectPatch { exact: self.exact, ..ObjectPatch::default() }));
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
        let mut out = Vec::with_capacity(32);
        self.resolve(document, object, style, &mut out);
        out
    }

    fn resolve(&self, document: &Document, object: NodeId, style: &Style, out: &mut Vec<Splice>) {
        let mut removed: Vec<NodeId> = Vec::new();
        let mut added: Vec<(&str, New<'_>)> = Vec::new();
        for (name, patch) in &self.objects {
            match self.find(document, object, name) {
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
            let Some(value) = self.find(document, object, name) else {
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
        let mut items: Vec<Item> = Vec::with_capacity(16);
        items.extend(document.members(object).map(|(key, value)| Item {
            start: document.node(key).start,
            end: document.node(value).end,
            removed: removed.contains(&key),
        }));
        remove_items(document, object, &items, added.is_empty(), out);
        if added.is_empty() {
            return;
        }
        let node = document.node(object);
        let mut text = String::with_capacity(512);
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
            MemberPatch::Set(_) => true,
            MemberPatch::Remove => false,
            MemberPatch::List(list) => !list.insert.is_empty(),
        }
    }

    /// The member's value as JSON of any layout.
    fn json(&self) -> String {
        match self {
            MemberPatch::Set(NewValue::Scalar(text) | NewValue::Json(text)) => text.clone(),
            MemberPatch::Remove => "null".to_owned(),
            MemberPatch::List(list) => list.json(),
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
            (New::Member(MemberPatch::List(list)), Some(indent)) if list.lines => list.new_lines(style, indent),
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
                (Ok(json), None) => format::inline(&json, ROOT, style),
                // Not reached: what the machine hands over has been parsed already.
                (Err(_), _) => "null".to_owned(),
            },
        }
    }
}

fn push_member(out: &mut String, name: &str, patch: New<'_>, colon: &str, lead: &str, style: &Style) {
    super::push_quoted(out, name);
    out.push_str(colon);
    let indent = line_break(lead).map(|(_, indent)| indent);
    out.push_str(&patch.text(style, indent));
}

/// The indentation of a key, where it starts its line.
pub(super) fn key_indent(document: &Document, key: NodeId) -> Option<&str> {
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
