//! What a deed will do to each session, or did; what is refused comes with the core's reason.
use super::virtual_list::VirtualList;
use crate::components::button::IconButton;
use crate::components::icon::{Glyph, Icon};
use crate::order::first;
use crate::route::Route;
use crate::store::bulk::Verdict;
use leptos::prelude::*;
use std::sync::Arc;

/// A session a row: first those that it applies to.
#[component]
pub fn Verdicts(
    /// How many of how many.
    headline: String,
    /// What becomes of each.
    verdicts: Arc<Vec<Verdict>>,
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
                <VirtualList items=Signal::derive(move || sorted.clone()) row=verdict class="verdict-list" label="Sessions"/>
            </div>
        </section>
    }
}

fn verdict(verdict: &Verdict) -> AnyView {
    let (words, refused) = match &verdict.outcome {
        Ok(words) => (words.clone(), false),
        Err(why) => (why.clone(), true),
    };
    let glyph = if refused { Glyph::Skipped } else { Glyph::Complete };
    view! {
        <div class="verdict" class:verdict-refused=refused>
            <Icon glyph/>
            <a class="verdict-title" href=Route::Session(verdict.id.clone()).href()>
                <bdi>{verdict.title.clone()}</bdi>
            </a>
            <span class="verdict-words" title=words.clone()>{words.clone()}</span>
        </div>
    }
    .into_any()
}
