//! The preview or the results of a bulk action, session by session; a refusal comes with the core's reason.
use super::row::ICON;
use super::virtual_list::{IN_LIST, Line, VirtualList};
use crate::components::button::IconButton;
use crate::components::icon::Glyph;
use crate::order::first;
use crate::platform::pattern::Place::{Attribute, Text};
use crate::platform::pattern::{Tag, own, plain};
use crate::route::Route;
use crate::store::bulk::BulkResult;
use leptos::prelude::*;
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
    let sorted = Arc::new(first(&verdicts, |verdict| verdict.outcome.is_ok()));
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
                    items=Signal::derive(move || sorted.clone())
                    patterns=PATTERNS
                    row=verdict
                    class="verdict-list"
                    label="Sessions"
                />
            </div>
        </section>
    }
}

const PATTERNS: &[Tag] = &[Tag {
    name: "li",
    fixed: &[("class", "virtual-row")],
    values: IN_LIST,
    inside: &[Tag {
        name: "div",
        fixed: &[],
        values: &[Attribute("class")],
        inside: &[
            ICON,
            Tag {
                name: "a",
                fixed: &[("class", "verdict-title")],
                values: &[Attribute("href")],
                inside: &[Tag { name: "bdi", fixed: &[], values: &[Text], inside: &[] }],
            },
            Tag {
                name: "span",
                fixed: &[("class", "verdict-words")],
                values: &[Attribute("title"), Text],
                inside: &[],
            },
        ],
    }],
}];

fn verdict(verdict: &BulkResult) -> Line {
    let (words, glyph, class) = match &verdict.outcome {
        Ok(words) => (words, Glyph::Complete, "verdict"),
        Err(why) => (why, Glyph::Skipped, "verdict verdict-refused"),
    };
    let href = Route::Session(verdict.id.clone()).href();
    let values = vec![plain(class), plain(glyph.path()), own(href), own(&verdict.title), own(words), own(words)];
    Line { pattern: 0, about: verdict.id.clone(), values }
}
