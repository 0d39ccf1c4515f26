//! Rows of the import report: a file each with its path, result, place and reason, and headings of groups of files. The
//! path of a file that can be opened leads there.
use super::list::virtual_list::{IN_LIST, Line};
use crate::format::title_case;
use crate::platform::pattern::Place::{Attribute, Text};
use crate::platform::pattern::{Tag, Value, own, plain};
use crate::route::Route;
use crate::store::report::ReportRow;
use callboard_workspace::ImportedFile;

/// What there is to say of a file, whose path is an element of this name.
macro_rules! parts {
    ($path:literal) => {
        &[
            Tag {
                name: $path,
                fixed: &[("class", "mono fate-path")],
                values: &[Attribute("title"), Attribute("href"), Attribute("tabindex")],
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

/// The patterns of the report's rows: of files that can be opened, of the others, and of headings.
pub const ROWS: &[Tag] = &[
    row!("a"),
    row!("span"),
    Tag {
        name: "li",
        fixed: &[("class", "virtual-row")],
        values: IN_LIST,
        inside: &[Tag {
            name: "div",
            fixed: &[("class", "fate-group")],
            values: &[],
            inside: &[
                Tag { name: "b", fixed: &[], values: &[Text], inside: &[] },
                Tag { name: "span", fixed: &[("class", "filter-count")], values: &[Text], inside: &[] },
                Tag {
                    name: "span",
                    fixed: &[("class", "fate-reason")],
                    values: &[Attribute("title"), Text],
                    inside: &[],
                },
            ],
        }],
    },
];

/// The pattern of a heading.
const HEADING: usize = 2;

/// A row of the report: a heading, or a file.
pub fn line(row: &ReportRow) -> Line {
    match row {
        ReportRow::Heading { label, reason, files } => Line {
            pattern: HEADING,
            about: format!("{label}\n{reason}"),
            values: vec![
                own(title_case(label)),
                own(files.to_string()),
                Some(reason.clone()).filter(|reason| !reason.is_empty()).and_then(own),
                own(reason),
            ],
        },
        ReportRow::File { item, explained } => {
            let id = item.id.as_deref().unwrap_or_default();
            Line { pattern: pattern(item), about: format!("{}\n{id}", item.path), values: values(item, *explained) }
        }
    }
}

/// The address of the session that a file holds, where it can be opened.
fn href(item: &ImportedFile) -> Option<String> {
    item.id.clone().filter(|_| item.result.is_loaded()).map(|id| Route::Session(id).href())
}

fn pattern(item: &ImportedFile) -> usize {
    usize::from(href(item).is_none())
}

fn values(item: &ImportedFile, explained: bool) -> Vec<Value> {
    let detail = if explained { String::new() } else { item.result.detail() };
    vec![
        plain(if item.result.needs_a_look() { "fate-row fate-loud" } else { "fate-row" }),
        own(&item.path),
        href(item).and_then(own),
        // A path that leads nowhere takes the focus too: the report is read by keys.
        href(item).is_none().then_some("-1").and_then(plain),
        own(&item.path),
        plain(item.result.label()),
        own(item.place()),
        Some(detail.clone()).filter(|detail| !detail.is_empty()).and_then(own),
        own(detail),
    ]
}
