//! The preview or the results of a bulk action, session by session; a refusal comes with the core's reason.
use crate::components::button::IconButton;
use crate::components::icon::Glyph;
use crate::components::virtual_list::{Holder, InList, VirtualList};
use crate::order::first;
use crate::platform::row_template::Slot::{Attribute, Text};
use crate::platform::row_template::{Node, Row, icon_node, node};
use crate::route::Route;
use crate::store::bulk::BulkResult;
use leptos::prelude::*;
use std::borrow::Cow;
use std::sync::Arc;

/// A session a row: first those that it applies to.
#[component]
pub fn Verdicts(
    /// How many of how many.
    headline: String,
    /// What becomes of each.
    verdicts: Arc<Vec<BulkResult>>,
    /// Whether it is still to be done.
    future: bool,
    /// Puts it away.
    on_close: impl Fn() + 'static,
    /// The way on.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let sorted = first(&verdicts, |verdict| verdict.outcome.is_ok());
    let label = if future { "What will happen" } else { "What happened" };
    view! {
        <section class="notice bulk-panel" aria-label=label>
            <div class="notice-head">
                <p role="status"><b>{headline}</b></p>
                {children.map(|children| children())}
                <IconButton label="Close" glyph=Glyph::Close on_press=on_close/>
            </div>
            <div class="verdicts" data-scroller tabindex="0" role="region" aria-label="Session by session">
                <VirtualList
                    holder=Holder::List { class: "verdict-list", label: "Sessions" }
                    count=sorted.len()
                    rows=move |range| {
                        let of = |at: usize| Some(VerdictRow::of(InList { at, of: sorted.len() }, sorted.get(at)?));
                        range.filter_map(of).collect()
                    }
                />
            </div>
        </section>
    }
}

/// A session with what becomes of it.
#[derive(Debug, PartialEq)]
struct VerdictRow {
    place: InList,
    id: String,
    title: String,
    words: String,
    refused: bool,
}

impl VerdictRow {
    fn of(place: InList, verdict: &BulkResult) -> Self {
        let (Ok(words) | Err(words)) = &verdict.outcome;
        let (id, title, words) = (verdict.id.clone(), verdict.title.clone(), words.clone());
        Self { place, id, title, words, refused: verdict.outcome.is_err() }
    }
}

impl Row for VerdictRow {
    const TEMPLATE: Node<Self> = node!("li" ("class" = "virtual-row")
        [
            Attribute("aria-setsize", |row| Some(row.place.of.to_string().into())),
            Attribute("aria-posinset", |row| Some((row.place.at + 1).to_string().into())),
        ]
        {
            node!("div"
                [Attribute("class", |row| Some(if row.refused { "verdict verdict-refused" } else { "verdict" }.into()))]
                {
                    icon_node!(|row| {
                        Some(if row.refused { Glyph::Skipped } else { Glyph::Complete }.path().into())
                    }),
                    node!("a" ("class" = "verdict-title")
                        [Attribute("href", |row| Some(Route::Session(row.id.clone()).href().into()))]
                        { node!("bdi" [Text(|row| row.title.as_str().into())]) }
                    ),
                    node!("span" ("class" = "verdict-words") [
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
