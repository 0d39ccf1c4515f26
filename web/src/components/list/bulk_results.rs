//! The preview or results of a bulk action, one row per session with the core's reason for refusals.
use crate::components::button::IconButton;
use crate::components::icon::Glyph;
use crate::components::virtual_list::{ListContainer, ListPosition, VirtualList};
use crate::order::partition_first;
use crate::platform::row_template::Slot::{Attribute, Text};
use crate::platform::row_template::{Node, Row, icon_node, node};
use crate::route::Route;
use crate::store::bulk::BulkResult;
use leptos::prelude::*;
use std::borrow::Cow;
use std::sync::Arc;

/// The list of results, successful sessions first.
#[component]
pub fn BulkResults(
    /// The summary.
    headline: String,
    /// The result of each session.
    results: Arc<Vec<BulkResult>>,
    /// True for a preview.
    is_preview: bool,
    /// Closes the list.
    on_close: impl Fn() + 'static,
    /// The buttons of the next step.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let sorted = partition_first(&results, |result| result.outcome.is_ok());
    let label = if is_preview { "Preview" } else { "Results" };
    view! {
        <section class="notice bulk-panel" aria-label=label>
            <div class="notice-head">
                <p role="status"><b>{headline}</b></p>
                {children.map(|children| children())}
                <IconButton label="Close" glyph=Glyph::Close on_press=on_close/>
            </div>
            <div class="bulk-results" data-scroller tabindex="0" role="region" aria-label="By session">
                <VirtualList
                    container=ListContainer::List { class: "bulk-result-list", label: "Sessions" }
                    count=sorted.len()
                    rows=move |range| {
                        let of = |at: usize| Some(BulkResultRow::of(ListPosition { at, of: sorted.len() }, sorted.get(at)?));
                        range.filter_map(of).collect()
                    }
                />
            </div>
        </section>
    }
}

/// A session with its result.
#[derive(Debug, PartialEq)]
struct BulkResultRow {
    place: ListPosition,
    id: String,
    title: String,
    words: String,
    refused: bool,
}

impl BulkResultRow {
    fn of(place: ListPosition, result: &BulkResult) -> Self {
        let (Ok(words) | Err(words)) = &result.outcome;
        let (id, title, words) = (result.id.clone(), result.title.clone(), words.clone());
        Self { place, id, title, words, refused: result.outcome.is_err() }
    }
}

impl Row for BulkResultRow {
    const TEMPLATE: Node<Self> = node!("li" ("class" = "virtual-row")
        [
            Attribute("aria-setsize", |row| Some(row.place.of.to_string().into())),
            Attribute("aria-posinset", |row| Some((row.place.at + 1).to_string().into())),
        ]
        {
            node!("div"
                [Attribute("class", |row| Some(if row.refused { "bulk-result bulk-result-refused" } else { "bulk-result" }.into()))]
                {
                    icon_node!(|row| {
                        Some(if row.refused { Glyph::Skipped } else { Glyph::Complete }.path().into())
                    }),
                    node!("a" ("class" = "bulk-result-title")
                        [Attribute("href", |row| Some(Route::Session(row.id.clone()).href().into()))]
                        { node!("bdi" [Text(|row| row.title.as_str().into())]) }
                    ),
                    node!("span" ("class" = "bulk-result-text") [
                        Attribute("title", |row| Some(row.words.as_str().into())),
                        Text(|row| row.words.as_str().into()),
                    ]),
                }
            ),
        }
    );

    fn key(&self) -> Cow<'_, str> {
        self.id.as_str().into()
    }
}
