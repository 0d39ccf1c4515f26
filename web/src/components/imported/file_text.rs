//! The text of an imported file, as it is.
use super::address::ImportedAddress;
use crate::arc_eq::ArcEq;
use crate::components::button::{Button, Weight};
use crate::components::icon::{Glyph, Icon};
use crate::components::json::JsonLine;
use crate::components::json::lines::TextLines;
use crate::components::virtual_list::{ListContainer, VirtualList};
use crate::format::count;
use crate::platform::dom;
use crate::store::library::use_library;
use crate::store::workspace::use_workspace;
use callboard_core::import::Encoding;
use leptos::prelude::*;
use std::ops::Range;
use std::sync::Arc;

/// The text, with the line of the address in view.
#[component]
pub fn FileText(
    /// The file's path.
    path: String,
    /// The parameters of the page's address.
    at: Memo<ImportedAddress>,
    /// The address of the page without a file.
    close: String,
) -> impl IntoView {
    let (library, workspace) = (use_library(), use_workspace());
    let bytes = library.bytes(&path);
    let text = bytes.as_deref().and_then(Encoding::decode).map(|(text, _)| -> Arc<str> { text.into() });
    let missing = match (&bytes, &text) {
        (None, _) => Some("This file was not opened: only its name is known."),
        (_, None) => Some("This file is not text."),
        _ => None,
    };
    let copied = text.clone();
    let lines = ArcEq(Arc::new(TextLines::of_file(text.unwrap_or_default())));
    let number = lines.len();
    let target = Memo::new(move |_| at.with(|at| Some(at.line?.saturating_sub(1) as usize)));
    // The address changes when a value's source is opened; the text then takes the focus, and is scrolled to.
    Effect::new(move |before: Option<()>| {
        at.track();
        if before.is_some() || dom::focus_is_on(".source, .place, .path") {
            dom::focus_after_render("#file-text");
        }
    });
    let shown = move |range: Range<usize>| {
        let target = at.with(|at| at.line);
        range.map(|index| JsonLine::unchanged(index, &lines, target)).collect()
    };
    let copy = copied.filter(|_| missing.is_none()).map(|text| {
        view! {
            <Button
                label="Copy text"
                weight=Weight::Quiet
                on_press=move || workspace.status.copy("the file's text", text.to_string())
            />
        }
    });
    let content = match missing {
        Some(why) => view! { <p class="muted" id="file-text" tabindex="-1">{why}</p> }.into_any(),
        None => view! {
            <div
                class="virtual json-lines"
                id="file-text"
                data-scroller
                role="region"
                aria-label="The file's text"
                tabindex="0"
            >
                <VirtualList container=ListContainer::Lines count=number target rows=shown/>
            </div>
        }
        .into_any(),
    };
    view! {
        <div class="json file-text">
            <div class="json-head">
                <bdi class="path">{path}</bdi>
                {missing.is_none().then(|| view! { <span class="muted">{count(number, "line", "lines")}</span> })}
                <span class="spacer"></span>
                {copy}
                <a class="button button-quiet" href=close on:click=|_| dom::focus_after_render("#files-title")><Icon glyph=Glyph::Close/><span>"Close"</span></a>
            </div>
            {content}
        </div>
    }
}
