//! Rows of the import report: files with path, result and reason, and headings of groups. The path of a loaded file
//! links to its session.
use super::virtual_list::ListPosition;
use crate::format::title_case;
use crate::platform::row_pool::ListRow;
use crate::platform::row_template::Slot::{Attribute, Text};
use crate::platform::row_template::{AnyRow, Node, Row, node};
use crate::route::Route;
use crate::store::report;
use std::borrow::Cow;

/// A row of the report.
#[derive(Debug, PartialEq)]
pub enum ImportRow {
    /// The heading of a group of files.
    Heading(HeadingRow),
    /// A file with a link to its session.
    Linked(LinkedFileRow),
    /// Any other file.
    File(FileRow),
}

/// The heading of a group of files.
#[derive(Debug, PartialEq)]
pub struct HeadingRow {
    place: ListPosition,
    label: &'static str,
    /// The reason that the group shares; empty without one.
    reason: String,
    files: usize,
}

/// A file with its result.
#[derive(Debug, PartialEq)]
pub struct FileRow {
    place: ListPosition,
    path: String,
    id: Option<String>,
    result: &'static str,
    /// The position of the error in the file; empty without one.
    error_place: String,
    /// The reason for the result; empty if the heading gives it.
    reason: String,
    needs_a_look: bool,
}

/// A file with a link to its session.
#[derive(Debug, PartialEq)]
pub struct LinkedFileRow {
    file: FileRow,
    /// The session's address.
    href: String,
}

impl ImportRow {
    /// Creates the row at a position of the report.
    pub fn of(place: ListPosition, row: &report::ReportRow) -> Self {
        match row {
            report::ReportRow::Heading { label, reason, files } => {
                Self::Heading(HeadingRow { place, label, reason: reason.clone(), files: *files })
            }
            report::ReportRow::File { item, explained } => {
                let file = FileRow {
                    place,
                    path: item.path.clone(),
                    id: item.id.clone(),
                    result: item.result.label(),
                    error_place: item.place(),
                    reason: if *explained { String::new() } else { item.result.detail() },
                    needs_a_look: item.result.needs_a_look(),
                };
                match item.id.clone().filter(|_| item.result.is_loaded()) {
                    Some(id) => Self::Linked(LinkedFileRow { file, href: Route::Session(id).href() }),
                    None => Self::File(file),
                }
            }
        }
    }
}

impl ListRow for ImportRow {
    fn row(&self) -> &dyn AnyRow {
        match self {
            Self::Heading(row) => row,
            Self::Linked(row) => row,
            Self::File(row) => row,
        }
    }
}

/// Returns text as a title attribute, for text that is truncated.
fn title(text: &str) -> Option<Cow<'_, str>> {
    (!text.is_empty()).then(|| text.into())
}

impl Row for HeadingRow {
    const TEMPLATE: Node<Self> = node!("li" ("class" = "virtual-row")
        [
            Attribute("aria-setsize", |row| Some(row.place.of.to_string().into())),
            Attribute("aria-posinset", |row| Some((row.place.at + 1).to_string().into())),
        ]
        {
            node!("div" ("class" = "import-group") {
                node!("b" [Text(|row| title_case(row.label).into())]),
                node!("span" ("class" = "filter-count") [Text(|row| row.files.to_string().into())]),
                node!("span" ("class" = "import-group-reason")
                    [Attribute("title", |row| title(&row.reason)), Text(|row| row.reason.as_str().into())]),
            }),
        }
    );

    fn key(&self) -> Cow<'_, str> {
        format!("{}\n{}", self.label, self.reason).into()
    }
}

/// Defines a file's row, with the tag and extra slots of the element that names the path.
macro_rules! file_row {
    ($tag:literal, [$($slot:expr),*], |$row:ident| $file:expr) => {
        node!("li" ("class" = "virtual-row")
            [
                Attribute("aria-setsize", |$row| Some($file.place.of.to_string().into())),
                Attribute("aria-posinset", |$row| Some(($file.place.at + 1).to_string().into())),
            ]
            {
                node!("div"
                    [Attribute("class", |$row| {
                        Some(if $file.needs_a_look { "import-row import-row-loud" } else { "import-row" }.into())
                    })]
                    {
                        node!($tag ("class" = "mono import-path", "translate" = "no")
                            [Attribute("title", |$row| Some($file.path.as_str().into())), $($slot),*]
                            { node!("bdi" ("dir" = "ltr") [Text(|$row| $file.path.as_str().into())]) }
                        ),
                        node!("span" ("class" = "import-result") [Text(|$row| $file.result.into())]),
                        node!("span" ("class" = "import-position") [Text(|$row| $file.error_place.as_str().into())]),
                        node!("span" ("class" = "import-reason") [
                            Attribute("title", |$row| title(&$file.reason)),
                            Text(|$row| $file.reason.as_str().into()),
                        ]),
                    }
                ),
            }
        )
    };
}

impl Row for LinkedFileRow {
    const TEMPLATE: Node<Self> =
        file_row!("a", [Attribute("href", |row| Some(row.href.as_str().into()))], |row| row.file);

    fn key(&self) -> Cow<'_, str> {
        Row::key(&self.file)
    }
}

impl Row for FileRow {
    // A path without a link is focusable too, for keyboard navigation.
    const TEMPLATE: Node<Self> = file_row!("span", [Attribute("tabindex", |_| Some("-1".into()))], |row| row);

    fn key(&self) -> Cow<'_, str> {
        format!("{}\n{}", self.path, self.id.as_deref().unwrap_or_default()).into()
    }
}
