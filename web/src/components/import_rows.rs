//! Rows of the import report: files with path, result, reason and the sessions they tell of, and headings of groups.
use super::virtual_list::ListPosition;
use crate::components::button::{Button, Weight};
use crate::platform::row_pool::ListRow;
use crate::platform::row_template::Slot::{Attribute, Content, Text};
use crate::platform::row_template::{AnyRow, Node, Row, node};
use crate::route::Route;
use crate::store::outcome::{Decision, ReportGroup, ReportRow, ReportedFile, fold_key};
use crate::store::workspace::use_workspace;
use leptos::prelude::*;
use std::borrow::Cow;

/// The most sessions that a row links to; a file of more tells how many follow.
const LINKS: usize = 2;

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
    group: ReportGroup,
    /// True for the heading of those files of a group that share a reason.
    is_part: bool,
    /// The reason that the files share; empty without one.
    reason: String,
    files: usize,
    is_open: bool,
}

impl HeadingRow {
    /// Returns the key by which it is folded.
    fn fold_key(&self) -> String {
        fold_key(self.group, if self.is_part { &self.reason } else { "" })
    }
}

/// A file with its result.
#[derive(Debug, PartialEq)]
pub struct FileRow {
    place: ListPosition,
    file: ReportedFile,
    /// True if the heading gives the reason.
    explained: bool,
    /// True if its bytes are kept, so that a shape can be taught with it.
    is_teachable: bool,
}

impl FileRow {
    fn reason(&self) -> &str {
        if self.explained { "" } else { &self.file.reason }
    }
}

/// A file with a link to its session.
#[derive(Debug, PartialEq)]
pub struct LinkedFileRow {
    row: FileRow,
    /// The session's address.
    href: String,
}

impl ImportRow {
    /// Creates the row at a position of the report. `is_kept` tells whether the bytes of the file at a path are kept.
    pub fn of(place: ListPosition, row: &ReportRow, is_kept: impl Fn(&str) -> bool) -> Self {
        match row {
            ReportRow::Heading { group, reason, files, is_open } => {
                let (group, reason, files, is_open) = (*group, reason.clone(), *files, *is_open);
                Self::Heading(HeadingRow { place, group, is_part: false, reason, files, is_open })
            }
            ReportRow::Reason { group, reason, files, is_open } => {
                let (group, reason, files, is_open) = (*group, reason.clone(), *files, *is_open);
                Self::Heading(HeadingRow { place, group, is_part: true, reason, files, is_open })
            }
            ReportRow::File { file, explained } => {
                let is_teachable = file.is_readable && is_kept(&file.path);
                let row = FileRow { place, file: file.clone(), explained: *explained, is_teachable };
                match file.id.clone() {
                    Some(id) => Self::Linked(LinkedFileRow { row, href: Route::Session(id).href() }),
                    None => Self::File(row),
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
            node!("div" ("class" = "import-group")
                [Attribute("data-fold", |row| Some(row.fold_key().into()))]
                {
                    node!("button" ("type" = "button", "class" = "import-fold")
                        [Attribute("aria-expanded", |row| Some(row.is_open.to_string().into()))]
                        {
                            node!("b" [Text(|row| if row.is_part { "" } else { row.group.title() }.into())]),
                            node!("span" ("class" = "filter-count") [Text(|row| format!(" {} ", row.files).into())]),
                            node!("span" ("class" = "import-group-reason")
                                [Attribute("title", |row| title(&row.reason)), Text(|row| row.reason.as_str().into())]),
                        }
                    ),
                }
            ),
        }
    );

    fn key(&self) -> Cow<'_, str> {
        format!("{}\n{}\n{}", self.group.key(), self.is_part, self.reason).into()
    }
}

/// Defines a file's row, with the tag and extra slots of the element that names the path, and what follows the reason.
macro_rules! file_row {
    ($tag:literal, [$($slot:expr),*], |$row:ident| $file:expr, [$($rest:expr),*]) => {
        node!("li" ("class" = "virtual-row")
            [
                Attribute("aria-setsize", |$row| Some($file.place.of.to_string().into())),
                Attribute("aria-posinset", |$row| Some(($file.place.at + 1).to_string().into())),
            ]
            {
                node!("div"
                    [Attribute("class", |$row| {
                        Some(if $file.file.needs_a_look { "import-row import-row-loud" } else { "import-row" }.into())
                    })]
                    {
                        node!($tag ("class" = "mono import-path", "translate" = "no")
                            [Attribute("title", |$row| Some($file.file.path.as_str().into())), $($slot),*]
                            { node!("bdi" ("dir" = "ltr") [Text(|$row| $file.file.path.as_str().into())]) }
                        ),
                        node!("span" ("class" = "import-result") [Text(|$row| $file.file.word.into())]),
                        node!("span" ("class" = "import-position") [Text(|$row| $file.file.position.as_str().into())]),
                        node!("span" ("class" = "import-reason") [
                            Attribute("title", |$row| title($file.reason())),
                            Text(|$row| $file.reason().into()),
                        ]),
                        $($rest),*
                    }
                ),
            }
        )
    };
}

impl Row for LinkedFileRow {
    const TEMPLATE: Node<Self> =
        file_row!("a", [Attribute("href", |row| Some(row.href.as_str().into()))], |row| row.row, []);

    fn key(&self) -> Cow<'_, str> {
        Row::key(&self.row)
    }
}

impl Row for FileRow {
    // A path without a link is focusable too, for keyboard navigation.
    const TEMPLATE: Node<Self> = file_row!(
        "span",
        [Attribute("tabindex", |_| Some("-1".into()))],
        |row| row,
        [node!("span"("class" = "import-links")[Content(|row| row.links())])]
    );

    fn key(&self) -> Cow<'_, str> {
        format!("{}\n{}", self.file.path, self.file.id.as_deref().unwrap_or_default()).into()
    }
}

impl FileRow {
    /// Returns the links to its sessions, and what can be done about it.
    fn links(&self) -> AnyView {
        let file = &self.file;
        let link = |session: &crate::store::outcome::SessionLink| {
            let label = session.label.clone();
            view! { <a class="import-session" href=session.href.clone() title=label.clone()><bdi>{label.clone()}</bdi></a> }
        };
        let more = file.sessions.len().saturating_sub(LINKS);
        let sessions = file.sessions.iter().take(LINKS).map(link).collect_view();
        let rest: Vec<&str> = file.sessions.iter().skip(LINKS).map(|session| session.label.as_str()).collect();
        let rest =
            (more > 0).then(|| view! { <span class="muted" title=rest.join(", ")>{format!("and {more} more")}</span> });
        let decision = file.decision.map(|decision| {
            let path = file.path.clone();
            let workspace = use_workspace();
            match decision {
                Decision::Merge => view! {
                    <Button
                        label="Merge both sides"
                        weight=Weight::Plain
                        on_press=move || workspace.load_sides(path.clone())
                    />
                }
                .into_any(),
                Decision::Choose => {
                    let chosen = expect_context::<ChosenFile>().0;
                    view! {
                        <Button
                            label="Choose a document"
                            weight=Weight::Plain
                            on_press=move || chosen.set(Some(path.clone()))
                        />
                    }
                    .into_any()
                }
            }
        });
        let teach = self.is_teachable.then(|| {
            let href = Route::Teach(file.path.clone()).href();
            let label = format!("Teach Callboard to read {}", file.path);
            view! { <a class="import-teach" href=href aria-label=label>"Teach"</a> }
        });
        view! { {sessions} {rest} {decision} {teach} }.into_any()
    }
}

/// The path of the file of which a document is to be chosen, provided as context.
#[derive(Clone, Copy, Debug)]
pub struct ChosenFile(pub RwSignal<Option<String>>);
