//! How an import goes, over whatever page is open; what became of each file is on a page of its own.
use super::button::{Button, IconButton, Weight};
use super::icon::{Glyph, Icon};
use crate::format::count;
use crate::platform::dom;
use crate::route::Route;
use crate::store::fate::{Item, LABELS, Report};
use crate::store::workspace::use_workspace;
use leptos::prelude::*;

/// How many files are listed here: those that need a look come first.
const LISTED: usize = 24;

/// A panel over the page's content, until it is closed.
#[component]
pub fn ImportReport(
    /// Where we are: the report's own page says it all.
    route: Memo<Route>,
) -> impl IntoView {
    let workspace = use_workspace();
    let running = Memo::new(move |_| workspace.report.with(|report| report.as_ref().map(|report| !report.finished())));
    let spoken = move || match running.get() {
        Some(false) => workspace.report.with_untracked(|report| report.as_ref().map(headline)),
        _ => None,
    };
    let panel = move || match (running.get()?, route.get()) {
        (true, _) => Some(view! { <Running/> }.into_any()),
        (false, Route::Import) => None,
        (false, _) => Some(view! { <Finished/> }.into_any()),
    };
    view! {
        <p class="sr-only" role="status">{spoken}</p>
        {panel}
    }
}

/// Files still come.
#[component]
fn Running() -> impl IntoView {
    let workspace = use_workspace();
    let read =
        move |of: fn(&Report) -> usize| workspace.report.with(|report| report.as_ref().map(of).unwrap_or_default());
    let (done, total) = (move || read(|report| report.items().len()), move || read(Report::total));
    let words = move || match total() {
        0 => "Looking for files\u{2026}".to_owned(),
        total => format!("{} of {} read", done(), count(total, "file", "files")),
    };
    view! {
        <section class="notice import-running" aria-label="Import">
            <div class="notice-head">
                <Icon glyph=Glyph::Add/>
                <p>{words}</p>
                <Button label="Cancel" on_press=move || workspace.cancel_import()/>
            </div>
            <progress
                aria-label="How many files are read"
                max=move || total().max(1).to_string()
                value=move || done().to_string()
            ></progress>
        </section>
    }
}

/// What became of the files, in short.
#[component]
fn Finished() -> impl IntoView {
    let workspace = use_workspace();
    move || {
        workspace.report.with(|report| {
            let report = report.as_ref()?;
            let close = move || workspace.report.set(None);
            let loud = report.needs_a_look();
            let rows = report.first(LISTED).map(fate).collect_view();
            Some(view! {
                <section class="notice import-report" class:notice-loud=loud aria-label="Import report">
                    <details open=loud>
                        <summary class="notice-head">
                            <Icon glyph=if loud { Glyph::Warning } else { Glyph::Complete }/>
                            <span class="notice-text">{headline(report)}</span>
                        </summary>
                        <ul class="fates">{rows}</ul>
                        <p class="fates-more">
                            <a href=Route::Import.href()>"Every file and what became of it"</a>
                        </p>
                    </details>
                    <IconButton label="Close the import report" glyph=Glyph::Close on_press=close/>
                </section>
            })
        })
    }
}

/// What became of the files, in one line.
pub fn headline(report: &Report) -> String {
    if report.total() == 0 {
        return "There was no file in that.".into();
    }
    let counts: Vec<String> = report.counts().into_iter().map(|(label, number)| format!("{number} {label}")).collect();
    let files = count(report.total(), "file", "files");
    match report.left_out() {
        Some(0) | None => format!("{files}: {}", counts.join(", ")),
        Some(left) => format!("Stopped after {} of {files}: {}", report.total() - left, counts.join(", ")),
    }
}

/// One file's row.
fn fate(item: &Item) -> impl IntoView + use<> {
    view! { <li class="fate" class:fate-loud=item.fate.needs_a_look()>{parts(item)}</li> }
}

/// What there is to say of one file: path, word, place, why, and the way on.
pub fn parts(item: &Item) -> impl IntoView + use<> {
    let href = item.id.clone().filter(|_| item.fate.is_loaded()).map(|id| Route::Session(id).href());
    let path = item.path.clone();
    let path = match href {
        Some(href) => view! { <a class="mono fate-path" title=path.clone() href=href>{path.clone()}</a> }.into_any(),
        None => view! { <span class="mono fate-path" title=path.clone()>{path.clone()}</span> }.into_any(),
    };
    let detail = item.fate.detail();
    view! {
        {path}
        <span class="fate-word">{item.fate.label()}</span>
        <span class="fate-place">{item.place()}</span>
        <span class="fate-detail" title=detail.clone()>{detail.clone()}</span>
    }
}

/// The counts as links that show the files of one kind only.
#[component]
pub fn Counts(
    /// The report.
    counts: Vec<(&'static str, usize)>,
    /// How many files are through.
    total: usize,
    /// The kind that is shown, if one is.
    #[prop(into)]
    shown: Signal<Option<&'static str>>,
) -> impl IntoView {
    let link = move |label: Option<&'static str>, words: &'static str, number: usize| {
        view! {
            <button
                type="button"
                class="button filter"
                aria-pressed=move || (shown.get() == label).to_string()
                on:click=move |_| dom::go(&href(label))
            >
                {words} <span class="filter-count">{number}</span>
            </button>
        }
    };
    view! {
        <div class="filters" role="group" aria-label="Show">
            {link(None, "All", total)}
            {counts.into_iter().map(|(label, number)| link(Some(label), label, number)).collect_view()}
        </div>
    }
}

fn href(label: Option<&str>) -> String {
    match label {
        None => Route::Import.href(),
        Some(label) => format!("{}?show={}", Route::Import.href(), label.replace(' ', "-")),
    }
}

/// The kind that an address shows.
pub fn kind_of(address: &str) -> Option<&'static str> {
    let word = address.split_once("?show=")?.1;
    LABELS.into_iter().find(|label| label.replace(' ', "-") == word)
}

/// A button without weight that copies the report.
#[component]
pub fn CopyReport() -> impl IntoView {
    let workspace = use_workspace();
    let copy = move || {
        let Some(text) = workspace.report.with_untracked(|report| report.as_ref().map(Report::text)) else { return };
        workspace.copy("the report", text);
    };
    view! { <Button label="Copy as text" weight=Weight::Plain on_press=copy/> }
}
