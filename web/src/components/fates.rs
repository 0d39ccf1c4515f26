//! Rows of the import report: a file each with its path, result, place and reason, and headings of groups of files. The
//! path of a file that can be opened leads there.
use super::virtual_list::InList;
use crate::format::title_case;
use crate::platform::row_pool::ListRow;
use crate::platform::row_template::Slot::{Attribute, Text};
use crate::platform::row_template::{AnyRow, Node, Row, node};
use crate::route::Route;
use crate::store::report;
use std::borrow::Cow;

/// A row of the report.
#[derive(Debug, PartialEq)]
pub enum ReportRow {
    /// The heading of a group of files.
    Heading(HeadingRow),
    /// A file whose session can be opened.
    Opens(OpensRow),
    /// Any other file.
    File(FileRow),
}

/// The heading of a group of files.
#[derive(Debug, PartialEq)]
pub struct HeadingRow {
    place: InList,
    label: &'static str,
    /// The reason that the group's files share; empty where there is none.
    reason: String,
    files: usize,
}

/// A file with its result.
#[derive(Debug, PartialEq)]
pub struct FileRow {
    place: InList,
    path: String,
    id: Option<String>,
    result: &'static str,
    /// The place of the error in the file; empty where there is none.
    error_place: String,
    /// The reason for the result; empty where the heading gives it, or there is none.
    reason: String,
    needs_a_look: bool,
}

/// A file whose session can be opened.
#[derive(Debug, PartialEq)]
pub struct OpensRow {
    file: FileRow,
    /// The session's address.
    href: String,
}

impl ReportRow {
    /// The row at a place of the report.
    pub fn of(place: InList, row: &report::ReportRow) -> Self {
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
                    Some(id) => Self::Opens(OpensRow { file, href: Route::Session(id).href() }),
                    None => Self::File(file),
                }
            }
        }
    }
}

impl ListRow for ReportRow {
    fn row(&self) -> &dyn AnyRow {
        match self {
            Self::Heading(row) => row,
            Self::Opens(row) => row,
            Self::File(row) => row,
        }
    }
}

/// A text as its own title, for those who see only its beginning.
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
            node!("div" ("class" = "fate-group") {
                node!("b" [Text(|row| title_case(row.label).into())]),
                node!("span" ("class" = "filter-count") [Text(|row| row.files.to_string().into())]),
                node!("span" ("class" = "fate-reason")
                    [Attribute("title", |row| title(&row.reason)), Text(|row| row.reason.as_str().into())]),
            }),
        }
    );

    fn key(&self) -> Cow<'_, str> {
        format!("{}\n{}", self.label, self.reason).into()
    }
}

/// A row of a file: this element names its path, with these slots beside its title.
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
                        Some(if $file.needs_a_look { "fate-row fate-loud" } else { "fate-row" }.into())
                    })]
                    {
                        node!($tag ("class" = "mono fate-path", "translate" = "no")
                            [Attribute("title", |$row| Some($file.path.as_str().into())), $($slot),*]
                            { node!("bdi" ("dir" = "ltr") [Text(|$row| $file.path.as_str().into())]) }
                        ),
                        node!("span" ("class" = "fate-word") [Text(|$row| $file.result.into())]),
                        node!("span" ("class" = "fate-place") [Text(|$row| $file.error_place.as_str().into())]),
                        node!("span" ("class" = "fate-detail") [
                            Attribute("title", |$row| title(&$file.reason)),
                            Text(|$row| $file.reason.as_str().into()),
                        ]),
                    }
                ),
            }
        )
    };
}

impl Row for OpensRow {
    const TEMPLATE: Node<Self> =
        file_row!("a", [Attribute("href", |row| Some(row.href.as_str().into()))], |row| row.file);

    fn key(&self) -> Cow<'_, str> {
        Row::key(&self.file)
    }
}

impl Row for FileRow {
    // A path that leads nowhere takes the focus too: the report is read by keys.
    const TEMPLATE: Node<Self> = file_row!("span", [Attribute("tabindex", |_| Some("-1".into()))], |row| row);

    fn key(&self) -> Cow<'_, str> {
        format!("{}\n{}", self.path, self.id.as_deref().unwrap_or_default()).into()
    }
}
