//! Reading one file by a shape.

use super::facts::{Facts, ForeignStage, Score};
use super::found::{Found, Lines, Origin};
use super::path::{Place, ValuePath};
use super::shape::{FieldSource, FieldSources, ForeignStatus, ScoreField, Shape, StageGroup, ValueFrom, ValueKind};
use super::value;
use crate::document::{Document, Kind, NodeId, ROOT};
use crate::names::same_name;
use crate::{Money, Timestamp};
use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Position of a document in its file.
#[derive(Debug, Clone, Default)]
pub(super) struct Frame {
    pub(super) file: Arc<str>,
    /// The pointer of the document's root in the file.
    pub(super) pointer: String,
    /// The line of the document's first line in the file, less one.
    pub(super) line: u32,
    /// The columns before the document on that line.
    pub(super) column: u32,
}

impl Shape {
    /// True if the shape recognises a document.
    pub(super) fn recognises(&self, document: &Document, file: &str) -> bool {
        let found = |path: &ValuePath, wanted: &dyn Fn(NodeId) -> bool| path.any(document, ROOT, wanted);
        let recognise = &self.recognise;
        (recognise.files.is_empty() || recognise.files.iter().any(|pattern| pattern.matches(name(file)).is_some()))
            && recognise.has.iter().all(|(path, kind)| found(path, &|node| is_kind(document, node, *kind)))
            && recognise.is.iter().all(|(path, values)| {
                found(path, &|node| scalar(document, node).is_some_and(|text| values.iter().any(|is| *is == text)))
            })
            && !recognise.lacks.iter().any(|path| found(path, &|_| true))
    }

    /// Reads a document that the shape recognises: what it says, one of each session in it.
    pub(super) fn facts(&self, document: &Document, frame: &Frame) -> Vec<Facts> {
        let reader = FactReader {
            shape: self,
            document,
            frame,
            lines: OnceCell::new(),
            slots: RefCell::new(vec![None; self.slots as usize]),
            unread: RefCell::new(Vec::new()),
        };
        let Some(split) = &self.split else { return vec![reader.facts(&Place::root(), None)] };
        let mut found = Vec::new();
        split.visit(document, &Place::root(), &mut |place| {
            found.push(place);
            false
        });
        let elements = found.into_iter().filter(|place| document.kind(place.node) == Kind::Object);
        elements.map(|place| reader.facts(&place, Some(place.name().into_owned()))).collect()
    }
}

/// The last part of a path.
pub(super) fn name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// The folders of a path, the nearest first.
fn folders(path: &str) -> impl Iterator<Item = &str> {
    path.rsplit(['/', '\\']).skip(1).filter(|folder| !folder.is_empty() && *folder != ".")
}

fn is_kind(document: &Document, node: NodeId, wanted: ValueKind) -> bool {
    let kind = document.kind(node);
    match wanted {
        ValueKind::Any => true,
        ValueKind::Set => kind != Kind::Null,
        ValueKind::Object => kind == Kind::Object,
        ValueKind::List => kind == Kind::Array,
        ValueKind::Text => kind == Kind::String,
        ValueKind::Number => kind == Kind::Number,
        ValueKind::Flag => matches!(kind, Kind::True | Kind::False),
    }
}

/// The text of a value that is neither an object nor a list.
fn scalar(document: &Document, node: NodeId) -> Option<Cow<'_, str>> {
    match document.kind(node) {
        Kind::String => document.string(node),
        Kind::Object | Kind::Array | Kind::Key => None,
        _ => Some(Cow::Borrowed(document.raw(node))),
    }
}

/// A value that a source leads to.
struct Value<'a> {
    text: Cow<'a, str>,
    kind: Kind,
    /// None for a value that the file's name or folder says, or the shape itself.
    place: Option<Place>,
}

/// Reads a value, with what is assumed of it.
type ReadValue<'r, T> = &'r dyn Fn(&FieldSource, &Value<'_>) -> Option<(T, Option<String>)>;

struct FactReader<'a> {
    shape: &'a Shape,
    document: &'a Document,
    frame: &'a Frame,
    lines: OnceCell<Lines>,
    /// Value of each path from the root that was looked up.
    slots: RefCell<Vec<Option<Option<NodeId>>>>,
    unread: RefCell<Vec<Found<String>>>,
}

impl<'a> FactReader<'a> {
    fn origin(&self, place: Option<Place>) -> Origin {
        let file = self.frame.file.clone();
        let Some(place) = place else { return Origin { file, pointer: String::new(), line: 0, column: 0 } };
        let lines = self.lines.get_or_init(|| Lines::of(self.document.text()));
        let (line, column) = lines.at(self.document.text(), self.document.node(place.node).start);
        let pointer = if self.frame.pointer.is_empty() {
            place.pointer
        } else {
            format!("{}{}", self.frame.pointer, place.pointer)
        };
        let shift = if line == 1 { self.frame.column } else { 0 };
        Origin { file, pointer, line: line + self.frame.line, column: column + shift }
    }

    /// Calls `take` with each value that a source leads to, until it answers true.
    fn visit(&self, source: &FieldSource, scope: &Place, take: &mut dyn FnMut(Value<'a>) -> bool) -> bool {
        let mut of_text = |text: Cow<'a, str>, kind: Kind, place: Option<Place>| {
            let text = match &source.pattern {
                None => text,
                Some(pattern) => {
                    let Some(captured) = pattern.matches(&text) else { return false };
                    match captured.text.or(captured.digits) {
                        Some(captured) => Cow::Owned(captured.to_owned()),
                        None => text,
                    }
                }
            };
            if source.unset.iter().any(|unset| is_unset(unset, &text)) {
                return false;
            }
            take(Value { text, kind, place })
        };
        match &source.from {
            ValueFrom::At(path, slot) => {
                let document = self.document;
                let mut of_place = |place: Place| match document.kind(place.node) {
                    Kind::Null => false,
                    kind @ (Kind::Object | Kind::Array) => of_text(Cow::Borrowed(""), kind, Some(place)),
                    kind => of_text(scalar(document, place.node).unwrap_or_default(), kind, Some(place)),
                };
                match slot {
                    Some(slot) => {
                        let known = self.slots.borrow().get(*slot as usize).copied().flatten();
                        let node = known.unwrap_or_else(|| {
                            let node = path.find(document, ROOT);
                            if let Some(slot) = self.slots.borrow_mut().get_mut(*slot as usize) {
                                *slot = Some(node);
                            }
                            node
                        });
                        node.is_some_and(|node| of_place(Place { node, pointer: path.pointer().to_owned() }))
                    }
                    None if path.absolute => path.visit(document, &Place::root(), &mut of_place),
                    None => path.visit(document, scope, &mut of_place),
                }
            }
            ValueFrom::Key => of_text(Cow::Owned(scope.name().into_owned()), Kind::String, Some(scope.clone())),
            ValueFrom::Folder => {
                // The nearest folder that the pattern matches.
                let pattern = source.pattern.as_ref();
                let folder =
                    folders(&self.frame.file).find(|folder| pattern.is_none_or(|p| p.matches(folder).is_some()));
                folder.is_some_and(|folder| of_text(Cow::Owned(folder.to_owned()), Kind::String, None))
            }
            ValueFrom::File => of_text(Cow::Owned(name(&self.frame.file).to_owned()), Kind::String, None),
            ValueFrom::Constant(text) => {
                // What a name in a list means stands where the name does.
                let is_name = !scope.pointer.is_empty() && is_scalar(self.document.kind(scope.node));
                of_text(Cow::Owned(text.clone()), Kind::String, is_name.then(|| scope.clone()))
            }
        }
    }

    /// Puts together a value that was read, with the place and what is assumed of it.
    fn found<T>(&self, source: &FieldSource, value: Value<'_>, read: T, assumed: Option<String>) -> Found<T> {
        let raw = match &value.place {
            Some(place) if !matches!(source.from, ValueFrom::Key | ValueFrom::Constant(_)) => {
                self.document.raw(place.node).to_owned()
            }
            _ => value.text.into_owned(),
        };
        let origin = self.origin(value.place);
        Found { value: read, raw, origin, assumed: assumed.or_else(|| source.assumed.clone()) }
    }

    /// The first value of a field that exists and can be read. One that exists and cannot be read is remembered.
    fn first<T>(&self, field: &FieldSources, scope: &Place, read: ReadValue<'_, T>) -> Option<Found<T>> {
        let mut found = None;
        let mut unread = None;
        for source in field {
            let done = self.visit(source, scope, &mut |value| {
                if let Some((read, assumed)) = read(source, &value) {
                    found = Some(self.found(source, value, read, assumed));
                } else if unread.is_none() && is_said(&value) {
                    let text = value.text.clone().into_owned();
                    unread = Some(self.found(source, value, text, None));
                }
                found.is_some()
            });
            if done {
                return found;
            }
        }
        self.unread.borrow_mut().extend(unread);
        None
    }

    /// Every text that the sources of a field lead to.
    fn every(&self, field: &FieldSources, scope: &Place) -> Vec<Found<String>> {
        let mut all = Vec::new();
        for source in field {
            self.visit(source, scope, &mut |value| {
                if let Some(text) = text(&value) {
                    all.push(self.found(source, value, text, None));
                }
                false
            });
        }
        all
    }

    fn text(&self, field: &FieldSources, scope: &Place) -> Option<Found<String>> {
        self.first(field, scope, &|_, value| text(value).map(|text| (text, None)))
    }

    fn money(&self, field: &FieldSources, scope: &Place) -> Option<Found<Money>> {
        self.first(field, scope, &|source, value| Some((value::money(plain(value)?, source.unit)?, None)))
    }

    fn time(&self, field: &FieldSources, scope: &Place) -> Option<Found<Timestamp>> {
        self.first(field, scope, &|_, value| value::time(plain(value)?, value.kind == Kind::Number))
    }

    fn status(&self, field: &FieldSources, scope: &Place) -> Option<Found<ForeignStatus>> {
        self.first(field, scope, &|source, value| {
            if let ValueFrom::Constant(name) = &source.from {
                return ForeignStatus::ALL
                    .into_iter()
                    .find(|status| status.name() == name)
                    .map(|status| (status, None));
            }
            let word = plain(value)?;
            let known = source.words.iter().find(|(known, _)| same_word(known, word));
            known.map(|(_, status)| (*status, None))
        })
    }

    /// A count: a number, or the length of a list.
    fn count(&self, field: &FieldSources, scope: &Place) -> Option<Found<u64>> {
        self.first(field, scope, &|_, value| match (&value.place, value.kind) {
            (Some(place), Kind::Array) => Some((self.document.elements(place.node).count() as u64, None)),
            _ => Some((value::count(plain(value)?)?, None)),
        })
    }

    fn facts(&self, scope: &Place, index: Option<String>) -> Facts {
        let fields = &self.shape.fields;
        let id = self.text(&fields.id, scope);
        let episode = self.first(&fields.episode, scope, &|_, value| {
            value::count(plain(value)?).filter(|number| *number > 0).map(|number| (number, None))
        });
        let stages = self.stages(scope);
        let mut facts = Facts {
            index,
            id,
            episode,
            topic: self.text(&fields.topic, scope),
            state: self.status(&fields.state, scope),
            current_stage: self.text(&fields.current_stage, scope),
            created: self.time(&fields.created, scope),
            updated: self.time(&fields.updated, scope),
            completed: self.time(&fields.completed, scope),
            stages,
            cost: self.money(&fields.cost, scope),
            stages_cost: self.money(&fields.stages_cost, scope),
            budget: self.money(&fields.budget, scope),
            remaining: self.money(&fields.remaining, scope),
            percent: self.first(&fields.percent, scope, &|source, value| {
                Some((value::percent(plain(value)?, source.unit)?, None))
            }),
            stages_completed: self.count(&fields.stages_completed, scope),
            stages_total: self.count(&fields.stages_total, scope),
            scores: self.scores(&self.shape.scores, scope),
            errors: self.every(&fields.errors, scope),
            outputs: self.every(&fields.outputs, scope),
            marks: Vec::new(),
            unread: Vec::new(),
        };
        for (mark, field) in &self.shape.marks {
            let set = self.first(field, scope, &|_, value| {
                let set = match value.kind {
                    Kind::False | Kind::Object | Kind::Array => false,
                    Kind::Number => value::decimal(&value.text).is_some_and(|number| number != 0.0),
                    _ => !value.text.trim().is_empty(),
                };
                Some((set, None))
            });
            facts.marks.extend(set.filter(|set| set.value).map(|set| set.with(mark.clone())));
        }
        facts.unread = self.unread.take();
        normalise(&mut facts);
        facts
    }

    fn scores(&self, fields: &[ScoreField], scope: &Place) -> Vec<Score> {
        let mut scores: Vec<Score> = Vec::new();
        let mut names: BTreeSet<String> = BTreeSet::new();
        for field in fields {
            for source in &field.from {
                let mut any = false;
                self.visit(source, scope, &mut |value| {
                    let Some(number) = plain(&value).and_then(value::decimal).filter(|number| *number >= 0.0) else {
                        return false;
                    };
                    let name = match (&field.name, &value.place) {
                        (Some(name), _) => name.clone(),
                        (None, Some(place)) => place.name().into_owned(),
                        (None, None) => return false,
                    };
                    if names.insert(name.clone()) {
                        let raw = self.found(source, value, number, None);
                        scores.push(Score { name, raw, scale: source.scale, normalised: None });
                    }
                    any = true;
                    // One score of a name, but each of a wildcard.
                    field.name.is_some()
                });
                if any {
                    break;
                }
            }
        }
        scores
    }

    fn stages(&self, scope: &Place) -> Vec<ForeignStage> {
        let mut stages: Vec<ForeignStage> = Vec::new();
        let mut by_name: BTreeMap<String, usize> = BTreeMap::new();
        let mut add = |stage: ForeignStage| match by_name.get(&stage.name) {
            Some(&at) => {
                if let Some(known) = stages.get_mut(at) {
                    known.fill(stage);
                }
            }
            None => {
                by_name.insert(stage.name.clone(), stages.len());
                stages.push(stage);
            }
        };
        for group in &self.shape.stages {
            match &group.each {
                None => self.stage(group, scope, false).into_iter().for_each(&mut add),
                Some(each) => {
                    let root = Place::root();
                    let from = if each.absolute { &root } else { scope };
                    each.visit(self.document, from, &mut |place| {
                        // A scalar among the objects of stages says nothing of one.
                        if !group.reads_scalars && is_scalar(self.document.kind(place.node)) {
                            return false;
                        }
                        self.stage(group, &place, true).into_iter().for_each(&mut add);
                        false
                    });
                }
            }
        }
        let order = &self.shape.order;
        stages.sort_by_key(|stage| {
            let place = order.iter().position(|name| *name == stage.name);
            (place.unwrap_or(order.len()), stage.order.unwrap_or(u64::MAX))
        });
        stages
    }

    /// Reads a stage; none where it has no name, or nothing is said of one that the shape names.
    fn stage(&self, group: &StageGroup, scope: &Place, each: bool) -> Option<ForeignStage> {
        let name = self.first(&group.name, scope, &|_, value| text(value).map(|text| (text, None)))?.value;
        if group.except.iter().any(|except| same_name(except, &name)) {
            return None;
        }
        let label = self.shape.labels.iter().find(|(known, _)| *known == name).map(|(_, label)| label.clone());
        let stage = ForeignStage {
            label: label.unwrap_or_else(|| humanised(&name)),
            maps_to: self.shape.maps_to.iter().find(|(known, _)| *known == name).map(|(_, stage)| *stage),
            order: self
                .first(&group.order, scope, &|_, value| Some((value::count(plain(value)?)?, None)))
                .map(|n| n.value),
            status: self.status(&group.status, scope),
            started: self.time(&group.started, scope),
            ended: self.time(&group.ended, scope),
            duration: self.first(&group.duration, scope, &|source, value| {
                Some((value::seconds(plain(value)?, source.unit)?, None))
            }),
            cost: self.money(&group.cost, scope),
            budget: self.money(&group.budget, scope),
            attempts: self.count(&group.attempts, scope),
            agent: self.text(&group.agent, scope),
            error: self.text(&group.error, scope),
            outputs: self.every(&group.outputs, scope),
            scores: self.scores(&group.scores, scope),
            name,
        };
        (each || stage.says_something()).then_some(stage)
    }
}

/// True for a value that is set and holds no others.
fn is_scalar(kind: Kind) -> bool {
    !matches!(kind, Kind::Object | Kind::Array | Kind::Null)
}

/// The text of a value that is no object or list.
fn plain<'a>(value: &'a Value<'_>) -> Option<&'a str> {
    (!matches!(value.kind, Kind::Object | Kind::Array)).then_some(&*value.text)
}

fn text(value: &Value<'_>) -> Option<String> {
    let said = matches!(value.kind, Kind::String | Kind::Number) && !value.text.trim().is_empty();
    said.then(|| value.text.trim().to_owned())
}

/// True for a value that somebody has set.
fn is_said(value: &Value<'_>) -> bool {
    plain(value).is_some_and(|text| !text.trim().is_empty())
}

/// True if a text is the one that means unset, numbers by their value.
fn is_unset(unset: &str, text: &str) -> bool {
    unset == text || Money::parse(unset).is_some_and(|number| Money::parse(text) == Some(number))
}

/// True if two words are the same, but for case and what joins their parts.
pub(super) fn same_word(known: &str, word: &str) -> bool {
    let word = word.trim();
    let fold = |byte: u8| if matches!(byte, b'-' | b' ') { b'_' } else { byte.to_ascii_lowercase() };
    known.len() == word.len() && known.bytes().zip(word.bytes()).all(|(a, b)| fold(a) == fold(b))
}

/// A name as a label: `script_writing` is "Script writing".
pub(super) fn humanised(name: &str) -> String {
    let spaced = name.replace(['_', '-'], " ");
    let mut letters = spaced.trim().chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => name.to_owned(),
    }
}

/// Works out the scores from 0 to 1, by all scores of the file.
fn normalise(facts: &mut Facts) {
    let stages = facts.stages.iter_mut().flat_map(|stage| &mut stage.scores);
    let mut scores: Vec<&mut Score> = facts.scores.iter_mut().chain(stages).collect();
    let largest = scores.iter().map(|score| score.raw.value).fold(0.0, f64::max);
    for score in &mut scores {
        let spelt = score.raw.raw.trim_matches('"');
        let known = value::normalised(spelt, score.raw.value, score.scale, largest);
        score.scale = known.map(|(scale, _)| scale);
        score.normalised = known.map(|(_, normalised)| normalised);
    }
}
