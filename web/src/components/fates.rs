//! What became of each file, a row a file: path, word, place, why; of a file that can be opened the path is the way
//! there.
use super::list::virtual_list::{IN_LIST, Line};
use crate::platform::pattern::Place::{Attribute, Text};
use crate::platform::pattern::{Rows, Tag, Value, draw_into, own, plain};
use crate::route::Route;
use crate::store::fate::Item;
use leptos::html::Ul;
use leptos::prelude::*;

/// What there is to say of a file, whose path is an element of this name.
macro_rules! parts {
    ($path:literal) => {
        &[
            Tag {
                name: $path,
                fixed: &[("class", "mono fate-path")],
                values: &[Attribute("title"), Attribute("href")],
                inside: &[Tag { name: "bdi", fixed: &[("dir", "ltr")], values: &[Text], inside: &[] }],
            },
            Tag { name: "span", fixed: &[("class", "fate-word")], values: &[Text], inside: &[] },
            Tag { name: "span", fixed: &[("class", "fate-place")], values: &[Text], inside: &[] },
            Tag { name: "span", fixed: &[("class", "fate-detail")], values: &[Attribute("title"), Text], inside: &[] },
        ]
    };
}

macro_rules! row {
    ($path:literal) => {
        Tag {
            name: "li",
            fixed: &[("class", "virtual-row")],
            values: IN_LIST,
            inside: &[Tag { name: "div", fixed: &[], values: &[Attribute("class")], inside: parts!($path) }],
        }
    };
}

macro_rules! short_row {
    ($path:literal) => {
        Tag { name: "li", fixed: &[], values: &[Attribute("class")], inside: parts!($path) }
    };
}

/// The patterns of the report's rows: of files that can be opened, and of the others.
pub const ROWS: &[Tag] = &[row!("a"), row!("span")];

const SHORT_ROWS: &[Tag] = &[short_row!("a"), short_row!("span")];

/// A file's row of the report.
pub fn line(item: &Item) -> Line {
    let (pattern, values) = values(item, "fate-row", "fate-row fate-loud");
    let id = item.id.as_deref().unwrap_or_default();
    Line { pattern, about: format!("{}\n{id}", item.path), values }
}

fn values(item: &Item, class: &'static str, loud: &'static str) -> (usize, Vec<Value>) {
    let href = item.id.clone().filter(|_| item.fate.is_loaded()).map(|id| Route::Session(id).href());
    let detail = item.fate.detail();
    let pattern = usize::from(href.is_none());
    let values = vec![
        plain(if item.fate.needs_a_look() { loud } else { class }),
        own(&item.path),
        href.and_then(own),
        own(&item.path),
        plain(item.fate.label()),
        own(item.place()),
        Some(detail.clone()).filter(|detail| !detail.is_empty()).and_then(own),
        own(detail),
    ];
    (pattern, values)
}

/// A few files, all of them on the page.
#[component]
pub fn Fates(
    /// The files.
    files: Vec<Item>,
) -> impl IntoView {
    let body = NodeRef::<Ul>::new();
    draw_into(body, Rows::new(SHORT_ROWS), move |draw| {
        draw(0..files.len(), &mut |at| values(&files[at], "fate", "fate fate-loud"));
    });
    view! { <ul node_ref=body class="fates"></ul> }
}
