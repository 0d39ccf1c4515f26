//! Patches: what an event sets, removes and appends, turned into the fewest splices that do it.
//!
//! The rules are those of the format's "lossless" section: a value that is equal already is not spelt
//! again; a new member goes last, laid out as the one before it; a removed one takes the comma and white
//! space before it; list elements are spliced one by one.

use super::list::{Item, ListPatch, comma_after, remove_items};
use super::style::{comma_spacing, line_break};
use super::value::{NewValue, lay_out};
use super::{Document, Edits, Keys, Kind, NodeId, ROOT, Style, push_quoted, same};
use crate::names::same_name;
use crate::order::by_number;
use std::borrow::Cow;

/// What happens to one member of an object.
#[derive(Debug)]
enum MemberPatch<'a> {
    Set(NewValue<'a>),
    Remove,
    List(ListPatch),
}

/// The changes to one object, by key.
#[derive(Debug, Default)]
pub(crate) struct ObjectPatch<'a> {
    /// Whether a key is only itself: the machine's patches find a member under any spelling of its name.
    exact: bool,
    objects: Vec<(Cow<'a, str>, ObjectPatch<'a>)>,
    members: Vec<(Cow<'a, str>, MemberPatch<'a>)>,
}

impl<'a> ObjectPatch<'a> {
    /// A patch that finds members by their exact keys, of any number: each key is named once.
    pub(crate) fn exact() -> Self {
        ObjectPatch { exact: true, ..ObjectPatch::default() }
    }

    /// A patch in which these objects come in this order, where they are new.
    pub(crate) fn of_objects<const N: usize>(names: [&'a str; N]) -> Self {
        let object = |name: &'a str| (name.into(), ObjectPatch::default());
        ObjectPatch { objects: names.into_iter().map(object).collect(), ..ObjectPatch::default() }
    }

    /// Sets a member, last word wins.
    pub(crate) fn set(&mut self, key: impl Into<Cow<'a, str>>, value: NewValue<'a>) {
        self.put(key.into(), MemberPatch::Set(value));
    }

    /// Removes a member where it stands, every duplicate and every other spelling of it too: none must come to
    /// count.
    pub(crate) fn remove(&mut self, key: impl Into<Cow<'a, str>>) {
        self.put(key.into(), MemberPatch::Remove);
    }

    /// Splices a list.
    pub(crate) fn list(&mut self, key: impl Into<Cow<'a, str>>, list: ListPatch) {
        self.put(key.into(), MemberPatch::List(list));
    }

    /// Appends an entry to an array that holds one entry a line.
    pub(crate) fn append(&mut self, key: impl Into<Cow<'a, str>>, entry: String) {
        self.list(key, ListPatch { remove: Vec::new(), insert: vec![(None, entry.into())], lines: true });
    }

    /// The changes to a member that is an object: made if the file does not have it.
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
                    // What one event sets of an object: once is cheaper than as it grows.
                    self.members.reserve(8);
                }
                self.members.push((key, patch));
            }
        }
    }

    /// The edits that make these changes to a document's root object.
    pub(crate) fn edits(&self, document: &Document, style: &Style) -> Edits {
        let mut edits = Edits::for_event();
        self.resolve(document, ROOT, 1, style, &mut edits);
        edits
    }

    /// `depth` is how many containers the object's members stand in.
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
                // The machine lets only null stand where an object is wanted.
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
                // The machine lets only null stand where a list is wanted.
                other => New::Member(other).replace(document, value, style, edits),
            }
        }
        // Nodes are numbered in the order of the file: what is sorted is found at once.
        by_number(&mut removed, |&key| key.into());
        if !removed.is_empty() {
            let item = |(key, value): (NodeId, NodeId)| Item {
                start: document.node(key).start,
                end: document.node(value).end,
                removed: removed.binary_search(&key).is_ok(),
            };
            let items: Vec<Item> = document.members(object).map(item).collect();
            remove_items(document, object, &items, added.is_empty(), edits);
        }
        if !added.is_empty() {
            add_members(document, object, depth, &removed, &added, style, edits);
        }
    }

    /// Whether this has something to write where the file does not have the object.
    fn writes(&self) -> bool {
        self.members.iter().any(|(_, member)| member.writes()) || self.objects.iter().any(|(_, object)| object.writes())
    }

    /// Appends the object as JSON of any layout, where it is wholly new.
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
    /// Whether this has something to write where the file does not have the member.
    fn writes(&self) -> bool {
        match self {
            MemberPatch::Set(_) => true,
            MemberPatch::Remove => false,
            MemberPatch::List(list) => !list.insert.is_empty(),
        }
    }
}

/// The value of a member: by its exact name where the keys are given, else under any spelling.
#[inline(never)]
fn find(document: &Document, object: NodeId, exact: Option<&Keys>, name: &str) -> Option<NodeId> {
    match exact {
        Some(keys) => keys.find(document, name),
        None => document.find(object, name),
    }
}

/// Adds members behind all that stand in an object, laid out as the last of them that stays.
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
    // The last member that stays, and where the one before it ends; where the last of all ends.
    let mut stays = None;
    let mut end = None;
    for (key, value) in document.members(object) {
        if removed.binary_search(&key).is_err() {
            stays = Some((document.node(key), document.node(value), end));
        }
        end = Some(document.node(value).end);
    }
    let Some((key, value, before)) = stays else {
        // Nothing stays to copy from: the document's own style decides.
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
        // What stands before the first key of one line is no comma's: what follows those of the file is copied.
        opening if before.is_none() && !opening.contains('\n') => comma_spacing(document).unwrap_or(match opening {
            "" if colon.ends_with([' ', '\t']) => " ",
            opening => opening,
        }),
        lead => lead,
    };
    // After all that stood there: what is removed behind the last that stays goes first.
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

/// A member that the file does not have yet, or has as null.
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

    /// Appends the member's value as JSON of any layout.
    fn spell(self, out: &mut String) {
        match self {
            New::Member(MemberPatch::Set(value)) => value.spell(out),
            New::Member(MemberPatch::Remove) => out.push_str("null"),
            New::Member(MemberPatch::List(list)) => list.spell(out),
            New::Object(object) => object.spell(out),
        }
    }

    /// Appends the member's value, laid out under a key indented by `indent`, or on the key's line where
    /// that is not the first of its line.
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
    /// Puts the value in the place of one that stands in the document, unless that is equal already.
    fn replace(&self, document: &Document, value: NodeId, style: &Style, edits: &mut Edits) {
        let node = document.node(value);
        let write = |out: &mut String| match self {
            NewValue::Json(_) => self.lay_out(out, style, key_indent(document, value - 1)),
            scalar => scalar.spell(out),
        };
        match self {
            // Laid out afresh, it would differ from one that stands in a layout of its own.
            NewValue::Json(json) if json_stands(json, document, value) => {}
            _ => edits.write_unless(node.start, node.end, write, |spelt| self.stands(document, value, spelt)),
        }
    }
}

/// Whether a value of the document is this JSON text already, whatever the layout and the spelling of both.
fn json_stands(json: &str, document: &Document, value: NodeId) -> bool {
    json == document.raw(value) || Document::parse(json.to_owned()).is_ok_and(|json| same(&json, ROOT, document, value))
}

/// The indentation of a key, where it starts its line.
pub(super) fn key_indent(document: &Document, key: NodeId) -> Option<&str> {
    let before = &document.text()[..document.node(key).start as usize];
    // Backwards over white space only: a line may be the whole file.
    let line = before.trim_end_matches([' ', '\t', '\r']).len();
    before[..line].ends_with('\n').then(|| &before[line..])
}
