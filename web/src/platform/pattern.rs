//! Rows drawn by hand: copies of one pattern, kept and written over.
//!
//! A row of a long list is some thirty elements, and a filter changes forty rows at once: that many
//! reactive attributes would cost more than a frame. Here a row remembers what was written into it,
//! and only what differs is written.
use super::focus::{self, Spot};
use leptos::html::ElementType;
use leptos::prelude::*;
use std::borrow::Cow;
use std::collections::VecDeque;
use std::ops::Range;
use wasm_bindgen::JsCast;
use web_sys::{Element, Node};

/// What is written at a place of a row; `None` leaves the attribute out, or the text empty.
pub type Value = Option<Cow<'static, str>>;

/// A value that is worked out.
pub fn own(text: impl Into<String>) -> Value {
    Some(Cow::Owned(text.into()))
}

/// A value that is one of a few.
pub fn plain(text: &'static str) -> Value {
    Some(Cow::Borrowed(text))
}

/// Where a value goes in its element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The element's text.
    Text,
    /// An attribute.
    Attribute(&'static str),
    /// Whether a box is ticked: it is where there is a value.
    Checked,
}

/// An element of a pattern, with all that is in it.
#[derive(Clone, Copy, Debug)]
pub struct Tag {
    /// Its name; `svg` and what may only be in one are of SVG.
    pub name: &'static str,
    /// The attributes that are the same in every copy.
    pub fixed: &'static [(&'static str, &'static str)],
    /// What differs. The values of a row come in the order in which these are met in the tree.
    pub values: &'static [Place],
    /// The elements in it.
    pub inside: &'static [Tag],
}

const SVG: &str = "http://www.w3.org/2000/svg";

impl Tag {
    fn build(&self) -> Option<Element> {
        let document = super::dom::document()?;
        let element = match self.name {
            "svg" | "path" | "g" | "rect" | "text" => document.create_element_ns(Some(SVG), self.name),
            name => document.create_element(name),
        };
        let element = element.ok()?;
        for (name, value) in self.fixed.iter().filter(|(_, value)| !value.is_empty()) {
            element.set_attribute(name, value).ok()?;
        }
        // Ids and paths, which are set in this type, are the same in every language.
        if self.fixed.iter().any(|(name, value)| *name == "class" && value.split(' ').any(|class| class == "mono")) {
            element.set_attribute("translate", "no").ok()?;
        }
        for tag in self.inside {
            let child = tag.build()?;
            element.append_child(&child).ok()?;
        }
        Some(element)
    }

    fn places(&self, element: Element, places: &mut Vec<(Element, Place)>) {
        let mut inside = element.first_element_child();
        places.extend(self.values.iter().map(|place| (element.clone(), *place)));
        for tag in self.inside {
            let Some(child) = inside else { return };
            inside = child.next_element_sibling();
            tag.places(child, places);
        }
    }
}

/// What gives the rows of a stretch: each row's pattern and its values.
pub type Write<'a> = &'a mut dyn FnMut(usize) -> (usize, Vec<Value>);

/// Draws rows into an element once it is there, and again whenever something changes that `rows` has followed. It is
/// given what draws a stretch of them.
pub fn draw_into<E>(body: NodeRef<E>, drawn: Rows, rows: impl Fn(&mut dyn FnMut(Range<usize>, Write<'_>)) + 'static)
where
    E: ElementType,
    E::Output: JsCast + Clone + 'static,
{
    let drawn = StoredValue::new_local(drawn);
    Effect::new(move |_| {
        let Some(body) = body.get() else { return };
        let body: Element = body.unchecked_into();
        rows(&mut |range, row| drawn.update_value(|drawn| drawn.draw(&body, range, row)));
    });
}

/// A row on the page.
#[derive(Debug)]
struct Drawn {
    pattern: usize,
    root: Element,
    places: Vec<(Element, Place)>,
    written: Vec<Value>,
}

impl Drawn {
    fn write(&mut self, values: Vec<Value>) {
        for (((element, place), written), value) in self.places.iter().zip(&mut self.written).zip(values) {
            if *written == value {
                continue;
            }
            match (place, &value) {
                (Place::Text, text) => element.set_text_content(text.as_deref()),
                // Refused only for an illegal name.
                (Place::Attribute(name), Some(value)) => drop(element.set_attribute(name, value)),
                (Place::Attribute(name), None) => drop(element.remove_attribute(name)),
                (Place::Checked, value) => super::dom::tick(element, value.is_some()),
            }
            *written = value;
        }
    }
}

/// The rows on the page: one unbroken stretch of the list.
#[derive(Debug)]
pub struct Rows {
    patterns: &'static [Tag],
    /// The attribute by which a row says what it is about, where rows can have the focus.
    about: Option<&'static str>,
    /// What had the focus when its row left the page.
    lost: Option<Spot>,
    models: Vec<Option<Element>>,
    /// What they are in.
    body: Option<Node>,
    shown: VecDeque<Drawn>,
    first: usize,
}

impl Rows {
    /// No rows yet, of these patterns. Nothing in them takes the focus.
    pub fn new(patterns: &'static [Tag]) -> Self {
        let models = vec![None; patterns.len()];
        Self { patterns, about: None, lost: None, models, body: None, shown: VecDeque::new(), first: 0 }
    }

    /// As [`Rows::new`], of rows that can have the focus. It stays with what its row is about, which this attribute
    /// says, wherever that stands now, and leaves the rows with it: what a key does next is never done to what has
    /// come in its place.
    pub fn focusable(patterns: &'static [Tag], about: &'static str) -> Self {
        Self { about: Some(about), ..Self::new(patterns) }
    }

    /// Draws a stretch of the list into `body`, which then holds nothing else. `row` gives a row's pattern and its
    /// values. Rows that leave at one end come back at the other.
    pub fn draw(&mut self, body: &Node, range: Range<usize>, row: impl FnMut(usize) -> (usize, Vec<Value>)) {
        let Some(about) = self.about else { return self.write(body, range, row) };
        let held = focus::spot(body, about).or_else(|| self.lost.take().filter(|_| focus::is_nowhere()));
        self.write(body, range, row);
        self.lost = held.filter(|spot| !spot.take(body, about));
    }

    fn write(&mut self, body: &Node, range: Range<usize>, mut row: impl FnMut(usize) -> (usize, Vec<Value>)) {
        if self.body.as_ref() != Some(body) {
            // A view that is drawn anew may have kept its element, and what another of these has drawn in it.
            body.set_text_content(None);
            self.shown.clear();
            self.body = Some(body.clone());
        }
        let mut spare = Vec::new();
        let overlaps = range.start < self.first + self.shown.len() && self.first < range.end;
        if !overlaps {
            // A jump: the rows stay where they are, and say something else.
            self.first = range.start;
        }
        while self.first < range.start {
            spare.extend(self.shown.pop_front());
            self.first += 1;
        }
        while self.shown.len() > range.end.saturating_sub(self.first) {
            spare.extend(self.shown.pop_back());
        }
        while self.first > range.start {
            self.first -= 1;
            let (pattern, values) = row(self.first);
            let before = self.shown.front().map(|drawn| drawn.root.clone());
            if let Some(mut drawn) = self.take(&mut spare, pattern) {
                drawn.write(values);
                // Refused only where `before` is not in the body.
                let _ = body.insert_before(&drawn.root, before.as_deref());
                self.shown.push_front(drawn);
            }
        }
        for at in range {
            let (pattern, values) = row(at);
            let place = at - self.first;
            match self.shown.get_mut(place) {
                Some(drawn) if drawn.pattern == pattern => drawn.write(values),
                _ => {
                    let Some(mut drawn) = self.take(&mut spare, pattern) else { return };
                    drawn.write(values);
                    if let Some(other) = self.shown.get_mut(place) {
                        let _ = body.replace_child(&drawn.root, &other.root);
                        spare.push(std::mem::replace(other, drawn));
                    } else {
                        let _ = body.append_child(&drawn.root);
                        self.shown.push_back(drawn);
                    }
                }
            }
        }
        for drawn in spare {
            drawn.root.remove();
        }
    }

    /// A row of a pattern: one that is to spare, else a new one.
    fn take(&mut self, spare: &mut Vec<Drawn>, pattern: usize) -> Option<Drawn> {
        if let Some(at) = spare.iter().position(|drawn| drawn.pattern == pattern) {
            return Some(spare.swap_remove(at));
        }
        let tag = self.patterns.get(pattern)?;
        let model = self.models.get_mut(pattern)?;
        if model.is_none() {
            *model = tag.build();
        }
        let root = super::dom::copy(model.as_ref()?)?;
        let mut places = Vec::new();
        tag.places(root.clone(), &mut places);
        let written = vec![None; places.len()];
        Some(Drawn { pattern, root, places, written })
    }
}
