//! Patches of an object: members to set, remove or splice, turned into the fewest edits.
//!
//! An equal value is not respelt. A new member goes last, laid out as the one before it. A removed member takes the comma
//! and white space before it. List elements are spliced one by one.

use super::style::{comma_spacing, line_break};
use super::value::{NewValue, lay_out};
use super::{Document, Edits, Keys, Kind, NodeId, ROOT, Style, push_quoted, same};
use crate::names::same_name;
use crate::order::by_number;
use std::borrow::Cow;

/// Change of one member of an object.
#[derive(Debug)]
enum MemberPatch<'a> {
    Set(NewValue<'a>),
    Remove,
    List(ListPatch),
}

/// Changes of one object, by key.
#[derive(Debug, Default)]
pub(crate) struct ObjectPatch<'a> {
    /// True if keys must match exactly; else a member is found under any spelling of its name.
    exact: bool,
    objects: Vec<(Cow<'a, str>, ObjectPatch<'a>)>,
    members: Vec<(Cow<'a, str>, MemberPatch<'a>)>,
}

impl<'a> ObjectPatch<'a> {
    /// A patch that finds members by their exact keys; each key may be named once.
    pub(crate) fn exact() -> Self {
        ObjectPatch { exact: true, ..ObjectPatch::default() }
    }

    /// A patch that adds new objects in this order.
    pub(crate) fn of_objects<const N: usize>(names: [&'a str; N]) -> Self {
        let object = |name: &'a str| (name.into(), ObjectPatch::default());
        ObjectPatch { objects: names.into_iter().map(object).collect(), ..ObjectPatch::default() }
    }

    /// Sets a member; the last call wins.
    pub(crate) fn set(&mut self, key: impl Into<Cow<'a, str>>, value: NewValue<'a>) {
        self.put(key.into(), MemberPatch::Set(value));
    }

    /// Removes a member with all its duplicates and other spellings, so that none of them counts instead.
    pub(crate) fn remove(&mut self, key: impl Into<Cow<'a, str>>) {
        self.put(key.into(), MemberPatch::Remove);
    }

    /// Splices a list.
    pub(crate) fn list(&mut self, key: impl Into<Cow<'a, str>>, list: ListPatch) {
        self.put(key.into(), MemberPatch::List(list));
    }

    /// Appends an entry to an array with one entry a line.
    pub(crate) fn append(&mut self, key: impl Into<Cow<'a, str>>, entry: String) {
        self.list(key, ListPatch { remove: Vec::new(), insert: vec![(None, entry.into())], lines: true });
    }

    /// The changes of a member that is an object, which is added if the file lacks it.
    pub(crate) fn object(&mut self, key: impl Into<Cow<'a, str>>) -> &mut ObjectPatch<'a> {
        let key = key.into();
        let known = if self.exact { None } else { self.objects.iter().position(|(name, _)| *name == key) };
        let at = known.unwrap_or_else(|| {
            self.objects.push((key, ObjectPatch { exact: self.exact, ..ObjectPatch::default() }));
            self.objects.len() - 1
        });
        &mut self.objects[at].1
    }

    fn put(&mut self, key: Cow<'a, str>, patch: MemberPatch<'a>) {
        let known = if self.exact { None } else { self.members.iter_mut().find(|(name, _)| *name == key) };
        match known {
            Some((_, old)) => *old = patch,
            None => {
                if self.members.capacity() == 0 {
                    // Reserve once for the members that one event sets.
                    self.members.reserve(8);
                }
                self.members.push((key, patch));
            }
        }
    }

    /// Calls a function with the path of each member that the patch names.
    pub(crate) fn visit_paths<'p>(&'p self, path: &mut Vec<&'p str>, visit: &mut impl FnMut(&[&str])) {
        for (name, object) in &self.objects {
            path.push(name);
            object.visit_paths(path, visit);
            path.pop();
        }
        for (name, _) in &self.members {
            path.push(name);
            visit(path);
            path.pop();
        }
    }

    /// Turns the changes into edits of a document's root object.
    pub(crate) fn edits(&self, document: &Document, style: &Style) -> Edits {
        let mut edits = Edits::for_event();
        self.resolve(document, ROOT, 1, style, &mut edits);
        edits
    }

    /// `depth` is the number of containers around the object's members.
    fn resolve(&self, document: &Document, object: NodeId, depth: usize, style: &Style, edits: &mut Edits) {
        let exact = self.exact.then(|| Keys::of(document, object));
        let find = |name: &str| find(document, object, exact.as_ref(), name);
        let mut removed: Vec<NodeId> = Vec::new();
        let mut added: Vec<(&str, New<'_>)> = Vec::new();
        for (name, patch) in &self.objects {
            match find(name) {
                Some(value) if document.kind(value) == Kind::Object => {
                    patch.resolve(document, value, depth + 1, style, edits);
                }
                _ if !patch.writes() => {}
                // Only null can stand in place of an object here.
                Some(value) => New::Object(patch).replace(document, value, style, edits),
                None => added.push((name, New::Object(patch))),
            }
        }
        for (name, patch) in &self.members {
            let Some(value) = find(name) else {
                if patch.writes() {
                    added.push((name, New::Member(patch)));
                }
                continue;
            };
            match patch {
                MemberPatch::Set(new) => new.replace(document, value, style, edits),
                MemberPatch::Remove => match &exact {
                    Some(keys) => removed.extend(keys.every(document, name)),
                    None => {
                        let keys = document.members(object).map(|(key, _)| key);
                        removed
                            .extend(keys.filter(|&key| document.string(key).is_some_and(|key| same_name(name, &key))));
                    }
                },
                MemberPatch::List(list) if document.kind(value) == Kind::Array => {
                    list.resolve(document, value, style, edits);
                }
                // Only null can stand in place of a list here.
                other => New::Member(other).replace(document, value, style, edits),
            }
        }
        // Nodes are numbered in the order of the file, so sorting them allows a binary search.
        by_number(&mut removed, |&key| key.into());
        if !removed.is_empty() {
            let item = |(key, value): (NodeId, NodeId)| ListItem {
                start: document.node(key).start,
                end: document.node(value).end,
                removed: removed.binary_search(&key).is_ok(),
            };
            let items: Vec<ListItem> = document.members(object).map(item).collect();
            remove_items(document, object, &items, added.is_empty(), edits);
        }
        if !added.is_empty() {
            add_members(document, object, depth, &removed, &added, style, edits);
        }
    }

    /// True if the patch writes anything when the file lacks the object.
    fn writes(&self) -> bool {
        self.members.iter().any(|(_, member)| member.writes()) || self.objects.iter().any(|(_, object)| object.writes())
    }

    /// Appends a wholly new object as JSON in any layout.
    fn spell(&self, out: &mut String) {
        let objects = self.objects.iter().map(|(name, object)| (name, New::Object(object)));
        let members = self.members.iter().map(|(name, member)| (name, New::Member(member)));
        out.push('{');
        for (at, (name, new)) in objects.chain(members).filter(|(_, new)| new.writes()).enumerate() {
            out.push_str(if at == 0 { "" } else { "," });
            push_quoted(out, name);
            out.push(':');
            new.spell(out);
        }
        out.push('}');
    }
}

impl MemberPatch<'_> {
    /// True if the patch writes anything when the file lacks the member.
    fn writes(&self) -> bool {
        match self {
            MemberPatch::Set(_) => true,
            MemberPatch::Remove => false,
            MemberPatch::List(list) => !list.insert.is_empty(),
        }
    }
}

/// Finds the value of a member: by its exact name if the keys are given, else under any spelling.
#[inline(never)]
fn find(document: &Document, object: NodeId, exact: Option<&Keys>, name: &str) -> Option<NodeId> {
    match exact {
        Some(keys) => keys.find(document, name),
        None => document.find(object, name),
    }
}

/// Adds members at the end of an object, laid out as the last remaining member.
fn add_members(
    document: &Document,
    object: NodeId,
    depth: usize,
    removed: &[NodeId],
    added: &[(&str, New<'_>)],
    style: &Style,
    edits: &mut Edits,
) {
    let node = document.node(object);
    // The last remaining member with the end of the one before it, and the end of the last member.
    let mut stays = None;
    let mut end = None;
    for (key, value) in document.members(object) {
        if removed.binary_search(&key).is_err() {
            stays = Some((document.node(key), document.node(value), end));
        }
        end = Some(document.node(value).end);
    }
    let Some((key, value, before)) = stays else {
        // No member remains to copy from: use the document's style.
        let lead = style.line(depth);
        edits.write(node.start + 1, node.end - 1, |out| {
            for (at, (name, new)) in added.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                    out.push_str(if style.newline.is_none() { style.gap() } else { "" });
                }
                out.push_str(&lead);
                push_member(out, name, *new, style.colon(), &lead, style);
            }
            out.push_str(&style.line(depth - 1));
        });
        return;
    };
    let text = document.text();
    let lead_from = before.map_or(node.start + 1, |before| comma_after(document, before));
    let colon = &text[key.end as usize..value.start as usize];
    let lead = match &text[lead_from as usize..key.start as usize] {
        // The space before the first key follows no comma, so the space after the file's commas is copied.
        opening if before.is_none() && !opening.contains('\n') => comma_spacing(document).unwrap_or(match opening {
            "" if colon.ends_with([' ', '\t']) => " ",
            opening => opening,
        }),
        lead => lead,
    };
    // After all members: removed members at the end go first.
    let at = end.unwrap_or(value.end);
    edits.write(at, at, |out| {
        for (name, new) in added {
            out.push(',');
            out.push_str(lead);
            push_member(out, name, *new, colon, lead, style);
        }
    });
}

fn push_member(out: &mut String, name: &str, new: New<'_>, colon: &str, lead: &str, style: &Style) {
    push_quoted(out, name);
    out.push_str(colon);
    new.lay_out(out, style, line_break(lead).map(|(_, indent)| indent));
}

/// Member that the file lacks, or has as null.
#[derive(Clone, Copy)]
enum New<'a> {
    Member(&'a MemberPatch<'a>),
    Object(&'a ObjectPatch<'a>),
}

impl New<'_> {
    fn writes(self) -> bool {
        match self {
            New::Member(member) => member.writes(),
            New::Object(object) => object.writes(),
        }
    }

    /// Appends the member's value as JSON in any layout.
    fn spell(self, out: &mut String) {
        match self {
            New::Member(MemberPatch::Set(value)) => value.spell(out),
            New::Member(MemberPatch::Remove) => out.push_str("null"),
            New::Member(MemberPatch::List(list)) => list.spell(out),
            New::Object(object) => object.spell(out),
        }
    }

    /// Appends the member's value under a key indented by `indent`, or on one line if the key is not the first of its line.
    fn lay_out(self, out: &mut String, style: &Style, indent: Option<&str>) {
        match (self, indent) {
            (New::Member(MemberPatch::Set(value)), _) => value.lay_out(out, style, indent),
            (New::Member(MemberPatch::List(list)), Some(indent)) if list.lines => list.lay_out(out, style, indent),
            _ => {
                let mut json = String::new();
                self.spell(&mut json);
                lay_out(&json, out, style, indent);
            }
        }
    }

    fn replace(self, document: &Document, value: NodeId, style: &Style, edits: &mut Edits) {
        let node = document.node(value);
        edits.write(node.start, node.end, |out| self.lay_out(out, style, key_indent(document, value - 1)));
    }
}

impl NewValue<'_> {
    /// Replaces a value of the document, unless it is equal.
    fn replace(&self, document: &Document, value: NodeId, style: &Style, edits: &mut Edits) {
        let node = document.node(value);
        let write = |out: &mut String| match self {
            NewValue::Json(_) => self.lay_out(out, style, key_indent(document, value - 1)),
            scalar => scalar.spell(out),
        };
        match self {
            // A new layout would differ from the file's own.
            NewValue::Json(json) if json_equals(json, document, value) => {}
            _ => edits.write_unless(node.start, node.end, write, |spelt| self.equals(document, value, spelt)),
        }
    }
}

/// True if a value of the document equals a JSON text in any layout and spelling.
fn json_equals(json: &str, document: &Document, value: NodeId) -> bool {
    json == document.raw(value) || Document::parse(json.to_owned()).is_ok_and(|json| same(&json, ROOT, document, value))
}

/// The indentation of a key that starts its line.
fn key_indent(document: &Document, key: NodeId) -> Option<&str> {
    let before = &document.text()[..document.node(key).start as usize];
    // Look at white space only: a line may be the whole file.
    let line = before.trim_end_matches([' ', '\t', '\r']).len();
    before[..line].ends_with('\n').then(|| &before[line..])
}

/// Elements to remove from a list and to insert into it.
#[derive(Debug)]
pub(crate) struct ListPatch {
    /// Nodes of the elements to remove.
    pub(crate) remove: Vec<NodeId>,
    /// New elements as JSON on one line, each with the element to insert it before; none for the end.
    pub(crate) insert: Vec<(Option<NodeId>, Cow<'static, str>)>,
    /// True if each element has its own line in a file that has lines.
    pub(crate) lines: bool,
}

impl ListPatch {
    /// Appends the new elements as one list.
    fn spell(&self, out: &mut String) {
        out.push('[');
        for (at, (_, json)) in self.insert.iter().enumerate() {
            out.push_str(if at == 0 { "" } else { "," });
            out.push_str(json);
        }
        out.push(']');
    }

    /// Appends the new elements as one list, one a line, under a key indented by `indent`.
    fn lay_out(&self, out: &mut String, style: &Style, indent: &str) {
        out.push('[');
        self.fill(out, style, indent);
        out.push(']');
    }

    /// Appends the new elements of the end, one a line.
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

    /// The new elements of the end.
    fn last(&self) -> impl Iterator<Item = &str> {
        self.insert.iter().filter(|(before, _)| before.is_none()).map(|(_, json)| &**json)
    }

    fn resolve(&self, document: &Document, array: NodeId, style: &Style, edits: &mut Edits) {
        // Nodes are numbered in the order of the file, so sorting them allows a binary search.
        let mut remove = self.remove.clone();
        by_number(&mut remove, |&id| id.into());
        let removed = |id: NodeId| remove.binary_search(&id).is_ok();
        if !remove.is_empty() {
            let item = |id| {
                let node = document.node(id);
                ListItem { start: node.start, end: node.end, removed: removed(id) }
            };
            let items: Vec<ListItem> = document.elements(array).map(item).collect();
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

    /// Appends the white space between a comma and a new element: the style's gap, or the space before a neighbour.
    fn push_gap(&self, document: &Document, array: NodeId, beside: NodeId, style: &Style, out: &mut String) {
        let Some(newline) = style.newline.filter(|_| self.lines) else { return out.push_str(style.gap()) };
        // Between an element and the comma or bracket before it is only white space.
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

/// Member or element of the file.
#[derive(Debug, Clone, Copy)]
struct ListItem {
    start: u32,
    end: u32,
    removed: bool,
}

/// Removes the marked items of a container, each with the comma and white space before it, leading ones with those after
/// them. If all are removed and `empties` is true, the white space goes too.
fn remove_items(document: &Document, container: NodeId, items: &[ListItem], empties: bool, edits: &mut Edits) {
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

/// The offset after the next comma from an offset.
fn comma_after(document: &Document, from: u32) -> u32 {
    let rest = &document.text().as_bytes()[from as usize..];
    from + rest.iter().position(|&byte| byte == b',').map_or(0, |at| at as u32 + 1)
}
