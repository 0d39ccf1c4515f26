//! Row templates: the elements of a row, cloned rather than built one by one, with slots that are written only when
//! their value differs.
use leptos::prelude::*;
use leptos::tachys::view::any_view::AnyViewState;
use leptos::tachys::view::{Mountable, Render};
use std::any::TypeId;
use std::borrow::Cow;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement};

/// A place in a template that shows something of a row `R`.
#[derive(Debug)]
pub enum Slot<R> {
    /// The element's text.
    Text(fn(&R) -> Cow<'_, str>),
    /// An attribute; left out where there is no value.
    Attribute(&'static str, fn(&R) -> Option<Cow<'_, str>>),
    /// State of a check box.
    Checked(fn(&R) -> bool),
    /// The element's content, where its shape differs from row to row.
    Content(fn(&R) -> AnyView),
}

/// An element of a template.
#[derive(Debug)]
pub struct Node<R: 'static> {
    /// Its tag; those of SVG are known by their name.
    pub tag: &'static str,
    /// The attributes that are the same in every row.
    pub attributes: &'static [(&'static str, &'static str)],
    /// Parts that differ from row to row.
    pub slots: &'static [Slot<R>],
    /// The elements in it.
    pub children: &'static [Node<R>],
}

/// An element of a template: its tag, its fixed attributes, its slots, its children.
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

/// An icon of the app in a template, with the path that a row gives it.
macro_rules! icon_node {
    ($path:expr) => {
        $crate::platform::row_template::node!("svg" ("class" = "icon", "viewBox" = "0 0 16 16", "aria-hidden" = "true") {
            $crate::platform::row_template::node!("path" [$crate::platform::row_template::Slot::Attribute("d", $path)]),
        })
    };
}

pub(crate) use {icon_node, node};

/// Content of one row of a list, by named fields.
pub trait Row: Sized + 'static {
    /// The elements of a row.
    const TEMPLATE: Node<Self>;

    /// The item's name within its list: the focus stays with it.
    fn key(&self) -> Cow<'_, str>;
}

/// A row of any kind, as its list handles it.
pub trait AnyRow {
    /// The item's name within its list.
    fn key(&self) -> Cow<'_, str>;
    /// Tells rows of one template from those of another.
    fn kind(&self) -> TypeId;
    /// Builds an element to clone rows of this kind from.
    fn model(&self) -> Option<Element>;
    /// A row's elements, nothing in them written yet.
    fn instance(&self, root: Element, owner: Owner) -> Instance;
    /// Writes what differs.
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
        let mut places = Vec::new();
        R::TEMPLATE.places(root.clone(), &mut places);
        Instance { kind: self.kind(), root, places, owner }
    }

    fn write(&self, instance: &mut Instance) {
        let Instance { places, owner, .. } = instance;
        owner.with_cleanup(|| R::TEMPLATE.write(self, &mut places.iter_mut()));
    }
}

/// A row on the page, or one that is kept for later.
pub struct Instance {
    kind: TypeId,
    root: Element,
    places: Vec<(Element, Written)>,
    /// Owns the effects of its content until it shows another row.
    owner: Owner,
}

impl Instance {
    /// The template it is made from.
    pub fn kind(&self) -> TypeId {
        self.kind
    }

    /// The row's element.
    pub fn root(&self) -> &Element {
        &self.root
    }
}

/// The value that a slot shows.
enum Written {
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

    /// The elements of a clone that have slots, in the order in which [`Node::write`] meets them.
    fn places(&self, element: Element, places: &mut Vec<(Element, Written)>) {
        let mut inside = element.first_element_child();
        places.extend(self.slots.iter().map(|_| (element.clone(), Written::Nothing)));
        for node in self.children {
            let Some(child) = inside else { return };
            inside = child.next_element_sibling();
            node.places(child, places);
        }
    }

    fn write<'a>(&self, row: &R, places: &mut impl Iterator<Item = &'a mut (Element, Written)>) {
        for slot in self.slots {
            if let Some((element, written)) = places.next() {
                slot.write(row, element, written);
            }
        }
        for node in self.children {
            node.write(row, places);
        }
    }
}

impl<R> Slot<R> {
    fn write(&self, row: &R, element: &Element, written: &mut Written) {
        match self {
            Self::Text(text) => {
                let text = text(row);
                if !written.is(&text) {
                    element.set_text_content(Some(&text));
                    *written = Written::Value(text.into_owned());
                }
            }
            Self::Attribute(name, value) => match value(row) {
                Some(value) if written.is(&value) => {}
                Some(value) => {
                    // Refused only for an illegal name.
                    let _ = element.set_attribute(name, &value);
                    *written = Written::Value(value.into_owned());
                }
                None if matches!(written, Written::Nothing) => {}
                None => {
                    let _ = element.remove_attribute(name);
                    *written = Written::Nothing;
                }
            },
            Self::Checked(checked) => {
                let checked = checked(row);
                if !matches!(written, Written::Checked(before) if *before == checked) {
                    if let Some(field) = element.dyn_ref::<HtmlInputElement>() {
                        field.set_checked(checked);
                    }
                    *written = Written::Checked(checked);
                }
            }
            Self::Content(content) => {
                if let Written::Content(state) = written {
                    content(row).rebuild(state);
                } else {
                    let mut state = content(row).build();
                    state.mount(element, None);
                    *written = Written::Content(state);
                }
            }
        }
    }
}

impl Written {
    fn is(&self, value: &str) -> bool {
        matches!(self, Self::Value(before) if before == value)
    }
}
