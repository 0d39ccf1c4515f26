//! Row templates: the elements of a row are cloned instead of built one by one, and slots are written only when
//! their value changes.
use leptos::prelude::*;
use leptos::tachys::view::any_view::AnyViewState;
use leptos::tachys::view::{Mountable, Render};
use std::any::TypeId;
use std::borrow::Cow;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement};

/// A part of a template that depends on the row `R`.
#[derive(Debug)]
pub enum Slot<R> {
    /// The element's text.
    Text(fn(&R) -> Cow<'_, str>),
    /// An attribute, absent without a value.
    Attribute(&'static str, fn(&R) -> Option<Cow<'_, str>>),
    /// The state of a check box.
    Checked(fn(&R) -> bool),
    /// Content whose structure differs from row to row.
    Content(fn(&R) -> AnyView),
}

/// An element of a template.
#[derive(Debug)]
pub struct Node<R: 'static> {
    /// The tag; SVG tags are recognised.
    pub tag: &'static str,
    /// Attributes that are the same in every row.
    pub attributes: &'static [(&'static str, &'static str)],
    /// Parts that depend on the row.
    pub slots: &'static [Slot<R>],
    /// Child elements.
    pub children: &'static [Node<R>],
}

/// Builds a template's element from its tag, fixed attributes, slots and children.
macro_rules! node {
    ($tag:literal $(($($name:literal = $value:expr),*))? $([$($slot:expr),* $(,)?])? $({$($child:expr),* $(,)?})?) => {
        $crate::platform::row_template::Node {
            tag: $tag,
            attributes: &[$($(($name, $value)),*)?],
            slots: &[$($($slot),*)?],
            children: &[$($($child),*)?],
        }
    };
}

/// Builds an icon in a template, with a path that depends on the row.
macro_rules! icon_node {
    ($path:expr) => {
        $crate::platform::row_template::node!("svg" ("class" = "icon", "viewBox" = "0 0 16 16", "aria-hidden" = "true") {
            $crate::platform::row_template::node!("path" [$crate::platform::row_template::Slot::Attribute("d", $path)]),
        })
    };
}

pub(crate) use {icon_node, node};

/// The content of one kind of row.
pub trait Row: Sized + 'static {
    /// The template.
    const TEMPLATE: Node<Self>;

    /// Returns the item's key within its list, which the focus follows.
    fn key(&self) -> Cow<'_, str>;
}

/// A row of any kind, as its list handles it.
pub trait AnyRow {
    /// Returns the item's key within its list.
    fn key(&self) -> Cow<'_, str>;
    /// Returns the identity of the row's template.
    fn kind(&self) -> TypeId;
    /// Builds the element from which rows of this kind are cloned.
    fn model(&self) -> Option<Element>;
    /// Creates an instance whose slots are not written yet.
    fn instance(&self, root: Element, owner: Owner) -> Instance;
    /// Writes the slots that changed.
    fn write(&self, instance: &mut Instance);
}

impl<R: Row> AnyRow for R {
    fn key(&self) -> Cow<'_, str> {
        Row::key(self)
    }

    fn kind(&self) -> TypeId {
        TypeId::of::<R>()
    }

    fn model(&self) -> Option<Element> {
        R::TEMPLATE.build()
    }

    fn instance(&self, root: Element, owner: Owner) -> Instance {
        let mut slots = Vec::new();
        R::TEMPLATE.slots(root.clone(), &mut slots);
        Instance { kind: self.kind(), root, slots, owner }
    }

    fn write(&self, instance: &mut Instance) {
        let Instance { slots, owner, .. } = instance;
        owner.with_cleanup(|| R::TEMPLATE.write(self, &mut slots.iter_mut()));
    }
}

/// The elements of a row, rendered or spare.
pub struct Instance {
    kind: TypeId,
    root: Element,
    slots: Vec<(Element, SlotValue)>,
    /// Owns the effects of the content until another row is shown.
    owner: Owner,
}

impl Instance {
    /// Returns the identity of its template.
    pub fn kind(&self) -> TypeId {
        self.kind
    }

    /// Returns the root element.
    pub fn root(&self) -> &Element {
        &self.root
    }
}

/// The current value of a slot.
enum SlotValue {
    Nothing,
    Value(String),
    Checked(bool),
    Content(AnyViewState),
}

impl<R> Node<R> {
    fn build(&self) -> Option<Element> {
        const SVG: &str = "http://www.w3.org/2000/svg";
        let document = super::dom::document()?;
        let element = match self.tag {
            "svg" | "path" | "g" | "rect" | "text" => document.create_element_ns(Some(SVG), self.tag),
            tag => document.create_element(tag),
        };
        let element = element.ok()?;
        for (name, value) in self.attributes {
            element.set_attribute(name, value).ok()?;
        }
        for child in self.children {
            let child = child.build()?;
            element.append_child(&child).ok()?;
        }
        Some(element)
    }

    /// Collects the elements with slots in the order of [`Node::write`].
    fn slots(&self, element: Element, slots: &mut Vec<(Element, SlotValue)>) {
        let mut inside = element.first_element_child();
        slots.extend(self.slots.iter().map(|_| (element.clone(), SlotValue::Nothing)));
        for node in self.children {
            let Some(child) = inside else { return };
            inside = child.next_element_sibling();
            node.slots(child, slots);
        }
    }

    fn write<'a>(&self, row: &R, slots: &mut impl Iterator<Item = &'a mut (Element, SlotValue)>) {
        for slot in self.slots {
            if let Some((element, shown)) = slots.next() {
                slot.write(row, element, shown);
            }
        }
        for node in self.children {
            node.write(row, slots);
        }
    }
}

impl<R> Slot<R> {
    fn write(&self, row: &R, element: &Element, shown: &mut SlotValue) {
        match self {
            Self::Text(text) => {
                let text = text(row);
                if !shown.is(&text) {
                    element.set_text_content(Some(&text));
                    *shown = SlotValue::Value(text.into_owned());
                }
            }
            Self::Attribute(name, value) => match value(row) {
                Some(value) if shown.is(&value) => {}
                Some(value) => {
                    // Fails only for an invalid attribute name.
                    let _ = element.set_attribute(name, &value);
                    *shown = SlotValue::Value(value.into_owned());
                }
                None if matches!(shown, SlotValue::Nothing) => {}
                None => {
                    let _ = element.remove_attribute(name);
                    *shown = SlotValue::Nothing;
                }
            },
            Self::Checked(checked) => {
                let checked = checked(row);
                if !matches!(shown, SlotValue::Checked(before) if *before == checked) {
                    if let Some(field) = element.dyn_ref::<HtmlInputElement>() {
                        field.set_checked(checked);
                    }
                    *shown = SlotValue::Checked(checked);
                }
            }
            Self::Content(content) => {
                if let SlotValue::Content(state) = shown {
                    content(row).rebuild(state);
                } else {
                    let mut state = content(row).build();
                    state.mount(element, None);
                    *shown = SlotValue::Content(state);
                }
            }
        }
    }
}

impl SlotValue {
    fn is(&self, value: &str) -> bool {
        matches!(self, Self::Value(before) if before == value)
    }
}
