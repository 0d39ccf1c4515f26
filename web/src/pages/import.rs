//! The report of the last import, and the ways to import.
use crate::components::button::{Button, ChooseFiles, ChooseFolder, Weight};
use crate::components::choose_document::ChooseDocument;
use crate::components::import_report::{CopyReport, Counts, group_of, href, search_of};
use crate::components::import_rows::{ChosenFile, ImportRow};
use crate::components::time::RelativeTime;
use crate::components::virtual_list::{ListContainer, ListPosition, VirtualList};
use crate::platform::dom::{self, Address};
use crate::store::import::use_imports;
use crate::store::library::use_library;
use crate::store::report::Report;
use crate::store::transfer::Transfer;
use leptos::prelude::*;
use std::collections::HashMap;
use std::sync::Arc;

/// The import page.
#[component]
pub fn Import() -> impl IntoView {
    let imports = use_imports();
    let Address(address) = expect_context();
    let library = use_library();
    let chosen = ChosenFile(RwSignal::new(None));
    provide_context(chosen);
    let group = Memo::new(move |_| group_of(&address.get()));
    let search = Memo::new(move |_| address.with(|address| search_of(address)));
    // The headings that were folded or unfolded.
    let folded = RwSignal::new(HashMap::<String, bool>::new());
    let fold = move |event: leptos::ev::MouseEvent| {
        if let Some(key) = dom::data_around(&event, ".import-fold", "fold") {
            let is_open = dom::is_expanded_around(&event, ".import-fold");
            folded.update(|folded| {
                folded.insert(key, is_open);
            });
        }
    };
    let items = Memo::new(move |_| {
        let search = search.get().to_lowercase();
        imports.outcome.with(|outcome| match outcome {
            Some(outcome) => Arc::new(folded.with(|folded| outcome.rows(group.get(), &search, folded))),
            None => Arc::default(),
        })
    });
    let ended = move || imports.report.with(|report| report.as_ref().and_then(Report::ended));
    let head = move || {
        imports.outcome.with(|outcome| {
            let outcome = outcome.as_ref()?;
            Some(view! {
                <p class="import-headline">
                    <span class="import-outcome">{outcome.headline()}</span>
                    {outcome.advice().map(|advice| format!(". {advice}"))}
                    {ended().map(|ended| view! { <span class="import-when">" \u{b7} " <RelativeTime moment=Some(ended)/></span> })}
                </p>
                <div class="import-tools">
                    <Counts counts=outcome.counts() total=outcome.files().len() shown=group search/>
                    <span class="field-box import-search">
                        <input
                            type="search"
                            aria-label="Search the report"
                            placeholder="Search path, reason or session"
                            prop:value=move || search.get()
                            on:input:target=move |event| dom::replace_address(&href(group.get_untracked(), &event.target().value()))
                        />
                    </span>
                    <CopyReport/>
                </div>
            })
        })
    };
    let nothing = move || imports.report.with(Option::is_none);
    let none_found = move || {
        let has_files =
            imports.outcome.with(|outcome| outcome.as_ref().is_some_and(|outcome| !outcome.files().is_empty()));
        has_files && items.with(|items| items.is_empty())
    };
    view! {
        <div class="page import-page">
            <div class="page-head">
                <h1 tabindex="-1">"Import"</h1>
                <span class="spacer"></span>
                <ChooseFiles label="Choose files"/>
                <ChooseFolder label="Choose folder"/>
            </div>
            {head}
            {move || chosen.0.get().map(|path| view! { <ChooseDocument path chosen/> })}
            {move || nothing().then(|| view! {
                <div class="empty">
                    <p>"No imports yet. Drop files or folders anywhere, choose them, or paste a session."</p>
                </div>
            })}
            {move || none_found().then(|| view! { <div class="empty"><p>"No matching files."</p></div> })}
            <div hidden=move || items.with(|items| items.is_empty()) on:click=fold>
                <VirtualList
                    container=ListContainer::List { class: "import-list", label: "Files" }
                    count=Signal::derive(move || items.with(|items| items.len()))
                    rows=move |range| {
                        items.with(|items| {
                            let is_kept = |path: &str| library.bytes(path).is_some();
                            let of = |at: usize| {
                                Some(ImportRow::of(ListPosition { at, of: items.len() }, items.get(at)?, is_kept))
                            };
                            range.filter_map(of).collect()
                        })
                    }
                />
            </div>
            <Paste/>
        </div>
    }
}

/// A field for a session's JSON.
#[component]
fn Paste() -> impl IntoView {
    let imports = use_imports();
    let text = RwSignal::new(String::new());
    let load = move || {
        // Invalid text stays in the field to be corrected.
        let is_empty = text.with_untracked(|text| text.trim().is_empty());
        if !is_empty && imports.import_text("", text.get_untracked(), Transfer::Pasted) {
            text.set(String::new());
        }
    };
    view! {
        <section class="panel paste" aria-labelledby="paste-title">
            <div class="panel-head"><h2 id="paste-title">"Paste a session"</h2></div>
            <div class="panel-body">
                <textarea
                    aria-label="Session JSON"
                    placeholder="{ \"session_id\": … }"
                    spellcheck="false"
                    rows="6"
                    prop:value=move || text.get()
                    on:input:target=move |event| text.set(event.target().value())
                ></textarea>
                <div class="paste-foot">
                    <p class="muted">"You can also paste anywhere outside a text field."</p>
                    <Button label="Load" weight=Weight::Primary on_press=load/>
                </div>
            </div>
        </section>
    }
}
